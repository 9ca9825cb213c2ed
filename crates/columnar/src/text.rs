//! Cells that name something, in any of the ways in which a table keeps them.

use crate::codes::{BAD, Codes, NONE, is_name, place};
use crate::key::Key;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayAccessor, ArrayRef, PrimitiveArray};
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;
use std::ops::Range;
use std::sync::Arc;

/// Whether cells of a type can be read as names.
pub(crate) fn reads(of: &DataType) -> bool {
    match of {
        DataType::Dictionary(_, values) => plain(values),
        other => plain(other),
    }
}

fn plain(of: &DataType) -> bool {
    is_text(of) || of.is_integer() || matches!(of, DataType::Null)
}

pub(crate) fn is_text(of: &DataType) -> bool {
    matches!(of, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// Tells each of some cells: its name, or none where it is empty.
pub(crate) fn each<'a>(column: &'a ArrayRef, rows: Range<usize>, mut tell: impl FnMut(Option<Key<'a>>)) {
    match column.data_type() {
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            let values = dictionary.values();
            each_value(values, &keys(column, rows), &mut tell);
        }
        _ => each_plain(column, rows, &mut tell),
    }
}

/// Tells the values of a dictionary that some keys have.
fn each_value<'a>(values: &'a ArrayRef, keys: &[u32], tell: &mut impl FnMut(Option<Key<'a>>)) {
    for at in keys.iter().map(|key| place(*key)) {
        if at < values.len() {
            each_plain(values, at..at.saturating_add(1), tell);
        } else {
            tell(None);
        }
    }
}

/// One cell.
pub(crate) fn one(column: &ArrayRef, at: usize) -> Option<Key<'_>> {
    let mut told = None;
    each(column, at..at.saturating_add(1), |key| told = key);
    told
}

/// Which value of its dictionary each of some cells has; [`NONE`] where it is empty.
fn keys(column: &ArrayRef, rows: Range<usize>) -> Vec<u32> {
    let mut keys = Vec::with_capacity(rows.len());
    by_keys_of_any(column, rows, &mut |at| u32::try_from(at).unwrap_or(NONE), &mut keys);
    keys
}

fn each_plain<'a>(column: &'a ArrayRef, rows: Range<usize>, tell: &mut impl FnMut(Option<Key<'a>>)) {
    match column.data_type() {
        DataType::Utf8 => texts(&column.as_string::<i32>(), rows, tell),
        DataType::LargeUtf8 => texts(&column.as_string::<i64>(), rows, tell),
        DataType::Utf8View => texts(&column.as_string_view(), rows, tell),
        DataType::Int8 => numbers::<Int8Type>(column, rows, |number| Key::Whole(number.into()), tell),
        DataType::Int16 => numbers::<Int16Type>(column, rows, |number| Key::Whole(number.into()), tell),
        DataType::Int32 => numbers::<Int32Type>(column, rows, |number| Key::Whole(number.into()), tell),
        DataType::Int64 => numbers::<Int64Type>(column, rows, Key::Whole, tell),
        DataType::UInt8 => numbers::<UInt8Type>(column, rows, |number| Key::Whole(number.into()), tell),
        DataType::UInt16 => numbers::<UInt16Type>(column, rows, |number| Key::Whole(number.into()), tell),
        DataType::UInt32 => numbers::<UInt32Type>(column, rows, |number| Key::Whole(number.into()), tell),
        DataType::UInt64 => {
            let key = |number| i64::try_from(number).map_or(Key::Large(number), Key::Whole);
            numbers::<UInt64Type>(column, rows, key, tell);
        }
        _ => rows.for_each(|_| tell(None)),
    }
}

