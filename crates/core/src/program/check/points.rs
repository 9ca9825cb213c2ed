//! `[points]` and `[points.spend]`.

use super::Check;
use crate::calendar::{Day, Span};
use crate::document::Mark;
use crate::fault::Fault;
use crate::money::Money;
use crate::program::spec::{CapSpec, PointsSpec, SpendSpec};
use crate::program::values::{LapseFrom, MOST_POINTS, Missing, Percent, RoundEach, SomeOf, Whole};
use crate::program::written::{Field, Placed};
use crate::program::{Caps, Expiry, PointRules, Ratio, Rounding, SpendRules, Stacking};

/// Tenders that earn nothing unless the program says otherwise (4.2).
const NOT_EARNING: [&str; 3] = ["points", "coupon", "trade_in"];

/// How long points live on that a return gives back (6.4).
const RESTORED: Span = Span::Days(30);

pub(super) fn rules(check: &Check<'_, '_, '_>, field: &Field<PointsSpec>) -> Option<PointRules> {
    let spec = field.or(PointsSpec::default())?;
    let expires = expiry(check, &spec);
    let caps = caps(check, &spec.cap);
    let not_earning = match spec.not_earning.maybe()? {
        None => Some(NOT_EARNING.map(Box::from).to_vec()),
        Some(list) => check.names(&list.value),
    };
    let (missing, restored) = match spec.returns.maybe()? {
        None => (Missing::Owe, RESTORED),
        Some(returns) => (returns.value.missing.or(Missing::Owe)?, returns.value.restored.or(RESTORED)?),
    };
    Some(PointRules {
        rounding: spec.rounding.or(Rounding::Down)?,
        per_line: spec.round.or(RoundEach::Purchase)? == RoundEach::Line,
        pending: spec.pending.maybe()?.map(|span| span.value),
        expires: expires?,
        stacking: spec.stacking.or(Stacking::Best)?,
        caps: caps?,
        forgive_missing: missing == Missing::Forgive,
        restored,
        not_earning: not_earning?,
        offline: spec.offline.maybe()?.map(|most| most.value.0),
    })
}

#[expect(clippy::option_option, reason = "a faulty expiry and none at all are two things")]
fn expiry(check: &Check<'_, '_, '_>, spec: &PointsSpec) -> Option<Option<Expiry>> {
    let Some(expires) = spec.expires.maybe()? else { return Some(None) };
    let after = expires.value.after.here()?;
    let at = expires.value.at.maybe()?.map(|at| at.value);
    let from_usable = expires.value.from.or(LapseFrom::Earned)? == LapseFrom::Usable;
    if let Some(pending) = spec.pending.here()
        && at.is_none()
        && !from_usable
        && never_usable(pending.value, after.value)
    {
        let message =
            format!("points lapse {} after they were earned, before they can be spent", after.value);
        let advice =
            format!("write a longer span than `pending` ({}), or `from = \"usable\"`", pending.value);
        check.fault::<()>(&after.mark, Fault::new("lapses_before_usable", message).advise(advice));
    }
    Some(Some(Expiry { after: after.value, at, from_usable }))
}

/// Whether points lapse before they can be spent, whenever in the year they are earned.
fn never_usable(pending: Span, after: Span) -> bool {
    let mut days = (1..=12).filter_map(|month| Day::of(2026, month, 1));
    days.all(|day| after.last_day_from(day) < pending.end_of_wait(day))
}

fn caps(check: &Check<'_, '_, '_>, field: &Field<CapSpec>) -> Option<Caps> {
    let spec = field.or(CapSpec::default())?;
    let cap = |field: &Field<SomeOf<MOST_POINTS>>| -> Option<Option<i64>> {
        let Some(cap) = field.maybe()? else { return Some(None) };
        if cap.value.0 == 0 {
            let fault = Fault::new("cap_of_zero", "a cap of zero lets nobody earn anything");
            return check.fault(&cap.mark, fault.advise("leave the cap out, or write at least 1"));
        }
        Some(Some(cap.value.0))
    };
    let (purchase, day, month, year) =
        (cap(&spec.purchase), cap(&spec.day), cap(&spec.month), cap(&spec.year));
    Some(Caps { purchase: purchase?, day: day?, month: month?, year: year? })
}

#[expect(clippy::option_option, reason = "faulty rules and none at all are two things")]
pub(super) fn spend(check: &Check<'_, '_, '_>, field: &Field<PointsSpec>) -> Option<Option<SpendRules>> {
    let Some(points) = field.maybe()? else { return Some(None) };
    let Some(spec) = points.value.spend.maybe()? else { return Some(None) };
    let SpendSpec { worth, least, step, share } = &spec.value;
    let worth = &worth.here()?.value;
    let amount_written = worth.amount.here()?;
    let (amount, points) = (check.amount(amount_written)?, worth.points.here()?);
    if points.value.0 == 0 {
        let fault = Fault::new("divides_by_zero", "no points at all can't be worth an amount");
        return check.fault(&points.mark, fault.advise("write how many points pay the amount, such as 100"));
    }
    if amount == Money::ZERO {
        let fault = Fault::new("worth_of_zero", "points that are worth nothing can't be spent");
        return check
            .fault(&amount_written.mark, fault.advise("leave `spend` out, or write an amount above zero"));
    }
    let step_points = step.or(Whole(points.value.0))?.0;
    let least_points = least.or(Whole(step_points))?.0;
    let mark_of = |field: &Field<_>| {
        field.here().map_or_else(|| spec.mark.clone(), |found: &Placed<_>| found.mark.clone())
    };
    whole_step(check, &mark_of(step), step_points, points.value.0, amount)?;
    if least_points.checked_rem(step_points) != Some(0) {
        let fault = Fault::new(
            "least_not_step",
            format!("{least_points} points are no multiple of the step of {step_points}"),
        );
        return check.fault(&mark_of(least), fault);
    }
    let share = share.or(Percent(Ratio::ONE))?.0;
    let rules = SpendRules {
        worth_points: points.value.0,
        worth_amount: amount,
        least: least_points,
        step: step_points,
        share,
    };
    Some(Some(rules))
}

/// One step must be worth whole minor units: a payment is never rounded.
fn whole_step(check: &Check<'_, '_, '_>, mark: &Mark, step: i64, points: i64, amount: Money) -> Option<()> {
    let worth = i128::from(step).saturating_mul(i128::from(amount.minor()));
    if worth.checked_rem(i128::from(points)) == Some(0) {
        return Some(());
    }
    let fault = Fault::new(
        "step_not_whole",
        format!("{step} points are not worth a whole number of the smallest coin"),
    );
    check.fault(mark, fault.advise(format!("write a multiple of {}", smallest_step(points, amount))))
}

/// The smallest number of points that is worth whole minor units.
fn smallest_step(points: i64, amount: Money) -> i64 {
    points.checked_div(num_integer::gcd(points, amount.minor())).unwrap_or(points)
}
