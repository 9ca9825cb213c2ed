//! What is told of people and of stored value: values of Python's as the JSON that the core reads, and back. The core's strict reader has the say about what they hold.

use crate::birthday::Birthday;
use crate::error::Wrong;
use crate::shown::{decimal, decimal_class, many};
use crate::strict::{day, decimal_text, moment, text, wanted, whole};
use parure::calendar::Day;
use parure::fault::Fault;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple};
use serde_json::{Map, Value};

/// Lists in tables in lists: no fact has more of them.
const MOST_DEPTH: usize = 8;

/// A profile's fields in keyword arguments.
pub(crate) fn profile(told: Option<&Bound<'_, PyDict>>) -> Result<Map<String, Value>, Wrong> {
    told.map_or_else(|| Ok(Map::new()), |told| table(told, "", field))
}

/// Values of fields that a program declares, by their ids.
pub(crate) fn custom(told: Option<&Bound<'_, PyDict>>) -> Result<Map<String, Value>, Wrong> {
    told.map_or_else(|| Ok(Map::new()), |told| table(told, "custom", |_, value, path| json(value, path)))
}

/// One field of a profile, or of a relation in it.
fn field(key: &str, value: &Bound<'_, PyAny>, path: &str) -> Result<Value, Wrong> {
    if value.is_none() {
        return Ok(Value::Null);
    }
    match key {
        "birthday" => date(value, path),
        "dates" => named(value, path, |_, value, path| date(value, path)),
        "relations" => named(value, path, |_, value, path| named(value, path, field)),
        _ => json(value, path),
    }
}

