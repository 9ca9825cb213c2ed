//! What becomes of bad rows: the first stops everything, or all are set aside in a table of their own.

use crate::error::{Error, Which, message};
use crate::names::What;
use crate::table::Held;
use parure::fault::Fault;

/// What becomes of bad rows.
///
/// ```
/// assert_eq!(parure_columnar::OnBad::default(), parure_columnar::OnBad::Stop);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnBad {
    /// The first is the answer, as an error; nothing has changed.
    #[default]
    Stop,
    /// They are told in a table of rejects, and the rest is taken. The whole purchase of a bad row is set aside.
    SetAside,
}

/// Why a row is bad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    pub(crate) row: u32,
    /// None for the whole row.
    pub(crate) what: Option<What>,
    pub(crate) fault: Fault,
}

impl Misfit {
    pub(crate) fn cell(row: u32, what: What, fault: Fault) -> Misfit {
        Misfit { row, what: Some(what), fault }
    }

    /// The cell has nothing in it, and something is needed.
    pub(crate) fn empty(row: u32, what: What) -> Misfit {
        Misfit::cell(row, what, Fault::new("missing_key", "the cell is empty"))
    }
}

/// A row that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reject {
    pub(crate) table: Which,
    pub(crate) row: u32,
    pub(crate) column: Option<String>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Reject {
    pub(crate) fn of(held: &Held<'_>, misfit: Misfit) -> Reject {
        let column = misfit.what.and_then(|what| held.name(what).or(Some(what.name()))).map(str::to_owned);
        let code = misfit.fault.code;
        Reject { table: held.which, row: misfit.row, column, code, message: message(misfit.fault) }
    }
}

impl From<Reject> for Error {
    fn from(reject: Reject) -> Error {
        Error {
            code: reject.code,
            message: reject.message,
            table: reject.table,
            row: Some(reject.row.into()),
            column: reject.column,
        }
    }
}

/// The bad rows of a table.
#[derive(Debug)]
pub(crate) struct Rejects {
    on_bad: OnBad,
    all: Vec<Reject>,
}

impl Rejects {
    pub(crate) fn new(on_bad: OnBad) -> Rejects {
        Rejects { on_bad, all: Vec::new() }
    }

    pub(crate) fn on_bad(&self) -> OnBad {
        self.on_bad
    }

    /// Takes bad rows that were found together: of a row the first fault counts, and of those that stop the first row.
    pub(crate) fn take(&mut self, held: &Held<'_>, misfits: &mut Vec<Misfit>) -> Result<(), Error> {
        misfits.sort_by_key(|misfit| (misfit.row, misfit.what.is_none(), misfit.what));
        misfits.dedup_by_key(|misfit| misfit.row);
        for misfit in misfits.drain(..) {
            let reject = Reject::of(held, misfit);
            if self.on_bad == OnBad::Stop {
                return Err(reject.into());
            }
            self.all.push(reject);
        }
        Ok(())
    }

    /// The rows in order, customers before sales; of a row what was found first.
    pub(crate) fn sorted(mut self) -> Vec<Reject> {
        self.all.sort_by_key(|reject| (reject.table, reject.row));
        self.all.dedup_by_key(|reject| (reject.table, reject.row));
        self.all
    }
}
