//! Who is given something for whom: the first purchases of those whom an account introduced are facts of that account too (semantics 14).
//!
//! What a newcomer's purchases come to is told by their own account ([`Claim`]), which depends on nobody else's points. So of
//! accounts that are folded again, newcomers come first and those who introduced them afterwards.

use super::Book;
use super::fold::{Key, Until};
use super::naming::profile_of;
use super::people::Place;
use crate::Id;
use crate::customer::field::Field;
use crate::customer::said::Said;
use crate::fact::{Body, Erasure, Fact};
use crate::loyalty::account::Sides;
use crate::loyalty::introductions::Claim;
use crate::loyalty::lots::FactNo;
use crate::outcome::Nobody;
use crate::program::versions::Versions;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The facts that tell whom somebody introduced, by that one's id: profiles that name them, and erasures of whom they introduced.
#[derive(Debug, Clone, Default)]
pub(super) struct Introducers(BTreeMap<Id, SmallVec<[FactNo; 2]>>);

impl Introducers {
    pub(super) fn add(&mut self, no: FactNo, fact: &Fact<'_>) {
        for id in told_by(fact) {
            self.0.entry(Id::new(id)).or_default().push(no);
        }
    }

    /// Forgets a fact that is among the latest.
    pub(super) fn take_back(&mut self, no: FactNo, fact: &Fact<'_>) {
        for id in told_by(fact) {
            if let Some(facts) = self.0.get_mut(id) {
                facts.retain(|known| *known != no);
                if facts.is_empty() {
                    self.0.remove(id);
                }
            }
        }
    }

    fn of(&self, id: &str) -> &[FactNo] {
        self.0.get(id).map_or(&[], |facts| facts)
    }
}

/// Who introduced whom, as a fact tells it.
fn told_by<'f>(fact: &'f Fact<'_>) -> Vec<&'f str> {
    match &fact.body {
        Body::Erased { erasure: Erasure::Done { introduced, .. }, .. } => {
            introduced.iter().map(|one| &*one.by).collect()
        }
        _ => fact.introducer().into_iter().collect(),
    }
}

impl Fact<'_> {
    /// Who introduced its customer, where it tells that.
    pub(crate) fn introducer(&self) -> Option<&str> {
        match profile_of(self)?.get(Field::INTRODUCED_BY)? {
            Said::Text(id) => Some(id),
            _ => None,
        }
    }
}

impl Book {
    /// Whether any version of the program rewards introductions: the first purchases of those whom someone introduced are then facts
    /// of that one's account too (semantics 14).
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert!(!book.rewards_introductions());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rewards_introductions(&self) -> bool {
        self.versions.rewards_introductions()
    }

    /// What a fact asks of people, seen from an account.
    pub(super) fn sides(&self, no: FactNo, fact: &Fact<'_>, root: Place, versions: &Versions) -> Sides {
        let sides = Sides::of(fact, &self.people, root);
        let (true, Body::Purchased { customer, .. } | Body::Returned { customer, .. }) =
            (versions.rewards_introductions() || versions.pools_spend(), &fact.body)
        else {
            return sides;
        };
        match self.people.root_of(customer) {
            Some(own) if own == root => {
                if !versions.rewards_introductions() {
                    return sides;
                }
                let is_bought = matches!(fact.body, Body::Purchased { .. });
                let ground = self.ground();
                let by = || self.introduced_by(root, fact, ground.when(no, fact).key(fact));
                Sides { introduced: if is_bought { by() } else { None }, ..sides }
            }
            Some(newcomer) => {
                let shared = self.is_shared(fact, [root, newcomer], versions);
                // What is in the list for no other reason is so for this one.
                let only = sides.lends == 0 && !shared;
                let of_introduced = only || self.is_claimed(newcomer, root, no, versions);
                Sides { of_introduced, shared, ..sides }
            }
            None => sides,
        }
    }

