//! A place in a document that is being read: a node, its path, and the faults found so far.

use super::{Log, Node, Value, nearest};
use crate::calendar::{Day, Moment};
use crate::fact::Quantity;
use crate::fault::Fault;
use crate::money::{Currency, Money, shorten};
use std::borrow::Cow;
use std::fmt;
use std::ops::{Range, RangeInclusive};

/// Bytes in a name.
pub(crate) const NAME_BYTES: usize = 64;

/// A node being read. `'a` is the text, `'s` the walk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot<'s, 'a> {
    node: &'s Node<'a>,
    path: Path<'s>,
    log: &'s Log<'a>,
}

/// The way from the root, linked upwards: it becomes text only when there is a fault.
#[derive(Debug, Clone, Copy)]
enum Path<'s> {
    Root,
    Key(&'s Path<'s>, &'s str),
    Index(&'s Path<'s>, usize),
}

/// Where a value stood, to be kept for faults that only show later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) path: String,
    pub(crate) span: Range<usize>,
}

impl Mark {
    /// The mark of a key in this table that is not written.
    pub(crate) fn key(&self, key: &str) -> Mark {
        Mark { path: format!("{}.{key}", self.path), span: self.span.clone() }
    }

    /// The path of what this key stands in.
    pub(crate) fn parent(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(parent, _)| parent)
    }
}

impl<'s, 'a> Spot<'s, 'a> {
    pub(super) fn root(node: &'s Node<'a>, log: &'s Log<'a>) -> Self {
        Spot { node, path: Path::Root, log }
    }

    /// The value as it is, for the rare reader that no getter fits.
    pub(crate) fn value(self) -> &'s Value<'a> {
        &self.node.value
    }

