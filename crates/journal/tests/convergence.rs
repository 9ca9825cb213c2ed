//! Copies that sell while they are apart hold the same book once each has heard of the others, to the byte: whatever was lost, repeated or
//! came late on the way, and whoever was put back from an older copy. `PROPTEST_CASES=20000` tries so many histories, best in a release
//! build; one that fails is made smaller and printed, with what tries that one again.

use parure::book::{Answer, Book};
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::program::Program;
use parure_journal::{Journal, Known, Options};
use parure_tests::generate::{Case, cases};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use sha2::{Digest, Sha256};
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const COPIES: usize = 5;
/// The seed of the first history; each one after it has the next.
const SEED: &str = "PARURE_TEST_SEED";

#[derive(Debug, Clone)]
enum Step {
    /// A till records the next fact.
    Record { copy: usize },
    /// The same fact reaches two copies by other ways: a file of sales that the host has both take in.
    Import { copy: usize, fact: usize },
    /// What one copy knows is noted for later.
    Ask { copy: usize },
    /// One copy answers the oldest note or the newest, with so many facts at most. The answer is under way.
    Answer { copy: usize, newest: bool, most: usize },
    /// An answer that is under way arrives, wherever it was meant to go; it may arrive again.
    Arrive { at: usize, which: usize, again: bool },
    /// One is lost.
    Lose { which: usize },
    /// A copy is closed and opened.
    Reopen { copy: usize },
    /// A backup as the library makes it, or the files as they lie there.
    Keep { copy: usize, by_library: bool },
    /// A copy is put back from what was kept last, or before that.
    PutBack { before: usize },
    /// One tells another all that it lacks.
    Tell { from: usize, to: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let copy = || 0..COPIES;
    prop_oneof![
        8 => copy().prop_map(|copy| Step::Record { copy }),
        1 => (copy(), 0..30_usize).prop_map(|(copy, fact)| Step::Import { copy, fact }),
        3 => copy().prop_map(|copy| Step::Ask { copy }),
        4 => (copy(), any::<bool>(), 1..9_usize).prop_map(|(copy, newest, most)| Step::Answer { copy, newest, most }),
        6 => (copy(), 0..9_usize, any::<bool>()).prop_map(|(at, which, again)| Step::Arrive { at, which, again }),
        1 => (0..9_usize).prop_map(|which| Step::Lose { which }),
        1 => copy().prop_map(|copy| Step::Reopen { copy }),
        2 => (copy(), prop::bool::weighted(0.3)).prop_map(|(copy, by_library)| Step::Keep { copy, by_library }),
        2 => (0..3_usize).prop_map(|before| Step::PutBack { before }),
        3 => (copy(), copy()).prop_map(|(from, to)| Step::Tell { from, to }),
    ]
}

/// Copies of one book, what is under way between them, and what was kept of them.
struct Chain {
    folder: TempDir,
    copies: Vec<Option<Journal>>,
    notes: Vec<Known>,
    under_way: Vec<String>,
    kept: Vec<(usize, PathBuf)>,
}

fn options() -> Options {
    Options::default().with_clock(|| Moment::parse("2030-01-01T00:00:00Z"))
}

fn path(folder: &Path, copy: usize) -> PathBuf {
    folder.join(format!("copy-{copy}.db"))
}

fn copy_files(from: &Path, to: &Path) {
    for end in ["", "-wal"] {
        let of = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
        let (from, to) = (of(from), of(to));
        let _ = std::fs::remove_file(&to);
        if from.exists() {
            std::fs::copy(from, to).unwrap();
        }
    }
    let _ = std::fs::remove_file(format!("{}-shm", to.display()));
}

impl Chain {
    fn of(program: &Program) -> Chain {
        // In memory where there is some: nothing here is about disks.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let copies = (0..COPIES).map(|copy| {
            Some(parure_journal::create_with(path(folder.path(), copy), program, options()).unwrap())
        });
        let copies = copies.collect();
        Chain { folder, copies, notes: Vec::new(), under_way: Vec::new(), kept: Vec::new() }
    }

    fn copy(&self, copy: usize) -> &Journal {
        self.copies[copy].as_ref().unwrap()
    }

    fn reopen(&mut self, copy: usize, meanwhile: impl FnOnce(&Path)) {
        self.copies[copy] = None;
        let path = path(self.folder.path(), copy);
        meanwhile(&path);
        self.copies[copy] = Some(parure_journal::open_with(&path, options()).unwrap());
    }

    fn take(&mut self, step: &Step, facts: &[Fact<'_>], next: &mut usize) {
        match *step {
            Step::Record { copy } => {
                if let Some(fact) = facts.get(*next) {
                    // One that is refused for want of what another copy knows has happened all the same, now and then.
                    let refused = matches!(self.copy(copy).record(fact).unwrap(), Answer::Refused { .. });
                    if refused && next.is_multiple_of(2) {
                        self.copy(copy).merge([fact]).unwrap();
                    }
                    *next += 1;
                }
            }
            Step::Import { copy, fact } => {
                if let Some(fact) = facts.get(fact) {
                    self.copy(copy).merge([fact]).unwrap();
                }
            }
            Step::Ask { copy } => {
                let known = self.copy(copy).known().unwrap();
                self.notes.push(Known::parse(&known.to_text()).unwrap());
            }
            Step::Answer { copy, newest, most } => {
                let note = if newest { self.notes.last() } else { self.notes.first() };
                if let Some(known) = note {
                    self.under_way.push(self.copy(copy).changes_since(known, most).unwrap().text);
                }
            }
            Step::Arrive { at, which, again } => {
                if which < self.under_way.len() {
                    let changes =
                        if again { self.under_way[which].clone() } else { self.under_way.remove(which) };
                    self.copy(at).merge_changes(&changes).unwrap();
                }
            }
            Step::Lose { which } => {
                if which < self.under_way.len() {
                    self.under_way.remove(which);
                }
            }
            Step::Reopen { copy } => self.reopen(copy, |_| {}),
            Step::Keep { copy, by_library } => {
                let to = self.folder.path().join(format!("kept-{}.db", self.kept.len()));
                if by_library {
                    self.copy(copy).backup(&to).unwrap();
                } else {
                    copy_files(&path(self.folder.path(), copy), &to);
                }
                self.kept.push((copy, to));
            }
            Step::PutBack { before } => {
                if let Some((copy, kept)) = self.kept.iter().rev().nth(before).cloned() {
                    self.reopen(copy, |path| copy_files(&kept, path));
                }
            }
            Step::Tell { from, to } => {
                self.tell(from, to);
            }
        }
    }

    /// Answers how many facts were new.
    fn tell(&self, from: usize, to: usize) -> usize {
        let mut known = self.copy(to).known().unwrap();
        let mut new = 0;
        loop {
            let changes = self.copy(from).changes_since(&known, 7).unwrap();
            new += self.copy(to).merge_changes(&changes.text).unwrap().merged.new;
            known = changes.then;
            if !changes.more {
                return new;
            }
        }
    }

    /// Everyone tells everyone, until nobody has anything new. Answers how often.
    fn meet(&self) -> usize {
        for round in 0.. {
            let pairs = (0..COPIES).flat_map(|from| (0..COPIES).map(move |to| (from, to)));
            let new: usize =
                pairs.filter(|(from, to)| from != to).map(|(from, to)| self.tell(from, to)).sum();
            if new == 0 {
                return round;
            }
            assert!(round < 9, "they do not come to an end");
        }
        unreachable!()
    }
}

