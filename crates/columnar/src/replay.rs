//! A table of sales under a program: what each purchase earned, where each account stands, what each month gave.

use crate::error::{Error, Which};
use crate::fold::{fits, fold};
use crate::options::Options;
use crate::out;
use crate::stretch::Reading;
use crate::table::Table;
use crate::tables::Tables;
use arrow_array::RecordBatch;
use parure::book::Report;
use parure::calendar::{Day, Moment};
use parure::program::Program;
use parure::replay::{Alike, Replay};

/// What a replay gives.
///
/// ```
/// use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, cast::AsArray, types::Int64Type};
/// use parure_columnar::{Options, Table, replay};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// let program = parure::program::Program::parse("maison.toml", text)?;
/// let texts = |cells: [&'static str; 2]| std::sync::Arc::new(StringArray::from(cells.to_vec())) as ArrayRef;
/// let sales = RecordBatch::try_from_iter([
///     ("customer", texts(["mei", "mei"])),
///     ("at", texts(["2026-03-02", "2026-03-09"])),
///     ("amount", std::sync::Arc::new(Int64Array::from(vec![12_800, 400])) as ArrayRef),
/// ])?;
/// let replayed = replay(&program, &Table::of(sales), &Options::default())?;
/// // 1,280 by the standard rule and 200 to welcome her, usable after a week; 40 more are not yet.
/// assert_eq!(replayed.accounts["balance"].as_primitive::<Int64Type>().values(), &[1_480]);
/// assert_eq!(replayed.accounts["pending"].as_primitive::<Int64Type>().values(), &[40]);
/// assert_eq!(replayed.purchases["awarded"].as_primitive::<Int64Type>().values(), &[1_480, 40]);
/// assert_eq!((replayed.months.num_rows(), replayed.rejects.num_rows()), (1, 0));
/// assert_eq!(replayed.report.totals.awarded, 1_520);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// Each purchase that had happened by the day, in the order of their first rows: `id`, `customer` (large_utf8), `on` (date32), `wanted`,
    /// `awarded` (int64), `rules` (list of dictionary of utf8), `tier_before`, `tier_after` (dictionary of utf8). No rows where none are wanted.
    pub purchases: RecordBatch,
    /// Each account at the end of the day, by the customer's id in bytes: `customer` (large_utf8), `balance`, `pending`, `debt`
    /// (int64), `tier` (large_utf8, null for who is no member), `next_lapse` (date32) and `next_lapse_points` (int64), null where none lapse.
    pub accounts: RecordBatch,
    /// Each month from the first in which anything happened: `month` (large_utf8, `2026-03`), `purchases` (int64), `spend` (decimal
    /// with the currency's digits), `awarded`, `spent`, `taken_back`, `lapsed`, `outstanding` (int64).
    pub months: RecordBatch,
    /// What was set aside, customers before sales, by row: `row` (int64, from 0), `column` (null for the whole row), `code`, `message`,
    /// `table` (`sales` or `customers`; large_utf8).
    pub rejects: RecordBatch,
    /// All accounts together, as [`Book::report`](parure::book::Book::report) gives it.
    pub report: Report,
}

/// Replays sales under a program: everything is exactly what a [`Book`](parure::book::Book) gives for the same facts.
///
/// The table may be in any order. In the order of time it is sorted by customer first; where rows of a customer stand together and in
/// the order of time, nothing is sorted. [`Table`] tells what columns there are and what they hold.
///
/// ```
/// use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
/// use parure_columnar::{Columns, Options, Table, replay};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// # let program = parure::program::Program::parse("m.toml", text)?;
/// let sales = RecordBatch::try_from_iter([
///     ("household", std::sync::Arc::new(Int64Array::from(vec![7])) as ArrayRef),
///     ("at", std::sync::Arc::new(StringArray::from(vec!["2026-03-02T10:00:00+08:00"])) as ArrayRef),
///     ("amount", std::sync::Arc::new(StringArray::from(vec!["12800.00"])) as ArrayRef),
/// ])?;
/// let options = Options { columns: Columns::default().with("customer", "household"), ..Options::default() };
/// assert_eq!(replay(&program, &Table::of(sales), &options)?.report.months[0].spend.to_string(), "12800.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Of the table: `no_column`, `repeated_column`, `unknown_key`, `repeated_key`, `column_type`, `float_amount`, `quantity_float`,
/// `naive_time`, `unknown_time_zone`, `schema_differs`, `too_many_rows`. Of a row, where bad rows stop: `missing_key`, `rows_differ`,
/// `repeated_id`, and what the core tells of the fact (`money_text`, `name_text`, `repeated_line`, …).
pub fn replay(program: &Program, sales: &Table, options: &Options) -> Result<Replayed, Error> {
    let tables = Tables::read(sales, options, Reading::of(program), Alike::of(program), false)?;
    if !fits(&tables) {
        let message = "the tables have more purchases and customers than can be counted";
        return Err(Error::of_table(Which::Sales, "too_many_rows", message));
    }
    let on = options.as_of.or_else(|| latest(&tables)).unwrap_or(program.effective());
    let folded = fold(&tables, Replay::new(program, on), on, options.purchases)?;
    let purchases =
        if options.purchases { out::purchases(&tables.sales, &folded)? } else { out::no_purchases() };
    let accounts = out::accounts(&tables, &folded)?;
    let report = folded.replay.report();
    let months = out::months(&report.months, program.currency())?;
    Ok(Replayed { purchases, accounts, months, rejects: out::rejects(&tables.rejects)?, report })
}

/// The day of the latest fact.
fn latest(tables: &Tables<'_>) -> Option<Day> {
    let sales = &tables.sales;
    let sold = (0..sales.len()).filter(|basket| !sales.is_aside(*basket));
    let sold = sold.map(|basket| sales.micros(basket));
    let joined = tables.joins.iter().map(|join| join.fact.at().micros());
    let latest = Moment::from_micros(sold.chain(joined).max()?, 0).ok()?;
    Some(latest.day_in(sales.by.zone))
}
