//! How a table is read and what is asked of it.

use crate::names::Columns;
use crate::rejects::OnBad;
use crate::table::Table;
use parure::calendar::Day;

/// How tables are read, and what is asked. The default: columns by their own names, no customers, the first bad row stops, up to the day
/// of the latest row, with a row for each purchase.
///
/// ```
/// use parure_columnar::{Columns, OnBad, Options};
/// let options = Options { columns: Columns::default().with("customer", "household"), on_bad: OnBad::SetAside, ..Options::default() };
/// assert!(options.purchases);
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    /// What the columns of the sales are called.
    pub columns: Columns,
    /// Who joined, and when.
    pub customers: Option<Table>,
    /// What the columns of the customers are called.
    pub customer_columns: Columns,
    /// What becomes of bad rows.
    pub on_bad: OnBad,
    /// Up to the end of which day is asked: what happened later has not happened yet. None: the day of the latest row.
    /// A merge takes everything.
    pub as_of: Option<Day>,
    /// Whether a row for each purchase is wanted. A merge gives none.
    pub purchases: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            columns: Columns::default(),
            customers: None,
            customer_columns: Columns::default(),
            on_bad: OnBad::default(),
            as_of: None,
            purchases: true,
        }
    }
}
