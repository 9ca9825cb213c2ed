//! Tables that can't be taken: each says a stable code, a row and a column, and nothing has changed.

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date64Array, Decimal128Array, Decimal256Array, DictionaryArray, Float64Array,
    Int8Array, Int32Array, Int64Array, ListArray, RecordBatch, RecordBatchIterator, StringArray,
    TimestampMicrosecondArray, TimestampNanosecondArray, UInt64Array, new_null_array,
};
use arrow_buffer::i256;
use arrow_schema::{DataType, Field, Schema};
use parure::book::Book;
use parure::program::Program;
use parure_columnar::{Columns, Error, OnBad, Options, Table, Which, merge_table, replay};
use std::sync::Arc;

const PROGRAM: &str =
    "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";

fn texts(cells: &[&'static str]) -> ArrayRef {
    // `-` is an empty cell.
    Arc::new(cells.iter().map(|cell| Some(*cell).filter(|cell| *cell != "-")).collect::<StringArray>())
}

/// Three rows: two lines of one purchase, and another.
fn sales(changes: Vec<(&'static str, ArrayRef)>) -> RecordBatch {
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("id", texts(&["p-1", "p-1", "p-2"])),
        ("customer", texts(&["mei", "mei", "lin"])),
        (
            "at",
            texts(&["2026-03-02T10:00:00+08:00", "2026-03-02T10:00:00+08:00", "2026-03-03T10:00:00+08:00"]),
        ),
        ("amount", texts(&["100.00", "20.00", "30.00"])),
    ];
    for (name, cells) in changes {
        match columns.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = cells,
            None => columns.push((name, cells)),
        }
    }
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, cells)| (name, cells, true)))
        .unwrap()
}

/// What both doors say of it, which is the same.
fn told(sales: RecordBatch, options: &Options) -> Error {
    let program = Program::parse("m.toml", PROGRAM).unwrap();
    let mut book = Book::new(program.clone());
    let table = Table::of(sales);
    let error = merge_table(&mut book, &table, options).unwrap_err();
    assert_eq!(book.facts(), 0, "nothing has changed");
    assert_eq!(replay(&program, &table, options).unwrap_err(), error);
    error
}

