//! What can't be opened, read or written is told with a stable code and what to do; the book is as before.

use parure::book::Book;
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use parure_journal::{Journal, Options, create, export, open, open_with};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

fn program() -> Program {
    Program::parse("maison.toml", include_str!("../../../examples/maison.toml")).unwrap()
}

fn shop_of_facts() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let shop = create(&path, &program()).unwrap();
    merge_year(&shop);
    (folder, path)
}

fn merge_year(shop: &Journal) {
    let yuan = shop.currency();
    let facts = include_str!("../../../examples/maison.jsonl").lines();
    shop.merge(facts.map(|line| Fact::from_json(line, yuan).unwrap())).unwrap();
}

fn altered(path: &Path, sql: &str) {
    let file = Connection::open(path).unwrap();
    file.pragma_update(None, "foreign_keys", false).unwrap();
    file.execute_batch(sql).unwrap();
}

fn code(path: &Path) -> &'static str {
    let fault = open(path).unwrap_err();
    assert!(fault.advice.is_some(), "{fault:?}");
    fault.code
}

#[test]
fn a_path_that_leads_to_no_journal_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(folder.path()), "journal_path");
    assert_eq!(code(&folder.path().join("nowhere.db")), "journal_missing");
    assert_eq!(
        create(folder.path().join("no/such/folder/shop.db"), &program()).unwrap_err().code,
        "journal_path"
    );
    assert_eq!(create(folder.path(), &program()).unwrap_err().code, "journal_exists");
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "call Wang Fang").unwrap();
    assert_eq!(code(&file.join("shop.db")), "journal_path");
    assert_eq!(create(file.join("shop.db"), &program()).unwrap_err().code, "journal_path");
}

#[test]
fn a_backup_that_can_not_be_written_is_told() {
    let (folder, path) = shop_of_facts();
    let shop = open(&path).unwrap();
    for to in ["no/such/folder/copy.db", "shop.db/copy.db"] {
        let fault = shop.backup(folder.path().join(to)).unwrap_err();
        assert_eq!((fault.code, fault.advice.is_some()), ("journal_path", true), "{to}");
    }
    assert_eq!(shop.backup(&path).unwrap_err().code, "backup_exists");
    shop.verify().unwrap();
}

#[test]
fn a_file_of_something_else_is_told_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "call Wang Fang about the ring ".repeat(100)).unwrap();
    assert_eq!(code(&text), "journal_foreign");
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("call Wang"));
    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert_eq!(code(&empty), "journal_foreign");
    assert_eq!(std::fs::metadata(&empty).unwrap().len(), 0);
    let other = folder.path().join("other.db");
    altered(&other, "CREATE TABLE orders (id INTEGER); PRAGMA application_id = 7;");
    let before = std::fs::read(&other).unwrap();
    assert_eq!(code(&other), "journal_foreign");
    assert_eq!(std::fs::read(&other).unwrap(), before);
}

#[test]
fn a_newer_layout_is_told_and_not_touched() {
    let (_folder, path) = shop_of_facts();
    altered(&path, "PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE);");
    assert_eq!(code(&path), "journal_newer");
    assert_eq!(export(&path, Vec::new()).unwrap_err().code, "journal_newer");
}

#[test]
fn one_process_at_a_time() {
    let (_folder, path) = shop_of_facts();
    let shop = open(&path).unwrap();
    assert_eq!(code(&path), "journal_locked");
    let waiting = std::thread::spawn({
        let path = path.clone();
        move || {
            open_with(path, Options::default().with_wait(Duration::from_secs(20)))
                .map(|shop| shop.ask(Book::facts))
        }
    });
    std::thread::sleep(Duration::from_millis(60));
    drop(shop);
    assert_eq!(waiting.join().unwrap().unwrap(), 54);
}

#[test]
fn a_full_disk_changes_nothing_and_room_lets_it_go_on() {
    let (_folder, path) = shop_of_facts();
    let shop = open(&path).unwrap();
    let yuan = shop.currency();
    let (book, on) = (shop.ask(|book| book.to_json(Day::LAST)), Day::LAST);
    drop(shop);
    let shop = open_with(&path, Options::default().with_most_pages(1)).unwrap();
    let facts: Vec<String> = (0..2_000)
        .map(|n| {
            format!(
                r#"{{"id":"new-{n}","at":"2026-11-26T10:00:00+08:00","customer":"new-{n}","joined":{{}}}}"#
            )
        })
        .collect();
    let facts: Vec<Fact<'_>> = facts.iter().map(|text| Fact::from_json(text, yuan).unwrap()).collect();
    let fault = shop.merge(&facts).unwrap_err();
    assert_eq!(fault.code, "disk_full");
    assert_eq!(shop.ask(|book| book.to_json(on)), book);
    let fault = shop.record_all(&facts).unwrap_err();
    assert_eq!((fault.code, shop.ask(Book::facts)), ("disk_full", 54));
    drop(shop);
    let shop = open(&path).unwrap();
    assert_eq!(shop.ask(|book| book.to_json(on)), book);
    assert_eq!(shop.merge(&facts).unwrap().new, 2_000);
    shop.verify().unwrap();
}

