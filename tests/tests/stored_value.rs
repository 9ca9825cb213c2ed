//! Nobody gains by paying in, spending, giving back, transferring and being paid back, however late the tills tell it; and nothing is lost on the way
//! (semantics 18.5, 18.9).

use parure::book::{Answer, Book, ValueMoved};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const WHO: [&str; 3] = ["a", "b", "GC"];
const STEPS: [&str; 3] = [
    "[{ from = \"1000.00\", bonus = \"100.00\" }, { from = \"5000.00\", bonus = \"800.00\" }]",
    "[{ from = \"100.00\", bonus = \"3.33\", each = true }]",
    "[{ from = \"100.00\", bonus = \"5.00\", each = true }, { from = \"1000.00\", bonus = \"100.00\" }]",
];
const BONUS: [&str; 3] = [
    "{}",
    "{ valid = \"10 days\", restored = \"3 days\" }",
    "{ valid = \"20 days\", on = 'line.category != \"gold\"' }",
];
const ORDERS: [&str; 3] = ["bonus first", "principal first", "in proportion"];
const AMOUNTS: [i64; 8] = [10_000, 100_000, 500_000, 33_333, 1, 77_777, 9_999, 250_000];

/// What the steps bring.
fn brings(steps: usize, paid: i64) -> i64 {
    match steps {
        0 if paid >= 500_000 => 80_000,
        0 if paid >= 100_000 => 10_000,
        0 => 0,
        1 => paid / 10_000 * 333,
        _ if paid >= 100_000 => 10_000,
        _ => paid / 10_000 * 500,
    }
}

