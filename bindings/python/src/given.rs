//! Points that change hands.

use crate::error::Wrong;
use crate::parts::{arguments, reduced};
use crate::shown::{date, fields_shown};
use crate::strict::{day, whole};
use parure::calendar::Day;
use parure::fact;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyTuple};

/// Points that change hands, with the days they keep.
#[pyclass(frozen, eq, hash, module = "parure")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct GivenLot {
    pub(crate) points: i64,
    pub(crate) first_day: Day,
    pub(crate) last_day: Option<Day>,
}

impl GivenLot {
    pub(crate) fn core(&self) -> fact::GivenLot {
        fact::GivenLot::new(self.points, self.first_day, self.last_day)
    }
}

#[pymethods]
impl GivenLot {
    #[new]
    #[pyo3(signature = (*, points, first_day, last_day=None))]
    fn new(
        py: Python<'_>,
        points: &Bound<'_, PyAny>,
        first_day: &Bound<'_, PyAny>,
        last_day: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let read = || -> Result<GivenLot, Wrong> {
            Ok(GivenLot {
                points: whole(points, "points")?,
                first_day: day(first_day, "first_day")?,
                last_day: last_day.map(|last| day(last, "last_day")).transpose()?,
            })
        };
        read().map_err(|wrong| wrong.in_fact(py))
    }

    #[getter]
    fn points(&self) -> i64 {
        self.points
    }

    #[getter]
    fn first_day<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
        date(py, self.first_day)
    }

    #[getter]
    fn last_day<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
        self.last_day.map(|day| date(py, day)).transpose()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        fields_shown(slf.py(), "GivenLot", arguments(slf, &["points", "first_day", "last_day"])?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        reduced(slf, &["points", "first_day", "last_day"])
    }
}
