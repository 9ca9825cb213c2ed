//! Households where facts are decided and not kept, and where two people were given one alias.

use parure::book::Book;
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;

const PROGRAM: &str = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'\n\
    [[earn]]\nid = 'standard'\npoints = 1\nper = '10.00'\n[[tier]]\nid = 'member'\n[[tier]]\nid = 'gold'\n\
    reach = { spend = '5000', within = '12 months' }\nterm = '12 months'\nmultiply = 2\n";

fn book(household: &str, told: &[&str]) -> Book {
    let mut book = Book::new(Program::parse("m.toml", &format!("{PROGRAM}{household}")).unwrap());
    let facts: Vec<_> = told.iter().map(|json| fact(json, &book)).collect();
    book.merge(facts).unwrap();
    book
}

/// `id time customer what`, all of 2026.
fn fact(told: &str, book: &Book) -> Fact<'static> {
    let [id, at, customer, what] = told.splitn(4, ' ').collect::<Vec<_>>()[..] else { panic!("{told}") };
    let what = match what {
        "joined" => r#""joined":{}"#.to_owned(),
        "left" => r#""household_left":{}"#.to_owned(),
        "home" => r#""household_joined":{"household":"home"}"#.to_owned(),
        other => other.to_owned(),
    };
    let json = format!(r#"{{"id":"{id}","at":"2026-{at}:00+08:00","customer":"{customer}",{what}}}"#);
    Fact::from_json(json.leak(), book.currency()).unwrap()
}

fn july() -> Day {
    Day::parse("2026-07-01").unwrap()
}

const TWO_SEATS: &str = "[household]\nmembers = 2\npool_spend = true\n";

/// Lin and Mei have the two seats, Tao came for nothing and bought.
const FULL: [&str; 8] = [
    "j-1 01-05T10:00 lin joined",
    "j-2 01-05T10:00 mei joined",
    "j-3 01-05T10:00 tao joined",
    "h-1 02-01T10:00 lin home",
    "h-2 02-01T11:00 mei home",
    "h-3 02-01T12:00 tao home",
    r#"p-1 02-02T10:00 lin "purchased":{"lines":[{"id":"1","amount":"6000.00"}]}"#,
    r#"p-2 02-03T10:00 tao "purchased":{"lines":[{"id":"1","amount":"100.00"}]}"#,
];

#[test]
fn what_is_not_kept_leaves_every_seat_as_it_was() {
    let mut book = book(TWO_SEATS, &FULL);
    let before = book.to_json(july());
    let told = [
        vec!["j-4 01-05T10:00 wen joined", "h-4 02-01T10:30 wen home"],
        vec!["h-4 02-01T11:30 mei left"],
        vec!["h-4 02-01T09:00 tao home", "h-5 02-01T11:30 lin left"],
        vec![r#"m-1 01-06T10:00 mei "merged":{"into":"lin"}"#],
    ];
    for told in told {
        let facts: Vec<_> = told.iter().map(|json| fact(json, &book)).collect();
        let mut pending = book.pend();
        pending.merge(&facts).unwrap();
        assert_ne!(pending.book().to_json(july()), before, "{told:?}");
        drop(pending);
        assert_eq!(book.to_json(july()), before, "{told:?}");
        let restored = Book::restore(book.snapshot()).unwrap();
        assert_eq!(restored.to_json(july()), before, "{told:?}");
    }
}

#[test]
fn whose_older_purchases_earn_otherwise_through_a_seat_is_not_appended_to() {
    let mut book = book(TWO_SEATS, &FULL);
    let points = |book: &Book| book.account("tao", july()).unwrap().points.balance;
    assert_eq!(points(&book), 10);
    let left = fact("h-4 02-01T11:30 mei left", &book);
    let mut pending = book.pend();
    pending.merge([&left]).unwrap();
    // Gold by what Lin bought, when he bought himself.
    assert_eq!(points(pending.book()), 20);
    let tao = pending.touched().into_iter().find(|touched| touched.account.as_str() == "tao");
    assert_eq!(tao.map(|tao| tao.appended), Some(false));
}

#[test]
fn what_was_drawn_of_somebody_under_the_same_alias_can_be_read_again() {
    let told = [
        "j-1 01-05T10:00 lin joined",
        "j-2 01-05T10:00 mei joined",
        "j-3 01-05T10:00 tao joined",
        r#"a-1 01-06T10:00 mei "adjusted":{"points":200,"reason":"moved"}"#,
        r#"a-2 01-06T10:00 tao "adjusted":{"points":300,"reason":"moved"}"#,
        "h-1 02-01T10:00 lin home",
        "h-2 02-01T10:00 mei home",
        "h-3 02-01T10:00 tao home",
    ];
    let mut of = book("[household]\n", &told);
    of.record(&fact(r#"x-1 02-02T10:00 lin "redeemed":{"points":450,"reward":"tote-bag"}"#, &of)).unwrap();
    assert_eq!(of.fact("x-1").unwrap().drawn().len(), 2);
    let [mei, tao, lin] = ["mei", "tao", "lin"]
        .map(|who| fact(&format!(r#"e-{who} 03-01T10:00 {who} "erased":{{"alias":"x"}}"#), &of));
    let mut answers = Vec::new();
    for order in [[&mei, &tao, &lin], [&lin, &tao, &mei], [&tao, &lin, &mei]] {
        let mut book = Book::restore(of.snapshot()).unwrap();
        for erased in order {
            book.merge([erased]).unwrap();
            let spent = book.fact("x-1").unwrap();
            let json = spent.to_json(book.currency());
            assert_eq!(Fact::from_json(&json, book.currency()).unwrap(), spent);
        }
        answers.push((
            book.fact("x-1").unwrap().to_json(book.currency()),
            book.account("x", july()).unwrap().points.balance,
        ));
    }
    assert_eq!(answers[0].1, 50);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
}
