//! What is due on a day is what is due for each account by itself: whatever was asked before, in whatever order facts arrived.

use parure::book::{Agenda, Book, Due};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use parure_tests::generate::{Case, cases};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Moments of every kind, in the order in which they stand in the program.
const TRIGGERS: [&str; 19] = [
    "id = \"birthday\"\non = { date = \"birthday\", before = \"7 days\" }\ntask = { what = \"call\" }\n",
    "id = \"gold-birthday\"\non = { date = \"birthday\", wait = \"1 day\" }\nwhen = 'customer.purchases > 1'\ngive = { points = 30 }\n",
    "id = \"spouse\"\non = { date = \"birthday\", of = \"spouse\", before = \"1 month\" }\ntask = { what = \"call\" }\nholdout = \"20%\"\n",
    "id = \"wedding\"\non = { date = \"wedding\" }\nsend = { message = \"wedding\", by = [\"wechat\", \"post\"] }\n",
    "id = \"qixi\"\non = { festival = \"qixi\", before = \"10 days\" }\nwhen = '\"couple\" in customer.tags'\ntask = { what = \"call\" }\n",
    "id = \"once\"\non = { day = 2026-03-20, before = \"2 days\" }\nopen = \"9 days\"\ntask = { what = \"call\" }\n",
    "id = \"may\"\non = { yearly = \"05-20\" }\nwhen = 'day.weekday < 4'\ntask = { what = \"call\" }\n",
    "id = \"service\"\non = { after = \"purchase\", wait = \"2 months\", unless = [\"visit\", \"return\"] }\nwhen = 'purchase.lines.exists(l, l.category == \"watch\")'\ntask = { what = \"call\" }\n",
    "id = \"visit\"\non = { after = \"visit\", wait = \"48 hours\", unless = [\"purchase\"] }\nopen = \"3 days\"\ntask = { what = \"ask\", who = \"manager\" }\nat_most = { count = 1, within = \"20 days\" }\n",
    "id = \"dormant\"\non = { silence = \"60 days\" }\nwhen = 'customer.spend_total >= money(\"500\")'\ntask = { what = \"call\" }\n",
    "id = \"lapse\"\non = { lapse = \"points\", before = \"20 days\" }\nwhen = 'customer.points > 50'\ntask = { what = \"call\" }\n",
    "id = \"lost\"\non = { lapse = \"tier\", before = \"15 days\" }\ntask = { what = \"call\" }\n",
    "id = \"reached\"\non = { tier = \"reached\" }\nsend = { message = \"welcome\", by = [\"post\"] }\ngive = { points = 10 }\n",
    "id = \"near\"\non = { tier = \"near\", missing = \"400\" }\nopen = \"1 month\"\ntask = { what = \"call\" }\n",
    "id = \"coupon-lapse\"\non = { lapse = \"coupon\", before = \"10 days\" }\ntask = { what = \"call\" }\n",
    "id = \"gift\"\non = { date = \"birthday\" }\ngive = { points = 5, coupon = \"off\" }\n",
    "id = \"rich\"\non = { spend = \"1000\" }\nwhen = 'customer.purchases > 2'\nsend = { message = \"rich\", by = [\"post\", \"wechat\"] }\n",
    "id = \"years\"\non = { date = \"joined\", before = \"10 days\" }\ngive = { points = 8 }\n",
    "id = \"value-lapse\"\non = { lapse = \"stored value\", before = \"8 days\" }\ntask = { what = \"call\" }\n",
];

/// A program with some of the triggers; those of tiers only where it has any.
fn with_triggers(program: &str, chosen: u32) -> String {
    let mut text = program.to_owned();
    if chosen & 0x4000_0000 != 0 {
        text.push_str(
            "\n[messages]\nconsent = \"not asked\"\nat_most = { count = 1, within = \"7 days\" }\n",
        );
    }
    let tiers = program.contains("[[tier]]");
    for (place, trigger) in TRIGGERS.iter().enumerate() {
        let of_tiers =
            ["lost", "reached", "near"].iter().any(|id| trigger.starts_with(&format!("id = \"{id}\"")));
        let gives_coupon = trigger.contains("coupon = \"off\"");
        let known = !gives_coupon || program.contains("id = \"off\"");
        if chosen >> place & 1 == 1 && (tiers || !of_tiers) && known {
            text.push_str(&format!("\n[[trigger]]\n{trigger}"));
        }
    }
    text
}

