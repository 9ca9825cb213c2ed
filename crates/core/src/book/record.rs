//! Facts that happen now, here: checked against the book as of their instant, then accepted or refused (semantics 1.3, 1.4).

use super::Book;
use super::answer::{Answer, Outcome};
use super::changes::conflict;
use super::fold::{Ground, Key, Until, When};
use super::forget::as_filled;
use super::index::Half;
use super::judging::{Judging, is_report};
use super::log::{Encoded, Kept, Log};
use super::people::{Customer, Place};
use super::telling::tell;
use crate::calendar::Day;
use crate::fact::{
    Body, CouponAct, CouponTerms, Drawn, Erasure, Fact, GivenLot, OrderAct, Settlement, ValueAct, ValuePart,
};
use crate::fault::Fault;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::money::Money;
use crate::outcome::{Entry, Flag, Nobody, Refusal, RefusalCode, ValueMove, Witness};
use std::borrow::Cow;

/// Facts of one account: with at most 10^12 points in each, sums stay within 64 bits.
///
/// ```
/// assert_eq!(parure::book::MOST_FACTS_OF_AN_ACCOUNT, 4_194_304); // semantics 11.16
/// ```
pub const MOST_FACTS_OF_AN_ACCOUNT: usize = 1 << 22;

/// A fact on its way in, with what is looked up of it once.
pub(super) struct Arriving<'a, 'f> {
    pub(super) fact: &'a Fact<'f>,
    no: FactNo,
    pub(super) when: When,
    /// Whom it concerns, where they are known.
    pub(super) place: Option<Place>,
}

impl<'a> Arriving<'a, '_> {
    pub(super) fn key(&self) -> Key<'a> {
        self.when.key(self.fact)
    }
}

impl Book {
    /// Records a fact that is happening now. The same fact again changes nothing and answers what it does now.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// let json = r#"{"id":"x-9","at":"2026-11-21T10:00:00+08:00","customer":"wang-fang","redeemed":{"points":500,"reward":"tote-bag"}}"#;
    /// let tote = parure::fact::Fact::from_json(json, book.currency())?;
    /// assert!(matches!(book.record(&tote)?, parure::book::Answer::Accepted { .. }));
    /// assert!(matches!(book.record(&tote)?, parure::book::Answer::AlreadyRecorded { .. })); // sent again by a till
    /// let other = json.replace("500", "600");
    /// let fault = book.record(&parure::fact::Fact::from_json(&other, book.currency())?).unwrap_err();
    /// assert_eq!((fault.code, fault.path.as_str()), ("same_id_other_content", "redeemed.points"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `same_id_other_content`, with the first field that differs as its path; `other_currency_or_zone` for a program that can't
    /// be adopted; `book_full` beyond 2^32 facts. Nothing has changed then.
    pub fn record(&mut self, fact: &Fact<'_>) -> Result<Answer, Fault> {
        let known = self.log.len();
        let answer = match self.erasures.rewritten(fact) {
            Some(rewritten) => self.record_as(&rewritten, fact),
            None => self.record_as(fact, fact),
        };
        if is_report(fact) {
            self.file_reports(known);
        }
        answer
    }

    /// `arrived`: as it came, where it names someone who has been forgotten.
    fn record_as(&mut self, fact: &Fact<'_>, arrived: &Fact<'_>) -> Result<Answer, Fault> {
        // A large book is waiting for memory: what will be looked at is asked for before the fact's bytes are made.
        let who = fact.customer().map(Half::of);
        if let Some(who) = who {
            self.people.fetch_place(who);
        }
        let id = Half::of(fact.id());
        self.log.fetch_id(id);
        if let Some(who) = who {
            self.people.fetch_likely(who);
        }
        let encoded = Log::encode(fact, id, self.spare.take());
        let answer = match (self.log.find_by(id, fact.id()), &fact.body) {
            (Some(no), _) => self.again(no, fact, arrived),
            (None, Body::Erased { .. }) => self.record_erasure(fact),
            (None, _) => match self.with_what_it_carries(fact) {
                Ok(Some(filled)) => self.record_new(&filled, who, &Log::encode(&filled, id, None)),
                Ok(None) => self.record_new(fact, who, &encoded),
                Err(refusal) => Ok(Answer::Refused { refusal }),
            },
        };
        self.spare = Some(encoded);
        answer
    }

