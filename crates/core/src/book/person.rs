//! What a book answers about a person: the profile, consent, what happened with them, and everything at once (semantics 9.7).

use super::naming::profile_of;
use super::people::Place;
use super::views::day_as_text;
use super::{AccountView, Book, FlagView};
use crate::Id;
use crate::calendar::{Day, Moment};
use crate::customer::field::Field;
use crate::customer::profile::Person;
use crate::customer::said::Said;
use crate::fact::{Body, Fact, Settlement};
use crate::loyalty::lots::FactNo;
use crate::outcome::Refusal;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A person as of the end of a day.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// let told = r#"{"id":"t-9","at":"2026-11-20T10:00:00+08:00","customer":"wang-fang","profile_changed":{"name":"王芳","stones":{"add":["jade"]}}}"#;
/// book.record(&parure::fact::Fact::from_json(told, book.currency())?)?;
/// let on = parure::calendar::Day::parse("2026-11-21")?;
/// let wang = book.customer("wang-fang", on)?;
/// assert_eq!((wang.profile["name"].as_str(), wang.profile["stones"][0].as_str()), (Some("王芳"), Some("jade")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomerView {
    /// The id the account goes by.
    pub account: Id,
    /// The ids of customers merged into it.
    pub aliases: Vec<Id>,
    /// The day asked about.
    #[serde(serialize_with = "day_as_text")]
    #[schemars(with = "Day")]
    pub on: Day,
    /// What is known, by the keys of profiles in facts (docs/facts.md).
    pub profile: Map<String, Value>,
    /// How much of what the program asks for is known, from 0 to 100; 100 where it asks for nothing.
    pub complete: u8,
    /// What to ask for next, in order.
    pub ask: Vec<AskView>,
    /// What was agreed to and withdrawn, by channel and purpose.
    pub consent: Vec<ConsentView>,
    /// How long nothing was heard of them.
    pub heard: Heard,
    /// What `record` would have refused of what was told of them.
    pub flags: Vec<FlagView>,
}

/// Something to ask a person for.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// assert!(book.customer("wang-fang", on)?.ask.is_empty()); // this program asks for nothing
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AskView {
    /// A key of profiles, or the id of a field of the program's own.
    pub field: String,
    /// What the program calls a field of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the program requires it.
    pub required: bool,
}

/// Whether a person may be written to by a channel for a purpose.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// let agreed = r#"{"id":"k-1","at":"2026-11-20T10:00:00+08:00","customer":"wang-fang","store":"sh-01",
///     "consented":{"channel":"wechat","purpose":"offers","given":true,"text":"2026-03"}}"#;
/// book.record(&parure::fact::Fact::from_json(agreed, book.currency())?)?;
/// let on = parure::calendar::Day::parse("2026-11-21")?;
/// let consent = &book.customer("wang-fang", on)?.consent[0];
/// assert_eq!((consent.state, consent.fact.as_str(), consent.text.as_deref()), ("given", "k-1", Some("2026-03")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConsentView {
    /// `wechat`, `sms`, `e-mail`, `phone`: a name of the shop's own.
    pub channel: Id,
    /// What for.
    pub purpose: Id,
    /// `given`; `withdrawn`; `lapsed` where it was given too long ago for the program.
    pub state: &'static str,
    /// The day on which it was given or withdrawn last.
    #[serde(serialize_with = "day_as_text")]
    #[schemars(with = "Day")]
    pub since: Day,
    /// The last day on which it holds; none: until it is withdrawn.
    #[serde(serialize_with = "super::answer::as_text")]
    pub until: Option<Day>,
    /// The fact that says so.
    pub fact: Id,
    /// Where it was given or withdrawn.
    pub store: Option<Id>,
    /// The version of the text that was agreed to.
    pub text: Option<Id>,
}

/// The latest that was heard of a person themselves.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// assert!(book.customer("wang-fang", on)?.heard.last.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Heard {
    /// The day; none where all of it is behind a seal.
    #[serde(serialize_with = "super::answer::as_text")]
    pub last: Option<Day>,
    /// The last day before they must be asked, or forgotten; none where the program sets no bound.
    #[serde(serialize_with = "super::answer::as_text")]
    pub until: Option<Day>,
}

/// What happened with a person, the latest first.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// use parure::book::TimelineOf;
/// let all = book.timeline("wang-fang", &TimelineOf { limit: 2, ..TimelineOf::default() })?;
/// let rest = book.timeline("wang-fang", &TimelineOf { before: all.next.clone(), ..TimelineOf::default() })?;
/// assert_eq!(all.entries.len(), 2);
/// assert!(rest.entries.iter().all(|entry| entry.at <= all.entries[1].at));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Timeline {
    /// The id the account goes by.
    pub account: Id,
    /// The latest first.
    pub entries: Vec<TimelineEntry>,
    /// The fact before which to go on; none: there is no more.
    pub next: Option<Id>,
}

