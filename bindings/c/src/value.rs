//! Stored value.

use crate::goal::minor;
use crate::raw::Versioned;
use crate::values::parure_text;
use parure::book::ValueMoved;

/// What moved of stored value. Texts are borrowed from the outcome.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_moved_value {
    /// `sizeof(parure_moved_value)`
    pub size: usize,
    /// `spent` on a purchase, `restored` by a return, `owed` where it was not there, and what facts told as JSON do: `topped_up`, `refunded`,
    /// `taken_back`, `transferred`, `received`, `lapsed`, `frozen`, `released`.
    pub what: parure_text,
    /// Of what was paid in.
    pub principal_minor: i64,
    /// Of what was given on top.
    pub bonus_minor: i64,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_moved_value {}

impl From<&ValueMoved> for parure_moved_value {
    fn from(moved: &ValueMoved) -> Self {
        parure_moved_value {
            size: size_of::<parure_moved_value>(),
            what: parure_text::of(moved.what),
            principal_minor: minor(moved.principal),
            bonus_minor: minor(moved.bonus),
        }
    }
}