    /// `who`: half the hash of the customer's id.
    fn record_new(&mut self, fact: &Fact<'_>, who: Option<Half>, encoded: &Encoded) -> Result<Answer, Fault> {
        self.check_adoption(fact)?;
        let arriving = self.arriving(fact, who);
        if let Some(code) = self.refused_at_once(&arriving) {
            return Ok(Answer::Refused { refusal: Refusal::of(fact, code) });
        }
        match &fact.body {
            Body::Merged { .. } | Body::Unmerged { .. } | Body::Erased { .. } | Body::Adopted { .. } => {
                self.record_late(fact, encoded)
            }
            Body::Joined { .. }
            | Body::ProfileChanged { .. }
            | Body::Purchased { .. }
            | Body::Returned { .. }
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
            | Body::Met { .. } => self.record_of_account(&arriving, encoded),
        }
    }

    pub(super) fn arriving<'a, 'f>(&mut self, fact: &'a Fact<'f>, who: Option<Half>) -> Arriving<'a, 'f> {
        let no = self.next_no();
        let place = fact.customer().zip(who).and_then(|(customer, who)| self.people.find(who, customer));
        if let Some(customer) = place.and_then(|place| self.people.get(place)) {
            customer.fetch_lists();
        }
        let (mut today, micros, zone) = (self.today, fact.at.micros(), self.versions.zone());
        let when = self.ground().when_by(no, micros, || today.of(micros, zone));
        self.today = today;
        Arriving { fact, no, when, place }
    }

    /// The reasons that need no look into an account's state.
    pub(super) fn refused_at_once(&self, arriving: &Arriving<'_, '_>) -> Option<RefusalCode> {
        let fact = arriving.fact;
        if arriving.when.late_after_seal {
            return Some(RefusalCode::Sealed);
        }
        if self.erasures.comes_after(fact) {
            return Some(RefusalCode::Erased);
        }
        match &fact.body {
            Body::Merged { into, .. } => match (arriving.place, self.people.place(into)) {
                // An alias has gone into another already; who goes now must stand for themselves.
                (Some(from), _) if self.people.root(from) != from => Some(RefusalCode::AlreadyMerged),
                (Some(from), Some(into)) if self.people.root(into) == from => Some(RefusalCode::SameAccount),
                (Some(from), Some(into)) => {
                    let key = arriving.key();
                    let known = self.is_known(from, key) && self.is_known(into, key);
                    (!known).then_some(RefusalCode::UnknownCustomer)
                }
                _ => Some(RefusalCode::UnknownCustomer),
            },
            Body::Unmerged { customer, merge } => self.against_unmerging(customer, merge, arriving),
            Body::Given { to, .. } if !self.is_member(to, arriving) => Some(RefusalCode::UnknownCustomer),
            Body::Erased { .. } => self.against_erasing(arriving),
            Body::Adopted { .. } => None,
            Body::Joined { .. }
            | Body::ProfileChanged { .. }
            | Body::Purchased { .. }
            | Body::Returned { .. }
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
            | Body::Met { .. } => {
                let against = self.against_naming(arriving).or_else(|| self.against_pooling(arriving));
                if let Some(code) = against.or_else(|| self.against_uses_in_all(arriving)) {
                    return Some(code);
                }
                let root = self.people.root(arriving.place?);
                let own = |place: Place| self.people.get(place).map_or(0, |customer| customer.facts.len());
                let others = self.people.members(root).iter().filter(|member| **member != root);
                let facts = others.fold(own(root), |sum, member| sum.saturating_add(own(*member)));
                (facts >= MOST_FACTS_OF_AN_ACCOUNT).then_some(RefusalCode::AccountFull)
            }
        }
    }

