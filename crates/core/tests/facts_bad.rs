//! Bad facts: each is an error with its code and its place, and leaves the book as it was. So does what a book refuses.

use parure::book::{Answer, Book};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::money::Currency;
use parure::program::Program;

const HEAD: &str = "\"id\":\"f-1\",\"at\":\"2026-03-01T15:04:05+08:00\",\"customer\":\"c-1\"";

/// A fact of this customer with this body.
fn with(body: &str) -> String {
    format!("{{{HEAD},{body}}}")
}

fn bought(lines: &str, rest: &str) -> String {
    with(&format!("\"purchased\":{{\"lines\":[{lines}]{rest}}}"))
}

fn line(amount: &str) -> String {
    bought(&format!("{{\"id\":\"1\",\"amount\":{amount}}}"), "")
}

fn quantity(quantity: &str) -> String {
    bought(&format!("{{\"id\":\"1\",\"quantity\":{quantity},\"amount\":\"9.00\"}}"), "")
}

fn at(at: &str) -> String {
    format!("{{\"id\":\"f-1\",\"at\":{at},\"customer\":\"c-1\",\"joined\":{{}}}}")
}

fn id(id: &str) -> String {
    format!("{{\"id\":{id},\"at\":\"2026-03-01T15:04:05Z\",\"customer\":\"c-1\",\"joined\":{{}}}}")
}

fn birthday(date: &str) -> String {
    with(&format!("\"joined\":{{\"birthday\":{date}}}"))
}

fn points(points: &str) -> String {
    with(&format!("\"redeemed\":{{\"points\":{points},\"reward\":\"bag\"}}"))
}

fn paid(tenders: &str) -> String {
    bought("{\"id\":\"1\",\"amount\":\"100.00\"}", &format!(",\"tenders\":{tenders}"))
}

fn parts(components: &str) -> String {
    bought(&format!("{{\"id\":\"1\",\"amount\":\"100.00\",\"components\":{components}}}"), "")
}

fn back(lines: &str) -> String {
    with(&format!("\"returned\":{{\"purchase\":\"p-1\",\"lines\":[{lines}]}}"))
}

fn many(count: usize, what: impl Fn(usize) -> String) -> String {
    (0..count).map(what).collect::<Vec<_>>().join(",")
}

type Bad = (String, &'static str, &'static str);

fn shapes() -> Vec<Bad> {
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    vec![
        (String::new(), "syntax", ""),
        ("{".into(), "syntax", ""),
        ("null".into(), "wrong_kind", ""),
        ("[]".into(), "wrong_kind", ""),
        ("{}".into(), "missing_key", "id"),
        (format!("{} x", with("\"joined\":{}")), "syntax", ""),
        (format!("\u{feff}{}", with("\"joined\":{}")), "syntax", ""),
        (with("\"joined\":{},"), "syntax", ""),
        (with("'joined':{}"), "syntax", ""),
        (with("\"joined\":{\"tags\":[\"\\ud800\"]}"), "syntax", ""),
        (with("\"joined\":{\"tags\":[\"a\tb\"]}"), "syntax", ""),
        (with(&format!("\"joined\":{deep}")), "too_deep", ""),
        (with(&format!("\"joined\":{{\"tags\":[\"{}\"]}}", "x".repeat(5 << 20))), "too_large", ""),
        (with(&format!("\"joined\":{{}}{}", " ".repeat(parure::fact::FACT_BYTES))), "too_large", ""),
        (with("\"joined\":{},\"colour\":1"), "unknown_key", "colour"),
        (with("\"joined\":{\"colour\":1}"), "unknown_key", "joined.colour"),
        (with("\"joinde\":{}"), "one_kind", ""),
        (with("\"joined\":{},\"joined\":{}"), "repeated_key", ""),
        (with("\"joined\":{},\"id\":\"f-2\""), "repeated_key", ""),
        (with("\"joined\":{},\"\\u0069d\":\"f-2\""), "repeated_key", ""),
        (with("\"joined\":{},\"redeemed\":{\"points\":1,\"reward\":\"bag\"}"), "one_kind", ""),
        (format!("{{{HEAD}}}"), "one_kind", ""),
        (with("\"joined\":null"), "wrong_kind", "joined"),
        (with("\"joined\":[]"), "wrong_kind", "joined"),
        (with("\"joined\":\"\""), "wrong_kind", "joined"),
        (with("\"joined\":{\"birthday\":null}"), "wrong_kind", "joined.birthday"),
        (with("\"joined\":{\"forget\":[\"name.x\"]}"), "unknown_key", "joined.forget[0]"),
        (with("\"joined\":{},\"store\":null"), "wrong_kind", "store"),
        (with("\"joined\":{\"tags\":\"couple\"}"), "wrong_kind", "joined.tags"),
        (
            with(&format!("\"joined\":{{\"tags\":[{}]}}", many(101, |at| format!("\"{at}\"")))),
            "too_many",
            "joined.tags",
        ),
        ("{\"id\":\"f\",\"at\":\"2026-03-01T15:04:05Z\",\"joined\":{}}".into(), "missing_key", "customer"),
        ("{\"at\":\"2026-03-01T15:04:05Z\",\"customer\":\"c\",\"joined\":{}}".into(), "missing_key", "id"),
        ("{\"id\":\"f\",\"customer\":\"c\",\"joined\":{}}".into(), "missing_key", "at"),
    ]
}

