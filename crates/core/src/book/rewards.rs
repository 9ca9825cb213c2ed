//! Rewards as they are asked about: what is claimed, and what could be (semantics 22).

use super::Book;
use super::views::day_as_text;
use crate::Id;
use crate::calendar::{Day, Moment};
use crate::loyalty::account::Account;
use crate::outcome::{Refusal, RefusalCode};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

/// A reward that was redeemed and waits to be handed over.
///
/// ```
/// # let claimed: Option<parure::book::ClaimedView> = None;
/// let on_the_shelf = claimed.map(|claimed| (claimed.name, claimed.on));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClaimedView {
    /// The fact that redeemed it.
    pub redemption: Id,
    /// Which of the program's rewards it is.
    pub reward: Id,
    /// What that one is called.
    pub name: String,
    /// The points that it cost.
    pub points: i64,
    /// The money that was paid beside them.
    #[schemars(with = "String")]
    pub amount: Decimal,
    /// The day on which it was redeemed.
    #[serde(serialize_with = "day_as_text")]
    pub on: Day,
}

/// Something that points can be redeemed for, as a customer may have it.
///
/// ```
/// # use parure::{book::Book, calendar::Moment, fact::Fact, program::Program};
/// let mut book = Book::new(Program::parse("house.toml", r#"
///     edition = 2026
///     name = "Maison"
///     effective = 2026-01-01
///     currency = "CNY"
///     time_zone = "Asia/Shanghai"
///     [[reward]]
///     id = "tote-bag"
///     price = [{ points = 500 }, { points = 300, amount = "50.00" }]
/// "#)?);
/// for json in [
///     r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#,
///     r#"{"id":"a-1","at":"2026-01-02T10:00:00+08:00","customer":"c-1","adjusted":{"points":450,"reason":"welcome"}}"#,
/// ] {
///     book.record(&Fact::from_json(json, book.currency())?)?;
/// }
/// let rewards = book.rewards("c-1", Moment::parse("2026-01-02T11:00:00+08:00")?, None)?;
/// assert_eq!((rewards[0].price[0].missing, rewards[0].price[1].missing), (50, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RewardView {
    /// Its id.
    pub reward: Id,
    /// What it is called.
    pub name: String,
    /// What it costs: any of these.
    pub price: Vec<RewardPrice>,
    /// Why it can't be had whatever is paid: the code with which `record` would refuse it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// How many can still be had in its window; none: any number.
    pub left: Option<usize>,
}

/// Points, and money beside them.
///
/// ```
/// # let price: Option<parure::book::RewardPrice> = None;
/// let can_pay = price.is_some_and(|price| price.missing == 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RewardPrice {
    /// So many points.
    pub points: i64,
    /// So much money.
    #[schemars(with = "String")]
    pub amount: Decimal,
    /// How many points the customer, or their household, lacks for it on that day.
    pub missing: i64,
}

impl Book {
    /// What a customer could redeem points for at an instant, in the program's order; at a store, where conditions ask for one.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// let at = parure::calendar::Moment::parse("2026-11-21T15:00:00+08:00")?;
    /// assert!(book.rewards("wang-fang", at, Some("nanjing-road"))?.is_empty()); // her program lists none
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Refused with `unknown_customer` for someone nobody knows, with `not_joined` for who is no member, with `sealed` for a day before the seal.
    pub fn rewards(
        &self,
        customer: &str,
        at: Moment,
        store: Option<&str>,
    ) -> Result<Vec<RewardView>, Refusal> {
        let on = self.day_of(at);
        let root = self.asked(customer, on)?;
        let account = self.state_on(root, on);
        if account.member.is_none() {
            let message = format!("`{customer}` has not joined");
            return Err(Refusal { code: RefusalCode::NotJoined, message });
        }
        let own = account.purse.balance(on).max(0);
        let usable = own.saturating_add(self.lendable(root, at.micros(), on));
        let scene = account.reward_scene(on, [store.unwrap_or_default(), "", ""], &self.versions);
        let rewards = self.versions.on(on).program.rewards.iter().map(|rule| RewardView {
            reward: rule.id.clone(),
            name: rule.name.to_string(),
            price: rule
                .prices
                .iter()
                .map(|(points, amount)| RewardPrice {
                    points: *points,
                    amount: self.currency().decimal(*amount),
                    missing: points.saturating_sub(usable).max(0),
                })
                .collect(),
            why: account.against_having(rule, Some(&scene), on).map(RefusalCode::code),
            left: account.rewards_left(rule, on),
        });
        Ok(rewards.collect())
    }

    /// What an account has redeemed and was not handed yet.
    pub(super) fn claimed_of(&self, account: &Account) -> Vec<ClaimedView> {
        let waiting = account.claimed().filter(|claimed| claimed.handed_over.is_none());
        let waiting = waiting.map(|claimed| {
            let rule = self.versions.on(claimed.day).program.reward(&claimed.reward);
            ClaimedView {
                redemption: self.log.id(claimed.fact).into(),
                reward: Id::new(&claimed.reward),
                name: rule.map_or_else(|| claimed.reward.to_string(), |rule| rule.name.to_string()),
                points: claimed.points,
                amount: self.currency().decimal(crate::money::Money::from_minor(claimed.amount)),
                on: claimed.day,
            }
        });
        waiting.collect()
    }
}
