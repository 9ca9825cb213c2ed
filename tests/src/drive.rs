//! Bytes of any kind driven through every way in: what the fuzz targets, the kept corpus and the properties of bad input share.
//!
//! Each function may be given anything; it panics only where the engine breaks a promise.

use parure::book::Book;
use parure::calendar::Day;
use parure::fact::Fact;
use parure::money::Currency;
use parure::program::Program;

/// Facts that one history takes in: enough for all kinds to meet, few enough to be quick.
const MOST_FACTS: usize = 64;

/// The program under which bytes become facts.
pub const PROGRAM: &str = r#"
edition   = 2026
name      = "Atelier 玉和"
effective = 2026-01-01
currency  = "CNY"
time_zone = "Asia/Shanghai"
[points]
pending = "7 days"
expires = { after = "12 months", at = "end of month" }
cap     = { day = 500 }
[points.spend]
worth = { points = 100, amount = "5.00" }
least = 20
step  = 20
[[earn]]
id     = "labour"
when   = 'line.category.startsWith("gold/")'
basis  = ["labour"]
points = 2
per    = "1.00"
[[earn]]
id     = "standard"
points = 1
per    = "10.00"
[[bonus]]
id       = "birthday-month"
when     = 'customer.birthday.month == day.month'
multiply = "2"
[[tier]]
id = "member"
[[tier]]
id    = "gold"
reach = { spend = "300", within = "12 months" }
keep  = { spend = "150", within = "term" }
term  = "12 months"
lapse = { to = "one down", grace = "30 days" }
benefits = ["cleaning"]
[[coupon]]
id           = "welcome"
off          = "20.00"
uses         = 2
transferable = true
in_all       = { count = 2 }
[[benefit]]
id    = "cleaning"
times = { count = 1, within = "12 months" }
[stored_value]
top_up = [{ from = "100.00", bonus = "10.00" }]
offline = "50.00"
"#;

