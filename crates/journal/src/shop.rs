//! A shop's book, wherever it is kept: what doors to other languages hand facts to.

use crate::journal::Journal;
use crate::told::is_of_the_file;
use parure::book::{Answer, Book, Bookkeeper, Merged};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::fault::Fault;
use std::borrow::Borrow;

/// A shop's book: in memory alone, or kept in a journal.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("shop.db");
/// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// # let program = parure::program::Program::parse("maison.toml", rules)?;
/// use parure::book::{Book, Bookkeeper};
/// use parure_journal::Shop;
/// let (mut book, journal) = (Book::new(program.clone()), parure_journal::create(&path, &program)?);
/// for mut shop in [Shop::Book(&mut book), Shop::Journal(&journal)] {
///     shop.seal(parure::calendar::Day::parse("2026-07-01")?)?;
///     assert_eq!(shop.ask(Book::sealed_until).map(|day| day.to_string()).as_deref(), Some("2026-07-01"));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub enum Shop<'s> {
    /// A book in memory: what its snapshot does not hold is lost with the process.
    Book(&'s mut Book),
    /// A journal: what was answered is on the disk.
    Journal(&'s Journal),
}

impl Bookkeeper for Shop<'_> {
    fn ask<T>(&self, question: impl FnOnce(&Book) -> T) -> T {
        match self {
            Shop::Book(book) => question(book),
            Shop::Journal(journal) => journal.ask(question),
        }
    }

    fn record(&mut self, fact: &Fact<'_>) -> Result<Answer, Fault> {
        match self {
            Shop::Book(book) => book.record(fact),
            Shop::Journal(journal) => journal.record(fact),
        }
    }

    fn merge<'f, F: Borrow<Fact<'f>>>(
        &mut self,
        facts: impl IntoIterator<Item = F>,
    ) -> Result<Merged, Fault> {
        match self {
            Shop::Book(book) => book.merge(facts),
            Shop::Journal(journal) => journal.merge(facts),
        }
    }

    fn seal(&mut self, day: Day) -> Result<(), Fault> {
        match self {
            Shop::Book(book) => book.seal(day),
            Shop::Journal(journal) => journal.seal(day),
        }
    }

    fn is_own(&self, code: &str) -> bool {
        is_of_the_file(code)
    }
}

/// A journal may be told by whoever has a reference to it: `parure_json::tell(&mut &shop, request)`.
impl Bookkeeper for &Journal {
    fn ask<T>(&self, question: impl FnOnce(&Book) -> T) -> T {
        Journal::ask(self, question)
    }

    fn record(&mut self, fact: &Fact<'_>) -> Result<Answer, Fault> {
        Journal::record(self, fact)
    }

    fn merge<'f, F: Borrow<Fact<'f>>>(
        &mut self,
        facts: impl IntoIterator<Item = F>,
    ) -> Result<Merged, Fault> {
        Journal::merge(self, facts)
    }

    fn seal(&mut self, day: Day) -> Result<(), Fault> {
        Journal::seal(self, day)
    }

    fn is_own(&self, code: &str) -> bool {
        is_of_the_file(code)
    }
}
