//! Benefits as they are asked about (semantics 17).

use super::Book;
use crate::Id;
use crate::calendar::Day;
use crate::loyalty::account::Account;
use schemars::JsonSchema;
use serde::Serialize;

/// Something that the shop does for a customer.
///
/// ```
/// # use parure::{book::Book, calendar::Day, fact::Fact, program::Program};
/// let mut book = Book::new(Program::parse("house.toml", r#"
///     edition = 2026
///     name = "Maison"
///     effective = 2026-01-01
///     currency = "CNY"
///     time_zone = "Asia/Shanghai"
///     [[tier]]
///     id = "member"
///     benefits = ["free-cleaning"]
///     [[benefit]]
///     id = "free-cleaning"
///     times = { count = 4, within = "calendar year" }
/// "#)?);
/// for json in [
///     r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#,
///     r#"{"id":"u-1","at":"2026-05-01T10:00:00+08:00","customer":"c-1","benefit_used":{"benefit":"free-cleaning"}}"#,
/// ] {
///     book.record(&Fact::from_json(json, book.currency())?)?;
/// }
/// let left = |day| Ok::<_, Box<dyn std::error::Error>>(book.account("c-1", Day::parse(day)?)?.benefits[0].left);
/// assert_eq!((left("2026-12-31")?, left("2027-01-01")?), (Some(3), Some(4)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BenefitView {
    /// Which of the program's benefits it is.
    pub benefit: Id,
    /// What it is called.
    pub name: String,
    /// What it is had by: `tier`, `given`, `piece`.
    pub by: &'static str,
    /// The fact that gave it, or the purchase of the piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<Id>,
    /// The line of the purchase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// How often it can still be had; none: as often as wished.
    pub left: Option<usize>,
    /// Its last day, of what was given; none: it does not lapse.
    #[serde(serialize_with = "super::answer::as_text")]
    pub last_day: Option<Day>,
}

impl Book {
    pub(super) fn benefits_of(&self, account: &Account, on: Day) -> Vec<BenefitView> {
        let all = account.benefits_on(on, &self.versions);
        let all = all.into_iter().map(|left| {
            let fact = left.given.map(|given| given.fact).or(left.piece.map(|piece| piece.purchase));
            BenefitView {
                benefit: left.rule.id.clone(),
                name: left.rule.name.to_string(),
                by: match (left.given, left.piece) {
                    (Some(_), _) => "given",
                    (None, Some(_)) => "piece",
                    (None, None) => "tier",
                },
                fact: fact.map(|fact| self.log.id(fact).into()),
                line: left.piece.map(|piece| piece.line.to_string()),
                left: left.left,
                last_day: left.given.and_then(|given| given.last),
            }
        });
        all.collect()
    }
}
