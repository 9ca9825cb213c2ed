//! What the shop does for a customer.

use crate::raw::Versioned;
use crate::values::{may_number, parure_day, parure_text};
use parure::book::BenefitView;

/// Something that the shop does for a customer. Texts are borrowed from the account.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_benefit {
    /// `sizeof(parure_benefit)`
    pub size: usize,
    /// Which of the program's benefits it is.
    pub benefit: parure_text,
    /// What it is called, for people.
    pub name: parure_text,
    /// What it is had by: `tier`, `given`, `piece`.
    pub by: parure_text,
    /// The fact that gave it, or the purchase of the piece; NULL by the tier.
    pub fact: parure_text,
    /// The line of the purchase; NULL where it is had by no piece.
    pub line: parure_text,
    /// How often it can still be had; -1 as often as wished.
    pub left: i64,
    /// Its last day, of what was given; 0: it does not lapse.
    pub last_day: parure_day,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_benefit {}

impl From<&BenefitView> for parure_benefit {
    fn from(benefit: &BenefitView) -> Self {
        parure_benefit {
            size: size_of::<parure_benefit>(),
            benefit: parure_text::of(&benefit.benefit),
            name: parure_text::of(&benefit.name),
            by: parure_text::of(benefit.by),
            fact: parure_text::may(benefit.fact.as_deref()),
            line: parure_text::may(benefit.line.as_deref()),
            left: benefit.left.map_or(-1, |left| i64::try_from(left).unwrap_or(i64::MAX)),
            last_day: may_number(benefit.last_day),
        }
    }
}