/// A number that the environment asks for.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|number| number.parse().ok())
}

#[test]
fn copies_that_were_apart_come_to_hold_one_book() {
    let histories = asked("PROPTEST_CASES").unwrap_or(200);
    // Other ones each time.
    let first = asked(SEED).unwrap_or_else(|| std::hash::RandomState::new().hash_one(()) >> 32);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                (first..first + histories).skip(thread).step_by(threads).for_each(try_history);
            });
        }
    });
}

/// Each history has a seed of its own.
fn try_history(seed: u64) {
    let config =
        Config { cases: 1, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Config::default() };
    let histories = (cases(30), prop::collection::vec(step(), 0..70), 0..30_usize);
    let tried =
        TestRunner::new(config).run(&histories, |(case, steps, shift)| come_together(&case, &steps, shift));
    let test = "copies_that_were_apart_come_to_hold_one_book";
    tried.unwrap_or_else(|why| {
        panic!("{why}\nagain: {SEED}={seed} PROPTEST_CASES=1 cargo test -p parure-journal --test convergence {test}")
    });
}

fn come_together(case: &Case, steps: &[Step], shift: usize) -> Result<(), TestCaseError> {
    let program = Program::parse("p", &case.program).unwrap();
    let yuan = program.currency();
    let texts: Vec<String> = case.facts.iter().map(ToString::to_string).collect();
    let mut facts: Vec<Fact<'_>> = texts.iter().map(|text| Fact::from_json(text, yuan).unwrap()).collect();
    let turn = shift % facts.len().max(1);
    facts.rotate_left(turn);
    let mut chain = Chain::of(&program);
    let mut next = 0;
    for step in steps {
        chain.take(step, &facts, &mut next);
    }
    // All that any copy holds before they meet.
    let mut all = Book::new(program);
    for copy in 0..COPIES {
        let mut lines = Vec::new();
        parure_journal::export(chain.copy(copy).path(), &mut lines).unwrap();
        let lines = String::from_utf8(lines).unwrap();
        all.merge(lines.lines().map(|line| Fact::from_json(line, yuan).unwrap())).unwrap();
    }
    chain.meet();
    let all = all.to_json(Day::LAST);
    for copy in 0..COPIES {
        prop_assert_eq!(chain.copy(copy).ask(|book| book.to_json(Day::LAST)), all.clone());
        chain.copy(copy).verify().unwrap();
    }
    Ok(())
}

