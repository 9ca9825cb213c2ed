//! What could not be read or done, for people and for programs.

use parure::fault::{Fault, Place};
use parure::json::canonical;
use parure::program::Faults;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// What is wrong with a request or with what it carries. There is always a first fault; a program tells all of its own.
///
/// ```
/// # use parure::{book::Book, program::Program};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// # let book = Book::new(Program::parse("maison.toml", text)?);
/// let wrong = parure_json::ask(&book, r#"{"fact":{"idd":"p-1"}}"#).unwrap_err();
/// assert_eq!(wrong.to_string(), "fact.idd: the key `idd` is not known; did you mean `id`?");
/// assert!(wrong.to_json().starts_with(r#"{"advice":"did you mean `id`?","code":"unknown_key","#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    first: Box<Fault>,
    others: Vec<Fault>,
    shown: Option<String>,
}

/// An error as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(crate) struct ErrorView<'e> {
    /// The first fault.
    #[serde(flatten)]
    first: &'e Fault,
    /// All faults, where there is more than one: those of a program.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<&'e Fault>,
}

impl Error {
    /// The first fault, by place.
    #[must_use]
    pub fn first(&self) -> &Fault {
        &self.first
    }

    /// All faults, the first one first.
    pub fn faults(&self) -> impl ExactSizeIterator<Item = &Fault> {
        let all = self.others.len().saturating_add(1);
        (0..all).map(|at| at.checked_sub(1).and_then(|at| self.others.get(at)).unwrap_or(&self.first))
    }

    /// The fault at a position, counted from 0.
    #[must_use]
    pub fn fault(&self, at: usize) -> Option<&Fault> {
        match at.checked_sub(1) {
            None => Some(&self.first),
            Some(at) => self.others.get(at),
        }
    }

    /// Canonical JSON: `code`, `message`, `path`, where there are `advice` and `place`, and where there are several, all `faults`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let faults = if self.others.is_empty() { Vec::new() } else { self.faults().collect() };
        let view = ErrorView { first: &self.first, faults };
        canonical(&serde_json::to_value(view).unwrap_or_default())
    }

    /// The same with every path put behind `path`, and every place found again by `place`.
    pub(crate) fn within(mut self, path: &str, place: impl Fn(Option<Place>) -> Option<Place>) -> Error {
        for fault in std::iter::once(&mut *self.first).chain(&mut self.others) {
            fault.path = match fault.path.as_str() {
                "" => path.to_owned(),
                inner => format!("{path}.{inner}"),
            };
            fault.place = place(fault.place);
        }
        self
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error { first: Box::new(fault), others: Vec::new(), shown: None }
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        let mut all = faults.iter().cloned();
        let unreadable = || Fault::new("unreadable", "the program can't be read");
        Error {
            first: Box::new(all.next().unwrap_or_else(unreadable)),
            others: all.collect(),
            shown: Some(faults.to_string()),
        }
    }
}

/// For people: of a program every fault with the line it stands in, of anything else one line.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shown {
            Some(shown) => f.write_str(shown),
            None => self.first.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
