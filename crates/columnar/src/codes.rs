//! Names as small numbers: the first that is seen is 0, the next new one 1.

use crate::key::Key;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use parure::calendar::Moment;
use parure::fact::{Fact, Profile};
use parure::fault::Fault;
use std::hash::BuildHasher;

/// No name: the cell is empty or there is no such column.
pub(crate) const NONE: u32 = u32::MAX;
/// What stands in the cell is no name.
pub(crate) const BAD: u32 = u32::MAX - 1;
/// Whole numbers below this are looked up by themselves: at most 4 MB.
const DENSE: usize = 1 << 20;
/// One seed for ever (DESIGN.md: ids come from the shop's own systems).
const SEED: u64 = 0x7061_7275_7265;

/// The names of one column. Rows of one name mostly stand together, ids mostly ascend and numbers mostly are small: only what is none of
/// these is looked up in a hash table.
#[derive(Debug)]
pub(crate) struct Codes<'a> {
    keys: Keys<'a>,
    last: Option<(Key<'a>, u32)>,
    /// Codes of small whole numbers, by themselves.
    dense: Vec<u32>,
    /// The highest of the other keys, while each new one was beyond those before it.
    highest: Option<Key<'a>>,
    /// Once one was not: a half of each key's hash, and its code.
    table: Option<HashTable<(u32, u32)>>,
    hasher: FixedState,
}

impl Default for Codes<'_> {
    fn default() -> Self {
        Codes {
            keys: Keys::default(),
            last: None,
            dense: Vec::new(),
            highest: None,
            table: None,
            hasher: FixedState::with_seed(SEED),
        }
    }
}

impl<'a> Codes<'a> {
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = Key<'a>> + '_ {
        (0..self.len()).filter_map(|at| self.keys.get(at))
    }

