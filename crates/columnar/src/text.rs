//! Cells that name something, in any of the ways in which a table keeps them.

use crate::codes::{BAD, Codes, NONE};
use crate::key::Key;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayAccessor, ArrayRef, PrimitiveArray};
use arrow_schema::DataType;
use std::ops::Range;

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
            for at in keys(column, rows) {
                match at {
                    Some(at) => each_plain(values, at..at.saturating_add(1), &mut tell),
                    None => tell(None),
                }
            }
        }
        _ => each_plain(column, rows, &mut tell),
    }
}

/// One cell.
pub(crate) fn one(column: &ArrayRef, at: usize) -> Option<Key<'_>> {
    let mut told = None;
    each(column, at..at.saturating_add(1), |key| told = key);
    told
}

/// Which value of its dictionary each of some cells has.
fn keys(column: &ArrayRef, rows: Range<usize>) -> Vec<Option<usize>> {
    let some = column.slice(rows.start, rows.len());
    let dictionary = some.as_any_dictionary();
    if dictionary.values().is_empty() {
        return vec![None; rows.len()];
    }
    let keys = dictionary.normalized_keys().into_iter();
    match some.nulls() {
        None => keys.map(Some).collect(),
        Some(nulls) => keys.zip(nulls).map(|(key, there)| Some(key).filter(|_| there)).collect(),
    }
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
}

/// A value that no cell had so far.
const UNSEEN: u32 = BAD - 1;

/// The codes of some cells, in a list: [`NONE`] for the empty ones, [`BAD`] for what is no name.
pub(crate) fn code<'a>(
    column: &'a ArrayRef,
    rows: Range<usize>,
    codes: &mut Codes<'a>,
    known: &mut Dictionary,
    into: &mut Vec<u32>,
) {
    into.clear();
    let DataType::Dictionary(..) = column.data_type() else {
        return each(column, rows, |key| into.push(key.map_or(NONE, |key| codes.code(key))));
    };
    let values = column.as_any_dictionary().values();
    let of = std::ptr::from_ref(values).addr();
    if known.of != Some(of) {
        known.of = Some(of);
        known.codes.clear();
        known.codes.resize(values.len(), UNSEEN);
    }
    for at in keys(column, rows) {
        let Some((at, slot)) = at.and_then(|at| Some((at, known.codes.get_mut(at)?))) else {
            into.push(NONE);
            continue;
        };
        if *slot == UNSEEN {
            each_plain(values, at..at.saturating_add(1), &mut |key: Option<Key<'a>>| {
                *slot = key.map_or(NONE, |key| codes.code(key));
            });
        }
        into.push(*slot);
    }
}
