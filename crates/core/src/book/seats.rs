//! Who got into a household: one has only so much room, and whoever joins a full one is in none (semantics 15.1). It follows from all facts of
//! those who were told to have joined it, in their order; only where there are more of these than there is room does it have to be counted.

use super::Book;
use super::people::Place;
use crate::Id;
use crate::fact::Body;
use crate::loyalty::lots::FactNo;
use std::collections::BTreeSet;

/// A household of which more customers were told than it has room for.
#[derive(Debug, Clone, Default)]
pub(super) struct Crowd {
    /// Who ever got in.
    pub(super) ever: BTreeSet<Id>,
    /// The facts by which nobody did.
    pub(super) in_vain: BTreeSet<FactNo>,
}

impl Book {
    /// Puts what came of households in order, and counts anew who got in. Answers whose seat is another than before.
    pub(super) fn seat(&mut self) -> Vec<Place> {
        if self.households.unsure.is_empty() {
            return Vec::new();
        }
        let unsure = std::mem::take(&mut self.households.unsure);
        let mut households = std::mem::take(&mut self.households.uncounted);
        for customer in &unsure {
            let mut moves = self.households.moves.remove(customer).unwrap_or_default();
            let ground = self.ground();
            moves.sort_by(|a, b| ground.key(*a).cmp(&ground.key(*b)));
            for no in &moves {
                if let Some(Body::HouseholdJoined { household, .. }) =
                    self.log.fact(*no).map(|fact| fact.body)
                {
                    households.insert(Id::new(&*household));
                }
            }
            self.households.moves.insert(customer.clone(), moves);
        }
        let mut stirred = BTreeSet::new();
        for household in households {
            let now = self.crowd(&household);
            let before = match now.clone() {
                Some(crowd) => self.households.crowded.insert(household, crowd),
                None => self.households.crowded.remove(&household),
            };
            let [before, now] = [before, now].map(|crowd| crowd.unwrap_or_default().in_vain);
            stirred.extend(before.symmetric_difference(&now).copied());
        }
        let place = |no: FactNo| self.people.place(self.log.fact(no)?.customer()?);
        stirred.into_iter().filter_map(place).collect()
    }

    /// The same for everybody: there may be another number of seats.
    pub(super) fn seat_all(&mut self) {
        self.households.unsure.extend(self.households.moves.keys().cloned());
        self.seat();
    }

    /// All whose seats a customer's coming or going may change.
    pub(super) fn told_beside(&self, customer: &str, household: Option<&str>) -> BTreeSet<Id> {
        let joined =
            self.households.moves_of(customer).iter().filter_map(|no| match self.log.fact(*no)?.body {
                Body::HouseholdJoined { household, .. } => Some(Id::new(&*household)),
                _ => None,
            });
        let households: BTreeSet<Id> = joined.chain(household.map(Id::new)).collect();
        let told = households.iter().filter_map(|household| self.households.told.get(household));
        told.flatten().cloned().collect()
    }

    /// Who got into a household, where there may not have been room for all.
    fn crowd(&self, household: &Id) -> Option<Crowd> {
        let told = self.households.told.get(household)?;
        if told.len() <= self.versions.least_seats() {
            return None;
        }
        let ground = self.ground();
        let mut moves: Vec<(&Id, FactNo)> =
            told.iter().flat_map(|id| self.households.moves_of(id).iter().map(move |no| (id, *no))).collect();
        moves.sort_by(|a, b| ground.key(a.1).cmp(&ground.key(b.1)));
        let (mut crowd, mut here) = (Crowd::default(), BTreeSet::new());
        for (customer, no) in moves {
            let Some(fact) = self.log.fact(no) else { continue };
            here.remove(customer);
            if !matches!(&fact.body, Body::HouseholdJoined { household: joined, .. } if **joined == **household)
            {
                continue;
            }
            let when = ground.when(no, &fact);
            // Who has been forgotten by then has left.
            here.retain(|id: &&Id| !self.erasures.is_gone(id, when.micros));
            let seats =
                self.versions.on(when.day).program.household.map_or(usize::MAX, |rules| rules.members);
            if here.len() < seats {
                here.insert(customer);
                crowd.ever.insert(customer.clone());
            } else {
                crowd.in_vain.insert(no);
            }
        }
        Some(crowd)
    }
}
