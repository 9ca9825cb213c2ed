//! Forgetting a person in an office: by every column of every row, and by the bytes of the server's files.

use crate::her::{HISTORY, PROGRAM, TOLD};
use crate::server::Server;
use parure::book::{Answer, Book};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use parure_journal::{Journal, Office};
use postgres::Client;
use std::path::Path;
use std::sync::Barrier;
use tempfile::TempDir;

const ERASED: &str = r#"{"id":"e-1","at":"2026-11-20T10:00:00+08:00","customer":"zhang-13800138000","erased":{"alias":"x-7f3a"}}"#;
/// Of a till that was offline.
const LATE: &str = r#"{"id":"p-9","at":"2026-04-01T10:00:00+08:00","customer":"zhang-13800138000","purchased":{"lines":[{"id":"1","amount":"200.00"}]}}"#;

fn rules() -> Program {
    Program::parse("p.toml", PROGRAM).unwrap()
}

fn day() -> Day {
    Day::parse("2026-12-01").unwrap()
}

fn read(fact: &str) -> Fact<'_> {
    Fact::from_json(fact, rules().currency()).unwrap()
}

fn accepted(answer: &Answer) {
    assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
}

/// An office in which all of it has happened.
fn office(server: &Server) -> Office {
    let office = Office::create(&server.address(), &rules()).unwrap();
    let (late, known) = HISTORY.split_last().unwrap();
    known.iter().for_each(|fact| accepted(&office.record(&read(fact)).unwrap()));
    office.merge([read(late)]).unwrap();
    office
}

fn till(folder: &TempDir) -> Journal {
    parure_journal::create(folder.path().join("till.db"), &rules()).unwrap()
}

fn told_in(bytes: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(bytes);
    TOLD.into_iter().find(|told| text.contains(told))
}

/// Where rows hold what was told of her: every column of every table, the server's own of this database among them.
fn rows_that_tell(sql: &mut Client) -> Vec<String> {
    let tables = "SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('r', 'm', 'v') AND (nspname = 'parure' OR relname = 'pg_statistic' OR relname = 'pg_stats')";
    let tables: Vec<String> = sql.query(tables, &[]).unwrap().iter().map(|row| row.get(0)).collect();
    assert!(tables.len() > 12);
    let mut found = Vec::new();
    for table in tables {
        for row in sql.query(&format!("SELECT row_to_json(t)::text FROM {table} AS t"), &[]).unwrap() {
            let text: String = row.get(0);
            found.extend(told_in(text.as_bytes()).map(|told| format!("{table}: {told}")));
        }
    }
    found
}

/// Which files of the server's hold it, but for its log of what it has written.
fn files_that_tell(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "pg_wal") {
                found.extend(files_that_tell(&path));
            }
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.extend(told_in(&bytes).map(|told| format!("{}: {told}", path.display())));
        }
    }
    found
}

fn is_clean(server: &Server) {
    let mut sql = server.sql();
    assert_eq!(rows_that_tell(&mut sql), Vec::<String>::new());
    sql.batch_execute("CHECKPOINT").unwrap();
    assert_eq!(files_that_tell(&server.data()), Vec::<String>::new());
}

