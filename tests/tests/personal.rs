//! Nothing of what is told of people shows where it was not asked for, and nothing of it is left where they are forgotten: every field and every
//! kind of fact is told with words that can't be mistaken, and these are searched for.

use parure::book::{Answer, Book, TimelineOf};
use parure::calendar::Day;
use parure::fact::{Fact, KINDS};
use parure::program::Program;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PROGRAM: &str = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'\n\
    [[earn]]\nid = 'standard'\npoints = 1\nper = '10.00'\n[[tier]]\nid = 'member'\n[[tier]]\nid = 'gold'\nreach = 'invitation'\n\
    [[field]]\nid = 'engraving'\nholds = 'text'\n[[field]]\nid = 'cats'\nholds = 'number'\n[[field]]\nid = 'club'\nholds = 'flag'\n\
    [[field]]\nid = 'engraving'\nof = 'piece'\nholds = 'text'\n[[field]]\nid = 'stones'\nof = 'piece'\nholds = 'number'\n\
    [[trigger]]\nid = 'visit'\non = { after = 'visit', wait = '1 day' }\ntask = { what = 'call' }\ngive = { coupon = 'gift', benefit = 'cleaning' }\n\
    [[coupon]]\nid = 'gift'\noff = '10.00'\ntransferable = true\n[[benefit]]\nid = 'cleaning'\n[household]\n[stored_value]\n\
    [[reward]]\nid = 'tote'\nprice = [{ points = 5 }]\n";

/// A word of its own for each place.
struct Words(Vec<String>);

impl Words {
    fn next(&mut self) -> String {
        let word = format!("qx{:03}zv", self.0.len());
        self.0.push(word.clone());
        word
    }

    /// A phone number of its own.
    fn phone(&mut self) -> String {
        let number = format!("1397{:07}", 1_234_500 + self.0.len());
        self.0.push(number.clone());
        format!("+86{number}")
    }
}

/// A profile with every field, by what the schema of facts says that there is.
fn profile(words: &mut Words) -> Value {
    let schema = parure_json::json_schema();
    let fields = schema["$defs"]["Profile"]["properties"].as_object().unwrap().clone();
    let mut told = json!({});
    for (field, of) in fields {
        told[&field] = match field.as_str() {
            // An id, which is no secret of a profile; told below.
            "introduced_by" | "forget" => continue,
            "birthday" => json!("1987-11-03"),
            "gender" => json!("female"),
            "time_zone" => json!("Indian/Kerguelen"),
            "budget" => json!({"least": "7654321.00", "most": "8765432.00"}),
            "dates" => json!({"wedding": "1987-11-03"}),
            "sizes" => json!({"left_ring": "21.37 mm across"}),
            "phones" => json!([words.phone()]),
            "emails" => json!([format!("{}@example.com", words.next())]),
            "custom" => json!({"engraving": words.next(), "cats": 7_654_321, "club": true}),
            "addresses" => json!({"home": words.next()}),
            "relations" => {
                json!({"son": {"kind": words.next(), "name": words.next(), "birthday": "1987-11-03", "dates": {"school": "1987-11-03"}}})
            }
            _ if of.get("anyOf").is_some() => json!([words.next(), words.next()]),
            _ => json!(words.next()),
        };
    }
    told
}

