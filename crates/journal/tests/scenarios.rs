//! Every scenario through a journal gives the same answers as through a book, to the byte; `restart` is closing and opening the file.

use parure::calendar::Day;
use parure::fact::Fact;
use parure::fault::Fault;
use parure::json::canonical;
use parure::program::Program;
use parure_journal::{Journal, Options};
use parure_tests::door::{Door, RustDoor, answers, person};
use parure_tests::scenario::{Action, Step, of_this_repository, run};
use serde_json::{Value, json};
use std::io::Write;
use std::time::Duration;
use tempfile::TempDir;

struct JournalDoor {
    folder: TempDir,
    journal: Option<Journal>,
}

/// Scenarios tell of days to come.
fn any_day() -> Options {
    Options::default().with_ahead(Duration::MAX)
}

impl JournalDoor {
    fn journal(&self) -> &Journal {
        self.journal.as_ref().unwrap()
    }

    fn reopen(&mut self) -> Result<(), Fault> {
        self.journal = None;
        self.journal = Some(parure_journal::open_with(self.folder.path().join("shop.db"), any_day())?);
        Ok(())
    }

    fn try_answer(&mut self, step: &Step) -> Result<Value, Fault> {
        let currency = self.journal().currency();
        Ok(match &step.action {
            Action::Record(text) => json!(self.journal().record(&Fact::from_json(text, currency)?)?),
            Action::Merge(lines) => {
                let lines = lines.lines().filter(|line| !line.trim().is_empty());
                let facts =
                    lines.map(|line| Fact::from_json(line, currency)).collect::<Result<Vec<_>, _>>()?;
                let mut answer = json!(self.journal().merge(facts)?);
                answer["status"] = json!("merged");
                answer
            }
            Action::Quote(text) => {
                let asked: Value = serde_json::from_str(text).unwrap();
                let mut fact = json!({ "id": "quote" });
                for (key, value) in asked.as_object().unwrap() {
                    fact[if key == "purchase" { "purchased" } else { key }] = value.clone();
                }
                let text = fact.to_string();
                let fact = Fact::from_json(&text, currency)?;
                let customer = fact.customer().unwrap_or_default();
                let basket = fact.purchase().unwrap();
                json!(self.journal().ask(|book| book.quote_of(
                    fact.id(),
                    customer,
                    fact.at(),
                    fact.store(),
                    basket
                )))
            }
            Action::Account { customer, on } => {
                let day = Day::parse(on)?;
                match self.journal().ask(|book| book.account(customer, day)) {
                    Ok(view) => json!(view),
                    Err(refusal) => json!({ "status": "refused", "refusal": refusal }),
                }
            }
            asked @ (Action::Customer { .. }
            | Action::Timeline(_)
            | Action::Export { .. }
            | Action::Rewards(_)) => self.journal().ask(|book| person(book, asked))?,
            Action::Find(typed) => json!(self.journal().ask(|book| book.find(typed, 20))),
            Action::Agenda(on) => {
                let on = Day::parse(on)?;
                json!(self.journal().ask(|book| book.agenda(on)))
            }
            Action::Report(day) => {
                let day = Day::parse(day)?;
                json!(self.journal().ask(|book| book.report(day)))
            }
            Action::Seal(day) => {
                self.journal().seal(Day::parse(day)?)?;
                json!({ "status": "sealed" })
            }
            Action::Restart => {
                self.reopen()?;
                json!({ "status": "restarted" })
            }
        })
    }
}

impl Door for JournalDoor {
    const NAME: &'static str = "the journal";

    fn open(name: &str, program: &str) -> Result<Self, String> {
        let program = Program::parse(name, program).map_err(|faults| faults.to_string())?;
        let folder = tempfile::tempdir().unwrap();
        let journal =
            parure_journal::create_with(folder.path().join("shop.db"), &program, any_day()).unwrap();
        Ok(JournalDoor { folder, journal: Some(journal) })
    }

    fn answer(&mut self, step: &Step) -> Value {
        self.try_answer(step).unwrap_or_else(|wrong| {
            let mut fault = json!(wrong);
            fault.as_object_mut().unwrap().remove("place");
            json!({ "status": "error", "fault": fault })
        })
    }

    fn all(&self, on: &str) -> String {
        self.journal().ask(|book| book.to_json(Day::parse(on).unwrap()))
    }
}

#[test]
fn every_scenario_through_a_journal_gives_the_same_answers_and_a_file_that_verifies() {
    let scenarios = of_this_repository().unwrap();
    assert!(scenarios.len() > 100, "{}", scenarios.len());
    let mut told = Vec::new();
    for scenario in &scenarios {
        let mut door = JournalDoor::open(&scenario.name, &scenario.program).unwrap();
        let mut found = Vec::new();
        let held = run(scenario, |step| {
            let answer = door.answer(step);
            found.push(canonical(&answer));
            answer
        });
        told.extend(held.err());
        assert_eq!(found, answers::<RustDoor>(scenario).unwrap(), "{}", scenario.name);
        let all = door.all("2299-12-31");
        door.journal().verify().unwrap_or_else(|fault| panic!("{}: {fault}", scenario.name));
        door.reopen().unwrap_or_else(|fault| panic!("{}: {fault}", scenario.name));
        assert_eq!(door.all("2299-12-31"), all, "{}: reopened", scenario.name);
        door.journal().compact().unwrap();
        door.reopen().unwrap_or_else(|fault| panic!("{}: compacted: {fault}", scenario.name));
        door.journal().verify().unwrap_or_else(|fault| panic!("{}: compacted: {fault}", scenario.name));
        assert_eq!(door.all("2299-12-31"), all, "{}: compacted", scenario.name);
    }
    let count = format!("scenarios through Rust over a journal: {}\n", scenarios.len() - told.len());
    // Not `eprintln`, which is captured.
    std::io::stderr().write_all(count.as_bytes()).unwrap();
    assert!(told.is_empty(), "{}", told.join("\n"));
}
