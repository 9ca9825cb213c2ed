//! When a copy last heard from another.

use parure::calendar::Moment;
use rusqlite::{Connection, OptionalExtension};
use std::time::Duration;

/// When changes of another copy were last taken in, and how many facts the book then held: what came since, others may not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heard {
    micros: i64,
    facts: usize,
}

impl Heard {
    pub(crate) fn now(now: Moment, facts: usize) -> Heard {
        Heard { micros: now.micros(), facts }
    }

    /// Never, where the file does not say.
    pub(crate) fn read(rows: &Connection) -> rusqlite::Result<Heard> {
        let select = "SELECT value ->> 0, value ->> 1 FROM about WHERE key = 'heard'";
        let heard: Option<(i64, i64)> =
            rows.query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (micros, facts) = heard.unwrap_or((i64::MIN, 0));
        Ok(Heard { micros, facts: usize::try_from(facts).unwrap_or_default() })
    }

    pub(crate) fn write(self, rows: &Connection) -> rusqlite::Result<()> {
        let value = format!("[{},{}]", self.micros, self.facts);
        rows.execute("INSERT OR REPLACE INTO about (key, value) VALUES ('heard', ?1)", [value]).map(drop)
    }

    /// Where that is longer ago than this: how many facts there were.
    pub(crate) fn out_of_reach(self, span: Duration, now: Moment) -> Option<usize> {
        let span = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        (now.micros().saturating_sub(self.micros) > span).then_some(self.facts)
    }
}
