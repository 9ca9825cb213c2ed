//! What can happen, read strictly: a [`Fact`] that exists is well formed (semantics 1.1, 4.1, 6.1).

mod amounts;
mod checks;
mod coupon;
mod drawn;
mod erasure;
mod make;
mod metal;
mod order;
mod parts;
mod piece;
mod profile;
mod purchase;
mod read;
mod stored;
mod stored_profile;
mod text;
mod value;
mod write;

use crate::calendar::{Day, Moment};
use crate::customer::consent::Consent;
use crate::customer::encounter::Encounter;
use crate::money::Money;
pub(crate) use amounts::QUANTITY_DIGITS;
pub use amounts::Quantity;
pub(crate) use checks::within;
pub use checks::{
    ALIAS_BYTES, MOST_ERASED_AWARDS, MOST_GIVEN_LOTS, MOST_OF_A_HOUSEHOLD, MOST_TAGS, REASON_BYTES,
};
pub(crate) use coupon::CouponAct;
pub use coupon::{CouponTerms, coupon_code};
pub(crate) use drawn::{AllDrawn, points_of};
pub(crate) use erasure::{Award, AwardLeft, ERASED, Erasure, Introduced};
pub use erasure::{Trace, trace_of};
pub use metal::OldMetal;
pub(crate) use order::OrderAct;
pub use order::Ordered;
pub(crate) use piece::Piece;
pub use piece::{FieldValue, MOST_FIELDS};
pub use profile::Profile;
pub use purchase::{MOST_COMPONENTS, MOST_LINES, MOST_TENDERS};
pub(crate) use purchase::{name, not_negative};
pub use read::{FACT_BYTES, KINDS};
pub(crate) use text::Private;
pub use text::Text;
pub(crate) use value::ValueAct;
pub use value::{TopUp, ValuePart};

/// Something that happened in the world.
///
/// ```
/// use parure::fact::Fact;
/// let yuan = parure::money::Currency::parse("CNY")?;
/// let json = r#"{"id":"p-1","at":"2026-03-01T15:04:05+08:00","customer":"c-1","store":"sh-01","purchased":{"lines":[{"id":"1","amount":"12800"}]}}"#;
/// let sale = Fact::from_json(json, yuan)?;
/// assert_eq!((sale.id(), sale.kind(), sale.customer()), ("p-1", "purchased", Some("c-1")));
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) at: Moment,
    pub(crate) store: Option<Text<'a>>,
    pub(crate) staff: Option<Text<'a>>,
    pub(crate) terminal: Option<Text<'a>>,
    pub(crate) body: Body<'a>,
    /// Points of others of the household that it is paid with.
    pub(crate) drawn: Option<Box<AllDrawn<'a>>>,
}

/// What happened. The name of each kind is the key its content stands under in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body<'a> {
    Joined {
        customer: Text<'a>,
        profile: Profile<'a>,
    },
    ProfileChanged {
        customer: Text<'a>,
        profile: Profile<'a>,
    },
    Purchased {
        customer: Text<'a>,
        purchase: Purchase<'a>,
    },
    Returned {
        customer: Text<'a>,
        purchase: Text<'a>,
        lines: Vec<ReturnedLine<'a>>,
    },
    Adjusted {
        customer: Text<'a>,
        points: i64,
        reason: Private<'a>,
        last_day: Option<Day>,
    },
    Given {
        customer: Text<'a>,
        to: Text<'a>,
        points: i64,
        lots: Vec<GivenLot>,
    },
    /// `amount`: money that was paid beside the points.
    Redeemed {
        customer: Text<'a>,
        points: i64,
        amount: Money,
        reward: Text<'a>,
    },
    RedemptionSettled {
        customer: Text<'a>,
        redemption: Text<'a>,
        how: Settlement,
    },
    TierGranted {
        customer: Text<'a>,
        tier: Text<'a>,
        reason: Private<'a>,
        last_day: Day,
    },
    Merged {
        customer: Text<'a>,
        into: Text<'a>,
    },
    Unmerged {
        customer: Text<'a>,
        merge: Text<'a>,
    },
    /// Their points are shared with those of a household from now on, and no longer with those of another.
    HouseholdJoined {
        customer: Text<'a>,
        household: Text<'a>,
        /// Whether they may spend what the others have.
        may_spend: bool,
    },
    HouseholdLeft {
        customer: Text<'a>,
    },
    /// One of the program's coupons is theirs: the fact's id is the coupon's. `card`: theirs who know a code or hold a card.
    Issued {
        customer: Text<'a>,
        coupon: Text<'a>,
        last_day: Option<Day>,
        card: bool,
    },
    /// A coupon is taken back.
    Voided {
        customer: Text<'a>,
        coupon: Text<'a>,
        reason: Private<'a>,
    },
    /// Something else happened to a coupon.
    Couponed {
        customer: Text<'a>,
        act: Box<CouponAct<'a>>,
    },
    /// The shop does something for them, so often.
    BenefitGranted {
        customer: Text<'a>,
        grant: Box<BenefitGrant<'a>>,
    },
    /// It was done; `of` is the purchase and the line that brought it along, where it is had by a piece.
    BenefitUsed {
        customer: Text<'a>,
        benefit: Text<'a>,
        of: Option<Box<(Text<'a>, Text<'a>)>>,
    },
    /// It was not: it can be had again.
    BenefitReversed {
        customer: Text<'a>,
        used: Text<'a>,
    },
    /// Something happened to stored value.
    Valued {
        customer: Text<'a>,
        act: Box<ValueAct<'a>>,
    },
    /// Something happened to a piece that is made to order, or to its deposits.
    Ordered {
        customer: Text<'a>,
        act: Box<OrderAct<'a>>,
    },
    /// Whether they may be written to.
    Consented {
        customer: Text<'a>,
        consent: Box<Consent<'a>>,
    },
    /// A visit, a talk, a service, …
    Met {
        customer: Text<'a>,
        encounter: Box<Encounter<'a>>,
    },
    /// `customer` is whom to forget; where the erasure has been filled in, the alias.
    Erased {
        customer: Text<'a>,
        erasure: Erasure<'a>,
    },
    /// `program` is the program as it was written; it was checked when the fact was read.
    Adopted {
        program: Text<'a>,
    },
}

