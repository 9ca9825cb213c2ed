//! A book that is kept in a file: what was answered is there, and whatever is wrong with the file is told; the book is as before.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a list of calls")]
#![allow(clippy::wildcard_imports, reason = "the whole header, as C includes it")]

use parure_c::parure_status::*;
use parure_c::*;
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};
use tempfile::TempDir;

const RULES: &str = include_str!("../../../examples/maison.toml");
const YEAR: &str = include_str!("../../../examples/maison.jsonl");

/// A book behind a handle.
#[derive(Debug)]
struct Book(*mut parure_book);

impl Drop for Book {
    fn drop(&mut self) {
        // SAFETY: its own handle.
        unsafe { parure_book_free(self.0) };
    }
}

// SAFETY: the header says that a handle may go to another thread.
unsafe impl Send for Book {}

/// What a call gave up with.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    status: parure_status,
    code: String,
    path: String,
    advice: String,
}

fn shown(text: parure_text) -> String {
    if text.data.is_null() {
        return String::new();
    }
    // SAFETY: a text that a live handle told.
    String::from_utf8(unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.length) }.to_vec())
        .unwrap()
}

fn done(status: parure_status, error: *mut parure_error) -> Result<(), Wrong> {
    if status == PARURE_OK {
        assert!(error.is_null());
        return Ok(());
    }
    // SAFETY: zeros are a view.
    let mut view: parure_error_view = unsafe { std::mem::zeroed() };
    view.size = size_of::<parure_error_view>();
    // SAFETY: an error that was handed over.
    unsafe {
        assert_eq!(parure_error_read(error, &raw mut view), PARURE_OK);
        let (code, path, advice) = (shown(view.code), shown(view.path), shown(view.advice));
        assert!(!shown(view.message).is_empty());
        parure_error_free(error);
        Err(Wrong { status, code, path, advice })
    }
}

fn create(path: &Path) -> Result<Book, Wrong> {
    let (mut program, mut book, mut error) = (null_mut(), null_mut(), null_mut());
    let path = path.to_str().unwrap();
    // SAFETY: texts that live on, and room for what is answered.
    unsafe {
        let (rules, m) = (RULES.as_ptr().cast(), c"m".as_ptr());
        assert_eq!(parure_program_parse(m, 1, rules, RULES.len(), &raw mut program, null_mut()), PARURE_OK);
        let data = path.as_ptr().cast();
        let status = parure_book_create(data, path.len(), program, null(), &raw mut book, &raw mut error);
        parure_program_free(program);
        assert_eq!(book.is_null(), status != PARURE_OK);
        done(status, error).map(|()| Book(book))
    }
}

fn open_with(path: &Path, options: Option<parure_journal_options>) -> Result<Book, Wrong> {
    let (mut book, mut error) = (null_mut(), null_mut());
    let asked = options.as_ref().map_or(null(), std::ptr::from_ref);
    let path = path.to_str().unwrap();
    // SAFETY: texts that live on, and room for what is answered.
    unsafe {
        let data = path.as_ptr().cast();
        let status = parure_book_open(data, path.len(), asked, &raw mut book, &raw mut error);
        assert_eq!(book.is_null(), status != PARURE_OK);
        done(status, error).map(|()| Book(book))
    }
}

fn open(path: &Path) -> Result<Book, Wrong> {
    open_with(path, None)
}

fn options(wait_ms: u32, most_pages: u32) -> parure_journal_options {
    parure_journal_options {
        size: size_of::<parure_journal_options>(),
        wait_ms,
        most_pages,
        ahead_s: 0,
        in_touch_s: 0,
    }
}

/// SAFETY: a handle that was handed over, which is freed.
unsafe fn told(answer: *mut parure_answer) -> String {
    let mut text = parure_text { data: null(), length: 0 };
    // SAFETY: as this function's.
    unsafe {
        assert_eq!(parure_answer_text(answer, &raw mut text, null_mut()), PARURE_OK);
        let told = shown(text);
        parure_answer_free(answer);
        told
    }
}

