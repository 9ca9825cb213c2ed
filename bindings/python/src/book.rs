//! The book: facts go in, questions are answered.

use crate::answers::{
    Account, Changes, Explanation, Ledger, Merged, Outcome, Quote, Received, Report, Revenue, Reward, Task,
    WhatIf,
};
use crate::error::{Kind, Wrong, of_fact, of_request, of_table, raised, refused, within};
use crate::fact::Fact;
use crate::kept::Kept;
use crate::known::{Agenda, Customer, FoundCustomer, LikelyTwice, PersonExport, Timeline};
use crate::parts::Purchase;
use crate::program::Program;
use crate::shown::{Of, date, grouped, many};
use crate::strict::{day, may_text, moment, text, texts, wanted};
use crate::tables::{MergedTable, Table, Told};
use parure::book::{self, Answer, Bookkeeper, Every, TimelineOf};
use parure::calendar::Day;
use parure::fault::Fault;
use parure::outcome::Refusal;
use parure_journal::{Journal, Known, Shop, is_of_the_file};
use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDate, PyString, PyTuple};
use std::path::{Path, PathBuf};

/// What follows from a program and facts: in memory, or kept in a file. It may be used from several threads at once.
#[pyclass(frozen, module = "parure")]
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) kept: Kept,
}

impl Book {
    fn of(core: book::Book) -> Book {
        Book { kept: Kept::in_memory(core) }
    }

    /// Something that only a file can do.
    fn filed<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&Journal) -> Result<T, Fault> + Send,
    ) -> PyResult<T> {
        self.kept.file(py, work)?.map_err(|fault| raised(py, Kind::Journal, &fault))
    }
}

pub(crate) fn a_program<'p>(value: &'p Bound<'_, PyAny>) -> Result<&'p Bound<'p, Program>, Wrong> {
    value.cast::<Program>().map_err(|_| wanted("a Program", value, "program"))
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