    fn against_unmerging(
        &self,
        customer: &str,
        merge: &str,
        arriving: &Arriving<'_, '_>,
    ) -> Option<RefusalCode> {
        let ground = self.ground();
        let made_before = |no: &FactNo| ground.key(*no) < arriving.key();
        let Some(merged) = self.merge_of(merge, customer).filter(made_before) else {
            return Some(RefusalCode::UnknownMerge);
        };
        let undoes = |fact: &Fact<'_>| {
            let Body::Unmerged { customer: whom, merge: what } = &fact.body else { return false };
            (&**whom, &**what) == (customer, merge)
        };
        if self.unions.iter().filter_map(|no| self.log.fact(*no)).any(|fact| undoes(&fact)) {
            return Some(RefusalCode::UnknownMerge);
        }
        // What a seal found in force stays.
        self.seals.iter().any(|seal| merged < seal.arrived).then_some(RefusalCode::Sealed)
    }

    /// Whether someone had joined before a fact.
    fn is_member(&self, customer: &str, arriving: &Arriving<'_, '_>) -> bool {
        let Some(root) = self.people.root_of(customer) else { return false };
        let member = self.people.get(root).and_then(|customer| customer.account.member);
        let day = arriving.when.day;
        // On the day of joining it is a matter of the hour.
        member.is_some_and(|member| member.joined < day)
            || member.is_some_and(|member| member.joined == day) && {
                let (before, _) = self.fold(root, Until::Before(arriving.key()), &self.versions, &mut Nobody);
                before.member.is_some()
            }
    }

    /// What speaks against someone's being given value or a coupon: there is nobody by then, neither a member nor a card, or there would be too much.
    fn against_receiving(&self, arriving: &Arriving<'_, '_>) -> Option<RefusalCode> {
        let (amount, opens_card) = match &arriving.fact.body {
            Body::Valued { act, .. } => match &**act {
                ValueAct::Transferred { amount, card, .. } => (*amount, *card),
                _ => return None,
            },
            Body::Couponed { act, .. } => (Money::ZERO, act.opens_card()),
            _ => return None,
        };
        let Some(root) = self.people.root_of(arriving.fact.body.passes_to()?) else {
            let rules = self.versions.on(arriving.when.day).program.stored_value.as_ref();
            let most = rules.and_then(|rules| rules.most(true));
            return if opens_card {
                most.filter(|most| amount > *most).map(|_| RefusalCode::ValueLimit)
            } else {
                Some(RefusalCode::UnknownCustomer)
            };
        };
        if arriving.place.map(|place| self.people.root(place)) == Some(root) {
            return None;
        }
        match self.objection_before(arriving, root) {
            Some(RefusalCode::NotJoined) => Some(RefusalCode::UnknownCustomer),
            code => code,
        }
    }

    fn record_of_account(&mut self, arriving: &Arriving<'_, '_>, encoded: &Encoded) -> Result<Answer, Fault> {
        let fact = arriving.fact;
        let refused = |code| Ok(Answer::Refused { refusal: Refusal::of(fact, code) });
        let Some(place) = arriving.place else {
            if let Some(code) = self.refused_to_strangers(arriving) {
                return refused(code);
            }
            if fact.others().next().is_some() {
                return self.record_late(fact, encoded);
            }
            let place = self.people.place_or_new(fact.customer().unwrap_or_default());
            return self.record_live(arriving, (place, place), encoded);
        };
        let root = self.people.root(place);
        let Some(customer) = self.people.get(root) else { return refused(RefusalCode::UnknownCustomer) };
        if self.comes_last(customer, arriving) {
            return match self.objection(&customer.account, arriving, root) {
                Some(code) => refused(code),
                None => self.record_live(arriving, (place, root), encoded),
            };
        }
        let lenders = fact.drawn().iter().filter_map(|drawn| self.people.root_of(&drawn.customer));
        let mut concerned = std::iter::once(root).chain(lenders);
        let code = concerned.find_map(|root| self.objection_before(arriving, root));
        match code.or_else(|| self.against_receiving(arriving)) {
            Some(code) => refused(code),
            None => self.record_late(fact, encoded),
        }
    }

    /// The first objection of an account to a fact that has its place before others.
    fn objection_before(&self, arriving: &Arriving<'_, '_>, root: Place) -> Option<RefusalCode> {
        let (before, _) = self.fold(root, Until::Before(arriving.key()), &self.versions, &mut Nobody);
        self.objection(&before, arriving, root).or_else(|| self.spent_since(&before, arriving, root))
    }

    /// Whether points that a fact would take have been spent by facts that stand behind it and were answered before it (1.3): two tills
    /// whose clocks differ, two sales of one instant.
    fn spent_since(&self, before: &Account, arriving: &Arriving<'_, '_>, root: Place) -> Option<RefusalCode> {
        let Arriving { fact, no, when, .. } = *arriving;
        if fact.body.points_taken() == 0 && !fact.body.takes_what_is_counted() {
            return None;
        }
        let place = arriving.key();
        let mut without = Overdrawing::default();
        self.apply_what_follows(&mut before.clone(), root, place, &mut without);
        let (mut account, mut with) = (before.clone(), Overdrawing::default());
        let sides = self.sides(no, fact, root, &self.versions);
        self.ground().show(no, fact, when, sides, |event| account.apply(event, &self.versions, &mut Nobody));
        self.apply_what_follows(&mut account, root, place, &mut with);
        // A purchase may also lift the tier that one of these then has something by.
        let used_up =
            with.used_up.iter().find(|(fact, _)| without.used_up.iter().all(|(used, _)| used != fact));
        if let Some((behind, code)) = used_up {
            return Some(match fact.body {
                _ if matches!(
                    code,
                    RefusalCode::ValueLimit
                        | RefusalCode::RewardLimit
                        | RefusalCode::NotEnoughDeposit
                        | RefusalCode::OrderClosed
                ) =>
                {
                    *code
                }
                // The reward has been handed over, or its points have come back, by then.
                Body::RedemptionSettled { .. } => match self.log.fact(*behind).map(|fact| fact.body) {
                    Some(Body::RedemptionSettled { how: Settlement::HandedOver, .. }) => {
                        RefusalCode::AlreadyHandedOver
                    }
                    _ => RefusalCode::AlreadyReversed,
                },
                Body::BenefitUsed { .. } => RefusalCode::BenefitUsedUp,
                // What it gave is in somebody's hands: a coupon goes by the id of the report.
                Body::Met { .. } => RefusalCode::AlreadyReported,
                _ => match self.log.fact(*behind).map(|fact| fact.body) {
                    Some(Body::Couponed { act, .. }) if act.to().is_some() => RefusalCode::CouponTransferred,
                    Some(Body::Couponed { .. }) => RefusalCode::CouponHeld,
                    _ => RefusalCode::CouponUsed,
                },
            });
        }
        if with.points.is_worse_than(&without.points) && fact.body.points_taken() > 0 {
            return Some(RefusalCode::NotEnoughPoints);
        }
        with.value.is_worse_than(&without.value).then_some(RefusalCode::NotEnoughValue)
    }

    pub(super) fn next_no(&self) -> FactNo {
        FactNo::try_from(self.log.len()).unwrap_or(FactNo::MAX)
    }

    fn refused_to_strangers(&self, arriving: &Arriving<'_, '_>) -> Option<RefusalCode> {
        match &arriving.fact.body {
            Body::Joined { .. } => None,
            Body::Purchased { .. } => self.objection(&Account::default(), arriving, Place::MAX),
            Body::Valued { act, .. } if act.opens_card() && act.to().is_none() => {
                self.objection(&Account::default(), arriving, Place::MAX)
            }
            Body::Issued { card: true, .. } => self.objection(&Account::default(), arriving, Place::MAX),
            _ => Some(RefusalCode::NotJoined),
        }
    }

    /// Whether the fact stands behind all that the account has lived through.
    fn comes_last(&self, customer: &Customer, arriving: &Arriving<'_, '_>) -> bool {
        let (day, lived) = (arriving.when.day, customer.account.day);
        let concerns_another = match &arriving.fact.body {
            _ if !arriving.fact.drawn().is_empty() => true,
            Body::Purchased { .. } | Body::Returned { .. } if self.versions.pools_spend() => {
                arriving.place.is_some_and(|place| self.shares_spend(self.people.root(place)))
            }
            Body::HouseholdJoined { .. } | Body::HouseholdLeft { .. } => self.versions.pools_spend(),
            Body::Given { .. } => true,
            body @ (Body::Valued { .. } | Body::Couponed { .. }) => body.passes_to().is_some(),
            Body::Joined { .. } | Body::ProfileChanged { .. } => arriving.fact.other_customer().is_some(),
            _ => false,
        };
        if concerns_another || day < lived {
            return false;
        }
        // Days follow instants but where a clock is put back over midnight, which never takes two days: the log need not be asked.
        day > lived.add_days(1) || customer.last.is_none_or(|last| self.ground().key(last) < arriving.key())
    }

    /// The first objection of an account. That days go by changes none, as what lapses is not counted before it has, but where the tier decides.
    fn objection(&self, account: &Account, arriving: &Arriving<'_, '_>, root: Place) -> Option<RefusalCode> {
        let Arriving { fact, no, when, .. } = *arriving;
        if account.member.is_none() {
            let joins = match &fact.body {
                Body::Joined { .. } => true,
                Body::Purchased { .. } => {
                    self.versions.on(when.day).program.joins_at_purchase && !account.is_card()
                }
                Body::Valued { act, .. } => {
                    let is_theirs = act.to().is_none_or(|to| self.people.root_of(to) == Some(root));
                    account.is_card() || (act.opens_card() && is_theirs)
                }
                Body::Issued { card, .. } => *card || account.is_card(),
                Body::Voided { .. } => account.is_card(),
                Body::Couponed { act, .. } => {
                    let is_theirs = act.to().is_some_and(|to| self.people.root_of(to) == Some(root));
                    account.is_card() || (act.opens_card() && is_theirs)
                }
                _ => false,
            };
            if !joins {
                return Some(RefusalCode::NotJoined);
            }
        }
        if fact.body.is_plain() && !self.versions.requires_of_pieces() {
            return None;
        }
        let mut lived = Cow::Borrowed(account);
        let counts = match &fact.body {
            Body::Redeemed { .. } => !self.versions.on(when.day).program.rewards.is_empty(),
            body => body.takes_what_is_counted(),
        };
        if counts && account.day < when.day {
            lived.to_mut().advance(when.day, &self.versions, &mut Nobody);
        }
        let account = &*lived;
        let mut sides = self.sides(no, fact, root, &self.versions);
        sides.unfit = self.against_report(fact, when, (root, account), &self.versions, &mut Judging::here());
        let codes =
            self.ground().show(no, fact, when, sides, |event| account.objections(event, &self.versions));
        codes.and_then(|codes| codes.first().copied())
    }

    /// The common way: the fact is the account's latest, and its state goes on from where it is.
    fn record_live(
        &mut self,
        arriving: &Arriving<'_, '_>,
        (place, root): (Place, Place),
        encoded: &Encoded,
    ) -> Result<Answer, Fault> {
        let Arriving { fact, no, when, .. } = *arriving;
        let sides = self.sides(no, fact, root, &self.versions);
        self.log.push(encoded, fact.at.micros())?;
        let at = self.place_in_list((place, root), arriving);
        if let Some(customer) = self.people.get_mut(place) {
            customer.facts.insert(at, no);
        }
        if matches!(fact.body, Body::Joined { .. }) {
            self.joins(place, no);
        }
        self.namings.add(place, no, fact);
        self.introducers.add(no, fact);
        self.households.add(no, fact);
        self.seat();
        let claims = self.claims_told(root);
        let account = Some(self.people.id(root).clone());
        let mut outcome = Box::new(Outcome { fact: fact.id().into(), account, ..Outcome::default() });
        let Book { log, people, seals, versions, erasures, moving, .. } = self;
        let ground = Ground { log, seals, versions, erasures };
        if let Some(customer) = people.get_mut(root) {
            customer.last = Some(no);
            let account = &mut customer.account;
            ground.show(no, fact, when, sides, |event| tell(account, event, &ground, &mut outcome));
            if let Some(moving) = moving {
                moving.moved.insert((no, root), outcome.points);
            }
        }
        if claims != self.claims_told(root) {
            for by in self.given_for(&[root]) {
                let before = self.effects(by);
                self.fold_again(by);
                outcome.changed.extend(self.changes(&before, &self.effects(by), no, &self.versions));
            }
        }
        Ok(Answer::Accepted { outcome })
    }

    /// Where the account's latest fact stands in a customer's list: last, but for what others tell that names the customer, which is not the account's.
    fn place_in_list(&self, (place, root): (Place, Place), arriving: &Arriving<'_, '_>) -> usize {
        let facts = self.people.get(place).map_or(&[][..], |customer| &customer.facts);
        if facts.last().copied() == self.people.get(root).and_then(|customer| customer.last) {
            return facts.len();
        }
        let (ground, key) = (self.ground(), arriving.key());
        let behind = facts.iter().rev().take_while(|no| key < ground.key(**no)).count();
        facts.len().saturating_sub(behind)
    }

    /// A fact that has its place before others, or that concerns more than one account.
    fn record_late(&mut self, fact: &Fact<'_>, encoded: &Encoded) -> Result<Answer, Fault> {
        let no = self.take_in(fact, encoded)?;
        let changes = self.settle();
        let mut outcome = self.outcome_of(no, fact);
        outcome.changed = changes;
        Ok(Answer::Accepted { outcome: Box::new(outcome) })
    }

    /// The same id again.
    fn again(&mut self, no: FactNo, fact: &Fact<'_>, arrived: &Fact<'_>) -> Result<Answer, Fault> {
        let fact = &self.as_kept(no, fact);
        let encoded = Log::encode(fact, Half::of(fact.id()), None);
        if !self.log.same(no, &encoded) && !self.was_sealed(no, arrived) {
            let conflict = conflict(self.log.fact(no).as_ref(), fact, self.currency());
            let message = format!("a fact with the id `{}` and other content is in the book", fact.id());
            return Err(Fault::new("same_id_other_content", message)
                .at(conflict.field)
                .advise("give what is new an id of its own"));
        }
        Ok(Answer::AlreadyRecorded { outcome: Box::new(self.outcome_of(no, fact)) })
    }

    /// A fact that comes again: a giving with the lots that were filled in when it came first, an erasure with what was.
    pub(super) fn as_kept<'f>(&self, no: FactNo, fact: &Fact<'f>) -> Fact<'f> {
        match (self.log.kept(no), &fact.body) {
            (Some(Kept::Whole(kept)), Body::Erased { customer, erasure: Erasure::Asked { alias } }) => {
                as_filled(fact, customer, alias, &kept)
            }
            (
                Some(Kept::Whole(Fact { body: Body::Given { lots, .. }, .. })),
                Body::Given { lots: asked, .. },
            ) if asked.is_empty() => filled(fact, &lots),
            (
                Some(Kept::Whole(Fact { body: Body::Valued { act: kept, .. }, .. })),
                Body::Valued { act, .. },
            ) if act.parts_are_missing() => with_parts_of(fact, kept.parts()),
            (
                Some(Kept::Whole(Fact { body: Body::Ordered { act: kept, .. }, .. })),
                Body::Ordered { act, .. },
            ) if act.back_is_missing() => match *kept {
                OrderAct::Cancelled { given_back: Some(back), .. } => giving_back(fact, back),
                _ => fact.clone(),
            },
            (
                Some(Kept::Whole(Fact { body: Body::Couponed { act: kept, .. }, .. })),
                Body::Couponed { act, .. },
            ) if act.terms_are_missing() => match *kept {
                CouponAct::Transferred { terms: Some(terms), .. } => on_terms(fact, terms.owned()),
                _ => fact.clone(),
            },
            (Some(Kept::Whole(kept)), _) if fact.drawn().is_empty() && !kept.drawn().is_empty() => {
                fact.clone().drawing(kept.drawn().iter().map(Drawn::owned).collect())
            }
            _ => fact.clone(),
        }
    }

    /// What a fact does, asked again.
    pub(super) fn outcome_of(&self, no: FactNo, fact: &Fact<'_>) -> Outcome {
        let root = fact.customer().and_then(|customer| self.people.root_of(customer));
        let account = root.map(|root| self.people.id(root).clone());
        let ground = self.ground();
        let when = ground.when(no, fact);
        let mut outcome =
            Outcome { fact: fact.id().into(), account, day: Some(when.day), ..Outcome::default() };
        let Some(root) = root else { return outcome };
        if !self.own_facts_of(root).contains(&no) {
            // A merge, or a fact behind a seal: the account as it stands.
            let flags = self.flags_apart(root, when.day);
            outcome.flags =
                flags.iter().filter(|flag| flag.fact == no).map(|flag| self.flag_view(flag)).collect();
            let (mut account, _) = self.fold(root, Until::Day(when.day), &self.versions, &mut Nobody);
            account.advance(when.day, &self.versions, &mut Nobody);
            let bought = account.activity.bought().iter().find(|bought| bought.fact == no);
            outcome.points.awarded = bought.map_or(0, |bought| bought.awarded);
            outcome.points.wanted = outcome.points.awarded;
            outcome.balance = account.purse.balance(when.day);
            return outcome;
        }
        let (mut account, _) = self.fold(root, Until::Before(when.key(fact)), &self.versions, &mut Nobody);
        let mut sides = self.sides(no, fact, root, &self.versions);
        sides.unfit =
            self.against_report(fact, when, (root, &account), &self.versions, &mut Judging::default());
        ground.show(no, fact, when, sides, |event| tell(&mut account, event, &ground, &mut outcome));
        outcome
    }

    /// Whoever gives, just before they do, and the day; or why they can't.
    fn giver_before(&mut self, fact: &Fact<'_>) -> Result<(Account, Day), Refusal> {
        let refused = |code| Err(Refusal::of(fact, code));
        let Some(root) = fact.customer().and_then(|customer| self.people.root_of(customer)) else {
            return refused(RefusalCode::NotJoined);
        };
        let arriving = self.arriving(fact, fact.customer().map(Half::of));
        let (account, _) = self.fold(root, Until::Before(arriving.key()), &self.versions, &mut Nobody);
        self.objection(&account, &arriving, root).map_or(Ok((account, arriving.when.day)), refused)
    }

    /// A fact with what it carries of the account that it is of, as that is now, where it does not tell it; none where there is nothing to fill in.
    fn with_what_it_carries<'f>(&mut self, fact: &Fact<'f>) -> Result<Option<Fact<'f>>, Refusal> {
        match &fact.body {
            Body::Given { lots, .. } if lots.is_empty() => self.with_lots(fact).map(Some),
            Body::Valued { act, .. } if act.parts_are_missing() => self.with_parts(fact).map(Some),
            Body::Ordered { act, .. } if act.back_is_missing() => self.with_back(fact).map(Some),
            Body::Couponed { act, .. } if act.terms_are_missing() => self.with_terms(fact).map(Some),
            _ => Ok(self.with_drawn(fact)),
        }
    }

    /// A giving with the points by first and last day, as the giver's lots are now (8.2).
    fn with_lots<'f>(&mut self, fact: &Fact<'f>) -> Result<Fact<'f>, Refusal> {
        let Body::Given { points, .. } = &fact.body else { return Ok(fact.clone()) };
        let (mut account, day) = self.giver_before(fact)?;
        let mut taken = Vec::new();
        account.purse.take_usable(day, *points, &mut taken);
        let lots = taken.iter().map(|taken| GivenLot {
            points: taken.points,
            first_day: taken.tag.first(),
            last_day: taken.tag.last(),
        });
        Ok(filled(fact, &lots.collect::<Vec<_>>()))
    }

    /// A cancellation with what goes back, as the deposits are now (21.4).
    fn with_back<'f>(&mut self, fact: &Fact<'f>) -> Result<Fact<'f>, Refusal> {
        let Body::Ordered { act, .. } = &fact.body else { return Ok(fact.clone()) };
        let OrderAct::Cancelled { order, kept, .. } = &**act else { return Ok(fact.clone()) };
        let (account, _) = self.giver_before(fact)?;
        Ok(giving_back(fact, account.would_give_back(self.log.find(order), *kept)))
    }

    /// A coupon that changes hands, with what it is (16.7).
    fn with_terms<'f>(&mut self, fact: &Fact<'f>) -> Result<Fact<'f>, Refusal> {
        let Body::Couponed { act, .. } = &fact.body else { return Ok(fact.clone()) };
        let (account, _) = self.giver_before(fact)?;
        let terms = account.coupon_terms(self.log.find(act.coupon()));
        terms.map(|terms| on_terms(fact, terms)).ok_or_else(|| Refusal::of(fact, RefusalCode::UnknownCoupon))
    }

    /// A transfer with what of it is principal and what bonus, as the giver's value is now (18.6).
    fn with_parts<'f>(&mut self, fact: &Fact<'f>) -> Result<Fact<'f>, Refusal> {
        let Body::Valued { act, .. } = &fact.body else { return Ok(fact.clone()) };
        let ValueAct::Transferred { amount, .. } = **act else { return Ok(fact.clone()) };
        let (mut account, day) = self.giver_before(fact)?;
        account.advance(day, &self.versions, &mut Nobody);
        let parts = account.value_parts(day, amount.minor(), self.versions.on(day).program);
        Ok(with_parts_of(fact, &parts))
    }
}

