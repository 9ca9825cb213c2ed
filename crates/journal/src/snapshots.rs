//! The book as bytes beside its facts: what opening begins from.

use crate::writer::End;
use parure::book::Book;
use rusqlite::{Connection, OptionalExtension, params};

/// SQLite holds at most 2^31 bytes in one place, and reads it whole.
const PART: usize = 16 << 20;
/// The last one, and the one before, should the last be damaged.
const KEPT: i64 = 2;

/// A book as it was after so many facts and seals.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) book: Book,
    pub(crate) facts: i64,
    pub(crate) seals: i64,
}

/// Writes the bytes of a book, in the transaction that is open, and forgets all but the latest.
pub(crate) fn write(rows: &Connection, bytes: &[u8], end: &End, now: &str) -> rusqlite::Result<()> {
    let made = params![end.facts, end.seals, now];
    rows.execute("INSERT INTO snapshot (facts, seals, made_at) VALUES (?1, ?2, ?3)", made)?;
    let no = rows.last_insert_rowid();
    for (part, bytes) in (1_i64..).zip(bytes.chunks(PART)) {
        let part = params![no, part, bytes];
        rows.execute("INSERT INTO snapshot_part (snapshot, no, bytes) VALUES (?1, ?2, ?3)", part)?;
    }
    forget_all_but(rows, KEPT)
}

/// Forgets all but the latest.
pub(crate) fn forget_all_but(rows: &Connection, kept: i64) -> rusqlite::Result<()> {
    let older = "(SELECT no FROM snapshot ORDER BY no DESC LIMIT -1 OFFSET ?1)";
    rows.execute(&format!("DELETE FROM snapshot_part WHERE snapshot IN {older}"), [kept])?;
    rows.execute(&format!("DELETE FROM snapshot WHERE no IN {older}"), [kept])?;
    Ok(())
}

/// The latest snapshot that can be read and is what its row says; none where there is none.
pub(crate) fn latest(rows: &Connection) -> rusqlite::Result<Option<Restored>> {
    let mut before = i64::MAX;
    loop {
        let next = rows
            .query_row(
                "SELECT no, facts, seals FROM snapshot WHERE no < ?1 ORDER BY no DESC LIMIT 1",
                [before],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let Some((no, facts, seals)) = next else { return Ok(None) };
        let length = "SELECT coalesce(sum(length(bytes)), 0) FROM snapshot_part WHERE snapshot = ?1";
        let length: i64 = rows.query_row(length, [no], |row| row.get(0))?;
        // Taken at once: gigabytes that grow are copied over and over. SQLite knows the lengths without reading the parts.
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        let mut parts = rows.prepare("SELECT bytes FROM snapshot_part WHERE snapshot = ?1 ORDER BY no")?;
        let mut parts = parts.query([no])?;
        while let Some(part) = parts.next()? {
            bytes.extend_from_slice(part.get_ref(0)?.as_blob().unwrap_or_default());
        }
        match Book::restore(bytes) {
            Ok(book) if i64::try_from(book.facts()) == Ok(facts) => {
                return Ok(Some(Restored { book, facts, seals }));
            }
            // One of another library or a damaged one: what is older and the facts tell the same.
            Ok(_) | Err(_) => before = no,
        }
    }
}