fn shown(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn minor(amount: Decimal) -> i64 {
    amount.to_string().replace('.', "").parse().unwrap()
}

struct Shop {
    book: Book,
    told: Vec<String>,
    top_ups: Vec<(String, i64)>,
    /// A purchase, whose, for how much.
    bought: Vec<(String, &'static str, i64)>,
    paid_in: i64,
    goods: i64,
    refunded: BTreeMap<String, i64>,
}

impl Shop {
    fn open(program: &str) -> Shop {
        let head = "edition = 2026\nname = \"M\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"\n";
        let book = Book::new(Program::parse("value", &format!("{head}{program}")).unwrap());
        let mut shop = Shop {
            book,
            told: Vec::new(),
            top_ups: Vec::new(),
            bought: Vec::new(),
            paid_in: 0,
            goods: 0,
            refunded: BTreeMap::new(),
        };
        for who in ["a", "b"] {
            shop.record(&format!("j-{who}"), "2026-01-01T00:00:00Z", who, "joined", &json!({}));
        }
        shop.record(
            "t-gc",
            "2026-01-01T00:00:01Z",
            "GC",
            "topped_up",
            &json!({"amount": "1.00", "card": true}),
        );
        shop.top_ups.push(("t-gc".to_owned(), 100));
        shop.paid_in = 100;
        shop
    }

    fn record(&mut self, id: &str, at: &str, who: &str, kind: &str, body: &Value) -> Option<Vec<ValueMoved>> {
        let text = json!({"id": id, "at": at, "customer": who, kind: body}).to_string();
        let fact = Fact::from_json(&text, self.book.currency()).unwrap();
        let answer = self.book.record(&fact).unwrap();
        let Answer::Accepted { outcome } = answer else {
            self.told.push(format!("{text} refused"));
            return None;
        };
        self.told.push(text);
        Some(outcome.value)
    }

    fn refundable(&self, who: &str) -> i64 {
        let account = self.book.account(who, Day::LAST).unwrap();
        account.stored_value.map_or(0, |value| minor(value.refundable))
    }

    fn happens(&mut self, id: &str, at: &str, drawn: [u8; 5]) {
        let [what, who, amount, how, more] = drawn.map(usize::from);
        let (who, amount) = (WHO[who % 3], AMOUNTS[amount % 8]);
        let category = ["gold", "ring"][how % 2];
        match what % 8 {
            0 | 1 => {
                if self.record(id, at, who, "topped_up", &json!({"amount": shown(amount)})).is_some() {
                    self.top_ups.push((id.to_owned(), amount));
                    self.paid_in += amount;
                }
            }
            2 | 3 => {
                let line = json!({"id": "1", "category": category, "amount": shown(amount)});
                let body = json!({"lines": [line], "tenders": [{"stored_value": shown(amount)}]});
                if self.record(id, at, who, "purchased", &body).is_some() {
                    self.bought.push((id.to_owned(), who, amount));
                }
            }
            4 if !self.bought.is_empty() => {
                let (purchase, whose, amount) = self.bought[how % self.bought.len()].clone();
                let part = if more % 2 == 0 { amount } else { (amount / 3).max(1) };
                let line = json!({"id": "1", "quantity": "0.000001", "amount": shown(part)});
                self.record(id, at, whose, "returned", &json!({"purchase": purchase, "lines": [line]}));
            }
            5 | 6 => {
                let most = self.refundable(who);
                let amount = if more % 2 == 0 && most > 0 { most } else { amount };
                let mut body = json!({"amount": shown(amount)});
                if how % 3 == 0 {
                    body["top_up"] = json!(self.top_ups[how / 3 % self.top_ups.len()].0);
                }
                self.record(id, at, who, "value_refunded", &body);
            }
            _ => {
                let body = json!({"to": WHO[how % 3], "amount": shown(amount)});
                self.record(id, at, who, "value_transferred", &body);
            }
        }
    }

    /// What was bought and what was paid back, as it stands in the end.
    fn settle(&mut self) {
        for text in self.told.clone() {
            let Ok(fact) = Fact::from_json(&text, self.book.currency()) else { continue };
            let Ok(Answer::AlreadyRecorded { outcome }) = self.book.record(&fact) else { continue };
            for moved in &outcome.value {
                let amount = minor(moved.principal) + minor(moved.bonus);
                self.goods += match moved.what {
                    "spent" => amount,
                    "restored" => -amount,
                    _ => 0,
                };
            }
            for part in &outcome.refunded_to {
                *self.refunded.entry(part.top_up.to_string()).or_default() += minor(part.amount);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn nobody_gains(
        steps in 0..3_usize,
        order in 0..3_usize,
        bonus in 0..3_usize,
        happenings in prop::collection::vec(any::<[u8; 7]>(), 1..40),
    ) {
        let (of, spend, bonus) = (STEPS[steps], ORDERS[order], BONUS[bonus]);
        let mut shop = Shop::open(&format!("[stored_value]\ntop_up = {of}\nspend = \"{spend}\"\nbonus = {bonus}\n"));
        let mut hour = 0_i64;
        for (at, [wait, late, drawn @ ..]) in happenings.iter().enumerate() {
            hour += i64::from(wait % 8) * 12;
            let late = if late % 6 == 0 { i64::from(*late) } else { 0 };
            let told = (hour - late).max(1);
            let day = Day::parse("2026-01-01").unwrap().add_days(told / 24);
            shop.happens(&format!("f-{at:02}"), &format!("{day}T{:02}:{at:02}:00Z", told % 24), *drawn);
            // What was recorded is never short, whatever is told after it.
            for who in WHO {
                let account = shop.book.account(who, Day::LAST).unwrap();
                prop_assert!(account.flags.iter().all(|flag| flag.code != "value_overdrawn"), "{:#?}", shop.told);
            }
        }
        shop.settle();
        let mut held = 0;
        for who in WHO {
            let account = shop.book.account(who, Day::LAST).unwrap();
            held += account.stored_value.map_or(0, |value| minor(value.balance));
        }
        let brought: i64 = shop
            .top_ups
            .iter()
            .map(|(id, amount)| brings(steps, amount - shop.refunded.get(id).copied().unwrap_or(0)))
            .sum();
        let back: i64 = shop.refunded.values().sum();
        prop_assert!(
            shop.goods + back + held <= shop.paid_in + brought,
            "goods {} + paid back {back} + held {held} > paid in {} + bonus {brought}\n{:#?}",
            shop.goods, shop.paid_in, shop.told
        );
        // And nothing that was paid in is lost, but in bonus that was had for it and lapsed.
        let books = shop.book.ledger(Day::parse("2026-01-01").unwrap(), Day::LAST);
        let lapsed = books.entries.iter().filter(|entry| entry.what == "lapsed").map(|entry| minor(entry.amount));
        prop_assert!(shop.goods + back + held + lapsed.sum::<i64>() >= shop.paid_in, "{:#?}", shop.told);
    }
}
