//! Whether what the file shows to people with SQL is what its facts say: columns beside each fact, and accounts as they stand.

use crate::row::{Beside, Standing};
use crate::told::{damaged, told};
use crate::writer::{write_members, write_standing};
use parure::book::Book;
use parure::calendar::Day;
use parure::fact::Fact;
use parure::fault::Fault;
use rusqlite::{Connection, OptionalExtension};
use std::path::Path;

/// Each fact's columns.
pub(crate) fn facts(file: &Connection, book: &Book, path: &Path) -> Result<(), Fault> {
    let told = told(path);
    let mut rows = file
        .prepare(
            "SELECT seq, fact, kind, at, day, customer,
                    amount_minor, moved IS NULL OR json_valid(moved)
             FROM kept WHERE fact IS NOT NULL ORDER BY seq",
        )
        .map_err(&told)?;
    let mut rows = rows.query([]).map_err(&told)?;
    while let Some(row) = rows.next().map_err(&told)? {
        let seq: i64 = row.get(0).map_err(&told)?;
        let wrong = || damaged(path, &format!("what stands beside fact {seq} is not what it says"));
        let wrong = || wrong().at(format!("facts[{seq}]"));
        let text: String = row.get(1).map_err(&told)?;
        let fact = Fact::from_json(&text, book.currency()).map_err(|_| wrong())?;
        let shown = (|| {
            let (kind, at, day, customer) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
            Ok::<_, rusqlite::Error>(Beside { kind, at, day, customer, amount_minor: row.get(6)? })
        })();
        if shown.ok() != Some(Beside::of(book, &fact)) || !matches!(row.get(7), Ok(true)) {
            return Err(wrong());
        }
    }
    Ok(())
}

/// Tables that are written anew for each account that a fact concerns.
const TABLES: [&str; 2] = ["standing", "member"];

/// Accounts and members: written once more beside the file, they must be the same rows.
pub(crate) fn accounts(file: &Connection, book: &Book, path: &Path) -> Result<(), Fault> {
    // A temporary table goes before one of the same name in the file.
    let begun = TABLES.iter().try_for_each(|table| begin(file, table)).map_err(told(path));
    let found = begun.and_then(|()| {
        for account in book.accounts(Day::LAST) {
            let Some(stands) = Standing::of(book, &account.account) else { continue };
            write_members(file, &stands).and_then(|()| write_standing(file, &stands)).map_err(told(path))?;
        }
        let differs = TABLES.iter().find_map(|table| differs(file, table).transpose()).transpose();
        match differs.map_err(told(path))? {
            Some(what) => Err(damaged(path, &format!("{what} is not what the facts say"))),
            None => Ok(()),
        }
    });
    let ended =
        TABLES.iter().try_for_each(|table| file.execute_batch(&format!("DROP TABLE IF EXISTS temp.{table}")));
    found.and(ended.map_err(told(path)))
}

fn begin(file: &Connection, table: &str) -> rusqlite::Result<()> {
    let of =
        "SELECT replace(sql, 'CREATE TABLE ', 'CREATE TEMP TABLE ') FROM main.sqlite_schema WHERE name = ?1";
    let create: String = file.query_row(of, [table], |row| row.get(0))?;
    file.execute_batch(&create)
}

/// The first row that only one of the two has.
fn differs(file: &Connection, table: &str) -> rusqlite::Result<Option<String>> {
    let (mine, written) = (format!("SELECT * FROM temp.{table}"), format!("SELECT * FROM main.{table}"));
    for (one, other) in [(&written, &mine), (&mine, &written)] {
        let select = format!("{one} EXCEPT {other} LIMIT 1");
        let first = file.query_row(&select, [], |row| row.get::<_, String>(0)).optional()?;
        if let Some(first) = first {
            return Ok(Some(format!("a row of `{first}` in the table `{table}`")));
        }
    }
    Ok(None)
}