/// The case with triggers in all of its versions, and with what only people's moments follow from.
fn with_moments(case: Case, chosen: u32, told: &[(u8, u8, u8)]) -> Case {
    let mut case = case;
    case.program = with_triggers(&case.program, chosen);
    for fact in &mut case.facts {
        if let Some(program) = fact.pointer_mut("/adopted/program") {
            let text = with_triggers(program.as_str().unwrap(), chosen.rotate_left(5));
            *program = text.into();
        }
    }
    for (index, (what, when, who)) in told.iter().enumerate() {
        let day = &case.days[usize::from(*when) % case.days.len()];
        let customer = &case.customers[usize::from(*who) % case.customers.len()];
        let other = &case.customers[usize::from(*who / 16) % case.customers.len()];
        let (kind, body) = match what % 6 {
            0 => ("profile_changed", json!({"birthday": "1991-03-05"})),
            1 => (
                "profile_changed",
                json!({"birthday": {"lunar": "01-15"}, "dates": {"wedding": "2019-04-03"}}),
            ),
            2 => ("profile_changed", json!({"relations": {"mate": {"kind": "spouse", "customer": other}}})),
            3 => ("profile_changed", json!({"relations": {"mate": {"kind": "spouse", "birthday": "04-02"}}})),
            4 => ("profile_changed", json!({"wechat": "wx-1", "tags": {"add": ["couple"]}})),
            _ => ("consented", json!({"channel": "wechat", "purpose": "offers", "given": who % 3 != 0})),
        };
        case.facts.push(json!({"id": format!("t-{index}"), "at": format!("{day}T11:00:00+08:00"), "customer": customer, kind: body}));
    }
    case
}

/// What is due, asked of each account by itself.
fn each_by_itself(book: &Book, on: Day) -> Vec<Due> {
    let accounts: Vec<_> = book.accounts(on).map(|account| account.account).collect();
    let mut due: Vec<Due> =
        accounts.iter().flat_map(|account| book.agenda_of(account, on).unwrap().due).collect();
    let begins = |due: &Due| format!("id = \"{}\"", due.trigger);
    let place = |due: &Due| TRIGGERS.iter().position(|trigger| trigger.starts_with(&begins(due)));
    due.sort_by_key(|due| (due.first_day, place(due), due.customer.clone()));
    due
}

/// Reports of what is due on some days: on the day, days before it had come, or of something else.
fn reports(case: &Case, book: &Book, drawn: &[(prop::sample::Index, u8, u8)]) -> Vec<Value> {
    let mut all = Vec::new();
    for (index, (day, which, what)) in drawn.iter().enumerate() {
        let on = Day::parse(&case.days[day.index(case.days.len())]).unwrap();
        let due = book.agenda(on).due;
        let Some(due) = due.get(usize::from(*which) % due.len().max(1)) else { continue };
        let how = ["sent", "done", "declined", "failed", "opened"][usize::from(what % 5)];
        let occasion = if what % 7 == 0 { "2031".to_owned() } else { due.occasion.clone() };
        let at = on.add_days(-i64::from(what % 4) * 11);
        all.push(json!({"id": format!("r-{index}"), "at": format!("{at}T{:02}:00:00+08:00", which % 24), "customer": due.customer, "reported": {"trigger": due.trigger, "occasion": occasion, "as": how}}));
    }
    all
}

fn merged(program: &str, texts: &[String], batch: usize) -> Book {
    let mut book = Book::new(Program::parse("generated", program).unwrap());
    for batch in texts.chunks(batch) {
        let facts: Vec<Fact<'_>> =
            batch.iter().map(|text| Fact::from_json(text, book.currency()).unwrap()).collect();
        book.merge(&facts).unwrap();
    }
    book
}

