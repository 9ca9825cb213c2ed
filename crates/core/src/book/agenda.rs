//! What is due: whom to write to, whom to call, and why (semantics 13).

use super::Book;
use super::views::day_as_text;
use crate::Id;
use crate::calendar::{Day, Moment};
use crate::outcome::Refusal;
use crate::program::triggers::Trigger;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
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

/// Something that is due for a customer: a message to send, a task for someone, something to give, or several of these.
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
    /// What the customer is given when it is reported as sent or done.
    pub give: Option<Giving>,
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
    /// Bonus of stored value that lapses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub bonus: Option<Decimal>,
    /// The tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Id>,
    /// Spend that was reached, or that is missing for the tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub spend: Option<Decimal>,
}

/// What a customer is given.
///
/// ```
/// # let giving: Option<parure::book::Giving> = None;
/// let points = giving.map_or(0, |giving| giving.points); // and a coupon, or either
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Giving {
    /// Points.
    pub points: i64,
    /// A coupon, by its id in the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Id>,
    /// A benefit, by its id in the program, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benefit: Option<Id>,
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
    /// Where the program has quiet hours: not before this instant of the day that is asked about, by the clocks of the customer's time zone.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::answer::as_text")]
    pub from: Option<Moment>,
    /// And not from this one on.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::answer::as_text")]
    pub to: Option<Moment>,
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

impl Book {
    /// What is due on a day, as of its end: whom to write to, whom to call. What was reported as sent, done or declined is not due again.
    ///
    /// The first question after a book was opened looks at every account; later ones at those for whom something may be due, and of whom something was told since.
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
        let mut due = self.look(on);
        due.sort_by_cached_key(|due| (due.first_day, place(due), due.customer.clone()));
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
        Ok(Agenda {
            on,
            due: self.looked_at(root, on).map_or_else(Vec::new, |looked| self.due_of(root, on, &looked)),
        })
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
}

/// A stable hash draws who is held out.
pub(super) fn is_held_out(trigger: &Trigger, customer: &str) -> bool {
    if trigger.holdout == 0 {
        return false;
    }
    let drawn = xxh3_64(format!("{}\n{customer}", trigger.id).as_bytes()).checked_rem(10_000);
    drawn.is_some_and(|drawn| drawn < trigger.holdout.into())
}
