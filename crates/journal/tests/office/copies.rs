//! Files and offices that sell while they are apart hold the same book once each has heard of the others, to the byte: whatever was lost,
//! repeated or came late on the way, whoever was put back from an older copy, and whoever recorded meanwhile.

use crate::program;
use crate::server::Server;
use parure::book::{Answer, Book};
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::program::Program;
use parure_journal::{Changes, Journal, Known, Office, Options, Received};
use parure_tests::generate::{Case, cases};
use postgres::{Client, NoTls};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

/// The first ones are files, the others offices.
const FILES: usize = 2;
const COPIES: usize = 4;

#[expect(clippy::large_enum_variant, reason = "four of them")]
enum Copy {
    File(Option<Journal>, PathBuf),
    /// By two processes, as far as the library can tell.
    Office([Office; 2], String),
}

impl Copy {
    fn file(&self) -> &Journal {
        let Copy::File(Some(file), _) = self else { panic!("no file") };
        file
    }

    fn record(&self, fact: &Fact<'_>, by: usize) -> Answer {
        match self {
            Copy::File(..) => self.file().record(fact),
            Copy::Office(offices, _) => offices[by % 2].record(fact),
        }
        .unwrap()
    }

    fn merge(&self, fact: &Fact<'_>) {
        match self {
            Copy::File(..) => self.file().merge([fact]),
            Copy::Office(offices, _) => offices[0].merge([fact]),
        }
        .unwrap();
    }

    fn known(&self) -> Known {
        match self {
            Copy::File(..) => self.file().known(),
            Copy::Office(offices, _) => offices[1].known(),
        }
        .unwrap()
    }

    fn changes_since(&self, known: &Known, most: usize) -> Changes {
        match self {
            Copy::File(..) => self.file().changes_since(known, most),
            Copy::Office(offices, _) => offices[0].changes_since(known, most),
        }
        .unwrap()
    }

    fn merge_changes(&self, text: &str) -> Result<Received, Fault> {
        match self {
            Copy::File(..) => self.file().merge_changes(text),
            Copy::Office(offices, _) => offices[1].merge_changes(text),
        }
    }

    /// All facts as lines.
    fn lines(&self) -> String {
        let mut lines = Vec::new();
        match self {
            Copy::File(_, path) => parure_journal::export(path, &mut lines),
            Copy::Office(offices, _) => offices[0].export(&mut lines),
        }
        .unwrap();
        String::from_utf8(lines).unwrap()
    }

    fn verify(&self) -> usize {
        match self {
            Copy::File(..) => self.file().verify(),
            Copy::Office(offices, _) => offices[0].verify(),
        }
        .unwrap()
        .facts
    }
}

