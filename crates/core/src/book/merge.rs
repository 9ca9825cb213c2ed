//! Facts that have already happened elsewhere: never refused, put in their place (semantics 1.3, 1.4).

use super::Book;
use super::answer::{Change, Merged};
use super::changes::conflict;
use super::fold::{Ground, Until};
use super::index::Half;
use super::judging::{Judging, is_report};
use super::log::{Encoded, Log};
use super::people::Place;
use super::postings::MovingOf;
use crate::Id;
use crate::fact::{Body, Fact};
use crate::fault::Fault;
use crate::loyalty::account::{Account, Sides};
use crate::loyalty::lots::FactNo;
use std::borrow::Borrow;

/// What came in and has not been folded yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Incoming {
    /// The first of them.
    first: Option<FactNo>,
    facts: Vec<(Place, i64, FactNo)>,
    /// First purchases of which an erasure was known before the fact that had told who introduced their customers.
    told_late: Vec<Id>,
    regroup: bool,
    adopt: bool,
}

impl Book {
    /// Takes in facts that have already happened, in any order. What `record` would have refused leaves a flag on its account.
    ///
    /// ```
    /// # use parure::{book::Book, fact::Fact, program::Program};
    /// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    /// # let program = Program::parse("m.toml", text)?;
    /// # let yuan = program.currency();
    /// let mut book = Book::new(program);
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#;
    /// let merged = book.merge([Fact::from_json(joined, yuan)?, Fact::from_json(joined, yuan)?])?;
    /// assert_eq!((merged.new, merged.known), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `other_currency_or_zone` for a program that can't be adopted, `book_full` beyond 2^32 facts: the facts before it are in
    /// the book, it and those after it are not.
    pub fn merge<'f, F: Borrow<Fact<'f>>>(
        &mut self,
        facts: impl IntoIterator<Item = F>,
    ) -> Result<Merged, Fault> {
        let mut merged = Merged::default();
        let (first_new, known) = (self.next_no(), self.log.len());
        let taken = self.take_in_all(facts, &mut merged);
        let changes = self.settle();
        self.file_reports(known);
        merged.changes.extend(changes);
        // An erasure settles what came before it in the same batch.
        merged.changes.retain(|change| self.log.find(&change.fact).is_some_and(|no| no < first_new));
        taken.map(|()| merged)
    }

    fn take_in_all<'f, F: Borrow<Fact<'f>>>(
        &mut self,
        facts: impl IntoIterator<Item = F>,
        merged: &mut Merged,
    ) -> Result<(), Fault> {
        for fact in facts {
            let arrived = fact.borrow();
            let rewritten = self.erasures.rewritten(arrived);
            let fact = rewritten.as_ref().unwrap_or(arrived);
            let id = Half::of(fact.id());
            let encoded = Log::encode(fact, id, self.spare.take());
            match self.log.find_by(id, fact.id()) {
                None if matches!(fact.body, Body::Erased { .. }) => {
                    merged.changes.extend(self.settle());
                    merged.changes.extend(self.erase(fact)?.1);
                    merged.new = merged.new.saturating_add(1);
                }
                None => {
                    self.check_adoption(fact)?;
                    self.take_in(fact, &encoded)?;
                    merged.new = merged.new.saturating_add(1);
                }
                Some(no) if self.log.same(no, &encoded) => merged.known = merged.known.saturating_add(1),
                Some(no) => {
                    let fact = self.as_kept(no, fact);
                    if self.log.same(no, &Log::encode(&fact, id, None)) || self.was_sealed(no, arrived) {
                        merged.known = merged.known.saturating_add(1);
                    } else {
                        merged.conflicts.push(conflict(self.log.fact(no).as_ref(), &fact, self.currency()));
                    }
                }
            }
            self.spare = Some(encoded);
        }
        Ok(())
    }

