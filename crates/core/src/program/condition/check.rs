//! Names and types against the vocabulary: the tree as written becomes a tree that can't go wrong. All faults are collected.

use super::parse::{Ast, Name, Node, Sign};
use super::tree::{Kind, Num, NumField, Order, Test, TextField, Txt, Type, Which, Whose};
use super::vocabulary::{self as words, Term, Terms};
use super::{ConditionFault, Known, Uses};
use crate::money::shorten;
use std::ops::Range;

/// The tree of tests, and what it asks for.
pub(super) fn check(ast: &Ast, known: &Known<'_>) -> Result<(Test, Uses), Vec<ConditionFault>> {
    let mut checker = Checker { known, each: None, faults: Vec::new(), uses: Uses::default() };
    match checker.test(ast) {
        Some(test) if checker.faults.is_empty() => Ok((test, checker.uses)),
        _ => Err(checker.faults),
    }
}

pub(super) enum Value {
    Test(Test),
    Text(Txt),
    Number(Num, Type),
    Tags,
    Custom(Whose),
    Lines,
    Components(Which),
}

impl Value {
    pub(super) fn kind(&self) -> Type {
        match self {
            Value::Test(_) => Type::Test,
            Value::Text(_) => Type::Text,
            Value::Number(_, kind) => *kind,
            Value::Tags => Type::Tags,
            Value::Custom(_) => Type::Custom,
            Value::Lines => Type::Lines,
            Value::Components(_) => Type::Components,
        }
    }
}

pub(super) struct Checker<'k> {
    pub(super) known: &'k Known<'k>,
    /// The name of the line that a loop is at.
    pub(super) each: Option<String>,
    faults: Vec<ConditionFault>,
    uses: Uses,
}

