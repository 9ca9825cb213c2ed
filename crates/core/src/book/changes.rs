//! What changed: an account before and after a late fact; a fact and another of the same id.

use super::Book;
use super::answer::{Change, Conflict, TierChange};
use super::people::Place;
use crate::Id;
use crate::fact::Fact;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::loyalty::tiers::tier_id;
use crate::money::Currency;
use serde_json::Value;

/// What later facts can see of one: its award, what its returns took, what came back of what paid for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Effect {
    awarded: i64,
    taken_back: i64,
    restored: i64,
    owed: i64,
    tier: Option<u8>,
}

impl Book {
    /// The signed differences of the results of an account's facts that were known before `first_new` came in. `before` is by
    /// fact; one that is not in it had done nothing.
    pub(super) fn changes(&self, root: Place, before: &[(FactNo, Effect)], first_new: FactNo) -> Vec<Change> {
        let Some(after) = self.people.get(root).map(|customer| effects(&customer.account)) else {
            return Vec::new();
        };
        let was = |no| before.binary_search_by_key(&no, |(no, _)| *no).ok().and_then(|at| before.get(at));
        let mut changed: Vec<(FactNo, Effect, Effect)> = after
            .into_iter()
            .filter(|(no, _)| *no < first_new)
            .map(|(no, now)| (no, was(no).map_or_else(Effect::default, |(_, was)| *was), now))
            .filter(|(_, was, now)| was != now)
            .collect();
        changed.sort_by(|a, b| self.ground().key(a.0).cmp(&self.ground().key(b.0)));
        changed.into_iter().map(|(no, was, now)| self.change(root, no, was, now)).collect()
    }

    fn change(&self, root: Place, no: FactNo, was: Effect, now: Effect) -> Change {
        let less = |now: i64, was: i64| now.saturating_sub(was);
        let program = self.log.fact(no).map(|fact| {
            let day = self.ground().when(no, &fact).day;
            self.versions.on(day).program
        });
        let tier = program.filter(|_| was.tier != now.tier).map(|program| {
            let id = |place: Option<u8>| place.map_or_else(Id::default, |place| tier_id(program, place));
            TierChange { before: id(was.tier), after: id(now.tier) }
        });
        Change {
            fact: self.log.id(no).into(),
            account: self.people.id(root).clone(),
            awarded: less(now.awarded, was.awarded),
            taken_back: less(now.taken_back, was.taken_back),
            restored: less(now.restored, was.restored),
            owed: less(now.owed, was.owed),
            tier,
        }
    }
}

/// The effects of an account's purchases, returns, redemptions and reversals, by fact.
pub(super) fn effects(account: &Account) -> Vec<(FactNo, Effect)> {
    let bought = account.activity.bought().iter().map(|bought| {
        (bought.fact, Effect { awarded: bought.awarded, tier: Some(bought.tier), ..Effect::default() })
    });
    let mut effects: Vec<(FactNo, Effect)> = bought.collect();
    let Some(rare) = &account.rare else {
        effects.sort_unstable_by_key(|(no, _)| *no);
        return effects;
    };
    for paid in &rare.paid {
        match effects.iter_mut().find(|(no, _)| *no == paid.fact) {
            Some((_, result)) => result.owed = paid.short,
            None => effects.push((paid.fact, Effect { owed: paid.short, ..Effect::default() })),
        }
        if let Some(fact) = paid.reversed_by {
            effects.push((fact, Effect { restored: paid.given_back, ..Effect::default() }));
        }
    }
    for done in rare.returns.iter().flat_map(|returns| &returns.done) {
        let result = Effect { taken_back: done.taken_back, restored: done.restored, ..Effect::default() };
        effects.push((done.fact, result));
    }
    effects.sort_unstable_by_key(|(no, _)| *no);
    effects
}

/// The first field in which two facts of the same id differ, in the order of the keys.
pub(super) fn conflict(kept: Option<&Fact<'_>>, other: &Fact<'_>, currency: Currency) -> Conflict {
    let field = kept.and_then(|kept| difference(&kept.to_value(currency), &other.to_value(currency)));
    Conflict { id: other.id().into(), field: field.unwrap_or_else(|| "content".to_owned()) }
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
