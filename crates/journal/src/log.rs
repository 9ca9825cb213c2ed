//! SQLite's log beside a journal: whether commits still go to it, and room in it.

use std::fs::{Metadata, OpenOptions, metadata};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Frames of the log before they go to where they belong.
pub(crate) const FRAMES: i32 = 4_000;
/// The log with so many frames of 2 kB, each with its head.
const FULL: u64 = 8 << 20;
/// Room that it is given at least.
const PIECE: u64 = 64 << 10;

/// The log of a journal that is open.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    id: Option<FileId>,
    /// How long it was when it was looked at last.
    bytes: u64,
}

/// What tells a file from another of the same name: its device and its number.
type FileId = (u64, u64);

#[cfg(unix)]
fn id(about: &Metadata) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    Some((about.dev(), about.ino()))
}

/// Where files that are open can't be removed.
#[cfg(not(unix))]
fn id(_about: &Metadata) -> Option<FileId> {
    None
}

impl Log {
    pub(crate) fn of(journal: &Path) -> Log {
        let mut path = journal.as_os_str().to_owned();
        path.push("-wal");
        let path = PathBuf::from(path);
        let id = metadata(&path).ok().as_ref().and_then(id);
        Log { path, id, bytes: 0 }
    }

    /// Whether what is committed next goes to this log, which is given room where it has grown.
    ///
    /// Whoever closes a journal last removes its log. Who is last, SQLite knows by locks which the system takes from the whole process when
    /// another copy of SQLite in it closes the file. A commit to a log that was removed would be on no disk.
    pub(crate) fn is_ready(&mut self) -> bool {
        let about = metadata(&self.path).ok();
        if about.as_ref().and_then(id) != self.id {
            return false;
        }
        if let Some(bytes) = about.map(|about| about.len()).filter(|bytes| *bytes > self.bytes) {
            self.make_room(bytes);
        }
        true
    }

    /// Doubles a log that has grown, until it is as long as it gets. To sync a file that grows is to sync where it ends and lies as well, which
    /// takes nearly twice as long; SQLite writes over a log that is full from its beginning, and takes zeros for its end.
    fn make_room(&mut self, bytes: u64) {
        self.bytes = bytes.saturating_mul(2).clamp(PIECE, FULL).max(bytes);
        let room = usize::try_from(self.bytes.saturating_sub(bytes)).unwrap_or_default();
        let Ok(mut log) = OpenOptions::new().append(true).open(&self.path) else { return };
        if log.write_all(&vec![0; room]).is_err() {
            // The disk is full: the rest of it is for what is to be kept.
            drop(log.set_len(bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FULL, Log, PIECE};
    use std::fs::{metadata, write};

    #[test]
    fn a_log_that_grows_is_given_room_up_to_its_full_size() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, path) = (folder.path().join("shop.db"), folder.path().join("shop.db-wal"));
        let long = || metadata(&path).unwrap().len();
        write(&path, b"").unwrap();
        let mut log = Log::of(&journal);
        assert!(log.is_ready());
        assert_eq!(long(), 0);

        write(&path, b"frame").unwrap();
        assert!(log.is_ready() && log.is_ready());
        assert_eq!(long(), PIECE);
        assert!(std::fs::read(&path).unwrap().starts_with(b"frame\0\0"));

        for (frames, room) in [(PIECE + 1, 2 * PIECE + 2), (FULL - 1, FULL), (FULL + 1, FULL + 1)] {
            write(&path, vec![1; usize::try_from(frames).unwrap()]).unwrap();
            assert!(log.is_ready());
            assert_eq!(long(), room);
        }
        // Another file of its name.
        std::fs::rename(&path, folder.path().join("elsewhere")).unwrap();
        write(&path, b"frame").unwrap();
        assert_eq!(log.is_ready(), cfg!(not(unix)));
    }
}
