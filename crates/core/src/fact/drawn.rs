//! Points of others of a household that a fact is paid with (semantics 15).

use super::checks::{drawn as check_drawn, within};
use super::{Drawn, Fact, GivenLot, Text};
use crate::fault::Fault;

/// All that a fact is paid with of others: few facts are, and most take no room for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AllDrawn<'a>(Vec<Drawn<'a>>);

impl<'a> Drawn<'a> {
    /// Points of a customer's lots.
    ///
    /// ```
    /// use parure::{calendar::Day, fact::{Drawn, GivenLot}};
    /// let of_mei = Drawn::new("mei", vec![GivenLot::new(200, Day::parse("2026-03-12")?, None)]);
    /// assert_eq!(of_mei.points(), 200);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    pub fn new(customer: impl Into<Text<'a>>, lots: Vec<GivenLot>) -> Drawn<'a> {
        Drawn { customer: customer.into(), lots }
    }

    /// Whose points they are.
    ///
    /// ```
    /// use parure::{calendar::Day, fact::{Drawn, GivenLot}};
    /// let of_mei = Drawn::new("mei", vec![GivenLot::new(200, Day::parse("2026-03-12")?, None)]);
    /// assert_eq!(of_mei.customer(), "mei");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn customer(&self) -> &str {
        &self.customer
    }

    pub(crate) fn owned(&self) -> Drawn<'static> {
        Drawn { customer: self.customer.borrowed().into_owned(), lots: self.lots.clone() }
    }

    /// How many.
    ///
    /// ```
    /// use parure::{calendar::Day, fact::{Drawn, GivenLot}};
    /// let lot = |points| Ok::<_, parure::fault::Fault>(GivenLot::new(points, Day::parse("2026-03-12")?, None));
    /// assert_eq!(Drawn::new("mei", vec![lot(200)?, lot(50)?]).points(), 250);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn points(&self) -> i64 {
        points_of(&self.lots)
    }
}

pub(crate) fn points_of(lots: &[GivenLot]) -> i64 {
    lots.iter().fold(0, |sum, lot| sum.saturating_add(lot.points))
}

impl<'a> Fact<'a> {
    /// The same fact, paid with these points of others. A book fills them in when it records what someone of a household spends.
    ///
    /// ```
    /// use parure::{calendar::{Day, Moment}, fact::{Drawn, Fact, GivenLot}};
    /// let at = Moment::parse("2026-07-20T10:00:00+08:00")?;
    /// let tote = Fact::redeemed("x-1", at, "lin", 500, "tote-bag")?;
    /// let too_much = Drawn::new("mei", vec![GivenLot::new(501, Day::parse("2026-03-12")?, None)]);
    /// assert_eq!(tote.with_drawn(vec![too_much]).unwrap_err().code, "drawn_differ");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `drawn_differ` where it spends fewer points, or the customer's own would be drawn, or one of others twice; `lots_differ`, `too_many`,
    /// `number_range`, `name_text`.
    pub fn with_drawn(self, drawn: Vec<Drawn<'a>>) -> Result<Self, Fault> {
        check_drawn(self.customer().unwrap_or_default(), self.body.points_paid(), &drawn)
            .map_err(|fault| within("drawn", fault))?;
        Ok(self.drawing(drawn))
    }

    /// The points of others that it is paid with.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact};
    /// let at = Moment::parse("2026-07-20T10:00:00+08:00")?;
    /// assert!(Fact::redeemed("x-1", at, "lin", 500, "tote-bag")?.drawn().is_empty());
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn drawn(&self) -> &[Drawn<'a>] {
        self.drawn.as_ref().map_or(&[], |drawn| &drawn.0)
    }

    /// The same fact, paid with these as they were checked before.
    pub(crate) fn drawing(self, drawn: Vec<Drawn<'a>>) -> Self {
        Fact { drawn: (!drawn.is_empty()).then(|| Box::new(AllDrawn(drawn))), ..self }
    }

    /// Where two who lent go by one name now, their lots stand under it together; what is of the customer's own name is no loan any more.
    pub(crate) fn draw_once(&mut self) {
        let Some(mut drawn) = self.drawn.take() else { return };
        let own = self.customer().unwrap_or_default();
        let mut once: Vec<Drawn<'a>> = Vec::new();
        for one in drawn.0.drain(..).filter(|one| *one.customer != *own) {
            match once.iter_mut().find(|other| other.customer == one.customer) {
                Some(other) => {
                    other.lots.extend(one.lots);
                    // Whichever of them got the name first.
                    other.lots.sort_by_key(|lot| (lot.first_day, lot.last_day, lot.points));
                }
                None => once.push(one),
            }
        }
        drawn.0 = once;
        self.drawn = Some(drawn).filter(|drawn| !drawn.0.is_empty());
    }

    pub(crate) fn drawn_mut(&mut self) -> impl Iterator<Item = &mut Drawn<'a>> {
        self.drawn.iter_mut().flat_map(|drawn| &mut drawn.0)
    }

    /// All whom it names beside its customer.
    pub(crate) fn others(&self) -> impl Iterator<Item = &str> {
        self.other_customer().into_iter().chain(self.drawn().iter().map(|drawn| &*drawn.customer))
    }
}
