//! Birthdays, and other dates that come again.

use crate::error::Wrong;
use crate::parts::reduced;
use crate::strict::{day, truth, wanted, whole};
use parure::calendar::Anniversary;
use parure::fault::Fault;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime, PyTuple};
use serde_json::{Value, json};

/// A birthday: by the solar or the Chinese calendar, with or without its year.
#[pyclass(frozen, eq, hash, module = "parure")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Birthday {
    pub(crate) date: (bool, Option<i16>, u8, bool, u8),
}

impl Birthday {
    pub(crate) fn of(date: Anniversary) -> Birthday {
        let (year, month, leap, day) = date.parts();
        Birthday { date: (date.is_lunar(), year, month, leap, day) }
    }

    pub(crate) fn core(&self) -> Result<Anniversary, Fault> {
        let (lunar, year, month, leap, day) = self.date;
        if lunar { Anniversary::lunar(year, month, leap, day) } else { Anniversary::solar(year, month, day) }
    }

    /// As facts write it.
    pub(crate) fn json(&self) -> Value {
        let (lunar, year, month, leap, day) = self.date;
        let year = year.map_or_else(String::new, |year| format!("{year:04}-"));
        let text = format!("{year}{month:02}-{day:02}");
        match (lunar, leap) {
            (false, _) => Value::String(text),
            (true, false) => json!({ "lunar": text }),
            (true, true) => json!({ "lunar": text, "leap": true }),
        }
    }

    /// A birthday, or the day of birth as a `date`.
    pub(crate) fn read(value: &Bound<'_, PyAny>, path: &str) -> Result<Anniversary, Wrong> {
        if let Ok(birthday) = value.cast::<Birthday>() {
            return Ok(birthday.get().core().map_err(|fault| fault.at(path))?);
        }
        if value.is_instance_of::<PyDate>() && !value.is_instance_of::<PyDateTime>() {
            let (year, month, of_month) = day(value, path)?.civil();
            let small = |number: u32| u8::try_from(number).unwrap_or(0);
            let date = Anniversary::solar(i16::try_from(year).ok(), small(month), small(of_month));
            return Ok(date.map_err(|fault| fault.at(path))?);
        }
        Err(wanted("a Birthday or a date", value, path))
    }
}

#[pymethods]
impl Birthday {
    #[new]
    #[pyo3(signature = (month, day, *, year=None, lunar=None, leap=None))]
    fn new(
        py: Python<'_>,
        month: &Bound<'_, PyAny>,
        day: &Bound<'_, PyAny>,
        year: Option<&Bound<'_, PyAny>>,
        lunar: Option<&Bound<'_, PyAny>>,
        leap: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let read = || -> Result<Birthday, Wrong> {
            let small = |value, path: &str| -> Result<u8, Wrong> {
                Ok(u8::try_from(whole(value, path)?).unwrap_or(0))
            };
            let (month, day) = (small(month, "month")?, small(day, "day")?);
            let year = year.map(|year| whole(year, "year")).transpose()?;
            let year = year.map(|year| i16::try_from(year).unwrap_or(i16::MIN));
            let lunar = lunar.map_or(Ok(false), |lunar| truth(lunar, "lunar"))?;
            let leap = leap.map_or(Ok(false), |leap| truth(leap, "leap"))?;
            if leap && !lunar {
                let fault = Fault::new("date_text", "a leap month is of the Chinese calendar");
                return Err(fault.advise("write lunar=True too").into());
            }
            let birthday = Birthday { date: (lunar, year, month, leap, day) };
            birthday.core()?;
            Ok(birthday)
        };
        read().map_err(|wrong| wrong.in_fact(py))
    }

    #[getter]
    fn month(&self) -> u8 {
        self.date.2
    }

    #[getter]
    fn day(&self) -> u8 {
        self.date.4
    }

    #[getter]
    fn year(&self) -> Option<i16> {
        self.date.1
    }

    #[getter]
    fn lunar(&self) -> bool {
        self.date.0
    }

    #[getter]
    fn leap(&self) -> bool {
        self.date.3
    }

    fn __repr__(&self) -> String {
        let (lunar, year, month, leap, day) = self.date;
        let year = year.map_or_else(String::new, |year| format!(", year={year}"));
        let lunar = if lunar { ", lunar=True" } else { "" };
        let leap = if leap { ", leap=True" } else { "" };
        format!("Birthday({month}, {day}{year}{lunar}{leap})")
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        reduced(slf, &["month", "day", "year", "lunar", "leap"])
    }
}
