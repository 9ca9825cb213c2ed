//! `[[trigger]]` and `[messages]`.

use super::Check;
use crate::Id;
use crate::calendar::{Anniversary, Span};
use crate::document::Mark;
use crate::fault::Fault;
use crate::program::spec::{
    AtMostSpec, DutySpec, GiveSpec, OccasionSpec, ProgramSpec, SendSpec, TriggerSpec,
};
use crate::program::triggers::{
    DateOf, Duty, MEANT_AGAIN, Messages, Occasion, Offset, PURPOSE, Send, Trigger, Wait, Who,
};
use crate::program::values::{ConsentWord, LapseWord, Name, TierWord, Whole};
use crate::program::written::{Field, Placed};

/// How long before or after a day something may be due.
const MOST_OFFSET: i64 = 400;
/// A percentage has at most two digits after the point.
const TEN_THOUSAND: i64 = 10_000;

pub(super) fn triggers(check: &Check<'_, '_, '_>, spec: &ProgramSpec) -> Option<Vec<Trigger>> {
    let Some(list) = spec.trigger.maybe()? else { return Some(Vec::new()) };
    let triggers: Vec<Trigger> = list.value.items.iter().filter_map(|spec| trigger(check, spec)).collect();
    (list.value.whole && triggers.len() == list.value.items.len()).then_some(triggers)
}

fn trigger(check: &Check<'_, '_, '_>, spec: &Placed<TriggerSpec>) -> Option<Trigger> {
    let TriggerSpec { id, on, when, send, task, open, holdout, give, at_most } = &spec.value;
    let when = check.condition_of(when, false);
    let on = on.here().and_then(|on| occasion(check, on));
    let send =
        send.maybe().and_then(|send| send.map_or(Some(None), |send| sending(check, &send.value).map(Some)));
    let task = task.maybe().and_then(|task| task.map_or(Some(None), |task| duty(&task.value).map(Some)));
    let given = give
        .maybe()
        .and_then(|give| give.map_or(Some(Given::default()), |give| given(check, give, on.as_ref())));
    let (send, task, given) = (send?, task?, given?);
    if send.is_none() && task.is_none() && given == Given::default() {
        let fault = Fault::new("missing_key", "nothing is to be done");
        return check.fault(&spec.mark, fault.advise("write `send`, `task`, `give` or several"));
    }
    let holdout = holdout.maybe()?.and_then(|share| u32::try_from(share.value.0.over(TEN_THOUSAND)?).ok());
    Some(Trigger {
        id: Id::new(&id.here()?.value.0),
        on: on?,
        when: when?,
        send,
        task,
        gives: given.points,
        gives_coupon: given.coupon,
        gives_benefit: given.benefit,
        open: open.maybe()?.map(|open| open.value),
        holdout: holdout.unwrap_or_default(),
        at_most: self::at_most(at_most)?,
    })
}

/// What a trigger gives.
#[derive(Default, PartialEq, Eq)]
struct Given {
    points: i64,
    coupon: Option<Id>,
    benefit: Option<Id>,
}

fn given(check: &Check<'_, '_, '_>, give: &Placed<GiveSpec>, on: Option<&Occasion>) -> Option<Given> {
    let GiveSpec { points, coupon, benefit } = &give.value;
    if points.is_absent() && coupon.is_absent() && benefit.is_absent() {
        let fault = Fault::new("missing_key", "nothing is given");
        return check.fault(&give.mark, fault.advise("write `points`, `coupon`, `benefit` or several"));
    }
    let coupon = match coupon.maybe()? {
        None => None,
        Some(coupon) if check.coupon_ids.knows(&coupon.value.0) => Some(Id::new(&coupon.value.0)),
        Some(coupon) => {
            let fault = Fault::new("unknown_coupon", format!("no coupon has the id `{}`", coupon.value.0));
            let advice = check.coupon_ids.advice(&coupon.value.0, "coupon");
            return check.fault(&coupon.mark, fault.advise(advice));
        }
    };
    let benefit = match benefit.maybe()? {
        None => None,
        Some(benefit) if check.benefit_ids.knows(&benefit.value.0) => Some(Id::new(&benefit.value.0)),
        Some(benefit) => {
            let fault = Fault::new("unknown_benefit", format!("no benefit has the id `{}`", benefit.value.0));
            let advice = check.benefit_ids.advice(&benefit.value.0, "benefit");
            return check.fault(&benefit.mark, fault.advise(advice));
        }
    };
    let points = points.maybe()?.map_or(0, |points| points.value.0);
    let gives_itself = match on {
        Some(Occasion::PointsLapse(_)) => points > 0,
        Some(Occasion::CouponLapse(_)) => coupon.is_some(),
        _ => false,
    };
    if gives_itself {
        let fault =
            Fault::new("gives_itself", "what is given lapses too, and sets the trigger off again, for ever");
        return check.fault(&give.mark, fault.advise("send a message, or let what lapses live longer"));
    }
    Some(Given { points, coupon, benefit })
}

