//! Every scenario through every door, and every answer the same to the byte.

use parure::json::canonical;
use parure_tests::door::{CDoor, CJournalDoor, Door, JsonDoor, RustDoor, answers};
use parure_tests::scenario::{Scenario, of_this_repository, run};
use std::io::Write;

/// Shows a count also where the output of tests is captured.
fn show(count: &str) {
    // Not `eprintln`, which is captured.
    std::io::stderr().write_all(format!("{count}\n").as_bytes()).unwrap();
}

fn holds<D: Door>(scenarios: &[Scenario]) -> usize {
    let held = |scenario: &Scenario| {
        D::open(&scenario.name, &scenario.program)
            .and_then(|mut door| run(scenario, |step| door.answer(step)))
            .err()
    };
    let told: Vec<String> = scenarios.iter().filter_map(held).collect();
    show(&format!("scenarios through {}: {}", D::NAME, scenarios.len() - told.len()));
    assert!(
        told.is_empty(),
        "{} of {} fail through {}:\n{}",
        told.len(),
        scenarios.len(),
        D::NAME,
        told.join("\n")
    );
    scenarios.len() - told.len()
}

#[test]
fn every_scenario_holds_through_every_door() {
    let scenarios = of_this_repository().unwrap();
    let counts = [
        holds::<RustDoor>(&scenarios),
        holds::<JsonDoor>(&scenarios),
        holds::<CDoor>(&scenarios),
        holds::<CJournalDoor>(&scenarios),
    ];
    assert!(counts[0] > 0 && counts.iter().all(|count| *count == counts[0]), "{counts:?}");
}

#[test]
fn every_door_gives_the_same_answers_to_the_byte() {
    let scenarios = of_this_repository().unwrap();
    let mut steps = 0;
    for scenario in &scenarios {
        let rust = answers::<RustDoor>(scenario).unwrap();
        assert_eq!(answers::<JsonDoor>(scenario).unwrap(), rust, "{}: JSON", scenario.name);
        assert_eq!(answers::<CDoor>(scenario).unwrap(), rust, "{}: C", scenario.name);
        let mut kept = CJournalDoor::open(&scenario.name, &scenario.program).unwrap();
        for (step, rust) in scenario.steps.iter().zip(&rust) {
            assert_eq!(&canonical(&kept.answer(step)), rust, "{}: C over a journal", scenario.name);
        }
        kept.verify().unwrap_or_else(|wrong| panic!("{}: {wrong}", scenario.name));
        steps += rust.len();
    }
    show(&format!("answers that are the same through three doors, and through C over a journal: {steps}"));
    assert!(steps > 400, "{steps}");
}

/// The C door is not JSON in disguise.
#[test]
fn most_steps_of_a_till_go_through_typed_functions() {
    let (mut typed, mut json) = (0, 0);
    for scenario in of_this_repository().unwrap() {
        let mut door = CDoor::open(&scenario.name, &scenario.program).unwrap();
        for step in &scenario.steps {
            door.answer(step);
        }
        typed += door.typed;
        json += door.json;
    }
    show(&format!("steps through C: {typed} through typed functions, {json} as JSON"));
    assert!(typed > json, "{typed} typed, {json} as JSON");
}
