//! Ids of purchases as small numbers: the first that is seen is 0, the next new one 1.
//!
//! Purchases mostly stand one behind the other and none comes back further on: as long as each id is a new one, nothing is kept but what tells
//! that. The ids themselves stand in the first rows of their purchases, where who asks for one finds it.

use crate::codes::{Codes, NONE, is_name, place};
use crate::key::Key;
use crate::names::What;
use crate::table::Held;
use crate::text::{self, Dictionary};
use crate::turns::Turns;
use arrow_array::ArrayRef;
use std::ops::Range;

/// Whole numbers below this are remembered as bits, of at most 4 MB.
const MOST_BITS: u64 = 1 << 25;

/// The first rows of purchases, by number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Firsts<'h, 'a> {
    pub(crate) held: &'h Held<'a>,
    pub(crate) rows: &'h [u32],
}

impl<'a> Firsts<'_, 'a> {
    fn id(&self, at: usize) -> Option<Key<'a>> {
        let (column, at) = self.held.cell(What::Id, place(*self.rows.get(at)?))?;
        text::one(column, at)
    }

    /// Tells the ids that stand in some rows, which ascend.
    pub(crate) fn each_id(&self, rows: impl Iterator<Item = u32>, mut tell: impl FnMut(Option<Key<'a>>)) {
        let mut rows = rows.map(place).peekable();
        let mut places = Vec::new();
        for batch in (0..).map_while(|at| self.held.batch(at)) {
            let end = batch.first.saturating_add(batch.rows());
            let here = std::iter::from_fn(|| rows.next_if(|row| *row < end));
            places.clear();
            places.extend(here.map(|row| crate::sales::number(row.saturating_sub(batch.first))));
            if let Some(column) = batch.column(What::Id) {
                text::each_at(column, (0, &places), &mut tell);
            }
        }
    }
}

/// The ids of one table.
#[derive(Debug, Default)]
pub(crate) struct Ids<'a> {
    last: Option<Key<'a>>,
    /// Small whole numbers that were there.
    bits: Vec<u64>,
    /// The highest of all others, each of which was beyond those before it.
    highest: Option<Key<'a>>,
    /// All of them, once one could have been there before.
    codes: Option<Codes<'a>>,
    /// Those that are looked at, where they are whole numbers.
    numbers: Vec<i64>,
}

impl<'a> Ids<'a> {
    /// The codes of the cells at turns, in a list: [`NONE`] for the empty ones, [`BAD`](crate::codes::BAD) for what is no name. `firsts`: of all
    /// purchases up to these rows.
    pub(crate) fn read(
        &mut self,
        column: &'a ArrayRef,
        (rows, turns): (Range<usize>, &Turns),
        firsts: Firsts<'_, 'a>,
        known: &mut Dictionary,
        into: &mut Vec<u32>,
    ) {
        if self.codes.is_none() {
            if self.are_new(column, (rows.start, turns.places()), firsts.rows.len(), into) {
                return;
            }
            self.keep(firsts);
        }
        let Some(codes) = &mut self.codes else { return };
        if turns.are_all() {
            text::code(column, rows, codes, known, into);
        } else {
            text::code_at(column, (rows.start, turns.places()), codes, known, into);
        }
    }