fn agrees(book: &Book, on: Day) -> Result<Agenda, TestCaseError> {
    let found = book.agenda(on);
    prop_assert_eq!(&found.due, &each_by_itself(book, on), "on {}", on);
    Ok(found)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn what_was_reported_is_judged_alike_in_any_order(
        case in cases(16),
        chosen in any::<u32>(),
        told in prop::collection::vec(any::<(u8, u8, u8)>(), 0..8),
        drawn in prop::collection::vec(any::<(prop::sample::Index, u8, u8)>(), 1..16),
        turn in any::<prop::sample::Index>(),
        batch in 1..9_usize,
    ) {
        let case = with_moments(case, chosen, &told);
        let texts = |facts: &[Value]| facts.iter().map(Value::to_string).collect::<Vec<String>>();
        let told = merged(&case.program, &texts(&case.facts), usize::MAX);
        let reports = reports(&case, &told, &drawn);
        let mut all = texts(&[&case.facts[..], &reports[..]].concat());
        let at_once = merged(&case.program, &all, usize::MAX);
        let by = turn.index(all.len());
        all.rotate_left(by);
        let one_by_one = merged(&case.program, &all, batch);
        all.reverse();
        let backwards = merged(&case.program, &all, batch);
        for on in [&case.days[0], case.days.last().unwrap()] {
            let on = Day::parse(on).unwrap();
            prop_assert_eq!(at_once.to_json(on), one_by_one.to_json(on));
            prop_assert_eq!(at_once.to_json(on), backwards.to_json(on));
            prop_assert_eq!(at_once.agenda(on), backwards.agenda(on));
        }
        let restored = Book::restore(backwards.snapshot()).unwrap();
        let last = Day::parse(case.days.last().unwrap()).unwrap();
        prop_assert_eq!(at_once.to_json(last), restored.to_json(last));
        prop_assert!(at_once.verify().is_empty(), "folded again it is another");
    }

    #[test]
    fn an_agenda_is_what_is_due_for_each(
        case in cases(16),
        chosen in any::<u32>(),
        told in prop::collection::vec(any::<(u8, u8, u8)>(), 0..8),
        turn in any::<prop::sample::Index>(),
        asked in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 4..24),
    ) {
        let case = with_moments(case, chosen, &told);
        let program = Program::parse("generated", &case.program)
            .unwrap_or_else(|faults| panic!("{faults}\n{}", case.program));
        let mut book = Book::new(program);
        let mut texts: Vec<String> = case.facts.iter().map(Value::to_string).collect();
        let by = turn.index(texts.len());
        texts.rotate_left(by);
        let batch = texts.len().div_ceil(asked.len());
        let mut rest = texts.chunks(batch);
        for (index, (day, what)) in asked.iter().enumerate() {
            if let Some(facts) = rest.next() {
                let facts: Vec<Fact<'_>> =
                    facts.iter().map(|text| Fact::from_json(text, book.currency()).unwrap()).collect();
                book.merge(&facts).unwrap();
            }
            let on = Day::parse(&case.days[day.index(case.days.len())]).unwrap();
            let agenda = agrees(&book, on)?;
            // Something of it is reported; what was recorded changes what is due.
            if let Some(due) = agenda.due.get(usize::from(what >> 3)) {
                let body = match what % 5 {
                    0 => json!({"as": "failed"}),
                    1 => json!({"as": "put_off", "until": on.add_days(i64::from(what % 40)).to_string()}),
                    2 => json!({"as": "sent"}),
                    3 => json!({"as": "declined"}),
                    _ => json!({"as": "done"}),
                };
                let mut report = json!({"trigger": due.trigger, "occasion": due.occasion});
                report.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
                let fact = json!({"id": format!("r-{index}"), "at": format!("{on}T20:00:00Z"), "customer": due.customer, "reported": report});
                let fact = fact.to_string();
                book.record(&Fact::from_json(&fact, book.currency()).unwrap()).unwrap();
                agrees(&book, on)?;
            }
            if what % 11 == 0 {
                let erased = json!({"id": format!("e-{index}"), "at": format!("{on}T21:00:00Z"), "customer": case.customers[0], "erased": {"alias": format!("x-{index}")}});
                let erased = erased.to_string();
                book.record(&Fact::from_json(&erased, book.currency()).unwrap()).unwrap();
                agrees(&book, on)?;
            }
        }
    }
}
