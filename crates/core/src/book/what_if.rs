//! The same facts under another program.

use super::Book;
use super::report::{Report, Tally};
use crate::Id;
use crate::calendar::Day;
use crate::fault::Fault;
use crate::program::Program;
use crate::program::versions::Versions;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The same facts under another program, side by side.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// // Gold for 50,000.00 instead of 30,000.00.
/// let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml")).replace("\"30000\"", "\"50000\"");
/// let dearer = parure::program::Program::parse("dearer.toml", &text)?;
/// let what_if = book.what_if(&dearer, on)?;
/// assert_eq!((what_if.now.tiers[1].members, what_if.then.tiers[1].members), (6, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WhatIf {
    /// As it is.
    pub now: Report,
    /// As it would be.
    pub then: Report,
    /// Who would hold another tier, by tier before and after.
    pub moved: Vec<Movement>,
    /// The first thousand of them, by id.
    pub members: Vec<MovedMember>,
}

/// Members who would hold another tier.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// // Gold for 50,000.00 instead of 30,000.00.
/// let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml")).replace("\"30000\"", "\"50000\"");
/// let dearer = parure::program::Program::parse("dearer.toml", &text)?;
/// let what_if = book.what_if(&dearer, on)?;
/// let moved = &what_if.moved[0];
/// assert_eq!((moved.from.as_str(), moved.to.as_str(), moved.members), ("gold", "member", 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Movement {
    /// The tier they hold.
    pub from: Id,
    /// The tier they would hold.
    pub to: Id,
    /// How many.
    pub members: u64,
}

/// A member who would hold another tier.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// // Gold for 50,000.00 instead of 30,000.00.
/// let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml")).replace("\"30000\"", "\"50000\"");
/// let dearer = parure::program::Program::parse("dearer.toml", &text)?;
/// let what_if = book.what_if(&dearer, on)?;
/// assert_eq!((what_if.members[0].account.as_str(), what_if.members[0].to.as_str()), ("chen-jie", "member"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MovedMember {
    /// The account.
    pub account: Id,
    /// The tier they hold.
    pub from: Id,
    /// The tier they would hold.
    pub to: Id,
}

/// How many of those who moved are named.
const MOST_NAMED: usize = 1_000;

impl Book {
    /// What would follow from the same facts under another program: as if it alone had always been in force.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// // Gold for 50,000.00 instead of 30,000.00.
    /// let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml")).replace("\"30000\"", "\"50000\"");
    /// let dearer = parure::program::Program::parse("dearer.toml", &text)?;
    /// let what_if = book.what_if(&dearer, on)?;
    /// assert_eq!(what_if.moved.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `sealed` where the past can't be folded again, `other_currency_or_zone` where amounts or days would mean something else.
    pub fn what_if(&self, other: &Program, on: Day) -> Result<WhatIf, Fault> {
        if let Some(day) = self.sealed_until() {
            return Err(Fault::new(
                "sealed",
                format!("the book is sealed up to {day}: its facts can't be folded again"),
            ));
        }
        if other.currency != self.versions.currency() || other.zone != self.versions.zone() {
            return Err(Fault::new(
                "other_currency_or_zone",
                "the other program counts in other money or days",
            ));
        }
        let versions = Versions::new(other.clone(), Vec::new());
        let (mut now, mut then) = (Tally::default(), Tally::default());
        let mut moved: BTreeMap<(Id, Id), u64> = BTreeMap::new();
        let mut members = Vec::new();
        for root in self.people.roots_by_id() {
            let from = self.tally(root, on, &self.versions, &mut now);
            let to = self.tally(root, on, &versions, &mut then);
            let (Some(from), Some(to)) = (from, to) else { continue };
            if from == to {
                continue;
            }
            let count = moved.entry((from.clone(), to.clone())).or_default();
            *count = count.saturating_add(1);
            if members.len() < MOST_NAMED {
                members.push(MovedMember { account: self.people.id(root).clone(), from, to });
            }
        }
        let moved = moved.into_iter().map(|((from, to), members)| Movement { from, to, members });
        Ok(WhatIf {
            now: now.report(on, &self.versions),
            then: then.report(on, &versions),
            moved: moved.collect(),
            members,
        })
    }
}
