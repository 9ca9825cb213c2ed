//! Rewards: what the program lists, what is claimed and waits (22).

use super::benefits::is_within;
use super::calendar::{Day, show};
use super::program::{get, number, text_or};
use serde_json::{Value, json};
use toml::Table;

/// One of the program's rewards.
#[derive(Clone, Debug)]
pub(crate) struct Reward {
    id: String,
    name: String,
    /// Points, and money as it is written.
    prices: Vec<(i64, String)>,
    /// How many, within what.
    at_most: Option<(usize, String)>,
}

pub(crate) fn reward(table: &Table) -> Reward {
    let id = text_or(table, "id", "");
    let prices = get(table, "price").and_then(toml::Value::as_array).into_iter().flatten();
    let at_most = get(table, "at_most").and_then(toml::Value::as_table);
    Reward {
        name: text_or(table, "name", &id),
        id,
        prices: prices
            .map(|price| {
                let price = price.as_table().expect("a price");
                (number(price, "points").expect("points"), text_or(price, "amount", "0.00"))
            })
            .collect(),
        at_most: at_most.map(|at_most| {
            let count = usize::try_from(number(at_most, "count").expect("a count")).expect("a count");
            (count, text_or(at_most, "within", ""))
        }),
    }
}

#[derive(Clone, Debug)]
struct Claim {
    fact: String,
    reward: Reward,
    points: i64,
    amount: String,
    on: Day,
    handed_over: Option<String>,
    reversed: bool,
}

#[derive(Default)]
pub(crate) struct Rewards {
    claims: Vec<Claim>,
    pub(crate) flags: Vec<Value>,
}

impl Rewards {
    fn flag(&mut self, code: &str, facts: &[&str]) {
        self.flags.push(json!({ "code": code, "facts": facts }));
    }

    pub(crate) fn redeemed(
        &mut self,
        fact: &str,
        listed: &[Reward],
        body: &Value,
        today: Day,
        joined: Option<Day>,
    ) {
        if listed.is_empty() {
            return;
        }
        let Some(reward) = listed.iter().find(|reward| body["reward"] == *reward.id).cloned() else {
            self.flag("no_such_reward", &[fact]);
            return;
        };
        let points = body["points"].as_i64().expect("points");
        let amount = body["amount"].as_str().unwrap_or("0.00").to_owned();
        if !reward.prices.contains(&(points, amount.clone())) {
            self.flag("reward_price", &[fact]);
        }
        if let Some((count, window)) = &reward.at_most {
            let alike = self.claims.iter().filter(|one| one.reward.id == reward.id && !one.reversed);
            let had = alike.filter(|one| is_within(window, one.on, today, joined)).count();
            if had >= *count {
                self.flag("over_limit", &[fact]);
            }
        }
        let (fact, on) = (fact.to_owned(), today);
        self.claims.push(Claim { fact, reward, points, amount, on, handed_over: None, reversed: false });
    }

    /// What became of it: handed over, or back.
    pub(crate) fn settled(&mut self, fact: &str, kind: &str, body: &Value) {
        let Some(at) = self.claims.iter().position(|one| body["redemption"] == *one.fact) else { return };
        let claim = &mut self.claims[at];
        if claim.reversed {
            return;
        }
        let again = claim.handed_over.clone().filter(|_| body["returned"] != true);
        if kind == "handed_over" {
            claim.handed_over.get_or_insert_with(|| fact.to_owned());
        } else {
            claim.reversed = true;
        }
        if let Some(before) = again {
            self.flag("already_handed_over", &[&before, fact]);
        }
    }

    pub(crate) fn show(&self) -> Value {
        let waiting =
            self.claims.iter().filter(|one| one.handed_over.is_none() && !one.reversed).map(|one| {
                json!({
                    "redemption": one.fact,
                    "reward": one.reward.id,
                    "name": one.reward.name,
                    "points": one.points,
                    "amount": one.amount,
                    "on": show(one.on),
                })
            });
        waiting.collect()
    }
}
