//! Every scenario through the Rust door.

use parure_tests::door::RustDoor;
use parure_tests::scenario::{of_this_repository, run};

#[test]
fn every_scenario_holds_through_the_rust_door() {
    let scenarios = of_this_repository().unwrap();
    let mut told = Vec::new();
    for scenario in &scenarios {
        let held = RustDoor::open(scenario).and_then(|mut door| run(scenario, |step| door.answer(step)));
        told.extend(held.err());
    }
    println!("scenarios through Rust: {}", scenarios.len());
    assert!(!scenarios.is_empty());
    assert!(told.is_empty(), "{} of {} scenarios fail:\n{}", told.len(), scenarios.len(), told.join("\n"));
}
