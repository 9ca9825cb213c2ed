//! Prints how fast somebody is found in a large book, and how well and how fast likely duplicates are found.
//!
//! ```sh
//! cargo run --release -p parure-bench --bin finding -- --customers 1000000 --people 100000
//! ```
//!
//! One core. `--seed` makes other people; `--only find` or `--only duplicates` does one part; `--write FOLDER` writes the sets for duplicates, the pairs that were found and the
//! seconds they took as text files, for benches/peers/duplicates.py.

use parure::calendar::LunarDate;
use parure::customer::{Directory, Extent, Name, Options, Pair, duplicates};
use parure_bench::generate::Dice;
use parure_bench::people::{Entry, Kind, people};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

const SEED: usize = 2026;
const LIMIT: usize = 20;
const TYPED: usize = 2_000;
const ROUNDS: usize = 3;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let number = |name: &str, default: usize| after(name).map_or(Ok(default), str::parse);
    let (Ok(customers), Ok(size), Ok(seed)) =
        (number("--customers", 1_000_000), number("--people", 100_000), number("--seed", SEED))
    else {
        eprintln!("--customers, --people and --seed take numbers");
        return ExitCode::from(2);
    };
    let only = after("--only").unwrap_or_default();
    if "find".contains(only) && after("--write").is_none() {
        find(customers, seed as u64);
    }
    if "duplicates".contains(only) {
        let sets = [("easy", Kind::Easy), ("hard", Kind::Hard)]
            .map(|(name, kind)| (name, people(size, seed as u64, kind)));
        println!("\nlikely duplicates among {size} entries, seed {seed}, best of {ROUNDS}");
        println!(
            "{:<8}{:>8}{:>12}{:>12}{:>10}{:>10}",
            "set", "pairs", "seconds", "precision", "recall", "F1"
        );
        for (name, entries) in sets {
            let (pairs, seconds) = joined(&entries);
            told(name, &entries, &pairs, seconds);
            if let Some(folder) = after("--write") {
                write(Path::new(folder), name, &entries, &pairs, seconds).expect("room for the sets");
            }
        }
    }
    ExitCode::SUCCESS
}

// ── Finding ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

fn find(customers: usize, seed: u64) {
    let mut all = people(customers, seed, Kind::Easy);
    for (at, entry) in all.iter_mut().enumerate() {
        if at % 3 == 0 {
            entry.card = format!("VIP-2026-{:08}", at * 7 % 100_000_000);
        }
        if at % 4 == 0 {
            entry.serial = format!("RX{:07}", at * 13 % 10_000_000);
        }
    }
    let start = Instant::now();
    let mut directory =
        Directory::build((0..).zip(&all).map(|(place, entry)| (place, entry.id.as_str(), entry.known())));
    let seconds = start.elapsed().as_secs_f64();
    let (entries, bytes) = directory.size();
    println!(
        "a directory of {customers} customers: {entries} forms, built in {seconds:.2} s, {:.0} bytes a customer",
        bytes as f64 / customers as f64
    );

    let mut dice = Dice::new(7);
    let changes = 20_000.min(customers);
    let start = Instant::now();
    for _ in 0..changes {
        let at = dice.below(customers as u64) as usize;
        directory.remove(at as u32, &all[at].known());
        directory.add(at as u32, &all[at].id, &all[at].known());
    }
    println!("a change, taken out and added: {:.1} µs", start.elapsed().as_secs_f64() * 1e6 / changes as f64);

    println!("\nfinding {LIMIT} at most, {TYPED} typed of each kind, µs");
    println!("{:<44}{:>10}{:>10}{:>10}{:>10}", "typed", "median", "p99", "most", "found");
    for (name, typed) in KINDS {
        let asked: Vec<String> = (0..)
            .map(|_| &all[dice.below(customers as u64) as usize])
            .take(TYPED * 200)
            .filter_map(typed)
            .take(TYPED)
            .collect();
        report(name, &directory, &asked);
    }
    for common in [
        "z",
        "zh",
        "w",
        "wang",
        "zhang",
        "zw",
        "lx",
        "wei",
        "xiao",
        "王",
        "伟",
        "王伟",
        "13",
        "1381",
        "0000",
        "VIP",
        "VIP-2026-0",
        "RX",
        "wxid",
        "@",
        "a",
    ] {
        report(&format!("`{common}`"), &directory, &vec![common.to_owned(); 200]);
    }
    let start = Instant::now();
    let there = all
        .iter()
        .filter(|entry| {
            entry.phone.ends_with("12345678") || entry.name.contains("伟伟") || entry.email == "x"
        })
        .count();
    println!(
        "looking through everybody instead ({there} found): {:.0} µs",
        start.elapsed().as_secs_f64() * 1e6
    );
}

type Typed = fn(&Entry) -> Option<String>;

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn spelt(entry: &Entry) -> Option<Name> {
    Name::of(&entry.name)
}

fn end(text: &str, count: usize) -> String {
    text.chars().skip(text.chars().count().saturating_sub(count)).collect()
}

