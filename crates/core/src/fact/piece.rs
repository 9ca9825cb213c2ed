//! What a line of a basket tells of the very piece: its serial number, and values of the fields that the program declares for pieces.

use super::purchase::name;
use super::{Line, Text};
use crate::customer::field::plain_text;
use crate::customer::said::{Entry, Named};
use crate::fault::Fault;

/// Fields of the program's own that one line tells.
///
/// ```
/// use parure::fact::{Line, Purchase, Quantity};
/// use parure::money::{Currency, Money};
/// let ring = Line::new("1", "R-2201", "ring/gold", Quantity::ONE, Money::from_minor(980_000));
/// let ring = (0..=parure::fact::MOST_FIELDS).fold(ring, |ring, id| ring.with_custom(id.to_string(), "x"));
/// let fault = Purchase::new(vec![ring], Money::ZERO, vec![], Currency::parse("CNY")?).unwrap_err();
/// assert_eq!((fault.code, fault.path.as_str()), ("too_many", "lines[0].custom"));
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const MOST_FIELDS: usize = 16;

/// What is told of one piece: a serial number, values, or both.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Piece<'a> {
    pub(crate) serial: Option<Text<'a>>,
    /// By id, each with a value.
    pub(crate) custom: Vec<Named<'a>>,
}

/// It is somebody's.
impl std::fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Piece(…)")
    }
}

/// A value of a field that the program declares: a text (also of amounts, decimals and days), a whole number, or true or false.
///
/// ```
/// use parure::fact::{FieldValue, Line, Quantity};
/// use parure::money::Money;
/// let ring = Line::new("1", "R-2201", "ring/gold", Quantity::ONE, Money::from_minor(980_000))
///     .with_custom("hallmark", "999")
///     .with_custom("stones", 3)
///     .with_custom("engraved", FieldValue::from(true));
/// ```
pub struct FieldValue<'a>(Entry<'a>);

/// It is somebody's.
impl std::fmt::Debug for FieldValue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FieldValue(…)")
    }
}

impl<'a> From<&'a str> for FieldValue<'a> {
    fn from(text: &'a str) -> Self {
        FieldValue(Entry::Text(text.into()))
    }
}

impl From<String> for FieldValue<'_> {
    fn from(text: String) -> Self {
        FieldValue(Entry::Text(text.into()))
    }
}

impl From<i64> for FieldValue<'_> {
    fn from(number: i64) -> Self {
        FieldValue(Entry::Whole(number))
    }
}

impl From<bool> for FieldValue<'_> {
    fn from(flag: bool) -> Self {
        FieldValue(Entry::Flag(flag))
    }
}

impl<'a> Piece<'a> {
    /// None where nothing is told.
    pub(super) fn told(serial: Option<Text<'a>>, custom: Vec<Named<'a>>) -> Option<Box<Piece<'a>>> {
        (serial.is_some() || !custom.is_empty()).then(|| Box::new(Piece { serial, custom }))
    }

    pub(super) fn check(&self) -> Result<(), Fault> {
        if let Some(serial) = &self.serial {
            name("piece", serial)?;
        }
        super::purchase::bounded("custom", self.custom.len(), MOST_FIELDS)?;
        for (at, told) in self.custom.iter().enumerate() {
            name("custom", &told.name)?;
            let path = format!("custom.{}", &*told.name);
            if let Some(Entry::Text(text)) = &told.value {
                plain_text(text).map_err(|fault| fault.at(path.clone()))?;
            }
            if self.custom.get(..at).is_some_and(|before| before.iter().any(|other| other.name == told.name))
            {
                return Err(Fault::new("repeated_key", "the field is told twice").at(path));
            }
        }
        Ok(())
    }
}

impl<'a> Line<'a> {
    /// The same line, of the very piece with this serial number.
    ///
    /// ```
    /// use parure::fact::{Line, Quantity};
    /// use parure::money::Money;
    /// let watch = Line::new("1", "W-116500", "watch/steel", Quantity::ONE, Money::from_minor(11_780_000)).with_piece("7K4R1290");
    /// ```
    #[must_use]
    pub fn with_piece(mut self, serial: impl Into<Text<'a>>) -> Self {
        self.piece.get_or_insert_default().serial = Some(serial.into());
        self
    }

    /// The same line, with a value of a field that the program declares for pieces.
    ///
    /// ```
    /// use parure::fact::{Line, Quantity};
    /// use parure::money::Money;
    /// let bar = Line::new("1", "B-100", "gold/bar", Quantity::ONE, Money::from_minor(6_200_000)).with_custom("hallmark", "9999");
    /// ```
    #[must_use]
    pub fn with_custom(mut self, field: impl Into<Text<'a>>, value: impl Into<FieldValue<'a>>) -> Self {
        let told = Named { name: field.into(), value: Some(value.into().0) };
        self.piece.get_or_insert_default().custom.push(told);
        self
    }

    pub(crate) fn serial(&self) -> Option<&str> {
        self.piece.as_ref()?.serial.as_deref()
    }

    /// What is told of the program's own fields, by id.
    pub(crate) fn custom(&self) -> &[Named<'a>] {
        self.piece.as_ref().map_or(&[], |piece| &piece.custom)
    }
}
