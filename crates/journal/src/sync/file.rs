//! What a file holds of each copy, in its rows.

use super::changes::{ByNumber, Each};
use super::copies::Copies;
use super::held::{Held, Numbers, Sum};
use super::incoming::{Incoming, Noting, Waited};
use crate::chain::Hash;
use crate::told::{damaged, told};
use crate::writer::{End, Writer};
use parure::book::Book;
use parure::fault::Fault;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, params};
use std::collections::BTreeMap;

pub(crate) fn read(rows: &Connection) -> rusqlite::Result<Copies> {
    let mut said = rows.prepare_cached("SELECT copy, no, numbers, sum FROM copies")?;
    let mut said = said.query([])?;
    let mut copies = Copies::default();
    while let Some(row) = said.next()? {
        let (numbers, sum): (String, Vec<u8>) = (row.get(2)?, row.get(3)?);
        let held = Held::of_row(&numbers, &sum);
        let held = held.ok_or_else(|| Error::InvalidColumnType(2, "numbers".to_owned(), Type::Text))?;
        copies.add(row.get(0)?, row.get(1)?, held);
    }
    Ok(copies)
}

/// Whether what the file says it holds of each copy is what its facts are.
pub(crate) fn is_held(writer: &Writer) -> rusqlite::Result<bool> {
    let mut all: BTreeMap<i64, Held> = BTreeMap::new();
    let mut rows = writer.file.prepare(
        "SELECT origin, origin_seq, content FROM kept UNION ALL SELECT origin, origin_seq, content FROM aside",
    )?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (origin, seq, content): (i64, i64, Hash) = (row.get(0)?, row.get(1)?, row.get(2)?);
        all.entry(origin).or_default().add(seq, &content);
    }
    let own = Held::up_to(writer.end.copy_seq, writer.end.sum);
    Ok(read(&writer.file)?.are_held((writer.copy_no, &own), &all))
}

/// Gives this file a name of its own from here on. Numbers are given by copies: two that go by one name would give the same twice.
pub(crate) fn name_copy(rows: &Connection) -> rusqlite::Result<()> {
    rows.execute_batch(
        "UPDATE copies SET sum = head.sum, numbers = iif(copy_seq > 0, json_array(json_array(1, copy_seq)), '[]')
             FROM head WHERE copy = (SELECT value FROM about WHERE key = 'copy');
         INSERT INTO copies (copy, numbers, sum) VALUES (lower(hex(randomblob(16))), '[]', zeroblob(16));
         INSERT OR REPLACE INTO about (key, value) SELECT 'copy', copy FROM copies WHERE no = last_insert_rowid();
         UPDATE head SET copy_seq = 0, sum = zeroblob(16);",
    )
}

/// Begins to note what comes in, in the transaction that is open. `name`: this copy's number and name, which are new ones where another file
/// goes by them.
pub(crate) fn begin_noting<'i>(
    rows: &Connection,
    incoming: &'i Incoming,
    end: &mut End,
    name: &mut (i64, String),
) -> rusqlite::Result<Noting<'i>> {
    if incoming.is_forked(&name.1) {
        name_copy(rows)?;
        let own = "SELECT no, copy FROM copies ORDER BY no DESC LIMIT 1";
        *name = rows.query_row(own, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        (end.copy_seq, end.sum) = Default::default();
    }
    let mut copies = read(rows)?;
    for new in incoming.copies() {
        if copies.number(new).is_none() {
            rows.execute("INSERT INTO copies (copy, numbers, sum) VALUES (?1, '[]', zeroblob(16))", [new])?;
            copies.add(new.to_owned(), rows.last_insert_rowid(), Held::default());
        }
    }
    if let Some(Waited { copy, seq, content, .. }) = &incoming.waited {
        rows.execute(
            "DELETE FROM aside WHERE origin = ?1 AND origin_seq = ?2 AND content = ?3",
            params![copies.number(copy), seq, content],
        )?;
    }
    Ok(Noting::of(incoming, copies))
}

/// Notes what is not new, and writes what is held.
pub(crate) fn end_noting(rows: &Connection, mut noting: Noting<'_>, book: &Book) -> rusqlite::Result<()> {
    let asides: Vec<_> = noting.asides().collect();
    for (no, aside) in asides {
        let (waits, fact) = aside.kept_here();
        let kept = aside.known_as().and_then(|id| book.arrival(id));
        let kept = kept.map(|before| i64::from(before).saturating_add(1));
        let new = rows
            .prepare_cached(
                "INSERT OR IGNORE INTO aside (origin, origin_seq, content, seq, waits, fact) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![no, aside.seq, aside.content, kept, waits, fact])?;
        if new > 0 {
            noting.hold(aside);
        }
    }
    for (no, held) in noting.copies.changed() {
        rows.prepare_cached("UPDATE copies SET numbers = ?2, sum = ?3 WHERE no = ?1")?.execute(params![
            no,
            held.ranges_text(),
            held.sum.bytes()
        ])?;
    }
    Ok(())
}

/// Facts of a copy between two numbers of its own.
const FACTS_OF_A_COPY: &str = "
    WITH origin (no) AS (SELECT no FROM copies WHERE copy = ?1)
    SELECT origin_seq, fact, content FROM kept, origin WHERE origin = no AND origin_seq BETWEEN ?2 AND ?3
    UNION ALL
    SELECT aside.origin_seq, coalesce(aside.fact, kept.fact), aside.content
    FROM origin JOIN aside ON aside.origin = no LEFT JOIN kept ON kept.seq = aside.seq
    WHERE aside.origin_seq BETWEEN ?2 AND ?3
    ORDER BY 1";

impl ByNumber for &Writer {
    type Wrong = Fault;

    fn show(&mut self, copy: &str, (first, last): (i64, i64), each: &mut Each<'_>) -> Result<(), Fault> {
        let told = told(&self.path);
        let mut rows = self.file.prepare_cached(FACTS_OF_A_COPY).map_err(&told)?;
        let mut rows = rows.query(params![copy, first, last]).map_err(&told)?;
        while let Some(row) = rows.next().map_err(&told)? {
            let fact = row.get_ref(1).map_err(&told)?.as_str_or_null();
            let fact = fact.map_err(|_| damaged(&self.path, "a fact can't be read"))?;
            let content = Hash::try_from(row.get_ref(2).map_err(&told)?.as_blob().unwrap_or_default());
            let content = content.map_err(|_| damaged(&self.path, "a hash can't be read"))?;
            if !each(row.get(0).map_err(&told)?, fact, &content)? {
                break;
            }
        }
        Ok(())
    }

    fn sum(&mut self, copy: &str, numbers: &Numbers) -> Result<Sum, Fault> {
        let mut sum = Sum::default();
        for range in numbers.ranges() {
            self.show(copy, *range, &mut |_, _, content| {
                sum.add(content);
                Ok(true)
            })?;
        }
        Ok(sum)
    }
}
