//! Cells that count: whole numbers.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_schema::DataType;
use std::ops::{Range, RangeInclusive};

/// Whether cells of a type are whole numbers.
pub(crate) fn reads(of: &DataType) -> bool {
    of.is_integer() || matches!(of, DataType::Null)
}

/// Tells each of some cells; none where it is empty.
pub(crate) fn each(column: &ArrayRef, rows: Range<usize>, mut tell: impl FnMut(Option<i128>)) {
    match column.data_type() {
        DataType::Int8 => cells::<Int8Type>(column, rows, i128::from, tell),
        DataType::Int16 => cells::<Int16Type>(column, rows, i128::from, tell),
        DataType::Int32 => cells::<Int32Type>(column, rows, i128::from, tell),
        DataType::Int64 => cells::<Int64Type>(column, rows, i128::from, tell),
        DataType::UInt8 => cells::<UInt8Type>(column, rows, i128::from, tell),
        DataType::UInt16 => cells::<UInt16Type>(column, rows, i128::from, tell),
        DataType::UInt32 => cells::<UInt32Type>(column, rows, i128::from, tell),
        DataType::UInt64 => cells::<UInt64Type>(column, rows, i128::from, tell),
        _ => rows.for_each(|_| tell(None)),
    }
}

/// Reads some cells that need no second look: whole numbers of 64 bits, all there and within bounds. Whether they are; if not, nothing is
/// read.
pub(crate) fn plain(
    column: &ArrayRef,
    rows: Range<usize>,
    within: RangeInclusive<i64>,
    into: &mut Vec<i64>,
) -> bool {
    if *column.data_type() != DataType::Int64 || column.null_count() > 0 {
        return false;
    }
    let values = column.as_primitive::<Int64Type>().values().get(rows).unwrap_or_default();
    let fits = values.iter().all(|value| within.contains(value));
    if fits {
        into.extend_from_slice(values);
    }
    fits
}

/// The same, of the cells at some places from `start` on.
pub(crate) fn plain_at(
    column: &ArrayRef,
    (start, places): (usize, &[u32]),
    within: RangeInclusive<i64>,
    into: &mut Vec<i64>,
) -> bool {
    if *column.data_type() != DataType::Int64 || column.null_count() > 0 {
        return false;
    }
    let values = column.as_primitive::<Int64Type>().values().get(start..).unwrap_or_default();
    let mut fits = true;
    into.extend(places.iter().map(|at| {
        let value = values.get(crate::codes::place(*at)).copied().unwrap_or(i64::MIN);
        fits &= within.contains(&value);
        value
    }));
    fits
}

/// Tells each of some cells of one type.
pub(crate) fn cells<T: ArrowPrimitiveType>(
    column: &ArrayRef,
    rows: Range<usize>,
    read: impl Fn(T::Native) -> i128,
    mut tell: impl FnMut(Option<i128>),
) {
    let cells: &PrimitiveArray<T> = column.as_primitive();
    let values = cells.values().get(rows.clone()).unwrap_or_default();
    match cells.nulls().filter(|nulls| nulls.null_count() > 0) {
        None => values.iter().for_each(|number| tell(Some(read(*number)))),
        Some(nulls) => rows.zip(values).for_each(|(at, number)| {
            tell(if nulls.is_null(at) { None } else { Some(read(*number)) });
        }),
    }
}
