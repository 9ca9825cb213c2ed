//! Values as Python has them, read strictly. What pyo3 would convert in silence (a float to a whole number, `True` to 1, a `datetime` to
//! its day) is an error here that says what to write instead.

use crate::error::Wrong;
use crate::shown::decimal_class;
use parure::calendar::{Day, Moment};
use parure::fact::Quantity;
use parure::fault::Fault;
use parure::money::{Currency, Money};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyString};
use smol_str::SmolStr;
use std::sync::LazyLock;
use std::time::Duration;

/// Money that was told before anybody knows in which currency: its text, which the book's currency reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    text: SmolStr,
}

/// Digits after the point that a currency has at most.
const MOST_DIGITS: usize = 3;

impl Told {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn written(text: &str) -> Told {
        Told { text: text.into() }
    }

    pub(crate) fn digits(&self) -> usize {
        self.text.split_once('.').map_or(0, |(_, digits)| digits.len())
    }

    /// The amount in a currency.
    pub(crate) fn money(&self, currency: Currency, path: impl Fn() -> String) -> Result<Money, Fault> {
        currency.money(&self.text).map_err(|fault| fault.at(path()))
    }
}

/// A currency that has so many digits after the point: amounts are checked in it until the book's own is known. What they add up to does
/// not depend on it.
pub(crate) fn currency_of(digits: usize) -> Currency {
    static BY_DIGITS: LazyLock<[Currency; 4]> = LazyLock::new(|| {
        ["JPY", "CNY", "CNY", "KWD"].map(|code| Currency::parse(code).expect("a currency of ISO 4217"))
    });
    BY_DIGITS[digits.min(MOST_DIGITS)]
}

/// `an int`, `a datetime`: what was found, for messages.
fn found(value: &Bound<'_, PyAny>) -> String {
    if value.is_none() {
        return "None".to_owned();
    }
    let name = value.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string());
    let vowel = name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}

/// Something of a class was wanted.
pub(crate) fn wanted(what: &str, value: &Bound<'_, PyAny>, path: &str) -> Wrong {
    Wrong::kind(format!("{path}: {what} is wanted, found {}", found(value)))
}

/// A text.
pub(crate) fn text(value: &Bound<'_, PyAny>, path: &str) -> Result<SmolStr, Wrong> {
    let text = value.cast::<PyString>().map_err(|_| wanted("text", value, path))?;
    match text.to_str() {
        Ok(text) => Ok(text.into()),
        Err(_) => {
            Err(Fault::new("not_utf8", "the text holds half a character (a lone surrogate)").at(path).into())
        }
    }
}

/// A text that may be left out.
pub(crate) fn may_text(value: Option<&Bound<'_, PyAny>>, path: &str) -> Result<Option<SmolStr>, Wrong> {
    value.map(|value| text(value, path)).transpose()
}

/// A list of texts.
pub(crate) fn texts(value: &Bound<'_, PyAny>, path: &str) -> Result<Vec<SmolStr>, Wrong> {
    let list = || wanted("a list of texts", value, path);
    if value.is_instance_of::<PyString>() || value.is_instance_of::<PyDict>() {
        return Err(list());
    }
    let mut all = Vec::new();
    for one in value.try_iter().map_err(|_| list())? {
        all.push(text(&one?, &format!("{path}[{}]", all.len()))?);
    }
    Ok(all)
}

/// A whole number: exactly an `int`.
pub(crate) fn whole(value: &Bound<'_, PyAny>, path: &str) -> Result<i64, Wrong> {
    if !value.is_exact_instance_of::<PyInt>() {
        return Err(wanted("a whole number (int)", value, path));
    }
    value
        .extract::<i64>()
        .map_err(|_| Fault::new("number_range", "the number is not below 2^63").at(path).into())
}

/// True or false: exactly a `bool`.
pub(crate) fn truth(value: &Bound<'_, PyAny>, path: &str) -> Result<bool, Wrong> {
    value.cast::<PyBool>().map(PyBoolMethods::is_true).map_err(|_| wanted("True or False", value, path))
}

/// A time to wait in seconds: an `int` or a `float`.
pub(crate) fn seconds(value: &Bound<'_, PyAny>, path: &str) -> Result<Duration, Wrong> {
    if !value.is_exact_instance_of::<PyInt>() && !value.is_exact_instance_of::<PyFloat>() {
        return Err(wanted("a number of seconds", value, path));
    }
    let seconds = value.extract::<f64>().ok().and_then(|wait| Duration::try_from_secs_f64(wait).ok());
    let range = || Fault::new("number_range", "the seconds are not from 0 on and below 2^64").at(path);
    Ok(seconds.ok_or_else(range)?)
}

/// A decimal number as text: exactly a `Decimal` or an `int`. `what` is `amount` or `quantity`.
fn number(value: &Bound<'_, PyAny>, what: &'static str, path: &str) -> Result<SmolStr, Wrong> {
    let py = value.py();
    if value.is_exact_instance_of::<PyInt>() {
        return match value.extract::<i64>() {
            Ok(number) => Ok(number.to_string().into()),
            Err(_) => Err(too_large(what, path)),
        };
    }
    if value.get_type().is(decimal_class(py)?) {
        let told = value.str()?;
        let told = told.to_str()?;
        return plain(told).map(SmolStr::from).map_err(|wrong| wrong.of(told, what, path));
    }
    let advice = if value.is_instance_of::<PyFloat>() {
        format!("a float can't hold every {what} exactly; write Decimal(\"{}\")", value.repr()?.to_str()?)
    } else if value.is_instance_of::<PyString>() {
        format!("text is no {what}; write Decimal(\"12.50\")")
    } else {
        format!("a Decimal or an int is wanted, found {}", found(value))
    };
    Err(Wrong::kind(format!("{path}: {advice}")))
}

