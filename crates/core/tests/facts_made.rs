//! Facts made in Rust are those that are read from their JSON, and what can't be read can't be made.

use parure::calendar::{Anniversary, Day, Moment};
use parure::fact::{FACT_BYTES, Fact, GivenLot, Line, Profile, Purchase, Quantity, ReturnedLine, Tender};
use parure::fault::Fault;
use parure::money::{Currency, MAJOR_LIMIT, Money};

fn yuan() -> Currency {
    Currency::parse("CNY").unwrap()
}

fn at() -> Moment {
    Moment::parse("2026-03-01T15:04:05.25+08:00").unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

const PROGRAM: &str = "edition = 2026\nname = \"\\\"M\\\"\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"\n";

fn basket() -> Purchase<'static> {
    let ring =
        Line::new("1", "R-2201", "ring/gold", Quantity::parse("1.5").unwrap(), Money::from_minor(980_000))
            .with_component("stone", Money::from_minor(100_000))
            .with_component("metal", Money::from_minor(700_000))
            .with_component("人工", Money::from_minor(180_000));
    let cloth = Line::new("2", "", "", Quantity::ONE, Money::ZERO);
    let paid = vec![
        Tender::points(1_000, Money::from_minor(5_000)),
        Tender::new("card", Money::from_minor(900_000)),
        Tender::new("card", Money::from_minor(74_999)),
    ];
    Purchase::new(vec![ring, cloth], Money::from_minor(1), paid, yuan()).unwrap()
}

/// One of each kind.
fn made() -> Result<Vec<Fact<'static>>, Fault> {
    let profile = Profile::default()
        .with_birthday(Anniversary::lunar(Some(2020), 4, true, 11)?)
        .with_tags(["玉", "couple \"x\""]);
    let given = vec![
        GivenLot::new(300, day("2026-03-01"), Some(day("2028-03-31"))),
        GivenLot::new(200, day("2026-03-08"), None),
    ];
    let returned = vec![
        ReturnedLine::new("1", Quantity::parse("0.5")?, Money::from_minor(300_000)),
        ReturnedLine::new("2", Quantity::NONE, Money::from_minor(1)),
    ];
    Ok(vec![
        Fact::joined("j-1", at(), "c-1", Profile::default())?,
        Fact::joined("j-2", at(), "c-2", profile.clone())?.on_terminal("till 3")?,
        Fact::profile_changed("t-1", at(), "c-1", Profile::default().with_tags(Vec::<&str>::new()))?,
        Fact::profile_changed("t-2", at(), "c-1", profile)?,
        Fact::purchased("p-1", at(), "c-1", basket())?.at_store("sh-01")?.by_staff("李")?,
        Fact::returned("r-1", at(), "c-1", "p-1", returned, yuan())?,
        Fact::adjusted("a-1", at(), "c-1", -50, "counted\ntwice", None)?,
        Fact::adjusted("a-2", at(), "c-1", 1_000_000_000_000, "补偿", Some(day("2026-12-31")))?,
        Fact::given("g-1", at(), "c-1", "c-2", 500, given)?,
        Fact::given("g-2", at(), "c-1", "c-2", 1, Vec::new())?,
        Fact::redeemed("x-1", at(), "c-1", 500, "tote-bag")?,
        Fact::redeemed("x-2", at(), "c-1", 300, "tote-bag")?.with_amount(Money::from_minor(5_000))?,
        Fact::handed_over("h-1", at(), "c-1", "x-1")?,
        Fact::redemption_reversed("xr-1", at(), "c-1", "x-1", true)?,
        Fact::tier_granted("tg-1", at(), "c-1", "gold", "新娘", day("2027-02-28"))?,
        Fact::merged("m-1", at(), "c-2", "c-1")?,
        Fact::unmerged("u-1", at(), "c-2", "m-1")?,
        Fact::adopted("v-2", at(), PROGRAM)?,
    ])
}

#[test]
fn a_fact_that_was_made_is_read_from_its_json() {
    let facts = made().unwrap();
    let mut kinds: Vec<&str> = facts.iter().map(Fact::kind).collect();
    kinds.dedup();
    assert_eq!(kinds.len(), 13, "{kinds:?}");
    for fact in facts {
        let json = fact.to_json(yuan());
        let read = Fact::from_json(&json, yuan()).unwrap_or_else(|fault| panic!("{fault}: {json}"));
        assert_eq!(read, fact);
        assert_eq!(read.to_json(yuan()), json);
    }
}

