//! Rows that may tell of another purchase: those in which a column of purchases as a whole says something else than in the row before.
//!
//! The lines of a purchase mostly stand together, and all of them repeat who bought when and where. To compare what lies there is much
//! less than to read it, so only these rows are read.

use crate::codes::place;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayAccessor, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use std::ops::{BitOr, Range};

/// Rows by their places among those that are read together; the first of these is always one.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    places: Vec<u32>,
    /// By row: 1 where some column turns.
    marks: Vec<u8>,
    rows: usize,
}

impl Turns {
    /// Finds them; whether they are few. Where the id turns is looked at first: of what else is told of a purchase its rows mostly say the same.
    pub(crate) fn find<'c>(
        &mut self,
        id: &ArrayRef,
        others: impl Iterator<Item = &'c ArrayRef>,
        rows: &Range<usize>,
    ) -> bool {
        self.rows = rows.len();
        self.marks.clear();
        self.marks.resize(rows.len(), 0);
        if let Some(first) = self.marks.first_mut() {
            *first = 1;
        }
        self.mark(id, rows);
        self.list();
        let few = rows.len().div_euclid(2);
        let mut more = false;
        for column in others {
            if self.places.len() < few && !self.are_steady(column, rows) {
                self.mark(column, rows);
                more = true;
            }
        }
        if more {
            self.list();
        }
        self.places.len() < few
    }

    /// Lists the rows that are marked.
    fn list(&mut self) {
        self.places.clear();
        let mut start = 0_u32;
        let (eights, rest) = self.marks.as_chunks::<8>();
        let mut last = [0_u8; 8];
        last.iter_mut().zip(rest).for_each(|(one, mark)| *one = *mark);
        for eight in eights.iter().chain([&last]) {
            let mut marks = u64::from_le_bytes(*eight);
            while marks != 0 {
                self.places.push(start.saturating_add(marks.trailing_zeros().div_euclid(8)));
                marks &= marks.wrapping_sub(1);
            }
            start = start.saturating_add(8);
        }
    }

    /// Whether a column says the same from each turn up to the next; not asked of texts and of columns with empty cells.
    fn are_steady(&self, column: &ArrayRef, rows: &Range<usize>) -> bool {
        column.null_count() == 0 && look(column, rows, &mut Steady(&self.places)) == Some(true)
    }

    /// Marks each row whose cell is another than that of the row before.
    fn mark(&mut self, column: &ArrayRef, rows: &Range<usize>) {
        let marks = &mut self.marks;
        if look(column, rows, &mut Marking(marks)).is_none() {
            match column.data_type() {
                DataType::Null => {}
                DataType::Utf8 => texts(&column.as_string::<i32>(), rows, marks),
                DataType::LargeUtf8 => texts(&column.as_string::<i64>(), rows, marks),
                DataType::Utf8View => texts(&column.as_string_view(), rows, marks),
                _ => marks.fill(1),
            }
        }
        // An empty cell has something lying there too.
        if column.null_count() > 0 {
            let empty = |row: usize| column.is_null(row);
            let rows = rows.clone().zip(rows.clone().skip(1));
            for (mark, (before, row)) in marks.iter_mut().skip(1).zip(rows) {
                *mark |= u8::from(empty(before) != empty(row));
            }
        }
    }

    /// Every row is one.
    pub(crate) fn all(&mut self, rows: usize) {
        self.rows = rows;
        self.places.clear();
        self.places.extend((0_u32..).take(rows));
    }

    pub(crate) fn are_all(&self) -> bool {
        self.places.len() == self.rows
    }

    pub(crate) fn places(&self) -> &[u32] {
        &self.places
    }

    /// Which of them a row is at or behind.
    pub(crate) fn of(&self, row: u32) -> usize {
        self.places.partition_point(|turn| *turn <= row).saturating_sub(1)
    }

    /// Each with the number of rows up to the next.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (u32, usize)> + '_ {
        let end = u32::try_from(self.rows).unwrap_or(u32::MAX);
        let ends = self.places.iter().skip(1).copied().chain([end]);
        self.places.iter().zip(ends).map(|(start, end)| (*start, place(end.saturating_sub(*start))))
    }

    /// Of what was read of each row, leaves what belongs to these.
    pub(crate) fn pick<T: Copy>(&self, cells: &mut Vec<T>) {
        let mut kept = 0_usize;
        for turn in &self.places {
            let cell = cells.get(place(*turn)).copied();
            if let (Some(cell), Some(slot)) = (cell, cells.get_mut(kept)) {
                *slot = cell;
                kept = kept.saturating_add(1);
            }
        }
        cells.truncate(kept);
    }
}

