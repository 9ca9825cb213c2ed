//! The strict reading of facts from JSON: unknown or repeated keys, floats for money, too many digits and naive times are faults
//! that say where.

use super::checks::{self, MOST_ERASED_AWARDS, MOST_GIVEN_LOTS, MOST_OF_A_HOUSEHOLD, REASON_BYTES, within};
use super::erasure::{self, Award, AwardLeft, Erasure, Introduced, Trace};
use super::metal::{METAL, OldMetal, TRADE_IN, WHOLE};
use super::piece::{MOST_FIELDS, Piece};
use super::purchase::{MOST_COMPONENTS, MOST_LINES, MOST_TENDERS, not_negative};
use super::{
    BenefitGrant, Body, Component, CouponAct, Drawn, Fact, GivenLot, Line, OrderAct, PaidWith, Private,
    Profile, Purchase, Quantity, ReturnedLine, Settlement, Tender, Text, ValueAct,
};
use crate::calendar::Day;
use crate::customer::consent::Consent;
use crate::customer::encounter::{Encounter, Kind};
use crate::customer::field::custom_fields;
use crate::document::{Document, Keys, Mark, NAME_BYTES, Spot, Value};
use crate::fault::Fault;
use crate::money::{Currency, Money, fixed_point, shorten};
use crate::points::POINTS_LIMIT;
use crate::program::Program;

/// Bytes of a fact in JSON.
///
/// ```
/// let yuan = parure::money::Currency::parse("CNY")?;
/// let text = " ".repeat(parure::fact::FACT_BYTES + 1);
/// assert_eq!(parure::fact::Fact::from_json(&text, yuan).unwrap_err().code, "too_large");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const FACT_BYTES: usize = 4 << 20;

const KEYS: [&str; 48] = [
    "id",
    "at",
    "customer",
    "store",
    "staff",
    "terminal",
    "drawn",
    "joined",
    "profile_changed",
    "purchased",
    "returned",
    "adjusted",
    "given",
    "redeemed",
    "handed_over",
    "redemption_reversed",
    "tier_granted",
    "merged",
    "unmerged",
    "household_joined",
    "household_left",
    "issued",
    "voided",
    "coupon_transferred",
    "coupon_held",
    "coupon_released",
    "benefit_granted",
    "benefit_used",
    "benefit_reversed",
    "topped_up",
    "value_refunded",
    "value_transferred",
    "value_frozen",
    "value_released",
    "ordered",
    "deposit_paid",
    "order_cancelled",
    "consented",
    "visited",
    "talked",
    "serviced",
    "wished",
    "complained",
    "reviewed",
    "noted",
    "reported",
    "erased",
    "adopted",
];

/// The keys that say what happened.
///
/// ```
/// assert!(parure::fact::KINDS.contains(&"purchased"));
/// ```
// Those after `drawn`.
pub const KINDS: &[&str] = KEYS.split_at(7).1;

