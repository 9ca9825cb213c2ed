//! `parure ledger` and `parure revenue`: what is owed over a period, by double entry, and the revenue of points.

use crate::args::{LedgerArgs, RevenueArgs};
use crate::failure::Failure;
use crate::figures::thousands;
use crate::history::History;
use crate::office::Office;
use crate::replay::the_day;
use crate::report::heading;
use crate::table::{Side, aligned};
use parure::book::{Book, Ledger, Revenue};
use parure::calendar::Day;

const LEFT: Side = Side::Left;
const RIGHT: Side = Side::Right;

pub(crate) fn ledger(asked: &LedgerArgs, office: &mut Office) -> Result<(), Failure> {
    let history = History::open(&asked.history, &[], office)?;
    let told = history.ask(|book| over(asked, book))?;
    office.answer(|| serde_json::to_value(&told), || shown(&told))
}

fn over(asked: &LedgerArgs, book: &Book) -> Result<Ledger, Failure> {
    let last = the_day(asked.last, book)?;
    let first = asked.first.unwrap_or_else(|| month_of(last));
    if first > last {
        let message = format!("the period would begin on {first} and end on {last}");
        return Err(Failure::misuse("period", message));
    }
    Ok(book.ledger(first, last))
}

/// The first day of its month.
fn month_of(day: Day) -> Day {
    let text = day.to_string();
    let first = text.get(..8).and_then(|month| Day::parse(&format!("{month}01")).ok());
    first.unwrap_or(day)
}

fn shown(ledger: &Ledger) -> String {
    let owed = ledger.balances.iter().map(|owed| {
        let amounts = [owed.opening, owed.credits, owed.debits, owed.closing].map(thousands);
        [vec![owed.account.to_owned()], amounts.to_vec(), vec![owed.unit.to_owned()]].concat()
    });
    let moved = ledger.entries.iter().map(|entry| {
        let names = [entry.what, entry.debit, entry.credit].map(str::to_owned);
        [names.to_vec(), vec![thousands(entry.amount), entry.unit.to_owned()]].concat()
    });
    let period = heading(&format!("Owed from {} through {}", ledger.first, ledger.last));
    let owed = aligned(
        &["", "Opening", "Credited", "Debited", "Closing", ""],
        &[LEFT, RIGHT, RIGHT, RIGHT, RIGHT, LEFT],
        &owed.collect::<Vec<_>>(),
    );
    let moved = aligned(
        &["What", "Debit", "Credit", "Amount", ""],
        &[LEFT, LEFT, LEFT, RIGHT, LEFT],
        &moved.collect::<Vec<_>>(),
    );
    format!("{period}\n{owed}\n{moved}")
}

pub(crate) fn revenue(asked: &RevenueArgs, office: &mut Office) -> Result<(), Failure> {
    let history = History::open(&asked.history, &[], office)?;
    let told = history.ask(|book| {
        let on = the_day(asked.on, book)?;
        book.revenue(on, asked.every).map_err(Failure::Refused)
    })?;
    office.answer(|| serde_json::to_value(&told), || shown_revenue(&told))
}

fn shown_revenue(revenue: &Revenue) -> String {
    let rows = revenue.periods.iter().map(|period| {
        let amounts = [period.opening, period.allocated, period.recognised, period.closing].map(thousands);
        let points = [period.redeemed, period.lapsed, period.outstanding, period.expected].map(thousands);
        let days = [period.first, period.last].map(|day| day.to_string());
        [days.to_vec(), amounts.to_vec(), points.to_vec()].concat()
    });
    let header = [
        "From",
        "Through",
        "Deferred",
        "Allocated",
        "Revenue",
        "Deferred after",
        "Redeemed",
        "Lapsed",
        "Outstanding",
        "Expected",
    ];
    let mut sides = [RIGHT; 10];
    (sides[0], sides[1]) = (LEFT, LEFT);
    aligned(&header, &sides, &rows.collect::<Vec<_>>())
}