fn texts<'a, A: ArrayAccessor<Item = &'a str>>(
    cells: &A,
    rows: Range<usize>,
    tell: &mut impl FnMut(Option<Key<'a>>),
) {
    let nulls = cells.nulls().filter(|nulls| nulls.null_count() > 0);
    for at in rows {
        if at >= cells.len() || nulls.is_some_and(|nulls| nulls.is_null(at)) {
            tell(None);
        } else {
            tell(Key::of_text(cells.value(at)));
        }
    }
}

fn numbers<'a, T: ArrowPrimitiveType>(
    column: &'a ArrayRef,
    rows: Range<usize>,
    key: impl Fn(T::Native) -> Key<'a>,
    tell: &mut impl FnMut(Option<Key<'a>>),
) {
    let cells: &PrimitiveArray<T> = column.as_primitive();
    let values = cells.values().get(rows.clone()).unwrap_or_default();
    match cells.nulls().filter(|nulls| nulls.null_count() > 0) {
        None => values.iter().for_each(|number| tell(Some(key(*number)))),
        Some(nulls) => rows.zip(values).for_each(|(at, number)| {
            tell(if nulls.is_null(at) { None } else { Some(key(*number)) });
        }),
    }
}

/// Codes of the values of a dictionary, kept from one stretch of rows to the next: each value that is used is looked up once.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    /// Where the values lie that the codes are of.
    of: Option<usize>,
    codes: Vec<u32>,
    /// Where a column is none, room for the numbers that it has instead.
    numbers: Vec<i64>,
    /// Whether all values have been looked up.
    complete: bool,
    /// Whether some of these are no names.
    any_bad: bool,
}

impl Dictionary {
    /// Goes over to a column's values, if it is not there already.
    fn turn_to(&mut self, values: &ArrayRef) {
        let of = Arc::as_ptr(values).cast::<()>().addr();
        if self.of != Some(of) {
            self.of = Some(of);
            self.codes.clear();
            self.codes.resize(values.len(), UNSEEN);
            self.complete = false;
            self.any_bad = false;
        }
    }

    /// Looks up all values, where there are not more of them than rows.
    fn complete<'a>(&mut self, column: &'a ArrayRef, mut code: impl FnMut(Key<'a>) -> u32) {
        let values = column.as_any_dictionary().values();
        self.turn_to(values);
        if self.complete || values.len() > column.len() {
            return;
        }
        let mut slots = self.codes.iter_mut();
        each_plain(values, 0..values.len(), &mut |key: Option<Key<'a>>| {
            if let Some(slot) = slots.next().filter(|slot| **slot == UNSEEN) {
                *slot = key.map_or(NONE, &mut code);
            }
        });
        self.complete = true;
        self.any_bad = self.codes.contains(&BAD);
    }
}

/// A value that no cell had so far.
const UNSEEN: u32 = BAD - 1;

/// The codes of whole numbers of the two commonest types, where no cell is empty: those that stand together are compared as they are.
fn whole_codes<'a>(
    column: &'a ArrayRef,
    rows: &Range<usize>,
    codes: &mut Codes<'a>,
    into: &mut Vec<u32>,
) -> bool {
    if column.null_count() > 0 {
        return false;
    }
    let rows = rows.clone();
    match column.data_type() {
        DataType::Int8 => runs::<Int8Type>(column, rows, codes, into),
        DataType::Int16 => runs::<Int16Type>(column, rows, codes, into),
        DataType::Int32 => runs::<Int32Type>(column, rows, codes, into),
        DataType::Int64 => runs::<Int64Type>(column, rows, codes, into),
        DataType::UInt8 => runs::<UInt8Type>(column, rows, codes, into),
        DataType::UInt16 => runs::<UInt16Type>(column, rows, codes, into),
        DataType::UInt32 => runs::<UInt32Type>(column, rows, codes, into),
        _ => return false,
    }
    true
}

fn runs<'a, T: ArrowPrimitiveType<Native: Into<i64>>>(
    column: &'a ArrayRef,
    rows: Range<usize>,
    codes: &mut Codes<'a>,
    into: &mut Vec<u32>,
) {
    let values = column.as_primitive::<T>().values().get(rows).unwrap_or_default();
    into.extend(by_number(values.iter().copied(), codes));
}

/// The codes of numbers, those that stand together looked up once.
fn by_number<N: Into<i64> + PartialEq + Copy>(
    numbers: impl Iterator<Item = N>,
    codes: &mut Codes<'_>,
) -> impl Iterator<Item = u32> {
    let mut last = None;
    numbers.map(move |number| match last {
        Some((known, code)) if known == number => code,
        _ => {
            let code = codes.code(Key::Whole(number.into()));
            last = Some((number, code));
            code
        }
    })
}

