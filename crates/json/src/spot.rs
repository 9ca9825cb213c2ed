//! A value in a request that has not been read yet: its text, and how it is named when something is wrong with it.
//!
//! Requests are shallow, and what lies deeper (facts, baskets, programs) has a strict reader in the core. So here values stay the
//! text that they were written as.

use crate::Error;
use crate::request::TEXT_BYTES;
use parure::calendar::{Day, Moment};
use parure::fault::{Fault, Place};
use serde::Deserializer;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Keys that a table is looked at for; no verb has as many.
const MOST_KEYS: usize = 32;
const TOO_MANY: &str = "too many";

/// A value, and where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'a> {
    request: &'a str,
    text: &'a str,
    verb: &'static str,
    key: &'static str,
    index: Option<usize>,
}

impl fmt::Debug for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What stands there may be somebody's.
        write!(f, "{} = {} bytes", self.path(), self.text.len())
    }
}

/// What a key of a verb holds.
pub(crate) trait Written<'a>: Sized {
    fn read(spot: Spot<'a>) -> Result<Self, Fault>;
}

/// The keys of a verb as they were written.
pub(crate) struct Keys<'a> {
    spot: Spot<'a>,
    found: Vec<(&'static str, Spot<'a>)>,
}

impl<'a> Spot<'a> {
    /// The whole request.
    pub(crate) fn root(request: &'a str) -> Self {
        Spot { request, text: request, verb: "", key: "", index: None }
    }

    /// The text as it was written.
    pub(crate) fn source(&self) -> &'a str {
        self.text
    }

    pub(crate) fn path(&self) -> String {
        let dot = if self.verb.is_empty() || self.key.is_empty() { "" } else { "." };
        let index = self.index.map_or_else(String::new, |index| format!("[{index}]"));
        format!("{}{dot}{}{index}", self.verb, self.key)
    }

    /// Where a part of the request stands in it.
    fn place_of(&self, part: &str) -> Place {
        let start = part.as_ptr().addr().saturating_sub(self.request.as_ptr().addr());
        Place::of(self.request, start..start.saturating_add(part.len()))
    }

    /// A fault of this value.
    pub(crate) fn fault(&self, fault: Fault) -> Fault {
        let mut fault = fault.at(self.path());
        fault.place = Some(self.place_of(self.text));
        fault
    }

    /// A fault that a reader of the core found inside: its path and place are made those of the request.
    pub(crate) fn inside(&self, error: impl Into<Error>) -> Error {
        error.into().within(&self.path(), |inner| {
            let found = inner.and_then(|inner| self.text.get(inner.start..inner.end));
            Some(self.place_of(found.unwrap_or(self.text)))
        })
    }

    /// A fault that a reader found in the text that this value stands for: its place is that text's.
    pub(crate) fn inside_text(&self, error: impl Into<Error>) -> Error {
        error.into().within(&self.path(), |inner| inner)
    }

    fn kind(&self) -> &'static str {
        match self.text.trim_start_matches([' ', '\t', '\n', '\r']).as_bytes().first() {
            Some(b'{') => "a table",
            Some(b'[') => "a list",
            Some(b'"') => "text",
            Some(b'-' | b'0'..=b'9') => "a number",
            Some(b't' | b'f') => "true or false",
            Some(b'n') => "null",
            _ => "nothing",
        }
    }

    pub(crate) fn is_text(&self) -> bool {
        self.kind() == "text"
    }

    pub(crate) fn expect(&self, kind: &str) -> Result<(), Fault> {
        let found = self.kind();
        if found == kind {
            return Ok(());
        }
        Err(self.fault(Fault::new("wrong_kind", format!("expected {kind}, found {found}"))))
    }

    fn broken(&self, error: &serde_json::Error) -> Fault {
        let told = error.to_string();
        if told.starts_with(TOO_MANY) {
            return self.fault(Fault::new("too_many", "there are more values than are read"));
        }
        let told = told.rsplit_once(" at line ").map_or(told.as_str(), |(told, _)| told);
        let line_start = match error.line() {
            0 | 1 => 0,
            line => self
                .text
                .match_indices('\n')
                .nth(line.saturating_sub(2))
                .map_or(0, |(at, _)| at.saturating_add(1)),
        };
        let at = line_start.saturating_add(error.column().saturating_sub(1)).min(self.text.len());
        let at = self.text.floor_char_boundary(at);
        let mut fault = self.fault(Fault::new("syntax", format!("not JSON: {}", told.to_lowercase())));
        fault.place = self.text.get(at..at).map(|here| self.place_of(here));
        fault
    }

    /// A table's keys and values in the order written.
    fn entries(&self) -> Result<Vec<(Cow<'a, str>, &'a str)>, Fault> {
        self.expect("a table")?;
        let mut reader = serde_json::Deserializer::from_str(self.text);
        let entries = reader.deserialize_map(Entries).map_err(|error| self.broken(&error))?;
        reader.end().map_err(|error| self.broken(&error))?;
        Ok(entries)
    }

    /// The one key of the request and what it holds.
    pub(crate) fn verb(&self, verbs: &[&'static str]) -> Result<Spot<'a>, Fault> {
        let entries = self.entries()?;
        let [(written, text)] = entries.as_slice() else {
            let fault = Fault::new("one_verb", "a request has exactly one key: what is asked");
            return Err(self.fault(fault.advise(format!("write one of {}", verbs.join(", ")))));
        };
        let Some(verb) = verbs.iter().find(|verb| **verb == *written) else {
            let fault =
                self.fault(Fault::new("unknown_verb", format!("`{}` can't be asked", shorten(written))));
            return Err(fault.advise(nearest(written, verbs)));
        };
        Ok(Spot { text, verb, ..*self })
    }

    /// The keys of a verb: each of them known and written once.
    pub(crate) fn table(self, known: &'static [&'static str]) -> Result<Keys<'a>, Fault> {
        let mut found: Vec<(&'static str, Spot<'a>)> = Vec::with_capacity(known.len());
        for (written, text) in self.entries()? {
            let at = |fault: Fault| {
                let mut fault = Spot { text, ..self }.fault(fault);
                fault.path = format!("{}.{}", self.verb, shorten(&written));
                fault
            };
            let Some(key) = known.iter().find(|key| **key == written) else {
                let fault =
                    Fault::new("unknown_key", format!("the key `{}` is not known", shorten(&written)));
                return Err(at(if known.is_empty() {
                    fault
                } else {
                    fault.advise(nearest(&written, known))
                }));
            };
            if found.iter().any(|(before, _)| before == key) {
                return Err(at(Fault::new("repeated_key", format!("the key `{key}` is written twice"))));
            }
            found.push((key, Spot { text, key, ..self }));
        }
        Ok(Keys { spot: self, found })
    }

    /// The values of a list.
    pub(crate) fn list(&self, most: usize) -> Result<Vec<Spot<'a>>, Fault> {
        self.expect("a list")?;
        let mut reader = serde_json::Deserializer::from_str(self.text);
        let values = reader.deserialize_seq(Values { most }).map_err(|error| self.broken(&error))?;
        let spots = values.into_iter().enumerate();
        Ok(spots.map(|(index, text)| Spot { text, index: Some(index), ..*self }).collect())
    }

    /// A text, at most `most` bytes of it.
    pub(crate) fn text(&self, most: usize) -> Result<Cow<'a, str>, Fault> {
        self.expect("text")?;
        if self.text.len() > most.saturating_mul(6).saturating_add(2) {
            return Err(self.too_long(most));
        }
        let inner = self.text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
        let text = if inner.contains('\\') {
            Cow::Owned(serde_json::from_str(self.text).map_err(|error| self.broken(&error))?)
        } else {
            Cow::Borrowed(inner)
        };
        if text.len() > most { Err(self.too_long(most)) } else { Ok(text) }
    }

    fn too_long(&self, most: usize) -> Fault {
        self.fault(Fault::new("too_long", format!("the text has more than {most} bytes")))
    }
}