fn options() -> Options {
    Options::default().with_clock(|| Moment::parse("2030-01-01T00:00:00Z"))
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

/// As a database is put back from a dump: behind the back of whoever has it open.
const TABLES: [&str; 9] =
    ["about", "copies", "head", "kept", "corrected", "customer", "standing", "aside", "forgotten"];

fn keep_rows(sql: &mut Client, name: &str) {
    let tables = TABLES.map(|table| format!("CREATE TABLE {name}.{table} AS TABLE parure.{table};"));
    sql.batch_execute(&format!("CREATE SCHEMA {name}; {}", tables.concat())).unwrap();
}

fn put_rows_back(sql: &mut Client, name: &str) {
    let gone = TABLES.iter().rev().map(|table| format!("DELETE FROM parure.{table};"));
    let back = TABLES
        .iter()
        .map(|table| format!("INSERT INTO parure.{table} OVERRIDING SYSTEM VALUE TABLE {name}.{table};"));
    sql.batch_execute(&format!("BEGIN; {} COMMIT", gone.chain(back).collect::<String>())).unwrap();
}

#[derive(Debug, Clone)]
enum Step {
    /// A till records the next fact.
    Record {
        copy: usize,
        by: usize,
    },
    /// The same fact reaches two copies by other ways.
    Import {
        copy: usize,
        fact: usize,
    },
    Ask {
        copy: usize,
    },
    /// One copy answers the oldest note or the newest, with so many facts at most. The answer is under way.
    Answer {
        copy: usize,
        newest: bool,
        most: usize,
    },
    /// An answer that is under way arrives, wherever it was meant to go; it may arrive again.
    Arrive {
        at: usize,
        which: usize,
        again: bool,
    },
    Lose {
        which: usize,
    },
    /// A copy as it lies there.
    Keep {
        copy: usize,
    },
    /// A copy is put back from what was kept last, or before that.
    PutBack {
        before: usize,
    },
    Tell {
        from: usize,
        to: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let copy = || 0..COPIES;
    prop_oneof![
        10 => (copy(), 0..2_usize).prop_map(|(copy, by)| Step::Record { copy, by }),
        1 => (copy(), 0..30_usize).prop_map(|(copy, fact)| Step::Import { copy, fact }),
        3 => copy().prop_map(|copy| Step::Ask { copy }),
        4 => (copy(), any::<bool>(), 1..9_usize).prop_map(|(copy, newest, most)| Step::Answer { copy, newest, most }),
        6 => (copy(), 0..9_usize, any::<bool>()).prop_map(|(at, which, again)| Step::Arrive { at, which, again }),
        1 => (0..9_usize).prop_map(|which| Step::Lose { which }),
        1 => copy().prop_map(|copy| Step::Keep { copy }),
        1 => (0..3_usize).prop_map(|before| Step::PutBack { before }),
        3 => (copy(), copy()).prop_map(|(from, to)| Step::Tell { from, to }),
    ]
}

/// Copies of one book, what is under way between them, and what was kept of them.
struct Chain {
    folder: TempDir,
    copies: Vec<Copy>,
    notes: Vec<Known>,
    under_way: Vec<String>,
    kept: Vec<usize>,
}

/// The databases of the offices, empty.
fn databases(server: &Server) -> Vec<String> {
    (FILES..COPIES).map(|copy| server.database(&format!("office_{copy}"))).collect()
}

impl Chain {
    fn of(databases: &[String], program: &Program) -> Chain {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let files = (0..FILES).map(|copy| {
            let path = folder.path().join(format!("copy-{copy}.db"));
            Copy::File(Some(parure_journal::create_with(&path, program, options()).unwrap()), path)
        });
        let offices = databases.iter().map(|address| {
            let mut sql = Client::connect(address, NoTls).unwrap();
            let kept = "SELECT nspname FROM pg_namespace WHERE nspname = 'parure' OR nspname LIKE 'kept%'";
            let schemas: Vec<String> = sql.query(kept, &[]).unwrap().iter().map(|row| row.get(0)).collect();
            for schema in schemas {
                let drop = format!("SET client_min_messages TO warning; DROP SCHEMA {schema} CASCADE");
                sql.batch_execute(&drop).unwrap();
            }
            let first = Office::create_with(address, program, options()).unwrap();
            Copy::Office([first, Office::open_with(address, options()).unwrap()], address.clone())
        });
        let copies = files.chain(offices).collect();
        Chain { folder, copies, notes: Vec::new(), under_way: Vec::new(), kept: Vec::new() }
    }

    fn take(&mut self, step: &Step, facts: &[Fact<'_>], next: &mut usize) {
        match *step {
            Step::Record { copy, by } => {
                if let Some(fact) = facts.get(*next) {
                    // One that is refused for want of what another copy knows has happened all the same, now and then.
                    let refused = matches!(self.copies[copy].record(fact, by), Answer::Refused { .. });
                    if refused && next.is_multiple_of(2) {
                        self.copies[copy].merge(fact);
                    }
                    *next += 1;
                }
            }
            Step::Import { copy, fact } => {
                // An erasure is filled in by whoever is told of it first: told to two, it is two.
                if let Some(fact) = facts.get(fact).filter(|fact| fact.kind() != "erased") {
                    self.copies[copy].merge(fact);
                }
            }
            Step::Ask { copy } => {
                self.notes.push(Known::parse(&self.copies[copy].known().to_text()).unwrap());
            }
            Step::Answer { copy, newest, most } => {
                let note = if newest { self.notes.last() } else { self.notes.first() };
                if let Some(known) = note {
                    self.under_way.push(self.copies[copy].changes_since(known, most).text);
                }
            }
            Step::Arrive { at, which, again } => {
                if which < self.under_way.len() {
                    let changes =
                        if again { self.under_way[which].clone() } else { self.under_way.remove(which) };
                    self.copies[at].merge_changes(&changes).unwrap();
                }
            }
            Step::Lose { which } => {
                if which < self.under_way.len() {
                    self.under_way.remove(which);
                }
            }
            Step::Keep { copy } => {
                let name = format!("kept_{}", self.kept.len());
                match &self.copies[copy] {
                    Copy::File(_, path) => copy_files(path, &self.folder.path().join(name)),
                    Copy::Office(_, address) => {
                        keep_rows(&mut Client::connect(address, NoTls).unwrap(), &name);
                    }
                }
                self.kept.push(copy);
            }
            Step::PutBack { before } => {
                if let Some((number, copy)) = self.kept.iter().enumerate().rev().nth(before) {
                    let name = format!("kept_{number}");
                    match &mut self.copies[*copy] {
                        Copy::File(file, path) => {
                            *file = None;
                            copy_files(&self.folder.path().join(name), path);
                            *file = Some(parure_journal::open_with(&*path, options()).unwrap());
                        }
                        Copy::Office(offices, address) => {
                            put_rows_back(&mut Client::connect(address, NoTls).unwrap(), &name);
                            // Whoever had it open may have read a program that is gone.
                            *offices = [(), ()].map(|()| Office::open_with(address, options()).unwrap());
                        }
                    }
                }
            }
            Step::Tell { from, to } => {
                self.tell(from, to);
            }
        }
    }

    /// Answers how many facts were new.
    fn tell(&self, from: usize, to: usize) -> usize {
        let mut known = self.copies[to].known();
        let mut new = 0;
        loop {
            let changes = self.copies[from].changes_since(&known, 7);
            new += self.copies[to].merge_changes(&changes.text).unwrap().merged.new;
            known = changes.then;
            if !changes.more {
                return new;
            }
        }
    }

    /// Everyone tells everyone, until nobody has anything new.
    fn meet(&self) {
        for _ in 0..9 {
            let pairs = (0..COPIES).flat_map(|from| (0..COPIES).map(move |to| (from, to)));
            let new: usize =
                pairs.filter(|(from, to)| from != to).map(|(from, to)| self.tell(from, to)).sum();
            if new == 0 {
                return;
            }
        }
        panic!("they do not come to an end");
    }

    /// Every copy is one book that saw everything.
    fn are_all(&self, program: &Program, book: &Book, customers: &[String]) {
        let all = book.to_json(Day::LAST);
        for copy in &self.copies {
            assert_eq!(copy.verify(), book.facts());
            match copy {
                Copy::File(..) => assert_eq!(copy.file().ask(|book| book.to_json(Day::LAST)), all),
                Copy::Office(offices, _) => {
                    assert_eq!(book_of(program, [copy]).to_json(Day::LAST), all);
                    for customer in customers {
                        let account =
                            offices[0].ask(customer, |part| part.account(customer, Day::LAST)).unwrap();
                        assert_eq!(account, book.account(customer, Day::LAST));
                    }
                }
            }
        }
    }
}

/// A book that is told all that these copies hold.
fn book_of<'c>(program: &Program, copies: impl IntoIterator<Item = &'c Copy>) -> Book {
    let mut book = Book::new(program.clone());
    for copy in copies {
        let lines = copy.lines();
        let facts = lines.lines().map(|line| Fact::from_json(line, program.currency()).unwrap());
        book.merge(facts).unwrap();
    }
    book
}

/// `PROPTEST_CASES=2000` tries more.
fn histories() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32)
}

