//! The generator reaches what it is for: a property over histories in which nothing happens would prove nothing.

use parure_tests::generate::{Case, cases};
use parure_tests::model::{Asked, account};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;
use std::collections::BTreeMap;

fn note(seen: &mut BTreeMap<String, usize>, what: &str, true_here: bool) {
    *seen.entry(what.to_owned()).or_insert(0) += usize::from(true_here);
}

fn look(case: &Case, seen: &mut BTreeMap<String, usize>) {
    for kind in [
        "purchased",
        "returned",
        "adjusted",
        "given",
        "redeemed",
        "handed_over",
        "ordered",
        "deposit_paid",
        "order_cancelled",
        "redemption_reversed",
        "tier_granted",
        "merged",
        "unmerged",
        "profile_changed",
        "consented",
        "visited",
        "serviced",
        "adopted",
        "household_joined",
        "household_left",
        "drawn",
        "issued",
        "voided",
        "coupon_transferred",
        "coupon_held",
        "coupon_released",
        "benefit_granted",
        "benefit_used",
        "benefit_reversed",
        "topped_up",
        "value_refunded",
        "value_transferred",
        "value_frozen",
        "value_released",
    ] {
        note(seen, kind, case.facts.iter().any(|fact| fact.get(kind).is_some()));
    }
    let told = |key: &str| case.facts.iter().any(|fact| !fact["profile_changed"][key].is_null());
    for key in ["introduced_by", "relations", "forget", "custom"] {
        note(seen, key, told(key));
    }
    let instants: Vec<&str> = case.facts.iter().filter_map(|fact| fact["at"].as_str()).collect();
    note(seen, "two at the same instant", instants.windows(2).any(|pair| pair[0] == pair[1]));
    let tenders = |fact: &Value| fact["purchased"]["tenders"][0].get("points").is_some();
    note(seen, "a tender of points", case.facts.iter().any(tenders));
    for customer in &case.customers {
        for on in ["2026-04-06", "2027-01-01", "2029-03-01"] {
            let found = account(&[&case.program], &case.facts, Asked { customer, on, up_to: None });
            let points = &found["points"];
            for what in ["debt", "pending"] {
                note(seen, what, points[what].as_i64() > Some(0));
            }
            for what in ["lapsed", "taken_back", "spent", "received", "given"] {
                note(seen, what, points["totals"][what].as_i64() > Some(0));
            }
            note(seen, "aliases", found["aliases"].as_array().is_some_and(|all| !all.is_empty()));
            for (key, values) in
                [("id", ["silver", "gold", "salon"]), ("by", ["lapse", "renewed", "deduction"])]
            {
                for value in values {
                    note(seen, value, found["tier"][key] == value);
                }
            }
            for code in [
                "already_joined",
                "already_merged",
                "same_account",
                "unknown_merge",
                "unknown_customer",
                "no_such_coupon",
                "unknown_coupon",
                "coupon_not_yet",
                "coupon_lapsed",
                "coupon_used_twice",
                "coupon_voided",
                "coupon_transferred",
                "coupon_held",
                "coupon_not_transferable",
                "coupon_terms",
                "no_such_benefit",
                "no_benefit",
                "unknown_use",
                "no_stored_value",
                "value_overdrawn",
                "value_frozen",
                "not_frozen",
                "unknown_top_up",
            ] {
                note(seen, code, found["flags"].as_array().unwrap().iter().any(|flag| flag["code"] == code));
            }
            // Lots of purchases that others made: points for introducing these.
            let is_sale_of_another = |lot: &Value| {
                let sale = case
                    .facts
                    .iter()
                    .find(|fact| fact["id"] == lot["fact"] && fact.get("purchased").is_some());
                let own = |fact: &Value| {
                    fact["customer"] == *customer
                        || found["aliases"].as_array().unwrap().contains(&fact["customer"])
                        || fact["customer"] == found["account"]
                };
                sale.is_some_and(|fact| !own(fact))
            };
            let reached = case.facts.iter().find(|fact| fact["id"] == found["tier"]["by"]);
            let bought = reached.filter(|fact| fact.get("purchased").is_some());
            note(
                seen,
                "a tier by what another bought",
                bought.is_some_and(|fact| {
                    fact["customer"] != found["account"]
                        && !found["aliases"].as_array().unwrap().contains(&fact["customer"])
                }),
            );
            let lots = points["lots"].as_array().unwrap();
            note(seen, "a reward for introducing someone", lots.iter().any(is_sale_of_another));
            let by_profile = |lot: &Value| lot["fact"].as_str().is_some_and(|id| id.starts_with("j-"));
            note(seen, "a welcome", lots.iter().any(by_profile));
            for by in ["given", "piece"] {
                let all = found["benefits"].as_array().into_iter().flatten();
                note(seen, by, all.clone().any(|benefit| benefit["by"] == by));
            }
            let value = &found["stored_value"];
            for what in ["principal", "bonus", "owed", "refundable"] {
                note(
                    seen,
                    &format!("{what} of stored value"),
                    value[what].as_str().is_some_and(|sum| sum != "0.00"),
                );
            }
            note(seen, "bonus that lapses", value["lapsing"].as_array().is_some_and(|all| !all.is_empty()));
            note(seen, "a coupon", !found["coupons"].is_null());
            note(seen, "growth", found["growth"].as_i64() > Some(0));
            note(seen, "joined at a purchase", case.program.contains("at purchase"));
        }
    }
}

#[test]
fn every_situation_comes_up() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeMap::new();
    for _ in 0..200 {
        look(&cases(30).new_tree(&mut runner).unwrap().current(), &mut seen);
    }
    let rare: Vec<_> = seen.iter().filter(|(_, times)| **times < 5).collect();
    assert!(rare.is_empty(), "too rare: {rare:?} of {seen:?}");
    println!("{seen:?}");
}
