//! What is due: whom to write to, whom to call, and why (semantics 13).

use super::Book;
use super::naming::profile_of;
use super::people::Place;
use super::person::is_heard;
use super::record::Arriving;
use super::views::day_as_text;
use crate::Id;
use crate::calendar::Day;
use crate::customer::encounter::Kind;
use crate::customer::field::Field;
use crate::customer::profile::Person;
use crate::customer::said::{Entry, Said};
use crate::fact::{Body, Fact};
use crate::lifecycle::{About, Became, Happened, Life, Moment, Reports, TierAhead, key, moments};
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::money::Money;
use crate::outcome::{Refusal, RefusalCode};
use crate::program::condition::Scene;
use crate::program::triggers::{Happening, Messages, Send, Trigger};
use crate::program::{Program, Term};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// What is due on a day.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// let on = parure::calendar::Day::parse("2026-11-21")?;
/// assert_eq!(book.agenda(on).on, on);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Agenda {
    /// The day asked about.
    #[serde(serialize_with = "day_as_text")]
    #[schemars(with = "Day")]
    pub on: Day,
    /// The earliest first, then in the order of the program's triggers, then by customer.
    pub due: Vec<Due>,
}

/// Something that is due for a customer: a message to send, a task for someone, or both.
///
/// ```
/// # use parure::{book::Book, calendar::Day, fact::Fact, program::Program};
/// let mut book = Book::new(Program::parse("house.toml", r#"
///     edition = 2026
///     name = "Maison"
///     effective = 2026-01-01
///     currency = "CNY"
///     time_zone = "Asia/Shanghai"
///     [[trigger]]
///     id = "birthday"
///     on = { date = "birthday", before = "7 days" }
///     task = { what = "电话祝福" }
/// "#)?);
/// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{"birthday":"1990-05-20"}}"#;
/// book.record(&Fact::from_json(joined, book.currency())?)?;
/// let due = book.agenda(Day::parse("2026-05-13")?).due;
/// assert_eq!((due[0].key.as_str(), due[0].last_day.to_string().as_str()), ("birthday/c-1/2026", "2026-05-20"));
/// assert_eq!(due[0].task.as_ref().map(|task| task.what.as_str()), Some("电话祝福"));
///
/// let done = r#"{"id":"r-1","at":"2026-05-13T11:00:00+08:00","customer":"c-1","reported":{"trigger":"birthday","occasion":"2026","as":"done"}}"#;
/// book.record(&Fact::from_json(done, book.currency())?)?;
/// assert!(book.agenda(Day::parse("2026-05-14")?).due.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Due {
    /// `trigger/customer/occasion`: the same wherever it is computed.
    pub key: String,
    /// The trigger.
    pub trigger: Id,
    /// The id the account goes by.
    pub customer: Id,
    /// Which of the trigger's occasions: what a fact `reported` names.
    pub occasion: String,
    /// The first day on which it is due.
    #[serde(serialize_with = "day_as_text")]
    #[schemars(with = "Day")]
    pub first_day: Day,
    /// The last day on which it is due.
    #[serde(serialize_with = "day_as_text")]
    #[schemars(with = "Day")]
    pub last_day: Day,
    /// Why.
    pub why: Why,
    /// A message to send.
    pub send: Option<Sending>,
    /// Something for someone to do.
    pub task: Option<Duty>,
}

/// Why something is due. What does not apply is left out.
///
/// ```
/// assert_eq!(parure::book::DueWhy::default().day, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Why {
    /// The day of a date or a festival, the last day of what lapses, the day on which a tier or an amount was reached or a silence began.
    #[serde(serialize_with = "super::answer::as_text")]
    #[schemars(with = "Option<Day>")]
    pub day: Option<Day>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<Id>,
    /// Points that lapse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<i64>,
    /// The tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Id>,
    /// Spend that was reached, or that is missing for the tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub spend: Option<Decimal>,
}

