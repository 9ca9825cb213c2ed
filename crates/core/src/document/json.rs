//! JSON (RFC 8259) to nodes with places. By hand because facts are read by the million: serde_json gives places and repeated
//! keys only by lexing each level again.

use super::{DEPTH, Entry, FAULTS, Node, Value, placed};
use crate::fault::Fault;
use crate::money::shorten;
use std::borrow::Cow;
use std::ops::Range;

/// The tree, and the repeated keys in it; or what keeps it from being read at all.
pub(super) fn parse(text: &str) -> Result<(Node<'_>, Vec<Fault>), Fault> {
    let mut lexer = Lexer { text, bytes: text.as_bytes(), at: 0, faults: Vec::new() };
    lexer.document().map_err(|broken| broken.fault(text)).map(|node| (node, lexer.faults))
}

/// Why the text is not JSON, and from which byte on.
struct Broken {
    at: usize,
    why: Why,
}

enum Why {
    Expected(&'static str),
    Text(&'static str),
    Deep,
}

impl Broken {
    fn fault(&self, text: &str) -> Fault {
        let found = text.get(self.at..).and_then(|rest| rest.chars().next());
        let end = self.at.saturating_add(found.map_or(0, char::len_utf8));
        let fault = match self.why {
            Why::Expected(what) => {
                let found = match found {
                    None => "the end".to_owned(),
                    Some(letter) if letter.is_control() => format!("`{}`", letter.escape_default()),
                    Some(letter) => format!("`{letter}`"),
                };
                Fault::new("syntax", format!("expected {what}, found {found}"))
            }
            Why::Text(what) => Fault::new("syntax", what),
            Why::Deep => Fault::new("too_deep", format!("lists and tables are nested deeper than {DEPTH}")),
        };
        placed(fault, text, &(self.at..end))
    }
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    faults: Vec<Fault>,
}

impl<'a> Lexer<'a> {
    fn document(&mut self) -> Result<Node<'a>, Broken> {
        self.space();
        let node = self.value(0)?;
        self.space();
        if self.at < self.bytes.len() { self.expected("nothing more") } else { Ok(node) }
    }

    fn value(&mut self, depth: usize) -> Result<Node<'a>, Broken> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'"') => Value::Text(self.string()?),
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return self.expected("a value"),
        };
        Ok(Node { value, span: start..self.at })
    }

    fn map(&mut self, depth: usize) -> Result<Value<'a>, Broken> {
        let deeper = self.deeper(depth)?;
        self.space();
        if self.take(b'}') {
            return Ok(Value::Map(Vec::new()));
        }
        // Room for the keys of most tables at once.
        let mut entries = Vec::with_capacity(6);
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return self.expected("a key in double quotes");
            }
            let key = self.string()?;
            let key_span = start..self.at;
            self.space();
            if !self.take(b':') {
                return self.expected("`:`");
            }
            self.space();
            entries.push(Entry { key, key_span, node: self.value(deeper)? });
            self.space();
            if self.take(b'}') {
                break;
            }
            if !self.take(b',') {
                return self.expected("`,` or `}`");
            }
            self.space();
        }
        self.drop_repeated(&mut entries);
        Ok(Value::Map(entries))
    }

    fn list(&mut self, depth: usize) -> Result<Value<'a>, Broken> {
        let deeper = self.deeper(depth)?;
        let mut nodes = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Value::List(nodes));
        }
        loop {
            nodes.push(self.value(deeper)?);
            self.space();
            if self.take(b']') {
                return Ok(Value::List(nodes));
            }
            if !self.take(b',') {
                return self.expected("`,` or `]`");
            }
            self.space();
        }
    }

    /// Steps over the bracket, unless it is one too many.
    fn deeper(&mut self, depth: usize) -> Result<usize, Broken> {
        if depth >= DEPTH {
            return Err(Broken { at: self.at, why: Why::Deep });
        }
        self.skip(1);
        Ok(depth.saturating_add(1))
    }

    /// Keeps the first of each key; each later one is a fault.
    fn drop_repeated(&mut self, entries: &mut Vec<Entry<'a>>) {
        const FEW: usize = 12;
        let repeated = if entries.len() <= FEW {
            entries
                .iter()
                .enumerate()
                .any(|(at, entry)| entries.iter().take(at).any(|before| before.key == entry.key))
        } else {
            true
        };
        if !repeated {
            return;
        }
        let mut seen = hashbrown::HashSet::with_capacity_and_hasher(
            entries.len(),
            foldhash::fast::RandomState::default(),
        );
        entries.retain(|entry| {
            let new = seen.insert(entry.key.clone());
            if !new && self.faults.len() < FAULTS {
                let message = format!("the key `{}` is written twice", shorten(&entry.key));
                self.faults.push(placed(Fault::new("repeated_key", message), self.text, &entry.key_span));
            }
            new
        });
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Broken> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.skip(word.len());
            return Ok(value);
        }
        self.expected("a value")
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, as written.
    fn number(&mut self) -> Result<Cow<'a, str>, Broken> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        } else if matches!(self.peek(), Some(b'0'..=b'9')) {
            return self.wrong(start, "a number does not begin with 0");
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.skip(1);
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.skip(1);
            }
            self.digits()?;
        }
        Ok(Cow::Borrowed(self.slice(start..self.at)))
    }

    fn digits(&mut self) -> Result<(), Broken> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match rest.iter().take_while(|byte| byte.is_ascii_digit()).count() {
            0 => self.expected("a digit"),
            count => {
                self.skip(count);
                Ok(())
            }
        }
    }

    /// A text in double quotes; borrowed unless something in it is escaped.
    fn string(&mut self) -> Result<Cow<'a, str>, Broken> {
        let open = self.at;
        self.skip(1);
        let mut unescaped = String::new();
        loop {
            let start = self.at;
            let rest = self.bytes.get(start..).unwrap_or_default();
            let Some(length) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
                return self.wrong(open, "a text is not closed");
            };
            self.skip(length);
            let part = self.slice(start..self.at);
            match self.peek() {
                Some(b'"') => {
                    self.skip(1);
                    if unescaped.is_empty() {
                        // Nothing was escaped before this part: an escape always adds a character.
                        return Ok(Cow::Borrowed(part));
                    }
                    unescaped.push_str(part);
                    return Ok(Cow::Owned(unescaped));
                }
                Some(b'\\') => {
                    unescaped.push_str(part);
                    unescaped.push(self.escape()?);
                }
                _ => return self.wrong(self.at, "a control character in a text must be escaped"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Broken> {
        let start = self.at;
        self.skip(1);
        let letter = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.skip(1);
                return self.unicode(start);
            }
            _ => return self.wrong(start, "an escape is one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"),
        };
        self.skip(1);
        Ok(letter)
    }

    /// Four hex digits, and the other half of a surrogate pair.
    fn unicode(&mut self, start: usize) -> Result<char, Broken> {
        const HALF: &str = "half of a surrogate pair is not a character";
        let first = self.hex(start)?;
        if let Some(letter) = char::from_u32(first) {
            return Ok(letter);
        }
        let low = if first < 0xdc00 && self.take(b'\\') && self.take(b'u') { self.hex(start)? } else { 0 };
        let high_bits = first.wrapping_sub(0xd800).wrapping_shl(10);
        let pair = low
            .checked_sub(0xdc00)
            .filter(|bits| *bits < 0x400)
            .map(|bits| 0x1_0000_u32.wrapping_add(high_bits | bits));
        pair.and_then(char::from_u32).map_or_else(|| self.wrong(start, HALF), Ok)
    }

    fn hex(&mut self, start: usize) -> Result<u32, Broken> {
        let digits = self.text.get(self.at..self.at.saturating_add(4));
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return self.wrong(start, "\\u is followed by four hex digits");
        };
        self.skip(4);
        Ok(code)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.skip(1);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        if taken {
            self.skip(1);
        }
        taken
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    fn expected<T>(&self, what: &'static str) -> Result<T, Broken> {
        Err(Broken { at: self.at, why: Why::Expected(what) })
    }

    fn wrong<T>(&self, at: usize, what: &'static str) -> Result<T, Broken> {
        Err(Broken { at, why: Why::Text(what) })
    }
}
