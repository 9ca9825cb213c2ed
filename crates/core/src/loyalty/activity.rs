//! What an account bought: the purchases that windows are looked at through and that returns come off (semantics 2.3, 6.5, 7.0).

use super::lots::{FactNo, grow_tightly};
use crate::calendar::Day;
use serde::{Deserialize, Serialize};

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
    pub(crate) earned_micros: i64,
    pub(crate) awarded: i64,
    /// What it counts for now: less what came back.
    pub(crate) sums: Sums,
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
}

impl Bought {
    pub(crate) fn counted(&self) -> bool {
        self.counts != Counts::ForNothing
    }

    pub(crate) fn capped(&self) -> bool {
        matches!(self.counts, Counts::Capped | Counts::CappedGone)
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

/// What happened within a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Within {
    pub(crate) sums: Sums,
    pub(crate) visits: u32,
}

/// Purchases in order, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Activity {
    bought: Vec<Bought>,
    /// Purchases not wholly given back, ever.
    pub(crate) purchases: u32,
    /// Days with such a purchase, ever.
    pub(crate) visits: u32,
    pub(crate) spend_total: i64,
}

impl Activity {
    pub(crate) fn bought(&self) -> &[Bought] {
        &self.bought
    }

    pub(crate) fn purchased(&mut self, bought: Bought) {
        if bought.counted() {
            self.purchases = self.purchases.saturating_add(1);
            self.spend_total = self.spend_total.saturating_add(bought.sums.spend);
            let on_day = self.bought.iter().rev().take_while(|before| before.day == bought.day);
            if !on_day.into_iter().any(Bought::visits) {
                self.visits = self.visits.saturating_add(1);
            }
        }
        grow_tightly(&mut self.bought);
        self.bought.push(bought);
    }

    /// Something of the purchase at `place` came back.
    pub(crate) fn given_back(&mut self, place: usize, sums: Sums, wholly: bool) {
        let Some(bought) = self.bought.get_mut(place) else { return };
        bought.sums = bought.sums.minus(sums);
        self.spend_total = self.spend_total.saturating_sub(sums.spend);
        if wholly {
            bought.counts = if bought.capped() { Counts::CappedGone } else { Counts::Gone };
            let day = bought.day;
            self.purchases = self.purchases.saturating_sub(1);
            if !self.on(day).iter().any(Bought::visits) {
                self.visits = self.visits.saturating_sub(1);
            }
        }
    }

    /// All from `first` through `last`, but for the purchases before the place `from`.
    pub(crate) fn within(&self, first: Day, last: Day, from: u32) -> Within {
        let mut within = Within::default();
        let mut visited = None;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let bought = self.bought.get(from..).unwrap_or_default().iter().rev();
        for bought in bought.skip_while(|bought| bought.day > last).take_while(|bought| bought.day >= first) {
            within.sums = within.sums.plus(bought.sums);
            if bought.visits() && visited != Some(bought.day) {
                visited = Some(bought.day);
                within.visits = within.visits.saturating_add(1);
            }
        }
        within
    }

    /// The purchases of one day.
    fn on(&self, day: Day) -> &[Bought] {
        let from = self.bought.partition_point(|bought| bought.day < day);
        let rest = self.bought.get(from..).unwrap_or_default();
        rest.get(..rest.partition_point(|bought| bought.day == day)).unwrap_or_default()
    }

    /// The purchase of a fact made on `day`, by its place in the list.
    pub(crate) fn place(&self, fact: FactNo, day: Day) -> Option<usize> {
        let before = self.bought.partition_point(|bought| bought.day < day);
        let at = self.on(day).iter().position(|bought| bought.fact == fact)?;
        before.checked_add(at)
    }

    /// The first day from `first` on with a purchase that counted.
    pub(crate) fn first_from(&self, first: Day) -> Option<Day> {
        let from = self.bought.partition_point(|bought| bought.day < first);
        let rest = self.bought.get(from..).unwrap_or_default();
        rest.iter().find(|bought| bought.counted()).map(|bought| bought.day)
    }

    /// The same, of someone of whom so many profiles were told before.
    pub(crate) fn told_after(&self, profiles: u16) -> Activity {
        let later = |told: u16| if told == 0 { 0 } else { told.saturating_add(profiles) };
        let bought = self.bought.iter().map(|bought| Bought { profiles: later(bought.profiles), ..*bought });
        Activity { bought: bought.collect(), ..*self }
    }

    /// Two activities become one (1.6). Answers the new place of each purchase: of this one's, then of the other's.
    pub(crate) fn join(&mut self, other: &Activity) -> Vec<u32> {
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
        self.bought = order.iter().filter_map(|at| self.bought.get(*at).copied()).collect();
        self.purchases = self.purchases.saturating_add(other.purchases);
        self.spend_total = self.spend_total.saturating_add(other.spend_total);
        self.visits = self.within(Day::FIRST, Day::LAST, 0).visits;
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
