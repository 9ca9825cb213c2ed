//! A condition in its one canonical way of writing: no needless brackets or blanks, texts in double quotes.

use super::parse::{Ast, Node};
use std::fmt::{self, Write};

/// Unary signs bind tighter than any sign between two values.
const UNARY: u8 = 5;
const MEMBER: u8 = 6;

impl fmt::Display for Ast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Name(name) => f.write_str(name),
            Node::Text(text) => quoted(f, text),
            Node::Int(count) => write!(f, "{count}"),
            Node::Decimal(millionths) => f.write_str(&decimal(*millionths)),
            Node::Bool(value) => write!(f, "{value}"),
            Node::List(elements) => {
                f.write_char('[')?;
                listed(f, elements)?;
                f.write_char(']')
            }
            Node::Field(target, field) => {
                within(f, target, MEMBER)?;
                write!(f, ".{}", field.text)
            }
            Node::Index(target, index) => {
                within(f, target, MEMBER)?;
                write!(f, "[{index}]")
            }
            Node::Call(target, name, arguments) => {
                if let Some(target) = target {
                    within(f, target, MEMBER)?;
                    f.write_char('.')?;
                }
                write!(f, "{}(", name.text)?;
                listed(f, arguments)?;
                f.write_char(')')
            }
            Node::Not(inner) => {
                f.write_char('!')?;
                within(f, inner, UNARY)
            }
            Node::Minus(inner) => {
                f.write_char('-')?;
                within(f, inner, UNARY)
            }
            Node::Binary(sides, sign) => {
                let [left, right] = &**sides;
                within(f, left, sign.strength())?;
                write!(f, " {} ", sign.written())?;
                within(f, right, sign.strength().saturating_add(1))
            }
            Node::If(parts) => {
                let [test, yes, no] = &**parts;
                within(f, test, 1)?;
                f.write_str(" ? ")?;
                within(f, yes, 1)?;
                write!(f, " : {no}")
            }
        }
    }
}

impl Ast {
    fn strength(&self) -> u8 {
        match &self.node {
            Node::If(_) => 0,
            Node::Binary(_, sign) => sign.strength(),
            Node::Not(_) | Node::Minus(_) => UNARY,
            Node::Name(_)
            | Node::Text(_)
            | Node::Int(_)
            | Node::Decimal(_)
            | Node::Bool(_)
            | Node::List(_)
            | Node::Field(..)
            | Node::Index(..)
            | Node::Call(..) => MEMBER,
        }
    }
}

fn within(f: &mut fmt::Formatter<'_>, inner: &Ast, least: u8) -> fmt::Result {
    if inner.strength() < least { write!(f, "({inner})") } else { write!(f, "{inner}") }
}

fn listed(f: &mut fmt::Formatter<'_>, elements: &[Ast]) -> fmt::Result {
    for (place, element) in elements.iter().enumerate() {
        if place > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{element}")?;
    }
    Ok(())
}

/// A text in double quotes, with the escapes that CEL reads.
pub(super) fn quoted(f: &mut impl Write, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for next in text.chars() {
        match next {
            '"' | '\\' => write!(f, "\\{next}")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            _ if next.is_control() => write!(f, "\\u{:04x}", u32::from(next))?,
            _ => f.write_char(next)?,
        }
    }
    f.write_char('"')
}

/// Millionths as a decimal, with at least one digit after the point.
pub(super) fn decimal(millionths: i128) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let size = millionths.unsigned_abs();
    let fraction = format!("{:06}", size.rem_euclid(1_000_000));
    let fraction = fraction.trim_end_matches('0');
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    format!("{sign}{}.{fraction}", size.div_euclid(1_000_000))
}
