//! Points as payment (semantics 5.2, 5.3).

use crate::exact::{Fraction, share_down};
use crate::money::Money;
use crate::outcome::RefusalCode;
use crate::program::{Rounding, SpendRules};
use num_integer::Integer;

impl SpendRules {
    /// What so many points are worth, where that is a whole number of minor units.
    pub(crate) fn worth(&self, points: i64) -> Option<Money> {
        let exact = i128::from(points).checked_mul(i128::from(self.worth_amount.minor()))?;
        let (minor, rest) = exact.div_mod_floor(&i128::from(self.worth_points.max(1)));
        (rest == 0).then_some(Money::from_minor(i64::try_from(minor).ok()?))
    }

    /// What so many points are worth, rounded down to the minor unit; less than nothing for debt.
    pub(crate) fn worth_rounded(&self, points: i64) -> Money {
        Money::from_minor(share_down(points, self.worth_amount.minor(), self.worth_points))
    }

    /// The most money that points may pay of a payable amount.
    pub(crate) fn ceiling(&self, payable: Money) -> Money {
        Money::from_minor(share_down(payable.minor(), self.share.num, self.share.den)).min(payable)
    }

    /// The most points that may be spent on a payable amount, of which so much is left to pay, by someone who has `usable` of them (5.2); 0:
    /// none.
    pub(crate) fn most_of(&self, payable: Money, left: Money, usable: i64) -> i64 {
        let step = self.step.max(1);
        let by_money = Fraction::<i128>::whole(self.ceiling(payable).min(left).minor())
            .times(self.worth_points, self.worth_amount.minor().max(1))
            .and_then(|points| points.round(Rounding::Down))
            .unwrap_or(0);
        let most = usable.min(by_money);
        let most = most.saturating_sub(most.mod_floor(&step));
        if most < self.least { 0 } else { most }
    }

    /// Why a tender of points may not be what it is; the account's own points are looked at elsewhere.
    pub(crate) fn objection(&self, points: i64, amount: Money, payable: Money) -> Option<RefusalCode> {
        if points < self.least {
            Some(RefusalCode::BelowLeast)
        } else if points.mod_floor(&self.step.max(1)) != 0 {
            Some(RefusalCode::NotAStep)
        } else if self.worth(points) != Some(amount) {
            Some(RefusalCode::WorthDiffers)
        } else if amount > self.ceiling(payable) {
            Some(RefusalCode::OverShare)
        } else {
            None
        }
    }
}