#[test]
fn files_and_offices_that_were_apart_come_to_hold_one_book() {
    let Some(server) = Server::start(false) else { return };
    let databases = databases(&server);
    let config = Config { cases: histories(), failure_persistence: None, ..Config::default() };
    // What came to offices from others, and how often one had to take a new name: a property that never sees them would prove little.
    let (came, renamed, forgot) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let erasures = prop::collection::vec((0..40_usize, 0..4_usize), 0..4);
    let tried = (
        cases(30).prop_map(Case::without_introductions),
        prop::collection::vec(step(), 0..60),
        0..30_usize,
        erasures,
    );
    TestRunner::new(config)
        .run(&tried, |(case, steps, shift, erasures)| {
            let Case { program, facts, customers, .. } = &case;
            let program = Program::parse("p", program).unwrap();
            let mut texts: Vec<String> = facts.iter().map(ToString::to_string).collect();
            for (number, (at, who)) in erasures.into_iter().enumerate() {
                let at = at % texts.len();
                let instant = &serde_json::from_str::<serde_json::Value>(&texts[at]).unwrap()["at"];
                let erased = serde_json::json!({
                    "id": format!("e-{number}"), "at": instant, "customer": customers[who % customers.len()],
                    "erased": {"alias": format!("x-{number}")}
                });
                texts.insert(at, erased.to_string());
            }
            let mut facts: Vec<Fact<'_>> =
                texts.iter().map(|text| Fact::from_json(text, program.currency()).unwrap()).collect();
            let turn = shift % facts.len().max(1);
            facts.rotate_left(turn);
            let mut chain = Chain::of(&databases, &program);
            let mut next = 0;
            for step in &steps {
                chain.take(step, &facts, &mut next);
            }
            // All that any copy holds before they meet.
            let all = book_of(&program, &chain.copies);
            chain.meet();
            chain.are_all(&program, &all, customers);
            for address in &databases {
                let mut sql = Client::connect(address, NoTls).unwrap();
                let count = |sql: &mut Client, what: &str| sql.query_one(what, &[]).unwrap().get::<_, i64>(0);
                let others =
                    "SELECT count(*) FROM parure.kept WHERE origin <> (SELECT origin FROM parure.head)";
                came.set(came.get() + count(&mut sql, others));
                forgot.set(
                    forgot.get() + count(&mut sql, "SELECT count(*) FROM parure.kept WHERE kind = 'erased'"),
                );
                renamed.set(
                    renamed.get() + count(&mut sql, "SELECT count(*) FROM parure.head WHERE origin <> 1"),
                );
            }
            Ok(())
        })
        .unwrap();
    println!("{} facts came, {} names were new, {} erasures", came.get(), renamed.get(), forgot.get());
    assert!(came.get() > 20 && forgot.get() > 2, "{} {}", came.get(), forgot.get());
}

