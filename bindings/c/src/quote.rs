//! What a basket would do.

use crate::coupon::parure_quoted_coupon;
use crate::error::{no_such_index, parure_error};
use crate::goal::{goal, minor, parure_goal};
use crate::guard::{guard, quietly};
use crate::raw::{self, Out, Versioned};
use crate::status::parure_status;
use crate::values::{canonical, number, parure_day, parure_text};
use parure::book::Quote;
use std::sync::OnceLock;

/// What a basket would do.
pub struct parure_quote {
    quote: Quote,
    json: OnceLock<String>,
}

/// What a basket would do. Texts are borrowed from the quote.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_quote_view {
    /// `sizeof(parure_quote_view)`
    pub size: usize,
    /// The day it is asked for.
    pub on: parure_day,
    /// What is to be paid, after coupons.
    pub to_pay_minor: i64,
    /// Points that the rules would give, before caps.
    pub wanted: i64,
    /// Points that would be awarded.
    pub awarded: i64,
    /// The most points that may be spent on it.
    pub spendable_points: i64,
    /// What they are worth.
    pub spendable_minor: i64,
    /// The tier now, by id; NULL where there are no tiers.
    pub tier_before: parure_text,
    /// The tier after it.
    pub tier_after: parure_text,
    /// The tier after that; NULL for the highest.
    pub next_tier: parure_text,
    /// Goals towards it: `parure_quote_next_goal`.
    pub next_goal_count: usize,
    /// Rules and bonuses that would apply: `parure_quote_rule`.
    pub rule_count: usize,
    /// The customer's coupons: those to be used, in the order of their tenders, then the others: `parure_quote_coupon`.
    pub coupon_count: usize,
    /// With many coupons, how much less another set of them might leave to pay; 0: this is the least.
    pub may_be_less_minor: i64,
    /// 1 where the customer has stored value, and then what of the basket it could pay, after coupons.
    pub has_stored_value: i32,
    /// The most that it could pay.
    pub stored_value_minor: i64,
    /// What of this was paid in.
    pub stored_value_principal_minor: i64,
    /// What of it was given on top.
    pub stored_value_bonus_minor: i64,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_quote_view {}

impl From<Quote> for parure_quote {
    fn from(quote: Quote) -> Self {
        parure_quote { quote, json: OnceLock::new() }
    }
}

impl parure_quote {
    fn view(&self) -> parure_quote_view {
        let quote = &self.quote;
        let (tier, next) = (quote.tier.as_ref(), quote.next.as_ref());
        let value = quote.stored_value.as_ref();
        parure_quote_view {
            size: size_of::<parure_quote_view>(),
            on: number(quote.on),
            to_pay_minor: minor(quote.to_pay),
            wanted: quote.earns.wanted,
            awarded: quote.earns.awarded,
            spendable_points: quote.spendable.points,
            spendable_minor: minor(quote.spendable.amount),
            tier_before: tier.map_or(parure_text::NONE, |tier| parure_text::of(&tier.before)),
            tier_after: tier.map_or(parure_text::NONE, |tier| parure_text::of(&tier.after)),
            next_tier: next.map_or(parure_text::NONE, |next| parure_text::of(&next.id)),
            next_goal_count: next.map_or(0, |next| next.missing.len()),
            rule_count: quote.earns.rules.len(),
            coupon_count: quote.coupons.len(),
            may_be_less_minor: quote.may_be_less.map_or(0, minor),
            has_stored_value: i32::from(value.is_some()),
            stored_value_minor: value.map_or(0, |value| minor(value.amount)),
            stored_value_principal_minor: value.map_or(0, |value| minor(value.principal)),
            stored_value_bonus_minor: value.map_or(0, |value| minor(value.bonus)),
        }
    }
}

/// Reads a quote.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_quote_read(
    quote: *const parure_quote,
    view: *mut parure_quote_view,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let quote = unsafe { raw::shared(quote, "quote") }?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(view, &quote.view(), "view") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// The id of a rule or bonus that would apply, in the program's order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_quote_rule(
    quote: *const parure_quote,
    index: usize,
    rule: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(rule, "rule") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(quote, "quote") }?;
        out.set(parure_text::of(found.quote.earns.rules.get(index).ok_or_else(|| no_such_index(index))?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// What a coupon would do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_quote_coupon(
    quote: *const parure_quote,
    index: usize,
    coupon: *mut parure_quoted_coupon,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(quote, "quote") }?;
        let told = found.quote.coupons.get(index).ok_or_else(|| no_such_index(index))?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(coupon, &told.into(), "coupon") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// A part of a coupon's condition that speaks against it, with what it found, for people.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_quote_coupon_because(
    quote: *const parure_quote,
    coupon: usize,
    index: usize,
    because: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(because, "because") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(quote, "quote") }?;
        let told = found.quote.coupons.get(coupon).ok_or_else(|| no_such_index(coupon))?;
        out.set(parure_text::of(told.because.get(index).ok_or_else(|| no_such_index(index))?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// What would still be missing towards the next tier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_quote_next_goal(
    quote: *const parure_quote,
    index: usize,
    goal: *mut parure_goal,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(quote, "quote") }?;
        // SAFETY: as the header asks.
        unsafe {
            raw::fill(goal, &self::goal(found.quote.next.as_ref().map(|next| &next.missing), index)?, "goal")
        }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// The whole quote as canonical JSON, the same as the JSON door answers. Borrowed from the quote.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_quote_json(
    quote: *const parure_quote,
    text: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(text, "text") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(quote, "quote") }?;
        out.set(parure_text::of(found.json.get_or_init(|| canonical(&found.quote))));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees a quote. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_quote_free(quote: *mut parure_quote) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(quote) };
        Ok(())
    });
}
