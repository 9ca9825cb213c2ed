//! What triggers give, and whether an occasion that is reported has come (13.4, 13.6).

use super::calendar::{Birthday, Day, Span, day, show};
use super::condition::{Asked, holds};
use super::program::{Program, get, number, text_or, whole};
use super::purchase::Then;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use toml::Table;

/// A trigger that gives something.
#[derive(Clone, Debug)]
pub(crate) struct Gift {
    pub(crate) trigger: String,
    pub(crate) points: i64,
    pub(crate) coupon: Option<String>,
    pub(crate) benefit: Option<String>,
    on: Table,
    when: Option<String>,
}

pub(crate) fn gift(trigger: &toml::Value) -> Option<Gift> {
    let trigger = trigger.as_table()?;
    let give = get(trigger, "give")?.as_table()?;
    Some(Gift {
        trigger: text_or(trigger, "id", ""),
        points: number(give, "points").unwrap_or(0),
        coupon: Some(text_or(give, "coupon", "")).filter(|id| !id.is_empty()),
        benefit: Some(text_or(give, "benefit", "")).filter(|id| !id.is_empty()),
        on: get(trigger, "on")?.as_table()?.clone(),
        when: Some(text_or(trigger, "when", "")).filter(|when| !when.is_empty()),
    })
}

/// What occasions follow from.
#[derive(Default)]
pub(crate) struct Life {
    /// Facts that something may be due after: what happened, and when.
    happened: BTreeMap<String, (String, Day)>,
    /// The relations that were told, by name.
    relations: BTreeMap<String, Value>,
}

impl Life {
    pub(crate) fn tell(&mut self, id: &str, kind: &str, body: &Value, today: Day) {
        self.happened.insert(id.to_owned(), (kind.to_owned(), today));
        for (name, relation) in body["relations"].as_object().into_iter().flatten() {
            self.relations.insert(name.clone(), relation.clone());
        }
    }

    pub(crate) fn forget(&mut self) {
        *self = Life::default();
    }

    /// Whether an occasion of a trigger has come by a day, as far as the model knows any: birthdays, and what comes after visits and joining.
    pub(crate) fn has_come(
        &self,
        gift: &Gift,
        occasion: &str,
        birthday: Option<Birthday>,
        today: Day,
        program: &Program,
    ) -> bool {
        let on = |key: &str| text_or(&gift.on, key, "");
        let (before, wait) = (on("before"), on("wait"));
        let first = |day: Day| match (before.as_str(), wait.as_str()) {
            ("", "") => day,
            ("", wait) => Span::parse(wait).after(day),
            (before, _) => Span::parse(before).before(day),
        };
        if let Some(once) = get(&gift.on, "day").and_then(toml::Value::as_datetime).map(ToString::to_string) {
            return occasion == once && first(day(&once)) <= today;
        }
        match (on("date").as_str(), on("after").as_str()) {
            ("birthday", "") if !on("of").is_empty() => {
                let name = occasion.rsplit_once('/').map_or("", |(name, _)| name);
                let relation = self.relations.get(name).filter(|relation| relation["kind"] == on("of"));
                let relation = relation.unwrap_or(&Value::Null);
                assert!(relation["birthday"].is_null(), "the model knows no birthday of a relation");
                // What they told themselves is no fact of the account.
                relation["customer"].is_string()
            }
            ("birthday" | "joined", "") => {
                let year = occasion.parse().unwrap_or(0);
                let is_of_joining = on("date") == "joined";
                let joined = self.happened.values().filter(|(what, _)| what == "joined").map(|(_, day)| *day);
                let joined = joined.min();
                let comes = match joined.filter(|_| is_of_joining) {
                    Some(joined) => Some(Birthday::parse(&json!(&show(joined)[5..]))),
                    None => birthday.filter(|_| !is_of_joining),
                };
                let mut days = comes
                    .map_or(Vec::new(), |kept| kept.in_year(year, &program.leap_day, &program.leap_month));
                days.retain(|day| !is_of_joining || joined < Some(*day));
                days.into_iter().any(|day| first(day) <= today)
            }
            ("", "visit" | "joining") => {
                let kind = if on("after") == "visit" { "visited" } else { "joined" };
                let happened = self.happened.get(occasion).filter(|(what, _)| what == kind);
                happened.is_some_and(|(_, day)| Span::parse(&wait).after(*day) <= today)
            }
            _ => panic!("the model does not know when `{}` is due", gift.trigger),
        }
    }
}

/// Whether something is given to someone as they are.
pub(crate) fn is_for(gift: &Gift, then: &Then, today: Day, program: &Program) -> bool {
    let asked = Asked {
        day: today,
        store: "",
        tier: &then.tier,
        tags: &then.tags,
        birthday: then.birthday,
        leap_day: &program.leap_day,
        leap_month: &program.leap_month,
        purchases: then.purchases,
        visits: then.visits,
        points: then.points,
        spend_total: then.spend_total.clone(),
        amount: whole(0),
        categories: Vec::new(),
        category: None,
        item: None,
        customs: Vec::new(),
        custom: None,
    };
    holds(gift.when.as_ref(), &asked)
}