/// A message to send.
///
/// ```
/// # let sending: Option<parure::book::Sending> = None;
/// let by = sending.map(|sending| sending.by); // `wechat`
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sending {
    /// What the host calls it.
    pub message: Id,
    /// The channel: the first that the customer agreed to and can be reached by.
    pub by: Id,
    /// Not before this time of the day, by the clocks of the program's time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// And not after this one; of the next day where it is earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Something for someone to do.
///
/// ```
/// # let task: Option<parure::book::Duty> = None;
/// let who = task.map(|task| task.who); // `owner`, `manager`, `store`
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Duty {
    /// What, in the shop's words.
    pub what: String,
    /// `owner`: whoever looks after the customer; `manager`; `store`: anyone there.
    pub who: &'static str,
}

/// What is known of a customer at the end of a day, as far as the agenda asks.
struct Known {
    person: Person,
    relations: Vec<(Id, Person)>,
    /// Whether consent is given, by channel, for the purpose of messages.
    consent: BTreeMap<String, bool>,
    happened: Vec<Happened>,
    heard: Option<Day>,
    reports: Reports,
}

impl Book {
    /// What is due on a day, as of its end: whom to write to, whom to call. What was reported as sent, done or declined is not due again.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert!(book.agenda(on).due.iter().all(|due| due.first_day <= on && on <= due.last_day));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn agenda(&self, on: Day) -> Agenda {
        let on = self.answerable(on);
        let program = self.versions.on(on).program;
        if program.triggers.is_empty() {
            return Agenda { on, due: Vec::new() };
        }
        let place = |due: &Due| program.triggers.iter().position(|trigger| trigger.id == due.trigger);
        let mut due: Vec<Due> =
            self.people.roots_by_id().into_iter().flat_map(|root| self.due_of(root, on, program)).collect();
        due.sort_by_key(|due| (due.first_day, place(due)));
        Agenda { on, due }
    }

    /// What is due for one customer on a day, in the order of the program's triggers.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.agenda_of("nobody", on).unwrap_err().code.code(), "unknown_customer");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Refused with `unknown_customer` for someone nobody knows, with `sealed` for a day before the seal.
    pub fn agenda_of(&self, customer: &str, on: Day) -> Result<Agenda, Refusal> {
        let root = self.asked(customer, on)?;
        Ok(Agenda { on, due: self.due_of(root, on, self.versions.on(on).program) })
    }

    /// Whether nothing is done of a trigger for a customer, to compare with those for whom it is. It is so for ever, and everywhere.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert!(!book.is_held_out("birthday", "wang-fang", on)); // its program holds nobody out
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_held_out(&self, trigger: &str, customer: &str, on: Day) -> bool {
        let triggers = &self.versions.on(on).program.triggers;
        let root = self.people.root_of(customer).map(|root| self.people.id(root));
        let customer = root.map_or(customer, |id| id);
        triggers
            .iter()
            .find(|known| *known.id == *trigger)
            .is_some_and(|trigger| is_held_out(trigger, customer))
    }

    fn due_of(&self, root: Place, on: Day, program: &Program) -> Vec<Due> {
        let customer = self.people.id(root);
        // Nobody writes to someone who has been forgotten.
        if self.erasures.is_alias(customer) {
            return Vec::new();
        }
        let account = self.state_on(root, on);
        let known = self.known(root, on, &program.messages, &account);
        let mut room = known.reports.room(on, &program.messages);
        let mut due = Vec::new();
        for trigger in program.triggers.iter().filter(|trigger| !is_held_out(trigger, customer)) {
            for moment in self.moments_of(trigger, on, &account, &known) {
                let state = known.reports.of(&trigger.id, &moment.occasion, &program.messages);
                let Some((first_day, last_day)) =
                    days(&moment, state).filter(|(first, last)| (*first..=*last).contains(&on))
                else {
                    continue;
                };
                if !self.is_for(trigger, &moment, on, &account, program) {
                    continue;
                }
                let sending = trigger.send.as_ref().filter(|_| room > 0);
                let send = sending.and_then(|send| known.sending(send, &program.messages));
                let task = trigger.task.as_ref();
                if send.is_none() && task.is_none() {
                    continue;
                }
                if send.is_some() {
                    room = room.saturating_sub(1);
                }
                due.push(Due {
                    key: format!("{}/{customer}/{}", trigger.id, moment.occasion),
                    trigger: trigger.id.clone(),
                    customer: customer.clone(),
                    first_day,
                    last_day,
                    why: self.why_due(&moment.about),
                    occasion: moment.occasion,
                    send,
                    task: task.map(|task| Duty { what: task.what.to_string(), who: task.who.word() }),
                });
            }
        }
        due
    }

    fn why_due(&self, about: &About) -> Why {
        let spend = |amount: Money| Some(self.currency().decimal(amount));
        let none = Why::default();
        match about {
            About::Day(day) | About::Silence(day) => Why { day: Some(*day), ..none },
            About::Fact(fact) => Why { fact: Some(self.log.id(*fact).into()), ..none },
            About::Points(points, last) => Why { points: Some(*points), day: Some(*last), ..none },
            About::Tier(tier, day) => Why { tier: Some(tier.clone()), day: Some(*day), ..none },
            About::Near(tier, missing) => Why { tier: Some(tier.clone()), spend: spend(*missing), ..none },
            About::Spend(amount) => Why { spend: spend(*amount), ..none },
        }
    }

    /// Whether a trigger's condition holds. What it asks of a purchase is asked of the one that the moment is about.
    fn is_for(
        &self,
        trigger: &Trigger,
        moment: &Moment,
        on: Day,
        account: &Account,
        program: &Program,
    ) -> bool {
        let Some(when) = &trigger.when else { return true };
        let scene = Scene::on(on).with_dates(program.dates).with_customer(account.customer_on(on, program));
        let about = match moment.about {
            About::Fact(fact) => self.log.fact(fact),
            _ => None,
        };
        let Some(fact) = about else { return when.holds(&scene) };
        let [store, staff, terminal] = fact.places();
        let scene = scene.with_place(store, staff, terminal);
        match &fact.body {
            Body::Purchased { purchase, .. } => {
                when.holds(&scene.with_purchase(purchase.view().payable(), &purchase.lines))
            }
            _ => when.holds(&scene),
        }
    }

    fn moments_of(&self, trigger: &Trigger, on: Day, account: &Account, known: &Known) -> Vec<Moment> {
        let program = self.versions.on(on).program;
        let mut lapsing: BTreeMap<Day, i64> = BTreeMap::new();
        for lot in account.purse.lots() {
            if let Some(last) = lot.tag.last().filter(|_| lot.left > 0) {
                let points = lapsing.entry(last).or_default();
                *points = points.saturating_add(lot.left);
            }
        }
        let lapsing: Vec<(Day, i64)> = lapsing.into_iter().collect();
        moments(
            trigger,
            &Life {
                on,
                zone: self.versions.zone(),
                dates: program.dates,
                person: &known.person,
                relations: &known.relations,
                happened: &known.happened,
                heard: known.heard,
                lapsing: &lapsing,
                tier: self.tier_ahead(account, on, program),
                spent_by: &|amount| account.activity.spent_by(amount.minor()),
                id_of: &|fact| self.log.id(fact).into(),
                currency: self.currency(),
            },
        )
    }

    fn tier_ahead(&self, account: &Account, on: Day, program: &Program) -> Option<TierAhead> {
        let view = self.tier_view(account, on)?;
        let held = program.tiers.iter().find(|tier| tier.id == view.id);
        let rolls = held.is_some_and(|tier| matches!(tier.term, Term::Rolling));
        let lost = view.keep.filter(|keep| !keep.missing.is_empty() && !rolls).map(|keep| keep.by);
        let spend_missing = |next: &super::NextTier| {
            let spend = next.missing.iter().filter_map(|goal| goal.spend).min()?;
            Some((next.id.clone(), self.currency().money(&spend.to_string()).ok()?))
        };
        Some(TierAhead {
            reached: !matches!(view.by.as_str(), "start" | "renewed"),
            id: view.id,
            since: view.since,
            lost_after: lost,
            next: view.next.as_ref().and_then(spend_missing),
        })
    }

    fn known(&self, root: Place, on: Day, messages: &Messages, account: &Account) -> Known {
        let (ground, zone) = (self.ground(), self.versions.zone());
        let lasts = self.versions.on(on).program.customers.consent_lasts;
        let mut known = Known {
            person: Person::default(),
            relations: Vec::new(),
            consent: BTreeMap::new(),
            happened: Vec::new(),
            heard: None,
            reports: Reports::default(),
        };
        let mut first = true;
        for bought in account.activity.bought().iter().filter(|bought| !bought.is_gone()) {
            let what =
                if std::mem::take(&mut first) { Happening::FirstPurchase } else { Happening::Purchase };
            known.happened.push(Happened {
                what,
                fact: bought.fact,
                micros: bought.earned_micros,
                day: bought.day,
            });
        }
        for no in self.whole_facts_of(root) {
            let Some(fact) = self.log.fact(no) else { continue };
            let when = ground.when(no, &fact);
            if when.day > on {
                continue;
            }
            let day = fact.at.day_in(zone);
            if let Some(profile) = profile_of(&fact) {
                known.person.tell(profile);
            }
            if let Body::Consented { consent, .. } = &fact.body
                && messages.purpose.as_ref().is_some_and(|purpose| **purpose == *consent.purpose)
            {
                let holds = lasts.is_none_or(|span| on <= span.last_day_from(day));
                known.consent.insert(consent.channel.to_string(), consent.given && holds);
            }
            if let Body::Met { encounter, .. } = &fact.body {
                known.reports.tell(encounter, no, day);
            }
            if is_heard(&fact) {
                known.heard = known.heard.max(Some(day));
            }
            if let Some(what) = happening(&fact) {
                known.happened.push(Happened { what, fact: no, micros: fact.at.micros(), day });
            }
        }
        known.heard = known.heard.max(account.activity.bought().last().map(|bought| bought.day));
        known.happened.sort_by(|a, b| (a.micros, self.log.id(a.fact)).cmp(&(b.micros, self.log.id(b.fact))));
        known.relations = self.relations_of(&known.person, on);
        known
    }

    /// What relations who are customers themselves told of themselves.
    fn relations_of(&self, person: &Person, on: Day) -> Vec<(Id, Person)> {
        let Some(Said::Entries(entries)) = person.get(Field::RELATIONS) else { return Vec::new() };
        let customers = entries.iter().filter_map(|entry| match &entry.value {
            Some(Entry::Relation(relation)) => relation.customer.as_deref(),
            _ => None,
        });
        let theirs = customers.filter_map(|id| {
            let root = self.people.root_of(id)?;
            let until =
                |no: &FactNo| self.log.fact(*no).is_some_and(|fact| self.ground().when(*no, &fact).day <= on);
            let person = self.person_of(self.whole_facts_of(root).into_iter().filter(until));
            Some((Id::new(id), person))
        });
        theirs.collect()
    }

    /// What speaks against a report: of no trigger, of an occasion that has not come. That another has settled it, the account says.
    pub(super) fn against_reporting(&self, arriving: &Arriving<'_, '_>) -> Option<RefusalCode> {
        let Body::Met { encounter, .. } = &arriving.fact.body else { return None };
        let (trigger, occasion) = key(encounter)?;
        let day = arriving.when.day;
        let program = self.versions.on(day).program;
        let Some(trigger) = program.triggers.iter().find(|known| *known.id == *trigger) else {
            return Some(RefusalCode::UnknownTrigger);
        };
        let root = self.people.root(arriving.place?);
        let account = self.state_on(root, day);
        let known = self.known(root, day, &program.messages, &account);
        // What was settled has been offered, whatever has become of it since.
        if known.reports.settled(&trigger.id, occasion).is_some() {
            return None;
        }
        let mut moments = self.moments_of(trigger, day, &account, &known).into_iter();
        (!moments.any(|moment| moment.occasion == *occasion)).then_some(RefusalCode::NeverOffered)
    }
}

