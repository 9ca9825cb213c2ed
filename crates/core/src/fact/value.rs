//! What happens to stored value: topped up, refunded, transferred, frozen, released (semantics 18).

use super::checks::{self, MOST_GIVEN_LOTS};
use super::purchase::{bounded, name, not_negative};
use super::read::{inside, reason, text};
use super::{Private, Text};
use crate::calendar::Day;
use crate::document::Spot;
use crate::fault::Fault;
use crate::json::{Object, list};
use crate::money::{Currency, Money};

/// What happened to stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValueAct<'a> {
    ToppedUp(TopUp<'a>),
    /// Paid back, of one top-up where it is named.
    Refunded {
        amount: Money,
        top_up: Option<Text<'a>>,
    },
    /// It is someone else's from now on. The parts tell what of it is bonus, filled in when it is recorded.
    Transferred {
        to: Text<'a>,
        amount: Money,
        parts: Vec<ValuePart>,
        card: bool,
    },
    /// Nothing is paid, transferred or refunded in the name of this id.
    Frozen {
        reason: Private<'a>,
    },
    Released {
        reason: Private<'a>,
    },
}

/// Money that is paid in: how much, by which means, and the bonus where the program's steps don't say it.
///
/// ```
/// use parure::{fact::TopUp, money::Money};
/// let by_wechat = TopUp::of(Money::from_minor(100_000)).from_source("wechat"); // 1,000.00
/// let old_card = TopUp::of(Money::from_minor(8_000)).with_bonus(Money::from_minor(500), None).on_a_card();
/// # let _ = (by_wechat, old_card);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUp<'a> {
    pub(crate) amount: Money,
    pub(crate) source: Option<Text<'a>>,
    pub(crate) bonus: Option<Money>,
    pub(crate) last_day: Option<Day>,
    pub(crate) card: bool,
}

/// A part of stored value that changes hands: principal, or bonus through its last day.
///
/// ```
/// use parure::{calendar::Day, fact::ValuePart, money::Money};
/// let principal = ValuePart::principal(Money::from_minor(45_500));
/// let bonus = ValuePart::bonus(Money::from_minor(4_500), Some(Day::parse("2027-04-30")?));
/// # let _ = (principal, bonus);
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValuePart {
    pub(crate) amount: Money,
    pub(crate) bonus: bool,
    pub(crate) last_day: Option<Day>,
}

impl<'a> TopUp<'a> {
    /// So much is paid in.
    ///
    /// ```
    /// use parure::{fact::TopUp, money::Money};
    /// let thousand = TopUp::of(Money::from_minor(100_000));
    /// # let _ = thousand;
    /// ```
    #[must_use]
    pub fn of(amount: Money) -> TopUp<'a> {
        TopUp { amount, source: None, bonus: None, last_day: None, card: false }
    }

    /// The same, by this means: `wechat`, `cash`, …; a refund goes back to it.
    ///
    /// ```
    /// use parure::{fact::TopUp, money::Money};
    /// let by_wechat = TopUp::of(Money::from_minor(100_000)).from_source("wechat");
    /// # let _ = by_wechat;
    /// ```
    #[must_use]
    pub fn from_source(self, source: impl Into<Text<'a>>) -> TopUp<'a> {
        TopUp { source: Some(source.into()), ..self }
    }

    /// The same with a bonus of so much, whatever the program's steps say, and its last day instead of the program's.
    ///
    /// ```
    /// use parure::{fact::TopUp, money::Money};
    /// let sorry = TopUp::of(Money::ZERO).with_bonus(Money::from_minor(5_000), None);
    /// # let _ = sorry;
    /// ```
    #[must_use]
    pub fn with_bonus(self, bonus: Money, last_day: Option<Day>) -> TopUp<'a> {
        TopUp { bonus: Some(bonus), last_day, ..self }
    }

    /// The same, on a card whose code is the customer's id: it belongs to whoever holds the card, who need not have joined.
    ///
    /// ```
    /// use parure::{fact::TopUp, money::Money};
    /// let gift_card = TopUp::of(Money::from_minor(50_000)).on_a_card();
    /// # let _ = gift_card;
    /// ```
    #[must_use]
    pub fn on_a_card(self) -> TopUp<'a> {
        TopUp { card: true, ..self }
    }
}

impl ValuePart {
    /// What was paid in.
    ///
    /// ```
    /// use parure::{fact::ValuePart, money::Money};
    /// let principal = ValuePart::principal(Money::from_minor(45_500));
    /// # let _ = principal;
    /// ```
    #[must_use]
    pub fn principal(amount: Money) -> ValuePart {
        ValuePart { amount, bonus: false, last_day: None }
    }

