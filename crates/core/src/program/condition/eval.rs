//! Asking a condition: total, bounded by its size (times the lines of the purchase), without allocating.
//!
//! What is unknown makes the comparison that asks for it false, also `!=`. This is the plain reading of the tree; the till
//! asks the [`quick`](super::quick) one, which answers the same.

use super::tree::{DayPart, Kind, Num, NumField, Test, TextField, Txt, Which};
use super::{Scene, custom};
use crate::calendar::Day;
use crate::fact::Line;
use crate::money::Money;

/// A whole number in millionths.
pub(super) const WHOLE: i128 = 1_000_000;

/// What a test is asked about: the scene, and the line that a loop is at.
#[derive(Clone, Copy)]
pub(super) struct View<'s> {
    pub(super) scene: &'s Scene<'s>,
    pub(super) each: Option<&'s Line<'s>>,
}

impl<'s> View<'s> {
    pub(super) fn line(self, which: Which) -> Option<&'s Line<'s>> {
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
            Kind::All(tests) => tests.iter().all(|test| test.holds(view)),
            Kind::Any(tests) => tests.iter().any(|test| test.holds(view)),
            Kind::Not(inner) => !inner.holds(view),
            Kind::Const(value) => *value,
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
            Kind::NumberIn(number, list) => number
                .value(view)
                .is_some_and(|number| list.iter().any(|one| one.value(view) == Some(number))),
            Kind::TextIn(text, list) => {
                text.value(view).is_some_and(|text| list.iter().any(|one| one.value(view) == Some(text)))
            }
            Kind::Tagged(text) => {
                text.value(view).is_some_and(|text| view.scene.customer.tags.iter().any(|tag| **tag == *text))
            }
            Kind::Begins(text, part) => both(text, part, view, |text, part| text.starts_with(part)),
            Kind::Ends(text, part) => both(text, part, view, |text, part| text.ends_with(part)),
            Kind::Contains(text, part) => both(text, part, view, |text, part| text.contains(part)),
            Kind::Flag(whose, id) => custom::is_set(view, *whose, id),
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
    pub(super) fn value(&self, view: &View<'_>) -> Option<i128> {
        match self {
            Num::Const(value) => Some(*value),
            Num::Field(field) => field.value(view),
            Num::Component(which, name) => {
                let component =
                    view.line(*which)?.components.iter().find(|component| *component.name == **name)?;
                Some(i128::from(component.amount.minor()))
            }
            Num::Custom(figure) => figure.value(view),
            Num::Part(DayPart::Month, day) if matches!(**day, Num::Field(NumField::Birthday)) => {
                let birthday = view.scene.customer.birthday?;
                Some(whole(birthday.nearest_month(view.scene.day, view.scene.dates)?.into()))
            }
            Num::Part(part, day) => Some(part.of(day.value(view)?)),
            Num::Length(text) => Some(whole(length(text.value(view)?.chars().count()))),
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
    fn value(self, view: &View<'_>) -> Option<i128> {
        Some(i128::from(self.count(view)?).saturating_mul(self.unit()))
    }

    /// The value in its own unit: whole numbers, minor units, days, millionths of a quantity.
    #[inline(always)]
    pub(super) fn count(self, view: &View<'_>) -> Option<i64> {
        let scene = view.scene;
        let customer = &scene.customer;
        Some(match self {
            NumField::LineAmount(which) => view.line(which)?.amount.minor(),
            NumField::LineQuantity(which) => view.line(which)?.quantity.micros(),
            NumField::Day => scene.day.number().into(),
            NumField::Birthday => customer.birthday?.nearest(scene.day, scene.dates)?.number().into(),
            NumField::Joined => customer.joined?.number().into(),
            NumField::Purchases => customer.purchases.into(),
            NumField::Visits => customer.visits.into(),
            NumField::Points => customer.points,
            NumField::SpendTotal => customer.spend_total.minor(),
            NumField::Amount => scene.amount.minor(),
            NumField::Lines => length(scene.lines.len()),
            NumField::Tags => length(customer.tags.len()),
        })
    }

    /// How much of a [`Num`] one of its own unit is.
    pub(super) fn unit(self) -> i128 {
        match self {
            NumField::Purchases | NumField::Visits | NumField::Points | NumField::Lines | NumField::Tags => {
                WHOLE
            }
            NumField::Day
            | NumField::Birthday
            | NumField::Joined
            | NumField::SpendTotal
            | NumField::Amount
            | NumField::LineQuantity(_)
            | NumField::LineAmount(_) => 1,
        }
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
            Txt::Custom(whose, id) => custom::text(view, *whose, id),
            Txt::If(parts) => {
                let (test, yes, no) = &**parts;
                if test.holds(view) { yes.value(view) } else { no.value(view) }
            }
        }
    }
}

impl TextField {
    #[inline(always)]
    pub(super) fn value<'s>(self, view: &View<'s>) -> Option<&'s str> {
        Some(match self {
            TextField::Store => view.scene.store,
            TextField::Staff => view.scene.staff,
            TextField::Terminal => view.scene.terminal,
            TextField::Tier => view.scene.customer.tier,
            TextField::Gender => view.scene.customer.gender,
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

fn whole(count: i64) -> i128 {
    super::lex::micros(count)
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
