//! Fields that a program declares, in conditions: `customer.custom.cats`, `line.custom.hallmark` (semantics 12.2).

use super::check::{Checker, Value, nearest, short};
use super::eval::View;
use super::parse::{Ast, Name};
use super::tree::{Kind, Num, Test, Txt, Type, Whose};
use crate::calendar::Day;
use crate::customer::said::Entry;
use crate::fact::Quantity;
use crate::money::{Currency, shorten};
use crate::program::customers::{Declared, Holds};
use std::ops::Range;

/// A field whose value is counted: how its text is read, of whom it is told, and its id.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub(super) of: FigureOf,
    pub(super) whose: Whose,
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
    pub(super) fn value(&self, view: &View<'_>) -> Option<i128> {
        match told(view, self.whose, &self.id)? {
            Told::Text(text) => Some(match self.of {
                FigureOf::Number => i128::from(Quantity::parse(text).ok()?.micros()),
                FigureOf::Money(currency) => i128::from(currency.money(text).ok()?.minor()),
                FigureOf::Day => i128::from(Day::parse(text).ok()?.number()),
            }),
            Told::Whole(number) => match self.of {
                FigureOf::Number => Some(super::lex::micros(number)).filter(|_| number >= 0),
                FigureOf::Money(currency) => {
                    i128::from(number).checked_mul(10_i128.checked_pow(currency.digits())?)
                }
                FigureOf::Day => None,
            },
            Told::Flag(_) => None,
        }
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

/// What was told of a field.
enum Told<'s> {
    Text(&'s str),
    Whole(i64),
    Flag(bool),
}

/// What was told of a field; none where nothing was.
fn told<'s>(view: &View<'s>, whose: Whose, id: &str) -> Option<Told<'s>> {
    match whose {
        Whose::Customer => {
            let told = view.scene.customer.custom.iter().find(|told| &*told.id == id)?;
            Some(if &*told.value == SET { Told::Flag(true) } else { Told::Text(&told.value) })
        }
        Whose::Line(which) => {
            match view.line(which)?.custom().iter().find(|told| &*told.name == id)?.value.as_ref()? {
                Entry::Text(text) => Some(Told::Text(text)),
                Entry::Whole(number) => Some(Told::Whole(*number)),
                Entry::Flag(flag) => Some(Told::Flag(*flag)),
                Entry::Date(_) | Entry::Size(_) | Entry::Relation(_) => None,
            }
        }
    }
}

/// Whether a flag is set. One that was not told is not.
pub(super) fn is_set(view: &View<'_>, whose: Whose, id: &str) -> bool {
    matches!(told(view, whose, id), Some(Told::Flag(true)))
}

/// A text; empty where none was told. None where there is no line.
pub(super) fn text<'s>(view: &View<'s>, whose: Whose, id: &str) -> Option<&'s str> {
    if let Whose::Line(which) = whose {
        view.line(which)?;
    }
    Some(match told(view, whose, id) {
        Some(Told::Text(text)) => text,
        Some(Told::Flag(true)) => SET,
        Some(Told::Flag(false) | Told::Whole(_)) | None => "",
    })
}

/// A flag that is set, as it is kept.
pub(crate) const SET: &str = "true";

/// The name of a field as it is written; a line of a loop is `line` too.
pub(super) fn name(whose: Whose, id: &str) -> String {
    match whose {
        Whose::Customer => format!("customer.custom.{id}"),
        Whose::Line(_) => format!("line.custom.{id}"),
    }
}

