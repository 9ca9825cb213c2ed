//! The book: facts go in, questions are answered.

use crate::answers::{Account, Explanation, Merged, Outcome, Quote, Report, WhatIf};
use crate::error::{Kind, Wrong, of_fact, of_request, of_table, raised, refused, within};
use crate::fact::Fact;
use crate::parts::Purchase;
use crate::program::Program;
use crate::shown::{Of, date, grouped, many};
use crate::strict::{day, may_text, moment, text, wanted};
use crate::tables::{MergedTable, Told};
use parure::book::{self, Answer};
use parure::calendar::Day;
use parure::fault::Fault;
use parure::outcome::Refusal;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDate, PyString, PyTuple};
use std::sync::{RwLock, TryLockError};

/// What follows from a program and facts. It may be used from several threads at once.
#[pyclass(frozen, module = "parure")]
#[derive(Debug)]
pub(crate) struct Book {
    core: RwLock<book::Book>,
}

impl Book {
    fn of(core: book::Book) -> Book {
        Book { core: RwLock::new(core) }
    }

    /// A question that may take long: others run meanwhile.
    fn ask_long<T: Send>(&self, py: Python<'_>, work: impl FnOnce(&book::Book) -> T + Send) -> PyResult<T> {
        let answer = py.detach(|| self.core.read().ok().map(|core| work(&core)));
        answer.ok_or_else(|| broken(py))
    }

    /// A question that takes microseconds: the interpreter is only let go where somebody else has the book.
    fn ask_short<T: Send>(&self, py: Python<'_>, work: impl FnOnce(&book::Book) -> T + Send) -> PyResult<T> {
        match self.core.try_read() {
            Ok(core) => Ok(work(&core)),
            Err(TryLockError::Poisoned(_)) => Err(broken(py)),
            Err(TryLockError::WouldBlock) => self.ask_long(py, work),
        }
    }

    fn tell_long<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut book::Book) -> T + Send,
    ) -> PyResult<T> {
        let answer = py.detach(|| self.core.write().ok().map(|mut core| work(&mut core)));
        answer.ok_or_else(|| broken(py))
    }

    fn tell_short<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut book::Book) -> T + Send,
    ) -> PyResult<T> {
        match self.core.try_write() {
            Ok(mut core) => Ok(work(&mut core)),
            Err(TryLockError::Poisoned(_)) => Err(broken(py)),
            Err(TryLockError::WouldBlock) => self.tell_long(py, work),
        }
    }
}

fn broken(py: Python<'_>) -> PyErr {
    let fault = Fault::new("broken_book", "a failure of the library left the book half changed");
    raised(py, Kind::Broken, &fault.advise("restore it from its snapshot"))
}

fn a_day(py: Python<'_>, on: &Bound<'_, PyAny>) -> PyResult<Day> {
    day(on, "on").map_err(|wrong| wrong.in_request(py))
}

fn a_text(py: Python<'_>, value: &Bound<'_, PyAny>, path: &str) -> PyResult<smol_str::SmolStr> {
    text(value, path).map_err(|wrong| wrong.in_request(py))
}

fn a_fact<'f>(value: &'f Bound<'_, PyAny>, path: &str) -> Result<&'f Bound<'f, Fact>, Wrong> {
    value.cast::<Fact>().map_err(|_| wanted("a Fact", value, path))
}

fn answered<A: Of<B>, B>(py: Python<'_>, asked: Result<B, Refusal>) -> PyResult<A> {
    asked.map(A::of).map_err(|refusal| refused(py, &refusal))
}

#[pymethods]
impl Book {
    /// A book without facts.
    #[new]
    #[pyo3(signature = (program, /))]
    fn new(program: &Bound<'_, PyAny>) -> PyResult<Book> {
        let told = program.cast::<Program>().map_err(|_| wanted("a Program", program, "program"));
        match told {
            Ok(program) => Ok(Book::of(book::Book::new(program.get().core().clone()))),
            Err(wrong) => Err(wrong.in_request(program.py())),
        }
    }

