//! The ways in: each does the steps of a scenario and answers them as the same JSON.
//!
//! An error is `{"status":"error","fault":{"code","message","path",…}}` with the path within what was told, and without its place:
//! a request has the fact in it, a struct has no text.

mod c;
mod c_answers;
mod c_told;
mod json;
mod rust;

use crate::scenario::{Scenario, Step};
pub use c::{CDoor, CJournalDoor};
pub use json::{JsonDoor, request};
use parure::json::canonical;
pub use rust::{RustDoor, person};
use serde_json::Value;

/// Accounts that the JSON door finds where it is told no limit.
const FOUND: usize = 20;

/// A way into a book.
pub trait Door: Sized {
    /// What it is called in counts.
    const NAME: &'static str;

    /// A book under a program.
    ///
    /// # Errors
    /// The program's faults.
    fn open(name: &str, program: &str) -> Result<Self, String>;

    /// Does a step.
    fn answer(&mut self, step: &Step) -> Value;

    /// All accounts at the end of a day, as canonical JSON.
    fn all(&self, on: &str) -> String;
}

/// Does all steps of a scenario, and tells each answer as canonical text.
///
/// # Errors
/// The program's faults.
pub fn answers<D: Door>(scenario: &Scenario) -> Result<Vec<String>, String> {
    let mut door = D::open(&scenario.name, &scenario.program)?;
    Ok(scenario.steps.iter().map(|step| canonical(&door.answer(step))).collect())
}

/// A fault as each door tells it: `within` is what stands before the path of what was told.
fn fault(mut fault: Value, within: &str) -> Value {
    if let Some(keys) = fault.as_object_mut() {
        keys.remove("place");
        keys.remove("faults");
        let path = keys.get("path").and_then(Value::as_str).unwrap_or_default();
        let inner = path.strip_prefix(within).map_or(path, |path| path.trim_start_matches('.'));
        let inner = inner.to_owned();
        keys.insert("path".to_owned(), inner.into());
    }
    serde_json::json!({ "status": "error", "fault": fault })
}
