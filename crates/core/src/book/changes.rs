//! What changed: an account before and after a late fact; a fact and another of the same id.

use super::answer::{Change, Conflict, TierChange};
use super::people::Place;
use super::Book;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::loyalty::tiers::tier_of;
use crate::money::Currency;
use crate::fact::Fact;
use serde_json::Value;

/// What later facts can see of one: its award, what its returns took, what came back of what paid for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Result {
    awarded: i64,
    taken_back: i64,
    restored: i64,
    owed: i64,
    tier: Option<u8>,
}

impl Book {
    /// The signed differences of the results of facts that were known before.
    pub(super) fn changes(&self, root: Place, before: &Account, after: &Account) -> Vec<Change> {
        let (before, after) = (results(before), results(after));
        let mut changes = Vec::new();
        for (no, now) in &after {
            let Some(was) = before.get(no).filter(|was| *was != now) else { continue };
            changes.push(self.change(root, *no, *was, *now));
        }
        changes
    }

    fn change(&self, root: Place, no: FactNo, was: Result, now: Result) -> Change {
        let less = |now: i64, was: i64| now.saturating_sub(was);
        let program = self.log.fact(no).map(|fact| {
            let day = self.ground().when(no, &fact).day;
            self.versions.on(day).program
        });
        let tier = program.filter(|_| was.tier != now.tier).map(|program| {
            let id = |place: Option<u8>| {
                place.and_then(|place| tier_of(program, place)).map_or_else(String::new, |tier| tier.id.to_string())
            };
            TierChange { before: id(was.tier), after: id(now.tier) }
        });
        Change {
            fact: self.log.id(no).to_owned(),
            account: self.people.id(root).to_owned(),
            awarded: less(now.awarded, was.awarded),
            taken_back: less(now.taken_back, was.taken_back),
            restored: less(now.restored, was.restored),
            owed: less(now.owed, was.owed),
            tier,
        }
    }
}

fn results(account: &Account) -> std::collections::BTreeMap<FactNo, Result> {
    let mut results: std::collections::BTreeMap<FactNo, Result> = std::collections::BTreeMap::new();
    for (place, bought) in account.bought.iter().enumerate() {
        let taken_back = account.returns(place).map_or(0, |returns| returns.taken);
        let result = Result { awarded: bought.awarded, taken_back, tier: Some(bought.tier), ..Result::default() };
        results.insert(bought.fact, result);
    }
    for paid in account.rare.iter().flat_map(|rare| &rare.paid) {
        let result = results.entry(paid.fact).or_default();
        result.restored = paid.given_back;
        result.owed = paid.short;
    }
    results
}

/// The first field in which two facts of the same id differ, in the order of the keys.
pub(super) fn conflict(kept: Option<&Fact<'_>>, other: &Fact<'_>, currency: Currency) -> Conflict {
    let field = kept.and_then(|kept| difference(&kept.to_value(currency), &other.to_value(currency)));
    Conflict { id: other.id().to_owned(), field: field.unwrap_or_else(|| "id".to_owned()) }
}

fn difference(a: &Value, b: &Value) -> Option<String> {
    let below = |key: String, deeper: Option<String>| match deeper {
        Some(deeper) if deeper.is_empty() || deeper.starts_with('[') => Some(format!("{key}{deeper}")),
        Some(deeper) => Some(format!("{key}.{deeper}")),
        None => None,
    };
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort_unstable();
            keys.dedup();
            keys.into_iter().find_map(|key| match (a.get(key), b.get(key)) {
                (Some(a), Some(b)) => below(key.clone(), difference(a, b)),
                _ => Some(key.clone()),
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(at, (a, b))| below(format!("[{at}]"), difference(a, b)))
        }
        (a, b) => (a != b).then(String::new),
    }
}
