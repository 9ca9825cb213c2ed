//! What changed: an account before and after a late fact; a fact and another of the same id.

use super::Book;
use super::answer::{Change, Conflict, TierChange};
use super::people::Place;
use crate::Id;
use crate::calendar::Day;
use crate::fact::Fact;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::loyalty::tiers::tier_of;
use crate::money::Currency;
use crate::program::versions::Versions;
use serde_json::Value;

/// What later facts can see of one: its award, what its returns took, what came back of what paid for it, what became debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Effect {
    awarded: i64,
    taken_back: i64,
    restored: i64,
    owed: i64,
    /// By place in the tiers of the version in force on the day.
    tier: Option<(u8, Day)>,
}

impl Effect {
    fn tier_in(self, versions: &Versions) -> Option<&Id> {
        let (place, day) = self.tier?;
        tier_of(versions.on(day).program, place).map(|tier| &tier.id)
    }
}

/// A fact, and whether what it does is done for whoever introduced its customer.
type Doing = (FactNo, bool);

/// What a fact did, and in which account.
pub(super) type Did = (Doing, Place, Effect);

/// What changed of one fact: before, after.
type Difference = (Doing, Place, Effect, Effect);

impl Book {
    /// The signed differences of the results of facts that were known before `first_new` came in. `before` and `after` are what
    /// facts did, by fact; one that is missing in either did nothing. `versions` are those of before.
    pub(super) fn changes(
        &self,
        before: &[Did],
        after: &[Did],
        first_new: FactNo,
        versions: &Versions,
    ) -> Vec<Change> {
        let known = |all: &[Did]| all.partition_point(|((no, _), ..)| *no < first_new);
        let (mut was, mut now) = (
            before.iter().take(known(before)).copied().peekable(),
            after.iter().take(known(after)).copied().peekable(),
        );
        let mut changed: Vec<Difference> = Vec::new();
        let differ = |was: Effect, now: Effect| {
            Effect { tier: None, ..was } != Effect { tier: None, ..now }
                || was.tier_in(versions) != now.tier_in(&self.versions)
        };
        while let Some(doing) = [was.peek(), now.peek()].into_iter().flatten().map(|(doing, ..)| *doing).min()
        {
            let was = was.next_if(|(at, ..)| *at == doing);
            let now = now.next_if(|(at, ..)| *at == doing);
            let (before, after) = (
                was.map_or_else(Effect::default, |was| was.2),
                now.map_or_else(Effect::default, |now| now.2),
            );
            if differ(before, after)
                && let Some(root) =
                    now.map(|now| now.1).or_else(|| self.account_of(doing)).or(was.map(|was| was.1))
            {
                changed.push((doing, root, before, after));
            }
        }
        let ground = self.ground();
        changed.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| ground.key(a.0.0).cmp(&ground.key(b.0.0))));
        changed.into_iter().map(|difference| self.change(difference, versions)).collect()
    }

    /// The account of a fact's customer.
    fn account_of(&self, (no, for_introducer): Doing) -> Option<Place> {
        if for_introducer {
            return None;
        }
        self.people.root_of(self.log.fact(no)?.customer()?)
    }

    fn change(&self, ((no, _), root, was, now): Difference, versions: &Versions) -> Change {
        let less = |now: i64, was: i64| now.saturating_sub(was);
        let (before, after) = (was.tier_in(versions), now.tier_in(&self.versions));
        let text = |id: Option<&Id>| id.cloned().unwrap_or_default();
        Change {
            fact: self.log.id(no).into(),
            account: self.people.id(root).clone(),
            awarded: less(now.awarded, was.awarded),
            taken_back: less(now.taken_back, was.taken_back),
            restored: less(now.restored, was.restored),
            owed: less(now.owed, was.owed),
            tier: (before != after).then(|| TierChange { before: text(before), after: text(after) }),
        }
    }

    /// What the facts of an account do that others can change: of purchases, returns, redemptions and reversals, of what
    /// settles occasions and of what leaves debt. By fact.
    pub(super) fn effects(&self, root: Place) -> Vec<Did> {
        self.people.get(root).map_or_else(Vec::new, |customer| effects(root, &customer.account))
    }
}

fn effects(root: Place, account: &Account) -> Vec<Did> {
    let bought = account.activity.bought().iter().filter(|bought| !bought.is_shared()).map(|bought| {
        let tier = Some((bought.tier, bought.day));
        ((bought.fact, false), root, Effect { awarded: bought.awarded, tier, ..Effect::default() })
    });
    let mut effects: Vec<Did> = bought.collect();
    let Some(rare) = &account.rare else {
        effects.sort_unstable_by_key(|(doing, ..)| *doing);
        return effects;
    };
    for paid in &rare.paid {
        match effects.iter_mut().find(|((no, _), ..)| *no == paid.fact) {
            Some((_, _, result)) => result.owed = paid.short,
            None => {
                effects.push(((paid.fact, false), root, Effect { owed: paid.short, ..Effect::default() }));
            }
        }
        if let Some(fact) = paid.reversed_by {
            effects.push(((fact, false), root, Effect { restored: paid.given_back, ..Effect::default() }));
        }
    }
    for done in rare.returns.iter().flat_map(|returns| &returns.done) {
        let result = Effect { taken_back: done.taken_back, restored: done.restored, ..Effect::default() };
        effects.push(((done.fact, false), root, result));
    }
    for (fact, owed) in &rare.owed {
        effects.push(((*fact, false), root, Effect { owed: *owed, ..Effect::default() }));
    }
    for (fact, points) in &rare.gifts {
        effects.push(((*fact, false), root, Effect { awarded: *points, ..Effect::default() }));
    }
    for claim in &rare.introduction_claims {
        for (_, _, effect) in effects.iter_mut().filter(|((no, _), ..)| *no == claim.purchase) {
            effect.awarded = effect.awarded.saturating_add(claim.welcome);
        }
        let Some(lost) = claim.lost else { continue };
        for (_, _, effect) in effects.iter_mut().filter(|((no, _), ..)| *no == lost.fact) {
            effect.taken_back = effect.taken_back.saturating_add(lost.taken);
        }
    }
    for reward in &rare.introduction_rewards {
        let given = Effect { awarded: reward.points, ..Effect::default() };
        effects.push(((reward.purchase, true), root, given));
        if let Some(lost) = reward.lost {
            effects.push(((lost.fact, true), root, Effect { taken_back: lost.taken, ..Effect::default() }));
        }
    }
    effects.sort_unstable_by_key(|(doing, ..)| *doing);
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
