//! Forgetting a person in an office: rows are rewritten with the erasure, then the tables are written anew without what they held.

use super::broken::{Broken, told};
use super::connection::Connection;
use super::keeping::Office;
use super::part::Kept;
use super::turn::{READ, Turn, WRITE};
use crate::chain::content;
use crate::erasing::renamed;
use parure::Id;
use parure::book::Pending;
use parure::fact::{Fact, Trace, trace_of};
use parure::fault::Fault;
use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

/// Tables that name people.
const TABLES: [&str; 5] = ["kept", "corrected", "customer", "standing", "aside"];
/// The code of what is told of an erasure that is recorded, but of which something is left to be done.
pub(crate) const UNFINISHED: &str = "erasure_unfinished";
/// How long others who began before an erasure are waited for at least.
const PATIENCE: Duration = Duration::from_secs(5);
const BETWEEN: Duration = Duration::from_millis(20);

/// Two traces of one person, and the alias whose trace one of them is.
pub(crate) type Pair = (Trace, Trace, String);

/// Which names an erasure says are of one person, each pair both ways.
pub(crate) fn pairs<'f>(fact: &'f Fact<'_>) -> impl Iterator<Item = Pair> + 'f {
    fact.traces().iter().enumerate().filter_map(|(place, of)| Some((*of, fact.alias(place)?))).flat_map(
        |(of, alias)| {
            let own = trace_of(&alias);
            [(of, own, alias.clone()), (own, of, alias)]
        },
    )
}

/// Rewrites what the office holds of those who are forgotten by what is pending, in the transaction that is open. `kept`: where the facts stand
/// that name them.
pub(crate) fn rewrite(
    connection: &mut Connection,
    pending: &Pending<'_>,
    kept: &mut BTreeMap<String, Kept>,
) -> Result<(), Broken> {
    let book = pending.book();
    let (mut seqs, mut customers, mut others, mut texts, mut hashes) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut corrected, mut before, mut after) = (Vec::new(), Vec::new(), Vec::new());
    let (mut movers, mut moved) = (Vec::new(), Vec::new());
    for (_, fact) in pending.rewritten() {
        let Some(row) = kept.get_mut(fact.id()) else { continue };
        // Whom a gift came from and whom it went to may go by one alias.
        let other = fact.other_customer().or(fact.customer());
        for (was, is) in [(&row.customer, fact.customer()), (&row.other, other)] {
            if let Some((was, is)) = was.as_deref().zip(is).filter(|(was, is)| was != is) {
                corrected.push(row.seq);
                before.push(was.to_owned());
                after.push(is.to_owned());
            }
        }
        let named = |id: &str| book.alias_of(id, fact.at()).map(|alias| alias.to_string());
        if let Some(renamed) = row.moved.as_deref().and_then(|moved| renamed(moved, named)) {
            movers.push(row.seq);
            moved.push(renamed.clone());
            row.moved = Some(renamed);
        }
        row.customer = fact.customer().map(str::to_owned);
        row.other = fact.other_customer().map(str::to_owned);
        let json = fact.to_json(book.currency());
        seqs.push(row.seq);
        customers.push(row.customer.clone());
        others.push(row.other.clone());
        hashes.push(content(&json).to_vec());
        texts.push(json);
    }
    connection.rows(
        "UPDATE kept SET customer = now.customer, other = now.other, fact = now.fact, rewritten = nullif(now.content, kept.content)
         FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bytea[]) AS now (seq, customer, other, fact, content)
         WHERE kept.seq = now.seq",
        &[&seqs, &customers, &others, &texts, &hashes],
    )?;
    connection.rows(
        "UPDATE kept SET moved = now.moved FROM unnest($1::bigint[], $2::text[]) AS now (seq, moved) WHERE kept.seq = now.seq",
        &[&movers, &moved],
    )?;
    connection.rows(
        "UPDATE corrected SET customer = now.customer
         FROM unnest($1::bigint[], $2::text[], $3::text[]) AS now (fact, before, customer)
         WHERE corrected.fact = now.fact AND corrected.customer = now.before",
        &[&corrected, &before, &after],
    )?;
    rewrite_asides(connection, pending)?;
    let gone = pending.gone();
    let gone: Vec<&str> = gone.iter().map(Id::as_str).collect();
    connection.rows(
        "WITH gone AS (DELETE FROM standing WHERE account = ANY ($1)) DELETE FROM customer WHERE id = ANY ($1)",
        &[&gone],
    )?;
    Ok(())
}

/// Facts that the book does not hold, because it holds others of their ids. Those that wait for a newer library can't be read.
fn rewrite_asides(connection: &mut Connection, pending: &Pending<'_>) -> Result<(), Broken> {
    let book = pending.book();
    let asides = "SELECT origin, origin_seq, content, fact FROM aside WHERE fact IS NOT NULL AND NOT waits";
    for row in connection.rows(asides, &[])? {
        let fact = Fact::from_json(row.try_get(3)?, book.currency()).ok();
        if let Some(fact) = fact.and_then(|fact| book.anonymous(&fact)) {
            let json = fact.to_json(book.currency());
            let (origin, seq, content): (i64, i64, &[u8]) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            connection.rows(
                "UPDATE aside SET fact = $4 WHERE origin = $1 AND origin_seq = $2 AND content = $3",
                &[&origin, &seq, &content, &json],
            )?;
        }
    }
    Ok(())
}

