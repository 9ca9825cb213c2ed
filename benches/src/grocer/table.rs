//! A grocer's log as Arrow tables: what the engine and its peers read.

use super::CATEGORIES;
use super::log::{ITEMS, Person, Rows};
use super::reference::{Standing, TIER_IDS};
use arrow_array::types::{UInt8Type, UInt16Type};
use arrow_array::{
    ArrayRef, Decimal128Array, DictionaryArray, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
    TimestampMicrosecondArray, UInt8Array, UInt16Array, UInt32Array,
};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Schema};
use parure_columnar::Table;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

/// Rows of a batch.
const BATCH: usize = 131_072;

/// The sales, a row for each line. Names are those that a replay looks for, amounts are decimals, names are dictionaries.
pub fn sales(rows: Rows<'_, i64>) -> Vec<RecordBatch> {
    let categories: ArrayRef = Arc::new(StringArray::from_iter_values(CATEGORIES));
    let items: ArrayRef =
        Arc::new(StringArray::from_iter_values((0..ITEMS).map(|item| format!("i-{item:04}"))));
    let starts = (0..rows.customer.len()).step_by(BATCH);
    let batch = |start: usize| {
        let these = start..rows.customer.len().min(start + BATCH);
        let item = UInt16Array::from_iter_values(rows.item[these.clone()].iter().copied());
        let category = UInt8Array::from_iter_values(rows.category[these.clone()].iter().copied());
        let micros = rows.micros[these.clone()].iter().copied();
        let points = &rows.points[these.clone()];
        named([
            (
                "customer",
                Arc::new(UInt32Array::from_iter_values(rows.customer[these.clone()].iter().copied())),
            ),
            ("id", Arc::new(UInt32Array::from_iter_values(rows.purchase[these.clone()].iter().copied()))),
            ("at", Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"))),
            ("item", Arc::new(DictionaryArray::<UInt16Type>::new(item, Arc::clone(&items)))),
            ("category", Arc::new(DictionaryArray::<UInt8Type>::new(category, Arc::clone(&categories)))),
            ("amount", money(rows.amount[these].iter().copied())),
            ("points", Arc::new(Int64Array::from_iter_values(points.iter().copied().map(i64::from)))),
            ("points_amount", money(points.iter().copied().map(i64::from))),
        ])
    };
    starts.map(batch).collect()
}

/// Those of these numbers who buy there.
pub fn customers(numbers: &[u32], people: &[Person]) -> RecordBatch {
    let told = || numbers.iter().map(|number| people[*number as usize]);
    let joined = told().map(|person| person.joined);
    let birthday = |person: Person| person.birthday.map(|(month, day)| format!("{month:02}-{day:02}"));
    named([
        ("customer", Arc::new(UInt32Array::from_iter_values(numbers.iter().copied()))),
        ("at", Arc::new(TimestampMicrosecondArray::from_iter_values(joined).with_timezone("UTC"))),
        ("birthday", Arc::new(told().map(birthday).collect::<StringArray>())),
    ])
}

/// Batches as the engine's one table.
pub fn whole(batches: Vec<RecordBatch>) -> Table {
    let schema = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
    let reader = RecordBatchIterator::new(batches.into_iter().map(Ok), schema);
    Table::read(reader).expect("batches that are there already")
}

/// What the hard-coded program says of each household, for others to compare with.
pub fn standings(standings: &[Standing]) -> RecordBatch {
    let points = |of: fn(&Standing) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(standings.iter().map(of)))
    };
    let tiers = standings.iter().map(|standing| TIER_IDS[standing.tier]);
    named([
        ("customer", Arc::new(UInt32Array::from_iter_values(0..standings.len() as u32))),
        ("awarded", points(|standing| standing.awarded)),
        ("spent", points(|standing| standing.spent)),
        ("lapsed", points(|standing| standing.lapsed)),
        ("balance", points(|standing| standing.balance)),
        ("tier", Arc::new(StringArray::from_iter_values(tiers))),
    ])
}

/// Writes a table as an Arrow IPC file, uncompressed.
///
/// # Errors
/// The disk's, and Arrow's for batches that don't fit together.
pub fn write(path: &Path, batches: &[RecordBatch]) -> Result<(), ArrowError> {
    let Some(first) = batches.first() else { return Ok(()) };
    let mut writer = FileWriter::try_new(BufWriter::new(File::create(path)?), &first.schema())?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.finish()
}

fn money(minor: impl Iterator<Item = i64>) -> ArrayRef {
    let amounts = Decimal128Array::from_iter_values(minor.map(i128::from));
    Arc::new(amounts.with_precision_and_scale(12, 2).expect("a decimal of our own"))
}

fn named<const N: usize>(columns: [(&str, ArrayRef); N]) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| {
        let nullable = column.is_nullable();
        (name, column, nullable)
    }))
    .expect("columns of one length")
}
