//! `[stored_value]`

use super::Check;
use crate::fault::Fault;
use crate::money::Money;
use crate::program::spec::{BonusValueSpec, MostValueSpec, ProgramSpec, TopUpSpec};
use crate::program::stored_value::{Most, SpendOrder, Step, StoredValueRules, VALUE_RESTORED};
use crate::program::values::Amount;
use crate::program::written::{Field, Placed};

#[expect(clippy::option_option, reason = "faulty rules and none at all are two things")]
pub(super) fn rules(check: &Check<'_, '_, '_>, spec: &ProgramSpec) -> Option<Option<StoredValueRules>> {
    let Some(spec) = spec.stored_value.maybe()? else { return Some(None) };
    let steps = match spec.value.top_up.maybe()? {
        None => Some(Vec::new()),
        Some(list) => {
            let steps: Vec<(Step, &Placed<TopUpSpec>)> =
                list.value.items.iter().filter_map(|one| Some((step(check, &one.value)?, one))).collect();
            let all = list.value.whole && steps.len() == list.value.items.len();
            let rising = are_rising(check, &steps);
            (all && rising).then(|| steps.into_iter().map(|(step, _)| step).collect())
        }
    };
    let order = spec.value.spend.or(SpendOrder::BonusFirst);
    let most = most(check, &spec.value.most);
    let offline = match spec.value.offline.maybe()? {
        Some(offline) => check.amount(offline).map(Some),
        None => Some(None),
    };
    let bonus = spec.value.bonus.maybe()?;
    let (valid, on, restored) = match bonus {
        None => (None, None, VALUE_RESTORED),
        Some(bonus) => {
            let BonusValueSpec { valid, on, restored: written } = &bonus.value;
            let on = check.condition_of_lines_alone(on, "value");
            (valid.maybe()?.map(|valid| valid.value), on?, written.or(VALUE_RESTORED)?)
        }
    };
    let (steps, order, most, offline) = (steps?, order?, most?, offline?);
    Some(Some(StoredValueRules { steps, order, valid, on, restored, most, offline }))
}

fn step(check: &Check<'_, '_, '_>, spec: &TopUpSpec) -> Option<Step> {
    let written = spec.bonus.here();
    let from = spec.from.here().and_then(|from| some(check, from));
    let (written, bonus) = (written?, some(check, written?));
    let (from, bonus) = (from?, bonus?);
    if bonus > from {
        let fault = Fault::new("bonus_exceeds", "the bonus is more than what is paid for it");
        return check.fault(&written.mark, fault.advise("write no more than `from`"));
    }
    Some(Step { from, bonus, each: spec.each.or(false)? })
}

/// Each step asks for more than the one before, and gives no less for it: nobody gains by paying less.
fn are_rising(check: &Check<'_, '_, '_>, steps: &[(Step, &Placed<TopUpSpec>)]) -> bool {
    let mut rising = true;
    for pair in steps.windows(2) {
        let [(low, _), (high, written)] = pair else { continue };
        // The least that the lower step gives where the higher one begins.
        let before = low.bonus_for(high.from.minor().saturating_sub(1));
        if high.from > low.from && high.bonus_for(high.from.minor()) < before {
            let fault =
                Fault::new("steps_order", "who reaches this step is given less than who just misses it");
            check.fault::<()>(&written.mark, fault.advise("write a larger bonus, or leave the step out"));
            rising = false;
        }
        if high.from <= low.from {
            let fault = Fault::new("steps_order", "this step does not begin above the one before");
            check.fault::<()>(&written.mark, fault.advise("write the steps from the lowest to the highest"));
            rising = false;
        }
    }
    rising
}

fn most(check: &Check<'_, '_, '_>, field: &Field<MostValueSpec>) -> Option<Most> {
    let Some(spec) = field.maybe()? else { return Some(Most::default()) };
    let amount = |field: &Field<Amount>| match field.maybe() {
        None => None,
        Some(None) => Some(None),
        Some(Some(written)) => some(check, written).map(Some),
    };
    let (customer, card) = (amount(&spec.value.customer), amount(&spec.value.card));
    Some(Most { customer: customer?, card: card? })
}

/// An amount above zero.
fn some(check: &Check<'_, '_, '_>, amount: &Placed<Amount>) -> Option<Money> {
    let found = check.amount(amount)?;
    if found == Money::ZERO {
        let fault = Fault::new("no_amount", "nothing is no amount of value");
        return check.fault(&amount.mark, fault.advise("write an amount above zero"));
    }
    Some(found)
}
