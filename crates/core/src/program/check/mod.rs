//! From the spec as written to the program as checked. Each room checks its own part; a part whose keys were faulty answers
//! `None` without telling it once more.

mod benefits;
mod coupons;
mod customers;
mod earning;
mod household;
mod introduction;
mod points;
mod rewards;
mod stored_value;
mod tiers;
mod triggers;

use super::condition::{Condition, Known};
use super::customers::Declared;
use super::spec::{ProgramSpec, QualifyingSpec, TimesSpec};
use super::values::{Amount, Join, Millionths, Name, OnReturn, When};
use super::written::{Field, List, Placed};
use super::{Denominators, Program, Qualifying, Ratio, Window};
use crate::calendar::{DatePolicy, Leap29, LeapMonth};
use crate::document::{Mark, Spot, nearest};
use crate::fault::Fault;
use crate::money::{Currency, Money, shorten};
use std::collections::HashMap;

/// The id of the one tier of a program that names none.
pub(super) const ONLY_TIER: &str = "member";

/// Checks a whole program. `source` is the text it is kept as.
pub(super) fn program(spec: &ProgramSpec, spot: Spot<'_, '_>, source: &str) -> Option<Program> {
    let mut check = Check::new(spec, spot);
    check.ids(spec);
    // Conditions may ask for the fields that are declared.
    let customers = customers::customers(&check, spec);
    check.fields = customers.as_ref().map(|customers| (customers.fields.clone(), customers.pieces.clone()));
    let points = points::rules(&check, &spec.points);
    let spend = points::spend(&check, &spec.points);
    let earn = earning::rules(&check, &spec.earn);
    let bonuses = earning::bonuses(&check, &spec.bonus);
    let growth = tiers::growth(&check, spec);
    let tiers = tiers::tiers(&check, spec);
    let qualifying = check.qualifying(&spec.qualifying);
    let (triggers, messages) = (triggers::triggers(&check, spec), triggers::messages(spec));
    let introduction = introduction::introduction(&check, spec);
    let benefits = benefits::benefits(&check, spec);
    let rewards = rewards::rewards(&check, spec);
    let (coupons, coupon_order) = (coupons::coupons(&check, spec), coupons::order(spec));
    let stored_value = stored_value::rules(&check, spec);
    let household = household::household(&check, spec, qualifying.as_ref());
    let dates = spec.dates.maybe().and_then(|dates| {
        let Some(dates) = dates.map(|dates| &dates.value) else { return Some(DatePolicy::default()) };
        let leap_29 = dates.leap_day.or(Leap29::default())?;
        Some(DatePolicy { leap_29, leap_month: dates.leap_month.or(LeapMonth::default())? })
    });
    spec.edition.here()?;
    let (earn, bonuses, tiers) = (earn?, bonuses?, tiers?);
    Some(Program {
        name: spec.name.here()?.value.0.as_str().into(),
        effective: spec.effective.here()?.value,
        currency: check.currency?,
        zone: spec.time_zone.here()?.value,
        joins_at_purchase: spec.join.or(Join::First)? == Join::AtPurchase,
        dates: dates?,
        points: points?,
        spend: spend?,
        denominators: Denominators::of(&earn, &bonuses, &tiers),
        earn,
        bonuses,
        tiers,
        qualifying: qualifying?,
        growth: growth?,
        customers: customers?,
        triggers: triggers?,
        messages: messages?,
        introduction: introduction?,
        household: household?,
        benefits: benefits?,
        rewards: rewards?,
        coupons: coupons?,
        coupon_order: coupon_order?,
        stored_value: stored_value?,
        source: source.into(),
    })
}

/// The ids of what a program declares under one key; none when some of them are faulty.
struct Ids<'c>(Option<Vec<&'c str>>);

impl<'c> Ids<'c> {
    fn of<T, const MOST: usize>(
        field: &'c Field<List<T, MOST>>,
        id: impl Fn(&'c T) -> &'c Field<Name>,
    ) -> Self {
        Ids(match field {
            Field::Absent => Some(Vec::new()),
            Field::Faulty => None,
            Field::Here(list) if !list.value.whole => None,
            Field::Here(list) => {
                let ids = list.value.items.iter().map(|one| id(&one.value).here());
                ids.map(|id| id.map(|id| id.value.0.as_str())).collect()
            }
        })
    }

    /// Whether it is among them, as far as that can be told.
    fn knows(&self, id: &str) -> bool {
        self.0.as_ref().is_none_or(|ids| ids.contains(&id))
    }

    fn advice(&self, wrong: &str, key: &str) -> String {
        let near = nearest(wrong, self.0.iter().flatten().copied());
        near.map_or_else(|| format!("declare it with `[[{key}]]`"), |id| format!("did you mean `{id}`?"))
    }
}

/// What the parts of a program are checked against.
struct Check<'c, 's, 'a> {
    spot: Spot<'s, 'a>,
    /// `None` when it is faulty: amounts can't be checked then.
    currency: Option<Currency>,
    tier_ids: Vec<&'c str>,
    /// Whether these are all: some tier's id is faulty otherwise.
    tier_ids_whole: bool,
    /// The coupons and benefits that triggers may give and tiers have.
    coupon_ids: Ids<'c>,
    benefit_ids: Ids<'c>,
    /// The fields that it declares; none when some of them are faulty.
    fields: Option<(Vec<Declared>, Vec<Declared>)>,
}