#[test]
fn a_changed_fact_is_told_with_its_place_and_the_others_are_exported() {
    let (_folder, path) = shop_of_facts();
    altered(&path, "UPDATE kept SET fact = replace(fact, '12800.00', '128000.00') WHERE seq = 20");
    altered(&path, "UPDATE kept SET fact = fact || ' ' WHERE seq = 20");
    let fault = open(&path).unwrap_err();
    assert_eq!((fault.code, fault.path.as_str()), ("journal_damaged", "facts[20]"));
    let mut lines = Vec::new();
    let exported = export(&path, &mut lines).unwrap();
    assert_eq!((exported.facts, exported.damaged.as_slice()), (53, &[20][..]));
    assert_eq!(String::from_utf8(lines).unwrap().lines().count(), 53);
}

#[test]
fn what_is_missing_or_does_not_follow_is_told() {
    for (sql, place) in [
        ("DELETE FROM kept WHERE seq > 50", "facts[50]"),
        ("DELETE FROM kept WHERE seq = 30", "facts[30]"),
        ("UPDATE kept SET recorded_at = '2020-01-01T00:00:00Z' WHERE seq = 10", "facts[10]"),
        ("UPDATE kept SET seq = 1000 WHERE seq = 54", "facts[54]"),
    ] {
        let (_folder, path) = shop_of_facts();
        altered(&path, sql);
        let fault = open(&path).unwrap_err();
        assert_eq!((fault.code, fault.path.as_str()), ("journal_damaged", place), "{sql}: {fault}");
    }
}

#[test]
fn what_opening_does_not_look_at_verifying_does() {
    let (_folder, path) = shop_of_facts();
    altered(&path, "UPDATE kept SET moved = json_replace(moved, '$[0][1]', 7) WHERE seq = 21");
    let shop = open(&path).unwrap();
    let fault = shop.verify().unwrap_err();
    assert_eq!(fault.code, "journal_damaged");
    assert!(fault.message.contains("postings"), "{fault}");
}

#[test]
fn what_is_held_of_other_copies_is_told_where_it_can_not_be_read() {
    let (_folder, path) = shop_of_facts();
    for (column, value) in
        [("numbers", "'[[5,1]]'"), ("numbers", "'?'"), ("sum", "x'00'"), ("numbers", "x'ff'")]
    {
        let (_folder, other) = shop_of_facts();
        altered(&other, &format!("UPDATE copies SET {column} = {value}"));
        let shop = open(&other).unwrap();
        let known = open(&path).unwrap().known().unwrap();
        assert_eq!(shop.known().unwrap_err().code, "journal_damaged", "{value}");
        assert_eq!(shop.changes_since(&known, 9).unwrap_err().code, "journal_damaged", "{value}");
        assert_eq!(shop.verify().unwrap_err().code, "journal_damaged", "{value}");
    }
}

#[test]
fn what_is_shown_beside_the_facts_is_held_to_them() {
    for (sql, what) in [
        ("UPDATE kept SET at = '2026-01-01T10:00:00+08:00' WHERE seq = 30", "beside fact 30"),
        ("UPDATE kept SET day = '2026-01-01' WHERE seq = 30", "beside fact 30"),
        ("UPDATE kept SET kind = 'returned' WHERE seq = 30", "beside fact 30"),
        ("UPDATE kept SET customer = 'somebody' WHERE seq = 30", "beside fact 30"),
        ("UPDATE kept SET customer = x'ff' WHERE seq = 30", "beside fact 30"),
        ("UPDATE kept SET amount_minor = amount_minor + 1 WHERE seq = 20", "beside fact 20"),
        ("UPDATE kept SET moved = '[[\"awarded\",' WHERE seq = 30", "beside fact 30"),
        ("UPDATE kept SET moved = '[[\"awarded\",5,\"nobody\"]]' WHERE seq = 30", "fact 30"),
        (
            "UPDATE standing SET balance = balance + 1 WHERE account = 'wang-fang'",
            "`wang-fang` in the table `standing`",
        ),
        ("UPDATE head SET sum = randomblob(16)", "which facts of other copies"),
        ("DELETE FROM standing WHERE account = 'wang-fang'", "`wang-fang` in the table `standing`"),
        (
            "UPDATE standing SET lots = json_replace(lots, '$[0][3]', '2031-01-01') WHERE account = 'wang-fang'",
            "`wang-fang` in the table `standing`",
        ),
        ("INSERT INTO member VALUES ('nobody', 'wang-fang')", "`nobody` in the table `member`"),
    ] {
        let (_folder, path) = shop_of_facts();
        open(&path).unwrap().verify().unwrap();
        altered(&path, sql);
        let shop = open(&path).unwrap();
        let fault = shop.verify().unwrap_err();
        assert_eq!(fault.code, "journal_damaged");
        assert!(fault.message.contains(what), "{sql}: {fault}");
        // Looking has left nothing behind, and the shop goes on.
        assert_eq!(shop.verify().unwrap_err(), fault);
    }
}

