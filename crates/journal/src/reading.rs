//! The file read: facts in their order, each held to the chain, and the book folded from them.

use crate::chain::{Hash, Link, beginning, content};
use crate::snapshots::{self, Restored};
use crate::sync::Sum;
use crate::told::{damaged, told};
use crate::writer::End;
use parure::book::Book;
use parure::calendar::Day;
use parure::fact::Fact;
use parure::fault::Fault;
use parure::program::Program;
use rusqlite::{Connection, OptionalExtension, Row};
use std::path::Path;

/// Facts that are folded at once when a journal is opened.
const AT_ONCE: usize = 4_096;
/// The facts at the end that opening always looks at.
const TAIL: i64 = 256;

/// One row of the chain.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) recorded_at: String,
    pub(crate) copy: String,
    pub(crate) copy_seq: i64,
    /// None once compacted.
    pub(crate) fact: Option<String>,
    /// The hash of the fact as it is kept now, where that is not how it was written first.
    pub(crate) rewritten: Option<Vec<u8>>,
    pub(crate) content: Vec<u8>,
    pub(crate) chain: Vec<u8>,
}

impl Kept {
    const COLUMNS: &str = "seq, id, recorded_at, copy, origin_seq, fact, rewritten, content, chain
        FROM kept JOIN copies ON copies.no = kept.origin";

    fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
        Ok(Kept {
            seq: row.get(0)?,
            id: row.get(1)?,
            recorded_at: row.get(2)?,
            copy: row.get(3)?,
            copy_seq: row.get(4)?,
            fact: row.get(5)?,
            rewritten: row.get(6)?,
            content: row.get(7)?,
            chain: row.get(8)?,
        })
    }

    /// One row; none where it is missing.
    pub(crate) fn find(file: &Connection, seq: i64) -> rusqlite::Result<Option<Kept>> {
        let select = format!("SELECT {} WHERE seq = ?1", Kept::COLUMNS);
        file.prepare_cached(&select)?.query_row([seq], Kept::read).optional()
    }

    /// Whether the fact is the one that was written.
    pub(crate) fn is_intact(&self) -> bool {
        let hash = self.rewritten.as_ref().unwrap_or(&self.content);
        self.fact.as_ref().is_none_or(|fact| content(fact)[..] == hash[..])
    }

    /// Whether it is the row after that number and chain, as it was written: its own chain, or what is wrong.
    pub(crate) fn is_next(&self, last: i64, chain: &Hash) -> Result<Hash, String> {
        let seq = last.saturating_add(1);
        if self.seq != seq {
            return Err(format!("fact {seq} is missing"));
        }
        if !self.is_intact() {
            return Err(format!("fact {seq} (`{}`) was changed", self.id));
        }
        let follows = || format!("fact {seq} (`{}`) does not follow from those before it", self.id);
        self.follows(chain).ok_or_else(follows)
    }

    fn follows(&self, before: &Hash) -> Option<Hash> {
        let content: &Hash = self.content.as_slice().try_into().ok()?;
        let link = Link {
            seq: self.seq,
            id: &self.id,
            recorded_at: &self.recorded_at,
            copy: &self.copy,
            copy_seq: self.copy_seq,
            content,
        };
        Some(link.after(before)).filter(|chain| chain[..] == self.chain[..])
    }
}

/// What is read of a journal's file.
pub(crate) struct Reading<'f> {
    file: &'f Connection,
    path: &'f Path,
    program: Program,
}

/// A book that was folded, and where the file ends.
pub(crate) struct Folded {
    pub(crate) book: Book,
    pub(crate) end: End,
    /// Facts that were folded, not restored.
    pub(crate) folded: i64,
}