fn giving_back<'f>(fact: &Fact<'f>, back: Money) -> Fact<'f> {
    let mut fact = fact.clone();
    if let Body::Ordered { act, .. } = &mut fact.body
        && let OrderAct::Cancelled { given_back, .. } = &mut **act
    {
        *given_back = Some(back);
    }
    fact
}

fn on_terms<'f>(fact: &Fact<'f>, told: CouponTerms<'static>) -> Fact<'f> {
    let mut fact = fact.clone();
    if let Body::Couponed { act, .. } = &mut fact.body
        && let CouponAct::Transferred { terms, .. } = &mut **act
    {
        *terms = Some(told);
    }
    fact
}

fn with_parts_of<'f>(fact: &Fact<'f>, told: &[ValuePart]) -> Fact<'f> {
    let mut fact = fact.clone();
    if let Body::Valued { act, .. } = &mut fact.body
        && let ValueAct::Transferred { parts, .. } = &mut **act
    {
        *parts = told.to_vec();
    }
    fact
}

/// Facts that find fewer points, or less value, than they take, and how much is missing in all; and those that find a coupon or a
/// benefit used up, or an occasion settled.
#[derive(Default)]
struct Overdrawing {
    points: Overdrawn,
    value: Overdrawn,
    used_up: Vec<(FactNo, RefusalCode)>,
}

