//! Values as Python gets them: `Decimal`, `date`, `datetime`, tuples.

use parure::calendar::{Day, Moment};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDate, PyDateTime, PyDelta, PyList, PyString, PyTuple, PyType, PyTzInfo};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

/// A day, for Python a `date`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Date(pub(crate) Day);

/// An instant, for Python a `datetime` with the offset of the clock that saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant(pub(crate) Moment);

/// Money, for Python a `Decimal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Amount(pub(crate) Decimal);

/// An id or a code, for Python a `str`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Text(pub(crate) SmolStr);

/// A list that nobody changes, for Python a `tuple`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Many(Vec::new())
    }
}

impl<T> Many<T> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The class `decimal.Decimal`.
pub(crate) fn decimal_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "decimal", "Decimal")
}

/// A decimal that is told as text.
pub(crate) fn decimal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    decimal_class(py)?.call1((text,))
}

pub(crate) fn date(py: Python<'_>, day: Day) -> PyResult<Bound<'_, PyDate>> {
    let (year, month, of_month) = day.civil();
    PyDate::new(py, year, u8::try_from(month)?, u8::try_from(of_month)?)
}

pub(crate) fn datetime(py: Python<'_>, at: Moment) -> PyResult<Bound<'_, PyDateTime>> {
    const DAY: i64 = 86_400_000_000;
    let local = at.micros() + i64::from(at.offset_minutes()) * 60_000_000;
    let (year, month, day) = Day::from_number(local.div_euclid(DAY)).civil();
    let of_day = local.rem_euclid(DAY);
    let (seconds, micros) = (of_day / 1_000_000, of_day % 1_000_000);
    let zone =
        PyTzInfo::fixed_offset(py, PyDelta::new(py, 0, i32::from(at.offset_minutes()) * 60, 0, true)?)?;
    PyDateTime::new(
        py,
        year,
        u8::try_from(month)?,
        u8::try_from(day)?,
        u8::try_from(seconds / 3_600)?,
        u8::try_from(seconds / 60 % 60)?,
        u8::try_from(seconds % 60)?,
        u32::try_from(micros)?,
        Some(&zone),
    )
}

/// A tuple of what there is.
pub(crate) fn many<'py, T: IntoPyObject<'py>>(py: Python<'py>, all: Vec<T>) -> PyResult<Bound<'py, PyTuple>> {
    let all: Vec<Bound<'py, PyAny>> =
        all.into_iter().map(|one| one.into_bound_py_any(py)).collect::<PyResult<_>>()?;
    PyTuple::new(py, all)
}

/// What the core gives, as the answers of this door hold it.
pub(crate) trait Of<T> {
    fn of(core: T) -> Self;
}

macro_rules! of_itself {
    ($($type:ty)+) => { $(impl Of<$type> for $type {
        fn of(core: $type) -> Self {
            core
        }
    })+ };
}

of_itself!(bool i64 u64 i16 u8 u16 u32 usize String);

impl Of<Day> for Date {
    fn of(core: Day) -> Self {
        Date(core)
    }
}

impl Of<Moment> for Instant {
    fn of(core: Moment) -> Self {
        Instant(core)
    }
}

impl std::hash::Hash for Instant {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.micros().hash(state);
    }
}

impl<A: Of<B>, B> Of<[B; 2]> for Many<A> {
    fn of(core: [B; 2]) -> Self {
        Many(core.into_iter().map(A::of).collect())
    }
}

impl Of<Decimal> for Amount {
    fn of(core: Decimal) -> Self {
        Amount(core)
    }
}

impl Of<SmolStr> for Text {
    fn of(core: SmolStr) -> Self {
        Text(core)
    }
}

impl Of<String> for Text {
    fn of(core: String) -> Self {
        Text(core.into())
    }
}

impl Of<&'static str> for Text {
    fn of(core: &'static str) -> Self {
        Text(SmolStr::new_static(core))
    }
}

impl<A: Of<B>, B> Of<Option<B>> for Option<A> {
    fn of(core: Option<B>) -> Self {
        core.map(A::of)
    }
}

impl<A: Of<B>, B> Of<Vec<B>> for Many<A> {
    fn of(core: Vec<B>) -> Self {
        Many(core.into_iter().map(A::of).collect())
    }
}

impl<'py> IntoPyObject<'py> for Date {
    type Target = PyDate;
    type Output = Bound<'py, PyDate>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
        date(py, self.0)
    }
}

impl<'py> IntoPyObject<'py> for Instant {
    type Target = PyDateTime;
    type Output = Bound<'py, PyDateTime>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        datetime(py, self.0)
    }
}

impl<'py> IntoPyObject<'py> for Amount {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, &self.0.to_string())
    }
}

impl<'py> IntoPyObject<'py> for Text {
    type Target = PyString;
    type Output = Bound<'py, PyString>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        Ok(PyString::new(py, &self.0))
    }
}

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Many<T> {
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        many(py, self.0)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse(&text).map(Date).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Moment::parse(&text).map(Instant).map_err(serde::de::Error::custom)
    }
}

/// A field as plain values: dictionaries, lists, `Decimal`, `date`.
pub(crate) trait Plain {
    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

macro_rules! plain_itself {
    ($($type:ty)+) => { $(impl Plain for $type {
        fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
            self.clone().into_bound_py_any(py)
        }
    })+ };
}

plain_itself!(bool i64 u64 i16 u8 u16 u32 usize String Date Instant Amount Text);

impl<T: Plain> Plain for Option<T> {
    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.as_ref().map_or_else(|| Ok(py.None().into_bound(py)), |one| one.plain(py))
    }
}

impl<T: Plain> Plain for Many<T> {
    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let all: Vec<Bound<'py, PyAny>> = self.0.iter().map(|one| one.plain(py)).collect::<PyResult<_>>()?;
        Ok(PyList::new(py, all)?.into_any())
    }
}

/// `Lot(fact='p-1', points=200)`: a class and its fields, as Python shows each.
pub(crate) fn fields_shown<'py>(
    py: Python<'py>,
    class: &str,
    fields: impl IntoIterator<Item = (&'static str, Bound<'py, PyAny>)>,
) -> PyResult<String> {
    let none = py.None();
    let mut told = Vec::new();
    for (name, value) in fields {
        if !value.is(&none) {
            told.push(format!("{name}={}", value.repr()?.to_str()?));
        }
    }
    Ok(format!("{class}({})", told.join(", ")))
}

/// 69659 → `69,659`
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut told = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    if number < 0 { format!("-{told}") } else { told }
}
