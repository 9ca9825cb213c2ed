//! Pieces that are made to order, as they are asked about (semantics 21.3, 21.4).

use super::Book;
use super::views::day_as_text;
use crate::Id;
use crate::calendar::Day;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::money::{Currency, Money};
use crate::outcome::DepositMove;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

/// An order that waits to be delivered, or of whose deposits something is left.
///
/// ```
/// # use parure::{book::Book, calendar::Day, fact::Fact, program::Program};
/// let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// let mut book = Book::new(Program::parse("m.toml", text)?);
/// for json in [
///     r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#,
///     r#"{"id":"o-1","at":"2026-01-02T10:00:00+08:00","customer":"c-1","ordered":{"item":"R-2201","amount":"12800.00","deposit":"3000.00"}}"#,
/// ] {
///     book.record(&Fact::from_json(json, book.currency())?)?;
/// }
/// let orders = book.account("c-1", Day::parse("2026-01-02")?)?.orders;
/// assert_eq!((orders[0].order.as_str(), orders[0].left.to_string().as_str()), ("o-1", "3000.00"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrderView {
    /// Its id: that of the fact that ordered it.
    pub order: Id,
    /// The day on which it was ordered.
    #[serde(serialize_with = "day_as_text")]
    pub on: Day,
    /// What is made, where the shop has a name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The price that was agreed.
    #[schemars(with = "String")]
    pub amount: Decimal,
    /// All deposits that were paid.
    #[schemars(with = "String")]
    pub paid: Decimal,
    /// What is left of them; below zero where tills that were apart took more than was paid.
    #[schemars(with = "String")]
    pub left: Decimal,
    /// The day on which it is to be ready.
    #[serde(serialize_with = "super::answer::as_text")]
    pub ready: Option<Day>,
    /// It was called off.
    pub cancelled: bool,
}

/// What a fact moved of the deposits of an order.
///
/// ```
/// # let moved: Option<parure::book::DepositMoved> = None;
/// let what = moved.map(|moved| moved.what); // `paid`, `used`, `given_back`, `kept`
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DepositMoved {
    /// The order.
    pub order: Id,
    /// `paid`, `used` for a purchase, `given_back` to the customer or `kept` by the shop when it is called off.
    pub what: &'static str,
    /// How much.
    #[schemars(with = "String")]
    pub amount: Decimal,
}

impl Book {
    pub(super) fn orders_of(&self, account: &Account) -> Vec<OrderView> {
        let money = |minor| self.currency().decimal(Money::from_minor(minor));
        let open = account.orders().iter().filter(|order| order.is_open()).map(|order| OrderView {
            order: self.log.id(order.fact).into(),
            on: order.day,
            item: order.item.as_deref().map(str::to_owned),
            amount: money(order.amount),
            paid: money(order.paid),
            left: money(order.left()),
            ready: order.ready,
            cancelled: order.cancelled,
        });
        open.collect()
    }
}

impl DepositMoved {
    pub(super) fn of(
        (order, what, amount): (FactNo, DepositMove, Money),
        currency: Currency,
        id: impl Fn(FactNo) -> Id,
    ) -> DepositMoved {
        DepositMoved { order: id(order), what: what.word(), amount: currency.decimal(amount) }
    }
}
