//! Days on which nothing happens to an account but what it buys. They are found once and go by without a look: no lot lapses, no tier moves
//! by itself, and conditions answer what they did.

use super::Place;
use crate::calendar::Day;

/// From the day of the latest purchase on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calm {
    last: Day,
    place: Place,
    /// The tier that is held.
    pub(super) tier: u8,
}

impl Calm {
    /// Up to the earliest of these days, for purchases at one place.
    pub(super) fn through(lasts: [Day; 2], place: Place, tier: u8) -> Calm {
        let [one, other] = lasts;
        Calm { last: one.min(other), place, tier }
    }

    #[inline]
    pub(super) fn holds(&self, day: Day, place: Place) -> bool {
        day <= self.last && place == self.place
    }

    /// A lot came in that is there through a day.
    #[inline]
    pub(super) fn at_most_through(&mut self, last: Day) {
        self.last = self.last.min(last);
    }
}
