//! Making a journal, and opening one.

use crate::chain::beginning;
use crate::journal::Journal;
use crate::lock::Lock;
use crate::log::{self, Log};
use crate::options::Options;
use crate::reading::{Folded, Reading};
use crate::schema;
use crate::sync::{Heard, name_copy};
use crate::told::{damaged, foreign, read_only, told, unreachable_file};
use crate::writer::Writer;
use parure::fault::Fault;
use parure::program::Program;
use rusqlite::{Connection, OpenFlags, params};
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

/// Facts that may be folded at each opening before a snapshot is written.
const FOLDED_EACH_TIME: i64 = 20_000;

/// Makes a journal for a shop that opens under a program. There must be no file yet.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("shop.db");
/// use parure::program::Program;
/// let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// let program = Program::parse("maison.toml", rules)?;
/// let shop = parure_journal::create(&path, &program)?;
/// assert_eq!(shop.ask(|book| book.facts()), 0);
/// assert_eq!(parure_journal::create(&path, &program).unwrap_err().code, "journal_exists");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `journal_exists` where there is a file, `journal_path` or `journal_read_only` where none can be made, `disk_full`, `journal_io`.
pub fn create(path: impl AsRef<Path>, program: &Program) -> Result<Journal, Fault> {
    create_with(path, program, Options::default())
}

/// As [`create`], with options.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("shop.db");
/// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// # let program = parure::program::Program::parse("maison.toml", rules)?;
/// use parure_journal::Options;
/// let patient = Options::default().with_wait(std::time::Duration::from_secs(5));
/// parure_journal::create_with(&path, &program, patient)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`create`].
pub fn create_with(path: impl AsRef<Path>, program: &Program, options: Options) -> Result<Journal, Fault> {
    let path = &from_the_root(path.as_ref())?;
    let exists = || {
        Fault::new("journal_exists", format!("`{}` is there already", path.display()))
            .advise("open it, or give another path")
    };
    if path.exists() {
        return Err(exists());
    }
    let lock = Lock::take(path, options.wait)?;
    // Only one makes it, and never over another file.
    let made = OpenOptions::new().write(true).create_new(true).open(path);
    made.map_err(|why| match why.kind() {
        std::io::ErrorKind::AlreadyExists => exists(),
        _ => unreachable_file(path, &why.to_string()),
    })?;
    let file = connect(path)?;
    let filled = fill(&file, path, program);
    drop(file);
    if let Err(fault) = filled {
        // What was made by halves would be nobody's journal; that it can't be removed is told by the fault of the next try.
        drop(std::fs::remove_file(path));
        return Err(fault);
    }
    open_locked(path, options, lock)
}

fn fill(file: &Connection, path: &Path, program: &Program) -> Result<(), Fault> {
    let told = told(path);
    in_wal(file, path)?;
    let rows = file.unchecked_transaction().map_err(&told)?;
    schema::migrate(&rows, path, 0)?;
    let head = params![beginning(program.source())];
    rows.execute("INSERT INTO about (key, value) VALUES ('program', ?1)", [program.source()])
        .and_then(|_| {
            rows.execute(
                "INSERT INTO about (key, value) VALUES ('currency', ?1)",
                [program.currency().code()],
            )
        })
        .and_then(|_| name_copy(&rows))
        .and_then(|()| {
            rows.execute(
                "INSERT INTO head (one, facts, chain, copy_seq, sum) VALUES (1, 0, ?1, 0, zeroblob(16))",
                head,
            )
        })
        .map_err(&told)?;
    rows.commit().map_err(told)
}

/// Opens a journal: its book is as it was, whatever happened to the process that wrote it.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("shop.db");
/// assert_eq!(parure_journal::open(&path).unwrap_err().code, "journal_missing");
/// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// # let program = parure::program::Program::parse("maison.toml", rules)?;
/// parure_journal::create(&path, &program)?;
/// let shop = parure_journal::open(&path)?;
/// assert_eq!(parure_journal::open(&path).unwrap_err().code, "journal_locked"); // by `shop`
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `journal_missing`, `journal_path` for a folder or a path that can't be opened, `journal_read_only`, `journal_locked` while another
/// has it open, `journal_foreign` for a file of something else, `journal_newer` for one that a newer library wrote,
/// `journal_damaged` with the place of the first fact that is not as written: [`export`](crate::export) then reads what is.
pub fn open(path: impl AsRef<Path>) -> Result<Journal, Fault> {
    open_with(path, Options::default())
}

