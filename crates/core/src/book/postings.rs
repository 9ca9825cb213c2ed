//! What each fact moved, as an auditor's books want it: one posting for each kind, signed so that they add up.

use super::Book;
use super::answer::PointsMoved;
use super::fold::Until;
use super::people::Place;
use crate::Id;
use crate::calendar::Day;
use crate::fact::{Body, Drawn, Fact};
use crate::loyalty::lots::FactNo;
use crate::money::Money;
use crate::outcome::{Entry, Witness};
use std::collections::BTreeMap;

/// Points that one fact moved for one customer. All postings of an account add up to what is outstanding and what has lapsed of it.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let sum: i64 = book.postings("wang-fang").iter().map(|posting| posting.points).sum();
/// let points = book.account("wang-fang", on)?.points;
/// assert_eq!(sum, points.balance + points.pending + points.totals.lapsed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The fact that moved them.
    pub fact: Id,
    /// The customer it names; of a gift, who received it.
    pub customer: Id,
    /// `awarded`, `spent`, `restored`, `taken_back`, `given`, `received`, `adjusted`: as in [`PointsMoved`].
    pub kind: &'static str,
    /// How many, less what went out.
    pub points: i64,
}

impl Book {
    /// What the facts of a customer's account moved, in their order: all that are not behind a seal. None for a customer nobody
    /// knows. What lapses by itself is no fact's doing and no posting.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let postings = book.postings("wang-fang");
    /// assert!(postings.iter().all(|posting| posting.customer == "wang-fang"));
    /// assert!(book.postings("nobody").is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn postings(&self, customer: &str) -> Vec<Posting> {
        let Some(root) = self.people.root_of(customer) else { return Vec::new() };
        let mut moving = Moving::from(0);
        self.fold(root, Until::All, &self.versions, &mut moving.of(root));
        let moved = |no: &FactNo| Some((*no, moving.moved.get(&(*no, root))?));
        self.facts_of(root)
            .iter()
            .filter_map(moved)
            .flat_map(|(no, moved)| self.postings_of((no, root), moved))
            .collect()
    }

    /// What a fact moved, one posting for each kind.
    pub(super) fn postings_of(
        &self,
        (no, root): (FactNo, Place),
        moved: &PointsMoved,
    ) -> impl Iterator<Item = Posting> + use<> {
        let fact = self.log.fact(no);
        let id = Id::from(self.log.id(no));
        let own = fact.as_ref().and_then(Fact::customer);
        let is_own = own.is_some_and(|customer| self.people.root_of(customer) == Some(root));
        let given = matches!(fact.as_ref().map(|fact| &fact.body), Some(Body::Given { .. }));
        // Points for introducing its customer are whose introduction it was.
        let named = if is_own || given { own.map(Id::from) } else { self.introducer_for(no) };
        let to = fact.as_ref().and_then(|fact| match &fact.body {
            Body::Given { to, .. } => Some(Id::from(&**to)),
            _ => None,
        });
        // What somebody else of the household paid with is whose points they were.
        let lender = fact.as_ref().filter(|_| !is_own).and_then(|fact| {
            let mine = |id: &&str| self.people.root_of(id) == Some(root);
            fact.drawn().iter().map(Drawn::customer).find(mine).map(Id::from)
        });
        signed(moved).filter_map(move |(kind, points)| {
            let other = match kind {
                "received" => to.as_ref(),
                "given" => lender.as_ref(),
                _ => None,
            };
            let customer = other.or(named.as_ref())?.clone();
            Some(Posting { fact: id.clone(), customer, kind, points })
        })
    }

    /// How many facts had come in before the one of this id: its place in the order of arrival, which never changes. None for one that is
    /// not in the book.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert_eq!(book.arrival("j-01"), Some(0));
    /// assert_eq!(book.arrival("nothing"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn arrival(&self, id: &str) -> Option<u32> {
        self.log.find(id)
    }

    /// The ids of a customer's account's facts that are not behind a seal, in their order.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert_eq!(book.facts_of_account("liu-online").next(), book.facts_of_account("liu-xin").next()); // they are one
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn facts_of_account(&self, customer: &str) -> impl Iterator<Item = Id> {
        let facts = self.people.root_of(customer).map(|root| self.facts_of(root));
        let facts = facts.map_or_else(Vec::new, |facts| facts.to_vec());
        facts.into_iter().map(|no| self.log.id(no).into())
    }
}

