//! What an account did day by day: the sums that windows are looked at through (semantics 2.3, 6.5, 7.0).

use super::lots::grow_tightly;
use crate::calendar::Day;
use serde::{Deserialize, Serialize};

/// One day's purchases, with returns taken off on the day of the purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct DayTotal {
    day: Day,
    /// Purchases not wholly given back.
    purchases: u32,
    sums: Sums,
}

/// Spend that counts for tiers in minor units, points earned by purchases, and visits.
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

/// The days on which something was bought, in order; one entry a day, so a window costs by its days, not by its purchases.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Activity {
    days: Vec<DayTotal>,
    /// Purchases not wholly given back, ever.
    pub(crate) purchases: u32,
    /// Days with such a purchase, ever.
    pub(crate) visits: u32,
    pub(crate) spend_total: i64,
}

impl Activity {
    pub(crate) fn purchased(&mut self, day: Day, sums: Sums) {
        self.purchases = self.purchases.saturating_add(1);
        self.spend_total = self.spend_total.saturating_add(sums.spend);
        let at = self.days.partition_point(|total| total.day < day);
        match self.days.get_mut(at).filter(|total| total.day == day) {
            Some(total) => {
                if total.purchases == 0 {
                    self.visits = self.visits.saturating_add(1);
                }
                total.purchases = total.purchases.saturating_add(1);
                total.sums = total.sums.plus(sums);
            }
            None => {
                self.visits = self.visits.saturating_add(1);
                grow_tightly(&mut self.days);
                self.days.insert(at, DayTotal { day, purchases: 1, sums });
            }
        }
    }

    /// Something bought on `day` came back.
    pub(crate) fn given_back(&mut self, day: Day, sums: Sums, wholly: bool) {
        self.spend_total = self.spend_total.saturating_sub(sums.spend);
        let Ok(at) = self.days.binary_search_by_key(&day, |total| total.day) else { return };
        let Some(total) = self.days.get_mut(at) else { return };
        total.sums = total.sums.minus(sums);
        if wholly {
            self.purchases = self.purchases.saturating_sub(1);
            total.purchases = total.purchases.saturating_sub(1);
            if total.purchases == 0 {
                self.visits = self.visits.saturating_sub(1);
            }
        }
    }

    /// All from `first` through `last`.
    pub(crate) fn within(&self, first: Day, last: Day) -> Within {
        let mut within = Within::default();
        for total in self.days.iter().rev().skip_while(|total| total.day > last) {
            if total.day < first {
                break;
            }
            within.sums = within.sums.plus(total.sums);
            within.visits = within.visits.saturating_add(u32::from(total.purchases > 0));
        }
        within
    }

    /// The sums and the number of purchases of one day.
    pub(crate) fn on(&self, day: Day) -> (Sums, u32) {
        let at = self.days.binary_search_by_key(&day, |total| total.day).ok();
        at.and_then(|at| self.days.get(at))
            .map_or((Sums::default(), 0), |total| (total.sums, total.purchases))
    }

    /// The first day from `first` on with a purchase.
    pub(crate) fn first_from(&self, first: Day) -> Option<Day> {
        self.days.get(self.days.partition_point(|total| total.day < first)).map(|total| total.day)
    }

    /// Two activities side by side (1.6).
    pub(crate) fn join(&mut self, other: &Activity) {
        for total in &other.days {
            let at = self.days.partition_point(|mine| mine.day < total.day);
            match self.days.get_mut(at).filter(|mine| mine.day == total.day) {
                Some(mine) => {
                    mine.purchases = mine.purchases.saturating_add(total.purchases);
                    mine.sums = mine.sums.plus(total.sums);
                }
                None => self.days.insert(at, *total),
            }
        }
        self.purchases = self.purchases.saturating_add(other.purchases);
        self.spend_total = self.spend_total.saturating_add(other.spend_total);
        self.visits =
            u32::try_from(self.days.iter().filter(|total| total.purchases > 0).count()).unwrap_or(u32::MAX);
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
