//! All scenarios are well written: they read, and each expects something.

use parure_tests::scenario::{Action, of_this_repository};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn every_scenario_reads_and_expects_something() {
    let scenarios = of_this_repository().unwrap();
    assert!(scenarios.len() >= 70, "{} scenarios", scenarios.len());
    let mut titles = BTreeSet::new();
    for scenario in &scenarios {
        let name = &scenario.name;
        assert!(scenario.steps.iter().any(|step| !step.expect.is_null()), "{name} expects nothing");
        assert!(!scenario.semantics.is_empty(), "{name} rests on nothing");
        assert!(titles.insert(&scenario.title), "{name}: another scenario has its title");
        assert!(scenario.program.parse::<toml::Table>().is_ok(), "{name}: the program is no TOML");
        for step in &scenario.steps {
            if let Action::Merge(lines) | Action::Quote(lines) = &step.action {
                let mut documents = serde_json::Deserializer::from_str(lines).into_iter::<Value>();
                assert!(documents.all(|document| document.is_ok()), "{name}, step {}: no JSON", step.number);
            }
        }
    }
}

/// Each chapter of the semantics that this part of the engine covers is shown by some scenario.
#[test]
fn the_sections_are_shown() {
    let scenarios = of_this_repository().unwrap();
    let shown: BTreeSet<&str> =
        scenarios.iter().flat_map(|scenario| scenario.semantics.iter().map(String::as_str)).collect();
    let sections = [
        "1.2", "1.3", "1.4", "1.6", "1.7", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2", "3.3", "4.1",
        "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "5.1", "5.2", "5.3", "5.4", "6.1", "6.2", "6.3",
        "6.4", "6.5", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "8.1", "8.2", "10.1", "10.2", "10.3",
        "10.4", "10.5",
    ];
    let missing: Vec<&str> = sections.into_iter().filter(|section| !shown.contains(section)).collect();
    assert!(missing.is_empty(), "no scenario for {missing:?}");
}