/// A fact of every kind about `her`, but for those that make someone else of her.
fn history(words: &mut Words) -> Vec<Value> {
    let day = std::cell::Cell::new(0);
    let fact = |kind: &str, body: Value| {
        day.set(day.get() + 1);
        let (month, date) = (1 + (day.get() - 1) / 31, 1 + (day.get() - 1) % 31);
        let at = format!("2026-{month:02}-{date:02}T10:00:00+08:00");
        json!({"id": format!("f-{:02}", day.get()), "at": at, "customer": "her", kind: body})
    };
    let other = json!({"id": "o-1", "at": "2026-01-01T10:00:00+08:00", "customer": "other", "joined": {}});
    let [points, household] = [
        json!({"id": "o-3", "at": "2026-01-02T10:00:00+08:00", "customer": "other", "adjusted": {"points": 1, "reason": "moved"}}),
        json!({"id": "o-4", "at": "2026-01-02T10:00:00+08:00", "customer": "other", "household_joined": {"household": "h-1"}}),
    ];
    let mut facts = vec![
        other,
        points,
        household,
        fact("joined", profile(words)),
        fact("profile_changed", profile(words)),
    ];
    let told = json!({"engraving": words.next(), "stones": 7_654_321});
    let line = json!({"id": "1", "item": "W-1", "piece": words.next(), "custom": told, "amount": "1000.00"});
    facts.push(fact("purchased", json!({"lines": [line]})));
    let bought = facts.last().unwrap()["id"].clone();
    facts.push(fact(
        "returned",
        json!({"purchase": bought, "lines": [{"id": "1", "quantity": "0", "amount": "10.00"}]}),
    ));
    facts.push(fact("adjusted", json!({"points": 500, "reason": words.next()})));
    facts.push(fact("given", json!({"to": "other", "points": 5})));
    facts.push(fact("household_joined", json!({"household": "h-1"})));
    let mut paid = fact("redeemed", json!({"points": 5, "reward": "tote"}));
    paid["drawn"] = json!([{"customer": "other", "lots": [{"points": 1, "first_day": "2026-01-01"}]}]);
    facts.push(paid);
    let redeemed = facts.last().unwrap()["id"].clone();
    facts.push(fact("handed_over", json!({"redemption": redeemed})));
    facts.push(fact("redemption_reversed", json!({"redemption": redeemed, "returned": true})));
    facts.push(fact("household_left", json!({})));
    facts.push(fact("issued", json!({"coupon": "gift"})));
    let issued = facts.last().unwrap()["id"].clone();
    facts.push(fact("voided", json!({"coupon": issued, "reason": words.next()})));
    facts.push(fact("issued", json!({"coupon": "gift"})));
    let issued = facts.last().unwrap()["id"].clone();
    facts.push(fact(
        "coupon_held",
        json!({"coupon": issued, "for": "p-web", "until": "2026-07-01T10:00:00+08:00"}),
    ));
    facts.push(fact("coupon_released", json!({"coupon": issued, "for": "p-web"})));
    facts.push(fact("coupon_transferred", json!({"coupon": issued, "to": "other"})));
    facts.push(fact("benefit_granted", json!({"benefit": "cleaning", "times": 2, "reason": words.next()})));
    facts.push(fact("ordered", json!({"item": "R-1", "amount": "100.00", "deposit": "50.00", "source": "card", "ready": "2026-07-01"})));
    let ordered = facts.last().unwrap()["id"].clone();
    facts.push(fact("deposit_paid", json!({"order": ordered, "amount": "1.00"})));
    facts.push(fact("order_cancelled", json!({"order": ordered, "kept": "1.00", "reason": words.next()})));
    facts.push(fact("topped_up", json!({"amount": "100.00", "source": "wechat"})));
    facts.push(fact("value_refunded", json!({"amount": "1.00"})));
    facts.push(fact("value_transferred", json!({"to": "other", "amount": "1.00"})));
    facts.push(fact("value_frozen", json!({"reason": words.next()})));
    facts.push(fact("value_released", json!({"reason": words.next()})));
    facts.push(fact("benefit_used", json!({"benefit": "cleaning"})));
    let used = facts.last().unwrap()["id"].clone();
    facts.push(fact("benefit_reversed", json!({"use": used})));
    facts.push(fact(
        "tier_granted",
        json!({"tier": "gold", "reason": words.next(), "last_day": "2027-01-01"}),
    ));
    facts
        .push(fact("consented", json!({"channel": "sms", "purpose": "offers", "given": true, "text": "v1"})));
    facts.push(fact("visited", json!({"text": words.next()})));
    let visited = facts.last().unwrap()["id"].clone();
    facts.push(fact("talked", json!({"channel": words.next(), "direction": "in", "text": words.next()})));
    facts.push(fact("serviced", json!({"service": words.next(), "item": words.next(), "piece": words.next(), "state": "ready", "of": words.next(), "text": words.next()})));
    facts.push(fact("wished", json!({"item": words.next(), "category": words.next(), "budget": {"most": "7654321.00"}, "text": words.next()})));
    facts.push(fact("complained", json!({"item": words.next(), "piece": words.next(), "purchase": words.next(), "of": words.next(), "resolved": true, "text": words.next()})));
    facts.push(fact(
        "reviewed",
        json!({"item": words.next(), "purchase": words.next(), "score": 9, "text": words.next()}),
    ));
    facts.push(fact("noted", json!({"text": words.next()})));
    facts.push(fact(
        "reported",
        json!({"trigger": "visit", "occasion": visited, "as": "done", "by": words.next()}),
    ));
    facts.push(fact("profile_changed", json!({"introduced_by": "other"})));
    let mut hers = json!({"id": "o-2", "at": "2026-03-01T10:00:00+08:00", "customer": "other"});
    hers["profile_changed"] = json!({"relations": {"r": {"kind": "friend", "customer": "her"}}});
    facts.push(hers);
    let kinds: BTreeSet<&str> = facts
        .iter()
        .flat_map(|fact| KINDS.iter().copied().filter(|kind| fact.get(*kind).is_some()))
        .collect();
    let apart = ["merged", "unmerged", "erased", "adopted"];
    let all: BTreeSet<&str> = KINDS.iter().copied().filter(|kind| !apart.contains(kind)).collect();
    assert_eq!(kinds, all, "a kind of fact is not told");
    facts
}