#[test]
fn components_in_another_order_are_the_same_fact() {
    let with = |components: &str| {
        let line = format!("{{\"id\":\"1\",\"amount\":\"9\",\"components\":{{{components}}}}}");
        format!(
            "{{\"id\":\"p\",\"at\":\"2026-03-01T15:04:05Z\",\"customer\":\"c\",\"purchased\":{{\"lines\":[{line}]}}}}"
        )
    };
    let (one, other) = (with("\"metal\":\"8\",\"labour\":\"1\""), with("\"labour\":\"1\",\"metal\":\"8\""));
    let [one, other] = [&one, &other].map(|text| Fact::from_json(text, yuan()).unwrap());
    assert_eq!(one, other);
}

fn fault(made: Result<Fact<'_>, Fault>) -> (&'static str, String) {
    let fault = made.unwrap_err();
    (fault.code, fault.path)
}

#[test]
fn what_can_not_be_read_can_not_be_made() {
    let long = "x".repeat(65);
    let tags = |count: usize| Profile::default().with_tags((0..count).map(|number| number.to_string()));
    let line = |id: &'static str, amount| ReturnedLine::new(id, Quantity::ONE, Money::from_minor(amount));
    let returned = |lines| fault(Fact::returned("r-1", at(), "c-1", "p-1", lines, yuan()));
    let given = |points, lots| fault(Fact::given("g-1", at(), "c-1", "c-2", points, lots));
    let lot = |points| GivenLot::new(points, day("2026-03-01"), None);
    let backwards = GivenLot::new(5, day("2026-03-02"), Some(day("2026-03-01")));
    let beyond = MAJOR_LIMIT * 100;
    let plain = || Fact::joined("j-1", at(), "c-1", Profile::default()).unwrap();
    let found = [
        (fault(Fact::joined("", at(), "c-1", Profile::default())), ("name_text", "id")),
        (fault(Fact::joined(long.as_str(), at(), "c-1", Profile::default())), ("name_text", "id")),
        (fault(Fact::joined("j-1", at(), " c-1", Profile::default())), ("name_text", "customer")),
        (fault(Fact::joined("j-1", at(), "c-1", tags(101))), ("too_many", "joined.tags")),
        (fault(plain().at_store("a\u{7}")), ("name_text", "store")),
        (fault(plain().by_staff("")), ("name_text", "staff")),
        (fault(plain().on_terminal("\u{3000}till")), ("name_text", "terminal")),
        (
            fault(Fact::profile_changed("j-1", at(), "c-1", Profile::default().with_tags(["a", ""]))),
            ("name_text", "profile_changed.tags[1]"),
        ),
        (
            fault(Fact::returned("r-1", at(), "c-1", "", vec![line("1", 1)], yuan())),
            ("name_text", "returned.purchase"),
        ),
        (returned(vec![]), ("no_lines", "returned.lines")),
        (returned(vec![line("", 1)]), ("name_text", "returned.lines[0].id")),
        (returned(vec![line("1", -1)]), ("negative_amount", "returned.lines[0].amount")),
        (returned(vec![line("1", beyond)]), ("money_range", "returned.lines[0].amount")),
        (returned(vec![line("1", 1), line("1", 2)]), ("repeated_line", "returned.lines[1].id")),
        (
            returned(vec![ReturnedLine::new("1", Quantity::NONE, Money::ZERO)]),
            ("nothing_returned", "returned.lines[0]"),
        ),
        (returned((0..1_001).map(|_| line("1", 1)).collect()), ("too_many", "returned.lines")),
        (fault(Fact::adjusted("a", at(), "c-1", 0, "why", None)), ("number_range", "adjusted.points")),
        (fault(Fact::adjusted("a", at(), "c-1", i64::MIN, "why", None)), ("number_range", "adjusted.points")),
        (fault(Fact::adjusted("a", at(), "c-1", 1, "\u{3000}\n", None)), ("no_reason", "adjusted.reason")),
        (
            fault(Fact::adjusted("a", at(), "c-1", 1, "x".repeat(1_025), None)),
            ("too_long", "adjusted.reason"),
        ),
        (fault(Fact::adjusted("a", at(), "c-1", 1, "a\0", None)), ("control_character", "adjusted.reason")),
        (fault(Fact::given("g", at(), "c-1", "", 1, vec![])), ("name_text", "given.to")),
        (given(0, vec![]), ("number_range", "given.points")),
        (given(i64::MAX, vec![]), ("number_range", "given.points")),
        (given(5, vec![lot(6), lot(-1)]), ("number_range", "given.lots[1].points")),
        (given(5, vec![lot(4)]), ("lots_differ", "given.lots")),
        (given(5, vec![backwards]), ("lots_differ", "given.lots[0]")),
        (given(10_001, vec![lot(1); 10_001]), ("too_many", "given.lots")),
        (fault(Fact::redeemed("x", at(), "c-1", 0, "bag")), ("number_range", "redeemed.points")),
        (fault(Fact::redeemed("x", at(), "c-1", 1, "")), ("name_text", "redeemed.reward")),
        (
            fault(Fact::redemption_reversed("x", at(), "c-1", "", false)),
            ("name_text", "redemption_reversed.redemption"),
        ),
        (
            fault(Fact::tier_granted("t", at(), "c-1", "", "why", day("2026-12-31"))),
            ("name_text", "tier_granted.tier"),
        ),
        (
            fault(Fact::tier_granted("t", at(), "c-1", "gold", "", day("2026-12-31"))),
            ("no_reason", "tier_granted.reason"),
        ),
        (fault(Fact::unmerged("m", at(), "c-1", "")), ("name_text", "unmerged.merge")),
        (fault(Fact::adopted("v", at(), "")), ("missing_key", "adopted.program.edition")),
        (fault(Fact::adopted("v", at(), "{")), ("syntax", "adopted.program")),
    ];
    for (number, ((code, path), expected)) in found.into_iter().enumerate() {
        assert_eq!((code, path.as_str()), expected, "number {number}");
    }
}

