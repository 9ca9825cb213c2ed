//! Pieces that are made to order: what was agreed, what is paid beforehand, what becomes of it when it is called off (semantics 21.3).

use super::purchase::name;
use super::read::{inside, reason, text};
use super::value::{in_range, some};
use super::{Private, Text, checks};
use crate::calendar::Day;
use crate::document::Spot;
use crate::fault::Fault;
use crate::json::Object;
use crate::money::{Currency, Money};

/// What happened to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OrderAct<'a> {
    /// The fact's id is the order's.
    Ordered(Ordered<'a>),
    /// More is paid beforehand.
    Paid { order: Text<'a>, amount: Money, source: Option<Text<'a>> },
    /// It is called off: the shop keeps so much, the rest goes back. How much that is is filled in when it is recorded.
    Cancelled { order: Text<'a>, kept: Money, given_back: Option<Money>, reason: Private<'a> },
}

/// Something that is to be made: the agreed price, and a deposit.
///
/// ```
/// use parure::{calendar::Day, fact::Ordered, money::Money};
/// let ring = Ordered::of(Money::from_minor(1_280_000)) // 12,800.00
///     .with_item("R-2201")
///     .with_deposit(Money::from_minor(300_000), Some("wechat"))
///     .ready_on(Day::parse("2026-07-01")?);
/// # let _ = ring;
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered<'a> {
    pub(crate) amount: Money,
    pub(crate) item: Option<Text<'a>>,
    pub(crate) deposit: Money,
    pub(crate) source: Option<Text<'a>>,
    pub(crate) ready: Option<Day>,
}

impl<'a> Ordered<'a> {
    /// For this price, without a deposit.
    ///
    /// ```
    /// use parure::{fact::Ordered, money::Money};
    /// let ring = Ordered::of(Money::from_minor(1_280_000));
    /// # let _ = ring;
    /// ```
    #[must_use]
    pub fn of(amount: Money) -> Ordered<'a> {
        Ordered { amount, item: None, deposit: Money::ZERO, source: None, ready: None }
    }

    /// The same, of an article of the shop's.
    ///
    /// ```
    /// use parure::{fact::Ordered, money::Money};
    /// let ring = Ordered::of(Money::from_minor(1_280_000)).with_item("R-2201");
    /// # let _ = ring;
    /// ```
    #[must_use]
    pub fn with_item(self, item: impl Into<Text<'a>>) -> Ordered<'a> {
        Ordered { item: Some(item.into()), ..self }
    }

    /// The same, of which so much is paid beforehand, by this means where it is told.
    ///
    /// ```
    /// use parure::{fact::Ordered, money::Money};
    /// let ring = Ordered::of(Money::from_minor(1_280_000)).with_deposit(Money::from_minor(300_000), Some("card"));
    /// # let _ = ring;
    /// ```
    #[must_use]
    pub fn with_deposit(self, deposit: Money, source: Option<&'a str>) -> Ordered<'a> {
        Ordered { deposit, source: source.map(Text::from), ..self }
    }

    /// The same, to be ready on a day.
    ///
    /// ```
    /// use parure::{calendar::Day, fact::Ordered, money::Money};
    /// let ring = Ordered::of(Money::from_minor(1_280_000)).ready_on(Day::parse("2026-07-01")?);
    /// # let _ = ring;
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn ready_on(self, day: Day) -> Ordered<'a> {
        Ordered { ready: Some(day), ..self }
    }
}

