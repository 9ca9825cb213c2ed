//! The grocer's log is one that a till would have accepted, and the program written out by hand is the engine's.

use arrow_array::RecordBatch;
use parure::book::{Answer, Book};
use parure::calendar::{Day, Moment};
use parure::fact::{Fact, Line, Purchase, Quantity, Tender};
use parure::money::{Currency, Money};
use parure::program::Program;
use parure_bench::grocer::engine::{self, Ending};
use parure_bench::grocer::log::{Grocer, Log, Rows, Size};
use parure_bench::grocer::reference::{
    Amount, Asked, Standing, TIER_IDS, Tables, counting_sort, replay_in_time_order, replay_sorted,
};
use parure_bench::grocer::{CATEGORIES, DAYS, PROGRAM, table};
use parure_columnar::{Options, Table, replay};
use rust_decimal::Decimal;

/// Few households with many purchases each, so that they get to the upper tiers.
fn small() -> Grocer {
    Grocer::new(Size { households: 30, purchases: 6_000 }, 7)
}

fn at(micros: i64) -> Moment {
    Moment::from_micros(micros, 480).unwrap()
}

fn purchases(log: &Log<i64>) -> impl Iterator<Item = Fact<'_>> {
    log.purchase.chunk_by(|a, b| a == b).scan(0, |start, own| {
        let lines = *start..*start + own.len();
        *start = lines.end;
        let first = lines.start;
        let amounts = &log.amount[lines.clone()];
        let points = i64::from(log.points[first]);
        let mut tenders = vec![Tender::new("card", Money::from_minor(amounts.iter().sum::<i64>() - points))];
        if points > 0 {
            tenders.push(Tender::points(points, Money::from_minor(points)));
        }
        let line = |(at, amount): (usize, &i64)| {
            let category = CATEGORIES[usize::from(log.category[first + at])];
            let item = format!("i-{}", log.item[first + at]);
            Line::new((at + 1).to_string(), item, category, Quantity::ONE, Money::from_minor(*amount))
        };
        let lines = amounts.iter().enumerate().map(line).collect();
        let currency = Currency::parse("CNY").unwrap();
        let purchase = Purchase::new(lines, Money::ZERO, tenders, currency).unwrap();
        let customer = log.customer[first].to_string();
        Some(Fact::purchased(own[0].to_string(), at(log.micros[first]), customer, purchase).unwrap())
    })
}

/// What a book says of each household at the end of the log.
fn by_the_book(grocer: &Grocer) -> Vec<Standing> {
    let mut book = Book::new(Program::parse("grocer.toml", PROGRAM).unwrap());
    let joined = grocer.people.iter().enumerate().map(|(number, person)| engine::joined(number, person));
    let mut facts: Vec<Fact<'_>> = joined.chain(purchases(&grocer.log)).collect();
    facts.sort_by_key(Fact::at);
    for fact in &facts {
        assert!(
            matches!(book.record(fact), Ok(Answer::Accepted { .. })),
            "a till would refuse {}",
            fact.id()
        );
    }
    let on = Day::of(2025, 12, 31).unwrap();
    let standing = |number: usize| {
        let account = book.account(&number.to_string(), on).unwrap();
        let (points, tier) = (account.points, account.tier.unwrap());
        Standing {
            awarded: points.totals.awarded,
            spent: points.totals.spent,
            lapsed: points.totals.lapsed,
            balance: points.balance,
            tier: engine::tier(&tier.id),
        }
    };
    (0..grocer.people.len()).map(standing).collect()
}

fn by_hand<A: Amount>(rows: Rows<'_, A>, birth_months: &[u8]) -> [Vec<Standing>; 2] {
    let (tables, asked) = (Tables::new(), Asked { birth_months, on: DAYS - 1 });
    let order = counting_sort(rows.customer.iter().copied(), birth_months.len());
    let sorted = Log::taken(rows, &order);
    [replay_sorted(sorted.rows(), asked, &tables), replay_in_time_order(rows, asked, &tables)]
}

