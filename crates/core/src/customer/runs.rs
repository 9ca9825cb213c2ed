//! Places of customers by key, in sorted runs: found by a range of keys, in the order of key and id.

use super::directory::Ids;
use std::cmp::Ordering;
use std::ops::RangeInclusive;

/// Marks what was taken out, where it lies, so that its id still tells where others of its key are; places are smaller.
const GONE: u32 = 1 << 31;
/// So many of the newest lie unsorted.
const TAIL: usize = 512;

/// A multimap that costs a key and four bytes for each entry. The newest entries lie in a tail that is looked through; when it is full it becomes
/// a run, and a run is merged with the one before while that is not much larger: an entry is moved a logarithm of times.
#[derive(Clone)]
pub(super) struct Runs<K> {
    /// From the largest to the smallest.
    runs: Vec<Run<K>>,
    tail: Vec<(K, u32)>,
}

#[derive(Clone)]
struct Run<K> {
    keys: Vec<K>,
    places: Vec<u32>,
    gone: usize,
}

impl<K> Default for Runs<K> {
    fn default() -> Self {
        Runs { runs: Vec::new(), tail: Vec::new() }
    }
}

impl<K: Copy + Ord> Runs<K> {
    /// Adds an entry without sorting: [`Runs::settle`] is owed.
    pub(super) fn push(&mut self, key: K, place: u32) {
        self.tail.push((key, place));
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, key: K, place: u32, ids: &Ids) {
        self.tail.push((key, place));
        if self.tail.len() >= TAIL {
            self.settle(|tail| tail.sort_unstable_by(|a, b| by_key_and_id(a, b, ids)), ids);
        }
    }

    /// Makes a run of the tail, which `sort` brings into the order of key and id.
    pub(super) fn settle(&mut self, sort: impl FnOnce(&mut [(K, u32)]), ids: &Ids) {
        if self.tail.is_empty() {
            return;
        }
        let mut tail = std::mem::take(&mut self.tail);
        sort(&mut tail);
        let mut newest = Run {
            keys: tail.iter().map(|(key, _)| *key).collect(),
            places: tail.iter().map(|(_, place)| *place).collect(),
            gone: 0,
        };
        while self.runs.last().is_some_and(|run| run.keys.len() < newest.keys.len().saturating_mul(2)) {
            let Some(before) = self.runs.pop() else { break };
            newest = Run::merged(&before, &newest, ids);
        }
        self.runs.push(newest);
    }

    /// Takes an entry out, where it is there.
    pub(super) fn remove(&mut self, key: K, place: u32, ids: &Ids) {
        if let Some(at) = self.tail.iter().position(|entry| *entry == (key, place)) {
            self.tail.swap_remove(at);
            return;
        }
        for at in 0..self.runs.len() {
            let Some(run) = self.runs.get_mut(at) else { return };
            if run.remove(key, place, ids) {
                if run.gone.saturating_mul(2) > run.keys.len() {
                    *run = Run::merged(run, &Run { keys: Vec::new(), places: Vec::new(), gone: 0 }, ids);
                }
                return;
            }
        }
    }

    /// Takes out all that `place` has.
    pub(super) fn forget(&mut self, place: u32) {
        self.tail.retain(|(_, other)| *other != place);
        for run in &mut self.runs {
            run.gone = 0;
            let mut kept = run.places.iter().map(|other| *other != place && other & GONE == 0);
            run.keys.retain(|_| kept.next().unwrap_or(true));
            run.places.retain(|other| *other != place && other & GONE == 0);
        }
    }

    /// Shows entries whose keys are in a range to `take`, which answers whether to go on; each run by key and id, the tail in no order and to the end.
    pub(super) fn look(&self, keys: &RangeInclusive<K>, mut take: impl FnMut(K, u32, Order) -> bool) {
        for (key, place) in &self.tail {
            if keys.contains(key) {
                take(*key, *place, Order::None);
            }
        }
        for run in &self.runs {
            let start = run.keys.partition_point(|key| key < keys.start());
            let entries = run.keys.iter().zip(&run.places).skip(start);
            let mut order = Order::First;
            for (key, place) in entries.take_while(|(key, _)| *key <= keys.end()) {
                if place & GONE != 0 {
                    continue;
                }
                if !take(*key, *place, std::mem::replace(&mut order, Order::Later)) {
                    break;
                }
            }
        }
    }

    /// Entries, and bytes that they take.
    pub(super) fn size(&self) -> (usize, usize) {
        let entries: usize = self.runs.iter().map(|run| run.keys.capacity()).sum::<usize>();
        let each = size_of::<K>().saturating_add(size_of::<u32>());
        let tail = self.tail.capacity().saturating_mul(size_of::<(K, u32)>());
        let live = self.runs.iter().map(Run::live).sum::<usize>();
        (live.saturating_add(self.tail.len()), entries.saturating_mul(each).saturating_add(tail))
    }
}

/// How an entry stands to those shown before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Others like it may come in any order.
    None,
    /// The first of a run.
    First,
    /// Behind the one before in the same run.
    Later,
}

fn by_key_and_id<K: Ord>(a: &(K, u32), b: &(K, u32), ids: &Ids) -> Ordering {
    a.0.cmp(&b.0).then_with(|| ids.of(a.1).cmp(ids.of(b.1)))
}

impl<K: Copy + Ord> Run<K> {
    fn remove(&mut self, key: K, place: u32, ids: &Ids) -> bool {
        let start = self.keys.partition_point(|other| *other < key);
        let count = self.keys.get(start..).map_or(0, |from| from.partition_point(|other| *other == key));
        let Some(equal) = self.places.get_mut(start..start.saturating_add(count)) else { return false };
        // In the order of ids, unless one was changed since.
        let at = equal.partition_point(|other| ids.of(other & !GONE) < ids.of(place));
        let there = match equal.get(at) {
            Some(other) if *other == place => Some(at),
            _ => equal.iter().position(|other| *other == place),
        };
        let Some(there) = there.and_then(|at| equal.get_mut(at)) else { return false };
        *there |= GONE;
        self.gone = self.gone.saturating_add(1);
        true
    }

    fn live(&self) -> usize {
        self.keys.len().saturating_sub(self.gone)
    }

    fn entries(&self) -> impl Iterator<Item = (K, u32)> + '_ {
        let all = self.keys.iter().copied().zip(self.places.iter().copied());
        all.filter(|(_, place)| place & GONE == 0)
    }

    fn merged(one: &Run<K>, other: &Run<K>, ids: &Ids) -> Run<K> {
        let room = one.live().saturating_add(other.live());
        let (mut keys, mut places) = (Vec::with_capacity(room), Vec::with_capacity(room));
        let (mut one, mut other) = (one.entries().peekable(), other.entries().peekable());
        loop {
            let next = match (one.peek(), other.peek()) {
                (Some(a), Some(b)) if by_key_and_id(b, a, ids) == Ordering::Less => other.next(),
                (Some(_), _) => one.next(),
                (None, _) => other.next(),
            };
            let Some((key, place)) = next else { break };
            keys.push(key);
            places.push(place);
        }
        Run { keys, places, gone: 0 }
    }
}
