//! Making baskets that are right: the bounds and sums of semantics 4.1, for the reader and for hosts alike.

use super::checks::within;
use super::metal::TRADE_IN;
use super::{Component, Line, OldMetal, PaidWith, Purchase, Quantity, ReturnedLine, Tender, Text};
use crate::fault::Fault;
use crate::money::{Currency, Money};
use crate::points::POINTS_LIMIT;

/// Lines in a purchase.
///
/// ```
/// use parure::fact::{Line, Purchase, Quantity, Tender};
/// use parure::money::{Currency, Money};
/// let yuan = Currency::parse("CNY")?;
/// let cloth = |id: usize| Line::new(id.to_string(), "C-0007", "care/cloth", Quantity::ONE, Money::from_minor(4_000));
/// let lines = (0..=parure::fact::MOST_LINES).map(cloth).collect();
/// assert_eq!(Purchase::new(lines, Money::ZERO, vec![], yuan).unwrap_err().code, "too_many");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const MOST_LINES: usize = 1_000;
/// Components of a line.
///
/// ```
/// use parure::fact::{Line, Purchase, Quantity, Tender};
/// use parure::money::{Currency, Money};
/// let yuan = Currency::parse("CNY")?;
/// let cloth = |id: usize| Line::new(id.to_string(), "C-0007", "care/cloth", Quantity::ONE, Money::from_minor(4_000));
/// let part = |line: Line<'static>, id: usize| line.with_component(id.to_string(), Money::from_minor(1));
/// let line = (0..=parure::fact::MOST_COMPONENTS).fold(cloth(1), part);
/// assert_eq!(Purchase::new(vec![line], Money::ZERO, vec![], yuan).unwrap_err().code, "too_many");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const MOST_COMPONENTS: usize = 16;
/// Tenders of a purchase.
///
/// ```
/// use parure::fact::{Line, Purchase, Quantity, Tender};
/// use parure::money::{Currency, Money};
/// let yuan = Currency::parse("CNY")?;
/// let cloth = |id: usize| Line::new(id.to_string(), "C-0007", "care/cloth", Quantity::ONE, Money::from_minor(4_000));
/// let paid = vec![Tender::new("cash", Money::from_minor(1)); parure::fact::MOST_TENDERS + 1];
/// assert_eq!(Purchase::new(vec![cloth(1)], Money::ZERO, paid, yuan).unwrap_err().code, "too_many");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const MOST_TENDERS: usize = 32;

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
            piece: None,
            quantity,
            amount,
            components: Vec::new(),
            price: None,
        }
    }

    /// The same line with one more component.
    ///
    /// ```
    /// use parure::fact::{Line, Quantity};
    /// use parure::money::Money;
    /// let ring = Line::new("1", "R-2201", "ring/gold", Quantity::ONE, Money::from_minor(980_000))
    ///     .with_component("labour", Money::from_minor(180_000)); // semantics 4.1
    /// ```
    #[must_use]
    pub fn with_component(mut self, name: impl Into<Text<'a>>, amount: Money) -> Self {
        self.components.push(Component { name: name.into(), amount });
        self
    }
}

impl<'a> ReturnedLine<'a> {
    /// So much of a line comes back.
    ///
    /// ```
    /// use parure::fact::{Quantity, ReturnedLine};
    /// use parure::money::Money;
    /// let half = ReturnedLine::new("1", Quantity::ONE, Money::from_minor(490_000));
    /// ```
    pub fn new(id: impl Into<Text<'a>>, quantity: Quantity, amount: Money) -> ReturnedLine<'a> {
        ReturnedLine { id: id.into(), quantity, amount }
    }
}

impl<'a> Tender<'a> {
    /// Paid this way: `card`, `cash`, `wechat`, `coupon`, `trade_in` … or any other name.
    ///
    /// ```
    /// use parure::fact::Tender;
    /// use parure::money::Money;
    /// let paid = [Tender::new("card", Money::from_minor(1_230_000)), Tender::points(10_000, Money::from_minor(50_000))];
    /// ```
    pub fn new(kind: impl Into<Text<'a>>, amount: Money) -> Tender<'a> {
        Tender { kind: kind.into(), amount, points: 0, with: None }
    }

    /// Paid with points that are worth this much.
    ///
    /// ```
    /// use parure::fact::Tender;
    /// use parure::money::Money;
    /// let paid = Tender::points(10_000, Money::from_minor(50_000)); // 10,000 points for 500.00
    /// ```
    #[must_use]
    pub fn points(points: i64, amount: Money) -> Tender<'a> {
        Tender { points, ..Tender::new("points", amount) }
    }

