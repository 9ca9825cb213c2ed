//! What a book answers to facts.

use crate::Id;
use crate::calendar::Day;
use crate::outcome::Refusal;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::fmt::Display;

/// The answer to `record`.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// use parure::book::Answer;
/// use parure::fact::Fact;
/// let json = r#"{"id":"x-9","at":"2026-11-21T10:00:00+08:00","customer":"tang-wei","redeemed":{"points":5000,"reward":"tote-bag"}}"#;
/// let tote = Fact::from_json(json, book.currency())?;
/// let Answer::Refused { refusal } = book.record(&tote)? else { panic!("she has 246 points") };
/// assert_eq!(refusal.code.code(), "not_enough_points");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Answer {
    /// The fact is in the book; this is what it did.
    Accepted {
        /// What it did.
        outcome: Box<Outcome>,
    },
    /// The very same fact was in the book before; this is what it does now.
    AlreadyRecorded {
        /// What it does.
        outcome: Box<Outcome>,
    },
    /// A business answer: no. Nothing has changed.
    Refused {
        /// Why, and what would help.
        refusal: Refusal,
    },
}

/// What one fact did to its account.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let json = r#"{"id":"p-40","at":"2026-05-02T10:00:00+08:00","customer":"wang-fang","purchased":{"lines":[{"id":"1","amount":"25000.00"}]}}"#;
/// let ring = parure::fact::Fact::from_json(json, book.currency())?;
/// let parure::book::Answer::Accepted { outcome } = book.record(&ring)? else { panic!("a sale of May, told in November") };
/// assert_eq!((outcome.points.awarded, outcome.rules.as_slice()), (5_000, &["standard".into(), "birthday-month".into()][..]));
/// assert_eq!(outcome.balance, 1_020); // the 5,000 are usable from 9 May
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Outcome {
    /// The fact's id.
    pub fact: Id,
    /// The account's id; none for a program adopted for all.
    pub account: Option<Id>,
    /// The day it counts on.
    #[serde(serialize_with = "as_text")]
    pub day: Option<Day>,
    /// Points that moved.
    pub points: PointsMoved,
    /// The balance after it.
    pub balance: i64,
    /// The tier just before and right after it.
    pub tier: Option<TierChange>,
    /// The earning rules and bonuses that applied, in the program's order.
    pub rules: Vec<Id>,
    /// What became of coupons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<super::CouponMoved>,
    /// What moved of stored value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub value: Vec<super::ValueMoved>,
    /// Of a refund, where it goes back to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refunded_to: Vec<super::RefundedTo>,
    /// What moved of deposits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deposits: Vec<super::DepositMoved>,
    /// What `record` would have refused.
    pub flags: Vec<FlagView>,
    /// For a fact that came late: what it changed after it.
    pub changed: Vec<Change>,
}

/// Points that one fact moved. All are counts of points; none is negative but `adjusted`.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let json = r#"{"id":"p-40","at":"2026-05-02T10:00:00+08:00","customer":"wang-fang","purchased":{"lines":[{"id":"1","amount":"25000.00"}]}}"#;
/// let ring = parure::fact::Fact::from_json(json, book.currency())?;
/// let parure::book::Answer::Accepted { outcome } = book.record(&ring)? else { panic!("a sale of May, told in November") };
/// let moved = outcome.points;
/// assert_eq!((moved.wanted, moved.awarded, moved.spent), (5_000, 5_000, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct PointsMoved {
    /// What the rules gave, before caps.
    pub wanted: i64,
    /// What was awarded, after caps, before debt is paid.
    pub awarded: i64,
    /// What of it paid debt.
    pub debt_paid: i64,
    /// Spent on a purchase or a reward.
    pub spent: i64,
    /// Points that had paid for something and came back.
    pub restored: i64,
    /// Taken back for a return, with what became debt.
    pub taken_back: i64,
    /// What was not there and became debt.
    pub owed: i64,
    /// Given to someone.
    pub given: i64,
    /// Received from someone.
    pub received: i64,
    /// By hand.
    pub adjusted: i64,
}