    pub(crate) fn key(&self, code: u32) -> Option<Key<'a>> {
        self.keys.get(place(code))
    }

    /// Makes room for what is to come.
    pub(crate) fn expect(&mut self, expected: impl Fn(usize) -> usize) {
        self.keys.reserve(expected(self.len()));
    }

    /// The code of a name; [`BAD`] for what is none.
    #[inline]
    pub(crate) fn code(&mut self, key: Key<'a>) -> u32 {
        if let Some((last, code)) = self.last
            && last == key
        {
            return code;
        }
        let code = self.look_up(key);
        if code != BAD {
            self.last = Some((key, code));
        }
        code
    }

    fn look_up(&mut self, key: Key<'a>) -> u32 {
        if let Some(small) = small(key) {
            if let Some(code) = self.dense.get(small).filter(|code| **code != NONE) {
                return *code;
            }
            let code = self.push(key);
            if self.dense.len() <= small {
                self.dense.resize(small.saturating_add(1).next_power_of_two().max(1024), NONE);
            }
            if let Some(slot) = self.dense.get_mut(small) {
                *slot = code;
            }
            return code;
        }
        if self.table.is_none() {
            if self.highest.is_none_or(|highest| key.is_beyond(highest)) {
                if !is_name(key) {
                    return BAD;
                }
                self.highest = Some(key);
                return self.push(key);
            }
            self.tabulate();
        }
        let half = half(&self.hasher, key);
        let Codes { keys, table, .. } = self;
        let Some(table) = table else { return BAD };
        let same = |entry: &(u32, u32)| entry.0 == half && keys.get(place(entry.1)) == Some(key);
        if let Some((_, code)) = table.find(whole(half), same) {
            return *code;
        }
        if !is_name(key) {
            return BAD;
        }
        let code = self.push(key);
        if let Some(table) = &mut self.table {
            table.insert_unique(whole(half), (half, code), |entry| whole(entry.0));
        }
        code
    }

    /// The code of a name from another column, which may tell in numbers what this one tells in texts, or the other way round.
    pub(crate) fn code_across(&mut self, key: Key<'a>) -> u32 {
        match (key, self.keys.get(0)) {
            (Key::Text(text), Some(Key::Whole(_) | Key::Large(_))) => self.code(number(text).unwrap_or(key)),
            (Key::Whole(_) | Key::Large(_), Some(Key::Text(_))) => {
                self.find_same(Key::Text(&key.to_string())).unwrap_or_else(|| self.code(key))
            }
            _ => self.code(key),
        }
    }

    /// The code of a name that may be there, from any column.
    pub(crate) fn find(&self, key: Key<'_>) -> Option<u32> {
        match (key, self.keys.get(0)) {
            (Key::Text(text), Some(Key::Whole(_) | Key::Large(_))) => {
                self.find_same(number(text).unwrap_or(key))
            }
            (Key::Whole(_) | Key::Large(_), Some(Key::Text(_))) => {
                self.find_same(Key::Text(&key.to_string())).or_else(|| self.find_same(key))
            }
            _ => self.find_same(key),
        }
    }

    fn find_same(&self, key: Key<'_>) -> Option<u32> {
        if let Some(small) = small(key) {
            return self.dense.get(small).copied().filter(|code| *code != NONE);
        }
        match &self.table {
            Some(table) => {
                let half = half(&self.hasher, key);
                let same = |entry: &(u32, u32)| {
                    entry.0 == half && self.keys.get(place(entry.1)).is_some_and(|known| known == key)
                };
                table.find(whole(half), same).map(|(_, code)| *code)
            }
            // They ascend, but for small numbers among them.
            None if self.dense.is_empty() => {
                let at = self.keys.partition_point(|known| key.is_beyond(known));
                self.keys.get(at).filter(|known| *known == key)?;
                u32::try_from(at).ok()
            }
            None => {
                let at = self.keys().position(|known| known == key)?;
                u32::try_from(at).ok()
            }
        }
    }

    /// From here on they are looked up in a table: for columns that are asked in another order than they were read.
    pub(crate) fn tabulate(&mut self) {
        if self.table.is_some() {
            return;
        }
        let mut table = HashTable::with_capacity(self.keys.len().saturating_mul(2));
        for (code, key) in (0_u32..).zip(self.keys()) {
            if small(key).is_none() {
                let half = half(&self.hasher, key);
                table.insert_unique(whole(half), (half, code), |entry| whole(entry.0));
            }
        }
        self.table = Some(table);
    }

    fn push(&mut self, key: Key<'a>) -> u32 {
        // Not beyond the bound: there are no more names than rows.
        let code = u32::try_from(self.keys.len()).unwrap_or(BAD);
        self.keys.push(key);
        code
    }
}

/// Keys by code: whole numbers as they are, as long as there is nothing else.
#[derive(Debug)]
enum Keys<'a> {
    Whole(Vec<i64>),
    Any(Vec<Key<'a>>),
}

impl Default for Keys<'_> {
    fn default() -> Self {
        Keys::Whole(Vec::new())
    }
}

impl<'a> Keys<'a> {
    fn len(&self) -> usize {
        match self {
            Keys::Whole(numbers) => numbers.len(),
            Keys::Any(keys) => keys.len(),
        }
    }

    #[inline]
    fn get(&self, at: usize) -> Option<Key<'a>> {
        match self {
            Keys::Whole(numbers) => numbers.get(at).copied().map(Key::Whole),
            Keys::Any(keys) => keys.get(at).copied(),
        }
    }

    #[inline]
    fn push(&mut self, key: Key<'a>) {
        match (&mut *self, key) {
            (Keys::Whole(numbers), Key::Whole(number)) => numbers.push(number),
            (Keys::Whole(numbers), _) => {
                let numbers = std::mem::take(numbers).into_iter();
                *self = Keys::Any(numbers.map(Key::Whole).chain([key]).collect());
            }
            (Keys::Any(keys), _) => keys.push(key),
        }
    }

    fn reserve(&mut self, more: usize) {
        match self {
            Keys::Whole(numbers) => numbers.reserve(more),
            Keys::Any(keys) => keys.reserve(more),
        }
    }

    fn partition_point(&self, before: impl Fn(Key<'a>) -> bool) -> usize {
        match self {
            Keys::Whole(numbers) => numbers.partition_point(|number| before(Key::Whole(*number))),
            Keys::Any(keys) => keys.partition_point(|key| before(*key)),
        }
    }
}

