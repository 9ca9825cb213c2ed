//! Pieces that are made to order, and their deposits.

use crate::goal::minor;
use crate::raw::Versioned;
use crate::values::{may_number, number, parure_day, parure_text};
use parure::book::{DepositMoved, OrderView};

/// An order that waits to be delivered, or of whose deposits something is left. Texts are borrowed from the account.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_order {
    /// `sizeof(parure_order)`
    pub size: usize,
    /// Its id, which a tender names.
    pub order: parure_text,
    /// The day on which it was ordered.
    pub on: parure_day,
    /// The day on which it is to be ready; 0 where none was told.
    pub ready: parure_day,
    /// What is made, by the shop's name of it; NULL where none was told.
    pub item: parure_text,
    /// The price that was agreed.
    pub amount_minor: i64,
    /// All deposits that were paid.
    pub paid_minor: i64,
    /// What is left of them; below 0 where tills that were apart took more than was paid.
    pub left_minor: i64,
    /// 1 where it was called off.
    pub is_cancelled: i32,
}

/// What moved of the deposits of an order. Texts are borrowed from the outcome.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_moved_deposit {
    /// `sizeof(parure_moved_deposit)`
    pub size: usize,
    /// The order.
    pub order: parure_text,
    /// `paid`, `used`, `given_back`, `kept`.
    pub what: parure_text,
    /// How much.
    pub amount_minor: i64,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_order {}
// SAFETY: as above.
unsafe impl Versioned for parure_moved_deposit {}

impl From<&OrderView> for parure_order {
    fn from(order: &OrderView) -> Self {
        parure_order {
            size: size_of::<parure_order>(),
            order: parure_text::of(&order.order),
            on: number(order.on),
            ready: may_number(order.ready),
            item: parure_text::may(order.item.as_deref()),
            amount_minor: minor(order.amount),
            paid_minor: minor(order.paid),
            left_minor: minor(order.left),
            is_cancelled: i32::from(order.cancelled),
        }
    }
}

impl From<&DepositMoved> for parure_moved_deposit {
    fn from(moved: &DepositMoved) -> Self {
        parure_moved_deposit {
            size: size_of::<parure_moved_deposit>(),
            order: parure_text::of(&moved.order),
            what: parure_text::of(moved.what),
            amount_minor: minor(moved.amount),
        }
    }
}
