//! Facts as they are told in Python: one constructor for each kind, in keyword arguments.
//!
//! A fact is checked when it is made, as far as that can be done without a book: in a currency that has as many digits as its amounts. The
//! book reads it again in its own.

use crate::error::{Wrong, of_fact, within};
use crate::given::GivenLot;
use crate::parts::{Purchase, ReturnedLine, each};
use crate::people;
use crate::program::Program;
use crate::shown::{date, datetime, decimal, fields_shown, many};
use crate::strict::{self, Told, currency_of, day, may_text, moment, text, truth, wanted, whole};
use parure::calendar::{Day, Moment};
use parure::fact;
use parure::fault::Fault;
use parure::money::{Currency, Money};
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict, PyString, PyTuple};
use serde_json::{Map, Value};
use smol_str::SmolStr;

/// Something that happened.
#[pyclass(frozen, eq, module = "parure")]
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) envelope: Envelope,
    pub(crate) body: Body,
}

/// Who, when, where. A program is adopted for all: that fact has no customer.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) id: SmolStr,
    pub(crate) at: Moment,
    pub(crate) customer: Option<SmolStr>,
    pub(crate) store: Option<SmolStr>,
    pub(crate) staff: Option<SmolStr>,
    pub(crate) terminal: Option<SmolStr>,
}

/// What happened.
#[derive(Debug)]
pub(crate) enum Body {
    Purchased {
        purchase: Py<Purchase>,
    },
    Returned {
        purchase: SmolStr,
        lines: Vec<Py<ReturnedLine>>,
    },
    Adjusted {
        points: i64,
        reason: SmolStr,
        last_day: Option<Day>,
    },
    Given {
        to: SmolStr,
        points: i64,
        lots: Vec<Py<GivenLot>>,
    },
    Redeemed {
        points: i64,
        amount: Option<Told>,
        reward: SmolStr,
    },
    HandedOver {
        redemption: SmolStr,
    },
    RedemptionReversed {
        redemption: SmolStr,
        returned: bool,
    },
    TierGranted {
        tier: SmolStr,
        reason: SmolStr,
        last_day: Day,
    },
    HouseholdJoined {
        household: SmolStr,
        may_spend: bool,
    },
    HouseholdLeft,
    Issued {
        coupon: SmolStr,
        last_day: Option<Day>,
        card: bool,
    },
    Voided {
        coupon: SmolStr,
        reason: SmolStr,
    },
    BenefitGranted {
        benefit: SmolStr,
        times: u32,
        reason: SmolStr,
        last_day: Option<Day>,
    },
    BenefitUsed {
        benefit: SmolStr,
        of: Option<(SmolStr, SmolStr)>,
    },
    BenefitReversed {
        used: SmolStr,
    },
    Merged {
        into: SmolStr,
    },
    Unmerged {
        merge: SmolStr,
    },
    Erased {
        alias: SmolStr,
    },
    /// What is told of people and of stored value; an erasure as a book fills it in; what is paid with points of others.
    AsJson {
        kind: &'static str,
        json: SmolStr,
    },
    Adopted {
        program: SmolStr,
    },
}

