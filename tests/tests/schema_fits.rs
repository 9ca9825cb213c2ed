//! What the scenarios ask and what is answered is what docs/json.schema.json says.

use parure::book::Book;
use parure::program::Program;
use parure_tests::door::request;
use parure_tests::scenario::of_this_repository;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Questions that no scenario asks.
const MORE: [&str; 16] = [
    r#"{"cheats":{"program":"edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'UTC'","floor":"0.5","histories":3}}"#,
    r#"{"book":{}}"#,
    r#"{"verify":{}}"#,
    r#"{"accounts":{"on":"2027-06-30"}}"#,
    r#"{"report":{"on":"2027-06-30"}}"#,
    r#"{"revenue":{"on":"2027-06-30","every":"quarter"}}"#,
    r#"{"ledger":{"first":"2026-05-01","last":"2026-05-31"}}"#,
    r#"{"duplicates":{}}"#,
    r#"{"find":{"typed":"c","limit":5}}"#,
    r#"{"agenda":{"on":"2026-05-15","customer":"c-1"}}"#,
    r#"{"tasks":{"on":"2027-06-30"}}"#,
    r#"{"program":{"on":"2027-06-30"}}"#,
    r#"{"day_of":{"at":"2026-03-01T15:04:05Z"}}"#,
    r#"{"explain":{"customer":"c-1","on":"2027-06-30"}}"#,
    r#"{"statement":{"customer":"c-1","on":"2027-06-30"}}"#,
    r#"{"fact":{"id":"p-1"}}"#,
];

#[test]
fn requests_and_answers_fit_the_schema() {
    let document: Value =
        serde_json::from_str(include_str!("../../docs/json.schema.json")).expect("a schema is JSON");
    let requests = jsonschema::validator_for(&document).expect("a schema");
    let part = |name: &str| {
        let schema = json!({ "$schema": document["$schema"], "$ref": format!("#/$defs/{name}"), "$defs": document["$defs"] });
        jsonschema::validator_for(&schema).expect("a schema")
    };
    let errors = part("Error");
    let mut answers = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for scenario in of_this_repository().unwrap() {
        let program = Program::parse(&scenario.name, &scenario.program).unwrap();
        let same = json!({ "program": scenario.program, "on": "2027-06-30" });
        let mut book = Book::new(program);
        let asked =
            scenario.steps.iter().filter_map(|step| request(&step.action)).map(|(request, _)| request);
        let more = MORE.iter().map(|request| (*request).to_owned());
        let programs = [json!({ "what_if": same }), json!({ "check": { "program": scenario.program } })];
        for request in asked.chain(more).chain(programs.iter().map(Value::to_string)) {
            let value: Value = serde_json::from_str(&request).unwrap();
            let verb = value.as_object().unwrap().keys().next().unwrap().clone();
            match parure_json::tell(&mut book, &request) {
                Ok(answer) => {
                    assert!(requests.is_valid(&value), "{}: {request}", scenario.name);
                    let answer: Value = serde_json::from_str(&answer).unwrap();
                    let fits = answers.entry(verb.clone()).or_insert_with(|| part(&format!("answer_{verb}")));
                    let told = fits
                        .validate(&answer)
                        .err()
                        .map(|error| format!("{error} at {}", error.instance_path()));
                    assert_eq!(told, None, "{}: {request}\n{answer}", scenario.name);
                    *counts.entry(verb).or_default() += 1;
                }
                Err(error) => {
                    let value: Value = serde_json::from_str(&error.to_json()).unwrap();
                    assert!(errors.is_valid(&value), "{value}");
                    *counts.entry("error".to_owned()).or_default() += 1;
                }
            }
        }
    }
    println!("fitting the schema: {counts:?}");
    let verbs = document["$defs"].as_object().unwrap().keys().filter(|name| name.starts_with("answer_"));
    let missing: Vec<&String> = verbs.filter(|name| !counts.contains_key(&name["answer_".len()..])).collect();
    assert!(missing.is_empty(), "nothing was asked of {missing:?}");
}
