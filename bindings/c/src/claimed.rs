//! Rewards that wait to be handed over.

use crate::goal::minor;
use crate::raw::Versioned;
use crate::values::{number, parure_day, parure_text};
use parure::book::ClaimedView;

/// A reward that was redeemed and waits to be handed over. Texts are borrowed from the account.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_claimed {
    /// `sizeof(parure_claimed)`
    pub size: usize,
    /// The fact that redeemed it.
    pub redemption: parure_text,
    /// Which of the program's rewards it is.
    pub reward: parure_text,
    /// What that one is called, for people.
    pub name: parure_text,
    /// The points that it cost.
    pub points: i64,
    /// The money that was paid beside them.
    pub amount_minor: i64,
    /// The day on which it was redeemed.
    pub on: parure_day,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_claimed {}

impl From<&ClaimedView> for parure_claimed {
    fn from(claimed: &ClaimedView) -> Self {
        parure_claimed {
            size: size_of::<parure_claimed>(),
            redemption: parure_text::of(&claimed.redemption),
            reward: parure_text::of(&claimed.reward),
            name: parure_text::of(&claimed.name),
            points: claimed.points,
            amount_minor: minor(claimed.amount),
            on: number(claimed.on),
        }
    }
}
