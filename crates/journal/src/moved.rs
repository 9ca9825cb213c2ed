//! What facts moved, as postings: beside each fact what it moved when it arrived; where a later one came before it, the difference.

use parure::book::{Book, Posting};
use rusqlite::{Connection, params};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Points that a fact moved: whose, of which kind, how many.
pub(crate) type Moved = (String, String, i64);

/// As the column beside a fact holds it: the customer only where it is not the fact's own.
pub(crate) fn column(moved: impl Iterator<Item = Posting>, customer: Option<&str>) -> Option<String> {
    let mut column = String::new();
    for Posting { customer: whose, kind, points, .. } in moved {
        column.push(if column.is_empty() { '[' } else { ',' });
        // A string takes whatever is written.
        let _ = match customer == Some(&*whose) {
            true => write!(column, r#"["{kind}",{points}]"#),
            false => write!(column, r#"["{kind}",{points},{}]"#, json!(&*whose)),
        };
    }
    (!column.is_empty()).then(|| column + "]")
}

/// What such a column says, of the fact's own customer where it names none; nothing where it can't be read.
#[cfg(feature = "postgres")]
pub(crate) fn of_column(column: &str, customer: Option<&str>) -> Option<Vec<Moved>> {
    let all: Vec<Vec<serde_json::Value>> = serde_json::from_str(column).ok()?;
    let one = |one: Vec<serde_json::Value>| {
        let whose = one.get(2).map_or(customer, serde_json::Value::as_str)?;
        Some((whose.to_owned(), one.first()?.as_str()?.to_owned(), one.get(1)?.as_i64()?))
    };
    all.into_iter().map(one).collect()
}

/// Points by the `seq` of the fact, whose they are, and their kind.
pub(crate) type Differences = BTreeMap<(i64, String, String), i64>;

/// What the book says of an account's facts, less what is posted of them in the file.
pub(crate) fn differences(rows: &Connection, book: &Book, account: &str) -> rusqlite::Result<Differences> {
    let seq_of = |id: &str| book.arrival(id).map_or(0, |before| i64::from(before).saturating_add(1));
    let mut posted = rows.prepare_cached(
        "SELECT coalesce(value ->> 2, customer), value ->> 0, value ->> 1 FROM kept, json_each(moved) WHERE seq = ?1
         UNION ALL SELECT customer, kind, points FROM corrected WHERE fact = ?1",
    )?;
    missing(book, account, seq_of, |seq| {
        posted.query_map([seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
    })
}

/// What the book says of an account's facts, less what is posted of them. Facts behind a seal stay as they are. `posted`: what is, of a
/// fact by its `seq`.
pub(crate) fn missing<E>(
    book: &Book,
    account: &str,
    seq_of: impl Fn(&str) -> i64,
    mut posted: impl FnMut(i64) -> Result<Vec<Moved>, E>,
) -> Result<Differences, E> {
    let mut missing = Differences::new();
    let mut add = |key, points: i64| {
        let sum = missing.entry(key).or_default();
        *sum = sum.saturating_add(points);
    };
    for posting in book.postings(account) {
        add((seq_of(&posting.fact), posting.customer.to_string(), posting.kind.to_owned()), posting.points);
    }
    let mut whose: BTreeSet<String> = BTreeSet::from([account.to_owned()]);
    whose.extend(
        book.standing(account).into_iter().flat_map(|stands| stands.aliases).map(|alias| alias.to_string()),
    );
    for id in book.facts_of_account(account) {
        let seq = seq_of(&id);
        for (customer, kind, points) in posted(seq)? {
            // Of a gift, the other side is another account's.
            let others = || book.facts_of_account(&customer).any(|fact| fact == id);
            if whose.contains(&customer) || !others() {
                add((seq, customer, kind), points.saturating_neg());
            }
        }
    }
    missing.retain(|_, points| *points != 0);
    Ok(missing)
}

/// Posts what an account's facts moved otherwise than is posted.
pub(crate) fn correct(rows: &Connection, book: &Book, account: &str, cause: i64) -> rusqlite::Result<()> {
    for ((fact, customer, kind), points) in differences(rows, book, account)? {
        rows.prepare_cached(
            "INSERT INTO corrected (fact, cause, customer, kind, points) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![fact, cause, customer, kind, points])?;
    }
    Ok(())
}
