//! What docs/facts.md shows is so: its examples are read or have the fault that they show, it tells of every key and every code.

use parure::book::Book;
use parure::fact::Fact;
use parure::money::Currency;
use parure::program::Program;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    fs::read_to_string(home().join("docs/facts.md")).unwrap()
}

/// The examples: how each is marked, and the text.
fn examples(page: &str) -> Vec<(&str, &str)> {
    let blocks = page.split("\n```json").skip(1);
    blocks
        .map(|block| {
            let (mark, rest) = block.split_once('\n').unwrap();
            (mark.trim(), rest.split("\n```").next().unwrap())
        })
        .collect()
}

fn yuan() -> Currency {
    Currency::parse("CNY").unwrap()
}

#[test]
fn every_example_is_as_it_says() {
    let page = page();
    let mut kinds = BTreeSet::new();
    for (mark, text) in examples(&page) {
        let read = Fact::from_json(text, yuan());
        match (mark, read) {
            ("outcome" | "refusal", _) => {}
            ("", Ok(fact)) => {
                let json = fact.to_json(yuan());
                assert_eq!(Fact::from_json(&json, yuan()).unwrap(), fact, "{json}");
                kinds.insert(fact.kind());
            }
            ("", Err(fault)) => panic!("{fault}: {text}"),
            (mark, Ok(_)) => panic!("{mark} is read: {text}"),
            (mark, Err(fault)) => assert_eq!(Some(fault.code), mark.strip_prefix("fault="), "{text}"),
        }
    }
    assert_eq!(kinds.len(), 41, "{kinds:?}");
}

#[test]
fn every_key_is_told_of_and_has_an_example() {
    let page = page();
    let source = fs::read_to_string(home().join("crates/core/src/fact/read.rs")).unwrap();
    let tables = source.split(".table(&[").skip(1).map(|rest| rest.split(']').next().unwrap());
    let head = source.split("const KEYS").nth(1).unwrap().split("];").next().unwrap();
    let keys: BTreeSet<&str> =
        tables.chain([head]).flat_map(|list| list.split('"').skip(1).step_by(2)).collect();
    assert!(keys.len() > 40, "{keys:?}");
    for key in keys {
        assert!(page.contains(&format!("`{key}`")), "`{key}` is not told of");
        let shown = examples(&page)
            .iter()
            .any(|(mark, text)| mark.is_empty() && text.contains(&format!("\"{key}\":")));
        assert!(shown, "`{key}` has no example");
    }
}

/// The texts in a column of a table.
fn column(page: &str, head: &str, column: usize) -> Vec<String> {
    let table = page.split(head).nth(1).unwrap().split("\n\n").next().unwrap();
    let rows = table.lines().filter(|row| row.starts_with("| `"));
    rows.flat_map(|row| {
        let cell = row.split(" | ").nth(column).unwrap();
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    })
    .collect()
}

#[test]
fn every_refusal_and_its_flag_is_told_of() {
    let page = page();
    let source = fs::read_to_string(home().join("crates/core/src/outcome/refusal.rs")).unwrap();
    let lines = source.split("refusals! {").nth(1).unwrap().lines().filter(|line| line.contains(", flag \""));
    let codes: Vec<(String, String)> = lines
        .map(|line| {
            let mut quoted = line.split('"').skip(1).step_by(2).map(str::to_owned);
            (quoted.next().unwrap(), quoted.next().unwrap())
        })
        .collect();
    let head = "| Refused | Flag | When |";
    let told: Vec<(String, String)> =
        column(&page, head, 0).into_iter().zip(column(&page, head, 1)).collect();
    assert_eq!(told, codes);
}

#[test]
fn every_fault_of_reading_a_fact_is_told_of() {
    let core = home().join("crates/core/src");
    let mut codes = BTreeSet::new();
    let mut files: Vec<PathBuf> =
        fs::read_dir(core.join("fact")).unwrap().map(|file| file.unwrap().path()).collect();
    files.extend(fs::read_dir(core.join("customer")).unwrap().map(|file| file.unwrap().path()));
    files.extend(
        ["document/json.rs", "document/mod.rs", "document/spot.rs", "calendar/anniversary.rs"]
            .map(|file| core.join(file)),
    );
    for file in files.into_iter().filter(|file| file.is_file()) {
        let text = fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for rest in text.split("Fault::new(").skip(1) {
            let code = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            codes.extend(code.map(str::to_owned));
        }
    }
    // What hosts ask about phones is no fact.
    codes.remove("unknown_region");
    // These are of values that stand in files of other rooms too.
    let values =
        ["time_text", "time_digits", "naive_time", "day_text", "money_text", "money_digits", "money_range"];
    codes.extend(
        values.into_iter().chain(["money_float", "quantity_float", "number_float"]).map(str::to_owned),
    );
    let told: BTreeSet<String> = column(&page(), "| Code | When |", 0).into_iter().collect();
    let untold: Vec<_> = codes.difference(&told).collect();
    let unknown: Vec<_> = told.difference(&codes).collect();
    assert!(
        untold.is_empty() && unknown.is_empty(),
        "not told of: {untold:?}; told of, but not in the code: {unknown:?}"
    );
}

#[test]
fn the_answers_are_as_shown() {
    let page = page();
    let program = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'\n\
        [[earn]]\nid = 'standard'\npoints = 1\nper = '10.00'\n";
    let mut book = Book::new(Program::parse("m.toml", program).unwrap());
    let shown = |mark: &str| -> Value {
        let (_, text) = examples(&page).into_iter().find(|(found, _)| *found == mark).unwrap();
        serde_json::from_str(text).unwrap()
    };
    let mut record = |text: &str| {
        let answer = book.record(&Fact::from_json(text, yuan()).unwrap()).unwrap();
        serde_json::to_value(answer).unwrap()
    };
    record("{\"id\":\"j-0\",\"at\":\"2026-01-01T10:00:00+08:00\",\"customer\":\"c-1\",\"joined\":{}}");
    assert_eq!(record(examples(&page)[0].1), shown("outcome"));
    let again = "{\"id\":\"j-9\",\"at\":\"2026-04-01T10:00:00+08:00\",\"customer\":\"c-1\",\"joined\":{}}";
    assert_eq!(record(again), shown("refusal"));
}