fn sending(check: &Check<'_, '_, '_>, spec: &SendSpec) -> Option<Send> {
    let by = spec.by.here()?;
    if by.value.items.is_empty() && by.value.whole {
        return check.fault(&by.mark, Fault::new("missing_key", "a message needs a channel"));
    }
    let by = check.names(&by.value)?.iter().map(|name| Id::new(&**name)).collect();
    Some(Send { message: Id::new(&spec.message.here()?.value.0), by })
}

fn duty(spec: &DutySpec) -> Option<Duty> {
    Some(Duty { what: spec.what.here()?.value.0.as_str().into(), who: spec.who.or(Who::Owner)? })
}

fn occasion(check: &Check<'_, '_, '_>, on: &Placed<OccasionSpec>) -> Option<Occasion> {
    let OccasionSpec {
        date,
        of,
        festival,
        yearly,
        after,
        silence,
        lapse,
        tier,
        spend,
        before,
        wait,
        unless,
        missing,
        day,
    } = &on.value;
    let moments = [
        ("date", !date.is_absent(), &["of", "before", "wait"][..]),
        ("festival", !festival.is_absent(), &["before", "wait"]),
        ("yearly", !yearly.is_absent(), &["before", "wait"]),
        ("day", !day.is_absent(), &["before", "wait"]),
        ("after", !after.is_absent(), &["wait", "unless"]),
        ("silence", !silence.is_absent(), &[]),
        ("lapse", !lapse.is_absent(), &["before"]),
        ("tier", !tier.is_absent(), &["missing"]),
        ("spend", !spend.is_absent(), &[]),
    ];
    let written: Vec<_> = moments.iter().filter(|(_, written, _)| *written).collect();
    let [(key, _, with)] = written[..] else {
        let names = moments.map(|(key, ..)| format!("`{key}`")).join(", ");
        let fault = Fault::new("one_of_keys", "a trigger has exactly one moment");
        return check.fault(&on.mark, fault.advise(format!("write one of {names}")));
    };
    let beside: [(&str, Option<&Mark>); 5] = [
        ("of", of.here().map(|found| &found.mark)),
        ("before", before.here().map(|found| &found.mark)),
        ("wait", wait.here().map(|found| &found.mark)),
        ("unless", unless.here().map(|found| &found.mark)),
        ("missing", missing.here().map(|found| &found.mark)),
    ];
    for (name, mark) in beside {
        if let Some(mark) = mark.filter(|_| !with.contains(&name)) {
            let fault = Fault::new("needless_key", format!("`{name}` says nothing beside `{key}`"));
            check.fault::<()>(mark, fault.advise("leave it out"));
        }
    }
    let needed = |name: &str| {
        let fault = Fault::new("missing_key", format!("`{key}` needs `{name}`"));
        check.fault::<Occasion>(&on.mark, fault)
    };
    if date.here().is_some() || festival.here().is_some() || yearly.here().is_some() || day.here().is_some() {
        let offset = offset(check, before, wait)?;
        if let Some(day) = day.here() {
            return Some(Occasion::Once { day: day.value, offset });
        }
        if date.here().is_some_and(|date| date.value.0 == JOINED) {
            if let Some(of) = of.here() {
                let fault = Fault::new("needless_key", "`of` says nothing beside the day of joining");
                return check.fault(&of.mark, fault.advise("leave it out"));
            }
            return Some(Occasion::Membership(offset));
        }
        if let Some(date) = date.here() {
            let of = of.maybe()?.map(|of| of.value.0.as_str().into());
            return Some(Occasion::Date { date: date_of(date), of, offset });
        }
        if let Some(festival) = festival.here() {
            return Some(Occasion::Festival { festival: festival.value, offset });
        }
        let day = yearly.here()?.value;
        let date = Anniversary::solar(None, day.0, day.1).ok()?;
        return Some(Occasion::Yearly { date, offset });
    }
    if let Some(what) = after.here() {
        let Some(wait) = wait.maybe()? else { return needed("wait") };
        let unless = match unless.maybe()? {
            None => Vec::new(),
            Some(list) => list.value.items.iter().map(|one| one.value).collect(),
        };
        return Some(Occasion::After { what: what.value, wait: wait.value, unless });
    }
    if let Some(silence) = silence.here() {
        return Some(Occasion::Silence(silence.value));
    }
    if let Some(lapse) = lapse.here() {
        let Some(span) = before.maybe()? else { return needed("before") };
        return Some(match lapse.value {
            LapseWord::Points => Occasion::PointsLapse(span.value),
            LapseWord::Tier => Occasion::TierLapse(span.value),
            LapseWord::Coupon => Occasion::CouponLapse(span.value),
            LapseWord::StoredValue => Occasion::ValueLapse(span.value),
        });
    }
    if let Some(tier) = tier.here() {
        return match (tier.value, missing.maybe()?) {
            (TierWord::Reached, None) => Some(Occasion::TierReached),
            (TierWord::Reached, Some(missing)) => {
                let fault = Fault::new("needless_key", "`missing` says nothing of a tier that is reached");
                check.fault(&missing.mark, fault.advise("leave it out, or write `tier = \"near\"`"))
            }
            (TierWord::Near, None) => needed("missing"),
            (TierWord::Near, Some(missing)) => check.amount(missing).map(Occasion::TierNear),
        };
    }
    check.amount(spend.here()?).map(Occasion::Spend)
}