impl Known {
    /// A message by the first channel that can be had; none where there is none.
    fn sending(&self, send: &Send, messages: &Messages) -> Option<Sending> {
        let agreed = |channel: &str| {
            messages.purpose.is_none() || self.consent.get(channel).copied().unwrap_or_default()
        };
        let by = send.by.iter().find(|channel| self.is_reached(channel) && agreed(channel))?;
        let clock = |minutes: u16| {
            let (hours, minutes) = (minutes.checked_div(60)?, minutes.checked_rem(60)?);
            Some(format!("{hours:02}:{minutes:02}"))
        };
        let (to, from) = messages.quiet.map_or((None, None), |(from, to)| (clock(from), clock(to)));
        Some(Sending { message: send.message.clone(), by: by.clone(), from, to })
    }

    /// Whether the profile knows what a channel needs; of channels that it knows nothing of, the host does.
    fn is_reached(&self, channel: &str) -> bool {
        let field = match channel {
            "sms" | "phone" => Field::PHONES,
            "email" => Field::EMAILS,
            "wechat" => Field::WECHAT,
            _ => return true,
        };
        self.person.get(field).is_some()
    }
}

/// The days on which a moment is due, after what was reported of it.
fn days(moment: &Moment, became: Became) -> Option<(Day, Day)> {
    match became {
        Became::Due => Some((moment.first, moment.last)),
        Became::Settled => None,
        Became::From(day) => {
            let first = day.max(moment.first);
            let open = i64::from(moment.last.number()).saturating_sub(moment.first.number().into());
            Some((first, first.add_days(open)))
        }
    }
}

/// A stable hash draws who is held out.
fn is_held_out(trigger: &Trigger, customer: &str) -> bool {
    let drawn = xxh3_64(format!("{}\n{customer}", trigger.id).as_bytes()).checked_rem(10_000);
    drawn.is_some_and(|drawn| drawn < trigger.holdout.into())
}

/// What a fact is that something may be due after. Purchases are looked up where returns are known.
fn happening(fact: &Fact<'_>) -> Option<Happening> {
    match &fact.body {
        Body::Joined { .. } => Some(Happening::Joining),
        Body::Returned { .. } => Some(Happening::Return),
        Body::Met { encounter, .. } => match encounter.kind {
            Kind::Visited => Some(Happening::Visit),
            Kind::Talked => Some(Happening::Talk),
            Kind::Serviced => {
                matches!(encounter.text("state"), None | Some("handed_over")).then_some(Happening::Service)
            }
            Kind::Wished => Some(Happening::Wish),
            Kind::Complained => (!encounter.resolved).then_some(Happening::Complaint),
            Kind::Reviewed => Some(Happening::Review),
            Kind::Noted | Kind::Reported => None,
        },
        _ => None,
    }
}
