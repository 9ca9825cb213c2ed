//! Exact ratios: points per minor unit, multipliers, shares.

/// An exact non-negative ratio in lowest terms; the denominator is at least 1, and neither part is above [`Ratio::LIMIT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub(crate) num: i64,
    pub(crate) den: i64,
}

impl Ratio {
    /// Bound of both parts: products of amounts, rates and multipliers then stay within 128 bits.
    pub(crate) const LIMIT: i64 = 1_000_000_000_000;

    pub(crate) const ONE: Ratio = Ratio { num: 1, den: 1 };

    /// `num` ÷ `den` in lowest terms; `None` when negative, divided by nothing, or with a part above the limit.
    pub(crate) fn new(num: i128, den: i128) -> Option<Ratio> {
        if num < 0 || den <= 0 {
            return None;
        }
        let common = num_integer::gcd(num, den).max(1);
        let part = |part: i128| {
            let lowest = part.checked_div(common)?;
            i64::try_from(lowest).ok().filter(|part| *part <= Ratio::LIMIT)
        };
        Some(Ratio { num: part(num)?, den: part(den)? })
    }

    /// The least denominator that all of them can be told in, within the limit.
    pub(crate) fn common_denominator(ratios: impl IntoIterator<Item = Ratio>) -> Option<i64> {
        let within = |den: i64| (den <= Ratio::LIMIT).then_some(den);
        ratios.into_iter().try_fold(1_i64, |den, ratio| {
            den.checked_div(num_integer::gcd(den, ratio.den))?.checked_mul(ratio.den).and_then(within)
        })
    }

    /// The numerator over a denominator that its own divides.
    pub(crate) fn over(self, den: i64) -> Option<i64> {
        self.num.checked_mul(den.checked_div(self.den)?)
    }

    pub(crate) fn less_than(self, other: Ratio) -> bool {
        let cross = |a: i64, b: i64| i128::from(a).saturating_mul(i128::from(b));
        cross(self.num, other.den) < cross(other.num, self.den)
    }
}

#[cfg(test)]
mod tests {
    use super::Ratio;

    #[test]
    fn lowest_terms_within_bounds() {
        assert_eq!(Ratio::new(20, 1000), Some(Ratio { num: 1, den: 50 }));
        assert_eq!(Ratio::new(0, 7), Some(Ratio { num: 0, den: 1 }));
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::new(-1, 2), None);
        assert_eq!(Ratio::new(1, 1_000_000_000_001), None);
        assert_eq!(Ratio::new(2_000_000_000_002, 2), None);
    }
}
