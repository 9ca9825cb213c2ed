//! A disk that fails: each write, cut and sync of a day's work in turn fails, or all from there on; as an error, as a full disk, or half
//! done. What was answered is there, what was refused left the book as it was, and the journal goes on or says that it has stopped. A
//! sample of the calls; `PARURE_TEST_DISK=all` has every one fail in every way (some minutes).

use parure::book::{Answer, Book};
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::program::Program;
use parure_journal::{Journal, Options, create_with, export, open_with};
use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const JOURNAL: &str = "PARURE_TEST_JOURNAL";
const CHANGES: &str = "PARURE_TEST_CHANGES";
const ALL: &str = "PARURE_TEST_DISK";
const SEALED: &str = "2026-07-01";

/// A day's work. Facts are those of the jeweller's year, by their place in its file.
#[derive(Debug, Clone)]
enum Step {
    Merge(Range<usize>),
    Record(usize),
    RecordAll(Range<usize>),
    /// What another copy sent: of these, the first are known here.
    MergeChanges(Range<usize>),
    Snapshot,
    Backup,
    Seal,
    Compact,
    Reopen,
}

fn day_of_work() -> Vec<Step> {
    vec![
        Step::Merge(10..28),
        // Before what is there.
        Step::Record(0),
        Step::Record(1),
        Step::RecordAll(2..10),
        Step::Snapshot,
        Step::Merge(28..34),
        Step::MergeChanges(24..40),
        Step::Backup,
        Step::Reopen,
        Step::Record(40),
        Step::Seal,
        Step::Record(41),
        Step::Compact,
        Step::Snapshot,
        Step::RecordAll(42..48),
        Step::Merge(48..54),
    ]
}

impl Step {
    /// The facts that it brings.
    fn facts(&self) -> Range<usize> {
        match self {
            Step::Merge(facts) | Step::RecordAll(facts) | Step::MergeChanges(facts) => facts.clone(),
            Step::Record(fact) => *fact..fact + 1,
            Step::Snapshot | Step::Backup | Step::Seal | Step::Compact | Step::Reopen => 0..0,
        }
    }
}

fn program() -> Program {
    Program::parse("maison.toml", include_str!("../../../examples/maison.toml")).unwrap()
}

fn year() -> Vec<Fact<'static>> {
    let yuan = program().currency();
    let lines = include_str!("../../../examples/maison.jsonl").lines();
    lines.map(|line| Fact::from_json(line, yuan).unwrap()).collect()
}

fn options() -> Options {
    Options::default().with_clock(|| Moment::parse("2026-12-01T00:00:00Z"))
}

fn json(shop: &Journal) -> String {
    shop.ask(|book| book.to_json(Day::LAST))
}

fn is_told(fault: &Fault) -> bool {
    fault.advice.is_some()
        && ["disk_full", "journal_io", "journal_stopped", "journal_path"].contains(&fault.code)
}

/// Not a test by itself: the child whose disk fails.
#[test]
fn child() {
    let (Ok(path), Ok(changes)) = (std::env::var(JOURNAL), std::env::var(CHANGES)) else { return };
    let comes_back = std::env::var("PARURE_DISK_ON").unwrap() == "once";
    let mut child = Child { path: path.into(), facts: year(), changes, comes_back, shop: None };
    if child.opens() {
        day_of_work().iter().all(|step| child.does(step));
    }
}

struct Child {
    path: PathBuf,
    facts: Vec<Fact<'static>>,
    changes: String,
    /// Only one call fails.
    comes_back: bool,
    shop: Option<Journal>,
}

impl Child {
    /// Makes the journal, or opens it. Answers whether it is there to work with.
    fn opens(&mut self) -> bool {
        self.shop = None;
        for _ in 0..3 {
            let opened = match self.path.exists() {
                true => open_with(&self.path, options()),
                false => create_with(&self.path, &program(), options()),
            };
            match opened {
                Ok(shop) => {
                    // Never without its log: a commit costs one sync, and analysts may read.
                    assert!(PathBuf::from(format!("{}-wal", self.path.display())).exists());
                    self.shop = Some(shop);
                    return true;
                }
                Err(fault) => {
                    assert!(is_told(&fault), "{fault:?}");
                    println!("refused open {}", fault.code);
                }
            }
        }
        assert!(!self.comes_back, "one failure keeps the journal shut");
        false
    }

