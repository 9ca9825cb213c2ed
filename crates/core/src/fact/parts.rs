//! What a fact tells of itself, and what can be added to it once it is made.

use super::purchase::name;
use super::{Body, Erasure, Fact, GivenLot, Purchase, Settlement, Text, Trace};
use crate::calendar::{Day, Moment};
use crate::fault::Fault;

impl<'a> Fact<'a> {
    /// The same fact, seen at a store.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.at_store("sh-01")?.store(), Some("sh-01"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for what is no name.
    pub fn at_store(mut self, store: impl Into<Text<'a>>) -> Result<Self, Fault> {
        self.store = Some(named("store", store.into())?);
        Ok(self)
    }

    /// The same fact, with the member of staff.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.by_staff("li")?.staff(), Some("li"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for what is no name.
    pub fn by_staff(mut self, staff: impl Into<Text<'a>>) -> Result<Self, Fault> {
        self.staff = Some(named("staff", staff.into())?);
        Ok(self)
    }

    /// The same fact, seen by a terminal.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.on_terminal("till-1")?.terminal(), Some("till-1"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for what is no name.
    pub fn on_terminal(mut self, terminal: impl Into<Text<'a>>) -> Result<Self, Fault> {
        self.terminal = Some(named("terminal", terminal.into())?);
        Ok(self)
    }

    /// The id, unique for all time.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.id(), "j-1");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it happened.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.at(), at);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn at(&self) -> Moment {
        self.at
    }

    /// Whom it happened to; nobody in particular for an adopted program.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.customer(), Some("c-1"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
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
            | Body::RedemptionSettled { customer, .. }
            | Body::TierGranted { customer, .. }
            | Body::Merged { customer, .. }
            | Body::Unmerged { customer, .. }
            | Body::HouseholdJoined { customer, .. }
            | Body::HouseholdLeft { customer }
            | Body::Issued { customer, .. }
            | Body::Voided { customer, .. }
            | Body::Couponed { customer, .. }
            | Body::BenefitGranted { customer, .. }
            | Body::BenefitUsed { customer, .. }
            | Body::BenefitReversed { customer, .. }
            | Body::Valued { customer, .. }
            | Body::Ordered { customer, .. }
            | Body::Consented { customer, .. }
            | Body::Met { customer, .. }
            | Body::Erased { customer, .. } => Some(customer),
            Body::Adopted { .. } => None,
        }
    }

    /// Of an erasure that a book keeps, what is left of the ids of those whom it forgets: SHA-256 hashes, as [`trace_of`](super::trace_of) gives
    /// them. None of other facts, nor of an erasure as it is asked for.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, trace_of};
    /// let at = Moment::parse("2026-11-26T10:00:00+08:00")?;
    /// let asked = Fact::erased("e-1", at, "tang-wei", "x-7f3a")?;
    /// assert!(asked.traces().is_empty());
    /// book.record(&asked)?;
    /// assert_eq!(book.fact("e-1").unwrap().traces(), [trace_of("tang-wei")]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn traces(&self) -> &[Trace] {
        match &self.body {
            Body::Erased { erasure: Erasure::Done { of, .. }, .. } => of,
            _ => &[],
        }
    }

    /// Of an erasure, the name that it gives to whom it forgets, by their place among its [`traces`](Fact::traces): the one who was named comes
    /// first.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-11-26T10:00:00+08:00")?;
    /// let asked = Fact::erased("e-1", at, "tang-wei", "x-7f3a")?;
    /// assert_eq!(asked.alias(0).as_deref(), Some("x-7f3a"));
    /// assert_eq!(asked.alias(1).as_deref(), Some("x-7f3a-1")); // of someone who is one account with her
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn alias(&self, place: usize) -> Option<String> {
        match &self.body {
            Body::Erased { erasure: Erasure::Asked { alias }, .. } => Some(Erasure::alias(alias, place)),
            Body::Erased { customer, erasure: Erasure::Done { .. } } => Some(Erasure::alias(customer, place)),
            _ => None,
        }
    }

    /// Whom else it concerns: who receives a gift, into whom a customer is merged, whom a profile names.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// assert_eq!(Fact::given("g-1", at, "c-1", "c-2", 300, Vec::new())?.other_customer(), Some("c-2"));
    /// assert_eq!(Fact::redeemed("x-1", at, "c-1", 500, "tote-bag")?.other_customer(), None);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn other_customer(&self) -> Option<&str> {
        let other = match &self.body {
            Body::Given { .. } | Body::Valued { .. } | Body::Couponed { .. } => self.body.passes_to()?,
            Body::Merged { into, .. } => into,
            Body::Joined { profile, .. } | Body::ProfileChanged { profile, .. } => {
                profile.customers().next()?
            }
            Body::Purchased { .. }
            | Body::Returned { .. }
            | Body::Adjusted { .. }
            | Body::Redeemed { .. }
            | Body::RedemptionSettled { .. }
            | Body::TierGranted { .. }
            | Body::Unmerged { .. }
            | Body::HouseholdJoined { .. }
            | Body::HouseholdLeft { .. }
            | Body::Issued { .. }
            | Body::Voided { .. }
            | Body::BenefitGranted { .. }
            | Body::BenefitUsed { .. }
            | Body::BenefitReversed { .. }
            | Body::Ordered { .. }
            | Body::Consented { .. }
            | Body::Met { .. }
            | Body::Erased { .. }
            | Body::Adopted { .. } => return None,
        };
        Some(other).filter(|other| self.customer() != Some(*other))
    }

    /// Where it was seen.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.store(), None);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    /// Who served.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.staff(), None);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn staff(&self) -> Option<&str> {
        self.staff.as_deref()
    }

    /// The till or device that saw it.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.terminal(), None);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn terminal(&self) -> Option<&str> {
        self.terminal.as_deref()
    }

    /// The basket, of a purchase.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.purchase(), None);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn purchase(&self) -> Option<&Purchase<'a>> {
        match &self.body {
            Body::Purchased { purchase, .. } => Some(purchase),
            _ => None,
        }
    }

    /// What happened: the key its content stands under in JSON.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "c-1", Profile::default())?;
    /// assert_eq!(joined.kind(), "joined");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
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
            Body::RedemptionSettled { how: Settlement::HandedOver, .. } => "handed_over",
            Body::RedemptionSettled { how: Settlement::Reversed { .. }, .. } => "redemption_reversed",
            Body::TierGranted { .. } => "tier_granted",
            Body::Merged { .. } => "merged",
            Body::Unmerged { .. } => "unmerged",
            Body::HouseholdJoined { .. } => "household_joined",
            Body::HouseholdLeft { .. } => "household_left",
            Body::Issued { .. } => "issued",
            Body::Voided { .. } => "voided",
            Body::Couponed { act, .. } => act.kind(),
            Body::BenefitGranted { .. } => "benefit_granted",
            Body::BenefitUsed { .. } => "benefit_used",
            Body::BenefitReversed { .. } => "benefit_reversed",
            Body::Valued { act, .. } => act.kind(),
            Body::Ordered { act, .. } => act.kind(),
            Body::Consented { .. } => "consented",
            Body::Met { encounter, .. } => encounter.kind.key(),
            Body::Erased { .. } => "erased",
            Body::Adopted { .. } => "adopted",
        }
    }
}

impl Body<'_> {
    /// Whose it is from then on, of what changes hands: points, stored value, a coupon.
    pub(crate) fn passes_to(&self) -> Option<&str> {
        match self {
            Body::Given { to, .. } => Some(to),
            Body::Valued { act, .. } => act.to(),
            Body::Couponed { act, .. } => act.to(),
            _ => None,
        }
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
