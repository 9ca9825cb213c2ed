//! Conditions that can never hold: a mistake, found when the program is loaded.
//!
//! Only what is certain: a value outside of what there is (month 13), a constant `false`, and two parts of an `&&` that ask for
//! different things of the same value. What passes may still never hold for a reason that is not looked for.

use super::ConditionFault;
use super::eval::WHOLE;
use super::tree::{DayPart, Kind, Num, NumField, Order, Test, Txt};
use crate::calendar::Day;
use std::ops::Range;

/// The faults of parts that can never hold. A part of an `||` that can't is a fault too.
pub(super) fn faults(test: &Test, source: &str, faults: &mut Vec<ConditionFault>) {
    if let Some(reason) = never(test) {
        let part =
            |at: &Range<u16>| source.get(usize::from(at.start)..usize::from(at.end)).unwrap_or_default();
        let (at, message) = match reason {
            Reason::Part(at) => (at.clone(), format!("`{}` can never hold", part(at))),
            Reason::Pair(one, other) => {
                let message = format!("`{}` and `{}` can never both hold", part(one), part(other));
                (one.start.min(other.start)..one.end.max(other.end), message)
            }
        };
        faults.push(ConditionFault::new(
            usize::from(at.start)..usize::from(at.end),
            "condition_never",
            message,
        ));
        return;
    }
    // A written `false` within a larger condition is a choice of its author.
    let mut within = |inner: &Test| {
        if !matches!(inner.kind, Kind::Const(_)) {
            self::faults(inner, source, faults);
        }
    };
    match &test.kind {
        Kind::All(tests) | Kind::Any(tests) => tests.iter().for_each(within),
        Kind::SomeLine(body) | Kind::EveryLine(body) => within(body),
        Kind::If(parts) => {
            let [_, yes, no] = &**parts;
            within(yes);
            within(no);
        }
        Kind::Const(_)
        | Kind::Not(_)
        | Kind::Same(_)
        | Kind::Number(..)
        | Kind::Text(..)
        | Kind::NumberIn(..)
        | Kind::TextIn(..)
        | Kind::Tagged(_)
        | Kind::Begins(..)
        | Kind::Ends(..)
        | Kind::Contains(..)
        | Kind::Flag(..)
        | Kind::Known(_) => {}
    }
}

enum Reason<'t> {
    Part(&'t Range<u16>),
    Pair(&'t Range<u16>, &'t Range<u16>),
}

fn never(test: &Test) -> Option<Reason<'_>> {
    let impossible = match &test.kind {
        Kind::Const(value) => !value,
        Kind::Not(inner) => always(inner),
        Kind::All(tests) => return tests.iter().find_map(never).or_else(|| contradiction(tests)),
        Kind::Any(tests) => {
            let first = tests.first().and_then(never)?;
            return tests.iter().all(|test| never(test).is_some()).then_some(first);
        }
        Kind::If(parts) => {
            let [test, yes, no] = &**parts;
            (never(test).is_some() || never(yes).is_some()) && (always(test) || never(no).is_some())
        }
        Kind::Number(order, left, right) => empty(*order, left, right),
        Kind::NumberIn(number, list) => list.iter().all(|one| empty(Order::Equal, number, one)),
        Kind::Text(Order::NotEqual | Order::Less | Order::More, left, right) => left == right,
        Kind::TextIn(_, list) => list.is_empty(),
        Kind::SomeLine(body) => return never(body),
        Kind::Text(..)
        | Kind::Same(_)
        | Kind::Tagged(_)
        | Kind::Begins(..)
        | Kind::Ends(..)
        | Kind::Contains(..)
        | Kind::Flag(..)
        | Kind::Known(_)
        | Kind::EveryLine(_) => false,
    };
    impossible.then_some(Reason::Part(&test.at))
}

fn always(test: &Test) -> bool {
    match &test.kind {
        Kind::Const(value) => *value,
        Kind::Not(inner) => never(inner).is_some(),
        Kind::All(tests) => tests.iter().all(always),
        Kind::Any(tests) => tests.iter().any(always),
        _ => false,
    }
}

