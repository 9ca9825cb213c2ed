//! Facts as they are written, for the schema alone: the core reads them itself, and says more when something is wrong.
//!
//! That these are the keys that are read is held by a test: every fact of the documentation and of the scenarios fits, and what the
//! core finds an unknown or missing key in does not.
#![expect(dead_code, reason = "types whose schema is wanted")]

use crate::request::{FactText, Facts, Kinds, ProgramText, PurchaseText};
use parure::calendar::{Day, Moment};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;
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
    /// A text of somebody's.
    Line = {
        "description": "up to 512 bytes of UTF-8, without control characters but ends of lines, and without space around it",
        "type": "string", "minLength": 1, "maxLength": 512
    };
    /// A longer text.
    Note = {
        "description": "up to 4,096 bytes of UTF-8, without space around it",
        "type": "string", "minLength": 1, "maxLength": 4096
    };
    /// A phone number.
    PhoneNumber = {
        "description": "with its country, `+86 138 0013 8000`; kept as E.164, `+8613800138000`",
        "type": "string", "maxLength": 64, "pattern": r"^\s*[+＋]"
    };
    /// An e-mail address.
    Email = { "type": "string", "maxLength": 512, "pattern": r"^[^@\s]+@[^@\s]+$" };
    /// A size.
    Size = {
        "description": "of a ring `HK 14`, `US 6.5`, `UK L½`, `EU 54`, `JP 12`, `16.5 mm across`, `52 mm around`; of a chain or a wrist `45 cm`",
        "type": "string", "maxLength": 64,
        "pattern": r"^((HK|CN|US|EU|JP) \d{1,3}(\.\d{1,2})?|UK [A-Z](½| ?1/2)?|\d{1,3}(\.\d{1,2})? (mm across|mm around|cm|mm))$"
    };
    /// A value of a field of the program's own.
    CustomValue = {
        "description": "as the program's field holds it: text, a whole number, true or false; amounts, exact numbers and days as text",
        "type": ["string", "integer", "boolean"]
    };
    /// A kind of fact.
    KindOfFact = { "description": "the key that says in a fact what happened", "type": "string" };
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
    /// Of a purchase or a redemption, the points of others of the household that it is paid with. A book fills them in.
    #[schemars(length(max = 64))]
    drawn: Option<Vec<Drawn>>,
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
    /// A reward that was redeemed was handed over.
    HandedOver(HandedOver),
    /// A redemption taken back.
    RedemptionReversed(RedemptionReversed),
    /// A tier by hand.
    TierGranted(TierGranted),
    /// The customer is the same person as another.
    Merged(Merged),
    /// A merge taken back.
    Unmerged(Unmerged),
    /// Someone shares points with a household.
    HouseholdJoined(HouseholdJoined),
    /// Someone shares them no longer.
    HouseholdLeft(HouseholdLeft),
    /// One of the program's coupons is theirs: the fact's id is the coupon's.
    Issued(Issued),
    /// A coupon is taken back.
    Voided(Voided),
    /// A coupon is someone else's from now on; it goes by the fact's id.
    CouponTransferred(CouponTransferred),
    /// Until an instant nothing but one purchase is paid with a coupon.
    CouponHeld(CouponHeld),
    /// It is held no more.
    CouponReleased(CouponReleased),
    /// The shop does something for them, so often.
    BenefitGranted(BenefitGranted),
    /// It was done.
    BenefitUsed(BenefitUsed),
    /// It was not: it can be had again.
    BenefitReversed(BenefitReversed),
    /// Money was paid in, to be spent later.
    ToppedUp(ToppedUp),
    /// Stored value was paid back.
    ValueRefunded(ValueRefunded),
    /// Stored value is someone else's from now on.
    ValueTransferred(ValueTransferred),
    /// Nothing is paid, transferred or refunded in the name of this id.
    ValueFrozen(ByHand),
    /// It is again.
    ValueReleased(ByHand),
    /// A piece is made to order; the fact's id is the order's.
    Ordered(Ordered),
    /// More was paid beforehand for an order.
    DepositPaid(DepositPaid),
    /// An order was called off.
    OrderCancelled(OrderCancelled),
    /// Whether they may be written to.
    Consented(Consented),
    /// Someone came in.
    Visited(Noted),
    /// Someone spoke or wrote.
    Talked(Talked),
    /// A piece was taken care of.
    Serviced(Serviced),
    /// Someone wishes for something.
    Wished(Wished),
    /// Someone was not content, or is now.
    Complained(Complained),
    /// Someone said how it was.
    Reviewed(Reviewed),
    /// Something to remember.
    Noted(Noted),
    /// What became of an occasion that the agenda named.
    Reported(Reported),
    /// A person is forgotten.
    Erased(Erased),
    /// A version of the program for all.
    Adopted(Adopted),
}