/// After the new facts are written: whom they forget, and that the tables have still to be written anew.
pub(crate) fn note(connection: &mut Connection, erasures: &[(i64, Pair)]) -> Result<(), Broken> {
    fn column<'p, T>(of: &'p [(i64, Pair)], part: impl Fn(&'p (i64, Pair)) -> T) -> Vec<T> {
        of.iter().map(part).collect()
    }
    connection.rows(
        "INSERT INTO forgotten (trace, other, alias, fact)
         SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::bigint[]) ON CONFLICT DO NOTHING",
        &[
            &column(erasures, |(_, (one, ..))| &one[..]),
            &column(erasures, |(_, (_, other, _))| &other[..]),
            &column(erasures, |(_, (.., alias))| alias.as_str()),
            &column(erasures, |(seq, _)| *seq),
        ],
    )?;
    connection.rows(
        "INSERT INTO about (key, value) VALUES ('unerased', pg_current_xact_id()::text)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        &[],
    )?;
    Ok(())
}

impl Office {
    /// Does what is left to be done of erasures, whose rows have been committed: tables are written anew without what they held.
    ///
    /// # Errors
    /// `erasure_unfinished` with what keeps it from being done.
    pub(crate) fn finish_erasing(&self) -> Result<(), Fault> {
        self.finish().map_err(|why| still_holds(&why.message))
    }

    fn finish(&self) -> Result<(), Fault> {
        if self.unerased()?.is_none() {
            return Ok(());
        }
        let said = |wrong: postgres::Error| told(&wrong);
        let mut connection = Connection::open(&self.config).map_err(said)?;
        let mut left = self.options.wait.max(PATIENCE);
        // For as long as the connection is open.
        wait(&mut left, "another process is writing its tables anew", || {
            connection.rows(ALONE, &[]).map(|rows| !rows.is_empty())
        })?;
        // Whoever was waited for may have done this too.
        let Some(erasure) = self.unerased()? else { return Ok(()) };
        let theirs = "SELECT FROM pg_class WHERE relnamespace = 'parure'::regnamespace AND relkind = 'r' AND NOT pg_has_role(relowner, 'USAGE')";
        if !connection.rows(theirs, &[]).map_err(said)?.is_empty() {
            return Err(Fault::new(UNFINISHED, "only who owns its tables can write them anew"));
        }
        // What someone who began before the erasure may still see would be kept.
        wait(&mut left, "a transaction that began before it is still open", || {
            connection.rows(SEEN_FROM_BEFORE, &[&erasure]).map(|rows| rows.is_empty())
        })?;
        let most = i32::try_from(left.max(PATIENCE).as_millis()).unwrap_or(i32::MAX);
        // However long a large table takes.
        connection.say(&format!("SET lock_timeout = {most}; SET statement_timeout = 0")).map_err(said)?;
        for table in TABLES {
            connection.say(&format!("VACUUM (FULL) {table}")).map_err(said)?;
        }
        // Unless someone else has been forgotten since.
        self.turn(WRITE, |connection| {
            connection.rows("DELETE FROM about WHERE key = 'unerased' AND value = $1", &[&erasure])?;
            Ok(Turn { answer: (), keeps: true })
        })
    }

    /// The transaction of the last erasure after which the tables have not been written anew.
    fn unerased(&self) -> Result<Option<String>, Fault> {
        self.turn(READ, |connection| {
            let rows = connection.rows("SELECT value FROM about WHERE key = 'unerased'", &[])?;
            Ok(Turn { answer: rows.first().map(|row| row.try_get(0)).transpose()?, keeps: false })
        })
    }
}

/// Waits until something is so, for what is left of the time for waiting.
fn wait(
    left: &mut Duration,
    why_not: &str,
    mut is_so: impl FnMut() -> Result<bool, postgres::Error>,
) -> Result<(), Fault> {
    while !is_so().map_err(|wrong| told(&wrong))? {
        if left.is_zero() {
            return Err(Fault::new(UNFINISHED, why_not));
        }
        let pause = (*left).min(BETWEEN);
        sleep(pause);
        *left = left.saturating_sub(pause);
    }
    Ok(())
}

/// Of several processes that find an erasure unfinished, one finishes it. The numbers are those of `turn.rs`, and the next.
const ALONE: &str = "SELECT WHERE pg_try_advisory_lock(1348563573, 2)";

/// Whoever may still see what an erasure has rewritten: transactions in this database that began before it ended, and copies of the server that
/// say what their readers see.
const SEEN_FROM_BEFORE: &str = "
    SELECT FROM (
        SELECT backend_xmin FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        UNION ALL SELECT backend_xid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
        UNION ALL SELECT xmin FROM pg_replication_slots
        UNION ALL SELECT backend_xmin FROM pg_stat_replication
    ) AS seen (xid) WHERE xid IS NOT NULL AND age(xid) >= age($1::text::xid8::xid)";

fn still_holds(why: &str) -> Fault {
    let message =
        format!("the erasure is recorded, but the tables of the office still hold what it forgets: {why}");
    Fault::new(UNFINISHED, message)
        .advise("let others end what they do in the database, and record the erasure again, until it answers")
}