/// What lies in a column of numbers, or in the keys of a dictionary.
trait Cell: Copy + PartialEq + Default + BitOr<Output = Self> {}

impl<T: Copy + PartialEq + Default + BitOr<Output = T>> Cell for T {}

/// What is looked at there.
trait Look {
    type Found;
    fn at<T: Cell>(&mut self, cells: &[T]) -> Self::Found;
}

/// Marks each that is another than the one before.
struct Marking<'m>(&'m mut [u8]);

impl Look for Marking<'_> {
    type Found = ();

    fn at<T: Cell>(&mut self, cells: &[T]) {
        let pairs = cells.iter().zip(cells.get(1..).unwrap_or_default());
        let marks = self.0.get_mut(1..).unwrap_or_default();
        marks.iter_mut().zip(pairs).for_each(|(mark, (before, cell))| *mark |= u8::from(before != cell));
    }
}

/// Whether each is as the one before, but at turns: as many are another than the one before among all as among those at turns.
struct Steady<'t>(&'t [u32]);

/// Cells that are looked at together: where all are zero, as what few purchases have mostly is, none is another than the one before.
const TOGETHER: usize = 64;

impl Look for Steady<'_> {
    type Found = bool;

    fn at<T: Cell>(&mut self, cells: &[T]) -> bool {
        let mut before = cells.first().copied().unwrap_or_default();
        let mut all = 0_u32;
        for some in cells.chunks(TOGETHER) {
            let zero = T::default();
            let are_zero = before == zero && some.iter().fold(zero, |bits, cell| bits | *cell) == zero;
            if !are_zero {
                all = all.wrapping_add(changes(before, some));
            }
            before = some.last().copied().unwrap_or_default();
        }
        let at_turns = self.0.iter().fold(0_u32, |all, turn| {
            let at = place(*turn);
            let pair = cells.get(at.saturating_sub(1)).zip(cells.get(at));
            all.wrapping_add(u32::from(pair.is_some_and(|(before, cell)| before != cell)))
        });
        all == at_turns
    }
}

/// How many are another than the one before. Without a branch the machine compares many at once.
fn changes<T: Cell>(before: T, cells: &[T]) -> u32 {
    let first = u32::from(cells.first().is_some_and(|first| *first != before));
    let pairs = cells.iter().zip(cells.get(1..).unwrap_or_default());
    pairs.fold(first, |all, (before, cell)| all.wrapping_add(u32::from(before != cell)))
}