/// Kinds of facts.
fn a_few_kinds(kinds: &Bound<'_, PyAny>) -> Result<Vec<String>, Wrong> {
    let kinds = texts(kinds, "kinds")?;
    for (at, kind) in kinds.iter().enumerate() {
        if !parure::fact::KINDS.contains(&kind.as_str()) {
            let fault = Fault::new("unknown_value", "this is no kind of fact").at(format!("kinds[{at}]"));
            return Err(fault.advise(format!("write one of {}", parure::fact::KINDS.join(", "))).into());
        }
    }
    Ok(kinds.into_iter().map(String::from).collect())
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
        let told = a_program(program).map_err(|wrong| wrong.in_request(program.py()))?;
        Ok(Book::of(book::Book::new(told.get().core().clone())))
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
        Ok(PyBytes::new(py, &self.kept.ask_long(py, book::Book::snapshot)?))
    }

    /// Records a fact that is happening now; raises `Refused` where the shop says no.
    #[pyo3(signature = (fact, /))]
    fn record(&self, py: Python<'_>, fact: &Bound<'_, PyAny>) -> PyResult<Outcome> {
        let fact = a_fact(fact, "fact").map_err(|wrong| wrong.in_fact(py))?.get();
        let record = |shop: &mut Shop<'_>| {
            let told = fact.core(shop.ask(book::Book::currency))?;
            shop.record(&told)
        };
        let answer = if fact.concerns_all() {
            self.kept.tell_long(py, record)
        } else {
            self.kept.tell_short(py, record)
        }?;
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
        let merged = self.kept.tell_long(py, |shop| {
            let currency = shop.ask(book::Book::currency);
            let read = told.iter().enumerate().map(|(at, fact)| {
                fact.get().core(currency).map_err(|fault| within(&format!("facts[{at}]"), fault))
            });
            let read: Vec<_> = read.collect::<Result<_, _>>()?;
            shop.merge(&read)
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
        match self.kept.tell_long(py, |shop| told.merge_into(shop))? {
            Ok(done) => MergedTable::of(py, done),
            Err(error) => Err(of_table(py, &error)),
        }
    }

    /// Settles everything before a day, the first that stays open.
    #[pyo3(signature = (day, /))]
    fn seal(&self, py: Python<'_>, day: &Bound<'_, PyAny>) -> PyResult<()> {
        let day = crate::strict::day(day, "day").map_err(|wrong| wrong.in_request(py))?;
        let sealed = self.kept.tell_long(py, |shop| shop.seal(day))?;
        sealed.map_err(|fault| match is_of_the_file(fault.code) {
            true => raised(py, Kind::Journal, &fault),
            false => raised(py, Kind::Request, &fault.at("day")),
        })
    }

    /// What a basket would do if it were bought now. Nothing changes. Coupons that are held for the purchase of that `id` can be used.
    #[pyo3(signature = (customer, /, *, at, purchase, store=None, id=None))]
    fn quote(
        &self,
        py: Python<'_>,
        customer: Option<&Bound<'_, PyAny>>,
        at: &Bound<'_, PyAny>,
        purchase: &Bound<'_, PyAny>,
        store: Option<&Bound<'_, PyAny>>,
        id: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Quote> {
        let read = || -> Result<_, Wrong> {
            let basket =
                purchase.cast::<Purchase>().map_err(|_| wanted("a Purchase", purchase, "purchase"))?;
            let (customer, store) = (may_text(customer, "customer")?, may_text(store, "store")?);
            Ok((may_text(id, "id")?, customer, moment(at, "at")?, store, basket.get()))
        };
        let (id, customer, at, store, basket) = read().map_err(|wrong| wrong.in_request(py))?;
        let quoted = self.kept.ask_short(py, |core| {
            let basket = basket.core(core.currency()).map_err(|fault| within("purchase", fault))?;
            let (id, customer) = (id.as_deref().unwrap_or_default(), customer.as_deref().unwrap_or_default());
            Ok(core.quote_of(id, customer, at, store.as_deref(), &basket))
        })?;
        quoted.map(Quote::of).map_err(|fault: Fault| of_fact(py, &fault))
    }

    /// What a customer could redeem points for at an instant, and what is missing for it; raises `Refused` for someone nobody knows.
    #[pyo3(signature = (customer, /, *, at, store=None))]
    fn rewards(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        at: &Bound<'_, PyAny>,
        store: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<Reward>> {
        let read = || -> Result<_, Wrong> {
            Ok((text(customer, "customer")?, moment(at, "at")?, may_text(store, "store")?))
        };
        let (customer, at, store) = read().map_err(|wrong| wrong.in_request(py))?;
        let found = self.kept.ask_short(py, |core| core.rewards(&customer, at, store.as_deref()))?;
        let found = found.map_err(|refusal| refused(py, &refusal))?;
        Ok(found.into_iter().map(Reward::of).collect())
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
        answered(py, self.kept.ask_short(py, |core| core.account(&customer, on))?)
    }

    /// All accounts at the end of a day, by id.
    #[pyo3(signature = (on, /))]
    fn accounts(&self, py: Python<'_>, on: &Bound<'_, PyAny>) -> PyResult<Vec<Account>> {
        let on = a_day(py, on)?;
        self.kept.ask_long(py, |core| core.accounts(on).map(Account::of).collect())
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
        answered(py, self.kept.ask_long(py, |core| core.explain(&customer, on))?)
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
        let told = self.kept.ask_long(py, |core| core.explain(&customer, on).map(|told| told.to_string()))?;
        answered(py, told)
    }

    /// Members, points and cost, by month.
    #[pyo3(signature = (on, /))]
    fn report(&self, py: Python<'_>, on: &Bound<'_, PyAny>) -> PyResult<Report> {
        let on = a_day(py, on)?;
        self.kept.ask_long(py, |core| Report::of(core.report(on)))
    }

    /// What the shop owes its customers over a period, by double entry.
    #[pyo3(signature = (first, last, /))]
    fn ledger(&self, py: Python<'_>, first: &Bound<'_, PyAny>, last: &Bound<'_, PyAny>) -> PyResult<Ledger> {
        let (first, last) = (a_day(py, first)?, a_day(py, last)?);
        self.kept.ask_long(py, |core| Ledger::of(core.ledger(first, last)))
    }

    /// The revenue of points by `month`, `quarter` or `year`, through a day.
    #[pyo3(signature = (on, every, /))]
    fn revenue(&self, py: Python<'_>, on: &Bound<'_, PyAny>, every: &Bound<'_, PyAny>) -> PyResult<Revenue> {
        let on = a_day(py, on)?;
        let every = Every::parse(&a_text(py, every, "every")?).ok_or_else(|| {
            let fault = Fault::new("unknown_value", "this is no period").at("every");
            raised(py, Kind::Request, &fault.advise("write `month`, `quarter` or `year`"))
        })?;
        answered(py, self.kept.ask_long(py, |core| core.revenue(on, every))?)
    }

    /// What somebody has to see to.
    #[pyo3(signature = (on, /))]
    fn tasks(&self, py: Python<'_>, on: &Bound<'_, PyAny>) -> PyResult<Vec<Task>> {
        let on = a_day(py, on)?;
        self.kept.ask_long(py, |core| core.tasks(on).into_iter().map(Task::of).collect())
    }

    /// What the same facts would have given under another program.
    #[pyo3(signature = (program, on, /))]
    fn what_if(&self, py: Python<'_>, program: &Bound<'_, PyAny>, on: &Bound<'_, PyAny>) -> PyResult<WhatIf> {
        let on = a_day(py, on)?;
        let program = a_program(program).map_err(|wrong| wrong.in_request(py))?.get();
        let told = self.kept.ask_long(py, |core| core.what_if(program.core(), on))?;
        told.map(WhatIf::of).map_err(|fault| raised(py, Kind::Request, &fault))
    }

    /// Who may be meant by what is typed, the likeliest first.
    #[pyo3(signature = (typed, /, *, limit=20))]
    fn find(&self, py: Python<'_>, typed: &Bound<'_, PyAny>, limit: usize) -> PyResult<Vec<FoundCustomer>> {
        let typed = a_text(py, typed, "typed")?;
        let found = self.kept.ask_long(py, |core| core.find(&typed, limit))?;
        Ok(found.into_iter().map(FoundCustomer::of).collect())
    }

    /// The same for many texts, as a table.
    #[pyo3(signature = (typed, /, *, limit=1))]
    fn find_table(&self, py: Python<'_>, typed: &Bound<'_, PyAny>, limit: usize) -> PyResult<Table> {
        let typed = texts(typed, "typed").map_err(|wrong| wrong.in_request(py))?;
        let table = self.kept.ask_long(py, |core| {
            let found: Vec<_> = typed.iter().map(|typed| (typed.as_str(), core.find(typed, limit))).collect();
            parure_columnar::found_table(&found)
        })?;
        Table::of(py, table)
    }

    /// Accounts that are likely one person's twice, the likeliest first.
    fn duplicates(&self, py: Python<'_>) -> PyResult<Vec<LikelyTwice>> {
        let likely = self.kept.ask_long(py, book::Book::duplicates)?;
        Ok(likely.into_iter().map(LikelyTwice::of).collect())
    }

    /// What is due on a day, for all or for one customer.
    #[pyo3(signature = (on, /, *, customer=None))]
    fn agenda(
        &self,
        py: Python<'_>,
        on: &Bound<'_, PyAny>,
        customer: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Agenda> {
        let on = a_day(py, on)?;
        let Some(customer) = customer else {
            return Ok(Agenda::of(self.kept.ask_long(py, |core| core.agenda(on))?));
        };
        let customer = a_text(py, customer, "customer")?;
        answered(py, self.kept.ask_long(py, |core| core.agenda_of(&customer, on))?)
    }

    /// What is due on a day for all, as a table.
    #[pyo3(signature = (on, /))]
    fn agenda_table(&self, py: Python<'_>, on: &Bound<'_, PyAny>) -> PyResult<Table> {
        let on = a_day(py, on)?;
        let table = |core: &book::Book| parure_columnar::agenda_table(&core.agenda(on), core.currency());
        Table::of(py, self.kept.ask_long(py, table)?)
    }

    /// What is known of a person at the end of a day.
    #[pyo3(signature = (customer, on, /))]
    fn customer(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        on: &Bound<'_, PyAny>,
    ) -> PyResult<Customer> {
        let (customer, on) = (a_text(py, customer, "customer")?, a_day(py, on)?);
        answered(py, self.kept.ask_long(py, |core| core.customer(&customer, on))?)
    }

    /// What happened with a person, the latest first.
    #[pyo3(signature = (customer, /, *, kinds=None, before=None, limit=1_000))]
    fn timeline(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        kinds: Option<&Bound<'_, PyAny>>,
        before: Option<&Bound<'_, PyAny>>,
        limit: usize,
    ) -> PyResult<Timeline> {
        let read = || -> Result<_, Wrong> {
            let kinds = kinds.map_or_else(|| Ok(Vec::new()), a_few_kinds)?;
            let before = may_text(before, "before")?.map(parure::Id::new);
            Ok(TimelineOf { kinds, before, limit })
        };
        let (customer, of) =
            (a_text(py, customer, "customer")?, read().map_err(|wrong| wrong.in_request(py))?);
        answered(py, self.kept.ask_long(py, |core| core.timeline(&customer, &of))?)
    }

    /// Everything that is held on one person, for them to take along.
    #[pyo3(signature = (customer, on, /))]
    fn export_person(
        &self,
        py: Python<'_>,
        customer: &Bound<'_, PyAny>,
        on: &Bound<'_, PyAny>,
    ) -> PyResult<PersonExport> {
        let (customer, on) = (a_text(py, customer, "customer")?, a_day(py, on)?);
        answered(py, self.kept.ask_long(py, |core| core.export_person(&customer, on))?)
    }

    /// A fact as the book keeps it; `KeyError` for one that it does not know, or of which it keeps only the id.
    #[pyo3(signature = (id, /))]
    fn fact(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Fact> {
        let known = a_text(py, id, "id")?;
        let json =
            self.kept.ask_short(py, |core| core.fact(&known).map(|fact| fact.to_json(core.currency())))?;
        let json = json.ok_or_else(|| PyKeyError::new_err(id.clone().unbind()))?;
        crate::written::fact(py, &json).map_err(|wrong| wrong.in_fact(py))
    }

    /// The local day of an instant, by the book's time zone.
    #[pyo3(signature = (at, /))]
    fn day_of<'py>(&self, py: Python<'py>, at: &Bound<'_, PyAny>) -> PyResult<Bound<'py, PyDate>> {
        let at = moment(at, "at").map_err(|wrong| wrong.in_request(py))?;
        date(py, self.kept.ask_short(py, |core| core.day_of(at))?)
    }

    /// The program in force on a day.
    #[pyo3(signature = (day, /))]
    fn program_on(&self, py: Python<'_>, day: &Bound<'_, PyAny>) -> PyResult<Program> {
        let day = crate::strict::day(day, "day").map_err(|wrong| wrong.in_request(py))?;
        let core = self.kept.ask_long(py, |core| core.program_on(day).clone())?;
        Ok(Program::of("program".to_owned(), core))
    }

    /// Folds every account anew and tells those that differ: none, unless memory or the library is at fault. Of a book that is kept in
    /// a file, all of the file is looked at.
    fn verify(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        if self.kept.path().is_none() {
            return self.kept.ask_long(py, |core| core.verify().iter().map(ToString::to_string).collect());
        }
        // That no account differs is part of what it finds.
        self.filed(py, |journal| journal.verify().map(|_| Vec::new()))
    }

    /// Copies the file as it is at this moment; others go on meanwhile.
    #[pyo3(signature = (to, /))]
    #[expect(clippy::needless_pass_by_value, reason = "what an argument is converted to")]
    fn backup(&self, py: Python<'_>, to: PathBuf) -> PyResult<()> {
        self.filed(py, |journal| journal.backup(&to))
    }

    /// Drops the contents of facts that a seal has settled from the file, and tells how many.
    fn compact(&self, py: Python<'_>) -> PyResult<usize> {
        self.filed(py, Journal::compact)
    }

    /// Which facts the file holds, as text for another copy.
    fn known(&self, py: Python<'_>) -> PyResult<String> {
        self.filed(py, |journal| Ok(journal.known()?.to_text()))
    }

    /// What a copy that knows this much lacks.
    #[pyo3(signature = (known, /, *, most=100_000))]
    fn changes_since(&self, py: Python<'_>, known: &str, most: usize) -> PyResult<Changes> {
        let changes = self.filed(py, |journal| journal.changes_since(&Known::parse(known)?, most));
        changes.map(Changes::of_journal)
    }

    /// Takes in what another copy sent.
    #[pyo3(signature = (changes, /))]
    fn merge_changes(&self, py: Python<'_>, changes: &str) -> PyResult<Received> {
        self.filed(py, |journal| journal.merge_changes(changes)).map(Received::of)
    }

    /// Closes the file.
    fn close(&self, py: Python<'_>) {
        self.kept.close(py);
    }

    fn __enter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        // One that was closed says so here.
        slf.get().facts(slf.py())?;
        Ok(slf.clone())
    }

    #[pyo3(signature = (kind, error, trace, /))]
    fn __exit__(
        &self,
        py: Python<'_>,
        kind: &Bound<'_, PyAny>,
        error: &Bound<'_, PyAny>,
        trace: &Bound<'_, PyAny>,
    ) {
        // What was raised goes on: all that was answered is on the disk.
        let _ = (kind, error, trace);
        self.kept.close(py);
    }

    /// The file that keeps it; none of a book in memory.
    #[getter]
    fn path(&self) -> Option<&Path> {
        self.kept.path()
    }

    /// Whether its file was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.kept.is_closed()
    }

    /// All accounts at the end of a day as canonical JSON: the same bytes through every door.
    #[pyo3(signature = (on, /))]
    fn to_json(&self, py: Python<'_>, on: &Bound<'_, PyAny>) -> PyResult<String> {
        let on = a_day(py, on)?;
        self.kept.ask_long(py, |core| core.to_json(on))
    }

    /// Answers a question in JSON (docs/json.schema.json). Nothing changes.
    #[pyo3(signature = (request, /))]
    fn ask(&self, py: Python<'_>, request: &Bound<'_, PyAny>) -> PyResult<String> {
        let request = a_text(py, request, "request")?;
        let answer = self.kept.ask_long(py, |core| parure_json::ask(core, &request))?;
        answer.map_err(|error| of_request(py, &error))
    }

    /// Carries out a request in JSON, be it a question or something that happened.
    #[pyo3(signature = (request, /))]
    fn tell(&self, py: Python<'_>, request: &Bound<'_, PyAny>) -> PyResult<String> {
        let request = a_text(py, request, "request")?;
        let answer = self.kept.tell_long(py, |shop| parure_json::tell(shop, &request))?;
        answer.map_err(|error| of_request(py, &error))
    }

    /// The ISO 4217 code of its amounts.
    #[getter]
    fn currency(&self, py: Python<'_>) -> PyResult<&'static str> {
        self.kept.ask_short(py, |core| core.currency().code())
    }

    /// How many facts have arrived.
    #[getter]
    fn facts(&self, py: Python<'_>) -> PyResult<usize> {
        self.kept.ask_short(py, book::Book::facts)
    }

    /// The day of the latest fact.
    #[getter]
    fn last_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
        self.kept.ask_long(py, book::Book::last_day)?.map(|day| date(py, day)).transpose()
    }

    /// The first day that is not settled.
    #[getter]
    fn sealed_until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
        self.kept.ask_short(py, book::Book::sealed_until)?.map(|day| date(py, day)).transpose()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let told = |core: &book::Book| {
            let name = core.program_on(Day::LAST).name().to_owned();
            (name, core.currency().code(), i64::try_from(core.facts()).unwrap_or(i64::MAX))
        };
        let file = self.kept.path().and_then(Path::file_name).map(|file| file.to_string_lossy());
        if let (Some(file), true) = (&file, self.kept.is_closed()) {
            return Ok(format!("<Book in {file}, closed>"));
        }
        let (name, currency, facts) = self.kept.ask_short(py, told)?;
        let name = PyString::new(py, &name).repr()?.to_string();
        let file = file.map_or_else(String::new, |file| format!(", in {file}"));
        Ok(format!("<Book of {name}, {currency}: {} facts{file}>", grouped(facts)))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let py = slf.py();
        if slf.get().kept.path().is_some() {
            return Err(PyTypeError::new_err(
                "a book that is kept in a file can't be pickled or copied: pickle its snapshot(), Book.restore() opens that in memory",
            ));
        }
        let snapshot = slf.get().snapshot(py)?;
        many(py, vec![slf.get_type().getattr("restore")?, (snapshot,).into_pyobject(py)?.into_any()])
    }
}
