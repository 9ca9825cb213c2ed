//! The rows as Arrow's arrays, in the types that a case asks for.

use super::facts::START;
use super::{Case, Row};
use arrow_array::builder::{
    LargeStringBuilder, ListBuilder, StringBuilder, StringDictionaryBuilder, StringViewBuilder,
};
use arrow_array::types::{Int8Type, UInt32Type};
use arrow_array::{
    ArrayRef, Date32Array, Date64Array, Decimal128Array, Decimal256Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
    TimestampSecondArray,
};
use arrow_buffer::i256;
use parure::calendar::{Day, Moment};
use std::sync::Arc;

pub(crate) struct Asked {
    pub(crate) sales: RecordBatch,
    pub(crate) customers: Option<RecordBatch>,
}

impl Case {
    pub(crate) fn tables(&self) -> Asked {
        let types = self.types;
        let name = |number: Option<u64>| number.map(|number| self.name(number));
        let texts =
            |of: &dyn Fn(&Row) -> Option<String>, kind: u8| text(self.rows.iter().map(of).collect(), kind);
        let named = |prefix: &str, number: Option<u8>| number.map(|number| format!("{prefix}-{number}"));
        let money =
            |of: &dyn Fn(&Row) -> Option<i64>| money(self.rows.iter().map(of).collect(), types.amount);
        let mut columns: Vec<(&str, ArrayRef)> = vec![
            ("customer", texts(&|row| name(row.customer), types.customer)),
            ("at", self.at()),
            ("amount", money(&|row| row.amount)),
            ("category", texts(&|row| named("category", row.category), (types.other + 1) % 4)),
            ("item", texts(&|row| named("item", row.item), types.other)),
            ("store", texts(&|row| named("store", row.store), types.other)),
            ("staff", texts(&|row| named("staff", row.staff), (types.other + 2) % 4)),
            ("discount", money(&|row| row.discount)),
            ("points", Arc::new(self.rows.iter().map(|row| row.points).collect::<Int64Array>())),
            ("points_amount", money(&|row| row.points_amount)),
            ("returns", texts(&|row| name(row.returns), types.other)),
            ("quantity", quantity(self.rows.iter().map(|row| row.quantity).collect(), types.amount)),
        ];
        if self.has_ids {
            columns.push(("id", texts(&|row| name(row.id), types.id)));
        }
        if self.has_lines {
            let kind = if types.other == 1 { 4 } else { types.other };
            columns.push(("line", texts(&|row| row.line.map(|line| line.to_string()), kind)));
        }
        Asked { sales: batch(columns), customers: self.customers() }
    }

    fn customers(&self) -> Option<RecordBatch> {
        let joins = self.joins.as_ref()?;
        let names = joins.iter().map(|join| Some(self.name(join.customer))).collect();
        let at = joins.iter().map(|join| START + join.at * 60_000_000);
        let at = TimestampMicrosecondArray::from_iter_values(at).with_timezone("UTC");
        let birthday = |(month, day): (u32, u32)| format!("{month:02}-{day:02}");
        let birthdays: StringArray = joins.iter().map(|join| join.birthday.map(birthday)).collect();
        let mut tags = ListBuilder::new(StringBuilder::new());
        for join in joins {
            for tag in join.tags.iter().flatten() {
                tags.values().append_value(format!("tag-{tag}"));
            }
            tags.append(join.tags.is_some());
        }
        Some(batch(vec![
            ("customer", text(names, self.types.other)),
            ("at", Arc::new(at)),
            ("birthday", Arc::new(birthdays)),
            ("tags", Arc::new(tags.finish())),
        ]))
    }