fn names_and_times() -> Vec<Bad> {
    vec![
        (id("\"\""), "name_text", "id"),
        (id(&format!("\"{}\"", "x".repeat(65))), "name_text", "id"),
        (id(&format!("\"{}\"", "玉".repeat(22))), "name_text", "id"),
        (id("\" f\""), "name_text", "id"),
        (id("\"f\u{3000}\""), "name_text", "id"),
        (id("\"a\\u0000b\""), "name_text", "id"),
        (id("\"a\u{85}b\""), "name_text", "id"),
        (id("1"), "wrong_kind", "id"),
        (id("null"), "wrong_kind", "id"),
        (at("\"2026-03-01T15:04:05\""), "naive_time", "at"),
        (at("\"2026-03-01T15:04:05.1\""), "naive_time", "at"),
        (at("\"2026-03-01T15:04:05.1234567Z\""), "time_digits", "at"),
        (at("\"2026-03-01T15:04:05.Z\""), "time_text", "at"),
        (at("\"2026-03-01 15:04:05Z\""), "time_text", "at"),
        (at("\"2026-03-01T15:04:05z\""), "time_text", "at"),
        (at("\"2026-03-01t15:04:05Z\""), "time_text", "at"),
        (at("\"2026-03-01T15:04Z\""), "time_text", "at"),
        (at("\"2026-03-01T24:00:00Z\""), "time_text", "at"),
        (at("\"2026-03-01T15:04:60Z\""), "time_text", "at"),
        (at("\"2026-03-01T15:04:05+8\""), "time_text", "at"),
        (at("\"2026-03-01T15:04:05+0800\""), "time_text", "at"),
        (at("\"2026-03-01T15:04:05+24:00\""), "time_text", "at"),
        (at("\"2026-03-01T15:04:05 Asia/Shanghai\""), "time_text", "at"),
        (at("\"2026-02-29T15:04:05Z\""), "time_text", "at"),
        (at("\"1799-12-31T15:04:05Z\""), "time_text", "at"),
        (at("\"2300-01-01T15:04:05Z\""), "time_text", "at"),
        (at("\"２０２６-03-01T15:04:05Z\""), "time_text", "at"),
        (at("\"\""), "time_text", "at"),
        (at("1772348645"), "wrong_kind", "at"),
        (birthday("\"2023-02-29\""), "date_unreal", "joined.birthday"),
        (birthday("\"02-30\""), "date_unreal", "joined.birthday"),
        (birthday("\"13-01\""), "date_unreal", "joined.birthday"),
        (birthday("\"5-20\""), "date_text", "joined.birthday"),
        (birthday("\"90-05-20\""), "date_text", "joined.birthday"),
        (birthday("\"1990-05-20-01\""), "date_text", "joined.birthday"),
        (birthday("\"1799-05-20\""), "date_text", "joined.birthday"),
        (birthday("\"+990-05-20\""), "date_text", "joined.birthday"),
        (birthday("\"０５-20\""), "date_text", "joined.birthday"),
        (birthday("\"\""), "date_text", "joined.birthday"),
        (birthday("{\"lunar\":\"13-01\"}"), "date_unreal", "joined.birthday"),
        (birthday("{\"lunar\":\"01-31\"}"), "date_unreal", "joined.birthday"),
        // 2021 had no leap fourth month.
        (birthday("{\"lunar\":\"2021-04-11\",\"leap\":true}"), "date_unreal", "joined.birthday"),
        (birthday("{\"lunar\":\"八月十五\"}"), "too_long", "joined.birthday.lunar"),
        (birthday("{\"lunar\":\"八-1\"}"), "date_text", "joined.birthday.lunar"),
        (birthday("{\"leap\":true}"), "missing_key", "joined.birthday.lunar"),
        (birthday("{\"lunar\":\"08-15\",\"leap\":\"yes\"}"), "wrong_kind", "joined.birthday.leap"),
        (
            with("\"tier_granted\":{\"tier\":\"gold\",\"reason\":\"x\",\"last_day\":\"2026-02-29\"}"),
            "day_text",
            "tier_granted.last_day",
        ),
        (
            with("\"tier_granted\":{\"tier\":\"gold\",\"reason\":\"x\"}"),
            "missing_key",
            "tier_granted.last_day",
        ),
    ]
}

