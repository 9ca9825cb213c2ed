//! `[[tier]]` and `[growth]` (section 7).

use super::benefits::of_tier;
use super::{Check, ONLY_TIER};
use crate::Id;
use crate::calendar::Span;
use crate::document::Mark;
use crate::fault::Fault;
use crate::program::spec::{
    AnySpec, GoalSpec, GoalsSpec, GrowthSpec, LapseSpec, ProgramSpec, ReachSpec, SoldSpec, TierSpec,
};
use crate::program::values::{Factor, MonthDay, Whole};
use crate::program::written::{Field, Placed};
use crate::program::{Goal, Growth, LapseTo, Measure, Ratio, Sold, Term, Tier, Window};

#[expect(clippy::option_option, reason = "a faulty growth and none at all are two things")]
pub(super) fn growth(check: &Check<'_, '_, '_>, spec: &ProgramSpec) -> Option<Option<Growth>> {
    let Some(written) = spec.growth.maybe()? else { return Some(None) };
    let GrowthSpec { value, per, lowered_on } = &written.value;
    let tiers = spec.tier.here().map(|tiers| tiers.value.items.as_slice()).unwrap_or_default();
    if !matches!(spec.tier, Field::Faulty) && tiers.iter().all(|tier| tier.value.growth.is_absent()) {
        let fault = Fault::new("growth_unused", "no tier is reached by growth value");
        check.fault::<()>(&written.mark, fault.advise("write `growth` on a tier, or take `[growth]` out"));
    }
    if let Some(zero) = value.here().filter(|value| value.value.0 == 0) {
        let fault = Fault::new("growth_of_zero", "a growth value that never grows reaches no tier");
        check.fault::<()>(&zero.mark, fault.advise("write a value above zero"));
    }
    let rate = check.rate(value, per)?;
    let MonthDay(month, day) = lowered_on.or(MonthDay(1, 1))?;
    Some(Some(Growth { rate, lowered_on: (month, day) }))
}

pub(super) fn tiers(check: &Check<'_, '_, '_>, spec: &ProgramSpec) -> Option<Vec<Tier>> {
    let Some(list) = spec.tier.maybe()? else { return Some(vec![only_tier()]) };
    if list.value.whole && list.value.items.is_empty() {
        return check
            .fault(&list.mark, Fault::new("empty_list", "no tier is listed").advise("leave the key out"));
    }
    let drafts: Vec<Draft<'_>> = list.value.items.iter().map(|tier| Draft::of(check, tier)).collect();
    let has_growth = !spec.growth.is_absent();
    for (index, draft) in drafts.iter().enumerate() {
        if index == 0 {
            draft.check_base(check);
        } else {
            draft.check_way_in(check, has_growth);
        }
        draft.check_term(check);
    }
    order(check, &drafts);
    if !list.value.whole {
        return None;
    }
    drafts.iter().enumerate().map(|(index, draft)| draft.tier(index == 0)).collect()
}

/// The tier of a program that names none.
fn only_tier() -> Tier {
    Tier {
        id: ONLY_TIER.into(),
        name: ONLY_TIER.into(),
        reach: Vec::new(),
        keep: Vec::new(),
        term: Term::Lifelong,
        lapse_to: LapseTo::OneDown,
        grace: None,
        multiply: Ratio::ONE,
        growth: None,
        deduction: 0,
        benefits: Vec::new(),
        sold: None,
        process: None,
    }
}

/// A tier as written, with its goals read.
struct Draft<'c> {
    mark: &'c Mark,
    spec: &'c TierSpec,
    benefits: Option<Vec<Id>>,
    /// `None` when it was faulty.
    sold: Option<Option<Sold>>,
    /// `None` when some were faulty.
    reach: Option<Vec<Placed<Goal>>>,
    keep: Option<Vec<Placed<Goal>>>,
}

impl<'c> Draft<'c> {
    fn of(check: &Check<'_, '_, '_>, tier: &'c Placed<TierSpec>) -> Self {
        let spec = &tier.value;
        let reach = match &spec.reach {
            Field::Here(Placed { value: ReachSpec::Goals(written), mark }) => {
                goals(check, written, mark, "reach")
            }
            Field::Here(Placed { value: ReachSpec::Invitation, .. }) | Field::Absent => Some(Vec::new()),
            Field::Faulty => None,
        };
        let keep = match &spec.keep {
            Field::Here(written) => goals(check, &written.value, &written.mark, "keep"),
            Field::Absent => Some(Vec::new()),
            Field::Faulty => None,
        };
        for goal in reach.iter().flatten().filter(|goal| goal.value.within == Window::Term) {
            term_outside_keep(check, &goal.mark);
        }
        Draft {
            mark: &tier.mark,
            spec,
            reach,
            keep,
            benefits: of_tier(check, &spec.benefits),
            sold: sold(check, &spec.sold),
        }
    }

