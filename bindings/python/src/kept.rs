//! Where a book is kept: in memory, behind a lock, or in a journal, which brings its own.

use crate::error::{Kind, raised};
use parure::book::Book;
use parure::fault::Fault;
use parure_journal::{Journal, Shop};
use pyo3::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, TryLockError};

/// Where a book is kept.
#[expect(clippy::large_enum_variant, reason = "it is an object of Python's, on the heap already")]
#[derive(Debug)]
pub(crate) enum Kept {
    Memory(RwLock<Book>),
    /// None once it is closed. Recording takes this lock for reading as well: the journal has one writer at a time by itself, and a backup
    /// goes on beside it.
    File {
        path: PathBuf,
        journal: RwLock<Option<Journal>>,
    },
}

impl Kept {
    pub(crate) fn in_memory(book: Book) -> Kept {
        Kept::Memory(RwLock::new(book))
    }

    pub(crate) fn in_file(journal: Journal) -> Kept {
        Kept::File { path: journal.path().to_owned(), journal: RwLock::new(Some(journal)) }
    }

    /// A question that may take long: others run meanwhile.
    pub(crate) fn ask_long<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&Book) -> T + Send,
    ) -> PyResult<T> {
        match self {
            Kept::Memory(book) => {
                py.detach(|| book.read().ok().map(|book| work(&book))).ok_or_else(|| broken(py))
            }
            Kept::File { .. } => self.file(py, |journal| journal.ask(work)),
        }
    }

    /// A question that takes microseconds: the interpreter is only let go where somebody else has the book.
    pub(crate) fn ask_short<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&Book) -> T + Send,
    ) -> PyResult<T> {
        let work = match self {
            Kept::Memory(book) => match book.try_read() {
                Ok(book) => return Ok(work(&book)),
                Err(TryLockError::Poisoned(_)) => return Err(broken(py)),
                Err(TryLockError::WouldBlock) => work,
            },
            Kept::File { journal, path } => match journal.try_read() {
                Ok(journal) => match &*journal {
                    None => return Err(closed(py, path)),
                    Some(journal) => match journal.try_ask(work) {
                        Ok(answer) => return Ok(answer),
                        Err(work) => work,
                    },
                },
                // Only closing it takes the lock alone, and leaves nothing half done.
                Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => work,
            },
        };
        self.ask_long(py, work)
    }

    /// What happened, and takes long to be taken in, or is written to a file: others run meanwhile.
    pub(crate) fn tell_long<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Shop<'_>) -> T + Send,
    ) -> PyResult<T> {
        match self {
            Kept::Memory(book) => {
                let told = py.detach(|| book.write().ok().map(|mut book| work(&mut Shop::Book(&mut book))));
                told.ok_or_else(|| broken(py))
            }
            Kept::File { .. } => self.file(py, |journal| work(&mut Shop::Journal(journal))),
        }
    }

    /// What happened, and takes microseconds in memory.
    pub(crate) fn tell_short<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Shop<'_>) -> T + Send,
    ) -> PyResult<T> {
        let Kept::Memory(book) = self else { return self.tell_long(py, work) };
        match book.try_write() {
            Ok(mut book) => Ok(work(&mut Shop::Book(&mut book))),
            Err(TryLockError::Poisoned(_)) => Err(broken(py)),
            Err(TryLockError::WouldBlock) => self.tell_long(py, work),
        }
    }

    /// Something that only a file can do. Others run meanwhile.
    pub(crate) fn file<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&Journal) -> T + Send,
    ) -> PyResult<T> {
        let Kept::File { path, journal } = self else { return Err(in_memory(py)) };
        let done = py.detach(|| journal.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(work));
        done.ok_or_else(|| closed(py, path))
    }

    /// Closes the file, once nobody uses it any more. A book in memory has nothing to close.
    pub(crate) fn close(&self, py: Python<'_>) {
        if let Kept::File { journal, .. } = self {
            py.detach(|| drop(journal.write().unwrap_or_else(PoisonError::into_inner).take()));
        }
    }

    /// The file.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Kept::Memory(_) => None,
            Kept::File { path, .. } => Some(path),
        }
    }

    /// Whether it was closed.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Kept::Memory(_) => false,
            // Who closes it just now has closed it.
            Kept::File { journal, .. } => journal.try_read().is_ok_and(|journal| journal.is_none()),
        }
    }
}

fn broken(py: Python<'_>) -> PyErr {
    let fault = Fault::new("broken_book", "a failure of the library left the book half changed");
    raised(py, Kind::Broken, &fault.advise("restore it from its snapshot"))
}

fn closed(py: Python<'_>, path: &Path) -> PyErr {
    let fault = Fault::new("journal_closed", format!("`{}` was closed", path.display()));
    raised(py, Kind::Journal, &fault.advise("open it again: parure.open(path)"))
}

fn in_memory(py: Python<'_>) -> PyErr {
    let fault = Fault::new("no_journal", "this book is kept in memory alone");
    raised(py, Kind::Journal, &fault.advise("make one that is kept in a file: parure.create(path, program)"))
}
