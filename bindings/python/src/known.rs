//! What is answered about people: who was found, what is known of them, what happened, what is due. None of it shows in a line what is personal: ids and days, and how
//! much there is.

use crate::answers::{Account, Flag, Json, answers, json_of, of_core, quoted, shown_of};
use crate::people;
use crate::shown::{Amount, Date, Instant, Many, Of, Plain, Text, fields_shown, grouped};
use parure::book;
use parure::json::canonical;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::hash::{Hash, Hasher};

/// A profile's fields: for Python a `dict` of what the constructors of facts take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(Map<String, Value>);

/// Something in JSON: for Python what `json.loads` gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct AsJson(Value);

impl Hash for Fields {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
    }
}

impl Hash for AsJson {
    fn hash<H: Hasher>(&self, state: &mut H) {
        canonical(&self.0).hash(state);
    }
}

impl Of<Map<String, Value>> for Fields {
    fn of(core: Map<String, Value>) -> Self {
        Fields(core)
    }
}

impl Of<Value> for AsJson {
    fn of(core: Value) -> Self {
        AsJson(core)
    }
}

impl Plain for Fields {
    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let fields = PyDict::new(py);
        for (key, value) in &self.0 {
            fields.set_item(key, people::shown(py, key, value)?)?;
        }
        Ok(fields.into_any())
    }
}

impl Plain for AsJson {
    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        people::plain(py, &self.0)
    }
}

macro_rules! shown_plain {
    ($($type:ty)+) => { $(impl<'py> IntoPyObject<'py> for $type {
        type Target = PyAny;
        type Output = Bound<'py, PyAny>;
        type Error = PyErr;

        fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
            self.plain(py)
        }
    })+ };
}

shown_plain!(Fields AsJson);