impl<'f> Reading<'f> {
    pub(crate) fn begin(file: &'f Connection, path: &'f Path) -> Result<Reading<'f>, Fault> {
        let text: Option<String> = file
            .query_row("SELECT value FROM about WHERE key = 'program'", [], |row| row.get(0))
            .optional()
            .map_err(told(path))?;
        let text = text.ok_or_else(|| damaged(path, "it has no program"))?;
        let program = Program::parse("program", &text).map_err(|faults| {
            let first = faults.iter().next().map_or_else(String::new, ToString::to_string);
            let message =
                format!("the program in `{}` can't be read by this library: {first}", path.display());
            Fault::new("journal_newer", message)
                .advise("open it with the library that wrote it, or a newer one")
        })?;
        Ok(Reading { file, path, program })
    }

    /// The book, from the latest snapshot on.
    pub(crate) fn fold(&self) -> Result<Folded, Fault> {
        let restored = snapshots::latest(self.file).map_err(told(self.path))?;
        self.fold_from(restored)
    }

    /// The book from all facts that are there: from the snapshot only where some were compacted, or are not what was sealed any more.
    pub(crate) fn fold_afresh(&self) -> Result<Folded, Fault> {
        let compacted = self.there_is("SELECT 1 FROM kept WHERE fact IS NULL")?;
        if compacted || self.is_forgotten_behind_a_seal()? { self.fold() } else { self.fold_from(None) }
    }

    /// Whether someone was forgotten after a seal: what it settled is then told by snapshots alone, since the facts are others now.
    fn is_forgotten_behind_a_seal(&self) -> Result<bool, Fault> {
        self.there_is("SELECT 1 FROM kept JOIN seal ON seal.facts < kept.seq WHERE kind = 'erased'")
    }

    fn there_is(&self, select: &str) -> Result<bool, Fault> {
        let exists = format!("SELECT EXISTS ({select})");
        self.file.query_row(&exists, [], |row| row.get(0)).map_err(told(self.path))
    }

    fn fold_from(&self, restored: Option<Restored>) -> Result<Folded, Fault> {
        let told = told(self.path);
        let (head, chain, copy_seq, sum): (i64, Vec<u8>, i64, Vec<u8>) = self
            .file
            .query_row("SELECT facts, chain, copy_seq, sum FROM head", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .map_err(&told)?;
        let sum = Sum::from_bytes(&sum).ok_or_else(|| damaged(self.path, "its end can't be read"))?;
        if restored.is_none() && self.is_forgotten_behind_a_seal()? {
            let what = "no snapshot holds what was sealed before someone was forgotten";
            return Err(damaged(self.path, what));
        }
        let newly = || Restored { book: Book::new(self.program.clone()), facts: 0, seals: 0 };
        let Restored { book, facts, seals } = restored.unwrap_or_else(newly);
        if facts > head {
            return Err(damaged(self.path, &format!("facts after the {head}th are missing")).at("facts"));
        }
        let mut folding = Folding { book, waiting: Vec::new(), path: self.path };
        let mut due = self.seals(seals)?.into_iter().peekable();
        let mut all_seals = seals;
        let from = facts.min(head.saturating_sub(TAIL)).max(0);
        let end = self.walk(from, |row| {
            let after = row.seq.saturating_sub(1);
            while let Some((day, _)) = due.next_if(|(_, arrived)| *arrived <= after) {
                folding.seal(day)?;
                all_seals = all_seals.saturating_add(1);
            }
            if row.seq > facts {
                let message =
                    format!("fact {} (`{}`) is compacted and no snapshot holds it", row.seq, row.id);
                let fact = row.fact.ok_or_else(|| damaged(self.path, &message))?;
                folding.take(row.seq, fact)?;
            }
            Ok(())
        })?;
        for (day, _) in due {
            folding.seal(day)?;
            all_seals = all_seals.saturating_add(1);
        }
        if end.0 != head || end.1[..] != chain[..] {
            let what = format!("it ends with fact {}, not with the {head}th as written", end.0);
            return Err(damaged(self.path, &what).at(format!("facts[{}]", end.0)));
        }
        let book = folding.done()?;
        Ok(Folded {
            book,
            end: End { facts: end.0, chain: end.1, copy_seq, sum, seals: all_seals },
            folded: head.saturating_sub(facts),
        })
    }

    /// Goes through the rows after a number, each held to the chain. Answers the last number and its chain.
    pub(crate) fn walk(
        &self,
        from: i64,
        mut take: impl FnMut(Kept) -> Result<(), Fault>,
    ) -> Result<(i64, Hash), Fault> {
        let told = told(self.path);
        let place = |seq: i64, what: String| damaged(self.path, &what).at(format!("facts[{seq}]"));
        let mut chain = match from {
            0 => beginning(self.program.source()),
            _ => {
                let row = Kept::find(self.file, from).map_err(&told)?;
                let chain = row.and_then(|row| Hash::try_from(row.chain).ok());
                chain.ok_or_else(|| place(from, format!("fact {from} is missing")))?
            }
        };
        let mut last = from;
        let select = format!("SELECT {} WHERE seq > ?1 ORDER BY seq", Kept::COLUMNS);
        let mut rows = self.file.prepare(&select).map_err(&told)?;
        let mut rows = rows.query([from]).map_err(&told)?;
        while let Some(row) = rows.next().map_err(&told)? {
            let row = Kept::read(row).map_err(|_| {
                let seq = last.saturating_add(1);
                place(seq, format!("fact {seq} can't be read"))
            })?;
            let seq = last.saturating_add(1);
            chain = row.is_next(last, &chain).map_err(|what| place(seq, what))?;
            last = seq;
            take(row)?;
        }
        Ok((last, chain))
    }

    /// Seals after so many, in order: the day, and how many facts had arrived.
    fn seals(&self, after: i64) -> Result<Vec<(Day, i64)>, Fault> {
        let told = told(self.path);
        let mut seals = self
            .file
            .prepare("SELECT day, facts FROM seal ORDER BY day LIMIT -1 OFFSET ?1")
            .map_err(&told)?;
        let seals = seals
            .query_map([after], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))
            .and_then(Iterator::collect::<rusqlite::Result<Vec<(String, i64)>>>)
            .map_err(&told)?;
        seals.into_iter().map(|(day, facts)| Ok((Day::parse(&day)?, facts))).collect()
    }
}

