//! The same condition, laid out for the till: comparisons of a field with constants as ranges and short texts, in one pass.
//!
//! Everything else stays as it is in the plain tree; both always answer the same.

use super::eval::View;
use super::never::{NumberClaim, number_claim};
use super::tree::{DayPart, Kind, Num, NumField, Order, Test, TextField, Txt};

#[derive(Debug, Clone)]
pub(super) enum Quick {
    All(Box<[Quick]>),
    Any(Box<[Quick]>),
    /// From the first to the last number, or known and not in there.
    Within(NumField, i64, i64, bool),
    Is(TextField, Box<str>),
    OneOf(TextField, Box<[Box<str>]>),
    Begins(TextField, Box<str>),
    /// `customer.birthday.month == day.month`
    BirthdayMonth,
    Plain(Box<Test>),
}

impl Quick {
    pub(super) fn of(test: &Test) -> Quick {
        let found = match &test.kind {
            Kind::All(tests) => Some(Quick::All(tests.iter().map(Quick::of).collect())),
            Kind::Any(tests) => Some(Quick::Any(tests.iter().map(Quick::of).collect())),
            Kind::Number(Order::Equal, Num::Part(DayPart::Month, one), Num::Part(DayPart::Month, other))
                if matches!(
                    (&**one, &**other),
                    (Num::Field(NumField::Birthday), Num::Field(NumField::Day))
                ) =>
            {
                Some(Quick::BirthdayMonth)
            }
            Kind::Number(..) => within(test),
            Kind::Begins(Txt::Field(field), Txt::Const(text)) => Some(Quick::Begins(*field, text.clone())),
            Kind::Text(Order::Equal, Txt::Field(field), Txt::Const(text))
            | Kind::Text(Order::Equal, Txt::Const(text), Txt::Field(field)) => {
                Some(Quick::Is(*field, text.clone()))
            }
            Kind::TextIn(Txt::Field(field), list) => {
                let texts: Option<Box<[Box<str>]>> = list.iter().map(constant).collect();
                texts.map(|texts| Quick::OneOf(*field, texts))
            }
            _ => None,
        };
        found.unwrap_or_else(|| Quick::Plain(Box::new(test.clone())))
    }

    pub(super) fn holds(&self, view: &View<'_>) -> bool {
        match self {
            Quick::All(tests) => tests.iter().all(|test| test.step(view)),
            Quick::Any(tests) => tests.iter().any(|test| test.step(view)),
            _ => self.step(view),
        }
    }

    #[inline(always)]
    fn step(&self, view: &View<'_>) -> bool {
        match self {
            Quick::Is(field, text) => field.value(view).is_some_and(|found| same(found, text)),
            Quick::Within(field, first, last, inside) => {
                field.count(view).is_some_and(|count| (*first <= count && count <= *last) == *inside)
            }
            Quick::OneOf(field, texts) => {
                field.value(view).is_some_and(|found| texts.iter().any(|text| same(found, text)))
            }
            Quick::Begins(field, text) => field.value(view).is_some_and(|found| {
                found.len() >= text.len() && found.get(..text.len()).is_some_and(|start| same(start, text))
            }),
            Quick::BirthdayMonth => {
                let scene = view.scene;
                let month =
                    scene.customer.birthday.and_then(|date| date.nearest_month(scene.day, scene.dates));
                month == Some(scene.day.civil().1)
            }
            Quick::All(_) | Quick::Any(_) => self.holds(view),
            Quick::Plain(test) => test.holds(view),
        }
    }
}

/// A comparison of a field with a constant as a range in the field's own unit.
fn within(test: &Test) -> Option<Quick> {
    let (Num::Field(field), claim) = number_claim(test)? else { return None };
    let unit = field.unit();
    // Where no count can be, as for a whole number that would have to be 1.5, nothing is in the range.
    let range = |low: i128, high: i128| {
        let end = |value: i128| i64::try_from(value.clamp(i64::MIN.into(), i64::MAX.into())).unwrap_or(0);
        let outside = low > i64::MAX.into() || high < i64::MIN.into();
        if outside { (1, 0) } else { (end(low), end(high)) }
    };
    let one = |value: i128| {
        let count = value.div_euclid(unit);
        if value.rem_euclid(unit) == 0 { range(count, count) } else { (1, 0) }
    };
    let ((first, last), inside) = match claim {
        NumberClaim::OneOf(values) => (one(*values.first()?), true),
        NumberClaim::Not(value) => (one(value), false),
        NumberClaim::Within(low, high) => (range(low.div_euclid(unit), high.div_euclid(unit)), true),
    };
    Some(Quick::Within(*field, first, last, inside))
}

fn constant(text: &Txt) -> Option<Box<str>> {
    match text {
        Txt::Const(text) => Some(text.clone()),
        Txt::Field(_) | Txt::Custom(..) | Txt::If(_) => None,
    }
}

/// Equal texts. Most are of 4 to 16 bytes, for which two overlapping words are sooner compared than a function is called.
#[inline(always)]
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        4..=7 => {
            one.first_chunk::<4>() == other.first_chunk::<4>()
                && one.last_chunk::<4>() == other.last_chunk::<4>()
        }
        8..=16 => {
            one.first_chunk::<8>() == other.first_chunk::<8>()
                && one.last_chunk::<8>() == other.last_chunk::<8>()
        }
        _ => one == other,
    }
}
