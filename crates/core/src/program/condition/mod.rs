//! Conditions: a typed subset of CEL, checked when the program is loaded, total when it runs.
//!
//! What they can say is told for the people who write programs in docs/conditions.md. The way of a source:
//! `lex` → `parse` → `check` (names and types) → `never` (can it hold at all?); then `quick` and `eval` ask the
//! checked tree, and `why` tells what it found.

mod call;
mod check;
pub(crate) mod custom;
mod eval;
mod lex;
mod needs;
mod never;
mod parse;
mod print;
mod quick;
mod scene;
#[cfg(test)]
mod tests;
mod tree;
mod vocabulary;
mod why;

use crate::fault::{Fault, Place};
use crate::money::Currency;
use crate::program::customers::Declared;
pub(crate) use needs::{Changes, Lasting};
pub use scene::{CustomValue, Customer, Scene};
use std::fmt;
use std::ops::Range;
use tree::Test;
pub use why::{Found, Why};

/// A checked condition: it can be asked about any [`Scene`] and always has an answer.
///
/// ```
/// use parure::money::Currency;
/// use parure::program::condition::Condition;
/// let yuan = Currency::parse("CNY")?;
/// let condition = Condition::compile("customer.points>=500&&line.category.startsWith('gold/')", yuan, &[]).unwrap();
/// assert_eq!(condition.to_string(), "customer.points >= 500 && line.category.startsWith(\"gold/\")");
///
/// let faults = Condition::compile("line.amount > 5000", yuan, &[]).unwrap_err();
/// assert_eq!(faults[0].to_string(), "an amount of money can't be compared with a whole number; write `money(\"5000\")`");
/// assert_eq!(faults[0].place.unwrap().column, 1);
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone)]
pub struct Condition {
    test: Test,
    quick: quick::Quick,
    uses: Uses,
    currency: Currency,
    source: Box<str>,
    canonical: Box<str>,
}

/// The parts of a condition that ask of the setting of a purchase, or those that ask which kind of line it is.
#[derive(Debug, Clone)]
pub(crate) struct Parts(quick::Quick);

impl Parts {
    pub(crate) fn holds(&self, scene: &Scene<'_>) -> bool {
        self.0.holds(&eval::View { scene, each: None })
    }

    /// Whether it asks nothing.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.0, quick::Quick::All(parts) if parts.is_empty())
    }
}

/// What a program defines that conditions may name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'k> {
    pub(crate) currency: Currency,
    pub(crate) tiers: &'k [&'k str],
    /// The fields that it declares, of customers and of pieces.
    pub(crate) fields: &'k [Declared],
    pub(crate) pieces: &'k [Declared],
    /// Whether the condition is asked about one line at a time.
    pub(crate) lines: bool,
}

/// What a condition asks for, so that the fold prepares no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Uses {
    /// `line.…`: the condition is about one line.
    pub(crate) line: bool,
    /// The purchase's amount or its lines.
    pub(crate) purchase: bool,
    /// Anything of the customer.
    pub(crate) customer: bool,
    /// The customer's spend or points.
    pub(crate) totals: bool,
    pub(crate) birthday: bool,
    /// The item of a line.
    pub(crate) item: bool,
    /// The category of a line.
    pub(crate) category: bool,
    /// What is told of the very piece of a line.
    pub(crate) piece: bool,
}

/// Bad input in a condition; `at` counts the bytes of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConditionFault {
    pub(crate) at: Range<usize>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) advice: Option<String>,
}

