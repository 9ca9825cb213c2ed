//! Tables through Arrow's C interface: the same as through Rust, and whatever a stream does, an answer and nothing that leaks.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a list of calls")]
#![allow(clippy::wildcard_imports, reason = "the whole header, as C includes it")]

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream as ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{
    Array, ArrayRef, Decimal128Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray, StructArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parure::book::Book;
use parure::calendar::Day;
use parure::program::Program;
use parure_c::parure_status::*;
use parure_c::*;
use parure_columnar::{Columns, OnBad, Options, Table};
use std::ffi::{CStr, c_char, c_int};
use std::mem::offset_of;
use std::ptr::{null, null_mut};
use std::sync::Arc;

const RULES: &str = include_str!("../../../examples/maison.toml");

fn texts(cells: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(cells.to_vec()))
}

/// Four rows, three purchases; the last row is bad where `bad` is set.
fn sales(bad: bool) -> RecordBatch {
    let amounts = Decimal128Array::from(vec![1_280_000, 4_000, 6_400_000, if bad { -1 } else { 32_050 }]);
    RecordBatch::try_from_iter([
        ("household", texts(&[Some("mei"), Some("mei"), Some("lan"), Some("mei")])),
        ("at", texts(&[Some("2026-03-02"), Some("2026-03-02"), Some("2026-03-09"), Some("2026-04-01")])),
        ("id", texts(&[Some("p-1"), Some("p-1"), Some("p-2"), Some("p-3")])),
        ("line", texts(&[Some("1"), Some("2"), None, None])),
        ("amount", Arc::new(amounts.with_precision_and_scale(12, 2).unwrap())),
    ])
    .unwrap()
}

fn customers() -> RecordBatch {
    let mut tags = ListBuilder::new(StringBuilder::new());
    tags.append_value([Some("vip")]);
    tags.append_null();
    RecordBatch::try_from_iter([
        ("customer", texts(&[Some("mei"), Some("lan")])),
        ("joined", texts(&[Some("2026-01-01"), Some("2026-02-01")])),
        ("tags", Arc::new(tags.finish()) as ArrayRef),
    ])
    .unwrap()
}

/// The batch as a stream of two batches.
fn stream(batch: &RecordBatch) -> ArrowArrayStream {
    let cut = batch.num_rows() / 2;
    let parts = [Ok(batch.slice(0, cut)), Ok(batch.slice(cut, batch.num_rows() - cut))];
    ArrowArrayStream::new(Box::new(RecordBatchIterator::new(parts, batch.schema())))
}

fn c_options(set_aside: bool) -> parure_table_options {
    parure_table_options {
        size: size_of::<parure_table_options>(),
        columns: parure_text::of(r#"{"customer":"household"}"#),
        customer_columns: parure_text::of(r#"{"at":"joined"}"#),
        as_of: 20_261_231,
        set_aside: i32::from(set_aside),
        without_purchases: 0,
    }
}

fn rust_options(set_aside: bool) -> Options {
    Options {
        columns: Columns::default().with("customer", "household"),
        customers: Some(Table::of(customers())),
        customer_columns: Columns::default().with("at", "joined"),
        on_bad: if set_aside { OnBad::SetAside } else { OnBad::Stop },
        as_of: Day::of(2026, 12, 31),
        purchases: true,
    }
}

fn shown(text: parure_text) -> String {
    if text.data.is_null() {
        return String::new();
    }
    // SAFETY: a text that a live handle told.
    String::from_utf8(unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.length) }.to_vec())
        .unwrap()
}

fn rules() -> Program {
    Program::parse("maison.toml", RULES).unwrap()
}

fn program() -> *mut parure_program {
    let mut program = null_mut();
    let (text, length) = (RULES.as_ptr().cast(), RULES.len());
    // SAFETY: texts that live on, and room for what is answered.
    let status = unsafe { parure_program_parse(null(), 0, text, length, &raw mut program, null_mut()) };
    assert_eq!(status, PARURE_OK);
    program
}

/// Everything that an error tells.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    status: i32,
    code: String,
    message: String,
    path: String,
    table: String,
    row: Option<u64>,
    text: String,
    json: String,
}

