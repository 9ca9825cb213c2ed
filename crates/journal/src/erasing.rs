//! Forgetting a person on the disk: rows are rewritten with the erasure, and then no page, no log and no backup of ours holds what they held.

use crate::chain::content;
use crate::journal::Journal;
use crate::opening::open_with;
use crate::snapshots;
use crate::told::told;
use crate::upkeep::beside;
use crate::writer::{End, Writer};
use parure::Id;
use parure::book::{Book, Pending};
use parure::calendar::Moment;
use parure::fact::Fact;
use parure::fault::Fault;
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Kinds of facts that concern another customer, whom a row does not name beside them.
const NAMES_ANOTHER: [&str; 4] = ["given", "merged", "value_transferred", "coupon_transferred"];

/// Rewrites what the file holds of those who are forgotten by what is pending, in the transaction that is open. What was known of other facts
/// is rewritten before the new ones are written.
pub(crate) fn rewrite(rows: &Connection, pending: &Pending<'_>) -> rusqlite::Result<()> {
    let book = pending.book();
    for (before, fact) in pending.rewritten() {
        write_anew(rows, i64::from(before).saturating_add(1), &fact, book)?;
    }
    let forgotten: BTreeSet<Id> = pending.forgotten().into_iter().collect();
    rename_in_facts(rows, book, &forgotten)?;
    rewrite_asides(rows, book)?;
    for id in pending.gone() {
        rows.prepare_cached("DELETE FROM standing WHERE account = ?1")?.execute([id.as_str()])?;
        rows.prepare_cached("DELETE FROM member WHERE customer = ?1")?.execute([id.as_str()])?;
    }
    Ok(())
}

/// After the new facts are written: a snapshot without them is the only one, and what remains to be done is noted.
pub(crate) fn end(rows: &Connection, book: &Book, end: &End, now: &str) -> rusqlite::Result<()> {
    snapshots::write(rows, &book.snapshot(), end, now)?;
    snapshots::forget_all_but(rows, 1)?;
    rows.execute_batch(
        "INSERT OR IGNORE INTO unerased (path) VALUES ('');
         INSERT OR IGNORE INTO unerased (path) SELECT path FROM backup;",
    )
}

/// What is to be written beside a fact: the customer's other name, what it moved by other names; and the fact as it was.
struct Other {
    seq: i64,
    customer: Option<String>,
    moved: Option<String>,
    fact: Option<String>,
}

/// A fact as it is kept now, with its hash where that is not the one of what was written first.
fn write_anew(rows: &Connection, seq: i64, fact: &Fact<'_>, book: &Book) -> rusqlite::Result<()> {
    let json = fact.to_json(book.currency());
    let hash = content(&json);
    rows.prepare_cached(
        "UPDATE kept SET customer = ?2, fact = ?3, rewritten = nullif(?4, content) WHERE seq = ?1 AND fact IS NOT NULL",
    )?
    .execute(params![seq, fact.customer(), json, hash])
    .map(drop)
}