impl<'a> Fact<'a> {
    /// Reads one fact. Amounts are in `currency`, the program's.
    ///
    /// ```
    /// use parure::fact::Fact;
    /// use parure::money::Currency;
    /// let yuan = Currency::parse("CNY")?;
    /// let json = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{"birthday":{"lunar":"08-15"}}}"#;
    /// assert_eq!(Fact::from_json(json, yuan)?.id(), "j-1");
    ///
    /// let naive = Fact::from_json(r#"{"id":"j-1","at":"2026-01-01T10:00:00","customer":"c-1","joined":{}}"#, yuan);
    /// let fault = naive.unwrap_err();
    /// assert_eq!((fault.code, fault.path.as_str()), ("naive_time", "at"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// The first fault of the text, with its path, line and column.
    pub fn from_json(text: &'a str, currency: Currency) -> Result<Fact<'a>, Fault> {
        let document = Document::json(text, FACT_BYTES).map_err(first)?;
        document.read(|root| fact(root, currency)).map_err(first)
    }
}

impl<'a> Purchase<'a> {
    /// Reads a basket by itself, as it stands under `purchased` in a fact. Amounts are in `currency`, the program's.
    ///
    /// ```
    /// use parure::fact::Purchase;
    /// use parure::money::Currency;
    /// let yuan = Currency::parse("CNY")?;
    /// assert!(Purchase::from_json(r#"{"lines":[{"id":"1","amount":"12800.00"}]}"#, yuan).is_ok());
    /// let fault = Purchase::from_json(r#"{"lines":[{"id":"1","amount":12800.5}]}"#, yuan).unwrap_err();
    /// assert_eq!((fault.code, fault.path.as_str()), ("money_float", "lines[0].amount"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// The first fault of the text, with its path, line and column.
    pub fn from_json(text: &'a str, currency: Currency) -> Result<Purchase<'a>, Fault> {
        let document = Document::json(text, FACT_BYTES).map_err(first)?;
        document.read(|root| purchase(root, currency)).map_err(first)
    }
}

pub(super) fn first(mut faults: Vec<Fault>) -> Fault {
    faults.truncate(1);
    faults.pop().unwrap_or_else(|| Fault::new("unreadable", "the text can't be read"))
}

fn fact<'a>(root: Spot<'_, 'a>, currency: Currency) -> Option<Fact<'a>> {
    let keys = root.table(&KEYS)?;
    let id = keys.need("id", text);
    let at = keys.need("at", Spot::moment);
    let store = keys.may("store", text);
    let staff = keys.may("staff", text);
    let terminal = keys.may("terminal", text);
    let body = body(&keys, currency);
    let drawn = keys.may("drawn", |spot| spot.list(MOST_OF_A_HOUSEHOLD, drawn));
    let (store, staff, terminal, drawn) = (store?, staff?, terminal?, drawn?.unwrap_or_default());
    let fact = Fact { id: id?, at: at?, store, staff, terminal, body: body?, drawn: None };
    if let Body::Couponed { act, .. } = &fact.body {
        inside(root, act.check_at(fact.at))?;
    }
    if drawn.is_empty() { Some(fact) } else { inside(root, fact.with_drawn(drawn)) }
}

pub(super) fn text<'a>(spot: Spot<'_, 'a>) -> Option<Text<'a>> {
    spot.name().map(Text::from)
}

fn body<'a>(keys: &Keys<'_, 'a>, currency: Currency) -> Option<Body<'a>> {
    let mut written = KINDS.iter().copied().filter(|kind| keys.has(kind));
    let (Some(kind), None) = (written.next(), written.next()) else {
        let fault = Fault::new("one_kind", "a fact says exactly one thing that happened");
        return keys.spot().fault(fault.advise(format!("write one of {}", KINDS.join(", "))));
    };
    let spot = keys.find(kind)?;
    if kind == "adopted" {
        if let Some(customer) = keys.find("customer") {
            return customer
                .fault(Fault::new("unknown_key", "a program is adopted for all, not for a customer"));
        }
        return adopted(spot);
    }
    let customer = keys.need("customer", text)?;
    match kind {
        "joined" => Some(Body::Joined { customer, profile: Profile::read(spot, currency)? }),
        "profile_changed" => Some(Body::ProfileChanged { customer, profile: Profile::read(spot, currency)? }),
        "purchased" => Some(Body::Purchased { customer, purchase: purchase(spot, currency)? }),
        "returned" => returned(spot, customer, currency),
        "adjusted" => adjusted(spot, customer),
        "given" => given(spot, customer),
        "redeemed" => redeemed(spot, customer, currency),
        "handed_over" => {
            let keys = spot.table(&["redemption"])?;
            let redemption = keys.need("redemption", text)?;
            Some(Body::RedemptionSettled { customer, redemption, how: Settlement::HandedOver })
        }
        "redemption_reversed" => {
            let keys = spot.table(&["redemption", "returned"])?;
            let (redemption, returned) = (keys.need("redemption", text), keys.may("returned", Spot::truth));
            let how = Settlement::Reversed { returned: returned?.unwrap_or(false) };
            Some(Body::RedemptionSettled { customer, redemption: redemption?, how })
        }
        "tier_granted" => tier_granted(spot, customer),
        "merged" => {
            let keys = spot.table(&["into"])?;
            Some(Body::Merged { customer, into: keys.need("into", text)? })
        }
        "erased" => erased(spot, customer, currency),
        "household_joined" => {
            let keys = spot.table(&["household", "may_spend"])?;
            let (household, may_spend) = (keys.need("household", text), keys.may("may_spend", Spot::truth));
            Some(Body::HouseholdJoined {
                customer,
                household: household?,
                may_spend: may_spend?.unwrap_or(true),
            })
        }
        "household_left" => spot.table(&[]).map(|_| Body::HouseholdLeft { customer }),
        "issued" => {
            let keys = spot.table(&["coupon", "last_day", "card"])?;
            let (coupon, last_day) = (keys.need("coupon", text), keys.may("last_day", Spot::day));
            let card = keys.may("card", Spot::truth);
            let (coupon, last_day, card) = (coupon?, last_day?, card?.unwrap_or(false));
            Some(Body::Issued { customer, coupon, last_day, card })
        }
        "voided" => {
            let keys = spot.table(&["coupon", "reason"])?;
            let (coupon, reason) = (keys.need("coupon", text), keys.need("reason", reason));
            Some(Body::Voided { customer, coupon: coupon?, reason: reason? })
        }
        "coupon_transferred" | "coupon_held" | "coupon_released" => {
            let act = Box::new(CouponAct::read(kind, spot)?);
            Some(Body::Couponed { customer, act })
        }
        "benefit_granted" => {
            let keys = spot.table(&["benefit", "times", "reason", "last_day"])?;
            let benefit = keys.need("benefit", text);
            let times = keys.may("times", |spot| spot.whole(1..=checks::MOST_TIMES));
            let reason = keys.need("reason", reason);
            let last_day = keys.may("last_day", Spot::day);
            let times = u32::try_from(times?.unwrap_or(1)).unwrap_or(1);
            let (benefit, reason, last_day) = (benefit?, reason?, last_day?);
            let grant = Box::new(BenefitGrant { benefit, times, reason, last_day });
            Some(Body::BenefitGranted { customer, grant })
        }
        "benefit_used" => {
            let keys = spot.table(&["benefit", "purchase", "line"])?;
            let benefit = keys.need("benefit", text);
            let (purchase, line) = (keys.may("purchase", text), keys.may("line", text));
            let (benefit, of) = (benefit?, (purchase?, line?));
            inside(spot, checks::piece_named(of)).map(|of| {
                let of = of.map(Box::new);
                Body::BenefitUsed { customer, benefit, of }
            })
        }
        "benefit_reversed" => {
            let keys = spot.table(&["use"])?;
            Some(Body::BenefitReversed { customer, used: keys.need("use", text)? })
        }
        "topped_up" | "value_refunded" | "value_transferred" | "value_frozen" | "value_released" => {
            let act = Box::new(ValueAct::read(kind, spot, currency)?);
            Some(Body::Valued { customer, act })
        }
        "ordered" | "deposit_paid" | "order_cancelled" => {
            let act = Box::new(OrderAct::read(kind, spot, currency)?);
            Some(Body::Ordered { customer, act })
        }
        "consented" => Some(Body::Consented { customer, consent: Box::new(Consent::read(spot)?) }),
        other => {
            if let Some(kind) = Kind::from_key(other) {
                let encounter = Box::new(Encounter::read(kind, spot, currency)?);
                return Some(Body::Met { customer, encounter });
            }
            let keys = spot.table(&["merge"])?;
            Some(Body::Unmerged { customer, merge: keys.need("merge", text)? })
        }
    }
}

fn adopted<'a>(spot: Spot<'_, 'a>) -> Option<Body<'a>> {
    let keys = spot.table(&["program"])?;
    let program = keys.need("program", |spot| {
        let Value::Text(text) = spot.value() else {
            // Written as JSON in the fact itself: its faults have their own places there.
            return Program::read(spot).map(|_| Text::from(spot.source()));
        };
        match Program::parse("program", text) {
            Ok(_) => Some(Text::from(text.clone())),
            Err(faults) => {
                for fault in &faults {
                    let fault = within(&spot.mark().path, fault.clone());
                    spot.fault_at(&Mark { path: fault.path.clone(), ..spot.mark() }, fault);
                }
                None
            }
        }
    })?;
    Some(Body::Adopted { program })
}

pub(crate) fn purchase<'a>(spot: Spot<'_, 'a>, currency: Currency) -> Option<Purchase<'a>> {
    let keys = spot.table(&["lines", "discount", "tenders"])?;
    let lines = keys.need("lines", |spot| spot.list(MOST_LINES, |line| self::line(line, currency)));
    let discount = keys.may("discount", |spot| spot.money(currency));
    let tenders =
        keys.may("tenders", |spot| spot.list(MOST_TENDERS, |tender| self::tender(tender, currency)));
    let purchase =
        Purchase::new(lines?, discount?.unwrap_or(Money::ZERO), tenders?.unwrap_or_default(), currency);
    inside(spot, purchase)
}

/// What a constructor found, with its path put behind the spot's.
pub(super) fn inside<T>(spot: Spot<'_, '_>, found: Result<T, Fault>) -> Option<T> {
    found.map_or_else(
        |fault| {
            let mark = spot.mark();
            let fault = within(&mark.path, fault);
            spot.fault_at(&Mark { path: fault.path.clone(), ..mark }, fault);
            None
        },
        Some,
    )
}

const LINE_KEYS: &[&str] =
    &["id", "item", "category", "piece", "custom", "quantity", "amount", "components", "price"];

fn line<'a>(spot: Spot<'_, 'a>, currency: Currency) -> Option<Line<'a>> {
    let keys = spot.table(LINE_KEYS)?;
    let id = keys.need("id", text);
    let item = keys.may("item", text);
    let category = keys.may("category", text);
    let piece = keys.may("piece", text);
    let custom = keys.may("custom", |spot| custom_fields(spot, MOST_FIELDS));
    let quantity = keys.may("quantity", Spot::quantity);
    let price = keys.may("price", |spot| spot.money(currency));
    // What the weight and the price make need not be told.
    let by_weight = !matches!(price, Some(None));
    let amount = match by_weight {
        true => keys.may("amount", |spot| spot.money(currency)),
        false => keys.need("amount", |spot| spot.money(currency)).map(Some),
    };
    let components = keys.may("components", |spot| {
        spot.names(MOST_COMPONENTS, |name, amount| {
            Some(Component { name: Text::from(name.clone()), amount: amount.money(currency)? })
        })
    });
    let mut line = Line {
        id: id?,
        item: item?.unwrap_or_else(|| Text::from("")),
        category: category?.unwrap_or_else(|| Text::from("")),
        piece: Piece::told(piece?, custom?.unwrap_or_default()),
        quantity: quantity?.unwrap_or(Quantity::ONE),
        amount: Money::ZERO,
        components: components?.unwrap_or_default(),
        price: price?.map(Box::new),
    };
    if let Some(metal) = line.metal()
        && line.components.iter().all(|part| &*part.name != METAL)
    {
        line.components.push(Component { name: Text::from(METAL), amount: metal });
    }
    line.amount = amount?.unwrap_or_else(|| {
        line.components.iter().fold(Money::ZERO, |sum, component| sum.plus(component.amount))
    });
    Some(line)
}

/// `{"card": "12300.00"}`, `{"points": 10000, "amount": "500.00"}` or `{"coupon": "k-1", "amount": "500.00"}`; `{"coupon": "500.00"}` is one that the
/// program does not know.
fn tender<'a>(spot: Spot<'_, 'a>, currency: Currency) -> Option<Tender<'a>> {
    let mut amount = None;
    let mut points = None;
    let mut coupon = None;
    let mut other = None;
    let mut several = false;
    let (mut weight, mut price, mut loss) = (None, None, None);
    let names_amount = spot.has("amount");
    let is_metal = spot.has(TRADE_IN);
    let (mut order, is_deposit) = (None, spot.has("deposit"));
    spot.names(if is_metal { 4 } else { 2 }, |name, value| {
        match &**name {
            "points" => points = Some(value.whole(1..=POINTS_LIMIT)?),
            "coupon" if names_amount => coupon = Some(text(value)?),
            "amount" => amount = Some(value.money(currency)?),
            "order" if is_deposit => order = Some(text(value)?),
            "weight" if is_metal => weight = Some(value.quantity()?),
            "price" if is_metal => price = Some(value.money(currency)?),
            "loss" if is_metal => loss = Some(self::loss(value)?),
            _ => {
                several |= other.is_some();
                other = Some((Text::from(name.clone()), value.money(currency)?));
            }
        }
        Some(())
    })?;
    let metal = match (weight, price) {
        (Some(weight), Some(price)) => Some(OldMetal::new(weight, price).less(loss.unwrap_or(0))),
        (None, None) if loss.is_none() => None,
        _ => {
            let fault = Fault::new("tender_text", "old metal has a weight and a price");
            return spot.fault(fault.advise(
                "write {\"trade_in\": \"3923.92\", \"weight\": \"5.20\", \"price\": \"770.00\", \"loss\": \"2%\"}",
            ));
        }
    };
    match (points, coupon, amount, other) {
        (Some(points), None, Some(amount), None) => Some(Tender::points(points, amount)),
        (None, Some(coupon), Some(amount), None) => Some(Tender::coupon(coupon, amount)),
        (None, None, None, Some((kind, amount))) if !several => {
            let with = metal.map(PaidWith::Metal).or(order.map(PaidWith::Order));
            Some(Tender { with: with.map(Box::new), ..Tender::new(kind, amount) })
        }
        _ => spot.fault(
            Fault::new("tender_text", "a tender names one way of paying and its amount").advise(
                "write {\"card\": \"12300.00\"}, {\"points\": 10000, \"amount\": \"500.00\"} or {\"coupon\": \"k-1\", \"amount\": \"500.00\"}",
            ),
        ),
    }
}

/// A share that is lost, in hundredths of a percent: `2%`.
fn loss(spot: Spot<'_, '_>) -> Option<u16> {
    let text = spot.text(NAME_BYTES)?;
    let hundredths = text.strip_suffix('%').and_then(|number| fixed_point(number, 2).ok());
    let loss = hundredths.and_then(|hundredths| u16::try_from(hundredths).ok()).filter(|loss| *loss <= WHOLE);
    let wrong = || {
        let message = format!("`{}` is not a share from 0% to 100%", shorten(&text));
        Fault::new("percent_text", message)
            .advise("write a number with at most 2 digits after the point, such as \"2%\"")
    };
    spot.checked(loss.ok_or_else(wrong))
}

fn returned<'a>(spot: Spot<'_, 'a>, customer: Text<'a>, currency: Currency) -> Option<Body<'a>> {
    let keys = spot.table(&["purchase", "lines"])?;
    let purchase = keys.need("purchase", text);
    let lines = keys.need("lines", |spot| {
        spot.list(MOST_LINES, |spot| {
            let keys = spot.table(&["id", "quantity", "amount"])?;
            let id = keys.need("id", text);
            let quantity = keys.need("quantity", Spot::quantity);
            let amount = keys.need("amount", |spot| {
                let amount = spot.money(currency)?;
                spot.checked(not_negative("", amount))?;
                Some(amount)
            });
            Some(ReturnedLine { id: id?, quantity: quantity?, amount: amount? })
        })
    });
    let (purchase, lines) = (purchase?, lines?);
    inside(spot, checks::returned(&lines, currency))?;
    Some(Body::Returned { customer, purchase, lines })
}

