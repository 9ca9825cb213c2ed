//! Requests that can't be read: a fault with its code and place, nothing changed, never a panic.

use parure::book::Book;
use parure::calendar::Day;
use parure::program::Program;
use proptest::prelude::*;

const RULES: &str = include_str!("../../../examples/maison.toml");

fn book() -> Book {
    let mut book = Book::new(Program::parse("maison.toml", RULES).unwrap());
    let joined =
        r#"{"record":{"fact":{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}}}"#;
    parure_json::tell(&mut book, joined).unwrap();
    book
}

fn faulted(request: &str) -> (&'static str, String) {
    let mut book = book();
    let before = book.snapshot();
    let error = parure_json::tell(&mut book, request).unwrap_err();
    assert!(book.snapshot() == before, "{request}");
    let asked = parure_json::ask(&book, request).unwrap_err();
    assert!(asked == error || asked.first().code == "changes_book", "{asked} {error}");
    (error.first().code, error.first().path.clone())
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let cases: [(&str, &str, &str); 29] = [
        ("", "wrong_kind", ""),
        ("{", "syntax", ""),
        ("[]", "wrong_kind", ""),
        ("{}", "one_verb", ""),
        (r#"{"book":{}}}"#, "syntax", ""),
        (r#"{"book":{},"verify":{}}"#, "one_verb", ""),
        (r#"{"book":{},"book":{}}"#, "one_verb", ""),
        (r#"{"buk":{}}"#, "unknown_verb", ""),
        (r#"{"book":null}"#, "wrong_kind", "book"),
        (r#"{"book":{"x":1}}"#, "unknown_key", "book.x"),
        (r#"{"account":{"customer":"mei"}}"#, "missing_key", "account.on"),
        (
            r#"{"account":{"customer":"mei","on":"2026-01-01","on":"2026-01-01"}}"#,
            "repeated_key",
            "account.on",
        ),
        (r#"{"account":{"customer":"mei","om":"2026-01-01"}}"#, "unknown_key", "account.om"),
        (r#"{"account":{"customer":7,"on":"2026-01-01"}}"#, "wrong_kind", "account.customer"),
        (r#"{"account":{"customer":null,"on":"2026-01-01"}}"#, "wrong_kind", "account.customer"),
        (r#"{"account":{"customer":"mei","on":"2026-02-30"}}"#, "day_text", "account.on"),
        (r#"{"account":{"customer":"\ud800","on":"2026-02-03"}}"#, "syntax", "account.customer"),
        (r#"{"day_of":{"at":"2026-02-03T10:00:00"}}"#, "naive_time", "day_of.at"),
        (r#"{"record":{"fact":[]}}"#, "wrong_kind", "record.fact"),
        (r#"{"record":{"fact":{"id":"x"}}}"#, "missing_key", "record.fact.at"),
        (
            r#"{"record":{"fact":{"id":"x","id":"x","at":"2026-02-03T10:00:00Z","customer":"mei","joined":{}}}}"#,
            "repeated_key",
            "record.fact",
        ),
        (r#"{"merge":{"facts":{}}}"#, "wrong_kind", "merge.facts"),
        (
            r#"{"merge":{"facts":[{"id":"x","at":"now","customer":"mei","joined":{}}]}}"#,
            "time_text",
            "merge.facts[0].at",
        ),
        (
            r#"{"quote":{"at":"2026-02-03T10:00:00Z","purchase":{"lines":[{"id":"1","amount":1.5}]}}}"#,
            "money_float",
            "quote.purchase.lines[0].amount",
        ),
        (r#"{"quote":{"at":"2026-02-03T10:00:00Z"}}"#, "missing_key", "quote.purchase"),
        (r#"{"check":{"program":"edition = 2026"}}"#, "missing_key", "check.program.name"),
        (r#"{"check":{"program":{"edition":2026}}}"#, "missing_key", "check.program.name"),
        (r#"{"check":{"program":7}}"#, "wrong_kind", "check.program"),
        (r#"{"what_if":{"program":"x","on":"2026-01-01"}}"#, "missing_key", "what_if.program"),
    ];
    for (request, code, path) in cases {
        let (found, place) = faulted(request);
        assert_eq!(found, code, "{request}");
        assert!(place == path || place.starts_with(&format!("{path}.")), "{place}: {request}");
    }
}

#[test]
fn a_place_is_one_in_the_request() {
    let request =
        "{\"record\":\n  {\"fact\": {\"id\":\"x\", \"at\":\"now\", \"customer\":\"mei\", \"joined\":{}}}}";
    let fault = parure_json::tell(&mut book(), request).unwrap_err().first().clone();
    let place = fault.place.unwrap();
    assert_eq!((place.line, &request[place.start..place.end]), (2, "\"now\""));
    let request = "{\"account\":{\"customer\":\"mei\",\n\"on\":\"x\"}}";
    let fault = parure_json::ask(&book(), request).unwrap_err().first().clone();
    assert_eq!((fault.place.unwrap().line, fault.place.unwrap().column), (2, 6));
}

#[test]
fn all_faults_of_a_program_are_told() {
    let error =
        parure_json::ask(&book(), r#"{"check":{"program":"edition = 2026\nname = 7","file":"club.toml"}}"#);
    let error = error.unwrap_err();
    assert!(error.faults().count() >= 3, "{error}");
    assert!(error.to_string().contains("club.toml:2"), "{error}");
    assert!(error.to_json().contains(r#""faults":["#));
}

#[test]
fn of_any_depth_and_any_size() {
    for depth in [33, 200, 100_000, 5_000_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(faulted(&deep).0, "wrong_kind");
        assert!(
            ["too_deep", "too_large"]
                .contains(&faulted(&format!(r#"{{"record":{{"fact":{{"id":{deep}}}}}}}"#)).0)
        );
        assert!(
            ["wrong_kind", "too_long"]
                .contains(&faulted(&format!(r#"{{"account":{{"customer":{deep},"on":"2026-01-01"}}}}"#)).0)
        );
    }
    let long = "x".repeat(parure::fact::FACT_BYTES + 1);
    assert_eq!(faulted(&format!(r#"{{"record":{{"fact":{{"id":"{long}"}}}}}}"#)).0, "too_large");
    assert_eq!(faulted(&format!(r#"{{"account":{{"customer":"{long}","on":"2026-01-01"}}}}"#)).0, "too_long");
    assert_eq!(faulted(&format!(r#"{{"check":{{"program":"{long}"}}}}"#)).0, "too_long");
    assert_eq!(faulted(&" ".repeat(parure_json::REQUEST_BYTES + 1)).0, "too_large");
    let many = r#"{},"#.repeat(parure_json::MOST_FACTS + 1);
    assert_eq!(faulted(&format!(r#"{{"merge":{{"facts":[{many}{{}}]}}}}"#)).0, "too_many");
    let keys: String = (0..100).map(|at| format!(r#""k{at}":0,"#)).collect();
    assert_eq!(faulted(&format!(r#"{{"book":{{{keys}"k":0}}}}"#)).0, "too_many");
}

/// Requests that are right, to be broken.
const RIGHT: [&str; 6] = [
    r#"{"record":{"fact":{"id":"p-1","at":"2026-05-02T15:04:05+08:00","customer":"mei","purchased":{"lines":[{"id":"1","amount":"12800.00"}]}}}}"#,
    r#"{"quote":{"customer":"mei","at":"2026-05-02T15:00:00+08:00","purchase":{"lines":[{"id":"1","amount":"128"}]}}}"#,
    r#"{"account":{"customer":"玉和","on":"2026-05-02"}}"#,
    r#"{"merge":{"facts":[{"id":"j-2","at":"2026-01-01T10:00:00+08:00","customer":"lin","joined":{"birthday":{"lunar":"08-15"}}}]}}"#,
    r#"{"what_if":{"program":{"edition":2026,"name":"M","effective":"2026-01-01","currency":"CNY","time_zone":"Asia/Shanghai"},"on":"2026-05-02"}}"#,
    r#"{"seal":{"day":"2026-03-01"}}"#,
];

proptest! {
    /// Cut, doubled, replaced bytes of requests: read, or a fault that has changed nothing.
    #[test]
    fn broken_requests(which in 0..RIGHT.len(), at in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), put in ".{0,3}") {
        let right = RIGHT[which];
        let mut cuts: Vec<usize> = right.char_indices().map(|(at, _)| at).chain([right.len()]).collect();
        cuts.sort_unstable();
        let (from, to) = (cuts[at.index(cuts.len())], cuts[to.index(cuts.len())]);
        let request = format!("{}{put}{}", &right[..from], &right[to..]);
        let mut book = book();
        let before = (book.to_json(Day::LAST), book.snapshot());
        if let Err(error) = parure_json::tell(&mut book, &request) {
            prop_assert!(!error.first().code.is_empty() && !error.first().message.is_empty());
            let whole = error.faults().filter_map(|fault| fault.place).all(|place| place.start <= place.end);
            prop_assert!(whole && serde_json::from_str::<serde_json::Value>(&error.to_json()).is_ok());
            prop_assert!((book.to_json(Day::LAST), book.snapshot()) == before);
        }
    }
}