type Reads = fn(&str, &Bound<'_, PyAny>, &str) -> Result<Value, Wrong>;

fn named(value: &Bound<'_, PyAny>, path: &str, reads: Reads) -> Result<Value, Wrong> {
    let told = value.cast::<PyDict>().map_err(|_| wanted("a dict", value, path))?;
    Ok(Value::Object(table(told, path, reads)?))
}

fn table(told: &Bound<'_, PyDict>, path: &str, reads: Reads) -> Result<Map<String, Value>, Wrong> {
    let entry = |(key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| -> Result<(String, Value), Wrong> {
        let key = text(&key, if path.is_empty() { "key" } else { path })?;
        let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
        Ok((key.to_string(), reads(&key, &value, &path)?))
    };
    told.iter().map(entry).collect()
}

/// A date that comes again: a `Birthday`, or a `date`.
fn date(value: &Bound<'_, PyAny>, path: &str) -> Result<Value, Wrong> {
    Ok(Birthday::of(Birthday::read(value, path)?).json())
}

/// What an argument of a kind of fact says.
pub(crate) fn argument(kind: &str, value: &Bound<'_, PyAny>, path: &str) -> Result<Value, Wrong> {
    match (kind, path) {
        ("coupon_held", "until") => Ok(Value::String(moment(value, path)?.to_string())),
        _ => json(value, path),
    }
}

/// Any other value.
pub(crate) fn json(value: &Bound<'_, PyAny>, path: &str) -> Result<Value, Wrong> {
    within(value, path, 0)
}

fn within(value: &Bound<'_, PyAny>, path: &str, depth: usize) -> Result<Value, Wrong> {
    if depth > MOST_DEPTH {
        return Err(Fault::new("too_deep", "lists and dicts stand in each other too often").at(path).into());
    }
    if value.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(truth) = value.cast::<PyBool>() {
        return Ok(Value::Bool(truth.is_true()));
    }
    if value.is_exact_instance_of::<PyInt>() {
        return Ok(whole(value, path)?.into());
    }
    if value.is_instance_of::<PyString>() {
        return Ok(Value::String(text(value, path)?.into()));
    }
    if value.is_instance_of::<PyFloat>() || value.get_type().is(decimal_class(value.py())?) {
        return Ok(Value::String(decimal_text(value, path)?.into()));
    }
    if value.is_instance_of::<PyDate>() {
        return Ok(Value::String(day(value, path)?.to_string()));
    }
    if let Ok(birthday) = value.cast::<Birthday>() {
        return Ok(birthday.get().json());
    }
    if let Ok(keys) = value.cast::<PyDict>() {
        let entry = |(key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| -> Result<(String, Value), Wrong> {
            let key = text(&key, path)?;
            let value = within(&value, &format!("{path}.{key}"), depth + 1)?;
            Ok((key.to_string(), value))
        };
        return keys.iter().map(entry).collect::<Result<Map<_, _>, Wrong>>().map(Value::Object);
    }
    let is_list = value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>();
    if is_list || value.is_instance_of::<PySet>() || value.is_instance_of::<PyFrozenSet>() {
        let mut all = Vec::new();
        for one in value.try_iter()? {
            let at = format!("{path}[{}]", all.len());
            all.push(within(&one?, &at, depth + 1)?);
        }
        return Ok(Value::Array(all));
    }
    Err(wanted("a text, a number, a date, a list or a dict", value, path))
}

/// What a fact about a person says under a key, as its constructor takes it.
pub(crate) fn shown<'py>(py: Python<'py>, key: &str, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match (key, value) {
        (_, Value::Null) => Ok(py.None().into_bound(py)),
        ("birthday", date) => shown_date(py, date),
        ("dates", Value::Object(dates)) => shown_keys(py, dates, |py, _, date| shown_date(py, date)),
        ("relations", Value::Object(relations)) => {
            shown_keys(py, relations, |py, _, relation| match relation {
                Value::Object(told) => shown_keys(py, told, shown),
                other => plain(py, other),
            })
        }
        ("budget", Value::Object(range)) => shown_keys(py, range, |py, _, amount| shown_amount(py, amount)),
        ("amount" | "bonus" | "deposit" | "kept" | "given_back", Value::String(_) | Value::Number(_)) => {
            shown_amount(py, value)
        }
        ("last_day" | "first_day" | "issued" | "ready", Value::String(last)) => match Day::parse(last) {
            Ok(last) => Ok(crate::shown::date(py, last)?.into_any()),
            Err(_) => plain(py, value),
        },
        ("terms", Value::Object(terms)) => shown_keys(py, terms, shown),
        ("parts", Value::Array(parts)) => {
            let parts = parts.iter().map(|part| match part {
                Value::Object(told) => shown_keys(py, told, shown),
                other => plain(py, other),
            });
            Ok(many(py, parts.collect::<PyResult<_>>()?)?.into_any())
        }
        (_, value) => frozen(py, value),
    }
}

fn shown_keys<'py>(
    py: Python<'py>,
    keys: &Map<String, Value>,
    show: impl Fn(Python<'py>, &str, &Value) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let told = PyDict::new(py);
    for (key, value) in keys {
        told.set_item(key, show(py, key, value)?)?;
    }
    Ok(told.into_any())
}

fn shown_date<'py>(py: Python<'py>, date: &Value) -> PyResult<Bound<'py, PyAny>> {
    match crate::written::anniversary_of(date) {
        Ok(date) => Birthday::of(date).into_bound_py_any(py),
        Err(_) => plain(py, date),
    }
}

fn shown_amount<'py>(py: Python<'py>, amount: &Value) -> PyResult<Bound<'py, PyAny>> {
    decimal(py, &crate::written::number(amount))
}

/// With lists as tuples.
fn frozen<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Array(all) => {
            let all: Vec<_> = all.iter().map(|one| frozen(py, one)).collect::<PyResult<_>>()?;
            Ok(many(py, all)?.into_any())
        }
        Value::Object(keys) => shown_keys(py, keys, |py, _, value| frozen(py, value)),
        other => plain(py, other),
    }
}

/// As `json.loads` would give it.
pub(crate) fn plain<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Bool(truth) => truth.into_bound_py_any(py),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into_bound_py_any(py),
            (None, Some(number)) => number.into_bound_py_any(py),
            (None, None) => number.as_f64().into_bound_py_any(py),
        },
        Value::String(text) => text.into_bound_py_any(py),
        Value::Array(all) => {
            let all: Vec<_> = all.iter().map(|one| plain(py, one)).collect::<PyResult<_>>()?;
            Ok(PyList::new(py, all)?.into_any())
        }
        Value::Object(keys) => shown_keys(py, keys, |py, _, value| plain(py, value)),
    }
}