#[test]
fn a_bad_cell_says_its_row_and_its_column() {
    let decimal = |cells: [i128; 3], scale| -> ArrayRef {
        Arc::new(Decimal128Array::from(cells.to_vec()).with_precision_and_scale(38, scale).unwrap())
    };
    let long = "x".repeat(65).leak();
    type Change = (&'static str, ArrayRef);
    let table: Vec<(Vec<Change>, &str, u64, &str)> = vec![
        (vec![("customer", texts(&["mei", "mei", "-"]))], "missing_key", 2, "customer"),
        (vec![("customer", texts(&["mei", "mei", "  "]))], "missing_key", 2, "customer"),
        (vec![("customer", texts(&["mei", "mei", long]))], "name_text", 2, "customer"),
        (vec![("customer", texts(&["mei", "lin", "lin"]))], "rows_differ", 1, "customer"),
        (vec![("id", texts(&["p-1", "p-1", "-"]))], "missing_key", 2, "id"),
        (vec![("id", texts(&["p-1", "p-1", "a\u{7}"]))], "name_text", 2, "id"),
        (vec![("id", texts(&["p-1", "p-2", "p-1"]))], "rows_differ", 2, "customer"),
        (vec![("at", texts(&["2026-03-02", "2026-03-02", "-"]))], "missing_key", 2, "at"),
        (vec![("at", texts(&["2026-03-02", "2026-03-02", "2026-03-03T10:00:00"]))], "naive_time", 2, "at"),
        (vec![("at", texts(&["2026-03-02", "2026-03-02", "2026-02-30"]))], "day_text", 2, "at"),
        (vec![("at", texts(&["2026-03-02", "2026-03-01", "2026-03-01"]))], "rows_differ", 1, "at"),
        (vec![("at", Arc::new(Date64Array::from(vec![0, 0, 1])))], "day_text", 2, "at"),
        (
            vec![("at", Arc::new(TimestampNanosecondArray::from(vec![0, 0, 1]).with_timezone("UTC")))],
            "time_digits",
            2,
            "at",
        ),
        (
            vec![(
                "at",
                Arc::new(TimestampMicrosecondArray::from(vec![0, 0, i64::MAX]).with_timezone("UTC")),
            )],
            "time_range",
            2,
            "at",
        ),
        (vec![("amount", texts(&["100.00", "20.00", "-"]))], "missing_key", 2, "amount"),
        (vec![("amount", texts(&["100.00", "20.00", "1,000"]))], "money_text", 2, "amount"),
        (vec![("amount", texts(&["100.00", "-20.00", "30.00"]))], "negative_amount", 1, "amount"),
        (vec![("amount", decimal([10_000, 12_345, 0], 3))], "money_digits", 1, "amount"),
        (vec![("amount", decimal([0, 0, 10_i128.pow(37)], 2))], "money_range", 2, "amount"),
        (vec![("amount", decimal([0, 0, 10_i128.pow(17)], 2))], "money_range", 2, "amount"),
        (vec![("amount", Arc::new(Int64Array::from(vec![0, i64::MIN, 0])))], "money_range", 1, "amount"),
        (vec![("amount", Arc::new(UInt64Array::from(vec![0, 0, u64::MAX])))], "money_range", 2, "amount"),
        (
            vec![("amount", Arc::new(Decimal256Array::from(vec![i256::ZERO, i256::MAX, i256::ZERO])))],
            "money_range",
            1,
            "amount",
        ),
        (vec![("quantity", texts(&["1", "0", "1"]))], "no_quantity", 1, "quantity"),
        (vec![("quantity", texts(&["1", "one", "1"]))], "quantity_text", 1, "quantity"),
        (vec![("quantity", decimal([0, 10_000_000, 12_345_678], 7))], "quantity_digits", 2, "quantity"),
        (vec![("item", texts(&["a", long, "-"]))], "name_text", 1, "item"),
        (vec![("category", texts(&["a", "b", "c\nd"]))], "name_text", 2, "category"),
        (vec![("line", texts(&["a", "a", "-"]))], "repeated_line", 1, "line"),
        (vec![("line", texts(&["2", "-", "-"]))], "repeated_line", 1, "line"),
        (vec![("line", texts(&["a", long, "-"]))], "name_text", 1, "line"),
        (vec![("store", texts(&["sh-01", "-", "-"]))], "rows_differ", 1, "store"),
        (vec![("staff", texts(&["li", "wu", "-"]))], "rows_differ", 1, "staff"),
        (vec![("terminal", texts(&["-", "-", long]))], "name_text", 2, "terminal"),
        (vec![("discount", texts(&["1", "2", "0"]))], "rows_differ", 1, "discount"),
        (vec![("discount", texts(&["121", "121", "0"]))], "discount_exceeds", 0, "discount"),
        (vec![("points", Arc::new(Int64Array::from(vec![0, 0, -1])))], "number_range", 2, "points"),
        (vec![("points", Arc::new(Int64Array::from(vec![0, 5, 0])))], "rows_differ", 1, "points"),
        (vec![("points_amount", texts(&["-", "-", "5.00"]))], "points_tender", 2, "points"),
        (
            vec![
                ("points", Arc::new(Int64Array::from(vec![0, 0, 9]))),
                ("points_amount", texts(&["-", "-", "30.01"])),
            ],
            "tenders_differ",
            2,
            "points_amount",
        ),
        (vec![("returns", texts(&["-", "p-1", "-"]))], "rows_differ", 1, "returns"),
        (vec![("returns", texts(&["-", "-", "p-1"]))], "missing_key", 2, "line"),
        (
            vec![
                ("returns", texts(&["-", "-", "p-1"])),
                ("line", texts(&["1", "2", "1"])),
                ("amount", texts(&["1", "1", "0"])),
                ("quantity", texts(&["1", "1", "0"])),
            ],
            "nothing_returned",
            2,
            "",
        ),
    ];
    for (changes, code, row, column) in table {
        let error = told(sales(changes.clone()), &Options::default());
        let place = (error.code, error.table, error.row, error.column.as_deref().unwrap_or_default());
        assert_eq!(place, (code, Which::Sales, Some(row), column), "{error}");
    }
}

#[test]
fn a_table_of_the_wrong_columns_says_which() {
    let null = || new_null_array(&DataType::Boolean, 3);
    let number: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let float: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 3.0]));
    let naive: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![0, 0, 0]));
    let mars: ArrayRef =
        Arc::new(TimestampMicrosecondArray::from(vec![0, 0, 0]).with_timezone("Mars/Olympus"));
    let list: ArrayRef =
        Arc::new(ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>(vec![
            None::<
                Vec<Option<i32>>,
            >;
            3
        ]));
    let floats: ArrayRef = Arc::new(
        DictionaryArray::<Int8Type>::try_new(
            Int8Array::from(vec![0, 0, 0]),
            Arc::new(Float64Array::from(vec![1.0])),
        )
        .unwrap(),
    );
    for (name, cells, code) in [
        ("amount", float.clone(), "float_amount"),
        ("discount", float.clone(), "float_amount"),
        ("quantity", float.clone(), "quantity_float"),
        ("points", float.clone(), "column_type"),
        ("customer", float, "column_type"),
        ("customer", floats, "column_type"),
        ("at", naive, "naive_time"),
        ("at", mars, "unknown_time_zone"),
        ("at", number, "column_type"),
        ("id", list, "column_type"),
        ("store", null(), "column_type"),
    ] {
        let error = told(sales(vec![(name, cells)]), &Options::default());
        assert_eq!((error.code, error.row, error.column.as_deref()), (code, None, Some(name)), "{error}");
    }
}