/// Facts on their way into a book, some at once.
struct Folding<'p> {
    book: Book,
    waiting: Vec<(i64, String)>,
    path: &'p Path,
}

impl Folding<'_> {
    fn take(&mut self, seq: i64, fact: String) -> Result<(), Fault> {
        self.waiting.push((seq, fact));
        if self.waiting.len() < AT_ONCE { Ok(()) } else { self.fold() }
    }

    fn fold(&mut self) -> Result<(), Fault> {
        let waiting = std::mem::take(&mut self.waiting);
        let currency = self.book.currency();
        let mut facts = Vec::with_capacity(waiting.len());
        for (seq, text) in &waiting {
            let fact = Fact::from_json(text, currency).map_err(|fault| {
                let file = self.path.display();
                let message = format!("fact {seq} in `{file}` can't be read by this library: {fault}");
                Fault::new("journal_newer", message)
                    .at(format!("facts[{seq}]"))
                    .advise("open it with the library that wrote it, or a newer one")
            })?;
            facts.push(fact);
        }
        let count = facts.len();
        let merged = self.book.merge(facts)?;
        if merged.new == count {
            return Ok(());
        }
        let first = waiting.first().map_or(0, |(seq, _)| *seq);
        Err(damaged(self.path, "two facts have one id").at(format!("facts[{first}]")))
    }

    fn seal(&mut self, day: Day) -> Result<(), Fault> {
        self.fold()?;
        self.book.seal(day)
    }

    fn done(mut self) -> Result<Book, Fault> {
        self.fold()?;
        Ok(self.book)
    }
}