fn numbers() -> Vec<Bad> {
    const AMOUNT: &str = "purchased.lines[0].amount";
    const QUANTITY: &str = "purchased.lines[0].quantity";
    const POINTS: &str = "redeemed.points";
    let mut all = Vec::new();
    for text in ["100.5", "1e3", "1E3", "1.0", "0.1e1"] {
        all.push((line(text), "money_float", AMOUNT));
        all.push((quantity(text), "quantity_float", QUANTITY));
        all.push((points(text), "whole_number", POINTS));
    }
    let no_number = [
        "+1",
        "1e3",
        "1_000",
        "007",
        "00.5",
        "１００",
        "1,000.00",
        "1.",
        ".5",
        "",
        " 1",
        "1 ",
        "--1",
        "0x10",
        "NaN",
        "inf",
        "¥1",
        "1.0.0",
        "−1",
        "1\u{a0}000",
    ];
    for text in no_number {
        all.push((line(&format!("\"{text}\"")), "money_text", AMOUNT));
        all.push((quantity(&format!("\"{text}\"")), "quantity_text", QUANTITY));
        all.push((points(&format!("\"{text}\"")), "wrong_kind", POINTS));
    }
    for text in ["+1", "1_000", "007", "１００", ".5", "NaN", "0x10", "1."] {
        all.push((line(text), "syntax", ""));
        all.push((points(text), "syntax", ""));
    }
    for text in ["null", "true", "[]", "{}"] {
        all.push((line(text), "wrong_kind", AMOUNT));
        all.push((quantity(text), "wrong_kind", QUANTITY));
        all.push((points(text), "wrong_kind", POINTS));
    }
    for text in
        ["\"1000000000000000\"", "1000000000000000", "\"-1000000000000000.00\"", "99999999999999999999999"]
    {
        all.push((line(text), "money_range", AMOUNT));
    }
    for text in ["0", "-1", "1000000000001", "9223372036854775808", "-9223372036854775809"] {
        all.push((points(text), "number_range", POINTS));
    }
    all.extend([
        (line("\"100.001\""), "money_digits", AMOUNT),
        (line("\"100.000\""), "money_digits", AMOUNT),
        (line("\"-0.01\""), "negative_amount", AMOUNT),
        (line("-1"), "negative_amount", AMOUNT),
        (quantity("\"1.0000001\""), "quantity_digits", QUANTITY),
        (quantity("\"1000000000\""), "quantity_range", QUANTITY),
        (quantity("\"-1\""), "quantity_range", QUANTITY),
        (quantity("\"0\""), "no_quantity", QUANTITY),
        (with("\"adjusted\":{\"points\":0,\"reason\":\"x\"}"), "number_range", "adjusted.points"),
        (
            with("\"adjusted\":{\"points\":-1000000000001,\"reason\":\"x\"}"),
            "number_range",
            "adjusted.points",
        ),
        (with("\"adjusted\":{\"points\":5,\"reason\":\" \"}"), "no_reason", "adjusted.reason"),
        (with("\"adjusted\":{\"points\":5,\"reason\":\"a\\u0007\"}"), "control_character", "adjusted.reason"),
        (
            with(&format!("\"adjusted\":{{\"points\":5,\"reason\":\"{}\"}}", "x".repeat(1_025))),
            "too_long",
            "adjusted.reason",
        ),
    ]);
    all
}