#[test]
fn a_basket_that_can_not_be_read_can_not_be_made() {
    let line = || Line::new("1", "", "", Quantity::ONE, Money::from_minor(100));
    let paid = |tender| Purchase::new(vec![line()], Money::ZERO, vec![tender], yuan()).unwrap_err().code;
    // `{"amount": "1.00"}` would not say how it was paid.
    assert_eq!(paid(Tender::new("amount", Money::from_minor(100))), "tender_text");
    assert_eq!(paid(Tender::new("points", Money::from_minor(100))), "points_tender");
    assert_eq!(paid(Tender::points(0, Money::from_minor(100))), "points_tender");
}

#[test]
fn a_moment_that_can_not_be_read_can_not_be_made() {
    let first = Moment::parse("1800-01-01T00:00:00Z").unwrap();
    let east = Moment::parse("1800-01-01T00:00:00+08:00").unwrap();
    assert_eq!(Moment::from_micros(east.micros(), 480).unwrap(), east);
    // Its own clock would show the year 1799.
    assert_eq!(Moment::from_micros(first.micros(), -60).unwrap_err().code, "time_range");
}

/// Names of 64 letters that are two each in JSON.
fn widest(number: usize) -> String {
    format!("{number:\">64}")
}

#[test]
fn the_widest_facts_can_be_read_back() {
    let dinar = Currency::parse("KWD").unwrap();
    let amount = |minor| Money::from_minor(minor);
    let line = |number| {
        let quantity = Quantity::parse("123456789.123456").unwrap();
        let line =
            Line::new(widest(number), widest(number), widest(number), quantity, amount(900_000_000_000_000));
        (0..16)
            .fold(line, |line, component| line.with_component(widest(component), amount(50_000_000_000_000)))
    };
    let mut tenders: Vec<Tender<'_>> =
        (0..31).map(|number| Tender::new(widest(number), amount(29_000_000_000_000_000))).collect();
    tenders.push(Tender::new(widest(31), amount(1_000_000_000_000_000)));
    let purchase = Purchase::new((0..1_000).map(line).collect(), Money::ZERO, tenders, dinar).unwrap();
    let named = |fact: Fact<'static>| {
        fact.at_store(widest(1)).unwrap().by_staff(widest(2)).unwrap().on_terminal(widest(3)).unwrap()
    };
    let program =
        "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'KWD'\ntime_zone = 'Asia/Kuwait'\n#";
    let program = format!("{program}{}", "\"".repeat((1 << 20) - program.len()));
    let lots: Vec<GivenLot> =
        (0..10_000).map(|_| GivenLot::new(100_000_000, day("2026-03-01"), Some(day("2026-03-02")))).collect();
    let facts = [
        named(Fact::purchased(widest(4), at(), widest(5), purchase).unwrap()),
        named(Fact::adopted(widest(4), at(), program).unwrap()),
        named(Fact::given(widest(4), at(), widest(5), widest(6), 1_000_000_000_000, lots).unwrap()),
    ];
    for fact in facts {
        let json = fact.to_json(dinar);
        assert!(json.len() <= FACT_BYTES, "{} of {} bytes", fact.kind(), json.len());
        assert_eq!(Fact::from_json(&json, dinar).unwrap(), fact);
        println!("{}: {} bytes", fact.kind(), json.len());
    }
}
