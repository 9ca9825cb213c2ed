//! Forgetting a person: what a fact of erasure says (semantics 9).

use super::Text;
use crate::money::Money;
use sha2::{Digest, Sha256};

/// What stands in place of a reason that named someone's affairs.
pub(crate) const ERASED: &str = "erased";

/// What is left of an id: its SHA-256, behind a text of our own. The same id leaves the same trace on every copy.
///
/// ```
/// let left: parure::fact::Trace = parure::fact::trace_of("wang-fang");
/// assert_eq!(left[..4], [0x5f, 0xbf, 0x42, 0xfb]); // printf 'parure erased wang-fang' | sha256sum
/// ```
pub type Trace = [u8; 32];

/// What an erasure says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Erasure<'a> {
    /// As a host asks for it: the name that the account goes by from now on.
    Asked { alias: Text<'a> },
    /// As a book keeps it: whom it forgot, and what their purchases had been awarded. The first trace is of the customer who was named; the
    /// others are of those who were one account with them, in the order of their bytes.
    Done { of: Vec<Trace>, awards: Vec<Award<'a>>, introduced: Vec<Introduced<'a>> },
}

/// A first purchase for which whoever had introduced its customer was given points: that they had is gone with the profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Introduced<'a> {
    pub(crate) purchase: Text<'a>,
    pub(crate) by: Text<'a>,
    /// The fact that had told so.
    pub(crate) told: Text<'a>,
}

/// What a purchase was awarded, or an occasion gave, when its customer was forgotten: it depended on what is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Award<'a> {
    pub(crate) purchase: Text<'a>,
    /// Before caps.
    pub(crate) wanted: i64,
    pub(crate) points: i64,
    /// What it counted for towards tiers.
    pub(crate) spend: Money,
    /// A coupon that an occasion gave, by its id in the program.
    pub(crate) coupon: Option<Text<'a>>,
    /// The same of a benefit.
    pub(crate) benefit: Option<Text<'a>>,
    /// What its returns had taken off by then, in their order.
    pub(crate) returns: Vec<AwardLeft<'a>>,
}

/// What one return took off an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AwardLeft<'a> {
    pub(crate) fact: Text<'a>,
    /// Points that were to be taken back; below zero where an earlier return had taken too many (semantics 11.8).
    pub(crate) points: i64,
    pub(crate) spend: Money,
    /// What came back, in the lines' own terms.
    pub(crate) amount: Money,
}

impl Erasure<'_> {
    /// The name of the account that a trace leads to: of the customer who was named the alias, of the others the alias and a number.
    pub(crate) fn alias(alias: &str, place: usize) -> String {
        if place == 0 { alias.to_owned() } else { format!("{alias}-{place}") }
    }
}

/// What an erasure leaves of a customer's id.
///
/// ```
/// use parure::fact::trace_of;
/// assert_ne!(trace_of("wang-fang"), trace_of("tang-wei"));
/// ```
#[must_use]
pub fn trace_of(customer: &str) -> Trace {
    let mut hash = Sha256::new_with_prefix(b"parure erased ");
    hash.update(customer.as_bytes());
    hash.finalize().into()
}

/// A trace as text.
pub(super) fn shown(trace: &Trace) -> String {
    let digit = |digit: u8| char::from_digit(u32::from(digit), 16).unwrap_or('0');
    trace.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)]).collect()
}

/// The trace that a text of 64 hexadecimal digits shows.
pub(super) fn read(text: &str) -> Option<Trace> {
    let mut digits = text.bytes().map(|byte| match byte {
        b'0'..=b'9' | b'a'..=b'f' => char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()),
        _ => None,
    });
    let mut trace = [0; 32];
    for byte in &mut trace {
        *byte = (digits.next()?? << 4) | digits.next()??;
    }
    digits.next().is_none().then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::{read, shown, trace_of};

    #[test]
    fn a_trace_is_read_as_it_is_shown() {
        let trace = trace_of("wang-fang");
        // printf 'parure erased wang-fang' | sha256sum
        assert_eq!(shown(&trace), "5fbf42fbcb06437e622c2afbc0cd411419cfcaa33f8891afb91015b4a252a015");
        assert_eq!(read(&shown(&trace)), Some(trace));
        for wrong in ["", "00", &"0".repeat(63), &"0".repeat(65), &"G".repeat(64), &"A".repeat(64)] {
            assert_eq!(read(wrong), None);
        }
    }
}