const KINDS: [(&str, Typed); 17] = [
    ("a phone, E.164", |entry| filled(&entry.phone).map(str::to_owned)),
    ("a phone without its country", |entry| {
        entry.phone.strip_prefix("+86").map(|rest| format!("{} {}", &rest[..3], &rest[3..]))
    }),
    ("the last four digits", |entry| filled(&entry.phone).map(|phone| end(phone, 4))),
    ("the last six digits", |entry| filled(&entry.phone).map(|phone| end(phone, 6))),
    ("a phone's first seven digits", |entry| {
        entry.phone.strip_prefix("+86").map(|rest| rest[..7].to_owned())
    }),
    ("a name as written", |entry| Some(entry.name.clone())),
    ("its first character or letter", |entry| entry.name.chars().next().map(String::from)),
    ("its last character", |entry| Some(end(&entry.name, 1))),
    ("pinyin", |entry| spelt(entry).map(|name| name.spelt())),
    ("pinyin, given name first", |entry| {
        spelt(entry).map(|name| format!("{} {}", name.given(), name.family()))
    }),
    ("first letters", |entry| {
        spelt(entry).map(|name| name.syllables().filter_map(|part| part.chars().next()).collect())
    }),
    ("the family name's letter, the given name", |entry| {
        spelt(entry).map(|name| name.family().chars().take(1).chain(name.given().chars()).collect())
    }),
    ("the given name in pinyin", |entry| spelt(entry).map(|name| name.given())),
    ("an e-mail address", |entry| filled(&entry.email).map(str::to_owned)),
    ("the start of a WeChat id", |entry| filled(&entry.wechat).map(|id| id[..8.min(id.len())].to_owned())),
    ("a card", |entry| filled(&entry.card).map(str::to_owned)),
    ("a serial", |entry| filled(&entry.serial).map(str::to_lowercase)),
];

fn report(name: &str, directory: &Directory, asked: &[String]) {
    let mut times = Vec::with_capacity(asked.len());
    let mut found = 0;
    for typed in asked {
        let start = Instant::now();
        let answer = directory.find(typed, LIMIT);
        times.push(start.elapsed().as_secs_f64() * 1e6);
        found += answer.len();
        assert!(answer.iter().all(|found| found.extent <= Extent::Sound));
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{name:<44}{:>10.1}{:>10.1}{:>10.1}{:>10.1}",
        at(0.5),
        at(0.99),
        at(1.0),
        found as f64 / asked.len() as f64
    );
}

// ── Joining up ───────────────────────────────────────────────────────────────────────────────────────────────────────────

fn joined(entries: &[Entry]) -> (Vec<Pair>, f64) {
    let options = Options::default();
    let mut best = f64::INFINITY;
    let mut pairs = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        pairs = duplicates((0..).zip(entries).map(|(place, entry)| entry.compared(place)), &options);
        best = best.min(start.elapsed().as_secs_f64());
    }
    (pairs, best)
}

/// All pairs of entries of one person.
fn true_pairs(entries: &[Entry]) -> BTreeSet<(u32, u32)> {
    let mut by_person: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (place, entry) in (0..).zip(entries) {
        by_person.entry(entry.person).or_default().push(place);
    }
    let pairs = by_person.values().flat_map(|places| {
        places.iter().enumerate().flat_map(|(at, one)| places[at + 1..].iter().map(|other| (*one, *other)))
    });
    pairs.collect()
}

fn told(name: &str, entries: &[Entry], pairs: &[Pair], seconds: f64) {
    let wanted = true_pairs(entries);
    let right =
        pairs.iter().filter(|pair| wanted.contains(&(pair.a.min(pair.b), pair.a.max(pair.b)))).count();
    let (precision, recall) = (right as f64 / pairs.len() as f64, right as f64 / wanted.len() as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    println!("{name:<8}{:>8}{seconds:>12.2}{precision:>12.3}{recall:>10.3}{f1:>10.3}", wanted.len());
}

fn write(folder: &Path, name: &str, entries: &[Entry], pairs: &[Pair], seconds: f64) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut text =
        "place\tperson\tname\tspelt\tfamily\tgiven\tphone\temail\twechat\tsolar\tday\taddress\n".to_owned();
    for (place, entry) in entries.iter().enumerate() {
        let called = spelt(entry);
        let [spelt, family, given] =
            called.map_or_else(Default::default, |name| [name.spelt(), name.family(), name.given()]);
        let [solar, day] = born(entry).unwrap_or_default();
        let Entry { person, name, phone, email, wechat, address, .. } = entry;
        let cells =
            [name, &spelt, &family, &given, phone, email, wechat, &solar, &day, address].map(String::as_str);
        writeln!(text, "{place}\t{person}\t{}", cells.join("\t")).expect("a text grows");
    }
    std::fs::write(folder.join(format!("{name}.tsv")), text)?;
    let mut found = format!("# seconds {seconds}\n");
    for pair in pairs {
        writeln!(found, "{}\t{}\t{}", pair.a, pair.b, pair.score).expect("a text grows");
    }
    std::fs::write(folder.join(format!("{name}.pairs.tsv")), found)
}

/// The birthday by the civil calendar as far as it can be told: with its year, and the day of the year.
fn born(entry: &Entry) -> Option<[String; 2]> {
    let date = entry.birthday?;
    let (year, month, leap, day) = date.parts();
    Some(match (date.is_lunar(), year) {
        (true, None) => [String::new(), format!("lunar {month}-{day}")],
        (true, Some(year)) => {
            let solar = LunarDate::new(year, month, leap, day)?.day().to_string();
            let day = solar[5..].to_owned();
            [solar, day]
        }
        (false, None) => [format!("{month:02}-{day:02}"), format!("{month:02}-{day:02}")],
        (false, Some(year)) => [format!("{year}-{month:02}-{day:02}"), format!("{month:02}-{day:02}")],
    })
}
