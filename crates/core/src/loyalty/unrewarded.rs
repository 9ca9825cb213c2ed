//! Sealed accounts as snapshots had them before introductions were rewarded.

use super::account::{Account, Grant, Membership, Paid, Rare, SoFar};
use super::activity::Activity;
use super::caps::CapUse;
use super::lots::{FactNo, Purse};
use super::profiles::Profiles;
use super::returns::Returns;
use crate::calendar::Day;
use crate::outcome::Flag;
use serde::Deserialize;

/// The same fields in the same order, but for what introductions are worth.
#[derive(Deserialize)]
pub(crate) struct Unrewarded {
    day: Day,
    order: u32,
    last_taking: Option<FactNo>,
    member: Option<Membership>,
    purse: Purse,
    activity: Activity,
    so_far: Vec<SoFar>,
    caps: CapUse,
    profiles: Profiles,
    rare: Option<Box<UnrewardedRare>>,
}

#[derive(Deserialize)]
struct UnrewardedRare {
    paid: Vec<Paid>,
    returns: Vec<Returns>,
    owed: Vec<(FactNo, i64)>,
    grants: Vec<Grant>,
    flags: Vec<Flag>,
    reported: Vec<(u64, FactNo)>,
    ladders: Vec<(u32, Vec<i64>)>,
}

impl From<Unrewarded> for Account {
    fn from(sealed: Unrewarded) -> Account {
        let Unrewarded { day, order, last_taking, member, purse, activity, so_far, caps, profiles, rare } =
            sealed;
        let rare = rare.map(|rare| {
            let UnrewardedRare { paid, returns, owed, grants, flags, reported, ladders } = *rare;
            Box::new(Rare { paid, returns, owed, grants, flags, reported, ladders, ..Rare::default() })
        });
        Account { day, order, last_taking, member, purse, activity, so_far, caps, profiles, rare }
    }
}
