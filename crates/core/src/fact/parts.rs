//! What a fact tells of itself, and what can be added to it once it is made.

use super::purchase::name;
use super::{Body, Fact, GivenLot, Profile, Purchase, Text};
use crate::calendar::{Anniversary, Day, Moment};
use crate::fault::Fault;

impl<'a> Fact<'a> {
    /// The same fact, seen at a store.
    ///
    /// # Errors
    /// `name_text` for what is no name.
    pub fn at_store(mut self, store: impl Into<Text<'a>>) -> Result<Self, Fault> {
        self.store = Some(named("store", store.into())?);
        Ok(self)
    }

    /// The same fact, with the member of staff.
    ///
    /// # Errors
    /// `name_text` for what is no name.
    pub fn by_staff(mut self, staff: impl Into<Text<'a>>) -> Result<Self, Fault> {
        self.staff = Some(named("staff", staff.into())?);
        Ok(self)
    }

    /// The same fact, seen by a terminal.
    ///
    /// # Errors
    /// `name_text` for what is no name.
    pub fn on_terminal(mut self, terminal: impl Into<Text<'a>>) -> Result<Self, Fault> {
        self.terminal = Some(named("terminal", terminal.into())?);
        Ok(self)
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

    /// Who served.
    #[must_use]
    pub fn staff(&self) -> Option<&str> {
        self.staff.as_deref()
    }

    /// The till or device that saw it.
    #[must_use]
    pub fn terminal(&self) -> Option<&str> {
        self.terminal.as_deref()
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

impl GivenLot {
    /// So many points, usable from the first day through the last.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// use parure::fact::GivenLot;
    /// let for_ever = GivenLot::new(300, Day::parse("2026-03-01")?, None);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn new(points: i64, first_day: Day, last_day: Option<Day>) -> GivenLot {
        GivenLot { points, first_day, last_day }
    }
}

fn named<'a>(path: &str, text: Text<'a>) -> Result<Text<'a>, Fault> {
    name(path, &text)?;
    Ok(text)
}
