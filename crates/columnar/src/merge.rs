//! A table of sales into a book: each purchase and each return becomes the fact that it is.

use crate::check::unexpected;
use crate::error::Error;
use crate::options::Options;
use crate::out;
use crate::stretch::Reading;
use crate::table::Table;
use crate::tables::Tables;
use arrow_array::RecordBatch;
use parure::book::{Bookkeeper, Merged};
use parure::calendar::Day;

/// What a merge of tables did.
///
/// ```
/// # use arrow_array::{ArrayRef, RecordBatch, StringArray};
/// # use parure::{book::Book, program::Program};
/// use parure_columnar::{Options, Table, merge_table};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// # let mut book = Book::new(Program::parse("m.toml", text)?);
/// let cell = |cell: &'static str| std::sync::Arc::new(StringArray::from(vec![cell])) as ArrayRef;
/// let sales = RecordBatch::try_from_iter(
///     [("id", "p-1"), ("customer", "mei"), ("at", "2026-03-02"), ("amount", "400")].map(|(name, text)| (name, cell(text))))?;
/// let done = merge_table(&mut book, &Table::of(sales.clone()), &Options::default())?;
/// assert_eq!((done.merged.new, done.rejects.num_rows()), (1, 0));
/// assert_eq!(merge_table(&mut book, &Table::of(sales), &Options::default())?.merged.known, 1); // a retry changes nothing
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MergedTable {
    /// What the book says of the facts.
    pub merged: Merged,
    /// What was set aside, as [`Replayed::rejects`](crate::Replayed::rejects).
    pub rejects: RecordBatch,
}

/// Merges the customers, then the sales, of tables into a book, be it in memory or in a journal, as [`Book::merge`](parure::book::Book::merge) does facts. The sales need a column `id`: without one
/// the same rows of another file would be other purchases.
///
/// ```
/// # use arrow_array::{ArrayRef, RecordBatch, StringArray};
/// # use parure::{book::Book, program::Program};
/// use parure_columnar::{Options, Table, merge_table};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// # let mut book = Book::new(Program::parse("m.toml", text)?);
/// let cell = |cell: &'static str| std::sync::Arc::new(StringArray::from(vec![cell])) as ArrayRef;
/// let sales = RecordBatch::try_from_iter(
///     [("customer", "mei"), ("at", "2026-03-02"), ("amount", "400")].map(|(name, text)| (name, cell(text))))?;
/// let error = merge_table(&mut book, &Table::of(sales), &Options::default()).unwrap_err();
/// assert_eq!((error.code, book.facts()), ("no_column", 0)); // nothing has changed
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`replay`](crate::replay): nothing has changed then. `book_full` beyond 2^32 facts in the book, and the keeper's own.
pub fn merge_table(
    book: &mut impl Bookkeeper,
    sales: &Table,
    options: &Options,
) -> Result<MergedTable, Error> {
    // Every version of a book's program counts in the same money and the same days.
    let by = book.ask(|book| Reading::of(book.program_on(Day::FIRST)));
    let by = Reading { items: false, categories: false, ..by };
    let tables = Tables::read(sales, options, by, None, true)?;
    let rejects = out::rejects(&tables.rejects)?;
    let joined = tables.joins.iter().map(|join| join.fact.clone());
    let sold = (0..tables.sales.len()).filter(|basket| !tables.sales.is_aside(*basket));
    // Each was made once when it was looked at, so each can be made: they are not kept, because they are large.
    let sold = sold.filter_map(|basket| tables.sales.fact(basket).ok());
    let merged = book.merge(joined.chain(sold)).map_err(unexpected)?;
    Ok(MergedTable { merged, rejects })
}
