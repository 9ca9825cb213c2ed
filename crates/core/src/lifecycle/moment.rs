//! The occasions of a person's triggers.

use crate::Id;
use crate::calendar::{Anniversary, DatePolicy, Day, Festival, Moment as Instant};
use crate::customer::field::Field;
use crate::customer::profile::Person;
use crate::customer::said::{Entry, Relation, Said};
use crate::loyalty::lots::FactNo;
use crate::money::{Currency, Money};
use crate::program::triggers::{DateOf, Happening, MEANT_OPEN, Occasion, Offset, Trigger, Wait};
use chrono_tz::Tz;

/// What the moments of a person follow from, as of the end of a day.
pub(crate) struct Life<'a> {
    pub(crate) on: Day,
    /// Only what is due on some day between these matters.
    pub(crate) between: (Day, Day),
    pub(crate) zone: Tz,
    pub(crate) dates: DatePolicy,
    pub(crate) person: &'a Person,
    pub(crate) joined: Option<Day>,
    /// Those of relations who are customers themselves, by id.
    pub(crate) relations: &'a [(Id, Person)],
    /// In order.
    pub(crate) happened: &'a [Happened],
    /// The last day on which anything was heard of them.
    pub(crate) heard: Option<Day>,
    /// Points that can lapse, by their last day, in order.
    pub(crate) lapsing: &'a [(Day, i64)],
    /// Coupons that can still be used and lapse, by their last day.
    pub(crate) coupons: &'a [(Day, FactNo)],
    /// Bonus that can lapse, by its last day, in order.
    pub(crate) bonus: &'a [(Day, i64)],
    pub(crate) tier: Option<TierAhead>,
    /// The day on which spend that counts for tiers came to so much.
    pub(crate) spent_by: &'a dyn Fn(Money) -> Option<Day>,
    pub(crate) id_of: &'a dyn Fn(FactNo) -> Id,
    pub(crate) currency: Currency,
}

/// Something that happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Happened {
    pub(crate) what: Happening,
    pub(crate) fact: FactNo,
    pub(crate) micros: i64,
    pub(crate) day: Day,
}

/// A tier and what lies ahead of it.
#[derive(Debug, Clone)]
pub(crate) struct TierAhead {
    pub(crate) id: Id,
    pub(crate) since: Day,
    /// It was reached by something the member did.
    pub(crate) reached: bool,
    /// The day through which it is held, where it is not kept yet.
    pub(crate) lost_after: Option<Day>,
    /// The next tier, and the spend that is missing for it.
    pub(crate) next: Option<(Id, Money)>,
}

/// One time that a trigger is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// What tells it from other times of the same trigger and person.
    pub(crate) occasion: String,
    /// The first and the last day on which it is due.
    pub(crate) first: Day,
    pub(crate) last: Day,
    pub(crate) about: About,
}

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    Day(Day),
    Fact(FactNo),
    /// Since when nothing was heard.
    Silence(Day),
    Points(i64, Day),
    Coupon(FactNo, Day),
    Bonus(Money, Day),
    Tier(Id, Day),
    /// The tier that is near, and what is missing.
    Near(Id, Money),
    Spend(Money),
}