fn adjusted<'a>(spot: Spot<'_, 'a>, customer: Text<'a>) -> Option<Body<'a>> {
    let keys = spot.table(&["points", "reason", "last_day"])?;
    let points = keys.need("points", |spot| {
        let bounds = POINTS_LIMIT.saturating_neg()..=POINTS_LIMIT;
        let points = spot.whole(bounds.clone())?;
        spot.checked(checks::points_within(bounds, points))?;
        Some(points)
    });
    let reason = keys.need("reason", reason);
    let last_day = keys.may("last_day", Spot::day);
    Some(Body::Adjusted { customer, points: points?, reason: reason?, last_day: last_day? })
}

pub(super) fn reason<'a>(spot: Spot<'_, 'a>) -> Option<Private<'a>> {
    let reason = spot.text(REASON_BYTES)?;
    spot.checked(checks::reason(&reason))?;
    Some(Private(Text::from(reason)))
}

fn given<'a>(spot: Spot<'_, 'a>, customer: Text<'a>) -> Option<Body<'a>> {
    let keys = spot.table(&["to", "points", "lots"])?;
    let to = keys.need("to", text);
    let points = keys.need("points", |spot| spot.whole(1..=POINTS_LIMIT));
    let lots = keys.may("lots", |spot| spot.list(MOST_GIVEN_LOTS, given_lot));
    let (to, points, lots) = (to?, points?, lots?.unwrap_or_default());
    inside(spot, checks::given(&to, points, &lots))?;
    Some(Body::Given { customer, to, points, lots })
}

