//! `[introduction]`.

use super::Check;
use crate::money::Money;
use crate::program::Introduction;
use crate::program::spec::ProgramSpec;

#[expect(clippy::option_option, reason = "a faulty table and none at all are two things")]
pub(super) fn introduction(check: &Check<'_, '_, '_>, spec: &ProgramSpec) -> Option<Option<Introduction>> {
    let Some(spec) = spec.introduction.maybe()? else { return Some(None) };
    let spec = &spec.value;
    let welcome = match spec.welcome.maybe()? {
        Some(welcome) => welcome.value.points.here()?.value.0,
        None => 0,
    };
    let least = match spec.least.maybe()? {
        Some(least) => check.amount(least)?,
        None => Money::ZERO,
    };
    let at_most = match spec.at_most.maybe()? {
        Some(most) => {
            let count = u32::try_from(most.value.count.here()?.value.0).unwrap_or(u32::MAX);
            Some((count, most.value.within.here()?.value.0))
        }
        None => None,
    };
    Some(Some(Introduction {
        give: spec.give.here()?.value.points.here()?.value.0,
        welcome,
        after: spec.after.here()?.value,
        least,
        at_most,
    }))
}
