//! A program: a merchant's rules, checked.

use crate::error::{Wrong, of_program};
use crate::html;
use crate::shown::{date, many};
use crate::strict::{text, wanted};
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyString, PyTuple};
use std::path::PathBuf;

/// A merchant's rules, checked: a program that exists can be computed with.
#[pyclass(frozen, eq, module = "parure")]
#[derive(Debug)]
pub(crate) struct Program {
    file: String,
    core: parure::program::Program,
}

impl Program {
    pub(crate) fn of(file: String, core: parure::program::Program) -> Program {
        Program { file, core }
    }

    pub(crate) fn core(&self) -> &parure::program::Program {
        &self.core
    }
}

/// Two programs are equal that are written alike.
impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        self.core.source() == other.core.source()
    }
}

#[pymethods]
impl Program {
    /// Reads a program from its text, TOML or JSON.
    #[staticmethod]
    #[pyo3(signature = (text, /, *, file="program"))]
    fn parse(py: Python<'_>, text: &Bound<'_, PyAny>, file: &str) -> PyResult<Program> {
        let read = || -> Result<_, Wrong> {
            let program = text.cast::<PyString>().map_err(|_| wanted("the program's text", text, "text"))?;
            self::text(program, "text")
        };
        let read = read().map_err(|wrong| wrong.in_request(py))?;
        match py.detach(|| parure::program::Program::parse(file, &read)) {
            Ok(core) => Ok(Program { file: file.to_owned(), core }),
            Err(faults) => Err(of_program(py, faults)),
        }
    }

    /// Reads a program from its file.
    #[staticmethod]
    #[pyo3(signature = (path, /))]
    #[expect(clippy::needless_pass_by_value, reason = "what an argument is converted to")]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Program> {
        let file = path.display().to_string();
        let text = py.detach(|| std::fs::read_to_string(&path))?;
        match py.detach(|| parure::program::Program::parse(&file, &text)) {
            Ok(core) => Ok(Program { file, core }),
            Err(faults) => Err(of_program(py, faults)),
        }
    }

    /// What it is called.
    #[getter]
    fn name(&self) -> &str {
        self.core.name()
    }

    /// The first day that it counts for.
    #[getter]
    fn effective<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
        date(py, self.core.effective())
    }

    /// The ISO 4217 code of its amounts.
    #[getter]
    fn currency(&self) -> &'static str {
        self.core.currency().code()
    }

    /// The time zone whose days count, as `zoneinfo` names it.
    #[getter]
    fn time_zone(&self) -> &'static str {
        self.core.time_zone().name()
    }

    /// Its text as it was written.
    #[getter]
    pub(crate) fn source(&self) -> &str {
        self.core.source()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let own = slf.get();
        let name = PyString::new(slf.py(), own.name()).repr()?.to_string();
        let (effective, zone) = (own.core.effective(), own.time_zone());
        Ok(format!("<Program {name} from {effective}, {}, {zone}>", own.currency()))
    }

    fn _repr_html_(&self) -> String {
        html::program(&self.core)
    }

    fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
        slf.getattr("source")?.hash()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let py = slf.py();
        let made = py.import("parure._errors")?.getattr("_made")?;
        let keys = pyo3::types::PyDict::new(py);
        keys.set_item("file", &slf.get().file)?;
        let parse = slf.get_type().getattr("parse")?;
        many(py, vec![made, (parse, keys, slf.get().source()).into_pyobject(py)?.into_any()])
    }
}
