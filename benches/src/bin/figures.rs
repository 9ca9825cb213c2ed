//! Prints the figures that the README quotes, engine and hard-coded program side by side in one run.
//!
//! ```sh
//! cargo run --release -p parure-bench --bin figures -- --customers 1000000 --purchases 10000000
//! ```
//!
//! Each part runs in a process of its own, so that what one holds is not counted with another; `--part book` runs one alone.

use parure::book::{Answer, Book};
use parure::fact::Fact;
use parure::program::Program;
use parure_bench::generate::{Catalogue, Happening, History, Sale, Size, birthday};
use parure_bench::reference::{Amount, Days, Row, State, Till, decide, replay};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::Instant;

const MAISON: &str = include_str!("../../../examples/maison.toml");
const SEED: u64 = 2026;
/// Purchases whose times are looked at one by one.
const TIMED: u64 = 1_000_000;

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
    match after("--part") {
        None => table(size),
        Some("reference") => reference(size),
        Some("record") => record(size),
        Some("save") => {
            let bytes = recorded(size, &Catalogue::new(SEED), None).snapshot();
            std::fs::write(after("--file").unwrap_or_default(), bytes).expect("room for a snapshot");
        }
        Some("book") => book(size),
        Some("merge") => merge(size),
        Some("restore") => restore(size, after("--file").unwrap_or_default()),
        Some(other) => {
            eprintln!("unknown part `{other}`; there are reference, record, book, merge, save, restore");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

// ── The table ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Runs each part and prints its figures with their ratios.
fn table(size: Size) {
    let mut figures: BTreeMap<String, f64> = BTreeMap::new();
    let whoami = std::env::current_exe().expect("a program");
    for part in ["reference", "record", "book", "merge"] {
        let mut command = Command::new(&whoami);
        command.args([
            "--part",
            part,
            "--customers",
            &size.customers.to_string(),
            "--purchases",
            &size.purchases.to_string(),
        ]);
        let output = command.stderr(std::process::Stdio::inherit()).output().expect("a part that runs");
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            if let Some((name, value)) = line.rsplit_once('\t') {
                figures.insert(name.to_owned(), value.parse().unwrap_or(f64::NAN));
            }
        }
    }
    let of = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
    println!("{} customers, {} purchases of two lines, seed {SEED}", size.customers, size.purchases);
    for (name, value) in &figures {
        println!("{name:<44}{value:>16.3}");
    }
    println!();
    let ratio = |name: &str, value: f64| println!("{name:<60}{value:>8.2}");
    ratio("record, p50 to the hard-coded decision's", of("record p50 µs") / of("decision p50 µs"));
    ratio("record, p99 to the hard-coded decision's", of("record p99 µs") / of("decision p99 µs"));
    ratio(
        "record, the mean to the hard-coded decision's p50",
        1e3 / of("record purchases k/s, the last million") / of("decision p50 µs"),
    );
    ratio("quote, p50 to the hard-coded decision's", of("quote p50 µs") / of("decision p50 µs"));
    ratio(
        "replay with integers, lines a second to the restoring engine's",
        of("integers M lines/s") / of("restore M lines/s"),
    );
    ratio(
        "replay with decimals, lines a second to the restoring engine's",
        of("decimals M lines/s") / of("restore M lines/s"),
    );
    ratio(
        "merge, all late to in order, batches of 100,000",
        of("merge late by 100,000 µs/fact") / of("merge in order by 100,000 µs/fact"),
    );
    ratio(
        "merge, all late to in order, batches of 1,000",
        of("merge late by 1,000 µs/fact") / of("merge in order by 1,000 µs/fact"),
    );
}

fn tell(name: &str, value: f64) {
    println!("{name}\t{value:.4}");
}

fn per_second(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds
}

/// Tells the times below which half, 99 in 100 and 999 in 1,000 lie.
fn tell_times(name: &str, mut nanos: Vec<u32>) {
    nanos.sort_unstable();
    for (label, part) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)] {
        let at = (nanos.len() as f64 * part) as usize;
        tell(&format!("{name} {label} µs"), f64::from(nanos.get(at).copied().unwrap_or(0)) / 1e3);
    }
}

