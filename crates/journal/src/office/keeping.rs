//! The office: what is told and asked of a book that several processes share.

use super::broken::{Broken, damaged};
use super::connection::Connection;
use super::part::{Asked, Beginning, Part, Party};
use super::turn::{READ, Turn, WRITE, WRITE_ALONE};
use super::writing::{Desk, lock};
use crate::journal::ERASED;
use crate::options::Options;
use parure::book::{Answer, Book, Merged, Pending};
use parure::calendar::Moment;
use parure::fact::Fact;
use parure::fault::Fault;
use parure::money::Currency;
use parure::program::Program;
use postgres::Config;
use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fmt::{Debug, Formatter};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The book in PostgreSQL: facts in a database, shared by any number of processes. It holds no book in memory: each call reads the facts
/// of the accounts that it concerns, and decides as [`Book`] does. Two cashiers who spend the same points at once are answered one after
/// the other, wherever they stand.
///
/// ```no_run
/// use parure::{calendar::Day, fact::Fact};
/// use parure_journal::Office;
/// let office = Office::open("host=/run/postgresql dbname=maison")?;
/// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
/// office.record(&Fact::from_json(joined, office.currency())?)?; // it is in the database
/// let day = Day::parse("2026-05-09")?;
/// let account = office.ask("mei", |book| book.account("mei", day))?;
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub struct Office {
    pub(crate) config: Config,
    pub(crate) options: Options,
    pub(crate) program: Program,
    /// The number in the database and the name of the copy that this office was last seen to be.
    copy: RwLock<(i64, String)>,
    process: u32,
    beginning: RwLock<Arc<Beginning>>,
    /// Connections that no call is using.
    pub(crate) idle: Mutex<Vec<Connection>>,
}

impl Debug for Office {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        // Never the address: it may hold a password.
        to.debug_struct("Office").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if self.is_of_this_process().is_err() {
            // To close them would close the parent's.
            let idle = self.idle.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(std::mem::take(idle));
        }
    }
}

impl Office {
    pub(crate) fn of(config: Config, options: Options, beginning: Beginning, program: Program) -> Office {
        Office {
            config,
            options,
            program,
            copy: RwLock::default(),
            process: std::process::id(),
            beginning: RwLock::new(Arc::new(beginning)),
            idle: Mutex::new(Vec::new()),
        }
    }

    /// A process that was forked shares its parent's connections with it.
    pub(crate) fn is_of_this_process(&self) -> Result<(), Fault> {
        if std::process::id() == self.process {
            return Ok(());
        }
        Err(Fault::new("journal_forked", "the office was opened before this process was forked")
            .advise("open it in the process that uses it"))
    }