impl<'c, 's, 'a> Check<'c, 's, 'a> {
    fn new(spec: &'c ProgramSpec, spot: Spot<'s, 'a>) -> Self {
        let tiers = spec.tier.here();
        let tier_ids = tiers.map_or(vec![ONLY_TIER], |tiers| {
            let ids = tiers.value.items.iter().filter_map(|tier| tier.value.id.here());
            ids.map(|id| id.value.0.as_str()).collect()
        });
        let tier_ids_whole = match &spec.tier {
            Field::Absent => true,
            Field::Faulty => false,
            Field::Here(tiers) => tiers.value.whole && tier_ids.len() == tiers.value.items.len(),
        };
        Check {
            spot,
            currency: spec.currency.here().map(|code| code.value),
            tier_ids,
            tier_ids_whole,
            coupon_ids: Ids::of(&spec.coupon, |coupon| &coupon.id),
            benefit_ids: Ids::of(&spec.benefit, |benefit| &benefit.id),
            fields: None,
        }
    }

    /// Tells of a fault. `None` stands for the part that can't be had because of it.
    fn fault<T>(&self, mark: &Mark, fault: Fault) -> Option<T> {
        self.spot.fault_at(mark, fault);
        None
    }

    /// An amount of at least nothing.
    fn amount(&self, amount: &Placed<Amount>) -> Option<Money> {
        match self.currency?.money(&amount.value.0) {
            Ok(money) if money < Money::ZERO => {
                let message = format!("`{}` is less than nothing", shorten(&amount.value.0));
                self.fault(&amount.mark, Fault::new("money_negative", message))
            }
            Ok(money) => Some(money),
            Err(fault) => self.fault(&amount.mark, fault),
        }
    }

    /// So many points (or growth value) per minor unit.
    fn rate(&self, points: &Field<Millionths>, per: &Field<Amount>) -> Option<Ratio> {
        let per = per.here()?;
        let amount = self.amount(per)?;
        if amount == Money::ZERO {
            let fault = Fault::new("divides_by_zero", "points for each amount of nothing are without end");
            return self.fault(&per.mark, fault.advise("write an amount above zero, such as \"10.00\""));
        }
        let points = points.here()?;
        let millionths_per_minor = i128::from(amount.minor()).saturating_mul(1_000_000);
        Ratio::new(i128::from(points.value.0), millionths_per_minor).or_else(|| {
            let fault =
                Fault::new("rate_bounds", "the rate is too fine or too coarse to be computed exactly");
            self.fault(&points.mark, fault.advise("write fewer digits, or a smaller amount in `per`"))
        })
    }

    /// A condition, with the places of its faults in the program.
    #[expect(clippy::option_option, reason = "a faulty condition and none at all are two things")]
    fn condition(&self, field: &Field<When>) -> Option<Option<Condition>> {
        self.condition_of(field, true)
    }

    /// The same, given whether it is asked of one line at a time.
    #[expect(clippy::option_option, reason = "a faulty condition and none at all are two things")]
    fn condition_of(&self, field: &Field<When>, lines: bool) -> Option<Option<Condition>> {
        let Some(when) = field.maybe()? else { return Some(None) };
        let (fields, pieces) = self.fields.as_ref().map_or((&[][..], &[][..]), |(own, pieces)| (own, pieces));
        let known = Known { currency: self.currency?, tiers: &self.tier_ids, fields, pieces, lines };
        let faults = match Condition::parse(&when.value.source, &known) {
            Ok(condition) => return Some(Some(condition)),
            Err(faults) => faults,
        };
        for fault in faults {
            let is_of_faulty = match fault.code {
                "unknown_tier" => !self.tier_ids_whole,
                "unknown_custom" => self.fields.is_none(),
                _ => false,
            };
            if is_of_faulty {
                continue;
            }
            let mut mark = when.mark.clone();
            if let Some(start) = when.value.start {
                mark.span = start.saturating_add(fault.at.start)..start.saturating_add(fault.at.end);
            }
            let told = Fault::new(fault.code, fault.message);
            self.spot.fault_at(&mark, Fault { advice: fault.advice, ..told });
        }
        None
    }

