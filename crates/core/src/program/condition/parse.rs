//! The words and signs as a tree, by the grammar of CEL; what the tree means is for [`check`](super::check) to say.

use super::ConditionFault;
use super::lex::{Token, Word, tokens};
use crate::money::shorten;
use std::ops::Range;

/// Bytes of a source.
pub(super) const MAX_SOURCE: usize = 4_096;
/// Brackets, operators and calls within one another.
pub(super) const MAX_NESTING: usize = 32;
/// Values and operations, without the constants of lists.
pub(super) const MAX_NODES: usize = 256;
/// Elements of a list.
pub(super) const MAX_LIST: usize = 256;

#[derive(Debug, Clone)]
pub(super) struct Ast {
    pub(super) node: Node,
    pub(super) at: Range<usize>,
    /// With the brackets around it.
    outer: Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum Node {
    Name(String),
    Text(String),
    Int(i64),
    /// Millionths.
    Decimal(i128),
    Bool(bool),
    List(Vec<Ast>),
    Field(Box<Ast>, Name),
    Index(Box<Ast>, Box<Ast>),
    /// The method's target, if any; the name; the arguments.
    Call(Option<Box<Ast>>, Name, Vec<Ast>),
    Not(Box<Ast>),
    Minus(Box<Ast>),
    Binary(Box<[Ast; 2]>, Sign),
    If(Box<[Ast; 3]>),
}

#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) at: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    In,
    Plus,
    Minus,
}

impl Sign {
    const ALL: [Sign; 11] = [
        Sign::Or,
        Sign::And,
        Sign::Equal,
        Sign::NotEqual,
        Sign::Less,
        Sign::LessOrEqual,
        Sign::More,
        Sign::MoreOrEqual,
        Sign::In,
        Sign::Plus,
        Sign::Minus,
    ];

    pub(super) fn written(self) -> &'static str {
        match self {
            Sign::Or => "||",
            Sign::And => "&&",
            Sign::Equal => "==",
            Sign::NotEqual => "!=",
            Sign::Less => "<",
            Sign::LessOrEqual => "<=",
            Sign::More => ">",
            Sign::MoreOrEqual => ">=",
            Sign::In => "in",
            Sign::Plus => "+",
            Sign::Minus => "-",
        }
    }

    /// How tightly it binds.
    pub(super) fn strength(self) -> u8 {
        match self {
            Sign::Or => 1,
            Sign::And => 2,
            Sign::Equal
            | Sign::NotEqual
            | Sign::Less
            | Sign::LessOrEqual
            | Sign::More
            | Sign::MoreOrEqual
            | Sign::In => 3,
            Sign::Plus | Sign::Minus => 4,
        }
    }

    fn of(word: &Word) -> Option<Sign> {
        let written = match word {
            Word::Sign(sign) => sign,
            Word::Name(name) if name == "in" => "in",
            _ => return None,
        };
        Sign::ALL.into_iter().find(|sign| sign.written() == written)
    }
}

/// Parses a whole source. The first fault of the syntax ends it.
pub(super) fn parse(source: &str) -> Result<Ast, ConditionFault> {
    if source.len() > MAX_SOURCE {
        let message = format!("the condition has {} bytes, at most {MAX_SOURCE} are read", source.len());
        return Err(ConditionFault::new(0..source.len(), "condition_length", message));
    }
    let tokens = tokens(source)?;
    let mut parser = Parser { tokens: &tokens, next: 0, depth: 0, nodes: 0 };
    let ast = parser.expression()?;
    match parser.peek() {
        Word::End => Ok(ast),
        _ => Err(parser.unexpected("the end")),
    }
}

struct Parser<'t> {
    tokens: &'t [Token],
    next: usize,
    depth: usize,
    nodes: usize,
}

type Parsed<T> = Result<T, ConditionFault>;