fn baskets() -> Vec<Bad> {
    let row = |at: usize| format!("{{\"id\":\"{at}\",\"amount\":\"1.00\"}}");
    let huge = "{\"id\":\"1\",\"amount\":\"999999999999999.99\"},{\"id\":\"2\",\"amount\":\"0.01\"}";
    vec![
        (bought("", ""), "no_lines", "purchased.lines"),
        (bought(&many(1_001, row), ""), "too_many", "purchased.lines"),
        (bought(&format!("{},{}", row(1), row(1)), ""), "repeated_line", "purchased.lines[1].id"),
        (bought(huge, ""), "money_range", "purchased.lines"),
        (bought(&row(1), ",\"discount\":\"1.01\""), "discount_exceeds", "purchased.discount"),
        (bought(&row(1), ",\"discount\":\"-0.01\""), "discount_exceeds", "purchased.discount"),
        (bought(&row(1), ",\"discount\":0.5"), "money_float", "purchased.discount"),
        (parts("{\"labour\":\"100.01\"}"), "components_exceed", "purchased.lines[0].components"),
        (
            parts("{\"metal\":\"100.00\",\"labour\":\"0.01\"}"),
            "components_exceed",
            "purchased.lines[0].components",
        ),
        (parts("{\"metal\":\"-1.00\"}"), "negative_amount", "purchased.lines[0].components.metal"),
        (parts("{\"metal\":\"1.00\",\"metal\":\"1.00\"}"), "repeated_key", ""),
        (parts("{\"\":\"1.00\"}"), "name_text", "purchased.lines[0].components"),
        (
            parts(&format!("{{{}}}", many(17, |at| format!("\"{at}\":\"1.00\"")))),
            "too_many",
            "purchased.lines[0].components",
        ),
        (paid("[{\"card\":\"99.99\"}]"), "tenders_differ", "purchased.tenders"),
        (paid("[{\"card\":\"100.00\"},{\"cash\":\"0.01\"}]"), "tenders_differ", "purchased.tenders"),
        (paid("[{\"card\":\"200.00\"},{\"cash\":\"-100.00\"}]"), "negative_amount", "purchased.tenders[1]"),
        (paid("[{\"card\":\"1.00\",\"cash\":\"100.00\"}]"), "tender_text", "purchased.tenders[0]"),
        (paid("[{\"card\":\"1.00\",\"cash\":\"1.00\",\"x\":\"98.00\"}]"), "too_many", "purchased.tenders[0]"),
        (paid("[{\"amount\":\"100.00\"}]"), "tender_text", "purchased.tenders[0]"),
        (paid("[{\"points\":100}]"), "tender_text", "purchased.tenders[0]"),
        (paid("[{}]"), "tender_text", "purchased.tenders[0]"),
        (paid("[{\"points\":0,\"amount\":\"100.00\"}]"), "number_range", "purchased.tenders[0].points"),
        (paid("[{\"points\":\"100\",\"amount\":\"100.00\"}]"), "wrong_kind", "purchased.tenders[0].points"),
        (
            paid("[{\"points\":1,\"amount\":\"50.00\"},{\"points\":1,\"amount\":\"50.00\"}]"),
            "points_tender",
            "purchased.tenders[1]",
        ),
        (paid("[{\" card\":\"100.00\"}]"), "name_text", "purchased.tenders[0]"),
        (paid(&format!("[{}]", many(33, |_| "{\"card\":\"1.00\"}".into()))), "too_many", "purchased.tenders"),
    ]
}