#[test]
fn the_hard_coded_program_is_the_book() {
    let grocer = small();
    let (expected, birth_months) = (by_the_book(&grocer), grocer.birth_months());
    for standings in by_hand(grocer.log.rows(), &birth_months) {
        assert_eq!(standings, expected);
    }
    let decimals: Vec<Decimal> = grocer.log.amount.iter().copied().map(Amount::of).collect();
    for standings in by_hand(grocer.log.rows().with_amounts(&decimals), &birth_months) {
        assert_eq!(standings, expected);
    }
}

#[test]
fn the_replay_of_columns_and_of_tables_is_the_hard_coded_program() {
    let grocer = small();
    let [standings, ..] = by_hand(grocer.log.rows(), &grocer.birth_months());
    let order = counting_sort(grocer.log.customer.iter().copied(), grocer.people.len());
    let sorted = Log::taken(grocer.log.rows(), &order);
    let program = Program::parse("grocer.toml", PROGRAM).unwrap();
    let folded = engine::fold(&program, sorted.rows(), &grocer.people, Day::of(2025, 12, 31).unwrap());
    let expected = Ending::by_hand(&standings);
    assert_eq!(folded, expected);
    let customers = Some(Table::of(table::customers(&grocer.everyone(), &grocer.people)));
    let options = Options { customers, ..Options::default() };
    for rows in [sorted.rows(), grocer.log.rows()] {
        assert_eq!(engine::table(&program, &table::whole(table::sales(rows)), &options), expected);
    }
}

#[test]
fn the_log_asks_everything_of_the_program() {
    let grocer = small();
    let [standings, ..] = by_hand(grocer.log.rows(), &grocer.birth_months());
    for (tier, id) in TIER_IDS.into_iter().enumerate() {
        assert!(standings.iter().any(|standing| standing.tier == tier), "nobody is {id}");
    }
    assert!(standings.iter().any(|standing| standing.spent > 0 && standing.lapsed > 0));
    assert!(grocer.people.iter().any(|person| person.birthday.is_none()));
    assert!(grocer.log.micros.is_sorted() && grocer.log.category.contains(&23));
    let lines = grocer.log.amount.len() as f64 / 6_000.0;
    assert!((9.5..10.5).contains(&lines), "{lines} lines in a purchase");
}

#[test]
fn accounts_replayed_apart_are_those_replayed_together() {
    let grocer = small();
    let program = Program::parse("grocer.toml", PROGRAM).unwrap();
    let as_of = Day::of(2025, 12, 31);
    let replayed = |rows: Rows<'_, i64>, people: &[u32]| {
        let customers = Some(Table::of(table::customers(people, &grocer.people)));
        let options = Options { customers, as_of, ..Options::default() };
        replay(&program, &table::whole(table::sales(rows)), &options).unwrap()
    };
    let everyone = grocer.everyone();
    let whole = replayed(grocer.log.rows(), &everyone);
    let (mut accounts, mut totals) = (Vec::new(), [0; 4]);
    for shard in 0..4 {
        let own = |customer: &u32| customer % 4 == shard;
        let rows: Vec<u32> =
            (0..).zip(&grocer.log.customer).filter(|(_, by)| own(by)).map(|(row, _)| row).collect();
        let people: Vec<u32> = everyone.iter().copied().filter(own).collect();
        let part = replayed(Log::taken(grocer.log.rows(), &rows).rows(), &people);
        accounts.extend(lines(&part.accounts));
        let of = part.report.totals;
        let sums = [of.awarded, of.spent, of.lapsed, part.report.outstanding];
        totals = std::array::from_fn(|at| totals[at] + sums[at]);
    }
    let mut expected = lines(&whole.accounts);
    accounts.sort_unstable();
    expected.sort_unstable();
    assert_eq!(accounts, expected);
    let of = whole.report.totals;
    assert_eq!(totals, [of.awarded, of.spent, of.lapsed, whole.report.outstanding]);
}

/// Each row of a table as text.
fn lines(table: &RecordBatch) -> Vec<String> {
    (0..table.num_rows()).map(|row| format!("{:?}", table.slice(row, 1).columns())).collect()
}