    /// Each id once, whatever it names: explanations name rules and tiers by it.
    fn ids(&self, spec: &ProgramSpec) {
        let earn =
            spec.earn.here().into_iter().flat_map(|list| list.value.items.iter().map(|rule| &rule.value.id));
        let bonus =
            spec.bonus.here().into_iter().flat_map(|list| list.value.items.iter().map(|rule| &rule.value.id));
        let tier =
            spec.tier.here().into_iter().flat_map(|list| list.value.items.iter().map(|tier| &tier.value.id));
        let trigger = spec
            .trigger
            .here()
            .into_iter()
            .flat_map(|list| list.value.items.iter().map(|trigger| &trigger.value.id));
        let coupon = spec
            .coupon
            .here()
            .into_iter()
            .flat_map(|list| list.value.items.iter().map(|coupon| &coupon.value.id));
        let benefit = spec
            .benefit
            .here()
            .into_iter()
            .flat_map(|list| list.value.items.iter().map(|benefit| &benefit.value.id));
        let reward = spec
            .reward
            .here()
            .into_iter()
            .flat_map(|list| list.value.items.iter().map(|reward| &reward.value.id));
        let all = earn.chain(bonus).chain(tier).chain(trigger).chain(coupon).chain(benefit).chain(reward);
        let mut ids: Vec<_> = all.filter_map(Field::here).collect();
        ids.sort_by_key(|id| id.mark.span.start);
        let mut first: HashMap<&str, &Mark> = HashMap::new();
        for id in ids {
            let name = id.value.0.as_str();
            if let Some(before) = first.get(name) {
                let message = format!("the id `{name}` is taken by `{}`", before.parent());
                self.spot
                    .fault_at(&id.mark, Fault::new("repeated_id", message).advise("give each its own id"));
            } else {
                first.insert(name, &id.mark);
            }
        }
    }

    /// A condition that says which lines something is for: what it is worth must follow from the basket alone, whoever buys.
    #[expect(clippy::option_option, reason = "a faulty condition and none at all are two things")]
    fn condition_of_lines(&self, field: &Field<When>) -> Option<Option<Condition>> {
        let on = self.condition(field)?;
        let asks_more = on.as_ref().is_some_and(|on| on.uses().customer || on.uses().purchase);
        if let (true, Some(written)) = (asks_more, field.here()) {
            let fault =
                Fault::new("asks_more_than_lines", "it says which lines are meant, and asks of no more");
            return self.fault(&written.mark, fault.advise("ask of the customer and the purchase elsewhere"));
        }
        Some(on)
    }

    /// The same, where `what` must stay as it is when a buyer is forgotten, with what was told of their pieces.
    #[expect(clippy::option_option, reason = "a faulty condition and none at all are two things")]
    fn condition_of_lines_alone(&self, field: &Field<When>, what: &str) -> Option<Option<Condition>> {
        let on = self.condition_of_lines(field)?;
        if let (true, Some(written)) = (on.as_ref().is_some_and(|on| on.uses().piece), field.here()) {
            let message = format!(
                "what is told of the very piece is gone once its buyer is forgotten, and {what} must not move then"
            );
            let fault = Fault::new("asks_more_than_lines", message);
            return self.fault(&written.mark, fault.advise("ask of the item, the category or the amount"));
        }
        Some(on)
    }

    /// So many times within a window.
    fn times(&self, spec: &TimesSpec) -> Option<(usize, Window)> {
        let count = usize::try_from(spec.count.here()?.value.0).unwrap_or(usize::MAX);
        Some((count, spec.within.here()?.value.0))
    }

    /// Names that each come once.
    fn names<const MOST: usize>(&self, list: &List<super::values::Name, MOST>) -> Option<Vec<Box<str>>> {
        let mut names: Vec<Box<str>> = Vec::new();
        for name in &list.items {
            if names.iter().any(|before| **before == *name.value.0) {
                let message = format!("`{}` is listed twice", name.value.0);
                self.spot.fault_at(&name.mark, Fault::new("repeated_name", message));
            }
            names.push(name.value.0.as_str().into());
        }
        list.whole.then_some(names)
    }

    fn qualifying(&self, field: &Field<QualifyingSpec>) -> Option<Qualifying> {
        let Some(spec) = field.maybe()? else { return Some(Qualifying::default()) };
        let when = self.condition(&spec.value.when);
        let reassess_on_return = spec.value.on_return.or(OnReturn::Keep)? == OnReturn::Reassess;
        Some(Qualifying { when: when?, reassess_on_return })
    }
}