    /// The fact that tells who introduced an account, as it was told before a purchase of theirs. None where that is nobody or the account
    /// itself.
    fn introduced_by(&self, root: Place, fact: &Fact<'_>, key: Key<'_>) -> Option<FactNo> {
        if let Some(introduction) = self.erasures.introduction(fact) {
            return self.log.find(&introduction.told).or_else(|| self.log.find(&introduction.erasure));
        }
        if self.erasures.comes_after(fact) { None } else { self.introduced_until(root, key) }
    }

    /// The same, of a purchase that is asked about.
    pub(super) fn introduced_before(&self, root: Place, micros: i64) -> Option<FactNo> {
        if !self.versions.rewards_introductions() {
            return None;
        }
        self.introduced_until(root, (micros, micros, ""))
    }

    fn introduced_until(&self, root: Place, key: Key<'_>) -> Option<FactNo> {
        if self.namings.is_empty() {
            return None;
        }
        let (by, told) = self.introducer(root, key)?;
        (by != root).then_some(told)
    }

    /// The facts of an account, in order: its own, and the first purchases of those whom it introduced, with the returns that took these
    /// away.
    pub(super) fn facts_of(&self, root: Place) -> Cow<'_, [FactNo]> {
        self.facts_under(root, &self.versions)
    }

    pub(super) fn facts_under(&self, root: Place, versions: &Versions) -> Cow<'_, [FactNo]> {
        let own = self.own_facts_of(root);
        let mut others = self.facts_shared_with(root, versions);
        if versions.rewards_introductions() {
            others.extend(self.facts_of_newcomers(root, versions));
        }
        if others.is_empty() {
            return own;
        }
        let mut facts = own.into_owned();
        facts.extend(others);
        let ground = self.ground();
        facts.sort_by(|a, b| ground.key(*a).cmp(&ground.key(*b)));
        facts.dedup();
        Cow::Owned(facts)
    }

    fn facts_of_newcomers(&self, root: Place, versions: &Versions) -> Vec<FactNo> {
        let mut facts = Vec::new();
        for newcomer in self.newcomers_of(root) {
            for claim in self.claims_of(newcomer, versions).iter() {
                let Some(by) = self.introducer_told(claim) else { continue };
                // Who has been forgotten is given nothing any more.
                let is_gone = self
                    .log
                    .fact(claim.purchase)
                    .is_some_and(|fact| self.erasures.is_gone(&by, fact.at.micros()));
                if self.people.root_of(&by) == Some(root) && !is_gone {
                    facts.extend(
                        [Some(claim.purchase), claim.lost.map(|lost| lost.fact)].into_iter().flatten(),
                    );
                }
            }
        }
        // What is sealed is in the account as it was sealed.
        if let Some(seal) = self.seals.last() {
            let ground = self.ground();
            facts.retain(|no| seal.micros <= ground.key(*no).0);
        }
        facts
    }

    /// Whether an account is given something for a purchase of another, or has lost it with a return.
    fn is_claimed(&self, newcomer: Place, by: Place, purchase: FactNo, versions: &Versions) -> bool {
        let claims = self.claims_of(newcomer, versions);
        let is_of = |claim: &Claim| {
            claim.purchase == purchase || claim.lost.is_some_and(|lost| lost.fact == purchase)
        };
        claims.iter().any(|claim| is_of(claim) && self.who_introduced(claim) == Some(by))
    }

    /// The accounts that were told, at any time, to have been introduced by an account.
    pub(super) fn newcomers_of(&self, root: Place) -> BTreeSet<Place> {
        let facts = self.ids_of(root).into_iter().flat_map(|id| self.introducers.of(id));
        let root_of = |no: &FactNo| self.people.root_of(self.log.fact(*no)?.customer()?);
        facts.filter_map(root_of).filter(|newcomer| *newcomer != root).collect()
    }

    /// Whether an account was told, at any time, to have introduced someone.
    pub(super) fn introduced_someone(&self, root: Place) -> bool {
        self.ids_of(root).into_iter().any(|id| !self.introducers.of(id).is_empty())
    }

    /// Whether the first purchases of others may be facts of an account.
    pub(super) fn is_given_for(&self, root: Place) -> bool {
        self.versions.rewards_introductions() && self.introduced_someone(root)
    }

    pub(super) fn ids_of(&self, root: Place) -> Vec<&Id> {
        match self.people.members(root) {
            [] => vec![self.people.id(root)],
            members => members.iter().map(|member| self.people.id(*member)).collect(),
        }
    }

    fn claims_of(&self, root: Place, versions: &Versions) -> Cow<'_, [Claim]> {
        if std::ptr::eq(versions, &raw const self.versions) {
            return Cow::Borrowed(self.people.get(root).map_or(&[], |customer| customer.account.claims()));
        }
        let mut account = self.base(root);
        let facts = self.own_facts_of(root);
        self.apply_facts(&mut account, (root, &facts), Until::All, versions, &mut Nobody, |_, _, _| {});
        Cow::Owned(account.claims().to_vec())
    }

    /// The account that introduced the one who made a first purchase.
    fn who_introduced(&self, claim: &Claim) -> Option<Place> {
        self.people.root_of(&self.introducer_told(claim)?)
    }

    /// The same, by the id that was told.
    pub(super) fn introducer_told(&self, claim: &Claim) -> Option<Id> {
        match self.erasures.introduction_for(self.log.id(claim.purchase)) {
            Some(introduction) => Some(introduction.by.clone()),
            None => self.log.fact(claim.by)?.introducer().map(Id::new),
        }
    }

    /// How many first purchases of an account somebody is given something for, and of how many that was taken back.
    pub(super) fn claims_told(&self, root: Place) -> (usize, usize) {
        let claims = self.people.get(root).map_or(&[][..], |customer| customer.account.claims());
        (claims.len(), claims.iter().filter(|claim| claim.lost.is_some()).count())
    }

    /// Of a first purchase, or of the return that took it away, the id under which whoever is given something for it was told.
    pub(super) fn introducer_for(&self, no: FactNo) -> Option<Id> {
        let fact = self.log.fact(no)?;
        let root = self.people.root_of(fact.customer()?)?;
        let claims = self.people.get(root)?.account.claims();
        let of = |claim: &&Claim| claim.purchase == no || claim.lost.is_some_and(|lost| lost.fact == no);
        self.introducer_told(claims.iter().find(of)?)
    }

    /// The accounts that an account was told, at any time, to have been introduced by.
    pub(super) fn introducers_of(&self, root: Place) -> BTreeSet<Place> {
        let own = [root];
        let members = self.people.members(root);
        let members = if members.is_empty() { &own[..] } else { members };
        let facts = members.iter().flat_map(|member| self.namings.of(*member));
        let named = facts.filter_map(|no| self.people.root_of(self.log.fact(*no)?.introducer()?));
        let claims = self.people.get(root).map_or(&[][..], |customer| customer.account.claims());
        let given = claims.iter().filter_map(|claim| self.who_introduced(claim));
        named.chain(given).filter(|by| *by != root).collect()
    }

    /// Those among some accounts, and those who introduced them, whose points may differ when these are folded again.
    pub(super) fn given_for(&self, roots: &[Place]) -> BTreeSet<Place> {
        if !self.versions.rewards_introductions() {
            return BTreeSet::new();
        }
        let by = roots.iter().flat_map(|root| self.introducers_of(*root));
        by.chain(roots.iter().copied().filter(|root| self.introduced_someone(*root))).collect()
    }

    /// Folds accounts again, and those who introduced them.
    pub(super) fn fold_each_again(&mut self, roots: &[Place]) {
        let sharers = self.sharers(roots);
        let all: Vec<Place> = sharers.into_iter().chain(roots.iter().copied()).collect();
        for root in &all {
            self.fold_again(*root);
        }
        for root in self.given_for(&all) {
            self.fold_again(root);
        }
    }

    /// Reads who introduced whom anew from the facts.
    pub(super) fn read_introducers(&mut self) {
        let mut introducers = Introducers::default();
        for no in self.namings.all().chain(self.erased.iter().copied()) {
            if let Some(fact) = self.log.fact(no) {
                introducers.add(no, &fact);
            }
        }
        self.introducers = introducers;
        let erased = self.erased.iter().filter_map(|no| self.log.fact(*no));
        self.erasures.read_introductions(erased);
    }
}
