//! An office and other copies of its book tell each other what they lack.

use super::broken::{Broken, damaged};
use super::connection::Connection;
use super::copies::{self, Origins, hash, origins};
use super::erasing::UNFINISHED;
use super::keeping::{Concern, Office, are_for_offices, is_for_offices};
use super::part::AT_ONCE;
use super::turn::{READ, Turn};
use super::writing::{Desk, Taken};
use crate::chain::Hash;
use crate::sync::{ByNumber, Came, Changes, Each, Known, Numbers, Opened, Received, Sum, Waited, sort};
use parure::fact::Fact;
use parure::fault::Fault;

impl Office {
    /// Which facts this copy holds, at one moment. Another copy, a file or an office, answers with what it lacks: [`Office::changes_since`],
    /// [`Journal::changes_since`](crate::Journal::changes_since).
    ///
    /// ```no_run
    /// let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// let till = parure_journal::open("till.db")?;
    /// let changes = till.changes_since(&office.known()?, 10_000)?;
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `journal_unreachable`, `journal_damaged`.
    pub fn known(&self) -> Result<Known, Fault> {
        self.turn(READ, |connection| Ok(Turn { answer: self.holds(connection)?, keeps: false }))
    }

    fn holds(&self, connection: &mut Connection) -> Result<Known, Broken> {
        let own = "SELECT copy, copy_seq, head.sum FROM head JOIN copies ON no = origin";
        let rows = connection.rows(own, &[])?;
        let unreadable = || damaged("its end can't be read");
        let row = rows.first().ok_or_else(unreadable)?;
        let sum = Sum::from_bytes(row.try_get(2)?).ok_or_else(unreadable)?;
        let copies = copies::read(connection)?;
        Ok(Known::of(self.program.source(), &copies, row.try_get(0)?, (row.try_get(1)?, sum)))
    }

    /// What a copy that knows this much lacks of what the office holds at one moment, others recording meanwhile: `most` facts, or all of them
    /// where there are no more. The text is for the host to move, and the same that a file writes.
    ///
    /// ```no_run
    /// let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// let till = parure_journal::open("till.db")?;
    /// let mut known = till.known()?;
    /// loop {
    ///     let changes = office.changes_since(&known, 10_000)?;
    ///     till.merge_changes(&changes.text)?;
    ///     known = changes.then;
    ///     if !changes.more {
    ///         break;
    ///     }
    /// }
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `sync_other_book` for a book that began with another program; `journal_unreachable`, `journal_damaged`.
    pub fn changes_since(&self, known: &Known, most: usize) -> Result<Changes, Fault> {
        self.turn(READ, |connection| {
            let own = self.holds(connection)?;
            Known::same_book(&own.program, &known.program)?;
            // One more than is asked for tells whether there are others.
            let asked = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
            let mut facts = Rows { connection, at_once: asked.min(AT_ONCE) };
            Ok(Turn { answer: Changes::lacking(&own, known, most, &mut facts)?, keeps: false })
        })
    }

    /// Takes in what another copy sent, a file or an office, in one commit: all of it or nothing. Others record meanwhile. Changes that came
    /// before, that come in another order, or by way of a third copy do no harm.
    ///
    /// ```no_run
    /// let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// let till = parure_journal::open("till.db")?;
    /// let changes = till.changes_since(&office.known()?, 10_000)?;
    /// println!("{} facts are new", office.merge_changes(&changes.text)?.merged.new);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `sync_damaged` for what was cut short or changed on its way, with the line where one can be named; `sync_newer`; `sync_other_book`; and as
    /// [`Office::merge`]. Nothing of it was taken in then, but with `erasure_unfinished` all of it: merged again, it goes on from there.
    pub fn merge_changes(&self, changes: &str) -> Result<Received, Fault> {
        let opened = Opened::read(changes)?;
        Known::same_book(&Known::book_of(self.program.source()), &opened.program)?;
        self.take_in(&opened.facts(self.currency())?, None)
    }

    /// Facts that a newer library wrote, where this one can read them by now.
    pub(crate) fn take_in_what_waited(&self) -> Result<(), Fault> {
        let waited = self.turn(READ, |connection| {
            let select =
                "SELECT copy, origin_seq, content, fact FROM aside JOIN copies ON no = origin WHERE waits";
            let rows = connection.rows(select, &[])?;
            let waited = rows.iter().map(|row| {
                let content = hash(row.try_get(2)?)?;
                Ok(Waited { copy: row.try_get(0)?, seq: row.try_get(1)?, content, fact: row.try_get(3)? })
            });
            Ok(Turn { answer: waited.collect::<Result<Vec<Waited>, Broken>>()?, keeps: false })
        })?;
        for waited in waited {
            let Some(raw) = waited.raw() else { continue };
            let Ok(fact) = Fact::from_json(raw.get(), self.currency()) else { continue };
            let came = [Came { sent: &waited.as_sent(&raw), line: 0, fact: Some(fact) }];
            match self.take_in(&came, Some(&waited)) {
                // What can't be done now is told when the erasure is recorded again.
                Err(fault) if fault.code == UNFINISHED => {}
                taken => drop(taken?),
            }
        }
        Ok(())
    }

