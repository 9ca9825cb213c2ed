//! The one who writes: what is pending in a book becomes rows, in one commit.

use crate::chain::{Hash, Link, content};
use crate::snapshots;
use crate::told::told;
use parure::book::{Book, Outcome, Pending, Touched};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::fault::Fault;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, params};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The connection that writes, and where the journal ends.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) file: Connection,
    pub(crate) path: PathBuf,
    /// This copy's name and its number in the file.
    pub(crate) copy: String,
    pub(crate) copy_no: i64,
    pub(crate) end: End,
    /// SQLite's log as it was when the file was opened.
    pub(crate) log: Option<FileId>,
    /// The disk failed in the act of committing.
    pub(crate) stopped: bool,
}

/// Where the journal ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) facts: i64,
    pub(crate) chain: Hash,
    /// The last number that this copy gave.
    pub(crate) copy_seq: i64,
    pub(crate) seals: i64,
}

/// The kinds of a customer's postings of a fact, and how many points.
type Posted = BTreeMap<(String, String, String), i64>;

/// What tells a file from another of the same name: its device and its number.
pub(crate) type FileId = (u64, u64);

#[cfg(unix)]
pub(crate) fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|about| (about.dev(), about.ino()))
}

/// Where files that are open can't be removed.
#[cfg(not(unix))]
pub(crate) fn file_id(_path: &Path) -> Option<FileId> {
    None
}

/// SQLite's log of a file.
pub(crate) fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

impl Writer {
    pub(crate) fn can_write(&self) -> Result<(), Fault> {
        if !self.stopped {
            return Ok(());
        }
        let message = format!("`{}` failed while it was written to", self.path.display());
        Err(Fault::new("journal_stopped", message)
            .advise("open it anew: it then holds what reached the disk"))
    }

    /// Writes what is pending. `outcome` is given where it is one fact that was recorded.
    pub(crate) fn write(
        &mut self,
        pending: &Pending<'_>,
        now: &str,
        outcome: Option<&Outcome>,
    ) -> Result<(), Fault> {
        if pending.facts().next().is_none() {
            return Ok(());
        }
        let mut end = self.end;
        self.commit(|rows, writer| {
            let mut new = BTreeSet::new();
            for fact in pending.facts() {
                writer.write_fact(rows, &fact, pending.book(), now, &mut end)?;
                new.insert(fact.id().to_owned());
            }
            let touched = pending.touched();
            match (outcome, &touched[..]) {
                (Some(outcome), [Touched { appended: true, .. }]) => {
                    let customer = pending.facts().next().and_then(|fact| fact.customer().map(str::to_owned));
                    let customer = customer.unwrap_or_default();
                    for (kind, points) in outcome.points.postings() {
                        post(rows, (&outcome.fact, &customer, kind), end.facts, points, 0)?;
                    }
                }
                _ => {
                    for account in &touched {
                        post_account(rows, pending.book(), account, &new, end.facts)?;
                    }
                }
            }
            for account in &touched {
                write_standing(rows, pending.book(), &account.account)?;
            }
            rows.prepare_cached("UPDATE head SET facts = ?1, chain = ?2")?
                .execute(params![end.facts, end.chain])?;
            Ok(())
        })?;
        self.end = end;
        Ok(())
    }

    pub(crate) fn write_seal(&mut self, sealed: &Book, day: Day, now: &str) -> Result<(), Fault> {
        let end = End { seals: self.end.seals.saturating_add(1), ..self.end };
        let bytes = sealed.snapshot();
        self.commit(|rows, _| {
            let seal = params![day.to_string(), end.facts, now];
            rows.execute("INSERT INTO seal (day, facts, recorded_at) VALUES (?1, ?2, ?3)", seal)?;
            // Sealed accounts have lived through the days before the seal.
            for account in sealed.accounts(Day::LAST) {
                write_standing(rows, sealed, &account.account)?;
            }
            snapshots::write(rows, &bytes, &end, now)
        })?;
        self.end = end;
        Ok(())
    }

    pub(crate) fn write_snapshot(&mut self, bytes: &[u8], now: &str) -> Result<(), Fault> {
        let end = self.end;
        self.commit(|rows, _| snapshots::write(rows, bytes, &end, now))
    }

    /// What is committed goes to a log beside the file, and whoever closes the file last removes that. Who is last, SQLite knows by locks
    /// which the system takes from the whole process when another copy of SQLite in it closes the file. A commit to a log that was
    /// removed would be on no disk.
    fn log_is_there(&mut self) -> Result<(), Fault> {
        if file_id(&log_of(&self.path)) == self.log {
            return Ok(());
        }
        self.stopped = true;
        let file = self.path.display();
        let message =
            format!("`{file}` lost its log: another copy of SQLite in this process has closed the file");
        Err(Fault::new("journal_stopped", message)
            .advise("open it anew: nothing that was answered is lost; read it by SQL from another process"))
    }

    /// Does it all in one commit, or nothing of it.
    pub(crate) fn commit(
        &mut self,
        write: impl FnOnce(&Transaction<'_>, &Writer) -> rusqlite::Result<()>,
    ) -> Result<(), Fault> {
        self.log_is_there()?;
        let told = told(&self.path);
        let rows = Transaction::new_unchecked(&self.file, TransactionBehavior::Immediate).map_err(&told)?;
        // What fails before the commit is rolled back when the transaction goes.
        write(&rows, self).map_err(&told)?;
        let committed = rows.commit();
        if let Err(wrong) = &committed
            && !matches!(wrong.sqlite_error_code(), Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy))
        {
            // Whether it reached the disk can't be known from here.
            self.stopped = true;
        }
        committed.map_err(told)
    }

