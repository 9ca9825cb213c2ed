//! `[[benefit]]`, and what tiers have of them.

use super::Check;
use crate::Id;
use crate::fault::Fault;
use crate::program::benefits::BenefitRule;
use crate::program::spec::{BenefitSpec, ProgramSpec};
use crate::program::values::Name;
use crate::program::written::{Field, List};

pub(super) fn benefits(check: &Check<'_, '_, '_>, spec: &ProgramSpec) -> Option<Vec<BenefitRule>> {
    let Some(list) = spec.benefit.maybe()? else { return Some(Vec::new()) };
    let benefits: Vec<BenefitRule> =
        list.value.items.iter().filter_map(|spec| benefit(check, &spec.value)).collect();
    (list.value.whole && benefits.len() == list.value.items.len()).then_some(benefits)
}

fn benefit(check: &Check<'_, '_, '_>, spec: &BenefitSpec) -> Option<BenefitRule> {
    let BenefitSpec { id, name, times, lines, valid } = spec;
    let lines = check.condition_of_lines(lines);
    let times = match times.maybe()? {
        None => None,
        Some(times) => Some(check.times(&times.value)?),
    };
    let id = Id::new(&id.here()?.value.0);
    let name = name.maybe()?.map_or_else(|| id.as_str().into(), |name| name.value.0.as_str().into());
    Some(BenefitRule { id, name, times, lines: lines?, valid: valid.maybe()?.map(|valid| valid.value) })
}

/// The benefits of a tier, of which each must be declared.
pub(super) fn of_tier<const MOST: usize>(
    check: &Check<'_, '_, '_>,
    field: &Field<List<Name, MOST>>,
) -> Option<Vec<Id>> {
    let Some(list) = field.maybe()? else { return Some(Vec::new()) };
    let names = check.names(&list.value);
    let mut known = true;
    for unknown in list.value.items.iter().filter(|name| !check.benefit_ids.knows(&name.value.0)) {
        known = false;
        let fault = Fault::new("unknown_benefit", format!("no benefit has the id `{}`", unknown.value.0));
        check.fault::<()>(&unknown.mark, fault.advise(check.benefit_ids.advice(&unknown.value.0, "benefit")));
    }
    Some(names?.iter().map(Id::new).collect()).filter(|_| known)
}