/// Facts to pick from: of each kind that moves something, those that belong together, and those that conflict.
pub const TEMPLATES: [&str; 54] = [
    r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{"birthday":{"lunar":"04-11","leap":true}}}"#,
    r#"{"id":"j-2","at":"2026-01-02T10:00:00+08:00","customer":"c-2","joined":{"birthday":"02-29","tags":["couple"]}}"#,
    r#"{"id":"j-3","at":"2026-03-01T00:00:00+08:00","customer":"c-3","joined":{}}"#,
    r#"{"id":"t-1","at":"2026-02-14T10:00:00+08:00","customer":"c-1","profile_changed":{"birthday":"1990-02-14","tags":[]}}"#,
    r#"{"id":"p-1","at":"2026-02-01T10:00:00+08:00","customer":"c-1","purchased":{"lines":[{"id":"1","item":"R-1","category":"gold/ring","quantity":"1","amount":"500.00","components":{"metal":"400.00","labour":"100.00"}},{"id":"2","amount":"33.33"}],"discount":"3.33"}}"#,
    r#"{"id":"p-2","at":"2026-02-10T10:00:00+08:00","customer":"c-1","purchased":{"lines":[{"id":"1","amount":"100.00"}],"tenders":[{"points":40,"amount":"2.00"},{"card":"98.00"}]}}"#,
    r#"{"id":"p-3","at":"2026-02-10T10:00:00+08:00","customer":"c-2","purchased":{"lines":[{"id":"1","amount":"0.01"}]}}"#,
    r#"{"id":"p-4","at":"2026-02-28T15:59:59.999999Z","customer":"c-2","purchased":{"lines":[{"id":"1","amount":"999999999999999.99"}]}}"#,
    r#"{"id":"p-5","at":"2027-02-28T10:00:00+08:00","customer":"c-3","purchased":{"lines":[{"id":"1","quantity":"2.5","amount":"300.00"}],"tenders":[{"coupon":"300.00"}]}}"#,
    r#"{"id":"r-1","at":"2026-02-20T10:00:00+08:00","customer":"c-1","returned":{"purchase":"p-1","lines":[{"id":"1","quantity":"0","amount":"250.00"}]}}"#,
    r#"{"id":"r-2","at":"2026-02-21T10:00:00+08:00","customer":"c-1","returned":{"purchase":"p-1","lines":[{"id":"1","quantity":"1","amount":"250.01"},{"id":"9","quantity":"1","amount":"1.00"}]}}"#,
    r#"{"id":"r-3","at":"2026-01-05T10:00:00+08:00","customer":"c-1","returned":{"purchase":"p-2","lines":[{"id":"1","quantity":"1","amount":"100.00"}]}}"#,
    r#"{"id":"r-4","at":"2026-04-01T10:00:00+08:00","customer":"c-2","returned":{"purchase":"p-4","lines":[{"id":"1","quantity":"1","amount":"999999999999999.99"}]}}"#,
    r#"{"id":"a-1","at":"2026-01-20T10:00:00+08:00","customer":"c-1","adjusted":{"points":1000000000000,"reason":"补偿","last_day":"2026-02-28"}}"#,
    r#"{"id":"a-2","at":"2026-01-20T10:00:00+08:00","customer":"c-2","adjusted":{"points":-1000000000000,"reason":"counted twice"}}"#,
    r#"{"id":"g-1","at":"2026-03-01T10:00:00+08:00","customer":"c-1","given":{"to":"c-2","points":30}}"#,
    r#"{"id":"g-2","at":"2026-03-02T10:00:00+08:00","customer":"c-2","given":{"to":"c-3","points":25,"lots":[{"points":20,"first_day":"2026-03-01","last_day":"2026-03-02"},{"points":5,"first_day":"2299-12-31"}]}}"#,
    r#"{"id":"x-1","at":"2026-03-05T10:00:00+08:00","customer":"c-1","redeemed":{"points":500,"reward":"tote-bag"}}"#,
    r#"{"id":"h-1","at":"2026-01-20T10:00:00+08:00","customer":"c-1","household_joined":{"household":"h-7"}}"#,
    r#"{"id":"h-2","at":"2026-01-20T10:00:00+08:00","customer":"c-2","household_joined":{"household":"h-7","may_spend":false}}"#,
    r#"{"id":"h-3","at":"2026-12-31T10:00:00+08:00","customer":"c-2","household_left":{}}"#,
    r#"{"id":"x-2","at":"2026-03-05T11:00:00+08:00","customer":"c-1","drawn":[{"customer":"c-2","lots":[{"points":20,"first_day":"2026-03-01","last_day":"2026-03-02"},{"points":5,"first_day":"2299-12-31"}]},{"customer":"c-3","lots":[{"points":999999999975,"first_day":"2026-03-01"}]}],"redeemed":{"points":1000000000000,"reward":"tote-bag"}}"#,
    r#"{"id":"x-3","at":"2026-03-05T12:00:00+08:00","customer":"c-1","redeemed":{"points":300,"amount":"50.00","reward":"tote-bag"}}"#,
    r#"{"id":"h-3","at":"2026-03-05T13:00:00+08:00","customer":"c-1","handed_over":{"redemption":"x-3"}}"#,
    r#"{"id":"xr-3","at":"2026-03-05T14:00:00+08:00","customer":"c-1","redemption_reversed":{"redemption":"x-3","returned":true}}"#,
    r#"{"id":"o-1","at":"2026-03-05T15:00:00+08:00","customer":"c-1","ordered":{"item":"R-7","amount":"900.00","deposit":"300.00","source":"card","ready":"2026-06-30"}}"#,
    r#"{"id":"d-1","at":"2026-03-05T16:00:00+08:00","customer":"c-1","deposit_paid":{"order":"o-1","amount":"100.00","source":"card"}}"#,
    r#"{"id":"oc-1","at":"2026-03-05T17:00:00+08:00","customer":"c-1","order_cancelled":{"order":"o-1","kept":"50.00","given_back":"350.00","reason":"改主意"}}"#,
    r#"{"id":"p-9","at":"2026-03-05T18:00:00+08:00","customer":"c-1","purchased":{"lines":[{"id":"1","quantity":"8.36","price":"780.00","components":{"labour":"1800.00"}}],"tenders":[{"trade_in":"3923.92","weight":"5.2","price":"770.00","loss":"2%"},{"deposit":"300.00","order":"o-1"},{"card":"4096.88"}]}}"#,
    r#"{"id":"k-1","at":"2026-03-05T19:00:00+08:00","customer":"7ff1cb84","issued":{"coupon":"welcome","last_day":"2026-12-31","card":true}}"#,
    r#"{"id":"ct-1","at":"2026-03-05T20:00:00+08:00","customer":"7ff1cb84","coupon_transferred":{"coupon":"k-1","to":"c-1","card":true,"terms":{"of":"welcome","issued":"2026-03-05","first_day":"2026-03-05","last_day":"2026-12-31"}}}"#,
    r#"{"id":"ch-1","at":"2026-03-05T20:10:00+08:00","customer":"c-1","coupon_held":{"coupon":"ct-1","for":"p-10","until":"2026-03-06T20:00:00+08:00"}}"#,
    r#"{"id":"cr-1","at":"2026-03-05T20:20:00+08:00","customer":"c-1","coupon_released":{"coupon":"ct-1","for":"p-10"}}"#,
    r#"{"id":"p-10","at":"2026-03-05T20:05:00+08:00","customer":"c-1","purchased":{"lines":[{"id":"1","amount":"70.00"}],"tenders":[{"coupon":"ct-1","amount":"20.00"},{"stored_value":"50.00"}]}}"#,
    r#"{"id":"k-2","at":"2026-03-05T20:15:00+08:00","customer":"c-1","issued":{"coupon":"welcome"}}"#,
    r#"{"id":"v-1","at":"2026-03-05T20:16:00+08:00","customer":"c-1","voided":{"coupon":"k-2","reason":"issued twice"}}"#,
    r#"{"id":"s-1","at":"2026-03-05T09:00:00+08:00","customer":"c-1","topped_up":{"amount":"100.00","source":"wechat"}}"#,
    r#"{"id":"s-2","at":"2026-03-06T09:00:00+08:00","customer":"c-1","value_refunded":{"amount":"60.00","top_up":"s-1"}}"#,
    r#"{"id":"s-3","at":"2026-03-06T08:00:00+08:00","customer":"c-1","value_transferred":{"to":"GC-1","amount":"30.00","parts":[{"amount":"20.00"},{"amount":"10.00","bonus":true,"last_day":"2026-12-31"}],"card":true}}"#,
    r#"{"id":"s-4","at":"2026-03-06T10:00:00+08:00","customer":"c-1","value_frozen":{"reason":"lost"}}"#,
    r#"{"id":"s-5","at":"2026-03-06T11:00:00+08:00","customer":"c-1","value_released":{"reason":"found"}}"#,
    r#"{"id":"b-1","at":"2026-03-05T09:10:00+08:00","customer":"c-1","benefit_granted":{"benefit":"cleaning","times":2,"reason":"新娘","last_day":"2026-12-31"}}"#,
    r#"{"id":"b-2","at":"2026-03-05T09:20:00+08:00","customer":"c-1","benefit_used":{"benefit":"cleaning"}}"#,
    r#"{"id":"b-3","at":"2026-03-05T09:30:00+08:00","customer":"c-1","benefit_reversed":{"use":"b-2"}}"#,
    r#"{"id":"rp-1","at":"2026-03-05T09:40:00+08:00","customer":"c-1","reported":{"trigger":"t","occasion":"2026","as":"sent","by":"sms"}}"#,
    r#"{"id":"xr-1","at":"2026-03-06T10:00:00+08:00","customer":"c-1","redemption_reversed":{"redemption":"x-1"}}"#,
    r#"{"id":"tg-1","at":"2026-03-07T10:00:00+08:00","customer":"c-2","tier_granted":{"tier":"gold","reason":"新娘","last_day":"2027-02-28"}}"#,
    r#"{"id":"m-1","at":"2026-03-08T10:00:00+08:00","customer":"c-2","merged":{"into":"c-1"}}"#,
    r#"{"id":"m-2","at":"2026-03-08T10:00:00+08:00","customer":"c-1","merged":{"into":"c-2"}}"#,
    r#"{"id":"u-1","at":"2026-03-09T10:00:00+08:00","customer":"c-2","unmerged":{"merge":"m-1"}}"#,
    r#"{"id":"v-2","at":"1800-01-01T00:00:00+14:00","adopted":{"program":{"edition":2026,"name":"M","effective":"2026-02-15","currency":"CNY","time_zone":"Asia/Shanghai","earn":[{"id":"all","points":"0.5","per":"1.00"}]}}}"#,
    r#"{"id":"e-1","at":"2026-03-07T10:00:00+08:00","customer":"c-1","erased":{"alias":"x-1"}}"#,
    r#"{"id":"e-2","at":"2026-03-10T10:00:00+08:00","customer":"c-2","erased":{"alias":"x-2"}}"#,
    r#"{"id":"r-5","at":"2026-03-11T10:00:00+08:00","customer":"x-1","returned":{"purchase":"p-1","lines":[{"id":"2","quantity":"1","amount":"33.33"}]}}"#,
];

