//! Folding the facts of one account, whole or in part.

use super::erasures::Erasures;
use super::judging::{Judging, is_report};
use super::log::Log;
use super::people::{People, Place};
use super::{Book, Seal};
use crate::calendar::Day;
use crate::fact::{Body, Fact, GivenLot, Tender};
use crate::loyalty::account::{Account, Event, Linked, Sides, What};
use crate::loyalty::basket::BasketView;
use crate::loyalty::coupons::coupon_tenders;
use crate::loyalty::lots::FactNo;
use crate::loyalty::orders::deposit_tenders;
use crate::outcome::{Nobody, Witness};
use crate::program::versions::Versions;
use smallvec::SmallVec;
use std::borrow::Cow;

/// How far to fold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Until<'k> {
    All,
    /// Through the facts of a day.
    Day(Day),
    /// Up to the place of a fact.
    Before(Key<'k>),
}

/// What facts are looked up in while accounts change.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) log: &'a Log,
    pub(super) seals: &'a [Seal],
    pub(super) versions: &'a Versions,
    pub(super) erasures: &'a Erasures,
}

/// When a fact is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    pub(super) micros: i64,
    pub(super) day: Day,
    pub(super) late_after_seal: bool,
}

impl When {
    /// The place of the fact among others.
    pub(super) fn key<'f>(&self, fact: &'f Fact<'_>) -> Key<'f> {
        (self.micros, fact.at.micros(), fact.id())
    }
}

/// The place of a fact in the order of the book: the instant it is applied at, its own instant, its id. The two instants differ only for
/// what came too late for a seal.
pub(super) type Key<'a> = (i64, i64, &'a str);

impl Sides {
    pub(super) fn of(fact: &Fact<'_>, people: &People, root: Place) -> Sides {
        let is_mine = |id: &str| people.root_of(id) == Some(root);
        if !fact.drawn().is_empty() {
            return Sides::of_drawn(fact, is_mine);
        }
        match &fact.body {
            body @ (Body::Given { customer, .. }
            | Body::Valued { customer, .. }
            | Body::Couponed { customer, .. }) => {
                let into = body.passes_to().is_some_and(is_mine);
                Sides { out: is_mine(customer), into, ..Sides::default() }
            }
            Body::Joined { customer, .. } => {
                let of_another = !is_mine(customer);
                let customer = people.place(customer).and_then(|place| people.get(place));
                let joined_before = customer.and_then(|customer| customer.joined);
                Sides { joined_before, of_another, ..Sides::default() }
            }
            Body::ProfileChanged { customer, .. } => {
                Sides { of_another: !is_mine(customer), ..Sides::default() }
            }
            _ => Sides::default(),
        }
    }

    fn of_drawn(fact: &Fact<'_>, is_mine: impl Fn(&str) -> bool) -> Sides {
        let is_own = fact.customer().is_some_and(&is_mine);
        let (mut sides, mut bit) = (Sides::default(), 1_u64);
        for drawn in fact.drawn() {
            match (is_mine(&drawn.customer), is_own) {
                (true, true) => sides.own_drawn |= bit,
                (true, false) => sides.lends = sides.lends.saturating_add(drawn.points()),
                (false, _) => {}
            }
            bit <<= 1;
        }
        sides
    }
}

