//! Changes of another copy taken in.

use super::changes::Opened;
use super::incoming::Waited;
use super::known::Known;
use super::sorting::{Came, Origin, sort};
use crate::journal::{ERASED, Journal};
use crate::told::told;
use crate::writer::Writer;
use parure::Id;
use parure::book::{Book, Merged};
use parure::fact::Fact;
use parure::fault::Fault;
use rusqlite::params;
use serde::Serialize;

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
