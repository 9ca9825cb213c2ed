//! Asking a condition: total, bounded by its size (times the lines of the purchase), without allocating.
//!
//! What is unknown makes the comparison that asks for it false, also `!=`.

use super::Scene;
use super::tree::{DayPart, Kind, Num, NumField, Test, TextField, Txt, Which};
use crate::calendar::Day;
use crate::fact::Line;
use crate::fact::Quantity;
use crate::money::Money;

/// What a test is asked about: the scene, and the line that a loop is at.
#[derive(Clone, Copy)]
pub(super) struct View<'s> {
    pub(super) scene: &'s Scene<'s>,
    pub(super) each: Option<&'s Line<'s>>,
}

impl<'s> View<'s> {
    fn line(self, which: Which) -> Option<&'s Line<'s>> {
        match which {
            Which::Rule => self.scene.line,
            Which::Each => self.each,
        }
    }

    pub(super) fn at(self, line: &'s Line<'s>) -> View<'s> {
        View { each: Some(line), ..self }
    }
}

impl Test {
    pub(super) fn holds(&self, view: &View<'_>) -> bool {
        match &self.kind {
            Kind::Const(value) => *value,
            Kind::Not(inner) => !inner.holds(view),
            Kind::All(tests) => tests.iter().all(|test| test.holds(view)),
            Kind::Any(tests) => tests.iter().any(|test| test.holds(view)),
            Kind::If(parts) => {
                let [test, yes, no] = &**parts;
                if test.holds(view) { yes.holds(view) } else { no.holds(view) }
            }
            Kind::Same(parts) => {
                let [left, right] = &**parts;
                left.holds(view) == right.holds(view)
            }
            Kind::Number(order, left, right) => match (left.value(view), right.value(view)) {
                (Some(left), Some(right)) => order.holds(&left, &right),
                _ => false,
            },
            Kind::Text(order, left, right) => both(left, right, view, |left, right| order.holds(left, right)),
            Kind::NumberIn(number, list) => {
                number.value(view).is_some_and(|number| list.iter().any(|one| one.value(view) == Some(number)))
            }
            Kind::TextIn(text, list) => {
                text.value(view).is_some_and(|text| list.iter().any(|one| one.value(view) == Some(text)))
            }
            Kind::Tagged(text) => {
                text.value(view).is_some_and(|text| view.scene.customer.tags.iter().any(|tag| **tag == *text))
            }
            Kind::Begins(text, part) => both(text, part, view, |text, part| text.starts_with(part)),
            Kind::Ends(text, part) => both(text, part, view, |text, part| text.ends_with(part)),
            Kind::Contains(text, part) => both(text, part, view, |text, part| text.contains(part)),
            Kind::Known(number) => number.value(view).is_some(),
            Kind::SomeLine(test) => view.scene.lines.iter().any(|line| test.holds(&view.at(line))),
            Kind::EveryLine(test) => view.scene.lines.iter().all(|line| test.holds(&view.at(line))),
        }
    }
}

#[inline]
fn both(left: &Txt, right: &Txt, view: &View<'_>, test: impl FnOnce(&str, &str) -> bool) -> bool {
    match (left.value(view), right.value(view)) {
        (Some(left), Some(right)) => test(left, right),
        _ => false,
    }
}

impl Num {
    #[inline]
    pub(super) fn value(&self, view: &View<'_>) -> Option<i128> {
        match self {
            Num::Const(value) => Some(*value),
            Num::Field(field) => field.value(view),
            _ => self.computed(view),
        }
    }

    fn computed(&self, view: &View<'_>) -> Option<i128> {
        match self {
            Num::Const(value) => Some(*value),
            Num::Field(field) => field.value(view),
            Num::Component(which, name) => {
                let component = view.line(*which)?.components.iter().find(|component| *component.name == **name)?;
                Some(i128::from(component.amount.minor()))
            }
            Num::Part(part, day) => Some(part.of(day.value(view)?)),
            Num::Length(text) => Some(count(text.value(view)?.chars().count())),
            Num::Plus(parts) => {
                let [left, right] = &**parts;
                Some(left.value(view)?.saturating_add(right.value(view)?))
            }
            Num::Minus(parts) => {
                let [left, right] = &**parts;
                Some(left.value(view)?.saturating_sub(right.value(view)?))
            }
            Num::Negative(number) => Some(number.value(view)?.saturating_neg()),
            Num::If(parts) => {
                let (test, yes, no) = &**parts;
                if test.holds(view) { yes.value(view) } else { no.value(view) }
            }
        }
    }
}

impl NumField {
    #[inline]
    fn value(self, view: &View<'_>) -> Option<i128> {
        let Scene { customer, .. } = view.scene;
        Some(match self {
            NumField::Day => number(view.scene.day),
            NumField::Birthday => number(customer.birthday?.nearest(view.scene.day, view.scene.dates)?),
            NumField::Joined => number(customer.joined?),
            NumField::Purchases => whole(i64::from(customer.purchases)),
            NumField::Visits => whole(i64::from(customer.visits)),
            NumField::Points => whole(customer.points),
            NumField::SpendTotal => minor(customer.spend_total),
            NumField::Amount => minor(view.scene.amount),
            NumField::Lines => count(view.scene.lines.len()),
            NumField::Tags => count(customer.tags.len()),
            NumField::LineQuantity(which) => millionths(view.line(which)?.quantity),
            NumField::LineAmount(which) => minor(view.line(which)?.amount),
        })
    }
}

impl DayPart {
    /// The part of a day given by its number, in millionths.
    pub(super) fn of(self, number: i128) -> i128 {
        let day = Day::from_number(i64::try_from(number).unwrap_or(0));
        let (year, month, day_of_month) = day.civil();
        whole(match self {
            DayPart::Year => i64::from(year),
            DayPart::Month => i64::from(month),
            DayPart::Day => i64::from(day_of_month),
            DayPart::Weekday => i64::from(day.weekday()),
        })
    }
}

impl Txt {
    #[inline]
    pub(super) fn value<'s>(&'s self, view: &View<'s>) -> Option<&'s str> {
        match self {
            Txt::Const(text) => Some(text),
            Txt::Field(field) => field.value(view),
            Txt::If(parts) => {
                let (test, yes, no) = &**parts;
                if test.holds(view) { yes.value(view) } else { no.value(view) }
            }
        }
    }
}

impl TextField {
    #[inline]
    fn value<'s>(self, view: &View<'s>) -> Option<&'s str> {
        Some(match self {
            TextField::Store => view.scene.store,
            TextField::Staff => view.scene.staff,
            TextField::Terminal => view.scene.terminal,
            TextField::Tier => view.scene.customer.tier,
            TextField::LineId(which) => &view.line(which)?.id,
            TextField::LineItem(which) => &view.line(which)?.item,
            TextField::LineCategory(which) => &view.line(which)?.category,
        })
    }
}

pub(super) fn number(day: Day) -> i128 {
    i128::from(day.number())
}

pub(super) fn minor(money: Money) -> i128 {
    i128::from(money.minor())
}

fn millionths(quantity: Quantity) -> i128 {
    i128::from(quantity.micros())
}

fn whole(count: i64) -> i128 {
    super::lex::micros(count)
}

fn count(length: usize) -> i128 {
    whole(i64::try_from(length).unwrap_or(i64::MAX))
}
