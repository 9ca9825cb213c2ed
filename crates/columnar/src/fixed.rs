//! Cells with digits after the point: decimals, whole numbers and texts, as whole numbers of the smallest unit.

use crate::key::Key;
use crate::{text, whole};
use arrow_array::ArrayRef;
use arrow_array::types::{Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type};
use arrow_buffer::i256;
use arrow_schema::DataType;
use std::ops::Range;

/// Whether cells of a type have digits.
pub(crate) fn reads(of: &DataType) -> bool {
    let decimal = matches!(
        of,
        DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..)
    );
    let dictionary = matches!(of, DataType::Dictionary(_, values) if text::is_text(values));
    decimal || dictionary || text::is_text(of) || whole::reads(of)
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    Empty,
    /// So many of the smallest unit.
    Units(i64),
    /// A text, to be read.
    Text(&'a str),
    /// `number` × 10^-`scale` is not so many of the smallest unit, or too many.
    Other {
        number: i128,
        scale: i8,
    },
    /// More digits than can be shown.
    Huge,
}

impl Cell<'_> {
    /// A number that is no whole number of units, as it would be written, without digits that say nothing.
    pub(crate) fn written(number: i128, scale: i8) -> String {
        let digits = number.unsigned_abs().to_string();
        let sign = if number < 0 { "-" } else { "" };
        let Ok(places) = usize::try_from(scale) else {
            return format!("{sign}{digits}{}", "0".repeat(usize::from(scale.unsigned_abs())));
        };
        let digits = format!("{digits:0>width$}", width = places.saturating_add(1));
        let (before, after) = digits.split_at(digits.len().saturating_sub(places));
        match after.trim_end_matches('0') {
            "" => format!("{sign}{before}"),
            after => format!("{sign}{before}.{after}"),
        }
    }
}

/// Tells each of some cells in units of which 10^`digits` make one.
pub(crate) fn each<'a>(
    column: &'a ArrayRef,
    rows: Range<usize>,
    digits: u32,
    mut tell: impl FnMut(Cell<'a>),
) {
    let of = column.data_type();
    if text::is_text(of) || matches!(of, DataType::Dictionary(..)) {
        return text::each(column, rows, |key| {
            tell(match key {
                Some(Key::Text(text)) => Cell::Text(text),
                _ => Cell::Empty,
            });
        });
    }
    let scale = match of {
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => *scale,
        _ => 0,
    };
    let unit = Unit::new(scale, digits);
    let tell = |number: Option<i128>| {
        tell(match number {
            None => Cell::Empty,
            Some(HUGE) => Cell::Huge,
            Some(number) => unit.cell(number),
        });
    };
    match of {
        DataType::Decimal32(..) => whole::cells::<Decimal32Type>(column, rows, i128::from, tell),
        DataType::Decimal64(..) => whole::cells::<Decimal64Type>(column, rows, i128::from, tell),
        DataType::Decimal128(..) => whole::cells::<Decimal128Type>(column, rows, |number| number, tell),
        DataType::Decimal256(..) => {
            let read = |number: i256| number.to_i128().unwrap_or(HUGE);
            whole::cells::<Decimal256Type>(column, rows, read, tell);
        }
        _ => whole::each(column, rows, tell),
    }
}

/// Stands for what 128 bits can't hold: no decimal of 38 digits is it.
const HUGE: i128 = i128::MAX;

/// By how much a column's numbers are to be multiplied or divided.
#[derive(Debug, Clone, Copy)]
struct Unit {
    times: i64,
    parts: i64,
    scale: i8,
}

impl Unit {
    fn new(scale: i8, digits: u32) -> Unit {
        let shift = i64::from(digits).saturating_sub(i64::from(scale));
        let power = |by: i64| u32::try_from(by).ok().and_then(|by| 10_i64.checked_pow(by));
        // A power that 64 bits don't hold leaves only zero readable.
        Unit {
            times: if shift > 0 { power(shift).unwrap_or(0) } else { 1 },
            parts: if shift < 0 { power(shift.saturating_neg()).unwrap_or(0) } else { 1 },
            scale,
        }
    }

    #[inline]
    fn cell<'a>(self, number: i128) -> Cell<'a> {
        let other = Cell::Other { number, scale: self.scale };
        let Ok(short) = i64::try_from(number) else { return self.long(number, other) };
        if self.parts == 1 && self.times != 0 {
            return short.checked_mul(self.times).map_or(other, Cell::Units);
        }
        match (short.checked_rem(self.parts), short.checked_div(self.parts)) {
            (Some(0), Some(units)) if self.times != 0 => Cell::Units(units),
            _ if number == 0 => Cell::Units(0),
            _ => other,
        }
    }

    fn long<'a>(self, number: i128, other: Cell<'a>) -> Cell<'a> {
        let parts = i128::from(self.parts);
        match (number.checked_rem(parts), number.checked_div(parts)) {
            (Some(0), Some(units)) if self.times == 1 => i64::try_from(units).map_or(other, Cell::Units),
            _ => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Unit};

    #[test]
    fn numbers_are_read_in_the_smallest_unit() {
        let cell = |number, scale| Unit::new(scale, 2).cell(number);
        assert_eq!(cell(12_800, 0), Cell::Units(1_280_000));
        assert_eq!(cell(12_800_500_000, 6), Cell::Units(1_280_050));
        assert_eq!(cell(128, -2), Cell::Units(1_280_000));
        assert_eq!(cell(12_345, 3), Cell::Other { number: 12_345, scale: 3 });
        assert_eq!(
            cell(12_345 * 10_i128.pow(20), 22),
            Cell::Other { number: 12_345 * 10_i128.pow(20), scale: 22 }
        );
        assert_eq!(cell(1_280 * 10_i128.pow(19), 20), Cell::Units(12_800));
        assert_eq!(cell(1_280 * 10_i128.pow(18), 20), Cell::Units(1_280));
        assert_eq!(cell(0, 38), Cell::Units(0));
        assert_eq!(cell(i128::from(i64::MAX), 0), Cell::Other { number: i128::from(i64::MAX), scale: 0 });
    }

    #[test]
    fn numbers_are_shown_as_they_are_written() {
        let told = [(12_345, 3), (-5, 2), (128, -2), (1_280, 2), (0, 4)]
            .map(|(number, scale)| Cell::written(number, scale));
        assert_eq!(told, ["12.345", "-0.05", "12800", "12.8", "0"]);
    }
}