#[derive(Default)]
struct Overdrawn {
    facts: Vec<FactNo>,
    missing: i64,
}

impl Overdrawn {
    fn is_worse_than(&self, other: &Overdrawn) -> bool {
        self.missing > other.missing || self.facts.iter().any(|fact| !other.facts.contains(fact))
    }
}

impl Witness for Overdrawing {
    fn see(&mut self, _: Day, _: Option<FactNo>, entry: Entry) {
        match entry {
            Entry::Flagged(Flag { code: RefusalCode::NotEnoughPoints, fact, .. }) => {
                self.points.facts.push(fact);
            }
            Entry::Flagged(Flag { code: RefusalCode::NotEnoughValue, fact, .. }) => {
                self.value.facts.push(fact);
            }
            Entry::Flagged(Flag { code, fact, .. }) if code.is_of_something_used() => {
                self.used_up.push((fact, code));
            }
            Entry::Owed(points) => self.points.missing = self.points.missing.saturating_add(points),
            Entry::Value(ValueMove::Owed, split) => {
                self.value.missing = self.value.missing.saturating_add(split.principal);
            }
            _ => {}
        }
    }
}

fn filled<'f>(fact: &Fact<'f>, given: &[GivenLot]) -> Fact<'f> {
    let mut fact = fact.clone();
    if let Body::Given { lots, .. } = &mut fact.body {
        *lots = given.to_vec();
    }
    fact
}