impl Ground<'_> {
    /// When a fact is applied: at its own instant, or at the seal that it came too late for (1.6).
    pub(super) fn when(&self, no: FactNo, fact: &Fact<'_>) -> When {
        self.when_by(no, fact.at.micros(), || fact.at.day_in(self.versions.zone()))
    }

    /// The same, given how the local day is found.
    pub(super) fn when_by(&self, no: FactNo, micros: i64, day: impl FnOnce() -> Day) -> When {
        let seal = self.seals.iter().rev().find(|seal| seal.arrived <= no);
        match seal.filter(|seal| micros < seal.micros) {
            Some(seal) => When { micros: seal.micros, day: seal.day, late_after_seal: true },
            None => When { micros, day: day(), late_after_seal: false },
        }
    }

    fn micros(&self, no: FactNo) -> i64 {
        let own = self.log.micros(no);
        let seal = self.seals.iter().rev().find(|seal| seal.arrived <= no);
        seal.map_or(own, |seal| own.max(seal.micros))
    }

    /// The place of a fact in the order of 1.2.
    pub(super) fn key(&self, no: FactNo) -> Key<'_> {
        (self.micros(no), self.log.micros(no), self.log.id(no))
    }

    /// Shows a fact to an account: with what it refers to looked up.
    pub(super) fn show<R>(
        &self,
        no: FactNo,
        fact: &Fact<'_>,
        when: When,
        sides: Sides,
        act: impl FnOnce(&Event<'_>) -> R,
    ) -> Option<R> {
        let referred = match &fact.body {
            Body::Returned { purchase, .. } => self.log.find(purchase),
            Body::RedemptionSettled { redemption, .. } => self.log.find(redemption),
            Body::Voided { coupon, .. } => self.log.find(coupon),
            Body::Couponed { act, .. } => self.log.find(act.coupon()),
            Body::BenefitUsed { of: Some(of), .. } => self.log.find(&of.0),
            Body::BenefitReversed { used, .. } => self.log.find(used),
            Body::Valued { act, .. } => act.top_up().and_then(|top_up| self.log.find(top_up)),
            Body::Ordered { act, .. } => act.order().and_then(|order| self.log.find(order)),
            _ => None,
        };
        let purchase = match &fact.body {
            Body::Returned { .. } => referred.and_then(|no| self.log.fact(no)),
            _ => None,
        };
        let linked = purchase
            .as_ref()
            .zip(referred)
            .and_then(|(bought, no)| Linked::of(no, self.when(no, bought).day, bought));
        let before = |first: &FactNo| self.key(*first) < when.key(fact);
        let sides = Sides { joined_before: sides.joined_before.filter(before), ..sides };
        let what = What::of(&fact.body, referred, linked, sides)?;
        let carried = self.erasures.carried(fact, when.key(fact), self);
        let drawn = drawn_of_others(fact, sides);
        let (coupons, orders) = match &fact.body {
            Body::Purchased { purchase, .. } if purchase.view().takes_what_is_held() => {
                (self.issued_by(purchase.view()), self.ordered_by(purchase.view()))
            }
            _ => (SmallVec::new(), SmallVec::new()),
        };
        let event = Event {
            introduced: sides.introduced,
            unfit: sides.unfit,
            late_after_seal: when.late_after_seal,
            erased: self.erasures.comes_after(fact),
            forgotten: fact.customer().is_some_and(|customer| self.erasures.is_alias(customer)),
            carried: carried.as_ref(),
            carried_gifts: carried.map_or([None; 2], |_| self.erasures.carried_gifts(fact)),
            drawn: &drawn,
            coupons: &coupons,
            orders: &orders,
            ..Event::of(no, fact, (when.micros, when.day), what)
        };
        Some(act(&event))
    }
}

impl Ground<'_> {
    /// The facts that issued the coupons that a basket is paid with.
    pub(super) fn issued_by(&self, view: BasketView<'_>) -> SmallVec<[Option<FactNo>; 2]> {
        let coupons = coupon_tenders(&view).filter_map(Tender::coupon_id);
        coupons.map(|coupon| self.log.find(coupon)).collect()
    }

    /// The facts that ordered what a basket's deposits are for.
    fn ordered_by(&self, view: BasketView<'_>) -> SmallVec<[Option<FactNo>; 2]> {
        deposit_tenders(&view).map(|(_, order)| self.log.find(order)).collect()
    }
}

/// The lots of others that a fact is paid with: none where it is seen by one of these.
fn drawn_of_others(fact: &Fact<'_>, sides: Sides) -> SmallVec<[GivenLot; 2]> {
    if fact.drawn().is_empty() || sides.lends > 0 {
        return SmallVec::new();
    }
    let places = fact.drawn().iter().zip(0_u32..);
    let others = places.filter(|(_, place)| sides.own_drawn.checked_shr(*place).unwrap_or(0) & 1 == 0);
    others.flat_map(|(drawn, _)| drawn.lots.iter().copied()).collect()
}

/// Facts of an account that are read ahead: as many as most accounts have.
const FETCHED: usize = 32;

