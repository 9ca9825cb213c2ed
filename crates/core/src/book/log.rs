//! The facts a book has taken in, as bytes, in the order of arrival.

use super::index::{Half, Index};
use crate::fact::Fact;
use crate::fault::Fault;
use crate::loyalty::lots::FactNo;
use prefetch_index::prefetch_index;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_128;

/// Facts by number: the number is the place of arrival and never changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    bytes: Vec<u8>,
    heads: Vec<Head>,
    by_id: Index,
}

/// Where a fact begins, and when it happened.
#[derive(Debug, Clone, Copy)]
struct Head {
    start: u64,
    micros: i64,
}

/// What is kept of a fact: all of it, or, behind a seal, what tells whether it comes again.
#[derive(Debug, Clone)]
pub(crate) enum Kept<'a> {
    Whole(Fact<'a>),
    /// The hash of its bytes; its id stands before it.
    Sealed(u128),
}

/// What a fact's bytes begin with: all of it follows, or its id and a hash. In both the id comes next.
const WHOLE: u8 = 0;
const SEALED: u8 = 1;

/// A fact ready to be kept: its bytes were made once and serve the comparison and the log.
#[derive(Debug, Clone)]
pub(crate) struct Encoded {
    bytes: Vec<u8>,
    id: Half,
}

impl Log {
    pub(crate) fn len(&self) -> usize {
        self.heads.len()
    }

    /// Makes the bytes of a fact, in the buffer of one that is no longer needed. `id`: half the hash of its id.
    pub(crate) fn encode(fact: &Fact<'_>, id: Half, reuse: Option<Encoded>) -> Encoded {
        let mut bytes = reuse.map_or_else(Vec::new, |old| old.bytes);
        bytes.clear();
        bytes.push(WHOLE);
        fact.encode(&mut bytes);
        Encoded { bytes, id }
    }

    /// Has the machine fetch where the number of a fact's id lies.
    pub(crate) fn fetch_id(&self, half: Half) {
        self.by_id.fetch(half);
    }

    pub(crate) fn find(&self, id: &str) -> Option<FactNo> {
        self.find_by(Half::of(id), id)
    }

    /// The same, where half the hash of the id is known.
    pub(crate) fn find_by(&self, half: Half, id: &str) -> Option<FactNo> {
        self.by_id.find(half, |no| self.id(no) == id)
    }

    /// Whether the kept fact is the very same.
    pub(crate) fn same(&self, no: FactNo, encoded: &Encoded) -> bool {
        match self.kept(no) {
            Some(Kept::Sealed(content)) => content == xxh3_128(&encoded.bytes),
            Some(Kept::Whole(_)) => self.slice(no) == encoded.bytes,
            None => false,
        }
    }

    pub(crate) fn push(&mut self, encoded: &Encoded, micros: i64) -> Result<FactNo, Fault> {
        let no = FactNo::try_from(self.heads.len()).ok().filter(|no| *no < FactNo::MAX);
        let full = || Fault::new("book_full", "a book holds fewer than 2^32 - 1 facts");
        let no = no.ok_or_else(full)?;
        let start = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        self.bytes.extend_from_slice(&encoded.bytes);
        self.heads.push(Head { start, micros });
        self.by_id.add(encoded.id, no);
        Ok(no)
    }

    /// The facts that the log holds whole from a number on.
    pub(crate) fn since(&self, facts: usize) -> impl Iterator<Item = (FactNo, Fact<'_>)> {
        self.numbers().skip(facts).filter_map(|no| Some((no, self.fact(no)?)))
    }

    /// Forgets the facts from a number on, as if they had not arrived.
    pub(crate) fn truncate(&mut self, facts: usize) {
        for no in self.numbers().skip(facts) {
            self.by_id.remove(Half::of(self.id(no)), no);
        }
        let start = self.heads.get(facts).and_then(|head| usize::try_from(head.start).ok());
        self.bytes.truncate(start.unwrap_or(self.bytes.len()));
        self.heads.truncate(facts);
    }

    /// Has the machine fetch both ends of each fact side by side before they are decoded one after another: the facts of an account
    /// lie far apart.
    pub(crate) fn fetch(&self, facts: &[FactNo]) {
        for bytes in facts.iter().map(|no| self.slice(*no)) {
            prefetch_index(bytes, 0);
            prefetch_index(bytes, bytes.len());
        }
    }

    fn slice(&self, no: FactNo) -> &[u8] {
        slice_in(&self.bytes, &self.heads, no)
    }