    /// Gives each the next number, where each is another than the one before it and than all that were there. Whether they are so.
    fn are_new(
        &mut self,
        column: &'a ArrayRef,
        cells: (usize, &[u32]),
        count: usize,
        into: &mut Vec<u32>,
    ) -> bool {
        into.clear();
        let mut next = crate::sales::number(count);
        let mut all = true;
        let mut numbers = std::mem::take(&mut self.numbers);
        if text::numbers_at(column, cells, &mut numbers) {
            let mut last = match self.last {
                Some(Key::Whole(number)) => Some(number),
                _ => None,
            };
            into.extend(numbers.iter().map(|number| {
                if last != Some(*number) {
                    last = Some(*number);
                    all &= self.is_new_number(*number);
                    next = next.wrapping_add(1);
                }
                next.wrapping_sub(1)
            }));
            self.last = last.map(Key::Whole);
            self.numbers = numbers;
            return all && next < NONE.wrapping_sub(1);
        }
        text::each_at(column, cells, &mut |key: Option<Key<'a>>| {
            all = all && key.is_some_and(|key| self.last == Some(key) || self.is_new(key));
            if all && self.last != key {
                self.last = key;
                next = next.saturating_add(1);
            }
            into.push(next.wrapping_sub(1));
        });
        // Of the last two numbers one stands for none, one for bad.
        all && next < NONE.wrapping_sub(1)
    }

    #[inline]
    fn is_new_number(&mut self, number: i64) -> bool {
        let Some((word, bit)) = bit(number) else { return self.is_beyond(Key::Whole(number)) };
        if self.bits.len() <= word {
            self.bits.resize(word.saturating_add(1).next_power_of_two(), 0);
        }
        let Some(bits) = self.bits.get_mut(word) else { return false };
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }

    fn is_new(&mut self, key: Key<'a>) -> bool {
        match key {
            Key::Whole(number) => self.is_new_number(number),
            Key::Text(_) | Key::Large(_) => self.is_beyond(key),
        }
    }

    /// Whether it is beyond all that have no bits.
    fn is_beyond(&mut self, key: Key<'a>) -> bool {
        let is_new = self.highest.is_none_or(|highest| key.is_beyond(highest)) && is_name(key);
        if is_new {
            self.highest = Some(key);
        }
        is_new
    }

    /// From here on they are kept and looked up: for ids that may have been there before, and for columns that are asked in another order than they
    /// were read.
    pub(crate) fn keep(&mut self, firsts: Firsts<'_, 'a>) {
        if self.codes.is_some() {
            return;
        }
        let mut codes = Codes::default();
        codes.expect(|_| firsts.rows.len());
        firsts.each_id(firsts.rows.iter().copied(), |key| {
            if let Some(key) = key {
                codes.code(key);
            }
        });
        *self = Ids { codes: Some(codes), ..Ids::default() };
    }

    /// The same, to be asked in any order.
    pub(crate) fn tabulate(&mut self, firsts: Firsts<'_, 'a>) {
        self.keep(firsts);
        if let Some(codes) = &mut self.codes {
            codes.tabulate();
        }
    }

    pub(crate) fn are_kept(&self) -> bool {
        self.codes.is_some()
    }

    pub(crate) fn key(&self, firsts: Firsts<'_, 'a>, code: u32) -> Option<Key<'a>> {
        match &self.codes {
            Some(codes) => codes.key(code),
            None => firsts.id(place(code)),
        }
    }

    /// The code of an id that may be there, from any column. To ask often, [tabulate](Ids::tabulate) them.
    pub(crate) fn find(&self, firsts: Firsts<'_, 'a>, key: Key<'_>) -> Option<u32> {
        if let Some(codes) = &self.codes {
            return codes.find(key);
        }
        let written = key.to_string();
        let key = match (key, firsts.id(0)?) {
            (Key::Text(text), Key::Whole(_) | Key::Large(_)) => crate::codes::number(text)?,
            (Key::Whole(_) | Key::Large(_), Key::Text(_)) => Key::Text(&written),
            _ => key,
        };
        let has_bit = |(word, bit): (usize, u64)| self.bits.get(word).is_some_and(|bits| bits & bit != 0);
        let small = match key {
            Key::Whole(number) => bit(number),
            Key::Text(_) | Key::Large(_) => None,
        };
        let at = match small {
            Some(bit) if !has_bit(bit) => return None,
            None if self.bits.is_empty() => {
                let before = |row: &u32| {
                    let cell = self::place(*row);
                    let known =
                        firsts.held.cell(What::Id, cell).and_then(|(column, at)| text::one(column, at));
                    known.is_some_and(|known| key.is_beyond(known))
                };
                Some(firsts.rows.partition_point(before)).filter(|at| firsts.id(*at) == Some(key))
            }
            _ => (0..firsts.rows.len()).find(|at| firsts.id(*at) == Some(key)),
        };
        at.map(crate::sales::number)
    }
}

/// Where a small whole number has its bit.
#[inline]
fn bit(number: i64) -> Option<(usize, u64)> {
    let number = u64::try_from(number).ok().filter(|number| *number < MOST_BITS)?;
    let within = u32::try_from(number.rem_euclid(64)).ok()?;
    Some((usize::try_from(number.div_euclid(64)).ok()?, 1_u64.wrapping_shl(within)))
}

