//! `[[reward]]`

use super::Check;
use crate::Id;
use crate::fault::Fault;
use crate::money::Money;
use crate::program::condition::Condition;
use crate::program::rewards::RewardRule;
use crate::program::spec::{ProgramSpec, RewardPriceSpec, RewardSpec};
use crate::program::values::When;
use crate::program::written::Field;

pub(super) fn rewards(check: &Check<'_, '_, '_>, spec: &ProgramSpec) -> Option<Vec<RewardRule>> {
    let Some(list) = spec.reward.maybe()? else { return Some(Vec::new()) };
    let rewards: Vec<RewardRule> =
        list.value.items.iter().filter_map(|spec| reward(check, &spec.value)).collect();
    (list.value.whole && rewards.len() == list.value.items.len()).then_some(rewards)
}

fn reward(check: &Check<'_, '_, '_>, spec: &RewardSpec) -> Option<RewardRule> {
    let RewardSpec { id, name, price, when, at_most } = spec;
    let when = of_customers(check, when);
    let prices = price.here().and_then(|list| {
        if list.value.whole && list.value.items.is_empty() {
            return check.fault(&list.mark, Fault::new("empty_list", "the reward has no price"));
        }
        let prices: Vec<(i64, Money)> =
            list.value.items.iter().filter_map(|one| price_of(check, &one.value)).collect();
        (list.value.whole && prices.len() == list.value.items.len()).then_some(prices)
    });
    let at_most = match at_most.maybe()? {
        None => None,
        Some(times) => Some(check.times(&times.value)?),
    };
    let id = Id::new(&id.here()?.value.0);
    let name = name.maybe()?.map_or_else(|| id.as_str().into(), |name| name.value.0.as_str().into());
    Some(RewardRule { id, name, prices: prices?, when: when?, at_most })
}

fn price_of(check: &Check<'_, '_, '_>, spec: &RewardPriceSpec) -> Option<(i64, Money)> {
    let amount = match spec.amount.maybe()? {
        None => Money::ZERO,
        Some(amount) => check.amount(amount)?,
    };
    Some((spec.points.here()?.value.0, amount))
}

#[expect(clippy::option_option, reason = "a faulty condition and none at all are two things")]
fn of_customers(check: &Check<'_, '_, '_>, field: &Field<When>) -> Option<Option<Condition>> {
    let when = check.condition_of(field, false)?;
    if let (true, Some(written)) = (when.as_ref().is_some_and(|when| when.uses().purchase), field.here()) {
        let fault = Fault::new("asks_of_purchase", "nothing is bought when a reward is redeemed");
        return check.fault(&written.mark, fault.advise("ask of the customer, the store or the day"));
    }
    Some(when)
}
