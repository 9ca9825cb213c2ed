//! Who has been forgotten, and what becomes of a fact that names them (semantics 9).

use super::fold::{Ground, Key};
use super::people::{People, Place};
use crate::Id;
use crate::customer::encounter::Encounter;
use crate::fact::{
    Award, AwardLeft, Body, CouponAct, ERASED, Erasure, Fact, Introduced, OrderAct, Private, Profile, Text,
    Trace, ValueAct, trace_of,
};
use crate::loyalty::carried::{Carried, Off};
use std::collections::BTreeMap;

/// The erasures of a book, as facts that come in are held to them. It follows from the facts of erasure alone, whatever order they came in.
#[derive(Debug, Clone, Default)]
pub(super) struct Erasures {
    /// Who goes by which alias, by the traces of both: of one person there are several where two copies forgot them, or an id was given anew.
    forgotten: BTreeMap<Trace, Vec<Forgotten>>,
    /// The aliases, and the instant of the erasure; of several, the latest.
    aliases: BTreeMap<Id, i64>,
    /// What erasures carry, by purchase: where several do, the earliest.
    awards: BTreeMap<Id, Told>,
    /// First purchases for which whoever had introduced their customer was given points, and the earliest erasure that tells so.
    introduced: BTreeMap<Id, Introduction>,
    /// For which purchases a fact is named there as what had told so.
    tellers: BTreeMap<Id, Vec<Id>>,
    /// Everybody who is known by their trace, as far as they have been looked at.
    known: BTreeMap<Trace, Place>,
    looked_at: usize,
}

/// Through which instant two names are of one person who was forgotten, by which fact, and which of the two is the alias.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Forgotten {
    micros: i64,
    fact: Id,
    place: usize,
    alias: Id,
    other: Trace,
}

/// Who had introduced the customer of a first purchase, as an erasure tells it.
#[derive(Debug, Clone)]
pub(super) struct Introduction {
    micros: i64,
    pub(super) erasure: Id,
    pub(super) by: Id,
    /// The fact that had told so.
    pub(super) told: Id,
}

#[derive(Debug, Clone)]
struct Told {
    by: (i64, Id),
    award: Award<'static>,
}

impl Erasures {
    pub(super) fn is_empty(&self) -> bool {
        self.forgotten.is_empty()
    }

    /// Takes in an erasure that is filled in.
    pub(super) fn add(&mut self, fact: &Fact<'_>) {
        let Body::Erased { customer, erasure: Erasure::Done { of, awards, introduced } } = &fact.body else {
            return;
        };
        let micros = fact.at.micros();
        for (place, trace) in of.iter().enumerate() {
            let alias = Id::new(Erasure::alias(customer, place));
            let until = self.aliases.entry(alias.clone()).or_insert(micros);
            *until = micros.max(*until);
            let own = trace_of(&alias);
            for (one, other) in [(*trace, own), (own, *trace)] {
                let forgotten =
                    Forgotten { micros, fact: fact.id().into(), place, alias: alias.clone(), other };
                self.forgotten.entry(one).or_default().push(forgotten);
            }
        }
        self.introduces(fact.id(), micros, introduced);
        for award in awards {
            let told = Told { by: (micros, fact.id().into()), award: award.owned() };
            match self.awards.get_mut(&*award.purchase) {
                Some(before) if before.by <= told.by => {}
                Some(before) => *before = told,
                None => drop(self.awards.insert(Id::new(&*award.purchase), told)),
            }
        }
    }

    /// Under which other name a fact of this instant that names `id` is kept: all names of one person lead to the alias of the earliest erasure.
    pub(super) fn name(&self, id: &str, micros: i64) -> Option<&Id> {
        let (mut first, mut seen) = (None, Vec::new());
        self.reach(trace_of(id), micros, &mut seen, &mut first);
        first.map(|first: &Forgotten| &first.alias).filter(|alias| **alias != *id)
    }