/// All rows of all tables, as text.
fn rows(path: &Path) -> Option<Vec<String>> {
    let file = Connection::open(path).ok()?;
    let mut names = file.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").ok()?;
    let names: Vec<String> = names.query_map([], |row| row.get(0)).ok()?.collect::<Result<_, _>>().ok()?;
    let mut all = Vec::new();
    for name in names {
        let mut select = file.prepare(&format!("SELECT * FROM {name}")).ok()?;
        let columns = select.column_count();
        let mut rows = select.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            let values: Vec<_> = (0..columns).map(|at| row.get_ref(at).unwrap()).collect();
            all.push(format!("{name} {values:?}"));
        }
    }
    Some(all)
}

#[test]
fn bytes_changed_anywhere_are_told_or_change_nothing() {
    let (folder, path) = shop_of_facts();
    altered(&path, "PRAGMA wal_checkpoint(TRUNCATE)");
    let (written, before) = (std::fs::read(&path).unwrap(), rows(&path));
    let mut told = 0;
    for at in (0..written.len()).step_by(701) {
        let mut bytes = written.clone();
        bytes.iter_mut().skip(at).take(3).for_each(|byte| *byte ^= 0x55);
        let changed = folder.path().join(format!("{at}.db"));
        std::fs::write(&changed, bytes).unwrap();
        match open(&changed).and_then(|shop| shop.verify()) {
            Ok(_) => assert_eq!(rows(&changed), before, "at byte {at}"),
            Err(_) => told += 1,
        }
    }
    assert!(told > 20, "{told}");
}

#[test]
fn a_damaged_snapshot_costs_time_and_nothing_else() {
    let (_folder, path) = shop_of_facts();
    let shop = open(&path).unwrap();
    shop.snapshot().unwrap();
    let book = shop.ask(|book| book.to_json(Day::LAST));
    drop(shop);
    altered(&path, "UPDATE snapshot_part SET bytes = zeroblob(length(bytes))");
    assert_eq!(open(&path).unwrap().ask(|book| book.to_json(Day::LAST)), book);
}

#[test]
fn a_file_cut_short_is_told() {
    let (_folder, path) = shop_of_facts();
    altered(&path, "PRAGMA wal_checkpoint(TRUNCATE)");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(code(&path), "journal_damaged");
}

const TOLD: &str = "PARURE_TEST_READ_ONLY";

/// Not a test by itself: the child that may not write everything.
#[test]
fn child() {
    let Ok(folder) = std::env::var(TOLD) else { return };
    let folder = Path::new(&folder);
    assert_eq!(code(&folder.join("file/shop.db")), "journal_read_only");
    assert_eq!(code(&folder.join("folder/shop.db")), "journal_read_only");
    let fault = create(folder.join("folder/new.db"), &program()).unwrap_err();
    assert_eq!((fault.code, fault.advice.is_some()), ("journal_read_only", true));
    println!("told");
}

#[cfg(unix)]
#[test]
fn what_this_user_may_not_write_is_told_and_not_touched() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().unwrap();
    let may =
        |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    let paths = ["file", "folder"].map(|name| folder.path().join(name).join("shop.db"));
    for path in &paths {
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        merge_year(&create(path, &program()).unwrap());
        std::fs::remove_file(format!("{}-lock", path.display())).unwrap();
    }
    let written = paths.each_ref().map(|path| std::fs::read(path).unwrap());
    let [file, in_folder] = &paths;
    may(folder.path(), 0o755);
    may(file, 0o444);
    may(file.parent().unwrap(), 0o777);
    may(in_folder, 0o666);
    may(in_folder.parent().unwrap(), 0o555);
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["child", "--exact", "--nocapture"]).env(TOLD, folder.path());
    // Whoever may write everything (root) is held by nothing: the child is somebody else.
    if std::fs::OpenOptions::new().write(true).open(file).is_ok() {
        child.uid(65_534).gid(65_534);
    }
    let ran = child.output().unwrap();
    assert!(String::from_utf8_lossy(&ran.stdout).contains("told"), "{ran:?}");
    may(in_folder.parent().unwrap(), 0o755);
    assert_eq!(paths.each_ref().map(|path| std::fs::read(path).unwrap()), written);
}

#[test]
fn a_file_that_another_program_writes_to_is_told() {
    let (_folder, path) = shop_of_facts();
    let shop = open(&path).unwrap();
    let book = shop.ask(|book| book.to_json(Day::LAST));
    let joined = r#"{"id":"new","at":"2026-11-26T10:00:00+08:00","customer":"new","joined":{}}"#;
    let joined = Fact::from_json(joined, shop.currency()).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let fault = shop.record(&joined).unwrap_err();
    assert_eq!((fault.code, fault.advice.is_some()), ("journal_locked", true));
    assert_eq!(shop.ask(|book| book.to_json(Day::LAST)), book);
    other.execute_batch("ROLLBACK").unwrap();
    shop.record(&joined).unwrap();
    shop.verify().unwrap();
}