/// Facts and the names beside them: the customer, also of facts whose contents are gone, and whom points went to. Erasures name aliases, and stay.
fn rename_in_facts(rows: &Connection, book: &Book, forgotten: &BTreeSet<Id>) -> rusqlite::Result<()> {
    let named = |id: &str, at: &str| -> Option<String> {
        let at = Moment::parse(at).ok().filter(|_| forgotten.contains(id))?;
        Some(book.alias_of(id, at)?.to_string())
    };
    let mut kept =
        rows.prepare("SELECT seq, at, customer, moved, kind, fact FROM kept WHERE customer IS NOT NULL AND kind <> 'erased'")?;
    let mut kept = kept.query([])?;
    let mut others: Vec<Other> = Vec::new();
    while let Some(row) = kept.next()? {
        let (seq, at, customer, moved, kind): (i64, String, String, Option<String>, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        let customer = named(&customer, &at);
        let moved = moved.and_then(|moved| renamed(&moved, |id| named(id, &at)));
        // The book has dropped what a seal has settled; the file may still have it.
        let fact = match customer.is_some() || NAMES_ANOTHER.contains(&kind.as_str()) {
            true => row.get::<_, Option<String>>(5)?,
            false => None,
        };
        if customer.is_some() || moved.is_some() || fact.is_some() {
            others.push(Other { seq, customer, moved, fact });
        }
    }
    for Other { seq, customer, moved, fact } in others {
        if customer.is_some() || moved.is_some() {
            rows.prepare_cached(
                "UPDATE kept SET customer = coalesce(?2, customer), moved = coalesce(?3, moved) WHERE seq = ?1",
            )?
            .execute(params![seq, customer, moved])?;
        }
        let fact = fact.as_ref().and_then(|text| Fact::from_json(text, book.currency()).ok());
        if let Some(fact) = fact.and_then(|fact| book.anonymous(&fact)) {
            write_anew(rows, seq, &fact, book)?;
        }
    }
    let mut corrections: Vec<(i64, String)> = Vec::new();
    let mut corrected = rows.prepare(
        "SELECT corrected.rowid, corrected.customer, at FROM corrected JOIN kept ON kept.seq = corrected.fact",
    )?;
    let mut corrected = corrected.query([])?;
    while let Some(row) = corrected.next()? {
        let (no, customer, at): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        corrections.extend(named(&customer, &at).map(|alias| (no, alias)));
    }
    for (no, alias) in corrections {
        rows.prepare_cached("UPDATE corrected SET customer = ?2 WHERE rowid = ?1")?
            .execute(params![no, alias])?;
    }
    Ok(())
}

/// What a fact moved, with other names; none where it names nobody of them.
pub(crate) fn renamed(moved: &str, named: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut moved: Value = serde_json::from_str(moved).ok()?;
    let mut changed = false;
    for whose in moved.as_array_mut()?.iter_mut().filter_map(|one| one.get_mut(2)) {
        if let Some(alias) = whose.as_str().and_then(&named) {
            (*whose, changed) = (Value::from(alias), true);
        }
    }
    changed.then(|| moved.to_string())
}

/// Facts that the book does not hold, because it holds others of their ids. Those that wait for a newer library can't be read.
fn rewrite_asides(rows: &Connection, book: &Book) -> rusqlite::Result<()> {
    let mut asides = rows.prepare(
        "SELECT origin, origin_seq, content, fact FROM aside WHERE fact IS NOT NULL AND NOT waits",
    )?;
    let asides = asides.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    for (origin, seq, content, text) in
        asides.collect::<rusqlite::Result<Vec<(i64, i64, Vec<u8>, String)>>>()?
    {
        let fact = Fact::from_json(&text, book.currency()).ok();
        if let Some(fact) = fact.and_then(|fact| book.anonymous(&fact)) {
            let json = fact.to_json(book.currency());
            rows.prepare_cached(
                "UPDATE aside SET fact = ?4 WHERE origin = ?1 AND origin_seq = ?2 AND content = ?3",
            )?
            .execute(params![origin, seq, content, json])?;
        }
    }
    Ok(())
}

impl Journal {
    /// Does what is left to be done of erasures, whose rows have been committed: the file is written anew without what they held, its log is
    /// emptied, and backups take the erasures in.
    ///
    /// # Errors
    /// `erasure_unfinished` with the first file that still holds it.
    pub(crate) fn finish_erasing(&self, writer: &mut Writer) -> Result<(), Fault> {
        let told = told(self.path());
        let left = {
            let mut left = writer.file.prepare("SELECT path FROM unerased ORDER BY path").map_err(&told)?;
            let left = left
                .query_map([], |row| row.get(0))
                .and_then(Iterator::collect::<rusqlite::Result<Vec<String>>>);
            left.map_err(&told)?
        };
        let mut unfinished = None;
        for path in left {
            let done = match path.as_str() {
                "" => empty_out(&writer.file),
                backup => erase_in(writer, Path::new(backup), self.options()),
            };
            match done {
                Ok(()) => writer.commit(|rows, _| {
                    rows.execute("DELETE FROM unerased WHERE path = ?1", [&path])?;
                    let gone = !path.is_empty() && !Path::new(&path).exists();
                    if gone {
                        rows.execute("DELETE FROM backup WHERE path = ?1", [&path])?;
                    }
                    Ok(())
                })?,
                Err(why) => {
                    let file = if path.is_empty() { self.path().display().to_string() } else { path };
                    unfinished.get_or_insert_with(|| still_holds(&file, &why));
                }
            }
        }
        unfinished.map_or(Ok(()), Err)
    }
}

fn still_holds(file: &str, why: &str) -> Fault {
    let message = format!("the erasure is recorded, but `{file}` still holds what it forgets: {why}");
    Fault::new("erasure_unfinished", message).advise(
        "let the file be written and record the erasure again, until it answers; a backup may be deleted instead, and of one whose disk is gone \
         for good, make its folder anew, empty",
    )
}

/// Writes the file anew, so that no page that is free holds what was in it, and empties its log.
fn empty_out(file: &Connection) -> Result<(), String> {
    file.execute_batch("VACUUM").map_err(|why| why.to_string())?;
    let busy = file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    match busy.map_err(|why| why.to_string())? {
        true => Err("another program is reading it".to_owned()),
        false => Ok(()),
    }
}

/// Has a backup take in all erasures of this file. One that was deleted holds nothing any more.
fn erase_in(writer: &Writer, backup: &Path, options: crate::Options) -> Result<(), String> {
    if !backup.exists() {
        // Of a backup that was broken off.
        drop(std::fs::remove_file(beside(backup, "-part")));
        return match backup.parent() {
            Some(folder) if folder.is_dir() => Ok(()),
            _ => Err("its folder can't be reached".to_owned()),
        };
    }
    let other = match open_with(backup, options) {
        Ok(other) => other,
        // Another file lies there now.
        Err(fault) if fault.code == "journal_foreign" => return Ok(()),
        Err(fault) => return Err(fault.message),
    };
    let began_with = |file: &Connection| {
        let select = "SELECT value FROM about WHERE key = 'program'";
        file.query_row(select, [], |row| row.get::<_, String>(0)).map_err(|why| why.to_string())
    };
    let its_program = began_with(&other.reader().map_err(|fault| fault.message)?.file)?;
    if its_program != began_with(&writer.file)? {
        return Ok(());
    }
    let texts = {
        let erasures = writer
            .file
            .prepare("SELECT fact FROM kept WHERE kind = 'erased' AND fact IS NOT NULL ORDER BY seq");
        let read = erasures.and_then(|mut rows| {
            rows.query_map([], |row| row.get(0)).and_then(Iterator::collect::<rusqlite::Result<Vec<String>>>)
        });
        read.map_err(|why| why.to_string())?
    };
    let facts = texts.iter().map(|text| Fact::from_json(text, other.currency()));
    let facts = facts.collect::<Result<Vec<_>, Fault>>().map_err(|fault| fault.message)?;
    other.merge(facts).map(drop).map_err(|fault| fault.message)
}