impl Envelope {
    /// From keyword arguments; the last are `store`, `staff`, `terminal`.
    fn read(
        id: &Bound<'_, PyAny>,
        at: &Bound<'_, PyAny>,
        customer: Option<&Bound<'_, PyAny>>,
        [store, staff, terminal]: [Option<&Bound<'_, PyAny>>; 3],
    ) -> Result<Envelope, Wrong> {
        Ok(Envelope {
            id: text(id, "id")?,
            at: moment(at, "at")?,
            customer: may_text(customer, "customer")?,
            store: may_text(store, "store")?,
            staff: may_text(staff, "staff")?,
            terminal: may_text(terminal, "terminal")?,
        })
    }

    /// A fact of this kind in JSON.
    fn json(&self, kind: &str, told: Map<String, Value>) -> String {
        let text = |text: &str| Value::String(text.to_owned());
        let mut fact = Map::new();
        fact.insert("id".to_owned(), text(&self.id));
        fact.insert("at".to_owned(), Value::String(self.at.to_string()));
        for (key, value) in [
            ("customer", &self.customer),
            ("store", &self.store),
            ("staff", &self.staff),
            ("terminal", &self.terminal),
        ] {
            fact.extend(value.as_deref().map(|value| (key.to_owned(), text(value))));
        }
        fact.insert(kind.to_owned(), Value::Object(told));
        Value::Object(fact).to_string()
    }

    fn on<'a>(&'a self, mut fact: fact::Fact<'a>) -> Result<fact::Fact<'a>, Fault> {
        if let Some(store) = &self.store {
            fact = fact.at_store(store.as_str())?;
        }
        if let Some(staff) = &self.staff {
            fact = fact.by_staff(staff.as_str())?;
        }
        if let Some(terminal) = &self.terminal {
            fact = fact.on_terminal(terminal.as_str())?;
        }
        Ok(fact)
    }
}

impl Fact {
    /// A fact about a person, if it is right.
    fn told(envelope: Envelope, kind: &'static str, told: Map<String, Value>) -> Result<Fact, Wrong> {
        let json = envelope.json(kind, told);
        crate::written::checked(&json)?;
        Ok(Fact { envelope, body: Body::AsJson { kind, json: json.into() } })
    }

    /// The fact, if it is right in some currency.
    pub(crate) fn of(envelope: Envelope, body: Body) -> Result<Fact, Fault> {
        let fact = Fact { envelope, body };
        fact.core(fact.currency())?;
        Ok(fact)
    }

    fn currency(&self) -> Currency {
        currency_of(match &self.body {
            Body::Purchased { purchase } => purchase.get().digits(),
            Body::Returned { lines, .. } => {
                lines.iter().map(|line| line.get().amount.digits()).max().unwrap_or(0)
            }
            Body::Redeemed { amount: Some(amount), .. } => amount.digits(),
            // The one with the fewest digits that it can be read in.
            Body::AsJson { json, .. } => [0, 2]
                .into_iter()
                .find(|digits| fact::Fact::from_json(json, currency_of(*digits)).is_ok())
                .unwrap_or(3),
            _ => 0,
        })
    }

    /// The fact in a book's currency. Nothing of Python is touched.
    pub(crate) fn core(&self, currency: Currency) -> Result<fact::Fact<'_>, Fault> {
        let Envelope { id, at, customer, .. } = &self.envelope;
        let (id, at) = (id.as_str(), *at);
        let customer = customer.as_deref().unwrap_or_default();
        let fact = match &self.body {
            Body::Purchased { purchase } => {
                let basket = purchase.get().core(currency).map_err(|fault| within("purchased", fault))?;
                fact::Fact::purchased(id, at, customer, basket)
            }
            Body::Returned { purchase, lines } => {
                let lines = lines.iter().enumerate().map(|(at, line)| line.get().core(at, currency));
                let lines = lines.collect::<Result<_, _>>()?;
                fact::Fact::returned(id, at, customer, purchase.as_str(), lines, currency)
            }
            Body::Adjusted { points, reason, last_day } => {
                fact::Fact::adjusted(id, at, customer, *points, reason.as_str(), *last_day)
            }
            Body::Given { to, points, lots } => {
                let lots = lots.iter().map(|lot| lot.get().core()).collect();
                fact::Fact::given(id, at, customer, to.as_str(), *points, lots)
            }
            Body::Redeemed { points, amount, reward } => {
                let amount =
                    amount.as_ref().map(|told| told.money(currency, || "redeemed.amount".to_owned()));
                let amount = amount.unwrap_or(Ok(Money::ZERO))?;
                fact::Fact::redeemed(id, at, customer, *points, reward.as_str())
                    .and_then(|fact| fact.with_amount(amount))
            }
            Body::HandedOver { redemption } => fact::Fact::handed_over(id, at, customer, redemption.as_str()),
            Body::RedemptionReversed { redemption, returned } => {
                fact::Fact::redemption_reversed(id, at, customer, redemption.as_str(), *returned)
            }
            Body::TierGranted { tier, reason, last_day } => {
                fact::Fact::tier_granted(id, at, customer, tier.as_str(), reason.as_str(), *last_day)
            }
            Body::HouseholdJoined { household, may_spend } => {
                fact::Fact::household_joined(id, at, customer, household.as_str(), *may_spend)
            }
            Body::HouseholdLeft => fact::Fact::household_left(id, at, customer),
            Body::Issued { coupon, last_day, card: true } => {
                fact::Fact::issued_by_code(id, at, customer, coupon.as_str(), *last_day)
            }
            Body::Issued { coupon, last_day, card: false } => {
                fact::Fact::issued(id, at, customer, coupon.as_str(), *last_day)
            }
            Body::Voided { coupon, reason } => {
                fact::Fact::voided(id, at, customer, coupon.as_str(), reason.as_str())
            }
            Body::BenefitGranted { benefit, times, reason, last_day } => fact::Fact::benefit_granted(
                id,
                at,
                customer,
                benefit.as_str(),
                *times,
                reason.as_str(),
                *last_day,
            ),
            Body::BenefitUsed { benefit, of } => {
                let of = of.as_ref().map(|(purchase, line)| (purchase.as_str(), line.as_str()));
                fact::Fact::benefit_used(id, at, customer, benefit.as_str(), of)
            }
            Body::BenefitReversed { used } => fact::Fact::benefit_reversed(id, at, customer, used.as_str()),
            Body::Merged { into } => fact::Fact::merged(id, at, customer, into.as_str()),
            Body::Unmerged { merge } => fact::Fact::unmerged(id, at, customer, merge.as_str()),
            Body::Erased { alias } => fact::Fact::erased(id, at, customer, alias.as_str()),
            Body::AsJson { json, .. } => fact::Fact::from_json(json, currency),
            Body::Adopted { program } => fact::Fact::adopted(id, at, program.as_str()),
        }?;
        self.envelope.on(fact)
    }

