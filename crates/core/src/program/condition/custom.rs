//! Fields that a program declares, in conditions: `customer.custom.cats` (semantics 12.2).

use super::check::{Checker, Value, nearest, short};
use super::parse::{Ast, Name};
use super::scene::Customer;
use super::tree::{Kind, Num, Test, Txt, Type};
use crate::calendar::Day;
use crate::fact::Quantity;
use crate::money::{Currency, shorten};
use crate::program::customers::{Declared, Holds};
use std::ops::Range;

/// A field whose value is counted: how its text is read, and its id.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub(super) of: FigureOf,
    pub(super) id: Box<str>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum FigureOf {
    Number,
    Money(Currency),
    Day,
}

impl Figure {
    /// The value as a [`Num`]; none where it was not told, or where an offline till told what the field does not hold.
    pub(super) fn value(&self, customer: &Customer<'_>) -> Option<i128> {
        let text = told(customer, &self.id)?;
        Some(match self.of {
            FigureOf::Number => i128::from(Quantity::parse(text).ok()?.micros()),
            FigureOf::Money(currency) => i128::from(currency.money(text).ok()?.minor()),
            FigureOf::Day => i128::from(Day::parse(text).ok()?.number()),
        })
    }

    /// The least and the most that it can be.
    pub(super) fn range(&self) -> (i128, i128) {
        match self.of {
            FigureOf::Number => (0, i128::MAX),
            FigureOf::Money(_) => (i128::MIN, i128::MAX),
            FigureOf::Day => (i128::from(Day::FIRST.number()), i128::from(Day::LAST.number())),
        }
    }
}

/// What was told of a field; none where nothing was.
pub(super) fn told<'c>(customer: &Customer<'c>, id: &str) -> Option<&'c str> {
    customer.custom.iter().find(|told| &*told.id == id).map(|told| &*told.value)
}

/// Whether a flag is set. One that was not told is not.
pub(super) fn is_set(customer: &Customer<'_>, id: &str) -> bool {
    told(customer, id) == Some(SET)
}

/// A flag that is set, as it is kept.
pub(crate) const SET: &str = "true";

/// The name of a field as it is written.
pub(super) fn name(id: &str) -> String {
    format!("customer.custom.{id}")
}

impl Checker<'_> {
    pub(super) fn custom(&mut self, field: &Name, at: &Range<usize>) -> Option<Value> {
        let fields = self.known.fields;
        let Some(declared) = fields.iter().find(|declared| *declared.id == *field.text) else {
            let message = format!("`customer.custom` has no field `{}`", shorten(&field.text));
            let known = || fields.iter().map(|declared| &*declared.id);
            let advice = nearest(&field.text, known()).unwrap_or_else(|| match fields {
                [] => "declare it as a `[[field]]` of the program".to_owned(),
                _ => format!(
                    "known are {}",
                    known().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
                ),
            });
            return self.wrong(&field.at, "unknown_custom", message, Some(advice));
        };
        let id: Box<str> = (*declared.id).into();
        let figure = |of, id, kind| Value::Number(Num::Custom(Figure { of, id }), kind);
        Some(match declared.holds {
            Holds::Text(_) | Holds::Choice(_) => Value::Text(Txt::Custom(id)),
            Holds::Number(..) => figure(FigureOf::Number, id, Type::Decimal),
            Holds::Money(..) => figure(FigureOf::Money(self.known.currency), id, Type::Money),
            Holds::Date => figure(FigureOf::Day, id, Type::Day),
            Holds::Flag => Value::Test(Test { kind: Kind::Flag(id), at: short(at) }),
        })
    }

    /// A choice that a field does not have can't be chosen.
    pub(super) fn choice_of(&mut self, field: &Txt, ast: &Ast, text: &Txt) {
        let (Txt::Custom(id), Txt::Const(text)) = (field, text) else { return };
        let declared = self.known.fields.iter().find(|declared| *declared.id == **id);
        let Some(Declared { holds: Holds::Choice(choices), .. }) = declared else { return };
        // Nothing is chosen yet.
        if text.is_empty() || choices.contains(text) {
            return;
        }
        let message = format!("`{}` is no choice of `{}`", shorten(text), name(id));
        let all = choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ");
        let advice = nearest(text, choices.iter().map(|choice| &**choice))
            .unwrap_or_else(|| format!("its choices are {all}"));
        self.wrong::<()>(&ast.at, "unknown_choice", message, Some(advice));
    }
}

#[cfg(test)]
mod tests {
    use crate::Id;
    use crate::calendar::Day;
    use crate::money::Currency;
    use crate::program::condition::{Condition, ConditionFault, CustomValue, Customer, Known, Scene};
    use crate::program::customers::{Declared, Holds};

