//! Tables of people: what is due on a day, and who may be meant by what was typed.

use crate::error::Error;
use crate::out::{Column, amounts, batch};
use arrow_array::{
    ArrayRef, Date32Array, Int64Array, LargeStringArray, RecordBatch, TimestampMicrosecondArray,
};
use parure::book::{Agenda, Due, Duty, FoundCustomer, Sending};
use parure::calendar::Moment;
use parure::money::Currency;
use rust_decimal::Decimal;
use std::sync::Arc;

/// An agenda as a table: a row for each that is due, in its order. Amounts have the digits of the book's currency.
///
/// | Column | Type | |
/// |---|---|---|
/// | `key`, `trigger`, `customer`, `occasion` | large_utf8 | as [`Due`] has them |
/// | `first_day`, `last_day` | date32 | |
/// | `message`, `by` | large_utf8 | null where there is nothing to send |
/// | `send_from`, `send_to` | timestamp in microseconds, UTC | null where there is nothing to send, or at any time |
/// | `task`, `who` | large_utf8 | null where there is nothing to do |
/// | `why_day`, `why_fact`, `why_tier`, `why_points`, `why_spend` | date32, large_utf8, large_utf8, int64, decimal128 | null where it does not apply |
/// | `give_points` | int64 | null where nothing is given |
///
/// # Errors
/// `too_many_rows` where it does not fit into columns.
///
/// ```
/// # use parure::{book::Book, calendar::Day, program::Program};
/// let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// let book = Book::new(Program::parse("m", text)?);
/// let due = parure_columnar::agenda_table(&book.agenda(Day::parse("2026-05-13")?), book.currency())?;
/// assert_eq!((due.num_rows(), due.num_columns()), (0, 18));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn agenda_table(agenda: &Agenda, currency: Currency) -> Result<RecordBatch, Error> {
    let due = &agenda.due;
    let text = |of: fn(&Due) -> &str| texts(due.iter().map(|due| Some(of(due))));
    let sent = |of: fn(&Sending) -> Option<&str>| texts(due.iter().map(|due| due.send.as_ref().and_then(of)));
    let instant = |of: fn(&Sending) -> Option<Moment>| -> ArrayRef {
        let sent = due.iter().map(|due| due.send.as_ref().and_then(of).map(Moment::micros));
        Arc::new(sent.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
    };
    let done = |of: fn(&Duty) -> &str| texts(due.iter().map(|due| due.task.as_ref().map(of)));
    let day =
        |of: fn(&Due) -> i32| -> ArrayRef { Arc::new(Date32Array::from_iter_values(due.iter().map(of))) };
    let why_day: Date32Array = due.iter().map(|due| due.why.day.map(parure::calendar::Day::number)).collect();
    let why_points: Int64Array = due.iter().map(|due| due.why.points).collect();
    let give_points: Int64Array = due.iter().map(|due| due.give.as_ref().map(|give| give.points)).collect();
    let spends: Vec<Option<Decimal>> = due.iter().map(|due| due.why.spend).collect();
    let columns: Vec<Column> = vec![
        ("key", text(|due| &due.key), false),
        ("trigger", text(|due| &due.trigger), false),
        ("customer", text(|due| &due.customer), false),
        ("occasion", text(|due| &due.occasion), false),
        ("first_day", day(|due| due.first_day.number()), false),
        ("last_day", day(|due| due.last_day.number()), false),
        ("message", sent(|send| Some(&send.message)), true),
        ("by", sent(|send| Some(&send.by)), true),
        ("send_from", instant(|send| send.from), true),
        ("send_to", instant(|send| send.to), true),
        ("task", done(|task| &task.what), true),
        ("who", done(|task| task.who), true),
        ("why_day", Arc::new(why_day), true),
        ("why_fact", texts(due.iter().map(|due| due.why.fact.as_deref())), true),
        ("why_tier", texts(due.iter().map(|due| due.why.tier.as_deref())), true),
        ("why_points", Arc::new(why_points), true),
        ("why_spend", amounts(spends, currency)?, true),
        ("give_points", Arc::new(give_points), true),
    ];
    batch(columns)
}

/// Who was found, for many texts, as a table: a row for each account that one of them may mean, the likeliest of a text first, in the order of the texts. A text that
/// means nobody has no row.
///
/// | Column | Type | |
/// |---|---|---|
/// | `typed` | large_utf8 | the text |
/// | `account`, `customer`, `by`, `how` | large_utf8 | as [`FoundCustomer`] has them |
/// | `name` | large_utf8 | null where none is known |
///
/// # Errors
/// `too_many_rows` where it does not fit into columns.
///
/// ```
/// # use parure::{book::Book, program::Program};
/// let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// let book = Book::new(Program::parse("m", text)?);
/// let found = parure_columnar::found_table(&[("zw", book.find("zw", 1))])?;
/// assert_eq!((found.num_rows(), found.num_columns()), (0, 6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn found_table(found: &[(&str, Vec<FoundCustomer>)]) -> Result<RecordBatch, Error> {
    let rows = || found.iter().flat_map(|(typed, hits)| hits.iter().map(move |hit| (*typed, hit)));
    let text = |of: fn(&FoundCustomer) -> Option<&str>| texts(rows().map(|(_, hit)| of(hit)));
    batch(vec![
        ("typed", texts(rows().map(|(typed, _)| Some(typed))), false),
        ("account", text(|hit| Some(&hit.account)), false),
        ("customer", text(|hit| Some(&hit.customer)), false),
        ("name", text(|hit| hit.name.as_deref()), true),
        ("by", text(|hit| Some(hit.by)), false),
        ("how", text(|hit| Some(hit.how)), false),
    ])
}

fn texts<'t>(texts: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    Arc::new(texts.collect::<LargeStringArray>())
}
