//! The lines of purchases, those of one that no rule tells apart as one heap of their sum: a grocer's basket of ten lines is two or three heaps.

use crate::codes::{BAD, place};
use crate::sales::{NOBODY, gathered, number};
use hashbrown::HashMap;
use parure::replay::Alike;
use prefetch_index::prefetch_index;
use std::ops::Range;

/// Heaps that are added up; lines of further ones stand alone.
const MOST: usize = 64;
/// The number of a kind that no line had so far.
const UNSEEN: u32 = u32::MAX;

/// Lines of one purchase together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Heap {
    /// What it is a heap of.
    pub(crate) number: u32,
    /// As bytes: a heap takes no more room than it needs.
    amount: [u8; 8],
}

impl Heap {
    /// What it comes to.
    #[inline]
    pub(crate) fn amount(self) -> i64 {
        i64::from_le_bytes(self.amount)
    }
}

/// Heaps in the order of the table; those of a purchase stand together once all are gathered.
#[derive(Debug)]
pub(crate) struct Heaps {
    all: Vec<Heap>,
    /// The purchase of each, once lines of one do not stand together.
    owners: Option<Vec<u32>>,
    alike: Option<Alike>,
    by_mark: HashMap<u128, u32, foldhash::fast::FixedState>,
    /// By the code of the kind, from 1 on: the number of its heap. At 0 stands what is not told.
    by_kind: Vec<u32>,
    /// By number: the code of the first kind that is heaped there.
    pub(crate) kinds: Vec<u32>,
    /// By number: what the purchase at hand has of it.
    sums: [i64; MOST],
    /// Lines that are added up at most: none where it is not told which are alike.
    most_lines: usize,
}