/// The times between two days that a trigger is due for a person, as things are: with what comes later, if nothing happens until then. As far back as what
/// they follow from can tell; of what comes each year, those of the two years before the day asked about.
pub(crate) fn moments(trigger: &Trigger, life: &Life<'_>) -> Vec<Moment> {
    let mut all = Vec::new();
    let (earliest, latest) = life.between;
    let mut due = |occasion: &dyn Fn() -> String, first: Day, meant: Option<Day>, about: About| {
        let last = match (trigger.open, meant) {
            (Some(open), _) => open.last_day_from(first),
            (None, Some(last)) => last,
            (None, None) => MEANT_OPEN.last_day_from(first),
        };
        if first <= latest && earliest <= last {
            all.push(Moment { occasion: occasion(), first, last, about });
        }
    };
    match &trigger.on {
        Occasion::Date { date, of: None, offset } => {
            if let Some(date) = own_date(life.person, date) {
                for (year, day) in times(life, date) {
                    let (first, meant) = window(*offset, day);
                    due(&|| year.to_string(), first, meant, About::Day(day));
                }
            }
        }
        Occasion::Date { date, of: Some(kind), offset } => {
            for (name, date) in dates_of_relations(life, kind, date) {
                for (year, day) in times(life, date) {
                    let (first, meant) = window(*offset, day);
                    due(&|| format!("{name}/{year}"), first, meant, About::Day(day));
                }
            }
        }
        Occasion::Festival { festival, offset } => {
            for (year, day) in festivals(life, *festival) {
                let (first, meant) = window(*offset, day);
                due(&|| year.to_string(), first, meant, About::Day(day));
            }
        }
        Occasion::Membership(offset) => {
            let joined = life.joined.and_then(|joined| Some((joined, anniversary_of(joined)?)));
            if let Some((joined, date)) = joined {
                for (year, day) in times(life, date).filter(|(_, day)| *day > joined) {
                    let (first, meant) = window(*offset, day);
                    due(&|| year.to_string(), first, meant, About::Day(day));
                }
            }
        }
        Occasion::Once { day, offset } => {
            let (first, meant) = window(*offset, *day);
            due(&|| day.to_string(), first, meant, About::Day(*day));
        }
        Occasion::Yearly { date, offset } => {
            for (year, day) in times(life, *date) {
                let (first, meant) = window(*offset, day);
                due(&|| year.to_string(), first, meant, About::Day(day));
            }
        }
        Occasion::After { what, wait, unless } => {
            for happened in life.happened.iter().filter(|happened| is(happened.what, *what)) {
                let (first, end) = wait.end(happened, life.zone);
                let since = |other: &Happened| {
                    other.micros > happened.micros
                        && other.micros < end
                        && unless.iter().any(|unless| is(other.what, *unless))
                };
                if !life.happened.iter().any(since) {
                    let occasion = || (life.id_of)(happened.fact).to_string();
                    due(&occasion, first, None, About::Fact(happened.fact));
                }
            }
        }
        Occasion::Silence(span) => {
            if let Some(heard) = life.heard {
                due(&|| heard.to_string(), span.end_of_wait(heard), None, About::Silence(heard));
            }
        }
        Occasion::PointsLapse(before) => {
            for (last, points) in life.lapsing {
                due(&|| last.to_string(), before.before(*last), Some(*last), About::Points(*points, *last));
            }
        }
        Occasion::CouponLapse(before) => {
            for (last, coupon) in life.coupons {
                let occasion = || format!("{}/{last}", (life.id_of)(*coupon));
                due(&occasion, before.before(*last), Some(*last), About::Coupon(*coupon, *last));
            }
        }
        Occasion::ValueLapse(before) => {
            for (last, bonus) in life.bonus {
                let about = About::Bonus(Money::from_minor(*bonus), *last);
                due(&|| last.to_string(), before.before(*last), Some(*last), about);
            }
        }
        Occasion::TierLapse(before) => {
            if let Some((tier, last)) = life.tier.as_ref().and_then(|tier| Some((tier, tier.lost_after?))) {
                let occasion = || format!("{}/{last}", tier.id);
                due(&occasion, before.before(last), Some(last), About::Tier(tier.id.clone(), last));
            }
        }
        Occasion::TierReached => {
            if let Some(tier) = life.tier.as_ref().filter(|tier| tier.reached) {
                let occasion = || format!("{}/{}", tier.id, tier.since);
                due(&occasion, tier.since, None, About::Tier(tier.id.clone(), tier.since));
            }
        }
        Occasion::TierNear(most) => {
            let near = life.tier.as_ref().and_then(|tier| Some((tier, tier.next.as_ref()?)));
            if let Some((tier, (next, missing))) = near.filter(|(_, (_, missing))| missing <= most) {
                let bought =
                    life.happened.iter().rev().find(|happened| is(happened.what, Happening::Purchase));
                let first = bought.map_or(tier.since, |bought| bought.day.max(tier.since));
                due(&|| format!("{next}/{}", tier.since), first, None, About::Near(next.clone(), *missing));
            }
        }
        Occasion::Spend(amount) => {
            if let Some(day) = (life.spent_by)(*amount) {
                due(&|| life.currency.shown(*amount).to_string(), day, None, About::Spend(*amount));
            }
        }
    }
    all
}

/// A first purchase is a purchase.
fn is(what: Happening, asked: Happening) -> bool {
    what == asked || (what == Happening::FirstPurchase && asked == Happening::Purchase)
}

