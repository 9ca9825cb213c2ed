//! Copies that sell while they are apart hold the same book once each has heard of the others, to the byte: whatever was lost, repeated or
//! came late on the way, and whoever was put back from an older copy. `PROPTEST_CASES=20000` runs as many histories as the bench asks for; a
//! history that fails is made smaller and printed.

use parure::book::{Answer, Book};
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::program::Program;
use parure_journal::{Journal, Known, Options};
use parure_tests::generate::cases;
use proptest::prelude::*;
use proptest::test_runner::Config;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const COPIES: usize = 5;

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
    /// A copy is put back from what was kept.
    PutBack { copy: usize },
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
        1 => (copy(), any::<bool>()).prop_map(|(copy, by_library)| Step::Keep { copy, by_library }),
        1 => copy().prop_map(|copy| Step::PutBack { copy }),
    ]
}

/// Copies of one book, what is under way between them, and what was kept of them.
struct Chain {
    folder: TempDir,
    copies: Vec<Option<Journal>>,
    notes: Vec<Known>,
    under_way: Vec<String>,
    kept: Vec<Option<PathBuf>>,
    count: usize,
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
        let folder = tempfile::tempdir().unwrap();
        let copies = (0..COPIES).map(|copy| {
            Some(parure_journal::create_with(path(folder.path(), copy), program, options()).unwrap())
        });
        let copies = copies.collect();
        Chain { folder, copies, notes: Vec::new(), under_way: Vec::new(), kept: vec![None; COPIES], count: 0 }
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
                self.count += 1;
                let to = self.folder.path().join(format!("kept-{}.db", self.count));
                if by_library {
                    self.copy(copy).backup(&to).unwrap();
                } else {
                    copy_files(&path(self.folder.path(), copy), &to);
                }
                self.kept[copy] = Some(to);
            }
            Step::PutBack { copy } => {
                if let Some(kept) = self.kept[copy].clone() {
                    self.reopen(copy, |path| copy_files(&kept, path));
                }
            }
        }
    }

    /// Everyone tells everyone, until nobody has anything new. Answers how often.
    fn meet(&self) -> usize {
        for round in 0.. {
            let mut new = 0;
            for from in 0..COPIES {
                for to in (0..COPIES).filter(|to| *to != from) {
                    let mut known = self.copy(to).known().unwrap();
                    loop {
                        let changes = self.copy(from).changes_since(&known, 7).unwrap();
                        new += self.copy(to).merge_changes(&changes.text).unwrap().merged.new;
                        known = changes.then;
                        if !changes.more {
                            break;
                        }
                    }
                }
            }
            if new == 0 {
                return round;
            }
            assert!(round < 9, "they do not come to an end");
        }
        unreachable!()
    }
}

/// How many histories are tried.
fn histories() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(Config { cases: histories(), failure_persistence: None, ..Config::default() })]

    #[test]
    fn copies_that_were_apart_come_to_hold_one_book(
        case in cases(30),
        steps in prop::collection::vec(step(), 0..70),
        shift in 0..30_usize,
    ) {
        let program = Program::parse("p", &case.program).unwrap();
        let yuan = program.currency();
        let texts: Vec<String> = case.facts.iter().map(ToString::to_string).collect();
        let mut facts: Vec<Fact<'_>> = texts.iter().map(|text| Fact::from_json(text, yuan).unwrap()).collect();
        let turn = shift % facts.len().max(1);
        facts.rotate_left(turn);
        let mut chain = Chain::of(&program);
        let mut next = 0;
        for step in &steps {
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
    }
}
