//! Who introduced whom and who is related to whom: facts of one customer that name another, judged by both.

use super::Book;
use super::fold::Key;
use super::people::Place;
use super::record::Arriving;
use crate::Id;
use crate::calendar::Day;
use crate::customer::field::Field;
use crate::customer::said::Said;
use crate::fact::{Body, Fact, Profile};
use crate::loyalty::lots::FactNo;
use crate::outcome::{Flag, RefusalCode};
use smallvec::SmallVec;
use std::collections::BTreeMap;

/// The facts of each customer that name another, or take back who introduced them. Few customers have any.
#[derive(Debug, Clone, Default)]
pub(super) struct Namings(BTreeMap<Place, SmallVec<[FactNo; 2]>>);

impl Namings {
    /// Remembers a fact of a customer, where it is one.
    pub(super) fn add(&mut self, place: Place, no: FactNo, fact: &Fact<'_>) {
        if names(fact) {
            self.put(place, no);
        }
    }

    pub(super) fn put(&mut self, place: Place, no: FactNo) {
        self.0.entry(place).or_default().push(no);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets the latest fact of a customer, where it is this one.
    pub(super) fn take_back(&mut self, place: Place, no: FactNo) {
        if let Some(facts) = self.0.get_mut(&place) {
            facts.retain(|fact| *fact != no);
            if facts.is_empty() {
                self.0.remove(&place);
            }
        }
    }

    pub(super) fn of(&self, place: Place) -> &[FactNo] {
        self.0.get(&place).map_or(&[], |facts| facts)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = FactNo> {
        self.entries().map(|(_, no)| no)
    }

    /// By customer.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Place, FactNo)> {
        self.0.iter().flat_map(|(place, facts)| facts.iter().map(|no| (*place, *no)))
    }
}

/// Whether a fact names another customer as someone known, or says anew who introduced theirs.
pub(super) fn names(fact: &Fact<'_>) -> bool {
    profile_of(fact).is_some_and(|profile| {
        profile.get(Field::INTRODUCED_BY).is_some() || profile.customers().next().is_some()
    })
}

pub(super) fn profile_of<'f, 'a>(fact: &'f Fact<'a>) -> Option<&'f Profile<'a>> {
    match &fact.body {
        Body::Joined { profile, .. } | Body::ProfileChanged { profile, .. } => Some(profile),
        _ => None,
    }
}

impl Book {
    /// Why a fact can't name whom it names.
    pub(super) fn against_naming(&self, arriving: &Arriving<'_, '_>) -> Option<RefusalCode> {
        let profile = profile_of(arriving.fact)?;
        profile.customers().next()?;
        self.objection_to_naming(arriving.fact, profile, arriving.key()).map(|(code, _)| code)
    }

    /// Whether a fact in the list of a customer is told of someone else, who names them.
    pub(super) fn only_names(&self, no: FactNo, id: &str) -> bool {
        let fact = self.log.fact(no);
        fact.is_some_and(|fact| profile_of(&fact).is_some() && fact.customer() != Some(id))
    }

    /// What speaks against whom a fact names, and the fact that it is in conflict with.
    fn objection_to_naming(
        &self,
        fact: &Fact<'_>,
        profile: &Profile<'_>,
        key: Key<'_>,
    ) -> Option<(RefusalCode, Option<FactNo>)> {
        let customer = fact.customer()?;
        let named = profile.customers().next()?;
        let root = self.people.root_of(customer);
        let Some(other) = self.people.place(named) else {
            let code =
                if **named == *customer { RefusalCode::OwnRelation } else { RefusalCode::UnknownCustomer };
            return Some((code, None));
        };
        if **named == *customer || Some(self.people.root(other)) == root {
            return Some((RefusalCode::OwnRelation, None));
        }
        if !self.is_known(other, key) {
            return Some((RefusalCode::UnknownCustomer, None));
        }
        if !matches!(profile.get(Field::INTRODUCED_BY), Some(Said::Text(_))) {
            return None;
        }
        let closes = self.introduced(self.people.root(other), root?, key)?;
        Some((RefusalCode::CircularIntroduction, Some(closes)))
    }

