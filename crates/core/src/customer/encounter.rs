//! What happens between a shop and a person besides buying: visits, talks, services, wishes, complaints, reviews, notes. All are one kind of
//! thing with other words, so that a timeline, an erasure and an export treat them alike.

use super::field::{LINE_BYTES, NOTE_BYTES, line, named};
use super::said::Range;
use crate::document::{Keys, Spot};
use crate::fact::Text;
use crate::fault::Fault;
use crate::json::Object;
use crate::money::Currency;
use std::fmt;

/// Which of them it is: the key it stands under in a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Visited,
    Talked,
    Serviced,
    Wished,
    Complained,
    Reviewed,
    Noted,
    /// What became of an occasion that the agenda named.
    Reported,
}

/// The key in facts, the code in stored ones, and what may be told of it.
const KINDS: [(Kind, &str, u8, &[&str]); 8] = [
    (Kind::Visited, "visited", 0, &["text"]),
    (Kind::Talked, "talked", 1, &["channel", "direction", "text"]),
    (Kind::Serviced, "serviced", 2, &["item", "of", "piece", "service", "state", "text"]),
    (Kind::Wished, "wished", 3, &["budget", "category", "item", "text"]),
    (Kind::Complained, "complained", 4, &["item", "of", "piece", "purchase", "resolved", "text"]),
    (Kind::Reviewed, "reviewed", 5, &["item", "purchase", "score", "text"]),
    (Kind::Noted, "noted", 6, &["text"]),
    (Kind::Reported, "reported", 7, &["as", "by", "occasion", "trigger", "until"]),
];

/// Who spoke: the customer to the shop, or the shop to the customer.
pub(crate) const DIRECTIONS: [(&str, &str); 2] = [("in", "in"), ("out", "out")];
/// How far a service has come.
pub(crate) const STATES: [(&str, &str); 5] = [
    ("received", "received"),
    ("in_work", "in_work"),
    ("ready", "ready"),
    ("handed_over", "handed_over"),
    ("called_off", "called_off"),
];
/// What can become of an occasion.
pub(crate) const REPORTS: [(&str, &str); 7] = [
    ("sent", "sent"),
    ("failed", "failed"),
    ("opened", "opened"),
    ("clicked", "clicked"),
    ("done", "done"),
    ("put_off", "put_off"),
    ("declined", "declined"),
];
/// The best score of a review.
pub(crate) const BEST: i64 = 10;

/// One of them. What was not told is not there.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Encounter<'a> {
    pub(crate) kind: Kind,
    /// By key, sorted.
    pub(crate) texts: Vec<(&'static str, Text<'a>)>,
    pub(crate) budget: Option<Range>,
    pub(crate) score: Option<u8>,
    pub(crate) resolved: bool,
}

/// The texts that may be told, by their place in stored facts.
pub(crate) const TEXTS: [&str; 15] = [
    "category",
    "channel",
    "direction",
    "item",
    "of",
    "piece",
    "purchase",
    "service",
    "state",
    "text",
    "as",
    "by",
    "occasion",
    "trigger",
    "until",
];

impl Kind {
    fn entry(self) -> (Kind, &'static str, u8, &'static [&'static str]) {
        let [first, ..] = KINDS;
        KINDS.into_iter().find(|entry| entry.0 == self).unwrap_or(first)
    }

    pub(crate) fn key(self) -> &'static str {
        self.entry().1
    }

    pub(crate) fn code(self) -> u8 {
        self.entry().2
    }

    pub(crate) fn from_code(code: u8) -> Option<Kind> {
        KINDS.into_iter().find(|entry| entry.2 == code).map(|entry| entry.0)
    }

    pub(crate) fn from_key(key: &str) -> Option<Kind> {
        KINDS.into_iter().find(|entry| entry.1 == key).map(|entry| entry.0)
    }
}

impl<'a> Encounter<'a> {
    /// Nothing but that it happened: what is left of it where a person has been forgotten.
    pub(crate) fn bare(kind: Kind) -> Encounter<'a> {
        Encounter { kind, texts: Vec::new(), budget: None, score: None, resolved: false }
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| *known == key).map(|(_, text)| &**text)
    }

    pub(crate) fn read(kind: Kind, spot: Spot<'_, 'a>, currency: Currency) -> Option<Encounter<'a>> {
        let known = kind.entry().3;
        let keys = spot.table(known)?;
        let mut found = Encounter::bare(kind);
        let mut whole = true;
        // Nothing of it is left where a person has been forgotten.
        let reports = kind == Kind::Reported && known.iter().any(|key| keys.has(key));
        for key in known.iter().copied().filter(|key| TEXTS.contains(key)) {
            let needed = reports && ["as", "occasion", "trigger"].contains(&key);
            let told = match needed {
                true => keys.need(key, |spot| text(key, spot)).map(Some),
                false => keys.may(key, |spot| text(key, spot)),
            };
            match told {
                Some(text) => found.texts.extend(text.map(|text| (key, text))),
                None => whole = false,
            }
        }
        if whole
            && kind == Kind::Reported
            && (found.text("as") == Some("put_off")) != found.text("until").is_some()
        {
            let fault =
                Fault::new("until_when", "what is put off is put off until a day, and nothing else is");
            return spot.fault(fault.advise("write `until` with `\"as\": \"put_off\"` only"));
        }
        let may = |key: &'static str| known.contains(&key);
        if may("budget") {
            found.budget = keys.may("budget", |spot| super::field::range(spot, currency))?;
        }
        if may("score") {
            found.score = score(&keys)?;
        }
        if may("resolved") {
            found.resolved = keys.may("resolved", Spot::truth)?.unwrap_or(false);
        }
        whole.then_some(found)
    }

    pub(crate) fn write(&self, currency: Currency, keys: &mut Object<'_>) {
        if let Some(range) = self.budget {
            keys.with("budget", |json| super::field::write_range(range, currency, json));
        }
        // What is no text stands between `purchase` and `service`.
        let (before, behind) = self.texts.split_at(self.texts.partition_point(|(key, _)| *key < "resolved"));
        before.iter().for_each(|(key, text)| keys.text(key, text));
        if self.resolved {
            keys.with("resolved", |json| json.push_str("true"));
        }
        if let Some(score) = self.score {
            keys.number("score", score.into());
        }
        behind.iter().for_each(|(key, text)| keys.text(key, text));
    }
}

#[expect(clippy::option_option, reason = "a fault and an absent key are two things")]
fn score(keys: &Keys<'_, '_>) -> Option<Option<u8>> {
    let score = keys.may("score", |spot| spot.whole(0..=BEST))?;
    Some(score.and_then(|score| u8::try_from(score).ok()))
}

fn text<'a>(key: &str, spot: Spot<'_, 'a>) -> Option<Text<'a>> {
    match key {
        "text" => line(spot, NOTE_BYTES),
        "service" => line(spot, LINE_BYTES),
        "as" => spot.one_of(&REPORTS).map(Text::from),
        "until" => spot.day().map(|day| Text::from(day.to_string())),
        "direction" => spot.one_of(&DIRECTIONS).map(Text::from),
        "state" => spot.one_of(&STATES).map(Text::from),
        _ => named(spot),
    }
}

/// What was said, wished or written is somebody's.
impl fmt::Debug for Encounter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encounter({})", self.kind.key())
    }
}
