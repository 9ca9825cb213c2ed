//! A copy while the shop is open, and a smaller file behind a seal.

use crate::journal::Journal;
use crate::snapshots::forget_all_but;
use crate::sync::name_copy;
use crate::told::{told, unreachable_file};
use parure::fault::Fault;
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, remove_file, rename};
use std::path::{Path, PathBuf};

impl Journal {
    /// Copies the journal as it is at this moment into another file, while others go on recording. The copy goes by a name of its
    /// own: it may be opened and recorded to.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// let copy = folder.path().join("shop-2026-11-26.db");
    /// shop.backup(&copy)?;
    /// assert_eq!(parure_journal::open(&copy)?.ask(|book| book.facts()), shop.ask(|book| book.facts()));
    /// assert_eq!(shop.backup(&copy).unwrap_err().code, "backup_exists");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `erasure_unfinished` where someone was forgotten while it was made and it still holds them; `backup_exists` where there is a file;
    /// `journal_path`, `disk_full`, `journal_io` where it can't be written: there is then no
    /// file at `to`.
    pub fn backup(&self, to: impl AsRef<Path>) -> Result<(), Fault> {
        let to = to.as_ref();
        if to.exists() {
            let message = format!("`{}` is there already", to.display());
            return Err(Fault::new("backup_exists", message).advise("give another path"));
        }
        let noted = std::path::absolute(to).map_err(|why| unreachable_file(to, &why.to_string()))?;
        let noted = noted.to_str().ok_or_else(|| unreachable_file(to, "it is not written in UTF-8"))?;
        // Noted beforehand: an erasure finds it, whatever becomes of this process.
        let forgets = self.note_backup(noted)?;
        let part = beside(to, "-part");
        // Of a backup that was broken off; that there is none is well.
        remove_part(&part);
        let unreachable = |why: std::io::Error| unreachable_file(to, &why.to_string());
        let copied = self.copy_into(&part).and_then(|()| {
            rename(&part, to).map_err(unreachable)?;
            // A name that may not last is no backup.
            sync_folder(to).inspect_err(|_| drop(remove_file(to))).map_err(unreachable)
        });
        if copied.is_err() {
            remove_part(&part);
            let (mut writer, _) = self.writer()?;
            writer.commit(|rows, _| rows.execute("DELETE FROM backup WHERE path = ?1", [noted]).map(drop))?;
        }
        copied?;
        // Who was forgotten while it was copied may still be in it.
        if self.note_backup(noted)? == forgets {
            return Ok(());
        }
        let (mut writer, _) = self.writer()?;
        writer.commit(|rows, _| {
            rows.execute("INSERT OR IGNORE INTO unerased (path) VALUES (?1)", [noted]).map(drop)
        })?;
        self.finish_erasing(&mut writer)
    }

    /// Notes where a backup goes. Answers how many erasures there are.
    fn note_backup(&self, path: &str) -> Result<i64, Fault> {
        let (mut writer, _) = self.writer()?;
        writer.commit(|rows, _| {
            rows.execute("INSERT OR IGNORE INTO backup (path) VALUES (?1)", [path]).map(drop)
        })?;
        let count = "SELECT count(*) FROM kept WHERE kind = 'erased'";
        writer.file.query_row(count, [], |row| row.get(0)).map_err(told(self.path()))
    }

    fn copy_into(&self, part: &Path) -> Result<(), Fault> {
        self.is_of_this_process()?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // A connection of its own: it reads one moment of the file while the writer goes on.
        let file = Connection::open_with_flags(self.path(), flags).map_err(told(self.path()))?;
        let path = part.to_str().ok_or_else(|| unreachable_file(part, "it is not written in UTF-8"))?;
        let told = told(part);
        file.execute("VACUUM INTO ?1", [path]).map_err(&told)?;
        let copy = Connection::open(part).map_err(&told)?;
        copy.pragma_update(None, "synchronous", "full").map_err(&told)?;
        let rows = copy.unchecked_transaction().map_err(&told)?;
        name_copy(&rows).map_err(&told)?;
        // Its own backups are none yet; whom it was forgetting, it begins without.
        rows.execute_batch("DELETE FROM backup; DELETE FROM unerased;").map_err(&told)?;
        rows.commit().map_err(&told)?;
        drop(copy);
        File::open(part)
            .and_then(|file| file.sync_all())
            .map_err(|why| unreachable_file(part, &why.to_string()))
    }

    /// Drops the contents of facts that a seal has settled, and gives the room back. Their ids and hashes stay, so that they are
    /// known when they come again and the chain still holds; so do all postings.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// assert_eq!(shop.compact()?, 0); // nothing is sealed
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where it can't be written, as [`Journal::record`].
    pub fn compact(&self) -> Result<usize, Fault> {
        let (mut writer, now) = self.writer()?;
        let book = self.book();
        let bytes = book.snapshot();
        let told = told(self.path());
        let mut settled = Vec::new();
        {
            let mut rows =
                writer.file.prepare("SELECT seq, id FROM kept WHERE fact IS NOT NULL").map_err(&told)?;
            let mut rows = rows.query([]).map_err(&told)?;
            while let Some(row) = rows.next().map_err(&told)? {
                let (seq, id): (i64, String) = (row.get(0).map_err(&told)?, row.get(1).map_err(&told)?);
                if book.fact(&id).is_none() {
                    settled.push(seq);
                }
            }
        }
        let end = writer.end;
        // From here on only a snapshot tells what the settled facts did: it is written in the same commit.
        writer.commit(|rows, _| {
            crate::snapshots::write(rows, &bytes, &end, &now.to_string())?;
            let mut drop_content = rows.prepare("UPDATE kept SET fact = NULL WHERE seq = ?1")?;
            for seq in &settled {
                drop_content.execute([seq])?;
            }
            forget_all_but(rows, 1)
        })?;
        writer.file.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").map_err(&told)?;
        Ok(settled.len())
    }
}

/// What a backup was until it was whole, and what SQLite put beside it.
fn remove_part(part: &Path) {
    drop(remove_file(part));
    drop(remove_file(beside(part, "-journal")));
}

/// A new name lasts once its folder is written; Windows does so by itself.
fn sync_folder(of: &Path) -> std::io::Result<()> {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    path.into()
}
