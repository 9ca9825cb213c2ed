//! Tables that a call is given: the streams, and how they are read.

use crate::arrow;
use crate::columns::columns;
use crate::error::Trouble;
use crate::raw::{self, Versioned};
use crate::values::{day, parure_day, parure_text};
use arrow_array::ffi_stream::FFI_ArrowArrayStream as ArrowArrayStream;
use parure_columnar::{OnBad, Options, Table};

/// How tables are read, and what is asked of them. All zero: columns by their own names, the first bad row stops.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_table_options {
    /// `sizeof(parure_table_options)`
    pub size: usize,
    /// What the columns of the sales are called where it is not by their own names, as a JSON object:
    /// `{"customer":"household_key"}`. Empty where all are.
    pub columns: parure_text,
    /// The same for the customers.
    pub customer_columns: parure_text,
    /// Up to the end of which day is replayed: what happened later has not happened yet. 0: the day of the latest row. A merge takes
    /// everything.
    pub as_of: parure_day,
    /// 1 where bad rows are set aside: they are told in a table of rejects, each with its whole purchase, and the rest is taken. 0: the
    /// first is the error, and nothing has changed.
    pub set_aside: i32,
    /// 1 where a replay need not tell each purchase.
    pub without_purchases: i32,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_table_options {}

/// The streams of a call. They were moved out before anything else, and are released whatever comes.
pub(crate) struct Streams {
    sales: Result<ArrowArrayStream, Trouble>,
    customers: Result<Option<ArrowArrayStream>, Trouble>,
}

impl Streams {
    /// # Safety
    /// As the header asks.
    pub(crate) unsafe fn take(sales: *mut ArrowArrayStream, customers: *mut ArrowArrayStream) -> Self {
        // SAFETY: as this function's.
        let take = |stream, argument| unsafe { raw::moved_out(stream, argument) };
        let joined = (!customers.is_null()).then(|| take(customers, "customers"));
        Streams { sales: take(sales, "sales"), customers: joined.transpose() }
    }

    /// Reads them to their ends.
    ///
    /// # Safety
    /// As the header asks.
    pub(crate) unsafe fn read(self, options: *const parure_table_options) -> Result<Told, Trouble> {
        let (sales, customers) = (self.sales?, self.customers?);
        // SAFETY: as this function's.
        let mut options = unsafe { self::options(options) }?;
        options.customers = customers.map(|customers| arrow::read(customers, "customers")).transpose()?;
        Ok(Told { sales: arrow::read(sales, "sales")?, options })
    }
}

/// Tables that were read.
pub(crate) struct Told {
    pub(crate) sales: Table,
    pub(crate) options: Options,
}

/// # Safety
/// As the header asks.
unsafe fn options(options: *const parure_table_options) -> Result<Options, Trouble> {
    if options.is_null() {
        return Ok(Options::default());
    }
    // SAFETY: as this function's.
    let told = unsafe { raw::read(options, "options") }?;
    // SAFETY: as this function's.
    let sold = unsafe { raw::text(told.columns, "options.columns") }?;
    // SAFETY: as this function's.
    let joined = unsafe { raw::text(told.customer_columns, "options.customer_columns") }?;
    Ok(Options {
        columns: columns(sold, "options.columns")?,
        customers: None,
        customer_columns: columns(joined, "options.customer_columns")?,
        on_bad: if told.set_aside == 0 { OnBad::Stop } else { OnBad::SetAside },
        as_of: if told.as_of == 0 { None } else { Some(day(told.as_of, "options.as_of")?) },
        purchases: told.without_purchases == 0,
    })
}
