//! A table as it came: its batches are held as they are, and everything that is read borrows from them.

use crate::error::{Error, Which};
use crate::names::{Columns, Places, What};
use crate::{money, quantity, text, when, whole};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, DataType, SchemaRef};

/// Rows of one table: rows and baskets are counted in 32 bits, with two numbers kept for "none" and "bad".
///
/// ```
/// assert_eq!(parure_columnar::MOST_ROWS, 4_294_967_293);
/// ```
pub const MOST_ROWS: u64 = 4_294_967_293;

/// Record batches of one schema. Nothing is copied: a table that lies in memory stays where it lies, and a stream is held until
/// the answer is there.
///
/// ```
/// use arrow_array::{Int64Array, RecordBatch, RecordBatchIterator};
/// let cells = std::sync::Arc::new(Int64Array::from(vec![1, 2])) as arrow_array::ArrayRef;
/// let batch = RecordBatch::try_from_iter([("customer", cells)])?;
/// let stream = RecordBatchIterator::new([Ok(batch.clone()), Ok(batch.clone())], batch.schema());
/// assert_eq!(parure_columnar::Table::read(stream)?.rows(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// A table of one batch.
    ///
    /// ```
    /// use arrow_array::{Int64Array, RecordBatch};
    /// let cells = std::sync::Arc::new(Int64Array::from(vec![1, 2])) as arrow_array::ArrayRef;
    /// assert_eq!(parure_columnar::Table::of(RecordBatch::try_from_iter([("customer", cells)])?).rows(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(batch: RecordBatch) -> Table {
        Table { schema: batch.schema(), batches: vec![batch] }
    }

    /// All that a reader gives: a stream from another library, a file.
    ///
    /// ```
    /// use arrow_array::{Int64Array, RecordBatch, RecordBatchIterator};
    /// let cells = std::sync::Arc::new(Int64Array::from(vec![1, 2])) as arrow_array::ArrayRef;
    /// let batch = RecordBatch::try_from_iter([("customer", cells)])?;
    /// let table = parure_columnar::Table::read(RecordBatchIterator::new([Ok(batch.clone())], batch.schema()))?;
    /// assert_eq!(table.rows(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The reader's own.
    pub fn read(reader: impl RecordBatchReader) -> Result<Table, ArrowError> {
        Ok(Table { schema: reader.schema(), batches: reader.collect::<Result<_, _>>()? })
    }

    /// How many rows it has.
    ///
    /// ```
    /// use arrow_array::{Int64Array, RecordBatch};
    /// let cells = std::sync::Arc::new(Int64Array::from(vec![1, 2])) as arrow_array::ArrayRef;
    /// assert_eq!(parure_columnar::Table::of(RecordBatch::try_from_iter([("customer", cells)])?).rows(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rows(&self) -> usize {
        self.batches.iter().fold(0, |rows, batch| rows.saturating_add(batch.num_rows()))
    }
}

/// A table whose columns were found and are of types that can be read.
#[derive(Debug)]
pub(crate) struct Held<'a> {
    pub(crate) which: Which,
    table: &'a Table,
    places: Places,
    /// The first row of each batch.
    starts: Vec<usize>,
}

/// One batch and the number of its first row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Batch<'a, 'p> {
    pub(crate) first: usize,
    batch: &'a RecordBatch,
    places: &'p Places,
}

impl<'a> Batch<'a, '_> {
    pub(crate) fn rows(self) -> usize {
        self.batch.num_rows()
    }

    pub(crate) fn column(self, what: What) -> Option<&'a ArrayRef> {
        self.batch.columns().get(self.places.of(what)?)
    }

    /// Those that say something that is asked for.
    pub(crate) fn read_columns(self) -> impl Iterator<Item = &'a ArrayRef> {
        let columns = self.batch.columns();
        self.places.all().filter_map(move |(_, place)| columns.get(place))
    }
}

