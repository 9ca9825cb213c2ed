//! Coupons: what an account holds, what each would do on a basket, what became of one.

use crate::goal::minor;
use crate::raw::Versioned;
use crate::values::{may_number, number, parure_day, parure_moment, parure_text};
use parure::book::{CouponMoved, CouponQuoted, CouponView};
use std::mem::offset_of;

/// A coupon that can be used. Texts are borrowed from the account.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_coupon {
    /// `sizeof(parure_coupon)`
    pub size: usize,
    /// Its id, which a tender names.
    pub coupon: parure_text,
    /// Which of the program's coupons it is.
    pub of: parure_text,
    /// What that one is called, for people.
    pub name: parure_text,
    /// The first day on which it can be used.
    pub first_day: parure_day,
    /// The last day; 0 where it never lapses.
    pub last_day: parure_day,
    /// How often it can still be used.
    pub uses: usize,
    /// The purchase or the order that it is held for on the day, or on a part of it; NULL where it is not.
    pub held_for: parure_text,
    /// Until when it is.
    pub held_until: parure_moment,
}

/// What a coupon would do on a basket. Texts are borrowed from the quote.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_quoted_coupon {
    /// `sizeof(parure_quoted_coupon)`
    pub size: usize,
    /// Its id, which a tender names.
    pub coupon: parure_text,
    /// Which of the program's coupons it is.
    pub of: parure_text,
    /// What that one is called, for people.
    pub name: parure_text,
    /// What it takes off: the amount of its tender.
    pub amount_minor: i64,
    /// NULL where it is used and may be; else why not, or what speaks against a tender that names it: a code as `record` would refuse with,
    /// or `better_without`.
    pub why: parure_text,
    /// How much more would have to be bought of what it is for; 0 where that would not help.
    pub missing_minor: i64,
    /// Its last day; 0 where it never lapses.
    pub last_day: parure_day,
    /// The first day on which its days and the limit on its uses let it be used, where they do not yet; 0 elsewhere.
    pub usable_from: parure_day,
    /// Until when it is held for something else; `micros` is 0 where it is not.
    pub held_until: parure_moment,
    /// The parts of its condition that speak against it: `parure_quote_coupon_because`.
    pub because_count: usize,
}

/// What became of a coupon. Texts are borrowed from the outcome.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_moved_coupon {
    /// `sizeof(parure_moved_coupon)`
    pub size: usize,
    /// Its id.
    pub coupon: parure_text,
    /// Which of the program's coupons it is.
    pub of: parure_text,
    /// `issued`, `used`, `given_back`, `voided`, `transferred`, `received`, `held`, `released`.
    pub what: parure_text,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_coupon {
    const LEAST: usize = offset_of!(parure_coupon, held_for);
}
// SAFETY: as above.
unsafe impl Versioned for parure_quoted_coupon {
    const LEAST: usize = offset_of!(parure_quoted_coupon, usable_from);
}
// SAFETY: as above.
unsafe impl Versioned for parure_moved_coupon {}

impl From<&CouponView> for parure_coupon {
    fn from(coupon: &CouponView) -> Self {
        parure_coupon {
            size: size_of::<parure_coupon>(),
            coupon: parure_text::of(&coupon.coupon),
            of: parure_text::of(&coupon.of),
            name: parure_text::of(&coupon.name),
            first_day: number(coupon.first_day),
            last_day: may_number(coupon.last_day),
            uses: coupon.uses,
            held_for: parure_text::may(coupon.held_for.as_deref()),
            held_until: coupon.held_until.map_or(parure_moment::NONE, parure_moment::of),
        }
    }
}

impl From<&CouponQuoted> for parure_quoted_coupon {
    fn from(quoted: &CouponQuoted) -> Self {
        parure_quoted_coupon {
            size: size_of::<parure_quoted_coupon>(),
            coupon: parure_text::of(&quoted.coupon),
            of: parure_text::of(&quoted.of),
            name: parure_text::of(&quoted.name),
            amount_minor: minor(quoted.amount),
            why: parure_text::may(quoted.why),
            missing_minor: quoted.missing.map_or(0, minor),
            last_day: may_number(quoted.last_day),
            usable_from: may_number(quoted.usable_from),
            held_until: quoted.held_until.map_or(parure_moment::NONE, parure_moment::of),
            because_count: quoted.because.len(),
        }
    }
}

impl From<&CouponMoved> for parure_moved_coupon {
    fn from(moved: &CouponMoved) -> Self {
        parure_moved_coupon {
            size: size_of::<parure_moved_coupon>(),
            coupon: parure_text::of(&moved.coupon),
            of: parure_text::of(&moved.of),
            what: parure_text::of(moved.what),
        }
    }
}
