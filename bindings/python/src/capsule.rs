//! Tables across the Arrow PyCapsule interface: the one place of this binding where memory of others is taken as what they say it is.
//!
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>

#![expect(unsafe_code, reason = "a capsule holds a pointer; its name says what it points to")]

use crate::error::Wrong;
use crate::strict::wanted;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::ArrowError;
use parure::fault::Fault;
use parure_columnar::Table;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};
use std::ffi::CStr;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";

/// Reads whatever offers a stream of record batches: a table of polars, pandas, pyarrow, `DuckDB`. Nothing is copied.
pub(crate) fn read(table: &Bound<'_, PyAny>, path: &str) -> Result<Table, Wrong> {
    let Ok(offers) = table.getattr("__arrow_c_stream__") else {
        return Err(wanted(
            "a table (polars, pandas, pyarrow, DuckDB: what has __arrow_c_stream__)",
            table,
            path,
        ));
    };
    let capsule = offers.call0()?;
    let capsule = capsule.cast::<PyCapsule>().map_err(PyErr::from)?;
    let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: the name of the capsule promises a valid stream. It is moved out and left released, as the interface asks of who
    // consumes it; the capsule is alive until then.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
    // Who offers it may need the interpreter, and other threads of its own that do.
    let read = table.py().detach(|| RecordBatchStreamReader::try_new(stream).and_then(Table::read));
    read.map_err(|why| unreadable(&why, path))
}

fn unreadable(why: &ArrowError, path: &str) -> Wrong {
    Fault::new("unreadable_table", format!("the table can't be read: {why}")).at(path).into()
}

/// The record batch as a stream.
pub(crate) fn stream<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let batches = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), STREAM)
}

/// Which columns it has.
pub(crate) fn schema<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(batch.schema_ref().as_ref())
        .map_err(|why| pyo3::exceptions::PyValueError::new_err(why.to_string()))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}
