//! What docs/program.md shows is so: its examples load or have the fault that they show, it names every key and every code.

use parure::program::Program;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An example: the code of the fault that it shows, and the text.
fn examples(page: &str) -> Vec<(Option<&str>, String)> {
    let mut found = Vec::new();
    for block in page.split("\n```toml").skip(1) {
        let (mark, rest) = block.split_once('\n').unwrap();
        let text = rest.split("\n```").next().unwrap();
        found.push((mark.trim().strip_prefix("fault="), text.to_owned()));
    }
    found
}

fn whole(example: &str) -> String {
    if example.starts_with("edition") {
        return example.to_owned();
    }
    format!(
        "edition = 2026\nname = \"a\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"\n{example}"
    )
}

#[test]
fn every_example_is_as_it_says() {
    let page = fs::read_to_string(home().join("docs/program.md")).unwrap();
    let examples = examples(&page);
    assert!(examples.len() > 10);
    for (fault, example) in examples {
        match (fault, Program::parse("docs/program.md", &whole(&example))) {
            (None, Ok(_)) => {}
            (None, Err(faults)) => panic!("{example}\n{faults}"),
            (Some(code), Ok(_)) => panic!("{example}\nhas no fault, not {code}"),
            (Some(code), Err(faults)) => {
                assert_eq!(
                    faults.iter().map(|fault| fault.code).collect::<Vec<_>>(),
                    [code],
                    "{example}\n{faults}"
                );
            }
        }
    }
}

#[test]
fn every_key_has_an_example() {
    let page = fs::read_to_string(home().join("docs/program.md")).unwrap();
    let shown: String =
        examples(&page).into_iter().filter(|(fault, _)| fault.is_none()).map(|(_, text)| text).collect();
    let words: BTreeSet<&str> =
        shown.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    let schema = parure::program::json_schema();
    let tables = schema["definitions"].as_object().unwrap().values().chain([&schema]);
    let keys = tables.filter_map(|table| table["properties"].as_object()).flat_map(|keys| keys.keys());
    let missing: Vec<_> = keys.filter(|key| !words.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "docs/program.md has no example of {missing:?}");
}

#[test]
fn every_code_of_the_tests_is_told_of() {
    let page = fs::read_to_string(home().join("docs/program.md")).unwrap();
    let table = page.split("| Code | When |").nth(1).unwrap();
    let told: BTreeSet<&str> = table.split('`').skip(1).step_by(2).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    let mut codes = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("error[")?.split(']').next());
        codes.extend(lines.map(str::to_owned));
    }
    // Those of conditions have a page of their own.
    codes.retain(|code| !code.starts_with("condition_") && code != "unknown_field" && code != "unknown_name");
    let missing: Vec<_> = codes.iter().filter(|code| !told.contains(code.as_str())).collect();
    assert!(missing.is_empty(), "docs/program.md does not tell of {missing:?}");
    // And each code of the page is shown by some file, but for the bounds, which tests/program.rs writes.
    let bounds = ["too_deep", "too_large", "too_many", "too_long"];
    let unseen: Vec<_> =
        told.iter().filter(|code| !codes.contains(**code) && !bounds.contains(*code)).collect();
    assert!(unseen.is_empty(), "no file of tests/faults shows {unseen:?}");
}