    /// Does a step, again where it was refused. Answers whether there is a journal to go on with.
    fn does(&mut self, step: &Step) -> bool {
        if matches!(step, Step::Reopen) {
            return self.opens();
        }
        for _ in 0..4 {
            let Some(shop) = &self.shop else { return false };
            let before = json(shop);
            match self.tries(shop, step) {
                Ok(()) => return true,
                Err(fault) => {
                    println!("refused {step:?} {}", fault.code);
                    assert!(is_told(&fault), "{step:?}: {fault:?}");
                    assert_eq!(
                        json(shop),
                        before,
                        "{step:?} was refused as {} and left its trace",
                        fault.code
                    );
                    if fault.code == "journal_stopped" && !self.opens() {
                        return false;
                    }
                }
            }
        }
        assert!(!self.comes_back, "one failure keeps {step:?} from ever being done");
        true
    }

    fn tries(&self, shop: &Journal, step: &Step) -> Result<(), Fault> {
        match step {
            Step::Merge(facts) => {
                shop.merge(&self.facts[facts.clone()])?;
                self.answered(facts.clone());
            }
            Step::MergeChanges(facts) => {
                shop.merge_changes(&self.changes)?;
                self.answered(facts.clone());
            }
            Step::Record(fact) => {
                let answer = shop.record(&self.facts[*fact])?;
                // It may be refused for want of what could not be written before.
                let refused = matches!(answer, Answer::Refused { .. });
                assert!(!(refused && self.comes_back), "{answer:?}");
                if !refused {
                    self.answered(step.facts());
                }
            }
            Step::RecordAll(facts) => {
                let answers = shop.record_all(&self.facts[facts.clone()])?;
                for (at, answer) in facts.clone().zip(answers) {
                    if !matches!(answer.unwrap(), Answer::Refused { .. }) {
                        self.answered(at..at + 1);
                    }
                }
            }
            Step::Snapshot => shop.snapshot()?,
            Step::Backup => {
                let copy = self.path.with_file_name("copy.db");
                let copied = shop.backup(&copy);
                let left = ["", "-part", "-part-journal"]
                    .map(|end| PathBuf::from(format!("{}{end}", copy.display())).exists());
                assert_eq!(left, [copied.is_ok(), false, false], "{copied:?}");
                copied?;
                println!("answered backup {}", shop.ask(Book::facts));
            }
            Step::Seal => match shop.seal(Day::parse(SEALED)?) {
                // It had reached the disk when it was refused.
                Err(fault) if fault.code == "sealed_further" => {}
                sealed => sealed?,
            },
            Step::Compact => drop(shop.compact()?),
            Step::Reopen => unreachable!(),
        }
        if matches!(step, Step::Seal) {
            println!("answered seal");
        }
        Ok(())
    }

    fn answered(&self, facts: Range<usize>) {
        for fact in &self.facts[facts] {
            println!("answered fact {}", fact.id());
        }
    }
}

/// How the disk fails.
#[derive(Debug, Clone, Copy)]
struct Failure {
    /// At which call; never at 0.
    at: usize,
    how: &'static str,
    on: &'static str,
}

const WAYS: [(&str, &str); 6] = [
    ("io", "once"),
    ("full", "from"),
    ("short", "once"),
    ("io", "from"),
    ("full", "once"),
    ("short", "from"),
];

/// What the children need: the disk that fails, and the changes of another copy.
struct Bench {
    disk: PathBuf,
    changes: String,
}

impl Bench {
    fn set_up(folder: &Path) -> Bench {
        let disk = folder.join("disk.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/failing_disk/disk.c");
        let mut compile = Command::new("gcc");
        compile
            .args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", source, "-ldl", "-o"])
            .arg(&disk);
        assert!(compile.status().expect("gcc compiles the disk that fails").success());
        let [shop, till] =
            ["shop.db", "till.db"].map(|name| create_with(folder.join(name), &program(), options()).unwrap());
        till.merge(&year()[24..40]).unwrap();
        let changes = till.changes_since(&shop.known().unwrap(), 1_000).unwrap().text;
        Bench { disk, changes }
    }

    /// Runs a child under the failure and looks at what it left. Answers how often it wrote, cut or synced.
    fn run(&self, failure: Failure) -> usize {
        // A disk in memory where there is one: syncs that don't fail cost nothing there.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let path = folder.path().join("shop.db");
        let ran = Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env(JOURNAL, &path)
            .env(CHANGES, &self.changes)
            .env("LD_PRELOAD", &self.disk)
            .env("PARURE_DISK_FOLDER", folder.path())
            .env("PARURE_DISK_FAILS", failure.at.to_string())
            .env("PARURE_DISK_HOW", failure.how)
            .env("PARURE_DISK_ON", failure.on)
            // What SQLite puts aside fails with the rest.
            .env("SQLITE_TMPDIR", folder.path())
            .env("RUST_BACKTRACE", "0")
            .output()
            .unwrap();
        let (out, err) = (String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap());
        let told = format!("{failure:?}\n{err}{out}");
        assert!(ran.status.success(), "{told}");
        if failure.at > 0 {
            assert!(
                err.contains("disk: failed") || err.contains("disk: wrote half"),
                "nothing failed: {told}"
            );
        }
        left(&path, &out, &told);
        let calls = err.lines().find_map(|line| line.strip_prefix("disk: calls ")).expect(&told);
        calls.trim().parse().unwrap()
    }
}

