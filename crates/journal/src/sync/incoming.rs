//! Facts on their way from other copies into the file: where each comes from, and what becomes of those that the book does not take.

use super::copies::{Copies, name_copy};
use crate::chain::Hash;
use crate::writer::End;
use parure::book::Book;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// What has come from other copies, beside the facts themselves.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    /// The copy that took a new fact in first, its number there, and the hash of its content as it was written first, by the fact's id.
    pub(super) origins: BTreeMap<String, (String, i64, Hash)>,
    pub(super) asides: Vec<Aside>,
    /// One that waited for this library to read it, and is taken in: its copy, its number there, the hash of its content.
    pub(super) waited: Option<(String, i64, Hash)>,
    /// Another file goes by this one's name: this one takes a new one.
    pub(super) forked: bool,
}

/// A fact of a copy that is no new fact of the book.
#[derive(Debug)]
pub(super) struct Aside {
    pub(super) copy: String,
    pub(super) seq: i64,
    pub(super) content: Hash,
    pub(super) why: Why,
}

#[derive(Debug)]
pub(super) enum Why {
    /// The book has it, by this id.
    Known(String),
    /// The book has another fact of its id.
    Conflict(String),
    /// A newer library wrote it.
    Newer(String),
}

impl Incoming {
    /// Whether another copy has just been heard of: what waited has been here all along.
    pub(crate) fn is_heard(&self) -> bool {
        self.waited.is_none()
    }
}

/// Notes which facts of other copies are held from now on, in the transaction that is open.
pub(crate) struct Noting<'i> {
    incoming: &'i Incoming,
    copies: Copies,
}

impl<'i> Noting<'i> {
    /// `name`: this copy's number and name, which are new ones where another file goes by them.
    pub(crate) fn begin(
        rows: &Connection,
        incoming: &'i Incoming,
        end: &mut End,
        name: &mut (i64, String),
    ) -> rusqlite::Result<Noting<'i>> {
        if incoming.forked {
            name_copy(rows)?;
            let own = "SELECT no, copy FROM copies ORDER BY no DESC LIMIT 1";
            *name = rows.query_row(own, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            (end.copy_seq, end.sum) = Default::default();
        }
        let mut noting = Noting { incoming, copies: Copies::read(rows)? };
        if let Some((copy, seq, content)) = &incoming.waited {
            let no = noting.copies.number(rows, copy)?;
            rows.execute(
                "DELETE FROM aside WHERE origin = ?1 AND origin_seq = ?2 AND content = ?3",
                params![no, seq, content],
            )?;
            if let Some(held) = noting.copies.held_mut(copy) {
                held.sum = held.sum.less(content);
            }
        }
        Ok(noting)
    }

    /// A new fact of the book: the copy that it comes from, by number and name, its number there, and the hash of its content.
    pub(crate) fn take(
        &mut self,
        rows: &Connection,
        id: &str,
    ) -> rusqlite::Result<(i64, &'i str, i64, Hash)> {
        let (copy, seq, content) =
            self.incoming.origins.get(id).ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let no = self.copies.number(rows, copy)?;
        self.hold(copy, *seq, content);
        Ok((no, copy, *seq, *content))
    }

    fn hold(&mut self, copy: &str, seq: i64, content: &Hash) {
        if let Some(held) = self.copies.held_mut(copy) {
            held.numbers.add(seq);
            held.sum.add(content);
        }
    }

    /// Notes what is not new, and writes what is held.
    pub(crate) fn end(mut self, rows: &Connection, book: &Book) -> rusqlite::Result<()> {
        for Aside { copy, seq, content, why } in &self.incoming.asides {
            let no = self.copies.number(rows, copy)?;
            let (known, waits, fact) = match why {
                Why::Known(id) => (Some(id), false, None),
                Why::Conflict(fact) => (None, false, Some(fact)),
                Why::Newer(fact) => (None, true, Some(fact)),
            };
            let kept =
                known.and_then(|id| book.arrival(id)).map(|before| i64::from(before).saturating_add(1));
            let new = rows
                .prepare_cached(
                    "INSERT OR IGNORE INTO aside (origin, origin_seq, content, seq, waits, fact) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![no, seq, content, kept, waits, fact])?;
            if new > 0 {
                self.hold(copy, *seq, content);
            }
        }
        self.copies.write(rows)
    }
}
