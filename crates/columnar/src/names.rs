//! Which column of a table says what: by its own name, or by the name that the table has for it.

use crate::error::{Error, Which};
use arrow_schema::Schema;

/// What a column can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    Id,
    At,
    Customer,
    Line,
    Item,
    Category,
    Quantity,
    Amount,
    Store,
    Staff,
    Terminal,
    Discount,
    Points,
    PointsAmount,
    Returns,
    Birthday,
    Lunar,
    Tags,
}

const SALES: [What; 15] = [
    What::Customer,
    What::At,
    What::Amount,
    What::Id,
    What::Line,
    What::Item,
    What::Category,
    What::Quantity,
    What::Store,
    What::Staff,
    What::Terminal,
    What::Discount,
    What::Points,
    What::PointsAmount,
    What::Returns,
];
const CUSTOMERS: [What; 6] = [What::Customer, What::At, What::Birthday, What::Lunar, What::Tags, What::Id];

impl What {
    pub(crate) fn name(self) -> &'static str {
        match self {
            What::Id => "id",
            What::At => "at",
            What::Customer => "customer",
            What::Line => "line",
            What::Item => "item",
            What::Category => "category",
            What::Quantity => "quantity",
            What::Amount => "amount",
            What::Store => "store",
            What::Staff => "staff",
            What::Terminal => "terminal",
            What::Discount => "discount",
            What::Points => "points",
            What::PointsAmount => "points_amount",
            What::Returns => "returns",
            What::Birthday => "birthday",
            What::Lunar => "lunar",
            What::Tags => "tags",
        }
    }

    fn known(table: Which) -> &'static [What] {
        match table {
            Which::Sales => &SALES,
            Which::Customers => &CUSTOMERS,
        }
    }

    fn is_needed(self, table: Which) -> bool {
        match self {
            What::Customer | What::At => true,
            What::Amount => table == Which::Sales,
            _ => false,
        }
    }
}

/// What the columns of a table are called, where it is not by their own names.
///
/// Of sales: `customer`, `at`, `amount` (needed), `id`, `line`, `item`, `category`, `quantity`, `store`, `staff`, `terminal`,
/// `discount`, `points`, `points_amount`, `returns`. Of customers: `customer`, `at` (needed), `birthday`, `lunar`, `tags`, `id`.
///
/// ```
/// use parure_columnar::Columns;
/// let columns = Columns::default().with("customer", "household_key").with("amount", "SALES_VALUE");
/// assert_ne!(columns, Columns::default());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns(Vec<(String, String)>);

impl Columns {
    /// The same, and `what` is said by the column called `column`.
    ///
    /// What is nothing a column says is told when the table is read: `unknown_key`.
    ///
    /// ```
    /// let columns = parure_columnar::Columns::default().with("at", "sold_at");
    /// ```
    #[must_use]
    pub fn with(mut self, what: impl Into<String>, column: impl Into<String>) -> Columns {
        self.0.push((what.into(), column.into()));
        self
    }

    /// Finds them in a table.
    pub(crate) fn places(&self, table: Which, schema: &Schema) -> Result<Places, Error> {
        for (at, (what, _)) in self.0.iter().enumerate() {
            if !What::known(table).iter().any(|known| known.name() == what) {
                let names: Vec<&str> = What::known(table).iter().map(|known| known.name()).collect();
                let message = format!("`{what}` is nothing a column says; write one of {}", names.join(", "));
                return Err(Error::of_table(table, "unknown_key", message));
            }
            if self.0.iter().take(at).any(|(before, _)| before == what) {
                let message = format!("`{what}` is given two columns");
                return Err(Error::of_table(table, "repeated_key", message));
            }
        }
        let mut places = Places(Vec::new());
        for what in What::known(table) {
            let mapped = self.0.iter().find(|(name, _)| name == what.name()).map(|(_, column)| column);
            let name = mapped.map_or(what.name(), String::as_str);
            let mut found = schema.fields().iter().enumerate().filter(|(_, field)| field.name() == name);
            match (found.next(), found.next()) {
                (Some((place, _)), None) => places.0.push((*what, place)),
                (Some(_), Some(_)) => {
                    let message = format!("two columns are called `{name}`");
                    return Err(Error::of_table(table, "repeated_column", message).in_column(name));
                }
                (None, _) if mapped.is_some() || what.is_needed(table) => {
                    return Err(missing(table, schema, *what, name));
                }
                (None, _) => {}
            }
        }
        Ok(places)
    }
}

fn missing(table: Which, schema: &Schema, what: What, name: &str) -> Error {
    let known: Vec<&str> = schema.fields().iter().take(40).map(|field| field.name().as_str()).collect();
    let message =
        format!("there is no column `{name}` for `{}`; the table has {}", what.name(), known.join(", "));
    Error::of_table(table, "no_column", message)
}

/// Where each thing stands in a table.
#[derive(Debug, Clone)]
pub(crate) struct Places(Vec<(What, usize)>);

impl Places {
    pub(crate) fn of(&self, what: What) -> Option<usize> {
        self.0.iter().find(|(known, _)| *known == what).map(|(_, place)| *place)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (What, usize)> + '_ {
        self.0.iter().copied()
    }
}
