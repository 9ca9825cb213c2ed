//! Moments to remember someone: when each of a program's triggers is due for a person, and what became of it (semantics 13).
//!
//! Nothing here is kept. What is due on a day follows from the facts, as a balance does: two tills that hold the same facts name the same
//! occasions by the same keys.

mod moment;
mod reports;

pub(crate) use moment::{About, HORIZON, Happened, Life, Moment, TierAhead, may_be_far, moments};
pub(crate) use reports::{Became, Reports, key, settles};
