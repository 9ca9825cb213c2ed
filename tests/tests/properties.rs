//! What must always hold of the engine, whatever happened: it gives what the slow plain model gives, in any order of arrival, in
//! any batches, through snapshots and seals.

use parure::book::{Answer, Book, Quote, TimelineOf};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use parure_tests::generate::{Case, cases};
use parure_tests::model::{Asked, account};
use parure_tests::scenario::differences;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn open(case: &Case) -> Book {
    Book::new(
        Program::parse("generated", &case.program)
            .unwrap_or_else(|faults| panic!("{faults}\n{}", case.program)),
    )
}

fn texts(case: &Case) -> Vec<String> {
    case.facts.iter().map(Value::to_string).collect()
}

fn read<'a>(book: &Book, texts: &'a [String]) -> Vec<Fact<'a>> {
    texts
        .iter()
        .map(|text| Fact::from_json(text, book.currency()).unwrap_or_else(|fault| panic!("{fault}: {text}")))
        .collect()
}

fn merged(case: &Case, texts: &[String]) -> Book {
    let mut book = open(case);
    let facts = read(&book, texts);
    book.merge(&facts).unwrap();
    book
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn states(book: &Book, case: &Case) -> Vec<String> {
    let days = case.days.iter().map(String::as_str).chain(["2029-06-30"]);
    let accounts = days.map(|on| book.to_json(day(on)));
    let people = case.customers.iter().filter_map(|customer| {
        let view = serde_json::to_string(&book.customer(customer, day("2029-06-30")).ok()?).unwrap();
        let timeline = book.timeline(customer, &TimelineOf::default()).ok()?;
        Some(view + &serde_json::to_string(&timeline).unwrap())
    });
    accounts.chain(people).collect()
}

/// A purchase paid as a quote says: with the coupons that it chose, where nothing was said of how it is paid.
fn as_quoted(text: &str, quote: &Quote) -> String {
    let mut fact: Value = serde_json::from_str(text).unwrap();
    let used: Vec<_> = quote.coupons.iter().filter(|coupon| coupon.why.is_none()).collect();
    if !fact["purchased"]["tenders"].is_null() || used.is_empty() {
        return text.to_owned();
    }
    let coupons =
        used.iter().map(|used| json!({"coupon": used.coupon.as_str(), "amount": used.amount.to_string()}));
    let rest =
        Some(quote.to_pay).filter(|rest| !rest.is_zero()).map(|rest| json!({"card": rest.to_string()}));
    fact["purchased"]["tenders"] = coupons.chain(rest).collect();
    fact.to_string()
}

const SPENDING: &str = r#"
edition = 2026
name = "Maison"
effective = 2026-01-01
currency = "CNY"
time_zone = "Asia/Shanghai"
[points.spend]
worth = { points = 1, amount = "1.00" }
"#;

/// The flags that the model knows.
const MODELLED: [&str; 29] = [
    "unknown_order",
    "order_closed",
    "deposit_overdrawn",
    "no_such_reward",
    "reward_price",
    "already_handed_over",
    "no_stored_value",
    "value_overdrawn",
    "value_frozen",
    "not_frozen",
    "unknown_top_up",
    "no_such_benefit",
    "no_benefit",
    "unknown_use",
    "already_joined",
    "already_merged",
    "same_account",
    "unknown_merge",
    "unknown_customer",
    "no_such_coupon",
    "unknown_coupon",
    "coupon_not_yet",
    "coupon_lapsed",
    "coupon_used_twice",
    "coupon_voided",
    "coupon_transferred",
    "coupon_held",
    "coupon_not_transferable",
    "coupon_terms",
];

/// What the model answers of an account; the rest of the view is not its business.
fn same_as_model(book: &Book, case: &Case) -> Result<(), TestCaseError> {
    for customer in &case.customers {
        for on in &case.days {
            let mut expect = account(&[&case.program], &case.facts, Asked { customer, on, up_to: None });
            let mut found = serde_json::to_value(book.account(customer, day(on)).unwrap()).unwrap();
            found["flags"]
                .as_array_mut()
                .unwrap()
                .retain(|flag| MODELLED.contains(&flag["code"].as_str().unwrap()));
            let modelled = |flag: &Value| MODELLED.contains(&flag["code"].as_str().unwrap());
            expect["flags"].as_array_mut().unwrap().retain(modelled);
            let keys = expect.as_object_mut().unwrap();
            keys.retain(|key, _| {
                [
                    "account",
                    "aliases",
                    "joined",
                    "points",
                    "tier",
                    "growth",
                    "coupons",
                    "benefits",
                    "stored_value",
                    "claimed",
                    "orders",
                    "flags",
                ]
                .contains(&key.as_str())
            });
            if let Some(tier) = keys.get_mut("tier").and_then(Value::as_object_mut) {
                tier.remove("next");
                tier.remove("keep");
            }
            together(keys["points"]["lots"].as_array_mut().unwrap());
            let different = differences(&expect, &found);
            prop_assert!(
                different.is_empty(),
                "{customer} on {on}: {different:#?}\n{}\n{}",
                case.program,
                texts(case).join("\n")
            );
        }
    }
    Ok(())
}

/// Lots of one fact with the same days are one lot in the engine.
fn together(lots: &mut Vec<Value>) {
    lots.dedup_by(|next, lot| {
        let same = ["fact", "first_day", "last_day"].iter().all(|key| next[key] == lot[key]);
        if same {
            lot["points"] = (lot["points"].as_i64().unwrap() + next["points"].as_i64().unwrap()).into();
        }
        same
    });
}

/// Opening and what moved make closing, period after period; what is owed is what the report says.
fn balances(book: &Book, days: &[Day]) -> Result<(), TestCaseError> {
    let mut before: Option<parure::book::Ledger> = None;
    for days in days.windows(2) {
        let [first, last] = [days[0], days[1].add_days(-1)];
        let ledger = book.ledger(first, last);
        for owed in &ledger.balances {
            prop_assert_eq!(owed.opening + owed.credits - owed.debits, owed.closing, "{:?}", &ledger);
            let side = |of: fn(&parure::book::LedgerEntry) -> &'static str| -> rust_decimal::Decimal {
                let own = ledger.entries.iter().filter(|entry| of(entry) == owed.account);
                own.map(|entry| entry.amount).sum()
            };
            prop_assert_eq!(
                (side(|entry| entry.debit), side(|entry| entry.credit)),
                (owed.debits, owed.credits)
            );
            let earlier = before.iter().flat_map(|ledger| &ledger.balances);
            if let Some(earlier) = earlier.into_iter().find(|earlier| earlier.account == owed.account) {
                prop_assert_eq!(earlier.closing, owed.opening, "{:?}", &ledger);
            }
        }
        let report = book.report(last);
        prop_assert_eq!(ledger.balances[0].closing, rust_decimal::Decimal::from(report.outstanding));
        let value = |account: &str| {
            ledger
                .balances
                .iter()
                .find(|owed| owed.account == account)
                .map_or_else(Default::default, |owed| owed.closing)
        };
        let held = report.stored_value.map(|held| held.principal + held.bonus - held.owed);
        prop_assert_eq!(held.unwrap_or_default(), value("principal") + value("bonus"));
        before = Some(ledger);
    }
    if let (Some(last), None) = (days.last(), book.sealed_until()) {
        let revenue = book.revenue(*last, parure::book::Every::Month).unwrap();
        for period in &revenue.periods {
            prop_assert_eq!(period.opening + period.allocated - period.recognised, period.closing);
            prop_assert!(period.closing >= rust_decimal::Decimal::ZERO, "{:?}", period);
        }
        if let Some(period) = revenue.periods.last() {
            prop_assert_eq!(period.outstanding, book.report(*last).outstanding);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_gives_what_the_model_gives(case in cases(20)) {
        let book = merged(&case, &texts(&case));
        same_as_model(&book, &case)?;
    }

    #[test]
    fn any_order_and_batching_of_arrival_gives_the_same_bytes(
        case in cases(16),
        order in any::<prop::sample::Index>(),
        shuffle in prop::collection::vec(any::<prop::sample::Index>(), 40),
        batch in 1..7_usize,
    ) {
        let all = texts(&case);
        let whole = merged(&case, &all);
        let mut turned = all.clone();
        let by = order.index(turned.len());
        turned.rotate_left(by);
        for (at, with) in shuffle.iter().enumerate().take(turned.len()) {
            let with = with.index(turned.len());
            turned.swap(at, with);
        }
        let mut parts = open(&case);
        let facts = read(&parts, &turned);
        for facts in facts.chunks(batch) {
            parts.merge(facts).unwrap();
        }
        prop_assert_eq!(states(&whole, &case), states(&parts, &case));
    }

    #[test]
    fn live_recording_gives_what_a_merge_of_what_was_accepted_gives(case in cases(20)) {
        let all = texts(&case);
        let mut live = open(&case);
        let mut accepted = Vec::new();
        for text in &all {
            let fact = Fact::from_json(text, live.currency()).unwrap();
            if let Answer::Accepted { outcome } = live.record(&fact).unwrap() {
                prop_assert!(outcome.flags.is_empty(), "accepted but flagged: {text}");
                let again = live.record(&fact).unwrap();
                let now = serde_json::to_value(&again).unwrap();
                prop_assert_eq!(&now["status"], "already_recorded");
                // As it is kept: with the points of others that were filled in.
                let kept = live.fact(fact.id()).unwrap();
                accepted.push(kept.to_json(live.currency()));
            }
        }
        prop_assert_eq!(live.verify(), Vec::<String>::new());
        let merged = merged(&case, &accepted);
        prop_assert_eq!(states(&live, &case), states(&merged, &case));
    }

    /// Semantics 11.19: whatever the order in which tills record, what was answered is covered.
    #[test]
    fn points_are_spent_once_however_clocks_differ(
        tills in prop::collection::vec((0..40_u32, 1..60_i64, 0..4_u8), 1..24),
    ) {
        let mut book = Book::new(Program::parse("spend.toml", SPENDING).unwrap());
        let mut record = |id: &str, minute: u32, what: &str| {
            let text = format!(r#"{{"id":"{id}","at":"2026-03-01T10:{minute:02}:00+08:00","customer":"mei",{what}}}"#);
            let answer = book.record(&Fact::from_json(&text, book.currency()).unwrap()).unwrap();
            let account = book.account("mei", day("2026-03-01")).unwrap();
            (matches!(answer, Answer::Accepted { .. }), account.points.balance, account.flags.len())
        };
        record("j", 0, r#""joined":{}"#);
        record("k", 0, r#""adjusted":{"points":100,"reason":"welcome"}"#);
        let mut left = 100;
        for (number, (minute, points, kind)) in tills.into_iter().enumerate() {
            let card = 500 - points;
            let (change, what) = match kind {
                0 => (points, format!(r#""adjusted":{{"points":{points},"reason":"more"}}"#)),
                1 => (-points, format!(r#""adjusted":{{"points":-{points},"reason":"less"}}"#)),
                2 => (-points, format!(r#""redeemed":{{"points":{points},"reward":"tote-bag"}}"#)),
                _ => (-points, format!(r#""purchased":{{"lines":[{{"id":"1","amount":"500.00"}}],"tenders":[{{"points":{points},"amount":"{points}.00"}},{{"card":"{card}.00"}}]}}"#)),
            };
            // Ids are no help: they go up and down.
            let (accepted, balance, flags) = record(&format!("x-{:02}", number * 7 % 25), minute + 1, &what);
            left += if accepted { change } else { 0 };
            prop_assert_eq!((balance, flags), (left, 0));
            prop_assert!(left >= 0);
        }
    }

    #[test]
    fn a_snapshot_changes_nothing(case in cases(16), cut in any::<prop::sample::Index>()) {
        let all = texts(&case);
        let whole = merged(&case, &all);
        let (first, rest) = all.split_at(cut.index(all.len()));
        let before = merged(&case, first);
        let mut restored = Book::restore(before.snapshot()).unwrap();
        prop_assert_eq!(states(&before, &case), states(&restored, &case));
        prop_assert_eq!(restored.verify(), Vec::<String>::new());
        let facts = read(&restored, rest);
        restored.merge(&facts).unwrap();
        prop_assert_eq!(states(&whole, &case), states(&restored, &case));
    }

    #[test]
    fn a_damaged_snapshot_is_told_and_never_read(case in cases(6), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = merged(&case, &texts(&case)).snapshot();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Book::restore(bytes.clone()).is_err());
        bytes.truncate(at);
        prop_assert!(Book::restore(bytes).is_err());
    }

    /// Sealing changes nothing for facts after it, nor for what is asked about days after it.
    #[test]
    fn the_books_balance(case in cases(24)) {
        let mut book = merged(&case, &texts(&case));
        let days: BTreeSet<Day> = case.days.iter().map(|on| day(on)).collect();
        let days: Vec<Day> = days.into_iter().collect();
        balances(&book, &days)?;
        if let Some(middle) = days.get(days.len() / 2).filter(|middle| **middle < day("2100-01-01")) {
            book.seal(*middle).unwrap();
            let rest: Vec<Day> = days.iter().copied().filter(|on| on >= middle).collect();
            balances(&book, &rest)?;
        }
    }

    #[test]
    fn a_seal_changes_nothing_after_it(case in cases(20), cut in any::<prop::sample::Index>()) {
        let all = texts(&case);
        let days: Vec<Day> = all.iter().map(|text| {
            let book = open(&case);
            book.day_of(Fact::from_json(text, book.currency()).unwrap().at())
        }).collect();
        let seal = days[cut.index(days.len())];
        // A merge before the seal can't be taken back after it (1.6).
        let undone = |id: &Value| case.facts.iter().any(|fact| fact["unmerged"]["merge"] == *id);
        prop_assume!(!case.facts.iter().any(|fact| fact.get("merged").is_some() && undone(&fact["id"])));
        let late_union = case.facts.iter().zip(&days).any(|(fact, day)| fact.get("merged").is_some() && *day >= seal);
        prop_assume!(!late_union);
        let whole = merged(&case, &all);
        let before: Vec<String> = all.iter().zip(&days).filter(|(_, day)| **day < seal).map(|(text, _)| text.clone()).collect();
        let after: Vec<String> = all.iter().zip(&days).filter(|(_, day)| **day >= seal).map(|(text, _)| text.clone()).collect();
        let mut sealed = merged(&case, &before);
        sealed.seal(seal).unwrap();
        let mut sealed = Book::restore(sealed.snapshot()).unwrap();
        let facts = read(&sealed, &after);
        sealed.merge(&facts).unwrap();
        for on in case.days.iter().map(|on| day(on)).filter(|on| *on >= seal) {
            prop_assert_eq!(whole.to_json(on), sealed.to_json(on), "on {} sealed {}\n{}\n{}", on, seal, case.program, all.join("\n"));
        }
        // Who people are is not settled (12.5).
        for customer in &case.customers {
            let person = |book: &Book| {
                let view = book.customer(customer, day("2029-06-30")).unwrap();
                (view.profile, view.consent)
            };
            prop_assert_eq!(person(&whole), person(&sealed));
        }
        prop_assert_eq!(sealed.verify(), Vec::<String>::new());
        // What was sealed is still known when it comes again.
        let facts = read(&sealed, &before);
        let again = sealed.merge(&facts).unwrap();
        prop_assert_eq!((again.new, again.known), (0, before.len()));
    }

    #[test]
    fn a_quote_is_what_recording_then_earns(case in cases(16)) {
        let mut book = open(&case);
        for text in texts(&case) {
            let fact = Fact::from_json(&text, book.currency()).unwrap();
            let quote = fact.purchase().map(|basket| book.quote(fact.customer().unwrap(), fact.at(), fact.store(), basket));
            let text = quote.as_ref().map_or(text.clone(), |quote| as_quoted(&text, quote));
            let fact = Fact::from_json(&text, book.currency()).unwrap();
            let last = book.last_day();
            if let (Answer::Accepted { outcome }, Some(quote)) = (book.record(&fact).unwrap(), quote)
                && last.is_none_or(|last| last <= book.day_of(fact.at()))
                && outcome.changed.is_empty()
            {
                prop_assert_eq!(quote.earns.awarded, outcome.points.awarded, "{}", text);
            }
        }
    }
}
