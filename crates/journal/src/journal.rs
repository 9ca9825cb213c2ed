//! The journal: a book in memory, its facts in a file, and never one without the other.

use crate::lock::Lock;
use crate::options::Options;
use crate::writer::Writer;
use parure::book::{Answer, Book, Merged};
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::money::Currency;
use std::borrow::Borrow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};

/// The kind of the fact that forgets a person.
pub(crate) const ERASED: &str = "erased";

/// Whether a fact forgets someone and was recorded, now or before: what is left of forgetting is then done.
fn erased(fact: &Fact<'_>, answer: &Answer) -> bool {
    fact.kind() == ERASED && !matches!(answer, Answer::Refused { .. })
}

/// The facts of a shop in one file, and the book that follows from them. Any number of threads may ask; one at a time writes.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("shop.db");
/// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// # parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
/// use parure::{book::Answer, fact::Fact};
/// let shop = parure_journal::open(&path)?;
/// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
/// let answer = shop.record(&Fact::from_json(joined, shop.currency())?)?;
/// assert!(matches!(answer, Answer::Accepted { .. })); // it is on the disk
/// drop(shop); // or the plug is pulled
///
/// let shop = parure_journal::open(&path)?;
/// assert!(shop.ask(|book| book.fact("j-1").is_some()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    options: Options,
    /// The process that opened it.
    process: u32,
    // Taken in this order.
    writer: Mutex<Writer>,
    book: RwLock<Book>,
    _lock: Lock,
}

impl Journal {
    pub(crate) fn of(path: &Path, options: Options, writer: Writer, book: Book, lock: Lock) -> Journal {
        Journal {
            path: path.to_owned(),
            options,
            process: std::process::id(),
            writer: Mutex::new(writer),
            book: RwLock::new(book),
            _lock: lock,
        }
    }

