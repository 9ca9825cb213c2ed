//! Facts from their JSON. The core's strict reader has the say; what it let pass is taken apart here without a second opinion.

use crate::error::Wrong;
use crate::fact::{Body, Envelope, Fact};
use crate::given::GivenLot;
use crate::parts::{Line, Purchase, ReturnedLine, Tender, Weighed};
use crate::strict::{self, currency_of};
use parure::calendar::{Anniversary, Day, Moment};
use parure::fact::Quantity;
use parure::fault::Fault;
use pyo3::prelude::*;
use serde_json::Value;
use smol_str::SmolStr;

/// Reads a fact.
pub(crate) fn fact(py: Python<'_>, json: &str) -> Result<Fact, Wrong> {
    checked(json)?;
    let value: Value = serde_json::from_str(json).map_err(|_| unreadable())?;
    let envelope = Envelope {
        id: text(&value["id"]),
        at: Moment::parse(&text(&value["at"]))?,
        customer: may_text(&value["customer"]),
        store: may_text(&value["store"]),
        staff: may_text(&value["staff"]),
        terminal: may_text(&value["terminal"]),
    };
    Ok(Fact::of(envelope, body(py, &value)?)?)
}

/// What the core finds wrong, in a currency that has enough digits.
pub(crate) fn checked(json: &str) -> Result<(), Fault> {
    let read = |digits| parure::fact::Fact::from_json(json, currency_of(digits)).map(|_| ());
    match read(2) {
        Err(fault) if fault.code == "money_digits" => read(3).map_err(|mut fault| {
            if let (true, Some((told, _))) = (fault.code == "money_digits", fault.message.rsplit_once(", ")) {
                fault.message = format!("{told}, no currency has more than 3");
            }
            fault
        }),
        read => read,
    }
}

fn unreadable() -> Wrong {
    Fault::new("unreadable", "the fact can't be read").into()
}

fn body(py: Python<'_>, fact: &Value) -> Result<Body, Wrong> {
    let (kind, told) = fact
        .as_object()
        .into_iter()
        .flatten()
        .find(|(key, _)| {
            !["id", "at", "customer", "store", "staff", "terminal", "drawn"].contains(&key.as_str())
        })
        .ok_or_else(unreadable)?;
    let points = || told["points"].as_i64().ok_or_else(unreadable);
    let name = |key: &str| text(&told[key]);
    // What is paid with points of others has no words of its own.
    if !is_plain(kind, told) || fact.get("drawn").is_some() {
        let kind = parure::fact::KINDS.iter().find(|known| *known == kind).ok_or_else(unreadable)?;
        return Ok(Body::AsJson { kind, json: fact.to_string().into() });
    }
    Ok(match kind.as_str() {
        "purchased" => Body::Purchased { purchase: Py::new(py, purchase(py, told)?)? },
        "returned" => {
            let lines = list(&told["lines"]).map(|line| Py::new(py, returned(line)?).map_err(Wrong::from));
            Body::Returned { purchase: name("purchase"), lines: lines.collect::<Result<_, _>>()? }
        }
        "adjusted" => Body::Adjusted {
            points: points()?,
            reason: name("reason"),
            last_day: may_day(&told["last_day"])?,
        },
        "given" => {
            let lots = list(&told["lots"]).map(|lot| Py::new(py, given(lot)?).map_err(Wrong::from));
            Body::Given { to: name("to"), points: points()?, lots: lots.collect::<Result<_, _>>()? }
        }
        "redeemed" => Body::Redeemed {
            points: points()?,
            amount: told.get("amount").map(amount),
            reward: name("reward"),
        },
        "handed_over" => Body::HandedOver { redemption: name("redemption") },
        "redemption_reversed" => Body::RedemptionReversed {
            redemption: name("redemption"),
            returned: told["returned"].as_bool().unwrap_or(false),
        },
        "tier_granted" => Body::TierGranted {
            tier: name("tier"),
            reason: name("reason"),
            last_day: Day::parse(&name("last_day"))?,
        },
        "household_joined" => Body::HouseholdJoined {
            household: name("household"),
            may_spend: told["may_spend"].as_bool().unwrap_or(true),
        },
        "household_left" => Body::HouseholdLeft,
        "issued" => Body::Issued {
            coupon: name("coupon"),
            last_day: may_day(&told["last_day"])?,
            card: told["card"].as_bool().unwrap_or(false),
        },
        "voided" => Body::Voided { coupon: name("coupon"), reason: name("reason") },
        "benefit_granted" => Body::BenefitGranted {
            benefit: name("benefit"),
            times: told["times"].as_u64().and_then(|times| u32::try_from(times).ok()).unwrap_or(1),
            reason: name("reason"),
            last_day: may_day(&told["last_day"])?,
        },
        "benefit_used" => Body::BenefitUsed {
            benefit: name("benefit"),
            of: may_text(&told["purchase"]).zip(may_text(&told["line"])),
        },
        "benefit_reversed" => Body::BenefitReversed { used: name("use") },
        "merged" => Body::Merged { into: name("into") },
        "unmerged" => Body::Unmerged { merge: name("merge") },
        "erased" => Body::Erased { alias: name("alias") },
        "adopted" => Body::Adopted { program: program(told) },
        _ => return Err(unreadable()),
    })
}

