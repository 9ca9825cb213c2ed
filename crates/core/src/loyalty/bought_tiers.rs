//! Tiers that are bought with a line of a purchase, each for a term (semantics 7.7).

use super::account::{Account, Grant, Step};
use super::basket::BasketView;
use super::lots::FactNo;
use super::tiers::Standing;
use crate::calendar::{Day, Span};
use crate::outcome::{Entry, Witness};
use crate::program::condition::Scene;
use serde::{Deserialize, Serialize};

/// A term of a tier, with the line that it was bought with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BoughtTier {
    line: Box<str>,
    /// The instant of the purchase, and its day.
    micros: i64,
    bought: Day,
    /// What was promised on that day.
    term: Span,
    /// Since when the tier was held without a break when it was bought: what ends or comes back later breaks nothing.
    since: Day,
    pub(super) grant: Grant,
}

impl BoughtTier {
    /// Whether one of these was bought with the same line.
    fn is_among(&self, others: &[BoughtTier]) -> bool {
        others.iter().any(|other| other.grant.fact == self.grant.fact && other.line == self.line)
    }
}

impl Account {
    fn bought_tiers(&self) -> &[BoughtTier] {
        self.rare.as_ref().map_or(&[], |rare| &rare.bought_tiers)
    }

    /// What is earned just before a purchase, where one may bring something along.
    pub(super) fn earned_before<W: Witness>(&self, step: &Step<'_, '_, W>) -> Option<Standing> {
        self.member.filter(|_| step.versions.lines_bring()).map(|member| member.standing)
    }

    /// Lines of a purchase that bring a tier along. `earned`: before it.
    pub(super) fn buy_tiers<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        view: BasketView<'_>,
        earned: Option<Standing>,
    ) {
        // Before the program begins a purchase is kept and can come back, and that is all (11.1).
        if !step.in_force.started {
            return;
        }
        let (purchase, day) = (step.event.no, step.event.day);
        let known = self.bought_tiers().len();
        let mut places = Vec::new();
        for (tier, place) in step.in_force.program.tiers.iter().zip(0_u8..) {
            let Some(sold) = &tier.sold else { continue };
            let brings = |line| sold.lines.holds(&Scene::on(day).with_line(line));
            for line in view.lines.iter().filter(|line| brings(*line)) {
                let grant = Grant { tier: tier.id.as_str().into(), first: day, last: day, fact: purchase };
                let (line, micros) = ((*line.id).into(), step.event.micros);
                let earned = earned.filter(|earned| earned.tier == place);
                let earned = earned.map(|earned| (earned.since, earned.last_day()));
                let held = self.held_around(&grant.tier, day, earned);
                let held = held.filter(|(from, through)| *from <= day && day <= through.add_days(1));
                let since = held.map_or(day, |(from, _)| from);
                let term = BoughtTier { line, micros, bought: day, term: sold.term, since, grant };
                self.rare().bought_tiers.push(term);
                places.push(place);
            }
        }
        self.line_up_bought_tiers(known);
        let terms = self.bought_tiers().iter().skip(known).zip(places);
        for (term, tier) in terms {
            step.see(Entry::TierBought { tier, first: term.grant.first, last: term.grant.last });
        }
    }

    /// Lines of a purchase have come back wholly: it is as if these had never been bought.
    pub(super) fn lose_bought_tiers(&mut self, purchase: FactNo, is_gone: impl Fn(&str) -> bool) {
        let Some(rare) = &mut self.rare else { return };
        let before = rare.bought_tiers.len();
        rare.bought_tiers.retain(|term| term.grant.fact != purchase || !is_gone(&term.line));
        if rare.bought_tiers.len() < before {
            self.line_up_bought_tiers(0);
        }
    }

    /// Two accounts have become one: what was bought with the same line, for all of a household, was bought once.
    pub(super) fn join_bought_tiers(&mut self, theirs: Vec<BoughtTier>) {
        let mine = &mut self.rare().bought_tiers;
        let known = mine.clone();
        mine.extend(theirs.into_iter().filter(|term| !term.is_among(&known)));
        mine.sort_by_key(|term| term.micros);
        self.line_up_bought_tiers(0);
    }

    /// What is bought while the tier runs begins when it is over. Those before a place stay as they are.
    fn line_up_bought_tiers(&mut self, from: usize) {
        let Some(rare) = &mut self.rare else { return };
        for at in from..rare.bought_tiers.len() {
            let (before, from) = rare.bought_tiers.split_at_mut(at);
            let Some(term) = from.first_mut() else { continue };
            let before = before.iter().rfind(|earlier| earlier.grant.tier == term.grant.tier);
            let next = before.map_or(Day::FIRST, |earlier| earlier.grant.last.add_days(1));
            term.grant.first = term.bought.max(next);
            term.grant.last = term.term.last_day_from(term.grant.first);
        }
    }

    /// The first and the last day of unbroken holding around a day, of a tier of which a term was bought; no last day where it was also earned
    /// for good. `earned`: the days of the earned tier, where it is this one.
    pub(crate) fn held_through(
        &self,
        tier: &str,
        day: Day,
        earned: Option<(Day, Option<Day>)>,
    ) -> Option<(Day, Option<Day>)> {
        self.bought_tiers().iter().find(|term| *term.grant.tier == *tier)?;
        let (from, through) = self.held_around(tier, day, earned)?;
        Some((from, Some(through).filter(|through| *through < Day::LAST)))
    }

    /// The first and the last day of unbroken holding around a day, or of the last that there is: by what was bought, by hand and earned.
    fn held_around(&self, tier: &str, day: Day, earned: Option<(Day, Option<Day>)>) -> Option<(Day, Day)> {
        let bought = self.bought_tiers().iter().filter(|term| *term.grant.tier == *tier);
        let mut spells: Vec<(Day, Day, Day)> =
            bought.map(|term| (term.since, term.grant.first, term.grant.last)).collect();
        let by_hand = self.rare.iter().flat_map(|rare| &rare.grants).filter(|grant| *grant.tier == *tier);
        spells.extend(by_hand.map(|grant| (grant.first, grant.first, grant.last)));
        spells.extend(earned.map(|(since, last)| (since, since, last.unwrap_or(Day::LAST))));
        spells.sort_by_key(|(_, first, _)| *first);
        let mut held: Option<(Day, Day)> = None;
        for (since, first, last) in spells {
            held = match held {
                Some((from, through)) if first <= through.add_days(1) => {
                    Some((from.min(since), through.max(last)))
                }
                Some((_, through)) if day <= through => break,
                _ => Some((since, last)),
            };
        }
        held
    }
}
