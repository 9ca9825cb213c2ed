//! Making lines outside of JSON: for tests, benches and hosts that ask a condition by itself.

use super::{Component, Line, Quantity, Text};
use crate::money::Money;

impl<'a> Line<'a> {
    /// A line without components.
    ///
    /// ```
    /// use parure::fact::{Line, Quantity};
    /// use parure::money::Money;
    /// let ring = Line::new("1", "R-2201", "ring/gold", Quantity::ONE, Money::from_minor(980_000))
    ///     .with_component("metal", Money::from_minor(800_000))
    ///     .with_component("labour", Money::from_minor(180_000));
    /// ```
    pub fn new(
        id: impl Into<Text<'a>>,
        item: impl Into<Text<'a>>,
        category: impl Into<Text<'a>>,
        quantity: Quantity,
        amount: Money,
    ) -> Line<'a> {
        Line {
            id: id.into(),
            item: item.into(),
            category: category.into(),
            quantity,
            amount,
            components: Vec::new(),
        }
    }

    /// The same line with one more component.
    #[must_use]
    pub fn with_component(mut self, name: impl Into<Text<'a>>, amount: Money) -> Self {
        self.components.push(Component { name: name.into(), amount });
        self
    }
}