    /// Whether recording it may take long: every account is folded again, or a file is written anew.
    pub(crate) fn concerns_all(&self) -> bool {
        matches!(self.body, Body::Adopted { .. } | Body::Erased { .. } | Body::AsJson { kind: "erased", .. })
    }

    fn kind_of(&self) -> &'static str {
        match self.body {
            Body::Purchased { .. } => "purchased",
            Body::Returned { .. } => "returned",
            Body::Adjusted { .. } => "adjusted",
            Body::Given { .. } => "given",
            Body::Redeemed { .. } => "redeemed",
            Body::HandedOver { .. } => "handed_over",
            Body::RedemptionReversed { .. } => "redemption_reversed",
            Body::TierGranted { .. } => "tier_granted",
            Body::HouseholdJoined { .. } => "household_joined",
            Body::HouseholdLeft => "household_left",
            Body::Issued { .. } => "issued",
            Body::Voided { .. } => "voided",
            Body::BenefitGranted { .. } => "benefit_granted",
            Body::BenefitUsed { .. } => "benefit_used",
            Body::BenefitReversed { .. } => "benefit_reversed",
            Body::Merged { .. } => "merged",
            Body::Unmerged { .. } => "unmerged",
            Body::Erased { .. } => "erased",
            Body::AsJson { kind, .. } => kind,
            Body::Adopted { .. } => "adopted",
        }
    }

    fn json(&self) -> Result<String, Fault> {
        let currency = self.currency();
        Ok(self.core(currency)?.to_json(currency))
    }
}

/// Kinds of facts whose content is about a person.
const PERSONAL: [&str; 9] = [
    "joined",
    "profile_changed",
    "visited",
    "talked",
    "serviced",
    "wished",
    "complained",
    "reviewed",
    "noted",
];

/// Two facts are equal that are told alike, be an amount written `12800` or `12800.00`.
impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        let currency = currency_of(3);
        self.core(currency).ok() == other.core(currency).ok()
    }
}

/// The key of an argument: `as_` and `for_` are, because `as` and `for` are words of Python's.
fn key(argument: &str) -> String {
    argument.trim_end_matches('_').to_owned()
}