/// The first two parts that ask for different things of the same value.
fn contradiction(tests: &[Test]) -> Option<Reason<'_>> {
    tests.iter().enumerate().find_map(|(place, later)| {
        let earlier = tests.iter().take(place).find(|earlier| conflict(earlier, later))?;
        Some(Reason::Pair(&earlier.at, &later.at))
    })
}

fn conflict(one: &Test, other: &Test) -> bool {
    let denies = |test: &Test, other: &Test| matches!(&test.kind, Kind::Not(inner) if **inner == *other);
    if denies(one, other) || denies(other, one) {
        return true;
    }
    if let (Some((number, wanted)), Some((same, demanded))) = (number_claim(one), number_claim(other)) {
        return number == same && wanted.excludes(&demanded);
    }
    match (text_claim(one), text_claim(other)) {
        (Some((text, wanted)), Some((same, demanded))) => text == same && wanted.excludes(&demanded),
        _ => false,
    }
}

/// What a test claims of a number, against constants.
pub(super) enum NumberClaim {
    OneOf(Vec<i128>),
    Not(i128),
    /// Both ends included.
    Within(i128, i128),
}

pub(super) fn number_claim(test: &Test) -> Option<(&Num, NumberClaim)> {
    let (order, number, value) = match &test.kind {
        Kind::Number(order, number, Num::Const(value)) => (*order, number, *value),
        Kind::Number(order, Num::Const(value), number) => (order.mirrored(), number, *value),
        Kind::NumberIn(number, list) => {
            let constant = |one: &Num| if let Num::Const(value) = one { Some(*value) } else { None };
            return Some((number, NumberClaim::OneOf(list.iter().map(constant).collect::<Option<_>>()?)));
        }
        _ => return None,
    };
    let step = step(number);
    // The last multiple of the step at or below the value, and the first at or above it.
    let floor = value.div_euclid(step).saturating_mul(step);
    let ceiling = if floor == value { value } else { floor.saturating_add(step) };
    let claim = match order {
        Order::Equal => NumberClaim::OneOf(vec![value]),
        Order::NotEqual => NumberClaim::Not(value),
        Order::Less => NumberClaim::Within(i128::MIN, ceiling.saturating_sub(step)),
        Order::LessOrEqual => NumberClaim::Within(i128::MIN, floor),
        Order::More => NumberClaim::Within(floor.saturating_add(step), i128::MAX),
        Order::MoreOrEqual => NumberClaim::Within(ceiling, i128::MAX),
    };
    Some((number, claim))
}

impl NumberClaim {
    fn admits(&self, value: i128) -> bool {
        match self {
            NumberClaim::OneOf(values) => values.contains(&value),
            NumberClaim::Not(other) => value != *other,
            NumberClaim::Within(low, high) => (*low..=*high).contains(&value),
        }
    }

    fn excludes(&self, other: &NumberClaim) -> bool {
        match (self, other) {
            (NumberClaim::OneOf(values), claim) | (claim, NumberClaim::OneOf(values)) => {
                !values.iter().any(|value| claim.admits(*value))
            }
            (NumberClaim::Within(low, high), NumberClaim::Within(lower, higher)) => {
                low.max(lower) > high.min(higher)
            }
            (NumberClaim::Not(value), NumberClaim::Within(low, high))
            | (NumberClaim::Within(low, high), NumberClaim::Not(value)) => low == value && high == value,
            (NumberClaim::Not(_), NumberClaim::Not(_)) => false,
        }
    }
}

