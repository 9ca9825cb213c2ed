//! What SQLite says, in the words of a shop: a stable code, the file, and what to do.

use parure::fault::Fault;
use rusqlite::{Error, ErrorCode};
use std::path::Path;

/// Tells what SQLite says of a file.
pub(crate) fn told(path: &Path) -> impl Fn(Error) -> Fault {
    move |wrong| of(path, &wrong)
}

fn of(path: &Path, wrong: &Error) -> Fault {
    let file = path.display();
    let code = wrong.sqlite_error_code();
    match code {
        Some(ErrorCode::DiskFull) => {
            Fault::new("disk_full", format!("there is no room left to write `{file}`"))
                .advise("make room and record it again: nothing of it was kept")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Fault::new("journal_locked", format!("another program is writing to `{file}`"))
                .advise("close it, and record it again")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => read_only(path),
        Some(ErrorCode::NotADatabase) => foreign(path),
        Some(ErrorCode::DatabaseCorrupt) => damaged(path, &wrong.to_string()),
        Some(ErrorCode::CannotOpen) => unreachable_file(path, &wrong.to_string()),
        // A value that nobody writes there.
        None if matches!(wrong, Error::InvalidColumnType(..) | Error::FromSqlConversionFailure(..)) => {
            damaged(path, &wrong.to_string())
        }
        _ => Fault::new("journal_io", format!("`{file}`: {wrong}"))
            .advise("see what is wrong with the disk, then tell it again: what was answered before is kept"),
    }
}

/// Whether a fault of this code is the file's or the disk's, and none of what was told: the same may be told again once there is room.
///
/// ```
/// assert!(parure_journal::is_of_the_file("disk_full") && parure_journal::is_of_the_file("journal_locked"));
/// assert!(!parure_journal::is_of_the_file("same_id_other_content"));
/// ```
#[must_use]
pub fn is_of_the_file(code: &str) -> bool {
    matches!(code, "disk_full" | "backup_exists" | "erasure_unfinished") || code.starts_with("journal_")
}

/// A path that leads to no file that can be opened.
pub(crate) fn unreachable_file(path: &Path, why: &str) -> Fault {
    Fault::new("journal_path", format!("`{}` can't be opened: {why}", path.display()))
        .advise("give the path of a file in a folder that exists and can be written")
}

/// A file, or a folder, that this user may not write.
pub(crate) fn read_only(path: &Path) -> Fault {
    Fault::new("journal_read_only", format!("`{}` can't be written", path.display()))
        .advise("let this user write the file and its folder")
}

/// A file of something else.
pub(crate) fn foreign(path: &Path) -> Fault {
    Fault::new("journal_foreign", format!("`{}` is not a journal of parure", path.display()))
        .advise("give another path, or make a journal with `create`")
}

/// A file that is not what was written.
pub(crate) fn damaged(path: &Path, what: &str) -> Fault {
    Fault::new("journal_damaged", format!("`{}` is not as it was written: {what}", path.display()))
        .advise("restore a backup and merge what `export` still reads of this file")
}
