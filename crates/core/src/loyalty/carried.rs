//! What an erasure carries of a purchase: the profile that its award depended on is gone, so the award is told, not worked out
//! (semantics 9).

use crate::exact::share_down;

/// What is taken off a purchase: points, what counts for tiers, and what came back in the lines' own terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Off {
    pub(crate) points: i64,
    pub(crate) spend: i64,
    pub(crate) amount: i64,
}

impl Off {
    pub(crate) fn plus(self, other: Off) -> Off {
        Off {
            points: self.points.saturating_add(other.points),
            spend: self.spend.saturating_add(other.spend),
            amount: self.amount.saturating_add(other.amount),
        }
    }
}

/// A purchase as an erasure carries it, seen from one fact: the purchase itself, or a return of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Carried {
    pub(crate) wanted: i64,
    pub(crate) points: i64,
    pub(crate) spend: i64,
    /// What all returns took that the erasure tells of.
    pub(crate) told: Off,
    /// What those of them before this fact took, and what this one took where it is among them.
    pub(crate) before: Off,
    pub(crate) own: Off,
}

/// What is left of a carried purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CarriedLeft {
    pub(crate) points: i64,
    pub(crate) spend: i64,
}

impl Carried {
    /// What is left before this fact, of a purchase of `bought` of which `back` had come back.
    pub(crate) fn left_before(&self, bought: i64, back: i64) -> CarriedLeft {
        self.left(self.before, bought, back)
    }

    /// The same after this fact.
    pub(crate) fn left_after(&self, bought: i64, back: i64) -> CarriedLeft {
        self.left(self.before.plus(self.own), bought, back)
    }

    /// Returns that the erasure tells of took what it says. Those that came since take, together, of what these left, in proportion to what
    /// these left of the amounts, rounded down: so any way of splitting them takes the same.
    fn left(&self, told: Off, bought: i64, back: i64) -> CarriedLeft {
        let Carried { points, spend, .. } = *self;
        let rest = bought.saturating_sub(self.told.amount);
        let since = back.saturating_sub(told.amount).clamp(0, rest.max(0));
        let of = |whole: i64, told: i64| {
            let left = whole.saturating_sub(told).max(0);
            if rest > 0 { share_down(left, since, rest) } else { 0 }
        };
        let taken = told.points.saturating_add(of(points, self.told.points));
        let off = told.spend.saturating_add(of(spend, self.told.spend));
        CarriedLeft { points: points.saturating_sub(taken), spend: spend.saturating_sub(off) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2,760 points for 12,800.00, of which a return of 6,400.00 had taken 1,280: 1,480 are left. However the other half comes back, the
    /// same is taken, and in the end all of it.
    #[test]
    fn any_split_takes_the_same() {
        let told = Off { points: 1_280, spend: 640_000, amount: 640_000 };
        let carried = Carried {
            wanted: 2_760,
            points: 2_760,
            spend: 1_280_000,
            told,
            before: told,
            own: Off::default(),
        };
        let left = |back| carried.left_after(1_280_000, back).points;
        assert_eq!([left(640_000), left(640_001), left(960_000), left(1_279_999)], [1_480, 1_480, 740, 1]);
        assert_eq!(carried.left_after(1_280_000, 1_280_000), CarriedLeft { points: 0, spend: 0 });
        // As of before the return that the erasure tells of.
        let whole = Carried { before: Off::default(), own: told, ..carried };
        assert_eq!(whole.left_before(1_280_000, 0), CarriedLeft { points: 2_760, spend: 1_280_000 });
        assert_eq!(whole.left_after(1_280_000, 640_000), CarriedLeft { points: 1_480, spend: 640_000 });
    }
}
