//! Writes what hosts in other languages are held to below a folder: `scenarios.jsonl` and `generated.jsonl`.

use parure_tests::scenario::of_this_repository;
use parure_tests::told::{generated, scenario};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Generated lives: enough for each kind of fact and of rule to be met many times.
const LIVES: usize = 60;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("expected FOLDER");
        return ExitCode::from(2);
    };
    match write(&folder) {
        Ok((scenarios, lives)) => {
            println!("expected answers: {scenarios} scenarios, {lives} generated lives");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Result<(usize, usize), String> {
    let scenarios = of_this_repository()?.iter().map(scenario).collect::<Result<Vec<_>, _>>()?;
    let lives = generated(LIVES)?;
    std::fs::create_dir_all(folder).map_err(|why| why.to_string())?;
    for (name, all) in [("scenarios.jsonl", &scenarios), ("generated.jsonl", &lives)] {
        let lines: String = all.iter().map(|one: &Value| format!("{one}\n")).collect();
        std::fs::write(folder.join(name), lines).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok((scenarios.len(), lives.len()))
}