/// Reads an error and frees it.
fn told(error: *mut parure_error) -> Told {
    if error.is_null() {
        return Told::default();
    }
    // SAFETY: an error that was handed over; zeros are a view.
    unsafe {
        let mut view: parure_error_view = std::mem::zeroed();
        view.size = size_of::<parure_error_view>();
        assert_eq!(parure_error_read(error, &raw mut view), PARURE_OK);
        let (mut text, mut json) = (parure_text::of(""), parure_text::of(""));
        assert_eq!(parure_error_text(error, &raw mut text), PARURE_OK);
        assert_eq!(parure_error_json(error, &raw mut json), PARURE_OK);
        // A till of before there were tables reads what it knows.
        let mut old: parure_error_view = std::mem::zeroed();
        old.size = offset_of!(parure_error_view, table);
        assert_eq!(parure_error_read(error, &raw mut old), PARURE_OK);
        assert_eq!((shown(old.code), old.table.data.is_null()), (shown(view.code), true));
        let told = Told {
            status: view.status,
            code: shown(view.code),
            message: shown(view.message),
            path: shown(view.path),
            table: shown(view.table),
            row: (view.has_row != 0).then_some(view.row),
            text: shown(text),
            json: shown(json),
        };
        parure_error_free(error);
        told
    }
}

