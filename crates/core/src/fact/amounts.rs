//! Quantities: pieces, grams, carats.

use crate::fault::Fault;
use crate::money::{NotFixed, fixed_point, shorten};
use std::fmt;

/// An exact quantity with at most 6 digits after the point, below 10^9: `1`, `3.25`.
///
/// ```
/// use parure::fact::Quantity;
/// assert_eq!(Quantity::parse("3.250")?.to_string(), "3.25");
/// assert!(Quantity::parse("-1").is_err());
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

/// Digits after the point of a quantity and of a decimal in a condition.
pub(crate) const QUANTITY_DIGITS: u32 = 6;
const LIMIT: i64 = 1_000_000_000_000_000;

impl Quantity {
    /// None.
    ///
    /// ```
    /// assert_eq!(parure::fact::Quantity::NONE.to_string(), "0");
    /// ```
    pub const NONE: Quantity = Quantity(0);
    /// One piece.
    ///
    /// ```
    /// assert_eq!(parure::fact::Quantity::ONE.to_string(), "1");
    /// ```
    pub const ONE: Quantity = Quantity(1_000_000);

    /// Reads a quantity; zero is one.
    ///
    /// ```
    /// use parure::fact::Quantity;
    /// assert_eq!(Quantity::parse("3.25")?.to_string(), "3.25"); // grams
    /// assert_eq!(Quantity::parse("3,25").unwrap_err().code, "quantity_text");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `quantity_text`, `quantity_digits`, `quantity_range`.
    pub fn parse(text: &str) -> Result<Quantity, Fault> {
        let shown = shorten(text);
        match fixed_point(text, QUANTITY_DIGITS) {
            Ok(micros) if (0..LIMIT).contains(&micros) => Ok(Quantity(micros)),
            Err(NotFixed::Grammar) => {
                Err(Fault::new("quantity_text", format!("`{shown}` is not a quantity"))
                    .advise("write digits with a point, such as \"1\" or \"3.25\""))
            }
            Err(NotFixed::Digits(_)) => Err(Fault::new(
                "quantity_digits",
                format!("`{shown}` has more than 6 digits after the point"),
            )),
            Ok(_) | Err(NotFixed::Range) => {
                Err(Fault::new("quantity_range", format!("`{shown}` is not from 0 to below 10^9")))
            }
        }
    }

    /// Millionths.
    ///
    /// ```
    /// assert_eq!(parure::fact::Quantity::ONE.micros(), 1_000_000);
    /// ```
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// So many millionths, as a host counts that keeps no texts.
    ///
    /// ```
    /// use parure::fact::Quantity;
    /// assert_eq!(Quantity::of_micros(8_360_000)?, Quantity::parse("8.36")?);
    /// assert_eq!(Quantity::of_micros(-1).unwrap_err().code, "quantity_range");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `quantity_range` below 0 and from 10^9 on.
    pub fn of_micros(micros: i64) -> Result<Quantity, Fault> {
        if (0..LIMIT).contains(&micros) {
            return Ok(Quantity(micros));
        }
        let message = format!("{micros} millionths are not from 0 to below 10^9");
        Err(Fault::new("quantity_range", message))
    }

    /// So many millionths, held within the bounds.
    #[must_use]
    pub(crate) fn from_micros(micros: i64) -> Quantity {
        Quantity(micros.clamp(0, LIMIT))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimal = rust_decimal::Decimal::new(self.0, QUANTITY_DIGITS).normalize();
        decimal.fmt(f)
    }
}
