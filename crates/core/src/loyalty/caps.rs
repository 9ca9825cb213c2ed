//! What has been used of the caps on awards (semantics 4.6).

use crate::calendar::Day;
use crate::points::POINTS_LIMIT;
use crate::program::Caps;
use serde::{Deserialize, Serialize};

/// Points awarded in the day, month and year of the last award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct CapUse {
    last: Option<Day>,
    day: i64,
    month: i64,
    year: i64,
}

impl CapUse {
    /// What has been used of the day, month and year that `day` is in.
    pub(crate) fn on(&self, day: Day) -> CapUse {
        let Some(last) = self.last.filter(|last| *last != day) else {
            return CapUse { last: Some(day), ..*self };
        };
        let same_month = last.month_start() == day.month_start();
        let same_year = same_month || last.year() == day.year();
        CapUse {
            last: Some(day),
            day: 0,
            month: if same_month { self.month } else { 0 },
            year: if same_year { self.year } else { 0 },
        }
    }

    /// How much more may be awarded on the day it was last asked of.
    pub(crate) fn room(&self, caps: &Caps) -> i64 {
        let room =
            |cap: Option<i64>, used: i64| cap.map_or(POINTS_LIMIT, |cap| cap.saturating_sub(used).max(0));
        room(caps.purchase, 0)
            .min(room(caps.day, self.day))
            .min(room(caps.month, self.month))
            .min(room(caps.year, self.year))
    }

    /// With an award on that day.
    pub(crate) fn with(&self, points: i64) -> CapUse {
        CapUse {
            last: self.last,
            day: self.day.saturating_add(points),
            month: self.month.saturating_add(points),
            year: self.year.saturating_add(points),
        }
    }

    /// Two accounts become one (1.6).
    pub(crate) fn join(&mut self, other: &CapUse) {
        let Some(day) = self.last.max(other.last) else { return };
        let (mine, theirs) = (self.on(day), other.on(day));
        *self = CapUse {
            last: Some(day),
            day: mine.day.saturating_add(theirs.day),
            month: mine.month.saturating_add(theirs.month),
            year: mine.year.saturating_add(theirs.year),
        };
    }
}
