//! The facts of an office as JSON lines.

use super::broken::{Broken, unreachable_server};
use super::connection::Connection;
use super::keeping::Office;
use super::part::AT_ONCE;
use super::turn::{READ, Turn};
use crate::export::{Exported, unwritten};
use crate::reading::Kept;
use parure::fault::Fault;
use std::io::Write;

/// Goes through all rows of the chain, some of them in memory at a time.
pub(crate) fn each_row(
    connection: &mut Connection,
    mut take: impl FnMut(Kept) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let mut last = 0_i64;
    loop {
        let rows = rows_after(connection, last)?;
        let Some(end) = rows.last().map(|row| row.seq) else { return Ok(()) };
        rows.into_iter().try_for_each(&mut take)?;
        last = end;
    }
}

fn rows_after(connection: &mut Connection, last: i64) -> Result<Vec<Kept>, postgres::Error> {
    let rows = connection.rows(
        "SELECT seq, id, recorded_at, copy, origin_seq, fact, rewritten, content, chain
         FROM kept JOIN copies ON copies.no = kept.origin WHERE seq > $1 ORDER BY seq LIMIT $2",
        &[&last, &AT_ONCE],
    )?;
    let kept = rows.iter().map(|row| {
        Ok(Kept {
            seq: row.try_get(0)?,
            id: row.try_get(1)?,
            recorded_at: row.try_get(2)?,
            copy: row.try_get(3)?,
            copy_seq: row.try_get(4)?,
            fact: Some(row.try_get(5)?),
            rewritten: row.try_get(6)?,
            content: row.try_get(7)?,
            chain: row.try_get(8)?,
        })
    });
    kept.collect()
}

impl Office {
    /// Writes each fact that is as it was written, one canonical JSON object a line, in the order of arrival: all of one moment, while
    /// others go on recording.
    ///
    /// ```no_run
    /// let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// let exported = office.export(std::fs::File::create("facts.jsonl")?)?;
    /// assert!(exported.damaged.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `journal_unreachable`; `export_write` where the lines can't be written.
    pub fn export(&self, lines: impl Write) -> Result<Exported, Fault> {
        let mut lines = Some(lines);
        self.turn(READ, |connection| {
            let mut exported = Exported::default();
            // Lines that were written can't be taken back: it is not tried again.
            let lost = || unreachable_server("it was lost while facts were read");
            let mut lines = lines.take().ok_or_else(lost)?;
            let mut last = 0_i64;
            each_row(connection, |row| {
                // Numbers have no gaps.
                exported.damaged.extend(last.saturating_add(1)..row.seq);
                last = row.seq;
                match row.fact.as_ref().filter(|_| row.is_intact()) {
                    Some(fact) => {
                        writeln!(lines, "{fact}").map_err(|why| unwritten(&why))?;
                        exported.facts = exported.facts.saturating_add(1);
                    }
                    None => exported.damaged.push(row.seq),
                }
                Ok(())
            })?;
            lines.flush().map_err(|why| unwritten(&why))?;
            Ok(Turn { answer: exported, keeps: false })
        })
    }
}
