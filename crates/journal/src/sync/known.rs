//! What a copy holds, as text for another copy.

use super::copies::Copies;
use super::file;
use super::held::{Held, Sum};
use crate::chain::{beginning, hex};
use crate::journal::Journal;
use crate::told::told;
use parure::fault::Fault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The layout of this text and of changes that this library writes, and the newest that it reads.
pub(super) const LAYOUT: u32 = 1;
const KIND: &str = "known";

/// Which facts a copy holds: of each copy that took facts in first, which of its numbers, and a sum that tells whether they are the same
/// facts. It names no customer, and grows with the number of copies, not of facts.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// # let shop = parure_journal::create(folder.path().join("shop.db"), &parure::program::Program::parse("maison.toml", rules)?)?;
/// use parure_journal::Known;
/// let known = shop.known()?;
/// assert_eq!(Known::parse(&known.to_text())?, known); // on its way by mail, say
/// assert_eq!(Known::parse("known of old").unwrap_err().code, "sync_damaged");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    parure: String,
    layout: u32,
    /// The hash of the program that the book began with: books of others are told.
    pub(crate) program: String,
    pub(super) copies: BTreeMap<String, Held>,
}

impl Known {
    /// One line of JSON.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(folder.path().join("shop.db"), &parure::program::Program::parse("maison.toml", rules)?)?;
    /// assert!(shop.known()?.to_text().starts_with(r#"{"parure":"known","layout":1,"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`Known::to_text`] wrote.
    ///
    /// ```
    /// use parure_journal::Known;
    /// assert_eq!(Known::parse(r#"{"parure":"known","layout":9}"#).unwrap_err().code, "sync_newer");
    /// ```
    ///
    /// # Errors
    /// `sync_damaged` for anything else, `sync_newer` for the text of a newer library.
    pub fn parse(text: &str) -> Result<Known, Fault> {
        is_readable(text, KIND)?;
        let known: Known = serde_json::from_str(text).map_err(|why| damaged(&why.to_string()))?;
        match known.copies.values().all(|held| held.numbers.are_well_formed()) {
            true => Ok(known),
            false => Err(damaged("its numbers are not in order")),
        }
    }

    /// What a copy holds that goes by the name `own`: of its own facts, the last number that it gave and the sum over them all.
    pub(crate) fn of(program: &str, copies: &Copies, own: &str, (last, sum): (i64, Sum)) -> Known {
        let mut copies: BTreeMap<String, Held> =
            copies.iter().map(|(name, _, held)| (name.to_owned(), held.clone())).collect();
        copies.insert(own.to_owned(), Held::up_to(last, sum));
        copies.retain(|_, held| held.numbers.count() > 0);
        Known { parure: KIND.to_owned(), layout: LAYOUT, program: Known::book_of(program), copies }
    }

    /// What tells a book from others, by the program that it began with.
    pub(crate) fn book_of(program: &str) -> String {
        hex(&beginning(program))
    }

    /// Whether both are of books that began with the same program.
    pub(crate) fn same_book(program: &str, other: &str) -> Result<(), Fault> {
        if program == other {
            return Ok(());
        }
        Err(Fault::new(
            "sync_other_book",
            "the two began with different programs: they are copies of different books",
        )
        .advise("make a copy of a book with `backup`, or begin it with the same program"))
    }
}

/// Whether a text says that it is of this kind, in a layout that this library reads.
pub(super) fn is_readable(text: &str, kind: &str) -> Result<(), Fault> {
    #[derive(Deserialize)]
    struct Beginning {
        parure: String,
        layout: u32,
    }
    let beginning: Beginning = serde_json::from_str(text).map_err(|why| damaged(&why.to_string()))?;
    if beginning.parure != kind {
        return Err(damaged(&format!("it is `{}`, not `{kind}`", beginning.parure)));
    }
    if beginning.layout > LAYOUT {
        let message =
            format!("it has layout {}, this library knows layouts up to {LAYOUT}", beginning.layout);
        return Err(Fault::new("sync_newer", message).advise("merge it with a newer library"));
    }
    Ok(())
}

/// Bytes that are not what a copy wrote.
pub(super) fn damaged(what: &str) -> Fault {
    Fault::new("sync_damaged", format!("this is not what a copy wrote: {what}"))
        .advise("have it sent again: nothing of it was taken in")
}

impl Journal {
    /// Which facts this copy holds. Another copy answers with what it lacks: [`Journal::changes_since`].
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(folder.path().join("shop.db"), &parure::program::Program::parse("maison.toml", rules)?)?;
    /// let known = shop.known()?;
    /// assert!(shop.changes_since(&known, 1_000)?.text.lines().count() == 2); // nothing between its first line and its last
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn known(&self) -> Result<Known, Fault> {
        let writer = self.reader()?;
        let copies = file::read(&writer.file).map_err(told(self.path()))?;
        let program: String = writer
            .file
            .query_row("SELECT value FROM about WHERE key = 'program'", [], |row| row.get(0))
            .map_err(told(self.path()))?;
        Ok(Known::of(&program, &copies, &writer.copy, (writer.end.copy_seq, writer.end.sum)))
    }
}
