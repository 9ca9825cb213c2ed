//! What is wrong with a table: a code that stays, a message, and where: the row and the column.

use parure::fault::Fault;
use std::fmt;

/// Which of the two tables something is about.
///
/// ```
/// assert_eq!(parure_columnar::Which::Customers.name(), "customers");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// The table of who joined.
    Customers,
    /// The table of what was sold.
    Sales,
}

impl Which {
    /// As it is told: `sales`, `customers`.
    ///
    /// ```
    /// assert_eq!(parure_columnar::Which::Sales.name(), "sales");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Which::Sales => "sales",
            Which::Customers => "customers",
        }
    }
}

/// Why a table was not taken. Nothing has changed.
///
/// ```
/// use arrow_array::{RecordBatch, StringArray};
/// use parure_columnar::{Options, Table, replay};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// # let program = parure::program::Program::parse("m.toml", text)?;
/// let text = |cell: &str| std::sync::Arc::new(StringArray::from(vec![cell])) as arrow_array::ArrayRef;
/// let sale = RecordBatch::try_from_iter([("customer", text("mei")), ("at", text("2026-05-02")), ("amount", text("12,800"))])?;
/// let error = replay(&program, &Table::of(sale), &Options::default()).unwrap_err();
/// assert_eq!((error.code, error.row, error.column.as_deref()), ("money_text", Some(0), Some("amount")));
/// assert_eq!(error.to_string(), "sales, row 0, column `amount`: `12,800` is not an amount; write digits with a point, such as \"1280.00\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// A stable code: `no_column`, `money_text`, …
    pub code: &'static str,
    /// What is wrong, in lower case, and what to write instead.
    pub message: String,
    /// The table it is about.
    pub table: Which,
    /// The row, from 0; none where it is about all rows.
    pub row: Option<u64>,
    /// The column as the table calls it; none where it is about the whole row or table.
    pub column: Option<String>,
}

impl Error {
    /// Something about a table as a whole.
    pub(crate) fn of_table(table: Which, code: &'static str, message: impl Into<String>) -> Error {
        Error { code, message: message.into(), table, row: None, column: None }
    }

    /// The same, about one column.
    pub(crate) fn in_column(mut self, column: &str) -> Error {
        self.column = Some(column.to_owned());
        self
    }
}

/// The fault's message with its advice; its place is told by row and column.
pub(crate) fn message(fault: Fault) -> String {
    match fault.advice {
        Some(advice) => format!("{}; {advice}", fault.message),
        None => fault.message,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.table.name())?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Error {}
