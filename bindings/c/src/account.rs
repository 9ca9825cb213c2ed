//! What an account has.

use crate::benefit::parure_benefit;
use crate::claimed::parure_claimed;
use crate::coupon::parure_coupon;
use crate::error::{Trouble, no_such_index, parure_error};
use crate::goal::{goal, minor, parure_goal};
use crate::guard::{guard, quietly};
use crate::order::parure_order;
use crate::raw::{self, Out, Versioned};
use crate::status::parure_status;
use crate::values::{canonical, may_number, number, parure_day, parure_text};
use parure::book::AccountView;
use std::mem::offset_of;
use std::sync::OnceLock;

/// An account at the end of a day.
pub struct parure_account {
    account: AccountView,
    json: OnceLock<String>,
}

/// An account at the end of a day. Texts are borrowed from the account.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_account_view {
    /// `sizeof(parure_account_view)`
    pub size: usize,
    /// Its id.
    pub account: parure_text,
    /// The day that was asked for.
    pub on: parure_day,
    /// The day of joining; 0 for one who has not.
    pub joined: parure_day,
    /// Points less debt: what they may count on.
    pub balance: i64,
    /// Points that can be spent that day.
    pub usable: i64,
    /// Points that wait.
    pub pending: i64,
    /// Points that are owed.
    pub debt: i64,
    /// The tier, by id; NULL where there is none.
    pub tier: parure_text,
    /// What the tier is called, for people.
    pub tier_name: parure_text,
    /// What it was reached by: a fact's id, or `start`, `renewed`, `lapse`, ...
    pub tier_by: parure_text,
    /// The day since which it is held.
    pub tier_since: parure_day,
    /// Its last day; 0 where it has no end.
    pub tier_until: parure_day,
    /// The next higher tier; NULL for the highest.
    pub next_tier: parure_text,
    /// What is missing towards it: `parure_account_next_goal`.
    pub next_goal_count: usize,
    /// The day by which the tier must be kept; 0 where it need not.
    pub keep_by: parure_day,
    /// 1 where the program counts a growth value.
    pub has_growth: i32,
    /// What is missing to keep it: `parure_account_keep_goal`.
    pub keep_goal_count: usize,
    /// The growth value.
    pub growth: i64,
    /// Points by where they came from, in the order in which they are spent: `parure_account_lot`.
    pub lot_count: usize,
    /// Other ids of the account: `parure_account_alias`.
    pub alias_count: usize,
    /// Things that want a look: `parure_account_flag`.
    pub flag_count: usize,
    /// The household that it shares points with; NULL where there is none.
    pub household: parure_text,
    /// What all of the household can spend.
    pub household_points: i64,
    /// Who is in the household: `parure_account_household_member`.
    pub household_member_count: usize,
    /// 1 where the account may spend what the others have.
    pub may_spend_of_household: i32,
    /// Coupons that can be used on the day or later: `parure_account_coupon`.
    pub coupon_count: usize,
    /// What the shop does for them that day: `parure_account_benefit`.
    pub benefit_count: usize,
    /// 1 where anything was ever paid in to be spent later, and then what of it can be spent; which of the account's ids are frozen and when
    /// bonus lapses is told by `parure_account_json`.
    pub has_stored_value: i32,
    /// 1 where it belongs to whoever holds the card.
    pub is_card: i32,
    /// Stored value that was paid in.
    pub principal_minor: i64,
    /// Stored value that was given on top.
    pub bonus_minor: i64,
    /// What was spent and was not there.
    pub value_owed_minor: i64,
    /// The most that could be refunded.
    pub refundable_minor: i64,
    /// Rewards that wait to be handed over: `parure_account_claimed`.
    pub claimed_count: usize,
    /// Orders that wait to be delivered, or of whose deposits something is left: `parure_account_order`.
    pub order_count: usize,
    /// By which process the shop serves members of the tier; NULL where the program does not say.
    pub tier_process: parure_text,
}

/// Points that came from one fact. Texts are borrowed from the account.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_lot {
    /// `sizeof(parure_lot)`
    pub size: usize,
    /// The fact's id.
    pub fact: parure_text,
    /// How many are left.
    pub points: i64,
    /// The first day on which they can be spent.
    pub first_day: parure_day,
    /// The last day; 0 where they never lapse.
    pub last_day: parure_day,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_account_view {
    const LEAST: usize = offset_of!(parure_account_view, order_count);
}
// SAFETY: as above.
unsafe impl Versioned for parure_lot {}

impl From<AccountView> for parure_account {
    fn from(account: AccountView) -> Self {
        parure_account { account, json: OnceLock::new() }
    }
}