impl<'t> Parser<'t> {
    fn token(&self) -> &'t Token {
        const END: &Token = &Token { word: Word::End, at: 0..0 };
        self.tokens.get(self.next).or(self.tokens.last()).unwrap_or(END)
    }

    fn peek(&self) -> &'t Word {
        &self.token().word
    }

    fn bump(&mut self) -> &'t Token {
        let token = self.token();
        self.next = self.next.saturating_add(1);
        token
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Word::Sign(found) if *found == sign)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        if found {
            self.bump();
        }
        found
    }

    /// Takes a sign that must be there; its last byte.
    fn expect(&mut self, sign: &str) -> Parsed<usize> {
        if self.is(sign) { Ok(self.bump().at.end) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    fn unexpected(&self, wanted: &str) -> ConditionFault {
        let token = self.token();
        let found = match &token.word {
            Word::Name(name) => format!("`{}`", shorten(name)),
            Word::Text(text) => format!("the text `{}`", shorten(text)),
            Word::Int(_) | Word::Decimal(_) => "a number".to_owned(),
            Word::Sign(sign) => format!("`{sign}`"),
            Word::End => "the end".to_owned(),
        };
        let fault = ConditionFault::new(
            token.at.clone(),
            "condition_syntax",
            format!("expected {wanted}, found {found}"),
        );
        let name = match &token.word {
            Word::Name(name) => name.to_ascii_lowercase(),
            _ => return fault,
        };
        match name.as_str() {
            "and" => fault.advise("write `&&`"),
            "or" => fault.advise("write `||`"),
            "not" | "is" => fault.advise("write `!` for not, `==` for is"),
            _ => fault,
        }
    }

    fn node(&mut self, node: Node, at: Range<usize>) -> Parsed<Ast> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES {
            let message = format!("the condition has more than {MAX_NODES} parts");
            return Err(
                ConditionFault::new(at, "condition_size", message).advise("split it into several rules")
            );
        }
        Ok(Ast { node, outer: at.clone(), at })
    }

    fn nested<T>(&mut self, inner: fn(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_NESTING {
            let message = format!("the condition is nested more than {MAX_NESTING} deep");
            return Err(ConditionFault::new(self.token().at.clone(), "condition_nesting", message));
        }
        let result = inner(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    fn expression(&mut self) -> Parsed<Ast> {
        self.nested(|parser| {
            let test = parser.binary(1)?;
            if !parser.eat("?") {
                return Ok(test);
            }
            let yes = parser.nested(|parser| parser.binary(1))?;
            parser.expect(":")?;
            let no = parser.expression()?;
            let at = test.outer.start..no.outer.end;
            parser.node(Node::If(Box::new([test, yes, no])), at)
        })
    }

    fn binary(&mut self, least: u8) -> Parsed<Ast> {
        let mut left = self.unary()?;
        loop {
            if let Word::Sign(sign @ ("*" | "/" | "%")) = self.peek() {
                let message = format!("`{sign}` is left out of conditions");
                return Err(ConditionFault::left_out(self.token().at.clone(), message));
            }
            let Some(sign) = Sign::of(self.peek()).filter(|sign| sign.strength() >= least) else {
                return Ok(left);
            };
            self.bump();
            let right = self.binary(sign.strength().saturating_add(1))?;
            let at = left.outer.start..right.outer.end;
            left = self.node(Node::Binary(Box::new([left, right]), sign), at)?;
        }
    }

    fn unary(&mut self) -> Parsed<Ast> {
        let start = self.token().at.start;
        let make = match self.peek() {
            Word::Sign("!") => Node::Not,
            Word::Sign("-") => Node::Minus,
            _ => return self.member(),
        };
        self.bump();
        let inner = self.nested(Self::unary)?;
        let at = start..inner.outer.end;
        self.node(make(Box::new(inner)), at)
    }

    fn member(&mut self) -> Parsed<Ast> {
        let mut target = self.primary()?;
        loop {
            let start = target.outer.start;
            if self.eat(".") {
                let name = self.name("the name of a field")?;
                if self.eat("(") {
                    let (arguments, end) = self.list(")")?;
                    target = self.node(Node::Call(Some(Box::new(target)), name, arguments), start..end)?;
                } else {
                    let at = start..name.at.end;
                    target = self.node(Node::Field(Box::new(target), name), at)?;
                }
            } else if self.eat("[") {
                let index = self.expression()?;
                let end = self.expect("]")?;
                target = self.node(Node::Index(Box::new(target), Box::new(index)), start..end)?;
            } else {
                return Ok(target);
            }
        }
    }

    fn primary(&mut self) -> Parsed<Ast> {
        let token = self.token();
        let node = match &token.word {
            Word::Name(name) if name == "in" => return Err(self.unexpected("a value")),
            Word::Name(name) if name == "true" || name == "false" => Node::Bool(name == "true"),
            Word::Name(name) if name == "null" => {
                let fault = ConditionFault::left_out(token.at.clone(), "`null` is left out of conditions");
                return Err(fault.advise("write `has(customer.birthday)` to ask whether it is known"));
            }
            Word::Name(_) => {
                let name = self.name("a name")?;
                let at = name.at.clone();
                if self.eat("(") {
                    let (arguments, end) = self.list(")")?;
                    return self.node(Node::Call(None, name, arguments), at.start..end);
                }
                return self.node(Node::Name(name.text), at);
            }
            Word::Text(text) => Node::Text(text.clone()),
            Word::Int(count) => Node::Int(*count),
            Word::Decimal(millionths) => Node::Decimal(*millionths),
            Word::Sign("(") => {
                self.bump();
                let inner = self.expression()?;
                let end = self.expect(")")?;
                return Ok(Ast { outer: token.at.start..end, ..inner });
            }
            Word::Sign("[") => {
                self.bump();
                let (elements, end) = self.list("]")?;
                return self.node(Node::List(elements), token.at.start..end);
            }
            Word::Sign("{") => {
                return Err(ConditionFault::left_out(token.at.clone(), "maps are left out of conditions"));
            }
            Word::Sign(_) | Word::End => return Err(self.unexpected("a value")),
        };
        self.bump();
        self.node(node, token.at.clone())
    }

    fn name(&mut self, wanted: &str) -> Parsed<Name> {
        match self.token() {
            Token { word: Word::Name(text), at } => {
                self.bump();
                Ok(Name { text: text.clone(), at: at.clone() })
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// Expressions with commas between them, up to and with the closing sign; constants do not count as parts.
    fn list(&mut self, close: &str) -> Parsed<(Vec<Ast>, usize)> {
        let mut elements = Vec::new();
        while !self.is(close) {
            let before = self.nodes;
            let element = self.expression()?;
            if matches!(element.node, Node::Text(_) | Node::Int(_) | Node::Decimal(_)) {
                self.nodes = before;
            }
            if elements.len() >= MAX_LIST {
                let message = format!("the list has more than {MAX_LIST} elements");
                return Err(ConditionFault::new(element.at, "condition_list", message));
            }
            elements.push(element);
            if !self.eat(",") {
                break;
            }
            // CEL lets a list end with a comma, but not a call.
            if close == ")" && self.is(close) {
                return Err(self.unexpected("a value"));
            }
        }
        let end = self.expect(close)?;
        Ok((elements, end))
    }
}
