//! The part of the book that some customers' accounts are, read from their facts.

use super::broken::{Broken, damaged};
use super::connection::Connection;
use parure::book::Book;
use parure::fact::Fact;
use parure::fault::Fault;
use parure::money::Currency;
use parure::program::Program;
use postgres::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Facts that are read at once.
pub(crate) const AT_ONCE: i64 = 4_096;

/// What every part begins with: the book with all versions of the program, and nobody in it.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub(crate) book: Book,
    /// The number of the last fact that adopted one.
    pub(crate) adopted: i64,
}

impl Beginning {
    /// Under the program that the office was opened with.
    pub(crate) fn of(program: Program) -> Beginning {
        Beginning { book: Book::new(program), adopted: 0 }
    }

    /// With all versions that were adopted since.
    pub(crate) fn read(connection: &mut Connection, program: Program) -> Result<Beginning, Broken> {
        let mut beginning = Beginning::of(program);
        let rows = connection.rows("SELECT seq, fact FROM kept WHERE kind = 'adopted' ORDER BY seq", &[])?;
        let texts = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
        let texts = texts.collect::<Result<Vec<(i64, &str)>, postgres::Error>>()?;
        beginning.adopted = texts.last().map_or(0, |(seq, _)| *seq);
        take_in(&mut beginning.book, &texts)?;
        Ok(beginning)
    }
}

/// All customers who are, or ever were, one account with those who are asked for, or who go by another name of theirs; and all whom their profiles
/// name, from one who introduced another to the next: a circle of introductions is looked for along them.
#[derive(Debug)]
pub(crate) struct Party {
    pub(crate) all: BTreeMap<String, Name>,
    /// The number of the last fact that adopted a program.
    pub(crate) adopted: i64,
    /// Whether anyone has been forgotten.
    erased: bool,
}

/// What a customer's name is here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    pub(crate) is_known: bool,
    /// Someone who went by it has been forgotten.
    pub(crate) is_forgotten: bool,
}

/// Whom to ask for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked<'a> {
    pub(crate) customers: Vec<&'a str>,
    /// Of facts, whose customers are asked for too.
    pub(crate) ids: Vec<&'a str>,
    /// What an erasure leaves of the ids of those whom it forgets.
    pub(crate) traces: Vec<&'a [u8]>,
}

impl Party {
    pub(crate) fn read(connection: &mut Connection, asked: &Asked<'_>) -> Result<Party, Broken> {
        let rows = connection.rows(
            "WITH RECURSIVE stored AS (SELECT customer, other FROM kept WHERE id = ANY ($2)),
                 party (id) AS (
                     (SELECT unnest($1::text[]) COLLATE \"C\"
                      UNION SELECT customer FROM stored UNION SELECT other FROM stored
                      UNION SELECT alias FROM forgotten WHERE trace = ANY ($3)
                      UNION SELECT id FROM customer WHERE trace(id) = ANY ($3))
                     UNION
                     SELECT of.id FROM party, LATERAL (
                         SELECT other FROM kept WHERE kind = 'merged' AND customer = party.id
                         UNION ALL
                         SELECT customer FROM kept WHERE kind = 'merged' AND other = party.id
                         UNION ALL
                         SELECT other FROM kept
                         WHERE kind IN ('joined', 'profile_changed') AND customer = party.id AND other IS NOT NULL
                         UNION ALL
                         SELECT alias FROM forgotten WHERE trace = trace(party.id)
                         UNION ALL
                         SELECT also.alias FROM forgotten JOIN forgotten AS also ON also.trace = forgotten.other
                         WHERE forgotten.trace = trace(party.id)
                         UNION ALL
                         SELECT customer.id FROM forgotten JOIN customer ON trace(customer.id) = forgotten.other
                         WHERE forgotten.trace = trace(party.id)
                     ) AS of (id)
                 )
             SELECT head.adopted, head.erased > 0, party.id, customer.id IS NOT NULL,
                    EXISTS (SELECT FROM forgotten WHERE trace = trace(party.id) AND alias <> party.id)
             FROM head LEFT JOIN party ON party.id IS NOT NULL LEFT JOIN customer ON customer.id = party.id",
            &[&asked.customers, &asked.ids, &asked.traces],
        )?;
        let mut party = Party { all: BTreeMap::new(), adopted: 0, erased: false };
        for row in rows {
            (party.adopted, party.erased) = (row.try_get(0)?, row.try_get(1)?);
            if let Some(id) = row.try_get::<_, Option<String>>(2)? {
                let name = Name { is_known: row.try_get(3)?, is_forgotten: row.try_get(4)? };
                party.all.insert(id, name);
            }
        }
        Ok(party)
    }

    pub(crate) fn customers(&self) -> Vec<&str> {
        self.all.keys().map(String::as_str).collect()
    }
}