/// In seconds.
fn sum(nanos: &[u32]) -> f64 {
    nanos.iter().map(|nanos| u64::from(*nanos)).sum::<u64>() as f64 / 1e9
}

fn nanos_since(start: Instant) -> u32 {
    u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX)
}

/// Memory of this process in GB, by its name in /proc/self/status.
fn memory(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kilobytes: f64 =
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(f64::NAN);
    kilobytes / 1024.0 / 1024.0
}

fn program() -> Program {
    Program::parse("maison.toml", MAISON).expect("the example can be read")
}

// ── The hard-coded program ───────────────────────────────────────────────────────────────────────────────────────────────

fn rows_of<A: Amount>(sale: &Sale, catalogue: &Catalogue) -> [Row<A>; 2] {
    let day = i32::try_from((sale.micros + 28_800_000_000).div_euclid(86_400_000_000) - 20_454).unwrap_or(0);
    [0, 1].map(|at| Row {
        customer: sale.customer,
        purchase: sale.no as u32,
        day,
        category: catalogue.items[sale.items[at] as usize].category as u8,
        amount: A::of(sale.amounts[at]),
    })
}

fn birth_month(drawn: u64) -> u8 {
    birthday(drawn).filter(|(lunar, ..)| !lunar).map_or(0, |(_, month, _)| month)
}

fn timed_replay<A: Amount>(name: &str, sales: &[Sale], catalogue: &Catalogue, birth_months: &[u8]) {
    let rows: Vec<Row<A>> = sales.iter().flat_map(|sale| rows_of(sale, catalogue)).collect();
    let days = Days::new();
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        black_box(replay(black_box(&rows), birth_months, &days));
        best = best.min(start.elapsed().as_secs_f64());
    }
    tell(&format!("{name} M lines/s"), per_second(rows.len() as u64, best) / 1e6);
}

/// A fifth of the customers.
fn reference(size: Size) {
    let catalogue = Catalogue::new(SEED);
    let fifth = Size { customers: size.customers.div_ceil(5), purchases: size.purchases.div_ceil(5) };
    let mut birth_months = Vec::new();
    let mut sales = Vec::new();
    for happening in History::new(&catalogue, fifth, SEED) {
        match happening {
            Happening::Joined { drawn, .. } => birth_months.push(birth_month(drawn)),
            Happening::Bought(sale) => sales.push(sale),
            Happening::Returned { .. } => {}
        }
    }
    sales.sort_by_key(|sale| (sale.customer, sale.no));
    timed_replay::<i64>("integers", &sales, &catalogue, &birth_months);
    timed_replay::<Decimal>("decimals", &sales, &catalogue, &birth_months);
}

/// Happenings of one turn of the hard-coded program: as many as let it find its caches warm.
const TURN: usize = 1 << 14;

/// The same baskets decided by the hard-coded program: turn by turn with the book, since the machine's speed drifts.
struct Beside<'c> {
    catalogue: &'c Catalogue,
    till: Till,
    days: Days,
    /// What has happened since the last turn, and whether it is timed.
    waiting: Vec<(Happening, bool)>,
    times: Vec<u32>,
}

impl<'c> Beside<'c> {
    fn new(catalogue: &'c Catalogue) -> Self {
        let times = Vec::with_capacity(TIMED as usize);
        Beside { catalogue, till: Till::new(), days: Days::new(), waiting: Vec::with_capacity(TURN), times }
    }

    fn see(&mut self, happenings: &[Happening], timed: bool) {
        self.waiting.extend(happenings.iter().map(|happening| (*happening, timed)));
        if self.waiting.len() >= TURN {
            self.decide();
        }
    }

    fn decide(&mut self) {
        for (happening, timed) in self.waiting.drain(..) {
            match happening {
                Happening::Joined { customer, drawn, .. } => {
                    self.till.insert(format!("c-{customer:07}"), (birth_month(drawn), State::default()));
                }
                Happening::Bought(sale) if timed => {
                    let (id, lines) = (format!("c-{:07}", sale.customer), rows_of(&sale, self.catalogue));
                    let start = Instant::now();
                    black_box(decide(&mut self.till, &id, &lines, &self.days));
                    self.times.push(nanos_since(start));
                }
                Happening::Bought(_) | Happening::Returned { .. } => {}
            }
        }
    }
}

