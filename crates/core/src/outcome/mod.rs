//! What a fact did, and why: entries, refusals, flags.

mod refusal;

use crate::calendar::Day;
use crate::loyalty::earning::RuleSet;
use crate::loyalty::lots::{FactNo, LotTag};
use crate::loyalty::stored_value::Split;
use crate::loyalty::tiers::Why;
use crate::money::Money;
pub use refusal::{Refusal, RefusalCode};

/// One thing that happened to an account, in the order in which it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Something was bought: what was to be paid.
    Bought(Money),
    /// A purchase was awarded points: what the rules wanted, what caps left of it.
    Awarded {
        wanted: i64,
        points: i64,
        rules: RuleSet,
    },
    /// A trigger gave points on an occasion; by its place in the program, where it is still known.
    Occasion {
        points: i64,
        trigger: Option<u8>,
    },
    /// Points for introducing someone, or a `welcome` for being introduced: what the program gives, what its limit left of it.
    Introduced {
        wanted: i64,
        points: i64,
        welcome: bool,
    },
    DebtPaid(i64),
    Spent(i64),
    Given(i64),
    Received(i64),
    Adjusted(i64),
    /// Points that had paid for something came back.
    Restored(i64),
    /// Taken back for a return, with what became debt.
    TakenBack(i64),
    /// The award's own points had lapsed already; they count as taken back.
    LapsedCounted(i64),
    Forgiven(i64),
    /// What somebody else of the household bought counts for so much more, or gave back for so much less.
    Shared(Money),
    /// What was not there became debt.
    Owed(i64),
    Lapsed {
        points: i64,
        lot: LotTag,
    },
    Tier {
        from: u8,
        to: u8,
        why: Why,
    },
    /// What became of a coupon; the fact that issued it.
    Coupon {
        coupon: FactNo,
        what: CouponMove,
        left: CouponLeft,
    },
    /// What became of stored value, as principal and bonus.
    Value(ValueMove, Split),
    /// Of a refund, what goes back by a top-up.
    RefundedTo {
        top_up: FactNo,
        amount: i64,
    },
    /// A tier was bought for a term, by its place.
    TierBought {
        tier: u8,
        first: Day,
        last: Day,
    },
    /// Money that was paid for a reward, beside points.
    PaidBeside(Money),
    /// What became of the deposits of an order.
    Deposit {
        order: FactNo,
        what: DepositMove,
        amount: Money,
    },
    Flagged(Flag),
}

/// What is left of a coupon: uses, through its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CouponLeft {
    pub(crate) uses: i64,
    pub(crate) last: Option<Day>,
}

impl CouponLeft {
    pub(crate) fn lapsed_on(self, day: Day) -> bool {
        self.last.is_some_and(|last| last < day)
    }
}

/// What becomes of a coupon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CouponMove {
    Issued,
    Used,
    GivenBack,
    Voided,
    /// It is somebody else's from now on.
    Transferred,
    /// It was somebody else's.
    Received,
    /// For one purchase or order.
    Held,
    Released,
}

impl CouponMove {
    pub(crate) fn word(self) -> &'static str {
        match self {
            CouponMove::Issued => "issued",
            CouponMove::Used => "used",
            CouponMove::GivenBack => "given_back",
            CouponMove::Voided => "voided",
            CouponMove::Transferred => "transferred",
            CouponMove::Received => "received",
            CouponMove::Held => "held",
            CouponMove::Released => "released",
        }
    }
}

/// What becomes of the deposits of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DepositMove {
    Paid,
    Used,
    /// The order was called off: to the customer.
    GivenBack,
    /// And what of it the shop keeps.
    Kept,
}

impl DepositMove {
    pub(crate) fn word(self) -> &'static str {
        match self {
            DepositMove::Paid => "paid",
            DepositMove::Used => "used",
            DepositMove::GivenBack => "given_back",
            DepositMove::Kept => "kept",
        }
    }
}

/// What becomes of stored value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueMove {
    ToppedUp,
    Spent,
    /// What a purchase had been paid with came back.
    Restored,
    Refunded,
    /// With a refund: bonus that is no longer earned, of principal where it was spent.
    TakenBack,
    Transferred,
    Received,
    Lapsed,
    /// What was not there became debt.
    Owed,
    Frozen,
    Released,
}

impl ValueMove {
    pub(crate) fn word(self) -> &'static str {
        match self {
            ValueMove::ToppedUp => "topped_up",
            ValueMove::Spent => "spent",
            ValueMove::Restored => "restored",
            ValueMove::Refunded => "refunded",
            ValueMove::TakenBack => "taken_back",
            ValueMove::Transferred => "transferred",
            ValueMove::Received => "received",
            ValueMove::Lapsed => "lapsed",
            ValueMove::Owed => "owed",
            ValueMove::Frozen => "frozen",
            ValueMove::Released => "released",
        }
    }
}

/// Something that `record` would have refused, and the facts in conflict (semantics 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Flag {
    pub(crate) code: RefusalCode,
    pub(crate) fact: FactNo,
    pub(crate) other: Option<FactNo>,
}

/// Who watches a fold: nobody, an outcome, a tally by month.
pub(crate) trait Witness {
    fn see(&mut self, day: Day, fact: Option<FactNo>, entry: Entry);
}

/// Nobody watches.
pub(crate) struct Nobody;

impl Witness for Nobody {
    fn see(&mut self, _: Day, _: Option<FactNo>, _: Entry) {}
}

/// What was seen, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) entries: Vec<(Day, Option<FactNo>, Entry)>,
}

impl Witness for Seen {
    fn see(&mut self, day: Day, fact: Option<FactNo>, entry: Entry) {
        self.entries.push((day, fact, entry));
    }
}