/// A decimal of whatever it may be, as text.
pub(crate) fn decimal_text(value: &Bound<'_, PyAny>, path: &str) -> Result<SmolStr, Wrong> {
    number(value, "amount", path)
}

fn too_large(what: &str, path: &str) -> Wrong {
    let (code, limit) = if what == "amount" { ("money_range", 15) } else { ("quantity_range", 9) };
    Fault::new(code, format!("the {what} is not below 10^{limit}")).at(path).into()
}

enum NotPlain {
    Grammar,
    Range,
}

impl NotPlain {
    fn of(self, told: &str, what: &'static str, path: &str) -> Wrong {
        match self {
            NotPlain::Range => too_large(what, path),
            NotPlain::Grammar => {
                let code = if what == "amount" { "money_text" } else { "quantity_text" };
                Fault::new(
                    code,
                    format!("`{told}` is not {} {what}", if what == "amount" { "an" } else { "a" }),
                )
                .at(path)
                .into()
            }
        }
    }
}

/// Places that an exponent may move the point by: more than any amount or quantity has.
const MOST_PLACES: usize = 40;

/// `1.28E+4` → `12800`: Python writes a decimal with an exponent when it has one.
fn plain(told: &str) -> Result<String, NotPlain> {
    let Some((digits, exponent)) = told.split_once('E') else {
        let finite = told.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
        return if finite { Ok(told.to_owned()) } else { Err(NotPlain::Grammar) };
    };
    let exponent: i64 = exponent.parse().map_err(|_| NotPlain::Range)?;
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    // Where the point is, counted from before the first digit.
    let point = i64::try_from(whole.len()).map_err(|_| NotPlain::Range)?.saturating_add(exponent);
    if all.bytes().all(|digit| digit == b'0') {
        return Ok("0".to_owned());
    }
    if point.unsigned_abs() > MOST_PLACES as u64 || all.len() > MOST_PLACES {
        return Err(NotPlain::Range);
    }
    let point = isize::try_from(point).map_err(|_| NotPlain::Range)?;
    Ok(match usize::try_from(point) {
        Ok(point) if point >= all.len() => format!("{sign}{all:0<point$}"),
        Ok(0) => format!("{sign}0.{all}"),
        Ok(point) => format!("{sign}{}.{}", &all[..point], &all[point..]),
        Err(_) => format!("{sign}0.{}{all}", "0".repeat(point.unsigned_abs())),
    })
}

/// An amount of money.
pub(crate) fn amount(value: &Bound<'_, PyAny>, path: &str) -> Result<Told, Wrong> {
    let told = Told { text: number(value, "amount", path)? };
    let digits = told.digits();
    if digits > MOST_DIGITS {
        let message =
            format!("`{}` has {digits} digits after the point, no currency has more than 3", told.text);
        return Err(Fault::new("money_digits", message).at(path).into());
    }
    told.money(currency_of(digits), || path.to_owned())?;
    Ok(told)
}

/// A quantity.
pub(crate) fn quantity(value: &Bound<'_, PyAny>, path: &str) -> Result<Quantity, Wrong> {
    let text = number(value, "quantity", path)?;
    Quantity::parse(&text).map_err(|fault| fault.at(path).into())
}

/// A day: a `date`, and no `datetime`, which is one too.
pub(crate) fn day(value: &Bound<'_, PyAny>, path: &str) -> Result<Day, Wrong> {
    if value.is_instance_of::<PyDateTime>() {
        let advice = "write its .date(), or book.day_of(…) for its day in the shop";
        return Err(Wrong::kind(format!("{path}: a date is wanted, found a datetime; {advice}")));
    }
    let date = value.cast::<PyDate>().map_err(|_| wanted("a date", value, path))?;
    let text = date.call_method0("isoformat")?;
    Ok(Day::parse(text.cast::<PyString>().map_err(PyErr::from)?.to_str()?).map_err(|fault| fault.at(path))?)
}

/// An instant: a `datetime` that knows its offset from UTC.
pub(crate) fn moment(value: &Bound<'_, PyAny>, path: &str) -> Result<Moment, Wrong> {
    let at = value.cast::<PyDateTime>().map_err(|_| wanted("a datetime with its time zone", value, path))?;
    let text = at.call_method0("isoformat")?;
    let text = text.cast::<PyString>().map_err(PyErr::from)?.to_str()?;
    let wrong = |fault: Fault| match fault.code {
        "naive_time" => {
            let advice =
                "give it its zone: datetime(2026, 3, 1, 15, 4, 5, tzinfo=ZoneInfo(\"Asia/Shanghai\"))";
            Fault::new("naive_time", fault.message).advise(advice)
        }
        // Before time zones were agreed on, clocks were off by seconds too.
        "time_text" if text.rfind(['+', '-']).is_some_and(|sign| text.len() > sign + 6 && sign > 10) => {
            Fault::new("time_offset", format!("`{text}` is off from UTC by more than whole minutes"))
        }
        _ => fault,
    };
    Ok(Moment::parse(text).map_err(|fault| wrong(fault).at(path))?)
}