/// The whole numbers at some places from `start` on, where the column has such of at most 64 bits with a sign and none of its cells is empty; whether it
/// has.
pub(crate) fn numbers_at(column: &ArrayRef, (start, places): (usize, &[u32]), into: &mut Vec<i64>) -> bool {
    fn of<T: ArrowPrimitiveType<Native: Into<i64>>>(
        column: &ArrayRef,
        start: usize,
        places: &[u32],
        into: &mut Vec<i64>,
    ) {
        let values = column.as_primitive::<T>().values().get(start..).unwrap_or_default();
        let at = |at: &u32| values.get(place(*at)).copied().unwrap_or_default().into();
        into.extend(places.iter().map(at));
    }
    into.clear();
    if column.null_count() > 0 {
        return false;
    }
    match column.data_type() {
        DataType::Int8 => of::<Int8Type>(column, start, places, into),
        DataType::Int16 => of::<Int16Type>(column, start, places, into),
        DataType::Int32 => of::<Int32Type>(column, start, places, into),
        DataType::Int64 => of::<Int64Type>(column, start, places, into),
        DataType::UInt8 => of::<UInt8Type>(column, start, places, into),
        DataType::UInt16 => of::<UInt16Type>(column, start, places, into),
        DataType::UInt32 => of::<UInt32Type>(column, start, places, into),
        _ => return false,
    }
    true
}

/// Tells which of some cells are no names, by their places among them, where the names themselves are not needed.
pub(crate) fn check(
    column: &ArrayRef,
    rows: Range<usize>,
    known: &mut Dictionary,
    mut bad: impl FnMut(usize),
) {
    match column.data_type() {
        of if is_text(of) => {
            let mut last = None;
            let mut at = 0_usize;
            each_plain(column, rows, &mut |key: Option<Key<'_>>| {
                if key != last && key.is_some_and(|key| !is_name(key)) {
                    bad(at);
                } else {
                    last = key;
                }
                at = at.saturating_add(1);
            });
        }
        DataType::Dictionary(_, values) if is_text(values) => {
            known.complete(column, |key| if is_name(key) { 0 } else { BAD });
            if known.complete && !known.any_bad {
                return;
            }
            let mut names = Codes::default();
            let mut codes = Vec::new();
            code(column, rows, &mut names, known, &mut codes);
            codes.iter().enumerate().filter(|(_, code)| **code == BAD).for_each(|(at, _)| bad(at));
        }
        // Numbers are.
        _ => {}
    }
}

/// The codes of some cells, in a list: [`NONE`] for the empty ones, [`BAD`] for what is no name.
pub(crate) fn code<'a>(
    column: &'a ArrayRef,
    rows: Range<usize>,
    codes: &mut Codes<'a>,
    known: &mut Dictionary,
    into: &mut Vec<u32>,
) {
    into.clear();
    if whole_codes(column, &rows, codes, into) {
        return;
    }
    let DataType::Dictionary(..) = column.data_type() else {
        return each(column, rows, |key| into.push(key.map_or(NONE, |key| codes.code(key))));
    };
    known.turn_to(column.as_any_dictionary().values());
    if known.complete {
        // A key beyond the values is no name of anything.
        let codes = &known.codes;
        return by_keys_of_any(column, rows, &mut |at| codes.get(at).copied().unwrap_or(NONE), into);
    }
    by_keys_of_any(column, rows, &mut |at| u32::try_from(at).unwrap_or(NONE), into);
    keys_to_codes(column, codes, known, into);
}

/// The same, and every value of a dictionary gets a code, whether a cell has it or not: for names of which none is missed where it is not there.
pub(crate) fn code_all<'a>(
    column: &'a ArrayRef,
    rows: Range<usize>,
    codes: &mut Codes<'a>,
    known: &mut Dictionary,
    into: &mut Vec<u32>,
) {
    if matches!(column.data_type(), DataType::Dictionary(..)) {
        known.complete(column, |key| codes.code(key));
    }
    code(column, rows, codes, known, into);
}

