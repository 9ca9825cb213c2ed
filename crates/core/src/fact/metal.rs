//! Metal by weight: what a line costs by the price of the day, and what old metal is taken for (semantics 21).

use super::{Line, PaidWith, Quantity, Tender, Text};
use crate::fault::Fault;
use crate::money::{Currency, Money};
use std::fmt;

/// The component of a line that its weight and its price make.
pub(super) const METAL: &str = "metal";
/// The tender that may tell what old metal was weighed.
pub(super) const TRADE_IN: &str = "trade_in";
/// A loss of all of it, in hundredths of a percent.
pub(super) const WHOLE: u16 = 10_000;

/// Old metal that is taken in payment: its weight, the price for one unit of it, and the share that is lost when it is melted.
///
/// ```
/// use parure::fact::{OldMetal, Quantity};
/// use parure::money::Money;
/// let old = OldMetal::new(Quantity::parse("5.20")?, Money::from_minor(77_000)).less(200); // 5.20 g at 770.00, less 2 %
/// assert_eq!(old.amount(), Money::from_minor(392_392)); // 3,923.92
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldMetal {
    pub(crate) weight: Quantity,
    pub(crate) price: Money,
    /// In hundredths of a percent.
    pub(crate) loss: u16,
}

impl OldMetal {
    /// So much at a price for one unit of it, without a loss.
    ///
    /// ```
    /// use parure::fact::{OldMetal, Quantity};
    /// use parure::money::Money;
    /// let old = OldMetal::new(Quantity::ONE, Money::from_minor(77_000));
    /// assert_eq!(old.amount(), Money::from_minor(77_000));
    /// ```
    #[must_use]
    pub fn new(weight: Quantity, price: Money) -> OldMetal {
        OldMetal { weight, price, loss: 0 }
    }

    /// The same, of which so many hundredths of a percent are lost.
    ///
    /// ```
    /// use parure::fact::{OldMetal, Quantity};
    /// use parure::money::Money;
    /// let old = OldMetal::new(Quantity::ONE, Money::from_minor(77_000)).less(150); // 1.5 %
    /// assert_eq!(old.amount(), Money::from_minor(75_845));
    /// ```
    #[must_use]
    pub fn less(self, loss: u16) -> OldMetal {
        OldMetal { loss, ..self }
    }

    /// What it is taken for: weight × price × (1 - loss), rounded half up to the smallest coin.
    ///
    /// ```
    /// use parure::fact::{OldMetal, Quantity};
    /// use parure::money::Money;
    /// let grain = OldMetal::new(Quantity::parse("0.001")?, Money::from_minor(50_050)); // 0.5005
    /// assert_eq!(grain.amount(), Money::from_minor(50));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn amount(&self) -> Money {
        weighed(self.weight, self.price, self.loss)
    }

    pub(super) fn check(&self, amount: Money, currency: Currency) -> Result<(), Fault> {
        is_priced("weight", self.weight, "price", self.price)?;
        if self.loss > WHOLE {
            return Err(Fault::new("percent_range", "no more than all of it is lost").at("loss"));
        }
        if self.amount() == amount {
            return Ok(());
        }
        let (weighed, told) = (currency.show(self.amount()), currency.show(amount));
        let message = format!("the old metal is worth {weighed} by its weight, the tender says {told}");
        Err(Fault::new("metal_differs", message).at(TRADE_IN).advise(format!("write \"{weighed}\"")))
    }
}

/// A loss as facts write it: `2%`, `1.5%`.
pub(super) struct Loss(pub(super) u16);

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", rust_decimal::Decimal::new(self.0.into(), 2).normalize())
    }
}

/// Weight × price × (1 - loss), rounded half up. Beyond what money can hold it stays there: amounts are bounded where they are told.
fn weighed(weight: Quantity, price: Money, loss: u16) -> Money {
    let (micros, price) = (i128::from(weight.micros()), i128::from(price.minor()));
    let kept = i128::from(WHOLE.saturating_sub(loss));
    let whole: i128 = 1_000_000 * 10_000;
    // Below 10^15 × 10^19 × 10^4, in 128 bits.
    let product = micros.saturating_mul(price).saturating_mul(kept);
    let rounded = product.saturating_add(whole.div_euclid(2)).div_euclid(whole);
    Money::from_minor(i64::try_from(rounded).unwrap_or(i64::MAX))
}

fn is_priced(weight_at: &str, weight: Quantity, price_at: &str, price: Money) -> Result<(), Fault> {
    if weight <= Quantity::NONE {
        return Err(Fault::new("no_quantity", "the weight is not above 0").at(weight_at));
    }
    if price <= Money::ZERO {
        return Err(Fault::new("no_amount", "the price is not above 0").at(price_at));
    }
    Ok(())
}

