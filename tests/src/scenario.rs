//! Scenarios: a program, things that happen, and what must follow, as plain data.
//!
//! How a scenario is written is told in `tests/scenarios/README.md`.

use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// One scenario file.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Area and name, `returns/twenty_parts_equal_the_whole`.
    pub name: String,
    /// What it shows, in a few words.
    pub title: String,
    /// The sections of the semantics that it rests on.
    pub semantics: Vec<String>,
    /// Why the shop wants it so.
    pub why: String,
    /// The program as TOML text.
    pub program: String,
    /// What is done and asked, in order.
    pub steps: Vec<Step>,
}

/// One step and what its answer must hold.
#[derive(Debug, Clone)]
pub struct Step {
    /// What is done or asked.
    pub action: Action,
    /// What must be in the answer; `Null` where nothing is said of it.
    pub expect: Value,
    /// The place in the file, counted from 1, for messages.
    pub number: usize,
}

/// What is done or asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// One fact, happening now: its JSON text.
    Record(String),
    /// Facts that happened elsewhere: JSON lines.
    Merge(String),
    /// What a basket would do: JSON text with `at`, `customer`, `store`, `purchase`.
    Quote(String),
    /// What a customer could redeem points for: JSON text with `customer`, `at`, `store`.
    Rewards(String),
    /// An account at the end of a day.
    Account {
        /// Whose.
        customer: String,
        /// `2026-05-11`
        on: String,
    },
    /// A person at the end of a day.
    Customer {
        /// Whose.
        customer: String,
        /// `2026-05-11`
        on: String,
    },
    /// What happened with a person: JSON text with `customer`, `kinds`, `before`, `limit`.
    Timeline(String),
    /// All that is held on a person at the end of a day.
    Export {
        /// Whose.
        customer: String,
        /// `2026-05-11`
        on: String,
    },
    /// Who may be meant by what is typed.
    Find(String),
    /// What is due on a day.
    Agenda(String),
    /// All accounts together, at the end of a day.
    Report(String),
    /// Seal the book up to a day.
    Seal(String),
    /// Snapshot, restore, and go on with the restored book.
    Restart,
}

/// Reads a scenario.
///
/// # Errors
/// What is wrong with the file.
pub fn parse(name: &str, text: &str) -> Result<Scenario, String> {
    let table: toml::Table = text.parse().map_err(|wrong| format!("{name}: {wrong}"))?;
    let top = plain(&toml::Value::Table(table));
    let text_of = |key: &str| -> Result<String, String> {
        top[key].as_str().map(str::to_owned).ok_or_else(|| format!("{name}: `{key}` is missing"))
    };
    let known = ["title", "semantics", "why", "program", "step"];
    for key in top.as_object().into_iter().flatten().map(|(key, _)| key.as_str()) {
        if !known.contains(&key) {
            return Err(format!("{name}: `{key}` is not known"));
        }
    }
    let steps = top["step"].as_array().ok_or_else(|| format!("{name}: no step"))?;
    let steps = steps.iter().enumerate().map(|(index, row)| {
        step(row, index + 1).map_err(|wrong| format!("{name}, step {}: {wrong}", index + 1))
    });
    Ok(Scenario {
        name: name.to_owned(),
        title: text_of("title")?,
        semantics: top["semantics"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        why: text_of("why")?,
        program: text_of("program")?,
        steps: steps.collect::<Result<_, _>>()?,
    })
}

fn step(row: &Value, number: usize) -> Result<Step, String> {
    let row = row.as_object().ok_or("not a table")?;
    let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut actions = Vec::new();
    for key in row.keys() {
        match key.as_str() {
            "record" => actions.extend(text(key).map(Action::Record)),
            "merge" => actions.extend(text(key).map(Action::Merge)),
            "quote" => actions.extend(text(key).map(Action::Quote)),
            "rewards" => actions.extend(text(key).map(Action::Rewards)),
            "find" => actions.extend(text(key).map(Action::Find)),
            "agenda" => actions.extend(text(key).map(Action::Agenda)),
            "report" => actions.extend(text(key).map(Action::Report)),
            "seal" => actions.extend(text(key).map(Action::Seal)),
            "account" => {
                let on = text("on").ok_or("`on` is missing")?;
                actions.extend(text(key).map(|customer| Action::Account { customer, on }));
            }
            "customer" | "export_person" => {
                let on = text("on").ok_or("`on` is missing")?;
                actions.extend(text(key).map(|customer| match key.as_str() {
                    "customer" => Action::Customer { customer, on },
                    _ => Action::Export { customer, on },
                }));
            }
            "timeline" => actions.extend(text(key).map(Action::Timeline)),
            "restart" => actions.push(Action::Restart),
            "on" | "expect" => {}
            other => return Err(format!("`{other}` is not known")),
        }
    }
    let [action] =
        actions.try_into().map_err(|found: Vec<Action>| format!("{} actions, not one", found.len()))?;
    Ok(Step { action, expect: row.get("expect").cloned().unwrap_or(Value::Null), number })
}

/// TOML as JSON: a local date is its text.
fn plain(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.clone().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(truth) => (*truth).into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(all) => all.iter().map(plain).collect(),
        toml::Value::Table(table) => {
            table.iter().map(|(key, value)| (key.clone(), plain(value))).collect::<Map<_, _>>().into()
        }
    }
}

