//! Sealed accounts as snapshots of older layouts have them.

use super::account::{Account, Grant, Membership, Paid, Rare, SoFar};
use super::activity::Activity;
use super::benefits::Benefits;
use super::caps::CapUse;
use super::coupons::Coupon;
use super::introductions::{Claim, Reward};
use super::lots::{FactNo, Purse};
use super::profiles::Profiles;
use super::returns::Returns;
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

/// Before coupons changed hands, tiers were sold, rewards were listed and pieces were ordered.
#[derive(Deserialize)]
pub(crate) struct Unordered {
    paid: Vec<Paid>,
    returns: Vec<Returns>,
    owed: Vec<(FactNo, i64)>,
    grants: Vec<Grant>,
    flags: Vec<Flag>,
    reported: Vec<(u64, FactNo)>,
    ladders: Vec<(u32, Vec<i64>)>,
    claims: Vec<Claim>,
    rewards: Vec<Reward>,
    gifts: Vec<(FactNo, i64)>,
    coupons: Vec<Coupon>,
    benefits: Option<Box<Benefits>>,
    value: Option<Box<StoredValue>>,
}

/// Before there was stored value.
#[derive(Deserialize)]
pub(crate) struct Unvalued {
    paid: Vec<Paid>,
    returns: Vec<Returns>,
    owed: Vec<(FactNo, i64)>,
    grants: Vec<Grant>,
    flags: Vec<Flag>,
    reported: Vec<(u64, FactNo)>,
    ladders: Vec<(u32, Vec<i64>)>,
    claims: Vec<Claim>,
    rewards: Vec<Reward>,
    gifts: Vec<(FactNo, i64)>,
    coupons: Vec<Coupon>,
    benefits: Option<Box<Benefits>>,
}

/// Before there were coupons.
#[derive(Deserialize)]
pub(crate) struct Uncouponed {
    paid: Vec<Paid>,
    returns: Vec<Returns>,
    owed: Vec<(FactNo, i64)>,
    grants: Vec<Grant>,
    flags: Vec<Flag>,
    reported: Vec<(u64, FactNo)>,
    ladders: Vec<(u32, Vec<i64>)>,
    claims: Vec<Claim>,
    rewards: Vec<Reward>,
    gifts: Vec<(FactNo, i64)>,
}

/// Before it was remembered what occasions gave.
#[derive(Deserialize)]
pub(crate) struct Ungifted {
    paid: Vec<Paid>,
    returns: Vec<Returns>,
    owed: Vec<(FactNo, i64)>,
    grants: Vec<Grant>,
    flags: Vec<Flag>,
    reported: Vec<(u64, FactNo)>,
    ladders: Vec<(u32, Vec<i64>)>,
    claims: Vec<Claim>,
    rewards: Vec<Reward>,
}

/// Before introductions were rewarded.
#[derive(Deserialize)]
pub(crate) struct Unrewarded {
    paid: Vec<Paid>,
    returns: Vec<Returns>,
    owed: Vec<(FactNo, i64)>,
    grants: Vec<Grant>,
    flags: Vec<Flag>,
    reported: Vec<(u64, FactNo)>,
    ladders: Vec<(u32, Vec<i64>)>,
}

/// Before anything was reported of occasions.
#[derive(Deserialize)]
pub(crate) struct Unreported {
    paid: Vec<Paid>,
    returns: Vec<Returns>,
    owed: Vec<(FactNo, i64)>,
    grants: Vec<Grant>,
    flags: Vec<Flag>,
    ladders: Vec<(u32, Vec<i64>)>,
}

impl From<Unordered> for Rare {
    fn from(then: Unordered) -> Rare {
        let Unordered { paid, returns, owed, grants, flags, reported, ladders, .. } = then;
        let Unordered { claims, rewards, gifts, coupons, benefits, value, .. } = then;
        Rare {
            paid,
            returns,
            owed,
            grants,
            flags,
            reported,
            ladders,
            claims,
            rewards,
            gifts,
            coupons,
            benefits,
            value,
            ..Rare::default()
        }
    }
}

impl From<Unvalued> for Rare {
    fn from(then: Unvalued) -> Rare {
        let Unvalued { paid, returns, owed, grants, flags, reported, .. } = then;
        let Unvalued { ladders, claims, rewards, gifts, coupons, benefits, .. } = then;
        Rare {
            paid,
            returns,
            owed,
            grants,
            flags,
            reported,
            ladders,
            claims,
            rewards,
            gifts,
            coupons,
            benefits,
            ..Rare::default()
        }
    }
}

impl From<Uncouponed> for Rare {
    fn from(then: Uncouponed) -> Rare {
        let Uncouponed { paid, returns, owed, grants, flags, reported, ladders, claims, rewards, gifts } =
            then;
        Rare {
            paid,
            returns,
            owed,
            grants,
            flags,
            reported,
            ladders,
            claims,
            rewards,
            gifts,
            ..Rare::default()
        }
    }
}

impl From<Ungifted> for Rare {
    fn from(then: Ungifted) -> Rare {
        let Ungifted { paid, returns, owed, grants, flags, reported, ladders, claims, rewards } = then;
        Rare { paid, returns, owed, grants, flags, reported, ladders, claims, rewards, ..Rare::default() }
    }
}

impl From<Unrewarded> for Rare {
    fn from(then: Unrewarded) -> Rare {
        let Unrewarded { paid, returns, owed, grants, flags, reported, ladders } = then;
        Rare { paid, returns, owed, grants, flags, reported, ladders, ..Rare::default() }
    }
}

impl From<Unreported> for Rare {
    fn from(then: Unreported) -> Rare {
        let Unreported { paid, returns, owed, grants, flags, ladders } = then;
        Rare { paid, returns, owed, grants, flags, ladders, ..Rare::default() }
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