answers! {
    /// Someone who was found.
    FoundCustomer of [book::FoundCustomer], json plain, shown own {
        /// The id the account goes by.
        account: Text,
        /// The id of whom it was told.
        customer: Text,
        /// Their name, where it is known.
        name: Option<String>,
        /// By what: `name`, `phone`, `email`, `wechat`, `card`, `serial`.
        by: Text,
        /// How much of it was typed: `whole`, `start`, `part`, `sound`.
        how: Text,
    } with {}

    /// Two accounts that are likely one person's.
    LikelyTwice of [book::LikelyTwice], json plain, shown own {
        /// The two, by id.
        accounts: Many<Text>,
        /// How likely they are one person, in thousandths.
        score: u16,
        /// What speaks for it and against, the heaviest first.
        reasons: Many<Reason>,
    } with {}

    /// What speaks for two accounts being one person's, or against it.
    Reason of [book::ReasonView], json plain, shown fields {
        /// A stable code.
        code: Text,
        /// For people.
        text: String,
        /// In tenths of bits; below zero: against.
        weight: i16,
    } with {}

    /// What is due on a day.
    Agenda of [book::Agenda], json plain, shown own {
        /// The day asked about.
        on: Date,
        /// The earliest first, then in the order of the program's triggers, then by customer.
        due: Many<Due>,
    } with {}

    /// Something that is due for a customer: a message to send, a task for someone, something to give, or several of these.
    Due of [book::Due], json plain, shown own {
        /// `trigger/customer/occasion`: the same wherever it is computed.
        key: String,
        /// The trigger.
        trigger: Text,
        /// The id the account goes by.
        customer: Text,
        /// Which of the trigger's occasions: what a fact `reported` names.
        occasion: String,
        /// The first day on which it is due.
        first_day: Date,
        /// The last day on which it is due.
        last_day: Date,
        /// Why.
        why: DueWhy,
        /// A message to send.
        send: Option<Sending>,
        /// Something for someone to do.
        task: Option<Duty>,
        /// What the customer is given when it is reported as sent or done.
        give: Option<Giving>,
    } with {}

    /// What a customer is given.
    Giving of [book::Giving], json plain, shown fields {
        /// Points.
        points: i64,
        /// A coupon, by its id in the program.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        coupon: Option<Text>,
        /// A benefit, by its id in the program, once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        benefit: Option<Text>,
    } with {}

    /// Why something is due. What does not apply is none.
    DueWhy of [book::DueWhy], json plain, shown fields {
        /// The day of a date or a festival, the last day of what lapses, the day on which something was reached or a silence began.
        day: Option<Date>,
        /// What happened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<Text>,
        /// Points that lapse.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        points: Option<i64>,
        /// Bonus of stored value that lapses.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bonus: Option<Amount>,
        /// The tier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<Text>,
        /// Spend that was reached, or that is missing for the tier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spend: Option<Amount>,
    } with {}

    /// A message to send.
    Sending of [book::Sending], json plain, shown fields {
        /// What the host calls it.
        message: Text,
        /// The channel.
        by: Text,
        /// Where the program has quiet hours: not before this instant of the day that was asked about, by the clocks of the customer's time zone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[pyo3(name = "from_")]
        from: Option<Instant>,
        /// And not from this one on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Instant>,
    } with {}

    /// Something for someone to do.
    Duty of [book::Duty], json plain, shown fields {
        /// What, in the shop's words.
        what: String,
        /// `owner`, `manager` or `store`.
        who: Text,
    } with {}

    /// What is known of a person at the end of a day.
    Customer of [book::CustomerView], json plain, shown own {
        /// The id the account goes by.
        account: Text,
        /// The ids of customers merged into it.
        aliases: Many<Text>,
        /// The day asked about.
        on: Date,
        /// What is known, by the keys of profiles.
        profile: Fields,
        /// How much of what the program asks for is known, from 0 to 100.
        complete: u8,
        /// What to ask for next, in order.
        ask: Many<Ask>,
        /// What was agreed to and withdrawn, by channel and purpose.
        consent: Many<Consent>,
        /// How long nothing was heard of them.
        heard: Heard,
        /// What `record` would have refused of what was told of them.
        flags: Many<Flag>,
    } with {}

    /// Something to ask a person for.
    Ask of [book::AskView], json plain, shown fields {
        /// A key of profiles, or the id of a field of the program's own.
        field: String,
        /// What the program calls a field of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Whether the program requires it.
        required: bool,
    } with {}

    /// Whether a person may be written to by a channel for a purpose.
    Consent of [book::ConsentView], json plain, shown fields {
        /// The channel.
        channel: Text,
        /// What for.
        purpose: Text,
        /// `given`, `withdrawn`, or `lapsed` where it was given too long ago.
        state: Text,
        /// The day since which it is so.
        since: Date,
        /// The last day for which it was given.
        until: Option<Date>,
        /// The fact.
        fact: Text,
        /// Where it was told.
        store: Option<Text>,
        /// The version of the text that was agreed to.
        text: Option<Text>,
    } with {}

    /// The latest that was heard of a person themselves.
    Heard of [book::Heard], json plain, shown fields {
        /// The day; none where all of it is behind a seal.
        last: Option<Date>,
        /// The last day before they must be asked, or forgotten; none without a bound.
        until: Option<Date>,
    } with {}

    /// What happened with a person, the latest first.
    Timeline of [book::Timeline], json plain, shown own {
        /// The id the account goes by.
        account: Text,
        /// The latest first.
        entries: Many<TimelineEntry>,
        /// The fact before which to go on; none: there is no more.
        next: Option<Text>,
    } with {}

    /// One thing that happened.
    TimelineEntry of [book::TimelineEntry], json plain, shown own {
        /// The fact.
        fact: Text,
        /// What happened: `purchased`, `visited`, …
        kind: Text,
        /// When.
        at: Instant,
        /// The local day.
        day: Date,
        /// To whom of those who are one account.
        customer: Text,
        /// Where.
        store: Option<Text>,
        /// Who served.
        staff: Option<Text>,
        /// What the fact says, as its JSON does.
        told: AsJson,
    } with {}

    /// Everything that is held on one person.
    PersonExport of [book::PersonExport], json plain, shown own {
        /// Who they are.
        customer: Customer,
        /// Their points and tier.
        points: Account,
        /// Every fact of theirs that the book holds whole, in order, as its JSON.
        facts: Many<AsJson>,
        /// Facts of others that name them.
        named_by: Many<NamedBy>,
    } with {}

    /// A fact of someone else that names a person.
    NamedBy of [book::NamedBy], json plain, shown fields {
        /// The fact.
        fact: Text,
        /// By which of their ids.
        customer: Text,
        /// As who introduced someone; as what relation of someone.
        as_what: String,
    } with {}
}