/// As [`open`], with options.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("shop.db");
/// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// # parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
/// use parure_journal::Options;
/// let shop = parure_journal::open_with(&path, Options::default().with_wait(std::time::Duration::from_secs(5)))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`open`].
pub fn open_with(path: impl AsRef<Path>, options: Options) -> Result<Journal, Fault> {
    let path = &from_the_root(path.as_ref())?;
    is_a_journal(path)?;
    let lock = Lock::take(path, options.wait)?;
    open_locked(path, options, lock)
}

/// The path as it is wherever the process goes later; and to SQLite no name such as `:memory:` is a file's.
fn from_the_root(path: &Path) -> Result<PathBuf, Fault> {
    std::path::absolute(path).map_err(|why| unreachable_file(path, &why.to_string()))
}

/// Whether the path leads to a file of SQLite: looked at before anything is written beside it.
pub(crate) fn is_a_journal(path: &Path) -> Result<(), Fault> {
    let missing = || {
        Fault::new("journal_missing", format!("there is no journal at `{}`", path.display()))
            .advise("make one with `create`, or give its path")
    };
    let about = std::fs::metadata(path).map_err(|why| match why.kind() {
        std::io::ErrorKind::NotFound => missing(),
        _ => unreachable_file(path, &why.to_string()),
    })?;
    if about.is_dir() {
        return Err(unreachable_file(path, "it is a folder"));
    }
    Ok(())
}

fn connect(path: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags).map_err(told(path))?;
    // Others may read the file by SQL, and may hold it for a moment.
    file.busy_timeout(std::time::Duration::from_secs(5)).map_err(told(path))?;
    Ok(file)
}

/// Another program's database is told by its mark, and is not touched; so is a newer layout. Answers the layout.
pub(crate) fn layout(file: &Connection, path: &Path) -> Result<i32, Fault> {
    let told = told(path);
    let number = |name: &str| file.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let (application, layout) =
        (number("application_id").map_err(&told)?, number("user_version").map_err(&told)?);
    if application != schema::APPLICATION {
        return Err(foreign(path));
    }
    if layout > schema::newest() {
        let (file, newest) = (path.display(), schema::newest());
        let message = format!("`{file}` has layout {layout}, this library knows layouts up to {newest}");
        return Err(Fault::new("journal_newer", message).advise("open it with a newer library"));
    }
    Ok(layout)
}

/// Bytes of a page of files that are made by this library.
const PAGE: i32 = 2_048;

fn in_wal(file: &Connection, path: &Path) -> Result<(), Fault> {
    let told = told(path);
    // A sale writes a row here and there: small pages, and a log of 8 MB before they go to where they belong.
    file.pragma_update(None, "page_size", PAGE).map_err(&told)?;
    file.pragma_update(None, "wal_autocheckpoint", log::FRAMES).map_err(&told)?;
    file.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0))
        .map_err(&told)?;
    file.pragma_update(None, "synchronous", "full").map_err(&told)?;
    // 32 MB: accounts are written all over their table.
    file.pragma_update(None, "cache_size", -32_768).map_err(told)
}

fn open_locked(path: &Path, options: Options, lock: Lock) -> Result<Journal, Fault> {
    let told = told(path);
    let file = connect(path)?;
    let layout = layout(&file, path)?;
    if file.is_readonly("main").map_err(&told)? {
        return Err(read_only(path));
    }
    in_wal(&file, path)?;
    if let Some(pages) = options.most_pages {
        let set = file.pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0));
        set.map_err(&told)?;
    }
    if layout < schema::newest() {
        let rows = file.unchecked_transaction().map_err(&told)?;
        schema::migrate(&rows, path, layout)?;
        rows.commit().map_err(&told)?;
    }
    let Folded { book, end, folded } = Reading::begin(&file, path)?.fold()?;
    let copy = file.query_row(
        "SELECT no, copy FROM copies WHERE copy = (SELECT value FROM about WHERE key = 'copy')",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    let (copy_no, copy): (i64, String) = copy.map_err(|_| damaged(path, "it has no name for its copy"))?;
    let log = Log::of(path);
    let heard =
        Heard::read(&file).map_err(|_| damaged(path, "when it heard of other copies can't be read"))?;
    let writer = Writer { file, path: path.to_owned(), copy, copy_no, end, heard, log, stopped: false };
    let journal = Journal::of(path, options, writer, book, lock);
    if folded > FOLDED_EACH_TIME {
        journal.snapshot()?;
    }
    journal.take_in_what_waited()?;
    {
        let mut writer = journal.reader()?;
        // What can't be done now is told when the erasure is recorded again.
        drop(journal.finish_erasing(&mut writer));
    }
    Ok(journal)
}
