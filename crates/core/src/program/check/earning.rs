//! `[[earn]]` and `[[bonus]]`.

use super::Check;
use crate::document::Mark;
use crate::fault::Fault;
use crate::money::Money;
use crate::program::spec::{BonusSpec, EarnSpec, RungSpec};
use crate::program::written::{Field, List, Placed};
use crate::program::{Bonus, BonusEffect, EarnRule, LadderOver, Slice};

pub(super) fn rules<const MOST: usize>(
    check: &Check<'_, '_, '_>,
    field: &Field<List<EarnSpec, MOST>>,
) -> Option<Vec<EarnRule>> {
    let Some(list) = field.maybe()? else { return Some(Vec::new()) };
    let rules: Vec<_> = list.value.items.iter().map(|spec| rule(check, spec)).collect();
    unreachable(check, &list.value.items);
    if list.value.whole { rules.into_iter().collect() } else { None }
}

fn rule(check: &Check<'_, '_, '_>, spec: &Placed<EarnSpec>) -> Option<EarnRule> {
    let when = check.condition(&spec.value.when);
    let basis = match spec.value.basis.maybe() {
        Some(None) => Some(Vec::new()),
        Some(Some(list)) if list.value.whole && list.value.items.is_empty() => {
            let fault = Fault::new("empty_list", "no component is listed, so nothing would earn");
            check.fault(&list.mark, fault.advise("leave `basis` out where the whole line counts"))
        }
        Some(Some(list)) => check.names(&list.value),
        None => None,
    };
    let slices = slices(check, spec);
    if let (true, Some(over)) = (spec.value.ladder.is_absent(), spec.value.over.here()) {
        let fault = Fault::new(
            "over_without_ladder",
            "`over` says what a ladder climbs over, and there is no `ladder`",
        );
        check.fault::<()>(&over.mark, fault.advise("take `over` out"));
    }
    Some(EarnRule {
        id: spec.value.id.here()?.value.0.as_str().into(),
        when: when?,
        basis: basis?,
        slices: slices?,
        over: spec.value.over.or(LadderOver::Purchase)?,
    })
}

/// The slices of a ladder, or the one of a plain rate.
fn slices(check: &Check<'_, '_, '_>, spec: &Placed<EarnSpec>) -> Option<Vec<Slice>> {
    let EarnSpec { points, per, ladder, .. } = &spec.value;
    let plain = [points.here().map(|found| &found.mark), per.here().map(|found| &found.mark)];
    let plain_mark = plain.into_iter().flatten().next();
    match (ladder.maybe()?, plain_mark) {
        (Some(_), Some(mark)) => {
            let fault = Fault::new("one_of_keys", "a rule has either `points` and `per`, or a `ladder`");
            check.fault(mark, fault.advise("take one of them out"))
        }
        (Some(ladder), None) => rungs(check, ladder),
        (None, _) if points.is_absent() && per.is_absent() => {
            let fault = Fault::new("one_of_keys", "the rule does not say what is earned");
            check.fault(&spec.mark, fault.advise("write `points` and `per`, or a `ladder`"))
        }
        (None, _) => {
            let missing = |key| {
                let fault = Fault::new("missing_key", format!("the key `{key}` is missing"));
                check.fault::<()>(&spec.mark.key(key), fault);
            };
            let rate = check.rate(points, per);
            match (points.is_absent(), per.is_absent()) {
                (true, _) => missing("points"),
                (_, true) => missing("per"),
                (false, false) => {}
            }
            Some(vec![Slice { from: Money::ZERO, rate: rate? }])
        }
    }
}

