//! A book from files of facts, a batch at a time.

use crate::args::Facts;
use crate::failure::Failure;
use crate::input::{Input, bar};
use crate::office::{Office, is_standard_input};
use crate::rejects::Rejects;
use indicatif::ProgressBar;
use parure::book::{Book, Merged};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::program::Program;
use serde::Serialize;
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::path::Path;

/// Rows that are merged into the book at once.
const BATCH: usize = 10_000;

/// What was read.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Read {
    /// Rows, without blank lines and headers.
    pub(crate) rows: u64,
    /// Facts that were new.
    pub(crate) new: u64,
    /// Facts that were there before: the same id, the same content.
    pub(crate) known: u64,
    /// Rows set aside.
    pub(crate) bad: u64,
    /// Whether any file was a table, which says of nobody that they joined.
    #[serde(skip)]
    pub(crate) tables: bool,
}

/// Folds all facts that are asked for.
pub(crate) fn fold(
    program: &Program,
    asked: Facts<'_>,
    outputs: &[&Path],
    office: &Office,
) -> Result<(Book, Read), Failure> {
    let mut book = Book::new(program.clone());
    let mut merge = |group: &[Placed<'_>]| Ok(book.merge(group.iter().map(|(_, fact)| fact)));
    let read = read(program, asked, outputs, office, &mut merge)?;
    Ok((book, read))
}

/// Reads all facts that are asked for, and has them merged a batch at a time. A fault of a fact is its row's; a failure ends it.
pub(crate) fn read(
    program: &Program,
    asked: Facts<'_>,
    outputs: &[&Path],
    office: &Office,
    merge: Merge<'_>,
) -> Result<Read, Failure> {
    check_files(asked, outputs)?;
    let rejects = Rejects::open(asked.rows.on_bad(), asked.rows.rejects.as_deref())?;
    let bar = bar(asked);
    let mut folding = Folding { into: merge, read: Read::default(), rejects, bar, office };
    for path in asked.files {
        let mut input = Input::open(path, asked, program, &folding.bar)?;
        folding.read.tables |= input.is_table();
        loop {
            let rows = input.fill(BATCH)?;
            if rows == 0 {
                break;
            }
            folding.batch(&input, rows)?;
        }
    }
    folding.bar.finish_and_clear();
    if let Some(told) = folding.rejects.close()? {
        office.note(&told);
    }
    folding.read.bad = folding.rejects.count();
    Ok(folding.read)
}

/// No file is read twice from the standard input, and nothing is written over what is read.
fn check_files(asked: Facts<'_>, outputs: &[&Path]) -> Result<(), Failure> {
    if asked.files.iter().filter(|path| is_standard_input(path)).count() > 1 {
        return Err(Failure::misuse("stdin_twice", "the standard input can be read once only"));
    }
    let outputs = outputs.iter().copied().chain(asked.rows.rejects.as_deref());
    not_over(asked.files.iter().map(AsRef::as_ref), outputs)
}

/// Nothing is written over what is read.
pub(crate) fn not_over<'p>(
    read: impl Iterator<Item = &'p Path>,
    outputs: impl Iterator<Item = &'p Path>,
) -> Result<(), Failure> {
    let real = |path: &Path| path.canonicalize().ok();
    let read: Vec<_> = read.filter_map(real).collect();
    for path in outputs {
        if real(path).is_some_and(|real| read.contains(&real)) {
            let message = format!("`{}` is read and would be written over", path.display());
            return Err(Failure::misuse("would_overwrite", message));
        }
    }
    Ok(())
}

struct Folding<'o> {
    into: Merge<'o>,
    read: Read,
    rejects: Rejects,
    bar: ProgressBar,
    office: &'o Office,
}

/// A fact and its row in the batch.
pub(crate) type Placed<'f> = (usize, Fact<'f>);

/// What facts are merged into.
pub(crate) type Merge<'o> = &'o mut dyn FnMut(&[Placed<'_>]) -> Result<Result<Merged, Fault>, Failure>;

impl Folding<'_> {
    fn batch(&mut self, input: &Input, rows: usize) -> Result<(), Failure> {
        let mut group: Vec<Placed<'_>> = Vec::with_capacity(rows);
        let mut ids: HashSet<u64> = HashSet::with_capacity(rows);
        for at in 0..rows {
            self.read.rows += 1;
            let fact = match input.fact(at) {
                Ok(fact) => fact,
                Err(fault) => {
                    self.set_aside(input, at, fault)?;
                    continue;
                }
            };
            // Each id once in a merge, and a program on its own: what the book then says of them belongs to one row. Two ids
            // with the same hash only make one merge more.
            let alone = fact.kind() == "adopted";
            let id = ids.hasher().hash_one(fact.id());
            if alone || ids.contains(&id) {
                self.merge(input, &group)?;
                group.clear();
                ids.clear();
            }
            if alone {
                self.merge(input, &[(at, fact)])?;
            } else {
                ids.insert(id);
                group.push((at, fact));
            }
        }
        self.merge(input, &group)
    }

    fn merge(&mut self, input: &Input, group: &[Placed<'_>]) -> Result<(), Failure> {
        let Some((first, _)) = group.first() else { return Ok(()) };
        let merged = match (self.into)(group)? {
            Ok(merged) => merged,
            Err(fault) => return self.set_aside(input, *first, fault),
        };
        self.read.new += merged.new as u64;
        self.read.known += merged.known as u64;
        for conflict in merged.conflicts {
            let Some((at, _)) = group.iter().find(|(_, fact)| fact.id() == conflict.id) else { continue };
            let message =
                format!("the fact `{}` is there already, with another `{}`", conflict.id, conflict.field);
            let fault = Fault::new("same_id_other_content", message).at(conflict.field);
            self.set_aside(input, *at, fault)?;
        }
        Ok(())
    }

    fn set_aside(&mut self, input: &Input, at: usize, fault: Fault) -> Result<(), Failure> {
        let shown = self.rejects.take(input.bad(at, fault));
        if shown.is_err() {
            self.bar.finish_and_clear();
        }
        if let Some(text) = shown? {
            self.bar.suspend(|| self.office.note(&text));
        }
        Ok(())
    }
}