impl Checker<'_> {
    fn declared(&self, whose: Whose) -> &[Declared] {
        match whose {
            Whose::Customer => self.known.fields,
            Whose::Line(_) => self.known.pieces,
        }
    }

    pub(super) fn custom(&mut self, whose: Whose, field: &Name, at: &Range<usize>) -> Option<Value> {
        let fields = self.declared(whose);
        let Some(declared) = fields.iter().find(|declared| *declared.id == *field.text) else {
            let root = match whose {
                Whose::Customer => "customer",
                Whose::Line(_) => "line",
            };
            let message = format!("`{root}.custom` has no field `{}`", shorten(&field.text));
            let known = || fields.iter().map(|declared| &*declared.id);
            let advice = nearest(&field.text, known()).unwrap_or_else(|| match (fields, whose) {
                ([], Whose::Customer) => "declare it as a `[[field]]` of the program".to_owned(),
                ([], Whose::Line(_)) => {
                    "declare it as a `[[field]]` of the program, with `of = \"piece\"`".to_owned()
                }
                _ => format!(
                    "known are {}",
                    known().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
                ),
            });
            return self.wrong(&field.at, "unknown_custom", message, Some(advice));
        };
        let id: Box<str> = (*declared.id).into();
        let figure = |of, id, kind| Value::Number(Num::Custom(Figure { of, whose, id }), kind);
        Some(match declared.holds {
            Holds::Text(_) | Holds::Choice(_) => Value::Text(Txt::Custom(whose, id)),
            Holds::Number(..) => figure(FigureOf::Number, id, Type::Decimal),
            Holds::Money(..) => figure(FigureOf::Money(self.known.currency), id, Type::Money),
            Holds::Date => figure(FigureOf::Day, id, Type::Day),
            Holds::Flag => Value::Test(Test { kind: Kind::Flag(whose, id), at: short(at) }),
        })
    }

    /// A choice that a field does not have can't be chosen.
    pub(super) fn choice_of(&mut self, field: &Txt, ast: &Ast, text: &Txt) {
        let (Txt::Custom(whose, id), Txt::Const(text)) = (field, text) else { return };
        let declared = self.declared(*whose).iter().find(|declared| *declared.id == **id);
        let Some(Declared { holds: Holds::Choice(choices), .. }) = declared else { return };
        // Nothing is chosen yet.
        if text.is_empty() || choices.contains(text) {
            return;
        }
        let message = format!("`{}` is no choice of `{}`", shorten(text), name(*whose, id));
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
        let known = Known { currency, tiers: &["gold"], fields: &fields, pieces: &fields, lines: true };
        Condition::parse(source, &known)
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
    fn a_line_tells_of_a_piece() {
        let amount = crate::money::Money::from_minor(100);
        let line = || crate::fact::Line::new("1", "", "", crate::fact::Quantity::ONE, amount);
        let told = [
            line().with_custom("cats", 2).with_custom("deposit", 500).with_custom("first_met", "2025-12-24"),
            line()
                .with_custom("club", true)
                .with_custom("engraving", "script")
                .with_custom("deposit", "0.50"),
            line().with_piece("R-1"),
        ];
        let holds = |source: &str, at: usize| {
            let scene = Scene::on(Day::parse("2026-05-02").unwrap()).with_purchase(amount, &told);
            read(source).unwrap().holds(&scene.with_line(&told[at]))
        };
        for (source, of) in [
            ("line.custom.cats == 2", [true, false, false]),
            ("line.custom.cats > 1.5 && line.custom.deposit == money('500')", [true, false, false]),
            ("line.custom.deposit < money('1')", [false, true, false]),
            ("line.custom.first_met.month == 12", [true, false, false]),
            ("has(line.custom.deposit)", [true, true, false]),
            ("line.custom.club", [false, true, false]),
            ("!line.custom.club", [true, false, true]),
            ("line.custom['engraving'] == 'script'", [false, true, false]),
            ("line.custom.engraving == ''", [true, false, true]),
            ("purchase.lines.exists(l, l.custom.club)", [true, true, true]),
            ("purchase.lines.all(l, has(l.custom.deposit))", [false, false, false]),
        ] {
            assert_eq!([0, 1, 2].map(|at| holds(source, at)), of, "{source}");
        }
        // A replay from columns knows no more of a kind of line than its item and its category.
        assert!(read("line.custom.club").unwrap().setting().is_none());
        let known = |pieces| Known {
            currency: Currency::parse("CNY").unwrap(),
            tiers: &[],
            fields: &[],
            pieces,
            lines: true,
        };
        let faults = Condition::parse("line.custom.club", &known(&[])).unwrap_err();
        assert!(faults[0].advice.clone().unwrap().contains("of = \"piece\""));
        let faults = Condition::parse("customer.custom.club", &known(&fields())).unwrap_err();
        assert_eq!(faults[0].message, "`customer.custom` has no field `club`");
        let why = read("line.custom.cats > 2")
            .unwrap()
            .why_not(&Scene::on(Day::parse("2026-05-02").unwrap()).with_line(&told[0]));
        assert_eq!(why[0].to_string(), "`line.custom.cats > 2`: line.custom.cats is 2");
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