    fn by_invitation(&self) -> Option<&Mark> {
        self.spec
            .reach
            .here()
            .filter(|reach| matches!(reach.value, ReachSpec::Invitation))
            .map(|reach| &reach.mark)
    }

    fn name(&self) -> String {
        self.spec.id.here().map_or_else(|| format!("`{}`", self.mark.path), |id| format!("`{}`", id.value.0))
    }

    /// The first of these keys that is written.
    fn written(&self, keys: &[&str]) -> Option<(&'static str, &Mark)> {
        let spec = self.spec;
        let marks = [
            ("reach", spec.reach.here().map(|found| &found.mark)),
            ("growth", spec.growth.here().map(|found| &found.mark)),
            ("keep", spec.keep.here().map(|found| &found.mark)),
            ("term", spec.term.here().map(|found| &found.mark)),
            ("lapse", spec.lapse.here().map(|found| &found.mark)),
            ("sold", spec.sold.here().map(|found| &found.mark)),
        ];
        let mut asked = marks.into_iter().filter(|(key, _)| keys.contains(key));
        asked.find_map(|(key, mark)| mark.map(|mark| (key, mark)))
    }

    fn check_base(&self, check: &Check<'_, '_, '_>) {
        if let Some((key, mark)) = self.written(&["reach", "growth", "keep", "term", "lapse", "sold"]) {
            let message =
                format!("{} is the first tier, which every member has: it has no `{key}`", self.name());
            let advice = "list the tier that every member has first, or take the key out";
            check.fault::<()>(mark, Fault::new("base_tier", message).advise(advice));
        }
    }

    /// A way in: goals, an invitation or a growth value, and not several.
    fn check_way_in(&self, check: &Check<'_, '_, '_>, has_growth: bool) {
        let name = self.name();
        let TierSpec { reach, growth, sold, .. } = self.spec;
        if reach.is_absent() && growth.is_absent() && sold.is_absent() {
            let fault = Fault::new("unreachable_tier", format!("there is no way into the tier {name}"));
            let advice = "write `reach` (a goal, or \"invitation\"), `growth` or `sold`, or list it first";
            check.fault::<()>(self.mark, fault.advise(advice));
            return;
        }
        if let (Some(growth), false) = (growth.here(), has_growth) {
            let fault = Fault::new("growth_missing", "the program keeps no growth value");
            check.fault::<()>(&growth.mark, fault.advise("write `[growth]`, or `reach` instead"));
        }
        let goals = reach.here().filter(|reach| matches!(reach.value, ReachSpec::Goals(_)));
        if let (Some(goals), true) = (goals, has_growth) {
            let fault = Fault::new(
                "growth_and_reach",
                "the growth value decides the tiers of this program, not goals",
            );
            check.fault::<()>(&goals.mark, fault.advise("write `growth` instead, or take `[growth]` out"));
        } else if let (Some(reach), Some(_)) = (reach.here(), growth.here()) {
            let fault =
                Fault::new("growth_and_reach", format!("the tier {name} has both `reach` and `growth`"));
            check.fault::<()>(&reach.mark, fault.advise("take one of them out"));
        }
        // A tier held by growth value follows the value; one by invitation ends on the day given with the invitation, one that is only sold with
        // what was bought (7.4, 7.5, 7.7).
        let (why, code) = match (growth.here(), self.by_invitation()) {
            (Some(_), _) => ("follows the growth value", "growth_and_reach"),
            (None, Some(_)) => ("ends on the day given with the invitation", "invitation_and_term"),
            (None, None) if reach.is_absent() => ("ends with what was bought", "invitation_and_term"),
            (None, None) => return,
        };
        if let Some((key, mark)) = self.written(&["keep", "term", "lapse"]) {
            let rolling =
                self.spec.term.here().filter(|term| term.value == Term::Rolling && growth.here().is_none());
            let (code, mark) = rolling.map_or((code, mark), |term| ("rolling_without_reach", &term.mark));
            let key = if rolling.is_some() { "term" } else { key };
            let fault = Fault::new(code, format!("the tier {name} {why}: it has no `{key}`"));
            check.fault::<()>(mark, fault.advise("take the key out"));
        }
    }