/// A code as the place that it stands for.
pub(crate) fn place(code: u32) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}

fn small(key: Key<'_>) -> Option<usize> {
    let Key::Whole(number) = key else { return None };
    usize::try_from(number).ok().filter(|number| *number < DENSE)
}

pub(crate) fn number(text: &str) -> Option<Key<'_>> {
    let key = match text.parse::<i64>() {
        Ok(number) => Key::Whole(number),
        Err(_) => Key::Large(text.parse().ok()?),
    };
    // `007` is not 7.
    (key.to_string() == text).then_some(key)
}

fn half(hasher: &FixedState, key: Key<'_>) -> u32 {
    let hash = match key {
        Key::Text(text) => hasher.hash_one(text.as_bytes()),
        Key::Whole(number) => hasher.hash_one(number),
        Key::Large(number) => hasher.hash_one(number),
    };
    u32::try_from(hash.wrapping_shr(32)).unwrap_or(0)
}

/// The table asks for 64 bits: the low ones choose the place, the highest seven are compared first.
fn whole(half: u32) -> u64 {
    u64::from(half).wrapping_shl(32) | u64::from(half)
}

/// Whether it can be the name of something; the core has the last word.
pub(crate) fn is_name(key: Key<'_>) -> bool {
    let Key::Text(text) = key else { return true };
    let plain = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    plain || name_fault(text).is_none()
}

/// Why a text is no name.
pub(crate) fn name_fault(text: &str) -> Option<Fault> {
    let at = Moment::from_micros(0, 0).ok()?;
    Fact::joined("j", at, text, Profile::default()).err()
}

#[cfg(test)]
mod tests {
    use super::{BAD, Codes};
    use crate::key::Key;

    #[test]
    fn each_name_has_one_code_in_the_order_of_first_sight() {
        let numbers = [5, 7, 5, 2_000_000, 3_000_000, 7, 2_500_000, 2_000_000, -1, 2_500_000];
        let mut codes = Codes::default();
        let told: Vec<u32> = numbers.iter().map(|number| codes.code(Key::Whole(*number))).collect();
        assert_eq!(told, [0, 1, 0, 2, 3, 1, 4, 2, 5, 4]);
        assert_eq!(codes.find(Key::Text("2500000")), Some(4));
        assert_eq!((codes.find(Key::Text("007")), codes.find(Key::Whole(8))), (None, None));
    }

    #[test]
    fn texts_that_ascend_need_no_table_until_one_does_not() {
        let mut codes = Codes::default();
        let told: Vec<u32> =
            ["a", "b", "b", "c"].map(|text| codes.code(Key::of_text(text).unwrap())).to_vec();
        assert_eq!((told, codes.table.is_none()), (vec![0, 1, 1, 2], true));
        assert_eq!((codes.find(Key::Text("b")), codes.find(Key::Text("bb"))), (Some(1), None));
        assert_eq!((codes.code(Key::Text("a")), codes.code(Key::Text("aa"))), (0, 3));
        assert_eq!((codes.find(Key::Text("c")), codes.find(Key::Text("cc"))), (Some(2), None));
    }

    #[test]
    fn what_is_no_name_has_no_code() {
        let mut codes = Codes::default();
        let long = "x".repeat(65);
        assert_eq!((codes.code(Key::Text(&long)), codes.code(Key::Text("a\u{7}b"))), (BAD, BAD));
        assert_eq!((codes.code(Key::Text("梅")), codes.len()), (0, 1));
        assert_eq!(Key::of_text(" mei\t"), Some(Key::Text("mei")));
        assert_eq!(Key::of_text("  "), None);
    }
}
