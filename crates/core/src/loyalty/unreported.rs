//! Sealed accounts as snapshots had them before anything was reported of occasions.

use super::account::{Account, Grant, Membership, Paid, Rare, SoFar};
use super::activity::Activity;
use super::caps::CapUse;
use super::lots::{FactNo, Purse};
use super::profiles::Profiles;
use super::returns::Returns;
use crate::calendar::Day;
use crate::outcome::Flag;
use serde::Deserialize;

/// The same fields in the same order, but for what was reported.
#[derive(Deserialize)]
pub(crate) struct Unreported {
    day: Day,
    order: u32,
    last_taking: Option<FactNo>,
    member: Option<Membership>,
    purse: Purse,
    activity: Activity,
    so_far: Vec<SoFar>,
    caps: CapUse,
    profiles: Profiles,
    rare: Option<Box<UnreportedRare>>,
}

#[derive(Deserialize)]
struct UnreportedRare {
    paid: Vec<Paid>,
    returns: Vec<Returns>,
    owed: Vec<(FactNo, i64)>,
    grants: Vec<Grant>,
    flags: Vec<Flag>,
    ladders: Vec<(u32, Vec<i64>)>,
}

impl From<Unreported> for Account {
    fn from(sealed: Unreported) -> Account {
        let Unreported { day, order, last_taking, member, purse, activity, so_far, caps, profiles, rare } =
            sealed;
        let rare = rare.map(|rare| {
            let UnreportedRare { paid, returns, owed, grants, flags, ladders } = *rare;
            Box::new(Rare { paid, returns, owed, grants, flags, ladders, ..Rare::default() })
        });
        Account { day, order, last_taking, member, purse, activity, so_far, caps, profiles, rare }
    }
}
