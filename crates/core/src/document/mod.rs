//! Strict reading of what people and programs write: one reader for TOML and JSON, shared by programs and facts.
//!
//! A text becomes a tree of [`Node`]s that remember where they stand; nothing is converted on the way (a number stays the text
//! it was written as, so that a binary float never touches money). [`Document::read`] then walks the tree with a [`Spot`]: a
//! node with its path. Each getter of a spot answers `None` where it found a fault and has noted it; the walk goes on, so that
//! all faults of a text are told at once, sorted by place.
//!
//! ```ignore
//! let document = Document::json(text, FACT_BYTES)?;              // or `Document::toml`
//! let purchase = document.read(|root| {
//!     let keys = root.table(&["id", "lines"])?;                    // an unknown key is a fault, with the nearest known one
//!     let id = keys.need("id", Spot::name);                        // Option<Cow<str>>: None when missing or wrong
//!     let note = keys.may("note", |spot| spot.text(256));          // Option<Option<_>>: Some(None) when it is not there
//!     let lines = keys.need("lines", |spot| spot.list(500, |line| {
//!         let keys = line.table(&["amount"])?;
//!         keys.need("amount", |spot| spot.money(currency))
//!     }));
//!     Some((id?, note?, lines?))                                   // `?` only after all has been read
//! })?;                                                             // Err: every fault with path, line and column
//! ```
//!
//! | Fault | When |
//! |---|---|
//! | `syntax`, `too_deep`, `too_large` | not JSON or TOML; nested deeper than [`DEPTH`]; more bytes than the caller allows |
//! | `repeated_key`, `unknown_key`, `missing_key` | keys |
//! | `wrong_kind`, `unknown_value` | a text where a number belongs; a word that is none of those known |
//! | `too_long`, `too_many`, `control_character`, `name_text` | texts, lists and names |
//! | `whole_number`, `number_range`, `money_float`, `quantity_float` | numbers |
//!
//! and those of [`Currency::money`](crate::money::Currency::money), [`Day::parse`](crate::calendar::Day::parse) and so on.

mod json;
mod nearest;
mod spot;
mod toml;

use crate::fault::{Fault, Place};
pub(crate) use nearest::nearest;
pub(crate) use spot::{Keys, Mark, NAME_BYTES, Spot};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

/// Lists and tables within each other.
pub(crate) const DEPTH: usize = 32;

/// Faults told of one text; a text with more is told of the first so many.
pub(crate) const FAULTS: usize = 100;

/// A value with the bytes it stands on. The span of a TOML `[table]` is its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node<'a> {
    pub(crate) value: Value<'a>,
    pub(crate) span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// As written; TOML's underscores, leading `+` and other bases than ten are resolved.
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    /// A TOML date or time, as written.
    Date(&'a str),
    /// What stood here could not be read, which has been told.
    Broken,
    List(Vec<Node<'a>>),
    /// In the order written; no key comes twice.
    Map(Vec<Entry<'a>>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) key: Cow<'a, str>,
    pub(crate) key_span: Range<usize>,
    pub(crate) node: Node<'a>,
}

impl Value<'_> {
    /// What it is, in words for a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::Date(_) => "a date",
            Value::Broken => "nothing",
            Value::List(_) => "a list",
            Value::Map(_) => "a table",
        }
    }
}

/// A text that was taken apart.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    text: &'a str,
    root: Node<'a>,
    /// Faults that did not keep the rest from being read: they are told together with what the walk finds.
    faults: Vec<Fault>,
}

impl<'a> Document<'a> {
    /// Takes JSON apart (RFC 8259; a repeated key is a fault).
    pub(crate) fn json(text: &'a str, most_bytes: usize) -> Result<Self, Vec<Fault>> {
        small_enough(text, most_bytes)?;
        let (root, faults) = json::parse(text).map_err(|fault| vec![fault])?;
        Ok(Document { text, root, faults })
    }

    /// Takes TOML apart. What can't be read is a fault; what can be is read all the same.
    pub(crate) fn toml(text: &'a str, most_bytes: usize) -> Result<Self, Vec<Fault>> {
        small_enough(text, most_bytes)?;
        let (root, faults) = toml::parse(text).map_err(|fault| vec![fault])?;
        Ok(Document { text, root, faults })
    }

    /// Walks the tree. `Err` holds every fault of the text, sorted by place.
    pub(crate) fn read<T>(&self, walk: impl FnOnce(Spot<'_, 'a>) -> Option<T>) -> Result<T, Vec<Fault>> {
        let broken =
            self.faults.iter().filter_map(|fault| fault.place.map(|place| place.start..place.end)).collect();
        let log = Log { text: self.text, faults: RefCell::new(self.faults.clone()), broken };
        let found = walk(Spot::root(&self.root, &log));
        let mut faults = log.faults.into_inner();
        match found {
            Some(found) if faults.is_empty() => Ok(found),
            _ => {
                if faults.is_empty() {
                    faults.push(Fault::new("unreadable", "the text can't be read"));
                }
                faults.sort_by_key(|fault| fault.place.map_or(0, |place| place.start));
                Err(faults)
            }
        }
    }
}

/// The faults found so far in one text.
#[derive(Debug)]
pub(crate) struct Log<'a> {
    text: &'a str,
    faults: RefCell<Vec<Fault>>,
    /// Where the text could not be read: nothing more is told of what stands there.
    broken: Vec<Range<usize>>,
}

impl Log<'_> {
    /// Whether no more is told: looking for what was meant would then be for nothing.
    fn is_full(&self) -> bool {
        self.faults.borrow().len() >= FAULTS
    }

    fn note(&self, fault: Fault, span: &Range<usize>) {
        let mut faults = self.faults.borrow_mut();
        let told = self.broken.iter().any(|broken| broken.start <= span.start && span.end <= broken.end);
        if faults.len() < FAULTS && !(told && span.start < span.end) {
            faults.push(placed(fault, self.text, span));
        }
    }
}

fn placed(mut fault: Fault, text: &str, span: &Range<usize>) -> Fault {
    let start = text.floor_char_boundary(span.start);
    fault.place = Some(Place::of(text, start..span.end.max(start)));
    fault
}

fn small_enough(text: &str, most_bytes: usize) -> Result<(), Vec<Fault>> {
    if text.len() <= most_bytes {
        return Ok(());
    }
    Err(vec![too_large(text.len(), most_bytes)])
}

/// The fault of a text with more bytes than are read.
pub(crate) fn too_large(bytes: usize, most_bytes: usize) -> Fault {
    Fault::new("too_large", format!("the text has {bytes} bytes, at most {most_bytes} are read"))
}

#[cfg(test)]
mod tests;
