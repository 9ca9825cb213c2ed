//! Rewards that an account has redeemed points for: claimed, handed over, reversed (semantics 22).

use super::account::{Account, Event, Step, What};
use super::lots::FactNo;
use super::tiers::first_of_window;
use crate::calendar::Day;
use crate::fact::Settlement;
use crate::money::Money;
use crate::outcome::{Entry, RefusalCode, Witness};
use crate::program::condition::Scene;
use crate::program::rewards::RewardRule;
use crate::program::versions::Versions;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// A reward that the program listed on the day it was redeemed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claimed {
    pub(crate) fact: FactNo,
    pub(crate) reward: Box<str>,
    pub(crate) day: Day,
    pub(crate) points: i64,
    /// Money that was paid beside the points.
    pub(crate) amount: i64,
    pub(crate) handed_over: Option<FactNo>,
    reversed: bool,
}

impl Account {
    pub(crate) fn claimed(&self) -> impl DoubleEndedIterator<Item = &Claimed> {
        self.rare.iter().flat_map(|rare| &rare.claimed).filter(|claimed| !claimed.reversed)
    }

    pub(super) fn claim_reward<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        (points, amount): (i64, Money),
        reward: &str,
    ) {
        if amount > Money::ZERO {
            step.see(Entry::PaidBeside(amount));
        }
        if step.in_force.program.reward(reward).is_none() {
            return;
        }
        let claimed = Claimed {
            fact: step.event.no,
            reward: reward.into(),
            day: step.event.day,
            points,
            amount: amount.minor(),
            handed_over: None,
            reversed: false,
        };
        self.rare().claimed.push(claimed);
    }

    fn claim_of(&mut self, redemption: Option<FactNo>) -> Option<&mut Claimed> {
        let claimed = self.rare.iter_mut().flat_map(|rare| &mut rare.claimed);
        claimed.rev().find(|claimed| Some(claimed.fact) == redemption)
    }

    pub(super) fn hand_over(&mut self, redemption: Option<FactNo>, by: FactNo) {
        if let Some(claimed) = self.claim_of(redemption) {
            claimed.handed_over.get_or_insert(by);
        }
    }

    pub(super) fn handed_over_by(&self, redemption: Option<FactNo>) -> Option<FactNo> {
        self.claimed().rfind(|claimed| Some(claimed.fact) == redemption)?.handed_over
    }

    pub(super) fn claim_reversed(&mut self, redemption: Option<FactNo>) {
        if let Some(claimed) = self.claim_of(redemption) {
            claimed.reversed = true;
        }
    }

    /// How many of a reward can still be redeemed on a day; none: any number.
    pub(crate) fn rewards_left(&self, rule: &RewardRule, day: Day) -> Option<usize> {
        let (count, window) = rule.at_most?;
        let first = first_of_window(window, day, self.member.map_or(day, |member| member.joined));
        // They stand in the order of their days; no more than so many need be counted.
        let within = self.claimed().rev().take_while(|claimed| first <= claimed.day);
        let had = within.filter(|claimed| *claimed.reward == *rule.id && claimed.day <= day);
        Some(count.saturating_sub(had.take(count).count()))
    }

    /// Why a reward is not for whoever asks, or not now; whatever it costs.
    pub(crate) fn against_having(
        &self,
        rule: &RewardRule,
        scene: Option<&Scene<'_>>,
        day: Day,
    ) -> Option<RefusalCode> {
        let unmet = rule.when.as_ref().zip(scene).is_some_and(|(when, scene)| !when.holds(scene));
        if unmet {
            return Some(RefusalCode::RewardNotMet);
        }
        (self.rewards_left(rule, day) == Some(0)).then_some(RefusalCode::RewardLimit)
    }

    /// The customer, the store and the day, as conditions of rewards see them.
    pub(crate) fn reward_scene<'s>(
        &'s self,
        day: Day,
        [store, staff, terminal]: [&'s str; 3],
        versions: &'s Versions,
    ) -> Scene<'s> {
        let program = versions.on(day).program;
        Scene::on(day)
            .with_dates(program.dates)
            .with_place(store, staff, terminal)
            .with_customer(self.customer_on(day, program))
    }

    pub(super) fn against_reward(
        &self,
        event: &Event<'_>,
        versions: &Versions,
    ) -> SmallVec<[RefusalCode; 2]> {
        let mut codes = SmallVec::new();
        let What::Redeemed { points, amount, reward } = event.what else { return codes };
        let program = versions.on(event.day).program;
        if program.rewards.is_empty() {
            return codes;
        }
        let Some(rule) = program.reward(reward) else {
            codes.push(RefusalCode::NoSuchReward);
            return codes;
        };
        if !rule.prices.contains(&(points, amount)) {
            codes.push(RefusalCode::RewardPrice);
        }
        // What a condition asks of someone forgotten is gone.
        let places = [event.store, event.staff, event.terminal];
        let scene = (!event.forgotten).then(|| self.reward_scene(event.day, places, versions));
        codes.extend(self.against_having(rule, scene.as_ref(), event.day));
        codes
    }

    pub(super) fn against_settling(
        &self,
        redemption: Option<FactNo>,
        how: Settlement,
    ) -> Option<RefusalCode> {
        let Some(paid) = redemption.and_then(|fact| self.redeemed(fact)) else {
            return Some(RefusalCode::UnknownRedemption);
        };
        if paid.given_back >= paid.points {
            return Some(RefusalCode::AlreadyReversed);
        }
        let claimed = self.claimed().rfind(|claimed| claimed.fact == paid.fact);
        let handed_over = claimed.is_some_and(|claimed| claimed.handed_over.is_some());
        match how {
            // Of a reward that no program listed nothing is known but what it cost.
            Settlement::HandedOver if claimed.is_none() => Some(RefusalCode::UnknownRedemption),
            Settlement::HandedOver | Settlement::Reversed { returned: false } => {
                handed_over.then_some(RefusalCode::AlreadyHandedOver)
            }
            Settlement::Reversed { returned: true } => None,
        }
    }
}