fn yuan() -> Currency {
    Currency::parse("CNY").expect("a currency")
}

fn book() -> Book {
    Book::new(Program::parse("drive.toml", PROGRAM).unwrap_or_else(|faults| panic!("{faults}")))
}

/// Text as a program: it is read or its faults can be shown, as text and as JSON.
pub fn program(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Program::parse("driven.toml", text) {
        Ok(program) => {
            let again = Program::parse("again.toml", program.source()).expect("what was read is read again");
            assert_eq!((again.name(), again.effective()), (program.name(), program.effective()));
        }
        Err(faults) => {
            assert!((1..=100).contains(&faults.iter().count()));
            assert!(faults.iter().all(|fault| !fault.code.is_empty() && !fault.message.is_empty()));
            assert!(!faults.to_string().is_empty());
        }
    }
}

/// Text as a fact: it is read and means the same when it is written and read again, or its fault has a code and a place.
pub fn fact(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for currency in ["CNY", "JPY", "KWD"] {
        let currency = Currency::parse(currency).expect("a currency");
        match Fact::from_json(text, currency) {
            Ok(fact) => {
                let json = fact.to_json(currency);
                let again =
                    Fact::from_json(&json, currency).unwrap_or_else(|fault| panic!("{fault}: {json}"));
                assert_eq!(again, fact, "{json}");
                assert_eq!(again.to_json(currency), json);
            }
            Err(fault) => {
                assert!(!fault.code.is_empty() && !fault.message.is_empty(), "{fault:?}");
                if let Some(place) = fault.place {
                    assert!(place.start <= place.end && place.end <= text.len(), "{fault:?}");
                }
            }
        }
    }
}

