//! What introducing someone is worth: the first purchase of whoever was introduced, and its returns, are facts of two accounts
//! (semantics 14).

use super::account::{Account, Event, Linked, Step, last_day_of};
use super::activity::Bought;
use super::basket::LineReturns;
use super::lots::{FactNo, LotTag};
use super::returns::amount_back;
use super::tiers::first_of_window;
use crate::calendar::Day;
use crate::exact::share_down;
use crate::money::Money;
use crate::outcome::{Entry, Witness};
use crate::program::{Introduction, Program};
use serde::{Deserialize, Serialize};

/// A first purchase of someone who was introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claim {
    pub(crate) purchase: FactNo,
    /// The fact that tells by whom.
    pub(crate) by: FactNo,
    /// Points for whoever made it.
    pub(crate) welcome: i64,
    /// The return after which too little of it was left.
    pub(crate) lost: Option<Lost>,
}

/// What was given for a first purchase of someone whom this account introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reward {
    pub(crate) purchase: FactNo,
    day: Day,
    pub(crate) points: i64,
    pub(crate) lost: Option<Lost>,
}

/// What was given is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lost {
    pub(crate) fact: FactNo,
    /// Less what had lapsed or was forgiven.
    pub(crate) taken: i64,
}

impl Introduction {
    fn first_day(&self, day: Day) -> Day {
        self.after.end_of_wait(day)
    }
}

impl Account {
    pub(crate) fn claims(&self) -> &[Claim] {
        self.rare.as_ref().map_or(&[], |rare| &rare.introduction_claims)
    }

    /// Whether something was given for people whom this account introduced.
    pub(crate) fn rewards(&self) -> &[Reward] {
        self.rare.as_ref().map_or(&[], |rare| &rare.introduction_rewards)
    }

    /// A purchase of someone who was introduced: where it is their first and enough is to be paid, whoever introduced them will be given
    /// something, and so are they.
    pub(super) fn claim<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, bought: &Bought, to_pay: Money) {
        let (Some(by), Some(rules)) = (step.event.introduced, &step.in_force.program.introduction) else {
            return;
        };
        if !bought.counted() || bought.purchases_before > 0 || to_pay < rules.least {
            return;
        }
        let (no, welcome) = (step.event.no, rules.welcome);
        self.rare().introduction_claims.push(Claim { purchase: no, by, welcome, lost: None });
        if welcome > 0 {
            step.see(Entry::Introduced { wanted: welcome, points: welcome, welcome: true });
            // Told apart from what the purchase earned by the fact that tells who introduced them, and spent after it.
            self.order = self.order.saturating_add(1);
            self.is_given(step, welcome, by, rules.first_day(bought.day));
        }
    }

    /// A first purchase of someone whom this account introduced.
    pub(super) fn introduced_buyer<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) {
        let (day, purchase) = (step.event.day, step.event.no);
        let Some(rules) = step.in_force.program.introduction.filter(|_| step.in_force.started) else {
            return;
        };
        // Who has not joined is given nothing.
        let Some(member) = self.member else { return };
        let is_full = rules.at_most.is_some_and(|(count, window)| {
            let first = first_of_window(window, day, member.joined);
            let given = self.rewards().iter().filter(|reward| first <= reward.day && reward.day <= day);
            u32::try_from(given.count()).is_ok_and(|given| given >= count)
        });
        let points = if is_full { 0 } else { rules.give };
        step.see(Entry::Introduced { wanted: rules.give, points, welcome: false });
        if points > 0 {
            self.rare().introduction_rewards.push(Reward { purchase, day, points, lost: None });
            self.is_given(step, points, purchase, rules.first_day(day));
        }
    }

    fn is_given<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, points: i64, fact: FactNo, first: Day) {
        self.purse.totals.awarded = self.purse.totals.awarded.saturating_add(points);
        let last = last_day_of(step.in_force.program, step.event.day, first);
        let origin = super::lots::Origin { fact, ..self.origin(step) };
        self.put(step, points, LotTag::new(origin, first, last));
    }

    /// So much of a purchase has come back: where too little of it is left to be given anything for, that is taken back.
    pub(super) fn claim_less<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        linked: &Linked<'_>,
        program: &Program,
        lines: &[LineReturns],
        gone: bool,
    ) {
        let open = |claim: &&mut Claim| claim.purchase == linked.fact && claim.lost.is_none();
        let rare = self.rare.as_mut();
        let Some(claim) = rare.and_then(|rare| rare.introduction_claims.iter_mut().find(open)) else {
            return;
        };
        let least = program.introduction.map_or(Money::ZERO, |rules| rules.least);
        let bought =
            linked.basket.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount.minor()));
        let to_pay = linked.basket.payable();
        let off = share_down(to_pay.minor(), amount_back(lines), bought);
        if !gone && to_pay.minus(Money::from_minor(off)) >= least {
            return;
        }
        let (by, welcome, fact) = (claim.by, claim.welcome, step.event.no);
        claim.lost = Some(Lost { fact, taken: 0 });
        let (taken, _) = self.ask_back(step, by, welcome);
        let rare = self.rare.as_mut();
        let lost = |claim: &&mut Claim| claim.lost.is_some_and(|lost| lost.fact == fact);
        if let Some(claim) = rare.and_then(|rare| rare.introduction_claims.iter_mut().find(lost)) {
            claim.lost = Some(Lost { fact, taken });
        }
        // Whoever introduced them has become one with them behind a seal.
        self.lose_buyer(step, linked.fact);
    }

    /// Too little is left of a first purchase of someone whom this account introduced.
    pub(super) fn lose_buyer<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, purchase: FactNo) {
        let open = |reward: &&Reward| reward.purchase == purchase && reward.lost.is_none();
        let Some(points) = self.rewards().iter().find(open).map(|reward| reward.points) else { return };
        let fact = step.event.no;
        let (taken, _) = self.ask_back(step, purchase, points);
        let rewards = self.rare.as_mut().map(|rare| &mut rare.introduction_rewards);
        let mut rewards = rewards.into_iter().flatten();
        if let Some(reward) = rewards.find(|reward| reward.purchase == purchase && reward.lost.is_none()) {
            reward.lost = Some(Lost { fact, taken });
        }
    }
}

impl Event<'_> {
    /// Whether it is someone else's, whom the account introduced or shares a household with.
    pub(crate) fn is_of_another(&self) -> bool {
        use super::account::What::{IntroducedBought, IntroducedReturned, SharedBought, SharedReturned};
        matches!(
            self.what,
            IntroducedBought | IntroducedReturned { .. } | SharedBought(_) | SharedReturned { .. }
        )
    }
}
