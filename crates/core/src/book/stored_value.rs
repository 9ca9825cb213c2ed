//! The stored value of an account, and what a fact moved of it.

use super::Book;
use crate::Id;
use crate::calendar::Day;
use crate::fact::Purchase;
use crate::loyalty::account::{Account, Event};
use crate::loyalty::lots::FactNo;
use crate::loyalty::stored_value::{Split, StoredValue, most_bonus};
use crate::money::{Currency, Money};
use crate::outcome::ValueMove;
use crate::program::Program;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

/// Money that was paid in and has not been spent, and what was given on top of it.
///
/// ```
/// # use parure::{book::Book, calendar::Day, fact::Fact, program::Program};
/// let mut book = Book::new(Program::parse("house.toml", r#"
///     edition = 2026
///     name = "Maison"
///     effective = 2026-01-01
///     currency = "CNY"
///     time_zone = "Asia/Shanghai"
///     [stored_value]
///     top_up = [{ from = "1000.00", bonus = "100.00" }]
/// "#)?);
/// for json in [
///     r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#,
///     r#"{"id":"t-1","at":"2026-01-02T10:00:00+08:00","customer":"c-1","topped_up":{"amount":"1000.00","source":"wechat"}}"#,
///     r#"{"id":"p-1","at":"2026-01-03T10:00:00+08:00","customer":"c-1","purchased":{"lines":[{"id":"1","amount":"300.00"}],"tenders":[{"stored_value":"300.00"}]}}"#,
/// ] {
///     book.record(&Fact::from_json(json, book.currency())?)?;
/// }
/// let value = book.account("c-1", Day::parse("2026-01-03")?)?.stored_value.unwrap();
/// assert_eq!((value.principal.to_string(), value.bonus.to_string()), ("800.00".into(), "0.00".into())); // the bonus went first
/// assert_eq!(value.refundable.to_string(), "700.00"); // and is not refunded with it
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StoredValueView {
    /// What can be spent: principal and bonus, less what is owed.
    #[schemars(with = "String")]
    pub balance: Decimal,
    /// What was paid in.
    #[schemars(with = "String")]
    pub principal: Decimal,
    /// What was given on top.
    #[schemars(with = "String")]
    pub bonus: Decimal,
    /// What was spent and was not there.
    #[schemars(with = "String")]
    pub owed: Decimal,
    /// The most that could be refunded.
    #[schemars(with = "String")]
    pub refundable: Decimal,
    /// It belongs to whoever holds the card.
    pub card: bool,
    /// Of the ids of this account, those that are frozen.
    pub frozen: Vec<Id>,
    /// Bonus that lapses, by its last day.
    pub lapsing: Vec<LapsingBonus>,
}

/// Bonus that lapses.
///
/// ```
/// # let lapsing: Option<parure::book::LapsingBonus> = None;
/// let through = lapsing.map(|bonus| bonus.last_day);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LapsingBonus {
    /// How much.
    #[schemars(with = "String")]
    pub amount: Decimal,
    /// The last day on which it can be spent.
    #[serde(serialize_with = "super::views::day_as_text")]
    pub last_day: Day,
}

/// What a fact moved of stored value.
///
/// ```
/// # let moved: Option<parure::book::ValueMoved> = None;
/// let what = moved.map(|moved| moved.what); // `topped_up`, `spent`, `restored`, …
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ValueMoved {
    /// `topped_up`, `spent` on a purchase, `restored` by a return, `refunded`, `taken_back` with a refund, `transferred` to someone, `received`,
    /// `lapsed`, `owed` where it was not there, `frozen`, `released`.
    pub what: &'static str,
    /// Of what was paid in.
    #[schemars(with = "String")]
    pub principal: Decimal,
    /// Of what was given on top.
    #[schemars(with = "String")]
    pub bonus: Decimal,
}

/// Where a refund goes back to.
///
/// ```
/// # let refunded: Option<parure::book::RefundedTo> = None;
/// let source = refunded.and_then(|refunded| refunded.source); // `wechat`, `cash`, …
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RefundedTo {
    /// The top-up.
    pub top_up: Id,
    /// By which means it was paid in, where that was told.
    pub source: Option<String>,
    /// How much.
    #[schemars(with = "String")]
    pub amount: Decimal,
}

/// What of a basket could be paid with stored value.
///
/// ```
/// # let quoted: Option<parure::book::ValueQuoted> = None;
/// let most = quoted.map(|quoted| quoted.amount);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ValueQuoted {
    /// The most that could be, after coupons.
    #[schemars(with = "String")]
    pub amount: Decimal,
    /// What of it would be principal.
    #[schemars(with = "String")]
    pub principal: Decimal,
    /// What of it would be bonus.
    #[schemars(with = "String")]
    pub bonus: Decimal,
}

impl Book {
    pub(super) fn stored_value_of(&self, account: &Account, on: Day) -> Option<StoredValueView> {
        let value = account.stored_value()?;
        let money = |minor| self.currency().decimal(Money::from_minor(minor));
        let (principal, bonus) = (value.principal.usable(on), value.bonus.usable(on));
        let lapsing = value.bonus_by_day();
        Some(StoredValueView {
            balance: money(principal.saturating_add(bonus).saturating_sub(value.principal.debt)),
            principal: money(principal),
            bonus: money(bonus),
            owed: money(value.principal.debt),
            refundable: money(value.refundable(on, &self.versions)),
            card: account.is_card(),
            frozen: value.frozen.iter().map(|(id, _)| Id::new(id)).collect(),
            lapsing: lapsing
                .into_iter()
                .map(|(last_day, amount)| LapsingBonus { amount: money(amount), last_day })
                .collect(),
        })
    }

    /// What of a basket, of which so much is to be paid, stored value could pay.
    pub(super) fn value_quoted(
        &self,
        account: &Account,
        event: &Event<'_>,
        (purchase, to_pay): (&Purchase<'_>, Money),
        program: &Program,
    ) -> Option<ValueQuoted> {
        let (rules, value) = (program.stored_value.as_ref()?, account.stored_value()?);
        let most_bonus = most_bonus(event, purchase.view(), rules, program);
        let held = value.usable(event.day);
        let usable = held.principal.saturating_add(held.bonus.min(most_bonus));
        let amount = if value.is_frozen(event.customer) { 0 } else { usable.min(to_pay.minor()) };
        let split = value.split(event.day, amount, most_bonus, rules.order);
        let money = |minor| self.currency().decimal(Money::from_minor(minor));
        Some(ValueQuoted {
            amount: money(amount),
            principal: money(split.principal),
            bonus: money(split.bonus),
        })
    }
}

impl ValueMoved {
    pub(super) fn of(what: ValueMove, split: Split, currency: Currency) -> ValueMoved {
        let money = |minor| currency.decimal(Money::from_minor(minor));
        ValueMoved { what: what.word(), principal: money(split.principal), bonus: money(split.bonus) }
    }
}

/// By which means a top-up was paid in.
pub(super) fn source_of(value: Option<&StoredValue>, top_up: FactNo) -> Option<String> {
    let found = value?.top_ups.iter().find(|known| known.fact == top_up)?;
    found.source.as_deref().map(str::to_owned)
}
