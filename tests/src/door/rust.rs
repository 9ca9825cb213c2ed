//! The engine through its Rust door: each step of a scenario done, each answer as JSON.

use super::{Door, FOUND, fault};
use crate::scenario::{Action, Step};
use parure::book::{Answer, Book, MOST_ENTRIES, TimelineOf};
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::outcome::Refusal;
use parure::program::Program;
use serde_json::{Value, json};

/// A book that answers steps.
#[derive(Debug)]
pub struct RustDoor {
    book: Book,
}

impl Door for RustDoor {
    const NAME: &'static str = "Rust";

    fn open(name: &str, program: &str) -> Result<Self, String> {
        let program = Program::parse(name, program).map_err(|faults| faults.to_string())?;
        Ok(RustDoor { book: Book::new(program) })
    }

    fn answer(&mut self, step: &Step) -> Value {
        self.try_answer(step).unwrap_or_else(|wrong| fault(json!(wrong), ""))
    }

    fn all(&self, on: &str) -> String {
        self.book.to_json(Day::parse(on).expect("a day"))
    }
}

/// What a book answers of a person; null to all other steps.
///
/// # Errors
/// A day that is none.
pub fn person(book: &Book, action: &Action) -> Result<Value, Fault> {
    Ok(match action {
        Action::Customer { customer, on } => asked(book.customer(customer, Day::parse(on)?)),
        Action::Timeline(text) => {
            let of: Value = serde_json::from_str(text).expect("a question is JSON");
            let texts = of["kinds"].as_array().into_iter().flatten();
            let limit = of["limit"].as_u64().map(|limit| usize::try_from(limit).expect("a number"));
            let part = TimelineOf {
                kinds: texts.map(|kind| kind.as_str().expect("a text").to_owned()).collect(),
                before: of["before"].as_str().map(parure::Id::new),
                limit: limit.unwrap_or(MOST_ENTRIES),
            };
            asked(book.timeline(of["customer"].as_str().expect("a customer"), &part))
        }
        Action::Export { customer, on } => asked(book.export_person(customer, Day::parse(on)?)),
        Action::Rewards(text) => {
            let of: Value = serde_json::from_str(text).expect("a question is JSON");
            let at = Moment::parse(of["at"].as_str().expect("an instant"))?;
            asked(book.rewards(of["customer"].as_str().expect("a customer"), at, of["store"].as_str()))
        }
        _ => Value::Null,
    })
}

fn asked<T: serde::Serialize>(answer: Result<T, Refusal>) -> Value {
    match answer {
        Ok(view) => serde_json::to_value(view).expect("an answer is JSON"),
        Err(refusal) => json!({ "status": "refused", "refusal": refusal }),
    }
}

impl RustDoor {
    fn try_answer(&mut self, step: &Step) -> Result<Value, Fault> {
        let currency = self.book.currency();
        Ok(match &step.action {
            Action::Record(text) => {
                let answer: Answer = self.book.record(&Fact::from_json(text, currency)?)?;
                serde_json::to_value(answer).expect("an answer is JSON")
            }
            Action::Merge(lines) => {
                let lines = lines.lines().filter(|line| !line.trim().is_empty());
                let facts: Vec<Fact<'_>> =
                    lines.map(|line| Fact::from_json(line, currency)).collect::<Result<_, _>>()?;
                let mut answer = serde_json::to_value(self.book.merge(facts)?).expect("an answer is JSON");
                answer["status"] = json!("merged");
                answer
            }
            Action::Quote(text) => {
                let asked: Value = serde_json::from_str(text).expect("a quote is JSON");
                let mut fact = json!({ "id": "quote" });
                for (key, value) in asked.as_object().expect("a quote is an object") {
                    fact[if key == "purchase" { "purchased" } else { key }] = value.clone();
                }
                let text = fact.to_string();
                let fact = Fact::from_json(&text, currency)?;
                let purchase = fact.purchase().expect("a purchase");
                let customer = fact.customer().unwrap_or_default();
                let quote = self.book.quote_of(fact.id(), customer, fact.at(), fact.store(), purchase);
                serde_json::to_value(quote).expect("an answer is JSON")
            }
            Action::Account { customer, on } => match self.book.account(customer, Day::parse(on)?) {
                Ok(view) => serde_json::to_value(view).expect("an answer is JSON"),
                Err(refusal) => json!({ "status": "refused", "refusal": refusal }),
            },
            asked @ (Action::Customer { .. }
            | Action::Timeline(_)
            | Action::Export { .. }
            | Action::Rewards(_)) => person(&self.book, asked)?,
            Action::Find(typed) => {
                serde_json::to_value(self.book.find(typed, FOUND)).expect("an answer is JSON")
            }
            Action::Agenda(on) => {
                serde_json::to_value(self.book.agenda(Day::parse(on)?)).expect("an answer is JSON")
            }
            Action::Report(day) => {
                serde_json::to_value(self.book.report(Day::parse(day)?)).expect("an answer is JSON")
            }
            Action::Seal(day) => {
                self.book.seal(Day::parse(day)?)?;
                json!({ "status": "sealed" })
            }
            Action::Restart => {
                self.book = Book::restore(self.book.snapshot())?;
                json!({ "status": "restarted" })
            }
        })
    }
}
