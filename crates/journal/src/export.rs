//! What is intact of a journal, as JSON lines: also of one that can't be opened any more.

use crate::opening::{is_a_journal, layout};
use crate::reading::Kept;
use crate::told::told;
use parure::fault::Fault;
use rusqlite::{Connection, OpenFlags};
use std::io::Write;
use std::path::Path;

/// What was exported, and what was not.
///
/// ```
/// let all_well = parure_journal::Exported::default();
/// assert!(all_well.damaged.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exported {
    /// Facts that were written.
    pub facts: usize,
    /// Facts whose content was compacted away behind a seal.
    pub compacted: usize,
    /// The numbers of facts that are not as they were written, or can't be read.
    pub damaged: Vec<i64>,
}

/// Writes each fact that is as it was written, one canonical JSON object a line, in the order of arrival. It needs no lock: the
/// journal may be open.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("shop.db");
/// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// # let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
/// let joined = r#"{"at":"2026-01-01T10:00:00+08:00","customer":"mei","id":"j-1","joined":{}}"#;
/// shop.record(&parure::fact::Fact::from_json(joined, shop.currency())?)?;
/// let mut lines = Vec::new();
/// assert_eq!(parure_journal::export(&path, &mut lines)?.facts, 1);
/// assert_eq!(String::from_utf8(lines)?.trim_end(), joined);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`open`](crate::open) for what is no journal at all; `export_write` where the lines can't be written.
pub fn export(path: impl AsRef<Path>, mut lines: impl Write) -> Result<Exported, Fault> {
    let path = path.as_ref();
    is_a_journal(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags).map_err(told(path))?;
    layout(&file, path)?;
    // The end as it was written, or as far as there are rows: whichever is further.
    let number = |select: &str| file.query_row(select, [], |row| row.get::<_, Option<i64>>(0)).ok().flatten();
    let last = number("SELECT facts FROM head").max(number("SELECT max(seq) FROM kept")).unwrap_or(0);
    let mut exported = Exported::default();
    for seq in 1..=last {
        match Kept::find(&file, seq) {
            Ok(Some(row)) if row.is_intact() => match row.fact {
                Some(fact) => {
                    writeln!(lines, "{fact}").map_err(|why| unwritten(&why))?;
                    exported.facts = exported.facts.saturating_add(1);
                }
                None => exported.compacted = exported.compacted.saturating_add(1),
            },
            Ok(_) | Err(_) => exported.damaged.push(seq),
        }
    }
    lines.flush().map_err(|why| unwritten(&why))?;
    Ok(exported)
}

pub(crate) fn unwritten(why: &std::io::Error) -> Fault {
    Fault::new("export_write", format!("the facts can't be written: {why}"))
}