#[test]
fn columns_are_found_by_their_names_or_told() {
    let asked = |columns: Columns| told(sales(Vec::new()), &Options { columns, ..Options::default() });
    let error = asked(Columns::default().with("amount", "TOTAL"));
    assert_eq!(
        error.to_string(),
        "sales: there is no column `TOTAL` for `amount`; the table has id, customer, at, amount"
    );
    assert_eq!(asked(Columns::default().with("custmer", "customer")).code, "unknown_key");
    assert_eq!(asked(Columns::default().with("at", "at").with("at", "id")).code, "repeated_key");
    let twice = Schema::new(vec![
        Field::new("customer", DataType::Int32, true),
        Field::new("at", DataType::Int32, true),
        Field::new("amount", DataType::Int32, true),
        Field::new("customer", DataType::Int32, true),
    ]);
    let cells: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    let twice = RecordBatch::try_new(Arc::new(twice), vec![cells; 4]).unwrap();
    assert_eq!(told(twice, &Options::default()).code, "repeated_column");
}

#[test]
fn batches_of_other_types_are_told() {
    let first = sales(Vec::new());
    let second = sales(vec![("amount", Arc::new(Int64Array::from(vec![1, 2, 3])))]);
    let stream = RecordBatchIterator::new([Ok(first.clone()), Ok(second)], first.schema());
    let table = Table::read(stream).unwrap();
    let program = Program::parse("m.toml", PROGRAM).unwrap();
    let error = replay(&program, &table, &Options::default()).unwrap_err();
    assert_eq!((error.code, error.column.as_deref()), ("schema_differs", Some("amount")));
}

#[test]
fn a_bad_customer_says_its_row_and_its_column() {
    let customers = |changes: Vec<(&'static str, ArrayRef)>| {
        let mut columns =
            vec![("customer", texts(&["mei", "lin"])), ("at", texts(&["2026-01-02", "2026-01-03"]))];
        columns.retain(|(known, _)| !changes.iter().any(|(name, _)| name == known));
        columns.extend(changes);
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, cells)| (name, cells, true)))
            .unwrap()
    };
    let lunar: ArrayRef = Arc::new(BooleanArray::from(vec![None, Some(true)]));
    let long = "x".repeat(60).leak();
    for (changes, code, row, column) in [
        (vec![("customer", texts(&["mei", "mei"]))], "repeated_id", 1, "id"),
        (vec![("customer", texts(&["-", "mei"]))], "missing_key", 0, "customer"),
        (vec![("customer", texts(&["mei", long]))], "name_text", 1, "customer"),
        (vec![("at", texts(&["2026-01-01", "soon"]))], "time_text", 1, "at"),
        (vec![("birthday", texts(&["05-20", "20/5"]))], "date_text", 1, "birthday"),
        (vec![("birthday", texts(&["05-20", "02-30"]))], "date_unreal", 1, "birthday"),
        (vec![("birthday", texts(&["05-20", "05-31"])), ("lunar", lunar)], "date_unreal", 1, "birthday"),
        (vec![("id", texts(&["j-1", "p-2"]))], "repeated_id", 1, "id"),
    ] {
        let options = Options { customers: Some(Table::of(customers(changes))), ..Options::default() };
        let error = told(sales(Vec::new()), &options);
        let place = (error.code, error.table, error.row, error.column.as_deref());
        assert_eq!(place, (code, Which::Customers, Some(row), Some(column)), "{error}");
    }
}