// ── The book ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Facts that are made ahead of the clock.
const AHEAD: usize = 64;

fn book(size: Size) {
    let catalogue = Catalogue::new(SEED);
    let book = recorded(size, &catalogue, None);
    quotes(&book, &catalogue, size);
    json(&book, &catalogue);
    snapshot(&book, size);
    reports(&book);
}

/// How long it takes to record, and to decide the same baskets by the hard-coded program.
fn record(size: Size) {
    let catalogue = Catalogue::new(SEED);
    let mut beside = Beside::new(&catalogue);
    drop(recorded(size, &catalogue, Some(&mut beside)));
    beside.decide();
    tell("decisions k/s", per_second(beside.times.len() as u64, sum(&beside.times)) / 1e3);
    tell_times("decision", beside.times);
}

/// Records a whole history, fact by fact, as it happens; without someone `beside` for its memory.
fn recorded(size: Size, catalogue: &Catalogue, mut beside: Option<&mut Beside<'_>>) -> Book {
    let mut book = Book::new(program());
    let mut refused = 0_u64;
    let mut times = Vec::with_capacity(TIMED as usize);
    let mut live = 0.0;
    let timed_from = size.purchases.saturating_sub(TIMED);
    let mut history = History::new(catalogue, size, SEED);
    let mut bought = 0;
    let (mut happenings, mut facts) = (Vec::with_capacity(AHEAD), Vec::with_capacity(AHEAD));
    loop {
        happenings.clear();
        happenings.extend(history.by_ref().take(AHEAD));
        if happenings.is_empty() {
            break;
        }
        facts.clear();
        facts.extend(happenings.iter().map(|happening| happening.fact(catalogue)));
        let batch = Instant::now();
        for fact in &facts {
            let start = Instant::now();
            let answer = book.record(fact).expect("facts that can be recorded");
            refused += u64::from(matches!(answer, Answer::Refused { .. }));
            drop(black_box(answer));
            if bought >= timed_from && fact.kind() == "purchased" {
                times.push(nanos_since(start));
            }
        }
        live += batch.elapsed().as_secs_f64();
        if let Some(beside) = &mut beside {
            beside.see(&happenings, bought >= timed_from);
        }
        bought += facts.iter().filter(|fact| fact.kind() == "purchased").count() as u64;
    }
    let facts = book.facts() as u64;
    if beside.is_some() {
        tell("record facts k/s, from the first on", per_second(facts, live) / 1e3);
        tell("record purchases k/s, the last million", per_second(times.len() as u64, sum(&times)) / 1e3);
        tell_times("record", times);
        return book;
    }
    tell("book facts M", facts as f64 / 1e6);
    tell("book refused %", refused as f64 * 100.0 / facts as f64);
    tell("book resident GB", memory("VmRSS"));
    tell(
        "book bytes per purchase",
        memory("VmRSS") * 1024.0 * 1024.0 * 1024.0 / size.purchases.max(1) as f64,
    );
    book
}

fn quotes(book: &Book, catalogue: &Catalogue, size: Size) {
    let few = Size { purchases: 200_000.min(size.purchases), ..size };
    let mut times = Vec::new();
    let mut last = parure::calendar::Moment::from_micros(0, 480).expect("an instant");
    if let Some(day) = book.last_day() {
        let micros = i64::from(day.number()) * 86_400_000_000 + 3_600_000_000 * 12;
        last = parure::calendar::Moment::from_micros(micros, 480).expect("an instant");
    }
    for happening in History::new(catalogue, few, SEED + 1) {
        let Happening::Bought(sale) = happening else { continue };
        let (id, purchase) = (format!("c-{:07}", sale.customer), sale.without_points().purchase(catalogue));
        let start = Instant::now();
        black_box(book.quote(&id, last, Some("sh-01"), &purchase));
        times.push(nanos_since(start));
    }
    tell_times("quote", times);
}

