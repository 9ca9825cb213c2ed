//! What a condition looks at, part by part: the setting of a purchase, or which kind of line it is.
//!
//! A replay from columns meets the same few kinds of lines (an item and a category) millions of times. Where each part of an `&&`
//! asks only of the setting or only of the kind, what holds for a kind needs to be found once for each setting.

use super::quick::Quick;
use super::tree::{DayPart, Kind, Num, NumField, Test, TextField, Txt, Which, Whose};

/// What a part asks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Needs {
    /// The day, the place, the customer, the amount of the whole.
    setting: bool,
    /// The item or the category of the rule's line.
    kind: bool,
    /// Anything else of lines.
    more: bool,
    /// What changes as days go by.
    changes: Changes,
}

/// How the answer of a condition may change while nothing is told of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Changes {
    pub(crate) by_days: bool,
    pub(crate) by_tier: bool,
}

impl Needs {
    fn and(self, other: Needs) -> Needs {
        Needs {
            setting: self.setting || other.setting,
            kind: self.kind || other.kind,
            more: self.more || other.more,
            changes: Changes {
                by_days: self.changes.by_days || other.changes.by_days,
                by_tier: self.changes.by_tier || other.changes.by_tier,
            },
        }
    }

    fn all(needs: impl IntoIterator<Item = Needs>) -> Needs {
        needs.into_iter().fold(Needs::default(), Needs::and)
    }
}

/// The parts that ask of the setting; `None` where some part asks of a line's figures, of all lines, or of kind and setting at once.
pub(super) fn setting(test: &Test) -> Option<Quick> {
    let parts = match &test.kind {
        Kind::All(parts) => parts,
        _ => std::slice::from_ref(test),
    };
    let needs = || parts.iter().map(of_test);
    let apart = !needs().any(|needs| needs.more || (needs.kind && needs.setting));
    let of_setting = parts.iter().zip(needs()).filter(|(_, needs)| !needs.kind);
    apart.then(|| Quick::All(of_setting.map(|(part, _)| Quick::of(part)).collect()))
}

/// The parts that ask which kind of line it is.
pub(super) fn kind(test: &Test) -> Quick {
    let parts = match &test.kind {
        Kind::All(parts) => parts,
        _ => std::slice::from_ref(test),
    };
    let of_kind = parts.iter().filter(|part| of_test(part).kind);
    Quick::All(of_kind.map(Quick::of).collect())
}

fn of_test(test: &Test) -> Needs {
    match &test.kind {
        Kind::Const(_) => Needs::default(),
        Kind::Not(inner) => of_test(inner),
        Kind::All(tests) | Kind::Any(tests) => Needs::all(tests.iter().map(of_test)),
        Kind::If(parts) => Needs::all(parts.iter().map(of_test)),
        Kind::Same(parts) => Needs::all(parts.iter().map(of_test)),
        Kind::Number(_, left, right) => of_number(left).and(of_number(right)),
        Kind::Text(_, left, right)
        | Kind::Begins(left, right)
        | Kind::Ends(left, right)
        | Kind::Contains(left, right) => of_text(left).and(of_text(right)),
        Kind::NumberIn(number, list) => Needs::all(list.iter().map(of_number)).and(of_number(number)),
        Kind::TextIn(text, list) => Needs::all(list.iter().map(of_text)).and(of_text(text)),
        Kind::Tagged(text) => Needs { setting: true, ..of_text(text) },
        Kind::Flag(whose, _) => of_custom(*whose),
        Kind::Known(number) => of_number(number),
        Kind::SomeLine(each) | Kind::EveryLine(each) => Needs { more: true, ..of_test(each) },
    }
}

fn of_custom(whose: Whose) -> Needs {
    match whose {
        Whose::Customer => Needs { setting: true, ..Needs::default() },
        Whose::Line(_) => Needs { more: true, ..Needs::default() },
    }
}

/// How the answer may change while nothing is told.
pub(super) fn changes(test: &Test) -> Changes {
    of_test(test).changes
}