    fn at(&self) -> ArrayRef {
        let micros = || self.rows.iter().map(|row| START + row.at * 60_000_000);
        let days = || self.rows.iter().map(|row| 20_454 + i32::try_from(row.at.div_euclid(1_440)).unwrap());
        let written = |offset: i16| {
            micros().map(move |micros| Moment::from_micros(micros, offset).unwrap().to_string())
        };
        match self.types.at {
            0 => Arc::new(TimestampMicrosecondArray::from_iter_values(micros()).with_timezone("UTC")),
            1 => Arc::new(
                TimestampSecondArray::from_iter_values(micros().map(|at| at / 1_000_000))
                    .with_timezone("+08:00"),
            ),
            2 => Arc::new(
                TimestampMillisecondArray::from_iter_values(micros().map(|at| at / 1_000))
                    .with_timezone("Asia/Shanghai"),
            ),
            3 => Arc::new(
                TimestampNanosecondArray::from_iter_values(micros().map(|at| at * 1_000))
                    .with_timezone("-0500"),
            ),
            4 => text(written(0).map(Some).collect(), self.types.other),
            5 => text(written(480).map(Some).collect(), self.types.other),
            6 => Arc::new(Date32Array::from_iter_values(days())),
            7 => Arc::new(Date64Array::from_iter_values(days().map(|day| i64::from(day) * 86_400_000))),
            _ => text(
                days().map(|day| Some(Day::from_number(day.into()).to_string())).collect(),
                self.types.other,
            ),
        }
    }
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, cells)| (name, cells, true)))
        .unwrap()
}

fn text(cells: Vec<Option<String>>, kind: u8) -> ArrayRef {
    match kind {
        0 => Arc::new(cells.into_iter().collect::<StringArray>()),
        1 => {
            let mut builder = LargeStringBuilder::new();
            cells.into_iter().for_each(|cell| builder.append_option(cell));
            Arc::new(builder.finish())
        }
        2 => {
            let mut builder = StringViewBuilder::new();
            cells.into_iter().for_each(|cell| builder.append_option(cell));
            Arc::new(builder.finish())
        }
        3 if cells.len() < 100 => {
            let mut builder = StringDictionaryBuilder::<Int8Type>::new();
            cells.into_iter().for_each(|cell| builder.append_option(cell));
            Arc::new(builder.finish())
        }
        3 => {
            let mut builder = StringDictionaryBuilder::<UInt32Type>::new();
            cells.into_iter().for_each(|cell| builder.append_option(cell));
            Arc::new(builder.finish())
        }
        _ => Arc::new(
            cells
                .into_iter()
                .map(|cell| cell.map(|cell| cell.parse::<i64>().unwrap()))
                .collect::<Int64Array>(),
        ),
    }
}

/// Amounts of whole hundreds of the smallest unit can be told in whole units too.
fn money(cells: Vec<Option<i64>>, kind: u8) -> ArrayRef {
    match kind {
        0 => Arc::new(
            cells
                .into_iter()
                .map(|cell| cell.map(i128::from))
                .collect::<Decimal128Array>()
                .with_precision_and_scale(20, 2)
                .unwrap(),
        ),
        1 => {
            let cells = cells.into_iter().map(|cell| cell.map(|minor| i128::from(minor) * 100));
            Arc::new(cells.collect::<Decimal128Array>().with_precision_and_scale(38, 4).unwrap())
        }
        2 => {
            let cells = cells.into_iter().map(|cell| cell.map(|minor| i256::from_i128(minor.into())));
            Arc::new(cells.collect::<Decimal256Array>().with_precision_and_scale(50, 2).unwrap())
        }
        3 => Arc::new(cells.into_iter().map(|cell| cell.map(|minor| minor / 100)).collect::<Int64Array>()),
        _ => {
            let written = |minor: i64| {
                format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
            };
            text(cells.into_iter().map(|cell| cell.map(written)).collect(), 2)
        }
    }
}

fn quantity(cells: Vec<Option<i64>>, kind: u8) -> ArrayRef {
    if kind == 4 {
        let written = |parts: i64| format!("{}.{:03}", parts / 1_000, parts % 1_000);
        return text(cells.into_iter().map(|cell| cell.map(written)).collect(), 1);
    }
    let cells = cells.into_iter().map(|cell| cell.map(i128::from)).collect::<Decimal128Array>();
    Arc::new(cells.with_precision_and_scale(12, 3).unwrap())
}