impl Wait {
    /// The first day on which it is over, and the instant at which it is.
    fn end(self, happened: &Happened, zone: Tz) -> (Day, i64) {
        match self {
            Wait::Span(span) => {
                let day = span.end_of_wait(happened.day);
                (day, Instant::start_of(day, zone))
            }
            Wait::Hours(hours) => {
                let micros = i64::from(hours).saturating_mul(3_600_000_000);
                let end = happened.micros.saturating_add(micros);
                (Instant::day_at(end, zone), end)
            }
        }
    }
}

/// The first day on which a date is due, and the last that is meant where the program does not say.
fn window(offset: Offset, day: Day) -> (Day, Option<Day>) {
    match offset {
        Offset::On => (day, Some(day)),
        Offset::Before(span) => (span.before(day), Some(day)),
        Offset::After(span) => (span.end_of_wait(day), None),
    }
}

/// How far ahead a date is looked for, and how far back: a trigger is due at most 13 months before it.
const AHEAD: i64 = 401;
const BACK: i64 = 800;

/// What comes each year is told as far ahead as this.
pub(crate) const HORIZON: i64 = 400;

fn times(life: &Life<'_>, date: Anniversary) -> impl Iterator<Item = (i32, Day)> + use<> {
    let (from, to) = years(life);
    date.between(from, to, life.dates).map(|one| (one.year, one.day))
}

fn festivals(life: &Life<'_>, festival: Festival) -> impl Iterator<Item = (i32, Day)> + use<> {
    let (from, to) = years(life);
    festival.between(from, to)
}

fn years(life: &Life<'_>) -> (Day, Day) {
    let (_, latest) = life.between;
    (life.on.add_days(-BACK), latest.min(life.on.add_days(HORIZON)).add_days(AHEAD))
}

/// Whether there is a date that may be years away: one that some years do not have.
pub(crate) fn may_be_far(occasion: &Occasion, person: &Person) -> bool {
    match occasion {
        Occasion::Date { date, of: None, .. } => own_date(person, date).is_some(),
        Occasion::Date { of: Some(_), .. } => person.get(Field::RELATIONS).is_some(),
        Occasion::Yearly { .. } | Occasion::Once { .. } | Occasion::Membership(_) => true,
        _ => false,
    }
}

/// The day of each year that a day falls on again.
fn anniversary_of(day: Day) -> Option<Anniversary> {
    let (_, month, day) = day.civil();
    Anniversary::solar(None, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

fn own_date(person: &Person, date: &DateOf) -> Option<Anniversary> {
    match date {
        DateOf::Birthday => match person.get(Field::BIRTHDAY) {
            Some(Said::Date(date)) => Some(*date),
            _ => None,
        },
        DateOf::Named(name) => match person.get(Field::DATES) {
            Some(Said::Entries(entries)) => {
                entries.iter().find(|entry| *entry.name == **name).and_then(|entry| match entry.value {
                    Some(Entry::Date(date)) => Some(date),
                    _ => None,
                })
            }
            _ => None,
        },
    }
}

impl Relation<'_> {
    /// A date that was told of them.
    pub(crate) fn date(&self, date: &DateOf) -> Option<Anniversary> {
        match date {
            DateOf::Birthday => self.birthday,
            DateOf::Named(name) => {
                self.dates.iter().find(|(known, _)| **known == **name).map(|(_, date)| *date)
            }
        }
    }
}

/// A date of each relation of a kind, by the name that the relation goes by: as it was told of the relation, or as they told it themselves.
fn dates_of_relations<'l>(life: &'l Life<'_>, kind: &str, date: &DateOf) -> Vec<(&'l str, Anniversary)> {
    let Some(Said::Entries(entries)) = life.person.get(Field::RELATIONS) else { return Vec::new() };
    let dated = entries.iter().filter_map(|entry| {
        let Some(Entry::Relation(relation)) = &entry.value else { return None };
        if *relation.kind != *kind {
            return None;
        }
        let theirs = || {
            let id = relation.customer.as_deref()?;
            let (_, person) = life.relations.iter().find(|(known, _)| **known == *id)?;
            own_date(person, date)
        };
        Some((&*entry.name, relation.date(date).or_else(theirs)?))
    });
    dated.collect()
}