fn maison() -> Program {
    Program::parse("maison.toml", include_str!("../../../examples/maison.toml")).unwrap()
}

fn join(chain: &Chain, copy: usize, who: &str) {
    let joined =
        format!(r#"{{"id":"j-{who}","at":"2026-01-01T10:00:00+08:00","customer":"{who}","joined":{{}}}}"#);
    let shop = chain.copy(copy);
    assert!(matches!(
        shop.record(&Fact::from_json(&joined, shop.currency()).unwrap()).unwrap(),
        Answer::Accepted { .. }
    ));
}

/// Who put the file of a shop back from last night's files gives numbers a second time; nothing is lost, at those either who never meet
/// that shop.
#[test]
fn numbers_that_were_given_twice_lose_nothing() {
    let mut chain = Chain::of(&maison());
    let kept = chain.folder.path().join("last-night.db");
    for who in ["mei", "lan", "an"] {
        join(&chain, 0, who);
    }
    copy_files(&path(chain.folder.path(), 0), &kept);
    join(&chain, 0, "before");
    assert_eq!(chain.tell(0, 1), 4);
    chain.reopen(0, |path| copy_files(&kept, path));
    join(&chain, 0, "after"); // its fourth, as `before` was
    assert_eq!(chain.tell(0, 2), 4);
    assert_eq!((chain.tell(1, 2), chain.tell(2, 1)), (1, 1));
    assert_eq!((chain.tell(1, 2), chain.tell(2, 1)), (0, 0));
    assert_eq!(chain.copy(1).changes_since(&chain.copy(2).known().unwrap(), 9).unwrap().facts, 0);
    // The shop itself learns of it, and goes by another name from then on.
    let names = |chain: &Chain| chain.copy(0).known().unwrap().to_text().matches("numbers").count();
    assert_eq!((names(&chain), chain.tell(1, 0)), (1, 1));
    join(&chain, 0, "later");
    assert_eq!(names(&chain), 2);
    chain.meet();
    for copy in 0..COPIES {
        assert_eq!(chain.copy(copy).ask(Book::facts), 6);
        chain.copy(copy).verify().unwrap();
    }
}

/// One fact that two copies took in by themselves is one fact, and each is told of the other's number once.
#[test]
fn the_same_fact_from_two_copies_is_one() {
    let chain = Chain::of(&maison());
    join(&chain, 0, "mei");
    join(&chain, 1, "mei");
    let to_0 = chain.copy(1).changes_since(&chain.copy(0).known().unwrap(), 9).unwrap();
    let received = chain.copy(0).merge_changes(&to_0.text).unwrap();
    assert_eq!((received.merged.new, received.merged.known), (0, 1));
    assert_eq!(chain.copy(0).ask(Book::facts), 1);
    assert_eq!(chain.copy(1).changes_since(&chain.copy(0).known().unwrap(), 9).unwrap().facts, 0);
    // A third hears of both from either.
    assert_eq!(chain.copy(0).changes_since(&chain.copy(2).known().unwrap(), 9).unwrap().facts, 2);
    assert_eq!(chain.tell(0, 2), 1);
    assert_eq!(chain.copy(1).changes_since(&chain.copy(2).known().unwrap(), 9).unwrap().facts, 0);
    chain.copy(0).verify().unwrap();
    chain.copy(2).verify().unwrap();
}

/// Two facts of one id can't both count. Each copy keeps the one it had and says so; the other is kept beside it, and nothing goes round.
#[test]
fn an_id_that_two_copies_gave_is_told() {
    let chain = Chain::of(&maison());
    join(&chain, 0, "mei");
    join(&chain, 1, "mei");
    let yuan = chain.copy(0).currency();
    for (copy, points) in [(0, 100), (1, 200)] {
        let fact = format!(
            r#"{{"id":"a-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","adjusted":{{"points":{points},"reason":"welcome"}}}}"#
        );
        chain.copy(copy).record(&Fact::from_json(&fact, yuan).unwrap()).unwrap();
    }
    let changes = chain.copy(1).changes_since(&chain.copy(0).known().unwrap(), 9).unwrap();
    let received = chain.copy(0).merge_changes(&changes.text).unwrap();
    assert_eq!(received.merged.conflicts[0].field, "adjusted.points");
    assert_eq!(chain.copy(1).changes_since(&chain.copy(0).known().unwrap(), 9).unwrap().facts, 0);
    assert_eq!(chain.copy(0).changes_since(&chain.copy(2).known().unwrap(), 9).unwrap().facts, 4);
    chain.copy(0).verify().unwrap();
}

/// A till's clock is wrong: what it records too far ahead is refused, what it sends is kept and named.
#[test]
fn what_happens_too_far_ahead_is_refused_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let till = parure_journal::create_with(
        folder.path().join("till.db"),
        &maison(),
        Options::default().with_clock(|| Moment::parse("2031-01-01T00:00:00Z")),
    )
    .unwrap();
    let shop = parure_journal::create_with(folder.path().join("shop.db"), &maison(), options()).unwrap();
    let yuan = shop.currency();
    let joined =
        |id: &str, at: &str| format!(r#"{{"id":"{id}","at":"{at}","customer":"{id}","joined":{{}}}}"#);
    let [within, beyond] = [joined("mei", "2030-01-02T00:00:00Z"), joined("lan", "2030-01-02T00:00:01Z")];
    let [within, beyond] = [&within, &beyond].map(|text| Fact::from_json(text, yuan).unwrap());
    assert!(matches!(shop.record(&within).unwrap(), Answer::Accepted { .. }));
    let Answer::Refused { refusal } = shop.record(&beyond).unwrap() else { panic!("a day ahead at most") };
    assert_eq!(refusal.code.code(), "in_future");
    assert!(matches!(shop.record_all([&beyond]).unwrap()[..], [Ok(Answer::Refused { .. })]));
    till.record(&beyond).unwrap();
    let changes = till.changes_since(&shop.known().unwrap(), 9).unwrap();
    assert_eq!(shop.merge_changes(&changes.text).unwrap().ahead, ["lan"]);
    assert!(matches!(shop.record(&beyond).unwrap(), Answer::AlreadyRecorded { .. }));
}

/// Bytes that are not what a copy wrote, wherever they differ, change nothing.
#[test]
fn changes_that_were_cut_short_or_altered_are_told() {
    let chain = Chain::of(&maison());
    for who in ["mei", "lan"] {
        join(&chain, 0, who);
    }
    let text = chain.copy(0).changes_since(&chain.copy(1).known().unwrap(), 9).unwrap().text;
    let code = |text: &str| chain.copy(1).merge_changes(text).unwrap_err().code;
    for end in (0..text.len()).step_by(7) {
        assert_eq!(code(&text[..end]), "sync_damaged");
    }
    for at in (0..text.len()).step_by(3) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let altered = String::from_utf8(bytes).unwrap();
        let fault = chain.copy(1).merge_changes(&altered).unwrap_err();
        assert!(["sync_damaged", "sync_newer"].contains(&fault.code) && fault.advice.is_some(), "{fault}");
    }
    for text in ["", "\n", "\n\n", "{}\n{}\n", "mei\n", &text.replace('\n', "")] {
        assert_eq!(code(text), "sync_damaged");
    }
    let other = parure_journal::create(chain.folder.path().join("other.db"), &Program::parse("m", "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'").unwrap()).unwrap();
    assert_eq!(other.merge_changes(&text).unwrap_err().code, "sync_other_book");
    assert_eq!(other.changes_since(&chain.copy(0).known().unwrap(), 9).unwrap_err().code, "sync_other_book");
    assert_eq!(chain.copy(1).ask(Book::facts), 0);
    assert_eq!(chain.copy(1).merge_changes(&text).unwrap().merged.new, 2);
}