fn drawn<'a>(spot: Spot<'_, 'a>) -> Option<Drawn<'a>> {
    let keys = spot.table(&["customer", "lots"])?;
    let customer = keys.need("customer", text);
    let lots = keys.need("lots", |spot| spot.list(MOST_GIVEN_LOTS, given_lot));
    Some(Drawn { customer: customer?, lots: lots? })
}

fn given_lot(spot: Spot<'_, '_>) -> Option<GivenLot> {
    let keys = spot.table(&["points", "first_day", "last_day"])?;
    let points = keys.need("points", |spot| spot.whole(1..=POINTS_LIMIT));
    let first_day = keys.need("first_day", Spot::day);
    let last_day: Option<Option<Day>> = keys.may("last_day", Spot::day);
    Some(GivenLot { points: points?, first_day: first_day?, last_day: last_day? })
}

fn redeemed<'a>(spot: Spot<'_, 'a>, customer: Text<'a>, currency: Currency) -> Option<Body<'a>> {
    let keys = spot.table(&["points", "amount", "reward"])?;
    let points = keys.need("points", |spot| spot.whole(1..=POINTS_LIMIT));
    let amount = keys.may("amount", |spot| {
        let amount = spot.money(currency)?;
        inside(spot, not_negative("", amount).map(|()| amount))
    });
    let reward = keys.need("reward", text);
    Some(Body::Redeemed { customer, points: points?, amount: amount?.unwrap_or_default(), reward: reward? })
}

