//! Making facts in Rust: one constructor for each kind, as strict as the reader.

use super::purchase::name;
use super::{Body, Fact, GivenLot, Profile, Purchase, ReturnedLine, Text};
use crate::calendar::{Anniversary, Moment};
use crate::fault::Fault;
use crate::money::Money;
use crate::points::POINTS_LIMIT;

/// Lots in a fact of giving.
pub const MOST_GIVEN_LOTS: usize = 10_000;

impl<'a> Fact<'a> {
    fn make(id: impl Into<Text<'a>>, at: Moment, body: Body<'a>) -> Result<Fact<'a>, Fault> {
        let fact = Fact { id: id.into(), at, store: None, staff: None, terminal: None, body };
        name("id", &fact.id)?;
        if let Some(customer) = fact.customer() {
            name("customer", customer)?;
        }
        Ok(fact)
    }

    /// Someone joined.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, Moment};
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let profile = Profile::default().with_birthday(Anniversary::solar(None, 5, 20)?);
    /// let joined = Fact::joined("j-1", at, "c-1", profile)?;
    /// assert_eq!(joined.kind(), "joined");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn joined(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        profile: Profile<'a>,
    ) -> Result<Fact<'a>, Fault> {
        Fact::make(id, at, Body::Joined { customer: customer.into(), profile })
    }

    /// Something was bought.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Line, Purchase, Quantity};
    /// use parure::money::{Currency, Money};
    /// let yuan = Currency::parse("CNY")?;
    /// let ring = Line::new("1", "R-100", "ring/diamond", Quantity::ONE, yuan.money("12800")?);
    /// let purchase = Purchase::new(vec![ring], Money::ZERO, vec![], yuan)?;
    /// let at = Moment::parse("2026-03-01T15:04:05+08:00")?;
    /// let fact = Fact::purchased("p-1", at, "c-1", purchase)?.at_store("sh-01").by_staff("li");
    /// assert_eq!(fact.kind(), "purchased");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn purchased(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        purchase: Purchase<'a>,
    ) -> Result<Fact<'a>, Fault> {
        Fact::make(id, at, Body::Purchased { customer: customer.into(), purchase })
    }

    /// Something came back: which purchase, and what of its lines.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Quantity, ReturnedLine};
    /// use parure::money::Money;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let lines = vec![ReturnedLine::new("1", Quantity::ONE, Money::from_minor(1_280_000))];
    /// let fact = Fact::returned("r-1", at, "c-1", "p-1", lines)?;
    /// assert_eq!(fact.customer(), Some("c-1"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `no_lines`, `repeated_line`, `negative_amount`, `nothing_returned`.
    pub fn returned(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        purchase: impl Into<Text<'a>>,
        lines: Vec<ReturnedLine<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let purchase = purchase.into();
        name("returned.purchase", &purchase)?;
        check_returned(&lines)?;
        Fact::make(id, at, Body::Returned { customer: customer.into(), purchase, lines })
    }

    /// Points were spent outside a purchase, on a reward.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// assert_eq!(Fact::redeemed("x-1", at, "c-1", 500, "tote-bag")?.kind(), "redeemed");
    /// assert_eq!(Fact::redeemed("x-1", at, "c-1", 0, "tote-bag").unwrap_err().code, "number_range");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`; `number_range` unless the points are from 1 to 10^12.
    pub fn redeemed(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        points: i64,
        reward: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let reward = reward.into();
        name("redeemed.reward", &reward)?;
        if !(1..=POINTS_LIMIT).contains(&points) {
            let message = format!("{points} points are not from 1 to {POINTS_LIMIT}");
            return Err(Fault::new("number_range", message).at("redeemed.points"));
        }
        Fact::make(id, at, Body::Redeemed { customer: customer.into(), points, reward })
    }

    /// The same fact, seen at a store.
    #[must_use]
    pub fn at_store(mut self, store: impl Into<Text<'a>>) -> Self {
        self.store = Some(store.into());
        self
    }

    /// The same fact, with the member of staff.
    #[must_use]
    pub fn by_staff(mut self, staff: impl Into<Text<'a>>) -> Self {
        self.staff = Some(staff.into());
        self
    }

    /// The same fact, seen by a terminal.
    #[must_use]
    pub fn on_terminal(mut self, terminal: impl Into<Text<'a>>) -> Self {
        self.terminal = Some(terminal.into());
        self
    }

    /// The id, unique for all time.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it happened.
    #[must_use]
    pub fn at(&self) -> Moment {
        self.at
    }

    /// Whom it happened to; nobody in particular for an adopted program.
    #[must_use]
    pub fn customer(&self) -> Option<&str> {
        match &self.body {
            Body::Joined { customer, .. }
            | Body::ProfileChanged { customer, .. }
            | Body::Purchased { customer, .. }
            | Body::Returned { customer, .. }
            | Body::Adjusted { customer, .. }
            | Body::Given { customer, .. }
            | Body::Redeemed { customer, .. }
            | Body::RedemptionReversed { customer, .. }
            | Body::TierGranted { customer, .. }
            | Body::Merged { customer, .. }
            | Body::Unmerged { customer, .. } => Some(customer),
            Body::Adopted { .. } => None,
        }
    }

    /// Where it was seen.
    #[must_use]
    pub fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    /// The basket, of a purchase.
    #[must_use]
    pub fn purchase(&self) -> Option<&Purchase<'a>> {
        match &self.body {
            Body::Purchased { purchase, .. } => Some(purchase),
            _ => None,
        }
    }

    /// What happened: the key its content stands under in JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.body {
            Body::Joined { .. } => "joined",
            Body::ProfileChanged { .. } => "profile_changed",
            Body::Purchased { .. } => "purchased",
            Body::Returned { .. } => "returned",
            Body::Adjusted { .. } => "adjusted",
            Body::Given { .. } => "given",
            Body::Redeemed { .. } => "redeemed",
            Body::RedemptionReversed { .. } => "redemption_reversed",
            Body::TierGranted { .. } => "tier_granted",
            Body::Merged { .. } => "merged",
            Body::Unmerged { .. } => "unmerged",
            Body::Adopted { .. } => "adopted",
        }
    }
}