/// Bytes as a snapshot, as they are and with a checksum that is right for them: a book is restored, or a fault is told.
pub fn snapshot(bytes: &[u8]) {
    if let Ok(book) = Book::restore(bytes.to_vec()) {
        let again = Book::restore(book.snapshot()).expect("what was restored is restored again");
        let day = Day::parse("2027-01-01").expect("a day");
        assert_eq!(again.to_json(day), book.to_json(day));
        return;
    }
    if let Ok(book) = Book::restore(with_checksum(bytes.to_vec())) {
        let day = Day::parse("2027-01-01").expect("a day");
        asked(&book, day);
        let _ = Book::restore(book.snapshot());
    }
}

/// The same bytes with the checksum of a snapshot, so that what stands before it is looked at too.
fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    // Behind what is summed up: the checksum, two bytes of the layout, eight of the mark.
    if let Some((content, footer)) = bytes.len().checked_sub(26).map(|at| bytes.split_at_mut(at)) {
        footer[..16].copy_from_slice(&xxhash_rust::xxh3::xxh3_128(content).to_le_bytes());
    }
    bytes
}

/// A book that has lived through some templates and is sealed, as a snapshot: what `snapshot` is tried on.
#[must_use]
pub fn sample_snapshot(sealed: bool) -> Vec<u8> {
    let mut book = book();
    book.merge(TEMPLATES.iter().map(|text| read(text))).expect("templates are taken in");
    if sealed {
        book.seal(Day::parse("2026-03-03").expect("a day")).expect("a day after the last seal");
    }
    book.snapshot()
}