fn others() -> Vec<Bad> {
    let row = |at: usize| format!("{{\"id\":\"{at}\",\"quantity\":\"1\",\"amount\":\"1.00\"}}");
    let given = |rest: &str| with(&format!("\"given\":{{\"to\":\"c-2\",\"points\":5{rest}}}"));
    let lot = |points: &str, rest: &str| {
        given(&format!(",\"lots\":[{{\"points\":{points},\"first_day\":\"2026-03-01\"{rest}}}]"))
    };
    let adopted = |program: &str| {
        format!("{{\"id\":\"v\",\"at\":\"2026-03-01T15:04:05Z\",\"adopted\":{{\"program\":{program}}}}}")
    };
    vec![
        (back(""), "no_lines", "returned.lines"),
        (back(&many(1_001, row)), "too_many", "returned.lines"),
        (back(&format!("{},{}", row(1), row(1))), "repeated_line", "returned.lines[1].id"),
        (
            back("{\"id\":\"1\",\"quantity\":\"1\",\"amount\":\"-1.00\"}"),
            "negative_amount",
            "returned.lines[0].amount",
        ),
        (
            back("{\"id\":\"1\",\"quantity\":\"0\",\"amount\":\"0.00\"}"),
            "nothing_returned",
            "returned.lines[0]",
        ),
        (back("{\"id\":\"1\",\"amount\":\"1.00\"}"), "missing_key", "returned.lines[0].quantity"),
        (lot("6", ""), "lots_differ", "given.lots"),
        (lot("5", ",\"last_day\":\"2026-02-28\""), "lots_differ", "given.lots[0]"),
        (lot("0", ""), "number_range", "given.lots[0].points"),
        (with("\"merged\":{\"into\":\"\"}"), "name_text", "merged.into"),
        (with("\"unmerged\":{}"), "missing_key", "unmerged.merge"),
        (with("\"redemption_reversed\":{\"redemption\":7}"), "wrong_kind", "redemption_reversed.redemption"),
        (with("\"adopted\":{\"program\":\"\"}"), "unknown_key", "customer"),
        (adopted("\"\""), "missing_key", "adopted.program.edition"),
        (adopted("\"{\""), "syntax", "adopted.program"),
        (adopted("{\"edition\":2026}"), "missing_key", "adopted.program.name"),
        (adopted("7"), "wrong_kind", "adopted.program"),
        (adopted(&format!("\"{}\"", "#".repeat(1_048_577))), "too_large", "adopted.program"),
    ]
}

#[test]
fn each_bad_fact_is_told_with_its_code_and_place() {
    let yuan = Currency::parse("CNY").unwrap();
    let all = [shapes(), names_and_times(), numbers(), baskets(), others()].concat();
    assert!(all.len() > 200, "{}", all.len());
    let mut told = Vec::new();
    for (text, code, path) in &all {
        let shown: String = text.chars().take(200).collect();
        match Fact::from_json(text, yuan) {
            Ok(_) => told.push(format!("read, though {code} at `{path}`: {shown}")),
            Err(fault) if (fault.code, fault.path.as_str()) == (*code, *path) => {
                let place = fault.place.is_some() || fault.code == "too_large";
                assert!(place, "{fault} has no place: {shown}");
            }
            Err(fault) => {
                told.push(format!("{} at `{}`, not {code} at `{path}`: {shown}", fault.code, fault.path));
            }
        }
    }
    assert!(told.is_empty(), "{} of {}:\n{}", told.len(), all.len(), told.join("\n"));
}

#[test]
fn the_bounds_themselves_are_read() {
    let yuan = Currency::parse("CNY").unwrap();
    let row = |at: usize| format!("{{\"id\":\"{at}\",\"amount\":\"1.00\"}}");
    let all = [
        bought(&many(1_000, row), ""),
        line("\"999999999999999.99\""),
        line("\"0\""),
        line("-0"),
        quantity("\"999999999.999999\""),
        points("1000000000000"),
        id(&format!("\"{}\"", "x".repeat(64))),
        paid(&format!("[{},{{\"cash\":\"69.00\"}}]", many(31, |_| "{\"card\":\"1.00\"}".into()))),
        parts(&format!("{{{}}}", many(16, |at| format!("\"{at}\":\"1.00\"")))),
        birthday("\"02-29\""),
        at("\"1800-01-01T00:00:00+14:00\""),
        at("\"2299-12-31T23:59:59.999999-12:00\""),
        with(&format!("\"joined\":{{\"tags\":[{}]}}", many(100, |at| format!("\"{at}\"")))),
        with(&format!("\"adjusted\":{{\"points\":-1000000000000,\"reason\":\"{}\"}}", "x".repeat(1_024))),
    ];
    for text in all {
        let fact = Fact::from_json(&text, yuan).unwrap_or_else(|fault| panic!("{fault}: {text:.200}"));
        let json = fact.to_json(yuan);
        assert_eq!(Fact::from_json(&json, yuan).unwrap(), fact);
    }
}