fn json(book: &Book, catalogue: &Catalogue) {
    let few = Size { customers: 1_000, purchases: 100_000 };
    let texts: Vec<String> = History::new(catalogue, few, SEED)
        .facts()
        .filter(|fact| fact.kind() == "purchased")
        .map(|fact| fact.to_json(book.currency()))
        .collect();
    let start = Instant::now();
    for text in &texts {
        black_box(Fact::from_json(text, book.currency()).expect("a fact that was written"));
    }
    tell("JSON reading µs/fact", start.elapsed().as_secs_f64() * 1e6 / texts.len().max(1) as f64);
    tell("JSON bytes/fact", texts.iter().map(String::len).sum::<usize>() as f64 / texts.len().max(1) as f64);
}

fn snapshot(book: &Book, size: Size) {
    let start = Instant::now();
    let bytes = book.snapshot();
    tell("snapshot s", start.elapsed().as_secs_f64());
    tell("snapshot GB", bytes.len() as f64 / 1024.0 / 1024.0 / 1024.0);
    let file = std::env::temp_dir().join(format!("parure-figures-{}.book", std::process::id()));
    std::fs::write(&file, bytes).expect("room for a snapshot");
    let whoami = std::env::current_exe().expect("a program");
    let child = Command::new(whoami)
        .args(["--part", "restore", "--purchases", &size.purchases.to_string(), "--file"])
        .arg(&file)
        .output();
    std::fs::remove_file(&file).expect("the snapshot written before");
    print!("{}", String::from_utf8_lossy(&child.expect("a part that runs").stdout));
}

fn reports(book: &Book) {
    let Some(day) = book.last_day() else { return };
    let start = Instant::now();
    let report = black_box(book.report(day));
    tell("report s", start.elapsed().as_secs_f64());
    tell("report members M", report.members as f64 / 1e6);
    let other = MAISON
        .replace("share = \"30%\"", "share = \"50%\"")
        .replace("multiply = \"1.2\"", "multiply = \"1.3\"");
    let other = Program::parse("other.toml", &other).expect("the changed example can be read");
    let start = Instant::now();
    black_box(book.what_if(&other, day).expect("a book without seals"));
    tell("what_if s", start.elapsed().as_secs_f64());
}

fn restore(size: Size, file: &str) {
    let start = Instant::now();
    let bytes = std::fs::read(file).expect("a snapshot");
    tell("restore, reading the file s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let book = Book::restore(bytes).expect("a whole snapshot");
    let seconds = start.elapsed().as_secs_f64();
    tell("restore s", seconds);
    tell("restore M lines/s", per_second(size.purchases * 2, seconds) / 1e6);
    black_box(&book);
    tell("restored resident GB", memory("VmRSS"));
    tell("restored resident at most GB", memory("VmHWM"));
}

// ── Merging ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The same facts in order, and all of them late: from the last to the first.
fn merge(size: Size) {
    let catalogue = Catalogue::new(SEED);
    let few = Size { purchases: size.purchases.div_ceil(5), ..size };
    let facts: Vec<Fact<'_>> = History::new(&catalogue, few, SEED).facts().collect();
    for batch in [100_000, 1_000] {
        let label = if batch == 1_000 { "1,000" } else { "100,000" };
        let time = |name: &str, merge: &dyn Fn(&mut Book)| {
            let mut book = Book::new(program());
            let start = Instant::now();
            merge(&mut book);
            tell(
                &format!("merge {name} by {label} µs/fact"),
                start.elapsed().as_secs_f64() * 1e6 / facts.len() as f64,
            );
            book.last_day().map(|day| book.report(day))
        };
        let in_order = time("in order", &|book| {
            for facts in facts.chunks(batch) {
                book.merge(facts).expect("facts that can be merged");
            }
        });
        let late = time("late", &|book| {
            for facts in facts.rchunks(batch) {
                book.merge(facts.iter().rev()).expect("facts that can be merged");
            }
        });
        assert_eq!(in_order, late, "the order of arrival shows");
    }
}