    /// What was given on top.
    ///
    /// ```
    /// use parure::{fact::ValuePart, money::Money};
    /// let for_ever = ValuePart::bonus(Money::from_minor(4_500), None);
    /// # let _ = for_ever;
    /// ```
    #[must_use]
    pub fn bonus(amount: Money, last_day: Option<Day>) -> ValuePart {
        ValuePart { amount, bonus: true, last_day }
    }
}

impl<'a> ValueAct<'a> {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            ValueAct::ToppedUp(_) => "topped_up",
            ValueAct::Refunded { .. } => "value_refunded",
            ValueAct::Transferred { .. } => "value_transferred",
            ValueAct::Frozen { .. } => "value_frozen",
            ValueAct::Released { .. } => "value_released",
        }
    }

    /// Whether the value may belong to whoever holds a card.
    pub(crate) fn opens_card(&self) -> bool {
        match self {
            ValueAct::ToppedUp(top_up) => top_up.card,
            ValueAct::Transferred { card, .. } => *card,
            _ => false,
        }
    }

    /// Whether the customer paid in or was paid back.
    pub(crate) fn is_of_money(&self) -> bool {
        match self {
            ValueAct::ToppedUp(top_up) => top_up.amount > Money::ZERO,
            ValueAct::Refunded { .. } => true,
            ValueAct::Transferred { .. } | ValueAct::Frozen { .. } | ValueAct::Released { .. } => false,
        }
    }

    /// Whether it takes value that another fact may have taken, or room for some.
    pub(crate) fn takes(&self) -> bool {
        match self {
            ValueAct::ToppedUp(_) | ValueAct::Refunded { .. } | ValueAct::Transferred { .. } => true,
            ValueAct::Frozen { .. } | ValueAct::Released { .. } => false,
        }
    }

    /// The top-up that a refund names.
    pub(crate) fn top_up(&self) -> Option<&str> {
        match self {
            ValueAct::Refunded { top_up, .. } => top_up.as_deref(),
            _ => None,
        }
    }

    /// What of a transfer is principal and what bonus.
    pub(crate) fn parts(&self) -> &[ValuePart] {
        match self {
            ValueAct::Transferred { parts, .. } => parts,
            _ => &[],
        }
    }

    /// Whether it is a transfer that doesn't tell its parts.
    pub(crate) fn parts_are_missing(&self) -> bool {
        matches!(self, ValueAct::Transferred { parts, .. } if parts.is_empty())
    }

    /// Whose it is from then on.
    pub(crate) fn to(&self) -> Option<&str> {
        match self {
            ValueAct::Transferred { to, .. } => Some(to),
            _ => None,
        }
    }

    pub(super) fn check(self) -> Result<Self, Fault> {
        match &self {
            ValueAct::ToppedUp(TopUp { amount, source, bonus, last_day, .. }) => {
                in_range("amount", *amount)?;
                if let Some(source) = source {
                    name("source", source)?;
                }
                let bonus = bonus.unwrap_or_default();
                in_range("bonus", bonus)?;
                if *amount == Money::ZERO && bonus == Money::ZERO {
                    return Err(Fault::new("no_amount", "nothing is paid in and nothing given").at("amount"));
                }
                if last_day.is_some() && bonus == Money::ZERO {
                    let fault = Fault::new("last_day_of_bonus", "only a bonus that is told has a last day");
                    return Err(fault
                        .at("last_day")
                        .advise("tell the bonus, or leave its last day to the program"));
                }
            }
            ValueAct::Refunded { amount, top_up } => {
                some(*amount)?;
                if let Some(top_up) = top_up {
                    name("top_up", top_up)?;
                }
            }
            ValueAct::Transferred { to, amount, parts, .. } => {
                name("to", to)?;
                some(*amount)?;
                bounded("parts", parts.len(), MOST_GIVEN_LOTS)?;
                check_parts(parts, *amount)?;
            }
            ValueAct::Frozen { reason } | ValueAct::Released { reason } => {
                checks::reason(reason).map_err(|fault| fault.at("reason"))?;
            }
        }
        Ok(self)
    }

    pub(super) fn read(kind: &str, spot: Spot<'_, 'a>, currency: Currency) -> Option<Self> {
        let money = |spot: Spot<'_, 'a>| spot.money(currency);
        let act = match kind {
            "topped_up" => {
                let keys = spot.table(&["amount", "source", "bonus", "last_day", "card"])?;
                let (amount, source) = (keys.need("amount", money), keys.may("source", text));
                let (bonus, last_day) = (keys.may("bonus", money), keys.may("last_day", Spot::day));
                let card = keys.may("card", Spot::truth);
                let (source, bonus, last_day) = (source?, bonus?, last_day?);
                ValueAct::ToppedUp(TopUp {
                    amount: amount?,
                    source,
                    bonus,
                    last_day,
                    card: card?.unwrap_or(false),
                })
            }
            "value_refunded" => {
                let keys = spot.table(&["amount", "top_up"])?;
                let (amount, top_up) = (keys.need("amount", money), keys.may("top_up", text));
                ValueAct::Refunded { amount: amount?, top_up: top_up? }
            }
            "value_transferred" => {
                let keys = spot.table(&["to", "amount", "parts", "card"])?;
                let (to, amount) = (keys.need("to", text), keys.need("amount", money));
                let parts = keys.may("parts", |spot| spot.list(MOST_GIVEN_LOTS, |spot| part(spot, currency)));
                let card = keys.may("card", Spot::truth);
                let (parts, card) = (parts?.unwrap_or_default(), card?.unwrap_or(false));
                ValueAct::Transferred { to: to?, amount: amount?, parts, card }
            }
            _ => {
                let keys = spot.table(&["reason"])?;
                let reason = keys.need("reason", reason)?;
                if kind == "value_frozen" {
                    ValueAct::Frozen { reason }
                } else {
                    ValueAct::Released { reason }
                }
            }
        };
        inside(spot, act.check())
    }

    pub(super) fn write(&self, currency: Currency, keys: &mut Object<'_>) {
        let truth = |keys: &mut Object<'_>, key, holds: bool| {
            if holds {
                keys.with(key, |json| json.push_str("true"));
            }
        };
        match self {
            ValueAct::ToppedUp(TopUp { amount, source, bonus, last_day, card }) => {
                keys.plain("amount", currency.shown(*amount));
                if let Some(bonus) = bonus {
                    keys.plain("bonus", currency.shown(*bonus));
                }
                truth(keys, "card", *card);
                keys.day("last_day", *last_day);
                if let Some(source) = source {
                    keys.text("source", source);
                }
            }
            ValueAct::Refunded { amount, top_up } => {
                keys.plain("amount", currency.shown(*amount));
                if let Some(top_up) = top_up {
                    keys.text("top_up", top_up);
                }
            }
            ValueAct::Transferred { to, amount, parts, card } => {
                keys.plain("amount", currency.shown(*amount));
                truth(keys, "card", *card);
                if !parts.is_empty() {
                    keys.with("parts", |json| {
                        list(parts, json, |part, json| {
                            let mut keys = Object::begin(json);
                            keys.plain("amount", currency.shown(part.amount));
                            truth(&mut keys, "bonus", part.bonus);
                            keys.day("last_day", part.last_day);
                            keys.end();
                        });
                    });
                }
                keys.text("to", to);
            }
            ValueAct::Frozen { reason } | ValueAct::Released { reason } => keys.text("reason", reason),
        }
    }
}