    /// Keeps a new fact and remembers whom it concerns; [`Book::settle`] folds it.
    pub(super) fn take_in(&mut self, fact: &Fact<'_>, encoded: &Encoded) -> Result<FactNo, Fault> {
        let no = self.log.push(encoded, fact.at.micros())?;
        let micros = self.ground().when(no, fact).micros;
        self.incoming.first.get_or_insert(no);
        match &fact.body {
            Body::Adopted { .. } => {
                self.adopted.push(no);
                self.incoming.adopt = true;
            }
            Body::Merged { customer, into } => {
                self.people.place_or_new(customer);
                self.people.place_or_new(into);
                self.unions.push(no);
                self.incoming.regroup = true;
            }
            Body::Erased { .. } => {
                self.erased.push(no);
                self.erasures.add(fact);
                self.introducers.add(no, fact);
            }
            Body::Unmerged { customer, .. } => {
                self.people.place_or_new(customer);
                self.unions.push(no);
                self.incoming.regroup = true;
            }
            Body::Given { .. } | Body::Valued { .. } | Body::Couponed { .. } => {
                for id in fact.customer().into_iter().chain(fact.other_customer()) {
                    let place = self.people.place_or_new(id);
                    self.incoming.facts.push((place, micros, no));
                }
            }
            Body::Joined { customer, .. } | Body::ProfileChanged { customer, .. } => {
                let place = self.people.place_or_new(customer);
                if matches!(fact.body, Body::Joined { .. }) {
                    self.joins(place, no);
                }
                self.namings.add(place, no, fact);
                self.introducers.add(no, fact);
                self.incoming.told_late.extend_from_slice(self.erasures.purchases_told_by(fact.id()));
                self.incoming.facts.push((place, micros, no));
                if let Some(other) = fact.other_customer() {
                    let place = self.people.place_or_new(other);
                    self.incoming.facts.push((place, micros, no));
                }
            }
            Body::Purchased { customer, .. }
            | Body::HouseholdJoined { customer, .. }
            | Body::HouseholdLeft { customer }
            | Body::Issued { customer, .. }
            | Body::Voided { customer, .. }
            | Body::BenefitGranted { customer, .. }
            | Body::BenefitUsed { customer, .. }
            | Body::BenefitReversed { customer, .. }
            | Body::Ordered { customer, .. }
            | Body::Returned { customer, .. }
            | Body::Adjusted { customer, .. }
            | Body::Redeemed { customer, .. }
            | Body::RedemptionSettled { customer, .. }
            | Body::TierGranted { customer, .. }
            | Body::Consented { customer, .. }
            | Body::Met { customer, .. } => {
                let drawn = fact.drawn().iter().map(|drawn| &drawn.customer);
                for id in std::iter::once(customer).chain(drawn) {
                    let place = self.people.place_or_new(id);
                    self.incoming.facts.push((place, micros, no));
                }
                self.households.add(no, fact);
            }
        }
        Ok(no)
    }

    /// Remembers the fact by which a customer joined: the earliest, where there are several.
    pub(super) fn joins(&mut self, place: Place, no: FactNo) {
        let Book { log, people, seals, versions, erasures, .. } = self;
        let ground = Ground { log, seals, versions, erasures };
        if let Some(customer) = people.get_mut(place)
            && customer.joined.is_none_or(|first| ground.key(no) < ground.key(first))
        {
            customer.joined = Some(no);
        }
    }

    /// Folds what came in. Answers how the results of facts known before changed.
    pub(super) fn settle(&mut self) -> Vec<Change> {
        let incoming = std::mem::take(&mut self.incoming);
        let mut again: Vec<Place> = Vec::new();
        let mut versions_before = None;
        if incoming.adopt {
            versions_before = Some(self.versions.clone());
            self.read_versions();
            self.seat_all();
            again.extend(self.people.places());
        }
        if incoming.regroup {
            let unions;
            (unions, self.against) = self.judge_unions();
            let formed = self.people.regroup(&unions);
            self.unseat(&formed);
            again.extend(formed);
        }
        again.extend(incoming.told_late.iter().filter_map(|purchase| self.place_of(purchase)));
        again.extend(self.seat());
        let first_new = incoming.first.unwrap_or(FactNo::MAX);
        let concerned: Vec<Place> = incoming.facts.iter().map(|(place, ..)| *place).collect();
        self.place_in_order(incoming.facts, &mut again);
        // Where accounts are formed anew, a fact's effect may have been another account's.
        let (mut before, mut after) = (Vec::new(), Vec::new());
        if incoming.regroup {
            before.extend(again.iter().flat_map(|place| self.effects(*place)));
        }
        for place in &mut again {
            *place = self.people.root(*place);
        }
        let roots: Vec<Place> =
            concerned.iter().chain(&again).map(|place| self.people.root(*place)).collect();
        again.extend(self.sharers(&roots));
        let mut concerned: Vec<Place> = concerned.into_iter().map(|place| self.people.root(place)).collect();
        concerned.extend(&again);
        concerned.sort_unstable();
        concerned.dedup();
        again.sort_unstable();
        again.dedup();
        // Whoever introduced someone is folded after them.
        let introducers = self.given_for(&concerned);
        let mut told: Vec<_> = introducers.iter().map(|root| (*root, self.effects(*root))).collect();
        if incoming.regroup {
            before.extend(told.iter().flat_map(|(_, effects)| effects.iter().copied()));
        }
        let mut changes = Vec::new();
        for root in again {
            if !incoming.regroup {
                before = self.effects(root);
            }
            self.fold_again(root);
            if introducers.contains(&root) {
                continue;
            }
            if incoming.regroup {
                after.extend(self.effects(root));
            } else {
                let versions = versions_before.as_ref().unwrap_or(&self.versions);
                changes.extend(self.changes(&before, &self.effects(root), first_new, versions));
            }
        }
        // Those are among them who introduced someone who was forgotten, and stands alone only now.
        for root in self.given_for(&concerned).into_iter().filter(|root| !introducers.contains(root)) {
            told.push((root, self.effects(root)));
        }
        for (root, before) in told {
            self.fold_again(root);
            if incoming.regroup {
                after.extend(self.effects(root));
            } else {
                let versions = versions_before.as_ref().unwrap_or(&self.versions);
                changes.extend(self.changes(&before, &self.effects(root), first_new, versions));
            }
        }
        if incoming.regroup {
            before.sort_unstable_by_key(|(doing, ..)| *doing);
            before.dedup_by_key(|(doing, ..)| *doing);
            after.sort_unstable_by_key(|(doing, ..)| *doing);
            let versions = versions_before.as_ref().unwrap_or(&self.versions);
            changes = self.changes(&before, &after, first_new, versions);
        }
        changes
    }

