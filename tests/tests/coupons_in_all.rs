//! What all customers together use of a coupon (semantics 16.10), held to counting one by one: `record` refuses what is one too many for any span
//! that it lies in, and of what copies used that were apart those that come first have no flag.

use parure::book::{Answer, Book};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Who bought, on which day of March, and on which day all of it came back, where it did.
type Sale = (u8, u8, Option<u8>);

fn sales() -> impl Strategy<Value = Vec<Sale>> {
    let back = prop_oneof![3 => Just(None), 1 => (15..28_u8).prop_map(Some)];
    prop::collection::vec((0..4_u8, 1..15_u8, back), 1..14)
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
        told(&mut book, &fact("k", "issued", json!({"coupon": "first"})));
    }
    book
}

fn told(book: &mut Book, fact: &Value) -> bool {
    let text = fact.to_string();
    let fact = Fact::from_json(&text, book.currency()).unwrap_or_else(|fault| panic!("{fault}: {text}"));
    matches!(book.record(&fact).unwrap(), Answer::Accepted { .. })
}

fn sold(at: usize, (who, day, _): Sale) -> Value {
    json!({"id": format!("p-{at:02}"), "at": format!("2026-03-{day:02}T{:02}:00:00+08:00", at % 24), "customer": format!("c-{who}"),
        "purchased": {"lines": [{"id": "1", "amount": "10.00"}], "tenders": [{"coupon": format!("k-{who}"), "amount": "1.00"}, {"card": "9.00"}]}})
}

fn came_back(at: usize, (who, _, back): Sale) -> Option<Value> {
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
            let room = ends.map(|end| within(&used, end, span)).max().unwrap() < count;
            prop_assert_eq!(told(&mut live, &sold(at, *sale)), room, "{:?} of {:?}", sale, used);
            if room {
                used.push(day);
                if let Some(back) = came_back(at, *sale) {
                    prop_assert!(told(&mut live, &back));
                    used.pop();
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
        let mut kept: Vec<(u8, usize, String)> = sales.iter().enumerate().filter(|(_, sale)| sale.2.is_none()).map(|(at, sale)| (sale.1, at % 24, format!("p-{at:02}"))).collect();
        kept.sort();
        let flagged: Vec<String> = kept.iter().enumerate().filter(|(at, (day, ..))| {
            let before: Vec<u8> = kept[..*at].iter().map(|(day, ..)| *day).collect();
            within(&before, *day, span) >= count
        }).map(|(_, (.., id))| id.clone()).collect();
        let mut found: Vec<String> = (0..4).flat_map(|who| merged.account(&format!("c-{who}"), on).unwrap().flags).map(|flag| {
            assert_eq!(flag.code, "over_limit");
            flag.facts[0].to_string()
        }).collect();
        found.sort_by_key(|id| kept.iter().position(|(.., known)| known == id));
        prop_assert_eq!(found, flagged);
    }
}