    fn write_fact(
        &self,
        rows: &Connection,
        fact: &Fact<'_>,
        book: &Book,
        now: &str,
        end: &mut End,
    ) -> rusqlite::Result<()> {
        let json = fact.to_json(book.currency());
        let content = content(&json);
        end.facts = end.facts.saturating_add(1);
        end.copy_seq = end.copy_seq.saturating_add(1);
        let link = Link {
            seq: end.facts,
            id: fact.id(),
            recorded_at: now,
            copy: &self.copy,
            copy_seq: end.copy_seq,
            content: &content,
        };
        end.chain = link.after(&end.chain);
        let day = book.day_of(fact.at()).to_string();
        rows.prepare_cached(
            "INSERT INTO kept (seq, id, kind, at, day, customer, recorded_at, origin, origin_seq, fact, content, chain)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            end.facts,
            fact.id(),
            fact.kind(),
            fact.at().to_string(),
            day,
            fact.customer(),
            now,
            self.copy_no,
            end.copy_seq,
            json,
            content,
            end.chain
        ])?;
        let amount = fact.turnover_minor();
        if amount != 0 {
            let kind = if fact.purchase().is_some() { "bought" } else { "returned" };
            post(rows, (fact.id(), fact.customer().unwrap_or_default(), kind), end.facts, 0, amount)?;
        }
        Ok(())
    }
}

fn post(
    rows: &Connection,
    (fact, customer, kind): (&str, &str, &str),
    cause: i64,
    points: i64,
    amount_minor: i64,
) -> rusqlite::Result<()> {
    rows.prepare_cached(
        "INSERT INTO posted (fact, cause, customer, kind, points, amount_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![fact, cause, customer, kind, points, amount_minor])?;
    Ok(())
}

/// Posts what an account's facts moved and is not posted yet. What earlier facts did may have changed: the difference is posted.
fn post_account(
    rows: &Connection,
    book: &Book,
    touched: &Touched,
    new: &BTreeSet<String>,
    cause: i64,
) -> rusqlite::Result<()> {
    if touched.appended {
        for posting in book.postings(&touched.account).iter().filter(|posting| new.contains(&*posting.fact)) {
            post(rows, (&posting.fact, &posting.customer, posting.kind), cause, posting.points, 0)?;
        }
        return Ok(());
    }
    for ((fact, customer, kind), points) in differences(rows, book, &touched.account)? {
        post(rows, (&fact, &customer, &kind), cause, points, 0)?;
    }
    Ok(())
}

/// What the book says of an account's facts, less what is posted of them. Facts behind a seal stay as they are.
pub(crate) fn differences(rows: &Connection, book: &Book, account: &str) -> rusqlite::Result<Posted> {
    let mut missing = Posted::new();
    for posting in book.postings(account) {
        let key = (posting.fact.to_string(), posting.customer.to_string(), posting.kind.to_owned());
        let points = missing.entry(key).or_default();
        *points = points.saturating_add(posting.points);
    }
    let open: BTreeSet<String> = book.facts_of_account(account).map(|id| id.to_string()).collect();
    let aliases = book.standing(account).map_or_else(Vec::new, |account| account.aliases);
    let mut posted = rows.prepare_cached(
        "SELECT fact, kind, sum(points) FROM posted WHERE customer = ?1 GROUP BY fact, kind HAVING sum(points) <> 0",
    )?;
    for customer in aliases.iter().map(AsRef::as_ref).chain([account]) {
        let mut posted = posted.query([customer])?;
        while let Some(row) = posted.next()? {
            let (fact, kind, points): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if open.contains(&fact) {
                let missing = missing.entry((fact, customer.to_owned(), kind)).or_default();
                *missing = missing.saturating_sub(points);
            }
        }
    }
    missing.retain(|_, points| *points != 0);
    Ok(missing)
}

/// Writes an account as it stands now.
pub(crate) fn write_standing(rows: &Connection, book: &Book, account: &str) -> rusqlite::Result<()> {
    let Some(stands) = book.standing(account) else { return Ok(()) };
    let text = |day: Option<Day>| day.map(|day| day.to_string());
    let tier = stands.tier.as_ref();
    let mut forget_lots = rows.prepare_cached("DELETE FROM lot WHERE account = ?1")?;
    let mut is_of = rows.prepare_cached(
        "INSERT INTO member (customer, account) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET account = excluded.account WHERE account <> excluded.account",
    )?;
    for alias in &stands.aliases {
        rows.prepare_cached("DELETE FROM standing WHERE account = ?1")?.execute([alias.as_str()])?;
        forget_lots.execute([alias.as_str()])?;
        is_of.execute([alias.as_str(), account])?;
    }
    is_of.execute([account, account])?;
    rows.prepare_cached(
        "INSERT OR REPLACE INTO standing (account, day, joined, tier, tier_until, balance, pending, debt, lapsed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        account,
        stands.on.to_string(),
        text(stands.joined),
        tier.map(|tier| tier.id.as_str()),
        text(tier.and_then(|tier| tier.until)),
        stands.points.balance,
        stands.points.pending,
        stands.points.debt,
        stands.points.totals.lapsed
    ])?;
    forget_lots.execute([account])?;
    let mut keep_lot = rows.prepare_cached(
        "INSERT INTO lot (account, no, fact, points, first_day, last_day) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (no, lot) in (1_i64..).zip(&stands.points.lots) {
        let (first, last) = (lot.first_day.to_string(), text(lot.last_day));
        keep_lot.execute(params![account, no, lot.fact.as_str(), lot.points, first, last])?;
    }
    Ok(())
}
