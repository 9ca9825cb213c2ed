//! What another copy lacks, as text: a line that says what it is, a line for each fact, a line that closes it.

use super::held::{Held, Numbers, Sum};
use super::known::{Known, LAYOUT, damaged, is_readable};
use crate::chain::{Hash, content, hex, unhex};
use crate::journal::Journal;
use crate::told::told;
use parure::fault::Fault;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write;

const KIND: &str = "changes";

/// Facts that another copy lacks.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// # let program = parure::program::Program::parse("maison.toml", rules)?;
/// use parure::fact::Fact;
/// let nanjing_road = parure_journal::create(folder.path().join("nanjing-road.db"), &program)?;
/// let airport = parure_journal::create(folder.path().join("airport.db"), &program)?;
/// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
/// nanjing_road.record(&Fact::from_json(joined, program.currency())?)?;
///
/// let changes = nanjing_road.changes_since(&airport.known()?, 10_000)?;
/// assert_eq!((changes.facts, changes.more), (1, false));
/// assert_eq!(airport.merge_changes(&changes.text)?.merged.new, 1);
/// assert_eq!(airport.merge_changes(&changes.text)?.merged.new, 0); // a second time changes nothing
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// JSON lines, for [`Journal::merge_changes`] there.
    pub text: String,
    /// How many facts they hold.
    pub facts: usize,
    /// There were more than asked for: ask again with what the other copy knows after it has merged these, or with `then`.
    pub more: bool,
    /// What the other copy will know when it has merged these.
    pub then: Known,
}

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading<'t> {
    #[serde(borrow)]
    parure: Cow<'t, str>,
    layout: u32,
    /// Of the library that wrote it.
    #[serde(borrow)]
    version: Cow<'t, str>,
    #[serde(borrow)]
    program: Cow<'t, str>,
}

/// A fact: the copy that took it in first, its number there, its canonical JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent<'t> {
    #[serde(borrow)]
    pub(super) copy: Cow<'t, str>,
    pub(super) seq: i64,
    /// The hash of its JSON as it was written first, where someone whom it named has been forgotten since.
    #[serde(borrow, default)]
    pub(super) content: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub(super) fact: &'t RawValue,
}

impl Sent<'_> {
    /// The hash of the fact as it was written first, given its canonical JSON; none where the text tells no hash.
    pub(super) fn first_content(&self, json: &str) -> Option<Hash> {
        match &self.content {
            Some(text) => unhex(text),
            None => Some(content(json)),
        }
    }
}

/// The last line: the hash of all before it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing<'t> {
    #[serde(borrow)]
    sha256: Cow<'t, str>,
}

/// Changes as they were read.
pub(crate) struct Opened<'t> {
    pub(crate) program: Cow<'t, str>,
    /// A newer library wrote them: facts that can't be read wait for it.
    pub(super) newer: bool,
    pub(super) facts: Vec<Sent<'t>>,
}

impl<'t> Opened<'t> {
    /// # Errors
    /// `sync_damaged` with the line, `sync_newer`.
    pub(crate) fn read(text: &'t str) -> Result<Opened<'t>, Fault> {
        let cut = || damaged("its end is missing");
        let before_closing = text.strip_suffix('\n').ok_or_else(cut)?.rfind('\n').ok_or_else(cut)?;
        let (body, closing) = text.split_at_checked(before_closing.saturating_add(1)).ok_or_else(cut)?;
        let closing: Closing<'_> = serde_json::from_str(closing.trim_end()).map_err(|_| cut())?;
        let mut lines = body.lines();
        let heading = lines.next().unwrap_or_default();
        is_readable(heading, KIND)?;
        if closing.sha256 != hash(body) {
            return Err(damaged("it was changed on its way"));
        }
        let at_line = |at: usize| format!("line {at}");
        let heading: Heading<'_> =
            serde_json::from_str(heading).map_err(|why| damaged(&why.to_string()).at(at_line(1)))?;
        let facts = lines.zip(2_usize..).map(|(line, at)| {
            let sent: Sent<'_> =
                serde_json::from_str(line).map_err(|why| damaged(&why.to_string()).at(at_line(at)))?;
            let named = (1..=64).contains(&sent.copy.len())
                && sent.copy.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && (1..i64::MAX).contains(&sent.seq);
            if named {
                Ok(sent)
            } else {
                Err(damaged("no copy gives such names and numbers").at(at_line(at)))
            }
        });
        let facts = facts.collect::<Result<_, Fault>>()?;
        Ok(Opened { program: heading.program, newer: is_newer(&heading.version), facts })
    }
}

/// Whether a version is behind this library's own.
fn is_newer(version: &str) -> bool {
    let numbers = |version: &str| -> Vec<u32> {
        version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
    };
    numbers(version) > numbers(env!("CARGO_PKG_VERSION"))
}

fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

impl Journal {
    /// What a copy that knows this much lacks: `most` facts, or all of them where there are no more. The text is for the host to move, by
    /// a file, a network or a stick; [`Journal::merge_changes`] takes it in there.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let program = parure::program::Program::parse("maison.toml", rules)?;
    /// # let shop = parure_journal::create(folder.path().join("shop.db"), &program)?;
    /// # let year = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.jsonl"));
    /// # let year: Result<Vec<_>, _> = year.lines().map(|line| parure::fact::Fact::from_json(line, program.currency())).collect();
    /// # shop.merge(year?)?; // 54 facts
    /// let new_till = parure_journal::create(folder.path().join("till.db"), &program)?;
    /// let mut known = new_till.known()?;
    /// loop {
    ///     let changes = shop.changes_since(&known, 20)?; // 20, 20, 14
    ///     new_till.merge_changes(&changes.text)?;
    ///     known = changes.then;
    ///     if !changes.more {
    ///         break;
    ///     }
    /// }
    /// assert_eq!(new_till.ask(|book| book.facts()), 54);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `sync_other_book` for a book that began with another program; `sync_compacted` where it lacks facts whose contents this copy has
    /// dropped behind a seal: give it a backup.
    pub fn changes_since(&self, known: &Known, most: usize) -> Result<Changes, Fault> {
        let own = self.known()?;
        Known::same_book(&own.program, &known.program)?;
        let mut writer = self.reader()?;
        // Only who sends changes needs it: a shop that stands alone writes a page less for each sale.
        let indexed = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'kept_by_origin')";
        if !writer.file.query_row(indexed, [], |row| row.get(0)).map_err(told(self.path()))? {
            writer.can_write()?;
            writer.commit(|rows, _| {
                rows.execute_batch("CREATE INDEX kept_by_origin ON kept (origin, origin_seq)")
            })?;
        }
        Changes::lacking(&own, known, most, &mut &*writer)
    }
}