    /// Paid with a coupon of the customer's, by its id, that takes so much off (semantics 16.2).
    ///
    /// ```
    /// use parure::fact::Tender;
    /// use parure::money::Money;
    /// let paid = Tender::coupon("k-1", Money::from_minor(50_000)); // 500.00
    /// ```
    #[must_use]
    pub fn coupon(coupon: impl Into<Text<'a>>, amount: Money) -> Tender<'a> {
        Tender::new("coupon", amount).paid_with(PaidWith::Coupon(coupon.into()))
    }

    /// Paid with a deposit of an order, by the order's id (semantics 21.4).
    ///
    /// ```
    /// use parure::fact::Tender;
    /// use parure::money::Money;
    /// let paid = Tender::deposit("o-1", Money::from_minor(300_000)); // 3,000.00
    /// ```
    #[must_use]
    pub fn deposit(order: impl Into<Text<'a>>, amount: Money) -> Tender<'a> {
        Tender::new("deposit", amount).paid_with(PaidWith::Order(order.into()))
    }

    pub(super) fn paid_with(self, with: PaidWith<'a>) -> Tender<'a> {
        Tender { with: Some(Box::new(with)), ..self }
    }

    /// The coupon that pays, by its id.
    pub(crate) fn coupon_id(&self) -> Option<&Text<'a>> {
        match self.with.as_deref()? {
            PaidWith::Coupon(coupon) => Some(coupon),
            PaidWith::Order(_) | PaidWith::Metal(_) => None,
        }
    }

    /// The order whose deposit pays.
    pub(crate) fn order(&self) -> Option<&Text<'a>> {
        match self.with.as_deref()? {
            PaidWith::Order(order) => Some(order),
            PaidWith::Coupon(_) | PaidWith::Metal(_) => None,
        }
    }

    /// What old metal pays.
    pub(crate) fn metal(&self) -> Option<&OldMetal> {
        match self.with.as_deref()? {
            PaidWith::Metal(metal) => Some(metal),
            PaidWith::Coupon(_) | PaidWith::Order(_) => None,
        }
    }
}

impl<'a> Purchase<'a> {
    /// A purchase of at least one line. Tenders add up to what is to be paid; none: paid by something that earns.
    ///
    /// ```
    /// use parure::fact::{Line, Purchase, Quantity, Tender};
    /// use parure::money::{Currency, Money};
    /// let yuan = Currency::parse("CNY")?;
    /// let ring = Line::new("1", "R-100", "ring/diamond", Quantity::ONE, yuan.money("12800")?);
    /// let paid = vec![Tender::new("card", yuan.money("12000")?)];
    /// let fault = Purchase::new(vec![ring], Money::ZERO, paid, yuan).unwrap_err();
    /// assert_eq!(fault.to_string(), "tenders: the tenders add up to 12000.00, 12800.00 is to be paid");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `no_lines`, `too_many`, `name_text`, `negative_amount`, `no_quantity`, `repeated_line`, `repeated_component`,
    /// `repeated_key`, `components_exceed`, `discount_exceeds`, `tenders_differ`, `tender_text`, `points_tender`, `coupon_tender`, `metal_differs`, `percent_range`, `no_amount`, `money_range`.
    pub fn new(
        mut lines: Vec<Line<'a>>,
        discount: Money,
        tenders: Vec<Tender<'a>>,
        currency: Currency,
    ) -> Result<Purchase<'a>, Fault> {
        bounded("lines", lines.len(), MOST_LINES)?;
        bounded("tenders", tenders.len(), MOST_TENDERS)?;
        if lines.is_empty() {
            return Err(Fault::new("no_lines", "a purchase has at least one line").at("lines"));
        }
        for (at, line) in lines.iter().enumerate() {
            check_line(line, currency).map_err(|fault| within(&format!("lines[{at}]"), fault))?;
            if lines.get(..at).is_some_and(|before| before.iter().any(|other| other.id == line.id)) {
                let fault = Fault::new("repeated_line", format!("two lines have the id `{}`", &*line.id));
                return Err(fault.at(format!("lines[{at}].id")));
            }
        }
        let sum = lines.iter().fold(Money::ZERO, |sum, line| sum.plus(line.amount));
        if sum >= currency.limit() {
            return Err(Fault::new("money_range", "the lines add up to 10^15 or more").at("lines"));
        }
        if discount < Money::ZERO || discount > sum {
            let message = format!("the discount is not from 0 to {}", currency.show(sum));
            return Err(Fault::new("discount_exceeds", message).at("discount"));
        }
        check_tenders(&tenders, sum.minus(discount), currency)?;
        // The components and fields of a line are named, not numbered: written in another order they are the same.
        for line in &mut lines {
            line.components.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            if let Some(piece) = &mut line.piece {
                piece.custom.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            }
        }
        Ok(Purchase { lines, discount, tenders })
    }
}

pub(super) fn bounded(path: &str, count: usize, most: usize) -> Result<(), Fault> {
    if count <= most {
        return Ok(());
    }
    Err(Fault::new("too_many", format!("{count} are listed, at most {most} are read")).at(path))
}

fn check_line(line: &Line<'_>, currency: Currency) -> Result<(), Fault> {
    name("id", &line.id)?;
    for (path, text) in [("item", &line.item), ("category", &line.category)] {
        if !text.is_empty() {
            name(path, text)?;
        }
    }
    if let Some(piece) = &line.piece {
        piece.check()?;
    }
    not_negative("amount", line.amount)?;
    if line.quantity <= Quantity::NONE {
        return Err(Fault::new("no_quantity", "the quantity is not above 0").at("quantity"));
    }
    bounded("components", line.components.len(), MOST_COMPONENTS)?;
    let mut sum = Money::ZERO;
    for (at, component) in line.components.iter().enumerate() {
        name("components", &component.name)?;
        let path = format!("components.{}", &*component.name);
        not_negative(&path, component.amount)?;
        sum = sum.plus(component.amount);
        if line
            .components
            .get(..at)
            .is_some_and(|before| before.iter().any(|other| other.name == component.name))
        {
            return Err(Fault::new("repeated_component", "the component is there twice").at(path));
        }
    }
    if sum > line.amount {
        return Err(Fault::new("components_exceed", "the components add up to more than the line's amount")
            .at("components"));
    }
    line.check_metal(currency)
}

fn check_tenders(tenders: &[Tender<'_>], to_pay: Money, currency: Currency) -> Result<(), Fault> {
    for (at, tender) in tenders.iter().enumerate() {
        let path = format!("tenders[{at}]");
        name(&path, &tender.kind)?;
        not_negative(&path, tender.amount)?;
        if &*tender.kind == "amount" {
            return Err(Fault::new("tender_text", "`amount` is not a way of paying").at(path));
        }
        let with_points = (1..=POINTS_LIMIT).contains(&tender.points);
        if (&*tender.kind == "points") != with_points || tender.points < 0 {
            let fault = Fault::new(
                "points_tender",
                "a tender of points says how many points and what they are worth",
            );
            return Err(fault.at(path).advise("write {\"points\": 10000, \"amount\": \"500.00\"}"));
        }
        if with_points && tenders.get(..at).is_some_and(|before| before.iter().any(|other| other.points > 0))
        {
            return Err(Fault::new("points_tender", "points are spent once in a purchase").at(path));
        }
        if let Some(metal) = tender.metal() {
            if &*tender.kind != TRADE_IN {
                return Err(Fault::new("tender_text", "only old metal is paid by weight").at(path));
            }
            metal.check(tender.amount, currency).map_err(|fault| within(&path, fault))?;
        }
        if let Some(order) = tender.order() {
            name(&format!("{path}.order"), order)?;
            if &*tender.kind != "deposit" {
                return Err(Fault::new("tender_text", "only a deposit is of an order").at(path));
            }
        }
        if let Some(coupon) = tender.coupon_id() {
            name(&format!("{path}.coupon"), coupon)?;
            let before = tenders.get(..at).unwrap_or_default();
            if before.iter().any(|other| other.coupon_id() == Some(coupon)) {
                return Err(Fault::new("coupon_tender", "a coupon is used once on a purchase").at(path));
            }
        }
    }
    let sum = tenders.iter().fold(Money::ZERO, |sum, tender| sum.plus(tender.amount));
    if !tenders.is_empty() && sum != to_pay {
        let (sum, to_pay) = (currency.show(sum), currency.show(to_pay));
        let message = format!("the tenders add up to {sum}, {to_pay} is to be paid");
        return Err(Fault::new("tenders_differ", message).at("tenders"));
    }
    Ok(())
}

pub(crate) fn not_negative(path: &str, amount: Money) -> Result<(), Fault> {
    if amount < Money::ZERO {
        return Err(Fault::new("negative_amount", "the amount is below 0").at(path));
    }
    Ok(())
}

/// A name: 1 to 64 bytes, no control characters, no space around it.
pub(crate) fn name(path: &str, text: &str) -> Result<(), Fault> {
    let fits = (1..=crate::document::NAME_BYTES).contains(&text.len());
    if fits && !text.chars().any(char::is_control) && text.trim() == text {
        return Ok(());
    }
    let message = format!("`{}` is not a name of 1 to 64 bytes", crate::money::shorten(text).escape_debug());
    Err(Fault::new("name_text", message).at(path))
}
