//! Why a condition did not hold: the smallest parts that made it so, with what was found.

use super::custom::{self, FigureOf};
use super::eval::View;
use super::print::{decimal, quoted};
use super::tree::{DayPart, Kind, Num, NumField, Test, Txt, Which};
use super::vocabulary::{number_name, text_name};
use crate::calendar::Day;
use crate::money::{Currency, Money};
use std::ops::Range;

/// One part of a condition that made it false, and the values it met.
///
/// ```
/// use parure::calendar::Day;
/// use parure::money::Currency;
/// use parure::program::condition::{Condition, Scene};
/// let condition = Condition::compile("day.weekday >= 6 || store == \"上海\"", Currency::parse("CNY")?, &[]).unwrap();
/// let why = condition.why_not(&Scene::on(Day::parse("2026-11-20")?).with_place("北京", "", ""));
/// assert_eq!(why[0].to_string(), "`day.weekday >= 6`: day.weekday is 5");
/// assert_eq!(why[1].to_string(), "`store == \"上海\"`: store is \"北京\"");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The part as it is written in the program.
    pub part: String,
    /// Whether the part held; a part within `!` makes the condition false by holding.
    pub held: bool,
    /// What the part asked about, and what it found.
    pub found: Vec<Found>,
}

/// A value that a condition met, as it would be written in a condition: `"ring/diamond"`, `12800.00`, `2026-05-01`; `unknown`
/// for what is not known.
///
/// ```
/// use parure::program::condition::Found;
/// let found = Found { name: "line.category".into(), value: "\"ring/diamond\"".into() };
/// assert_eq!(found.to_string(), "line.category is \"ring/diamond\"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name in the vocabulary: `line.category`.
    pub name: String,
    /// The value.
    pub value: String,
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is {}", self.name, self.value)
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`", self.part)?;
        for (place, found) in self.found.iter().enumerate() {
            write!(f, "{} {found}", if place == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

pub(super) struct Reasons<'c> {
    pub(super) source: &'c str,
    pub(super) currency: Currency,
    pub(super) whys: Vec<Why>,
}

impl Reasons<'_> {
    /// Looks for the parts that made a test what it was, `held` or not.
    pub(super) fn collect(&mut self, test: &Test, held: bool, view: &View<'_>) {
        if test.holds(view) != held {
            return;
        }
        match &test.kind {
            Kind::Not(inner) => self.collect(inner, !held, view),
            Kind::All(tests) | Kind::Any(tests) => {
                tests.iter().for_each(|test| self.collect(test, held, view));
            }
            Kind::If(parts) => {
                let [test, yes, no] = &**parts;
                let tested = test.holds(view);
                self.collect(test, tested, view);
                self.collect(if tested { yes } else { no }, held, view);
            }
            Kind::EveryLine(body) if !held => {
                if let Some(line) = view.scene.lines.iter().find(|line| !body.holds(&view.at(line))) {
                    self.collect(body, false, &view.at(line));
                }
            }
            Kind::SomeLine(body) if held => {
                if let Some(line) = view.scene.lines.iter().find(|line| body.holds(&view.at(line))) {
                    self.collect(body, true, &view.at(line));
                }
            }
            _ => self.part(test, held, view),
        }
    }

    fn part(&mut self, test: &Test, held: bool, view: &View<'_>) {
        let Range { start, end } = test.at;
        let part = self.source.get(usize::from(start)..usize::from(end)).unwrap_or_default().to_owned();
        let mut found = Vec::new();
        self.found(test, view, &mut found);
        self.whys.push(Why { part, held, found });
    }

    fn found(&self, test: &Test, view: &View<'_>, found: &mut Vec<Found>) {
        match &test.kind {
            Kind::Const(_) | Kind::Not(_) | Kind::All(_) | Kind::Any(_) | Kind::If(_) | Kind::Same(_) => {}
            Kind::Number(_, left, right) => {
                self.number(left, view, found);
                self.number(right, view, found);
            }
            Kind::NumberIn(number, list) => {
                self.number(number, view, found);
                list.iter().for_each(|one| self.number(one, view, found));
            }
            Kind::Text(_, left, right)
            | Kind::Begins(left, right)
            | Kind::Ends(left, right)
            | Kind::Contains(left, right) => {
                text(left, view, found);
                text(right, view, found);
            }
            Kind::TextIn(one, list) => {
                text(one, view, found);
                list.iter().for_each(|one| text(one, view, found));
            }
            Kind::Tagged(one) => {
                text(one, view, found);
                let tags =
                    view.scene.customer.tags.iter().map(|tag| shown(tag)).collect::<Vec<_>>().join(", ");
                note(found, "customer.tags".to_owned(), format!("[{tags}]"));
            }
            Kind::Flag(whose, id) => {
                note(found, custom::name(*whose, id), custom::is_set(view, *whose, id).to_string());
            }
            Kind::Known(number) => self.number(number, view, found),
            Kind::SomeLine(_) | Kind::EveryLine(_) => self.number(&Num::Field(NumField::Lines), view, found),
        }
    }

    fn number(&self, number: &Num, view: &View<'_>, found: &mut Vec<Found>) {
        let value = number.value(view);
        match number {
            Num::Const(_) => {}
            Num::Field(field) => {
                let shown = match field {
                    NumField::Day | NumField::Birthday | NumField::Joined => value.map(day),
                    NumField::SpendTotal | NumField::Amount | NumField::LineAmount(_) => {
                        value.map(|value| self.money(value))
                    }
                    NumField::Purchases
                    | NumField::Visits
                    | NumField::Points
                    | NumField::Lines
                    | NumField::Tags
                    | NumField::LineQuantity(_) => value.map(plain),
                };
                note(found, number_name(*field), shown.unwrap_or_else(unknown));
            }
            Num::Component(Which::Rule | Which::Each, name) => {
                let shown = value.map_or_else(unknown, |value| self.money(value));
                note(found, format!("line.components[{}]", self::shown(name)), shown);
            }
            Num::Custom(figure) => {
                let shown = match figure.of {
                    FigureOf::Number => value.map(plain),
                    FigureOf::Money(_) => value.map(|value| self.money(value)),
                    FigureOf::Day => value.map(day),
                };
                note(found, custom::name(figure.whose, &figure.id), shown.unwrap_or_else(unknown));
            }
            Num::Part(part, of) => {
                let Num::Field(field) = &**of else { return self.number(of, view, found) };
                let part = match part {
                    DayPart::Year => "year",
                    DayPart::Month => "month",
                    DayPart::Day => "day",
                    DayPart::Weekday => "weekday",
                };
                note(found, format!("{}.{part}", number_name(*field)), value.map_or_else(unknown, plain));
            }
            Num::Length(of) => text(of, view, found),
            Num::Plus(parts) | Num::Minus(parts) => {
                parts.iter().for_each(|part| self.number(part, view, found));
            }
            Num::Negative(inner) => self.number(inner, view, found),
            Num::If(parts) => {
                let (test, yes, no) = &**parts;
                self.number(if test.holds(view) { yes } else { no }, view, found);
            }
        }
    }

    fn money(&self, minor: i128) -> String {
        self.currency.show(Money::from_minor(i64::try_from(minor).unwrap_or(i64::MAX)))
    }
}

fn text(text: &Txt, view: &View<'_>, found: &mut Vec<Found>) {
    match text {
        Txt::Const(_) => {}
        Txt::Field(field) => note(found, text_name(*field), text.value(view).map_or_else(unknown, shown)),
        Txt::Custom(whose, id) => {
            note(found, custom::name(*whose, id), text.value(view).map_or_else(unknown, shown));
        }
        Txt::If(parts) => {
            let (test, yes, no) = &**parts;
            self::text(if test.holds(view) { yes } else { no }, view, found);
        }
    }
}

/// Each value once.
fn note(found: &mut Vec<Found>, name: String, value: String) {
    if !found.iter().any(|known| known.name == name) {
        found.push(Found { name, value });
    }
}

fn unknown() -> String {
    "unknown".to_owned()
}

fn day(number: i128) -> String {
    Day::from_number(i64::try_from(number).unwrap_or(0)).to_string()
}

fn plain(millionths: i128) -> String {
    let text = decimal(millionths);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

fn shown(text: &str) -> String {
    let mut shown = String::new();
    // Writing to a `String` can't fail.
    let _ = quoted(&mut shown, text);
    shown
}