impl PointsMoved {
    /// The postings of one fact: each kind that moved points, signed.
    ///
    /// ```
    /// let moved = parure::book::PointsMoved { awarded: 128, spent: 60, ..Default::default() };
    /// assert_eq!(moved.postings().collect::<Vec<_>>(), [("awarded", 128), ("spent", -60)]);
    /// ```
    pub fn postings(&self) -> impl Iterator<Item = (&'static str, i64)> {
        signed(self)
    }
}

impl Fact<'_> {
    /// What it moved in money: what was to be paid for a purchase; of a return, less than zero, what its lines say; else nothing.
    ///
    /// ```
    /// use parure::{fact::Fact, money::Currency};
    /// let sale = r#"{"id":"p-1","at":"2026-03-01T15:04:05+08:00","customer":"c-1","purchased":{"lines":[{"id":"1","amount":"12800"}],"discount":"800"}}"#;
    /// assert_eq!(Fact::from_json(sale, Currency::parse("CNY")?)?.turnover_minor(), 1_200_000);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn turnover_minor(&self) -> i64 {
        let sum = |amounts: &mut dyn Iterator<Item = Money>| {
            amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.minor()))
        };
        match &self.body {
            Body::Purchased { purchase, .. } => sum(&mut purchase.lines.iter().map(|line| line.amount))
                .saturating_sub(purchase.discount.minor()),
            Body::Returned { lines, .. } => sum(&mut lines.iter().map(|line| line.amount)).saturating_neg(),
            Body::Joined { .. }
            | Body::ProfileChanged { .. }
            | Body::Adjusted { .. }
            | Body::Given { .. }
            | Body::Redeemed { .. }
            | Body::RedemptionSettled { .. }
            | Body::TierGranted { .. }
            | Body::HouseholdJoined { .. }
            | Body::HouseholdLeft { .. }
            | Body::Issued { .. }
            | Body::Voided { .. }
            | Body::Couponed { .. }
            | Body::BenefitGranted { .. }
            | Body::BenefitUsed { .. }
            | Body::BenefitReversed { .. }
            | Body::Valued { .. }
            | Body::Ordered { .. }
            | Body::Consented { .. }
            | Body::Met { .. }
            | Body::Merged { .. }
            | Body::Unmerged { .. }
            | Body::Erased { .. }
            | Body::Adopted { .. } => 0,
        }
    }
}

fn signed(moved: &PointsMoved) -> impl Iterator<Item = (&'static str, i64)> + use<> {
    [
        ("awarded", moved.awarded),
        ("spent", moved.spent.saturating_neg()),
        ("restored", moved.restored),
        ("taken_back", moved.taken_back.saturating_neg()),
        ("given", moved.given.saturating_neg()),
        ("received", moved.received),
        ("adjusted", moved.adjusted),
    ]
    .into_iter()
    .filter(|(_, points)| *points != 0)
}

/// What facts move while they are applied, by fact and account: those from a number on.
#[derive(Debug, Clone)]
pub(super) struct Moving {
    first: FactNo,
    pub(super) moved: BTreeMap<(FactNo, Place), PointsMoved>,
}

impl Moving {
    pub(super) fn from(first: FactNo) -> Moving {
        Moving { first, moved: BTreeMap::new() }
    }

    /// What facts move of one account.
    pub(super) fn of(&mut self, root: Place) -> MovingOf<'_> {
        MovingOf { moving: Some(self), root }
    }

    /// Forgets what was seen of an account, because it is folded anew.
    pub(super) fn forget(&mut self, accounts: &[Place]) {
        self.moved.retain(|(_, place), _| !accounts.contains(place));
    }
}

/// Sees what facts move of one account, where somebody wants to know.
pub(super) struct MovingOf<'m> {
    pub(super) moving: Option<&'m mut Moving>,
    pub(super) root: Place,
}

impl Witness for MovingOf<'_> {
    fn see(&mut self, _: Day, fact: Option<FactNo>, entry: Entry) {
        let Some(moving) = &mut self.moving else { return };
        if let Some(no) = fact.filter(|no| *no >= moving.first && !matches!(entry, Entry::Lapsed { .. })) {
            moving.moved.entry((no, self.root)).or_default().add(entry);
        }
    }
}
