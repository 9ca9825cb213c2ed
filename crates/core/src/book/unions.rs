//! Which merges count, and what of them and of what takes them back `record` would have refused (semantics 1.3, 8.1).

use super::Book;
use super::answer::FlagView;
use super::fold::Key;
use super::people::{Place, Union};
use crate::calendar::Day;
use crate::fact::{Body, Fact};
use crate::loyalty::lots::FactNo;
use crate::outcome::{Flag, RefusalCode};
use std::collections::BTreeMap;

/// What speaks against the merges of customers and what takes them back, by the customer who went.
pub(super) type Against = BTreeMap<Place, Vec<Objection>>;

/// One fact that merges customers, or takes that back, and what speaks against it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Objection {
    flag: Flag,
    /// Speaks against it only as long as nothing is known to have happened to one of these before.
    strangers: Option<(Place, Place)>,
}

/// How a fact stands to the merge that it takes back.
enum Undoing {
    Counts,
    /// It takes something back all the same, but before that was made.
    TooEarly,
    Refused(RefusalCode, Option<FactNo>),
}

impl Book {
    /// The merges that count, in order: those not taken back. And what speaks against them.
    pub(super) fn judge_unions(&self) -> (Vec<Union>, Against) {
        let ground = self.ground();
        let mut facts: Vec<(FactNo, Fact<'_>)> =
            self.unions.iter().filter_map(|no| Some((*no, self.log.fact(*no)?))).collect();
        facts.sort_by(|a, b| ground.key(a.0).cmp(&ground.key(b.0)));
        let mut against = Against::new();
        let mut object = |place: Option<Place>, fact, code, other, strangers| {
            let Some(place) = place else { return };
            let flag = Flag { code, fact, other };
            against.entry(place).or_default().push(Objection { flag, strangers });
        };
        let mut undone: BTreeMap<FactNo, FactNo> = BTreeMap::new();
        for (no, fact) in &facts {
            let Body::Unmerged { customer, merge } = &fact.body else { continue };
            let place = self.people.place(customer);
            if ground.when(*no, fact).late_after_seal {
                object(place, *no, RefusalCode::Sealed, None, None);
            }
            if self.erasures.comes_after(fact) {
                object(place, *no, RefusalCode::Erased, None, None);
            }
            let merged = self.merge_of(merge, customer);
            let undoing = self.undoing(merged, *no, ground.key(*no), &undone);
            if let (Undoing::Counts | Undoing::TooEarly, Some(merged)) = (&undoing, merged) {
                undone.insert(merged, *no);
            }
            match undoing {
                Undoing::Counts => {}
                Undoing::TooEarly => object(place, *no, RefusalCode::UnknownMerge, merged, None),
                Undoing::Refused(code, other) => object(place, *no, code, other, None),
            }
        }
        let mut unions = Vec::new();
        // Into whom each went who went, by which fact.
        let mut gone: BTreeMap<Place, (Place, FactNo)> = BTreeMap::new();
        let root = |gone: &BTreeMap<Place, (Place, FactNo)>, of: Place| {
            let mut root = of;
            while let Some((into, _)) = gone.get(&root) {
                root = *into;
            }
            root
        };
        for (no, fact) in facts.iter().filter(|(no, _)| !undone.contains_key(no)) {
            let Body::Merged { customer, into } = &fact.body else { continue };
            let Some((from, into)) = self.people.place(customer).zip(self.people.place(into)) else {
                continue;
            };
            if ground.when(*no, fact).late_after_seal {
                object(Some(from), *no, RefusalCode::Sealed, None, None);
            }
            if self.erasures.comes_after(fact) {
                object(Some(from), *no, RefusalCode::Erased, None, None);
            }
            let (from_root, into_root) = (root(&gone, from), root(&gone, into));
            match gone.get(&from) {
                Some((_, by)) => object(Some(from), *no, RefusalCode::AlreadyMerged, Some(*by), None),
                None if from_root == into_root => {
                    object(Some(from), *no, RefusalCode::SameAccount, None, None);
                }
                None => object(Some(from), *no, RefusalCode::UnknownCustomer, None, Some((from, into))),
            }
            if from_root != into_root {
                gone.insert(from_root, (into_root, *no));
            }
            unions.push(Union { from, into });
        }
        (unions, against)
    }

    /// The fact that merged a customer.
    pub(super) fn merge_of(&self, merge: &str, customer: &str) -> Option<FactNo> {
        let no = self.log.find(merge)?;
        let fact = self.log.fact(no)?;
        matches!(&fact.body, Body::Merged { customer: merged, .. } if **merged == *customer).then_some(no)
    }

    fn undoing(
        &self,
        merged: Option<FactNo>,
        no: FactNo,
        key: Key<'_>,
        undone: &BTreeMap<FactNo, FactNo>,
    ) -> Undoing {
        let Some(merged) = merged else { return Undoing::Refused(RefusalCode::UnknownMerge, None) };
        if let Some(before) = undone.get(&merged) {
            return Undoing::Refused(RefusalCode::UnknownMerge, Some(*before));
        }
        // What a seal found in force stays.
        if self.seals.iter().any(|seal| merged < seal.arrived && seal.arrived <= no) {
            return Undoing::Refused(RefusalCode::Sealed, Some(merged));
        }
        if self.ground().key(merged) > key { Undoing::TooEarly } else { Undoing::Counts }
    }

    /// Whether something had happened to a customer before.
    pub(super) fn is_known(&self, place: Place, before: Key<'_>) -> bool {
        let ground = self.ground();
        self.people.get(place).is_some_and(|customer| {
            let mut earlier = customer.facts.iter().take_while(|no| ground.key(**no) < before);
            // To be named by someone else is nothing that happens to a customer (11.18).
            customer.settled || earlier.any(|no| !self.only_names(*no, &customer.id))
        })
    }

    /// The flags of an account's merges through a day, in order.
    pub(super) fn union_flags(&self, root: Place, on: Day) -> Vec<Flag> {
        if self.against.is_empty() {
            return Vec::new();
        }
        let own = [root];
        let members = self.people.members(root);
        let members = if members.is_empty() { &own[..] } else { members };
        let ground = self.ground();
        let objections = members.iter().filter_map(|member| self.against.get(member)).flatten();
        let mut flags: Vec<Flag> = objections
            .filter(|objection| {
                let no = objection.flag.fact;
                let is_known = |place| self.is_known(place, ground.key(no));
                let holds = objection.strangers.is_none_or(|(from, into)| !is_known(from) || !is_known(into));
                holds && self.log.fact(no).is_some_and(|fact| ground.when(no, &fact).day <= on)
            })
            .map(|objection| objection.flag)
            .collect();
        // By fact; of one fact in the order in which they were found.
        flags.sort_by(|a, b| ground.key(a.fact).cmp(&ground.key(b.fact)));
        flags
    }

    /// A flag as it is shown.
    pub(super) fn flag_view(&self, flag: &Flag) -> FlagView {
        let facts = flag.other.into_iter().chain([flag.fact]);
        FlagView { code: flag.code.flag(), facts: facts.map(|no| self.log.id(no).into()).collect() }
    }
}