fn book(facts: &[Value]) -> Book {
    let mut book = Book::new(Program::parse("m.toml", PROGRAM).unwrap());
    for fact in facts {
        let text = fact.to_string();
        let fact = Fact::from_json(&text, book.currency()).unwrap_or_else(|fault| panic!("{fault}: {text}"));
        let answer = book.record(&fact).unwrap();
        assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}: {text}");
    }
    book
}

fn holds(bytes: &[u8], words: &[String]) -> Vec<String> {
    let found = words.iter().filter(|word| bytes.windows(word.len()).any(|window| window == word.as_bytes()));
    found.cloned().collect()
}

/// Every answer that a book gives of someone, and its bytes.
fn everything(book: &Book, customer: &str) -> Vec<u8> {
    let on = Day::parse("2026-12-31").unwrap();
    let mut all = book.snapshot();
    let mut add = |text: String| all.extend_from_slice(text.as_bytes());
    add(book.to_json(on));
    add(serde_json::to_string(&book.report(on)).unwrap());
    for customer in [customer, "other"] {
        add(serde_json::to_string(&book.explain(customer, on).unwrap()).unwrap());
        add(book.explain(customer, on).unwrap().to_string());
        add(serde_json::to_string(&book.customer(customer, on).unwrap()).unwrap());
        add(serde_json::to_string(&book.timeline(customer, &TimelineOf::default()).unwrap()).unwrap());
        add(serde_json::to_string(&book.export_person(customer, on).unwrap()).unwrap());
    }
    all
}

#[test]
fn an_erasure_leaves_nothing_of_any_field_or_kind() {
    let mut words = Words(Vec::new());
    let facts = history(&mut words);
    for sealed in [false, true] {
        let mut book = book(&facts);
        // All of it is there to be found: the search finds what is there.
        assert_eq!(holds(&everything(&book, "her"), &words.0), words.0);
        if sealed {
            book.seal(Day::parse("2026-06-01").unwrap()).unwrap();
            let held = holds(&everything(&book, "her"), &words.0);
            assert!(held.len() * 4 > words.0.len() * 3, "{} of {}", held.len(), words.0.len());
        }
        let erased =
            r#"{"id":"e-1","at":"2026-07-01T10:00:00+08:00","customer":"her","erased":{"alias":"x-7f3a"}}"#;
        let answer = book.record(&Fact::from_json(erased, book.currency()).unwrap()).unwrap();
        assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
        // Dates and numbers as facts write them, too.
        let more = ["1987", "11-03", "7654321", "8765432", "female", "21.37", "\"her\""].map(str::to_owned);
        let all: Vec<String> = words.0.iter().cloned().chain(more).collect();
        assert_eq!(holds(&everything(&book, "x-7f3a"), &all), Vec::<String>::new(), "sealed: {sealed}");
        let restored = Book::restore(book.snapshot()).unwrap();
        assert_eq!(holds(&everything(&restored, "x-7f3a"), &all), Vec::<String>::new());
        // And whatever comes in late.
        let texts: Vec<String> = facts
            .iter()
            .map(|fact| {
                let mut late = fact.clone();
                late["id"] = json!(format!("late-{}", fact["id"].as_str().unwrap()));
                late.to_string()
            })
            .collect();
        let late: Vec<Fact<'_>> =
            texts.iter().map(|text| Fact::from_json(text, book.currency()).unwrap()).collect();
        book.merge(&late).unwrap();
        assert_eq!(holds(&everything(&book, "x-7f3a"), &all), Vec::<String>::new(), "late");
    }
}

