//! Cells with a quantity: pieces, grams, carats.

use crate::fixed::{self, Cell};
use arrow_array::ArrayRef;
use parure::fact::Quantity;
use parure::fault::Fault;
use std::ops::Range;

pub(crate) use fixed::reads;

/// Digits after the point of a quantity.
const DIGITS: u32 = 6;

/// Tells each of some cells; none where it is empty.
pub(crate) fn each(
    column: &ArrayRef,
    rows: Range<usize>,
    mut tell: impl FnMut(Result<Option<Quantity>, Fault>),
) {
    fixed::each(column, rows, DIGITS, |cell| {
        tell(match cell {
            Cell::Empty => Ok(None),
            Cell::Units(micros) => match Quantity::of_micros(micros) {
                Ok(quantity) => Ok(Some(quantity)),
                Err(_) => Quantity::parse(&Cell::written(i128::from(micros), 6)).map(Some),
            },
            Cell::Text(text) => Quantity::parse(text).map(Some),
            Cell::Other { number, scale } => Quantity::parse(&Cell::written(number, scale)).map(Some),
            Cell::Huge => Err(Fault::new("quantity_range", "the quantity is not from 0 to below 10^9")),
        });
    });
}

/// One cell.
pub(crate) fn one(column: &ArrayRef, at: usize) -> Result<Option<Quantity>, Fault> {
    let mut told = Ok(None);
    each(column, at..at.saturating_add(1), |cell| told = cell);
    told
}
