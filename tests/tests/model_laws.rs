//! What must hold of the model itself, whatever happened: an oracle that breaks these is none.

use parure_tests::generate::cases;
use parure_tests::model::{Asked, account};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_point_is_somewhere(case in cases(24)) {
        let ids: BTreeSet<&str> = case.facts.iter().filter_map(|fact| fact["id"].as_str()).collect();
        prop_assert_eq!(ids.len(), case.facts.len());
        for customer in &case.customers {
            for on in ["2026-03-31", "2027-01-01", "2029-03-01"] {
                let found = account(&[&case.program], &case.facts, Asked { customer, on, up_to: None });
                let points = &found["points"];
                let of = |name: &str| points[name].as_i64().unwrap();
                let total = |name: &str| points["totals"][name].as_i64().unwrap();
                let lots = points["lots"].as_array().unwrap();
                let in_lots: i64 = lots.iter().map(|lot| lot["points"].as_i64().unwrap()).sum();
                prop_assert_eq!(of("usable") + of("pending"), in_lots);
                prop_assert_eq!(of("balance"), of("usable") - of("debt"));
                prop_assert!(of("debt") >= 0 && lots.iter().all(|lot| lot["points"].as_i64().unwrap() > 0));
                let sum = total("awarded") + total("adjusted") + total("received")
                    - total("spent") - total("given") - total("taken_back") - total("lapsed");
                prop_assert_eq!(sum, of("balance") + of("pending"), "{}", found);
            }
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(case in cases(12), turn in any::<prop::sample::Index>()) {
        let mut turned = case.facts.clone();
        let by = turn.index(turned.len());
        turned.rotate_left(by);
        for customer in &case.customers {
            let asked = Asked { customer, on: "2027-03-01", up_to: None };
            let (one, other) = (account(&[&case.program], &case.facts, asked), account(&[&case.program], &turned, asked));
            prop_assert_eq!(one, other);
        }
    }

    /// 6.2: any way of splitting a return takes the same total.
    #[test]
    fn a_return_in_parts_takes_what_a_whole_one_takes(case in cases(10), parts in 2..7_i64) {
        // What is forgiven is not taken, and what a later part restores can't be taken for an earlier one.
        let forgives = |fact: &Value| fact["adopted"]["program"].as_str().is_some_and(|text| text.contains("forgive"));
        prop_assume!(!case.program.contains("forgive") && !case.facts.iter().any(forgives));
        let Some(bought) = case.facts.iter().find(|fact| fact.get("purchased").is_some()) else { return Ok(()) };
        let mut facts = case.facts.clone();
        facts.retain(|fact| fact["returned"]["purchase"] != bought["id"]);
        let lines = bought["purchased"]["lines"].as_array().unwrap();
        let minor_of = |amount: &Value| amount.as_str().map_or(0, |amount| amount.replace('.', "").parse::<i64>().unwrap());
        // Two units of a line by weight, and the work on it.
        let weighed = |line: &Value| 2 * minor_of(&line["price"]) + minor_of(&line["components"]["labour"]);
        let minor = |line: &Value| if line["amount"].is_null() { weighed(line) } else { minor_of(&line["amount"]) };
        let back = |number: i64, amount: &dyn Fn(i64) -> i64| {
            let rows = lines.iter().map(|line| {
                let amount = amount(minor(line));
                json!({"id": line["id"], "quantity": "0", "amount": format!("{}.{:02}", amount / 100, amount % 100)})
            });
            json!({
                "id": format!("r-{number}"), "at": "2028-12-31T20:00:00Z", "customer": bought["customer"],
                "returned": {"purchase": bought["id"], "lines": rows.collect::<Vec<_>>()},
            })
        };
        let whole: Vec<Value> = facts.iter().cloned().chain([back(0, &|amount| amount)]).collect();
        let split = (0..parts).map(|part| back(part, &|amount| amount * (part + 1) / parts - amount * part / parts));
        let split: Vec<Value> = facts.iter().cloned().chain(split).collect();
        let asked = Asked { customer: bought["customer"].as_str().unwrap(), on: "2029-01-01", up_to: None };
        let points = |facts: &[Value]| account(&[&case.program], facts, asked)["points"].clone();
        let (one, other) = (points(&whole), points(&split));
        for total in ["taken_back", "spent", "awarded", "lapsed"] {
            prop_assert_eq!(&one["totals"][total], &other["totals"][total], "{}", total);
        }
        prop_assert_eq!(&one["balance"], &other["balance"]);
    }
}