/// `None` where a fault was found and kept.
impl Checker<'_> {
    pub(super) fn fault<T>(&mut self, fault: ConditionFault) -> Option<T> {
        self.faults.push(fault);
        None
    }

    pub(super) fn wrong<T>(
        &mut self,
        at: &Range<usize>,
        code: &'static str,
        message: String,
        advice: Option<String>,
    ) -> Option<T> {
        self.fault(ConditionFault { at: at.clone(), code, message, advice })
    }

    pub(super) fn mismatch<T>(
        &mut self,
        at: &Range<usize>,
        message: String,
        advice: Option<String>,
    ) -> Option<T> {
        self.wrong(at, "condition_type", message, advice)
    }

    pub(super) fn test(&mut self, ast: &Ast) -> Option<Test> {
        match self.value(ast)? {
            Value::Test(test) => Some(test),
            other => {
                let message = format!("a condition is true or false, this is {}", other.kind().described());
                self.mismatch(&ast.at, message, Some("compare it with something".to_owned()))
            }
        }
    }

    pub(super) fn text(&mut self, ast: &Ast) -> Option<Txt> {
        match self.value(ast)? {
            Value::Text(text) => Some(text),
            other => {
                self.mismatch(&ast.at, format!("this must be a text, not {}", other.kind().described()), None)
            }
        }
    }

    pub(super) fn value(&mut self, ast: &Ast) -> Option<Value> {
        let test = |kind| Some(Value::Test(Test { kind, at: short(&ast.at) }));
        match &ast.node {
            Node::Name(name) => self.name(name, &ast.at),
            Node::Text(text) => Some(Value::Text(Txt::Const(text.as_str().into()))),
            Node::Int(count) => Some(Value::Number(Num::Const(super::lex::micros(*count)), Type::Whole)),
            Node::Decimal(millionths) => Some(Value::Number(Num::Const(*millionths), Type::Decimal)),
            Node::Bool(value) => test(Kind::Const(*value)),
            Node::List(_) => self.fault(ConditionFault::left_out(
                ast.at.clone(),
                "a list can only stand on the right of `in`",
            )),
            Node::Field(target, field) => self.field(target, field, &ast.at),
            Node::Index(target, index) => self.component(target, index, &ast.at),
            Node::Call(None, name, arguments) => self.function(name, arguments, &ast.at),
            Node::Call(Some(target), name, arguments) => self.method(target, name, arguments, &ast.at),
            Node::Not(inner) => test(Kind::Not(Box::new(self.test(inner)?))),
            Node::Minus(inner) => match self.value(inner)? {
                Value::Number(number, kind @ (Type::Whole | Type::Decimal | Type::Money)) => {
                    let negative = match number {
                        Num::Const(value) => Num::Const(value.saturating_neg()),
                        other => Num::Negative(Box::new(other)),
                    };
                    Some(Value::Number(negative, kind))
                }
                Value::Test(_) => {
                    let advice = Some("write `!` for not".to_owned());
                    self.mismatch(
                        &ast.at,
                        "`-` needs a number or money, not true or false".to_owned(),
                        advice,
                    )
                }
                other => {
                    let message = format!("`-` needs a number or money, not {}", other.kind().described());
                    self.mismatch(&ast.at, message, None)
                }
            },
            Node::Binary(sides, sign) => {
                let [left, right] = &**sides;
                match sign {
                    Sign::And => test(Kind::All(self.joined(left, right, |kind| match kind {
                        Kind::All(tests) => Ok(tests),
                        other => Err(other),
                    })?)),
                    Sign::Or => test(Kind::Any(self.joined(left, right, |kind| match kind {
                        Kind::Any(tests) => Ok(tests),
                        other => Err(other),
                    })?)),
                    Sign::Plus | Sign::Minus => self.sum(left, right, *sign, &ast.at),
                    Sign::In => test(self.within(left, right, &ast.at)?),
                    Sign::Equal
                    | Sign::NotEqual
                    | Sign::Less
                    | Sign::LessOrEqual
                    | Sign::More
                    | Sign::MoreOrEqual => test(self.comparison(left, right, *sign, &ast.at)?),
                }
            }
            Node::If(parts) => self.choice(parts, &ast.at),
        }
    }

    /// Both sides of `&&` or `||`, chains as one list.
    fn joined(
        &mut self,
        left: &Ast,
        right: &Ast,
        opened: fn(Kind) -> Result<Box<[Test]>, Kind>,
    ) -> Option<Box<[Test]>> {
        let (left, right) = (self.test(left), self.test(right));
        let mut tests = Vec::new();
        for Test { kind, at } in [left?, right?] {
            match opened(kind) {
                Ok(inner) => tests.extend(inner),
                Err(kind) => tests.push(Test { kind, at }),
            }
        }
        Some(tests.into())
    }

    fn sum(&mut self, left: &Ast, right: &Ast, sign: Sign, at: &Range<usize>) -> Option<Value> {
        let (left, right) = (self.value(left), self.value(right));
        let (left, right) = (left?, right?);
        let kinds = (left.kind(), right.kind());
        let (left, right, kind) = match (left, right) {
            (Value::Number(left, one), Value::Number(right, other)) if one == other && one != Type::Day => {
                (left, right, one)
            }
            _ => {
                let advice = match kinds {
                    (Type::Text, Type::Text) => Some("texts can be compared but not joined".to_owned()),
                    (one, other) if one.is_number() && other.is_number() => {
                        Some("write the whole number with a point, such as 2.0".to_owned())
                    }
                    (Type::Money, other) | (other, Type::Money) if other.is_number() => {
                        Some("write the number as money, such as `money(\"5000\")`".to_owned())
                    }
                    _ => None,
                };
                let (one, other) = (kinds.0.described(), kinds.1.described());
                let message = format!("`{}` can't take {one} and {other}", sign.written());
                return self.mismatch(at, message, advice);
            }
        };
        let number = match (sign, left, right) {
            (Sign::Minus, Num::Const(left), Num::Const(right)) => Num::Const(left.saturating_sub(right)),
            (_, Num::Const(left), Num::Const(right)) => Num::Const(left.saturating_add(right)),
            (Sign::Minus, left, right) => Num::Minus(Box::new([left, right])),
            (_, left, right) => Num::Plus(Box::new([left, right])),
        };
        Some(Value::Number(number, kind))
    }

    fn comparison(&mut self, left: &Ast, right: &Ast, sign: Sign, at: &Range<usize>) -> Option<Kind> {
        let order = Order::of(sign)?;
        let values = (self.value(left), self.value(right));
        let equality = matches!(order, Order::Equal | Order::NotEqual);
        match (values.0?, values.1?) {
            (Value::Test(one), Value::Test(other)) if equality => {
                let at = one.at.start..other.at.end;
                let same = Kind::Same(Box::new([one, other]));
                Some(if order == Order::Equal { same } else { Kind::Not(Box::new(Test { kind: same, at })) })
            }
            (Value::Number(one, kind), Value::Number(other, with)) if comparable(kind, with) => {
                Some(match (&one, &other) {
                    (Num::Const(one), Num::Const(other)) => Kind::Const(order.holds(one, other)),
                    _ => Kind::Number(order, one, other),
                })
            }
            (Value::Text(one), Value::Text(other)) => {
                let is_tier = |text: &Txt| *text == Txt::Field(TextField::Tier);
                if is_tier(&one) || is_tier(&other) {
                    if !equality {
                        let message =
                            format!("`{}` would compare tiers by the letters of their ids", sign.written());
                        let advice = "name the tiers, such as `customer.tier in [\"gold\", \"diamond\"]`";
                        return self.wrong(at, "condition_tier_order", message, Some(advice.to_owned()));
                    }
                    self.tier(left, &one);
                    self.tier(right, &other);
                }
                self.choice_of(&one, right, &other);
                self.choice_of(&other, left, &one);
                Some(match (&one, &other) {
                    (Txt::Const(one), Txt::Const(other)) => Kind::Const(order.holds(one, other)),
                    _ => Kind::Text(order, one, other),
                })
            }
            (one, other) => {
                let advice = comparison_advice(left, &one, right, &other);
                let message = if one.kind() == other.kind() {
                    format!("`{}` can't compare {} with another", sign.written(), one.kind().described())
                } else {
                    format!("{} can't be compared with {}", one.kind().described(), other.kind().described())
                };
                self.mismatch(at, message, advice)
            }
        }
    }

    /// A tier that the program does not have can't be held.
    fn tier(&mut self, ast: &Ast, text: &Txt) {
        let Txt::Const(id) = text else { return };
        if !self.known.tiers.contains(&&**id) {
            let message = format!("unknown tier `{}`", shorten(id));
            let advice = nearest(id, self.known.tiers.iter().copied());
            self.wrong::<()>(&ast.at, "unknown_tier", message, advice);
        }
    }

    fn within(&mut self, left: &Ast, right: &Ast, at: &Range<usize>) -> Option<Kind> {
        let value = self.value(left);
        let Node::List(elements) = &right.node else {
            return match (value?, self.value(right)?) {
                (Value::Text(text), Value::Tags) => Some(Kind::Tagged(text)),
                (Value::Text(Txt::Const(name)), Value::Components(which)) => {
                    Some(Kind::Known(Num::Component(which, name)))
                }
                (Value::Text(Txt::Const(_)), Value::Text(_)) => {
                    let advice = "write `==`, or a list such as [\"gold\", \"diamond\"]".to_owned();
                    self.mismatch(at, "`in` needs a list on its right, not a text".to_owned(), Some(advice))
                }
                (value, list) => {
                    let (value, list) = (value.kind().described(), list.kind().described());
                    self.mismatch(at, format!("`in` can't look for {value} in {list}"), None)
                }
            };
        };
        let value = value?;
        let mut complete = true;
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        for element in elements {
            match (&value, self.value(element)) {
                (Value::Text(text), Some(Value::Text(one))) => {
                    if *text == Txt::Field(TextField::Tier) {
                        self.tier(element, &one);
                    }
                    self.choice_of(text, element, &one);
                    texts.push(one);
                }
                (Value::Number(_, kind), Some(Value::Number(one, with))) if comparable(*kind, with) => {
                    numbers.push(one);
                }
                (value, Some(one)) => {
                    let advice = comparison_advice(left, value, element, &one);
                    let (kind, with) = (value.kind().described(), one.kind().described());
                    complete = false;
                    self.mismatch::<()>(&element.at, format!("{kind} is never {with}"), advice);
                }
                (_, None) => complete = false,
            }
        }
        match value {
            _ if !complete => None,
            Value::Text(text) => Some(Kind::TextIn(text, texts.into())),
            Value::Number(number, _) => Some(Kind::NumberIn(number, numbers.into())),
            other => {
                self.mismatch(at, format!("`in` can't look for {} in a list", other.kind().described()), None)
            }
        }
    }

    fn choice(&mut self, parts: &[Ast; 3], at: &Range<usize>) -> Option<Value> {
        let [test, yes, no] = parts;
        let (test, yes, no) = (self.test(test), self.value(yes), self.value(no));
        Some(match (test?, yes?, no?) {
            (test, Value::Test(yes), Value::Test(no)) => {
                Value::Test(Test { kind: Kind::If(Box::new([test, yes, no])), at: short(at) })
            }
            (test, Value::Text(yes), Value::Text(no)) => Value::Text(Txt::If(Box::new((test, yes, no)))),
            (test, Value::Number(yes, one), Value::Number(no, other)) if one == other => {
                Value::Number(Num::If(Box::new((test, yes, no))), one)
            }
            (_, yes, no) => {
                let (one, other) = (yes.kind().described(), no.kind().described());
                return self.mismatch(
                    at,
                    format!("`? :` must give the same on both sides, not {one} and {other}"),
                    None,
                );
            }
        })
    }

    fn name(&mut self, name: &str, at: &Range<usize>) -> Option<Value> {
        if let Some((_, term)) = words::PLAIN.iter().find(|(known, _)| *known == name) {
            return Some(self.term(*term));
        }
        if self.terms(name).is_some() {
            let message = format!("`{name}` is not a value");
            return self.wrong(
                at,
                "condition_type",
                message,
                Some(format!("write one of its fields, such as {}", example(name))),
            );
        }
        self.unknown_name(name, at)
    }

    fn unknown_name<T>(&mut self, name: &str, at: &Range<usize>) -> Option<T> {
        let each = self.each.clone();
        let advice = nearest(name, words::ROOTS.into_iter().chain(each.as_deref())).or_else(|| {
            Some(format!(
                "known are {}; a text stands in quotes",
                words::ROOTS.map(|name| format!("`{name}`")).join(", ")
            ))
        });
        self.wrong(at, "unknown_name", format!("unknown name `{}`", shorten(name)), advice)
    }

    /// The fields of a name that stands for something with fields.
    fn terms(&self, name: &str) -> Option<Terms> {
        match name {
            "customer" => Some(words::CUSTOMER),
            "purchase" => Some(words::PURCHASE),
            "line" => Some(words::line(Which::Rule)),
            _ if self.each.as_deref() == Some(name) => Some(words::line(Which::Each)),
            _ => None,
        }
    }

    fn term(&mut self, term: Term) -> Value {
        match term {
            Term::Number(field, kind) => {
                self.note(field);
                Value::Number(Num::Field(field), kind)
            }
            Term::Text(field) => {
                self.uses.item |= matches!(field, TextField::LineItem(_));
                self.uses.category |= matches!(field, TextField::LineCategory(_));
                Value::Text(Txt::Field(field))
            }
            Term::Tags => Value::Tags,
            Term::Custom(whose) => {
                self.uses.piece |= matches!(whose, Whose::Line(_));
                Value::Custom(whose)
            }
            Term::Lines => {
                self.uses.purchase = true;
                Value::Lines
            }
            Term::Components(which) => Value::Components(which),
        }
    }

    fn note(&mut self, field: NumField) {
        match field {
            NumField::Points | NumField::SpendTotal => self.uses.totals = true,
            NumField::Birthday => self.uses.birthday = true,
            NumField::Amount | NumField::Lines => self.uses.purchase = true,
            NumField::Purchases
            | NumField::Visits
            | NumField::Day
            | NumField::Joined
            | NumField::Tags
            | NumField::LineQuantity(_)
            | NumField::LineAmount(_) => {}
        }
    }

    fn field(&mut self, target: &Ast, field: &Name, at: &Range<usize>) -> Option<Value> {
        if let Node::Name(root) = &target.node
            && let Some(terms) = self.terms(root)
        {
            self.uses.customer |= root == "customer";
            if root == "line" {
                self.uses.line = true;
                if !self.known.lines {
                    let advice =
                        "write `purchase.lines.exists(l, …)` to ask whether any line is so".to_owned();
                    return self.wrong(
                        at,
                        "condition_no_line",
                        "there is no one `line` here".to_owned(),
                        Some(advice),
                    );
                }
            }
            return match terms.iter().find(|(name, _)| *name == field.text) {
                Some((_, term)) => Some(self.term(*term)),
                None => self.unknown_field(root, field, terms.iter().map(|(name, _)| *name).collect()),
            };
        }
        match self.value(target)? {
            Value::Number(day, Type::Day) => match words::DAY_PARTS
                .iter()
                .find(|(name, _)| *name == field.text)
            {
                Some((_, part)) => Some(Value::Number(
                    match day {
                        Num::Const(number) => Num::Const(part.of(number)),
                        other => Num::Part(*part, Box::new(other)),
                    },
                    Type::Whole,
                )),
                None => self.unknown_field("a day", field, words::DAY_PARTS.map(|(name, _)| name).to_vec()),
            },
            Value::Custom(whose) => self.custom(whose, field, at),
            Value::Components(which) => {
                Some(Value::Number(Num::Component(which, field.text.as_str().into()), Type::Money))
            }
            other => {
                let message = format!("{} has no field `{}`", other.kind().described(), shorten(&field.text));
                let advice = words::METHODS
                    .contains(&field.text.as_str())
                    .then(|| format!("write `{}(…)`", field.text));
                self.wrong(&field.at, "unknown_field", message, advice)
            }
        }
    }

    fn unknown_field<T>(&mut self, of: &str, field: &Name, known: Vec<&str>) -> Option<T> {
        let of = if of == "a day" { of.to_owned() } else { format!("`{of}`") };
        let message = format!("{of} has no field `{}`", shorten(&field.text));
        let all = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let advice = nearest(&field.text, known.into_iter()).or_else(|| Some(format!("known are {all}")));
        self.wrong(&field.at, "unknown_field", message, advice)
    }

    fn component(&mut self, target: &Ast, index: &Ast, at: &Range<usize>) -> Option<Value> {
        match (self.value(target)?, &index.node) {
            (Value::Components(which), Node::Text(name)) => {
                Some(Value::Number(Num::Component(which, name.as_str().into()), Type::Money))
            }
            (Value::Custom(whose), Node::Text(name)) => {
                self.custom(whose, &Name { text: name.clone(), at: index.at.clone() }, at)
            }
            (Value::Components(_), _) => {
                let advice = Some("write it in quotes, such as `line.components[\"labour\"]`".to_owned());
                self.mismatch(&index.at, "a component is named by a text".to_owned(), advice)
            }
            (other, _) => {
                let fault = format!("`[…]` after {} is left out of conditions", other.kind().described());
                self.fault(ConditionFault::left_out(at.clone(), fault))
            }
        }
    }
}

