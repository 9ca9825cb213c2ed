//! What somebody has to see to, because the book can't settle it.

use super::Book;
use super::views::day_as_text;
use crate::Id;
use crate::calendar::Day;
use crate::money::Money;
use crate::outcome::{Nobody, RefusalCode};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

/// An account whose points or stored value were spent twice, at stores that could not know of each other, and that has not made it good yet (semantics 5.4, 18.3).
/// Nothing was lost and nobody was refused: someone should talk to the customer, or write the debt off by hand.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let tote = |id: &str| format!(r#"{{"id":"{id}","at":"2026-11-21T10:00:00+08:00","customer":"tang-wei","redeemed":{{"points":200,"reward":"tote-bag"}}}}"#);
/// let (here, there) = (tote("airport-7"), tote("nanjing-road-9")); // both spend 200 of her 246 points
/// let yuan = book.currency();
/// book.merge([parure::fact::Fact::from_json(&here, yuan)?, parure::fact::Fact::from_json(&there, yuan)?])?;
/// let tasks = book.tasks(on);
/// assert_eq!((tasks[0].code, tasks[0].account.as_str(), tasks[0].debt), ("overdrawn", "tang-wei", 154));
/// assert_eq!(tasks[0].facts, ["airport-7", "nanjing-road-9"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Task {
    /// `overdrawn`, of points; `value_overdrawn`.
    pub code: &'static str,
    /// Whose it is.
    pub account: Id,
    /// The day of the spending that found too little.
    #[serde(serialize_with = "day_as_text")]
    pub since: Day,
    /// The facts in conflict: who spent before, who found too little.
    pub facts: Vec<Id>,
    /// Points that the account owes.
    pub debt: i64,
    /// Stored value that it owes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub value_owed: Option<Decimal>,
}

impl Book {
    /// What there is to see to at the end of a day: a task for each overdraft of an account that is in debt, the earliest first. It is done
    /// when the debt is paid: of points by awards or by hand, of stored value by what comes in next.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert!(book.tasks(on).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn tasks(&self, on: Day) -> Vec<Task> {
        let mut tasks = Vec::new();
        let is_of_debt = |code| matches!(code, RefusalCode::NotEnoughPoints | RefusalCode::NotEnoughValue);
        for root in self.people.roots_by_id() {
            let flagged = |place| self.people.get(place)?.account.rare.as_deref();
            if !flagged(root).is_some_and(|rare| rare.flags.iter().any(|flag| is_of_debt(flag.code))) {
                continue;
            }
            let account = self.account_on(root, self.answerable(on), &mut Nobody);
            let debt = account.purse.debt;
            let value_owed = account.stored_value().map_or(0, |value| value.principal.debt);
            for flag in account.rare.iter().flat_map(|rare| &rare.flags) {
                let (debt, value_owed) = match flag.code {
                    RefusalCode::NotEnoughPoints if debt > 0 => (debt, 0),
                    RefusalCode::NotEnoughValue if value_owed > 0 => (0, value_owed),
                    _ => continue,
                };
                let fact = self.log.fact(flag.fact);
                let since = fact.map_or(on, |fact| self.ground().when(flag.fact, &fact).day);
                let facts = flag.other.into_iter().chain([flag.fact]).map(|no| self.log.id(no).into());
                let value_owed =
                    (value_owed > 0).then(|| self.currency().decimal(Money::from_minor(value_owed)));
                tasks.push(Task {
                    code: flag.code.flag(),
                    account: self.people.id(root).clone(),
                    since,
                    facts: facts.collect(),
                    debt,
                    value_owed,
                });
            }
        }
        tasks.sort_by_key(|task| task.since);
        tasks
    }
}
