//! Sealed accounts as snapshots of older layouts have them.

use super::account::{Account, Grant, Membership, Paid, Rare, SoFar};
use super::activity::Activity;
use super::benefits::Benefits;
use super::bought_tiers::BoughtTier;
use super::caps::CapUse;
use super::coupons::{Coupon, Use};
use super::introductions::{Claim, Reward};
use super::lots::{FactNo, Purse};
use super::orders::Order;
use super::profiles::Profiles;
use super::returns::Returns;
use super::rewards::Claimed;
use super::stored_value::StoredValue;
use crate::calendar::Day;
use crate::outcome::Flag;
use serde::Deserialize;

/// The fields of an account in their order, with what few accounts have as it was then.
#[derive(Deserialize)]
pub(crate) struct Older<RareThen> {
    day: Day,
    order: u32,
    last_taking: Option<FactNo>,
    member: Option<Membership>,
    purse: Purse,
    activity: Activity,
    so_far: Vec<SoFar>,
    caps: CapUse,
    profiles: Profiles,
    rare: Option<Box<RareThen>>,
}

/// What few accounts have, as it was in an older layout: the fields that there were, in their order.
macro_rules! rare_then {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty $(=> $now:path)?,)* }) => {
        $(#[$doc])*
        #[derive(Deserialize)]
        pub(crate) struct $name {
            $($field: $type,)*
        }

        impl From<$name> for Rare {
            #[allow(clippy::needless_update, reason = "the latest of them has all fields")]
            fn from(then: $name) -> Rare {
                let $name { $($field),* } = then;
                Rare { $($field: rare_then!(@ $field $(, $now)?),)* ..Rare::default() }
            }
        }
    };
    (@ $field:ident) => { $field };
    (@ $field:ident, $now:path) => { $now($field) };
}

/// A coupon before it could be passed on or held.
#[derive(Deserialize)]
pub(crate) struct CouponThen {
    fact: FactNo,
    of: Box<str>,
    micros: i64,
    issued: Day,
    first: Day,
    last: Option<Day>,
    uses: Vec<Use>,
    voided: Option<FactNo>,
}

fn unheld(coupons: Vec<CouponThen>) -> Vec<Coupon> {
    let now = |then: CouponThen| {
        let CouponThen { fact, of, micros, issued, first, last, uses, voided } = then;
        Coupon {
            fact,
            of,
            micros,
            issued,
            first,
            last,
            uses,
            voided,
            transferred: None,
            hold: None,
            bearer: false,
        }
    };
    coupons.into_iter().map(now).collect()
}

rare_then! {
    /// Before coupons could be passed on or held.
    Unheld {
        paid: Vec<Paid>,
        returns: Vec<Returns>,
        owed: Vec<(FactNo, i64)>,
        grants: Vec<Grant>,
        flags: Vec<Flag>,
        reported: Vec<(u64, FactNo)>,
        ladders: Vec<(u32, Vec<i64>)>,
        introduction_claims: Vec<Claim>,
        introduction_rewards: Vec<Reward>,
        gifts: Vec<(FactNo, i64)>,
        coupons: Vec<CouponThen> => unheld,
        benefits: Option<Box<Benefits>>,
        value: Option<Box<StoredValue>>,
        bought_tiers: Vec<BoughtTier>,
        claimed: Vec<Claimed>,
        orders: Vec<Order>,
    }
}

rare_then! {
    /// Before tiers were sold, rewards were listed and pieces were ordered.
    Unordered {
        paid: Vec<Paid>,
        returns: Vec<Returns>,
        owed: Vec<(FactNo, i64)>,
        grants: Vec<Grant>,
        flags: Vec<Flag>,
        reported: Vec<(u64, FactNo)>,
        ladders: Vec<(u32, Vec<i64>)>,
        introduction_claims: Vec<Claim>,
        introduction_rewards: Vec<Reward>,
        gifts: Vec<(FactNo, i64)>,
        coupons: Vec<CouponThen> => unheld,
        benefits: Option<Box<Benefits>>,
        value: Option<Box<StoredValue>>,
    }
}

rare_then! {
    /// Before there was stored value.
    Unvalued {
        paid: Vec<Paid>,
        returns: Vec<Returns>,
        owed: Vec<(FactNo, i64)>,
        grants: Vec<Grant>,
        flags: Vec<Flag>,
        reported: Vec<(u64, FactNo)>,
        ladders: Vec<(u32, Vec<i64>)>,
        introduction_claims: Vec<Claim>,
        introduction_rewards: Vec<Reward>,
        gifts: Vec<(FactNo, i64)>,
        coupons: Vec<CouponThen> => unheld,
        benefits: Option<Box<Benefits>>,
    }
}

rare_then! {
    /// Before there were coupons.
    Uncouponed {
        paid: Vec<Paid>,
        returns: Vec<Returns>,
        owed: Vec<(FactNo, i64)>,
        grants: Vec<Grant>,
        flags: Vec<Flag>,
        reported: Vec<(u64, FactNo)>,
        ladders: Vec<(u32, Vec<i64>)>,
        introduction_claims: Vec<Claim>,
        introduction_rewards: Vec<Reward>,
        gifts: Vec<(FactNo, i64)>,
    }
}

rare_then! {
    /// Before it was remembered what occasions gave.
    Ungifted {
        paid: Vec<Paid>,
        returns: Vec<Returns>,
        owed: Vec<(FactNo, i64)>,
        grants: Vec<Grant>,
        flags: Vec<Flag>,
        reported: Vec<(u64, FactNo)>,
        ladders: Vec<(u32, Vec<i64>)>,
        introduction_claims: Vec<Claim>,
        introduction_rewards: Vec<Reward>,
    }
}

rare_then! {
    /// Before introductions were rewarded.
    Unrewarded {
        paid: Vec<Paid>,
        returns: Vec<Returns>,
        owed: Vec<(FactNo, i64)>,
        grants: Vec<Grant>,
        flags: Vec<Flag>,
        reported: Vec<(u64, FactNo)>,
        ladders: Vec<(u32, Vec<i64>)>,
    }
}

rare_then! {
    /// Before anything was reported of occasions.
    Unreported {
        paid: Vec<Paid>,
        returns: Vec<Returns>,
        owed: Vec<(FactNo, i64)>,
        grants: Vec<Grant>,
        flags: Vec<Flag>,
        ladders: Vec<(u32, Vec<i64>)>,
    }
}

impl<RareThen> From<Older<RareThen>> for Account
where
    Rare: From<RareThen>,
{
    fn from(sealed: Older<RareThen>) -> Account {
        let Older { day, order, last_taking, member, purse, activity, so_far, caps, profiles, rare } = sealed;
        let rare = rare.map(|rare| Box::new(Rare::from(*rare)));
        Account { day, order, last_taking, member, purse, activity, so_far, caps, profiles, rare }
    }
}