    /// `keep` and `lapse` are about the last day of a term.
    fn check_term(&self, check: &Check<'_, '_, '_>) {
        let Some(term) = self.spec.term.or(Term::Lifelong) else { return };
        let ends = match term {
            Term::Span(_) | Term::CalendarYear => true,
            Term::Lifelong | Term::Rolling => false,
        };
        let decided = self.spec.growth.here().is_some()
            || self.by_invitation().is_some()
            || self.spec.reach.is_absent();
        if ends || decided {
            return;
        }
        let is = if term == Term::Rolling { "held only while `reach` holds" } else { "held for life" };
        if let Some(keep) = self.spec.keep.here() {
            let fault = Fault::new(
                "keep_without_term",
                format!("the tier {} is {is}: `keep` is never looked at", self.name()),
            );
            check.fault::<()>(
                &keep.mark,
                fault.advise("write a `term` such as \"12 months\", or take `keep` out"),
            );
        }
        if let Some(lapse) = self.spec.lapse.here() {
            let fault = Fault::new(
                "lapse_without_term",
                format!("the tier {} is {is}: `lapse` says nothing", self.name()),
            );
            check.fault::<()>(
                &lapse.mark,
                fault.advise("write a `term` such as \"12 months\", or take `lapse` out"),
            );
        }
    }

    fn tier(&self, base: bool) -> Option<Tier> {
        let spec = self.spec;
        let id: Box<str> = spec.id.here()?.value.0.as_str().into();
        let name = spec.name.maybe()?.map_or_else(|| id.clone(), |name| name.value.0.as_str().into());
        let LapseSpec { to, grace } = spec.lapse.or(LapseSpec::default())?;
        let bare =
            |goals: &Option<Vec<Placed<Goal>>>| Some(goals.as_ref()?.iter().map(|goal| goal.value).collect());
        // A tier by growth value is held only while the value reaches it.
        let meant = if base || spec.growth.is_absent() { Term::Lifelong } else { Term::Rolling };
        Some(Tier {
            id: id.into(),
            name,
            reach: bare(&self.reach)?,
            keep: bare(&self.keep)?,
            term: spec.term.or(meant)?,
            lapse_to: to.or(LapseTo::OneDown)?,
            grace: grace.maybe()?.map(|span| span.value),
            multiply: spec.multiply.or(Factor(Ratio::ONE))?.0,
            growth: spec.growth.maybe()?.map(|growth| growth.value.0),
            deduction: spec.deduction.or(Whole(0))?.0,
            benefits: self.benefits.clone()?,
            sold: self.sold.clone()?,
            process: spec.process.maybe()?.map(|process| Id::new(&process.value.0)),
        })
    }
}

#[expect(clippy::option_option, reason = "a faulty sale and none at all are two things")]
fn sold(check: &Check<'_, '_, '_>, field: &Field<SoldSpec>) -> Option<Option<Sold>> {
    let Some(spec) = field.maybe()? else { return Some(None) };
    let SoldSpec { lines, term } = &spec.value;
    let lines = check.condition_of_lines_alone(lines, "tiers")?;
    Some(Some(Sold { lines: lines?, term: term.here()?.value }))
}

fn term_outside_keep(check: &Check<'_, '_, '_>, mark: &Mark) {
    let fault = Fault::new(
        "term_outside_keep",
        "the tier's own term begins when it is reached: only `keep` can ask of it",
    );
    check.fault::<()>(mark, fault.advise("write a window such as \"12 months\""));
}

fn goals(
    check: &Check<'_, '_, '_>,
    written: &GoalsSpec,
    mark: &Mark,
    key: &str,
) -> Option<Vec<Placed<Goal>>> {
    match written {
        GoalsSpec::One(spec) => Some(vec![goal(check, spec, mark)?]),
        GoalsSpec::Any(AnySpec { any }) => {
            let list = any.here()?;
            if list.value.whole && list.value.items.is_empty() {
                return check.fault(&list.mark, Fault::new("empty_list", format!("`{key}` lists no goal")));
            }
            let goals: Vec<_> =
                list.value.items.iter().map(|item| goal(check, &item.value, &item.mark)).collect();
            if list.value.whole { goals.into_iter().collect() } else { None }
        }
    }
}

fn goal(check: &Check<'_, '_, '_>, spec: &GoalSpec, mark: &Mark) -> Option<Placed<Goal>> {
    let GoalSpec { spend, visits, points, within } = spec;
    let written =
        [spend.is_absent(), visits.is_absent(), points.is_absent()].iter().filter(|absent| !**absent).count();
    if written != 1 {
        let fault =
            Fault::new("one_of_keys", "a goal asks for exactly one of `spend`, `visits` and `points`");
        let advice =
            if written == 0 { "write one of them" } else { "list several goals as `{ any = [ … ] }`" };
        return check.fault(mark, fault.advise(advice));
    }
    let measure = match (spend.maybe()?, visits.maybe()?, points.maybe()?) {
        (Some(spend), _, _) => Measure::Spend(check.amount(spend)?),
        (_, Some(visits), _) => Measure::Visits(u32::try_from(visits.value.0).unwrap_or(u32::MAX)),
        (_, _, points) => Measure::Points(points?.value.0),
    };
    if amount(measure) == 0 {
        let fault = Fault::new("goal_of_zero", "a goal of zero is reached by everybody, always");
        return check.fault(mark, fault.advise("ask for more than zero"));
    }
    Some(Placed { value: Goal { measure, within: within.here()?.value }, mark: mark.clone() })
}