impl<'a> Keys<'a> {
    /// What must be there.
    pub(crate) fn need<T: Written<'a>>(&self, key: &'static str) -> Result<T, Fault> {
        self.may(key)?.ok_or_else(|| {
            let fault = self.spot.fault(Fault::new("missing_key", format!("the key `{key}` is missing")));
            let path = format!("{}.{key}", fault.path);
            fault.at(path)
        })
    }

    /// What may be there.
    pub(crate) fn may<T: Written<'a>>(&self, key: &'static str) -> Result<Option<T>, Fault> {
        let found = self.found.iter().find(|(name, _)| *name == key);
        found.map(|(_, spot)| T::read(*spot)).transpose()
    }
}

impl<'a> Written<'a> for Cow<'a, str> {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        spot.text(TEXT_BYTES)
    }
}

impl<'a> Written<'a> for u32 {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        spot.expect("a number")?;
        let wrong = || {
            let message = format!("this is not a whole number from 0 to {}", u32::MAX);
            spot.fault(Fault::new("whole_number", message))
        };
        spot.source().trim().parse().map_err(|_| wrong())
    }
}

impl<'a> Written<'a> for Day {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        Day::parse(&spot.text(TEXT_BYTES)?).map_err(|fault| spot.fault(fault))
    }
}

impl<'a> Written<'a> for Moment {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        Moment::parse(&spot.text(TEXT_BYTES)?).map_err(|fault| spot.fault(fault))
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default().escape_debug()),
        None => text.escape_debug().to_string(),
    }
}

fn nearest(written: &str, known: &[&str]) -> String {
    let likeness = |name: &&&str| strsim::damerau_levenshtein(&shorten(written), name);
    match known.iter().min_by_key(likeness).filter(|name| likeness(name) <= name.len().div_ceil(2)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known are {}", known.join(", ")),
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(Cow<'de, str>, &'de str)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
            if entries.len() >= MOST_KEYS {
                return Err(A::Error::custom(TOO_MANY));
            }
            entries.push((key, value.get()));
        }
        Ok(entries)
    }
}

struct Values {
    most: usize,
}

impl<'de> Visitor<'de> for Values {
    type Value = Vec<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element::<&'de RawValue>()? {
            if values.len() >= self.most {
                return Err(A::Error::custom(TOO_MANY));
            }
            values.push(value.get());
        }
        Ok(values)
    }
}

/// A key, borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