/// One thing that happened.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// use parure::book::TimelineOf;
/// let kinds = vec!["joined".to_owned()];
/// let all = book.timeline("wang-fang", &TimelineOf { kinds, ..TimelineOf::default() })?;
/// assert_eq!((all.entries.len(), all.entries[0].kind, all.entries[0].fact.as_str()), (1, "joined", "j-05"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TimelineEntry {
    /// The fact.
    pub fact: Id,
    /// What happened: the key it stands under in the fact.
    pub kind: &'static str,
    /// When.
    #[serde(serialize_with = "moment_as_text")]
    #[schemars(with = "String")]
    pub at: Moment,
    /// The local day.
    #[serde(serialize_with = "day_as_text")]
    #[schemars(with = "Day")]
    pub day: Day,
    /// To whom of those who are one account.
    pub customer: Id,
    /// Where.
    pub store: Option<Id>,
    /// Who served.
    pub staff: Option<Id>,
    /// What the fact says.
    pub told: Value,
}

/// Which part of what happened with a person.
///
/// ```
/// use parure::book::TimelineOf;
/// assert_eq!(TimelineOf::default().limit, parure::book::MOST_ENTRIES);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineOf {
    /// Kinds of facts; none: all.
    pub kinds: Vec<String>,
    /// What came before this fact of theirs.
    pub before: Option<Id>,
    /// At most so many; more than [`MOST_ENTRIES`] are those.
    pub limit: usize,
}

/// Entries of one page of a timeline.
///
/// ```
/// assert_eq!(parure::book::MOST_ENTRIES, 1_000);
/// ```
pub const MOST_ENTRIES: usize = 1_000;

/// Everything that is held on one person.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let held = book.export_person("wang-fang", on)?;
/// assert_eq!(held.points.points.balance, 4_077);
/// assert!(held.facts.iter().any(|fact| fact["id"] == "j-05"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PersonExport {
    /// Who they are.
    pub customer: CustomerView,
    /// Their points and tier.
    pub points: AccountView,
    /// Every fact of theirs that the book holds whole, in order: as JSON, as they would be merged.
    pub facts: Vec<Value>,
    /// Facts of others that name them.
    pub named_by: Vec<NamedBy>,
}

/// A fact of someone else that names a person. Whose it is is theirs to know.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// assert!(book.export_person("wang-fang", on)?.named_by.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NamedBy {
    /// The fact.
    pub fact: Id,
    /// By which of their ids.
    pub customer: Id,
    /// As who introduced someone (`introduced_by`), as whose points something was paid with (`drawn`), or as what relation of someone.
    pub as_what: String,
}

