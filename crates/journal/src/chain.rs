//! Each fact sealed with all before it: who changes one must change all that follow.

use sha2::{Digest, Sha256};

/// A link of the chain, or the hash of a fact.
pub(crate) type Hash = [u8; 32];

/// What stands before the first fact.
pub(crate) fn beginning(program: &str) -> Hash {
    hash(&[b"parure journal 1", program.as_bytes()])
}

/// The hash of a fact's canonical JSON.
pub(crate) fn content(fact: &str) -> Hash {
    hash(&[fact.as_bytes()])
}

/// What is sealed of one fact.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<'a> {
    pub(crate) seq: i64,
    pub(crate) id: &'a str,
    pub(crate) recorded_at: &'a str,
    pub(crate) copy: &'a str,
    pub(crate) copy_seq: i64,
    pub(crate) content: &'a Hash,
}

impl Link<'_> {
    /// The chain up to and with this fact.
    pub(crate) fn after(&self, chain: &Hash) -> Hash {
        hash(&[
            chain,
            &self.seq.to_le_bytes(),
            self.id.as_bytes(),
            self.recorded_at.as_bytes(),
            self.copy.as_bytes(),
            &self.copy_seq.to_le_bytes(),
            self.content,
        ])
    }
}

/// A hash as people write it.
pub(crate) fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash that people wrote so.
pub(crate) fn unhex(text: &str) -> Option<Hash> {
    let mut digits =
        text.bytes().map(|digit| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    let mut hash = [0; 32];
    for byte in &mut hash {
        *byte = (digits.next()?? << 4) | digits.next()??;
    }
    digits.next().is_none().then_some(hash)
}

/// Parts with their lengths: no two lists of parts read alike.
fn hash(parts: &[&[u8]]) -> Hash {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        sha.update(part);
    }
    sha.finalize().into()
}
