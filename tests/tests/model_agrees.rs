//! The model gives what the scenarios expect, as far as it answers: accounts, and what facts did to points and tiers.

use parure_tests::model;
use parure_tests::scenario::{Action, Step, differences, of_this_repository};
use serde_json::{Value, json};

/// The keys of an expectation that the model answers too.
fn answered(expect: &Value, keys: &[&str]) -> Value {
    let kept = expect.as_object().into_iter().flatten().filter(|(key, _)| keys.contains(&key.as_str()));
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// What the model is told: the facts so far, those that came after a seal with its day.
#[derive(Default)]
struct Told {
    facts: Vec<Value>,
    sealed: Option<String>,
    /// Customers were merged after the seal: the model, which folds all facts, reaches their tier when they bought, not at the seal.
    joined_at_the_seal: bool,
    /// Through which instant an id is that of someone who was forgotten, and the alias.
    forgotten: Vec<(i64, String, String)>,
}

/// Gives a fact the names that it is kept by: of several erasures, the earliest that it did not happen after. Answers whether it has others.
fn rename(fact: &mut Value, forgotten: &[(i64, String, String)]) -> bool {
    let mut renamed = false;
    let at = model::instant(fact["at"].as_str().unwrap());
    for name in [
        "/customer",
        "/given/to",
        "/value_transferred/to",
        "/coupon_transferred/to",
        "/merged/into",
        "/joined/introduced_by",
        "/profile_changed/introduced_by",
    ] {
        let Some(name) = fact.pointer_mut(name) else { continue };
        while let Some((_, _, alias)) = forgotten
            .iter()
            .filter(|(until, id, _)| at <= *until && *name == **id)
            .min_by_key(|(until, ..)| *until)
        {
            *name = json!(alias);
            renamed = true;
        }
    }
    renamed
}

/// An erasure that counts: all who are one account then go by aliases; here, at most two. The later of two of one person leads to the earlier.
fn forget(program: &str, told: &mut Told, fact: &mut Value) {
    let at = fact["at"].as_str().unwrap();
    let (until, on) = (model::instant(at), &at[..10]);
    let [customer, alias] =
        [&fact["customer"], &fact["erased"]["alias"]].map(|text| text.as_str().unwrap().to_owned());
    if let Some((other, _, its_alias)) = told.forgotten.iter().find(|(_, id, _)| *id == customer).cloned() {
        let (later, earlier) = if until < other { (its_alias, &alias) } else { (alias.clone(), &its_alias) };
        told.forgotten.push((until.min(other), later, earlier.clone()));
    }
    let account =
        model::account(&[program], &told.facts, model::Asked { customer: &customer, on, up_to: None });
    let all = account["aliases"].as_array().into_iter().flatten().chain([&account["account"]]);
    let other = all.filter_map(Value::as_str).find(|member| **member != *customer);
    told.forgotten.extend(other.map(|other| (until, other.to_owned(), format!("{alias}-1"))));
    told.forgotten.push((until, customer, alias.clone()));
    fact["customer"] = json!(alias);
    for fact in &mut told.facts {
        rename(fact, &told.forgotten);
    }
}

fn check(program: &str, told: &mut Told, step: &Step) -> Vec<String> {
    let add = |told: &mut Told, mut fact: Value, recorded: bool| {
        if told.facts.iter().any(|known| known["id"] == fact["id"]) {
            return;
        }
        if fact.get("erased").is_some() {
            forget(program, told, &mut fact);
        }
        if rename(&mut fact, &told.forgotten) {
            fact["nameless"] = json!(true);
        }
        let Told { facts, sealed, joined_at_the_seal, .. } = told;
        if let Some(sealed) = &*sealed {
            *joined_at_the_seal |= fact.get("merged").is_some();
            fact["behind"] = json!(sealed);
        }
        if recorded && fact["given"].is_object() && fact["given"]["lots"].is_null() {
            fact["given"]["lots"] = model::lots_given(&[program], facts, &fact);
        }
        if recorded && fact["value_transferred"].is_object() && fact["value_transferred"]["parts"].is_null() {
            fact["value_transferred"]["parts"] = model::parts_transferred(&[program], facts, &fact);
        }
        if recorded && fact["coupon_transferred"].is_object() && fact["coupon_transferred"]["terms"].is_null()
        {
            fact["coupon_transferred"]["terms"] = model::terms_transferred(&[program], facts, &fact);
        }
        if recorded && fact["order_cancelled"].is_object() && fact["order_cancelled"]["given_back"].is_null()
        {
            fact["order_cancelled"]["given_back"] = model::given_back(&[program], facts, &fact);
        }
        if recorded && fact["drawn"].is_null() {
            let drawn = model::drawn(&[program], facts, &fact);
            if drawn.as_array().is_some_and(|drawn| !drawn.is_empty()) {
                fact["drawn"] = drawn;
            }
        }
        facts.push(fact);
    };
    match &step.action {
        Action::Record(text) => {
            let status = step.expect["status"].as_str().unwrap_or("");
            if status != "accepted" && status != "already_recorded" {
                return Vec::new();
            }
            let mut fact: Value = serde_json::from_str(text).unwrap();
            add(told, fact.clone(), true);
            rename(&mut fact, &told.forgotten);
            let facts = &told.facts;
            let (Some(customer), Some(id)) = (fact["customer"].as_str(), fact["id"].as_str()) else {
                return Vec::new();
            };
            let found = model::outcome(&[program], facts, customer, id);
            let mut expect = answered(&step.expect["outcome"], &["points", "balance", "tier", "day"]);
            if let Some(rules) = step.expect["outcome"].get("rules") {
                // Under `best` it is open which of the multipliers that match are named.
                if !program.contains("stacking = \"best\"") {
                    expect["points"]["rules"] = rules.clone();
                }
            }
            differences(&expect, &found)
        }
        Action::Merge(lines) => {
            for fact in serde_json::Deserializer::from_str(lines).into_iter::<Value>() {
                add(told, fact.unwrap(), false);
            }
            Vec::new()
        }
        Action::Account { customer, on } => {
            let asked = model::Asked { customer, on, up_to: None };
            let found = model::account(&[program], &told.facts, asked);
            let mut expect = answered(
                &step.expect,
                &[
                    "account",
                    "aliases",
                    "joined",
                    "points",
                    "tier",
                    "growth",
                    "coupons",
                    "benefits",
                    "stored_value",
                    "claimed",
                    "orders",
                ],
            );
            if let Some(tier) = expect.get_mut("tier").and_then(Value::as_object_mut) {
                tier.remove("next");
                tier.remove("keep");
                tier.remove("process");
                if told.joined_at_the_seal {
                    tier.retain(|key, _| key == "id");
                }
            }
            differences(&expect, &found)
        }
        Action::Seal(day) => {
            told.sealed = Some(day.clone());
            Vec::new()
        }
        Action::Quote(_)
        | Action::Rewards(_)
        | Action::Customer { .. }
        | Action::Timeline(_)
        | Action::Export { .. }
        | Action::Find(_)
        | Action::Agenda(_)
        | Action::Report(_)
        | Action::Restart => Vec::new(),
    }
}

#[test]
fn the_model_agrees_with_the_scenarios() {
    let mut told = String::new();
    for scenario in of_this_repository().unwrap() {
        let mut facts = Told::default();
        for step in &scenario.steps {
            for difference in check(&scenario.program, &mut facts, step) {
                told.push_str(&format!("{}, step {}: {difference}\n", scenario.name, step.number));
            }
        }
    }
    assert!(told.is_empty(), "\n{told}");
}

#[test]
fn every_point_is_somewhere() {
    for scenario in of_this_repository().unwrap() {
        let mut facts = Told::default();
        for step in &scenario.steps {
            check(&scenario.program, &mut facts, step);
            let Action::Account { customer, on } = &step.action else { continue };
            let points = &model::account(
                &[&scenario.program],
                &facts.facts,
                model::Asked { customer, on, up_to: None },
            )["points"];
            let of = |name: &str| points["totals"][name].as_i64().unwrap();
            let sum = of("awarded") + of("adjusted") + of("received")
                - of("spent")
                - of("given")
                - of("taken_back")
                - of("lapsed");
            let there = points["balance"].as_i64().unwrap() + points["pending"].as_i64().unwrap();
            assert_eq!(json!(sum), json!(there), "{}, step {}", scenario.name, step.number);
        }
    }
}
