//! One process at a time: a book in memory is right only while nobody else writes to its file.

use crate::told::{read_only, unreachable_file};
use parure::fault::Fault;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

const BETWEEN: Duration = Duration::from_millis(20);

/// A lock on a journal: the system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    /// The process that took it.
    process: u32,
}

impl Drop for Lock {
    /// Given back, not only closed: a program that another thread is just starting has the file for an instant too.
    fn drop(&mut self) {
        if std::process::id() == self.process {
            // Where that can't be done, the file that is closed next gives it back.
            let _ = self.file.unlock();
        }
    }
}

impl Lock {
    /// Takes the lock, waiting for it at most so long.
    pub(crate) fn take(journal: &Path, wait: Duration) -> Result<Lock, Fault> {
        let path = beside(journal);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = opened.map_err(|why| match why.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => read_only(journal),
            _ => unreachable_file(journal, &why.to_string()),
        })?;
        let mut left = wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { file, process: std::process::id() }),
                Err(TryLockError::Error(why)) => return Err(unreachable_file(journal, &why.to_string())),
                Err(TryLockError::WouldBlock) if left.is_zero() => {
                    let message = format!("`{}` is open elsewhere", journal.display());
                    return Err(Fault::new("journal_locked", message)
                        .advise("close it there, or open it with a time to wait"));
                }
                Err(TryLockError::WouldBlock) => {
                    let pause = left.min(BETWEEN);
                    sleep(pause);
                    left = left.saturating_sub(pause);
                }
            }
        }
    }
}

/// `shop.db-lock` beside `shop.db`, as SQLite's own `shop.db-wal`.
fn beside(journal: &Path) -> PathBuf {
    let mut path = journal.as_os_str().to_owned();
    path.push("-lock");
    path.into()
}
