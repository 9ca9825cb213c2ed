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
    /// Puts what came of households in order, and counts anew who got in: accounts, not the ids they go by. Answers whose seat is another than before.
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
            self.households.moves.insert(customer.clone(), moves);
        }
        // Whoever is one account with others takes or leaves their seats.
        let roots: BTreeSet<Place> = unsure.iter().filter_map(|id| self.people.root_of(id)).collect();
        households.extend(roots.into_iter().flat_map(|root| self.households_of(root)));
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

    /// Accounts are formed otherwise: seats are counted anew where these customers came or went.
    pub(super) fn unseat(&mut self, places: &[Place]) {
        let ids = places.iter().map(|place| self.people.id(*place));
        let moved = ids.filter(|id| self.households.moves.contains_key(*id)).cloned();
        let moved: Vec<Id> = moved.collect();
        self.households.unsure.extend(moved);
    }

    /// The same for everybody: there may be another number of seats.
    pub(super) fn seat_all(&mut self) {
        self.households.unsure.extend(self.households.moves.keys().cloned());
        self.seat();
    }

    /// All whose seats a customer's coming or going may change.
    pub(super) fn told_beside(&self, customer: &str, household: Option<&str>) -> BTreeSet<Id> {
        let root = self.people.root_of(customer);
        let mut households = root.map_or_else(BTreeSet::new, |root| self.households_of(root));
        households.extend(household.map(Id::new));
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
        let roots: BTreeSet<Place> = told.iter().filter_map(|id| self.people.root_of(id)).collect();
        let moves_of = |root: Place| {
            let ids = self.ids_of(root).into_iter();
            ids.flat_map(move |id| self.households.moves_of(id).iter().map(move |no| (root, *no)))
        };
        let mut moves: Vec<(Place, FactNo)> = roots.into_iter().flat_map(moves_of).collect();
        moves.sort_by(|a, b| ground.key(a.1).cmp(&ground.key(b.1)));
        let (mut crowd, mut here) = (Crowd::default(), BTreeSet::new());
        for (root, no) in moves {
            let Some(fact) = self.log.fact(no) else { continue };
            here.remove(&root);
            if !matches!(&fact.body, Body::HouseholdJoined { household: joined, .. } if **joined == **household)
            {
                continue;
            }
            let when = ground.when(no, &fact);
            // Who has been forgotten by then has left.
            here.retain(|root| !self.is_all_gone(*root, when.micros));
            let seats =
                self.versions.on(when.day).program.household.map_or(usize::MAX, |rules| rules.members);
            if here.len() < seats {
                here.insert(root);
                crowd.ever.extend(fact.customer().map(Id::new));
            } else {
                crowd.in_vain.insert(no);
            }
        }
        Some(crowd)
    }
}
