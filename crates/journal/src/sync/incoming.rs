//! Facts on their way from other copies: where each comes from, and what becomes of those that the book does not take.

use super::copies::Copies;
use crate::chain::Hash;
use std::collections::{BTreeMap, BTreeSet};

/// What has come from other copies, beside the facts themselves.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    /// The copy that took a new fact in first, its number there, and the hash of its content as it was written first, by the fact's id.
    pub(super) origins: BTreeMap<String, (String, i64, Hash)>,
    pub(super) asides: Vec<Aside>,
    /// One that waited for this library to read it, and is taken in.
    pub(crate) waited: Option<Waited>,
}

/// A fact of a copy that is no new fact of the book.
#[derive(Debug)]
pub(crate) struct Aside {
    pub(crate) copy: String,
    pub(crate) seq: i64,
    pub(crate) content: Hash,
    pub(crate) why: Why,
}

#[derive(Debug)]
pub(crate) enum Why {
    /// The book has it, by this id.
    Known(String),
    /// The book has another fact of its id.
    Conflict(String),
    /// A newer library wrote it.
    Newer(String),
}

/// A fact that a newer library wrote: its copy, its number there, the hash of its content as it was written first, and the fact.
#[derive(Debug, Clone)]
pub(crate) struct Waited {
    pub(crate) copy: String,
    pub(crate) seq: i64,
    pub(crate) content: Hash,
    pub(crate) fact: String,
}

impl Aside {
    /// Whether it waits for a newer library, and the fact, where the book does not hold it.
    pub(crate) fn kept_here(&self) -> (bool, Option<&str>) {
        match &self.why {
            Why::Known(_) => (false, None),
            Why::Conflict(fact) => (false, Some(fact)),
            Why::Newer(fact) => (true, Some(fact)),
        }
    }

    /// The id by which the book has it.
    pub(crate) fn known_as(&self) -> Option<&str> {
        match &self.why {
            Why::Known(id) => Some(id),
            Why::Conflict(_) | Why::Newer(_) => None,
        }
    }
}

impl Incoming {
    /// Whether another copy has just been heard of: what waited has been here all along.
    pub(crate) fn is_heard(&self) -> bool {
        self.waited.is_none()
    }

    /// The copies that these facts come from.
    pub(crate) fn copies(&self) -> BTreeSet<&str> {
        let new = self.origins.values().map(|(copy, ..)| copy.as_str());
        let waited = self.waited.iter().map(|waited| waited.copy.as_str());
        new.chain(self.asides.iter().map(|aside| aside.copy.as_str())).chain(waited).collect()
    }

    /// Whether another one goes by this copy's name and gave it numbers: this one takes a new name then.
    pub(crate) fn is_forked(&self, own: &str) -> bool {
        self.copies().contains(own)
    }
}

/// Which facts of other copies are held from now on.
#[derive(Debug)]
pub(crate) struct Noting<'i> {
    incoming: &'i Incoming,
    pub(crate) copies: Copies,
}

impl<'i> Noting<'i> {
    /// `copies`: all that these facts come from are among them.
    pub(crate) fn of(incoming: &'i Incoming, mut copies: Copies) -> Noting<'i> {
        if let Some(Waited { copy, content, .. }) = &incoming.waited {
            copies.let_go(copy, content);
        }
        Noting { incoming, copies }
    }

    /// A new fact of the book: the copy that it comes from, by number and name, its number there, and the hash of its content.
    pub(crate) fn take(&mut self, id: &str) -> Option<(i64, &'i str, i64, Hash)> {
        let (copy, seq, content) = self.incoming.origins.get(id)?;
        self.copies.hold(copy, *seq, content);
        Some((self.copies.number(copy)?, copy, *seq, *content))
    }

    /// What is not new, with the number here of the copy that it comes from.
    pub(crate) fn asides(&self) -> impl Iterator<Item = (i64, &'i Aside)> {
        self.incoming.asides.iter().filter_map(|aside| Some((self.copies.number(&aside.copy)?, aside)))
    }

    /// What is not new, and is held from now on.
    pub(crate) fn hold(&mut self, aside: &Aside) {
        self.copies.hold(&aside.copy, aside.seq, &aside.content);
    }
}