/// What became of a reward that was redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settlement {
    HandedOver,
    /// The points come back; `returned`: so has the reward, which had been handed over.
    Reversed {
        returned: bool,
    },
}

/// A benefit of the program's, so often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BenefitGrant<'a> {
    pub(crate) benefit: Text<'a>,
    pub(crate) times: u32,
    pub(crate) reason: Private<'a>,
    pub(crate) last_day: Option<Day>,
}

/// Lines, what was taken off the whole, and how it was paid.
///
/// ```
/// use parure::fact::Fact;
/// let yuan = parure::money::Currency::parse("CNY")?;
/// let json = r#"{"id":"p-1","at":"2026-03-01T15:04:05+08:00","customer":"c-1","store":"sh-01","purchased":{"lines":[{"id":"1","amount":"12800"}]}}"#;
/// let sale = Fact::from_json(json, yuan)?;
/// assert!(sale.purchase().is_some());
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase<'a> {
    pub(crate) lines: Vec<Line<'a>>,
    pub(crate) discount: Money,
    pub(crate) tenders: Vec<Tender<'a>>,
}

/// One line of a basket: what was bought, how much of it, and the amount after the line's own discount, tax included.
///
/// ```
/// use parure::fact::{Line, Quantity};
/// use parure::money::Money;
/// let ring = Line::new("1", "R-2201", "ring/gold", Quantity::ONE, Money::from_minor(980_000)); // 9,800.00
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) item: Text<'a>,
    pub(crate) category: Text<'a>,
    /// What is told of the very piece, where anything is.
    pub(crate) piece: Option<Box<Piece<'a>>>,
    pub(crate) quantity: Quantity,
    pub(crate) amount: Money,
    pub(crate) components: Vec<Component<'a>>,
    /// Of a line by weight, what one unit of the quantity costs: the component `metal` is that. Few lines are, and all are read again and again.
    pub(crate) price: Option<Box<Money>>,
}

/// A named part of a line's amount: metal, stone, labour.
///
/// ```
/// use parure::fact::Fact;
/// let yuan = parure::money::Currency::parse("CNY")?;
/// let json = r#"{"id":"p-1","at":"2026-03-01T15:04:05+08:00","customer":"c-1","purchased":{"lines":[{"id":"1","amount":"9800","components":{"metal":"8000","labour":"1801"}}]}}"#;
/// let fault = Fact::from_json(json, yuan).unwrap_err();
/// assert_eq!(fault.code, "components_exceed");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component<'a> {
    pub(crate) name: Text<'a>,
    pub(crate) amount: Money,
}

/// One way in which a part was paid. `points` is how many were spent, for the tender `points` only; a coupon that the program knows, an order's deposit
/// and old metal say more.
///
/// ```
/// use parure::fact::Tender;
/// use parure::money::Money;
/// let card = Tender::new("card", Money::from_minor(1_230_000));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tender<'a> {
    pub(crate) kind: Text<'a>,
    pub(crate) amount: Money,
    pub(crate) points: i64,
    pub(crate) with: Option<Box<PaidWith<'a>>>,
}

/// What a tender is, of those that few are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PaidWith<'a> {
    /// One of the customer's, by its id: for the tender `coupon` only.
    Coupon(Text<'a>),
    /// The order whose deposit it is: for the tender `deposit` only.
    Order(Text<'a>),
    /// What was weighed: for the tender `trade_in` only.
    Metal(OldMetal),
}

/// What of a line is given back, in the line's own terms.
///
/// ```
/// use parure::fact::{Quantity, ReturnedLine};
/// use parure::money::Money;
/// let one_of_two = ReturnedLine::new("2", Quantity::ONE, Money::from_minor(4_000)); // semantics 6.1
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedLine<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) quantity: Quantity,
    pub(crate) amount: Money,
}

/// Points of someone else of the household that a purchase or a reward is paid with, with the days they keep (semantics 15).
///
/// ```
/// use parure::calendar::{Day, Moment};
/// use parure::fact::{Drawn, Fact, GivenLot};
/// let at = Moment::parse("2026-07-20T10:00:00+08:00")?;
/// let of_mei = Drawn::new("mei", vec![GivenLot::new(200, Day::parse("2026-03-12")?, None)]);
/// let tote = Fact::redeemed("x-1", at, "lin", 500, "tote-bag")?.with_drawn(vec![of_mei])?;
/// assert_eq!((tote.drawn()[0].customer(), tote.drawn()[0].points()), ("mei", 200));
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn<'a> {
    pub(crate) customer: Text<'a>,
    pub(crate) lots: Vec<GivenLot>,
}

/// Points that change hands, with the days they keep (semantics 8.2).
///
/// ```
/// use parure::fact::Fact;
/// let yuan = parure::money::Currency::parse("CNY")?;
/// let json = r#"{"id":"g-1","at":"2026-07-20T10:00:00+08:00","customer":"c-1","given":{"to":"c-2","points":500,"lots":[{"points":400,"first_day":"2026-03-12"}]}}"#;
/// assert_eq!(Fact::from_json(json, yuan).unwrap_err().code, "lots_differ");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenLot {
    pub(crate) points: i64,
    pub(crate) first_day: Day,
    pub(crate) last_day: Option<Day>,
}
