//! A cell that names something: a text, or a whole number that stands for its digits.

use parure::fact::Text;
use std::cmp::Ordering;
use std::fmt;

/// What a cell names. Two keys of one column are equal exactly where their texts are: a number has one way to be written, and a column
/// holds either numbers or texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    Text(&'a str),
    Whole(i64),
    /// A whole number beyond those.
    Large(u64),
}

impl<'a> Key<'a> {
    /// The text as a name is read: without the space around it; none where nothing is left.
    pub(crate) fn of_text(text: &'a str) -> Option<Key<'a>> {
        let bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        if bare(text.as_bytes().first()) && bare(text.as_bytes().last()) {
            return Some(Key::Text(text));
        }
        Some(text.trim()).filter(|text| !text.is_empty()).map(Key::Text)
    }

    pub(crate) fn text(self) -> Text<'a> {
        match self {
            Key::Text(text) => Text::from(text),
            Key::Whole(_) | Key::Large(_) => Text::from(self.to_string()),
        }
    }

    /// Shows the text's bytes to something, without making a text.
    pub(crate) fn show<R>(self, to: impl FnOnce(&[u8]) -> R) -> R {
        let (negative, number) = match self {
            Key::Text(text) => return to(text.as_bytes()),
            Key::Whole(number) => (number < 0, number.unsigned_abs()),
            Key::Large(number) => (false, number),
        };
        let mut digits = [b'0'; 20];
        let mut rest = number;
        let mut count = 0_usize;
        for pair in digits.rchunks_mut(2) {
            let two = u8::try_from(rest.rem_euclid(100)).unwrap_or(0);
            rest = rest.div_euclid(100);
            if let [ten, one] = pair {
                *ten = b'0'.wrapping_add(two.div_euclid(10));
                *one = b'0'.wrapping_add(two.rem_euclid(10));
            }
            count = count.saturating_add(if rest == 0 && two < 10 { 1 } else { 2 });
            if rest == 0 {
                break;
            }
        }
        // No number of 63 bits has more than 19 digits, so there is room for the sign.
        let start = digits.len().saturating_sub(count).saturating_sub(usize::from(negative));
        if let Some(sign) = digits.get_mut(start).filter(|_| negative) {
            *sign = b'-';
        }
        to(digits.get(start..).unwrap_or_default())
    }

    /// Whether it comes after another in an order of its own that is quick to tell; not the order of texts.
    pub(crate) fn is_beyond(self, other: Key<'_>) -> bool {
        match (self, other) {
            (Key::Text(text), Key::Text(other)) => text > other,
            (Key::Whole(number), Key::Whole(other)) => number > other,
            (Key::Large(number), Key::Large(other)) => number > other,
            (Key::Large(_), Key::Whole(_)) => true,
            _ => false,
        }
    }

    /// The order of their texts by bytes, in which facts of one instant stand.
    pub(crate) fn by_text(self, other: Key<'_>) -> Ordering {
        match (self, other) {
            (Key::Text(text), Key::Text(other)) => text.cmp(other),
            _ => (*self.text()).cmp(&*other.text()),
        }
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Text(text) => f.write_str(text),
            Key::Whole(number) => number.fmt(f),
            Key::Large(number) => number.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn numbers_are_shown_as_their_digits() {
        let numbers = [0, 7, -7, 10, -10, 100, -345, 26_984_000_037, i64::MAX, i64::MIN];
        for number in numbers {
            assert_eq!(Key::Whole(number).show(<[u8]>::to_vec), number.to_string().into_bytes());
        }
        assert_eq!(Key::Large(u64::MAX).show(<[u8]>::to_vec), u64::MAX.to_string().into_bytes());
        assert_eq!(Key::Text("mei").show(<[u8]>::to_vec), b"mei");
    }
}