impl Book {
    fn tell(&self, request: &str) -> Result<String, Wrong> {
        let (mut answer, mut error) = (null_mut(), null_mut());
        // SAFETY: a live book, a text that lives on, and room for what is answered.
        unsafe {
            let data = request.as_ptr().cast();
            let status = parure_book_tell(self.0, data, request.len(), &raw mut answer, &raw mut error);
            done(status, error)?;
            Ok(told(answer))
        }
    }

    fn known(&self) -> Result<String, Wrong> {
        let (mut known, mut error) = (null_mut(), null_mut());
        // SAFETY: a live book and room for what is answered.
        unsafe {
            done(parure_book_known(self.0, &raw mut known, &raw mut error), error)?;
            Ok(told(known))
        }
    }

    fn changes_since(&self, known: &str, most: usize) -> Result<(String, bool), Wrong> {
        let (mut changes, mut more, mut error) = (null_mut(), 7, null_mut());
        // SAFETY: a live book, a text that lives on, and room for what is answered.
        unsafe {
            let (data, length) = (known.as_ptr().cast(), known.len());
            let (changes_, more_, error_) = (&raw mut changes, &raw mut more, &raw mut error);
            done(parure_book_changes_since(self.0, data, length, most, changes_, more_, error_), error)?;
            Ok((told(changes), more == 1))
        }
    }

    fn merge_changes(&self, changes: &str) -> Result<String, Wrong> {
        let (mut received, mut error) = (null_mut(), null_mut());
        // SAFETY: a live book, a text that lives on, and room for what is answered.
        unsafe {
            let (data, length) = (changes.as_ptr().cast(), changes.len());
            let (received_, error_) = (&raw mut received, &raw mut error);
            done(parure_book_merge_changes(self.0, data, length, received_, error_), error)?;
            Ok(told(received))
        }
    }