    /// The piece of the text that the value stands on.
    pub(crate) fn source(self) -> &'a str {
        self.log.text.get(self.node.span.clone()).unwrap_or_default()
    }

    /// Notes a fault of this value.
    pub(crate) fn fault<T>(self, fault: Fault) -> Option<T> {
        self.log.note(fault.at(self.path.to_string()), &self.node.span);
        None
    }

    /// Notes a fault of a value that was read before.
    pub(crate) fn fault_at(self, mark: &Mark, fault: Fault) {
        self.log.note(fault.at(mark.path.clone()), &mark.span);
    }

    /// What was found, or its fault noted.
    pub(crate) fn checked<T>(self, found: Result<T, Fault>) -> Option<T> {
        found.map_or_else(|fault| self.fault(fault), Some)
    }

    /// Where it stands, for later.
    pub(crate) fn mark(self) -> Mark {
        Mark { path: self.path.to_string(), span: self.node.span.clone() }
    }

    /// The byte of the document at which the content of this text begins, where the content stands there as it is read: `None`
    /// where escapes moved its bytes.
    pub(crate) fn content_start(self) -> Option<usize> {
        let Value::Text(text) = &self.node.value else {
            return None;
        };
        self.source().find(&**text).map(|offset| self.node.span.start.saturating_add(offset))
    }

    /// Whether it is a table.
    pub(crate) fn is_table(self) -> bool {
        matches!(self.node.value, Value::Map(_))
    }

    /// Whether it is a table with this key.
    pub(crate) fn has(self, key: &str) -> bool {
        matches!(&self.node.value, Value::Map(entries) if entries.iter().any(|entry| entry.key == key))
    }

    /// A table with no other keys than the known ones.
    pub(crate) fn table(self, known: &'static [&'static str]) -> Option<Keys<'s, 'a>> {
        self.table_and(known, &[])
    }

    /// A table with no other keys than the known ones, and some that nobody is advised to write.
    pub(crate) fn table_and(
        self,
        known: &'static [&'static str],
        unadvised: &'static [&'static str],
    ) -> Option<Keys<'s, 'a>> {
        let Value::Map(entries) = &self.node.value else {
            return self.wrong_kind("a table");
        };
        for entry in entries {
            if !known.contains(&&*entry.key) && !unadvised.contains(&&*entry.key) && !self.log.is_full() {
                let path = Path::Key(&self.path, &entry.key).to_string();
                self.log.note(unknown_key(&entry.key, known).at(path), &entry.key_span);
            }
        }
        Some(Keys { spot: self, known, unadvised })
    }

    /// A table whose keys are names of its own, at most so many; each is read by `read`.
    pub(crate) fn names<T>(
        self,
        most: usize,
        mut read: impl FnMut(&Cow<'a, str>, Spot<'_, 'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Value::Map(entries) = &self.node.value else {
            return self.wrong_kind("a table");
        };
        if entries.len() > most {
            let message = format!("{} names are given, at most {most} are read", entries.len());
            return self.fault(Fault::new("too_many", message));
        }
        let mut found = Vec::with_capacity(entries.len());
        for entry in entries {
            let path = Path::Key(&self.path, &entry.key);
            found.extend(read(&entry.key, Spot { node: &entry.node, path, log: self.log }));
        }
        (found.len() == entries.len()).then_some(found)
    }

    /// A list of at most so many, each read by `read`. All are read; `None` if any of them was wrong.
    pub(crate) fn list<T>(
        self,
        most: usize,
        mut read: impl FnMut(Spot<'_, 'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Value::List(nodes) = &self.node.value else {
            return self.wrong_kind("a list");
        };
        if nodes.len() > most {
            return self.fault(Fault::new(
                "too_many",
                format!("{} are listed, at most {most} are read", nodes.len()),
            ));
        }
        let mut found = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let path = Path::Index(&self.path, index);
            found.extend(read(Spot { node, path, log: self.log }));
        }
        (found.len() == nodes.len()).then_some(found)
    }

    /// Text of at most so many bytes; no control characters but tabs and ends of lines. It may be empty.
    pub(crate) fn text(self, most_bytes: usize) -> Option<Cow<'a, str>> {
        let text = self.any_text()?;
        if text.len() > most_bytes {
            let message = format!("the text has {} bytes, at most {most_bytes} are read", text.len());
            return self.fault(Fault::new("too_long", message));
        }
        let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if !plain && text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r')) {
            return self.fault(Fault::new("control_character", "the text holds a control character"));
        }
        Some(text)
    }

    /// A name or an id: 1 to 64 bytes, no control characters, no space around it.
    pub(crate) fn name(self) -> Option<Cow<'a, str>> {
        let text = self.any_text()?;
        // Most names are a few plain letters.
        if (1..=NAME_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Some(text);
        }
        let shown = shorten(&text);
        let wrong = if text.is_empty() {
            "a name can't be empty".to_owned()
        } else if text.len() > NAME_BYTES {
            format!("`{shown}` has {} bytes, a name has at most {NAME_BYTES}", text.len())
        } else if text.chars().any(char::is_control) {
            format!("`{}` holds a control character", shown.escape_debug())
        } else if text.trim() != text {
            format!("`{shown}` has space around it")
        } else {
            return Some(text);
        };
        self.fault(Fault::new("name_text", wrong))
    }

    /// `true` or `false`.
    pub(crate) fn truth(self) -> Option<bool> {
        match &self.node.value {
            Value::Bool(truth) => Some(*truth),
            _ => self.wrong_kind("true or false"),
        }
    }

    /// A whole number within bounds, written without quotes.
    pub(crate) fn whole(self, bounds: RangeInclusive<i64>) -> Option<i64> {
        let Value::Number(text) = &self.node.value else {
            return self.wrong_kind("a whole number");
        };
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return self
                .fault(Fault::new("whole_number", format!("`{}` is not a whole number", shorten(text))));
        }
        match text.parse() {
            Ok(number) if bounds.contains(&number) => Some(number),
            _ => self.fault(Fault::new(
                "number_range",
                format!("`{}` is not from {} to {}", shorten(text), bounds.start(), bounds.end()),
            )),
        }
    }

    /// An amount of money: text or a whole number, never a number with a point.
    pub(crate) fn money(self, currency: Currency) -> Option<Money> {
        let text = self.exact("money_float", "an amount")?;
        self.checked(currency.money(text))
    }

    /// A quantity: text or a whole number.
    pub(crate) fn quantity(self) -> Option<Quantity> {
        let text = self.exact("quantity_float", "a quantity")?;
        self.checked(Quantity::parse(text))
    }

    /// Text, or a whole number as text: what an exact decimal is read from.
    pub(crate) fn exact(self, float: &'static str, what: &'static str) -> Option<&'s str> {
        match &self.node.value {
            Value::Text(text) => Some(text),
            Value::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
                Some(text)
            }
            Value::Number(text) => {
                let text = shorten(text);
                let fault = Fault::new(float, format!("`{text}` is a binary fraction, {what} is exact"));
                self.fault(fault.advise(format!("write it in quotes: \"{text}\"")))
            }
            _ => self.wrong_kind(what),
        }
    }

    /// A day, as text or as a TOML date.
    pub(crate) fn day(self) -> Option<Day> {
        match &self.node.value {
            Value::Text(text) => self.checked(Day::parse(text)),
            Value::Date(text) => self.checked(Day::parse(text)),
            _ => self.wrong_kind("a day"),
        }
    }

    /// An instant with its offset, as text or as a TOML date with time.
    pub(crate) fn moment(self) -> Option<Moment> {
        match &self.node.value {
            Value::Text(text) => self.checked(Moment::parse(text)),
            Value::Date(text) => self.checked(Moment::parse(text)),
            _ => self.wrong_kind("an instant"),
        }
    }

    /// One of the known words.
    pub(crate) fn one_of<T: Copy>(self, known: &[(&'static str, T)]) -> Option<T> {
        let text = self.any_text()?;
        let found = known.iter().find(|(word, _)| **word == *text);
        found.map_or_else(
            || self.unknown_value(&text, known.iter().map(|(word, _)| *word)),
            |(_, value)| Some(*value),
        )
    }

    /// Notes that a word is none of the known ones.
    pub(crate) fn unknown_value<T>(
        self,
        text: &str,
        known: impl Iterator<Item = &'static str> + Clone,
    ) -> Option<T> {
        let fault = Fault::new("unknown_value", format!("unknown value `{}`", shorten(text)));
        self.fault(fault.advise(did_you_mean(text, known)))
    }

    /// Notes that another kind of value belongs here.
    pub(crate) fn wrong_kind<T>(self, expected: &str) -> Option<T> {
        let value = &self.node.value;
        if *value == Value::Broken {
            return None;
        }
        let fault = Fault::new("wrong_kind", format!("expected {expected}, found {}", value.kind()));
        self.fault(match value {
            Value::Null => fault.advise("leave the key out where there is nothing to say"),
            _ => fault,
        })
    }

    fn any_text(self) -> Option<Cow<'a, str>> {
        match &self.node.value {
            Value::Text(text) => Some(text.clone()),
            _ => self.wrong_kind("text"),
        }
    }
}

