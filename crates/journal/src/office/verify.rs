//! Whether an office is what was written, and its accounts what its facts say.

use super::broken::{Broken, damaged};
use super::connection::Connection;
use super::copies::{self, hash};
use super::erasing::pairs;
use super::export::each_row;
use super::keeping::Office;
use super::part::{AT_ONCE, Asked, Beginning, Part, Party, read};
use super::turn::{READ, Turn};
use super::writing::posted;
use crate::chain::{Hash, beginning};
use crate::moved;
use crate::row::{Beside, Standing};
use crate::sync::{Held, Sum};
use crate::verify::Verified;
use parure::book::Book;
use parure::fact::Fact;
use parure::fault::Fault;
use postgres::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Customers who are looked at at once.
const CUSTOMERS_AT_ONCE: i64 = 128;

impl Office {
    /// Looks at all of the office as it is at one moment: the chain over every fact, what stands beside each, and every account folded afresh
    /// and held to its postings and to what is shown of it. It holds some accounts in memory at a time, and nobody waits for it.
    ///
    /// ```no_run
    /// let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// let verified = office.verify()?;
    /// println!("{} facts, {} accounts", verified.facts, verified.accounts);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `journal_damaged` with the place of the first thing that is not as written; `journal_unreachable`.
    pub fn verify(&self) -> Result<Verified, Fault> {
        self.turn(READ, |connection| {
            let facts = self.walk(connection)?;
            let party = Party::read(connection, &Asked::default())?;
            let beginning = self.beginning(connection, party.adopted)?;
            let accounts = accounts(connection, &beginning)?;
            erasures(connection, &beginning.book)?;
            Ok(Turn { answer: Verified { facts, accounts }, keeps: false })
        })
    }

    /// The chain, from its beginning to the end that is written, and what is held of other copies.
    fn walk(&self, connection: &mut Connection) -> Result<usize, Broken> {
        let place = |seq: i64, what: &str| damaged(what).at(format!("facts[{seq}]"));
        let (mut last, mut chain, mut facts) = (0_i64, beginning(self.program.source()), 0_usize);
        let mut held: BTreeMap<String, Held> = BTreeMap::new();
        each_row(connection, |row| {
            let seq = last.saturating_add(1);
            chain = row.is_next(last, &chain).map_err(|what| place(seq, &what))?;
            held.entry(row.copy).or_default().add(row.copy_seq, &hash(&row.content)?);
            last = seq;
            facts = facts.saturating_add(1);
            Ok(())
        })?;
        let rows = connection.rows("SELECT facts, chain, copy_seq, sum, origin FROM head", &[])?;
        let end = rows.first().ok_or_else(|| damaged("it has no end"))?;
        let written: (i64, Option<Hash>) = (end.try_get(0)?, end.try_get::<_, &[u8]>(1)?.try_into().ok());
        if written != (last, Some(chain)) {
            return Err(place(last, &format!("it ends with fact {last}, not as written")).into());
        }
        let sum = Sum::from_bytes(end.try_get(3)?).ok_or_else(|| damaged("its end can't be read"))?;
        let own = (end.try_get(4)?, &Held::up_to(end.try_get(2)?, sum));
        asides(connection, &mut held)?;
        let said = copies::read(connection)?;
        let by_number = held.into_iter().map(|(name, held)| (said.number(&name).unwrap_or_default(), held));
        match said.are_held(own, &by_number.collect()) {
            true => Ok(facts),
            false => Err(damaged("which facts of other copies it holds is not what it says").into()),
        }
    }
}

/// Facts of other copies that lie beside the book.
fn asides(connection: &mut Connection, held: &mut BTreeMap<String, Held>) -> Result<(), Broken> {
    let mut last: (i64, i64, Vec<u8>) = Default::default();
    loop {
        let rows = connection.rows(
            "SELECT origin, origin_seq, content, copy FROM aside JOIN copies ON no = origin
             WHERE (origin, origin_seq, content) > ($1, $2, $3) ORDER BY origin, origin_seq, content LIMIT $4",
            &[&last.0, &last.1, &last.2, &AT_ONCE],
        )?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = (end.try_get(0)?, end.try_get(1)?, end.try_get(2)?);
        for row in rows {
            held.entry(row.try_get(3)?).or_default().add(row.try_get(1)?, &hash(row.try_get(2)?)?);
        }
    }
}

/// All accounts, those of some customers at once.
fn accounts(connection: &mut Connection, beginning: &Arc<Beginning>) -> Result<usize, Broken> {
    let (mut last, mut accounts) = (String::new(), 0_usize);
    loop {
        let rows = connection.rows(
            "SELECT id FROM customer WHERE id > $1 ORDER BY id LIMIT $2",
            &[&last, &CUSTOMERS_AT_ONCE],
        )?;
        let customers = rows.iter().map(|row| row.try_get(0));
        let customers = customers.collect::<Result<Vec<&str>, postgres::Error>>()?;
        let Some(end) = customers.last() else { break };
        let asked: BTreeSet<&str> = customers.iter().copied().collect();
        let party = Party::read(connection, &Asked { customers: customers.clone(), ..Asked::default() })?;
        let part = Part::read(connection, beginning, &party, false)?;
        accounts = accounts.saturating_add(looked_at(connection, &part, &party, &asked)?);
        last = (*end).to_owned();
    }
    let rows = connection.rows(
        "SELECT account FROM standing WHERE NOT EXISTS (SELECT FROM customer WHERE customer.account = standing.account)
         UNION ALL SELECT customer FROM kept WHERE kind <> 'erased' AND customer IS NOT NULL AND NOT EXISTS (SELECT FROM customer WHERE id = kept.customer)
         UNION ALL SELECT other FROM kept WHERE other IS NOT NULL AND NOT EXISTS (SELECT FROM customer WHERE id = kept.other) LIMIT 1",
        &[],
    )?;
    match rows.first() {
        None => Ok(accounts),
        Some(row) => {
            let whose: String = row.try_get(0)?;
            Err(damaged(&format!("`{whose}` is not among the customers")).at(whose).into())
        }
    }
}

