//! `[[coupon]]` and `[coupons]`.

use super::Check;
use super::triggers::at_most;
use crate::Id;
use crate::fault::Fault;
use crate::money::Money;
use crate::program::coupons::{CouponOrder, CouponRule, InAll, Off, Returned};
use crate::program::spec::{CouponSpec, ProgramSpec};
use crate::program::values::Whole;
use crate::program::written::Placed;

pub(super) fn coupons(check: &Check<'_, '_, '_>, spec: &ProgramSpec) -> Option<Vec<CouponRule>> {
    let Some(list) = spec.coupon.maybe()? else { return Some(Vec::new()) };
    let coupons: Vec<CouponRule> = list.value.items.iter().filter_map(|spec| coupon(check, spec)).collect();
    (list.value.whole && coupons.len() == list.value.items.len()).then_some(coupons)
}

pub(super) fn order(spec: &ProgramSpec) -> Option<CouponOrder> {
    let Some(coupons) = spec.coupons.maybe()? else { return Some(CouponOrder::PercentFirst) };
    coupons.value.order.or(CouponOrder::PercentFirst)
}

fn coupon(check: &Check<'_, '_, '_>, spec: &Placed<CouponSpec>) -> Option<CouponRule> {
    let CouponSpec { id, name, least, when, valid, wait, until, .. } = &spec.value;
    let CouponSpec { uses, stacks, group, with_points, returned, .. } = &spec.value;
    let off = off(check, spec);
    let most = most(check, spec, off);
    let on = check.condition_of_lines(&spec.value.on);
    let when = check.condition_of(when, false);
    let least = match least.maybe()? {
        Some(least) => check.amount(least),
        None => Some(Money::ZERO),
    };
    let id = Id::new(&id.here()?.value.0);
    let name = name.maybe()?.map_or_else(|| id.as_str().into(), |name| name.value.0.as_str().into());
    let (valid, until) = (valid.maybe()?, until.maybe()?.map(|until| until.value));
    Some(CouponRule {
        id,
        name,
        off: off?,
        most: most?,
        on: on?,
        least: least?,
        when: when?,
        wait: wait.maybe()?.map(|wait| wait.value),
        valid: valid.map(|valid| valid.value),
        until,
        uses: usize::try_from(uses.or(Whole(1))?.0).unwrap_or(1),
        at_most: at_most(&spec.value.at_most)?,
        in_all: in_all(&spec.value)?,
        transferable: spec.value.transferable.or(false)?,
        stacks: stacks.or(true)?,
        group: group.maybe()?.map(|group| Id::new(&group.value.0)),
        with_points: with_points.or(true)?,
        with_stored_value: spec.value.with_stored_value.or(true)?,
        returned: returned.or(Returned::Rest)?,
    })
}

#[expect(clippy::option_option, reason = "a faulty limit and none at all are two things")]
fn in_all(spec: &CouponSpec) -> Option<Option<InAll>> {
    let Some(in_all) = spec.in_all.maybe()? else { return Some(None) };
    let count = usize::try_from(in_all.value.count.here()?.value.0).unwrap_or(usize::MAX);
    Some(Some(InAll { count, within: in_all.value.within.maybe()?.map(|within| within.value) }))
}

/// What it takes off: exactly one of its ways.
fn off(check: &Check<'_, '_, '_>, spec: &Placed<CouponSpec>) -> Option<Off> {
    let CouponSpec { off, percent, each, free, price, .. } = &spec.value;
    let ways =
        [!off.is_absent(), !percent.is_absent(), !each.is_absent(), !free.is_absent(), !price.is_absent()];
    if ways.iter().filter(|written| **written).count() != 1 {
        let fault = Fault::new("one_of_keys", "a coupon takes something off in exactly one way");
        return check
            .fault(&spec.mark, fault.advise("write one of `off`, `percent`, `each`, `free`, `price`"));
    }
    if let Some(off) = off.here() {
        return some(check, off).map(Off::Amount);
    }
    if let Some(percent) = percent.here() {
        return Some(Off::Percent(percent.value.0));
    }
    if let Some(each) = each.here() {
        let full = each.value.full.here().and_then(|full| some(check, full));
        let off_written = each.value.off.here()?;
        let (full, off) = (full?, some(check, off_written)?);
        if off > full {
            let fault = Fault::new("takes_too_much_off", "more is taken off than what it is taken off for");
            return check.fault(&off_written.mark, fault.advise("write less than `full`"));
        }
        return Some(Off::Each { full, off });
    }
    if let Some(free) = free.here() {
        let buy = free.value.buy.or(Whole(0))?.0;
        return Some(Off::Free { buy, get: free.value.get.here()?.value.0 });
    }
    check.amount(price.here()?).map(Off::Price)
}

/// An amount above zero.
fn some(check: &Check<'_, '_, '_>, amount: &Placed<crate::program::values::Amount>) -> Option<Money> {
    let found = check.amount(amount)?;
    if found == Money::ZERO {
        let fault = Fault::new("takes_nothing_off", "nothing is an amount that takes nothing off");
        return check.fault(&amount.mark, fault.advise("write an amount above zero"));
    }
    Some(found)
}

#[expect(clippy::option_option, reason = "a faulty amount and none at all are two things")]
fn most(check: &Check<'_, '_, '_>, spec: &Placed<CouponSpec>, off: Option<Off>) -> Option<Option<Money>> {
    let Some(most) = spec.value.most.maybe()? else { return Some(None) };
    if let Some(Off::Amount(_)) = off {
        let fault = Fault::new("needless_key", "`most` says nothing beside `off`");
        return check.fault(&most.mark, fault.advise("leave it out"));
    }
    some(check, most).map(Some)
}