/// The constructors: what each needs, what it may have, and how its arguments become a body. After the last one, what else a fact can do.
/// A purchase and a line of it: both, or neither.
fn piece_named(
    purchase: Option<SmolStr>,
    line: Option<SmolStr>,
) -> Result<Option<(SmolStr, SmolStr)>, Wrong> {
    match (purchase, line) {
        (Some(purchase), Some(line)) => Ok(Some((purchase, line))),
        (None, None) => Ok(None),
        (purchase, _) => {
            let missing = if purchase.is_some() { "line" } else { "purchase" };
            let message = "a piece is a purchase and a line of it: one of the two is missing";
            Err(Fault::new("piece_named", message).at(missing).into())
        }
    }
}

macro_rules! facts {
    ($(
        $(#[doc = $doc:literal])+
        fn $kind:ident($($need:ident),*; $($may:ident),*) $body:block
    )+ $(people {
        $(
            $(#[doc = $people_doc:literal])+
            fn $people_kind:ident($($people_need:ident),*; $($people_may:ident),*);
        )+
    })? and { $($more:tt)* }) => {
        #[pymethods]
        impl Fact {
            $(
                $(#[doc = $doc])+
                #[staticmethod]
                #[pyo3(signature = (
                    *, id, at, customer, $($need,)* $($may=None,)* store=None, staff=None, terminal=None
                ))]
                #[allow(clippy::too_many_arguments, reason = "keyword arguments")]
                fn $kind(
                    py: Python<'_>,
                    id: &Bound<'_, PyAny>,
                    at: &Bound<'_, PyAny>,
                    customer: &Bound<'_, PyAny>,
                    $($need: &Bound<'_, PyAny>,)*
                    $($may: Option<&Bound<'_, PyAny>>,)*
                    store: Option<&Bound<'_, PyAny>>,
                    staff: Option<&Bound<'_, PyAny>>,
                    terminal: Option<&Bound<'_, PyAny>>,
                ) -> PyResult<Fact> {
                    let read = || -> Result<Fact, Wrong> {
                        let envelope = Envelope::read(id, at, Some(customer), [store, staff, terminal])?;
                        let body = $body;
                        Ok(Fact::of(envelope, body)?)
                    };
                    read().map_err(|wrong| wrong.in_fact(py))
                }
            )+

            $($(
                $(#[doc = $people_doc])+
                #[staticmethod]
                #[pyo3(signature = (
                    *, id, at, customer, $($people_need,)* $($people_may=None,)* store=None, staff=None, terminal=None
                ))]
                #[allow(clippy::too_many_arguments, reason = "keyword arguments")]
                fn $people_kind(
                    py: Python<'_>,
                    id: &Bound<'_, PyAny>,
                    at: &Bound<'_, PyAny>,
                    customer: &Bound<'_, PyAny>,
                    $($people_need: &Bound<'_, PyAny>,)*
                    $($people_may: Option<&Bound<'_, PyAny>>,)*
                    store: Option<&Bound<'_, PyAny>>,
                    staff: Option<&Bound<'_, PyAny>>,
                    terminal: Option<&Bound<'_, PyAny>>,
                ) -> PyResult<Fact> {
                    let read = || -> Result<Fact, Wrong> {
                        let envelope = Envelope::read(id, at, Some(customer), [store, staff, terminal])?;
                        let mut told = Map::new();
                        $(told.insert(key(stringify!($people_need)), people::argument(stringify!($people_kind), $people_need, stringify!($people_need))?);)*
                        $(if let Some(value) = $people_may {
                            told.insert(key(stringify!($people_may)), people::argument(stringify!($people_kind), value, stringify!($people_may))?);
                        })*
                        Fact::told(envelope, stringify!($people_kind), told)
                    };
                    read().map_err(|wrong| wrong.in_fact(py))
                }
            )+)?

            $($more)*
        }
    };
}

facts! {
    /// Someone bought.
    fn purchased(purchase;) {
        let purchase = purchase.cast::<Purchase>().map_err(|_| wanted("a Purchase", purchase, "purchase"))?;
        Body::Purchased { purchase: purchase.clone().unbind() }
    }

    /// Someone gave back: `purchase` is the id of the fact that purchased it.
    fn returned(purchase, lines;) {
        let purchase = text(purchase, "purchase")?;
        Body::Returned { purchase, lines: each(lines, "ReturnedLine", "lines")? }
    }

    /// Points by hand, more or fewer.
    fn adjusted(points, reason; last_day) {
        let (points, reason) = (whole(points, "points")?, text(reason, "reason")?);
        Body::Adjusted { points, reason, last_day: last_day.map(|last| day(last, "last_day")).transpose()? }
    }

    /// Points for someone else.
    fn given(to, points; lots) {
        let (to, points) = (text(to, "to")?, whole(points, "points")?);
        Body::Given { to, points, lots: lots.map_or(Ok(Vec::new()), |lots| each(lots, "GivenLot", "lots"))? }
    }

    /// Points spent on a reward, with an `amount` of money beside them where it costs some.
    fn redeemed(points, reward; amount) {
        let amount = amount.map(|told| strict::amount(told, "amount")).transpose()?;
        Body::Redeemed { points: whole(points, "points")?, amount, reward: text(reward, "reward")? }
    }

    /// A reward that was redeemed was handed over: `redemption` is the id of the fact that redeemed.
    fn handed_over(redemption;) {
        Body::HandedOver { redemption: text(redemption, "redemption")? }
    }

    /// A redemption taken back: `redemption` is the id of the fact that redeemed. `returned`: the reward had been handed over, and has come back.
    fn redemption_reversed(redemption; returned) {
        let returned = returned.map_or(Ok(false), |told| truth(told, "returned"))?;
        Body::RedemptionReversed { redemption: text(redemption, "redemption")?, returned }
    }

    /// A tier by hand, through its last day.
    fn tier_granted(tier, reason, last_day;) {
        let (tier, reason) = (text(tier, "tier")?, text(reason, "reason")?);
        Body::TierGranted { tier, reason, last_day: day(last_day, "last_day")? }
    }

    /// Points are shared with a household from now on; without `may_spend` those of the others are not the customer's to spend.
    fn household_joined(household; may_spend) {
        let may_spend = may_spend.map_or(Ok(true), |told| truth(told, "may_spend"))?;
        Body::HouseholdJoined { household: text(household, "household")?, may_spend }
    }

    /// Points are shared no longer.
    fn household_left(;) { Body::HouseholdLeft }

    /// One of the program's coupons is theirs: the fact's id is the coupon's. With `card` the customer is what a code goes by, or a card.
    fn issued(coupon; last_day, card) {
        let last_day = last_day.map(|last| day(last, "last_day")).transpose()?;
        let card = card.map(|card| truth(card, "card")).transpose()?.unwrap_or(false);
        Body::Issued { coupon: text(coupon, "coupon")?, last_day, card }
    }

    /// A coupon is taken back.
    fn voided(coupon, reason;) {
        Body::Voided { coupon: text(coupon, "coupon")?, reason: text(reason, "reason")? }
    }

    /// One of the program's benefits, so often.
    fn benefit_granted(benefit, reason; times, last_day) {
        let times = times.map_or(Ok(1), |times| whole(times, "times"))?;
        let last_day = last_day.map(|last| day(last, "last_day")).transpose()?;
        // What does not fit is out of bounds for the core too.
        let times = u32::try_from(times).unwrap_or(0);
        let (benefit, reason) = (text(benefit, "benefit")?, text(reason, "reason")?);
        Body::BenefitGranted { benefit, times, reason, last_day }
    }

    /// A benefit was had; by a piece where the `purchase` and the `line` that brought it along are named.
    fn benefit_used(benefit; purchase, line) {
        let purchase = purchase.map(|purchase| text(purchase, "purchase")).transpose()?;
        let line = line.map(|line| text(line, "line")).transpose()?;
        let of = piece_named(purchase, line)?;
        Body::BenefitUsed { benefit: text(benefit, "benefit")?, of }
    }

    /// A benefit was not had: `used` is the id of the fact that told of it.
    fn benefit_reversed(used;) {
        Body::BenefitReversed { used: text(used, "used")? }
    }

    /// The customer is the same person as another.
    fn merged(into;) { Body::Merged { into: text(into, "into")? } }

    /// A merge taken back: `merge` is the id of the fact that merged them.
    fn unmerged(merge;) { Body::Unmerged { merge: text(merge, "merge")? } }

    /// A person is forgotten: their account goes by an alias that says nothing.
    fn erased(alias;) { Body::Erased { alias: text(alias, "alias")? } }

    people {
        /// Whether a person may be written to by a channel for a purpose.
        fn consented(channel, purpose, given; text);

        /// Someone came in.
        fn visited(; text);

        /// Someone was talked to: `direction` is `in` from the customer to the shop, `out` from the shop to the customer.
        fn talked(; channel, direction, text);

        /// Something is being done for a piece.
        fn serviced(; service, item, piece, state, of, text);

        /// Someone wishes for something.
        fn wished(; item, category, budget, text);

        /// Someone complains, or a complaint is settled.
        fn complained(; item, piece, purchase, of, resolved, text);

        /// Someone judges what they bought.
        fn reviewed(; item, purchase, score, text);

        /// A note.
        fn noted(; text);

        /// Money was paid in, to be spent later; with `card` the customer is the code of a card.
        fn topped_up(amount; source, bonus, last_day, card);

        /// Stored value was paid back: of one top-up, or of the latest first.
        fn value_refunded(amount; top_up);

        /// Stored value is someone else's from now on; with `card`, whoever's holds the card.
        fn value_transferred(to, amount; parts, card);

        /// A coupon is someone else's from now on; it goes by the fact's id. With `card`, theirs who know a code.
        fn coupon_transferred(coupon, to; terms, card);

        /// Until an instant nothing but one purchase, or the delivery of one order, is paid with a coupon.
        fn coupon_held(coupon, for_, until;);

        /// A coupon is held no more.
        fn coupon_released(coupon, for_;);

        /// Nothing is paid, transferred or refunded in the name of this customer or card.
        fn value_frozen(reason;);

        /// What was frozen is free again.
        fn value_released(reason;);

        /// A piece is made to order; the fact's id is the order's.
        fn ordered(amount; item, deposit, source, ready);

        /// More was paid beforehand for an order.
        fn deposit_paid(order, amount; source);

        /// An order was called off: what is left of its deposits goes back, but for what is `kept`.
        fn order_cancelled(order, reason; kept, given_back);

        /// What became of something that was due: `trigger` and `occasion` as the agenda tells them.
        fn reported(trigger, occasion, as_; by, until);
    }

    and {
        /// Someone joined: what is told of them, by the keys of profiles (docs/facts.md).
        #[staticmethod]
        #[pyo3(signature = (*, id, at, customer, store=None, staff=None, terminal=None, **profile))]
        #[allow(clippy::too_many_arguments, reason = "keyword arguments")]
        fn joined(
            py: Python<'_>,
            id: &Bound<'_, PyAny>,
            at: &Bound<'_, PyAny>,
            customer: &Bound<'_, PyAny>,
            store: Option<&Bound<'_, PyAny>>,
            staff: Option<&Bound<'_, PyAny>>,
            terminal: Option<&Bound<'_, PyAny>>,
            profile: Option<&Bound<'_, PyDict>>,
        ) -> PyResult<Fact> {
            let envelope = Envelope::read(id, at, Some(customer), [store, staff, terminal]);
            let read = || Fact::told(envelope?, "joined", people::profile(profile)?);
            read().map_err(|wrong| wrong.in_fact(py))
        }

        /// Their profile is another now; what it does not say stays.
        #[staticmethod]
        #[pyo3(signature = (*, id, at, customer, store=None, staff=None, terminal=None, **profile))]
        #[allow(clippy::too_many_arguments, reason = "keyword arguments")]
        fn profile_changed(
            py: Python<'_>,
            id: &Bound<'_, PyAny>,
            at: &Bound<'_, PyAny>,
            customer: &Bound<'_, PyAny>,
            store: Option<&Bound<'_, PyAny>>,
            staff: Option<&Bound<'_, PyAny>>,
            terminal: Option<&Bound<'_, PyAny>>,
            profile: Option<&Bound<'_, PyDict>>,
        ) -> PyResult<Fact> {
            let envelope = Envelope::read(id, at, Some(customer), [store, staff, terminal]);
            let read = || Fact::told(envelope?, "profile_changed", people::profile(profile)?);
            read().map_err(|wrong| wrong.in_fact(py))
        }

        /// A version of the program for all, from its `effective` day on.
        #[staticmethod]
        #[pyo3(signature = (*, id, at, program, store=None, staff=None, terminal=None))]
        fn adopted(
            py: Python<'_>,
            id: &Bound<'_, PyAny>,
            at: &Bound<'_, PyAny>,
            program: &Bound<'_, PyAny>,
            store: Option<&Bound<'_, PyAny>>,
            staff: Option<&Bound<'_, PyAny>>,
            terminal: Option<&Bound<'_, PyAny>>,
        ) -> PyResult<Fact> {
            let read = || -> Result<Fact, Wrong> {
                let envelope = Envelope::read(id, at, None, [store, staff, terminal])?;
                let program = match program.cast::<Program>() {
                    Ok(program) => program.get().source().into(),
                    Err(_) if program.is_instance_of::<PyString>() => text(program, "program")?,
                    Err(_) => return Err(wanted("a Program or its text", program, "program")),
                };
                Ok(Fact::of(envelope, Body::Adopted { program })?)
            };
            read().map_err(|wrong| wrong.in_fact(py))
        }

        /// A fact from its JSON, as docs/facts.md tells it.
        #[staticmethod]
        #[pyo3(signature = (text, /))]
        fn from_json(py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Fact> {
            let read = || -> Result<Fact, Wrong> {
                let json = crate::strict::text(text, "text")?;
                crate::written::fact(py, &json)
            };
            read().map_err(|wrong| wrong.in_fact(py))
        }

        /// The fact as canonical JSON.
        fn to_json(&self, py: Python<'_>) -> PyResult<String> {
            self.json().map_err(|fault| of_fact(py, &fault))
        }

        /// What the fact is: `purchased`, `returned`, …
        #[getter]
        fn kind(&self) -> &'static str {
            self.kind_of()
        }

        /// Unique for all time, chosen where it was observed.
        #[getter]
        fn id(&self) -> &str {
            &self.envelope.id
        }

        /// When it happened.
        #[getter]
        fn at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
            datetime(py, self.envelope.at)
        }

        /// Whom it happened to; none where it is for all.
        #[getter]
        fn customer(&self) -> Option<&str> {
            self.envelope.customer.as_deref()
        }

        /// Where.
        #[getter]
        fn store(&self) -> Option<&str> {
            self.envelope.store.as_deref()
        }

        /// By whom it was seen.
        #[getter]
        fn staff(&self) -> Option<&str> {
            self.envelope.staff.as_deref()
        }

        /// On which till.
        #[getter]
        fn terminal(&self) -> Option<&str> {
            self.envelope.terminal.as_deref()
        }

        /// What its kind takes, by the names of the arguments.
        #[getter]
        fn content<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
            let content = PyDict::new(py);
            let put = |key: &str, text: &SmolStr| content.set_item(key, text.as_str());
            match &self.body {
                Body::Purchased { purchase } => content.set_item("purchase", purchase)?,
                Body::Returned { purchase, lines } => {
                    put("purchase", purchase)?;
                    content.set_item("lines", PyTuple::new(py, lines)?)?;
                }
                Body::Adjusted { points, reason, last_day } => {
                    content.set_item("points", points)?;
                    put("reason", reason)?;
                    if let Some(last_day) = last_day {
                        content.set_item("last_day", date(py, *last_day)?)?;
                    }
                }
                Body::Given { to, points, lots } => {
                    put("to", to)?;
                    content.set_item("points", points)?;
                    if !lots.is_empty() {
                        content.set_item("lots", PyTuple::new(py, lots)?)?;
                    }
                }
                Body::Redeemed { points, amount, reward } => {
                    content.set_item("points", points)?;
                    if let Some(amount) = amount {
                        content.set_item("amount", decimal(py, amount.text())?)?;
                    }
                    put("reward", reward)?;
                }
                Body::HandedOver { redemption } => put("redemption", redemption)?,
                Body::RedemptionReversed { redemption, returned } => {
                    put("redemption", redemption)?;
                    if *returned {
                        content.set_item("returned", true)?;
                    }
                }
                Body::TierGranted { tier, reason, last_day } => {
                    put("tier", tier)?;
                    put("reason", reason)?;
                    content.set_item("last_day", date(py, *last_day)?)?;
                }
                Body::HouseholdJoined { household, may_spend } => {
                    put("household", household)?;
                    content.set_item("may_spend", may_spend)?;
                }
                Body::HouseholdLeft => {}
                Body::Issued { coupon, last_day, card } => {
                    put("coupon", coupon)?;
                    if *card {
                        content.set_item("card", card)?;
                    }
                    if let Some(last_day) = last_day {
                        content.set_item("last_day", date(py, *last_day)?)?;
                    }
                }
                Body::Voided { coupon, reason } => {
                    put("coupon", coupon)?;
                    put("reason", reason)?;
                }
                Body::BenefitGranted { benefit, times, reason, last_day } => {
                    put("benefit", benefit)?;
                    content.set_item("times", times)?;
                    put("reason", reason)?;
                    if let Some(last_day) = last_day {
                        content.set_item("last_day", date(py, *last_day)?)?;
                    }
                }
                Body::BenefitUsed { benefit, of } => {
                    put("benefit", benefit)?;
                    if let Some((purchase, line)) = of {
                        put("purchase", purchase)?;
                        put("line", line)?;
                    }
                }
                Body::BenefitReversed { used } => put("used", used)?,
                Body::Merged { into } => put("into", into)?,
                Body::Unmerged { merge } => put("merge", merge)?,
                Body::Erased { alias } => put("alias", alias)?,
                Body::AsJson { kind, json } => {
                    let told: Value = serde_json::from_str(json).unwrap_or_default();
                    for (key, value) in told[*kind].as_object().into_iter().flatten() {
                        let text = value.as_str().unwrap_or_default();
                        match (key.as_str(), Day::parse(text), Moment::parse(text)) {
                            (word @ ("as" | "for"), ..) => {
                                content.set_item(format!("{word}_"), people::shown(py, word, value)?)?;
                            }
                            ("until", Ok(day), _) => content.set_item("until", date(py, day)?)?,
                            ("until", _, Ok(at)) => content.set_item("until", datetime(py, at)?)?,
                            (key, ..) => content.set_item(key, people::shown(py, key, value)?)?,
                        }
                    }
                }
                Body::Adopted { program } => put("program", program)?,
            }
            Ok(content)
        }

        fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
            let py = slf.py();
            let mut told = Vec::new();
            for name in ["id", "at", "customer"] {
                let value = slf.getattr(name)?;
                // As it is written, not as its class would be made.
                told.push((name, if name == "at" { value.call_method0("isoformat")? } else { value }));
            }
            let mut shown = fields_shown(py, &format!("Fact.{}", slf.get().kind_of()), told)?;
            shown.pop();
            // What is told of a person is theirs: that it is told, and no more.
            let personal = PERSONAL.contains(&slf.get().kind_of());
            for (key, value) in slf.get().content(py)?.iter() {
                let value = if personal { "…".to_owned() } else { value.repr()?.to_str()?.to_owned() };
                shown.push_str(&format!(", {}={value}", key.str()?.to_str()?));
            }
            for name in ["store", "staff", "terminal"] {
                let value = slf.getattr(name)?;
                if !value.is_none() {
                    shown.push_str(&format!(", {name}={}", value.repr()?.to_str()?));
                }
            }
            shown.push(')');
            Ok(shown)
        }

        fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
            slf.getattr("id")?.hash()
        }

        fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
            let py = slf.py();
            let json = slf.get().to_json(py)?;
            many(py, vec![slf.get_type().getattr("from_json")?, (json,).into_pyobject(py)?.into_any()])
        }
    }
}
