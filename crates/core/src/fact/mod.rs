//! What can happen, read strictly: a [`Fact`] that exists is well formed (semantics 1.1, 4.1, 6.1).

mod amounts;
mod checks;
mod make;
mod parts;
mod purchase;
mod read;
mod text;
mod write;

use crate::calendar::{Anniversary, Day, Moment};
use crate::money::Money;
pub(crate) use amounts::QUANTITY_DIGITS;
pub use amounts::Quantity;
pub(crate) use checks::within;
pub use checks::{MOST_GIVEN_LOTS, MOST_TAGS, REASON_BYTES};
pub use purchase::{MOST_COMPONENTS, MOST_LINES, MOST_TENDERS};
pub use read::FACT_BYTES;
use serde::{Deserialize, Serialize};
pub use text::Text;

/// Something that happened in the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Fact<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) at: Moment,
    pub(crate) store: Option<Text<'a>>,
    pub(crate) staff: Option<Text<'a>>,
    pub(crate) terminal: Option<Text<'a>>,
    pub(crate) body: Body<'a>,
}

/// What happened. The name of each kind is the key its content stands under in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
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
        reason: Text<'a>,
        last_day: Option<Day>,
    },
    Given {
        customer: Text<'a>,
        to: Text<'a>,
        points: i64,
        lots: Vec<GivenLot>,
    },
    Redeemed {
        customer: Text<'a>,
        points: i64,
        reward: Text<'a>,
    },
    RedemptionReversed {
        customer: Text<'a>,
        redemption: Text<'a>,
    },
    TierGranted {
        customer: Text<'a>,
        tier: Text<'a>,
        reason: Text<'a>,
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
    /// `program` is the program as it was written; it was checked when the fact was read.
    Adopted {
        program: Text<'a>,
    },
}

/// What is told of a person. Each field that is `None` says nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Profile<'a> {
    pub(crate) birthday: Option<Anniversary>,
    pub(crate) tags: Option<Vec<Text<'a>>>,
}

/// Lines, what was taken off the whole, and how it was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Purchase<'a> {
    pub(crate) lines: Vec<Line<'a>>,
    pub(crate) discount: Money,
    pub(crate) tenders: Vec<Tender<'a>>,
}

/// One line of a basket: what was bought, how much of it, and the amount after the line's own discount, tax included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Line<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) item: Text<'a>,
    pub(crate) category: Text<'a>,
    pub(crate) quantity: Quantity,
    pub(crate) amount: Money,
    pub(crate) components: Vec<Component<'a>>,
}

/// A named part of a line's amount: metal, stone, labour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Component<'a> {
    pub(crate) name: Text<'a>,
    pub(crate) amount: Money,
}

/// One way in which a part was paid. `points` is how many were spent, for the tender `points` only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Tender<'a> {
    pub(crate) kind: Text<'a>,
    pub(crate) amount: Money,
    pub(crate) points: i64,
}

/// What of a line is given back, in the line's own terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct ReturnedLine<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) quantity: Quantity,
    pub(crate) amount: Money,
}

/// Points that change hands, with the days they keep (semantics 8.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenLot {
    pub(crate) points: i64,
    pub(crate) first_day: Day,
    pub(crate) last_day: Option<Day>,
}
