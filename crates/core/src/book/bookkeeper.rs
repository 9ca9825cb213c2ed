//! Whoever keeps a book: what is told and asked of one in memory can be told and asked of one that is written down.

use super::Book;
use super::answer::{Answer, Merged};
use crate::calendar::Day;
use crate::fact::Fact;
use crate::fault::Fault;
use std::borrow::Borrow;

/// Keeps a book. A [`Book`] keeps itself, in memory; a journal (`parure-journal`) has written a fact to the disk before it answers. What is
/// written for a bookkeeper serves both: the JSON door, tables, the bindings.
///
/// ```
/// # use parure::{book::{Book, Bookkeeper}, fact::Fact, fault::Fault, program::Program};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// # let mut book = Book::new(Program::parse("m.toml", text)?);
/// fn join(keeper: &mut impl Bookkeeper, customer: &str) -> Result<usize, Fault> {
///     let text = format!(r#"{{"id":"j-{customer}","at":"2026-01-01T10:00:00+08:00","customer":"{customer}","joined":{{}}}}"#);
///     let joined = Fact::from_json(&text, keeper.ask(Book::currency))?;
///     keeper.record(&joined)?;
///     Ok(keeper.ask(Book::facts))
/// }
/// assert_eq!(join(&mut book, "mei")?, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Bookkeeper {
    /// Asks the book.
    fn ask<T>(&self, question: impl FnOnce(&Book) -> T) -> T;

    /// As [`Book::record`].
    ///
    /// # Errors
    /// As [`Book::record`], and the keeper's own where the fact can't be kept: nothing has changed then.
    fn record(&mut self, fact: &Fact<'_>) -> Result<Answer, Fault>;

    /// As [`Book::merge`].
    ///
    /// # Errors
    /// As [`Book::merge`], and the keeper's own.
    fn merge<'f, F: Borrow<Fact<'f>>>(&mut self, facts: impl IntoIterator<Item = F>)
    -> Result<Merged, Fault>;

    /// As [`Book::seal`].
    ///
    /// # Errors
    /// As [`Book::seal`], and the keeper's own.
    fn seal(&mut self, day: Day) -> Result<(), Fault>;

    /// Whether a fault of this code is the keeper's own (a full disk), and none of what was told. A book has none.
    fn is_own(&self, code: &str) -> bool {
        let _ = code;
        false
    }
}

impl Bookkeeper for Book {
    fn ask<T>(&self, question: impl FnOnce(&Book) -> T) -> T {
        question(self)
    }

    fn record(&mut self, fact: &Fact<'_>) -> Result<Answer, Fault> {
        Book::record(self, fact)
    }

    fn merge<'f, F: Borrow<Fact<'f>>>(
        &mut self,
        facts: impl IntoIterator<Item = F>,
    ) -> Result<Merged, Fault> {
        Book::merge(self, facts)
    }

    fn seal(&mut self, day: Day) -> Result<(), Fault> {
        Book::seal(self, day)
    }
}