/// What both calls say of streams that can't be taken; the book must be as it was, and the streams released.
fn refused(make: impl Fn() -> ArrowArrayStream, options: &parure_table_options) -> Told {
    let program = program();
    let (mut book, mut replayed, mut merged) = (null_mut(), null_mut(), null_mut());
    let (mut one, mut other) = (null_mut(), null_mut());
    let mut streams = [make(), make(), stream(&customers()), stream(&customers())];
    let [sales, again, joined, twice] = &mut streams;
    // SAFETY: live handles, streams, structs that live on, and room for what is answered.
    unsafe {
        assert_eq!(parure_book_new(program, &raw mut book, null_mut()), PARURE_OK);
        let status = parure_replay(program, sales, joined, options, &raw mut replayed, &raw mut one);
        assert!(replayed.is_null() && status != PARURE_OK);
        let status = parure_book_merge_table(book, again, twice, options, &raw mut merged, &raw mut other);
        assert!(merged.is_null() && status != PARURE_OK);
        let mut answer = null_mut();
        let mut text = parure_text::of("");
        assert_eq!(
            parure_book_ask(book, c"{\"book\":{}}".as_ptr(), 11, &raw mut answer, null_mut()),
            PARURE_OK
        );
        assert_eq!(parure_answer_text(answer, &raw mut text, null_mut()), PARURE_OK);
        assert!(shown(text).contains(r#""facts":0,"#), "the book has changed");
        parure_answer_free(answer);
        parure_book_free(book);
        parure_program_free(program);
    }
    assert!(streams.iter().all(|stream| stream.release().is_none()), "a stream was left");
    let (one, other) = (told(one), told(other));
    assert_eq!(one, other);
    one
}

type Reader = unsafe extern "C" fn(
    *const parure_replayed,
    *mut ArrowArrayStream,
    *mut *mut parure_error,
) -> parure_status;

/// The one batch of a stream that was given out.
fn batch(stream: ArrowArrayStream) -> RecordBatch {
    let mut batches = RecordBatchStreamReader::try_new(stream).unwrap();
    let batch = batches.next().unwrap().unwrap();
    assert!(batches.next().is_none());
    batch
}

#[test]
fn a_replay_is_the_one_of_rust() {
    for set_aside in [false, true] {
        let rust = parure_columnar::replay(&rules(), &Table::of(sales(set_aside)), &rust_options(set_aside));
        let rust = rust.unwrap();
        let (mut sold, mut joined) = (stream(&sales(set_aside)), stream(&customers()));
        let (program, options) = (program(), c_options(set_aside));
        let (mut replayed, mut text) = (null_mut(), parure_text::of(""));
        // SAFETY: live handles, streams, structs that live on, and room for what is answered.
        unsafe {
            let status = parure_replay(
                program,
                &raw mut sold,
                &raw mut joined,
                &raw const options,
                &raw mut replayed,
                null_mut(),
            );
            assert_eq!(status, PARURE_OK);
            parure_program_free(program);
            assert!(sold.release().is_none() && joined.release().is_none());
            assert_eq!(parure_replayed_report(replayed, &raw mut text, null_mut()), PARURE_OK);
            let report = serde_json::to_value(&rust.report).unwrap();
            assert_eq!(shown(text), parure::json::canonical(&report));
            let tables: [(Reader, &RecordBatch); 4] = [
                (parure_replayed_purchases, &rust.purchases),
                (parure_replayed_accounts, &rust.accounts),
                (parure_replayed_months, &rust.months),
                (parure_replayed_rejects, &rust.rejects),
            ];
            let mut streams = Vec::new();
            for (read, expected) in tables {
                let mut out = ArrowArrayStream::empty();
                assert_eq!(read(replayed, &raw mut out, null_mut()), PARURE_OK);
                streams.push((out, expected));
            }
            // They need it no more.
            parure_replayed_free(replayed);
            for (out, expected) in streams {
                assert_eq!(batch(out), *expected);
            }
        }
        assert_eq!(rust.rejects.num_rows(), usize::from(set_aside));
    }
}

#[test]
fn a_merge_is_the_one_of_rust() {
    let mut rust = Book::new(rules());
    let expected =
        parure_columnar::merge_table(&mut rust, &Table::of(sales(true)), &rust_options(true)).unwrap();
    let (program, options) = (program(), c_options(true));
    let (mut book, mut merged, mut bytes) = (null_mut(), null_mut(), null_mut());
    let (mut text, mut data, mut length) = (parure_text::of(""), null(), 0);
    // SAFETY: live handles, streams, structs that live on, and room for what is answered.
    unsafe {
        assert_eq!(parure_book_new(program, &raw mut book, null_mut()), PARURE_OK);
        for known in [0, 4] {
            let (mut sold, mut joined) = (stream(&sales(true)), stream(&customers()));
            let (s, j) = (&raw mut sold, &raw mut joined);
            let status = parure_book_merge_table(book, s, j, &raw const options, &raw mut merged, null_mut());
            assert_eq!(status, PARURE_OK);
            assert!(sold.release().is_none() && joined.release().is_none());
            assert_eq!(parure_merged_json(merged, &raw mut text, null_mut()), PARURE_OK);
            assert!(shown(text).contains(&format!(r#""known":{known},"#)), "{}", shown(text));
            if known == 0 {
                let json = serde_json::to_value(&expected.merged).unwrap();
                assert_eq!(shown(text), parure::json::canonical(&json));
            }
            let mut out = ArrowArrayStream::empty();
            assert_eq!(parure_merged_rejects(merged, &raw mut out, null_mut()), PARURE_OK);
            parure_merged_free(merged);
            assert_eq!(batch(out), expected.rejects);
        }
        assert_eq!(parure_book_snapshot(book, &raw mut bytes, null_mut()), PARURE_OK);
        assert_eq!(parure_bytes_read(bytes, &raw mut data, &raw mut length, null_mut()), PARURE_OK);
        assert!(std::slice::from_raw_parts(data, length) == rust.snapshot());
        parure_bytes_free(bytes);
        parure_book_free(book);
        parure_program_free(program);
    }
}

#[test]
fn without_options_customers_and_purchases() {
    let sold = sales(false);
    let names = ["customer", "at", "id", "line", "amount"];
    let sold = RecordBatch::try_from_iter(names.into_iter().zip(sold.columns().iter().cloned())).unwrap();
    let rust = parure_columnar::replay(&rules(), &Table::of(sold.clone()), &Options::default()).unwrap();
    let options = parure_table_options { without_purchases: 1, ..c_options(false) };
    let options = parure_table_options {
        columns: parure_text { data: null(), length: 0 },
        customer_columns: parure_text::of("{}"),
        as_of: 0,
        ..options
    };
    let program = program();
    for (options, purchases) in [(null(), 3), (&raw const options, 0)] {
        let (mut sold, mut replayed) = (stream(&sold), null_mut());
        let (mut accounts, mut told) = (ArrowArrayStream::empty(), ArrowArrayStream::empty());
        // SAFETY: live handles, streams, structs that live on, and room for what is answered.
        unsafe {
            let status =
                parure_replay(program, &raw mut sold, null_mut(), options, &raw mut replayed, null_mut());
            assert_eq!(status, PARURE_OK);
            assert_eq!(parure_replayed_accounts(replayed, &raw mut accounts, null_mut()), PARURE_OK);
            assert_eq!(parure_replayed_purchases(replayed, &raw mut told, null_mut()), PARURE_OK);
            parure_replayed_free(replayed);
        }
        assert_eq!(batch(accounts), rust.accounts);
        let told = batch(told);
        assert_eq!((told.num_rows(), told.schema()), (purchases, rust.purchases.schema()));
    }
    // SAFETY: its own handle.
    unsafe { parure_program_free(program) };
}

#[test]
fn a_bad_row_says_where_it_is() {
    let found = refused(|| stream(&sales(true)), &c_options(false));
    assert_eq!(
        (found.status, found.code.as_str(), found.path.as_str(), found.table.as_str(), found.row),
        (PARURE_FAULT as i32, "negative_amount", "amount", "sales", Some(3))
    );
    assert_eq!(found.text, format!("sales, row 3, column `amount`: {}", found.message));
    let json: serde_json::Value = serde_json::from_str(&found.json).unwrap();
    assert_eq!((&json["row"], &json["table"], &json["path"]), (&3.into(), &"sales".into(), &"amount".into()));

    let none = parure_table_options { columns: parure_text::of("{}"), ..c_options(false) };
    let found = refused(|| stream(&sales(false)), &none);
    assert_eq!((found.code.as_str(), found.table.as_str(), found.row), ("no_column", "sales", None));
    assert!(!found.json.contains("\"row\""), "{}", found.json);
}

#[test]
fn options_that_can_not_be_read() {
    let long = "\u{1F48D}".repeat(100_000);
    let deep = "[".repeat(1_000_000);
    let many = format!("{{{}}}", vec![r#""id":"id""#; 65].join(","));
    for (names, code) in [
        ("{", "syntax"),
        ("{} {}", "syntax"),
        ("\0", "syntax"),
        (deep.as_str(), "wrong_kind"),
        (long.as_str(), "syntax"),
        (many.as_str(), "wrong_kind"),
        ("[]", "wrong_kind"),
        (r#"{"customer":7}"#, "wrong_kind"),
        (r#"{"customer":null}"#, "wrong_kind"),
    ] {
        for (options, path) in [
            (parure_table_options { columns: parure_text::of(names), ..c_options(false) }, "options.columns"),
            (
                parure_table_options { customer_columns: parure_text::of(names), ..c_options(false) },
                "options.customer_columns",
            ),
        ] {
            let found = refused(|| stream(&sales(false)), &options);
            assert_eq!((found.code.as_str(), found.path.as_str()), (code, path), "{names:.40}");
        }
    }
    for (names, code) in [
        (r#"{"kustomer":"household"}"#, "unknown_key"),
        (r#"{"customer":"household","customer":"id"}"#, "repeated_key"),
        (r#"{"customer":"nobody"}"#, "no_column"),
    ] {
        let options = parure_table_options { columns: parure_text::of(names), ..c_options(false) };
        assert_eq!(refused(|| stream(&sales(false)), &options).code, code);
    }
    let bad = parure_text { data: b"\xff".as_ptr().cast(), length: 1 };
    let found = refused(|| stream(&sales(false)), &parure_table_options { columns: bad, ..c_options(false) });
    assert_eq!(found.status, PARURE_NOT_UTF8 as i32);
    let found =
        refused(|| stream(&sales(false)), &parure_table_options { as_of: 20_260_230, ..c_options(false) });
    assert_eq!((found.code.as_str(), found.path.as_str()), ("day_text", "options.as_of"));
    for size in [0, 8, size_of::<parure_table_options>() + 4, usize::MAX] {
        let found = refused(|| stream(&sales(false)), &parure_table_options { size, ..c_options(false) });
        assert_eq!((found.code.as_str(), found.path.as_str()), ("struct_size", "options"));
    }
}

/// What a stream that was written by hand gives; a number is what its function fails with.
struct ByHand {
    schema: Result<DataType, c_int>,
    array: Result<StructArray, c_int>,
}

unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut FFI_ArrowSchema) -> c_int {
    // SAFETY: a stream of `by_hand`, and room for a schema.
    unsafe {
        match &(*(*stream).private_data().cast::<ByHand>()).schema {
            Ok(of) => out.write(FFI_ArrowSchema::try_from(of).unwrap()),
            Err(code) => return *code,
        }
    }
    0
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut FFI_ArrowArray) -> c_int {
    // SAFETY: a stream of `by_hand`, and room for an array.
    unsafe {
        match &(*(*stream).private_data().cast::<ByHand>()).array {
            Ok(array) => out.write(FFI_ArrowArray::new(&array.to_data())),
            Err(code) => return *code,
        }
    }
    0
}

unsafe extern "C" fn get_last_error(_: *mut ArrowArrayStream) -> *const c_char {
    const TOLD: &CStr = c"the disk is on fire";
    TOLD.as_ptr()
}

unsafe extern "C" fn release(stream: *mut ArrowArrayStream) {
    // SAFETY: a stream of `by_hand`, which is released once.
    unsafe {
        let hand = (*stream).set_private_data(null_mut());
        (*stream).set_release(None);
        drop(Box::from_raw(hand.cast::<ByHand>()));
    }
}

fn by_hand(
    schema: Result<DataType, c_int>,
    array: Result<StructArray, c_int>,
    tells: bool,
) -> ArrowArrayStream {
    let hand = Box::into_raw(Box::new(ByHand { schema, array }));
    let last: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char> =
        if tells { Some(get_last_error) } else { None };
    // SAFETY: the functions above, and what they are for.
    unsafe {
        ArrowArrayStream::new_unchecked(Some(get_schema), Some(get_next), last, Some(release), hand.cast())
    }
}

type Make<'a> = Box<dyn Fn() -> ArrowArrayStream + 'a>;

#[test]
fn streams_that_fail() {
    let row = StructArray::from(sales(false));
    let whole = row.data_type().clone();
    let one = StructArray::from(RecordBatch::try_from_iter([("at", texts(&[None]))]).unwrap());
    let list = DataType::new_list(DataType::Int64, true);
    let cases: Vec<(Make<'_>, &str)> = vec![
        (Box::new(ArrowArrayStream::empty), "already released"),
        (Box::new(|| by_hand(Err(5), Err(5), true)), "the disk is on fire"),
        (Box::new(|| by_hand(Err(5), Err(5), false)), "Error code: 5"),
        (Box::new(|| by_hand(Ok(whole.clone()), Err(12), true)), "the disk is on fire"),
        (Box::new(|| by_hand(Ok(whole.clone()), Err(12), false)), "Error code: 12"),
        (Box::new(|| by_hand(Ok(DataType::Int64), Err(5), true)), "as a Schema"),
        (Box::new(|| by_hand(Ok(list.clone()), Err(5), true)), "as a Schema"),
        // Fewer columns than the schema says.
        (Box::new(|| by_hand(Ok(whole.clone()), Ok(one.clone()), true)), "not what its schema says"),
        // A batch, and then none.
        (
            Box::new(|| {
                let batch = sales(false);
                let broken = Err(ArrowError::ComputeError("the line went dead".to_owned()));
                let parts = [Ok(batch.clone()), broken];
                ArrowArrayStream::new(Box::new(RecordBatchIterator::new(parts, batch.schema())))
            }),
            "the line went dead",
        ),
    ];
    for (make, message) in cases {
        let found = refused(make, &c_options(false));
        assert_eq!((found.code.as_str(), found.path.as_str()), ("unreadable_table", "sales"));
        assert!(found.message.contains(message), "{message}: {}", found.message);
        assert_eq!((found.table.as_str(), found.row), ("", None));
    }
}

#[test]
fn cells_that_are_not_what_they_say() {
    let with = |name: &str, column: ArrayRef| {
        let batch = sales(false);
        let (schema, mut columns, rows) = batch.into_parts();
        let at = schema.index_of(name).unwrap();
        let mut fields: Vec<_> = schema.fields().iter().map(|field| field.as_ref().clone()).collect();
        fields[at] = Field::new(name, column.data_type().clone(), true);
        columns[at] = column;
        assert_eq!(rows, 4);
        stream(&RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap())
    };
    let offsets = |ends: Vec<i32>| -> OffsetBuffer<i32> {
        // SAFETY: it is not true, which is what is tried.
        unsafe { OffsetBuffer::new_unchecked(ends.into()) }
    };
    let text = |ends: Vec<i32>, bytes: &[u8]| -> ArrayRef {
        // SAFETY: it is not true, which is what is tried.
        Arc::new(unsafe { StringArray::new_unchecked(offsets(ends), bytes.into(), None) })
    };
    for (ends, bytes) in [
        (vec![0, 1, 2, 3, 4], b"ab\xffd".as_slice()),
        // A character cut in two.
        (vec![0, 1, 2, 3, 4], "a玉".as_bytes()),
        // Ends that go back.
        (vec![0, 3, 1, 3, 4], b"abcd"),
    ] {
        let found = refused(|| with("id", text(ends.clone(), bytes)), &c_options(false));
        assert_eq!((found.code.as_str(), found.path.as_str()), ("unreadable_table", "sales"));
        assert!(found.message.contains("column `id`"), "{}", found.message);
    }
    let floats: ArrayRef = Arc::new(arrow_array::Float64Array::from(vec![1.5; 4]));
    let found = refused(|| with("amount", Arc::clone(&floats)), &c_options(false));
    assert_eq!((found.code.as_str(), found.path.as_str()), ("float_amount", "amount"));
    let whole: ArrayRef = Arc::new(Int64Array::from(vec![None; 4]));
    let found = refused(|| with("amount", Arc::clone(&whole)), &c_options(false));
    assert_eq!((found.code.as_str(), found.row), ("missing_key", Some(0)));
}

#[test]
fn streams_are_taken_whatever_else_is_wrong() {
    let program = program();
    let options = c_options(false);
    let (mut replayed, mut merged, mut error) = (null_mut(), null_mut(), null_mut());
    // SAFETY: live handles, streams, structs that live on, and room for what is answered; or NULL, which is what is tried.
    unsafe {
        for (program, replayed) in
            [(null(), &raw mut replayed), (program.cast_const(), null_mut()), (null(), null_mut())]
        {
            let (mut sold, mut joined) = (stream(&sales(false)), stream(&customers()));
            let (s, j) = (&raw mut sold, &raw mut joined);
            let status = parure_replay(program, s, j, &raw const options, replayed, null_mut());
            assert_eq!(status, PARURE_NULL_POINTER);
            assert!(sold.release().is_none() && joined.release().is_none());
            let (mut sold, mut joined) = (stream(&sales(false)), stream(&customers()));
            let (s, j) = (&raw mut sold, &raw mut joined);
            let status =
                parure_book_merge_table(null_mut(), s, j, &raw const options, &raw mut merged, null_mut());
            assert_eq!(status, PARURE_NULL_POINTER);
            assert!(sold.release().is_none() && joined.release().is_none());
        }
        // Without sales the customers are taken still.
        let mut joined = stream(&customers());
        let j = &raw mut joined;
        let status =
            parure_replay(program, null_mut(), j, &raw const options, &raw mut replayed, &raw mut error);
        assert_eq!((status, told(error).path.as_str()), (PARURE_NULL_POINTER, "sales"));
        assert!(joined.release().is_none());
        // One stream can't be both tables.
        let mut sold = stream(&sales(false));
        let s = &raw mut sold;
        let status = parure_replay(program, s, s, &raw const options, &raw mut replayed, &raw mut error);
        let found = told(error);
        assert_eq!((status, found.path.is_empty()), (PARURE_FAULT, false));
        assert!(sold.release().is_none() && replayed.is_null() && merged.is_null());
        // What could not be given is a stream that is released, whatever was there.
        let mut out = ArrowArrayStream::new_unchecked(None, None, None, Some(release), null_mut());
        assert_eq!(parure_replayed_accounts(null(), &raw mut out, null_mut()), PARURE_NULL_POINTER);
        assert!(out.release().is_none());
        parure_program_free(program);
    }
}

#[test]
fn what_comes_back_can_be_asked_of_again() {
    let (program, options) = (program(), c_options(false));
    let (mut sold, mut replayed) = (stream(&sales(false)), null_mut());
    // SAFETY: live handles, streams, structs that live on, and room for what is answered.
    unsafe {
        let s = &raw mut sold;
        let status = parure_replay(program, s, null_mut(), &raw const options, &raw mut replayed, null_mut());
        assert_eq!(status, PARURE_OK);
        for _ in 0..2 {
            let mut out = ArrowArrayStream::empty();
            assert_eq!(parure_replayed_accounts(replayed, &raw mut out, null_mut()), PARURE_OK);
            let accounts = batch(out);
            let names = accounts["customer"].as_string::<i64>();
            assert_eq!((names.value(0), names.value(1)), ("lan", "mei"));
        }
        parure_replayed_free(replayed);
        parure_program_free(program);
    }
}
