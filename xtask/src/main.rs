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
cargo xtask demo     make a book below target/ from the CDNOW history (69,659 purchases) and ask it; more arguments go to `parure replay`
cargo xtask test     everything that must hold: format, lints, documentation, all tests
cargo xtask test-c   the C library alone: installed, linked both ways, compiled as C99 and C++17, run under valgrind
cargo xtask test-python   the Python wheel alone: built, installed into an environment below target/, tests, stubs, types
cargo xtask test-office   the book in PostgreSQL alone: a server of the tests' own, which Debian's package has to be there for
cargo xtask bench    the benches
cargo xtask install-c --prefix DIR    builds the C library and installs header, libraries, pkg-config file and CMake package
";

/// What is built only where it is asked for.
const OFFICE: &str = "--features parure-journal/postgres";

/// One step.
enum Step {
    /// A cargo command, and what is set in its environment.
    Cargo { line: Vec<String>, set: Option<(&'static str, &'static str)> },
    /// The command line that was built for release is asked.
    Parure(Vec<String>),
    /// A folder below target/, without what was in it.
    EmptyFolder(&'static str),
    /// Tests, all or some; those of the book in PostgreSQL on a real server.
    TestWithOffice(&'static str),
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
        Some("demo") => demo(args),
        Some("test") => tests(),
        Some("test-c") => c_library(),
        Some("test-python") => vec![Step::TestPython],
        Some("test-office") => vec![Step::TestWithOffice("--test office")],
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

/// The main job: a book from what really happened, and what it answers.
fn demo(more: impl Iterator<Item = String>) -> Vec<Step> {
    let book = target(Path::new("")).join("demo").join("cdnow.db").display().to_string();
    let parure = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let of_book = |line: &str| [parure(line), vec!["--book".to_owned(), book.clone()]].concat();
    let import = "import examples/cdnow.txt --delimiter space \
                  --columns customer=customer_id,at=date,quantity=number_of_cds,amount=dollar_value";
    vec![
        cargo("build --release --locked --package parure-cli"),
        Step::EmptyFolder("demo"),
        Step::Parure(of_book("init examples/cdnow.toml")),
        Step::Parure(of_book(import)),
        Step::Parure(of_book("replay").into_iter().chain(more).collect()),
        Step::Parure(of_book("explain --customer 00124")),
    ]
}

fn tests() -> Vec<Step> {
    let mut steps = vec![
        cargo("fmt --all --check"),
        cargo("clippy --workspace --locked -- --deny warnings"),
        cargo(&format!("clippy --workspace --all-targets {OFFICE} --locked -- --deny warnings")),
        with(("RUSTDOCFLAGS", "--deny warnings"), &format!("doc --workspace --no-deps {OFFICE} --locked")),
        Step::TestWithOffice(""),
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
            Step::Parure(line) => {
                eprintln!("\n$ parure {}", line.join(" "));
                let parure =
                    target(&root).join("release/parure").with_extension(std::env::consts::EXE_EXTENSION);
                succeeded(Command::new(parure).args(line).current_dir(&root))
            }
            Step::EmptyFolder(name) => {
                let folder = target(&root).join(name);
                drop(std::fs::remove_dir_all(&folder)); // there may be none
                std::fs::create_dir_all(&folder)
                    .inspect_err(|why| eprintln!("{}: {why}", folder.display()))
                    .is_ok()
            }
            Step::TestWithOffice(some) => {
                let line = format!("test --workspace {OFFICE} --locked {some}");
                let line: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
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
    succeeded(Command::new(program).args(line).current_dir(root).envs(set))
}

fn succeeded(command: &mut Command) -> bool {
    match command.status() {
        Ok(status) => status.success(),
        Err(why) => {
            eprintln!("{} can't be run: {why}", command.get_program().display());
            false
        }
    }
}