fn tier_granted<'a>(spot: Spot<'_, 'a>, customer: Text<'a>) -> Option<Body<'a>> {
    let keys = spot.table(&["tier", "reason", "last_day"])?;
    let tier = keys.need("tier", text);
    let reason = keys.need("reason", reason);
    let last_day = keys.need("last_day", Spot::day);
    Some(Body::TierGranted { customer, tier: tier?, reason: reason?, last_day: last_day? })
}

/// `{"alias": "x-7f3a"}`, or as a book keeps it, with what it filled in.
fn erased<'a>(spot: Spot<'_, 'a>, customer: Text<'a>, currency: Currency) -> Option<Body<'a>> {
    let keys = spot.table(&["alias", "of", "awards", "introduced"])?;
    if !keys.has("of") && !keys.has("awards") {
        let alias = keys.need("alias", text)?;
        inside(spot, checks::alias(&customer, &alias))?;
        return Some(Body::Erased { customer, erasure: Erasure::Asked { alias } });
    }
    if let Some(alias) = keys.find("alias") {
        return alias
            .fault(Fault::new("unknown_key", "an erasure that is filled in has the alias as its customer"));
    }
    let of = keys.need("of", |spot| spot.list(MOST_ERASED_AWARDS, trace));
    let awards = keys.need("awards", |spot| spot.list(MOST_ERASED_AWARDS, |spot| award(spot, currency)));
    let introduced = keys.may("introduced", |spot| spot.list(MOST_ERASED_AWARDS, introduced));
    let (of, awards) = (of?, awards?);
    inside(spot, checks::erasure(&of, &awards))?;
    let introduced = introduced?.unwrap_or_default();
    Some(Body::Erased { customer, erasure: Erasure::Done { of, awards, introduced } })
}

