//! Numbers found by the hash of the text that they stand for.

use foldhash::fast::FixedState;
use prefetch_index::prefetch_index;
use std::hash::BuildHasher;

/// Texts come from the shop's own systems (SECURITY.md): a fixed seed keeps randomness out of the core.
const HASHER: FixedState = FixedState::with_seed(0x7061_7275_7265);

/// Half the hash of a text: enough to tell 2^32 slots apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Half(u32);

impl Half {
    pub(super) fn of(text: &str) -> Half {
        Half(u32::try_from(HASHER.hash_one(text) >> 32).unwrap_or(0))
    }
}

/// An open table with linear probing: a number lies beside half the hash of its text, eight to a line of memory, so that a look touches
/// one line where most tables touch two, and nothing of what is not meant.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// None, or a power of two of them, at most three quarters taken.
    slots: Vec<Slot>,
    taken: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    half: Half,
    no: u32,
}

/// No number: a book holds fewer.
const NOBODY: u32 = u32::MAX;
const FREE: Slot = Slot { half: Half(0), no: NOBODY };
const FEWEST: usize = 16;

impl Index {
    /// A table with room for so many.
    pub(super) fn with_room(count: usize) -> Index {
        let slots = count.saturating_mul(4).div_ceil(3).max(FEWEST).checked_next_power_of_two();
        Index { slots: vec![FREE; slots.unwrap_or(FEWEST)], taken: 0 }
    }

    /// Where a text's number would lie.
    fn first(&self, half: Half) -> usize {
        let scaled = u128::from(half.0).saturating_mul(u128::try_from(self.slots.len()).unwrap_or(0)) >> 32;
        usize::try_from(scaled).unwrap_or(0)
    }

    /// The number of this half for which `is_it` holds.
    #[inline]
    pub(super) fn find(&self, half: Half, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let (before, from) = self.slots.split_at_checked(self.first(half))?;
        for slot in from.iter().chain(before) {
            if slot.no == NOBODY {
                return None;
            }
            if slot.half == half && is_it(slot.no) {
                return Some(slot.no);
            }
        }
        None
    }

    /// Adds a number that is not there.
    pub(super) fn add(&mut self, half: Half, no: u32) {
        if self.taken >= self.slots.len().div_euclid(4).saturating_mul(3) {
            self.grow();
        }
        self.put(Slot { half, no });
    }

    /// Has the machine fetch where a text's number lies, while something else is done.
    pub(super) fn fetch(&self, half: Half) {
        prefetch_index(&self.slots, self.first(half));
    }

    /// The first number of this half, whatever its text: nearly always the one that is meant.
    pub(super) fn likely(&self, half: Half) -> Option<u32> {
        self.find(half, |_| true)
    }

    fn put(&mut self, new: Slot) {
        let first = self.first(new.half);
        let Some((before, from)) = self.slots.split_at_mut_checked(first) else { return };
        if let Some(slot) = from.iter_mut().chain(before).find(|slot| slot.no == NOBODY) {
            *slot = new;
            self.taken = self.taken.saturating_add(1);
        }
    }

    /// Takes a number out again.
    pub(super) fn remove(&mut self, half: Half, no: u32) {
        let first = self.first(half);
        let count = self.slots.len();
        let around = |at: usize| at.checked_rem(count).unwrap_or(0);
        let places = (0..count).map(|step| around(first.saturating_add(step)));
        let is_it = |at: &usize| self.slots.get(*at).is_none_or(|slot| slot.no == NOBODY || slot.no == no);
        let Some(mut at) = places.clone().find(is_it) else { return };
        // What lies behind it, up to the next free slot, may lie there only because this one was taken.
        let mut removed = true;
        while let Some(slot) = self.slots.get_mut(at).filter(|slot| slot.no != NOBODY) {
            let slot = std::mem::replace(slot, FREE);
            self.taken = self.taken.saturating_sub(1);
            if !std::mem::take(&mut removed) {
                self.put(slot);
            }
            at = around(at.saturating_add(1));
        }
    }

    fn grow(&mut self) {
        let larger = Index::with_room(self.slots.len());
        let smaller = std::mem::replace(self, larger);
        for slot in smaller.slots.into_iter().filter(|slot| slot.no != NOBODY) {
            self.put(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FEWEST, Half, Index};

    #[test]
    fn what_was_added_is_found_and_nothing_else() {
        let text = |no: u32| format!("c-{no:05}");
        let mut index = Index::default();
        assert_eq!(index.find(Half::of("c-00001"), |_| true), None);
        for no in 0..10_000 {
            index.add(Half::of(&text(no)), no);
        }
        for no in 0..10_000 {
            assert_eq!(index.find(Half::of(&text(no)), |found| text(found) == text(no)), Some(no));
        }
        assert!((10_000..20_000).all(|no| index.find(Half::of(&text(no)), |found| found == no).is_none()));
    }

    /// All of one hash, at the end of the table: they go on at its beginning, and a look at what is not there ends.
    #[test]
    fn equal_hashes_lie_one_after_another() {
        for half in [Half(0), Half(u32::MAX)] {
            let mut index = Index::default();
            for no in 0..100 {
                index.add(half, no);
                assert!((0..=no).all(|each| index.find(half, |found| found == each) == Some(each)));
                assert_eq!(index.find(half, |_| false), None);
            }
        }
    }

    /// Taken out in any order, the others are still found: also where they lie one after another around the end of the table.
    #[test]
    fn what_was_taken_out_is_gone_and_the_others_stay() {
        let halves = |no: u32| {
            [Half(0), Half(u32::MAX), Half(u32::MAX - 1), Half::of(&no.to_string())][no as usize % 4]
        };
        for step in [1, 3, 7, 11] {
            let mut index = Index::default();
            (0..100).for_each(|no| index.add(halves(no), no));
            let mut left: Vec<u32> = (0..100).collect();
            while !left.is_empty() {
                let gone = left.remove(step * 31 % left.len());
                index.remove(halves(gone), gone);
                let found = |no: u32| index.find(halves(no), |found| found == no);
                assert_eq!(found(gone), None);
                assert!(left.iter().all(|no| found(*no) == Some(*no)));
                assert_eq!(index.taken, left.len());
            }
            index.remove(halves(1), 1);
            assert_eq!(index.taken, 0);
        }
    }

    #[test]
    fn a_quarter_stays_free() {
        for count in [0, 1, 12, 13, 1_000, 1_536, 1_537] {
            let index = Index::with_room(count);
            assert!(index.slots.len().is_power_of_two() && index.slots.len() >= FEWEST);
            assert!(count * 4 <= index.slots.len() * 3, "{count}");
        }
    }
}
