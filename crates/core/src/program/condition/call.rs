//! The functions and methods of the vocabulary, checked: what each takes, and what it gives.

use super::ConditionFault;
use super::check::{Checker, Value, nearest, short};
use super::eval::{minor, number};
use super::parse::{Ast, Name, Node};
use super::tree::{Kind, Num, NumField, Test, Type};
use super::vocabulary as words;
use crate::calendar::Day;
use crate::money::shorten;
use std::ops::Range;

impl Checker<'_> {
    pub(super) fn function(&mut self, name: &Name, arguments: &[Ast], at: &Range<usize>) -> Option<Value> {
        match (name.text.as_str(), arguments) {
            ("money" | "date", [Ast { node: Node::Text(text), at, .. }]) => {
                let read = if name.text == "money" {
                    self.known.currency.money(text).map(|money| (minor(money), Type::Money))
                } else {
                    Day::parse(text).map(|day| (number(day), Type::Day))
                };
                match read {
                    Ok((number, kind)) => Some(Value::Number(Num::Const(number), kind)),
                    Err(fault) => self.wrong(at, fault.code, fault.message, fault.advice),
                }
            }
            ("money", [argument]) => {
                let advice = "write the amount in quotes, such as `money(\"5000\")`".to_owned();
                self.mismatch(
                    &argument.at,
                    "money is written as a text, so that it is exact".to_owned(),
                    Some(advice),
                )
            }
            ("date", [argument]) => {
                let advice = "write the day in quotes, such as `date(\"2026-05-01\")`".to_owned();
                self.mismatch(&argument.at, "a day is written as a text".to_owned(), Some(advice))
            }
            ("size", [argument]) => self.size(argument),
            ("has", [argument]) => self.has(argument, at),
            ("money" | "date" | "size" | "has", _) => self.arguments(name, 1, arguments.len(), at),
            _ => self.unknown_function(name, &words::FUNCTIONS),
        }
    }

    fn unknown_function<T>(&mut self, name: &Name, known: &[&str]) -> Option<T> {
        let shown = shorten(&name.text);
        if words::LEFT_OUT.contains(&name.text.as_str()) {
            return self.fault(ConditionFault::left_out(
                name.at.clone(),
                format!("`{shown}` is left out of conditions"),
            ));
        }
        let advice = nearest(&name.text, known.iter().copied()).or_else(|| {
            Some(format!(
                "known are {}",
                known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ))
        });
        self.wrong(&name.at, "unknown_function", format!("unknown function `{shown}`"), advice)
    }

    fn arguments<T>(&mut self, name: &Name, wanted: usize, found: usize, at: &Range<usize>) -> Option<T> {
        let plural = if wanted == 1 { "" } else { "s" };
        self.mismatch(at, format!("`{}` takes {wanted} argument{plural}, not {found}", name.text), None)
    }

    fn size(&mut self, of: &Ast) -> Option<Value> {
        let number = match self.value(of)? {
            Value::Text(text) => Num::Length(text),
            Value::Tags => Num::Field(NumField::Tags),
            Value::Lines => Num::Field(NumField::Lines),
            other => {
                return self.mismatch(
                    &of.at,
                    format!("`size` can't count {}", other.kind().described()),
                    None,
                );
            }
        };
        Some(Value::Number(number, Type::Whole))
    }

    fn has(&mut self, argument: &Ast, at: &Range<usize>) -> Option<Value> {
        if !matches!(argument.node, Node::Field(..)) {
            let advice = "write `has(customer.birthday)`".to_owned();
            return self.mismatch(&argument.at, "`has` asks for a field".to_owned(), Some(advice));
        }
        match self.value(argument)? {
            Value::Number(
                number @ (Num::Component(..)
                | Num::Custom(_)
                | Num::Field(NumField::Birthday | NumField::Joined)),
                _,
            ) => Some(Value::Test(Test { kind: Kind::Known(number), at: short(at) })),
            _ => {
                let advice = "leave `has` out, or compare a text that may be missing with \"\"".to_owned();
                self.mismatch(&argument.at, "this is always known".to_owned(), Some(advice))
            }
        }
    }

    pub(super) fn method(
        &mut self,
        target: &Ast,
        name: &Name,
        arguments: &[Ast],
        at: &Range<usize>,
    ) -> Option<Value> {
        let kind = match (name.text.as_str(), arguments) {
            ("startsWith" | "endsWith" | "contains", [part]) => {
                let (text, part) = (self.text(target), self.text(part));
                let (text, part) = (text?, part?);
                match name.text.as_str() {
                    "startsWith" => Kind::Begins(text, part),
                    "endsWith" => Kind::Ends(text, part),
                    _ => Kind::Contains(text, part),
                }
            }
            ("size", []) => return self.size(target),
            ("exists" | "all", [variable, body]) => self.every(target, name, variable, body)?,
            ("startsWith" | "endsWith" | "contains", _) => {
                return self.arguments(name, 1, arguments.len(), at);
            }
            ("exists" | "all", _) => return self.arguments(name, 2, arguments.len(), at),
            ("size", _) => return self.arguments(name, 0, arguments.len(), at),
            _ => return self.unknown_function(name, &words::METHODS),
        };
        Some(Value::Test(Test { kind, at: short(at) }))
    }

    fn every(&mut self, target: &Ast, name: &Name, variable: &Ast, body: &Ast) -> Option<Kind> {
        if self.each.is_some() {
            let message = format!("`{}` within another loop is left out of conditions", name.text);
            return self.fault(ConditionFault::left_out(name.at.clone(), message));
        }
        let Value::Lines = self.value(target)? else {
            let message = format!("`{}` looks at `purchase.lines` only", name.text);
            return self.fault(ConditionFault::left_out(target.at.clone(), message));
        };
        let Node::Name(each) = &variable.node else {
            let message = format!("`{}` takes a name for the line first", name.text);
            let advice = format!("write `purchase.lines.{}(l, …)`", name.text);
            return self.mismatch(&variable.at, message, Some(advice));
        };
        if words::ROOTS.contains(&each.as_str()) || words::RESERVED.contains(&each.as_str()) {
            let message = format!("`{each}` can't be the name of a line");
            return self.wrong(
                &variable.at,
                "condition_name_taken",
                message,
                Some("take another name, such as `l`".to_owned()),
            );
        }
        self.each = Some(each.clone());
        let test = self.test(body);
        self.each = None;
        let test = Box::new(test?);
        Some(if name.text == "exists" { Kind::SomeLine(test) } else { Kind::EveryLine(test) })
    }
}