/// The accounts that go by the id of one of those who are asked for. Answers how many there are.
fn looked_at(
    connection: &mut Connection,
    part: &Part,
    party: &Party,
    asked: &BTreeSet<&str>,
) -> Result<usize, Broken> {
    let customers = party.customers();
    let mut shown: BTreeMap<String, Standing> = BTreeMap::new();
    for row in connection.rows(
        "SELECT account, day, joined, tier, tier_until, balance, pending, debt, lapsed, lots,
                ARRAY (SELECT id FROM customer WHERE customer.account = standing.account AND id <> standing.account ORDER BY id)
         FROM standing WHERE account = ANY ($1)",
        &[&customers],
    )? {
        let stands = Standing {
            account: row.try_get(0)?,
            aliases: row.try_get(10)?,
            day: row.try_get(1)?,
            joined: row.try_get(2)?,
            tier: row.try_get(3)?,
            tier_until: row.try_get(4)?,
            balance: row.try_get(5)?,
            pending: row.try_get(6)?,
            debt: row.try_get(7)?,
            lapsed: row.try_get(8)?,
            lots: row.try_get(9)?,
        };
        shown.insert(stands.account.clone(), stands);
    }
    let posted = posted(connection, &part.kept)?;
    let facts = "SELECT seq, fact, kind, at, day, customer, amount_minor, other FROM kept
         WHERE customer = ANY ($1) AND kind NOT IN ('adopted', 'erased') ORDER BY seq";
    stand_beside(connection.rows(facts, &[&customers])?, &part.book)?;
    let mut accounts = 0_usize;
    for customer in customers.iter().filter(|customer| asked.contains(*customer)) {
        let wrong = |what: &str| damaged(&format!("{what} of `{customer}`")).at(*customer);
        let Some(account) = part.book.standing(customer).map(|stands| stands.account) else {
            return Err(wrong("no fact speaks").into());
        };
        let stands = Standing::of(&part.book, customer).filter(|_| account == *customer);
        if shown.get(*customer) != stands.as_ref() {
            return Err(wrong("the account is not what the facts say").into());
        }
        if stands.is_none() {
            continue;
        }
        let seq_of = |id: &str| part.kept.get(id).map_or(0, |kept| kept.seq);
        let of = |seq| Ok::<_, std::convert::Infallible>(posted.get(&seq).cloned().unwrap_or_default());
        let Ok(missing) = moved::missing(&part.book, customer, seq_of, of);
        if let Some(((seq, ..), points)) = missing.first_key_value() {
            return Err(wrong(&format!("the postings of fact {seq} are {points} points off")).into());
        }
        accounts = accounts.saturating_add(1);
    }
    Ok(accounts)
}

/// What stands beside each of these facts.
fn stand_beside(rows: Vec<Row>, book: &Book) -> Result<(), Broken> {
    for row in rows {
        let (seq, text): (i64, &str) = (row.try_get(0)?, row.try_get(1)?);
        let fact: Fact<'_> = read(seq, text, book.currency())?;
        let beside = Beside {
            kind: row.try_get(2)?,
            at: row.try_get(3)?,
            day: row.try_get(4)?,
            customer: row.try_get(5)?,
            amount_minor: row.try_get(6)?,
        };
        let other: Option<&str> = row.try_get(7)?;
        if beside != Beside::of(book, &fact) || other != fact.other_customer() {
            let what = format!("what stands beside fact {seq} is not what it says");
            return Err(damaged(&what).at(format!("facts[{seq}]")).into());
        }
    }
    Ok(())
}

/// What stands beside the facts that concern everyone, and by which erasures one person is found by another name.
fn erasures(connection: &mut Connection, book: &Book) -> Result<(), Broken> {
    let facts = "SELECT seq, fact, kind, at, day, customer, amount_minor, other FROM kept
         WHERE kind IN ('adopted', 'erased') ORDER BY seq";
    stand_beside(connection.rows(facts, &[])?, book)?;
    let wrong = |seq: i64| {
        damaged(&format!("whom fact {seq} forgets is not what it says")).at(format!("facts[{seq}]"))
    };
    let mut last = 0_i64;
    for row in connection.rows("SELECT seq, fact FROM kept WHERE kind = 'erased' ORDER BY seq", &[])? {
        last = row.try_get(0)?;
        let fact = read(last, row.try_get(1)?, book.currency())?;
        let said = connection.rows("SELECT trace, other, alias FROM forgotten WHERE fact = $1", &[&last])?;
        let said = said.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)));
        let said = said.collect::<Result<BTreeSet<(Vec<u8>, Vec<u8>, String)>, postgres::Error>>()?;
        let pairs = pairs(&fact).map(|(trace, other, alias)| (trace.to_vec(), other.to_vec(), alias));
        if said != pairs.collect() {
            return Err(wrong(last).into());
        }
    }
    let rows = connection.rows("SELECT erased FROM head", &[])?;
    let said: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?;
    if said == Some(last) { Ok(()) } else { Err(wrong(last).into()) }
}
