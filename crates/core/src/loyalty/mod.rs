//! What a customer is owed: lots of points, what earns and spends them, and tiers.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod alike;
pub(crate) mod basket;
pub(crate) mod benefits;
pub(crate) mod bought_tiers;
mod caps;
pub(crate) mod carried;
pub(crate) mod choosing;
pub(crate) mod counter;
pub(crate) mod coupons;
pub(crate) mod earning;
pub(crate) mod introductions;
pub(crate) mod kinds;
pub(crate) mod lots;
pub(crate) mod objection;
pub(crate) mod older;
pub(crate) mod orders;
mod profiles;
pub(crate) mod returns;
pub(crate) mod rewards;
pub(crate) mod rule_sets;
mod shared;
pub(crate) mod spending;
pub(crate) mod stored_value;
pub(crate) mod tiers;