/// Whether it is taken apart. What is told of people stays as it was told, and so does an erasure as a book fills it in.
fn is_plain(kind: &str, told: &Value) -> bool {
    match kind {
        "erased" => told["alias"].is_string(),
        "purchased"
        | "returned"
        | "adjusted"
        | "given"
        | "redeemed"
        | "handed_over"
        | "redemption_reversed"
        | "tier_granted"
        | "household_joined"
        | "household_left"
        | "issued"
        | "voided"
        | "benefit_granted"
        | "benefit_used"
        | "benefit_reversed"
        | "merged"
        | "unmerged"
        | "adopted" => true,
        _ => false,
    }
}

fn text(value: &Value) -> SmolStr {
    value.as_str().unwrap_or_default().into()
}

fn may_text(value: &Value) -> Option<SmolStr> {
    value.as_str().map(SmolStr::from)
}

fn may_day(value: &Value) -> Result<Option<Day>, Wrong> {
    Ok(value.as_str().map(Day::parse).transpose()?)
}

/// An amount or a quantity: as text, or as a whole number.
pub(crate) fn number(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn amount(value: &Value) -> strict::Told {
    strict::Told::written(&number(value))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A date that comes again, as facts write it.
pub(crate) fn anniversary_of(told: &Value) -> Result<Anniversary, Wrong> {
    match told {
        Value::String(date) => anniversary(false, false, date),
        lunar => {
            let leap = lunar["leap"].as_bool().unwrap_or(false);
            anniversary(true, leap, lunar["lunar"].as_str().ok_or_else(unreadable)?)
        }
    }
}

/// `1990-05-20` or `05-20`
fn anniversary(lunar: bool, leap: bool, date: &str) -> Result<Anniversary, Wrong> {
    let parts: Vec<i16> =
        date.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| unreadable())?;
    let (year, month, day) = match *parts.as_slice() {
        [month, day] => (None, month, day),
        [year, month, day] => (Some(year), month, day),
        _ => return Err(unreadable()),
    };
    let small = |number: i16| u8::try_from(number).unwrap_or(0);
    let (month, day) = (small(month), small(day));
    Ok(if lunar {
        Anniversary::lunar(year, month, leap, day)?
    } else {
        Anniversary::solar(year, month, day)?
    })
}

fn purchase(py: Python<'_>, told: &Value) -> Result<Purchase, Wrong> {
    let lines = list(&told["lines"]).map(|row| Py::new(py, line(row)?).map_err(Wrong::from));
    let tenders = list(&told["tenders"]).map(|row| Py::new(py, tender(row)?).map_err(Wrong::from));
    let (lines, tenders) = (lines.collect::<Result<_, _>>()?, tenders.collect::<Result<_, _>>()?);
    let discount = (!told["discount"].is_null()).then(|| amount(&told["discount"]));
    Ok(Purchase::of(lines, discount, tenders)?)
}

fn line(row: &Value) -> Result<Line, Wrong> {
    let components = row["components"].as_object().into_iter().flatten();
    Ok(Line {
        id: text(&row["id"]),
        item: may_text(&row["item"]),
        category: may_text(&row["category"]),
        quantity: quantity(&row["quantity"])?,
        amount: row.get("amount").map(amount),
        components: components.map(|(name, part)| (name.into(), amount(part))).collect(),
        price: row.get("price").map(amount),
        piece: may_text(&row["piece"]),
        custom: row["custom"].as_object().cloned().unwrap_or_default(),
    })
}

fn quantity(value: &Value) -> Result<Quantity, Wrong> {
    Ok(if value.is_null() { Quantity::ONE } else { Quantity::parse(&number(value))? })
}

fn tender(row: &Value) -> Result<Tender, Wrong> {
    let points = row["points"].as_i64();
    if points.is_some() {
        return Ok(Tender {
            kind: "points".into(),
            amount: amount(&row["amount"]),
            points,
            coupon: None,
            order: None,
            metal: None,
        });
    }
    if !row["amount"].is_null() {
        let coupon = may_text(&row["coupon"]);
        return Ok(Tender {
            kind: "coupon".into(),
            amount: amount(&row["amount"]),
            points,
            coupon,
            order: None,
            metal: None,
        });
    }
    if let Some(weight) = row.get("weight") {
        let loss = row["loss"].as_str().and_then(|loss| loss.strip_suffix('%')).map(SmolStr::from);
        let metal = Weighed { weight: quantity(weight)?, price: amount(&row["price"]), loss };
        let (kind, amount) = ("trade_in".into(), amount(&row["trade_in"]));
        return Ok(Tender { kind, amount, points, coupon: None, order: None, metal: Some(metal) });
    }
    if let Some(order) = may_text(&row["order"]) {
        let (kind, amount) = ("deposit".into(), amount(&row["deposit"]));
        return Ok(Tender { kind, amount, points, coupon: None, order: Some(order), metal: None });
    }
    let (kind, paid) = row.as_object().into_iter().flatten().next().ok_or_else(unreadable)?;
    Ok(Tender {
        kind: kind.into(),
        amount: amount(paid),
        points: None,
        coupon: None,
        order: None,
        metal: None,
    })
}

fn returned(row: &Value) -> Result<ReturnedLine, Wrong> {
    Ok(ReturnedLine {
        id: text(&row["id"]),
        quantity: quantity(&row["quantity"])?,
        amount: amount(&row["amount"]),
    })
}

fn given(row: &Value) -> Result<GivenLot, Wrong> {
    Ok(GivenLot {
        points: row["points"].as_i64().ok_or_else(unreadable)?,
        first_day: Day::parse(&text(&row["first_day"]))?,
        last_day: may_day(&row["last_day"])?,
    })
}

/// A program as its text, or as JSON.
fn program(told: &Value) -> SmolStr {
    match &told["program"] {
        Value::String(text) => text.into(),
        json => json.to_string().into(),
    }
}