fn count(what: &str, count: usize) -> String {
    let number = grouped(i64::try_from(count).unwrap_or(i64::MAX));
    if count == 1 { format!("{number} {what}") } else { format!("{number} {what}s") }
}

impl FoundCustomer {
    fn line(&self, py: Python<'_>) -> PyResult<String> {
        let FoundCustomer { account, by, how, .. } = self;
        Ok(format!("<FoundCustomer {} by {}: {}>", quoted(py, &account.0)?, by.0, how.0))
    }
}

impl LikelyTwice {
    fn line(&self, py: Python<'_>) -> PyResult<String> {
        let ids: Vec<String> = self.accounts.0.iter().map(|id| quoted(py, &id.0)).collect::<PyResult<_>>()?;
        let reasons: Vec<&str> = self.reasons.0.iter().map(|reason| reason.code.0.as_str()).collect();
        Ok(format!("<LikelyTwice {}, {} of 1000: {}>", ids.join(" and "), self.score, reasons.join(", ")))
    }
}

impl Agenda {
    fn line(&self, _: Python<'_>) -> PyResult<String> {
        Ok(format!("<Agenda on {}: {} due>", self.on.0, grouped(i64::try_from(self.due.0.len())?)))
    }
}

impl Due {
    fn line(&self, py: Python<'_>) -> PyResult<String> {
        let mut told =
            format!("<Due {}, {} to {}", quoted(py, &self.key)?, self.first_day.0, self.last_day.0);
        if let Some(send) = &self.send {
            told.push_str(&format!(", send {} by {}", send.message.0, send.by.0));
        }
        if let Some(task) = &self.task {
            told.push_str(&format!(", a task for the {}", task.who.0));
        }
        Ok(told + ">")
    }
}

impl Customer {
    fn line(&self, py: Python<'_>) -> PyResult<String> {
        let mut told = format!("<Customer {} on {}: ", quoted(py, &self.account.0)?, self.on.0);
        told.push_str(&format!(
            "{} known, {} % complete",
            count("field", self.profile.0.len()),
            self.complete
        ));
        if !self.flags.0.is_empty() {
            let codes: Vec<&str> = self.flags.0.iter().map(|flag| flag.code.0.as_str()).collect();
            told.push_str(&format!(", flags: {}", codes.join(", ")));
        }
        Ok(told + ">")
    }
}

impl Timeline {
    fn line(&self, py: Python<'_>) -> PyResult<String> {
        let more = if self.next.is_some() { ", and there is more" } else { "" };
        let entries = self.entries.0.len();
        let told = if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
        Ok(format!("<Timeline of {}: {told}{more}>", quoted(py, &self.account.0)?))
    }
}

impl TimelineEntry {
    fn line(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<TimelineEntry {} {} on {}>", self.kind.0, quoted(py, &self.fact.0)?, self.day.0))
    }
}

impl PersonExport {
    fn line(&self, py: Python<'_>) -> PyResult<String> {
        let account = quoted(py, &self.customer.account.0)?;
        let (own, others) = (count("fact", self.facts.0.len()), self.named_by.0.len());
        Ok(format!("<PersonExport of {account}: {own}, named by {others} of others>"))
    }
}