    /// The book that a snapshot holds.
    #[staticmethod]
    #[pyo3(signature = (snapshot, /))]
    fn restore(py: Python<'_>, snapshot: &Bound<'_, PyAny>) -> PyResult<Book> {
        let bytes = snapshot
            .cast::<PyBytes>()
            .map_err(|_| wanted("bytes", snapshot, "snapshot").in_request(py))?
            .as_bytes();
        let restored = py.detach(|| book::Book::restore(bytes.to_vec()));
        restored.map(Book::of).map_err(|fault| raised(py, Kind::Snapshot, &fault))
    }

    /// The book as bytes.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.ask_long(py, book::Book::snapshot)?))
    }

    /// Records a fact that is happening now; raises `Refused` where the shop says no.
    #[pyo3(signature = (fact, /))]
    fn record(&self, py: Python<'_>, fact: &Bound<'_, PyAny>) -> PyResult<Outcome> {
        let fact = a_fact(fact, "fact").map_err(|wrong| wrong.in_fact(py))?.get();
        let record = |core: &mut book::Book| {
            let told = fact.core(core.currency())?;
            core.record(&told)
        };
        let answer =
            if fact.concerns_all() { self.tell_long(py, record) } else { self.tell_short(py, record) }?;
        match answer {
            Ok(Answer::Accepted { outcome }) => Ok(Outcome::new(*outcome, false)),
            Ok(Answer::AlreadyRecorded { outcome }) => Ok(Outcome::new(*outcome, true)),
            Ok(Answer::Refused { refusal }) => Err(refused(py, &refusal)),
            Err(fault) => Err(of_fact(py, &fault)),
        }
    }

    /// Takes in facts that have already happened elsewhere, in any order. None is refused.
    #[pyo3(signature = (facts, /))]
    fn merge(&self, py: Python<'_>, facts: &Bound<'_, PyAny>) -> PyResult<Merged> {
        let mut told: Vec<Py<Fact>> = Vec::new();
        let wrong = |_| wanted("facts, one after another,", facts, "facts").in_fact(py);
        if facts.is_instance_of::<PyString>() {
            return Err(wanted("facts, one after another,", facts, "facts").in_fact(py));
        }
        for fact in facts.try_iter().map_err(wrong)? {
            let fact = fact?;
            let path = || format!("facts[{}]", told.len());
            let fact = fact.cast::<Fact>().map_err(|_| wanted("a Fact", &fact, &path()).in_fact(py))?;
            told.push(fact.clone().unbind());
        }
        let merged = self.tell_long(py, |core| {
            let currency = core.currency();
            let read = told.iter().enumerate().map(|(at, fact)| {
                fact.get().core(currency).map_err(|fault| within(&format!("facts[{at}]"), fault))
            });
            let read: Vec<_> = read.collect::<Result<_, _>>()?;
            core.merge(&read)
        })?;
        merged.map(Merged::of).map_err(|fault| of_fact(py, &fault))
    }

    /// Takes in a table of sales, and of customers where there is one, as `merge` takes in facts.
    #[pyo3(signature = (sales, /, *, columns=None, customers=None, customer_columns=None, on_bad="stop"))]
    fn merge_table(
        &self,
        py: Python<'_>,
        sales: &Bound<'_, PyAny>,
        columns: Option<&Bound<'_, PyAny>>,
        customers: Option<&Bound<'_, PyAny>>,
        customer_columns: Option<&Bound<'_, PyAny>>,
        on_bad: &str,
    ) -> PyResult<MergedTable> {
        let told = Told::read(sales, columns, customers, customer_columns, on_bad)
            .map_err(|wrong| wrong.in_request(py))?;
        match self.tell_long(py, |core| told.merge_into(core))? {
            Ok(done) => MergedTable::of(py, done),
            Err(error) => Err(of_table(py, &error)),
        }
    }

    /// Settles everything before a day, the first that stays open.
    #[pyo3(signature = (day, /))]
    fn seal(&self, py: Python<'_>, day: &Bound<'_, PyAny>) -> PyResult<()> {
        let day = crate::strict::day(day, "day").map_err(|wrong| wrong.in_request(py))?;
        self.tell_long(py, |core| core.seal(day))?
            .map_err(|fault| raised(py, Kind::Request, &fault.at("day")))
    }

    /// What a basket would do if it were bought now. Nothing changes.
    #[pyo3(signature = (customer, /, *, at, purchase, store=None))]
    fn quote(
        &self,
        py: Python<'_>,
        customer: Option<&Bound<'_, PyAny>>,
        at: &Bound<'_, PyAny>,
        purchase: &Bound<'_, PyAny>,
        store: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Quote> {
        let read = || -> Result<_, Wrong> {
            let basket =
                purchase.cast::<Purchase>().map_err(|_| wanted("a Purchase", purchase, "purchase"))?;
            Ok((may_text(customer, "customer")?, moment(at, "at")?, may_text(store, "store")?, basket.get()))
        };
        let (customer, at, store, basket) = read().map_err(|wrong| wrong.in_request(py))?;
        let quoted = self.ask_short(py, |core| {
            let basket = basket.core(core.currency()).map_err(|fault| within("purchase", fault))?;
            Ok(core.quote(customer.as_deref().unwrap_or_default(), at, store.as_deref(), &basket))
        })?;
        quoted.map(Quote::of).map_err(|fault: Fault| of_fact(py, &fault))
    }

    /// An account at the end of a day; raises `Refused` for someone nobody knows.
    #[pyo3(signature = (customer, on, /))]
    fn account(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        on: &Bound<'_, PyAny>,
    ) -> PyResult<Account> {
        let (customer, on) = (a_text(py, customer, "customer")?, a_day(py, on)?);
        answered(py, self.ask_short(py, |core| core.account(&customer, on))?)
    }

    /// All accounts at the end of a day, by id.
    #[pyo3(signature = (on, /))]
    fn accounts(&self, py: Python<'_>, on: &Bound<'_, PyAny>) -> PyResult<Vec<Account>> {
        let on = a_day(py, on)?;
        self.ask_long(py, |core| core.accounts(on).map(Account::of).collect())
    }

    /// Everything that made an account what it is.
    #[pyo3(signature = (customer, on, /))]
    fn explain(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        on: &Bound<'_, PyAny>,
    ) -> PyResult<Explanation> {
        let (customer, on) = (a_text(py, customer, "customer")?, a_day(py, on)?);
        answered(py, self.ask_long(py, |core| core.explain(&customer, on))?)
    }

    /// The same as text for people.
    #[pyo3(signature = (customer, on, /))]
    fn statement(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        on: &Bound<'_, PyAny>,
    ) -> PyResult<String> {
        let (customer, on) = (a_text(py, customer, "customer")?, a_day(py, on)?);
        let told = self.ask_long(py, |core| core.explain(&customer, on).map(|told| told.to_string()))?;
        answered(py, told)
    }

    /// Members, points and cost, by month.
    #[pyo3(signature = (on, /))]
    fn report(&self, py: Python<'_>, on: &Bound<'_, PyAny>) -> PyResult<Report> {
        let on = a_day(py, on)?;
        self.ask_long(py, |core| Report::of(core.report(on)))
    }

    /// What the same facts would have given under another program.
    #[pyo3(signature = (program, on, /))]
    fn what_if(&self, py: Python<'_>, program: &Bound<'_, PyAny>, on: &Bound<'_, PyAny>) -> PyResult<WhatIf> {
        let on = a_day(py, on)?;
        let program =
            program.cast::<Program>().map_err(|_| wanted("a Program", program, "program").in_request(py))?;
        let program = program.get();
        let told = self.ask_long(py, |core| core.what_if(program.core(), on))?;
        told.map(WhatIf::of).map_err(|fault| raised(py, Kind::Request, &fault))
    }

    /// A fact as the book keeps it; `KeyError` for one that it does not know, or of which it keeps only the id.
    #[pyo3(signature = (id, /))]
    fn fact(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Fact> {
        let known = a_text(py, id, "id")?;
        let json = self.ask_short(py, |core| core.fact(&known).map(|fact| fact.to_json(core.currency())))?;
        let json = json.ok_or_else(|| PyKeyError::new_err(id.clone().unbind()))?;
        crate::written::fact(py, &json).map_err(|wrong| wrong.in_fact(py))
    }

    /// The local day of an instant, by the book's time zone.
    #[pyo3(signature = (at, /))]
    fn day_of<'py>(&self, py: Python<'py>, at: &Bound<'_, PyAny>) -> PyResult<Bound<'py, PyDate>> {
        let at = moment(at, "at").map_err(|wrong| wrong.in_request(py))?;
        date(py, self.ask_short(py, |core| core.day_of(at))?)
    }

    /// The program in force on a day.
    #[pyo3(signature = (day, /))]
    fn program_on(&self, py: Python<'_>, day: &Bound<'_, PyAny>) -> PyResult<Program> {
        let day = crate::strict::day(day, "day").map_err(|wrong| wrong.in_request(py))?;
        let core = self.ask_long(py, |core| core.program_on(day).clone())?;
        Ok(Program::of("program".to_owned(), core))
    }

    /// Folds every account anew and tells those that differ: none, unless memory or the library is at fault.
    fn verify(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.ask_long(py, |core| core.verify().iter().map(ToString::to_string).collect())
    }

    /// All accounts at the end of a day as canonical JSON: the same bytes through every door.
    #[pyo3(signature = (on, /))]
    fn to_json(&self, py: Python<'_>, on: &Bound<'_, PyAny>) -> PyResult<String> {
        let on = a_day(py, on)?;
        self.ask_long(py, |core| core.to_json(on))
    }

    /// Answers a question in JSON (docs/json.schema.json). Nothing changes.
    #[pyo3(signature = (request, /))]
    fn ask(&self, py: Python<'_>, request: &Bound<'_, PyAny>) -> PyResult<String> {
        let request = a_text(py, request, "request")?;
        let answer = self.ask_long(py, |core| parure_json::ask(core, &request))?;
        answer.map_err(|error| of_request(py, &error))
    }

    /// Carries out a request in JSON, be it a question or something that happened.
    #[pyo3(signature = (request, /))]
    fn tell(&self, py: Python<'_>, request: &Bound<'_, PyAny>) -> PyResult<String> {
        let request = a_text(py, request, "request")?;
        let answer = self.tell_long(py, |core| parure_json::tell(core, &request))?;
        answer.map_err(|error| of_request(py, &error))
    }

    /// The ISO 4217 code of its amounts.
    #[getter]
    fn currency(&self, py: Python<'_>) -> PyResult<&'static str> {
        self.ask_short(py, |core| core.currency().code())
    }

    /// How many facts have arrived.
    #[getter]
    fn facts(&self, py: Python<'_>) -> PyResult<usize> {
        self.ask_short(py, book::Book::facts)
    }

    /// The day of the latest fact.
    #[getter]
    fn last_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
        self.ask_long(py, book::Book::last_day)?.map(|day| date(py, day)).transpose()
    }

    /// The first day that is not settled.
    #[getter]
    fn sealed_until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
        self.ask_short(py, book::Book::sealed_until)?.map(|day| date(py, day)).transpose()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let told = |core: &book::Book| {
            let name = core.program_on(Day::LAST).name().to_owned();
            (name, core.currency().code(), i64::try_from(core.facts()).unwrap_or(i64::MAX))
        };
        let (name, currency, facts) = self.ask_short(py, told)?;
        let name = PyString::new(py, &name).repr()?.to_string();
        Ok(format!("<Book of {name}, {currency}: {} facts>", grouped(facts)))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let py = slf.py();
        let snapshot = slf.get().snapshot(py)?;
        many(py, vec![slf.get_type().getattr("restore")?, (snapshot,).into_pyobject(py)?.into_any()])
    }
}
