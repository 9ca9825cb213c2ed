//! What a program can be cheated out of is found, and shown as facts that do it.

use parure::book::{Answer, Book};
use parure::fact::Fact;
use parure::probe::{Cheat, Probe};
use parure::program::Program;
use rust_decimal::Decimal;

fn program(more: &str) -> Program {
    let head = "edition = 2026\nname = \"Maison\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"\n";
    Program::parse("program.toml", &format!("{head}{more}")).unwrap_or_else(|faults| panic!("{faults}"))
}

fn cheats(program: &Program) -> Vec<Cheat> {
    program.cheats(Probe::default())
}

fn codes(program: &Program) -> Vec<&'static str> {
    cheats(program).into_iter().map(|cheat| cheat.code).collect()
}

/// The facts of a cheat are accepted by a book, one after another; the account of whom they are about at the end.
fn replayed(program: &Program, cheat: &Cheat) -> Book {
    let mut book = Book::new(program.clone());
    for json in &cheat.facts {
        let fact = Fact::from_json(json, book.currency()).unwrap();
        assert!(matches!(book.record(&fact).unwrap(), Answer::Accepted { .. }), "{json}");
    }
    book
}

const EARNING: &str = "[[earn]]\nid = \"standard\"\npoints = 1\nper = \"1.00\"\n";

#[test]
fn points_that_are_forgiven_are_redeemed_for_nothing() {
    let forgives = program(&format!("{EARNING}[points.returns]\nmissing = \"forgive\"\n"));
    let found = cheats(&forgives);
    assert_eq!(found.iter().map(|cheat| cheat.code).collect::<Vec<_>>(), ["points_left"]);
    let kinds: Vec<&str> = ["joined", "purchased", "redeemed", "returned"]
        .into_iter()
        .filter(|kind| found[0].facts.iter().any(|fact| fact.contains(&format!("\"{kind}\""))))
        .collect();
    assert_eq!((kinds.len(), found[0].facts.len()), (4, 4), "{:#?}", found[0].facts);
    let book = replayed(&forgives, &found[0]);
    assert_eq!(book.report(book.last_day().unwrap()).debt, 0);

    // The same program that lets them owe.
    assert_eq!(codes(&program(EARNING)), Vec::<&str>::new());
}

#[test]
fn a_tier_that_is_kept_after_all_came_back() {
    let tiers = "[[tier]]\nid = \"member\"\n[[tier]]\nid = \"gold\"\nreach = { spend = \"30000\", within = \"12 months\" }\nterm = \"12 months\"\n";
    let keeps = program(&format!("{EARNING}{tiers}"));
    let found = cheats(&keeps);
    assert_eq!(found[0].code, "tier_kept");
    let book = replayed(&keeps, &found[0]);
    let on = book.last_day().unwrap();
    let members = book.report(on).tiers;
    assert_eq!(members.iter().find(|tier| tier.id == "gold").unwrap().members, 1);
    assert_eq!(
        codes(&program(&format!("{EARNING}{tiers}[qualifying]\non_return = \"reassess\"\n"))),
        Vec::<&str>::new()
    );
}

#[test]
fn a_coupon_that_is_left_after_all_came_back() {
    let gift = "[[coupon]]\nid = \"gift\"\noff = \"50.00\"\n[[trigger]]\nid = \"thanks\"\non = { after = \"purchase\", wait = \"1 day\" }\ngive = { coupon = \"gift\" }\n";
    let found = cheats(&program(&format!("{EARNING}{gift}")));
    assert_eq!(found.iter().map(|cheat| cheat.code).collect::<Vec<_>>(), ["coupon_left"]);
    assert!(found[0].facts.iter().any(|fact| fact.contains("\"reported\"")));
}

#[test]
fn a_price_that_falls_below_the_floor() {
    let generous = "[points.spend]\nworth = { points = 1, amount = \"1.00\" }\n[[bonus]]\nid = \"birthday\"\nwhen = 'customer.birthday.month == day.month'\nmultiply = \"2\"\n";
    // A point for each 1.00 is worth all of it, twice of it in the month of the birthday.
    let twice = program(&format!("{EARNING}{generous}"));
    let found = cheats(&twice);
    assert_eq!(found.iter().map(|cheat| cheat.code).collect::<Vec<_>>(), ["below_floor"]);
    assert!(found[0].facts.iter().any(|fact| fact.contains("birthday")));
    let half =
        "[[coupon]]\nid = \"half\"\npercent = \"50%\"\n[[coupon]]\nid = \"third\"\npercent = \"34%\"\n";
    let coupons = program(half);
    assert_eq!(codes(&coupons), Vec::<&str>::new());
    let floor = Probe { floor: Decimal::new(40, 2), ..Probe::default() };
    assert_eq!(coupons.cheats(floor).iter().map(|cheat| cheat.code).collect::<Vec<_>>(), ["below_floor"]);
}

#[test]
fn stored_value_is_paid_back_for_no_more_than_was_paid_in() {
    for spend in ["bonus first", "principal first", "in proportion"] {
        let value = format!(
            "{EARNING}[stored_value]\nspend = \"{spend}\"\ntop_up = [{{ from = \"100.00\", bonus = \"10.00\" }}, {{ from = \"1000.00\", bonus = \"500.00\" }}]\nbonus = {{ valid = \"30 days\" }}\n"
        );
        let probe = Probe { histories: 3_000, ..Probe::default() };
        let found = program(&value).cheats(probe);
        assert!(found.iter().all(|cheat| cheat.code != "value_left"), "{found:#?}");
    }
}

#[test]
fn the_same_seed_finds_the_same() {
    let keeps = program(&format!("{EARNING}[points.returns]\nmissing = \"forgive\"\n"));
    assert_eq!(cheats(&keeps), cheats(&keeps));
}

#[test]
fn what_the_examples_can_be_cheated_out_of() {
    for (name, expected) in
        [("maison", vec!["below_floor", "tier_kept"]), ("club", vec!["below_floor", "tier_kept"])]
    {
        let path = format!("{}/../../examples/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let program = Program::parse(name, &text).unwrap();
        let found = cheats(&program);
        assert_eq!(found.iter().map(|cheat| cheat.code).collect::<Vec<_>>(), expected, "{found:#?}");
    }
}
