//! The copies that a file knows, and what it holds of each.

use super::held::{Held, Numbers, Sum};
use crate::chain::Hash;
use crate::writer::Writer;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, params};
use std::collections::BTreeMap;

/// What a file holds of the facts of each copy, by its name.
#[derive(Debug, Default)]
pub(crate) struct Copies(BTreeMap<String, Copy>);

#[derive(Debug)]
struct Copy {
    no: i64,
    held: Held,
    changed: bool,
}

impl Copies {
    pub(crate) fn read(rows: &Connection) -> rusqlite::Result<Copies> {
        let mut copies = rows.prepare_cached("SELECT copy, no, numbers, sum FROM copies")?;
        let copies = copies.query_map([], |row| {
            let (numbers, sum): (String, Vec<u8>) = (row.get(2)?, row.get(3)?);
            let numbers = serde_json::from_str(&numbers).ok().filter(Numbers::are_well_formed);
            let held = numbers.zip(Sum::from_bytes(&sum)).map(|(numbers, sum)| Held { numbers, sum });
            let held = held.ok_or_else(|| Error::InvalidColumnType(2, "numbers".to_owned(), Type::Text))?;
            Ok((row.get(0)?, Copy { no: row.get(1)?, held, changed: false }))
        })?;
        copies.collect::<rusqlite::Result<_>>().map(Copies)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, i64, &Held)> {
        self.0.iter().map(|(name, copy)| (name.as_str(), copy.no, &copy.held))
    }

    /// The number of a copy in the file, which is given one where it is new.
    pub(crate) fn number(&mut self, rows: &Connection, name: &str) -> rusqlite::Result<i64> {
        if let Some(copy) = self.0.get(name) {
            return Ok(copy.no);
        }
        rows.execute("INSERT INTO copies (copy, numbers, sum) VALUES (?1, '[]', zeroblob(16))", [name])?;
        let no = rows.last_insert_rowid();
        self.0.insert(name.to_owned(), Copy { no, held: Held::default(), changed: false });
        Ok(no)
    }

    /// What is held of a copy that is known, to be changed.
    pub(crate) fn held_mut(&mut self, name: &str) -> Option<&mut Held> {
        let copy = self.0.get_mut(name)?;
        copy.changed = true;
        Some(&mut copy.held)
    }

    pub(crate) fn write(&self, rows: &Connection) -> rusqlite::Result<()> {
        for copy in self.0.values().filter(|copy| copy.changed) {
            let numbers = serde_json::to_string(&copy.held.numbers).unwrap_or_default();
            rows.prepare_cached("UPDATE copies SET numbers = ?2, sum = ?3 WHERE no = ?1")?
                .execute(params![copy.no, numbers, copy.held.sum.bytes()])?;
        }
        Ok(())
    }
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
        let held = all.entry(origin).or_default();
        held.numbers.add(seq);
        held.sum.add(&content);
    }
    let said = Copies::read(&writer.file)?;
    let own = Held { numbers: Numbers::up_to(writer.end.copy_seq), sum: writer.end.sum };
    let said =
        said.iter().map(|(_, no, held)| (no, if no == writer.copy_no { own.clone() } else { held.clone() }));
    let said: BTreeMap<i64, Held> = said.filter(|(_, held)| held.numbers.count() > 0).collect();
    Ok(said == all)
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
