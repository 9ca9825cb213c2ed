//! A shop's history: facts that are folded under a program, or the book that a journal keeps.

use crate::args::{Facts, HistoryArgs};
use crate::batches::{Read, fold, not_over};
use crate::failure::Failure;
use crate::office::Office;
use parure::book::Book;
use parure::program::Program;
use parure_journal::Journal;
use std::path::Path;

/// A book, and what was read for it.
pub(crate) struct History {
    book: Kept,
    read: Read,
}

enum Kept {
    Folded(Box<Book>),
    Journal(Box<Journal>),
}

impl History {
    pub(crate) fn open(asked: &HistoryArgs, outputs: &[&Path], office: &Office) -> Result<History, Failure> {
        match (&asked.book, &asked.program) {
            (Some(book), _) => History::kept(book, outputs),
            (None, program) => {
                let program = office.program(program.as_deref().unwrap_or(Path::new("")))?;
                let facts = Facts { files: &asked.files, rows: &asked.rows };
                History::fold(&program, facts, outputs, office)
            }
        }
    }

    pub(crate) fn fold(
        program: &Program,
        facts: Facts<'_>,
        outputs: &[&Path],
        office: &Office,
    ) -> Result<History, Failure> {
        let (book, read) = fold(program, facts, outputs, office)?;
        Ok(History { book: Kept::Folded(Box::new(book)), read })
    }

    /// Nobody else has the journal open meanwhile: it is whole, and nothing is written to it.
    pub(crate) fn kept(path: &Path, outputs: &[&Path]) -> Result<History, Failure> {
        not_over([path].into_iter(), outputs.iter().copied())?;
        let journal = parure_journal::open(path).map_err(Failure::Unknown)?;
        let facts = journal.ask(Book::facts) as u64;
        let read = Read { rows: facts, new: facts, ..Read::default() };
        Ok(History { book: Kept::Journal(Box::new(journal)), read })
    }

    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Book) -> T) -> T {
        match &self.book {
            Kept::Folded(book) => question(book),
            Kept::Journal(journal) => journal.ask(question),
        }
    }

    pub(crate) fn read(&self) -> Read {
        self.read
    }
}
