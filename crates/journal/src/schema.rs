//! How the file is laid out, how an older one is brought up to date, and the views that are promised to people who bring SQL.

use crate::told::told;
use parure::fault::Fault;
use rusqlite::Connection;
use std::path::Path;

/// `Paru`: tells that a SQLite file is a journal.
pub(crate) const APPLICATION: i32 = 0x5061_7275;

/// What brings a file from each layout to the next: the first makes an empty one. Never changed once released, only added to.
const STEPS: [&str; 2] = [include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// The layout that this library writes.
pub(crate) fn newest() -> i32 {
    i32::try_from(STEPS.len()).unwrap_or(i32::MAX)
}

/// Brings the file to the newest layout, in the transaction that is open.
pub(crate) fn migrate(file: &Connection, path: &Path, from: i32) -> Result<(), Fault> {
    let told = told(path);
    for step in STEPS.iter().skip(usize::try_from(from).unwrap_or(usize::MAX)) {
        file.execute_batch(step).map_err(&told)?;
    }
    file.pragma_update(None, "application_id", APPLICATION).map_err(&told)?;
    file.pragma_update(None, "user_version", newest()).map_err(&told)
}