#[test]
fn a_bad_row_takes_its_purchase_with_it() {
    let sales = sales(vec![("amount", texts(&["100.00", "1,000", "30.00"]))]);
    let program = Program::parse("m.toml", PROGRAM).unwrap();
    let mut book = Book::new(program.clone());
    let options = Options {
        on_bad: OnBad::SetAside,
        columns: Columns::default().with("amount", "amount"),
        ..Options::default()
    };
    let table = Table::of(sales);
    let merged = merge_table(&mut book, &table, &options).unwrap();
    assert_eq!((merged.merged.new, book.facts(), book.fact("p-2").is_some()), (1, 1, true));
    let replayed = replay(&program, &table, &options).unwrap();
    assert_eq!(replayed.rejects, merged.rejects);
    assert_eq!((replayed.purchases.num_rows(), replayed.accounts.num_rows()), (1, 1));
    use arrow_array::cast::AsArray;
    let text = |name: &str| {
        replayed.rejects[name]
            .as_string::<i64>()
            .iter()
            .map(|cell| cell.map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(replayed.rejects["row"].as_ref(), &Int64Array::from(vec![0, 1]));
    assert_eq!(text("code"), [Some("set_aside".to_owned()), Some("money_text".to_owned())]);
    assert_eq!(text("column"), [None, Some("amount".to_owned())]);
    assert_eq!(text("message")[0].as_deref(), Some("another row of `p-1` is bad"));
}

#[test]
fn a_table_without_rows_is_a_book_without_facts() {
    let program = Program::parse("m.toml", PROGRAM).unwrap();
    let none = sales(Vec::new()).slice(0, 0);
    let replayed = replay(&program, &Table::of(none), &Options::default()).unwrap();
    assert_eq!(
        (replayed.accounts.num_rows(), replayed.months.num_rows(), replayed.rejects.num_rows()),
        (0, 0, 0)
    );
    let skipped = Options { purchases: false, ..Options::default() };
    let all = replay(&program, &Table::of(sales(Vec::new())), &Options::default()).unwrap();
    let few = replay(&program, &Table::of(sales(Vec::new())), &skipped).unwrap();
    assert_eq!((all.purchases.num_rows(), few.purchases.num_rows()), (2, 0));
    assert_eq!((all.purchases.schema(), all.accounts), (few.purchases.schema(), few.accounts));
}

/// A purchase that fills what is read at once, one row of which is bad: its rows are read again, and it is still not the one before.
#[test]
fn a_bad_row_of_a_long_purchase_is_told_and_touches_no_other() {
    let batch = |ids: [i64; 4], amounts: [&'static str; 4]| {
        let same = |text| texts(&[text; 4]);
        let columns = [
            ("id", Arc::new(Int64Array::from(ids.to_vec())) as ArrayRef),
            ("customer", same("mei")),
            ("at", same("2026-03-02T10:00:00+08:00")),
            ("amount", texts(&amounts)),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, cells)| (name, cells, true))).unwrap()
    };
    let (good, bad) =
        (batch([1; 4], ["1.00", "2.00", "3.00", "4.00"]), batch([2; 4], ["1.00", "-", "3.00", "4.00"]));
    let read = |batches: Vec<RecordBatch>, on_bad| {
        let schema = batches[0].schema();
        let table = Table::read(RecordBatchIterator::new(batches.into_iter().map(Ok), schema)).unwrap();
        let options = Options { on_bad, ..Options::default() };
        replay(&Program::parse("m.toml", PROGRAM).unwrap(), &table, &options)
    };
    let error = read(vec![bad.clone()], OnBad::Stop).unwrap_err();
    assert_eq!((error.row, error.column.as_deref()), (Some(1), Some("amount")), "{error:?}");
    let replayed = read(vec![good, bad], OnBad::SetAside).unwrap();
    assert_eq!(replayed.purchases.num_rows(), 1);
    let rows = &replayed.rejects["row"];
    assert_eq!(rows.as_ref(), &Int64Array::from(vec![4, 5, 6, 7]), "{:?}", replayed.rejects);
}
