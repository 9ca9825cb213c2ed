//! Which of the coupons that could be used leave the least to pay (semantics 16.5): a search that goes on only where it can still be better.

use super::counter::{ByLine, Counter, Laid};
use smallvec::SmallVec;

/// Coupons that are looked at together: more than anyone lays on a counter. Beyond, those that take the least off by themselves are left out.
const LOOKED_AT: usize = 64;
/// Coupons that are used on one basket.
pub(crate) const MOST_USED: usize = 16;
/// Steps of the search: enough for all sets of 12 coupons.
const STEPS: u32 = 1 << 14;

/// The best set that was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Chosen {
    /// By place among those that were asked about, in the order of use, and what each takes off.
    pub(crate) used: Vec<(usize, i64)>,
    /// Some set that was not looked at may leave so much less; none: this is the best.
    pub(crate) may_be_less: i64,
}

/// A set of coupons, and how good it is: what is left to pay, how many are used, and what would lapse first among them.
#[derive(Debug, Clone, Default)]
struct Set {
    used: SmallVec<[(usize, i64); MOST_USED]>,
    left: i64,
    /// A bit for each, the highest for what lapses first.
    lapsing: u64,
}

impl Set {
    fn is_better_than(&self, other: &Set) -> bool {
        let rank = |set: &Set| (set.left, set.used.len());
        rank(self) < rank(other) || (rank(self) == rank(other) && self.lapsing > other.lapsing)
    }
}

struct Search<'s, 'p> {
    /// In the order of use: the place that it was asked by, its bit, and the coupon.
    laid: Vec<(usize, u64, &'s Laid<'p>)>,
    /// From each on, what all of them take off by themselves.
    at_most: Vec<i64>,
    best: Set,
    steps: u32,
    /// The least that a set which was not looked at may leave.
    missed: i64,
}

/// Chooses among coupons, which stand in the order of what lapses first. `order`: their places, in the order of use.
pub(crate) fn choose(counter: &Counter<'_>, coupons: &[Laid<'_>], order: &[usize]) -> Chosen {
    let mut worth: Vec<(usize, i64)> = coupons.iter().map(Laid::off_alone).enumerate().collect();
    worth.sort_by_key(|(place, off)| (std::cmp::Reverse(*off), *place));
    let left_out = worth.iter().skip(LOOKED_AT).fold(0_i64, |sum, (_, off)| sum.saturating_add(*off));
    let mut looked_at: Vec<usize> = worth.iter().take(LOOKED_AT).map(|(place, _)| *place).collect();
    looked_at.sort_unstable();
    let in_use = order.iter().filter_map(|place| {
        let rank = looked_at.binary_search(place).ok()?;
        let bit = 1_u64.checked_shl(63_u32.saturating_sub(u32::try_from(rank).ok()?))?;
        Some((*place, bit, coupons.get(*place)?))
    });
    let laid: Vec<_> = in_use.collect();
    let mut at_most = vec![0_i64; laid.len().saturating_add(1)];
    for at in (0..laid.len()).rev() {
        let behind = at_most.get(at.saturating_add(1)).copied().unwrap_or(0);
        let own = laid.get(at).map_or(0, |(_, _, laid)| laid.off_alone());
        if let Some(sum) = at_most.get_mut(at) {
            *sum = behind.saturating_add(own);
        }
    }
    let to_pay = counter.to_pay.iter().fold(0_i64, |sum, amount| sum.saturating_add(*amount));
    let nothing = Set { left: to_pay, ..Set::default() };
    let mut search = Search { laid, at_most, best: nothing.clone(), steps: 0, missed: i64::MAX };
    search.go(0, &nothing, &counter.to_pay);
    let best = search.best.left;
    let missed = search.missed.min(if left_out > 0 { best.saturating_sub(left_out).max(0) } else { best });
    Chosen { used: search.best.used.to_vec(), may_be_less: best.saturating_sub(missed).max(0) }
}

impl Search<'_, '_> {
    /// Looks at all sets that go on from one with coupons from a place on.
    fn go(&mut self, at: usize, set: &Set, left: &ByLine) {
        if set.is_better_than(&self.best) {
            self.best = set.clone();
        }
        let still = self.at_most.get(at).copied().unwrap_or(0);
        let reach = set.left.saturating_sub(still).max(0);
        let rank = (reach, set.used.len().saturating_add(1));
        if still == 0 || rank > (self.best.left, self.best.used.len()) {
            return;
        }
        if self.steps >= STEPS || set.used.len() >= MOST_USED {
            self.missed = self.missed.min(reach);
            return;
        }
        self.steps = self.steps.saturating_add(1);
        let next = at.saturating_add(1);
        let Some((place, bit, laid)) = self.laid.get(at).copied() else { return };
        let goes = |(used, _): &(usize, i64)| {
            self.laid.iter().find(|(known, ..)| known == used).is_some_and(|(_, _, other)| laid.goes_with(other))
        };
        if set.used.iter().all(goes) {
            let off = laid.off(left);
            if off > 0 {
                let mut left = left.clone();
                laid.take(off, &mut left);
                let mut more = set.clone();
                more.used.push((place, off));
                more.left = more.left.saturating_sub(off);
                more.lapsing |= bit;
                self.go(next, &more, &left);
            }
        }
        self.go(next, set, left);
    }
}