impl Condition {
    /// Reads and checks a condition.
    pub(crate) fn parse(source: &str, known: &Known<'_>) -> Result<Condition, Vec<ConditionFault>> {
        let ast = parse::parse(source).map_err(|fault| vec![fault])?;
        let (test, uses) = check::check(&ast, known)?;
        let mut faults = Vec::new();
        never::faults(&test, source, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let canonical = ast.to_string().into();
        let quick = quick::Quick::of(&test);
        Ok(Condition { test, quick, uses, currency: known.currency, source: source.into(), canonical })
    }

    /// Reads and checks a condition outside of a program: `tiers` are the ids that `customer.tier` may be compared with; there are no fields of its own.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// use parure::money::Currency;
    /// use parure::program::condition::{Condition, Scene};
    /// let yuan = Currency::parse("CNY")?;
    /// assert!(Condition::compile("customer.tier == 'gold'", yuan, &["gold"]).is_ok());
    /// assert_eq!(Condition::compile("customer.tier == 'golden'", yuan, &["gold"]).unwrap_err()[0].code, "unknown_tier");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// All the faults of names, types and values, or the first of the syntax, each with its place in `source`: `condition_syntax`,
    /// `condition_left_out`, `condition_length`, `condition_nesting`, `condition_size`, `condition_list`, `condition_type`,
    /// `condition_never`, `condition_no_line`, `condition_tier_order`, `condition_name_taken`, `unknown_name`, `unknown_field`,
    /// `unknown_function`, `unknown_tier`, and those of [`Currency::money`] and [`Day::parse`](crate::calendar::Day::parse).
    pub fn compile(source: &str, currency: Currency, tiers: &[&str]) -> Result<Condition, Vec<Fault>> {
        let placed = |fault: ConditionFault| Fault {
            place: Some(Place::of(source, fault.at)),
            advice: fault.advice,
            ..Fault::new(fault.code, fault.message)
        };
        Condition::parse(source, &Known { currency, tiers, fields: &[], pieces: &[], lines: true })
            .map_err(|faults| faults.into_iter().map(placed).collect())
    }

    /// Whether it holds. Takes time that is bounded by the size of the condition, times the lines of the purchase where it looks
    /// at all of them; allocates nothing.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// use parure::money::Currency;
    /// use parure::program::condition::{Condition, Scene};
    /// let yuan = Currency::parse("CNY")?;
    /// let weekend = Condition::compile("day.weekday>=6", yuan, &[]).unwrap();
    /// assert!(weekend.holds(&Scene::on(Day::parse("2026-11-21")?)));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn holds(&self, scene: &Scene<'_>) -> bool {
        self.quick.holds(&eval::View { scene, each: None })
    }

    /// What it asks of the setting, where the rest of it asks only of the item and the category of a line.
    pub(crate) fn setting(&self) -> Option<Parts> {
        needs::setting(&self.test).map(Parts)
    }

    /// What it asks of the item and the category of a line, where [`setting`](Condition::setting) tells the rest.
    pub(crate) fn kind(&self) -> Parts {
        Parts(needs::kind(&self.test))
    }

    /// How long its answer stays what it is.
    pub(crate) fn lasting(&self) -> Lasting {
        needs::lasting(&self.test)
    }

    /// How its answer may change while nothing is told of a customer.
    pub(crate) fn changes(&self) -> Changes {
        needs::changes(&self.test)
    }

    /// What it asks for.
    pub(crate) fn uses(&self) -> Uses {
        self.uses
    }

    /// The smallest parts that made it false, with what they found; nothing where it holds.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// use parure::money::Currency;
    /// use parure::program::condition::{Condition, Scene};
    /// let yuan = Currency::parse("CNY")?;
    /// let weekend = Condition::compile("day.weekday>=6", yuan, &[]).unwrap();
    /// let why = weekend.why_not(&Scene::on(Day::parse("2026-11-20")?));
    /// assert_eq!(why[0].to_string(), "`day.weekday>=6`: day.weekday is 5");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn why_not(&self, scene: &Scene<'_>) -> Vec<Why> {
        let mut reasons = why::Reasons { source: &self.source, currency: self.currency, whys: Vec::new() };
        reasons.collect(&self.test, false, &eval::View { scene, each: None });
        reasons.whys
    }

    /// The source as it was written.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// use parure::money::Currency;
    /// use parure::program::condition::{Condition, Scene};
    /// let yuan = Currency::parse("CNY")?;
    /// let weekend = Condition::compile("day.weekday>=6", yuan, &[]).unwrap();
    /// assert_eq!((weekend.source(), weekend.to_string().as_str()), ("day.weekday>=6", "day.weekday >= 6"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// The canonical source: without comments, needless blanks or brackets; it reads back as the same condition.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical)
    }
}

impl ConditionFault {
    fn new(at: Range<usize>, code: &'static str, message: impl Into<String>) -> ConditionFault {
        ConditionFault { at, code, message: message.into(), advice: None }
    }

    /// Something that CEL has and conditions don't.
    fn left_out(at: Range<usize>, message: impl Into<String>) -> ConditionFault {
        ConditionFault::new(at, "condition_left_out", message)
    }

    fn advise(self, advice: impl Into<String>) -> ConditionFault {
        ConditionFault { advice: Some(advice.into()), ..self }
    }
}