impl<'a> Line<'a> {
    /// A line by weight: its quantity at a price for one unit of it. What it comes to is the component `metal`, and the amount until more is added.
    ///
    /// ```
    /// use parure::fact::{Line, Quantity};
    /// use parure::money::Money;
    /// let gold = Line::by_weight("1", "R-2201", "gold/ring", Quantity::parse("8.36")?, Money::from_minor(78_000)) // 780.00 a gram
    ///     .with_labour(Money::from_minor(180_000)); // 1,800.00
    /// assert_eq!(gold.amount(), Money::from_minor(832_080)); // 6,520.80 and the labour
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    pub fn by_weight(
        id: impl Into<Text<'a>>,
        item: impl Into<Text<'a>>,
        category: impl Into<Text<'a>>,
        weight: Quantity,
        price: Money,
    ) -> Line<'a> {
        let metal = weighed(weight, price, 0);
        Line::new(id, item, category, weight, metal).with_component(METAL, metal).with_price(price)
    }

    /// The same line, with the work that it is: a component, and so much more to pay.
    ///
    /// ```
    /// use parure::fact::{Line, Quantity};
    /// use parure::money::Money;
    /// let line = Line::new("1", "R-1", "ring", Quantity::ONE, Money::from_minor(100)).with_labour(Money::from_minor(20));
    /// assert_eq!(line.amount(), Money::from_minor(120));
    /// ```
    #[must_use]
    pub fn with_labour(self, labour: Money) -> Self {
        self.adding("labour", labour)
    }

    /// The same line, with one more component and so much more to pay.
    ///
    /// ```
    /// use parure::fact::{Line, Quantity};
    /// use parure::money::Money;
    /// let line = Line::new("1", "R-1", "ring", Quantity::ONE, Money::from_minor(100)).adding("stone", Money::from_minor(20));
    /// assert_eq!(line.amount(), Money::from_minor(120));
    /// ```
    #[must_use]
    pub fn adding(mut self, name: impl Into<Text<'a>>, amount: Money) -> Self {
        self.amount = self.amount.plus(amount);
        self.with_component(name, amount)
    }

    /// The same line, for this amount.
    ///
    /// ```
    /// use parure::fact::{Line, Quantity};
    /// use parure::money::Money;
    /// let line = Line::new("1", "R-1", "ring", Quantity::ONE, Money::from_minor(100)).with_amount(Money::from_minor(90));
    /// assert_eq!(line.amount(), Money::from_minor(90));
    /// ```
    #[must_use]
    pub fn with_amount(self, amount: Money) -> Self {
        Line { amount, ..self }
    }

    /// The same line, of which the component `metal` is its quantity at this price for one unit of it.
    ///
    /// ```
    /// use parure::fact::{Line, Purchase, Quantity};
    /// use parure::money::{Currency, Money};
    /// let wrong = Line::new("1", "R-1", "gold", Quantity::parse("8.36")?, Money::from_minor(652_000))
    ///     .with_component("metal", Money::from_minor(652_000))
    ///     .with_price(Money::from_minor(78_000));
    /// let fault = Purchase::new(vec![wrong], Money::ZERO, vec![], Currency::parse("CNY")?).unwrap_err();
    /// assert_eq!((fault.code, fault.path.as_str()), ("metal_differs", "lines[0].components.metal"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_price(mut self, price: Money) -> Self {
        self.price = Some(Box::new(price));
        self
    }

    /// What is to be paid for it, before what is taken off the whole.
    ///
    /// ```
    /// use parure::fact::{Line, Quantity};
    /// use parure::money::Money;
    /// assert_eq!(Line::new("1", "R-1", "ring", Quantity::ONE, Money::from_minor(100)).amount(), Money::from_minor(100));
    /// ```
    #[must_use]
    pub fn amount(&self) -> Money {
        self.amount
    }

    /// What the metal of a line by weight costs.
    pub(super) fn metal(&self) -> Option<Money> {
        self.price.as_deref().map(|price| weighed(self.quantity, *price, 0))
    }

    pub(super) fn check_metal(&self, currency: Currency) -> Result<(), Fault> {
        let Some((price, metal)) = self.price.as_deref().copied().zip(self.metal()) else { return Ok(()) };
        is_priced("quantity", self.quantity, "price", price)?;
        let told = self.components.iter().find(|part| &*part.name == METAL).map(|part| part.amount);
        if told == Some(metal) {
            return Ok(());
        }
        let metal = currency.show(metal);
        let message = format!("the metal is {metal} by its weight, which the component does not say");
        Err(Fault::new("metal_differs", message)
            .at(format!("components.{METAL}"))
            .advise(format!("write \"{metal}\"")))
    }
}

impl Tender<'_> {
    /// Paid with old metal, for what it is worth by its weight (以旧换新).
    ///
    /// ```
    /// use parure::fact::{OldMetal, Quantity, Tender};
    /// use parure::money::Money;
    /// let paid = Tender::trade_in(OldMetal::new(Quantity::parse("5.20")?, Money::from_minor(77_000)).less(200));
    /// assert_eq!(paid, Tender::trade_in(OldMetal::new(Quantity::parse("5.2")?, Money::from_minor(77_000)).less(200)));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn trade_in(metal: OldMetal) -> Self {
        Tender::new(TRADE_IN, metal.amount()).paid_with(PaidWith::Metal(metal))
    }

    /// The same tender, taken for so much: what of old metal is told beside its weight is checked against it.
    ///
    /// ```
    /// use parure::fact::{Line, OldMetal, Purchase, Quantity, Tender};
    /// use parure::money::{Currency, Money};
    /// let paid = Tender::trade_in(OldMetal::new(Quantity::ONE, Money::from_minor(77_000))).taken_for(Money::from_minor(80_000));
    /// let ring = Line::new("1", "R-1", "ring", Quantity::ONE, Money::from_minor(80_000));
    /// let fault = Purchase::new(vec![ring], Money::ZERO, vec![paid], Currency::parse("CNY")?).unwrap_err();
    /// assert_eq!((fault.code, fault.path.as_str()), ("metal_differs", "tenders[0].trade_in"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn taken_for(self, amount: Money) -> Self {
        Tender { amount, ..self }
    }
}
