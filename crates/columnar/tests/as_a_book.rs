//! Random small tables give exactly what a book gives for the same facts: in whatever types the columns are, in whatever batches
//! they come, in whatever order the rows stand, and with bad rows among them.

mod model;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch, RecordBatchIterator};
use model::{Asked, Case, Told};
use parure::book::{AccountView, Answer, Book};
use parure::calendar::Day;
use parure::program::Program;
use parure_columnar::{OnBad, Options, Table, merge_table, replay};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::TestCaseError;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn tables_give_what_a_book_gives(case in model::cases()) {
        same(&case)?;
    }
}

fn same(case: &Case) -> Result<(), TestCaseError> {
    let program = Program::parse("program.toml", case.program()).unwrap();
    let Asked { sales, customers } = case.tables();
    let told = Told::by(case, &program);
    let mut book = Book::new(program.clone());
    book.merge(told.facts.iter().cloned()).unwrap();
    let on = case.as_of.map(|day| Day::from_number(day.into()));
    let options = Options {
        customers: customers.map(Table::of),
        on_bad: OnBad::SetAside,
        as_of: on,
        ..Options::default()
    };
    let table = cut(&sales, &case.cuts);
    let on = on.or(book.last_day()).unwrap_or(program.effective());

    let replayed = replay(&program, &table, &options).unwrap();
    let rows: Vec<i64> = replayed.rejects["row"].as_primitive::<Int64Type>().values().to_vec();
    prop_assert_eq!(rows, told.rejects.clone());
    prop_assert_eq!(accounts(&replayed.accounts), book.accounts(on).map(expected).collect::<Vec<_>>());
    prop_assert_eq!(&replayed.report, &book.report(on));
    prop_assert_eq!(replayed.months.num_rows(), replayed.report.months.len());
    let mut expected = Vec::new();
    for fact in told.facts.iter().filter(|fact| fact.purchase().is_some()) {
        if book.day_of(fact.at()) > on {
            continue;
        }
        let Answer::AlreadyRecorded { outcome } = book.record(fact).unwrap() else { panic!("it is known") };
        let tier = outcome.tier.unwrap();
        expected.push(Purchase {
            id: fact.id().to_owned(),
            customer: fact.customer().unwrap().to_owned(),
            on: book.day_of(fact.at()).number(),
            points: (outcome.points.wanted, outcome.points.awarded),
            rules: outcome.rules.iter().map(ToString::to_string).collect(),
            tiers: (tier.before.to_string(), tier.after.to_string()),
        });
    }
    prop_assert_eq!(purchases(&replayed.purchases), expected);

    let mut merged = Book::new(program.clone());
    let done = merge_table(&mut merged, &table, &options);
    if case.has_ids {
        let done = done.unwrap();
        prop_assert_eq!((done.merged.new, done.merged.known), (told.facts.len(), 0));
        prop_assert_eq!(merged.to_json(on), book.to_json(on));
        // The very same facts, to the byte.
        let again = merged.merge(told.facts.iter().cloned()).unwrap();
        prop_assert_eq!((again.new, again.conflicts), (0, Vec::new()));
        prop_assert_eq!(&done.rejects, &replayed.rejects);
    } else {
        prop_assert_eq!(done.unwrap_err().code, "no_column");
    }

    // The answer does not depend on the batches, and the first bad row stops.
    let whole = Table::of(sales);
    prop_assert_eq!(&replay(&program, &whole, &options).unwrap(), &replayed);
    let stopped = replay(&program, &table, &Options { on_bad: OnBad::Stop, ..options.clone() });
    match &stopped {
        Ok(clean) => prop_assert_eq!(clean, &replayed),
        Err(error) => {
            let row = i64::try_from(error.row.unwrap()).unwrap();
            prop_assert!(told.rejects.contains(&row), "{}", error);
        }
    }
    prop_assert_eq!(stopped.is_ok(), told.rejects.is_empty());
    Ok(())
}

/// The same rows in several batches.
fn cut(sales: &RecordBatch, cuts: &[usize]) -> Table {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (sales.num_rows() + 1)).collect();
    cuts.extend([0, sales.num_rows()]);
    cuts.sort_unstable();
    let batches: Vec<_> = cuts.windows(2).map(|cut| Ok(sales.slice(cut[0], cut[1] - cut[0]))).collect();
    Table::read(RecordBatchIterator::new(batches, sales.schema())).unwrap()
}

type Account = (String, [i64; 3], Option<String>, Option<(i32, i64)>);

fn accounts(batch: &RecordBatch) -> Vec<Account> {
    let number = |name: &str, row: usize| batch[name].as_primitive::<Int64Type>().value(row);
    let text = |name: &str, row: usize| batch[name].as_string::<i64>().value(row).to_owned();
    let lapses = batch["next_lapse"].as_primitive::<Date32Type>();
    let account = |row: usize| {
        let tier = batch["tier"].is_valid(row).then(|| text("tier", row));
        let lapse = lapses.is_valid(row).then(|| (lapses.value(row), number("next_lapse_points", row)));
        (text("customer", row), ["balance", "pending", "debt"].map(|name| number(name, row)), tier, lapse)
    };
    (0..batch.num_rows()).map(account).collect()
}

fn expected(account: AccountView) -> Account {
    let points = &account.points;
    let next = points.lots.iter().filter_map(|lot| lot.last_day).min();
    let lapse = next.map(|day| {
        let lapsing = points.lots.iter().filter(|lot| lot.last_day == Some(day)).map(|lot| lot.points);
        (day.number(), lapsing.sum())
    });
    let tier = account.tier.map(|tier| tier.id.to_string());
    (account.account.to_string(), [points.balance, points.pending, points.debt], tier, lapse)
}

#[derive(Debug, PartialEq)]
struct Purchase {
    id: String,
    customer: String,
    on: i32,
    points: (i64, i64),
    rules: Vec<String>,
    tiers: (String, String),
}

fn purchases(batch: &RecordBatch) -> Vec<Purchase> {
    let number = |name: &str, row: usize| batch[name].as_primitive::<Int64Type>().value(row);
    let text = |name: &str, row: usize| batch[name].as_string::<i64>().value(row).to_owned();
    let named = |cells: &dyn Array, row: usize| {
        let cells = cells.as_dictionary::<Int32Type>();
        cells.values().as_string::<i32>().value(cells.key(row).unwrap()).to_owned()
    };
    let purchase = |row: usize| {
        let rules = batch["rules"].as_list::<i32>().value(row);
        Purchase {
            id: text("id", row),
            customer: text("customer", row),
            on: batch["on"].as_primitive::<Date32Type>().value(row),
            points: (number("wanted", row), number("awarded", row)),
            rules: (0..rules.len()).map(|at| named(&rules, at)).collect(),
            tiers: (named(&batch["tier_before"], row), named(&batch["tier_after"], row)),
        }
    };
    (0..batch.num_rows()).map(purchase).collect()
}
