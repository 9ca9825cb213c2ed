//! The engine through its JSON door.

use super::{Door, fault};
use crate::scenario::{Action, Step};
use parure::book::Book;
use parure::program::Program;
use serde_json::{Value, json};

/// A book that is told and asked in JSON.
#[derive(Debug)]
pub struct JsonDoor {
    book: Book,
}

/// A step as a request, and what stands before the path of a fault in what it tells. None for what is no request: a snapshot.
#[must_use]
pub fn request(action: &Action) -> Option<(String, String)> {
    let (verb, told) = match action {
        Action::Record(text) => ("record", format!(r#"{{"fact":{text}}}"#)),
        Action::Merge(lines) => {
            let facts: Vec<&str> = lines.lines().filter(|line| !line.trim().is_empty()).collect();
            ("merge", format!(r#"{{"facts":[{}]}}"#, facts.join(",")))
        }
        Action::Quote(text) => ("quote", text.clone()),
        Action::Rewards(text) => ("rewards", text.clone()),
        Action::Account { customer, on } => {
            ("account", json!({ "customer": customer, "on": on }).to_string())
        }
        Action::Customer { customer, on } => {
            ("customer", json!({ "customer": customer, "on": on }).to_string())
        }
        Action::Timeline(text) => ("timeline", text.clone()),
        Action::Export { customer, on } => {
            ("export_person", json!({ "customer": customer, "on": on }).to_string())
        }
        Action::Find(typed) => ("find", json!({ "typed": typed }).to_string()),
        Action::Agenda(on) => ("agenda", json!({ "on": on }).to_string()),
        Action::Report(on) => ("report", json!({ "on": on }).to_string()),
        Action::Seal(day) => ("seal", json!({ "day": day }).to_string()),
        Action::Restart => return None,
    };
    let within = match action {
        Action::Record(_) => "record.fact".to_owned(),
        _ => verb.to_owned(),
    };
    Some((format!(r#"{{"{verb}":{told}}}"#), within))
}

/// The answer to a request as a scenario writes it.
pub(super) fn told(action: &Action, answer: Value) -> Value {
    match action {
        Action::Merge(_) => {
            let mut answer = answer;
            answer["status"] = json!("merged");
            answer
        }
        Action::Seal(_) => json!({ "status": "sealed" }),
        Action::Record(_)
        | Action::Quote(_)
        | Action::Rewards(_)
        | Action::Account { .. }
        | Action::Customer { .. }
        | Action::Timeline(_)
        | Action::Export { .. }
        | Action::Find(_)
        | Action::Agenda(_)
        | Action::Report(_)
        | Action::Restart => answer,
    }
}

impl Door for JsonDoor {
    const NAME: &'static str = "JSON";

    fn open(name: &str, program: &str) -> Result<Self, String> {
        let program = Program::parse(name, program).map_err(|faults| faults.to_string())?;
        Ok(JsonDoor { book: Book::new(program) })
    }

    fn answer(&mut self, step: &Step) -> Value {
        let Some((request, within)) = request(&step.action) else {
            self.book = Book::restore(self.book.snapshot()).expect("its own snapshot");
            return json!({ "status": "restarted" });
        };
        let read = |text: &str| serde_json::from_str(text).expect("an answer is JSON");
        match parure_json::tell(&mut self.book, &request) {
            Ok(answer) => told(&step.action, read(&answer)),
            Err(error) => fault(read(&error.to_json()), &within),
        }
    }

    fn all(&self, on: &str) -> String {
        parure_json::ask(&self.book, &json!({ "accounts": { "on": on } }).to_string()).expect("a day")
    }
}