fn rungs<const MOST: usize>(
    check: &Check<'_, '_, '_>,
    ladder: &Placed<List<RungSpec, MOST>>,
) -> Option<Vec<Slice>> {
    if ladder.value.whole && ladder.value.items.is_empty() {
        return check.fault(&ladder.mark, Fault::new("empty_list", "the ladder has no rungs"));
    }
    let mut slices = Vec::new();
    let mut below: Option<Money> = None;
    for (index, rung) in ladder.value.items.iter().enumerate() {
        let from_written = rung.value.from.here();
        let from = from_written.and_then(|from| check.amount(from));
        let rate = check.rate(&rung.value.points, &rung.value.per);
        if let (Some(from), Some(written)) = (from, from_written) {
            if index == 0 && ladder.value.whole && from != Money::ZERO {
                let fault =
                    Fault::new("ladder_start", format!("the first rung begins at `{}`", written.value.0));
                check.fault::<()>(&written.mark, fault.advise("begin the ladder with `from = \"0\"`"));
            }
            if below.is_some_and(|below| from <= below) {
                let fault =
                    Fault::new("ladder_order", format!("`{}` is not above the rung before", written.value.0));
                check.fault::<()>(
                    &written.mark,
                    fault.advise("write the rungs from the lowest to the highest"),
                );
            }
            below = Some(from);
        }
        slices.push(from.zip(rate).map(|(from, rate)| Slice { from, rate }));
    }
    if ladder.value.whole { slices.into_iter().collect() } else { None }
}

/// A rule after one that matches every line, or with the condition of one before, can never be the first that matches.
fn unreachable(check: &Check<'_, '_, '_>, rules: &[Placed<EarnSpec>]) {
    for (index, rule) in rules.iter().enumerate() {
        let source =
            |rule: &Placed<EarnSpec>| rule.value.when.here().map(|when| when.value.source.trim().to_owned());
        let takes_all = rules.iter().take(index).find_map(|before| match before.value.when {
            Field::Absent => Some((before, "matches every line")),
            Field::Here(_) if source(before) == source(rule) => Some((before, "has the same condition")),
            _ => None,
        });
        if let Some((before, why)) = takes_all {
            let message = format!("no line gets here: {} before it {why}", named(before));
            let advice = format!("move it above {}", named(before));
            let advice = if why.starts_with("matches") { advice } else { "take one of them out".to_owned() };
            let mark = rule.value.id.here().map_or(&rule.mark, |id: &Placed<_>| &id.mark);
            check.fault::<()>(mark, Fault::new("unreachable_rule", message).advise(advice));
        }
    }
}

fn named(rule: &Placed<EarnSpec>) -> String {
    let place: &Mark = &rule.mark;
    rule.value.id.here().map_or_else(|| format!("`{}`", place.path), |id| format!("`{}`", id.value.0))
}

pub(super) fn bonuses<const MOST: usize>(
    check: &Check<'_, '_, '_>,
    field: &Field<List<BonusSpec, MOST>>,
) -> Option<Vec<Bonus>> {
    let Some(list) = field.maybe()? else { return Some(Vec::new()) };
    let bonuses: Vec<_> = list.value.items.iter().map(|spec| bonus(check, spec)).collect();
    if list.value.whole { bonuses.into_iter().collect() } else { None }
}

fn bonus(check: &Check<'_, '_, '_>, spec: &Placed<BonusSpec>) -> Option<Bonus> {
    let when = check.condition(&spec.value.when);
    let effect = match (spec.value.multiply.maybe(), spec.value.add.maybe()) {
        (Some(Some(factor)), Some(None)) => Some(BonusEffect::Multiply(factor.value.0)),
        (Some(None), Some(Some(points))) => Some(BonusEffect::Add(points.value.0)),
        (Some(Some(_)), Some(Some(add))) => {
            let fault = Fault::new("one_of_keys", "a bonus has either `multiply` or `add`");
            check.fault(&add.mark, fault.advise("write two bonuses"))
        }
        (Some(None), Some(None)) => {
            let fault = Fault::new("one_of_keys", "the bonus does not say what it gives");
            check.fault(&spec.mark, fault.advise("write `multiply` or `add`"))
        }
        (None, _) | (_, None) => None,
    };
    Some(Bonus { id: spec.value.id.here()?.value.0.as_str().into(), when: when?, effect: effect? })
}
