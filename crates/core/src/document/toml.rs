//! TOML to nodes with places.

use super::{DEPTH, Entry, FAULTS, Node, Value, placed};
use crate::fault::Fault;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeInteger, DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

/// Parts of a dotted key.
const KEY_PARTS: usize = 8;

/// What could be read, and what could not; or what keeps it from being read at all.
pub(super) fn parse(text: &str) -> Result<(Node<'_>, Vec<Fault>), Fault> {
    shallow(text)?;
    let (table, errors) = DeTable::parse_recoverable(text);
    let root = Node { value: map(text, table.into_inner()), span: 0..0 };
    let faults = errors.iter().take(FAULTS).map(|error| syntax(text, error)).collect();
    Ok((root, faults))
}

/// Refuses what would nest so deep that reading it, or only letting it go again, would use up the stack: the parser bounds
/// brackets but not the parts of a dotted key.
fn shallow(text: &str) -> Result<(), Fault> {
    let (mut open, mut parts) = (0_usize, 1_usize);
    for token in Source::new(text).lex() {
        match token.kind() {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => open = open.saturating_add(1),
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => open = open.saturating_sub(1),
            _ => {}
        }
        parts = match token.kind() {
            TokenKind::Dot => parts.saturating_add(1),
            TokenKind::Atom | TokenKind::Whitespace | TokenKind::BasicString | TokenKind::LiteralString => {
                parts
            }
            _ => 1,
        };
        if open > DEPTH || parts > KEY_PARTS {
            let message = match parts > KEY_PARTS {
                true => format!("a dotted key has more than {KEY_PARTS} parts"),
                false => format!("lists and tables are nested deeper than {DEPTH}"),
            };
            return Err(placed(
                Fault::new("too_deep", message),
                text,
                &(token.span().start()..token.span().end()),
            ));
        }
    }
    Ok(())
}

fn syntax(text: &str, error: &toml::de::Error) -> Fault {
    let span = error.span().unwrap_or(0..0);
    let fault = match error.message() {
        "duplicate key" => {
            let key = text.get(span.clone()).unwrap_or_default();
            Fault::new("repeated_key", format!("the key `{}` is written twice", crate::money::shorten(key)))
        }
        message => Fault::new("syntax", message),
    };
    placed(fault, text, &span)
}

fn node<'a>(text: &'a str, value: Spanned<DeValue<'a>>) -> Node<'a> {
    let span = value.span();
    let written = || text.get(span.clone()).unwrap_or_default();
    let value = match value.into_inner() {
        // The parser goes on with a value that is not written where it found none.
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
            if written().is_empty() =>
        {
            Value::Broken
        }
        DeValue::String(text) => Value::Text(text),
        DeValue::Integer(number) => Value::Number(whole(written(), &number)),
        DeValue::Float(_) => Value::Number(Cow::Borrowed(written())),
        DeValue::Boolean(truth) => Value::Bool(truth),
        DeValue::Datetime(_) => Value::Date(written()),
        DeValue::Array(list) => Value::List(nodes(text, list)),
        DeValue::Table(table) => map(text, table),
    };
    Node { value, span }
}

fn nodes<'a>(text: &'a str, list: DeArray<'a>) -> Vec<Node<'a>> {
    list.into_iter().map(|value| node(text, value)).collect()
}

fn map<'a>(text: &'a str, table: DeTable<'a>) -> Value<'a> {
    let mut entries: Vec<Entry<'a>> = table.into_iter().map(|(key, value)| entry(text, key, value)).collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Value::Map(entries)
}

fn entry<'a>(text: &'a str, key: Spanned<Cow<'a, str>>, value: Spanned<DeValue<'a>>) -> Entry<'a> {
    let key_span: Range<usize> = key.span();
    Entry { key: key.into_inner(), key_span, node: node(text, value) }
}

/// A whole number in base ten, without the underscores.
fn whole<'a>(written: &'a str, number: &DeInteger<'_>) -> Cow<'a, str> {
    let plain =
        written.bytes().enumerate().all(|(at, byte)| byte.is_ascii_digit() || (at == 0 && byte == b'-'));
    if plain {
        return Cow::Borrowed(written);
    }
    let digits = number.as_str();
    match number.radix() {
        10 => Cow::Owned(digits.strip_prefix('+').unwrap_or(digits).to_owned()),
        // A number too large for 128 bits is left as written, and is no whole number then.
        radix => i128::from_str_radix(digits, radix)
            .map_or(Cow::Borrowed(written), |number| Cow::Owned(number.to_string())),
    }
}