/// What tills sell, in three threads and another process's office, while files and offices tell each other what they lack.
#[test]
fn others_record_while_copies_tell_each_other() {
    let Some(server) = Server::start(false) else { return };
    let databases = databases(&server);
    let program = program();
    let chain = Chain::of(&databases, &program);
    let customers: Vec<String> = (0..6).map(|who| format!("c-{who}")).collect();
    let done = AtomicBool::new(false);
    let sell = |copy: &Copy, till: &str, by: usize, turns: usize| {
        for turn in 0..turns {
            let who = &customers[(turn * 7 + till.len()) % customers.len()];
            let facts = [
                format!(
                    r#"{{"id":"{till}-j-{turn}","at":"2026-01-01T10:00:00+08:00","customer":"{who}","joined":{{}}}}"#
                ),
                format!(
                    r#"{{"id":"{till}-p-{turn}","at":"2026-02-{:02}T10:00:00+08:00","customer":"{who}","purchased":{{"lines":[{{"id":"1","amount":"{}.00"}}]}}}}"#,
                    turn % 28 + 1,
                    1_000 + turn
                ),
                format!(
                    r#"{{"id":"{till}-x-{turn}","at":"2026-03-{:02}T10:00:00+08:00","customer":"{who}","redeemed":{{"points":400,"reward":"tote-bag"}}}}"#,
                    turn % 28 + 1
                ),
            ];
            for fact in &facts {
                copy.record(&Fact::from_json(fact, program.currency()).unwrap(), by);
            }
        }
    };
    std::thread::scope(|scope| {
        let tills: Vec<_> =
            [(0, "a", 0), (2, "b", 0), (2, "bb", 1), (2, "bbb", 0), (3, "c", 0), (3, "cc", 1)]
                .map(|(copy, till, by)| {
                    let (chain, sell) = (&chain, &sell);
                    scope.spawn(move || sell(&chain.copies[copy], till, by, 25))
                })
                .into();
        // Two who tell at once, in both directions.
        for pairs in [[(0, 2), (2, 0), (2, 3), (3, 2)], [(3, 2), (1, 3), (3, 1), (2, 3)]] {
            let (chain, done) = (&chain, &done);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    for (from, to) in pairs {
                        chain.tell(from, to);
                    }
                }
            });
        }
        let sold: Vec<_> =
            tills.into_iter().map(|till: std::thread::ScopedJoinHandle<'_, ()>| till.join()).collect();
        done.store(true, Ordering::Relaxed);
        assert!(sold.iter().all(Result::is_ok));
    });
    let all = book_of(&program, &chain.copies);
    chain.meet();
    chain.are_all(&program, &all, &customers);
    assert!(all.facts() > 150, "{}", all.facts());
}