fn read(text: &str) -> Fact<'_> {
    Fact::from_json(text, yuan()).unwrap_or_else(|fault| panic!("{fault}: {text}"))
}

/// Bytes as a history. A text whose first letter is `{` is facts as JSON lines; otherwise each byte picks: a template to record, a
/// template to merge, a seal, a snapshot. What follows is the same in any order, and all views can be asked.
pub fn history(bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.starts_with('{') => {
            let facts = text.lines().take(MOST_FACTS).filter_map(|line| Fact::from_json(line, yuan()).ok());
            lives(&facts.collect::<Vec<_>>());
        }
        _ => picked(bytes),
    }
}

fn lives(facts: &[Fact<'_>]) {
    let mut whole = book();
    if whole.merge(facts).is_err() {
        return;
    }
    // An erasure is filled in where it comes first, and then told so.
    let told = |fact: &Fact<'_>| fact.kind() == "erased";
    let told: Vec<Fact<'_>> =
        facts
            .iter()
            .map(|fact| {
                if told(fact) { whole.fact(fact.id()).unwrap_or_else(|| fact.clone()) } else { fact.clone() }
            })
            .collect();
    let mut backwards = book();
    let merged: Result<Vec<_>, _> = told.iter().rev().map(|fact| backwards.merge([fact])).collect();
    let merged = merged.expect("each was taken in before");
    // Of two facts with one id the first to come stays: then the order of arrival may matter.
    let conflicts = merged.iter().any(|merged| !merged.conflicts.is_empty());
    let mut live = book();
    for fact in facts {
        let _ = live.record(fact);
        if let Some(basket) = fact.purchase() {
            let _ = live.quote(fact.customer().unwrap_or_default(), fact.at(), fact.store(), basket);
        }
    }
    let days: Vec<Day> = facts.iter().map(|fact| whole.day_of(fact.at())).collect();
    for day in days.into_iter().take(8).chain([Day::FIRST, Day::LAST]) {
        let json = whole.to_json(day);
        assert!(conflicts || backwards.to_json(day) == json, "another order gives another book");
        asked(&live, day);
    }
    snapshot(&whole.snapshot());
}

fn asked(book: &Book, day: Day) {
    serde_json::from_str::<serde_json::Value>(&book.to_json(day)).expect("a book is JSON");
    let _ = book.report(day);
    for account in book.accounts(day) {
        let _ = book.explain(&account.account, day);
    }
}

fn picked(bytes: &[u8]) {
    let mut book = book();
    for byte in bytes.iter().copied().take(MOST_FACTS) {
        let template = TEMPLATES[usize::from(byte) % TEMPLATES.len()];
        match byte / 24 {
            0..=3 => drop(book.record(&read(template))),
            4..=7 => drop(book.merge([read(template)])),
            8 => {
                let day = Day::parse("2026-01-01").expect("a day").add_days(i64::from(byte % 24) * 7);
                let _ = book.seal(day);
            }
            9 => book = Book::restore(book.snapshot()).expect("a snapshot is restored"),
            // The same id with other content: at another instant.
            _ => drop(book.merge([read(&template.replace("T10:", "T09:"))])),
        }
    }
    for day in ["2026-01-01", "2026-03-08", "2027-03-01", "2299-12-31"] {
        asked(&book, Day::parse(day).expect("a day"));
    }
}
