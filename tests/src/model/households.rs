//! What is paid with points of a household, and what counts for others of it (semantics 15.2, 15.5).

use super::calendar::{day, instant};
use super::fold::{Asked, account, customer, text};
use super::program::Program;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The household that an account was last told to be in before a place, and whether it may spend what the others have.
fn home<'a>(facts: &'a [Value], members: &BTreeSet<String>, before: (i64, &str)) -> Option<(&'a str, bool)> {
    let place = |fact: &'a Value| (instant(text(fact, "at")), text(fact, "id"));
    let moves = facts.iter().filter(|fact| {
        let moves = fact.get("household_joined").or(fact.get("household_left"));
        moves.is_some() && members.contains(customer(fact)) && place(fact) < before
    });
    let joined = moves.max_by_key(|fact| place(fact))?.get("household_joined")?;
    Some((text(joined, "household"), joined["may_spend"] != json!(false)))
}

/// The points of others that a fact is paid with when it is recorded: none where it needs none, or they are not enough.
pub fn drawn(programs: &[&str], facts: &[Value], fact: &Value) -> Value {
    let tender = fact["purchased"]["tenders"].as_array().into_iter().flatten();
    let tendered: i64 = tender.filter_map(|tender| tender["points"].as_i64()).sum();
    let mut missing = fact["redeemed"]["points"].as_i64().unwrap_or(tendered);
    if missing == 0 || !programs[0].contains("[household]") {
        return json!([]);
    }
    let before = (instant(text(fact, "at")), text(fact, "id"));
    let on = &text(fact, "at")[..10];
    // Something that moves nothing stands where the fact will.
    let mut all = facts.to_vec();
    all.push(json!({"id": fact["id"], "at": fact["at"], "customer": "nobody", "noted": {}}));
    let state = |customer: &str| account(programs, &all, Asked { customer, on, up_to: fact["id"].as_str() });
    let members = |state: &Value| -> BTreeSet<String> {
        let aliases = state["aliases"].as_array().into_iter().flatten();
        aliases.chain([&state["account"]]).filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let own = state(customer(fact));
    let Some((household, true)) = home(facts, &members(&own), before) else { return json!([]) };
    let everybody: BTreeSet<&str> =
        facts.iter().filter(|fact| fact.get("household_joined").is_some()).map(customer).collect();
    let mut accounts: BTreeMap<String, Value> = BTreeMap::new();
    for one in everybody {
        let theirs = state(one);
        if home(facts, &members(&theirs), before).is_some_and(|(other, _)| other == household) {
            accounts.insert(text(&theirs, "account").to_owned(), theirs);
        }
    }
    let mut pool = Vec::new();
    for (id, theirs) in &accounts {
        let mut left = theirs["points"]["balance"].as_i64().expect("a balance");
        for (place, lot) in theirs["points"]["lots"].as_array().into_iter().flatten().enumerate() {
            if day(text(lot, "first_day")) > day(on) {
                continue;
            }
            let points = lot["points"].as_i64().expect("points").min(left.max(0));
            left -= points;
            let last = lot["last_day"].as_str().map_or("9", |last| last);
            pool.push((last.to_owned(), *id != own["account"], id.clone(), place, points, lot));
        }
    }
    pool.sort_by(|a, b| (&a.0, a.1, &a.2, a.3).cmp(&(&b.0, b.1, &b.2, b.3)));
    let mut lots: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (_, lent, id, _, points, lot) in pool {
        let points = points.min(missing);
        missing -= points;
        if lent && points > 0 {
            let mut taken = json!({"points": points, "first_day": lot["first_day"]});
            if !lot["last_day"].is_null() {
                taken["last_day"] = lot["last_day"].clone();
            }
            lots.entry(id).or_default().push(taken);
        }
    }
    if missing > 0 {
        return json!([]);
    }
    lots.into_iter().map(|(id, lots)| json!({"customer": id, "lots": lots})).collect()
}

/// Purchases of others that count for the tier of an account too, and their returns. `all` are all facts in order.
pub(crate) fn shared(
    all: &[&Value],
    versions: &[Program],
    members: &BTreeSet<String>,
    roots: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    let mut shared = BTreeSet::new();
    if !versions.iter().any(|version| version.pools_spend) {
        return shared;
    }
    let root = |of: &str| roots.get(of).cloned().unwrap_or_else(|| of.to_owned());
    let in_vain = in_vain(all, versions, &root);
    // Where an account is just before a place.
    let home = |who: &dyn Fn(&str) -> bool, at: usize| {
        let theirs = || all[..at].iter().filter(|fact| who(customer(fact)));
        if theirs().any(|fact| fact.get("erased").is_some()) {
            return None;
        }
        let moves = theirs()
            .filter(|fact| fact.get("household_joined").is_some() || fact.get("household_left").is_some());
        let last = moves.last().filter(|fact| !in_vain.contains(text(fact, "id")))?;
        last.get("household_joined").map(|joined| text(joined, "household").to_owned())
    };
    for (at, fact) in all.iter().enumerate().filter(|(_, fact)| !members.contains(customer(fact))) {
        if fact.get("purchased").is_none() {
            continue;
        }
        let day = fact["counts_on"].as_i64().expect("a day");
        let version = versions.iter().rev().find(|version| version.effective <= day).unwrap_or(&versions[0]);
        let buyer = root(customer(fact));
        let own = home(&|who| members.contains(who), at);
        if version.pools_spend && own.is_some() && own == home(&|who| root(who) == buyer, at) {
            shared.insert(text(fact, "id").to_owned());
        }
    }
    let returns = all.iter().filter(|fact| shared.contains(text(&fact["returned"], "purchase")));
    let returns: Vec<String> = returns
        .filter(|fact| {
            let bought = all.iter().find(|one| one["id"] == fact["returned"]["purchase"]);
            bought.is_some_and(|bought| root(customer(bought)) == root(customer(fact)))
        })
        .map(|fact| text(fact, "id").to_owned())
        .collect();
    shared.extend(returns);
    shared
}

/// 15.1: the facts by which somebody joined a household that was full.
fn in_vain(all: &[&Value], versions: &[Program], root: &dyn Fn(&str) -> String) -> BTreeSet<String> {
    let mut here: BTreeMap<String, &str> = BTreeMap::new();
    let mut in_vain = BTreeSet::new();
    for fact in all {
        if fact.get("erased").or(fact.get("household_left")).is_some() {
            here.remove(&root(customer(fact)));
        } else if let Some(joined) = fact.get("household_joined") {
            let (day, household) = (fact["counts_on"].as_i64().expect("a day"), text(joined, "household"));
            let version =
                versions.iter().rev().find(|version| version.effective <= day).unwrap_or(&versions[0]);
            here.remove(&root(customer(fact)));
            if here.values().filter(|other| **other == household).count() < version.seats {
                here.insert(root(customer(fact)), household);
            } else {
                in_vain.insert(text(fact, "id").to_owned());
            }
        }
    }
    in_vain
}