fn join(copy: &Copy, who: &str) {
    let joined =
        format!(r#"{{"id":"j-{who}","at":"2026-01-01T10:00:00+08:00","customer":"{who}","joined":{{}}}}"#);
    let fact = Fact::from_json(&joined, program().currency()).unwrap();
    assert!(matches!(copy.record(&fact, 0), Answer::Accepted { .. }));
}

/// An office that was put back from last night's dump gives numbers a second time: nothing is lost, and once it learns of it it goes by another
/// name, in every process that has it open.
#[test]
fn numbers_that_were_given_twice_lose_nothing() {
    let Some(server) = Server::start(false) else { return };
    let databases = databases(&server);
    let chain = Chain::of(&databases, &program());
    let mut sql = Client::connect(&databases[0], NoTls).unwrap();
    for who in ["mei", "lan", "an"] {
        join(&chain.copies[2], who);
    }
    keep_rows(&mut sql, "kept_0");
    join(&chain.copies[2], "before");
    assert_eq!(chain.tell(2, 3), 4);
    put_rows_back(&mut sql, "kept_0");
    join(&chain.copies[2], "after"); // its fourth, as `before` was
    assert_eq!(chain.tell(2, 0), 4);
    assert_eq!((chain.tell(3, 0), chain.tell(0, 3)), (1, 1));
    assert_eq!((chain.tell(3, 0), chain.tell(0, 3)), (0, 0));
    assert_eq!(chain.copies[3].changes_since(&chain.copies[0].known(), 9).facts, 0);
    let names = || chain.copies[2].known().to_text().matches("numbers").count();
    assert_eq!((names(), chain.tell(3, 2)), (1, 1));
    let Copy::Office(offices, _) = &chain.copies[2] else { panic!("no office") };
    for (office, who) in offices.iter().zip(["later", "later-still"]) {
        let joined = format!(
            r#"{{"id":"j-{who}","at":"2026-01-01T10:00:00+08:00","customer":"{who}","joined":{{}}}}"#
        );
        office.record(&Fact::from_json(&joined, office.currency()).unwrap()).unwrap();
        assert_eq!(names(), 2);
    }
    chain.meet();
    for copy in &chain.copies {
        assert_eq!(copy.verify(), 7);
    }
}

/// The same bytes, whichever of the two tells.
#[test]
fn the_texts_are_the_same() {
    let Some(server) = Server::start(false) else { return };
    let chain = Chain::of(&databases(&server), &program());
    for who in ["mei", "lan", "an"] {
        join(&chain.copies[0], who);
    }
    chain.tell(0, 2);
    chain.tell(2, 1);
    assert_eq!(chain.copies[0].known().to_text(), chain.copies[2].known().to_text());
    assert_eq!(chain.copies[1].known().to_text(), chain.copies[2].known().to_text());
    let nothing = chain.copies[3].known();
    for most in [1, 2, 3, 9] {
        let [file, office] = [0, 2].map(|copy| chain.copies[copy].changes_since(&nothing, most));
        assert_eq!(file, office);
        assert_eq!((office.facts, office.more), (most.min(3), most < 3));
    }
}

/// Bytes that are not what a copy wrote, wherever they differ, change nothing.
#[test]
fn changes_that_were_cut_short_or_altered_are_told() {
    let Some(server) = Server::start(false) else { return };
    let chain = Chain::of(&databases(&server), &program());
    for who in ["mei", "lan"] {
        join(&chain.copies[2], who);
    }
    let text = chain.copies[2].changes_since(&chain.copies[3].known(), 9).text;
    let office = &chain.copies[3];
    for end in (0..text.len()).step_by(7) {
        assert_eq!(office.merge_changes(&text[..end]).unwrap_err().code, "sync_damaged");
    }
    for at in (0..text.len()).step_by(3) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let fault = office.merge_changes(&String::from_utf8(bytes).unwrap()).unwrap_err();
        assert!(["sync_damaged", "sync_newer"].contains(&fault.code) && fault.advice.is_some(), "{fault}");
    }
    let other =
        "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    let other = Office::create(&server.database("other"), &Program::parse("m", other).unwrap()).unwrap();
    assert_eq!(other.merge_changes(&text).unwrap_err().code, "sync_other_book");
    assert_eq!(other.changes_since(&office.known(), 9).unwrap_err().code, "sync_other_book");
    assert_eq!((office.verify(), office.known().to_text().matches("numbers").count()), (0, 0));
    assert_eq!(office.merge_changes(&text).unwrap().merged.new, 2);
    assert_eq!((office.merge_changes(&text).unwrap().merged.known, office.verify()), (2, 2));
}