#[test]
fn nothing_personal_shows_in_debug() {
    let mut words = Words(Vec::new());
    let facts = history(&mut words);
    let mut shown = String::new();
    let mut book = book(&facts);
    let on = Day::parse("2026-12-31").unwrap();
    for fact in &facts {
        let text = fact.to_string();
        let fact = Fact::from_json(&text, book.currency()).unwrap();
        // Serial numbers of purchases stand in what was bought.
        if fact.purchase().is_none() {
            shown += &format!("{fact:?}{fact:#?}");
        }
        shown += &format!("{:?}", book.record(&fact).unwrap());
        let request = format!(r#"{{"record":{{"fact":{text}}}}}"#);
        shown += &format!("{:?}", parure_json::Request::parse(&request).unwrap());
        // Another content under the same id names the field, not what stands there.
        let mut other = serde_json::from_str::<Value>(&text).unwrap();
        other["staff"] = json!("li");
        let other = other.to_string();
        let fault = book.record(&Fact::from_json(&other, book.currency()).unwrap()).unwrap_err();
        shown += &format!("{fault:?}{fault}");
    }
    let pending = book.pend();
    shown += &format!("{pending:?}");
    drop(pending);
    let (customer, held) = (book.customer("her", on).unwrap(), book.export_person("her", on).unwrap());
    let timeline = book.timeline("her", &TimelineOf::default()).unwrap();
    shown += &format!(
        "{book:?}{customer:?}{held:?}{timeline:?}{:?}{:?}",
        timeline.entries,
        book.account("her", on)
    );
    assert_eq!(holds(shown.as_bytes(), &words.0), Vec::<String>::new());
    for more in ["1987", "7654321", "female", "21.37"] {
        assert!(!shown.contains(more), "{more}");
    }
}

/// Each word of each fact is spoilt, one at a time: the fault does not repeat what was told.
#[test]
fn nothing_personal_shows_in_faults() {
    let mut words = Words(Vec::new());
    let facts = history(&mut words);
    let yuan = parure::money::Currency::parse("CNY").unwrap();
    let mut looked_at = 0;
    for fact in facts.iter().filter(|fact| fact.get("purchased").is_none()) {
        let text = fact.to_string();
        for word in &words.0 {
            for spoilt in
                [format!(" {word}"), format!("{word}\\u0007"), format!("{word}{}", "长".repeat(1_500))]
            {
                let spoilt = text.replace(word, &spoilt);
                let Err(fault) = Fact::from_json(&spoilt, yuan) else { continue };
                looked_at += 1;
                let told = format!("{fault:?}{fault}");
                assert_eq!(holds(told.as_bytes(), &words.0), Vec::<String>::new(), "{told}");
            }
        }
        for (right, wrong) in
            [("1987-11-03", "1987-11-33"), ("21.37 mm across", "21.371 mm"), ("female", "femalee")]
        {
            let Err(fault) = Fact::from_json(&text.replace(right, wrong), yuan).map(drop) else { continue };
            looked_at += 1;
            assert!(
                !format!("{fault:?}").contains("1987") && !format!("{fault:?}").contains("21.37"),
                "{fault:?}"
            );
        }
    }
    assert!(looked_at > 100, "{looked_at}");
}