/// A newer library wrote a fact that this one can't read: it waits in the file, is sent on, and is taken in once it can be read.
#[test]
fn what_only_a_newer_library_reads_waits_for_one() {
    let chain = Chain::of(&maison());
    join(&chain, 0, "mei");
    let own = chain.copy(0).changes_since(&chain.copy(1).known().unwrap(), 9).unwrap().text;
    let mut lines: Vec<String> = own.lines().map(str::to_owned).collect();
    let engraved =
        r#"{"at":"2026-01-02T10:00:00+08:00","customer":"mei","engraved":{"text":"永結同心"},"id":"e-1"}"#;
    let copy = lines[1].split('"').nth(3).unwrap().to_owned();
    lines.insert(2, format!(r#"{{"copy":"{copy}","seq":2,"fact":{engraved}}}"#));
    lines.pop();
    let sealed = |lines: &[String]| {
        let body = lines.join("\n") + "\n";
        let hash: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{body}{{\"sha256\":\"{hash}\"}}\n")
    };
    // Of this library's own version it is no fact at all.
    let fault = chain.copy(1).merge_changes(&sealed(&lines)).unwrap_err();
    assert_eq!((fault.code, fault.path.as_str()), ("sync_damaged", "line 3"));
    lines[0] = lines[0].replace(env!("CARGO_PKG_VERSION"), "99.0.0");
    let received = chain.copy(1).merge_changes(&sealed(&lines)).unwrap();
    assert_eq!((received.merged.new, received.waiting), (1, 1));
    chain.copy(1).verify().unwrap();
    let on = chain.copy(1).changes_since(&chain.copy(2).known().unwrap(), 9).unwrap();
    assert!(on.text.contains(engraved) && on.facts == 2);
    // The same text in a file where it can be read: what an older library had set aside.
    let mut chain = chain;
    let joined = r#"{"at":"2026-01-01T10:00:00+08:00","customer":"lan","id":"j-lan","joined":{}}"#;
    chain.reopen(1, |path| {
        let file = rusqlite::Connection::open(path).unwrap();
        let hash = |text: &str| {
            let mut sha = Sha256::new();
            sha.update(u64::try_from(text.len()).unwrap().to_le_bytes());
            sha.update(text);
            sha.finalize().to_vec()
        };
        let first = |hash: &[u8]| u128::from_le_bytes(hash[..16].try_into().unwrap());
        let (was, is) = (hash(engraved), hash(joined));
        file.execute("UPDATE aside SET fact = ?1, content = ?2 WHERE waits", (joined, &is)).unwrap();
        let sum: Vec<u8> =
            file.query_row("SELECT sum FROM copies WHERE copy = ?1", [&copy], |row| row.get(0)).unwrap();
        let sum = first(&sum).wrapping_sub(first(&was)).wrapping_add(first(&is));
        file.execute("UPDATE copies SET sum = ?1 WHERE copy = ?2", (&sum.to_le_bytes()[..], &copy)).unwrap();
    });
    assert!(chain.copy(1).ask(|book| book.fact("j-lan").is_some()));
    chain.copy(1).verify().unwrap();
    let waits = |path: &Path| -> i64 {
        let file = rusqlite::Connection::open(path).unwrap();
        file.query_row("SELECT count(*) FROM aside", [], |row| row.get(0)).unwrap()
    };
    let path = chain.copy(1).path().to_owned();
    chain.copies[1] = None;
    assert_eq!(waits(&path), 0);
}