/// What a test claims of a text, against constants.
enum TextClaim<'t> {
    OneOf(Vec<&'t str>),
    Not(&'t str),
    Begins(&'t str),
    Ends(&'t str),
    Contains(&'t str),
}

fn text_claim(test: &Test) -> Option<(&Txt, TextClaim<'_>)> {
    match &test.kind {
        Kind::Text(Order::Equal, text, Txt::Const(value))
        | Kind::Text(Order::Equal, Txt::Const(value), text) => Some((text, TextClaim::OneOf(vec![value]))),
        Kind::Text(Order::NotEqual, text, Txt::Const(value))
        | Kind::Text(Order::NotEqual, Txt::Const(value), text) => Some((text, TextClaim::Not(value))),
        Kind::TextIn(text, list) => {
            Some((text, TextClaim::OneOf(list.iter().map(constant).collect::<Option<_>>()?)))
        }
        Kind::Begins(text, part) => Some((text, TextClaim::Begins(constant(part)?))),
        Kind::Ends(text, part) => Some((text, TextClaim::Ends(constant(part)?))),
        Kind::Contains(text, part) => Some((text, TextClaim::Contains(constant(part)?))),
        _ => None,
    }
}

fn constant(text: &Txt) -> Option<&str> {
    match text {
        Txt::Const(text) => Some(text),
        Txt::Field(_) | Txt::Custom(..) | Txt::If(_) => None,
    }
}

impl TextClaim<'_> {
    fn admits(&self, text: &str) -> bool {
        match self {
            TextClaim::OneOf(texts) => texts.contains(&text),
            TextClaim::Not(other) => text != *other,
            TextClaim::Begins(part) => text.starts_with(part),
            TextClaim::Ends(part) => text.ends_with(part),
            TextClaim::Contains(part) => text.contains(part),
        }
    }

    fn excludes(&self, other: &TextClaim<'_>) -> bool {
        match (self, other) {
            (TextClaim::OneOf(texts), claim) | (claim, TextClaim::OneOf(texts)) => {
                !texts.iter().any(|text| claim.admits(text))
            }
            (TextClaim::Begins(one), TextClaim::Begins(two)) => {
                !one.starts_with(two) && !two.starts_with(one)
            }
            (TextClaim::Ends(one), TextClaim::Ends(two)) => !one.ends_with(two) && !two.ends_with(one),
            _ => false,
        }
    }
}

/// Whether no values of both sides can be so.
fn empty(order: Order, left: &Num, right: &Num) -> bool {
    if left == right && matches!(order, Order::NotEqual | Order::Less | Order::More) {
        return true;
    }
    let ((low, high), (lower, higher)) = (range(left), range(right));
    match order {
        Order::Equal => low > higher || lower > high || off_step(left, right) || off_step(right, left),
        Order::NotEqual => low == high && lower == higher && low == lower,
        Order::Less => low >= higher,
        Order::LessOrEqual => low > higher,
        Order::More => high <= lower,
        Order::MoreOrEqual => high < lower,
    }
}

/// A whole number is never 1.5.
fn off_step(number: &Num, other: &Num) -> bool {
    matches!(other, Num::Const(value) if value.rem_euclid(step(number)) != 0)
}

/// What a number is a multiple of.
fn step(number: &Num) -> i128 {
    match number {
        Num::Part(..) | Num::Length(_) => WHOLE,
        Num::Field(field) => field.unit(),
        Num::Const(_)
        | Num::Component(..)
        | Num::Custom(_)
        | Num::Plus(_)
        | Num::Minus(_)
        | Num::Negative(_)
        | Num::If(_) => 1,
    }
}

/// The least and the most that a number can be.
fn range(number: &Num) -> (i128, i128) {
    let whole = |low, high| (super::lex::micros(low), super::lex::micros(high));
    match number {
        Num::Const(value) => (*value, *value),
        Num::Part(part, _) => match part {
            DayPart::Year => whole(1800, 2299),
            DayPart::Month => whole(1, 12),
            DayPart::Day => whole(1, 31),
            DayPart::Weekday => whole(1, 7),
        },
        Num::Length(_) => (0, i128::MAX),
        Num::Custom(figure) => figure.range(),
        Num::Field(field) => match field {
            NumField::Day | NumField::Birthday | NumField::Joined => {
                (i128::from(Day::FIRST.number()), i128::from(Day::LAST.number()))
            }
            NumField::Purchases
            | NumField::Visits
            | NumField::Lines
            | NumField::Tags
            | NumField::LineQuantity(_) => (0, i128::MAX),
            NumField::Points | NumField::SpendTotal | NumField::Amount | NumField::LineAmount(_) => {
                (i128::MIN, i128::MAX)
            }
        },
        Num::Component(..) | Num::Plus(_) | Num::Minus(_) | Num::Negative(_) | Num::If(_) => {
            (i128::MIN, i128::MAX)
        }
    }
}