impl<'a> Held<'a> {
    pub(crate) fn open(which: Which, table: &'a Table, columns: &Columns) -> Result<Held<'a>, Error> {
        if u64::try_from(table.rows()).unwrap_or(u64::MAX) > MOST_ROWS {
            let message = format!("the table has {} rows, at most {MOST_ROWS} are read", table.rows());
            return Err(Error::of_table(which, "too_many_rows", message));
        }
        let places = columns.places(which, &table.schema)?;
        for (what, place) in places.all() {
            let Some(field) = table.schema.fields().get(place) else { continue };
            readable(which, what, field.data_type()).map_err(|error| error.in_column(field.name()))?;
            let same = |batch: &RecordBatch| {
                batch.columns().get(place).is_some_and(|column| column.data_type() == field.data_type())
            };
            if !table.batches.iter().all(same) {
                let message = "the batches of the table have columns of different types".to_owned();
                return Err(Error::of_table(which, "schema_differs", message).in_column(field.name()));
            }
        }
        let mut rows = 0_usize;
        let starts = table.batches.iter().map(|batch| {
            let start = rows;
            rows = rows.saturating_add(batch.num_rows());
            start
        });
        Ok(Held { which, table, places, starts: starts.collect() })
    }

    pub(crate) fn rows(&self) -> usize {
        self.table.rows()
    }

    pub(crate) fn has(&self, what: What) -> bool {
        self.places.of(what).is_some()
    }

    /// What the table calls the column.
    pub(crate) fn name(&self, what: What) -> Option<&'a str> {
        Some(self.table.schema.fields().get(self.places.of(what)?)?.name())
    }

    pub(crate) fn batch(&self, at: usize) -> Option<Batch<'a, '_>> {
        let (first, batch) = (*self.starts.get(at)?, self.table.batches.get(at)?);
        Some(Batch { first, batch, places: &self.places })
    }

    /// The column of a cell and its place in it.
    pub(crate) fn cell(&self, what: What, row: usize) -> Option<(&'a ArrayRef, usize)> {
        let place = self.places.of(what)?;
        let batch = self.starts.partition_point(|start| *start <= row).checked_sub(1)?;
        let within = row.checked_sub(*self.starts.get(batch)?)?;
        Some((self.table.batches.get(batch)?.columns().get(place)?, within))
    }
}

/// Whether cells of this type can say this at all.
fn readable(which: Which, what: What, of: &DataType) -> Result<(), Error> {
    let (fits, reads) = match what {
        What::Id
        | What::Customer
        | What::Line
        | What::Item
        | What::Category
        | What::Store
        | What::Staff
        | What::Terminal
        | What::Returns => (text::reads(of), "text, dictionaries of text and whole numbers"),
        What::At => {
            when::zoned(of)
                .map_err(|fault| Error::of_table(which, fault.code, crate::error::message(fault)))?;
            (when::reads(of), "timestamps with a time zone, dates and text")
        }
        What::Amount | What::Discount | What::PointsAmount => {
            if of.is_floating() {
                let message = format!(
                    "{of} is not exact; cast the column to a decimal with the digits of the currency"
                );
                return Err(Error::of_table(which, "float_amount", message));
            }
            (money::reads(of), "decimals, whole numbers and text")
        }
        What::Quantity => {
            if of.is_floating() {
                let message = format!("{of} is not exact; cast the column to a decimal of at most 6 digits");
                return Err(Error::of_table(which, "quantity_float", message));
            }
            (quantity::reads(of), "decimals, whole numbers and text")
        }
        What::Points => (whole::reads(of), "whole numbers"),
        What::Birthday => (text::reads(of) || matches!(of, DataType::Date32), "dates and text"),
        What::Lunar => (matches!(of, DataType::Boolean | DataType::Null), "booleans"),
        What::Tags => {
            let fits = match of {
                DataType::List(items) | DataType::LargeList(items) => text::reads(items.data_type()),
                other => *other == DataType::Null,
            };
            (fits, "lists of text")
        }
    };
    if fits {
        return Ok(());
    }
    let message = format!("`{}` is not read from {of}; it is read from {reads}", what.name());
    Err(Error::of_table(which, "column_type", message))
}
