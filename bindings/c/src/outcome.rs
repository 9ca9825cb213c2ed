//! What a recorded fact did.

use crate::coupon::parure_moved_coupon;
use crate::error::{no_such_index, parure_error};
use crate::guard::{guard, quietly};
use crate::order::parure_moved_deposit;
use crate::raw::{self, Out, Versioned};
use crate::status::parure_status;
use crate::value::parure_moved_value;
use crate::values::{canonical, may_number, parure_day, parure_text};
use parure::book::{Answer, Outcome};
use std::mem::offset_of;
use std::sync::OnceLock;

/// What a recorded fact did.
pub struct parure_outcome {
    answer: Answer,
    json: OnceLock<String>,
}

/// What a recorded fact did. All counts are points, none is negative. Texts are borrowed from the outcome.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_outcome_view {
    /// `sizeof(parure_outcome_view)`
    pub size: usize,
    /// The fact's id.
    pub fact: parure_text,
    /// The account's id: the customer's, or of the one that they were merged into.
    pub account: parure_text,
    /// The day it counts on.
    pub day: parure_day,
    /// 1 where the very same fact was in the book before, 0 where it is new.
    pub already_recorded: i32,
    /// What the rules gave, before caps.
    pub wanted: i64,
    /// What was awarded, after caps, before debt is paid.
    pub awarded: i64,
    /// What of it paid debt.
    pub debt_paid: i64,
    /// Spent on the purchase or the reward.
    pub spent: i64,
    /// Points that had paid for something and came back.
    pub restored: i64,
    /// Taken back for a return, with what became debt.
    pub taken_back: i64,
    /// What was not there and became debt.
    pub owed: i64,
    /// The balance after it.
    pub balance: i64,
    /// The tier just before it, by id; NULL where there are no tiers.
    pub tier_before: parure_text,
    /// The tier right after it.
    pub tier_after: parure_text,
    /// Earning rules and bonuses that applied: `parure_outcome_rule`.
    pub rule_count: usize,
    /// Things about it that want a look: `parure_outcome_flag`.
    pub flag_count: usize,
    /// How many earlier facts it changed because it came late: `parure_outcome_json` tells them.
    pub change_count: usize,
    /// What became of coupons: `parure_outcome_coupon`.
    pub coupon_count: usize,
    /// What moved of stored value: `parure_outcome_value`.
    pub value_count: usize,
    /// What moved of deposits: `parure_outcome_deposit`.
    pub deposit_count: usize,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_outcome_view {
    const LEAST: usize = offset_of!(parure_outcome_view, deposit_count);
}

impl From<Answer> for parure_outcome {
    fn from(answer: Answer) -> Self {
        parure_outcome { answer, json: OnceLock::new() }
    }
}

impl parure_outcome {
    fn told(&self) -> Option<&Outcome> {
        match &self.answer {
            Answer::Accepted { outcome } | Answer::AlreadyRecorded { outcome } => Some(outcome),
            Answer::Refused { .. } => None,
        }
    }

    fn view(&self) -> parure_outcome_view {
        let nothing = Outcome::default();
        let told = self.told().unwrap_or(&nothing);
        let points = told.points;
        let tier = told.tier.as_ref();
        parure_outcome_view {
            size: size_of::<parure_outcome_view>(),
            fact: self.told().map_or(parure_text::NONE, |told| parure_text::of(&told.fact)),
            account: parure_text::may(self.told().and_then(|told| told.account.as_deref())),
            day: may_number(told.day),
            already_recorded: i32::from(matches!(self.answer, Answer::AlreadyRecorded { .. })),
            wanted: points.wanted,
            awarded: points.awarded,
            debt_paid: points.debt_paid,
            spent: points.spent,
            restored: points.restored,
            taken_back: points.taken_back,
            owed: points.owed,
            balance: told.balance,
            tier_before: tier.map_or(parure_text::NONE, |tier| parure_text::of(&tier.before)),
            tier_after: tier.map_or(parure_text::NONE, |tier| parure_text::of(&tier.after)),
            rule_count: told.rules.len(),
            flag_count: told.flags.len(),
            change_count: told.changed.len(),
            coupon_count: told.coupons.len(),
            value_count: told.value.len(),
            deposit_count: told.deposits.len(),
        }
    }
}

/// Reads an outcome.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_outcome_read(
    outcome: *const parure_outcome,
    view: *mut parure_outcome_view,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let outcome = unsafe { raw::shared(outcome, "outcome") }?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(view, &outcome.view(), "view") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// The id of a rule or bonus that applied, in the program's order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_outcome_rule(
    outcome: *const parure_outcome,
    index: usize,
    rule: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(rule, "rule") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(outcome, "outcome") }?;
        out.set(parure_text::may(Some(
            found.told().and_then(|told| told.rules.get(index)).ok_or_else(|| no_such_index(index))?,
        )));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// What became of a coupon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_outcome_coupon(
    outcome: *const parure_outcome,
    index: usize,
    coupon: *mut parure_moved_coupon,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(outcome, "outcome") }?;
        let told =
            found.told().and_then(|told| told.coupons.get(index)).ok_or_else(|| no_such_index(index))?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(coupon, &told.into(), "coupon") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// What moved of stored value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_outcome_value(
    outcome: *const parure_outcome,
    index: usize,
    value: *mut parure_moved_value,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(outcome, "outcome") }?;
        let told = found.told().and_then(|told| told.value.get(index)).ok_or_else(|| no_such_index(index))?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(value, &told.into(), "value") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// What moved of the deposits of an order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_outcome_deposit(
    outcome: *const parure_outcome,
    index: usize,
    deposit: *mut parure_moved_deposit,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(outcome, "outcome") }?;
        let told =
            found.told().and_then(|told| told.deposits.get(index)).ok_or_else(|| no_such_index(index))?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(deposit, &told.into(), "deposit") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// The code of a flag, `late_after_seal` for instance; `parure_outcome_json` tells the facts in conflict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_outcome_flag(
    outcome: *const parure_outcome,
    index: usize,
    flag: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(flag, "flag") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(outcome, "outcome") }?;
        out.set(parure_text::of(
            found.told().and_then(|told| told.flags.get(index)).ok_or_else(|| no_such_index(index))?.code,
        ));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// The whole outcome as canonical JSON, the same as the JSON door answers. Borrowed from the outcome.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_outcome_json(
    outcome: *const parure_outcome,
    text: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(text, "text") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(outcome, "outcome") }?;
        out.set(parure_text::of(found.json.get_or_init(|| canonical(&found.answer))));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees an outcome. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_outcome_free(outcome: *mut parure_outcome) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(outcome) };
        Ok(())
    });
}