/// A tier before and after, by id.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let json = r#"{"id":"p-40","at":"2026-05-02T10:00:00+08:00","customer":"wang-fang","purchased":{"lines":[{"id":"1","amount":"25000.00"}]}}"#;
/// let ring = parure::fact::Fact::from_json(json, book.currency())?;
/// let parure::book::Answer::Accepted { outcome } = book.record(&ring)? else { panic!("a sale of May, told in November") };
/// let tier = outcome.tier.unwrap();
/// assert_eq!((tier.before.as_str(), tier.after.as_str()), ("member", "gold"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TierChange {
    /// Before.
    pub before: Id,
    /// After.
    pub after: Id,
}

/// Something that `record` would have refused, with the facts in conflict.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let json = r#"{"id":"x-9","at":"2026-11-20T10:00:00+08:00","customer":"tang-wei","redeemed":{"points":5000,"reward":"tote-bag"}}"#;
/// let tote = parure::fact::Fact::from_json(json, book.currency())?;
/// book.merge([tote])?;
/// let account = book.account("tang-wei", on)?;
/// assert_eq!((account.flags[0].code, account.flags[0].facts.as_slice()), ("overdrawn", &["x-9".into()][..]));
/// assert_eq!(account.points.debt, 5_000 - 246); // semantics 5.4
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlagView {
    /// A stable code: `overdrawn`, `over_limit`, …
    pub code: &'static str,
    /// The other side of the conflict, where there is one, and the flagged fact.
    pub facts: Vec<Id>,
}

/// How a fact's own result changed when another came late: signed differences.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let json = r#"{"id":"p-40","at":"2026-05-02T10:00:00+08:00","customer":"wang-fang","purchased":{"lines":[{"id":"1","amount":"25000.00"}]}}"#;
/// let ring = parure::fact::Fact::from_json(json, book.currency())?;
/// let parure::book::Answer::Accepted { outcome } = book.record(&ring)? else { panic!("a sale of May, told in November") };
/// // Gold since May: the necklace of 30 October earns more than it did (semantics 1.4).
/// let necklace = outcome.changed.iter().find(|change| change.fact == "p-31").unwrap();
/// assert!(necklace.awarded > 0);
/// assert_eq!(necklace.tier.as_ref().unwrap().after, "gold");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// The fact whose result changed.
    pub fact: Id,
    /// Its account.
    pub account: Id,
    /// Points awarded.
    pub awarded: i64,
    /// Points taken back by its returns.
    pub taken_back: i64,
    /// Points it had been paid with that came back.
    pub restored: i64,
    /// What of it was not there and became debt.
    pub owed: i64,
    /// The tier held just before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierChange>,
}

/// The answer to `merge`.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let json = r#"{"id":"x-9","at":"2026-11-20T10:00:00+08:00","customer":"tang-wei","redeemed":{"points":5000,"reward":"tote-bag"}}"#;
/// let tote = parure::fact::Fact::from_json(json, book.currency())?;
/// let merged = book.merge([&tote, &tote])?;
/// assert_eq!((merged.new, merged.known, merged.conflicts.len()), (1, 1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Merged {
    /// Facts that were new.
    pub new: usize,
    /// Facts that were in the book before.
    pub known: usize,
    /// Facts that carry the id of another fact; the book keeps the one it had.
    pub conflicts: Vec<Conflict>,
    /// What changed of facts that were in the book before.
    pub changes: Vec<Change>,
}

/// The same id with other content.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let json = r#"{"id":"x-9","at":"2026-11-20T10:00:00+08:00","customer":"tang-wei","redeemed":{"points":5000,"reward":"tote-bag"}}"#;
/// let tote = parure::fact::Fact::from_json(json, book.currency())?;
/// let other = json.replace("5000", "50");
/// let merged = book.merge([tote, parure::fact::Fact::from_json(&other, book.currency())?])?;
/// assert_eq!((merged.conflicts[0].id.as_str(), merged.conflicts[0].field.as_str()), ("x-9", "redeemed.points"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Conflict {
    /// The id.
    pub id: Id,
    /// The first field that differs.
    pub field: String,
}

pub(super) fn as_text<T: Display, S: Serializer>(told: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    match told {
        Some(told) => serializer.collect_str(told),
        None => serializer.serialize_none(),
    }
}