    /// The currency of all amounts: what reading a fact needs.
    ///
    /// ```no_run
    /// let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// assert_eq!(office.currency().code(), "CNY");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.program.currency()
    }

    /// Asks about a customer: their account as of any day, a quote, an explanation. The book that is asked is right in all that concerns this
    /// customer's account, and knows of others only what has touched it.
    ///
    /// ```no_run
    /// # let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-05-09")?;
    /// let told = office.ask("mei", |book| book.explain("mei", day))?;
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `journal_unreachable`, `journal_damaged`, `journal_newer` for a fact that only a newer library can read.
    pub fn ask<T>(&self, customer: &str, question: impl FnOnce(&Book) -> T) -> Result<T, Fault> {
        let part = self.turn(READ, |connection| {
            let party = Party::read(connection, &Asked { customers: vec![customer], ..Asked::default() })?;
            let beginning = self.beginning(connection, party.adopted)?;
            let answer = Part::read(connection, &beginning, &party, true)?;
            Ok(Turn { answer, keeps: false })
        })?;
        Ok(question(&part.book))
    }

    /// A fact as the office keeps it, as canonical JSON: of a gift, with the lots that were filled in. None for one it does not know.
    ///
    /// ```no_run
    /// # let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// assert!(office.fact("j-1")?.is_some_and(|json| json.contains("joined")));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `journal_unreachable`.
    pub fn fact(&self, id: &str) -> Result<Option<String>, Fault> {
        self.turn(READ, |connection| {
            let rows = connection.rows("SELECT fact FROM kept WHERE id = $1", &[&id])?;
            let answer = rows.first().map(|row| row.try_get(0)).transpose()?;
            Ok(Turn { answer, keeps: false })
        })
    }

    /// As [`Book::record`]; what it accepts is in the database when it answers. What happens after the clock by more than
    /// [`Options::ahead`] is refused as `in_future`.
    ///
    /// ```no_run
    /// # let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// use parure::{book::Answer, fact::Fact};
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
    /// let joined = Fact::from_json(joined, office.currency())?;
    /// assert!(matches!(office.record(&joined)?, Answer::Accepted { .. }));
    /// assert!(matches!(office.record(&joined)?, Answer::AlreadyRecorded { .. })); // from any other process too
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// As [`Book::record`]; `journal_unreachable`, `journal_locked`, `disk_full` and the like. Nothing was kept then, but where the server
    /// was lost in the very act: recorded again, a fact that was kept is `already_recorded`. `erasure_unfinished` where an erasure is recorded, but
    /// tables still hold what it forgets: recorded again, it goes on from there.
    pub fn record(&self, fact: &Fact<'_>) -> Result<Answer, Fault> {
        self.change(&[fact], |pending, now| self.options.record(pending, fact, now, None))
    }

    /// Records facts one after another in one commit: each has its own answer, all that are accepted are in the database together.
    ///
    /// ```no_run
    /// # let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// use parure::fact::Fact;
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
    /// let answers = office.record_all([Fact::from_json(joined, office.currency())?])?;
    /// assert_eq!(answers.len(), 1);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// Where they can't be written, as [`Office::record`]: then none of them is kept, but with `erasure_unfinished` all that are accepted. A fault
    /// of one fact is its own answer.
    pub fn record_all<'f, F: Borrow<Fact<'f>>>(
        &self,
        facts: impl IntoIterator<Item = F>,
    ) -> Result<Vec<Result<Answer, Fault>>, Fault> {
        let facts: Vec<F> = facts.into_iter().collect();
        let facts: Vec<&Fact<'f>> = facts.iter().map(Borrow::borrow).collect();
        self.change(&facts, |pending, now| {
            Ok(facts.iter().map(|fact| self.options.record(pending, fact, now, None)).collect())
        })
    }

    /// As [`Book::merge`], in one commit: all of them or none.
    ///
    /// ```no_run
    /// # let office = parure_journal::Office::open("host=/run/postgresql dbname=maison")?;
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
    /// let joined = parure::fact::Fact::from_json(joined, office.currency())?;
    /// assert_eq!(office.merge([&joined, &joined])?.new, 1);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// As [`Book::merge`] and [`Office::record`]; then none of the facts is kept, but with `erasure_unfinished` all of them.
    pub fn merge<'f, F: Borrow<Fact<'f>>>(
        &self,
        facts: impl IntoIterator<Item = F>,
    ) -> Result<Merged, Fault> {
        let facts: Vec<F> = facts.into_iter().collect();
        let facts: Vec<&Fact<'f>> = facts.iter().map(Borrow::borrow).collect();
        are_for_offices(&facts)?;
        self.change(&facts, |pending, _| pending.merge(facts.iter().copied()))
    }

    /// Decides on facts in a part of the book, and writes what is new.
    fn change<T>(
        &self,
        facts: &[&Fact<'_>],
        decide: impl Fn(&mut Pending<'_>, Moment) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let concern = Concern::of(facts);
        let (answer, erased) = self.turn(concern.begin(), |connection| {
            let (party, mut part) = self.concerned(connection, &concern)?;
            let now = (self.options.clock)()?;
            let mut pending = part.book.pend();
            let answer = (decide(&mut pending, now)?, concern.has_erased(pending.book()));
            is_for_offices(pending.book())?;
            let keeps = pending.facts().next().is_some();
            if keeps {
                let desk = Desk { connection, office: self, party: &party, kept: part.kept };
                desk.write(&pending, now, None)?;
            }
            Ok(Turn { answer, keeps })
        })?;
        if erased {
            self.finish_erasing()?;
        }
        Ok(answer)
    }

    /// Those whom facts concern, nobody else's to change until the commit, and their part of the book.
    pub(crate) fn concerned(
        &self,
        connection: &mut Connection,
        concern: &Concern<'_>,
    ) -> Result<(Party, Part), Broken> {
        let mut party = Party::read(connection, &concern.asked)?;
        let aliases = concern.aliases(party.all.len());
        if !aliases.is_empty() {
            let mut asked = concern.asked.clone();
            asked.customers.extend(aliases.iter().map(String::as_str));
            party = Party::read(connection, &asked)?;
        }
        let beginning = self.beginning(connection, party.adopted)?;
        if concern.adopts {
            let part = Part::read_all(connection, &beginning)?;
            return Ok((party, part));
        }
        if !concern.erases() {
            lock(connection, &party)?;
        }
        let part = Part::read(connection, &beginning, &party, concern.erases())?;
        Ok((party, part))
    }

    /// The name of the copy that this office is, by its number.
    pub(crate) fn copy_name(&self, connection: &mut Connection, no: i64) -> Result<String, Broken> {
        {
            let known = self.copy.read().unwrap_or_else(PoisonError::into_inner);
            if known.0 == no {
                return Ok(known.1.clone());
            }
        }
        let rows = connection.rows("SELECT copy FROM copies WHERE no = $1", &[&no])?;
        let row = rows.first().ok_or_else(|| damaged("it has no name for its copy"))?;
        let name: String = row.try_get(0)?;
        *self.copy.write().unwrap_or_else(PoisonError::into_inner) = (no, name.clone());
        Ok(name)
    }

    /// What parts begin with, when this fact was the last that adopted a program.
    pub(crate) fn beginning(
        &self,
        connection: &mut Connection,
        adopted: i64,
    ) -> Result<Arc<Beginning>, Broken> {
        let known = Arc::clone(&self.beginning.read().unwrap_or_else(PoisonError::into_inner));
        if known.adopted == adopted {
            return Ok(known);
        }
        Ok(self.begin_with(Beginning::read(connection, self.program.clone())?))
    }

    pub(crate) fn begin_with(&self, beginning: Beginning) -> Arc<Beginning> {
        let beginning = Arc::new(beginning);
        let mut known = self.beginning.write().unwrap_or_else(PoisonError::into_inner);
        // A question may have begun before the latest was adopted.
        if known.adopted < beginning.adopted {
            *known = Arc::clone(&beginning);
        }
        beginning
    }
}

/// Whether an office can keep a book under such a program: where introductions are rewarded, points are pooled or all customers together use
/// no more of a coupon than so many, a fact depends on others than its own, and an office reads a part of the book.
pub(crate) fn is_for_offices(book: &Book) -> Result<(), Fault> {
    if book.rewards_introductions() {
        let fault =
            Fault::new("introductions_not_here", "an office does not know introductions that are rewarded");
        return Err(fault.advise("keep the book in a file, or take `[introduction]` out of the program"));
    }
    if book.limits_coupons_in_all() {
        let fault = Fault::new("limits_not_here", "an office does not count what all customers together use");
        return Err(fault.advise("keep the book in a file, or take `in_all` out of the program's coupons"));
    }
    if book.pools_points() { Err(households_not_here()) } else { Ok(()) }
}

/// Whether an office can take in facts that have happened: one that is paid with points of others is a fact of more than two.
pub(crate) fn are_for_offices(facts: &[&Fact<'_>]) -> Result<(), Fault> {
    let drawn = facts.iter().find(|fact| !fact.drawn().is_empty());
    drawn.map_or(Ok(()), |fact| Err(households_not_here().at(fact.id().to_owned())))
}

fn households_not_here() -> Fault {
    let fault = Fault::new("households_not_here", "an office does not know points that are pooled");
    fault.advise("keep the book in a file, or take `[household]` out of the program")
}

/// Whom facts concern that are told at once.
pub(crate) struct Concern<'f> {
    pub(crate) asked: Asked<'f>,
    /// Another program concerns everyone.
    adopts: bool,
    erasures: Vec<&'f Fact<'f>>,
}

impl<'f> Concern<'f> {
    pub(crate) fn of(facts: &[&'f Fact<'f>]) -> Concern<'f> {
        let named = facts.iter().flat_map(|fact| fact.customer().into_iter().chain(fact.other_customer()));
        let asked = Asked {
            customers: named.collect::<BTreeSet<&str>>().into_iter().collect(),
            ids: facts.iter().map(|fact| fact.id()).collect(),
            traces: facts.iter().flat_map(|fact| fact.traces()).map(|trace| &trace[..]).collect(),
        };
        Concern {
            asked,
            adopts: facts.iter().any(|fact| fact.kind() == "adopted"),
            erasures: facts.iter().copied().filter(|fact| fact.kind() == ERASED).collect(),
        }
    }

    /// Whether someone is to be forgotten.
    pub(crate) fn erases(&self) -> bool {
        !self.erasures.is_empty()
    }

    /// Whether a book has one of the erasures, now or before: what is left of forgetting is then done.
    fn has_erased(&self, book: &Book) -> bool {
        self.erasures.iter().any(|erasure| book.arrival(erasure.id()).is_some())
    }

    /// The names that those may get who are forgotten, of whom there are at most so many where an erasure does not say.
    fn aliases(&self, members: usize) -> Vec<String> {
        let of = |fact: &'f Fact<'f>| {
            let places = fact.traces().len().max(if fact.traces().is_empty() { members } else { 0 });
            (0..places).filter_map(|place| fact.alias(place))
        };
        self.erasures.iter().flat_map(|fact| of(fact)).collect()
    }

    /// How the transaction begins. An erasure forgets by what is left of ids: nobody may bring in a new one meanwhile.
    pub(crate) fn begin(&self) -> &'static str {
        if self.adopts || self.erases() { WRITE_ALONE } else { WRITE }
    }
}
