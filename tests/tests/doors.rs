//! Whatever happens, the doors give the same book.

use parure_tests::door::{CDoor, Door, JsonDoor, RustDoor};
use parure_tests::generate::cases;
use parure_tests::scenario::{Action, Step};
use proptest::prelude::*;
use serde_json::Value;

fn step(action: Action) -> Step {
    Step { action, expect: Value::Null, number: 0 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Facts as they happen, some of them refused, asked about, and told again: each answer and the book are the same, to the byte.
    #[test]
    fn random_facts_give_the_same_bytes(case in cases(24), merged in any::<u32>()) {
        let mut rust = RustDoor::open("generated", &case.program).unwrap();
        let mut json = JsonDoor::open("generated", &case.program).unwrap();
        let mut c = CDoor::open("generated", &case.program).unwrap();
        let mut steps = Vec::new();
        for (at, fact) in case.facts.iter().enumerate() {
            let text = fact.to_string();
            steps.push(step(if merged >> (at % 32) & 1 == 1 { Action::Merge(text.clone()) } else { Action::Record(text.clone()) }));
            if let Some(purchase) = fact.get("purchased") {
                let asked = serde_json::json!({ "at": fact["at"], "customer": fact["customer"], "purchase": purchase });
                steps.push(step(Action::Quote(asked.to_string())));
            }
            if at % 5 == 4 {
                steps.push(step(Action::Record(text)));
            }
        }
        for customer in &case.customers {
            steps.extend(case.days.iter().map(|on| step(Action::Account { customer: customer.clone(), on: on.clone() })));
        }
        for step in &steps {
            let answer = rust.answer(step).to_string();
            prop_assert_eq!(json.answer(step).to_string(), answer.clone(), "JSON: {:?}", step.action);
            prop_assert_eq!(c.answer(step).to_string(), answer, "C: {:?}", step.action);
        }
        for on in &case.days {
            let all = rust.all(on);
            prop_assert_eq!(json.all(on), all.clone());
            prop_assert_eq!(c.all(on), all);
        }
    }
}
