//! Exact fractions: points before they are rounded (semantics 3.2).
//!
//! The same code runs on `i64`, which a common basket fits, on `i128`, and on `BigInt`, where that does not fit either: what is left
//! of many lines after returns has a denominator for each line.

use crate::program::{Ratio, Rounding};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{CheckedAdd, CheckedMul, CheckedSub, Signed, ToPrimitive};
use smallvec::{Array, SmallVec};
use std::cmp::Reverse;

/// Whole numbers that say when they overflow.
pub(crate) trait Whole:
    Clone + Integer + Signed + CheckedAdd + CheckedSub + CheckedMul + From<i64> + ToPrimitive + std::fmt::Display
{
    /// The least common multiple, where it fits.
    fn checked_lcm(&self, other: &Self) -> Option<Self> {
        self.div_floor(&self.gcd(other)).checked_mul(other)
    }

    /// `self ÷ other`, rounded down.
    fn quotient(&self, other: &Self) -> Self {
        self.div_floor(other)
    }
}

/// The numbers of common baskets fit 64 bits, which machines divide themselves.
impl Whole for i128 {
    fn quotient(&self, other: &Self) -> Self {
        match (i64::try_from(*self), i64::try_from(*other)) {
            (Ok(one), Ok(two)) if two > 0 => i128::from(Integer::div_floor(&one, &two)),
            _ => self.div_floor(other),
        }
    }

    fn checked_lcm(&self, other: &Self) -> Option<Self> {
        match (u64::try_from(*self), u64::try_from(*other)) {
            (Ok(one), Ok(two)) if one != 0 => {
                let part = one.checked_div(one.gcd(&two))?;
                i128::from(part).checked_mul(*other)
            }
            _ => self.div_floor(&self.gcd(other)).checked_mul(*other),
        }
    }
}

impl Whole for i64 {}

impl Whole for BigInt {}

/// A fraction with a denominator of at least 1, not always in lowest terms. `None` from an operation: it does not fit.
#[derive(Debug, Clone)]
pub(crate) struct Fraction<N> {
    num: N,
    den: N,
}

impl<N: Whole> Fraction<N> {
    pub(crate) fn zero() -> Self {
        Fraction { num: N::zero(), den: N::one() }
    }

    pub(crate) fn whole(value: i64) -> Self {
        Fraction { num: N::from(value), den: N::one() }
    }

    /// `num ÷ den`; a denominator below 1 counts as 1 (callers have none).
    pub(crate) fn of(num: i64, den: i64) -> Self {
        Fraction { num: N::from(num), den: N::from(den.max(1)) }
    }

    pub(crate) fn times(&self, num: i64, den: i64) -> Option<Self> {
        if num == den {
            return Some(self.clone());
        }
        self.times_fraction(&Fraction::of(num, den))
    }

    pub(crate) fn times_fraction(&self, other: &Self) -> Option<Self> {
        Some(Fraction { num: self.num.checked_mul(&other.num)?, den: self.den.checked_mul(&other.den)? })
    }

    pub(crate) fn times_ratio(&self, ratio: Ratio) -> Option<Self> {
        self.times(ratio.num, ratio.den)
    }

    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        self.combine(other, N::checked_add)
    }

    pub(crate) fn minus(&self, other: &Self) -> Option<Self> {
        self.combine(other, N::checked_sub)
    }

    fn combine(&self, other: &Self, apply: impl Fn(&N, &N) -> Option<N>) -> Option<Self> {
        if self.den == other.den {
            return Some(Fraction { num: apply(&self.num, &other.num)?, den: self.den.clone() });
        }
        // Rates and multipliers of one program mostly divide each other.
        let den = if self.den.is_multiple_of(&other.den) {
            self.den.clone()
        } else {
            self.den.checked_lcm(&other.den)?
        };
        let scale = |of: &Self| of.num.checked_mul(&den.quotient(&of.den));
        Some(Fraction { num: apply(&scale(self)?, &scale(other)?)?, den })
    }

    pub(crate) fn less_than(&self, other: &Self) -> Option<bool> {
        Some(self.minus(other)?.num.is_negative())
    }

    pub(crate) fn or_nothing(self) -> Self {
        if self.num.is_negative() { Fraction::zero() } else { self }
    }

    /// In lowest terms.
    pub(crate) fn reduced(&self) -> Self {
        let common = self.num.gcd(&self.den);
        if common.is_zero() {
            return Fraction::zero();
        }
        Fraction { num: self.num.div_floor(&common), den: self.den.div_floor(&common) }
    }

    /// The least denominator that its own and another one divide.
    pub(crate) fn common(&self, den: &N) -> Option<N> {
        self.den.checked_lcm(den)
    }

    /// The numerator over a denominator that its own divides.
    pub(crate) fn over(&self, den: &N) -> Option<N> {
        self.num.checked_mul(&den.quotient(&self.den))
    }

    /// The whole number it is rounded to, held within 64 bits.
    #[inline]
    pub(crate) fn round(&self, rounding: Rounding) -> Option<i64> {
        let rounded = match rounding {
            Rounding::Down => self.num.quotient(&self.den),
            Rounding::Up => self.num.div_ceil(&self.den),
            Rounding::HalfUp => {
                let two = N::from(2);
                let twice = self.num.checked_mul(&two)?.checked_add(&self.den)?;
                twice.div_floor(&self.den.checked_mul(&two)?)
            }
        };
        Some(rounded.to_i64().unwrap_or(if rounded.is_negative() { i64::MIN } else { i64::MAX }))
    }
}