/// Tells each of the cells at some places from `start` on: its name, or none where it is empty.
pub(crate) fn each_at<'a>(
    column: &'a ArrayRef,
    (start, places): (usize, &[u32]),
    tell: &mut impl FnMut(Option<Key<'a>>),
) {
    let each = places.iter().map(|at| start.saturating_add(place(*at)));
    match column.data_type() {
        DataType::Dictionary(..) => {
            let (values, mut keys) = (column.as_any_dictionary().values(), Vec::new());
            let mut number = |at: usize| u32::try_from(at).unwrap_or(NONE);
            each.for_each(|at| by_keys_of_any(column, at..at.saturating_add(1), &mut number, &mut keys));
            each_value(values, &keys, tell);
        }
        _ => each.for_each(|at| each_plain(column, at..at.saturating_add(1), tell)),
    }
}

/// The codes of the cells at some places from `start` on.
pub(crate) fn code_at<'a>(
    column: &'a ArrayRef,
    (start, places): (usize, &[u32]),
    codes: &mut Codes<'a>,
    known: &mut Dictionary,
    into: &mut Vec<u32>,
) {
    into.clear();
    if numbers_at(column, (start, places), &mut known.numbers) {
        return into.extend(by_number(known.numbers.iter().copied(), codes));
    }
    let each = places.iter().map(|at| start.saturating_add(place(*at)));
    match column.data_type() {
        DataType::Dictionary(..) => {
            known.turn_to(column.as_any_dictionary().values());
            let mut number = |at: usize| u32::try_from(at).unwrap_or(NONE);
            each.for_each(|at| by_keys_of_any(column, at..at.saturating_add(1), &mut number, into));
            keys_to_codes(column, codes, known, into);
        }
        _ => each_at(column, (start, places), &mut |key| into.push(key.map_or(NONE, |key| codes.code(key)))),
    }
}

/// Puts codes where keys of a dictionary are.
fn keys_to_codes<'a>(
    column: &'a ArrayRef,
    codes: &mut Codes<'a>,
    known: &mut Dictionary,
    into: &mut Vec<u32>,
) {
    let values = column.as_any_dictionary().values();
    let slots = &mut known.codes;
    // Almost always nothing is new: then this is a loop of looks.
    for at in into.iter().map(|at| place(*at)) {
        if slots.get(at) == Some(&UNSEEN) {
            each_plain(values, at..at.saturating_add(1), &mut |key: Option<Key<'a>>| {
                if let Some(slot) = slots.get_mut(at) {
                    *slot = key.map_or(NONE, |key| codes.code(key));
                }
            });
        }
    }
    for at in into {
        // A key beyond the values is no name of anything.
        *at = slots.get(place(*at)).copied().unwrap_or(NONE);
    }
}

/// What some cells are by their keys in a dictionary.
fn by_keys_of_any(
    column: &ArrayRef,
    rows: Range<usize>,
    of: &mut impl FnMut(usize) -> u32,
    into: &mut Vec<u32>,
) {
    let DataType::Dictionary(key, _) = column.data_type() else { return };
    match key.as_ref() {
        DataType::Int8 => by_keys::<Int8Type>(column, rows, of, into),
        DataType::Int16 => by_keys::<Int16Type>(column, rows, of, into),
        DataType::Int32 => by_keys::<Int32Type>(column, rows, of, into),
        DataType::Int64 => by_keys::<Int64Type>(column, rows, of, into),
        DataType::UInt8 => by_keys::<UInt8Type>(column, rows, of, into),
        DataType::UInt16 => by_keys::<UInt16Type>(column, rows, of, into),
        DataType::UInt32 => by_keys::<UInt32Type>(column, rows, of, into),
        _ => by_keys::<UInt64Type>(column, rows, of, into),
    }
}

/// The same, of one type of keys.
fn by_keys<K: ArrowDictionaryKeyType>(
    column: &ArrayRef,
    rows: Range<usize>,
    of: &mut impl FnMut(usize) -> u32,
    into: &mut Vec<u32>,
) {
    let Some(cells) = column.as_dictionary_opt::<K>() else { return into.resize(rows.len(), NONE) };
    let keys = cells.keys().values().get(rows.clone()).unwrap_or_default();
    match cells.keys().nulls().filter(|nulls| nulls.null_count() > 0) {
        None => into.extend(keys.iter().map(|key| of(key.as_usize()))),
        Some(nulls) => into.extend(
            rows.zip(keys).map(|(at, key)| if nulls.is_null(at) { NONE } else { of(key.as_usize()) }),
        ),
    }
}
