//! Prints how long a large journal takes to open from its snapshot, beside restoring the same bytes from memory.
//!
//! ```sh
//! cargo run --release -p parure-bench --bin opening -- --customers 1000000 --purchases 10000000 --folder /large/disk
//! ```
//!
//! The file is made first, in the order of time, 100,000 facts in a commit, and removed at the end. Each part runs in a process of its own; what
//! the system keeps of the file in memory it may keep. A tenth of the size: `--customers 100000 --purchases 1000000`.

use parure::book::Book;
use parure::fact::Fact;
use parure::program::Program;
use parure_bench::generate::{Catalogue, History, Size};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

const MAISON: &str = include_str!("../../../examples/maison.toml");
const SEED: u64 = 2026;
const BATCH: usize = 100_000;
/// What each part tells, by its name.
const PARTS: [&str; 3] = ["make", "restore", "open"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let number = |name: &str, default: u64| after(name).map_or(Ok(default), str::parse);
    let (Ok(customers), Ok(purchases)) =
        (number("--customers", 1_000_000), number("--purchases", 10_000_000))
    else {
        eprintln!("--customers and --purchases take numbers");
        return ExitCode::from(2);
    };
    let size = Size { customers: u32::try_from(customers).unwrap_or(u32::MAX), purchases };
    let folder = after("--folder").map_or_else(std::env::temp_dir, PathBuf::from);
    match after("--part") {
        None => table(size, &folder),
        Some("make") => make(size, &folder),
        Some("restore") => restore(&folder),
        Some("open") => open(&folder),
        Some(other) => {
            eprintln!("unknown part `{other}`; there are {}", PARTS.join(", "));
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Runs each part and prints the ratio.
fn table(size: Size, folder: &Path) {
    let folder = folder.join(format!("parure-opening-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("a folder that can be written");
    println!("{} customers, {} purchases of two lines, seed {SEED}", size.customers, size.purchases);
    let whoami = std::env::current_exe().expect("a program");
    let mut seconds = Vec::new();
    for part in PARTS {
        let (customers, purchases) = (size.customers.to_string(), size.purchases.to_string());
        let mut command = Command::new(&whoami);
        command.args(["--part", part, "--customers", &customers, "--purchases", &purchases, "--folder"]);
        let output = command.arg(&folder).stderr(Stdio::inherit()).output().expect("a part that runs");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        print!("{told}");
        if let Some((_, value)) = told.lines().next().and_then(|line| line.rsplit_once(' ')) {
            seconds.push(value.parse().unwrap_or(f64::NAN));
        }
    }
    if let [_, restored, opened] = seconds[..] {
        println!("{:<36}{:>12.2}", "opening to restoring", opened / restored);
    }
    std::fs::remove_dir_all(&folder).expect("the folder made before");
}

fn tell(name: &str, value: f64) {
    println!("{name:<36}{value:>12.2}");
}

/// Memory of this process at most, in GB.
fn most_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0 / 1024.0
}

fn gigabytes(path: &Path) -> f64 {
    std::fs::metadata(path).map_or(f64::NAN, |about| about.len() as f64) / 1024.0 / 1024.0 / 1024.0
}

fn journal(folder: &Path) -> PathBuf {
    folder.join("shop.db")
}

/// The bytes of the book, as they lie in the journal too.
fn bytes(folder: &Path) -> PathBuf {
    folder.join("shop.book")
}

fn make(size: Size, folder: &Path) {
    let program = Program::parse("maison.toml", MAISON).expect("the example can be read");
    let shop = parure_journal::create(journal(folder), &program).expect("a journal that can be made");
    let catalogue = Catalogue::new(SEED);
    let mut history = History::new(&catalogue, size, SEED);
    let start = Instant::now();
    loop {
        let facts: Vec<Fact<'_>> =
            history.by_ref().take(BATCH).map(|happening| happening.fact(&catalogue)).collect();
        if facts.is_empty() {
            break;
        }
        shop.merge(&facts).expect("facts that can be merged");
        eprint!("\r{} facts, {:.0} s ", shop.ask(Book::facts), start.elapsed().as_secs_f64());
    }
    eprintln!();
    tell("made, s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    shop.snapshot().expect("a snapshot that can be written");
    tell("snapshot, s", start.elapsed().as_secs_f64());
    std::fs::write(bytes(folder), shop.ask(Book::snapshot)).expect("room for the bytes of a book");
    drop(shop);
    tell("file, GB", gigabytes(&journal(folder)));
    tell("snapshot, GB", gigabytes(&bytes(folder)));
}

fn restore(folder: &Path) {
    let bytes = std::fs::read(bytes(folder)).expect("the bytes written before");
    let start = Instant::now();
    let book = Book::restore(bytes).expect("a whole snapshot");
    tell("restored from memory, s", start.elapsed().as_secs_f64());
    black_box(book);
}

fn open(folder: &Path) {
    let start = Instant::now();
    let shop = parure_journal::open(journal(folder)).expect("the journal made before");
    tell("opened, s", start.elapsed().as_secs_f64());
    tell("opened, GB of memory at most", most_memory());
    black_box(shop);
}