/// All scenarios below a folder, by name.
///
/// # Errors
/// What is wrong with a file, or with reading it.
pub fn all(folder: &Path) -> Result<Vec<Scenario>, String> {
    let mut files = Vec::new();
    find(folder, &mut files)?;
    files.sort();
    files
        .iter()
        .map(|file| {
            let text =
                std::fs::read_to_string(file).map_err(|wrong| format!("{}: {wrong}", file.display()))?;
            let name = file.strip_prefix(folder).unwrap_or(file).with_extension("");
            parse(&name.to_string_lossy().replace('\\', "/"), &text)
        })
        .collect()
}

/// The scenarios of this repository.
///
/// # Errors
/// As [`all`].
pub fn of_this_repository() -> Result<Vec<Scenario>, String> {
    all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"))
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|wrong| format!("{}: {wrong}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|wrong| wrong.to_string())?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

/// Runs a scenario: `answer` does each step and gives the answer as JSON. All differences are told, step by step.
///
/// # Errors
/// The differences, for people.
pub fn run(scenario: &Scenario, mut answer: impl FnMut(&Step) -> Value) -> Result<(), String> {
    let mut told = String::new();
    for step in &scenario.steps {
        let found = answer(step);
        let differences = differences(&step.expect, &found);
        if !differences.is_empty() {
            told.push_str(&format!("  step {}: {}\n", step.number, shown(&step.action)));
            for difference in differences {
                told.push_str(&format!("    {difference}\n"));
            }
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    let sections = scenario.semantics.join(", ");
    Err(format!("{}: {} (semantics {sections})\n{told}", scenario.name, scenario.title))
}

fn shown(action: &Action) -> String {
    match action {
        Action::Record(text) => format!("record {}", text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Action::Merge(text) => {
            format!("merge {} facts", text.lines().filter(|line| !line.trim().is_empty()).count())
        }
        Action::Quote(text) => format!("quote {}", text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Action::Rewards(text) => format!("rewards {text}"),
        Action::Account { customer, on } => format!("account {customer} on {on}"),
        Action::Customer { customer, on } => format!("customer {customer} on {on}"),
        Action::Find(typed) => format!("find {typed}"),
        Action::Agenda(on) => format!("agenda {on}"),
        Action::Timeline(text) => format!("timeline {text}"),
        Action::Export { customer, on } => format!("export of {customer} on {on}"),
        Action::Report(day) => format!("report on {day}"),
        Action::Seal(day) => format!("seal up to {day}"),
        Action::Restart => "restart".to_owned(),
    }
}

/// The text that stands for "nothing is there" in an expectation, as TOML has no null.
pub const NONE: &str = "<none>";

/// Where `found` does not hold what is expected: every key given must be there and equal; lists must match in length and
/// element by element. `"<none>"` expects null or nothing, an empty list also matches nothing.
#[must_use]
pub fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut told = Vec::new();
    compare("", expected, Some(found), &mut told);
    told
}

fn compare(path: &str, expected: &Value, found: Option<&Value>, told: &mut Vec<String>) {
    let found = found.unwrap_or(&Value::Null);
    let place = if path.is_empty() { "the answer" } else { path };
    match (expected, found) {
        (Value::Null, _) => {}
        (Value::String(text), Value::Null) if text == NONE => {}
        (Value::Array(list), Value::Null) if list.is_empty() => {}
        (Value::Object(keys), Value::Object(answer)) => {
            for (key, expected) in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                compare(&path, expected, answer.get(key), told);
            }
        }
        (Value::Array(expected), Value::Array(answer)) if expected.len() == answer.len() => {
            for (index, (expected, found)) in expected.iter().zip(answer).enumerate() {
                compare(&format!("{path}[{index}]"), expected, Some(found), told);
            }
        }
        (Value::Array(list), Value::Array(answer)) => told.push(format!(
            "{place}: {} expected, {} found: expected {expected}, found {found}",
            list.len(),
            answer.len()
        )),
        _ if expected == found => {}
        _ => told.push(format!("{place}: expected {expected}, found {found}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_subset_matches_and_differences_are_told_with_their_place() {
        let found = json!({"points": {"balance": 3, "lots": [{"fact": "p-1", "points": 3}]}, "tier": null});
        assert!(differences(&json!({"points": {"balance": 3}}), &found).is_empty());
        assert!(
            differences(&json!({"points": {"lots": [{"points": 3}]}, "flags": [], "tier": NONE}), &found)
                .is_empty()
        );
        let told =
            differences(&json!({"points": {"balance": 4, "lots": []}, "joined": "2026-01-01"}), &found);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().any(|line| line == "points.balance: expected 4, found 3"), "{told:?}");
    }

    #[test]
    fn a_step_has_one_action() {
        let text = "title = 'a'\nwhy = 'b'\nsemantics = []\nprogram = ''\n[[step]]\nseal = '2026-01-01'\nrestart = true\n";
        assert!(parse("x", text).is_err());
    }
}