/// Looks at what a child left, on a disk that does not fail.
fn left(path: &Path, out: &str, told: &str) {
    // The name of the test may stand before the first.
    let answered = |what: &str| -> BTreeSet<&str> {
        let lines = out.lines().filter_map(|line| line.split_once("answered ")?.1.strip_prefix(what));
        lines.map(str::trim).collect()
    };
    let facts = answered("fact");
    if !path.exists() {
        assert!(facts.is_empty(), "{told}");
        create_with(path, &program(), options()).unwrap_or_else(|fault| panic!("{fault}: {told}"));
        return;
    }
    let shop = open_with(path, options()).unwrap_or_else(|fault| panic!("{fault}: {told}"));
    for id in &facts {
        assert!(shop.ask(|book| book.arrival(id).is_some()), "{id} was answered and is not there: {told}");
    }
    assert!(answered("seal").is_empty() || shop.ask(|book| book.sealed_until().is_some()), "{told}");
    shop.verify().unwrap_or_else(|fault| panic!("{fault}: {told}"));
    // The book in memory that saw the steps of which there are traces; each is there wholly or not at all.
    let (year, mut book) = (year(), Book::new(program()));
    for step in day_of_work() {
        let there = |fact: &Fact<'_>| shop.ask(|book| book.arrival(fact.id()).is_some());
        match step {
            Step::Seal if shop.ask(|book| book.sealed_until().is_some()) => {
                book.seal(Day::parse(SEALED).unwrap()).unwrap();
            }
            Step::MergeChanges(_) | Step::Merge(_) | Step::Record(_) => {
                let new: Vec<_> =
                    year[step.facts()].iter().filter(|fact| book.arrival(fact.id()).is_none()).collect();
                let kept = new.iter().filter(|fact| there(fact)).count();
                assert!(kept == 0 || kept == new.len(), "{step:?} is there by halves: {told}");
                book.merge(new.into_iter().filter(|fact| there(fact))).unwrap();
            }
            // Some may have been refused.
            Step::RecordAll(facts) => {
                drop(book.merge(year[facts].iter().filter(|fact| there(fact))).unwrap());
            }
            Step::Seal | Step::Snapshot | Step::Backup | Step::Compact | Step::Reopen => {}
        }
    }
    let shown = json(&shop);
    assert_eq!(shown, book.to_json(Day::LAST), "{told}");
    let mut lines = Vec::new();
    if export(path, &mut lines).unwrap().compacted == 0 && shop.ask(|book| book.sealed_until().is_none()) {
        let lines = String::from_utf8(lines).unwrap();
        let mut fresh = Book::new(program());
        let yuan = fresh.currency();
        fresh.merge(lines.lines().map(|line| Fact::from_json(line, yuan).unwrap())).unwrap();
        assert_eq!(fresh.to_json(Day::LAST), shown, "{told}");
    }
    if let Some(facts) = answered("backup").first() {
        let copy = open_with(path.with_file_name("copy.db"), options()).unwrap();
        assert_eq!(copy.verify().unwrap().facts.to_string(), *facts, "{told}");
    }
    // It goes on from here.
    shop.merge(&year).unwrap_or_else(|fault| panic!("{fault}: {told}"));
    shop.verify().unwrap_or_else(|fault| panic!("{fault}: {told}"));
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "the disk that fails is preloaded, which only Linux does")]
fn what_was_answered_is_there_whatever_fails() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::set_up(folder.path());
    let calls = bench.run(Failure { at: 0, how: "io", on: "once" });
    assert!(calls > 100, "only {calls} calls were seen");
    let all = std::env::var(ALL).is_ok_and(|asked| asked == "all");
    let failures: Vec<Failure> = if all {
        (1..=calls).flat_map(|at| WAYS.map(|(how, on)| Failure { at, how, on })).collect()
    } else {
        // Every call would take minutes. Seven and six have no common divisor: each way meets calls of each kind.
        let ways = WAYS.iter().cycle();
        (1..=calls).step_by(7).zip(ways).map(|(at, (how, on))| Failure { at, how, on }).collect()
    };
    let (next, broken) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(failure) = failures.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if catch_unwind(|| bench.run(*failure)).is_err() {
                        broken.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    println!("{} failures among {calls} calls", failures.len());
    assert!(broken.lock().unwrap().is_empty(), "{broken:#?}");
}