    fn year(&self) {
        let facts: Vec<&str> = YEAR.lines().collect();
        let merged = self.tell(&format!(r#"{{"merge":{{"facts":[{}]}}}}"#, facts.join(","))).unwrap();
        assert!(merged.contains(r#""new":54"#), "{merged}");
    }

    fn all(&self) -> String {
        self.tell(r#"{"accounts":{"on":"2299-12-31"}}"#).unwrap()
    }

    fn facts(&self) -> usize {
        let about = self.tell(r#"{"book":{}}"#).unwrap();
        let (_, rest) = about.split_once(r#""facts":"#).unwrap();
        rest.split(',').next().unwrap().parse().unwrap()
    }

    fn verify(&self) -> Result<usize, Wrong> {
        let mut view =
            parure_verified_view { size: size_of::<parure_verified_view>(), facts: 0, accounts: 0 };
        let mut error = null_mut();
        // SAFETY: a live book, and room for what is answered.
        let status = unsafe { parure_book_verify(self.0, &raw mut view, &raw mut error) };
        done(status, error).map(|()| view.facts)
    }

    fn backup(&self, to: &Path) -> Result<(), Wrong> {
        let (to, mut error) = (to.to_str().unwrap(), null_mut());
        // SAFETY: a live book, a text that lives on.
        let status = unsafe { parure_book_backup(self.0, to.as_ptr().cast(), to.len(), &raw mut error) };
        done(status, error)
    }

    fn compact(&self) -> Result<usize, Wrong> {
        let (mut dropped, mut error) = (0, null_mut());
        // SAFETY: a live book, and room for what is answered.
        let status = unsafe { parure_book_compact(self.0, &raw mut dropped, &raw mut error) };
        done(status, error).map(|()| dropped)
    }

    /// A purchase of 10.00 through the typed function.
    fn buy(&self, id: &str) -> Result<(), Wrong> {
        let none = parure_text { data: null(), length: 0 };
        let line = parure_line {
            size: size_of::<parure_line>(),
            id: parure_text::of("1"),
            item: none,
            category: none,
            quantity_micros: PARURE_ONE_PIECE,
            amount_minor: 1_000,
            components: null(),
            component_count: 0,
            piece: none,
            price_minor: 0,
        };
        let basket = parure_basket {
            size: size_of::<parure_basket>(),
            lines: &raw const line,
            line_count: 1,
            discount_minor: 0,
            tenders: null(),
            tender_count: 0,
        };
        let envelope = parure_envelope {
            size: size_of::<parure_envelope>(),
            id: parure_text::of(id),
            at: parure_moment { micros: 1_795_000_000_000_000, offset_minutes: 480 },
            customer: parure_text::of("wang-fang"),
            store: none,
            staff: none,
            terminal: none,
        };
        let (mut outcome, mut error) = (null_mut(), null_mut());
        // SAFETY: a live book, structs that live on, and room for what is answered.
        unsafe {
            let (when, what) = (&raw const envelope, &raw const basket);
            let status = parure_book_record_purchase(self.0, when, what, &raw mut outcome, &raw mut error);
            assert_eq!(outcome.is_null(), status != PARURE_OK);
            parure_outcome_free(outcome);
            done(status, error)
        }
    }
}

fn joined(number: usize) -> String {
    format!(
        r#"{{"id":"new-{number}","at":"2026-11-26T10:00:00+08:00","customer":"new-{number}","joined":{{}}}}"#
    )
}

/// A year of a shop in a file that is closed.
fn shop() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("店.db");
    create(&path).unwrap().year();
    (folder, path)
}

fn altered(path: &Path, sql: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

fn code<T: std::fmt::Debug>(told: Result<T, Wrong>) -> String {
    let wrong = told.unwrap_err();
    assert_eq!(wrong.status, PARURE_FAULT, "{wrong:?}");
    assert!(!wrong.advice.is_empty(), "{wrong:?}");
    wrong.code
}

#[test]
fn what_was_answered_is_there_when_it_is_opened_again() {
    let (_folder, path) = shop();
    let book = open(&path).unwrap();
    book.buy("p-new").unwrap();
    book.buy("p-new").unwrap();
    let all = book.all();
    drop(book);
    let book = open(&path).unwrap();
    assert_eq!((book.facts(), book.verify(), book.all()), (55, Ok(55), all));
    let no = book
        .tell(r#"{"record":{"fact":{"id":"x","at":"2026-11-26T10:00:00+08:00","customer":"nobody","redeemed":{"points":1,"reward":"tote"}}}}"#)
        .unwrap();
    assert!(no.ends_with(r#""status":"refused"}"#), "{no}");
    assert_eq!(book.facts(), 55);
}

#[test]
fn a_backup_a_seal_and_a_smaller_file() {
    let (folder, path) = shop();
    let copy = folder.path().join("copy.db");
    let book = open(&path).unwrap();
    book.backup(&copy).unwrap();
    assert_eq!(code(book.backup(&copy)), "backup_exists");
    assert_eq!(code(book.backup(&folder.path().join("no/such/folder.db"))), "journal_path");
    assert_eq!(book.compact(), Ok(0));
    assert_eq!(book.tell(r#"{"seal":{"day":"2026-07-01"}}"#).unwrap(), r#"{"sealed_until":"2026-07-01"}"#);
    let all = book.all();
    assert!(book.compact().unwrap() > 0);
    drop(book);
    let (book, copied) = (open(&path).unwrap(), open(&copy).unwrap());
    assert_eq!((book.all(), book.verify(), copied.verify()), (all, Ok(54), Ok(54)));
    copied.buy("p-new").unwrap();
    assert_eq!((copied.verify(), book.facts()), (Ok(55), 54));
}

#[test]
fn a_book_in_memory_has_no_file() {
    let (_folder, path) = shop();
    let (mut program, mut book) = (null_mut(), null_mut());
    // SAFETY: texts that live on, and room for what is answered.
    unsafe {
        let rules = RULES.as_ptr().cast();
        parure_program_parse(c"m".as_ptr(), 1, rules, RULES.len(), &raw mut program, null_mut());
        assert_eq!(parure_book_new(program, &raw mut book, null_mut()), PARURE_OK);
        parure_program_free(program);
    }
    let book = Book(book);
    assert_eq!(code(book.verify()), "no_journal");
    assert_eq!(code(book.compact()), "no_journal");
    assert_eq!(code(book.backup(&path)), "no_journal");
}

#[test]
fn a_path_that_leads_to_no_journal_is_told() {
    let (folder, path) = shop();
    let within = |name: &str| folder.path().join(name);
    assert_eq!(code(open(folder.path())), "journal_path");
    assert_eq!(code(open(&within("nowhere.db"))), "journal_missing");
    assert_eq!(code(create(&path)), "journal_exists");
    assert_eq!(code(create(folder.path())), "journal_exists");
    assert_eq!(code(create(&within("no/such/folder/shop.db"))), "journal_path");
    assert_eq!(code(create(&path.join("shop.db"))), "journal_path");
    for odd in ["", "\0", &"x".repeat(5_000)] {
        assert_eq!(code(create(Path::new(odd))), "journal_path", "{odd:?}");
        assert_eq!(code(open(Path::new(odd))), "journal_path", "{odd:?}");
    }
    let (mut book, mut error) = (null_mut(), null_mut());
    // SAFETY: bytes that live on, and room for what is answered.
    let told = unsafe {
        let status = parure_book_open(c"\xff".as_ptr(), 1, null(), &raw mut book, &raw mut error);
        done(status, error).unwrap_err()
    };
    assert_eq!((told.status, told.path.as_str()), (PARURE_NOT_UTF8, "path"));
}

#[test]
fn options_are_read_as_every_struct_is() {
    let (_folder, path) = shop();
    let wrong = parure_journal_options { size: 3, ..options(0, 0) };
    assert_eq!(open_with(&path, Some(wrong)).unwrap_err().status, PARURE_STRUCT_SIZE);
    assert_eq!(open_with(&path, Some(options(0, 0))).unwrap().facts(), 54);
}

#[test]
fn a_file_of_something_else_is_told_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let within = |name: &str| folder.path().join(name);
    std::fs::write(within("notes.txt"), "call Wang Fang about the ring ".repeat(100)).unwrap();
    std::fs::write(within("empty.db"), "").unwrap();
    altered(&within("orders.db"), "CREATE TABLE orders (id INTEGER); PRAGMA application_id = 7");
    for name in ["notes.txt", "empty.db", "orders.db"] {
        let before = std::fs::read(within(name)).unwrap();
        assert_eq!(code(open(&within(name))), "journal_foreign");
        assert_eq!(std::fs::read(within(name)).unwrap(), before);
    }
}

#[test]
fn a_newer_layout_is_told_and_not_touched() {
    let (_folder, path) = shop();
    altered(&path, "PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
    let before = std::fs::read(&path).unwrap();
    assert_eq!(code(open(&path)), "journal_newer");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_fact_that_was_changed_is_told_with_its_place() {
    let (_folder, path) = shop();
    altered(&path, "UPDATE kept SET fact = fact || ' ' WHERE seq = 20");
    let wrong = open(&path).unwrap_err();
    assert_eq!((wrong.code.as_str(), wrong.path.as_str()), ("journal_damaged", "facts[20]"));
    let (_folder, path) = shop();
    altered(&path, "UPDATE standing SET balance = balance + 1 WHERE account = 'wang-fang'");
    let book = open(&path).unwrap();
    assert_eq!(code(book.verify()), "journal_damaged");
    book.buy("p-new").unwrap();
}

#[test]
fn one_process_at_a_time() {
    let (_folder, path) = shop();
    let book = open(&path).unwrap();
    assert_eq!(code(open(&path)), "journal_locked");
    assert_eq!(code(open_with(&path, Some(options(30, 0)))), "journal_locked");
    let waiting =
        std::thread::spawn(move || open_with(&path, Some(options(60_000, 0))).map(|book| book.facts()));
    std::thread::sleep(std::time::Duration::from_millis(60));
    drop(book);
    assert_eq!(waiting.join().unwrap(), Ok(54));
}

#[test]
fn a_full_file_changes_nothing_and_room_lets_it_go_on() {
    let (_folder, path) = shop();
    let facts: Vec<String> = (0..2_000).map(joined).collect();
    let merge = format!(r#"{{"merge":{{"facts":[{}]}}}}"#, facts.join(","));
    let book = open_with(&path, Some(options(0, 1))).unwrap();
    let all = book.all();
    let full = |told: Result<(), Wrong>| {
        let wrong = told.unwrap_err();
        assert_eq!((wrong.status, wrong.code.as_str(), wrong.path.as_str()), (PARURE_FAULT, "disk_full", ""));
        assert!(wrong.advice.contains("make room"), "{wrong:?}");
    };
    full(book.tell(&merge).map(drop));
    assert_eq!(book.all(), all);
    let mut bought = 0;
    let told = loop {
        if let Err(wrong) = book.buy(&format!("p-{bought}")) {
            break wrong;
        }
        bought += 1;
    };
    full(Err(told));
    full(book.tell(&format!(r#"{{"record":{{"fact":{}}}}}"#, joined(3))).map(drop));
    assert_eq!(book.facts(), 54 + bought);
    let all = book.all();
    drop(book);
    let book = open(&path).unwrap();
    assert_eq!(book.all(), all);
    assert!(book.tell(&merge).unwrap().contains(r#""new":2000"#));
    assert_eq!(book.verify(), Ok(2_054 + bought));
}

/// The program tries itself again as somebody who may not write: root may write everything.
#[cfg(unix)]
#[test]
fn a_file_that_can_not_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    if let Some(folder) = std::env::var_os("PARURE_MAY_NOT_WRITE") {
        let folder = PathBuf::from(folder);
        assert_eq!(code(open(&folder.join("shop.db"))), "journal_read_only");
        assert_eq!(code(create(&folder.join("locked/shop.db"))), "journal_read_only");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let within = |name: &str| folder.path().join(name);
    let mode = |name: &str, mode| {
        std::fs::set_permissions(within(name), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    create(&within("shop.db")).unwrap().year();
    std::fs::create_dir(within("locked")).unwrap();
    let program = within("tries");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    for (name, bits) in
        [("shop.db", 0o444), ("shop.db-lock", 0o666), ("locked", 0o555), ("tries", 0o755), ("", 0o755)]
    {
        mode(name, bits);
    }
    let before = std::fs::read(within("shop.db")).unwrap();
    let mut again = std::process::Command::new(&program);
    again.args(["--exact", "a_file_that_can_not_be_written_is_told"]);
    again.env("PARURE_MAY_NOT_WRITE", folder.path());
    // Who may not change who they are (anybody but root) tries as they are.
    let told = again.uid(65_534).output().or_else(|_| {
        let mut again = std::process::Command::new(&program);
        again.args(["--exact", "a_file_that_can_not_be_written_is_told"]);
        again.env("PARURE_MAY_NOT_WRITE", folder.path()).output()
    });
    let told = told.unwrap();
    assert!(told.status.success(), "{told:?}");
    assert_eq!(std::fs::read(within("shop.db")).unwrap(), before);
    assert_eq!(std::fs::read_dir(within("locked")).unwrap().count(), 0);
    mode("locked", 0o755);
}

#[test]
fn copies_come_to_hold_the_same_facts() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, till) =
        (create(&folder.path().join("shop.db")).unwrap(), create(&folder.path().join("till.db")).unwrap());
    shop.year();
    let mut parts = 0;
    loop {
        let (changes, more) = shop.changes_since(&till.known().unwrap(), 20).unwrap();
        let received = till.merge_changes(&changes).unwrap();
        parts += 1;
        if !more {
            assert!(received.contains(r#""ahead":[]"#) && received.contains(r#""new":14"#), "{received}");
            break;
        }
    }
    assert_eq!((parts, till.facts(), till.all()), (3, 54, shop.all()));

    let code = |wrong: Wrong| (wrong.status, wrong.code);
    let damaged = (PARURE_FAULT, "sync_damaged".to_owned());
    assert_eq!(code(till.merge_changes("{}").unwrap_err()), damaged);
    assert_eq!(code(shop.changes_since("known", 9).unwrap_err()), damaged);
    assert_eq!(till.facts(), 54);
}

#[test]
fn how_far_ahead_of_the_clock_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    drop(create(&path).unwrap());
    let joined =
        r#"{"record":{"fact":{"id":"j-1","at":"2099-01-01T10:00:00+08:00","customer":"mei","joined":{}}}}"#;
    for (ahead_s, answer) in [(0, "in_future"), (60, "in_future"), (u32::MAX, "accepted")] {
        let shop = open_with(&path, Some(parure_journal_options { ahead_s, ..options(0, 0) })).unwrap();
        let told = shop.tell(joined).unwrap();
        assert!(told.contains(answer), "{ahead_s}: {told}");
    }
}
