//! Which of the coupons that could be used leave the least to pay (semantics 16.5): a search that goes on only where it can still be better.

use super::counter::{ByLine, Counter, Laid};
use smallvec::SmallVec;

/// Coupons that are looked at together: more than anyone lays on a counter. Beyond, those that take the least off by themselves are left out.
const LOOKED_AT: usize = 64;
/// Coupons that are used on one basket.
pub(crate) const MOST_USED: usize = 16;
/// Steps of the search: enough for all sets of 12 coupons that go together.
const STEPS: u32 = 1 << 14;

/// A coupon that could be used.
pub(crate) struct Choice<'s, 'p> {
    pub(crate) laid: &'s Laid<'p>,
    /// How many of its kind can be used together, itself among them.
    pub(crate) room: usize,
}

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
    choice: &'s Choice<'s, 'p>,
    /// A bit for its group, among those of this search.
    group: u64,
    /// The most that all from this one on can take off: of each group the one that takes most, of each kind as many as there is room for.
    at_most: i64,
}

struct Search<'s, 'p> {
    /// By place.
    choices: &'s [Choice<'s, 'p>],
    /// In the order of use.
    candidates: Vec<Candidate<'s, 'p>>,
    best: Set,
    steps: u32,
    /// The least that a set which was not looked at may leave.
    missed: i64,
}

/// Chooses among coupons, which stand in the order of what lapses first. `order`: their places, in the order of use.
pub(crate) fn choose(counter: &Counter<'_>, choices: &[Choice<'_, '_>], order: &[usize]) -> Chosen {
    let mut worth: Vec<(usize, i64)> =
        choices.iter().map(|choice| choice.laid.off_alone()).enumerate().collect();
    worth.sort_by_key(|(place, off)| (std::cmp::Reverse(*off), *place));
    let left_out = worth.iter().skip(LOOKED_AT).fold(0_i64, |sum, (_, off)| sum.saturating_add(*off));
    let mut looked_at: Vec<usize> = worth.iter().take(LOOKED_AT).map(|(place, _)| *place).collect();
    looked_at.sort_unstable();
    let to_pay = counter.to_pay.iter().fold(0_i64, |sum, amount| sum.saturating_add(*amount));
    let nothing = Set { left: to_pay, ..Set::default() };
    let mut best = nothing.clone();
    let (mut candidates, mut groups): (Vec<Candidate<'_, '_>>, Vec<&str>) = (Vec::new(), Vec::new());
    for place in order {
        let Some((choice, rank)) = choices.get(*place).zip(looked_at.binary_search(place).ok()) else {
            continue;
        };
        let laid = choice.laid;
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
        candidates.push(Candidate { place: *place, bit, choice, group, at_most: 0 });
    }
    bound(&mut candidates);
    let mut search = Search { choices, candidates, best, steps: 0, missed: i64::MAX };
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
    let mut of_kinds: Vec<Kind<'_>> = Vec::new();
    for candidate in candidates.iter_mut().rev() {
        let Choice { laid, room } = *candidate.choice;
        let off = laid.off_alone();
        if candidate.group != 0 {
            match of_groups.iter_mut().find(|(group, _)| *group == candidate.group) {
                Some((_, most)) => *most = off.max(*most),
                None => of_groups.push((candidate.group, off)),
            }
        } else if room == usize::MAX {
            apart = apart.saturating_add(off);
        } else {
            match of_kinds.iter_mut().find(|kind| *kind.id == *laid.rule.id) {
                Some(kind) => kind.add(room, off),
                None => of_kinds.push(Kind { id: &laid.rule.id, room, offs: vec![off] }),
            }
        }
        let grouped = of_groups.iter().fold(apart, |sum, (_, most)| sum.saturating_add(*most));
        candidate.at_most = of_kinds.iter().fold(grouped, |sum, kind| sum.saturating_add(kind.at_most()));
    }
}

/// Coupons of one kind of which not all can be used together.
struct Kind<'p> {
    id: &'p str,
    /// Of those that were issued under several versions, the most.
    room: usize,
    /// What each takes off by itself, the most first.
    offs: Vec<i64>,
}

impl Kind<'_> {
    fn add(&mut self, room: usize, off: i64) {
        self.room = room.max(self.room);
        self.offs.insert(self.offs.partition_point(|other| *other > off), off);
    }

    fn at_most(&self) -> i64 {
        self.offs.iter().take(self.room).fold(0_i64, |sum, off| sum.saturating_add(*off))
    }
}

impl Search<'_, '_> {
    /// Looks at all sets that go on from one with coupons from a place on. `groups`: of which one is used already.
    fn go(&mut self, at: usize, set: &mut Set, groups: u64, left: &ByLine) {
        if set.is_better_than(&self.best) {
            self.best = set.clone();
        }
        let Some(candidate) = self.candidates.get(at) else { return };
        let Candidate { place, bit, choice, group, at_most } = *candidate;
        let laid = choice.laid;
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
        if groups & group == 0 && self.has_room(choice, set) {
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

    /// Whether one may be used beside others of its kind.
    fn has_room(&self, choice: &Choice<'_, '_>, set: &Set) -> bool {
        let used = set.used.iter().filter_map(|(place, _)| self.choices.get(*place));
        let alike = used.filter(|other| other.laid.rule.id == choice.laid.rule.id);
        let (count, room) = alike.fold((0_usize, choice.room), |(count, room), other| {
            (count.saturating_add(1), room.min(other.room))
        });
        count < room
    }
}
