//! Which of the coupons that could be used leave the least to pay (semantics 16.5): a search that goes on only where it can still be better.

use super::counter::{ByLine, Counter, Laid};
use smallvec::SmallVec;

/// Coupons that are looked at together: more than anyone lays on a counter. Beyond, those that take the least off by themselves are left out.
const LOOKED_AT: usize = 64;
/// Coupons that are used on one basket.
pub(crate) const MOST_USED: usize = 16;
/// Steps of the search: enough for all sets of 12 coupons that go together.
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

/// One that may be used beside others.
struct Candidate<'s, 'p> {
    /// The place that it was asked by.
    place: usize,
    bit: u64,
    laid: &'s Laid<'p>,
    /// A bit for its group, among those of this search.
    group: u64,
    /// The most that all from this one on can take off: of each group the one that takes most.
    at_most: i64,
}

struct Search<'s, 'p> {
    /// In the order of use.
    candidates: Vec<Candidate<'s, 'p>>,
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
    let to_pay = counter.to_pay.iter().fold(0_i64, |sum, amount| sum.saturating_add(*amount));
    let nothing = Set { left: to_pay, ..Set::default() };
    let mut best = nothing.clone();
    let (mut candidates, mut groups): (Vec<Candidate<'_, '_>>, Vec<&str>) = (Vec::new(), Vec::new());
    for place in order {
        let Some((laid, rank)) = coupons.get(*place).zip(looked_at.binary_search(place).ok()) else {
            continue;
        };
        let bit = bit(63_usize.saturating_sub(rank));
        if !laid.rule.stacks {
            // It is used alone: there is nothing to search for.
            let off = laid.off_alone();
            let left = to_pay.saturating_sub(off);
            let alone = Set { used: SmallVec::from_slice(&[(*place, off)]), left, lapsing: bit };
            if alone.is_better_than(&best) {
                best = alone;
            }
            continue;
        }
        let group = laid.rule.group.as_ref().map_or(0, |group| {
            let known = groups.iter().position(|known| **known == **group).unwrap_or_else(|| {
                groups.push(group);
                groups.len().saturating_sub(1)
            });
            self::bit(known)
        });
        candidates.push(Candidate { place: *place, bit, laid, group, at_most: 0 });
    }
    bound(&mut candidates);
    let mut search = Search { candidates, best, steps: 0, missed: i64::MAX };
    search.go(0, &mut nothing.clone(), 0, &counter.to_pay);
    let best = search.best.left;
    let missed = search.missed.min(if left_out > 0 { best.saturating_sub(left_out).max(0) } else { best });
    Chosen { used: search.best.used.to_vec(), may_be_less: best.saturating_sub(missed).max(0) }
}

fn bit(place: usize) -> u64 {
    u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0)
}

/// What all from each on can take off.
fn bound(candidates: &mut [Candidate<'_, '_>]) {
    let mut apart = 0_i64;
    let mut of_groups: SmallVec<[(u64, i64); 8]> = SmallVec::new();
    for candidate in candidates.iter_mut().rev() {
        let off = candidate.laid.off_alone();
        match of_groups.iter_mut().find(|(group, _)| *group == candidate.group) {
            _ if candidate.group == 0 => apart = apart.saturating_add(off),
            Some((_, most)) => *most = off.max(*most),
            None => of_groups.push((candidate.group, off)),
        }
        candidate.at_most = of_groups.iter().fold(apart, |sum, (_, most)| sum.saturating_add(*most));
    }
}

impl Search<'_, '_> {
    /// Looks at all sets that go on from one with coupons from a place on. `groups`: of which one is used already.
    fn go(&mut self, at: usize, set: &mut Set, groups: u64, left: &ByLine) {
        if set.is_better_than(&self.best) {
            self.best = set.clone();
        }
        let Some(candidate) = self.candidates.get(at) else { return };
        let Candidate { place, bit, laid, group, at_most } = *candidate;
        let reach = set.left.saturating_sub(at_most).max(0);
        let rank = (reach, set.used.len().saturating_add(1));
        if at_most == 0 || rank > (self.best.left, self.best.used.len()) {
            return;
        }
        if self.steps >= STEPS || set.used.len() >= MOST_USED {
            self.missed = self.missed.min(reach);
            return;
        }
        self.steps = self.steps.saturating_add(1);
        let next = at.saturating_add(1);
        if groups & group == 0 {
            let off = laid.off(left);
            if off > 0 {
                let before = (set.left, set.lapsing);
                set.used.push((place, off));
                (set.left, set.lapsing) = (set.left.saturating_sub(off), set.lapsing | bit);
                let mut rest = left.clone();
                laid.take(off, &mut rest);
                self.go(next, set, groups | group, &rest);
                set.used.pop();
                (set.left, set.lapsing) = before;
            }
        }
        self.go(next, set, groups, left);
    }
}
