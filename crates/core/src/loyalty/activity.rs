//! What an account bought: the purchases that windows are looked at through and that returns come off (semantics 2.3, 6.5, 7.0).

use super::lots::{FactNo, grow_tightly};
use crate::calendar::Day;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A purchase as later facts may ask for it. A book holds millions of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bought {
    pub(crate) fact: FactNo,
    pub(crate) day: Day,
    /// Place among the account's facts.
    pub(crate) order: u32,
    /// The tier held just before, by place.
    pub(crate) tier: u8,
    pub(crate) counts: Counts,
    /// How many profiles had been told by then.
    pub(crate) profiles: u16,
    /// The customer's purchases and visits just before, as conditions ask for them.
    pub(crate) purchases_before: u32,
    pub(crate) visits_before: u32,
    pub(crate) earned_micros: i64,
    pub(crate) awarded: i64,
    /// What it and all purchases before it count for now, less what came back: a window is the difference of two of these.
    pub(super) through: Sums,
}

/// What a purchase counts for, in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Counts {
    /// The program had not started.
    ForNothing,
    Fully,
    /// Caps cut the award.
    Capped,
    /// It came back wholly.
    Gone,
    /// Caps cut the award, and it came back wholly.
    CappedGone,
    /// Somebody else of the household bought: it counts for the tier, and for nothing else.
    Shared,
}

impl Bought {
    pub(crate) fn counted(&self) -> bool {
        !matches!(self.counts, Counts::ForNothing | Counts::Shared)
    }

    pub(crate) fn capped(&self) -> bool {
        matches!(self.counts, Counts::Capped | Counts::CappedGone)
    }

    /// Whether somebody else of the household made it.
    pub(crate) fn is_shared(&self) -> bool {
        self.counts == Counts::Shared
    }

    /// Whether it came back wholly.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.counts, Counts::Gone | Counts::CappedGone)
    }

    /// Whether it makes its day a visit.
    fn visits(&self) -> bool {
        matches!(self.counts, Counts::Fully | Counts::Capped)
    }
}

/// Spend that counts for tiers in minor units, and points earned by purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Sums {
    pub(crate) spend: i64,
    pub(crate) points: i64,
}

/// Purchases in order, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Activity {
    bought: Vec<Bought>,
    /// Purchases not wholly given back, ever.
    pub(crate) purchases: u32,
    /// Days with such a purchase, ever.
    pub(crate) visits: u32,
}

impl Activity {
    pub(crate) fn bought(&self) -> &[Bought] {
        &self.bought
    }

    /// Nothing, in the room that the list has.
    pub(crate) fn renewed(mut self) -> Activity {
        self.bought.clear();
        Activity { bought: self.bought, ..Activity::default() }
    }

    /// Spend that counts for tiers, ever.
    pub(crate) fn spend_total(&self) -> i64 {
        self.through().spend
    }

    /// The day of the purchase with which spend came to so much, and has stayed there since.
    pub(crate) fn spent_by(&self, spend: i64) -> Option<Day> {
        let at = self.bought.partition_point(|bought| bought.through.spend < spend);
        self.bought.get(at).map(|bought| bought.day)
    }

    fn through(&self) -> Sums {
        self.bought.last().map_or_else(Sums::default, |last| last.through)
    }

    /// A purchase that counts for so much.
    #[inline]
    pub(crate) fn purchased(&mut self, bought: Bought, sums: Sums) {
        let bought = Bought { through: self.through().plus(sums), ..bought };
        if bought.counted() {
            self.purchases = self.purchases.saturating_add(1);
            let is_first = self.bought.last().is_none_or(|before| before.day != bought.day);
            if is_first || !self.visited_last() {
                self.visits = self.visits.saturating_add(1);
            }
        }
        grow_tightly(&mut self.bought);
        self.bought.push(bought);
    }

    /// Whether the last day with a purchase is one with a visit.
    fn visited_last(&self) -> bool {
        let last = self.bought.chunk_by(|one, next| one.day == next.day).next_back();
        last.is_some_and(|bought| bought.iter().any(Bought::visits))
    }

    /// Something of the purchase at `place` came back.
    pub(crate) fn given_back(&mut self, place: usize, sums: Sums, wholly: bool) {
        let Some((bought, later)) = self.bought.get_mut(place..).and_then(<[Bought]>::split_first_mut) else {
            return;
        };
        bought.through = bought.through.minus(sums);
        for other in later {
            other.through = other.through.minus(sums);
        }
        if wholly {
            bought.counts = if bought.capped() { Counts::CappedGone } else { Counts::Gone };
            let day = bought.day;
            self.purchases = self.purchases.saturating_sub(1);
            if !self.on(day).iter().any(Bought::visits) {
                self.visits = self.visits.saturating_sub(1);
            }
        }
    }

    /// The places of all purchases from `first` through `last`, but for those before the place `from`.
    pub(crate) fn window(&self, first: Day, last: Day, from: u32) -> Range<usize> {
        let end = match self.bought.last() {
            Some(latest) if latest.day > last => self.before(last.add_days(1)),
            _ => self.bought.len(),
        };
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        self.before(first).max(from).min(end)..end
    }

    /// What the purchases of a window come to.
    pub(crate) fn sums(&self, window: &Range<usize>) -> Sums {
        let through =
            |end: usize| end.checked_sub(1).and_then(|at| self.bought.get(at)).map(|one| one.through);
        through(window.end).unwrap_or_default().minus(through(window.start).unwrap_or_default())
    }

