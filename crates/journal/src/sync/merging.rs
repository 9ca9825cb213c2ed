//! Changes of another copy taken in.

use super::changes::{Opened, Sent};
use super::incoming::{Aside, Incoming, Why};
use super::known::{Known, damaged};
use crate::chain::{Hash, content};
use crate::journal::{ERASED, Journal};
use crate::told::told;
use crate::writer::Writer;
use parure::Id;
use parure::book::{Book, Merged};
use parure::fact::Fact;
use parure::fault::Fault;
use rusqlite::params;
use serde::Serialize;
use std::collections::BTreeMap;

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
        let mut received = Received::default();
        let mut sorting = Sorting { incoming: Incoming::default(), new: BTreeMap::new() };
        let mut facts = Vec::with_capacity(opened.facts.len());
        let mut known = 0_usize;
        for (sent, line) in opened.facts.iter().zip(2_usize..) {
            match Fact::from_json(sent.fact.get(), book.currency()) {
                Ok(fact) => {
                    let sorted = sorting.sort(&writer, &book, sent, &fact).map_err(told(self.path()))?;
                    let sorted =
                        sorted.ok_or_else(|| damaged("a hash can't be read").at(format!("line {line}")))?;
                    if sorted == Sorted::New && self.options().is_ahead(&fact, now) {
                        received.ahead.push(fact.id().into());
                    }
                    // Kept here with a name that the other copy has forgotten, it is none the less the same fact.
                    match sorted == Sorted::Known && !book.has(&fact) {
                        true => known = known.saturating_add(1),
                        false => facts.push(fact),
                    }
                }
                Err(_) if opened.newer => {
                    received.waiting = received.waiting.saturating_add(1);
                    let text = sent.fact.get();
                    sorting.aside(sent, content(text), Why::Newer(text.to_owned()));
                }
                Err(fault) => return Err(damaged(&fault.to_string()).at(format!("line {line}"))),
            }
        }
        let mut pending = book.pend();
        received.merged = pending.merge(&facts)?;
        received.merged.known = received.merged.known.saturating_add(known);
        writer.write(&pending, now, Some(&sorting.incoming))?;
        pending.keep();
        drop(book);
        if facts.iter().any(|fact| fact.kind() == ERASED) {
            self.finish_erasing(&mut writer)?;
        }
        Ok(received)
    }

    /// Facts that a newer library wrote, where this one can read them by now.
    pub(crate) fn take_in_what_waited(&self) -> Result<(), Fault> {
        let waited = {
            let writer = self.reader()?;
            let mut rows = writer
                .file
                .prepare("SELECT copy, origin_seq, fact FROM aside JOIN copies ON no = origin WHERE waits")
                .map_err(told(self.path()))?;
            let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            rows.and_then(Iterator::collect::<rusqlite::Result<Vec<(String, i64, String)>>>)
                .map_err(told(self.path()))?
        };
        for (copy, seq, text) in waited {
            let (mut writer, now) = self.writer()?;
            let mut book = self.book_to_change();
            let Ok(fact) = Fact::from_json(&text, book.currency()) else { continue };
            let raw = serde_json::value::RawValue::from_string(text.clone())
                .map_err(|why| damaged(&why.to_string()))?;
            let sent = Sent { copy: copy.into(), seq, content: None, fact: &raw };
            let mut sorting = Sorting { incoming: Incoming::default(), new: BTreeMap::new() };
            sorting.incoming.waited = Some((sent.copy.to_string(), seq, content(sent.fact.get())));
            sorting.sort(&writer, &book, &sent, &fact).map_err(told(self.path()))?;
            let mut pending = book.pend();
            pending.merge([&fact])?;
            writer.write(&pending, now, Some(&sorting.incoming))?;
            pending.keep();
            drop(book);
            if fact.kind() == ERASED {
                self.finish_erasing(&mut writer)?;
            }
        }
        Ok(())
    }
}

/// Facts that came, sorted into new ones and others.
struct Sorting {
    incoming: Incoming,
    /// The contents of new ones by id.
    new: BTreeMap<String, Hash>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sorted {
    New,
    Known,
    Conflict,
}

impl Sorting {
    /// What a fact is to this copy; none where what came with it can't be read.
    fn sort(
        &mut self,
        writer: &Writer,
        book: &Book,
        sent: &Sent<'_>,
        fact: &Fact<'_>,
    ) -> rusqlite::Result<Option<Sorted>> {
        let json = fact.to_json(book.currency());
        let Some(hash) = sent.first_content(&json) else { return Ok(None) };
        let here = (sent.copy.to_string(), sent.seq);
        let kept = match self.new.get(fact.id()) {
            Some(hash) => Some((None, *hash)),
            None => match book.arrival(fact.id()) {
                Some(before) => Some(self.kept(writer, i64::from(before).saturating_add(1))?),
                None => None,
            },
        };
        let sorted = match kept {
            Some((Some(origin), known)) if origin == here && known == hash => return Ok(Some(Sorted::Known)),
            // Two copies may have forgotten someone at different times, and each have written what it then kept.
            Some((_, known)) if known == hash || book.has(fact) => {
                self.aside(sent, hash, Why::Known(fact.id().to_owned()));
                Sorted::Known
            }
            Some(_) => {
                let json = book.anonymous(fact).map_or(json, |fact| fact.to_json(book.currency()));
                self.aside(sent, hash, Why::Conflict(json));
                Sorted::Conflict
            }
            None => {
                self.new.insert(fact.id().to_owned(), hash);
                let (copy, seq) = here;
                self.incoming.origins.insert(fact.id().to_owned(), (copy, seq, hash));
                Sorted::New
            }
        };
        // Whoever gave this number goes by this file's name.
        self.incoming.forked |= sent.copy == writer.copy;
        Ok(Some(sorted))
    }

    /// Where a fact of the book came from, and the hash of its content.
    fn kept(&self, writer: &Writer, seq: i64) -> rusqlite::Result<(Option<(String, i64)>, Hash)> {
        let select = "SELECT copy, origin_seq, content FROM kept JOIN copies ON no = origin WHERE seq = ?1";
        writer
            .file
            .prepare_cached(select)?
            .query_row(params![seq], |row| Ok((Some((row.get(0)?, row.get(1)?)), row.get(2)?)))
    }

    fn aside(&mut self, sent: &Sent<'_>, content: Hash, why: Why) {
        self.incoming.asides.push(Aside { copy: sent.copy.to_string(), seq: sent.seq, content, why });
    }
}
