//! What is done with this repository, in one place: `cargo xtask demo`, `cargo xtask test`, `cargo xtask bench`, `cargo xtask install-c`.
//!
//! It needs nothing but the toolchain it was built with, and stops at the first step that fails.

mod install;
mod test_c;
mod test_office;
mod test_python;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "\
cargo xtask demo     replay the CDNOW history (69,659 purchases) and show the report; more arguments go to `parure replay`
cargo xtask test     everything that must hold: format, lints, documentation, all tests
cargo xtask test-c   the C library alone: installed, linked both ways, compiled as C99 and C++17, run under valgrind
cargo xtask test-python   the Python wheel alone: built, installed into an environment below target/, tests, stubs, types
cargo xtask test-office   the book in PostgreSQL alone: a server of the tests' own, which Debian's package has to be there for
cargo xtask bench    the benches
cargo xtask install-c --prefix DIR    builds the C library and installs header, libraries, pkg-config file and CMake package
";

/// One step.
enum Step {
    /// A cargo command, and what is set in its environment.
    Cargo { line: Vec<String>, set: Option<(&'static str, &'static str)> },
    /// The book in PostgreSQL is tried out on a real server.
    TestOffice,
    /// The C library that was built in this profile's folder is tried out.
    TestC(&'static str),
    /// The Python wheel is built, installed and tried out.
    TestPython,
    /// The C library that was built for release is installed.
    InstallC(PathBuf),
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let steps = match args.next().as_deref() {
        Some("demo") => vec![demo(args)],
        Some("test") => tests(),
        Some("test-c") => c_library(),
        Some("test-python") => vec![Step::TestPython],
        Some("test-office") => vec![Step::TestOffice],
        Some("install-c") => match (args.next().as_deref(), args.next(), args.next()) {
            (Some("--prefix"), Some(prefix), None) => {
                vec![cargo("build --release --locked --package libparure"), Step::InstallC(prefix.into())]
            }
            _ => {
                eprint!("{USAGE}");
                return ExitCode::from(2);
            }
        },
        Some("bench") => vec![cargo("bench --workspace --locked")],
        asked => {
            eprint!("{USAGE}");
            return ExitCode::from(if asked.is_none() { 0 } else { 2 });
        }
    };
    if steps.iter().all(Step::run) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn demo(more: impl Iterator<Item = String>) -> Step {
    let mut line = "run --release --locked --package parure-cli -- ".to_owned();
    let replay = "replay examples/cdnow.toml examples/cdnow.txt --delimiter space \
                  --columns customer=customer_id,at=date,quantity=number_of_cds,amount=dollar_value";
    line.push_str(replay);
    let line = line.split_whitespace().map(str::to_owned).chain(more).collect();
    Step::Cargo { line, set: None }
}

fn tests() -> Vec<Step> {
    let mut steps = vec![
        cargo("fmt --all --check"),
        cargo("clippy --workspace --all-targets --locked -- --deny warnings"),
        with(("RUSTDOCFLAGS", "--deny warnings"), "doc --workspace --no-deps --locked"),
        cargo("test --workspace --locked"),
        cargo(
            "clippy --package parure-journal --features postgres --all-targets --locked -- --deny warnings",
        ),
        with(
            ("RUSTDOCFLAGS", "--deny warnings"),
            "doc --package parure-journal --features postgres --no-deps --locked",
        ),
        Step::TestOffice,
    ];
    steps.extend(c_library());
    steps.push(Step::TestPython);
    steps
}

fn c_library() -> Vec<Step> {
    vec![cargo("build --locked --package libparure"), Step::TestC("debug")]
}

fn cargo(line: &str) -> Step {
    Step::Cargo { line: line.split_whitespace().map(str::to_owned).collect(), set: None }
}

fn with(set: (&'static str, &'static str), line: &str) -> Step {
    Step::Cargo { line: line.split_whitespace().map(str::to_owned).collect(), set: Some(set) }
}

/// Where cargo puts what it builds.
fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

impl Step {
    fn run(&self) -> bool {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = root.canonicalize().unwrap_or(root);
        match self {
            Step::Cargo { line, set } => ran(&root, line, *set),
            Step::TestOffice => {
                let line = ["test", "--package", "parure-journal", "--features", "postgres", "--locked"];
                let line = line.map(str::to_owned);
                ran(&root, &line, test_office::has_server().then_some(("PARURE_NEEDS_POSTGRES", "1")))
            }
            Step::TestC(profile) => test_c::test(&root, &target(&root).join(profile)),
            Step::TestPython => test_python::test(&root, &target(&root)),
            Step::InstallC(prefix) => match install::install(&root, &target(&root).join("release"), prefix) {
                Ok(()) => {
                    eprintln!("installed below {}", prefix.display());
                    true
                }
                Err(why) => {
                    eprintln!("can't be installed below {}: {why}", prefix.display());
                    false
                }
            },
        }
    }
}

fn ran(root: &Path, line: &[String], set: Option<(&str, &str)>) -> bool {
    let shown = set.map_or_else(String::new, |(name, value)| format!("{name}={value:?} "));
    eprintln!("\n$ {shown}cargo {}", line.join(" "));
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    match Command::new(program).args(line).current_dir(root).envs(set).status() {
        Ok(status) => status.success(),
        Err(why) => {
            eprintln!("cargo can't be run: {why}");
            false
        }
    }
}