fn of_number(number: &Num) -> Needs {
    match number {
        Num::Const(_) => Needs::default(),
        Num::Field(field) => match field {
            // Whose lunar birthday falls on which day of the year is the day's to say.
            NumField::Day | NumField::Birthday | NumField::Points => {
                let changes = Changes { by_days: true, by_tier: false };
                Needs { setting: true, changes, ..Needs::default() }
            }
            NumField::Joined
            | NumField::Purchases
            | NumField::Visits
            | NumField::SpendTotal
            | NumField::Amount
            | NumField::Tags => Needs { setting: true, ..Needs::default() },
            NumField::Lines | NumField::LineQuantity(_) | NumField::LineAmount(_) => {
                Needs { more: true, ..Needs::default() }
            }
        },
        Num::Component(..) => Needs { more: true, ..Needs::default() },
        Num::Custom(figure) => of_custom(figure.whose),
        Num::Part(_, number) | Num::Negative(number) => of_number(number),
        Num::Length(text) => of_text(text),
        Num::Plus(parts) | Num::Minus(parts) => Needs::all(parts.iter().map(of_number)),
        Num::If(parts) => {
            let (test, yes, no) = &**parts;
            of_test(test).and(of_number(yes)).and(of_number(no))
        }
    }
}

fn of_text(text: &Txt) -> Needs {
    match text {
        Txt::Const(_) => Needs::default(),
        Txt::Field(field) => match field {
            TextField::Tier => {
                let changes = Changes { by_days: false, by_tier: true };
                Needs { setting: true, changes, ..Needs::default() }
            }
            TextField::Store | TextField::Staff | TextField::Terminal | TextField::Gender => {
                Needs { setting: true, ..Needs::default() }
            }
            TextField::LineItem(Which::Rule) | TextField::LineCategory(Which::Rule) => {
                Needs { kind: true, ..Needs::default() }
            }
            TextField::LineId(_)
            | TextField::LineItem(Which::Each)
            | TextField::LineCategory(Which::Each) => Needs { more: true, ..Needs::default() },
        },
        Txt::Custom(whose, _) => of_custom(*whose),
        Txt::If(parts) => {
            let (test, yes, no) = &**parts;
            of_test(test).and(of_text(yes)).and(of_text(no))
        }
    }
}

/// How long the answer of a condition stays what it is, of one customer of whom nothing new is told, of one tier, at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lasting {
    /// It asks what the customer bought so far, or what this purchase is.
    NotAtAll,
    Day,
    /// It asks of days only the month or the year, and of a birthday the month or the day, which are the same in each year but for
    /// [some](crate::calendar::Anniversary::is_every_year).
    Month,
    Always,
}

pub(super) fn lasting(test: &Test) -> Lasting {
    let each = |tests: &[Test]| tests.iter().map(lasting).min().unwrap_or(Lasting::Always);
    match &test.kind {
        Kind::Const(_) => Lasting::Always,
        Kind::Not(inner) => lasting(inner),
        Kind::All(tests) | Kind::Any(tests) => each(tests),
        Kind::If(parts) => each(&**parts),
        Kind::Same(parts) => each(&**parts),
        Kind::Number(_, left, right) => of_num(left).min(of_num(right)),
        Kind::Text(_, left, right)
        | Kind::Begins(left, right)
        | Kind::Ends(left, right)
        | Kind::Contains(left, right) => of_txt(left).min(of_txt(right)),
        Kind::NumberIn(number, list) => list.iter().map(of_num).fold(of_num(number), Lasting::min),
        Kind::TextIn(text, list) => list.iter().map(of_txt).fold(of_txt(text), Lasting::min),
        Kind::Tagged(text) => of_txt(text),
        Kind::Flag(whose, _) => custom_lasts(*whose),
        Kind::Known(number) => of_num(number),
        Kind::SomeLine(_) | Kind::EveryLine(_) => Lasting::NotAtAll,
    }
}

fn custom_lasts(whose: Whose) -> Lasting {
    match whose {
        Whose::Customer => Lasting::Always,
        Whose::Line(_) => Lasting::NotAtAll,
    }
}