/// A part of the book, or all of it, and where its facts stand in the database.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) book: Book,
    pub(crate) kept: BTreeMap<String, Kept>,
}

/// Where a fact stands, whom it names, and what it moved when it arrived.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) seq: i64,
    pub(crate) customer: Option<String>,
    pub(crate) other: Option<String>,
    pub(crate) moved: Option<String>,
}

impl Part {
    /// The facts of a party, what they received of others, and the erasures of all who are named. With `named`, also what is told of others in
    /// which they are named: it changes nothing of theirs, and of someone who introduced many it is much.
    pub(crate) fn read(
        connection: &mut Connection,
        beginning: &Arc<Beginning>,
        party: &Party,
        named_too: bool,
    ) -> Result<Part, Broken> {
        let customers = party.customers();
        let rows = connection.rows(
            "SELECT seq, id, customer, other, moved, fact, kind FROM kept WHERE customer = ANY ($1) AND kind <> 'erased'
             UNION ALL
             SELECT seq, id, customer, other, moved, fact, kind FROM kept WHERE other = ANY ($1) AND customer <> ALL ($1)
                 AND ($2 OR kind NOT IN ('joined', 'profile_changed'))
             ORDER BY seq",
            &[&customers, &named_too],
        )?;
        let mut part = Part { book: beginning.book.clone(), kept: BTreeMap::new() };
        // Someone was merged with one of them after they were looked up.
        let asked: BTreeSet<&str> = customers.iter().copied().collect();
        let mut named = asked.clone();
        for row in &rows {
            let (customer, other, kind): (Option<&str>, Option<&str>, &str) =
                (row.try_get(2)?, row.try_get(3)?, row.try_get(6)?);
            let apart = |who: Option<&str>| who.is_some_and(|who| !asked.contains(who));
            if kind == "merged" && (apart(customer) || apart(other)) {
                return Err(Broken::Moved);
            }
            named.extend(customer.into_iter().chain(other));
        }
        if party.erased {
            let named: Vec<&str> = named.into_iter().collect();
            let erasures = connection.rows(
                "SELECT seq, id, customer, other, moved, fact FROM kept WHERE seq IN (
                     SELECT fact FROM forgotten WHERE trace IN (SELECT trace(id) FROM unnest($1::text[]) AS named (id)))
                 ORDER BY seq",
                &[&named],
            )?;
            // What they carry is asked while others are folded.
            part.take(&erasures)?;
        }
        part.take(&rows)?;
        Ok(part)
    }

    /// The whole book.
    pub(crate) fn read_all(connection: &mut Connection, beginning: &Arc<Beginning>) -> Result<Part, Broken> {
        let mut part = Part { book: beginning.book.clone(), kept: BTreeMap::new() };
        let erasures =
            "SELECT seq, id, customer, other, moved, fact FROM kept WHERE kind = 'erased' ORDER BY seq";
        part.take(&connection.rows(erasures, &[])?)?;
        let mut last = 0_i64;
        loop {
            let rows = connection.rows(
                "SELECT seq, id, customer, other, moved, fact FROM kept
                 WHERE seq > $1 AND kind NOT IN ('adopted', 'erased') ORDER BY seq LIMIT $2",
                &[&last, &AT_ONCE],
            )?;
            let Some(end) = rows.last() else { return Ok(part) };
            last = end.try_get(0)?;
            part.take(&rows)?;
        }
    }

    fn take(&mut self, rows: &[Row]) -> Result<(), Broken> {
        let mut texts = Vec::with_capacity(rows.len());
        for row in rows {
            let kept = Kept {
                seq: row.try_get(0)?,
                customer: row.try_get(2)?,
                other: row.try_get(3)?,
                moved: row.try_get(4)?,
            };
            texts.push((kept.seq, row.try_get::<_, &str>(5)?));
            self.kept.insert(row.try_get(1)?, kept);
        }
        take_in(&mut self.book, &texts).map_err(Broken::from)
    }
}

fn take_in(book: &mut Book, texts: &[(i64, &str)]) -> Result<(), Fault> {
    let facts = texts.iter().map(|(seq, text)| read(*seq, text, book.currency()));
    let facts = facts.collect::<Result<Vec<Fact<'_>>, Fault>>()?;
    let merged = book.merge(facts)?;
    if merged.new == texts.len() {
        return Ok(());
    }
    let first = texts.first().map_or(0, |(seq, _)| *seq);
    Err(damaged("two facts have one id").at(format!("facts[{first}]")))
}

/// A fact as it was written.
pub(crate) fn read(seq: i64, text: &str, currency: Currency) -> Result<Fact<'_>, Fault> {
    Fact::from_json(text, currency).map_err(|fault| {
        let message = format!("fact {seq} of the office can't be read by this library: {fault}");
        Fault::new("journal_newer", message)
            .at(format!("facts[{seq}]"))
            .advise("use the library that wrote it, or a newer one")
    })
}