/// What is told of a person.
struct Profile;

impl JsonSchema for Profile {
    fn schema_name() -> Cow<'static, str> {
        "Profile".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let name = generator.subschema_for::<Name>();
        let (line, note) = (generator.subschema_for::<Line>(), generator.subschema_for::<Note>());
        let date = generator.subschema_for::<Birthday>();
        let set = |of: &Schema| {
            let list = json!({ "type": "array", "maxItems": 100, "items": of });
            json!({
                "description": "a list instead of all that was told before; or what comes in and what goes out",
                "anyOf": [list, {
                    "type": "object", "additionalProperties": false, "properties": { "add": list, "remove": list }
                }]
            })
        };
        let entries = |of: &Schema| {
            json!({
                "description": "by name; each by itself counts as it was told last",
                "type": "object", "maxProperties": 100, "additionalProperties": of
            })
        };
        let names = set(&name);
        let lines = set(&line);
        json_schema!({
            "description": "What is told of a person.",
            "type": "object", "additionalProperties": false,
            "properties": {
                "addresses": entries(&line),
                "allergies": lines,
                "birthday": date,
                "brands": names,
                "budget": generator.subschema_for::<Budget>(),
                "cards": names,
                "custom": entries(&generator.subschema_for::<CustomValue>()),
                "dates": entries(&date),
                "emails": set(&generator.subschema_for::<Email>()),
                "family": line,
                "former_names": lines,
                "forget": {
                    "description": "what is taken back: fields, or entries such as `dates.wedding`",
                    "type": "array", "maxItems": 100, "items": { "type": "string", "maxLength": 128 }
                },
                "gender": { "enum": ["female", "male", "other"] },
                "given": line,
                "introduced_by": name,
                "metals": names,
                "motifs": names,
                "name": line,
                "notes": note,
                "occasions": names,
                "other_names": lines,
                "phones": set(&generator.subschema_for::<PhoneNumber>()),
                "relations": entries(&generator.subschema_for::<Relation>()),
                "sizes": entries(&generator.subschema_for::<Size>()),
                "source": line,
                "stones": names,
                "styles": names,
                "tags": names,
                "time_zone": { "type": "string", "maxLength": 64, "description": "an IANA time zone, such as `Europe/Paris`" },
                "wechat": line,
            }
        })
    }
}

/// From how much, up to how much: at least one of both.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
struct Budget {
    least: Option<Amount>,
    most: Option<Amount>,
}

