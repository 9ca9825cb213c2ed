//! Both tables, read and looked through: what is left can be told.

use crate::check::check;
use crate::error::{Error, Which};
use crate::members::{self, Join};
use crate::names::What;
use crate::options::Options;
use crate::rejects::{Reject, Rejects};
use crate::sales::Sales;
use crate::stretch::Reading;
use crate::table::{Held, Table};
use parure::replay::Alike;

/// What two tables tell.
#[derive(Debug)]
pub(crate) struct Tables<'a> {
    pub(crate) sales: Sales<'a>,
    pub(crate) joins: Vec<Join<'a>>,
    pub(crate) rejects: Vec<Reject>,
}

impl<'a> Tables<'a> {
    /// Reads the sales, then the customers, then looks at each purchase. `facts`: as a fact, which needs an id of its own. `alike`: which lines of one
    /// may be added up.
    pub(crate) fn read(
        sales: &'a Table,
        options: &'a Options,
        by: Reading,
        alike: Option<Alike>,
        facts: bool,
    ) -> Result<Tables<'a>, Error> {
        let held = Held::open(Which::Sales, sales, &options.columns)?;
        if facts && !held.has(What::Id) {
            let message = "there is no column for `id`: without one the same rows of another table would be other purchases";
            return Err(Error::of_table(Which::Sales, "no_column", message));
        }
        let customers = options.customers.as_ref();
        let customers = customers
            .map(|table| Held::open(Which::Customers, table, &options.customer_columns))
            .transpose()?;
        let mut rejects = Rejects::new(options.on_bad);
        let mut sales = Sales::read(held, by, alike, &mut rejects)?;
        let joins = match &customers {
            Some(held) => members::read(held, &mut sales, &mut rejects)?,
            None => Vec::new(),
        };
        if sales.has_returns() {
            sales.tabulate();
        }
        check(&mut sales, facts, &mut rejects)?;
        Ok(Tables { sales, joins, rejects: rejects.sorted() })
    }
}