fn of_num(number: &Num) -> Lasting {
    match number {
        Num::Const(_) => Lasting::Always,
        Num::Field(field) => match field {
            NumField::Day | NumField::Birthday => Lasting::Day,
            NumField::Joined | NumField::Tags => Lasting::Always,
            NumField::Purchases
            | NumField::Visits
            | NumField::Points
            | NumField::SpendTotal
            | NumField::Amount
            | NumField::Lines
            | NumField::LineQuantity(_)
            | NumField::LineAmount(_) => Lasting::NotAtAll,
        },
        Num::Component(..) => Lasting::NotAtAll,
        Num::Custom(figure) => custom_lasts(figure.whose),
        Num::Part(part, number) => match (part, &**number) {
            (DayPart::Month | DayPart::Year, Num::Field(NumField::Day))
            | (DayPart::Month | DayPart::Day, Num::Field(NumField::Birthday)) => Lasting::Month,
            (_, number) => of_num(number),
        },
        Num::Negative(number) => of_num(number),
        Num::Length(text) => of_txt(text),
        Num::Plus(parts) | Num::Minus(parts) => parts.iter().map(of_num).fold(Lasting::Always, Lasting::min),
        Num::If(parts) => {
            let (test, yes, no) = &**parts;
            lasting(test).min(of_num(yes)).min(of_num(no))
        }
    }
}

fn of_txt(text: &Txt) -> Lasting {
    match text {
        Txt::Const(_) => Lasting::Always,
        Txt::Field(field) => match field {
            TextField::Store
            | TextField::Staff
            | TextField::Terminal
            | TextField::Tier
            | TextField::Gender => Lasting::Always,
            // Of a kind, which is asked for apart from the setting.
            TextField::LineItem(_) | TextField::LineCategory(_) => Lasting::Always,
            TextField::LineId(_) => Lasting::NotAtAll,
        },
        Txt::Custom(whose, _) => custom_lasts(*whose),
        Txt::If(parts) => {
            let (test, yes, no) = &**parts;
            lasting(test).min(of_txt(yes)).min(of_txt(no))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Condition, Known};
    use super::Lasting::{Always, Day as OfDay, Month, NotAtAll};
    use crate::calendar::Day;
    use crate::money::Currency;
    use crate::program::condition::{Customer, Scene};

    #[test]
    fn answers_last_as_long_as_what_is_asked_for() {
        let yuan = Currency::parse("CNY").unwrap();
        let known = Known { currency: yuan, tiers: &["gold"], fields: &[], pieces: &[], lines: true };
        let lasting = |source: &str| Condition::parse(source, &known).unwrap().lasting();
        assert_eq!(lasting("customer.tier == 'gold' && store == 'a' && line.category == 'ring'"), Always);
        assert_eq!(lasting("customer.birthday.month == day.month && 'couple' in customer.tags"), Month);
        assert_eq!(lasting("customer.birthday == day || day.month == 5"), OfDay);
        assert_eq!(lasting("day.weekday >= 6"), OfDay);
        assert_eq!(lasting("day.month == 5 && customer.purchases == 0"), NotAtAll);
        assert_eq!(lasting("purchase.amount >= money('50')"), NotAtAll);
    }

    #[test]
    fn parts_are_told_apart() {
        let yuan = Currency::parse("CNY").unwrap();
        let condition = |source: &str| Condition::compile(source, yuan, &["gold"]).unwrap();
        let scene = Scene::on(Day::parse("2026-05-02").unwrap());
        let gold = scene.with_customer(Customer::default().with_tier("gold"));

        let both = condition("line.category == 'ring' && customer.tier == 'gold'");
        let setting = both.setting().unwrap();
        assert!(!setting.holds(&scene) && setting.holds(&gold));
        assert!(condition("line.item in ['a', 'b']").setting().unwrap().holds(&scene));
        assert!(condition("day.weekday >= 6").setting().unwrap().holds(&scene));
        for mixed in [
            "line.category == 'ring' || customer.tier == 'gold'",
            "line.amount >= money('5')",
            "line.quantity > 1 && day.month == 5",
            "line.id == '1'",
            "size(purchase.lines) == 2",
            "purchase.lines.exists(l, l.category == 'ring')",
            "has(line.components.stone) && line.category == 'ring'",
        ] {
            assert!(condition(mixed).setting().is_none(), "{mixed}");
        }
    }
}