    /// Where the file is.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// assert_eq!(shop.path(), path);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Asks the book. Others may ask at the same time; while a question is answered nothing is written, so a question must not
    /// record by itself: it would wait for its own end.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// assert_eq!(shop.ask(|book| book.facts()), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ask<T>(&self, question: impl FnOnce(&Book) -> T) -> T {
        question(&self.book())
    }

    /// Asks the book where nobody is writing just now; else the question comes back. For whom waiting would keep others from their work.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// let facts = shop.try_ask(|book| book.facts()).unwrap_or_else(|later| shop.ask(later));
    /// assert_eq!(facts, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The question.
    pub fn try_ask<T, Q: FnOnce(&Book) -> T>(&self, question: Q) -> Result<T, Q> {
        match self.book.try_read() {
            Ok(book) => Ok(question(&book)),
            Err(TryLockError::Poisoned(book)) => Ok(question(&book.into_inner())),
            Err(TryLockError::WouldBlock) => Err(question),
        }
    }

    /// The currency of all amounts: what reading a fact needs.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// assert_eq!(shop.currency().code(), "CNY");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.book().currency()
    }

    pub(crate) fn options(&self) -> Options {
        self.options
    }

    pub(crate) fn book(&self) -> RwLockReadGuard<'_, Book> {
        // A writer that panicked has taken back what it had not kept.
        self.book.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn book_to_change(&self) -> RwLockWriteGuard<'_, Book> {
        self.book.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever writes, to read the file by.
    pub(crate) fn reader(&self) -> Result<MutexGuard<'_, Writer>, Fault> {
        self.is_of_this_process()?;
        Ok(self.writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whoever writes, and when it is.
    pub(crate) fn writer(&self) -> Result<(MutexGuard<'_, Writer>, Moment), Fault> {
        let writer = self.reader()?;
        writer.can_write()?;
        Ok((writer, (self.options.clock)()?))
    }

    /// A process that was forked has the file's descriptors and locks, but not what its parent writes from then on.
    pub(crate) fn is_of_this_process(&self) -> Result<(), Fault> {
        if std::process::id() == self.process {
            return Ok(());
        }
        let message = format!("`{}` was opened before this process was forked", self.path.display());
        Err(Fault::new("journal_forked", message).advise("open it in the process that uses it"))
    }

    /// As [`Book::record`]; what it accepts is on the disk when it answers. What happens after the clock by more than [`Options::ahead`] is
    /// refused as `in_future`.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// use parure::{book::Answer, fact::Fact};
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
    /// let joined = Fact::from_json(joined, shop.currency())?;
    /// assert!(matches!(shop.record(&joined)?, Answer::Accepted { .. }));
    /// assert!(matches!(shop.record(&joined)?, Answer::AlreadyRecorded { .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Book::record`]; `disk_full`, `journal_io` and the like where it can't be written. The book is as before, in memory and
    /// on the disk. Where the disk failed in the very act, `journal_stopped` from then on: only opening it anew tells what it holds.
    /// `erasure_unfinished` where an erasure is recorded, but a file still holds what it forgets: recorded again, it goes on from there.
    pub fn record(&self, fact: &Fact<'_>) -> Result<Answer, Fault> {
        let (mut writer, now) = self.writer()?;
        let mut book = self.book_to_change();
        let mut pending = book.pend();
        let out_of_reach = writer.heard.out_of_reach(self.options.in_touch, now);
        let answer = self.options.record(&mut pending, fact, now, out_of_reach)?;
        writer.write(&pending, now, None)?;
        pending.keep();
        drop(book);
        if erased(fact, &answer) {
            self.finish_erasing(&mut writer)?;
        }
        Ok(answer)
    }

    /// Records facts one after another in one commit: each has its own answer, all that are accepted are on the disk together.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// use parure::{book::Answer, fact::Fact};
    /// let yuan = shop.currency();
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
    /// let tote = r#"{"id":"x-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","redeemed":{"points":500,"reward":"tote-bag"}}"#;
    /// let answers = shop.record_all([Fact::from_json(joined, yuan)?, Fact::from_json(tote, yuan)?])?;
    /// assert!(matches!(answers[..], [Ok(Answer::Accepted { .. }), Ok(Answer::Refused { .. })]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where it can't be written, as [`Journal::record`]: then none of them is kept, but with `erasure_unfinished` all that are accepted. A fault of
    /// one fact is its own answer.
    pub fn record_all<'f, F: Borrow<Fact<'f>>>(
        &self,
        facts: impl IntoIterator<Item = F>,
    ) -> Result<Vec<Result<Answer, Fault>>, Fault> {
        let (mut writer, now) = self.writer()?;
        let mut book = self.book_to_change();
        let mut pending = book.pend();
        let out_of_reach = writer.heard.out_of_reach(self.options.in_touch, now);
        let mut erases = false;
        let record = |fact: F| {
            let answer = self.options.record(&mut pending, fact.borrow(), now, out_of_reach);
            erases |= answer.as_ref().is_ok_and(|answer| erased(fact.borrow(), answer));
            answer
        };
        let answers = facts.into_iter().map(record).collect();
        writer.write(&pending, now, None)?;
        pending.keep();
        drop(book);
        if erases {
            self.finish_erasing(&mut writer)?;
        }
        Ok(answers)
    }

    /// As [`Book::merge`], in one commit: all of them or none.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
    /// let joined = parure::fact::Fact::from_json(joined, shop.currency())?;
    /// assert_eq!(shop.merge([&joined, &joined])?.new, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Book::merge`] and [`Journal::record`]; then none of the facts is kept, but with `erasure_unfinished` all of them.
    pub fn merge<'f, F: Borrow<Fact<'f>>>(
        &self,
        facts: impl IntoIterator<Item = F>,
    ) -> Result<Merged, Fault> {
        let (mut writer, now) = self.writer()?;
        let mut book = self.book_to_change();
        let mut pending = book.pend();
        let facts: Vec<F> = facts.into_iter().collect();
        let merged = pending.merge(facts.iter().map(Borrow::borrow))?;
        writer.write(&pending, now, None)?;
        pending.keep();
        drop(book);
        if facts.iter().any(|fact| fact.borrow().kind() == ERASED) {
            self.finish_erasing(&mut writer)?;
        }
        Ok(merged)
    }

    /// As [`Book::seal`]; the sealed book is on the disk when it answers. [`Journal::compact`] then drops what is settled.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// let day = parure::calendar::Day::parse("2026-07-01")?;
    /// shop.seal(day)?;
    /// assert_eq!(shop.seal(day).unwrap_err().code, "sealed_further");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Book::seal`] and [`Journal::record`].
    pub fn seal(&self, day: Day) -> Result<(), Fault> {
        let (mut writer, now) = self.writer()?;
        let mut book = self.book_to_change();
        let mut sealed = book.clone();
        sealed.seal(day)?;
        writer.write_seal(&sealed, day, now)?;
        *book = sealed;
        Ok(())
    }

    /// Writes the book as bytes beside its facts, so that opening it folds only what comes later.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// shop.snapshot()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where it can't be written, as [`Journal::record`].
    pub fn snapshot(&self) -> Result<(), Fault> {
        let (mut writer, now) = self.writer()?;
        let bytes = self.book().snapshot();
        writer.write_snapshot(&bytes, now)
    }
}
