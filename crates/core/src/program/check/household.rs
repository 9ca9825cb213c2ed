//! `[household]`.

use super::Check;
use crate::fault::Fault;
use crate::program::spec::ProgramSpec;
use crate::program::values::{MOST_MEMBERS, Whole};
use crate::program::{Household, Qualifying};

#[expect(clippy::option_option, reason = "a faulty table and none at all are two things")]
pub(super) fn household(
    check: &Check<'_, '_, '_>,
    spec: &ProgramSpec,
    qualifying: Option<&Qualifying>,
) -> Option<Option<Household>> {
    let Some(household) = spec.household.maybe()? else { return Some(None) };
    let members = household.value.members.or(Whole(MOST_MEMBERS))?.0;
    let pool_spend = household.value.pool_spend.or(false)?;
    let when = qualifying.and_then(|qualifying| qualifying.when.as_ref());
    if pool_spend && when.is_some_and(|when| when.uses().customer) {
        let fault = Fault::new(
            "asks_whose_spend",
            "what a purchase counts for depends on who bought it in `[qualifying]`, and can't be pooled",
        );
        let advice = "ask for the line, the purchase or the day alone, or leave `pool_spend` out";
        return check.fault(&household.mark, fault.advise(advice));
    }
    Some(Some(Household { members: usize::try_from(members).unwrap_or(usize::MAX), pool_spend }))
}
