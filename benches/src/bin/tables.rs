//! Prints how fast tables are replayed, engine and hard-coded program side by side in one run.
//!
//! ```sh
//! cargo run --release -p parure-bench --bin tables -- --households 5000 --purchases 900000
//! ```
//!
//! All parts take turns, `--rounds` times, each on one core; the best time of each counts. `--only TEXT` leaves out the
//! parts whose names don't have it; `--write FOLDER` writes the log as Arrow files instead, for benches/peers/tables.py.

use arrow_schema::ArrowError;
use parure::program::Program;
use parure_bench::grocer::engine::{self, Ending};
use parure_bench::grocer::log::{Grocer, Log, Size};
use parure_bench::grocer::reference::{
    Amount, Asked, Tables, counting_sort, replay_in_time_order, replay_sorted,
};
use parure_bench::grocer::table;
use parure_bench::grocer::{DAYS, PROGRAM};
use parure_columnar::{Options, Table};
use rust_decimal::Decimal;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

const SEED: u64 = 2026;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let number = |name: &str, default: u32| after(name).map_or(Ok(default), str::parse);
    let (Ok(households), Ok(purchases), Ok(rounds)) =
        (number("--households", 5_000), number("--purchases", 900_000), number("--rounds", 5))
    else {
        eprintln!("--households, --purchases and --rounds take numbers");
        return ExitCode::from(2);
    };
    let grocer = Grocer::new(Size { households, purchases }, SEED);
    println!(
        "{households} households, {purchases} purchases, {} lines, seed {SEED}",
        grocer.log.amount.len()
    );
    match after("--write") {
        None => figures(&grocer, rounds, after("--only").unwrap_or_default()),
        Some(folder) => write(&grocer, Path::new(folder)).expect("room for the log"),
    }
    ExitCode::SUCCESS
}

/// One way of replaying the log, and its best time.
struct Part<'p> {
    name: &'static str,
    run: Box<dyn Fn() -> Ending + 'p>,
    seconds: f64,
}

impl<'p> Part<'p> {
    fn new(name: &'static str, run: impl Fn() -> Ending + 'p) -> Self {
        Part { name, run: Box::new(run), seconds: f64::INFINITY }
    }
}

/// All parts must end alike.
fn figures(grocer: &Grocer, rounds: u32, only: &str) {
    let (birth_months, rows) = (grocer.birth_months(), grocer.log.rows());
    let asked = Asked { birth_months: &birth_months, on: DAYS - 1 };
    let order = counting_sort(rows.customer.iter().copied(), birth_months.len());
    let sorted = Log::taken(rows, &order);
    let decimals: Vec<Decimal> = sorted.amount.iter().copied().map(Amount::of).collect();
    let (integers, exact) = (Tables::<i64>::new(), Tables::<Decimal>::new());
    let program = Program::parse("grocer.toml", PROGRAM).expect("a right program");
    let (sorted_table, time_table) =
        (table::whole(table::sales(sorted.rows())), table::whole(table::sales(rows)));
    let customers = Some(Table::of(table::customers(&grocer.everyone(), &grocer.people)));
    let purchases = Options { customers, ..Options::default() };
    let accounts = Options { purchases: false, ..purchases.clone() };
    let mut parts = vec![
        Part::new("hard-coded, sorted", || Ending::by_hand(&replay_sorted(sorted.rows(), asked, &integers))),
        Part::new("hard-coded, sorted, decimals", || {
            Ending::by_hand(&replay_sorted(sorted.rows().with_amounts(&decimals), asked, &exact))
        }),
        Part::new("hard-coded, in time order", || {
            Ending::by_hand(&replay_in_time_order(rows, asked, &integers))
        }),
        Part::new("engine, sorted, the fold alone", || {
            engine::fold(&program, sorted.rows(), &grocer.people, engine::last_day(asked))
        }),
        Part::new("engine, sorted, accounts only", || engine::table(&program, &sorted_table, &accounts)),
        Part::new("engine, in time order, accounts only", || engine::table(&program, &time_table, &accounts)),
        Part::new("engine, sorted, every purchase", || engine::table(&program, &sorted_table, &purchases)),
        Part::new("engine, in time order, every purchase", || {
            engine::table(&program, &time_table, &purchases)
        }),
    ];
    parts.retain(|part| part.name.contains(only));
    let expected = Ending::by_hand(&replay_sorted(sorted.rows(), asked, &integers));
    for _ in 0..rounds {
        for part in &mut parts {
            let start = Instant::now();
            let ending = (part.run)();
            part.seconds = part.seconds.min(start.elapsed().as_secs_f64());
            assert_eq!(ending, expected, "{}", part.name);
        }
    }
    let Some(first) = parts.first().map(|part| part.seconds) else { return };
    println!("{:<40}{:>20}{:>24}", "", "million lines/s", "times the first's time");
    for Part { name, seconds, .. } in &parts {
        let speed = rows.amount.len() as f64 / seconds / 1e6;
        println!("{name:<40}{speed:>20.1}{:>24.2}", seconds / first);
    }
}

// ── For the peers ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The log, and what the hard-coded program makes of it with points spent and without.
fn write(grocer: &Grocer, folder: &Path) -> Result<(), ArrowError> {
    std::fs::create_dir_all(folder)?;
    let (birth_months, rows) = (grocer.birth_months(), grocer.log.rows());
    let asked = Asked { birth_months: &birth_months, on: DAYS - 1 };
    let no_points = vec![0; rows.points.len()];
    let standings = |rows| [table::standings(&replay_in_time_order(rows, asked, &Tables::<i64>::new()))];
    table::write(&folder.join("sales.arrow"), &table::sales(rows))?;
    table::write(&folder.join("customers.arrow"), &[table::customers(&grocer.everyone(), &grocer.people)])?;
    table::write(&folder.join("standings.arrow"), &standings(rows))?;
    table::write(&folder.join("standings-unspent.arrow"), &standings(rows.with_points(&no_points)))
}