fn comparable(one: Type, other: Type) -> bool {
    one == other || (one.is_number() && other.is_number())
}

/// The place of a part, in the few bytes that a bounded source needs.
pub(super) fn short(at: &Range<usize>) -> Range<u16> {
    let end = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    end(at.start)..end(at.end)
}

/// What to write instead of a comparison of two types.
fn comparison_advice(left: &Ast, one: &Value, right: &Ast, other: &Value) -> Option<String> {
    let sides = [(one.kind(), other.kind(), right), (other.kind(), one.kind(), left)];
    sides.into_iter().find_map(|(wanted, found, ast)| match (wanted, found, &ast.node) {
        (Type::Money, Type::Whole, Node::Int(count)) => Some(format!("write `money(\"{count}\")`")),
        (Type::Money, Type::Decimal, Node::Decimal(millionths)) => {
            Some(format!("write `money(\"{}\")`", super::print::decimal(*millionths)))
        }
        (Type::Money, Type::Text, Node::Text(text)) => Some(format!("write `money(\"{}\")`", shorten(text))),
        (Type::Day, Type::Text, Node::Text(text)) => Some(format!("write `date(\"{}\")`", shorten(text))),
        (Type::Whole | Type::Decimal, Type::Text, Node::Text(text)) if text.parse::<i64>().is_ok() => {
            Some(format!("write {text} without quotes"))
        }
        (Type::Text, Type::Whole, Node::Int(count)) => Some(format!("write \"{count}\" in quotes")),
        (Type::Day, Type::Whole, Node::Int(1..=12)) => {
            Some("compare its `.month`, `.day` or `.weekday`".to_owned())
        }
        _ => None,
    })
}

fn example(root: &str) -> &'static str {
    match root {
        "customer" => "`customer.tier`",
        "purchase" => "`purchase.amount`",
        _ => "`line.category`",
    }
}

/// "did you mean …?" for a name that is nearly a known one.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let likeness = |known: &str| strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase());
    known
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| format!("did you mean `{known}`?"))
}