/// Two facts of one id can't both count: each copy keeps the one it had and says so. What happened too far ahead is kept and named.
#[test]
fn what_can_not_be_one_and_what_lies_ahead_is_named() {
    let Some(server) = Server::start(false) else { return };
    let chain = Chain::of(&databases(&server), &program());
    join(&chain.copies[0], "mei");
    join(&chain.copies[2], "mei");
    for (copy, points) in [(0, 100), (2, 200)] {
        let fact = format!(
            r#"{{"id":"a-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","adjusted":{{"points":{points},"reason":"welcome"}}}}"#
        );
        chain.copies[copy].record(&Fact::from_json(&fact, program().currency()).unwrap(), 0);
    }
    let ahead = r#"{"id":"j-lan","at":"2030-01-02T00:00:01Z","customer":"lan","joined":{}}"#;
    chain.copies[0].merge(&Fact::from_json(ahead, program().currency()).unwrap());
    let changes = chain.copies[0].changes_since(&chain.copies[2].known(), 9);
    let received = chain.copies[2].merge_changes(&changes.text).unwrap();
    assert_eq!((received.merged.new, received.merged.known, &received.ahead[0]), (1, 1, &"j-lan".into()));
    assert_eq!(received.merged.conflicts[0].field, "adjusted.points");
    // Nothing goes round, and a third hears of all.
    assert_eq!(chain.copies[0].changes_since(&chain.copies[2].known(), 9).facts, 0);
    assert_eq!(chain.tell(2, 3), 3);
    assert_eq!(chain.copies[2].changes_since(&chain.copies[3].known(), 9).facts, 0);
    for copy in &chain.copies {
        copy.verify();
    }
}

/// A newer library wrote a fact that this one can't read: it waits in the office, is sent on, and is taken in once it can be read.
#[test]
fn what_only_a_newer_library_reads_waits_for_one() {
    let Some(server) = Server::start(false) else { return };
    let databases = databases(&server);
    let chain = Chain::of(&databases, &program());
    join(&chain.copies[0], "mei");
    let own = chain.copies[0].changes_since(&chain.copies[2].known(), 9).text;
    let mut lines: Vec<String> = own.lines().map(str::to_owned).collect();
    let engraved =
        r#"{"at":"2026-01-02T10:00:00+08:00","customer":"mei","engraved":{"text":"永結同心"},"id":"e-1"}"#;
    let copy = lines[1].split('"').nth(3).unwrap().to_owned();
    lines.insert(2, format!(r#"{{"copy":"{copy}","seq":2,"fact":{engraved}}}"#));
    lines.pop();
    lines[0] = lines[0].replace(env!("CARGO_PKG_VERSION"), "99.0.0");
    let body = lines.join("\n") + "\n";
    let hash: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("{body}{{\"sha256\":\"{hash}\"}}\n");
    let received = chain.copies[2].merge_changes(&text).unwrap();
    assert_eq!((received.merged.new, received.waiting), (1, 1));
    chain.copies[2].verify();
    let on = chain.copies[2].changes_since(&chain.copies[3].known(), 9);
    assert!(on.text.contains(engraved) && on.facts == 2);
    // The same where it can be read: what an older library had set aside.
    let joined = r#"{"at":"2026-01-01T10:00:00+08:00","customer":"lan","id":"j-lan","joined":{}}"#;
    let hash = |text: &str| {
        let mut sha = Sha256::new();
        sha.update(u64::try_from(text.len()).unwrap().to_le_bytes());
        sha.update(text);
        sha.finalize().to_vec()
    };
    let first = |hash: &[u8]| u128::from_le_bytes(hash[..16].try_into().unwrap());
    let mut sql = Client::connect(&databases[0], NoTls).unwrap();
    let is = hash(joined);
    sql.execute("UPDATE parure.aside SET fact = $1, content = $2 WHERE waits", &[&joined, &is]).unwrap();
    let sum: Vec<u8> =
        sql.query_one("SELECT sum FROM parure.copies WHERE copy = $1", &[&copy]).unwrap().get(0);
    let sum = first(&sum).wrapping_sub(first(&hash(engraved))).wrapping_add(first(&is)).to_le_bytes();
    sql.execute("UPDATE parure.copies SET sum = $1 WHERE copy = $2", &[&&sum[..], &copy]).unwrap();
    let newer = Office::open_with(&databases[0], options()).unwrap();
    assert!(newer.fact("j-lan").unwrap().is_some());
    assert_eq!(newer.verify().unwrap().facts, 2);
    assert_eq!(sql.query_one("SELECT count(*) FROM parure.aside", &[]).unwrap().get::<_, i64>(0), 0);
    // An office of the older library in another process, which is told of it once more.
    assert_eq!(chain.copies[2].merge_changes(&text).unwrap().waiting, 1);
}
