//! What hosts in other languages are held to: steps, and the bytes that the Rust door answers to each, as JSON lines.

use crate::door::{Door, RustDoor};
use crate::generate::{Case, cases};
use crate::scenario::{Action, Scenario, Step, run};
use parure::json::canonical;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// A life drawn from a case: facts as they happen, some of them refused, asked about, and told again. A bit of `merged` says whether a
/// fact is merged or recorded.
#[must_use]
pub fn life(case: &Case, merged: u32) -> Vec<Step> {
    let step = |action| Step { action, expect: Value::Null, number: 0 };
    let mut steps = Vec::new();
    for (at, fact) in case.facts.iter().enumerate() {
        let text = fact.to_string();
        let late = merged >> (at % 32) & 1 == 1;
        steps.push(step(if late { Action::Merge(text.clone()) } else { Action::Record(text.clone()) }));
        if let Some(purchase) = fact.get("purchased") {
            let asked = json!({ "at": fact["at"], "customer": fact["customer"], "purchase": purchase });
            steps.push(step(Action::Quote(asked.to_string())));
        }
        if at % 5 == 4 {
            steps.push(step(Action::Record(text)));
        }
    }
    for customer in &case.customers {
        steps.extend(
            case.days.iter().map(|on| step(Action::Account { customer: customer.clone(), on: on.clone() })),
        );
    }
    steps
}

/// A scenario with the answer to each of its steps.
///
/// # Errors
/// Where it does not hold.
pub fn scenario(scenario: &Scenario) -> Result<Value, String> {
    let mut door = RustDoor::open(&scenario.name, &scenario.program)?;
    let mut steps = Vec::new();
    run(scenario, |step| {
        let answer = door.answer(step);
        steps.push(told(step, &answer));
        answer
    })?;
    Ok(json!({ "name": scenario.name, "program": scenario.program, "steps": steps }))
}

/// So many generated lives, the same each time, with the answers and the whole book on each of its days.
///
/// # Errors
/// A program that is not read.
pub fn generated(count: usize) -> Result<Vec<Value>, String> {
    let mut runner = TestRunner::deterministic();
    let strategy = (cases(24), proptest::num::u32::ANY);
    let draw = |number: usize| {
        let drawn = strategy.new_tree(&mut runner).map_err(|why| why.to_string())?;
        let (case, merged) = drawn.current();
        let mut door = RustDoor::open("generated", &case.program)?;
        let steps: Vec<Value> =
            life(&case, merged).iter().map(|step| told(step, &door.answer(step))).collect();
        let all: Value = case.days.iter().map(|on| (on.clone(), Value::from(door.all(on)))).collect();
        Ok(
            json!({ "name": format!("generated {number}"), "program": case.program, "steps": steps, "all": all }),
        )
    };
    (0..count).map(draw).collect()
}

fn told(step: &Step, answer: &Value) -> Value {
    let (does, text, on) = match &step.action {
        Action::Record(text) => ("record", text.as_str(), None),
        Action::Merge(lines) => ("merge", lines.as_str(), None),
        Action::Quote(text) => ("quote", text.as_str(), None),
        Action::Rewards(text) => ("rewards", text.as_str(), None),
        Action::Account { customer, on } => ("account", customer.as_str(), Some(on)),
        Action::Customer { customer, on } => ("customer", customer.as_str(), Some(on)),
        Action::Find(typed) => ("find", typed.as_str(), None),
        Action::Agenda(on) => ("agenda", on.as_str(), None),
        Action::Timeline(text) => ("timeline", text.as_str(), None),
        Action::Export { customer, on } => ("export_person", customer.as_str(), Some(on)),
        Action::Report(day) => ("report", day.as_str(), None),
        Action::Seal(day) => ("seal", day.as_str(), None),
        Action::Restart => ("restart", "", None),
    };
    json!({ "does": does, "text": text, "on": on, "answer": canonical(answer) })
}