/// The keys of a table that has no unknown ones.
#[derive(Debug)]
pub(crate) struct Keys<'s, 'a> {
    spot: Spot<'s, 'a>,
    known: &'static [&'static str],
    unadvised: &'static [&'static str],
}

impl<'s, 'a> Keys<'s, 'a> {
    /// The table itself.
    pub(crate) fn spot(&self) -> Spot<'s, 'a> {
        self.spot
    }

    /// Whether the key is written.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.find(key).is_some()
    }

    /// A key that must be there. `None` when it is missing or `read` found a fault.
    pub(crate) fn need<'t, T>(
        &'t self,
        key: &'static str,
        read: impl FnOnce(Spot<'t, 'a>) -> Option<T>,
    ) -> Option<T> {
        match self.find(key) {
            Some(spot) => read(spot),
            None => self.missing(key),
        }
    }

    /// A key that may be left out: `Some(None)` then. `None` when `read` found a fault.
    #[expect(clippy::option_option, reason = "a fault and an absent key are two things")]
    pub(crate) fn may<'t, T>(
        &'t self,
        key: &'static str,
        read: impl FnOnce(Spot<'t, 'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        self.find(key).map_or(Some(None), |spot| read(spot).map(Some))
    }

    /// Notes that a key is missing.
    pub(crate) fn missing<T>(&self, key: &'static str) -> Option<T> {
        let log = self.spot.log;
        let path = Path::Key(&self.spot.path, key).to_string();
        log.note(
            Fault::new("missing_key", format!("the key `{key}` is missing")).at(path),
            &self.spot.node.span,
        );
        None
    }

    /// A key, where it is written.
    pub(crate) fn find(&self, key: &'static str) -> Option<Spot<'_, 'a>> {
        debug_assert!(
            self.known.contains(&key) || self.unadvised.contains(&key),
            "{key} is read but would be reported as unknown"
        );
        let Value::Map(entries) = &self.spot.node.value else {
            return None;
        };
        let entry = entries.iter().find(|entry| entry.key == key)?;
        Some(Spot { node: &entry.node, path: Path::Key(&self.spot.path, key), log: self.spot.log })
    }
}

/// "did you mean `gold`?", or all that could be written where nothing is near.
fn did_you_mean<'k>(wrong: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    if let Some(name) = nearest(wrong, known.clone()) {
        return format!("did you mean `{name}`?");
    }
    let names: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [one] => format!("write {one}"),
        _ => format!("write one of {}", names.join(", ")),
    }
}

fn unknown_key(key: &str, known: &'static [&'static str]) -> Fault {
    let fault = Fault::new("unknown_key", format!("unknown key `{}`", shorten(key)));
    fault.advise(did_you_mean(key, known.iter().copied()))
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Key(Path::Root, key) => f.write_str(&shorten(key)),
            Path::Key(parent, key) => write!(f, "{parent}.{}", shorten(key)),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