impl<'a> OrderAct<'a> {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            OrderAct::Ordered(_) => "ordered",
            OrderAct::Paid { .. } => "deposit_paid",
            OrderAct::Cancelled { .. } => "order_cancelled",
        }
    }

    /// The order that it names.
    pub(crate) fn order(&self) -> Option<&str> {
        match self {
            OrderAct::Ordered(_) => None,
            OrderAct::Paid { order, .. } | OrderAct::Cancelled { order, .. } => Some(order),
        }
    }

    /// Whether it takes of a deposit what another fact may have taken, or may count on its being there.
    pub(crate) fn takes(&self) -> bool {
        matches!(self, OrderAct::Cancelled { .. })
    }

    /// Whether it is a cancellation that does not say what goes back.
    pub(crate) fn back_is_missing(&self) -> bool {
        matches!(self, OrderAct::Cancelled { given_back: None, .. })
    }

    pub(super) fn check(self) -> Result<Self, Fault> {
        match &self {
            OrderAct::Ordered(Ordered { amount, item, deposit, source, .. }) => {
                some(*amount)?;
                for (path, told) in [("item", item), ("source", source)] {
                    if let Some(told) = told {
                        name(path, told)?;
                    }
                }
                in_range("deposit", *deposit)?;
            }
            OrderAct::Paid { order, amount, source } => {
                name("order", order)?;
                some(*amount)?;
                if let Some(source) = source {
                    name("source", source)?;
                }
            }
            OrderAct::Cancelled { order, kept, given_back, reason } => {
                name("order", order)?;
                in_range("kept", *kept)?;
                in_range("given_back", given_back.unwrap_or_default())?;
                checks::reason(reason).map_err(|fault| fault.at("reason"))?;
            }
        }
        Ok(self)
    }

    pub(super) fn read(kind: &str, spot: Spot<'_, 'a>, currency: Currency) -> Option<Self> {
        let money = |spot: Spot<'_, 'a>| spot.money(currency);
        let act = match kind {
            "ordered" => {
                let keys = spot.table(&["item", "amount", "deposit", "source", "ready"])?;
                let (amount, item) = (keys.need("amount", money), keys.may("item", text));
                let (deposit, source) = (keys.may("deposit", money), keys.may("source", text));
                let ready = keys.may("ready", Spot::day);
                let (item, deposit, source) = (item?, deposit?.unwrap_or_default(), source?);
                OrderAct::Ordered(Ordered { amount: amount?, item, deposit, source, ready: ready? })
            }
            "deposit_paid" => {
                let keys = spot.table(&["order", "amount", "source"])?;
                let (order, amount) = (keys.need("order", text), keys.need("amount", money));
                let source = keys.may("source", text);
                OrderAct::Paid { order: order?, amount: amount?, source: source? }
            }
            _ => {
                let keys = spot.table(&["order", "kept", "given_back", "reason"])?;
                let (order, kept) = (keys.need("order", text), keys.may("kept", money));
                let (given_back, reason) = (keys.may("given_back", money), keys.need("reason", reason));
                let (order, kept, given_back) = (order?, kept?.unwrap_or_default(), given_back?);
                OrderAct::Cancelled { order, kept, given_back, reason: reason? }
            }
        };
        inside(spot, act.check())
    }

    pub(super) fn write(&self, currency: Currency, keys: &mut Object<'_>) {
        let may = |keys: &mut Object<'_>, key, told: Option<&str>| {
            if let Some(told) = told {
                keys.text(key, told);
            }
        };
        match self {
            OrderAct::Ordered(Ordered { amount, item, deposit, source, ready }) => {
                keys.plain("amount", currency.shown(*amount));
                if *deposit > Money::ZERO {
                    keys.plain("deposit", currency.shown(*deposit));
                }
                may(keys, "item", item.as_deref());
                keys.day("ready", *ready);
                may(keys, "source", source.as_deref());
            }
            OrderAct::Paid { order, amount, source } => {
                keys.plain("amount", currency.shown(*amount));
                keys.text("order", order);
                may(keys, "source", source.as_deref());
            }
            OrderAct::Cancelled { order, kept, given_back, reason } => {
                if let Some(back) = given_back {
                    keys.plain("given_back", currency.shown(*back));
                }
                if *kept > Money::ZERO {
                    keys.plain("kept", currency.shown(*kept));
                }
                keys.text("order", order);
                keys.text("reason", reason);
            }
        }
    }
}
