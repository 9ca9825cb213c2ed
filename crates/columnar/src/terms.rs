//! What few purchases have: a discount on the whole, points that paid.

use crate::codes::place;

/// What is told of a purchase as a whole, besides who, when and where: amounts in minor units, and points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Terms {
    pub(crate) discount: i64,
    pub(crate) points: i64,
    pub(crate) points_amount: i64,
}

/// The terms of each purchase that has any. Whether one has is a bit, so that who asks out of order finds it nearby.
#[derive(Debug, Default)]
pub(crate) struct AllTerms {
    /// By 64 purchases: which of them have terms, and how many before them do.
    bits: Vec<(u64, u32)>,
    /// With the number of the purchase; they ascend.
    terms: Vec<(u32, Terms)>,
    /// How many purchases there are.
    count: u32,
}

impl AllTerms {
    /// The next purchase's.
    #[inline]
    pub(crate) fn push(&mut self, terms: Terms) {
        let within = self.count.rem_euclid(64);
        if within == 0 {
            self.bits.push((0, crate::sales::number(self.terms.len())));
        }
        if terms != Terms::default() {
            self.terms.push((self.count, terms));
            if let Some((bits, _)) = self.bits.last_mut() {
                *bits |= 1_u64.wrapping_shl(within);
            }
        }
        self.count = self.count.saturating_add(1);
    }

    pub(crate) fn expect(&mut self, purchases: usize) {
        self.bits.reserve(purchases.div_ceil(64));
    }

    /// Whether a purchase has any.
    #[inline]
    pub(crate) fn has(&self, basket: usize) -> bool {
        self.bits.get(basket.div_euclid(64)).is_some_and(|(bits, _)| bits & bit(basket) != 0)
    }

    pub(crate) fn of(&self, basket: usize) -> Terms {
        let Some((bits, before)) = self.bits.get(basket.div_euclid(64)).filter(|_| self.has(basket)) else {
            return Terms::default();
        };
        let here = (bits & bit(basket).wrapping_sub(1)).count_ones();
        let at = place(before.saturating_add(here));
        self.terms.get(at).map(|(_, terms)| *terms).unwrap_or_default()
    }

    /// Those that are any, with the number of the purchase.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, Terms)> + '_ {
        self.terms.iter().copied()
    }
}

/// Where a purchase has its bit.
fn bit(basket: usize) -> u64 {
    1_u64.wrapping_shl(u32::try_from(basket.rem_euclid(64)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{AllTerms, Terms};

    #[test]
    fn each_purchase_has_its_own() {
        let of = |basket: usize| match basket {
            3 | 63 | 64 | 130 => Terms { points: basket as i64, ..Terms::default() },
            _ => Terms::default(),
        };
        let mut all = AllTerms::default();
        (0..200).for_each(|basket| all.push(of(basket)));
        (0..210).for_each(|basket| assert_eq!(all.of(basket), of(basket)));
        assert_eq!((0..210).filter(|basket| all.has(*basket)).collect::<Vec<_>>(), [3, 63, 64, 130]);
        assert_eq!(all.all().map(|(basket, _)| basket).collect::<Vec<_>>(), [3, 63, 64, 130]);
    }
}
