//! What a book answers to facts.

use crate::calendar::Day;
use crate::outcome::Refusal;
use serde::{Serialize, Serializer};

/// The answer to `record`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Outcome {
    /// The fact's id.
    pub fact: String,
    /// The account's id; none for a program adopted for all.
    pub account: Option<String>,
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
    pub rules: Vec<String>,
    /// What `record` would have refused.
    pub flags: Vec<FlagView>,
    /// For a fact that came late: what it changed after it.
    pub changed: Vec<Change>,
}

/// Points that one fact moved. All are counts of points; none is negative but `adjusted`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TierChange {
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// Something that `record` would have refused, with the facts in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlagView {
    /// A stable code: `overdrawn`, `over_limit`, …
    pub code: &'static str,
    /// The other side of the conflict, where there is one, and the flagged fact.
    pub facts: Vec<String>,
}

/// How a fact's own result changed when another came late: signed differences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The fact whose result changed.
    pub fact: String,
    /// Its account.
    pub account: String,
    /// Points awarded.
    pub awarded: i64,
    /// Points taken back by its returns.
    pub taken_back: i64,
    /// Points it had been paid with that came back.
    pub restored: i64,
    /// What became debt when it was paid.
    pub owed: i64,
    /// The tier held just before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierChange>,
}

/// The answer to `merge`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The id.
    pub id: String,
    /// The first field that differs.
    pub field: String,
}

pub(super) fn as_text<S: Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}
