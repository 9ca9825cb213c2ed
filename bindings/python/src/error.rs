//! The one tree of exceptions. They are classes of Python (`parure/_errors.py`), so that they have fields and can be pickled.

use crate::answers::Fault as FaultView;
use crate::shown::many;
use parure::fault::Fault;
use parure::outcome::Refusal;
use parure_journal::is_of_the_file;
use parure_json::Error;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyModule};

/// The exceptions that are raised from here.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A program has faults.
    Program,
    /// What was told is no fact.
    Fact,
    /// The same id with other content.
    Conflict,
    /// The shop's "no".
    Refused,
    /// What was asked can't be asked.
    Request,
    /// Bytes that are no snapshot.
    Snapshot,
    /// A table has a bad cell, or is none of sales.
    Table,
    /// The file that keeps a book.
    Journal,
    /// The book was left half changed by a failure of the library.
    Broken,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Kind::Program => "ProgramError",
            Kind::Fact => "FactError",
            Kind::Conflict => "ConflictError",
            Kind::Refused => "Refused",
            Kind::Request => "RequestError",
            Kind::Snapshot => "SnapshotError",
            Kind::Table => "TableError",
            Kind::Journal => "JournalError",
            Kind::Broken => "BrokenBookError",
        }
    }

    /// What is raised for a code: a conflict is a kind of its own, and so is what is wrong with the file.
    fn of(code: &str, otherwise: Kind) -> Kind {
        match code {
            "same_id_other_content" => Kind::Conflict,
            file if is_of_the_file(file) => Kind::Journal,
            _ => otherwise,
        }
    }
}

/// What a conversion found wrong: a value of the wrong type, or a wrong value.
#[derive(Debug)]
pub(crate) enum Wrong {
    Python(PyErr),
    Fault(Fault),
}

impl Wrong {
    pub(crate) fn kind(message: impl Into<String>) -> Wrong {
        Wrong::Python(PyTypeError::new_err(message.into()))
    }

    /// As it is raised where a fact is made.
    pub(crate) fn in_fact(self, py: Python<'_>) -> PyErr {
        match self {
            Wrong::Python(error) => error,
            Wrong::Fault(fault) => of_fact(py, &fault),
        }
    }

    /// As it is raised where something is asked.
    pub(crate) fn in_request(self, py: Python<'_>) -> PyErr {
        match self {
            Wrong::Python(error) => error,
            Wrong::Fault(fault) => raised(py, Kind::Request, &fault),
        }
    }
}

impl From<PyErr> for Wrong {
    fn from(error: PyErr) -> Self {
        Wrong::Python(error)
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Wrong::Fault(fault)
    }
}

pub(crate) fn within(path: &str, fault: Fault) -> Fault {
    let path = if fault.path.is_empty() { path.to_owned() } else { format!("{path}.{}", fault.path) };
    fault.at(path)
}

/// A fault of a fact, or of recording it.
pub(crate) fn of_fact(py: Python<'_>, fault: &Fault) -> PyErr {
    raised(py, Kind::of(fault.code, Kind::Fact), fault)
}

/// A fault by itself.
pub(crate) fn raised(py: Python<'_>, kind: Kind, fault: &Fault) -> PyErr {
    exception(py, kind, &fault.to_string(), fault, std::iter::once(fault))
}

/// All that the JSON door found: of a program every fault.
pub(crate) fn of_request(py: Python<'_>, error: &Error) -> PyErr {
    let first = error.first();
    exception(py, Kind::of(first.code, Kind::Request), &error.to_string(), first, error.faults())
}

/// All faults of a program.
pub(crate) fn of_program(py: Python<'_>, faults: parure::program::Faults) -> PyErr {
    let error = Error::from(faults);
    exception(py, Kind::Program, error.to_string().trim_end(), error.first(), error.faults())
}

/// The shop's "no".
pub(crate) fn refused(py: Python<'_>, refusal: &Refusal) -> PyErr {
    let fault = Fault::new(refusal.code.code(), refusal.message.clone());
    raised(py, Kind::Refused, &fault)
}

/// A table that was not taken: its column is the path.
pub(crate) fn of_table(py: Python<'_>, error: &parure_columnar::Error) -> PyErr {
    let fault = Fault::new(error.code, error.message.clone()).at(error.column.clone().unwrap_or_default());
    if is_of_the_file(error.code) {
        return self::raised(py, Kind::Journal, &fault);
    }
    let raised = exception(py, Kind::Table, &error.to_string(), &fault, std::iter::once(&fault));
    let placed = raised.value(py);
    let place = placed.setattr("table", error.table.name()).and_then(|()| placed.setattr("row", error.row));
    place.map_or_else(|error| error, |()| raised)
}

fn exception<'f>(
    py: Python<'_>,
    kind: Kind,
    told: &str,
    first: &Fault,
    all: impl Iterator<Item = &'f Fault>,
) -> PyErr {
    let made = || -> PyResult<PyErr> {
        let keys = PyDict::new(py);
        keys.set_item("code", first.code)?;
        keys.set_item("message", &first.message)?;
        keys.set_item("path", &first.path)?;
        keys.set_item("advice", &first.advice)?;
        keys.set_item("line", first.place.map(|place| place.line))?;
        keys.set_item("column", first.place.map(|place| place.column))?;
        let faults: Vec<FaultView> = all.map(FaultView::from).collect();
        keys.set_item("faults", many(py, faults)?)?;
        let class = module(py)?.getattr(kind.name())?;
        Ok(PyErr::from_value(class.call((told,), Some(&keys))?))
    };
    made().unwrap_or_else(|error| error)
}

fn module(py: Python<'_>) -> PyResult<&Bound<'_, PyModule>> {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    MODULE
        .get_or_try_init(py, || py.import("parure._errors").map(Bound::unbind))
        .map(|module| module.bind(py))
}
