//! Cells with an amount of money.

use crate::fixed::{self, Cell};
use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parure::fault::Fault;
use parure::money::{Currency, MAJOR_LIMIT};
use std::ops::Range;

pub(crate) use fixed::reads;

/// Tells each of some cells in minor units: not negative, below the core's limit; none where it is empty.
pub(crate) fn each(
    column: &ArrayRef,
    rows: Range<usize>,
    currency: Currency,
    mut tell: impl FnMut(Result<Option<i64>, Fault>),
) {
    let limit = MAJOR_LIMIT.saturating_mul(10_i64.saturating_pow(currency.digits()));
    fixed::each(column, rows, currency.digits(), |cell| {
        tell(match cell {
            Cell::Empty => Ok(None),
            Cell::Units(minor) if (0..limit).contains(&minor) => Ok(Some(minor)),
            Cell::Units(minor) if minor < 0 && minor > limit.saturating_neg() => {
                Err(negative(&currency.show(parure::money::Money::from_minor(minor))))
            }
            Cell::Units(minor) => {
                let digits = i8::try_from(currency.digits()).unwrap_or(0);
                written(&Cell::written(i128::from(minor), digits), currency)
            }
            Cell::Text(text) => written(text, currency),
            Cell::Other { number, scale } => written(&Cell::written(number, scale), currency),
            Cell::Huge => Err(Fault::new("money_range", "the amount is not below 10^15")),
        });
    });
}

/// Reads some cells that need no second look: decimals of as many digits as the currency has, all there and within the bounds.
/// Whether they are; if not, nothing is read.
pub(crate) fn plain(column: &ArrayRef, rows: Range<usize>, currency: Currency, into: &mut Vec<i64>) -> bool {
    let DataType::Decimal128(_, scale) = column.data_type() else { return false };
    if u32::try_from(*scale) != Ok(currency.digits()) || column.null_count() > 0 {
        return false;
    }
    let values = column.as_primitive::<Decimal128Type>().values().get(rows).unwrap_or_default();
    let within = 0..i128::from(MAJOR_LIMIT.saturating_mul(10_i64.saturating_pow(currency.digits())));
    // None is greater than the bits of all together, or less than nothing where these are not.
    let mut bits = 0;
    into.extend(values.iter().map(|value| {
        bits |= value;
        low(value)
    }));
    let fits = within.contains(&bits) || values.iter().all(|value| within.contains(value));
    if !fits {
        into.clear();
    }
    fits
}

/// The lower half of a number that fits it.
#[inline]
fn low(value: &i128) -> i64 {
    value.to_le_bytes().first_chunk().map_or(0, |low| i64::from_le_bytes(*low))
}

/// The same, of the cells at some places from `start` on.
pub(crate) fn plain_at(
    column: &ArrayRef,
    (start, places): (usize, &[u32]),
    currency: Currency,
    into: &mut Vec<i64>,
) -> bool {
    let DataType::Decimal128(_, scale) = column.data_type() else { return false };
    if u32::try_from(*scale) != Ok(currency.digits()) || column.null_count() > 0 {
        return false;
    }
    let values = column.as_primitive::<Decimal128Type>().values().get(start..).unwrap_or_default();
    let within = 0..MAJOR_LIMIT.saturating_mul(10_i64.saturating_pow(currency.digits()));
    let mut fits = true;
    into.extend(places.iter().map(|at| {
        let value = values.get(crate::codes::place(*at)).and_then(|value| i64::try_from(*value).ok());
        let value = value.unwrap_or(i64::MIN);
        fits &= within.contains(&value);
        value
    }));
    fits
}

/// As the core reads it.
fn written(text: &str, currency: Currency) -> Result<Option<i64>, Fault> {
    let minor = currency.money(text)?.minor();
    if minor < 0 { Err(negative(text)) } else { Ok(Some(minor)) }
}

fn negative(shown: &str) -> Fault {
    Fault::new("negative_amount", format!("`{shown}` is below 0"))
        .advise("what comes back is told by the column `returns`, with the amount that comes back")
}

/// One cell.
pub(crate) fn one(column: &ArrayRef, at: usize, currency: Currency) -> Result<Option<i64>, Fault> {
    let mut told = Ok(None);
    each(column, at..at.saturating_add(1), currency, |cell| told = cell);
    told
}
