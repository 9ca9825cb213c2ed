//! A checked condition: every part has its type, so that nothing can go wrong when it is asked.

use super::custom::Figure;
use super::parse::Sign;
use std::ops::Range;

/// A part that is true or false, and where it stands in the source.
#[derive(Debug, Clone)]
pub(super) struct Test {
    pub(super) kind: Kind,
    pub(super) at: Range<u16>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Const(bool),
    Not(Box<Test>),
    All(Box<[Test]>),
    Any(Box<[Test]>),
    If(Box<[Test; 3]>),
    /// Both true or both false.
    Same(Box<[Test; 2]>),
    Number(Order, Num, Num),
    Text(Order, Txt, Txt),
    NumberIn(Num, Box<[Num]>),
    TextIn(Txt, Box<[Txt]>),
    Tagged(Txt),
    Begins(Txt, Txt),
    Ends(Txt, Txt),
    Contains(Txt, Txt),
    /// A flag that the program declares.
    Flag(Whose, Box<str>),
    /// `has(…)` of something that may be unknown.
    Known(Num),
    SomeLine(Box<Test>),
    EveryLine(Box<Test>),
}

/// Where a part stands does not make it another part.
impl PartialEq for Test {
    fn eq(&self, other: &Test) -> bool {
        self.kind == other.kind
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// A number of any kind: millionths for whole numbers and decimals, minor units for money, the day's number for days. 128 bits
/// hold any sum of as many 64-bit values as a condition can have.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Num {
    Const(i128),
    Field(NumField),
    /// A component of a line's amount, unknown where the line does not have it.
    Component(Which, Box<str>),
    /// A field that the program declares, unknown where it was not told.
    Custom(Figure),
    Part(DayPart, Box<Num>),
    Length(Txt),
    Plus(Box<[Num; 2]>),
    Minus(Box<[Num; 2]>),
    Negative(Box<Num>),
    If(Box<(Test, Num, Num)>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Txt {
    Const(Box<str>),
    Field(TextField),
    /// A field that the program declares; empty where it was not told.
    Custom(Whose, Box<str>),
    If(Box<(Test, Txt, Txt)>),
}

/// The line of the rule, or the one that `exists` and `all` are looking at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Rule,
    Each,
}

/// Of whom a field that the program declares is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Customer,
    Line(Which),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumField {
    Day,
    Birthday,
    Joined,
    Purchases,
    Visits,
    Points,
    SpendTotal,
    Amount,
    Lines,
    Tags,
    LineQuantity(Which),
    LineAmount(Which),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextField {
    Store,
    Staff,
    Terminal,
    Tier,
    Gender,
    LineId(Which),
    LineItem(Which),
    LineCategory(Which),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayPart {
    Year,
    Month,
    Day,
    Weekday,
}

/// The type of a value as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Test,
    Text,
    Whole,
    Decimal,
    Money,
    Day,
    Tags,
    Custom,
    Lines,
    Components,
}

impl Type {
    pub(super) fn described(self) -> &'static str {
        match self {
            Type::Test => "true or false",
            Type::Text => "a text",
            Type::Whole => "a whole number",
            Type::Decimal => "a decimal",
            Type::Money => "an amount of money",
            Type::Day => "a day",
            Type::Tags => "a list of texts",
            Type::Custom => "all fields of the program's own",
            Type::Lines => "the lines of a purchase",
            Type::Components => "the components of a line",
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Type::Whole | Type::Decimal)
    }
}

impl Order {
    pub(super) fn of(sign: Sign) -> Option<Order> {
        match sign {
            Sign::Equal => Some(Order::Equal),
            Sign::NotEqual => Some(Order::NotEqual),
            Sign::Less => Some(Order::Less),
            Sign::LessOrEqual => Some(Order::LessOrEqual),
            Sign::More => Some(Order::More),
            Sign::MoreOrEqual => Some(Order::MoreOrEqual),
            Sign::Or | Sign::And | Sign::In | Sign::Plus | Sign::Minus => None,
        }
    }

    #[inline]
    pub(super) fn holds<T: PartialOrd + ?Sized>(self, left: &T, right: &T) -> bool {
        match self {
            Order::Equal => left == right,
            Order::NotEqual => left != right,
            Order::Less => left < right,
            Order::LessOrEqual => left <= right,
            Order::More => left > right,
            Order::MoreOrEqual => left >= right,
        }
    }

    /// The same comparison with its sides exchanged.
    pub(super) fn mirrored(self) -> Order {
        match self {
            Order::Equal | Order::NotEqual => self,
            Order::Less => Order::More,
            Order::LessOrEqual => Order::MoreOrEqual,
            Order::More => Order::Less,
            Order::MoreOrEqual => Order::LessOrEqual,
        }
    }
}