    /// The fact by which an account leads back to another, from introduction to introduction, as they were told before a place.
    pub(super) fn introduced(&self, from: Place, to: Place, before: Key<'_>) -> Option<FactNo> {
        let (mut at, mut seen) = (from, Vec::new());
        loop {
            let (by, fact) = self.introducer(at, before)?;
            if by == to {
                return Some(fact);
            }
            if seen.contains(&by) {
                return None;
            }
            seen.push(by);
            at = by;
        }
    }

    /// The account that introduced an account, as it was told before a place, and by which fact.
    pub(super) fn introducer(&self, root: Place, before: Key<'_>) -> Option<(Place, FactNo)> {
        let ground = self.ground();
        let own = [root];
        let members = self.people.members(root);
        let members = if members.is_empty() { &own[..] } else { members };
        let facts = members.iter().flat_map(|member| self.namings.of(*member)).copied();
        let says = |no: &FactNo| {
            let fact = self.log.fact(*no);
            fact.as_ref()
                .and_then(profile_of)
                .is_some_and(|profile| profile.get(Field::INTRODUCED_BY).is_some())
        };
        let latest =
            facts.filter(|no| ground.key(*no) < before && says(no)).max_by_key(|no| ground.key(*no))?;
        let fact = self.log.fact(latest)?;
        match profile_of(&fact)?.get(Field::INTRODUCED_BY)? {
            Said::Text(id) => Some((self.people.root_of(id)?, latest)),
            _ => None,
        }
    }

    /// The flags of an account's facts through a day that name others, in order.
    fn naming_flags(&self, root: Place, on: Day) -> Vec<Flag> {
        if self.namings.is_empty() {
            return Vec::new();
        }
        let ground = self.ground();
        let own = [root];
        let members = self.people.members(root);
        let members = if members.is_empty() { &own[..] } else { members };
        let mut facts: Vec<FactNo> =
            members.iter().flat_map(|member| self.namings.of(*member)).copied().collect();
        facts.sort_unstable_by(|a, b| ground.key(*a).cmp(&ground.key(*b)));
        let flag = |no: FactNo| {
            let fact = self.log.fact(no)?;
            let profile = profile_of(&fact).filter(|_| ground.when(no, &fact).day <= on)?;
            let (code, other) = self.objection_to_naming(&fact, profile, ground.key(no))?;
            Some(Flag { code, fact: no, other })
        };
        facts.into_iter().filter_map(flag).collect()
    }

    /// The flags of an account that its own facts do not tell: those of merges, of whom it names, and of what others used.
    pub(super) fn flags_apart(&self, root: Place, on: Day) -> Vec<Flag> {
        let mut flags = self.union_flags(root, on);
        if let Some(customer) = self.people.get(root) {
            flags.extend(self.flags_in_all(&customer.account, on));
        }
        flags.extend(self.naming_flags(root, on));
        flags.extend(self.household_flags(root, on));
        flags
    }

    /// The facts of others that name one of an account's customers.
    pub(super) fn named_by(&self, root: Place) -> Vec<(FactNo, &Id)> {
        let ids: Vec<&Id> = match self.people.members(root) {
            [] => vec![self.people.id(root)],
            members => members.iter().map(|member| self.people.id(*member)).collect(),
        };
        let named = |no: FactNo| {
            let fact = self.log.fact(no)?;
            let id = ids.iter().find(|id| fact.others().any(|other| ***id == *other)).copied();
            let own = fact.customer().and_then(|customer| self.people.root_of(customer)) == Some(root);
            Some((no, id.filter(|_| !own)?))
        };
        let mut facts: Vec<_> = self.namings.all().chain(self.households.paid()).filter_map(named).collect();
        let ground = self.ground();
        facts.sort_unstable_by(|a, b| ground.key(a.0).cmp(&ground.key(b.0)));
        facts
    }
}