#[cfg(test)]
mod tests {
    use crate::Which;
    use crate::key::Key;
    use crate::names::Columns;
    use crate::rejects::{OnBad, Rejects};
    use crate::sales::Sales;
    use crate::stretch::Reading;
    use crate::table::{Held, Table};
    use arrow_array::types::Int8Type;
    use arrow_array::{
        ArrayRef, DictionaryArray, Int64Array, RecordBatch, RecordBatchIterator, StringArray, StringViewArray,
    };
    use parure::program::Program;
    use std::sync::Arc;

    /// Six rows in two batches: whether their ids were kept, the ids by purchase, and where the last of them and one that is not there are found.
    fn read(id: ArrayRef) -> (bool, String, [Option<u32>; 2]) {
        let texts = |text: &'static str| Arc::new(StringArray::from(vec![text; 6])) as ArrayRef;
        let columns =
            [("customer", texts("mei")), ("at", texts("2026-03-02")), ("amount", texts("5")), ("id", id)];
        let whole =
            RecordBatch::try_from_iter_with_nullable(columns.map(|(name, cells)| (name, cells, true)))
                .unwrap();
        let batches = [Ok(whole.slice(0, 3)), Ok(whole.slice(3, 3))];
        let table = Table::read(RecordBatchIterator::new(batches, whole.schema())).unwrap();
        let held = Held::open(Which::Sales, &table, &Columns::default()).unwrap();
        let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
        let by = Reading::of(&Program::parse("m.toml", text).unwrap());
        let mut sales = Sales::read(held, by, None, &mut Rejects::new(OnBad::SetAside)).unwrap();
        let kept = sales.names.ids.are_kept();
        let all: Vec<String> = (0..sales.len()).map(|basket| sales.id(basket).to_string()).collect();
        let mut shown = Vec::new();
        sales.show_ids(0..sales.len(), |id| shown.push(String::from_utf8(id.to_vec()).unwrap()));
        assert_eq!(shown, all);
        let find = |sales: &Sales<'_>| [all.last().unwrap(), "007"].map(|id| sales.find(Key::Text(id)));
        let found = find(&sales);
        sales.tabulate();
        assert_eq!(find(&sales), found);
        (kept, all.join(" "), found)
    }

    fn whole(ids: [i64; 6]) -> (bool, String, [Option<u32>; 2]) {
        read(Arc::new(Int64Array::from(ids.to_vec())))
    }

    fn texts(ids: [&str; 6]) -> (bool, String, [Option<u32>; 2]) {
        let view = read(Arc::new(StringViewArray::from(ids.to_vec())));
        assert_eq!(read(Arc::new(ids.into_iter().collect::<DictionaryArray<Int8Type>>())), view);
        assert_eq!(read(Arc::new(StringArray::from(ids.to_vec()))), view);
        view
    }

    #[test]
    fn ids_that_are_all_new_are_not_kept() {
        assert_eq!(whole([5, 5, 3, 3, 9, 1]), (false, "5 3 9 1".to_owned(), [Some(3), None]));
        let large = [1 << 40, 7, 1 << 41, 1 << 41, 6, 1 << 42];
        assert!(!whole(large).0);
        assert_eq!(whole(large).2, [Some(4), None]);
        assert_eq!(texts(["a", "a", "b", "b", "c", "d"]), (false, "a b c d".to_owned(), [Some(3), None]));
    }

    #[test]
    fn ids_that_may_have_been_there_are_kept() {
        assert_eq!(whole([5, 5, 3, 9, 5, 1]), (true, "5 3 9 1".to_owned(), [Some(3), None]));
        assert_eq!(whole([5, 5, 3, 5, 9, 9]), (true, "5 3 9".to_owned(), [Some(2), None]));
        assert_eq!(
            whole([1 << 40, 7, 1 << 41, 1 << 39, 1 << 40, -4]).1,
            "1099511627776 7 2199023255552 549755813888 -4"
        );
        assert_eq!(texts(["a", "c", "c", "b", "a", "d"]), (true, "a c b d".to_owned(), [Some(3), None]));
        let empty = Int64Array::from(vec![Some(1), Some(2), Some(2), None, Some(3), Some(1)]);
        assert_eq!(read(Arc::new(empty)), (true, "1 2 3".to_owned(), [Some(2), None]));
    }
}
