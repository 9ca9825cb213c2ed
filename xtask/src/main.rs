//! What is done with this repository, in one place: `cargo xtask demo`, `cargo xtask test`, `cargo xtask bench`.
//!
//! It needs nothing but the toolchain it was built with, and stops at the first step that fails.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
cargo xtask demo     replay the CDNOW history (69,659 purchases) and show the report; more arguments go to `parure replay`
cargo xtask test     everything that must hold: format, lints, documentation, all tests
cargo xtask bench    the benches
";

/// One step: a cargo command, and what is set in its environment.
struct Step {
    cargo: Vec<String>,
    set: Option<(&'static str, &'static str)>,
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let steps = match args.next().as_deref() {
        Some("demo") => vec![demo(args)],
        Some("test") => tests(),
        Some("bench") => vec![cargo("bench --workspace --locked")],
        asked => {
            eprint!("{USAGE}");
            return ExitCode::from(if asked.is_none() { 0 } else { 2 });
        }
    };
    if steps.iter().all(Step::run) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn demo(more: impl Iterator<Item = String>) -> Step {
    let mut step = cargo("run --release --locked --package parure-cli --");
    let replay = "replay examples/cdnow.toml examples/cdnow.txt --delimiter space \
                  --columns customer=customer_id,at=date,quantity=number_of_cds,amount=dollar_value";
    step.cargo.extend(replay.split_whitespace().map(str::to_owned).chain(more));
    step
}

fn tests() -> Vec<Step> {
    vec![
        cargo("fmt --all --check"),
        cargo("clippy --workspace --all-targets --locked -- --deny warnings"),
        Step {
            set: Some(("RUSTDOCFLAGS", "--deny warnings")),
            ..cargo("doc --workspace --no-deps --locked")
        },
        cargo("test --workspace --locked"),
    ]
}

fn cargo(line: &str) -> Step {
    Step { cargo: line.split_whitespace().map(str::to_owned).collect(), set: None }
}

impl Step {
    fn run(&self) -> bool {
        let set = self.set.map_or_else(String::new, |(name, value)| format!("{name}={value:?} "));
        eprintln!("\n$ {set}cargo {}", self.cargo.join(" "));
        let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let ran = Command::new(program).args(&self.cargo).current_dir(root).envs(self.set).status();
        match ran {
            Ok(status) => status.success(),
            Err(why) => {
                eprintln!("cargo can't be run: {why}");
                false
            }
        }
    }
}