fn moment_as_text<S: serde::Serializer>(at: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

impl Default for TimelineOf {
    fn default() -> Self {
        TimelineOf { kinds: Vec::new(), before: None, limit: MOST_ENTRIES }
    }
}

macro_rules! redacted {
    ($($name:ident),+) => { $(
        /// What it holds is somebody's.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+ };
}
redacted!(CustomerView, Timeline, TimelineEntry, PersonExport);

impl Book {
    /// A person as of the end of a day: what is known of them, what to ask next, what they agreed to.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.customer("wang-fang", on)?.profile["birthday"]["lunar"], "2001-04-11");
    /// assert_eq!(book.customer("nobody", on).unwrap_err().code.code(), "unknown_customer");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Refused with `unknown_customer` for someone nobody knows, with `sealed` for a day before the seal.
    pub fn customer(&self, customer: &str, on: Day) -> Result<CustomerView, Refusal> {
        let root = self.asked(customer, on)?;
        Ok(self.customer_view(root, on))
    }

    fn customer_view(&self, root: Place, on: Day) -> CustomerView {
        let ground = self.ground();
        let program = self.versions.on(on).program;
        let (mut person, mut consents, mut heard) = (Person::default(), BTreeMap::new(), None);
        for no in self.whole_facts_of(root) {
            let Some(fact) = self.log.fact(no) else { continue };
            let when = ground.when(no, &fact);
            if when.day > on {
                continue;
            }
            if let Some(profile) = profile_of(&fact) {
                person.tell(profile);
            }
            if let Body::Consented { consent, .. } = &fact.body {
                let key = (Id::new(&*consent.channel), Id::new(&*consent.purpose));
                consents.insert(key, (no, fact.at.day_in(self.versions.zone())));
            }
            if is_heard(&fact) {
                heard = heard.max(Some(fact.at.day_in(self.versions.zone())));
            }
        }
        let consent = consents.into_iter().filter_map(|((channel, purpose), (no, since))| {
            let fact = self.log.fact(no)?;
            let Body::Consented { consent, .. } = &fact.body else { return None };
            let until = program.customers.consent_lasts.map(|span| span.last_day_from(since));
            let until = until.filter(|_| consent.given);
            let state = match consent.given {
                false => "withdrawn",
                true if until.is_some_and(|until| until < on) => "lapsed",
                true => "given",
            };
            let text = consent.text.as_deref().map(Id::new);
            let store = fact.store().map(Id::new);
            Some(ConsentView { channel, purpose, state, since, until, fact: fact.id().into(), store, text })
        });
        let completeness = person.completeness(&program.customers);
        let name = |field: &str| {
            let declared = program.customers.fields.iter().find(|declared| *declared.id == *field);
            declared.map(|declared| declared.name.to_string())
        };
        let ask = completeness.missing.into_iter().map(|(field, required)| AskView {
            name: name(&field),
            field,
            required,
        });
        let silence = program.customers.silence;
        CustomerView {
            account: self.people.id(root).clone(),
            aliases: self.aliases_of(root),
            on,
            profile: person.to_json(self.currency()),
            complete: completeness.percent,
            ask: ask.collect(),
            consent: consent.collect(),
            heard: Heard {
                last: heard,
                until: heard.zip(silence).map(|(last, silence)| silence.last_day_from(last)),
            },
            flags: self.flags_of_profile(root, on),
        }
    }

    fn aliases_of(&self, root: Place) -> Vec<Id> {
        let others = self.people.members(root).iter().filter(|member| **member != root);
        others.map(|member| self.people.id(*member).clone()).collect()
    }

    fn flags_of_profile(&self, root: Place, on: Day) -> Vec<FlagView> {
        use crate::outcome::RefusalCode::{
            CircularIntroduction, OwnRelation, UnknownCustomer, UnknownField, UnknownTag, WrongValue,
        };
        let account = self.state_on(root, on);
        let own = account.rare.iter().flat_map(|rare| &rare.flags);
        let apart = self.flags_apart(root, on);
        let told = |code| {
            matches!(
                code,
                CircularIntroduction | OwnRelation | UnknownCustomer | UnknownField | UnknownTag | WrongValue
            )
        };
        own.chain(&apart).filter(|flag| told(flag.code)).map(|flag| self.flag_view(flag)).collect()
    }

    /// The facts of an account that the book holds whole and that are its customers' own, in order: also those from before a seal.
    pub(super) fn whole_facts_of(&self, root: Place) -> Vec<FactNo> {
        let mut facts = self.listed_facts_of(root);
        facts.retain(|no| self.log.fact(*no).is_some_and(|fact| self.is_told_of(root, &fact)));
        facts
    }

    /// Whether a fact in an account's list is told of its own customers, not of someone else who names one of them.
    pub(super) fn is_told_of(&self, root: Place, fact: &Fact<'_>) -> bool {
        (profile_of(fact).is_none() && fact.drawn().is_empty()) || self.is_own(root, fact)
    }

    /// The same with those of others that name one of an account's customers.
    pub(super) fn listed_facts_of(&self, root: Place) -> Vec<FactNo> {
        let own = [root];
        let members = self.people.members(root);
        let members = if members.is_empty() { &own[..] } else { members };
        let sealed = members.iter().flat_map(|member| {
            let from = self.told.partition_point(|(place, _)| place < member);
            let told = self.told.get(from..).unwrap_or_default();
            told.iter().take_while(move |(place, _)| place == member).map(|(_, no)| *no)
        });
        let mut facts: Vec<FactNo> = sealed.chain(self.own_facts_of(root).iter().copied()).collect();
        if !self.told.is_empty() {
            let ground = self.ground();
            facts.sort_by(|a, b| ground.key(*a).cmp(&ground.key(*b)));
            facts.dedup();
        }
        facts
    }

    /// What facts, in their order, tell of a person.
    pub(super) fn person_of(&self, facts: impl IntoIterator<Item = FactNo>) -> Person {
        let mut person = Person::default();
        for fact in facts.into_iter().filter_map(|no| self.log.fact(no)) {
            if let Some(profile) = profile_of(&fact) {
                person.tell(profile);
            }
        }
        person
    }

    fn is_own(&self, root: Place, fact: &Fact<'_>) -> bool {
        fact.customer().and_then(|customer| self.people.root_of(customer)) == Some(root)
    }

    /// What happened with a person, the latest first. Of what a seal has settled, what was told of them is still there.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// use parure::book::TimelineOf;
    /// let bought = TimelineOf { kinds: vec!["purchased".to_owned()], limit: 1, ..TimelineOf::default() };
    /// let latest = book.timeline("wang-fang", &bought)?;
    /// assert_eq!(latest.entries[0].kind, "purchased");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Refused with `unknown_customer` for someone nobody knows.
    pub fn timeline(&self, customer: &str, of: &TimelineOf) -> Result<Timeline, Refusal> {
        let root = self.asked(customer, self.answerable(Day::FIRST))?;
        let ground = self.ground();
        let facts = self.whole_facts_of(root);
        let before = of.before.as_ref().and_then(|id| self.log.find(id)).map(|no| ground.key(no));
        let end = before.map_or(facts.len(), |before| facts.partition_point(|no| ground.key(*no) < before));
        let asked = |fact: &Fact<'_>| of.kinds.is_empty() || of.kinds.iter().any(|kind| kind == fact.kind());
        let limit = of.limit.min(MOST_ENTRIES);
        let mut entries: Vec<TimelineEntry> = Vec::new();
        let mut next = None;
        for no in facts.get(..end).unwrap_or_default().iter().rev() {
            let Some(fact) = self.log.fact(*no).filter(asked) else { continue };
            if entries.len() == limit {
                next = entries.last().map(|entry| entry.fact.clone());
                break;
            }
            entries.push(self.entry(&fact));
        }
        Ok(Timeline { account: self.people.id(root).clone(), entries, next })
    }

    fn entry(&self, fact: &Fact<'_>) -> TimelineEntry {
        let told = match fact.to_value(self.currency()) {
            Value::Object(mut keys) => keys.remove(fact.kind()),
            _ => None,
        };
        TimelineEntry {
            fact: fact.id().into(),
            kind: fact.kind(),
            at: fact.at,
            day: fact.at.day_in(self.versions.zone()),
            customer: fact.customer().unwrap_or_default().into(),
            store: fact.store().map(Id::new),
            staff: fact.staff().map(Id::new),
            told: told.unwrap_or_default(),
        }
    }

    /// Everything that is held on one person: for them to take with them, or to see.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.export_person("nobody", on).unwrap_err().code.code(), "unknown_customer");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Refused with `unknown_customer` for someone nobody knows, with `sealed` for a day before the seal.
    pub fn export_person(&self, customer: &str, on: Day) -> Result<PersonExport, Refusal> {
        let root = self.asked(customer, on)?;
        let currency = self.currency();
        let facts = self.whole_facts_of(root);
        let facts = facts.iter().filter_map(|no| Some(self.log.fact(*no)?.to_value(currency)));
        let named_by = self.named_by(root).into_iter().filter_map(|(no, id)| {
            let fact = self.log.fact(no)?;
            let as_what = as_what(&fact, id)?;
            Some(NamedBy { fact: fact.id().into(), customer: id.clone(), as_what })
        });
        Ok(PersonExport {
            customer: self.customer_view(root, on),
            points: self.view(root, &self.state_on(root, on), on),
            facts: facts.collect(),
            named_by: named_by.collect(),
        })
    }
}

/// Whether a fact was something of the person themselves, not only about them.
pub(super) fn is_heard(fact: &Fact<'_>) -> bool {
    use crate::customer::encounter::Kind;
    match &fact.body {
        Body::Joined { .. }
        | Body::ProfileChanged { .. }
        | Body::Purchased { .. }
        | Body::Returned { .. }
        | Body::Redeemed { .. }
        | Body::BenefitUsed { .. }
        | Body::Ordered { .. }
        | Body::Consented { .. } => true,
        Body::Met { encounter, .. } => {
            !matches!(encounter.kind, Kind::Noted | Kind::Reported)
                && encounter.text("direction") != Some("out")
        }
        Body::Valued { act, .. } => act.is_of_money(),
        Body::RedemptionSettled { how, .. } => *how == Settlement::HandedOver,
        Body::Adjusted { .. }
        | Body::Given { .. }
        | Body::TierGranted { .. }
        | Body::HouseholdJoined { .. }
        | Body::HouseholdLeft { .. }
        | Body::Issued { .. }
        | Body::Voided { .. }
        | Body::Couponed { .. }
        | Body::BenefitGranted { .. }
        | Body::BenefitReversed { .. }
        | Body::Merged { .. }
        | Body::Unmerged { .. }
        | Body::Erased { .. }
        | Body::Adopted { .. } => false,
    }
}

/// What a fact of someone else names a customer as.
fn as_what(fact: &Fact<'_>, id: &str) -> Option<String> {
    use crate::customer::said::Entry;
    if fact.drawn().iter().any(|drawn| *drawn.customer == *id) {
        return Some("drawn".to_owned());
    }
    let profile = profile_of(fact)?;
    if matches!(profile.get(Field::INTRODUCED_BY), Some(Said::Text(by)) if **by == *id) {
        return Some("introduced_by".to_owned());
    }
    let Some(Said::Entries(relations)) = profile.get(Field::RELATIONS) else { return None };
    relations.iter().find_map(|entry| match &entry.value {
        Some(Entry::Relation(relation)) if relation.customer.as_deref() == Some(id) => {
            Some(relation.kind.to_string())
        }
        _ => None,
    })
}