/// Looks at numbers and at keys of dictionaries; none where a column has neither.
fn look<L: Look>(column: &ArrayRef, rows: &Range<usize>, at: &mut L) -> Option<L::Found> {
    Some(match column.data_type() {
        DataType::Int8 => numbers::<Int8Type, L>(column, rows, at),
        DataType::Int16 => numbers::<Int16Type, L>(column, rows, at),
        DataType::Int32 => numbers::<Int32Type, L>(column, rows, at),
        DataType::Int64 => numbers::<Int64Type, L>(column, rows, at),
        DataType::UInt8 => numbers::<UInt8Type, L>(column, rows, at),
        DataType::UInt16 => numbers::<UInt16Type, L>(column, rows, at),
        DataType::UInt32 => numbers::<UInt32Type, L>(column, rows, at),
        DataType::UInt64 => numbers::<UInt64Type, L>(column, rows, at),
        DataType::Date32 => numbers::<Date32Type, L>(column, rows, at),
        DataType::Date64 => numbers::<Date64Type, L>(column, rows, at),
        DataType::Decimal128(..) => numbers::<Decimal128Type, L>(column, rows, at),
        DataType::Timestamp(TimeUnit::Second, _) => numbers::<TimestampSecondType, L>(column, rows, at),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            numbers::<TimestampMillisecondType, L>(column, rows, at)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            numbers::<TimestampMicrosecondType, L>(column, rows, at)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            numbers::<TimestampNanosecondType, L>(column, rows, at)
        }
        DataType::Dictionary(key, _) => match key.as_ref() {
            DataType::Int8 => return keys::<Int8Type, L>(column, rows, at),
            DataType::Int16 => return keys::<Int16Type, L>(column, rows, at),
            DataType::Int32 => return keys::<Int32Type, L>(column, rows, at),
            DataType::Int64 => return keys::<Int64Type, L>(column, rows, at),
            DataType::UInt8 => return keys::<UInt8Type, L>(column, rows, at),
            DataType::UInt16 => return keys::<UInt16Type, L>(column, rows, at),
            DataType::UInt32 => return keys::<UInt32Type, L>(column, rows, at),
            _ => return keys::<UInt64Type, L>(column, rows, at),
        },
        _ => return None,
    })
}

fn numbers<T: ArrowPrimitiveType<Native: Cell>, L: Look>(
    column: &ArrayRef,
    rows: &Range<usize>,
    at: &mut L,
) -> L::Found {
    at.at(column.as_primitive::<T>().values().get(rows.clone()).unwrap_or_default())
}

fn keys<K: ArrowDictionaryKeyType<Native: Cell>, L: Look>(
    column: &ArrayRef,
    rows: &Range<usize>,
    at: &mut L,
) -> Option<L::Found> {
    let cells = column.as_dictionary_opt::<K>()?;
    Some(at.at(cells.keys().values().get(rows.clone()).unwrap_or_default()))
}

fn texts<'a, A: ArrayAccessor<Item = &'a str>>(cells: &A, rows: &Range<usize>, marks: &mut [u8]) {
    let mut last = None;
    for (row, mark) in rows.clone().zip(marks) {
        let text = (row < cells.len()).then(|| cells.value(row));
        *mark |= u8::from(text != last);
        last = text;
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;
    use arrow_array::{ArrayRef, Decimal128Array, Int64Array, StringArray};
    use std::sync::Arc;

    #[test]
    fn a_row_turns_where_any_column_does() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![
            Some(9),
            Some(1),
            Some(1),
            Some(1),
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            Some(0),
        ]));
        let texts: ArrayRef =
            Arc::new(StringArray::from(vec!["z", "a", "a", "b", "b", "b", "b", "b", "b", "b", "b", "b"]));
        let decimals: ArrayRef = Arc::new(Decimal128Array::from(vec![5; 12]));
        let mut turns = Turns::default();
        assert!(turns.find(&numbers, [&texts, &decimals].into_iter(), &(1..11)));
        assert_eq!(turns.places(), [0, 2, 3]);
        assert_eq!(turns.runs().collect::<Vec<_>>(), [(0, 2), (2, 1), (3, 7)]);
        assert_eq!([0, 1, 2, 4, 5].map(|row| turns.of(row)), [0, 0, 1, 2, 2]);
        let mut cells = vec![10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
        turns.pick(&mut cells);
        assert_eq!(cells, [10, 12, 13]);
        assert!(!turns.find(&numbers, [&texts, &decimals].into_iter(), &(1..6)));
        assert!(turns.find(&decimals, [&decimals].into_iter(), &(0..7)));
        assert_eq!(turns.places(), [0]);
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 1, 1, 1, 2, 2, 2, 2]));
        let points: ArrayRef = Arc::new(Int64Array::from(vec![0, 0, 0, 0, 5, 5, 5, 7]));
        assert!(turns.find(&ids, [&points].into_iter(), &(0..8)));
        assert_eq!(turns.places(), [0, 4, 7]);
    }
}
