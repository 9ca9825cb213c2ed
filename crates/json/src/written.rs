//! Facts as they are written, for the schema alone: the core reads them itself, and says more when something is wrong.
//!
//! That these are the keys that are read is held by a test: every fact of the documentation and of the scenarios fits, and what the
//! core finds an unknown or missing key in does not.
#![expect(dead_code, reason = "types whose schema is wanted")]

use crate::request::{FactText, Facts, ProgramText, PurchaseText};
use parure::calendar::{Day, Moment};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::collections::BTreeMap;

macro_rules! text {
    ($($(#[doc = $doc:literal])+ $name:ident = $schema:tt;)+) => { $(
        $(#[doc = $doc])+
        struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+ };
}

text! {
    /// An id or a name.
    Name = {
        "description": "1 to 64 bytes of UTF-8, without control characters and without space around them",
        "type": "string", "minLength": 1, "maxLength": 64
    };
    /// An amount.
    Amount = {
        "description": "money as text, `\"12800.00\"`, or as a whole number; never a binary fraction",
        "type": ["string", "integer"], "pattern": r"^(0|[1-9]\d*)(\.\d+)?$", "minimum": 0
    };
    /// A quantity.
    Amounted = {
        "description": "pieces, grams, carats: up to 6 digits after the point, as text or as a whole number",
        "type": ["string", "integer"], "pattern": r"^(0|[1-9]\d*)(\.\d{1,6})?$", "minimum": 0
    };
    /// Points.
    Points = { "type": "integer", "minimum": 1, "maximum": 1_000_000_000_000_i64 };
    /// Points, more or fewer.
    PointsByHand = {
        "type": "integer", "minimum": -1_000_000_000_000_i64, "maximum": 1_000_000_000_000_i64, "not": { "const": 0 }
    };
    /// Points of an award.
    PointsAwarded = { "type": "integer", "minimum": 0, "maximum": 1_000_000_000_000_i64 };
    /// Points that a return took of an award.
    PointsOff = { "type": "integer", "minimum": -1_000_000_000_000_i64, "maximum": 1_000_000_000_000_i64 };
    /// What is left of an id.
    Trace = { "description": "a SHA-256 hash", "type": "string", "pattern": "^[0-9a-f]{64}$" };
    /// Why something was done by hand.
    Reason = { "type": "string", "minLength": 1, "maxLength": 1024 };
    /// A birthday.
    Birthday = {
        "description": "`1990-05-20`, or `05-20` where the year is not known; by the Chinese calendar {\"lunar\": \"08-15\"}",
        "oneOf": [
            { "type": "string", "pattern": r"^(\d{4}-)?\d{2}-\d{2}$" },
            {
                "type": "object", "additionalProperties": false, "required": ["lunar"],
                "properties": {
                    "lunar": { "type": "string", "pattern": r"^(\d{4}-)?\d{2}-\d{2}$" }, "leap": { "type": "boolean" }
                }
            }
        ]
    };
    /// A program.
    Program = {
        "description": "the text of a program as TOML or JSON, or the JSON itself (program.schema.json)",
        "type": ["string", "object"]
    };
}

/// Something that happened.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Fact {
    /// Unique for all time, chosen where it was observed.
    id: Name,
    /// When it happened.
    at: Moment,
    /// Whom it happened to; not for `adopted`.
    #[schemars(default)]
    customer: Option<Name>,
    /// Where.
    store: Option<Name>,
    /// By whom it was seen.
    staff: Option<Name>,
    /// On which till.
    terminal: Option<Name>,
    #[schemars(flatten)]
    what: What,
}

/// What happened: exactly one of these.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum What {
    /// Someone joined.
    Joined(Profile),
    /// Their profile is another now; what it does not say stays.
    ProfileChanged(Profile),
    /// Someone bought.
    Purchased(Purchase),
    /// Someone gave back.
    Returned(Returned),
    /// Points by hand.
    Adjusted(Adjusted),
    /// Points for someone else.
    Given(Given),
    /// Points spent on a reward.
    Redeemed(Redeemed),
    /// A redemption taken back.
    RedemptionReversed(RedemptionReversed),
    /// A tier by hand.
    TierGranted(TierGranted),
    /// The customer is the same person as another.
    Merged(Merged),
    /// A merge taken back.
    Unmerged(Unmerged),
    /// A person is forgotten.
    Erased(Erased),
    /// A version of the program for all.
    Adopted(Adopted),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Profile {
    birthday: Option<Birthday>,
    /// Instead of those told before.
    #[schemars(length(max = 100))]
    tags: Option<Vec<Name>>,
}

/// A basket.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Purchase {
    #[schemars(length(min = 1, max = 1000))]
    lines: Vec<Line>,
    /// Taken off the whole.
    discount: Option<Amount>,
    /// How it was paid: together what is to be paid.
    #[schemars(length(max = 32))]
    tenders: Option<Vec<Tender>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Line {
    /// Its own within the purchase.
    id: Name,
    item: Option<Name>,
    category: Option<Name>,
    quantity: Option<Amounted>,
    /// After the line's own discount, tax included.
    amount: Amount,
    /// Named parts of the amount.
    #[schemars(extend("maxProperties" = 16))]
    components: Option<BTreeMap<String, Amount>>,
}

/// `{"card": "12300.00"}` or `{"points": 10000, "amount": "500.00"}`.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Tender {
    Points(PointsTender),
    Money(MoneyTender),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct PointsTender {
    points: Points,
    amount: Amount,
}

struct MoneyTender;

impl JsonSchema for MoneyTender {
    fn schema_name() -> Cow<'static, str> {
        "MoneyTender".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let amount = generator.subschema_for::<Amount>();
        json_schema!({
            "description": "a way of paying, by the shop's own name, and its amount",
            "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": amount,
            "propertyNames": { "not": { "enum": ["points", "amount"] } }
        })
    }
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Returned {
    /// The id of the fact that purchased it.
    purchase: Name,
    #[schemars(length(min = 1, max = 1000))]
    lines: Vec<ReturnedLine>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ReturnedLine {
    id: Name,
    quantity: Amounted,
    amount: Amount,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Adjusted {
    points: PointsByHand,
    reason: Reason,
    last_day: Option<Day>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Given {
    to: Name,
    points: Points,
    #[schemars(length(max = 10000))]
    lots: Option<Vec<GivenLot>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct GivenLot {
    points: Points,
    first_day: Day,
    last_day: Option<Day>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Redeemed {
    points: Points,
    /// The shop's own name of it.
    reward: Name,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RedemptionReversed {
    /// The id of the fact that redeemed.
    redemption: Name,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct TierGranted {
    tier: Name,
    reason: Reason,
    last_day: Day,
}

#[derive(JsonSchema)]
#[schemars(rename = "MergedInto", deny_unknown_fields)]
struct Merged {
    into: Name,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Unmerged {
    /// The id of the fact that merged them.
    merge: Name,
}

/// As it is asked for, or as a book fills it in: `customer` is then the alias.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Erased {
    Asked(ErasureAsked),
    Done(ErasureDone),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ErasureAsked {
    /// What the account goes by from now on: it must say nothing.
    #[schemars(length(max = 56))]
    alias: Name,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ErasureDone {
    /// The hashes of the ids that were forgotten.
    #[schemars(length(min = 1, max = 10_000))]
    of: Vec<Trace>,
    /// What their purchases had been awarded.
    #[schemars(length(max = 10_000))]
    awards: Vec<Award>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Award {
    purchase: Name,
    points: PointsAwarded,
    /// Before caps, where they cut it.
    wanted: Option<PointsAwarded>,
    /// What it counts for towards tiers.
    spend: Amount,
    #[schemars(length(max = 10_000))]
    returns: Option<Vec<AwardLeft>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct AwardLeft {
    r#return: Name,
    points: PointsOff,
    spend: Amount,
    amount: Amount,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Adopted {
    program: Program,
}

macro_rules! stands_for {
    ($($carrier:ty = $written:ty;)+) => { $(
        impl JsonSchema for $carrier {
            fn schema_name() -> Cow<'static, str> {
                <$written>::schema_name()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                generator.subschema_for::<$written>()
            }
        }
    )+ };
}

stands_for! {
    FactText<'_> = Fact;
    Facts<'_> = Vec<Fact>;
    PurchaseText<'_> = Purchase;
    ProgramText<'_> = Program;
}

/// A fact in an answer: the definition is the one of requests.
pub(crate) fn fact_or_null(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "oneOf": [{ "$ref": "#/$defs/Fact" }, { "type": "null" }] })
}