/// The date of the person that the book knows itself.
const JOINED: &str = "joined";

fn date_of(date: &Placed<Name>) -> DateOf {
    match date.value.0.as_str() {
        "birthday" => DateOf::Birthday,
        name => DateOf::Named(name.into()),
    }
}

fn offset(check: &Check<'_, '_, '_>, before: &Field<Span>, wait: &Field<Wait>) -> Option<Offset> {
    let short = |mark: &Mark, span: Span| {
        let days = match span {
            Span::Days(days) => i64::from(days),
            Span::Months(months) => i64::from(months).saturating_mul(31),
        };
        if days <= MOST_OFFSET {
            return Some(span);
        }
        check.fault(mark, Fault::new("span_range", "a date comes each year: write less than 13 months"))
    };
    match (before.maybe()?, wait.maybe()?) {
        (None, None) => Some(Offset::On),
        (Some(before), None) => short(&before.mark, before.value).map(Offset::Before),
        (None, Some(wait)) => match wait.value {
            Wait::Span(span) => short(&wait.mark, span).map(Offset::After),
            Wait::Hours(_) => {
                let fault = Fault::new("span_text", "a date is a day: it has no hours");
                check.fault(&wait.mark, fault.advise("write days, weeks or months"))
            }
        },
        (Some(_), Some(wait)) => {
            let fault = Fault::new("needless_key", "it is due before the day or after it, not both");
            check.fault(&wait.mark, fault.advise("leave one out"))
        }
    }
}

#[expect(clippy::option_option, reason = "a faulty table and none at all are two things")]
pub(super) fn at_most(field: &Field<AtMostSpec>) -> Option<Option<(u32, Span)>> {
    let Some(most) = field.maybe()? else { return Some(None) };
    let count = u32::try_from(most.value.count.here()?.value.0).unwrap_or(u32::MAX);
    Some(Some((count, most.value.within.here()?.value)))
}

pub(super) fn messages(spec: &ProgramSpec) -> Option<Messages> {
    let Some(messages) = spec.messages.maybe()? else { return Some(Messages::default()) };
    let messages = &messages.value;
    let at_most = at_most(&messages.at_most)?;
    let quiet = match messages.quiet.maybe()? {
        None => None,
        Some(quiet) => Some((quiet.value.from.here()?.value.0, quiet.value.to.here()?.value.0)),
    };
    let purpose = messages.purpose.maybe()?.map_or(PURPOSE, |purpose| purpose.value.0.as_str());
    let required = messages.consent.or(ConsentWord::Required)? == ConsentWord::Required;
    let again = match messages.again.maybe()? {
        None => MEANT_AGAIN,
        Some(again) => {
            let (after, times) = MEANT_AGAIN;
            let times = again.value.times.or(Whole(times.into()))?.0;
            (again.value.after.or(after)?, u32::try_from(times).unwrap_or(u32::MAX))
        }
    };
    Some(Messages { at_most, quiet, purpose: required.then(|| Id::new(purpose)), again })
}