    fn take_in(&self, came: &[Came<'_, '_>], waited: Option<&Waited>) -> Result<Received, Fault> {
        let facts: Vec<&Fact<'_>> = came.iter().filter_map(|came| came.fact.as_ref()).collect();
        are_for_offices(&facts)?;
        let concern = Concern::of(&facts);
        let received = self.turn(concern.begin(), |connection| {
            let (party, mut part) = self.concerned(connection, &concern)?;
            if let Some(waited) = waited
                && !waits(connection, waited)?
            {
                return Ok(Turn { answer: Received::default(), keeps: false });
            }
            let now = (self.options.clock)()?;
            let known: Origins = origins(connection, &concern.asked.ids)?;
            let is_ahead = |fact: &Fact<'_>| self.options.is_ahead(fact, now);
            let kept = |id: &str| Ok::<_, Fault>(known.get(id).map(|(_, origin)| origin.clone()));
            let mut sorted = sort(came, &part.book, is_ahead, kept)?;
            sorted.incoming.waited = waited.cloned();
            let mut pending = part.book.pend();
            let merged = pending.merge(sorted.facts.iter().copied())?;
            is_for_offices(pending.book())?;
            let keeps = !sorted.incoming.copies().is_empty();
            if keeps {
                let taken = Taken { incoming: &sorted.incoming, known: &known };
                let desk = Desk { connection, office: self, party: &party, kept: part.kept };
                desk.write(&pending, now, Some(taken))?;
            }
            Ok(Turn { answer: sorted.received(merged), keeps })
        })?;
        if concern.erases() {
            self.finish_erasing()?;
        }
        Ok(received)
    }
}

/// Whether a fact waits still: another process may have taken it in.
fn waits(connection: &mut Connection, waited: &Waited) -> Result<bool, Broken> {
    let Waited { copy, seq, content, .. } = waited;
    let rows = connection.rows(
        "SELECT FROM aside JOIN copies ON no = origin WHERE copy = $1 AND origin_seq = $2 AND content = $3 AND waits FOR UPDATE OF aside",
        &[copy, seq, &&content[..]],
    )?;
    Ok(!rows.is_empty())
}

/// Facts by the numbers of the copies that took them in first, so many at once.
struct Rows<'c> {
    connection: &'c mut Connection,
    at_once: i64,
}

/// Parts of a range of numbers, of so many each.
fn parts((first, last): (i64, i64), at_once: i64) -> impl Iterator<Item = (i64, i64)> {
    let next = move |from: &i64| Some(from.saturating_add(at_once)).filter(|from| *from <= last);
    let begins = std::iter::successors(Some(first), next);
    begins.map(move |from| (from, from.saturating_add(at_once).saturating_sub(1).min(last)))
}

impl ByNumber for Rows<'_> {
    type Wrong = Broken;

    fn show(&mut self, copy: &str, range: (i64, i64), each: &mut Each<'_>) -> Result<(), Broken> {
        for (first, last) in parts(range, self.at_once) {
            let rows = self.connection.rows(
                "SELECT origin_seq, fact, content FROM kept JOIN copies ON no = origin
                 WHERE copy = $1 AND origin_seq BETWEEN $2 AND $3
                 UNION ALL
                 SELECT aside.origin_seq, coalesce(aside.fact, kept.fact), aside.content
                 FROM aside JOIN copies ON no = aside.origin LEFT JOIN kept ON kept.seq = aside.seq
                 WHERE copy = $1 AND aside.origin_seq BETWEEN $2 AND $3
                 ORDER BY 1",
                &[&copy, &first, &last],
            )?;
            for row in rows {
                let content: Hash = hash(row.try_get(2)?)?;
                if !each(row.try_get(0)?, row.try_get(1)?, &content)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn sum(&mut self, copy: &str, numbers: &Numbers) -> Result<Sum, Broken> {
        let mut sum = Sum::default();
        for (first, last) in numbers.ranges().iter().flat_map(|range| parts(*range, AT_ONCE)) {
            let rows = self.connection.rows(
                "SELECT content FROM kept JOIN copies ON no = origin WHERE copy = $1 AND origin_seq BETWEEN $2 AND $3
                 UNION ALL
                 SELECT content FROM aside JOIN copies ON no = origin WHERE copy = $1 AND origin_seq BETWEEN $2 AND $3",
                &[&copy, &first, &last],
            )?;
            for row in rows {
                sum.add(&hash(row.try_get(0)?)?);
            }
        }
        Ok(sum)
    }
}
