//! What all customers together use of a coupon (semantics 16.10), held to counting one by one: `record` refuses what is one too many for any span
//! that it lies in, and of what copies used that were apart those that come first have no flag.

use parure::book::{Answer, Book};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Who bought, with how many coupons, on which day of March, and on which day all of it came back, where it did.
type Sale = ((u8, u8), u8, Option<u8>);

fn sales() -> impl Strategy<Value = Vec<Sale>> {
    let back = prop_oneof![3 => Just(None), 1 => (15..28_u8).prop_map(Some)];
    prop::collection::vec(((0..4_u8, 1..3_u8), 1..15_u8, back), 1..14)
}

fn book(count: usize, within: Option<u8>) -> Book {
    let within = within.map_or(String::new(), |days| format!(", within = \"{days} days\""));
    let text = format!(
        "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'\njoin = 'at purchase'\n\
         [[coupon]]\nid = 'first'\noff = '1.00'\nuses = 100\nin_all = {{ count = {count}{within} }}\n"
    );
    let mut book = Book::new(Program::parse("in_all", &text).unwrap());
    for who in 0..4 {
        let fact = |id, what: &str, body| json!({"id": format!("{id}-{who}"), "at": "2026-02-01T10:00:00+08:00", "customer": format!("c-{who}"), what: body});
        told(&mut book, &fact("j", "joined", json!({})));
        told(&mut book, &fact("k-1", "issued", json!({"coupon": "first"})));
        told(&mut book, &fact("k-2", "issued", json!({"coupon": "first"})));
    }
    book
}

fn told(book: &mut Book, fact: &Value) -> bool {
    let text = fact.to_string();
    let fact = Fact::from_json(&text, book.currency()).unwrap_or_else(|fault| panic!("{fault}: {text}"));
    matches!(book.record(&fact).unwrap(), Answer::Accepted { .. })
}

fn sold(at: usize, ((who, coupons), day, _): Sale) -> Value {
    let coupon = |coupon| json!({"coupon": format!("k-{coupon}-{who}"), "amount": "1.00"});
    let rest = json!({"card": format!("{}.00", 10 - coupons)});
    let tenders: Vec<Value> = (1..=coupons).map(coupon).chain([rest]).collect();
    json!({"id": format!("p-{at:02}"), "at": format!("2026-03-{day:02}T{:02}:00:00+08:00", at % 24), "customer": format!("c-{who}"),
        "purchased": {"lines": [{"id": "1", "amount": "10.00"}], "tenders": tenders}})
}

fn came_back(at: usize, ((who, _), _, back): Sale) -> Option<Value> {
    let day = back?;
    Some(
        json!({"id": format!("r-{at:02}"), "at": format!("2026-03-{day:02}T10:00:00+08:00"), "customer": format!("c-{who}"),
        "returned": {"purchase": format!("p-{at:02}"), "lines": [{"id": "1", "quantity": "1", "amount": "10.00"}]}}),
    )
}

/// How many of these days lie within the span that ends with a day.
fn within(days: &[u8], end: u8, span: Option<u8>) -> usize {
    days.iter().filter(|day| span.is_none_or(|span| **day <= end && **day + span > end)).count()
}

