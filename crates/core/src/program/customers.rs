//! What a program says of people: which tags there are, what else is asked of them, how long consent lasts.

use crate::Id;
use crate::calendar::{Day, Span};
use crate::customer::field::Field;
use crate::customer::said::{Entry, Named, Said};
use crate::fact::{Line, Profile, Quantity};
use crate::money::{Currency, Money};
use crate::outcome::RefusalCode;

/// `[customers]` and `[[field]]`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Customers {
    /// The region whose numbers are dialled without their country.
    pub(crate) region: Option<Box<str>>,
    /// All tags that there are; any, where none is listed.
    pub(crate) tags: Option<Vec<Box<str>>>,
    /// What makes a profile complete, in the order in which it is asked for.
    pub(crate) ask: Vec<Ask>,
    /// How long consent lasts.
    pub(crate) consent_lasts: Option<Span>,
    /// After how long without a word a person is asked or forgotten.
    pub(crate) silence: Option<Span>,
    pub(crate) fields: Vec<Declared>,
    /// Fields of the pieces that are bought.
    pub(crate) pieces: Vec<Declared>,
}

/// Something to ask a person for, and how much it counts.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) what: Asked,
    pub(crate) weight: u32,
}

#[derive(Debug, Clone)]
pub(crate) enum Asked {
    Field(Field),
    /// A field that the program declares.
    Custom(Id),
}

/// A field of the program's own.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) id: Id,
    pub(crate) name: Box<str>,
    pub(crate) holds: Holds,
    pub(crate) required: bool,
}

/// What such a field holds.
#[derive(Debug, Clone)]
pub(crate) enum Holds {
    /// A text of at most so many bytes.
    Text(usize),
    /// From, up to, in millionths.
    Number(Option<i64>, Option<i64>),
    Money(Option<Money>, Option<Money>),
    Date,
    Flag,
    Choice(Vec<Box<str>>),
}

impl Customers {
    /// What speaks against a profile.
    pub(crate) fn against(&self, profile: &Profile<'_>, currency: Currency) -> Vec<RefusalCode> {
        let mut codes = Vec::new();
        if let (Some(known), Some(Said::Set(changes))) = (&self.tags, profile.get(Field::TAGS))
            && changes.add.iter().any(|tag| !known.iter().any(|known| **known == **tag))
        {
            codes.push(RefusalCode::UnknownTag);
        }
        let Some(Said::Entries(entries)) = profile.get(Field::CUSTOM) else { return codes };
        against_values(&self.fields, entries, currency, &mut codes);
        once(codes)
    }

    /// What speaks against what lines tell of pieces.
    pub(crate) fn against_pieces(&self, lines: &[Line<'_>], currency: Currency) -> Vec<RefusalCode> {
        let mut codes = Vec::new();
        for piece in lines.iter().filter_map(|line| line.piece.as_deref()) {
            against_values(&self.pieces, &piece.custom, currency, &mut codes);
            let is_told = |id: &Id| piece.custom.iter().any(|told| *told.name == **id);
            if self.pieces.iter().any(|declared| declared.required && !is_told(&declared.id)) {
                codes.push(RefusalCode::MissingField);
            }
        }
        once(codes)
    }
}

fn against_values(
    declared: &[Declared],
    entries: &[Named<'_>],
    currency: Currency,
    codes: &mut Vec<RefusalCode>,
) {
    for entry in entries {
        let declared = declared.iter().find(|declared| *declared.id == *entry.name);
        match (declared, &entry.value) {
            (None, _) => codes.push(RefusalCode::UnknownField),
            (Some(declared), Some(value)) if !declared.holds.takes(value, currency) => {
                codes.push(RefusalCode::WrongValue);
            }
            (Some(_), _) => {}
        }
    }
}

fn once(mut codes: Vec<RefusalCode>) -> Vec<RefusalCode> {
    codes.sort_unstable_by_key(|code| code.code());
    codes.dedup();
    codes
}

impl Holds {
    fn takes(&self, value: &Entry<'_>, currency: Currency) -> bool {
        let between = |value: i64, least: Option<i64>, most: Option<i64>| {
            least.is_none_or(|least| least <= value) && most.is_none_or(|most| value <= most)
        };
        let exact = |value: &Entry<'_>| match value {
            Entry::Text(text) => Some(text.to_string()),
            Entry::Whole(number) => Some(number.to_string()),
            _ => None,
        };
        match self {
            Holds::Text(most) => matches!(value, Entry::Text(text) if text.len() <= *most),
            Holds::Number(least, most) => {
                let number = exact(value).and_then(|text| Quantity::parse(&text).ok());
                number.is_some_and(|number| between(number.micros(), *least, *most))
            }
            Holds::Money(least, most) => {
                let amount = exact(value).and_then(|text| currency.money(&text).ok());
                let minor = |amount: Money| amount.minor();
                amount.is_some_and(|amount| between(amount.minor(), least.map(minor), most.map(minor)))
            }
            Holds::Date => matches!(value, Entry::Text(text) if Day::parse(text).is_ok()),
            Holds::Flag => matches!(value, Entry::Flag(_)),
            Holds::Choice(choices) => {
                matches!(value, Entry::Text(text) if choices.iter().any(|choice| **choice == **text))
            }
        }
    }
}