    pub(crate) fn kept(&self, no: FactNo) -> Option<Kept<'_>> {
        match self.slice(no).split_first()? {
            (&SEALED, rest) => rest.last_chunk().map(|hash| Kept::Sealed(u128::from_le_bytes(*hash))),
            _ => self.fact(no).map(Kept::Whole),
        }
    }

    pub(crate) fn fact(&self, no: FactNo) -> Option<Fact<'_>> {
        match self.slice(no).split_first()? {
            (&WHOLE, rest) => Fact::decode(rest),
            _ => None,
        }
    }

    pub(crate) fn id(&self, no: FactNo) -> &str {
        id_in(&self.bytes, &self.heads, no)
    }

    pub(crate) fn micros(&self, no: FactNo) -> i64 {
        let at = usize::try_from(no).unwrap_or(usize::MAX);
        self.heads.get(at).map_or(i64::MAX, |head| head.micros)
    }

    /// All numbers, in the order of arrival.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = FactNo> + use<> {
        0..FactNo::try_from(self.heads.len()).unwrap_or(FactNo::MAX)
    }

    /// Keeps only what tells whether a fact comes again, of those that `dropped` names.
    pub(crate) fn forget_contents(&mut self, dropped: impl Fn(FactNo) -> bool) {
        let mut bytes = Vec::new();
        let mut heads = Vec::with_capacity(self.heads.len());
        for no in self.numbers() {
            let start = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            heads.push(Head { start, micros: self.micros(no) });
            let whole = self.slice(no);
            match whole.split_first() {
                Some((&WHOLE, _)) if dropped(no) => {
                    let id = self.id(no);
                    bytes.push(SEALED);
                    // At most 64 bytes.
                    bytes.push(u8::try_from(id.len()).unwrap_or(0));
                    bytes.extend_from_slice(id.as_bytes());
                    bytes.extend_from_slice(&xxh3_128(whole).to_le_bytes());
                }
                _ => bytes.extend_from_slice(whole),
            }
        }
        self.bytes = bytes;
        self.heads = heads;
    }

    /// Puts other bytes in the place of facts that are kept.
    pub(crate) fn rewrite(&mut self, others: &BTreeMap<FactNo, Encoded>) {
        if others.is_empty() {
            return;
        }
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut heads = Vec::with_capacity(self.heads.len());
        for no in self.numbers() {
            let start = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            heads.push(Head { start, micros: self.micros(no) });
            bytes.extend_from_slice(others.get(&no).map_or_else(|| self.slice(no), |other| &other.bytes));
        }
        self.bytes = bytes;
        self.heads = heads;
    }

    /// Whether two logs keep a fact in the same bytes.
    pub(crate) fn keeps_as(&self, other: &Log, no: FactNo) -> bool {
        self.slice(no) == other.slice(no)
    }

    /// The log as two runs of bytes: facts, and where they begin.
    pub(crate) fn parts(&self) -> (&[u8], Vec<u8>) {
        let heads = self.heads.iter().flat_map(|head| {
            let (start, micros) = (head.start.to_le_bytes(), head.micros.to_le_bytes());
            start.into_iter().chain(micros)
        });
        (&self.bytes, heads.collect())
    }

    /// The log from its two runs of bytes; `None` unless each fact has an id.
    ///
    /// # Errors
    /// An id that two facts have.
    pub(crate) fn from_parts(bytes: Vec<u8>, heads: &[u8]) -> Result<Option<Log>, Fault> {
        let number = |bytes: &[u8]| bytes.try_into().ok();
        let heads = heads.chunks_exact(16).map(|head| {
            let (start, micros) = head.split_at_checked(8)?;
            Some(Head {
                start: u64::from_le_bytes(number(start)?),
                micros: i64::from_le_bytes(number(micros)?),
            })
        });
        let Some(heads) = heads.collect::<Option<Vec<Head>>>() else { return Ok(None) };
        let Ok(count) = FactNo::try_from(heads.len()) else { return Ok(None) };
        let mut by_id = Index::with_room(heads.len());
        for no in 0..count {
            let id = id_in(&bytes, &heads, no);
            if id.is_empty() {
                return Ok(None);
            }
            let half = Half::of(id);
            if by_id.find(half, |other| id_in(&bytes, &heads, other) == id).is_some() {
                let message = format!("the snapshot holds two facts with the id `{id}`");
                return Err(Fault::new("snapshot_damaged", message));
            }
            by_id.add(half, no);
        }
        Ok(Some(Log { bytes, heads, by_id }))
    }
}

fn slice_in<'a>(bytes: &'a [u8], heads: &[Head], no: FactNo) -> &'a [u8] {
    let at = usize::try_from(no).unwrap_or(usize::MAX);
    let start_of = |at: usize| heads.get(at).and_then(|head| usize::try_from(head.start).ok());
    let end = at.checked_add(1).and_then(start_of).unwrap_or(bytes.len());
    start_of(at).and_then(|start| bytes.get(start..end)).unwrap_or_default()
}

/// The id is the first text behind the tag; ids are at most 64 bytes, so its length is one byte.
fn id_in<'a>(bytes: &'a [u8], heads: &[Head], no: FactNo) -> &'a str {
    let slice = slice_in(bytes, heads, no);
    let length = slice.get(1).map_or(0, |length| usize::from(*length));
    let id = length.checked_add(2).and_then(|end| slice.get(2..end)).unwrap_or_default();
    std::str::from_utf8(id).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Half, Log};
    use crate::calendar::Moment;
    use crate::fact::{Fact, Profile};

    #[test]
    fn two_facts_of_one_id_are_told() {
        let at = Moment::parse("2026-01-01T10:00:00+08:00").unwrap();
        let mut log = Log::default();
        for id in ["j-1", "j-2", "j-1"] {
            let fact = Fact::joined(id, at, "c-1", Profile::default()).unwrap();
            log.push(&Log::encode(&fact, Half::of(id), None), at.micros()).unwrap();
        }
        let (bytes, heads) = log.parts();
        let two = Log::from_parts(bytes.to_vec(), heads.get(..32).unwrap()).unwrap();
        assert_eq!(two.unwrap().len(), 2);
        let fault = Log::from_parts(bytes.to_vec(), &heads).unwrap_err();
        assert_eq!(fault.code, "snapshot_damaged");
        assert!(fault.message.contains("`j-1`"), "{fault}");
    }
}