proptest! {
    #[test]
    fn no_more_than_so_many(sales in sales(), count in 1..4_usize, span in prop_oneof![Just(None), (1..6_u8).prop_map(Some)], merges_first in 0..6_usize) {
        let mut live = book(count, span);
        let mut used: Vec<u8> = Vec::new();
        for (at, sale) in sales.iter().enumerate() {
            // Within every span that it is in: those that end with its day or a later one.
            let day = sale.1;
            let ends = (day..=15).filter(|end| span.is_none_or(|span| day + span > *end));
            let coupons = usize::from(sale.0 .1);
            let room = ends.map(|end| within(&used, end, span)).max().unwrap() + coupons <= count;
            prop_assert_eq!(told(&mut live, &sold(at, *sale)), room, "{:?} of {:?}", sale, used);
            if room {
                used.extend(vec![day; coupons]);
                if let Some(back) = came_back(at, *sale) {
                    prop_assert!(told(&mut live, &back));
                    used.truncate(used.len() - coupons);
                }
            }
        }
        let on = Day::parse("2026-03-31").unwrap();
        for who in 0..4 {
            prop_assert_eq!(&live.account(&format!("c-{who}"), on).unwrap().flags, &[], "what was answered is never flagged");
        }
        prop_assert_eq!(live.verify(), Vec::<String>::new());

        // Copies that were apart: all of it was sold, and is told of in whatever order.
        let mut facts: Vec<String> = sales.iter().enumerate().flat_map(|(at, sale)| [Some(sold(at, *sale)), came_back(at, *sale)]).flatten().map(|fact| fact.to_string()).collect();
        let middle = merges_first.min(facts.len());
        facts.rotate_left(middle);
        let mut merged = book(count, span);
        let asked_between = facts.len() / 2;
        for (at, text) in facts.iter().enumerate() {
            let currency = merged.currency();
            merged.merge([&Fact::from_json(text, currency).unwrap()]).unwrap();
            if at == asked_between {
                let _ = merged.account("c-0", on).unwrap();
            }
        }
        let mut kept: Vec<(u8, usize, String, usize)> = sales
            .iter()
            .enumerate()
            .filter(|(_, sale)| sale.2.is_none())
            .map(|(at, sale)| (sale.1, at % 24, format!("p-{at:02}"), usize::from(sale.0 .1)))
            .collect();
        kept.sort();
        let flagged: Vec<String> = kept
            .iter()
            .enumerate()
            .filter(|(at, (day, ..))| {
                let through: Vec<u8> = kept[..=*at].iter().flat_map(|(day, _, _, coupons)| vec![*day; *coupons]).collect();
                within(&through, *day, span) > count
            })
            .map(|(_, (_, _, id, _))| id.clone())
            .collect();
        let mut found: Vec<String> = (0..4).flat_map(|who| merged.account(&format!("c-{who}"), on).unwrap().flags).map(|flag| {
            assert_eq!(flag.code, "over_limit");
            flag.facts[0].to_string()
        }).collect();
        found.sort_by_key(|id| kept.iter().position(|(_, _, known, _)| known == id));
        prop_assert_eq!(found, flagged);
    }
}

/// What an occasion gave may depend on what others of a household bought: the count knows it, whenever it was made.
#[test]
fn what_others_bought_is_counted_too() {
    let text = r#"
edition   = 2026
name      = "M"
effective = 2026-01-01
currency  = "CNY"
time_zone = "Asia/Shanghai"
[household]
pool_spend = true
[[tier]]
id = "member"
[[tier]]
id    = "gold"
reach = { spend = "1000", within = "12 months" }
[[trigger]]
id   = "spring"
on   = { day = 2026-03-01 }
when = 'customer.tier == "gold"'
open = "30 days"
give = { coupon = "first" }
[[coupon]]
id     = "first"
off    = "10.00"
in_all = { count = 1 }
"#;
    let mut book = Book::new(Program::parse("pooled", text).unwrap());
    let fact = |id: &str, at: &str, customer: &str, what: &str, body: Value| json!({"id": id, "at": format!("2026-{at}T10:00:00+08:00"), "customer": customer, what: body});
    for customer in ["a", "b", "c"] {
        assert!(told(&mut book, &fact(&format!("j-{customer}"), "01-01", customer, "joined", json!({}))));
    }
    for customer in ["a", "b"] {
        let body = json!({"household": "h"});
        assert!(told(
            &mut book,
            &fact(&format!("h-{customer}"), "01-02", customer, "household_joined", body)
        ));
    }
    assert!(told(&mut book, &fact("k-c", "02-01", "c", "issued", json!({"coupon": "first"}))));
    let merge = |book: &mut Book, fact: &Value| {
        let text = fact.to_string();
        let currency = book.currency();
        book.merge([&Fact::from_json(&text, currency).unwrap()]).unwrap();
    };
    let paid = |coupon: &str| json!({"lines": [{"id": "1", "amount": "100.00"}], "tenders": [{"coupon": coupon, "amount": "10.00"}, {"card": "90.00"}]});
    let report = json!({"trigger": "spring", "occasion": "2026-03-01", "as": "done"});
    merge(&mut book, &fact("rep", "03-02", "a", "reported", report));
    merge(&mut book, &fact("p-a", "03-03", "a", "purchased", paid("rep")));
    let on = Day::parse("2026-03-31").unwrap();
    assert_eq!(book.account("c", on).unwrap().flags, []); // the count is made
    merge(
        &mut book,
        &fact("p-b", "01-10", "b", "purchased", json!({"lines": [{"id": "1", "amount": "5000.00"}]})),
    );
    assert!(book.account("a", on).unwrap().coupons.is_empty(), "it was given, and used");
    let sale = fact("p-c", "03-04", "c", "purchased", paid("k-c"));
    assert!(!told(&mut book.clone(), &sale));
    assert!(!told(&mut book, &sale), "as a copy that counts anew");
}