    fn place_of(&self, fact: &str) -> Option<Place> {
        self.people.place(self.log.fact(self.log.find(fact)?)?.customer()?)
    }

    /// Puts facts into the lists of their customers, and applies those that stand last; accounts in which they don't are told.
    fn place_in_order(&mut self, mut facts: Vec<(Place, i64, FactNo)>, again: &mut Vec<Place>) {
        let ground = self.ground();
        facts.sort_unstable_by(|a, b| {
            (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| ground.key(a.2).cmp(&ground.key(b.2)))
        });
        for own in facts.chunk_by(|a, b| a.0 == b.0) {
            let Some((place, _, first)) = own.first().copied() else { continue };
            let root = self.people.root(place);
            let alone = self.people.members(root).is_empty();
            let ground = self.ground();
            let last =
                self.people.get(place).and_then(|customer| customer.facts.last()).map(|no| ground.key(*no));
            let in_order = last.is_none_or(|last| last < ground.key(first));
            let of_others = self.is_given_for(root) || self.shares_spend(root);
            if alone && in_order && !again.contains(&root) && !of_others {
                if !self.apply_last(root, own) {
                    again.push(root);
                }
            } else {
                again.push(root);
                self.insert_facts(place, own, in_order);
            }
        }
    }

    fn insert_facts(&mut self, place: Place, own: &[(Place, i64, FactNo)], in_order: bool) {
        let Book { log, people, seals, versions, erasures, .. } = self;
        let ground = Ground { log, seals, versions, erasures };
        let Some(customer) = people.get_mut(place) else { return };
        customer.facts.extend(own.iter().map(|(_, _, no)| *no));
        if !in_order {
            customer.facts.sort_by(|a, b| ground.key(*a).cmp(&ground.key(*b)));
        }
    }

    /// Applies facts that stand behind all others of an account of one; `false` where the account has lived on beyond them.
    fn apply_last(&mut self, root: Place, own: &[(Place, i64, FactNo)]) -> bool {
        let (mut applied, mut judging) = (true, Judging::default());
        for (_, _, no) in own {
            let Some(sides) = self.sides_of_last(*no, root, &mut judging) else { continue };
            let Book { log, people, seals, versions, erasures, moving, .. } = self;
            let ground = Ground { log, seals, versions, erasures };
            let Some(customer) = people.get_mut(root) else { return applied };
            customer.facts.push(*no);
            let Some(fact) = ground.log.fact(*no) else { continue };
            let when = ground.when(*no, &fact);
            applied = applied && customer.account.day <= when.day;
            if applied && !sides.of_another {
                customer.last = Some(*no);
                let account = &mut customer.account;
                let mut seeing = MovingOf { moving: moving.as_mut(), root };
                ground.show(*no, &fact, when, sides, |event| {
                    account.apply(event, ground.versions, &mut seeing);
                });
            }
        }
        applied
    }

    /// What a fact asks of people that stands behind all others of an account.
    fn sides_of_last(&self, no: FactNo, root: Place, judging: &mut Judging) -> Option<Sides> {
        let fact = self.log.fact(no)?;
        let mut sides = self.sides(no, &fact, root, &self.versions);
        if is_report(&fact)
            && let Some(customer) = self.people.get(root)
        {
            let (when, account) = (self.ground().when(no, &fact), (root, &customer.account));
            sides.unfit = self.against_report(&fact, when, account, &self.versions, judging);
        }
        Some(sides)
    }

    /// Folds an account anew.
    pub(super) fn fold_again(&mut self, root: Place) {
        let members = self.people.members(root).to_vec();
        let mut moving = self.moving.take();
        if let Some(moving) = &mut moving {
            moving.forget(&[&[root], &members[..]].concat());
        }
        let mut seeing = MovingOf { moving: moving.as_mut(), root };
        let (account, last) = self.fold(root, Until::All, &self.versions, &mut seeing);
        self.moving = moving;
        for member in members {
            if let Some(customer) = self.people.get_mut(member) {
                customer.account = Account::default();
                customer.last = None;
            }
        }
        if let Some(customer) = self.people.get_mut(root) {
            customer.account = account;
            customer.last = last;
        }
    }
}