    /// All traces of a person whose facts are of this instant, and the earliest erasure of them.
    fn reach<'e>(
        &'e self,
        from: Trace,
        micros: i64,
        seen: &mut Vec<Trace>,
        first: &mut Option<&'e Forgotten>,
    ) {
        let mut next = vec![from];
        while let Some(trace) = next.pop() {
            if seen.contains(&trace) {
                continue;
            }
            seen.push(trace);
            let names = self.forgotten.get(&trace).into_iter().flatten();
            for name in names.filter(|name| micros <= name.micros) {
                let key = |one: &'e Forgotten| (one.micros, &one.fact, one.place);
                if first.is_none_or(|before| key(name) < key(before)) {
                    *first = Some(name);
                }
                next.push(name.other);
            }
        }
    }

    pub(super) fn is_alias(&self, id: &str) -> bool {
        self.aliases.contains_key(id)
    }

    /// A fact as it is kept, where it names someone who has been forgotten: their alias instead of their id, nothing of what was told of
    /// them, no reason.
    pub(super) fn rewritten<'f>(&self, fact: &Fact<'f>) -> Option<Fact<'f>> {
        if self.is_empty() {
            return None;
        }
        let micros = fact.at.micros();
        let name = |id: &Text<'f>| -> Option<Text<'f>> {
            self.name(id, micros).map(|alias| Text::from(alias.to_string()))
        };
        let is_alias = |id: &Text<'_>| self.is_alias(id);
        let mut changed = false;
        let mut fact = fact.clone();
        let mut rename = |id: &mut Text<'f>| {
            if let Some(alias) = name(id) {
                *id = alias;
                changed = true;
            }
        };
        let mut blank = false;
        match &mut fact.body {
            Body::Joined { customer, profile } | Body::ProfileChanged { customer, profile } => {
                rename(customer);
                profile.rename(&mut rename);
                if is_alias(customer) && !profile.is_empty() {
                    (*profile, blank) = (Profile::default(), true);
                }
            }
            Body::Met { customer, encounter } => {
                rename(customer);
                let bare = Encounter::bare(encounter.kind);
                if is_alias(customer) && **encounter != bare {
                    (**encounter, blank) = (bare, true);
                }
            }
            Body::Purchased { customer, purchase } => {
                rename(customer);
                if is_alias(customer) {
                    for line in &mut purchase.lines {
                        blank |= line.piece.take().is_some();
                    }
                }
            }
            Body::Adjusted { customer, reason, .. }
            | Body::TierGranted { customer, reason, .. }
            | Body::Voided { customer, reason, .. } => {
                rename(customer);
                blank |= is_alias(customer) && says_no_more(reason);
            }
            Body::BenefitGranted { customer, grant } => {
                rename(customer);
                blank |= is_alias(customer) && says_no_more(&mut grant.reason);
            }
            Body::Ordered { customer, act } => {
                rename(customer);
                if let OrderAct::Cancelled { reason, .. } = &mut **act {
                    blank |= is_alias(customer) && says_no_more(reason);
                }
            }
            Body::Valued { customer, act } => {
                rename(customer);
                match &mut **act {
                    ValueAct::Transferred { to, .. } => rename(to),
                    ValueAct::Frozen { reason } | ValueAct::Released { reason } => {
                        blank |= is_alias(customer) && says_no_more(reason);
                    }
                    ValueAct::ToppedUp(_) | ValueAct::Refunded { .. } => {}
                }
            }
            Body::Couponed { customer, act } => {
                rename(customer);
                if let CouponAct::Transferred { to, .. } = &mut **act {
                    rename(to);
                }
            }
            Body::Given { customer, to: other, .. } | Body::Merged { customer, into: other } => {
                rename(customer);
                rename(other);
            }
            Body::HouseholdJoined { customer, .. }
            | Body::HouseholdLeft { customer }
            | Body::Issued { customer, .. }
            | Body::BenefitUsed { customer, .. }
            | Body::BenefitReversed { customer, .. }
            | Body::Consented { customer, .. }
            | Body::Returned { customer, .. }
            | Body::Redeemed { customer, .. }
            | Body::RedemptionSettled { customer, .. }
            | Body::Unmerged { customer, .. } => rename(customer),
            Body::Erased { erasure: Erasure::Done { introduced, .. }, .. } => {
                for one in introduced {
                    rename(&mut one.by);
                }
            }
            Body::Erased { .. } | Body::Adopted { .. } => {}
        }
        for drawn in fact.drawn_mut() {
            rename(&mut drawn.customer);
        }
        if changed {
            fact.draw_once();
        }
        (changed || blank).then_some(fact)
    }

    /// Whether a fact names an alias at an instant after the erasure. Goods come back without a name: a return may.
    pub(super) fn comes_after(&self, fact: &Fact<'_>) -> bool {
        if self.is_empty() || matches!(fact.body, Body::Returned { .. } | Body::Erased { .. }) {
            return false;
        }
        let is_after = |id: &str| self.is_gone(id, fact.at.micros());
        fact.customer().into_iter().chain(fact.others()).any(is_after)
    }

    /// Whether someone who goes by this alias had been forgotten before an instant.
    pub(super) fn is_gone(&self, id: &str, micros: i64) -> bool {
        self.aliases.get(id).is_some_and(|until| *until < micros)
    }

    fn introduces(&mut self, erasure: &str, micros: i64, introduced: &[Introduced<'_>]) {
        for one in introduced {
            let [by, told, erasure] = [&*one.by, &*one.told, erasure].map(Id::new);
            self.tellers.entry(told.clone()).or_default().push(Id::new(&*one.purchase));
            let introduction = Introduction { micros, erasure, by, told };
            let earliest = self.introduced.entry(Id::new(&*one.purchase));
            let earliest = earliest.or_insert_with(|| introduction.clone());
            if (introduction.micros, &introduction.erasure) < (earliest.micros, &earliest.erasure) {
                *earliest = introduction;
            }
        }
    }

    /// Reads anew who had introduced those who were forgotten.
    pub(super) fn read_introductions<'f>(&mut self, erased: impl Iterator<Item = Fact<'f>>) {
        self.introduced.clear();
        self.tellers.clear();
        for fact in erased {
            if let Body::Erased { erasure: Erasure::Done { introduced, .. }, .. } = &fact.body {
                self.introduces(fact.id(), fact.at.micros(), introduced);
            }
        }
    }

    /// What an erasure tells of who had introduced the customer of a purchase.
    pub(super) fn introduction(&self, purchase: &Fact<'_>) -> Option<&Introduction> {
        let is_alias = purchase.customer().is_some_and(|id| self.is_alias(id));
        self.introduction_for(purchase.id()).filter(|_| is_alias)
    }

    pub(super) fn introduction_for(&self, purchase: &str) -> Option<&Introduction> {
        self.introduced.get(purchase)
    }

    /// The first purchases whose customers were introduced as a fact had told, as erasures tell it.
    pub(super) fn purchases_told_by(&self, fact: &str) -> &[Id] {
        self.tellers.get(fact).map_or(&[], |purchases| purchases)
    }

    /// Whether an erasure carries the award of a purchase of this customer.
    pub(super) fn carries(&self, customer: &str, purchase: &str) -> bool {
        !self.is_empty() && self.is_alias(customer) && self.awards.contains_key(purchase)
    }

    /// What an erasure carries of the purchase that a fact is, or gives back.
    pub(super) fn carried(&self, fact: &Fact<'_>, key: Key<'_>, ground: &Ground<'_>) -> Option<Carried> {
        if self.is_empty() {
            return None;
        }
        let purchase = match &fact.body {
            Body::Purchased { .. } | Body::Met { .. } => fact.id(),
            Body::Returned { purchase, .. } => purchase,
            _ => return None,
        };
        let told =
            self.awards.get(purchase).filter(|_| fact.customer().is_some_and(|id| self.is_alias(id)))?;
        let award = &told.award;
        let mut carried = Carried {
            wanted: award.wanted,
            points: award.points,
            spend: award.spend.minor(),
            ..Carried::default()
        };
        for left in &award.returns {
            let off = Off { points: left.points, spend: left.spend.minor(), amount: left.amount.minor() };
            carried.told = carried.told.plus(off);
            if *left.fact == *fact.id() {
                carried.own = carried.own.plus(off);
            } else if ground.log.find(&left.fact).is_some_and(|other| ground.key(other) < key) {
                carried.before = carried.before.plus(off);
            }
        }
        Some(carried)
    }

    /// The coupon and the benefit that an erasure carries of the occasion that a fact settled.
    pub(super) fn carried_gifts(&self, fact: &Fact<'_>) -> [Option<&str>; 2] {
        let award = self.awards.get(fact.id()).map(|told| &told.award);
        [award.and_then(|award| award.coupon.as_deref()), award.and_then(|award| award.benefit.as_deref())]
    }

    /// Those whom an erasure concerns: whose ids leave its traces, and who go by an alias of the same person.
    pub(super) fn concerned(&mut self, of: &[Trace], people: &People) -> Vec<Place> {
        for place in people.places().skip(self.looked_at) {
            self.known.insert(trace_of(people.id(place)), place);
        }
        self.looked_at = people.len();
        let mut traces = Vec::new();
        for trace in of {
            self.reach(*trace, i64::MIN, &mut traces, &mut None);
        }
        traces.iter().filter_map(|trace| self.known.get(trace).copied()).collect()
    }

    /// People have other places or names than when they were looked at.
    pub(super) fn look_anew(&mut self) {
        self.known.clear();
        self.looked_at = 0;
    }

    /// One of those who were looked at goes by another name.
    pub(super) fn renamed(&mut self, from: &str, to: &str, place: Place) {
        self.known.remove(&trace_of(from));
        self.known.insert(trace_of(to), place);
    }
}

/// A reason of someone who was forgotten, as it is kept; whether it was another.
fn says_no_more(reason: &mut Private<'_>) -> bool {
    let says = **reason != *ERASED;
    if says {
        *reason = Private(Text::from(ERASED));
    }
    says
}

impl Award<'_> {
    pub(super) fn owned(&self) -> Award<'static> {
        let owned = |text: &Text<'_>| text.borrowed().into_owned();
        let returns = self.returns.iter().map(|left| AwardLeft {
            fact: owned(&left.fact),
            points: left.points,
            spend: left.spend,
            amount: left.amount,
        });
        Award {
            purchase: owned(&self.purchase),
            wanted: self.wanted,
            points: self.points,
            spend: self.spend,
            coupon: self.coupon.as_ref().map(owned),
            benefit: self.benefit.as_ref().map(owned),
            returns: returns.collect(),
        }
    }
}

impl Introduced<'_> {
    pub(super) fn owned(&self) -> Introduced<'static> {
        let owned = |text: &Text<'_>| text.borrowed().into_owned();
        Introduced { purchase: owned(&self.purchase), by: owned(&self.by), told: owned(&self.told) }
    }
}