impl<'a> Profile<'a> {
    /// The same, with a birthday.
    #[must_use]
    pub fn with_birthday(mut self, birthday: Anniversary) -> Self {
        self.birthday = Some(birthday);
        self
    }

    /// The same, with these tags instead of those told before.
    #[must_use]
    pub fn with_tags(mut self, tags: impl IntoIterator<Item = impl Into<Text<'a>>>) -> Self {
        self.tags = Some(tags.into_iter().map(Into::into).collect());
        self
    }
}

pub(super) fn check_returned(lines: &[ReturnedLine<'_>]) -> Result<(), Fault> {
    if lines.is_empty() {
        return Err(Fault::new("no_lines", "a return has at least one line").at("lines"));
    }
    for (at, line) in lines.iter().enumerate() {
        if line.amount < Money::ZERO {
            return Err(Fault::new("negative_amount", "the amount is below 0").at(format!("lines[{at}].amount")));
        }
        if line.amount == Money::ZERO && line.quantity == super::Quantity::NONE {
            return Err(Fault::new("nothing_returned", "neither a quantity nor an amount comes back").at(format!("lines[{at}]")));
        }
        if lines.get(..at).is_some_and(|before| before.iter().any(|other| other.id == line.id)) {
            let fault = Fault::new("repeated_line", format!("two lines have the id `{}`", &*line.id));
            return Err(fault.at(format!("lines[{at}].id")));
        }
    }
    Ok(())
}

pub(super) fn check_given(from: &str, to: &str, points: i64, lots: &[GivenLot]) -> Result<(), Fault> {
    if from == to {
        return Err(Fault::new("same_customer", "points can't be given to oneself").at("to"));
    }
    let sum = lots.iter().fold(0_i64, |sum, lot| sum.saturating_add(lot.points));
    if !lots.is_empty() && sum != points {
        return Err(Fault::new("lots_differ", format!("the lots add up to {sum} points, not {points}")).at("lots"));
    }
    let backwards = lots.iter().position(|lot| lot.last_day.is_some_and(|last| last < lot.first_day));
    if let Some(at) = backwards {
        return Err(Fault::new("lots_differ", "the last day is before the first").at(format!("lots[{at}]")));
    }
    Ok(())
}
