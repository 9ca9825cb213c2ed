//! The names that conditions know. docs/conditions.md lists them for the people who write programs.

use super::tree::{DayPart, NumField, TextField, Type, Which, Whose};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Term {
    Number(NumField, Type),
    Text(TextField),
    Tags,
    /// The fields that the program declares.
    Custom(Whose),
    Lines,
    Components(Which),
}

pub(super) type Terms = &'static [(&'static str, Term)];

pub(super) const ROOTS: [&str; 7] = ["customer", "day", "line", "purchase", "staff", "store", "terminal"];

pub(super) const PLAIN: Terms = &[
    ("day", Term::Number(NumField::Day, Type::Day)),
    ("store", Term::Text(TextField::Store)),
    ("staff", Term::Text(TextField::Staff)),
    ("terminal", Term::Text(TextField::Terminal)),
];

pub(super) const CUSTOMER: Terms = &[
    ("tier", Term::Text(TextField::Tier)),
    ("tags", Term::Tags),
    ("gender", Term::Text(TextField::Gender)),
    ("custom", Term::Custom(Whose::Customer)),
    ("birthday", Term::Number(NumField::Birthday, Type::Day)),
    ("joined", Term::Number(NumField::Joined, Type::Day)),
    ("purchases", Term::Number(NumField::Purchases, Type::Whole)),
    ("visits", Term::Number(NumField::Visits, Type::Whole)),
    ("spend_total", Term::Number(NumField::SpendTotal, Type::Money)),
    ("points", Term::Number(NumField::Points, Type::Whole)),
];

pub(super) const PURCHASE: Terms =
    &[("amount", Term::Number(NumField::Amount, Type::Money)), ("lines", Term::Lines)];

const RULE_LINE: Terms = &line_terms(Which::Rule);
const EACH_LINE: Terms = &line_terms(Which::Each);

pub(super) const DAY_PARTS: [(&str, DayPart); 4] = [
    ("year", DayPart::Year),
    ("month", DayPart::Month),
    ("day", DayPart::Day),
    ("weekday", DayPart::Weekday),
];

pub(super) const METHODS: [&str; 6] = ["startsWith", "endsWith", "contains", "size", "exists", "all"];
pub(super) const FUNCTIONS: [&str; 4] = ["money", "date", "size", "has"];

/// What CEL has and conditions don't; docs/conditions.md says why.
pub(super) const LEFT_OUT: [&str; 27] = [
    "matches",
    "filter",
    "map",
    "exists_one",
    "existsOne",
    "int",
    "uint",
    "double",
    "string",
    "bool",
    "bytes",
    "dyn",
    "type",
    "duration",
    "timestamp",
    "getFullYear",
    "getMonth",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
    "transformList",
    "transformMap",
];

/// Names that CEL keeps for itself.
pub(super) const RESERVED: [&str; 15] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
];

pub(super) fn line(which: Which) -> Terms {
    match which {
        Which::Rule => RULE_LINE,
        Which::Each => EACH_LINE,
    }
}

const fn line_terms(which: Which) -> [(&'static str, Term); 7] {
    [
        ("id", Term::Text(TextField::LineId(which))),
        ("item", Term::Text(TextField::LineItem(which))),
        ("category", Term::Text(TextField::LineCategory(which))),
        ("quantity", Term::Number(NumField::LineQuantity(which), Type::Decimal)),
        ("amount", Term::Number(NumField::LineAmount(which), Type::Money)),
        ("components", Term::Components(which)),
        ("custom", Term::Custom(Whose::Line(which))),
    ]
}

/// The name of a number as it is written; a line of a loop is `line` too.
pub(super) fn number_name(field: NumField) -> String {
    match field {
        NumField::Lines => "size(purchase.lines)".to_owned(),
        NumField::Tags => "size(customer.tags)".to_owned(),
        _ => name(|term| matches!(term, Term::Number(known, _) if *known == field)),
    }
}

/// The name of a text as it is written; a line of a loop is `line` too.
pub(super) fn text_name(field: TextField) -> String {
    name(|term| matches!(term, Term::Text(known) if *known == field))
}

fn name(wanted: impl Fn(&Term) -> bool) -> String {
    let tables = [
        ("", PLAIN),
        ("customer.", CUSTOMER),
        ("purchase.", PURCHASE),
        ("line.", RULE_LINE),
        ("line.", EACH_LINE),
    ];
    let found = tables.iter().find_map(|(root, terms)| {
        let (name, _) = terms.iter().find(|(_, term)| wanted(term))?;
        Some(format!("{root}{name}"))
    });
    found.unwrap_or_default()
}
