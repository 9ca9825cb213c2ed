//! The one who writes: what is pending in a book becomes rows, in one commit.

use crate::chain::{Hash, Link, content};
use crate::erasing;
use crate::log::Log;
use crate::moved;
use crate::row::{Beside, Standing};
use crate::snapshots;
use crate::sync::{Heard, Incoming, Sum, begin_noting, end_noting};
use crate::told::told;
use parure::book::{Book, Pending};
use parure::calendar::{Day, Moment};
use parure::fault::Fault;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, params};
use std::path::PathBuf;

/// The connection that writes, and where the journal ends.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) file: Connection,
    pub(crate) path: PathBuf,
    /// This copy's name and its number in the file.
    pub(crate) copy: String,
    pub(crate) copy_no: i64,
    pub(crate) end: End,
    /// When it last heard from another copy.
    pub(crate) heard: Heard,
    /// SQLite's log as it was when the file was opened.
    pub(crate) log: Log,
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
    /// Over the contents of the facts that have them.
    pub(crate) sum: Sum,
    pub(crate) seals: i64,
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

    /// Writes what is pending: what this copy takes in first, or what comes from other copies.
    pub(crate) fn write(
        &mut self,
        pending: &Pending<'_>,
        now: Moment,
        incoming: Option<&Incoming>,
    ) -> Result<(), Fault> {
        if pending.facts().next().is_none() && incoming.is_none() {
            return Ok(());
        }
        let heard = match incoming {
            Some(incoming) if incoming.is_heard() => Heard::now(now, pending.book().facts()),
            _ => self.heard,
        };
        let (mut end, now) = (self.end, now.to_string());
        let (book, touched) = (pending.book(), pending.touched());
        let mut postings = pending.postings().into_iter().peekable();
        let mut name = (self.copy_no, self.copy.clone());
        self.commit(|rows, _| {
            if pending.forgets() {
                erasing::rewrite(rows, pending)?;
            }
            let noting = incoming.map(|incoming| begin_noting(rows, incoming, &mut end, &mut name));
            let mut noting = noting.transpose()?;
            for fact in pending.facts() {
                let json = fact.to_json(book.currency());
                let beside = Beside::of(book, &fact);
                let kept_as = content(&json);
                let (copy_no, copy, copy_seq, content) = match &mut noting {
                    Some(noting) => noting.take(fact.id()).ok_or(rusqlite::Error::QueryReturnedNoRows)?,
                    None => {
                        end.copy_seq = end.copy_seq.saturating_add(1);
                        end.sum.add(&kept_as);
                        (name.0, name.1.as_str(), end.copy_seq, kept_as)
                    }
                };
                let rewritten = Some(kept_as).filter(|kept_as| *kept_as != content);
                end.facts = end.facts.saturating_add(1);
                let link = Link { seq: end.facts, id: fact.id(), recorded_at: &now, copy, copy_seq, content: &content };
                end.chain = link.after(&end.chain);
                let moved = std::iter::from_fn(|| postings.next_if(|posting| posting.fact == fact.id()));
                let moved = moved::column(moved, fact.customer());
                rows.prepare_cached(
                    "INSERT INTO kept (seq, id, kind, at, day, customer, recorded_at, origin, origin_seq, amount_minor, moved, fact, content, chain, rewritten)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                )?
                .execute(params![
                    end.facts,
                    fact.id(),
                    beside.kind,
                    beside.at,
                    beside.day,
                    beside.customer,
                    now,
                    copy_no,
                    copy_seq,
                    beside.amount_minor,
                    moved,
                    json,
                    content,
                    end.chain,
                    rewritten
                ])?;
            }
            if let Some(noting) = noting {
                end_noting(rows, noting, book)?;
                heard.write(rows)?;
            }
            for account in &touched {
                let Some(stands) = Standing::of(book, &account.account) else { continue };
                if !account.appended {
                    moved::correct(rows, book, &account.account, end.facts)?;
                    write_members(rows, &stands)?;
                }
                write_standing(rows, &stands)?;
            }
            rows.prepare_cached("UPDATE head SET facts = ?1, chain = ?2, copy_seq = ?3, sum = ?4 WHERE one = 1")?
                .execute(params![end.facts, end.chain, end.copy_seq, end.sum.bytes()])?;
            if pending.forgets() {
                erasing::end(rows, book, &end, &now)?;
            }
            Ok(())
        })?;
        (self.end, self.heard) = (end, heard);
        (self.copy_no, self.copy) = name;
        Ok(())
    }

    pub(crate) fn write_seal(&mut self, sealed: &Book, day: Day, now: Moment) -> Result<(), Fault> {
        let end = End { seals: self.end.seals.saturating_add(1), ..self.end };
        let (bytes, now) = (sealed.snapshot(), now.to_string());
        self.commit(|rows, _| {
            let seal = params![day.to_string(), end.facts, now];
            rows.execute("INSERT INTO seal (day, facts, recorded_at) VALUES (?1, ?2, ?3)", seal)?;
            // Sealed accounts have lived through the days before the seal.
            for account in sealed.accounts(Day::LAST) {
                Standing::of(sealed, &account.account)
                    .map_or(Ok(()), |stands| write_standing(rows, &stands))?;
            }
            snapshots::write(rows, &bytes, &end, &now)
        })?;
        self.end = end;
        Ok(())
    }

    pub(crate) fn write_snapshot(&mut self, bytes: &[u8], now: Moment) -> Result<(), Fault> {
        let end = self.end;
        self.commit(|rows, _| snapshots::write(rows, bytes, &end, &now.to_string()))
    }

    fn log_is_there(&mut self) -> Result<(), Fault> {
        if self.log.is_ready() {
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
}

/// Writes who goes by an account's id.
pub(crate) fn write_members(rows: &Connection, stands: &Standing) -> rusqlite::Result<()> {
    for alias in &stands.aliases {
        rows.prepare_cached("DELETE FROM standing WHERE account = ?1")?.execute([alias])?;
        rows.prepare_cached("INSERT OR REPLACE INTO member (customer, account) VALUES (?1, ?2)")?
            .execute([alias, &stands.account])?;
    }
    rows.prepare_cached("DELETE FROM member WHERE customer = ?1")?.execute([&stands.account])?;
    Ok(())
}

/// Writes an account as it stands now.
pub(crate) fn write_standing(rows: &Connection, stands: &Standing) -> rusqlite::Result<()> {
    rows.prepare_cached(
        "INSERT OR REPLACE INTO standing (account, day, joined, tier, tier_until, balance, pending, debt, lapsed, lots)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        stands.account,
        stands.day,
        stands.joined,
        stands.tier,
        stands.tier_until,
        stands.balance,
        stands.pending,
        stands.debt,
        stands.lapsed,
        stands.lots
    ])?;
    Ok(())
}