impl parure_account {
    fn view(&self) -> parure_account_view {
        let (account, points) = (&self.account, &self.account.points);
        let (tier, household) = (account.tier.as_ref(), account.household.as_ref());
        let value = account.stored_value.as_ref();
        let (next, keep) =
            (tier.and_then(|tier| tier.next.as_ref()), tier.and_then(|tier| tier.keep.as_ref()));
        parure_account_view {
            size: size_of::<parure_account_view>(),
            account: parure_text::of(&account.account),
            on: number(account.on),
            joined: may_number(account.joined),
            balance: points.balance,
            usable: points.usable,
            pending: points.pending,
            debt: points.debt,
            tier: parure_text::may(tier.map(|tier| &*tier.id)),
            tier_name: parure_text::may(tier.map(|tier| &*tier.name)),
            tier_by: parure_text::may(tier.map(|tier| &*tier.by)),
            tier_since: may_number(tier.map(|tier| tier.since)),
            tier_until: may_number(tier.and_then(|tier| tier.until)),
            next_tier: parure_text::may(next.map(|next| &*next.id)),
            next_goal_count: next.map_or(0, |next| next.missing.len()),
            keep_by: may_number(keep.map(|keep| keep.by)),
            has_growth: i32::from(account.growth.is_some()),
            keep_goal_count: keep.map_or(0, |keep| keep.missing.len()),
            growth: account.growth.unwrap_or(0),
            lot_count: points.lots.len(),
            alias_count: account.aliases.len(),
            flag_count: account.flags.len(),
            household: parure_text::may(household.map(|household| &*household.id)),
            household_points: household.map_or(0, |household| household.points),
            household_member_count: household.map_or(0, |household| household.members.len()),
            may_spend_of_household: household.map_or(0, |household| i32::from(household.may_spend)),
            coupon_count: account.coupons.len(),
            benefit_count: account.benefits.len(),
            has_stored_value: i32::from(value.is_some()),
            is_card: value.map_or(0, |value| i32::from(value.card)),
            principal_minor: value.map_or(0, |value| minor(value.principal)),
            bonus_minor: value.map_or(0, |value| minor(value.bonus)),
            value_owed_minor: value.map_or(0, |value| minor(value.owed)),
            refundable_minor: value.map_or(0, |value| minor(value.refundable)),
            claimed_count: account.claimed.len(),
            order_count: account.orders.len(),
            tier_process: parure_text::may(tier.and_then(|tier| tier.process.as_deref())),
        }
    }

    fn lot(&self, index: usize) -> Result<parure_lot, Trouble> {
        let lot = self.account.points.lots.get(index).ok_or_else(|| no_such_index(index))?;
        Ok(parure_lot {
            size: size_of::<parure_lot>(),
            fact: parure_text::of(&lot.fact),
            points: lot.points,
            first_day: number(lot.first_day),
            last_day: may_number(lot.last_day),
        })
    }
}

/// Reads an account.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_read(
    account: *const parure_account,
    view: *mut parure_account_view,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let account = unsafe { raw::shared(account, "account") }?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(view, &account.view(), "view") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Points that came from one fact.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_lot(
    account: *const parure_account,
    index: usize,
    lot: *mut parure_lot,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(lot, &found.lot(index)?, "lot") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// What is missing towards the next tier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_next_goal(
    account: *const parure_account,
    index: usize,
    goal: *mut parure_goal,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        // SAFETY: as the header asks.
        unsafe {
            raw::fill(
                goal,
                &self::goal(
                    found.account.tier.as_ref().and_then(|tier| tier.next.as_ref()).map(|next| &next.missing),
                    index,
                )?,
                "goal",
            )
        }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// What is missing to keep the tier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_keep_goal(
    account: *const parure_account,
    index: usize,
    goal: *mut parure_goal,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        // SAFETY: as the header asks.
        unsafe {
            raw::fill(
                goal,
                &self::goal(
                    found.account.tier.as_ref().and_then(|tier| tier.keep.as_ref()).map(|keep| &keep.missing),
                    index,
                )?,
                "goal",
            )
        }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Another id of the account: a customer who was merged into it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_alias(
    account: *const parure_account,
    index: usize,
    alias: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(alias, "alias") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        out.set(parure_text::of(found.account.aliases.get(index).ok_or_else(|| no_such_index(index))?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// An account of the household, this one among them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_household_member(
    account: *const parure_account,
    index: usize,
    member: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(member, "member") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        let members = found.account.household.as_ref().map(|household| &household.members);
        let member = members.and_then(|members| members.get(index));
        out.set(parure_text::of(member.ok_or_else(|| no_such_index(index))?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// A coupon that can be used: what lapses first before the rest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_coupon(
    account: *const parure_account,
    index: usize,
    coupon: *mut parure_coupon,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        let told = found.account.coupons.get(index).ok_or_else(|| no_such_index(index))?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(coupon, &told.into(), "coupon") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Something that the shop does for them: by the tier, given, by pieces.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_benefit(
    account: *const parure_account,
    index: usize,
    benefit: *mut parure_benefit,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        let told = found.account.benefits.get(index).ok_or_else(|| no_such_index(index))?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(benefit, &told.into(), "benefit") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// A reward that was redeemed and waits to be handed over, by its place in the order in which they were redeemed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_claimed(
    account: *const parure_account,
    index: usize,
    claimed: *mut parure_claimed,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        let told = found.account.claimed.get(index).ok_or_else(|| no_such_index(index))?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(claimed, &told.into(), "claimed") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// An order that waits to be delivered, or of whose deposits something is left.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_order(
    account: *const parure_account,
    index: usize,
    order: *mut parure_order,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        let told = found.account.orders.get(index).ok_or_else(|| no_such_index(index))?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(order, &told.into(), "order") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// The code of a flag, `overdrawn` for instance; `parure_account_json` tells the facts in conflict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_flag(
    account: *const parure_account,
    index: usize,
    flag: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(flag, "flag") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        out.set(parure_text::of(found.account.flags.get(index).ok_or_else(|| no_such_index(index))?.code));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// The whole account as canonical JSON, the same as the JSON door answers. Borrowed from the account.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_json(
    account: *const parure_account,
    text: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(text, "text") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(account, "account") }?;
        out.set(parure_text::of(found.json.get_or_init(|| canonical(&found.account))));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees an account. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_account_free(account: *mut parure_account) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(account) };
        Ok(())
    });
}
