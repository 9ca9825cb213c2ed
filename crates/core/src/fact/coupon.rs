//! What happens to a coupon in between: it changes hands, is held for a purchase, is let go (semantics 16.7, 16.9).

use super::Text;
use super::erasure::shown;
use super::purchase::name;
use super::read::{inside, text};
use crate::calendar::{Day, Moment};
use crate::document::Spot;
use crate::fault::Fault;
use crate::json::Object;
use sha2::{Digest, Sha256};

/// What happened to a coupon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CouponAct<'a> {
    /// It is someone else's from now on, and goes by the fact's id. What it is goes with it, filled in when it is recorded.
    Transferred { coupon: Text<'a>, to: Text<'a>, terms: Option<CouponTerms<'a>>, card: bool },
    /// Until an instant nothing but this purchase, or the delivery of this order, is paid with it.
    Held { coupon: Text<'a>, held_for: Text<'a>, until: Moment },
    /// It is held for that no more.
    Released { coupon: Text<'a>, held_for: Text<'a> },
}

/// What a coupon that changes hands is: which of the program's, as of its day of issue, and the days on which it can be used.
///
/// ```
/// use parure::{calendar::Day, fact::CouponTerms};
/// let may = CouponTerms::new("birthday-500", Day::parse("2026-05-01")?, Day::parse("2026-05-01")?, Some(Day::parse("2026-05-30")?));
/// # let _ = may;
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponTerms<'a> {
    pub(crate) of: Text<'a>,
    pub(crate) issued: Day,
    pub(crate) first_day: Day,
    pub(crate) last_day: Option<Day>,
}

impl<'a> CouponTerms<'a> {
    /// One of the program's coupons that was issued on a day, and the first and the last day on which it can be used.
    ///
    /// ```
    /// use parure::{calendar::Day, fact::CouponTerms};
    /// let for_ever = CouponTerms::new("welcome", Day::parse("2026-05-01")?, Day::parse("2026-05-01")?, None);
    /// # let _ = for_ever;
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn new(of: impl Into<Text<'a>>, issued: Day, first_day: Day, last_day: Option<Day>) -> Self {
        CouponTerms { of: of.into(), issued, first_day, last_day }
    }

    pub(crate) fn owned(&self) -> CouponTerms<'static> {
        CouponTerms::new(self.of.to_string(), self.issued, self.first_day, self.last_day)
    }
}

/// What a coupon code goes by in facts: the hash of it, so that no book holds a code and none is told from others by the time that looking
/// for it takes (semantics 16.8).
///
/// ```
/// use parure::fact::coupon_code;
/// let id = coupon_code(b"SUMMER-7KQ2"); // printf 'parure code SUMMER-7KQ2' | sha256sum
/// assert_eq!(id, "7ff1cb8431c38feab14a427301a975710b45b81de976e0a1e0e7d96cc2e77e60");
/// ```
#[must_use]
pub fn coupon_code(code: &[u8]) -> String {
    let mut hash = Sha256::new_with_prefix(b"parure code ");
    hash.update(code);
    shown(&hash.finalize().into())
}