    fn fields() -> Vec<Declared> {
        let choices = ["script", "block"].map(Box::from).to_vec();
        let all = [
            ("cats", Holds::Number(None, None)),
            ("deposit", Holds::Money(None, None)),
            ("first_met", Holds::Date),
            ("club", Holds::Flag),
            ("engraving", Holds::Choice(choices)),
            ("tea-or-coffee", Holds::Text(64)),
        ];
        let declared = |(id, holds): (&str, Holds)| Declared {
            id: Id::new(id),
            name: id.into(),
            holds,
            required: false,
        };
        all.into_iter().map(declared).collect()
    }

    fn read(source: &str) -> Result<Condition, Vec<ConditionFault>> {
        let fields = fields();
        let currency = Currency::parse("CNY").unwrap();
        Condition::parse(source, &Known { currency, tiers: &["gold"], fields: &fields, lines: true })
    }

    fn holds(source: &str, told: &[(&str, &str)]) -> bool {
        let told: Vec<CustomValue> = told.iter().map(|(id, value)| CustomValue::new(id, value)).collect();
        let scene = Scene::on(Day::parse("2026-05-02").unwrap());
        read(source).unwrap().holds(&scene.with_customer(Customer::default().with_custom(&told)))
    }

    #[test]
    fn each_kind_of_field_is_asked_by_its_type() {
        for (source, value) in [
            ("customer.custom.cats == 2", ("cats", "2")),
            ("customer.custom.cats > 1 && customer.custom.cats < 2.5", ("cats", "2.0")),
            ("customer.custom.deposit >= money('500')", ("deposit", "500.00")),
            ("customer.custom.first_met.month == 12", ("first_met", "2025-12-24")),
            ("day >= customer.custom.first_met", ("first_met", "2025-12-24")),
            ("customer.custom.club", ("club", "true")),
            ("customer.custom.engraving == 'script'", ("engraving", "script")),
            ("customer.custom.engraving in ['script', 'block']", ("engraving", "block")),
            ("customer.custom['tea-or-coffee'].startsWith('tea')", ("tea-or-coffee", "tea, green")),
            ("has(customer.custom.cats)", ("cats", "0")),
        ] {
            assert!(holds(source, &[value]), "{source}");
            // What was not told makes it false.
            assert!(!holds(source, &[]), "{source}");
        }
        // An offline till may tell what the field does not hold.
        assert!(!holds("customer.custom.cats >= 0", &[("cats", "many")]));
        assert!(holds("customer.custom.engraving == ''", &[]) && holds("!customer.custom.club", &[]));
        assert!(holds("!customer.custom.club", &[("club", "false")]));
    }

    #[test]
    fn what_a_field_is_not_is_a_fault() {
        for (source, code, told) in [
            ("customer.custom.cat == 2", "unknown_custom", "did you mean `cats`?"),
            ("customer.custom.x == 2", "unknown_custom", "known are `cats`"),
            ("customer.custom.cats == '2'", "condition_type", "write 2 without quotes"),
            ("customer.custom.deposit > 500", "condition_type", "write `money(\"500\")`"),
            ("customer.custom.first_met == '2025-12-24'", "condition_type", "write `date(\"2025-12-24\")`"),
            ("customer.custom.club == 'true'", "condition_type", ""),
            ("customer.custom.engraving == 'scripts'", "unknown_choice", "did you mean `script`?"),
            (
                "customer.custom.engraving in ['script', 'runes']",
                "unknown_choice",
                "its choices are `script`, `block`",
            ),
            ("customer.custom.engraving > 2", "condition_type", ""),
            ("customer.custom", "condition_type", "compare it with something"),
            ("customer.custom.cats < 0", "condition_never", ""),
            ("customer.custom.club && !customer.custom.club", "condition_never", ""),
            ("has(customer.custom.engraving)", "condition_type", "compare a text that may be missing"),
        ] {
            let faults = read(source).unwrap_err();
            assert_eq!(faults[0].code, code, "{source}: {faults:?}");
            assert!(faults[0].advice.clone().unwrap_or_default().contains(told), "{source}: {faults:?}");
        }
    }

    #[test]
    fn what_it_found_is_told() {
        let told = [CustomValue::new("cats", "2"), CustomValue::new("deposit", "500")];
        let scene = Scene::on(Day::parse("2026-05-02").unwrap());
        let scene = scene.with_customer(Customer::default().with_custom(&told));
        for (source, reason) in [
            ("customer.custom.cats > 2", "`customer.custom.cats > 2`: customer.custom.cats is 2"),
            (
                "customer.custom.deposit > money('500')",
                "`customer.custom.deposit > money('500')`: customer.custom.deposit is 500.00",
            ),
            ("customer.custom.club", "`customer.custom.club`: customer.custom.club is false"),
            (
                "customer.custom.first_met < day",
                "`customer.custom.first_met < day`: customer.custom.first_met is unknown, day is 2026-05-02",
            ),
        ] {
            let why = read(source).unwrap().why_not(&scene);
            assert_eq!(why[0].to_string(), reason);
        }
    }
}
