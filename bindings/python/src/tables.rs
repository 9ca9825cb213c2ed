//! Tables: sales replayed under a program, or merged into a book.

use crate::answers::{Merged, Report};
use crate::capsule;
use crate::error::{Wrong, of_table};
use crate::program::Program;
use crate::shown::{Of, grouped, many};
use crate::strict::{day, text, wanted};
use arrow_array::RecordBatch;
use parure::book::Bookkeeper;
use parure::fault::Fault;
use parure_columnar::{Columns, OnBad, Options};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyDictMethods, PyTuple};

/// Columns side by side, for whatever reads Arrow: `polars.DataFrame(table)`, `pyarrow.table(table)`, `SELECT … FROM table` in `DuckDB`.
#[pyclass(frozen, module = "parure")]
#[derive(Debug)]
pub(crate) struct Table {
    batch: RecordBatch,
}

impl Table {
    pub(crate) fn of(py: Python<'_>, batch: Result<RecordBatch, parure_columnar::Error>) -> PyResult<Table> {
        batch.map(|batch| Table { batch }).map_err(|error| of_table(py, &error))
    }
}

#[pymethods]
impl Table {
    /// How many rows it has.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// What its columns are called.
    #[getter]
    fn column_names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let schema = self.batch.schema_ref();
        many(py, schema.fields().iter().map(|field| field.name()).collect())
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        let columns: Vec<&str> =
            self.batch.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
        let rows = grouped(i64::try_from(self.batch.num_rows()).unwrap_or(i64::MAX));
        format!("<Table of {rows} rows: {}>", columns.join(", "))
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets who offers ignore what it can't give.
        let _ = requested_schema;
        capsule::stream(py, &self.batch)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::schema(py, &self.batch)
    }
}

/// What a replay of tables gives.
#[pyclass(frozen, get_all, module = "parure")]
#[derive(Debug)]
pub(crate) struct Replayed {
    /// Each purchase: what it wanted, what it was awarded, by which rules, the tier before and after.
    purchases: Py<Table>,
    /// Each account at the end of the day.
    accounts: Py<Table>,
    /// Each month.
    months: Py<Table>,
    /// The rows that were set aside.
    rejects: Py<Table>,
    /// All accounts together.
    report: Py<Report>,
}

#[pymethods]
impl Replayed {
    fn __repr__(&self) -> String {
        let rows = |table: &Py<Table>| grouped(i64::try_from(table.get().num_rows()).unwrap_or(i64::MAX));
        let (purchases, accounts, rejects) =
            (rows(&self.purchases), rows(&self.accounts), rows(&self.rejects));
        format!("<Replayed, purchases: {purchases}, accounts: {accounts}, rows set aside: {rejects}>")
    }
}

/// What a merge of tables did.
#[pyclass(frozen, get_all, module = "parure")]
#[derive(Debug)]
pub(crate) struct MergedTable {
    /// What the book says of the facts.
    merged: Py<Merged>,
    /// The rows that were set aside.
    rejects: Py<Table>,
}

#[pymethods]
impl MergedTable {
    fn __repr__(&self) -> String {
        let merged = self.merged.get();
        let rejects = self.rejects.get().num_rows();
        format!("<MergedTable, new: {}, known: {}, rows set aside: {rejects}>", merged.new, merged.known)
    }
}

fn made(py: Python<'_>, batch: RecordBatch) -> PyResult<Py<Table>> {
    Py::new(py, Table { batch })
}

/// The sales and what else was asked of them.
pub(crate) struct Told {
    sales: parure_columnar::Table,
    options: Options,
}

impl Told {
    pub(crate) fn read(
        sales: &Bound<'_, PyAny>,
        columns: Option<&Bound<'_, PyAny>>,
        customers: Option<&Bound<'_, PyAny>>,
        customer_columns: Option<&Bound<'_, PyAny>>,
        on_bad: &str,
    ) -> Result<Told, Wrong> {
        let on_bad = match on_bad {
            "stop" => OnBad::Stop,
            "set_aside" => OnBad::SetAside,
            other => {
                let fault =
                    Fault::new("unknown_value", format!("`{other}` is nothing that becomes of bad rows"));
                return Err(fault.at("on_bad").advise("write \"stop\" or \"set_aside\"").into());
            }
        };
        let options = Options {
            columns: named(columns, "columns")?,
            customers: customers.map(|table| capsule::read(table, "customers")).transpose()?,
            customer_columns: named(customer_columns, "customer_columns")?,
            on_bad,
            ..Options::default()
        };
        Ok(Told { sales: capsule::read(sales, "sales")?, options })
    }

    pub(crate) fn merge_into(
        &self,
        book: &mut impl Bookkeeper,
    ) -> Result<parure_columnar::MergedTable, parure_columnar::Error> {
        parure_columnar::merge_table(book, &self.sales, &self.options)
    }
}

impl MergedTable {
    pub(crate) fn of(py: Python<'_>, done: parure_columnar::MergedTable) -> PyResult<MergedTable> {
        Ok(MergedTable { merged: Py::new(py, Merged::of(done.merged))?, rejects: made(py, done.rejects)? })
    }
}

/// `{"customer": "household_key"}`: what the table calls what is asked for.
fn named(columns: Option<&Bound<'_, PyAny>>, path: &str) -> Result<Columns, Wrong> {
    let Some(columns) = columns else { return Ok(Columns::default()) };
    let columns = columns
        .cast::<PyDict>()
        .map_err(|_| wanted("a dict such as {\"customer\": \"household\"}", columns, path))?;
    columns.iter().try_fold(Columns::default(), |all, (what, column)| {
        Ok(all.with(text(&what, path)?.as_str(), text(&column, path)?.as_str()))
    })
}

/// Replays a table of sales under a program: what a book would say of the same facts.
#[pyfunction]
#[pyo3(signature = (program, sales, /, *, columns=None, customers=None, customer_columns=None, on_bad="stop", as_of=None, purchases=true))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments in Python")]
pub(crate) fn replay(
    py: Python<'_>,
    program: &Bound<'_, PyAny>,
    sales: &Bound<'_, PyAny>,
    columns: Option<&Bound<'_, PyAny>>,
    customers: Option<&Bound<'_, PyAny>>,
    customer_columns: Option<&Bound<'_, PyAny>>,
    on_bad: &str,
    as_of: Option<&Bound<'_, PyAny>>,
    purchases: bool,
) -> PyResult<Replayed> {
    let read = || -> Result<_, Wrong> {
        let program = program.cast::<Program>().map_err(|_| wanted("a Program", program, "program"))?;
        let mut told = Told::read(sales, columns, customers, customer_columns, on_bad)?;
        told.options.as_of = as_of.map(|on| day(on, "as_of")).transpose()?;
        told.options.purchases = purchases;
        Ok((program.get(), told))
    };
    let (program, told) = read().map_err(|wrong| wrong.in_request(py))?;
    let replayed = py.detach(|| parure_columnar::replay(program.core(), &told.sales, &told.options));
    let replayed = replayed.map_err(|error| of_table(py, &error))?;
    Ok(Replayed {
        purchases: made(py, replayed.purchases)?,
        accounts: made(py, replayed.accounts)?,
        months: made(py, replayed.months)?,
        rejects: made(py, replayed.rejects)?,
        report: Py::new(py, Report::of(replayed.report))?,
    })
}
