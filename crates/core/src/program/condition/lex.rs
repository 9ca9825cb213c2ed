//! A text as the words and signs of CEL.

use super::ConditionFault;
use crate::fact::QUANTITY_DIGITS;
use crate::money::shorten;
use std::ops::Range;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    Name(String),
    Text(String),
    Int(i64),
    /// Millionths.
    Decimal(i128),
    Sign(&'static str),
    End,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) word: Word,
    pub(super) at: Range<usize>,
}

/// Longer signs come before their beginnings.
const SIGNS: [&str; 25] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", "{", "}", ".", ",", "?", ":", "+",
    "-", "*", "/", "%", ";",
];

/// All tokens of a source, with `End` as the last.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, ConditionFault> {
    let mut lexer = Lexer { source, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank();
        let start = lexer.at;
        let word = lexer.word()?;
        let end = word == Word::End;
        tokens.push(Token { word, at: start..lexer.at });
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
}

impl<'s> Lexer<'s> {
    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at = self.at.saturating_add(next.len_utf8());
        Some(next)
    }

    fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at = self.at.saturating_add(prefix.len());
        }
        found
    }

    fn take_while(&mut self, belongs: fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|next| !belongs(next)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(length);
        rest.get(..length).unwrap_or_default()
    }

    fn fault(&self, start: usize, message: impl Into<String>) -> ConditionFault {
        ConditionFault::new(start..self.at, "condition_syntax", message)
    }

    fn skip_blank(&mut self) {
        loop {
            self.take_while(|next| matches!(next, ' ' | '\t' | '\n' | '\r' | '\u{c}'));
            if !self.rest().starts_with("//") {
                return;
            }
            self.take_while(|next| next != '\n');
        }
    }

    fn word(&mut self) -> Result<Word, ConditionFault> {
        let start = self.at;
        let Some(first) = self.peek() else { return Ok(Word::End) };
        if ["r\"", "r'", "R\"", "R'"].iter().any(|raw| self.rest().starts_with(raw)) {
            self.bump();
            return self.text(start, true);
        }
        if ["b\"", "b'", "B\"", "B'"].iter().any(|bytes| self.rest().starts_with(bytes)) {
            self.bump();
            return Err(ConditionFault::left_out(start..self.at, "bytes are left out of conditions"));
        }
        match first {
            '"' | '\'' => self.text(start, false),
            '0'..='9' => self.number(start),
            'a'..='z' | 'A'..='Z' | '_' => {
                Ok(Word::Name(self.take_while(|next| next.is_ascii_alphanumeric() || next == '_').to_owned()))
            }
            _ => match SIGNS.into_iter().find(|sign| self.eat(sign)) {
                Some(sign) => Ok(Word::Sign(sign)),
                None => {
                    self.bump();
                    let fault =
                        self.fault(start, format!("`{}` is not a sign of conditions", first.escape_debug()));
                    Err(match meant(first) {
                        Some(meant) => fault.advise(format!("write `{meant}`")),
                        None => fault,
                    })
                }
            },
        }
    }

    fn number(&mut self, start: usize) -> Result<Word, ConditionFault> {
        let whole = self.take_while(|next| next.is_ascii_digit());
        let mut fraction = "";
        if self.rest().starts_with('.')
            && self.rest().chars().nth(1).is_some_and(|next| next.is_ascii_digit())
        {
            self.bump();
            fraction = self.take_while(|next| next.is_ascii_digit());
        }
        let tail = self.take_while(|next| next.is_ascii_alphanumeric() || next == '_');
        let written = self.source.get(start..self.at).unwrap_or_default();
        if !tail.is_empty() {
            let fault = self.fault(start, format!("`{}` is not a number", shorten(written)));
            return Err(fault.advise("write digits with at most one point, such as 5 or 3.25"));
        }
        let out_of_range = |lexer: &Self| lexer.fault(start, format!("`{}` is too large", shorten(written)));
        let digits = |text: &str| text.parse::<i64>().ok();
        let count = digits(whole).ok_or_else(|| out_of_range(self))?;
        if fraction.is_empty() {
            return Ok(Word::Int(count));
        }
        let places = usize::try_from(QUANTITY_DIGITS).unwrap_or(0);
        if fraction.len() > places {
            return Err(self.fault(
                start,
                format!("`{}` has more than {places} digits after the point", shorten(written)),
            ));
        }
        let millionths = digits(&format!("{fraction:0<places$}")).unwrap_or(0);
        Ok(Word::Decimal(micros(count).saturating_add(i128::from(millionths))))
    }

    fn text(&mut self, start: usize, raw: bool) -> Result<Word, ConditionFault> {
        let quote = self.bump().unwrap_or('"');
        if self.rest().starts_with([quote; 2].map(String::from).concat().as_str()) {
            self.bump();
            self.bump();
            return Err(ConditionFault::left_out(
                start..self.at,
                "texts in triple quotes are left out of conditions",
            ));
        }
        let mut text = String::new();
        loop {
            let escape = self.at;
            match self.bump() {
                None | Some('\n' | '\r') => {
                    let fault = self.fault(start, "the text has no end");
                    return Err(fault.advise(format!("close it with {quote}")));
                }
                Some('\\') if !raw => match self.escaped() {
                    Some(meant) => text.push(meant),
                    None => {
                        let written = self.source.get(escape..self.at).unwrap_or_default();
                        let fault =
                            self.fault(escape, format!("`{}` is not an escape of CEL", shorten(written)));
                        return Err(fault.advise(r"write `\\` for a backslash"));
                    }
                },
                Some(next) if next == quote => return Ok(Word::Text(text)),
                Some(next) => text.push(next),
            }
        }
    }

    /// What follows a backslash.
    fn escaped(&mut self) -> Option<char> {
        let kind = self.bump()?;
        match kind {
            'a' => Some('\u{7}'),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\u{b}'),
            '\\' | '?' | '"' | '\'' | '`' => Some(kind),
            'x' | 'X' => self.code_point(2, 16, 0),
            'u' => self.code_point(4, 16, 0),
            'U' => self.code_point(8, 16, 0),
            '0'..='3' => self.code_point(2, 8, kind.to_digit(8)?),
            _ => None,
        }
    }

    fn code_point(&mut self, digits: usize, radix: u32, first: u32) -> Option<char> {
        let mut code = first;
        for _ in 0..digits {
            code = code.checked_mul(radix)?.checked_add(self.bump()?.to_digit(radix)?)?;
        }
        char::from_u32(code)
    }
}

/// A whole number as millionths.
pub(super) fn micros(count: i64) -> i128 {
    i128::from(count).saturating_mul(1_000_000)
}

/// What was meant by a sign typed with a Chinese input method, or by half a sign.
fn meant(typed: char) -> Option<String> {
    let plain = match typed {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '。' => '.',
        '、' => ',',
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(typed).saturating_sub(0xfee0))?,
        '=' => return Some("==".to_owned()),
        '&' => return Some("&&".to_owned()),
        '|' => return Some("||".to_owned()),
        _ => return None,
    };
    Some(if plain == '=' { "==".to_owned() } else { plain.to_string() })
}