impl<N: Whole> std::fmt::Display for Fraction<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Fraction { num, den } = self.reduced();
        if den.is_one() { num.fmt(f) } else { write!(f, "{num}/{den}") }
    }
}

/// `amount × part ÷ whole`, rounded down; nothing of nothing.
pub(crate) fn share_down(amount: i64, part: i64, whole: i64) -> i64 {
    if part == whole || whole <= 0 {
        return if part == whole { amount } else { 0 };
    }
    let exact = i128::from(amount).saturating_mul(i128::from(part)).quotient(&i128::from(whole));
    i64::try_from(exact).unwrap_or(i64::MAX)
}

/// What is left of `amount` when `given` of `bought` came back: what comes off is rounded down, so the member never loses a
/// minor unit by the way a return was split.
pub(crate) fn what_is_left(amount: i64, given: i64, bought: i64) -> i64 {
    if given == 0 && bought != 0 {
        return amount;
    }
    amount.saturating_sub(share_down(amount, given, bought))
}

/// Splits `total` pro rata to `weights` by largest remainder, ties to the earlier (semantics 3.3). The parts add up to the whole;
/// without any weight all parts are zero.
pub(crate) fn split<P: Array<Item = i64>>(
    total: i64,
    weights: impl ExactSizeIterator<Item = i64> + Clone,
) -> SmallVec<P> {
    let sum: i128 = match total {
        0 => 0,
        _ => weights.clone().map(i128::from).fold(0, i128::saturating_add),
    };
    if sum == 0 {
        return std::iter::repeat_n(0, weights.len()).collect();
    }
    // No weight is more than the sum, where none is below zero: then all fits that fits with it.
    let narrow = i64::try_from(sum).ok().filter(|sum| i64::checked_mul(*sum, total).is_some());
    match narrow.filter(|_| total > 0 && weights.clone().all(|weight| weight >= 0)) {
        Some(sum) => split_by(total, weights, |weight| {
            let scaled = weight.wrapping_mul(total);
            (scaled.div_euclid(sum), scaled.rem_euclid(sum))
        }),
        None => split_by(total, weights, |weight| {
            let (part, rest) = i128::from(weight).saturating_mul(i128::from(total)).div_mod_floor(&sum);
            (i64::try_from(part).unwrap_or(i64::MAX), rest)
        }),
    }
}

/// The same, where `part` tells the part of a weight and what its rounding left.
fn split_by<P: Array<Item = i64>, N: Ord>(
    total: i64,
    weights: impl ExactSizeIterator<Item = i64>,
    part: impl Fn(i64) -> (i64, N),
) -> SmallVec<P> {
    let mut parts = SmallVec::<P>::with_capacity(weights.len());
    let mut rests: SmallVec<[(Reverse<N>, usize); 16]> = SmallVec::with_capacity(weights.len());
    for (at, weight) in weights.enumerate() {
        let (part, rest) = part(weight);
        parts.push(part);
        rests.push((Reverse(rest), at));
    }
    let missing = total.saturating_sub(parts.iter().fold(0, |done, part| part.saturating_add(done)));
    let missing = usize::try_from(missing).unwrap_or(0);
    if missing > 0 && missing < rests.len() {
        rests.select_nth_unstable(missing);
    }
    for (_, at) in rests.iter().take(missing) {
        if let Some(part) = parts.get_mut(*at) {
            *part = part.saturating_add(1);
        }
    }
    parts
}

/// One amount for each line.
pub(crate) type Parts = SmallVec<[i64; 4]>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_remainder_goes_to_the_earlier_line() {
        // 100 over 1 : 1 : 1 is 33 each and one left for the first line.
        assert_eq!(split::<[i64; 4]>(100, [1, 1, 1].into_iter()).as_slice(), [34, 33, 33]);
        // 10 over 3 : 6 : 1 is exact.
        assert_eq!(split::<[i64; 4]>(10, [3, 6, 1].into_iter()).as_slice(), [3, 6, 1]);
        assert_eq!(split::<[i64; 4]>(5, [0, 0].into_iter()).as_slice(), [0, 0]);
        // So much that products need more than 64 bits: half and half of an odd number.
        let huge = i64::MAX / 2;
        assert_eq!(split::<[i64; 4]>(huge, [huge, huge].into_iter()).as_slice(), [huge / 2 + 1, huge / 2]);
    }

    #[test]
    fn thirds_add_up_to_one() {
        let third = Fraction::<i128>::of(1, 3);
        let sum = third.plus(&third).unwrap().plus(&third).unwrap();
        assert_eq!(sum.round(Rounding::Down), Some(1));
        assert_eq!(Fraction::<i128>::of(5, 2).round(Rounding::HalfUp), Some(3));
        assert_eq!(Fraction::<i128>::of(7, 3).round(Rounding::Up), Some(3));
    }

    #[test]
    fn what_overflows_says_so_and_the_wide_one_agrees() {
        let huge = i64::MAX;
        let narrow = Fraction::<i128>::of(huge, huge - 1).plus(&Fraction::of(huge, huge - 2));
        assert!(narrow.and_then(|sum| sum.plus(&Fraction::of(huge, huge - 4))).is_none());
        let wide = Fraction::<BigInt>::of(huge, huge - 1).plus(&Fraction::of(huge, huge - 2)).unwrap();
        assert_eq!(wide.round(Rounding::Down), Some(2));
    }
}