fn part(spot: Spot<'_, '_>, currency: Currency) -> Option<ValuePart> {
    let keys = spot.table(&["amount", "bonus", "last_day"])?;
    let amount = keys.need("amount", |spot| spot.money(currency));
    let (bonus, last_day) = (keys.may("bonus", Spot::truth), keys.may("last_day", Spot::day));
    Some(ValuePart { amount: amount?, bonus: bonus?.unwrap_or(false), last_day: last_day? })
}

/// An amount in one fact: with as many facts as an account may hold, sums stay within 64 bits.
const AMOUNT_LIMIT: i64 = 1_000_000_000_000;

pub(super) fn in_range(path: &str, amount: Money) -> Result<(), Fault> {
    not_negative(path, amount)?;
    if amount.minor() > AMOUNT_LIMIT {
        let message = "more than 10^12 of the smallest unit is paid in or out at once";
        return Err(Fault::new("money_range", message).at(path));
    }
    Ok(())
}

pub(super) fn some(amount: Money) -> Result<(), Fault> {
    if amount <= Money::ZERO {
        return Err(Fault::new("no_amount", "the amount is not above 0").at("amount"));
    }
    in_range("amount", amount)
}

fn check_parts(parts: &[ValuePart], amount: Money) -> Result<(), Fault> {
    let mut sum = Money::ZERO;
    for (at, part) in parts.iter().enumerate() {
        let path = format!("parts[{at}]");
        if part.amount <= Money::ZERO {
            return Err(Fault::new("no_amount", "the amount is not above 0").at(format!("{path}.amount")));
        }
        if part.last_day.is_some() && !part.bonus {
            let fault = Fault::new("last_day_of_bonus", "only a bonus has a last day");
            return Err(fault.at(format!("{path}.last_day")));
        }
        sum = sum.plus(part.amount);
    }
    if !parts.is_empty() && sum != amount {
        return Err(Fault::new("parts_differ", "the parts don't add up to the amount").at("parts"));
    }
    Ok(())
}