fn trace(spot: Spot<'_, '_>) -> Option<Trace> {
    let text = spot.text(64)?;
    let wrong = || Fault::new("trace_text", "a trace is 64 hexadecimal digits, in lower case");
    spot.checked(erasure::read(&text).ok_or_else(wrong))
}

fn introduced<'a>(spot: Spot<'_, 'a>) -> Option<Introduced<'a>> {
    let keys = spot.table(&["purchase", "by", "told"])?;
    let purchase = keys.need("purchase", text);
    let by = keys.need("by", text);
    let told = keys.need("told", text);
    Some(Introduced { purchase: purchase?, by: by?, told: told? })
}

fn award<'a>(spot: Spot<'_, 'a>, currency: Currency) -> Option<Award<'a>> {
    let keys = spot.table(&["purchase", "points", "wanted", "spend", "coupon", "benefit", "returns"])?;
    let purchase = keys.need("purchase", text);
    let points = keys.need("points", |spot| spot.whole(0..=POINTS_LIMIT));
    let wanted = keys.may("wanted", |spot| spot.whole(0..=POINTS_LIMIT));
    let spend = keys.need("spend", |spot| counted(spot, currency));
    let (coupon, benefit) = (keys.may("coupon", text), keys.may("benefit", text));
    let returns =
        keys.may("returns", |spot| spot.list(MOST_ERASED_AWARDS, |spot| award_left(spot, currency)));
    let points = points?;
    Some(Award {
        purchase: purchase?,
        wanted: wanted?.unwrap_or(points).max(points),
        points,
        spend: spend?,
        coupon: coupon?,
        benefit: benefit?,
        returns: returns?.unwrap_or_default(),
    })
}

fn award_left<'a>(spot: Spot<'_, 'a>, currency: Currency) -> Option<AwardLeft<'a>> {
    let keys = spot.table(&["return", "points", "spend", "amount"])?;
    let fact = keys.need("return", text);
    let points = keys.need("points", |spot| spot.whole(POINTS_LIMIT.saturating_neg()..=POINTS_LIMIT));
    let spend = keys.need("spend", |spot| counted(spot, currency));
    let amount = keys.need("amount", |spot| counted(spot, currency));
    Some(AwardLeft { fact: fact?, points: points?, spend: spend?, amount: amount? })
}

fn counted(spot: Spot<'_, '_>, currency: Currency) -> Option<Money> {
    let amount = spot.money(currency)?;
    spot.checked(not_negative("", amount))?;
    Some(amount)
}