/// Another customer, or someone who is none.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Relation {
    /// `spouse`, `child`, `mother`: a name of the shop's own.
    kind: Name,
    /// Their id; the rest is then in their own profile.
    customer: Option<Name>,
    name: Option<Line>,
    birthday: Option<Birthday>,
    #[schemars(extend("maxProperties" = 100))]
    dates: Option<BTreeMap<String, Birthday>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Consented {
    /// `wechat`, `sms`, `e-mail`, `phone`: a name of the shop's own.
    channel: Name,
    /// What for.
    purpose: Name,
    /// Given, or withdrawn.
    given: bool,
    /// The version of the text that was agreed to.
    text: Option<Name>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Noted {
    text: Option<Note>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Reported {
    /// The trigger's id.
    trigger: Name,
    /// Which of its occasions, as the agenda tells it.
    occasion: Name,
    /// What became of it.
    r#as: Became,
    /// By which channel.
    by: Option<Name>,
    /// Of what is put off: until when.
    until: Option<Day>,
}

/// What can become of an occasion.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Became {
    Sent,
    Failed,
    Opened,
    Clicked,
    Done,
    PutOff,
    Declined,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Talked {
    channel: Option<Name>,
    direction: Option<Direction>,
    text: Option<Note>,
}

/// The customer to the shop, or the shop to the customer.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Direction {
    In,
    Out,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Serviced {
    /// What is done.
    service: Option<Line>,
    item: Option<Name>,
    /// The serial number.
    piece: Option<Name>,
    /// How far it has come.
    state: Option<ServiceState>,
    /// The fact that began it.
    of: Option<Name>,
    text: Option<Note>,
}

/// How far a service has come.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum ServiceState {
    Received,
    InWork,
    Ready,
    HandedOver,
    CalledOff,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Wished {
    item: Option<Name>,
    category: Option<Name>,
    budget: Option<Budget>,
    text: Option<Note>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Complained {
    item: Option<Name>,
    piece: Option<Name>,
    purchase: Option<Name>,
    /// The fact that complained first.
    of: Option<Name>,
    /// It is settled.
    resolved: Option<bool>,
    text: Option<Note>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Reviewed {
    item: Option<Name>,
    purchase: Option<Name>,
    #[schemars(range(max = 10))]
    score: Option<u8>,
    text: Option<Note>,
}

/// A basket.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Purchase {
    #[schemars(length(min = 1, max = 1000))]
    lines: Vec<BoughtLine>,
    /// Taken off the whole.
    discount: Option<Amount>,
    /// How it was paid: together what is to be paid.
    #[schemars(length(max = 32))]
    tenders: Option<Vec<Tender>>,
}

#[derive(JsonSchema)]
#[schemars(rename = "PurchaseLine", deny_unknown_fields, extend("anyOf" = [{ "required": ["amount"] }, { "required": ["price"] }]))]
struct BoughtLine {
    /// Its own within the purchase.
    id: Name,
    item: Option<Name>,
    category: Option<Name>,
    /// The serial number of the very piece.
    piece: Option<Name>,
    /// Values of the fields that the program declares for pieces, by their ids.
    #[schemars(extend("maxProperties" = 16))]
    custom: Option<BTreeMap<String, CustomValue>>,
    quantity: Option<Amounted>,
    /// After the line's own discount, tax included. Of a line by weight, what its components add up to unless it is told.
    amount: Option<Amount>,
    /// Named parts of the amount.
    #[schemars(extend("maxProperties" = 16))]
    components: Option<BTreeMap<String, Amount>>,
    /// Of a line by weight, what one unit of the quantity costs: the component `metal` is that, and need not be told.
    price: Option<Amount>,
}

/// `{"card": "12300.00"}`, `{"points": 10000, "amount": "500.00"}`, `{"coupon": "k-1", "amount": "500.00"}`,
/// `{"deposit": "3000.00", "order": "o-1"}` or `{"trade_in": "3923.92", "weight": "5.20", "price": "770.00", "loss": "2%"}`.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Tender {
    Points(PointsTender),
    Coupon(CouponTender),
    TradeIn(TradeInTender),
    Deposit(DepositTender),
    Money(MoneyTender),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct PointsTender {
    points: Points,
    amount: Amount,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct CouponTender {
    /// A coupon of the customer's, by its id.
    coupon: Name,
    amount: Amount,
}

/// Old metal that is taken in payment, for its weight × its price, less the share that is lost.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct TradeInTender {
    trade_in: Amount,
    weight: Amounted,
    price: Amount,
    #[schemars(regex(pattern = r"^(0|[1-9][0-9]?|100)(\.[0-9]{1,2})?%$"))]
    loss: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct DepositTender {
    deposit: Amount,
    /// The order whose deposit it is, by its id.
    order: Name,
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
    /// Money that was paid beside the points.
    amount: Option<Amount>,
    /// Its id in the program, or the shop's own name of it where the program lists no rewards.
    reward: Name,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct HandedOver {
    /// The id of the fact that redeemed.
    redemption: Name,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RedemptionReversed {
    /// The id of the fact that redeemed.
    redemption: Name,
    /// Whether the reward had been handed over, and has come back.
    returned: Option<bool>,
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

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct HouseholdJoined {
    household: Name,
    /// Whether they may spend what the others have. Unless written, they may.
    may_spend: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct HouseholdLeft {}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Issued {
    /// A coupon of the program's, by its id there.
    coupon: Name,
    /// Instead of the last day that the program says.
    last_day: Option<Day>,
    /// Whether the customer is a code, or a card: it is theirs who know it.
    card: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Voided {
    /// The id of the fact that issued it.
    coupon: Name,
    reason: Reason,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct CouponTransferred {
    /// The id of the fact that issued it, or by which it was transferred before.
    coupon: Name,
    /// Whose it is from then on.
    to: Name,
    /// What it is. Recorded without it, it is filled in.
    terms: Option<CouponTerms>,
    /// Whether `to` is a code or a card, which is opened where it is not known.
    card: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct CouponTerms {
    /// A coupon of the program's, by its id there.
    of: Name,
    /// The day on which it was issued: it is what the program of that day says.
    issued: Day,
    first_day: Day,
    last_day: Option<Day>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct CouponHeld {
    /// The id of the fact that issued it.
    coupon: Name,
    /// The id that the purchase will have, or of the order whose delivery it is for.
    r#for: Name,
    until: Moment,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct CouponReleased {
    /// The id of the fact that issued it.
    coupon: Name,
    /// What it is held for.
    r#for: Name,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct BenefitGranted {
    /// A benefit of the program's, by its id there.
    benefit: Name,
    /// How often. Unless written, once.
    #[schemars(range(min = 1, max = 1000))]
    times: Option<u32>,
    reason: Reason,
    /// Instead of the last day that the program says.
    last_day: Option<Day>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct BenefitUsed {
    benefit: Name,
    /// Where it is had by a piece, the purchase that brought it along, and the line of it.
    purchase: Option<Name>,
    line: Option<Name>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct BenefitReversed {
    /// The id of the fact that told of it.
    r#use: Name,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Ordered {
    /// What is made, by the shop's name for it.
    item: Option<Name>,
    /// The price that was agreed.
    amount: Amount,
    /// What of it was paid beforehand.
    deposit: Option<Amount>,
    /// By which means.
    source: Option<Name>,
    /// The day on which it is to be ready.
    ready: Option<Day>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct DepositPaid {
    /// The id of the fact that ordered it.
    order: Name,
    amount: Amount,
    /// By which means.
    source: Option<Name>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct OrderCancelled {
    /// The id of the fact that ordered it.
    order: Name,
    /// What of the deposits the shop keeps.
    kept: Option<Amount>,
    /// What goes back to the customer. A book fills it in.
    given_back: Option<Amount>,
    reason: Reason,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ToppedUp {
    /// What was paid in. `0` only with a bonus.
    amount: Amount,
    /// By which means: a refund goes back to it.
    source: Option<Name>,
    /// What is given on top. Unless written, what the program's steps say.
    bonus: Option<Amount>,
    /// The last day of a bonus that is written, instead of the program's.
    last_day: Option<Day>,
    /// Whether the customer's id is the code of a card, whose value belongs to whoever holds it.
    card: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ValueRefunded {
    amount: Amount,
    /// Of one top-up, by the id of its fact. Unless written, of the latest first.
    top_up: Option<Name>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ValueTransferred {
    /// Whose it is from then on.
    to: Name,
    amount: Amount,
    /// What of it is principal and what bonus. Recorded without them, they are filled in.
    #[schemars(length(max = 10_000))]
    parts: Option<Vec<ValuePart>>,
    /// Whether `to` is the code of a card, which is opened where it is not known.
    card: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ValuePart {
    amount: Amount,
    /// Whether it is bonus.
    bonus: Option<bool>,
    /// The last day of bonus.
    last_day: Option<Day>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ByHand {
    reason: Reason,
}

/// Points of someone else.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Drawn {
    customer: Name,
    #[schemars(length(min = 1, max = 10_000))]
    lots: Vec<GivenLot>,
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
    /// The first purchases for which whoever had introduced them was given points.
    #[schemars(length(max = 10_000))]
    introduced: Option<Vec<Introduced>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Introduced {
    purchase: Name,
    by: Name,
    /// The fact that had told so.
    told: Name,
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
    /// Of an occasion, the coupon that it gave, by its id in the program.
    coupon: Option<Name>,
    /// The same of a benefit.
    benefit: Option<Name>,
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
    Kinds = Vec<KindOfFact>;
}

/// A fact in an answer: the definition is the one of requests.
pub(crate) fn fact_or_null(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "oneOf": [{ "$ref": "#/$defs/Fact" }, { "type": "null" }] })
}