#[test]
fn nothing_of_her_is_in_any_row_or_file() {
    let Some(server) = Server::start(false) else { return };
    let office = office(&server);
    // A fact of hers that a till has under an id of ours lies aside.
    let folder = tempfile::tempdir().unwrap();
    let till = till(&folder);
    tell_till(&office, &till);
    accepted(&till.record(&read(&LATE.replace("p-9", "c-1"))).unwrap());
    accepted(&office.record(&read(r#"{"id":"c-1","at":"2026-04-02T10:00:00+08:00","customer":"mei","purchased":{"lines":[{"id":"1","amount":"10.00"}]}}"#)).unwrap());
    tell_office(&till, &office);
    accepted(&till.record(&read(LATE)).unwrap());
    let mut sql = server.sql();
    // Old versions of rows, and what the server samples of them.
    sql.batch_execute(
        "UPDATE kept SET day = day; UPDATE customer SET account = account; ANALYZE; CHECKPOINT",
    )
    .unwrap();
    assert!(rows_that_tell(&mut sql).len() > 10);
    assert!(!files_that_tell(&server.data()).is_empty());
    let account = office.ask("online-yqj", |book| book.account("online-yqj", day())).unwrap().unwrap();
    let postings = "SELECT kind, sum(points)::bigint, sum(amount_minor)::bigint FROM postings GROUP BY kind ORDER BY kind";
    let sums = |sql: &mut Client| -> Vec<(String, i64, i64)> {
        sql.query(postings, &[]).unwrap().iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    };
    let before = sums(&mut sql);

    accepted(&office.record(&read(ERASED)).unwrap());
    is_clean(&server);
    sql.batch_execute("ANALYZE").unwrap();
    is_clean(&server);
    assert_eq!(sums(&mut sql), before);
    let erased = office.ask("x-7f3a", |book| book.account("x-7f3a", day())).unwrap().unwrap();
    assert_eq!(erased.points, account.points);
    office.verify().unwrap();
    let mut lines = Vec::new();
    office.export(&mut lines).unwrap();
    assert_eq!(told_in(&lines), None);
    // From another process, with what it was told then.
    let other = Office::open(&server.address()).unwrap();
    for fact in HISTORY.iter().chain([&ERASED]) {
        assert!(matches!(other.record(&read(fact)).unwrap(), Answer::AlreadyRecorded { .. }), "{fact}");
    }
    is_clean(&server);

    // The till hears of it, and its sale of before comes here without her name.
    tell_till(&office, &till);
    assert_eq!(
        till.ask(|book| book.fact("p-9").unwrap().customer().map(str::to_owned)).as_deref(),
        Some("x-7f3a")
    );
    tell_office(&till, &office);
    assert!(office.fact("p-9").unwrap().is_some_and(|fact| fact.contains("x-7f3a")));
    is_clean(&server);
    // One that comes with her name is known all the same, and a new one leaves no trace of it either.
    assert!(matches!(office.record(&read(LATE)).unwrap(), Answer::AlreadyRecorded { .. }));
    office.merge([read(&LATE.replace("p-9", "p-10"))]).unwrap();
    let text = office.fact("p-10").unwrap().unwrap();
    assert!(text.contains("x-7f3a"), "{text}");
    is_clean(&server);
    office.verify().unwrap();
    till.verify().unwrap();
    // Who comes by that name afterwards is someone new.
    let again = r#"{"id":"j-9","at":"2026-11-21T10:00:00+08:00","customer":"zhang-13800138000","joined":{}}"#;
    accepted(&office.record(&read(again)).unwrap());
    let account = office.ask("zhang-13800138000", |book| book.account("zhang-13800138000", day())).unwrap();
    assert_eq!(account.unwrap().points.balance, 0);
    office.verify().unwrap();
}

fn tell_office(till: &Journal, office: &Office) {
    let known = office.known().unwrap();
    office.merge_changes(&till.changes_since(&known, 10_000).unwrap().text).unwrap();
}

fn tell_till(office: &Office, till: &Journal) {
    let known = till.known().unwrap();
    till.merge_changes(&office.changes_since(&known, 10_000).unwrap().text).unwrap();
}

/// A till forgets her; the office hears of it, and so does an office that has never known her.
#[test]
fn an_erasure_comes_from_a_till_and_goes_on() {
    let Some(server) = Server::start(false) else { return };
    let office = office(&server);
    let folder = tempfile::tempdir().unwrap();
    let till = till(&folder);
    tell_till(&office, &till);
    // Both sell meanwhile.
    office.record(&read(LATE)).unwrap();
    accepted(&till.record(&read(ERASED)).unwrap());
    tell_office(&till, &office);
    is_clean(&server);
    tell_till(&office, &till);
    let mut whole = Book::new(rules());
    let mut lines = Vec::new();
    office.export(&mut lines).unwrap();
    let lines = String::from_utf8(lines).unwrap();
    whole.merge(lines.lines().map(read)).unwrap();
    assert_eq!(whole.to_json(day()), till.ask(|book| book.to_json(day())));
    assert_eq!(
        office.ask("x-7f3a", |book| book.account("x-7f3a", day())).unwrap(),
        till.ask(|book| book.account("x-7f3a", day()))
    );
    let third = Office::create(&server.database("third"), &rules()).unwrap();
    third.merge_changes(&office.changes_since(&third.known().unwrap(), 10_000).unwrap().text).unwrap();
    for office in [&office, &third] {
        assert_eq!(office.verify().unwrap().facts, whole.facts());
        assert_eq!(office.changes_since(&till.known().unwrap(), 9).unwrap().facts, 0);
    }
    is_clean(&server);
    till.verify().unwrap();
}

/// Whoever still sees what was there keeps it there: that is told, and finished when they have ended.
#[test]
fn what_others_still_see_is_told() {
    let Some(server) = Server::start(false) else { return };
    let office = office(&server);
    let mut reader = server.sql();
    // A report, say, of something else.
    reader.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM copies").unwrap();
    let fault = office.record(&read(ERASED)).unwrap_err();
    assert_eq!(fault.code, "erasure_unfinished");
    assert!(fault.message.contains("transaction"), "{fault}");
    // Here she is forgotten all the same: no row tells of her to anyone who comes now.
    assert_eq!(rows_that_tell(&mut server.sql()), Vec::<String>::new());
    server.sql().batch_execute("CHECKPOINT").unwrap();
    assert!(!files_that_tell(&server.data()).is_empty());
    office.verify().unwrap();
    // One that is refused has nothing to finish.
    let nobody =
        r#"{"id":"e-9","at":"2026-11-27T10:00:00+08:00","customer":"nobody","erased":{"alias":"x-9"}}"#;
    assert!(matches!(office.record(&read(nobody)).unwrap(), Answer::Refused { .. }));
    reader.batch_execute("COMMIT").unwrap();
    assert!(matches!(office.record(&read(ERASED)).unwrap(), Answer::AlreadyRecorded { .. }));
    is_clean(&server);
    // Or whoever opens it next: of several the first, and the others find it done.
    let left = "INSERT INTO about (key, value) SELECT 'unerased', pg_current_xact_id()::text";
    server.sql().batch_execute(left).unwrap();
    let file = "SELECT pg_relation_filepath('kept')";
    let [mut sql, mut other] = [server.sql(), server.sql()];
    let before: String = sql.query_one(file, &[]).unwrap().get(0);
    // As if another process were at it.
    other.batch_execute("SELECT pg_advisory_lock(1348563573, 2)").unwrap();
    std::thread::scope(|scope| {
        let opened = [(); 3].map(|()| scope.spawn(|| Office::open(&server.address()).unwrap()));
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert_eq!(sql.query_one(file, &[]).unwrap().get::<_, String>(0), before);
        drop(other);
        opened.into_iter().for_each(|opened| drop(opened.join().unwrap()));
    });
    let once: String = sql.query_one(file, &[]).unwrap().get(0);
    assert_ne!(once, before);
    let left = "SELECT count(*) FROM about WHERE key = 'unerased'";
    assert_eq!(sql.query_one(left, &[]).unwrap().get::<_, i64>(0), 0);
}

/// Sales of hers and of others come in from several tills while she is forgotten.
#[test]
fn others_record_while_she_is_forgotten() {
    let Some(server) = Server::start(false) else { return };
    let office = office(&server);
    let tills = [(); 3].map(|()| Office::open(&server.address()).unwrap());
    let barrier = Barrier::new(4);
    std::thread::scope(|scope| {
        for (till, office) in tills.iter().enumerate() {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                for turn in 0..12 {
                    for who in ["zhang-13800138000", "online-yqj", "mei"] {
                        let sale = LATE.replace(
                            "p-9",
                            &format!("s-{till}-{turn}-{who}")
                                .replace("zhang-13800138000", "z")
                                .replace("online-yqj", "o"),
                        );
                        let sale = sale.replace("zhang-13800138000", who);
                        office.merge([read(&sale)]).unwrap();
                    }
                }
            });
        }
        barrier.wait();
        accepted(&office.record(&read(ERASED)).unwrap());
    });
    is_clean(&server);
    let mut whole = Book::new(rules());
    let mut lines = Vec::new();
    let exported = office.export(&mut lines).unwrap();
    assert_eq!(exported.facts, HISTORY.len() + 1 + 3 * 12 * 3);
    whole.merge(String::from_utf8(lines).unwrap().lines().map(read)).unwrap();
    for customer in ["x-7f3a", "x-7f3a-1", "mei"] {
        let account = tills[0].ask(customer, |book| book.account(customer, day())).unwrap();
        assert_eq!(account, whole.account(customer, day()));
    }
    office.verify().unwrap();
}

/// Two copies that were apart gave one alias to two people: they are one from then on, and a gift between them is one to oneself.
#[test]
fn two_people_under_one_alias_are_one() {
    let Some(server) = Server::start(false) else { return };
    let office = office(&server);
    let gift = r#"{"id":"g-2","at":"2026-03-07T10:00:00+08:00","customer":"mei","given":{"to":"zhang-13800138000","points":20}}"#;
    accepted(&office.record(&read(gift)).unwrap());
    accepted(&office.record(&read(ERASED)).unwrap());
    let other = ERASED.replace("e-1", "e-2").replace("zhang-13800138000", "mei");
    office.merge([read(&other)]).unwrap();
    assert_eq!(office.verify().unwrap().facts, HISTORY.len() + 3);
    let mut lines = Vec::new();
    office.export(&mut lines).unwrap();
    let mut whole = Book::new(rules());
    whole.merge(String::from_utf8(lines).unwrap().lines().map(read)).unwrap();
    let account = office.ask("x-7f3a", |book| book.account("x-7f3a", day())).unwrap().unwrap();
    assert_eq!(account, whole.account("x-7f3a", day()).unwrap());
    assert!(account.flags.iter().any(|flag| flag.code == "same_account" && flag.facts[0] == "g-2"));
}