/// Facts by the numbers that the copy gave them which took them in first, wherever they are kept.
pub(crate) trait ByNumber {
    type Wrong: From<Fault>;

    /// Shows a copy's facts between two numbers, in their order, for as long as it is answered to go on: the number, the fact where its
    /// contents are not gone, and the hash of what was written first.
    fn show(&mut self, copy: &str, range: (i64, i64), each: &mut Each<'_>) -> Result<(), Self::Wrong>;

    /// The sum over their contents.
    fn sum(&mut self, copy: &str, numbers: &Numbers) -> Result<Sum, Self::Wrong>;
}

pub(crate) type Each<'e> = dyn FnMut(i64, Option<&str>, &Hash) -> Result<bool, Fault> + 'e;

impl Changes {
    /// Of what is held here (`own`), what a copy lacks that knows so much.
    pub(crate) fn lacking<B: ByNumber>(
        own: &Known,
        known: &Known,
        most: usize,
        facts: &mut B,
    ) -> Result<Changes, B::Wrong> {
        let most = most.max(1);
        let mut changes = Changes { text: heading(&own.program), facts: 0, more: false, then: known.clone() };
        for (name, mine) in &own.copies {
            let theirs = known.copies.get(name).cloned().unwrap_or_default();
            let lacking = mine.numbers.without(&theirs.numbers);
            let forked = are_other_facts(facts, name, mine, &theirs)?;
            let numbers = if forked { &mine.numbers } else { &lacking };
            for range in numbers.ranges() {
                if changes.facts >= most && !forked {
                    changes.more = true;
                    break;
                }
                facts.show(name, *range, &mut |seq, fact, content| {
                    // Two that went by one name: their facts are told apart by sending all at once.
                    if changes.facts >= most && !forked {
                        changes.more = true;
                        return Ok(false);
                    }
                    changes.tell(name, seq, fact.ok_or_else(|| compacted(name, seq))?, content);
                    Ok(true)
                })?;
            }
            if forked {
                changes.then.copies.insert(name.clone(), mine.clone());
            }
        }
        let closing = Closing { sha256: hash(&changes.text).into() };
        changes.text.push_str(&serde_json::to_string(&closing).unwrap_or_default());
        changes.text.push('\n');
        Ok(changes)
    }

    fn tell(&mut self, copy: &str, seq: i64, fact: &str, content: &Hash) {
        let first = match self::content(fact) == *content {
            true => String::new(),
            false => format!(r#""content":"{}","#, hex(content)),
        };
        // A string takes whatever is written.
        let _ = writeln!(self.text, r#"{{"copy":"{copy}","seq":{seq},{first}"fact":{fact}}}"#);
        self.facts = self.facts.saturating_add(1);
        self.then.copies.entry(copy.to_owned()).or_default().add(seq, content);
    }
}

fn heading(program: &str) -> String {
    let version = env!("CARGO_PKG_VERSION").into();
    let heading = Heading { parure: KIND.into(), layout: LAYOUT, version, program: program.into() };
    serde_json::to_string(&heading).unwrap_or_default() + "\n"
}

fn compacted(copy: &str, seq: i64) -> Fault {
    let message = format!(
        "the other copy lacks fact {seq} of the copy `{copy}`, whose contents this one has dropped behind a seal"
    );
    Fault::new("sync_compacted", message).advise("give the other copy a backup of this one")
}

/// Whether two went by this copy's name and gave the same numbers to different facts, as when a file was put back from a copy that was not
/// made by `backup`. It can be told where this one holds all the numbers that the other holds.
fn are_other_facts<B: ByNumber>(
    facts: &mut B,
    name: &str,
    mine: &Held,
    theirs: &Held,
) -> Result<bool, B::Wrong> {
    if theirs.numbers.count() == 0 || theirs.numbers.without(&mine.numbers).count() > 0 {
        return Ok(false);
    }
    let lacking = mine.numbers.without(&theirs.numbers);
    // Whichever is shorter is added up.
    Ok(match lacking.count() < theirs.numbers.count() {
        true => mine.sum.less(facts.sum(name, &lacking)?) != theirs.sum,
        false => facts.sum(name, &theirs.numbers)? != theirs.sum,
    })
}