impl<'a> CouponAct<'a> {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            CouponAct::Transferred { .. } => "coupon_transferred",
            CouponAct::Held { .. } => "coupon_held",
            CouponAct::Released { .. } => "coupon_released",
        }
    }

    /// The coupon, by its id.
    pub(crate) fn coupon(&self) -> &str {
        match self {
            CouponAct::Transferred { coupon, .. }
            | CouponAct::Held { coupon, .. }
            | CouponAct::Released { coupon, .. } => coupon,
        }
    }

    /// Whose it is from then on.
    pub(crate) fn to(&self) -> Option<&str> {
        match self {
            CouponAct::Transferred { to, .. } => Some(to),
            CouponAct::Held { .. } | CouponAct::Released { .. } => None,
        }
    }

    /// Whether it goes to whoever holds a card or knows a code.
    pub(crate) fn opens_card(&self) -> bool {
        matches!(self, CouponAct::Transferred { card: true, .. })
    }

    /// Whether it is a transfer that doesn't tell what changes hands.
    pub(crate) fn terms_are_missing(&self) -> bool {
        matches!(self, CouponAct::Transferred { terms: None, .. })
    }

    /// Whether another fact may need what it takes.
    pub(crate) fn takes(&self) -> bool {
        !matches!(self, CouponAct::Released { .. })
    }

    pub(super) fn check(self) -> Result<Self, Fault> {
        name("coupon", self.coupon())?;
        match &self {
            CouponAct::Transferred { to, terms, .. } => {
                name("to", to)?;
                if let Some(terms) = terms {
                    name("terms.of", &terms.of)?;
                    if terms.last_day.is_some_and(|last| last < terms.first_day) {
                        let fault = Fault::new("range_order", "the last day lies before the first")
                            .at("terms.last_day");
                        return Err(fault.advise("write a last day that is not before the first"));
                    }
                }
            }
            CouponAct::Held { held_for, .. } | CouponAct::Released { held_for, .. } => name("for", held_for)?,
        }
        Ok(self)
    }

    /// A hold is not over before it begins.
    pub(super) fn check_at(&self, at: Moment) -> Result<(), Fault> {
        match self {
            CouponAct::Held { until, .. } if until.micros() <= at.micros() => {
                let fault = Fault::new("range_order", "the hold is over before it begins");
                Err(fault.at("coupon_held.until").advise("write an instant after `at`"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn read(kind: &str, spot: Spot<'_, 'a>) -> Option<Self> {
        let act = match kind {
            "coupon_transferred" => {
                let keys = spot.table(&["coupon", "to", "terms", "card"])?;
                let (coupon, to) = (keys.need("coupon", text), keys.need("to", text));
                let (terms, card) = (keys.may("terms", terms), keys.may("card", Spot::truth));
                let (coupon, to, terms) = (coupon?, to?, terms?);
                CouponAct::Transferred { coupon, to, terms, card: card?.unwrap_or(false) }
            }
            "coupon_held" => {
                let keys = spot.table(&["coupon", "for", "until"])?;
                let (coupon, held_for) = (keys.need("coupon", text), keys.need("for", text));
                let until = keys.need("until", Spot::moment);
                CouponAct::Held { coupon: coupon?, held_for: held_for?, until: until? }
            }
            _ => {
                let keys = spot.table(&["coupon", "for"])?;
                let (coupon, held_for) = (keys.need("coupon", text), keys.need("for", text));
                CouponAct::Released { coupon: coupon?, held_for: held_for? }
            }
        };
        inside(spot, act.check())
    }

    pub(super) fn write(&self, keys: &mut Object<'_>) {
        match self {
            CouponAct::Transferred { coupon, to, terms, card } => {
                if *card {
                    keys.with("card", |json| json.push_str("true"));
                }
                keys.text("coupon", coupon);
                if let Some(terms) = terms {
                    keys.with("terms", |json| {
                        let mut keys = Object::begin(json);
                        keys.day("first_day", Some(terms.first_day));
                        keys.day("issued", Some(terms.issued));
                        keys.day("last_day", terms.last_day);
                        keys.text("of", &terms.of);
                        keys.end();
                    });
                }
                keys.text("to", to);
            }
            CouponAct::Held { coupon, held_for, until } => {
                keys.text("coupon", coupon);
                keys.text("for", held_for);
                keys.plain("until", *until);
            }
            CouponAct::Released { coupon, held_for } => {
                keys.text("coupon", coupon);
                keys.text("for", held_for);
            }
        }
    }
}

fn terms<'a>(spot: Spot<'_, 'a>) -> Option<CouponTerms<'a>> {
    let keys = spot.table(&["of", "issued", "first_day", "last_day"])?;
    let (of, issued) = (keys.need("of", text), keys.need("issued", Spot::day));
    let (first_day, last_day) = (keys.need("first_day", Spot::day), keys.may("last_day", Spot::day));
    Some(CouponTerms { of: of?, issued: issued?, first_day: first_day?, last_day: last_day? })
}
