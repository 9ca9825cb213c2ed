//! Forgetting a person (semantics 9), whatever had happened to them: nothing that counts moves, nothing that was told of them is left, and
//! the same facts give the same book in any order.

use parure::book::{Answer, Book, TimelineOf};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use parure_tests::generate::{Case, cases};
use parure_tests::model::{Asked, account, instant};
use parure_tests::scenario::differences;
use proptest::prelude::*;
use serde_json::{Value, json};

fn open(case: &Case) -> Book {
    let program = Program::parse("generated", &case.program);
    Book::new(program.unwrap_or_else(|faults| panic!("{faults}\n{}", case.program)))
}

fn merge(book: &mut Book, facts: &[Value]) {
    let texts: Vec<String> = facts.iter().map(Value::to_string).collect();
    let facts: Vec<Fact<'_>> = texts
        .iter()
        .map(|text| Fact::from_json(text, book.currency()).unwrap_or_else(|fault| panic!("{fault}: {text}")))
        .collect();
    book.merge(&facts).unwrap();
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// A case cut in two where an instant ends, and an erasure that stands between.
struct Forgetting {
    before: Vec<Value>,
    erased: Value,
    after: Vec<Value>,
    customer: String,
    /// All who are one account with them.
    members: Vec<String>,
}

const ALIAS: &str = "x-7f3a";

fn forgetting(case: &Case, cut: prop::sample::Index, who: prop::sample::Index) -> Forgetting {
    let at = |fact: &Value| instant(fact["at"].as_str().unwrap());
    let mut cut = cut.index(case.facts.len()) + 1;
    // Facts are in the order of the book but for those who join.
    let mut facts = case.facts.clone();
    facts.sort_by_key(|fact| (at(fact), fact["id"].as_str().unwrap().to_owned()));
    // Everybody has joined by then.
    let joined = instant("2026-01-31T13:00:00Z");
    while cut < facts.len() && at(&facts[cut]) <= joined.max(at(&facts[cut - 1])) {
        cut += 1;
    }
    let after = facts.split_off(cut);
    let mut book = open(case);
    merge(&mut book, &facts);
    let customer = case.customers[who.index(case.customers.len())].clone();
    let members = match book.standing(&customer) {
        Some(view) => std::iter::once(&view.account).chain(&view.aliases).map(ToString::to_string).collect(),
        None => vec![customer.clone()],
    };
    let last = facts.last().unwrap()["at"].clone();
    let erased = json!({"id": "~e", "at": last, "customer": customer, "erased": {"alias": ALIAS}});
    Forgetting { before: facts, erased, after, customer, members }
}

impl Forgetting {
    fn names(&self, fact: &Value) -> bool {
        let told = &fact["profile_changed"];
        let named = [
            &fact["customer"],
            &fact["given"]["to"],
            &fact["value_transferred"]["to"],
            &fact["coupon_transferred"]["to"],
            &fact["merged"]["into"],
            &told["introduced_by"],
            &told["relations"]["r"]["customer"],
        ];
        let drawn = fact["drawn"].as_array().into_iter().flatten().map(|one| &one["customer"]);
        named
            .into_iter()
            .chain(drawn)
            .any(|name| name.as_str().is_some_and(|name| self.members.iter().any(|member| member == name)))
    }

    /// What happens afterwards to others, and what comes back of what they had bought: by the alias where `aliased`.
    fn later(&self, aliased: bool) -> Vec<Value> {
        let bought =
            |id: &Value| self.before.iter().any(|fact| fact["id"] == *id && fact.get("purchased").is_some());
        let kept =
            self.after.iter().filter(|fact| !self.names(fact) || bought(&fact["returned"]["purchase"]));
        kept.map(|fact| {
            let mut fact = fact.clone();
            if aliased && self.names(&fact) {
                fact["customer"] = json!(ALIAS);
            }
            fact
        })
        .collect()
    }

    /// The erasure as a book that knows all before it fills it in.
    fn filled_in(&self, case: &Case) -> Value {
        let mut book = open(case);
        merge(&mut book, &self.before);
        merge(&mut book, std::slice::from_ref(&self.erased));
        let id = self.erased["id"].as_str().unwrap();
        serde_json::from_str(&book.fact(id).unwrap().to_json(book.currency())).unwrap()
    }
}

/// Without the flags of what was told of people: it is gone, and they with it.
fn without_told(flags: &mut Value) {
    let told = [
        "own_relation",
        "circular_introduction",
        "unknown_field",
        "unknown_customer",
        "not_in_household",
        "household_full",
        "households_not_offered",
        "not_shared",
    ];
    flags.as_array_mut().unwrap().retain(|flag| !told.contains(&flag["code"].as_str().unwrap()));
}

fn report(book: &Book, on: Day) -> String {
    let mut report = serde_json::to_value(book.report(on)).unwrap();
    without_told(&mut report["flags"]);
    report.to_string()
}

/// What is known of people, and what happened with them.
fn people(book: &Book, customers: &[String]) -> Vec<String> {
    let all = customers.iter().map(String::as_str).chain([ALIAS, "x-8b21"]);
    let known = all.filter_map(|customer| {
        let view = serde_json::to_string(&book.customer(customer, day("2029-06-30")).ok()?).unwrap();
        let timeline = book.timeline(customer, &TimelineOf::default()).ok()?;
        Some(view + &serde_json::to_string(&timeline).unwrap())
    });
    known.collect()
}

/// All accounts on a day, without the names.
fn nameless(book: &Book, on: Day) -> Vec<String> {
    let mut all: Vec<String> = book
        .accounts(on)
        .map(|account| {
            let mut value = serde_json::to_value(account).unwrap();
            for key in ["account", "aliases", "household"] {
                value.as_object_mut().unwrap().remove(key);
            }
            if let Some(held) = value.get_mut("stored_value").and_then(Value::as_object_mut) {
                // Ids, as the account's are.
                held.remove("frozen");
            }
            without_told(&mut value["flags"]);
            value.to_string()
        })
        .collect();
    all.sort();
    all
}

fn postings(book: &Book, customers: &[String]) -> Vec<(String, &'static str, i64)> {
    let all = customers.iter().flat_map(|customer| book.postings(customer));
    let mut all: Vec<_> =
        all.map(|posting| (posting.fact.to_string(), posting.kind, posting.points)).collect();
    all.sort();
    all.dedup();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_counts_moves(case in cases(20), cut in any::<prop::sample::Index>(), who in any::<prop::sample::Index>()) {
        let told = forgetting(&case, cut, who);
        let mut book = open(&case);
        merge(&mut book, &told.before);
        let days: Vec<Day> = case.days.iter().map(|on| day(on)).collect();
        let before: Vec<_> = days.iter().map(|on| (nameless(&book, *on), report(&book, *on))).collect();
        let moved = postings(&book, &case.customers);
        let text = told.erased.to_string();
        let fact = Fact::from_json(&text, book.currency()).unwrap();
        let answer = book.record(&fact).unwrap();
        let Answer::Accepted { outcome } = &answer else { panic!("{answer:?}") };
        prop_assert!(outcome.changed.is_empty(), "{:?}", outcome.changed);
        let after: Vec<_> = days.iter().map(|on| (nameless(&book, *on), report(&book, *on))).collect();
        for ((before, after), on) in before.iter().zip(&after).zip(&days) {
            prop_assert_eq!(before, after, "on {}\n{}", on, case.program);
        }
        let mut customers = case.customers.clone();
        customers.extend((0..5).map(|place| if place == 0 { ALIAS.to_owned() } else { format!("{ALIAS}-{place}") }));
        prop_assert_eq!(moved, postings(&book, &customers));
        prop_assert_eq!(book.verify(), Vec::<String>::new());
        let again = book.record(&fact).unwrap();
        prop_assert!(matches!(&again, Answer::AlreadyRecorded { .. }), "{:?}", again);
        // Whatever had been recorded is recorded already.
        let facts = told.before.len();
        let texts: Vec<String> = told.before.iter().map(Value::to_string).collect();
        let again: Vec<Fact<'_>> = texts.iter().map(|text| Fact::from_json(text, book.currency()).unwrap()).collect();
        let again = book.merge(&again).unwrap();
        prop_assert_eq!((again.new, again.known, again.conflicts.len()), (0, facts, 0));
        // And nothing names them.
        let kept = String::from_utf8_lossy(&book.snapshot()).into_owned() + &book.to_json(day("2028-12-31"));
        for member in &told.members {
            prop_assert!(book.account(member, day("2028-12-31")).is_err());
            // As the book's bytes hold a name, with its length before it; as JSON does.
            let length = char::from(u8::try_from(member.len()).unwrap());
            prop_assert!(!kept.contains(&format!("{length}{member}")) && !kept.contains(&format!("\"{member}\"")), "{} is named", member);
        }
    }

    /// Also where two copies that knew nothing of each other forgot people, perhaps the same.
    #[test]
    fn any_order_and_batching_of_arrival_gives_the_same_bytes(
        case in cases(16),
        cuts in any::<[prop::sample::Index; 2]>(),
        who in any::<[prop::sample::Index; 2]>(),
        shuffle in prop::collection::vec(any::<prop::sample::Index>(), 60),
        batch in 1..7_usize,
    ) {
        let told = forgetting(&case, cuts[0], who[0]);
        let mut all = told.before.clone();
        all.push(told.filled_in(&case));
        all.extend(told.later(true));
        // Whoever is named afterwards is someone new.
        all.extend(told.after.iter().filter(|fact| told.names(fact) && fact.get("returned").is_none()).cloned());
        let mut other = forgetting(&case, cuts[1], who[1]);
        (other.erased["id"], other.erased["erased"]["alias"]) = (json!("~f"), json!("x-8b21"));
        all.push(other.filled_in(&case));
        let mut whole = open(&case);
        merge(&mut whole, &all);
        prop_assert_eq!(whole.verify(), Vec::<String>::new());
        let states = |book: &Book| -> Vec<String> {
            case.days.iter().map(|on| book.to_json(day(on))).chain(people(book, &case.customers)).collect()
        };
        let mut turned = all.clone();
        for (at, with) in shuffle.iter().enumerate().take(turned.len()) {
            let with = with.index(turned.len());
            turned.swap(at, with);
        }
        let mut parts = open(&case);
        for facts in turned.chunks(batch) {
            merge(&mut parts, facts);
        }
        prop_assert_eq!(states(&whole), states(&parts), "{}\n{:#?}", case.program, turned);
        let restored = Book::restore(parts.snapshot()).unwrap();
        prop_assert_eq!(states(&whole), states(&restored));
        prop_assert_eq!(restored.verify(), Vec::<String>::new());
        // As they are kept, they are the same facts again.
        let kept: Vec<Value> = all.iter().map(|fact| {
            let id = fact["id"].as_str().unwrap();
            serde_json::from_str(&parts.fact(id).unwrap().to_json(parts.currency())).unwrap()
        }).collect();
        let mut copy = open(&case);
        merge(&mut copy, &kept);
        prop_assert_eq!(states(&whole), states(&copy));
    }

    #[test]
    fn nothing_that_counts_moves_behind_a_seal(
        case in cases(20),
        cut in any::<prop::sample::Index>(),
        who in any::<prop::sample::Index>(),
        sealed in any::<prop::sample::Index>(),
    ) {
        let told = forgetting(&case, cut, who);
        let mut book = open(&case);
        merge(&mut book, &told.before);
        let seal = day(&case.days[sealed.index(case.days.len())]);
        prop_assume!(book.last_day().is_some_and(|last| seal <= last));
        book.seal(seal).unwrap();
        let days: Vec<Day> = case.days.iter().map(|on| day(on)).filter(|on| *on >= seal).collect();
        let counts = |book: &Book| -> Vec<_> {
            days.iter().map(|on| (nameless(book, *on), report(book, *on))).collect()
        };
        let before = counts(&book);
        merge(&mut book, std::slice::from_ref(&told.erased));
        prop_assert_eq!(&before, &counts(&book), "{}\n{:#?}", case.program, told.before);
        prop_assert_eq!(book.verify(), Vec::<String>::new());
        let mut restored = Book::restore(book.snapshot()).unwrap();
        prop_assert_eq!(&before, &counts(&restored));
        // What was sealed is known when it comes again, by the names of then; and goods come back.
        let texts: Vec<String> = told.before.iter().map(Value::to_string).collect();
        let again: Vec<Fact<'_>> = texts.iter().map(|text| Fact::from_json(text, book.currency()).unwrap()).collect();
        let again = restored.merge(&again).unwrap();
        prop_assert_eq!((again.new, again.conflicts.len()), (0, 0));
        merge(&mut book, &told.later(true));
        merge(&mut restored, &told.later(true));
        prop_assert_eq!(counts(&book), counts(&restored));
        prop_assert_eq!(book.verify(), Vec::<String>::new());
    }

    #[test]
    fn goods_come_back_in_proportion(case in cases(24), cut in any::<prop::sample::Index>(), who in any::<prop::sample::Index>()) {
        let told = forgetting(&case, cut, who);
        let mut book = open(&case);
        merge(&mut book, &told.before);
        merge(&mut book, std::slice::from_ref(&told.erased));
        merge(&mut book, &told.later(true));
        let mut facts = told.before.clone();
        facts.push(told.erased.clone());
        facts.extend(told.later(false));
        let mut asked: Vec<(&str, &str)> = vec![(&told.customer, ALIAS)];
        let others = case.customers.iter().filter(|customer| !told.members.contains(customer));
        asked.extend(others.map(|customer| (customer.as_str(), customer.as_str())));
        for (customer, alias) in asked {
            for on in &case.days {
                let mut expect = account(&[&case.program], &facts, Asked { customer, on, up_to: None });
                let Ok(found) = book.account(alias, day(on)) else { continue };
                let found = serde_json::to_value(found).unwrap();
                let keys = expect.as_object_mut().unwrap();
                keys.retain(|key, _| ["joined", "points", "tier", "growth"].contains(&key.as_str()));
                for key in ["next", "keep"] {
                    keys["tier"].as_object_mut().unwrap().remove(key);
                }
                keys["points"].as_object_mut().unwrap().remove("lots");
                let different = differences(&expect, &found);
                prop_assert!(different.is_empty(), "{customer} on {on}: {different:#?}\n{}\n{facts:#?}", case.program);
            }
        }
    }
}