fn amount(measure: Measure) -> i64 {
    match measure {
        Measure::Spend(money) => money.minor(),
        Measure::Visits(visits) => i64::from(visits),
        Measure::Points(points) => points,
    }
}

/// Low to high: a later tier asks for more than an earlier one, and does not take in all that would reach it.
fn order(check: &Check<'_, '_, '_>, drafts: &[Draft<'_>]) {
    for (index, later) in drafts.iter().enumerate() {
        let mut before = drafts.iter().take(index).rev();
        if let Some(earlier) = before.find(|earlier| asks_no_more(later, earlier)) {
            let mark = later.spec.reach.here().map_or(later.mark, |found| &found.mark);
            let fault = Fault::new(
                "tiers_out_of_order",
                format!(
                    "{} asks for no more than {}, which is listed before it",
                    later.name(),
                    earlier.name()
                ),
            );
            check.fault::<()>(mark, fault.advise("list the tiers from the lowest to the highest"));
        } else if let Some(above) =
            drafts.iter().skip(index.saturating_add(1)).find(|above| overtakes(above, later))
        {
            let mark = later.spec.reach.here().map_or(later.mark, |found| &found.mark);
            let message = format!("whoever would reach {} has reached {} before", later.name(), above.name());
            check.fault::<()>(
                mark,
                Fault::new("unreachable_tier", message).advise("ask for less here, or for more there"),
            );
        }
    }
    let growing = drafts.iter().filter_map(|draft| draft.spec.growth.here().map(|growth| (draft, growth)));
    let growing: Vec<_> = growing.collect();
    for ((earlier, less), (later, more)) in growing.iter().zip(growing.iter().skip(1)) {
        if more.value.0 <= less.value.0 {
            let message = format!(
                "{} needs no more growth value than {}, which is listed before it",
                later.name(),
                earlier.name()
            );
            let fault = Fault::new("tiers_out_of_order", message);
            check.fault::<()>(&more.mark, fault.advise("list the tiers from the lowest to the highest"));
        }
    }
}

/// Whether all goals of two tiers that can be compared (same measure, same window) ask no more of the later one.
fn asks_no_more(later: &Draft<'_>, earlier: &Draft<'_>) -> bool {
    let (Some(later), Some(earlier)) = (&later.reach, &earlier.reach) else { return false };
    let mut alike = later
        .iter()
        .flat_map(|more| earlier.iter().map(move |less| (more.value, less.value)))
        .filter(|(more, less)| same_measure(more.measure, less.measure) && more.within == less.within)
        .peekable();
    alike.peek().is_some() && alike.all(|(more, less)| amount(more.measure) <= amount(less.measure))
}

/// Whether every goal of the lower tier is more than enough for one of the upper's.
fn overtakes(upper: &Draft<'_>, lower: &Draft<'_>) -> bool {
    let (Some(upper_goals), Some(lower_goals)) = (&upper.reach, &lower.reach) else { return false };
    let enough = |lower: Goal| {
        upper_goals.iter().any(|upper| {
            same_measure(upper.value.measure, lower.measure)
                && covers(upper.value.within, lower.within)
                && amount(upper.value.measure) <= amount(lower.measure)
        })
    };
    // Alike windows are told of as tiers out of order, at the upper tier.
    !lower_goals.is_empty()
        && !asks_no_more(upper, lower)
        && lower_goals.iter().all(|goal| enough(goal.value))
}

fn same_measure(one: Measure, other: Measure) -> bool {
    std::mem::discriminant(&one) == std::mem::discriminant(&other)
}

/// Whether all that is within `inner` is surely within `outer`.
fn covers(outer: Window, inner: Window) -> bool {
    match (outer, inner) {
        (Window::Ever, _) => true,
        (Window::Rolling(Span::Days(outer)), Window::Rolling(Span::Days(inner)))
        | (Window::Rolling(Span::Months(outer)), Window::Rolling(Span::Months(inner))) => outer >= inner,
        (outer, inner) => outer == inner,
    }
}
