//! Finding people and who is there twice, asked of a book that goes on: what is found is always what a fresh book would find.

use parure::book::{Answer, Book};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;

const PROGRAM: &str =
    "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
const TYPED: [&str; 8] = ["wf", "王芳", "lina", "8000", "13800138000", "VIP-1", "7K4R", "li"];

fn house() -> Book {
    Book::new(Program::parse("m.toml", PROGRAM).unwrap())
}

fn told(id: &str, day: u32, customer: &str, what: &str) -> String {
    format!(r#"{{"id":"{id}","at":"2026-01-{day:02}T10:00:00+08:00","customer":"{customer}",{what}}}"#)
}

fn record(book: &mut Book, text: &str) {
    let answer = book.record(&Fact::from_json(text, book.currency()).unwrap()).unwrap();
    assert!(matches!(answer, Answer::Accepted { .. }), "{text}: {answer:?}");
}

fn found(book: &Book) -> Vec<String> {
    let all = TYPED.iter().flat_map(|typed| book.find(typed, 5));
    all.map(|one| format!("{} {} {} {}", one.account, one.customer, one.by, one.how)).collect()
}

fn as_a_fresh_book(book: &Book) {
    assert_eq!(found(book), found(&Book::restore(book.snapshot()).unwrap()));
}

#[test]
fn what_is_found_is_what_a_fresh_book_finds() {
    let mut book = house();
    let facts = [
        told("j-1", 1, "c-1", r#""joined":{"name":"王芳","phones":["+8613800138000"],"cards":["VIP-1"]}"#),
        told("j-2", 2, "c-2", r#""joined":{"name":"李娜"}"#),
        told("t-1", 9, "c-1", r#""profile_changed":{"name":"王丽","phones":{"remove":["+8613800138000"]}}"#),
        // Late: what was told after it still counts.
        told("t-0", 5, "c-1", r#""profile_changed":{"name":"王方","other_names":["Fang"]}"#),
        told("p-1", 10, "c-2", r#""purchased":{"lines":[{"id":"1","piece":"7K4R1290","amount":"100.00"}]}"#),
        told("m-1", 11, "c-2", r#""merged":{"into":"c-1"}"#),
        told("u-1", 12, "c-2", r#""unmerged":{"merge":"m-1"}"#),
    ];
    for fact in &facts {
        record(&mut book, fact);
        as_a_fresh_book(&book);
    }
    assert_eq!(book.find("wangli", 5)[0].account, "c-1");
    assert!(book.find("王芳", 5).iter().all(|one| one.how == "sound" || one.customer != "c-1"));
    assert_eq!(book.find("7K4R1290", 5)[0].account, "c-2");

    book.seal(Day::parse("2026-02-01").unwrap()).unwrap();
    as_a_fresh_book(&book);
    let gone = r#"{"id":"e-1","at":"2026-02-02T10:00:00+08:00","customer":"c-1","erased":{"alias":"x-1"}}"#;
    record(&mut book, gone);
    assert!(book.find("wangli", 5).is_empty() && book.find("VIP-1", 5).is_empty());
    as_a_fresh_book(&book);
}

/// A journal asks while facts are pending that it then can't keep.
#[test]
fn what_was_taken_back_is_not_found() {
    let mut book = house();
    record(&mut book, &told("j-1", 1, "c-1", r#""joined":{"name":"王芳"}"#));
    assert_eq!(book.find("wf", 5).len(), 1);
    {
        let yuan = book.currency();
        let mut pending = book.pend();
        let text = told("j-2", 2, "c-2", r#""joined":{"name":"李娜"}"#);
        pending.record(&Fact::from_json(&text, yuan).unwrap()).unwrap();
        assert_eq!(pending.book().find("lina", 5).len(), 1);
    }
    assert!(book.find("lina", 5).is_empty());
    record(&mut book, &told("j-3", 2, "c-3", r#""joined":{"name":"李丽"}"#));
    as_a_fresh_book(&book);
    assert_eq!(book.find("li", 5)[0].account, "c-3");
}

#[test]
fn those_of_whom_a_merge_was_taken_back_are_two() {
    let mut book = house();
    for (no, name) in ["王芳", "wang fang"].iter().enumerate() {
        let (id, customer) = (format!("j-{no}"), format!("c-{no}"));
        let joined = format!(r#""joined":{{"name":"{name}","phones":["+8613800138000"]}}"#);
        record(&mut book, &told(&id, 1, &customer, &joined));
    }
    let pairs = |book: &Book| book.duplicates().into_iter().map(|pair| pair.accounts).collect::<Vec<_>>();
    assert_eq!(pairs(&book), [["c-0", "c-1"]]);
    record(&mut book, &told("m-1", 3, "c-1", r#""merged":{"into":"c-0"}"#));
    assert!(pairs(&book).is_empty());
    record(&mut book, &told("u-1", 4, "c-1", r#""unmerged":{"merge":"m-1"}"#));
    assert!(pairs(&book).is_empty());
}