const PROGRAM: &str = "edition = 2026\nname = \"M\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"\n\
    [points.spend]\nworth = { points = 100, amount = \"5.00\" }\nleast = 20\nstep = 20\nshare = \"50%\"\n\
    [[earn]]\nid = \"standard\"\npoints = 1\nper = \"10.00\"\n";

/// A fact of its own id at an instant after those that the book holds.
fn later(customer: &str, body: &str) -> String {
    format!("{{\"id\":\"n\",\"at\":\"2026-04-01T10:00:00+08:00\",\"customer\":\"{customer}\",{body}}}")
}

fn opened() -> Book {
    let mut book = Book::new(Program::parse("m.toml", PROGRAM).unwrap());
    let facts = [
        "{\"id\":\"j-1\",\"at\":\"2026-01-01T10:00:00+08:00\",\"customer\":\"c-1\",\"joined\":{}}",
        "{\"id\":\"j-2\",\"at\":\"2026-01-01T11:00:00+08:00\",\"customer\":\"c-2\",\"joined\":{}}",
        "{\"id\":\"j-3\",\"at\":\"2026-01-01T12:00:00+08:00\",\"customer\":\"c-3\",\"joined\":{}}",
        "{\"id\":\"p-1\",\"at\":\"2026-03-01T10:00:00+08:00\",\"customer\":\"c-1\",\"purchased\":{\"lines\":[{\"id\":\"1\",\"amount\":\"1000.00\"}]}}",
        "{\"id\":\"x-1\",\"at\":\"2026-03-02T10:00:00+08:00\",\"customer\":\"c-1\",\"redeemed\":{\"points\":20,\"reward\":\"bag\"}}",
        "{\"id\":\"xr-1\",\"at\":\"2026-03-03T10:00:00+08:00\",\"customer\":\"c-1\",\"redemption_reversed\":{\"redemption\":\"x-1\"}}",
        "{\"id\":\"m-1\",\"at\":\"2026-03-04T10:00:00+08:00\",\"customer\":\"c-3\",\"merged\":{\"into\":\"c-2\"}}",
    ];
    for fact in facts {
        let fact = Fact::from_json(fact, book.currency()).unwrap();
        assert!(matches!(book.record(&fact).unwrap(), Answer::Accepted { .. }), "{}", fact.id());
    }
    book
}

fn states(book: &Book) -> (Vec<String>, Vec<u8>) {
    let days = ["2026-01-01", "2026-03-02", "2026-03-31", "2026-04-01", "2029-01-01"];
    (days.map(|day| book.to_json(Day::parse(day).unwrap())).to_vec(), book.snapshot())
}

#[test]
fn a_refusal_leaves_the_book_as_it_was() {
    let spent = |points: i64, amount: &str, rest: &str| {
        let tenders = format!("[{{\"points\":{points},\"amount\":\"{amount}\"}},{{\"card\":\"{rest}\"}}]");
        later(
            "c-1",
            &format!(
                "\"purchased\":{{\"lines\":[{{\"id\":\"1\",\"amount\":\"10.00\"}}],\"tenders\":{tenders}}}"
            ),
        )
    };
    let back = |purchase: &str, line: &str, amount: &str| {
        let line = format!("{{\"id\":\"{line}\",\"quantity\":\"0\",\"amount\":\"{amount}\"}}");
        later("c-1", &format!("\"returned\":{{\"purchase\":\"{purchase}\",\"lines\":[{line}]}}"))
    };
    let stranger = "\"purchased\":{\"lines\":[{\"id\":\"1\",\"amount\":\"10.00\"}]}";
    let refused = [
        (later("c-9", stranger), "not_joined"),
        (later("c-9", "\"profile_changed\":{}"), "not_joined"),
        (later("c-9", "\"given\":{\"to\":\"c-2\",\"points\":5}"), "not_joined"),
        (later("c-1", "\"joined\":{}"), "already_joined"),
        (later("c-1", "\"redeemed\":{\"points\":120,\"reward\":\"bag\"}"), "not_enough_points"),
        (spent(10, "0.50", "9.50"), "below_least"),
        (spent(30, "1.50", "8.50"), "not_a_step"),
        (spent(100, "5.01", "4.99"), "worth_differs"),
        (spent(120, "6.00", "4.00"), "over_share"),
        (back("p-9", "1", "1.00"), "unknown_purchase"),
        (back("p-1", "2", "1.00"), "unknown_line"),
        (back("p-1", "1", "1000.01"), "returned_too_much"),
        (later("c-1", "\"redemption_reversed\":{\"redemption\":\"x-9\"}"), "unknown_redemption"),
        (later("c-1", "\"redemption_reversed\":{\"redemption\":\"x-1\"}"), "already_reversed"),
        (later("c-1", "\"given\":{\"to\":\"c-9\",\"points\":5}"), "unknown_customer"),
        (later("c-1", "\"given\":{\"to\":\"c-2\",\"points\":500}"), "not_enough_points"),
        (later("c-2", "\"given\":{\"to\":\"c-3\",\"points\":5}"), "same_account"),
        (
            later("c-1", "\"tier_granted\":{\"tier\":\"gold\",\"reason\":\"x\",\"last_day\":\"2026-12-31\"}"),
            "unknown_tier",
        ),
        (later("c-1", "\"merged\":{\"into\":\"c-9\"}"), "unknown_customer"),
        (later("c-3", "\"merged\":{\"into\":\"c-1\"}"), "already_merged"),
        (later("c-2", "\"merged\":{\"into\":\"c-3\"}"), "same_account"),
        (later("c-2", "\"unmerged\":{\"merge\":\"m-1\"}"), "unknown_merge"),
        (later("c-3", "\"unmerged\":{\"merge\":\"j-1\"}"), "unknown_merge"),
    ];
    for (text, code) in &refused {
        let mut book = opened();
        let before = states(&book);
        let fact = Fact::from_json(text, book.currency()).unwrap_or_else(|fault| panic!("{fault}: {text}"));
        match book.record(&fact).unwrap() {
            Answer::Refused { refusal } => assert_eq!(refusal.code.code(), *code, "{text}"),
            other => panic!("{code} expected: {other:?}: {text}"),
        }
        assert_eq!(states(&book), before, "{text}");
    }
    let mut sealed = opened();
    sealed.seal(Day::parse("2026-05-01").unwrap()).unwrap();
    let before = states(&sealed);
    let late = later("c-1", "\"profile_changed\":{}");
    let fact = Fact::from_json(&late, sealed.currency()).unwrap();
    assert!(
        matches!(sealed.record(&fact).unwrap(), Answer::Refused { refusal } if refusal.code.code() == "sealed")
    );
    assert_eq!(states(&sealed), before);
}

#[test]
fn an_error_at_record_leaves_the_book_as_it_was() {
    let euro = PROGRAM.replace("CNY", "EUR");
    let adopted = format!(
        "{{\"id\":\"v\",\"at\":\"2026-04-01T10:00:00Z\",\"adopted\":{{\"program\":{}}}}}",
        serde_json::Value::from(euro)
    );
    let other = "{\"id\":\"j-1\",\"at\":\"2026-01-01T10:00:01+08:00\",\"customer\":\"c-1\",\"joined\":{}}";
    let wrong = [
        (adopted.as_str(), "other_currency_or_zone", "adopted.program"),
        (other, "same_id_other_content", "at"),
    ];
    for (text, code, path) in wrong {
        let mut book = opened();
        let before = states(&book);
        let fact = Fact::from_json(text, book.currency()).unwrap();
        let fault = book.record(&fact).unwrap_err();
        assert_eq!((fault.code, fault.path.as_str()), (code, path));
        assert_eq!(states(&book), before, "{text}");
    }
}