    /// The days of a window with a purchase that was not wholly given back.
    pub(crate) fn visit_days(&self, window: &Range<usize>) -> u32 {
        let bought = self.bought.get(window.clone()).unwrap_or_default();
        let days = bought.chunk_by(|one, next| one.day == next.day);
        u32::try_from(days.filter(|day| day.iter().any(Bought::visits)).count()).unwrap_or(u32::MAX)
    }

    /// How many purchases were made before a day.
    fn before(&self, day: Day) -> usize {
        self.bought.partition_point(|bought| bought.day < day)
    }

    /// The purchases of one day.
    fn on(&self, day: Day) -> &[Bought] {
        let rest = self.bought.get(self.before(day)..).unwrap_or_default();
        rest.get(..rest.partition_point(|bought| bought.day == day)).unwrap_or_default()
    }

    /// The account's own purchase of a fact made on `day`, by its place in the list.
    pub(crate) fn place(&self, fact: FactNo, day: Day) -> Option<usize> {
        self.place_of(day, |bought| bought.fact == fact && !bought.is_shared())
    }

    /// The same of a purchase of somebody else of the household.
    pub(crate) fn shared_place(&self, fact: FactNo, day: Day) -> Option<usize> {
        self.place_of(day, |bought| bought.fact == fact && bought.is_shared())
    }

    fn place_of(&self, day: Day, is_it: impl Fn(&Bought) -> bool) -> Option<usize> {
        let before = self.before(day);
        let at = self.on(day).iter().position(is_it)?;
        before.checked_add(at)
    }

    /// The day of a window's first purchase.
    pub(crate) fn first_of(&self, window: &Range<usize>) -> Option<Day> {
        self.bought.get(window.clone())?.first().map(|first| first.day)
    }

    /// The first day of a window without which it comes to less than is asked; none where it comes to less already.
    pub(crate) fn needed(
        &self,
        window: &Range<usize>,
        asked: i64,
        measure: impl Fn(Sums) -> i64,
    ) -> Option<Day> {
        let spare = measure(self.sums(window)).checked_sub(asked).filter(|spare| *spare >= 0)?;
        let before = window.start.checked_sub(1).and_then(|at| self.bought.get(at));
        let before = before.map_or(0, |bought| measure(bought.through));
        let bought = self.bought.get(window.clone())?;
        // Nothing counts for less than nothing, so that sums only rise.
        let dispensable = bought.partition_point(|one| measure(one.through).saturating_sub(before) <= spare);
        bought.get(dispensable).map(|needed| needed.day)
    }

    /// The same, of someone of whom so many profiles were told before.
    pub(crate) fn told_after(&self, profiles: u16) -> Activity {
        let later = |told: u16| if told == 0 { 0 } else { told.saturating_add(profiles) };
        let bought = self.bought.iter().map(|bought| Bought { profiles: later(bought.profiles), ..*bought });
        Activity { bought: bought.collect(), ..*self }
    }

    /// The same, of someone of whom nothing is told any more.
    pub(crate) fn forget_profiles(&mut self) {
        for bought in &mut self.bought {
            bought.profiles = 0;
        }
    }

    /// Two activities become one (1.6). Answers the new place of each purchase: of this one's, then of the other's.
    pub(crate) fn join(&mut self, other: &Activity) -> Vec<u32> {
        let sums = |all: &[Bought]| {
            let before = std::iter::once(Sums::default()).chain(all.iter().map(|bought| bought.through));
            all.iter().zip(before).map(|(bought, before)| bought.through.minus(before)).collect::<Vec<_>>()
        };
        // What one of the two shared with the other counts once, and so does what both shared with a third.
        let once = |all: &[Bought], others: &[Bought], first: bool| {
            let counted = |shared: &Bought| {
                others.iter().any(|one| one.fact == shared.fact && !(first && one.is_shared()))
            };
            let counts = |bought: &Bought| !(bought.is_shared() && counted(bought));
            let sums = sums(all).into_iter().zip(all);
            sums.map(|(sums, bought)| if counts(bought) { sums } else { Sums::default() }).collect::<Vec<_>>()
        };
        let mine = once(&self.bought, &other.bought, true);
        let theirs = once(&other.bought, &self.bought, false);
        let sums: Vec<Sums> = mine.into_iter().chain(theirs).collect();
        self.bought.extend_from_slice(&other.bought);
        let mut order: Vec<usize> = (0..self.bought.len()).collect();
        order.sort_by_key(|at| {
            self.bought.get(*at).map(|bought| (bought.day, bought.earned_micros, bought.fact))
        });
        let mut new_places = vec![0_u32; order.len()];
        for (new, old) in order.iter().enumerate() {
            if let Some(place) = new_places.get_mut(*old) {
                *place = u32::try_from(new).unwrap_or(u32::MAX);
            }
        }
        let mut through = Sums::default();
        let in_order = order.iter().filter_map(|at| {
            through = through.plus(*sums.get(*at)?);
            Some(Bought { through, ..*self.bought.get(*at)? })
        });
        self.bought = in_order.collect();
        self.purchases = self.purchases.saturating_add(other.purchases);
        self.visits = self.visit_days(&(0..self.bought.len()));
        new_places
    }
}

impl Sums {
    pub(crate) fn plus(self, other: Sums) -> Sums {
        Sums {
            spend: self.spend.saturating_add(other.spend),
            points: self.points.saturating_add(other.points),
        }
    }

    pub(crate) fn minus(self, other: Sums) -> Sums {
        Sums {
            spend: self.spend.saturating_sub(other.spend),
            points: self.points.saturating_sub(other.points),
        }
    }
}
