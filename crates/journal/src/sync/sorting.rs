//! What came from another copy, sorted into facts that are new here, known, or others of a known id.

use super::changes::{Opened, Sent};
use super::incoming::{Aside, Incoming, Waited, Why};
use super::known::damaged;
use super::merging::Received;
use crate::chain::{Hash, hex};
use parure::Id;
use parure::book::{Book, Merged};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::money::Currency;
use serde_json::value::RawValue;

impl Waited {
    /// The fact as it was sent; none where it can't be one.
    pub(crate) fn raw(&self) -> Option<Box<RawValue>> {
        RawValue::from_string(self.fact.clone()).ok()
    }

    /// As if it were sent just now.
    pub(crate) fn as_sent<'t>(&'t self, raw: &'t RawValue) -> Sent<'t> {
        let content = Some(hex(&self.content).into());
        Sent { copy: self.copy.as_str().into(), seq: self.seq, content, fact: raw }
    }
}

/// A fact that came, as this library reads it.
pub(crate) struct Came<'o, 't> {
    pub(crate) sent: &'o Sent<'t>,
    /// Where it stands in what came.
    pub(crate) line: usize,
    /// None for one that only a newer library can read.
    pub(crate) fact: Option<Fact<'o>>,
}

impl<'t> Opened<'t> {
    /// The facts that came.
    ///
    /// # Errors
    /// `sync_damaged` for what is none, unless a newer library wrote it.
    pub(crate) fn facts(&self, currency: Currency) -> Result<Vec<Came<'_, 't>>, Fault> {
        let facts = self.facts.iter().zip(2_usize..).map(|(sent, line)| {
            let fact = match Fact::from_json(sent.fact.get(), currency) {
                Ok(fact) => Some(fact),
                Err(_) if self.newer => None,
                Err(fault) => return Err(damaged(&fault.to_string()).at(format!("line {line}"))),
            };
            Ok(Came { sent, line, fact })
        });
        facts.collect()
    }
}

/// Where a fact came from, and the hash of its content as it was written first.
pub(crate) type Origin = ((String, i64), Hash);

/// Facts that came, sorted into new ones and others.
#[derive(Default)]
pub(crate) struct Sorted<'c, 'f> {
    /// Those that the book is told.
    pub(crate) facts: Vec<&'c Fact<'f>>,
    pub(crate) incoming: Incoming,
    /// Known ones that the book is not told.
    known: usize,
    waiting: usize,
    ahead: Vec<Id>,
}

/// What a fact that came is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    New,
    Known,
    Conflict,
}

/// Sorts what came. `kept`: where a fact of the book came from, by its id.
pub(crate) fn sort<'c, 'f, E: From<Fault>>(
    came: &'c [Came<'f, '_>],
    book: &Book,
    is_ahead: impl Fn(&Fact<'_>) -> bool,
    mut kept: impl FnMut(&str) -> Result<Option<Origin>, E>,
) -> Result<Sorted<'c, 'f>, E> {
    let mut sorted = Sorted::default();
    for Came { sent, line, fact } in came {
        let unreadable = || damaged("a hash can't be read").at(format!("line {line}"));
        let Some(fact) = fact else {
            let text = sent.fact.get();
            let content = sent.first_content(text).ok_or_else(unreadable)?;
            sorted.waiting = sorted.waiting.saturating_add(1);
            sorted.aside(sent, content, Why::Newer(text.to_owned()));
            continue;
        };
        let json = fact.to_json(book.currency());
        let content = sent.first_content(&json).ok_or_else(unreadable)?;
        // It may have come a moment ago.
        let before = match sorted.incoming.origins.get(fact.id()) {
            Some((copy, seq, content)) => Some(((copy.clone(), *seq), *content)),
            None => kept(fact.id())?,
        };
        let kind = sorted.put(sent, fact, json, content, before, book);
        if kind == Kind::New && is_ahead(fact) {
            sorted.ahead.push(fact.id().into());
        }
        // Kept here with a name that the other copy has forgotten, it is none the less the same fact.
        match kind == Kind::Known && !book.has(fact) {
            true => sorted.known = sorted.known.saturating_add(1),
            false => sorted.facts.push(fact),
        }
    }
    Ok(sorted)
}

impl Sorted<'_, '_> {
    fn put(
        &mut self,
        sent: &Sent<'_>,
        fact: &Fact<'_>,
        json: String,
        content: Hash,
        before: Option<Origin>,
        book: &Book,
    ) -> Kind {
        let here = (sent.copy.to_string(), sent.seq);
        match before {
            Some((origin, known)) if origin == here && known == content => Kind::Known,
            // Two copies may have forgotten someone at different times, and each have written what it then kept.
            Some((_, known)) if known == content || book.has(fact) => {
                self.aside(sent, content, Why::Known(fact.id().to_owned()));
                Kind::Known
            }
            Some(_) => {
                let json = book.anonymous(fact).map_or(json, |fact| fact.to_json(book.currency()));
                self.aside(sent, content, Why::Conflict(json));
                Kind::Conflict
            }
            None => {
                let (copy, seq) = here;
                self.incoming.origins.insert(fact.id().to_owned(), (copy, seq, content));
                Kind::New
            }
        }
    }

    fn aside(&mut self, sent: &Sent<'_>, content: Hash, why: Why) {
        self.incoming.asides.push(Aside { copy: sent.copy.to_string(), seq: sent.seq, content, why });
    }

    /// What all of it did here.
    pub(crate) fn received(self, mut merged: Merged) -> Received {
        merged.known = merged.known.saturating_add(self.known);
        Received { merged, waiting: self.waiting, ahead: self.ahead }
    }
}
