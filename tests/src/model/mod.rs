//! A slow, plain oracle, written from the semantics alone: each question folds all facts again from the beginning,
//! day by day, with exact fractions.
//!
//! It is for `merge`: facts are never refused. Of the flags that this leaves it knows those of who joins, merges and takes a merge
//! back. Where the semantics leave a choice, the model takes this one:
//!
//! - all points that come in anew pay debt: awards, adjustments, gifts; points restored go back to their lots;
//! - on a return, points that had paid come back before points are taken;
//! - several tenders that don't earn are split over the lines one by one;
//! - a negative adjustment and a gift of more than is usable leave debt, as a spending does;
//! - adjusted points are usable at once and last as long as an award of that day, unless they say their last day;
//! - restored points of an overdrawn spending cancel debt first; what of it was paid meanwhile lives on for `restored`;
//! - "that lot" of 6.3 includes the part of it that a return had restored after its last day;
//! - a rolling tier is looked at when a day begins, and on a return only where the program says `reassess`;
//! - a growth tier follows its value up at once, and down on the yearly day or, with `reassess`, at a return;
//! - a tier held by a lapse was not bought, so no return undoes it;
//! - of a coupon that is used up or taken back it is said that it is, whether it has lapsed too;
//! - after a grant has ended, `since` is that of the tier earned beneath it.

mod benefits;
mod bought_tiers;
mod calendar;
mod condition;
mod coupons;
mod fold;
mod households;
mod introductions;
mod lots;
mod occasions;
mod orders;
mod program;
mod purchase;
mod rewards;
mod stored_value;
mod tiers;

pub use fold::{Asked, account, given_back, lots_given, outcome, parts_transferred, terms_transferred};
pub use households::drawn;

/// An instant in microseconds since 1970.
#[must_use]
pub fn instant(at: &str) -> i64 {
    calendar::instant(at)
}

/// The day a span after another, `2026-03-01` and `1 month`.
#[must_use]
pub fn days_after(day: &str, span: &str) -> String {
    calendar::show(calendar::Span::parse(span).after(calendar::day(day)))
}