impl Heaps {
    /// `alike`: which lines may be heaped; where it is not told, each stands alone. Amounts are below `limit`.
    pub(crate) fn new(alike: Option<Alike>, limit: i64) -> Heaps {
        let fitting = i64::MAX.checked_div(limit).and_then(|lines| usize::try_from(lines).ok());
        Heaps {
            all: Vec::new(),
            owners: None,
            most_lines: fitting.filter(|_| alike.is_some()).unwrap_or(0),
            alike,
            by_mark: HashMap::default(),
            by_kind: Vec::new(),
            kinds: Vec::new(),
            sums: [0; MOST],
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        number(self.all.len())
    }

    /// From here on lines may be of any purchase; up to now all stood together. `starts`: the first of each purchase.
    pub(crate) fn part(&mut self, starts: impl Iterator<Item = u32> + Clone) {
        if self.owners.is_none() {
            self.owners = Some(owners(starts, self.all.len()));
        }
    }

    /// The numbers of the heaps that lines belong to, by the codes of their kinds. `texts`: item and category of a code.
    pub(crate) fn numbers(
        &mut self,
        kinds: &[u32],
        texts: &impl Fn(u32) -> [String; 2],
        into: &mut Vec<u32>,
    ) {
        let known = &self.by_kind;
        let number = |kind: &u32| known.get(place(kind.wrapping_add(1))).copied().unwrap_or(UNSEEN);
        into.clear();
        into.extend(kinds.iter().map(number));
        if !into.iter().fold(false, |unseen, number| unseen | (*number == UNSEEN)) {
            return;
        }
        for (number, kind) in into.iter_mut().zip(kinds).filter(|(number, _)| **number == UNSEEN) {
            *number = self.learn(*kind, texts);
        }
    }

    /// Puts lines of one purchase down, by the numbers of their heaps; answers their sum. `heap`: whether they may be added up.
    #[inline]
    pub(crate) fn put(&mut self, (numbers, amounts): (&[u32], &[i64]), owner: u32, heap: bool) -> i64 {
        if !heap || numbers.len() > self.most_lines {
            return self.put_apart((numbers, amounts), owner);
        }
        let (mut heaped, mut all) = (0_u64, 0_i64);
        for (number, amount) in numbers.iter().zip(amounts) {
            match self.sums.get_mut(place(*number)) {
                // So few lines don't overflow.
                Some(sum) => {
                    *sum = sum.wrapping_add(*amount);
                    heaped |= 1_u64.wrapping_shl(*number);
                }
                None => {
                    self.push(*number, *amount, owner);
                    all = all.wrapping_add(*amount);
                }
            }
        }
        while heaped != 0 {
            let number = heaped.trailing_zeros();
            heaped &= heaped.wrapping_sub(1);
            let sum = self.sums.get_mut(place(number)).map(std::mem::take).unwrap_or_default();
            self.push(number, sum, owner);
            all = all.wrapping_add(sum);
        }
        all
    }

    fn put_apart(&mut self, (numbers, amounts): (&[u32], &[i64]), owner: u32) -> i64 {
        for (number, amount) in numbers.iter().zip(amounts) {
            self.push(*number, *amount, owner);
        }
        amounts.iter().fold(0, |sum, amount| amount.saturating_add(sum))
    }

    #[inline]
    fn push(&mut self, number: u32, amount: i64, owner: u32) {
        self.all.push(Heap { number, amount: amount.to_le_bytes() });
        if let Some(owners) = &mut self.owners {
            owners.push(owner);
        }
    }

    #[cold]
    fn learn(&mut self, kind: u32, texts: &impl Fn(u32) -> [String; 2]) -> u32 {
        let known = self.by_kind.get(place(kind.wrapping_add(1))).copied().unwrap_or(UNSEEN);
        if known != UNSEEN {
            return known;
        }
        let next = number(self.kinds.len());
        let number = match &self.alike {
            Some(alike) => {
                let [item, category] = texts(kind);
                *self.by_mark.entry(alike.mark(&item, &category)).or_insert(next)
            }
            None => next,
        };
        if number == next {
            self.kinds.push(kind);
        }
        // What is no name has no place of its own: its purchase is set aside.
        if kind != BAD {
            let at = place(kind.wrapping_add(1));
            if self.by_kind.len() <= at {
                self.by_kind.resize(at.saturating_add(1), UNSEEN);
            }
            if let Some(slot) = self.by_kind.get_mut(at) {
                *slot = number;
            }
        }
        number
    }

    /// All are there, of so many purchases. Where those of one did not stand together, they do now: where each purchase's begin, and the end of
    /// the last.
    pub(crate) fn end(&mut self, purchases: usize) -> Option<Vec<u32>> {
        let owners = self.owners.take()?;
        let (starts, order) = gathered(&owners, purchases);
        let of = |at: &u32| self.all.get(place(*at)).copied().unwrap_or_default();
        self.all = order.iter().map(of).collect();
        Some(starts)
    }

    /// Makes room for what is to come, by what share of all rows is there.
    pub(crate) fn expect(&mut self, expected: impl Fn(usize) -> usize) {
        self.all.reserve(expected(self.all.len()));
    }

    #[inline]
    pub(crate) fn at(&self, places: Range<usize>) -> &[Heap] {
        self.all.get(places).unwrap_or_default()
    }

    /// Has the machine fetch the one at a place.
    #[inline]
    pub(crate) fn fetch(&self, place: usize) {
        prefetch_index(&*self.all, place);
    }
}

/// From a start to the next.
#[inline]
pub(crate) fn between(starts: &[u32], at: usize) -> Range<usize> {
    let start = starts.get(at).copied().unwrap_or_default();
    let end = starts.get(at.saturating_add(1)).copied().unwrap_or(start);
    place(start)..place(end)
}

/// The owner of each of so many, where those of each stand together.
pub(crate) fn owners(starts: impl Iterator<Item = u32> + Clone, count: usize) -> Vec<u32> {
    let mut owners = Vec::with_capacity(count);
    let ends = starts.clone().skip(1).chain([number(count)]);
    // What stands before the first is nobody's.
    owners.resize(starts.clone().next().map_or(count, place), NOBODY);
    for ((start, end), basket) in starts.zip(ends).zip(0_u32..) {
        owners.extend(std::iter::repeat_n(basket, place(end.saturating_sub(start))));
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::{Heaps, between};
    use parure::program::Program;
    use parure::replay::Alike;

    #[test]
    fn lines_that_rules_tell_apart_make_heaps_of_their_own() {
        let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'
            [[bonus]]\nid = 'rings'\nwhen = 'line.category == \"ring\"'\nmultiply = '2'";
        let mut heaps = Heaps::new(Alike::of(&Program::parse("m.toml", text).unwrap()), 1_000);
        let texts = |kind: u32| {
            let category = ["ring", "watch", "strap"].get(kind as usize).copied().unwrap_or_default();
            [String::new(), category.to_owned()]
        };
        let numbers = |kinds: &[u32], heaps: &mut Heaps| {
            let mut numbers = Vec::new();
            heaps.numbers(kinds, &texts, &mut numbers);
            numbers
        };
        let lines = numbers(&[2, 0, u32::MAX, 1, 0], &mut heaps);
        assert_eq!(heaps.put((&lines, &[1, 10, 3, 4, 20]), 0, true), 38);
        let starts = [0, heaps.count()];
        let lines = numbers(&[1, 2], &mut heaps);
        assert_eq!(heaps.put((&lines, &[7, 8]), 1, false), 15);
        // The first purchase goes on behind the second.
        heaps.part(starts.into_iter());
        let lines = numbers(&[0], &mut heaps);
        heaps.put((&lines, &[40]), 0, true);
        let starts = heaps.end(2).unwrap();
        assert_eq!(heaps.kinds, [2, 0]);
        let of = |basket| heaps.at(between(&starts, basket)).iter().map(|heap| (heap.number, heap.amount()));
        assert_eq!(of(0).collect::<Vec<_>>(), [(0, 8), (1, 30), (1, 40)]);
        assert_eq!(of(1).collect::<Vec<_>>(), [(0, 7), (0, 8)]);
    }
}