impl Book {
    pub(super) fn ground(&self) -> Ground<'_> {
        Ground { log: &self.log, seals: &self.seals, versions: &self.versions, erasures: &self.erasures }
    }

    /// The facts of an account's own customers, in order.
    pub(super) fn own_facts_of(&self, root: Place) -> Cow<'_, [FactNo]> {
        let own = |place| self.people.get(place).map_or(&[][..], |customer| &customer.facts);
        let members = self.people.members(root);
        if members.is_empty() {
            return Cow::Borrowed(own(root));
        }
        let mut facts: Vec<FactNo> = members.iter().flat_map(|member| own(*member)).copied().collect();
        let ground = self.ground();
        facts.sort_by(|a, b| ground.key(*a).cmp(&ground.key(*b)));
        facts.dedup();
        Cow::Owned(facts)
    }

    /// The account as it was sealed; without a seal, as it begins.
    pub(super) fn base(&self, root: Place) -> Account {
        let members = self.people.members(root);
        let base = |place| self.people.get(place).and_then(|customer| customer.base.as_deref());
        let own = [root];
        let mut bases =
            if members.is_empty() { &own[..] } else { members }.iter().filter_map(|place| base(*place));
        let mut account = bases.next().cloned().unwrap_or_default();
        // A version adopted since may take effect on the day of the seal.
        account.look_ahead(&self.versions);
        let mut joined = false;
        for other in bases {
            let mut other = other.clone();
            if let Some(day) = self.sealed_until() {
                account.advance(day, &self.versions, &mut Nobody);
                other.look_ahead(&self.versions);
                other.advance(day, &self.versions, &mut Nobody);
            }
            account.join(other);
            joined = true;
        }
        if joined {
            account.look_again(&self.versions);
        }
        account
    }

    /// Folds an account's facts. Answers its state and the latest fact applied.
    pub(super) fn fold<W: Witness>(
        &self,
        root: Place,
        until: Until<'_>,
        versions: &Versions,
        witness: &mut W,
    ) -> (Account, Option<FactNo>) {
        self.fold_and_look(root, until, versions, witness, |_, _, _| {})
    }

    /// The same, with a look at the account after each fact.
    pub(super) fn fold_and_look<W: Witness>(
        &self,
        root: Place,
        until: Until<'_>,
        versions: &Versions,
        witness: &mut W,
        look: impl FnMut(FactNo, &Fact<'_>, &Account),
    ) -> (Account, Option<FactNo>) {
        let mut account = self.base(root);
        let facts = self.facts_under(root, versions);
        self.log.fetch(facts.get(..FETCHED).unwrap_or(&facts));
        let last = self.apply_facts(&mut account, (root, &facts), until, versions, witness, look);
        (account, last)
    }

    /// Applies facts of an account. Answers the latest.
    pub(super) fn apply_facts<W: Witness>(
        &self,
        account: &mut Account,
        (root, facts): (Place, &[FactNo]),
        until: Until<'_>,
        versions: &Versions,
        witness: &mut W,
        mut look: impl FnMut(FactNo, &Fact<'_>, &Account),
    ) -> Option<FactNo> {
        let ground = Ground { versions, ..self.ground() };
        let (mut last, mut judging) = (None, Judging::default());
        for no in facts.iter().copied() {
            let Some(fact) = self.log.fact(no) else { continue };
            let when = ground.when(no, &fact);
            let stop = match until {
                Until::All => false,
                Until::Day(day) => when.day > day,
                Until::Before(end) => when.key(&fact) >= end,
            };
            if stop {
                break;
            }
            let mut sides = self.sides(no, &fact, root, versions);
            if is_report(&fact) {
                account.advance(when.day, versions, witness);
                sides.unfit = self.against_report(&fact, when, (root, account), versions, &mut judging);
            }
            ground.show(no, &fact, when, sides, |event| account.apply(event, versions, witness));
            let mut rest = sides.also();
            while let Some(also) = rest {
                ground.show(no, &fact, when, also, |event| account.apply(event, versions, witness));
                rest = also.also();
            }
            look(no, &fact, account);
            // What someone else tells, who names one of theirs, is not applied.
            if !sides.of_another {
                last = Some(no);
            }
        }
        last
    }

    /// Applies what stands behind a place to an account as it is there.
    pub(super) fn apply_what_follows<W: Witness>(
        &self,
        account: &mut Account,
        root: Place,
        place: Key<'_>,
        witness: &mut W,
    ) {
        let ground = self.ground();
        let facts = self.facts_of(root);
        let behind = facts.partition_point(|no| ground.key(*no) < place);
        let facts = facts.get(behind..).unwrap_or_default();
        self.apply_facts(account, (root, facts), Until::All, &self.versions, witness, |_, _, _| {});
    }

    /// The account as of the end of a day.
    pub(super) fn account_on<W: Witness>(&self, root: Place, day: Day, witness: &mut W) -> Account {
        let (mut account, _) = self.fold(root, Until::Day(day), &self.versions, witness);
        account.advance(day, &self.versions, witness);
        account
    }
}
