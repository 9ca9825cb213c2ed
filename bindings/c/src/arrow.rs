//! Tables across Arrow's C interface: streams are read to their end, and what is answered goes out as a stream.
//!
//! <https://arrow.apache.org/docs/format/CStreamInterface.html>

use crate::error::Trouble;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream as ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{Array, RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use parure::fault::Fault;
use parure_columnar::Table;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// All that a stream gives. Nothing is copied: the arrays are released with the table.
pub(crate) fn read(stream: ArrowArrayStream, argument: &str) -> Result<Table, Trouble> {
    let read = || Table::read(Checked(RecordBatchStreamReader::try_new(stream)?));
    // An array that has not the parts that its schema says is met with a panic; the stream is gone then, and nothing else was touched.
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(|why| unreadable(&why.to_string(), argument)),
        Err(_) => Err(unreadable("an array is not what its schema says", argument)),
    }
}

fn unreadable(why: &str, argument: &str) -> Trouble {
    Fault::new("unreadable_table", format!("the table can't be read: {why}")).at(argument).into()
}

/// A table as a stream of one batch.
pub(crate) fn stream(batch: &RecordBatch) -> ArrowArrayStream {
    let batches = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    ArrowArrayStream::new(Box::new(batches))
}

/// Batches whose columns were looked at: texts are UTF-8, offsets and keys point into what they belong to.
///
/// Other languages make arrays through a library that sees to it. In C they are written by hand.
struct Checked(RecordBatchStreamReader);

impl Iterator for Checked {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|batch| batch.and_then(checked))
    }
}

impl RecordBatchReader for Checked {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }
}

fn checked(batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let wrong = |why| ArrowError::CDataInterface(format!("column `{}`: {why}", field.name()));
        column.to_data().validate_full().map_err(wrong)?;
    }
    Ok(batch)
}
