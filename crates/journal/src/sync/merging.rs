//! Changes of another copy taken in.

use super::changes::{Opened, Sent};
use super::incoming::{Aside, Incoming, Waited, Why};
use super::known::{Known, damaged};
use crate::chain::{Hash, hex};
use crate::journal::{ERASED, Journal};
use crate::told::told;
use crate::writer::Writer;
use parure::Id;
use parure::book::{Book, Merged};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::money::Currency;
use rusqlite::params;
use serde::Serialize;
use serde_json::value::RawValue;

/// What changes of another copy did here.
///
/// ```
/// let nothing = parure_journal::Received::default();
/// assert_eq!(nothing.merged.new, 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Received {
    /// Facts that were new, known or in conflict, and what they changed.
    pub merged: Merged,
    /// Facts that a newer library wrote and this one can't read: kept, and sent on; the book takes them in when the file is opened by a
    /// library that reads them.
    pub waiting: usize,
    /// New facts that happened after this copy's clock by more than [`Options::ahead`](crate::Options::ahead): some clock is wrong.
    pub ahead: Vec<Id>,
}

impl Journal {
    /// Takes in what another copy sent, in one commit: all of it or nothing. Changes that came before, that come in another order, or by
    /// way of a third copy do no harm.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let program = parure::program::Program::parse("maison.toml", rules)?;
    /// # let [shop, till] = ["shop", "till"].map(|name| parure_journal::create(folder.path().join(name), &program).unwrap());
    /// # let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
    /// # till.record(&parure::fact::Fact::from_json(joined, program.currency())?)?;
    /// let changes = till.changes_since(&shop.known()?, 10_000)?;
    /// let cut = &changes.text[..changes.text.len() - 40];
    /// assert_eq!(shop.merge_changes(cut).unwrap_err().code, "sync_damaged");
    /// assert_eq!(shop.merge_changes(&changes.text)?.merged.new, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `sync_damaged` for what was cut short or changed on its way, with the line where one can be named; `sync_newer`;
    /// `sync_other_book`; and as [`Journal::merge`]. Nothing of it was taken in then, but with `erasure_unfinished` all of it:
    /// merged again, it goes on from there.
    pub fn merge_changes(&self, changes: &str) -> Result<Received, Fault> {
        let opened = Opened::read(changes)?;
        Known::same_book(&self.known()?.program, &opened.program)?;
        let (mut writer, now) = self.writer()?;
        let mut book = self.book_to_change();
        let came = opened.facts(book.currency())?;
        let is_ahead = |fact: &Fact<'_>| self.options().is_ahead(fact, now);
        let sorted = sort(&came, &book, is_ahead, |id| kept(&writer, &book, id).map_err(told(self.path())))?;
        let mut pending = book.pend();
        let merged = pending.merge(sorted.facts.iter().copied())?;
        writer.write(&pending, now, Some(&sorted.incoming))?;
        pending.keep();
        drop(book);
        if sorted.facts.iter().any(|fact| fact.kind() == ERASED) {
            self.finish_erasing(&mut writer)?;
        }
        Ok(sorted.received(merged))
    }

    /// Facts that a newer library wrote, where this one can read them by now.
    pub(crate) fn take_in_what_waited(&self) -> Result<(), Fault> {
        let waited = {
            let writer = self.reader()?;
            let mut rows = writer
                .file
                .prepare("SELECT copy, origin_seq, content, fact FROM aside JOIN copies ON no = origin WHERE waits")
                .map_err(told(self.path()))?;
            let rows = rows.query_map([], |row| {
                Ok(Waited { copy: row.get(0)?, seq: row.get(1)?, content: row.get(2)?, fact: row.get(3)? })
            });
            rows.and_then(Iterator::collect::<rusqlite::Result<Vec<Waited>>>).map_err(told(self.path()))?
        };
        for waited in waited {
            let (mut writer, now) = self.writer()?;
            let mut book = self.book_to_change();
            let Some(raw) = waited.raw() else { continue };
            let Ok(fact) = Fact::from_json(raw.get(), book.currency()) else { continue };
            let came = [Came { sent: &waited.as_sent(&raw), line: 0, fact: Some(fact) }];
            let kept = |id: &str| kept(&writer, &book, id).map_err(told(self.path()));
            let mut sorted = sort(&came, &book, |_| false, kept)?;
            sorted.incoming.waited = Some(waited.clone());
            let mut pending = book.pend();
            pending.merge(sorted.facts.iter().copied())?;
            writer.write(&pending, now, Some(&sorted.incoming))?;
            // What can't be reached of someone who is forgotten by it is tried again at each opening.
            pending.keep();
        }
        Ok(())
    }
}

/// Where a fact of the book came from, and the hash of its content; none for one that is not in the file.
fn kept(writer: &Writer, book: &Book, id: &str) -> rusqlite::Result<Option<Origin>> {
    let Some(before) = book.arrival(id) else { return Ok(None) };
    let select = "SELECT copy, origin_seq, content FROM kept JOIN copies ON no = origin WHERE seq = ?1";
    let seq = i64::from(before).saturating_add(1);
    let origin = |row: &rusqlite::Row<'_>| Ok(((row.get(0)?, row.get(1)?), row.get(2)?));
    writer.file.prepare_cached(select)?.query_row(params![seq], origin).map(Some)
}

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
