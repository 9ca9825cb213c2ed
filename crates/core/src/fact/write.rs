//! Facts as JSON: canonical, so that equal facts are equal bytes.

use super::{Award, Body, Erasure, Fact, GivenLot, Line, Profile, Purchase, ReturnedLine, Tender};
use crate::calendar::Anniversary;
use crate::json::canonical;
use crate::money::Currency;
use serde_json::{Map, Value, json};

impl Fact<'_> {
    /// The fact as canonical JSON: sorted keys, amounts as text with all their digits, a discount and quantities also where nothing was said of them.
    ///
    /// ```
    /// use parure::fact::Fact;
    /// use parure::money::Currency;
    /// let yuan = Currency::parse("CNY")?;
    /// let json = r#"{"id":"r-1","at":"2026-03-08T11:00:00+08:00","customer":"c-1","redeemed":{"points":500,"reward":"包"}}"#;
    /// let fact = Fact::from_json(json, yuan)?;
    /// assert_eq!(
    ///     fact.to_json(yuan),
    ///     r#"{"at":"2026-03-08T11:00:00+08:00","customer":"c-1","id":"r-1","redeemed":{"points":500,"reward":"包"}}"#
    /// );
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn to_json(&self, currency: Currency) -> String {
        canonical(&self.to_value(currency))
    }

    pub(crate) fn to_value(&self, currency: Currency) -> Value {
        let mut keys = Map::new();
        keys.insert("id".to_owned(), json!(&*self.id));
        keys.insert("at".to_owned(), json!(self.at.to_string()));
        let optional = [
            ("customer", self.customer()),
            ("store", self.store.as_deref()),
            ("staff", self.staff.as_deref()),
        ];
        for (key, text) in optional.into_iter().chain([("terminal", self.terminal.as_deref())]) {
            if let Some(text) = text {
                keys.insert(key.to_owned(), json!(text));
            }
        }
        keys.insert(self.kind().to_owned(), body(&self.body, currency));
        Value::Object(keys)
    }
}

fn body(body: &Body<'_>, currency: Currency) -> Value {
    match body {
        Body::Joined { profile, .. } | Body::ProfileChanged { profile, .. } => self::profile(profile),
        Body::Purchased { purchase, .. } => self::purchase(purchase, currency),
        Body::Returned { purchase, lines, .. } => {
            let lines: Vec<Value> = lines.iter().map(|line| returned(line, currency)).collect();
            json!({ "purchase": &**purchase, "lines": lines })
        }
        Body::Adjusted { points, reason, last_day, .. } => {
            let mut value = json!({ "points": points, "reason": &**reason });
            with(&mut value, "last_day", last_day.map(|day| json!(day.to_string())));
            value
        }
        Body::Given { to, points, lots, .. } => {
            let mut value = json!({ "to": &**to, "points": points });
            let lots: Vec<Value> = lots.iter().map(given_lot).collect();
            with(&mut value, "lots", (!lots.is_empty()).then_some(Value::Array(lots)));
            value
        }
        Body::Redeemed { points, reward, .. } => json!({ "points": points, "reward": &**reward }),
        Body::RedemptionReversed { redemption, .. } => json!({ "redemption": &**redemption }),
        Body::TierGranted { tier, reason, last_day, .. } => {
            json!({ "tier": &**tier, "reason": &**reason, "last_day": last_day.to_string() })
        }
        Body::Merged { into, .. } => json!({ "into": &**into }),
        Body::Unmerged { merge, .. } => json!({ "merge": &**merge }),
        Body::Erased { erasure, .. } => self::erasure(erasure, currency),
        Body::Adopted { program } => json!({ "program": &**program }),
    }
}

fn with(value: &mut Value, key: &str, what: Option<Value>) {
    if let (Some(keys), Some(what)) = (value.as_object_mut(), what) {
        keys.insert(key.to_owned(), what);
    }
}

fn profile(profile: &Profile<'_>) -> Value {
    let mut value = json!({});
    with(&mut value, "birthday", profile.birthday.map(anniversary));
    let tags = profile.tags.as_ref().map(|tags| tags.iter().map(|tag| json!(&**tag)).collect());
    with(&mut value, "tags", tags.map(Value::Array));
    value
}

fn anniversary(date: Anniversary) -> Value {
    let (year, month, leap, day) = date.parts();
    let year = year.map_or_else(String::new, |year| format!("{year:04}-"));
    let text = format!("{year}{month:02}-{day:02}");
    match (date.is_lunar(), leap) {
        (false, _) => json!(text),
        (true, false) => json!({ "lunar": text }),
        (true, true) => json!({ "lunar": text, "leap": true }),
    }
}

fn purchase(purchase: &Purchase<'_>, currency: Currency) -> Value {
    let lines: Vec<Value> = purchase.lines.iter().map(|line| self::line(line, currency)).collect();
    let tenders: Vec<Value> = purchase.tenders.iter().map(|tender| self::tender(tender, currency)).collect();
    let mut value = json!({ "lines": lines, "discount": currency.show(purchase.discount) });
    with(&mut value, "tenders", (!tenders.is_empty()).then_some(Value::Array(tenders)));
    value
}

fn line(line: &Line<'_>, currency: Currency) -> Value {
    let mut value = json!({
        "id": &*line.id,
        "quantity": line.quantity.to_string(),
        "amount": currency.show(line.amount),
    });
    for (key, text) in [("item", &line.item), ("category", &line.category)] {
        with(&mut value, key, (!text.is_empty()).then(|| json!(&**text)));
    }
    let components = line.components.iter();
    let components: Map<String, Value> = components
        .map(|component| (component.name.to_string(), json!(currency.show(component.amount))))
        .collect();
    with(&mut value, "components", (!components.is_empty()).then_some(Value::Object(components)));
    value
}

fn tender(tender: &Tender<'_>, currency: Currency) -> Value {
    let amount = currency.show(tender.amount);
    if tender.points > 0 {
        json!({ "points": tender.points, "amount": amount })
    } else {
        json!({ &*tender.kind: amount })
    }
}

fn returned(line: &ReturnedLine<'_>, currency: Currency) -> Value {
    json!({ "id": &*line.id, "quantity": line.quantity.to_string(), "amount": currency.show(line.amount) })
}

fn given_lot(lot: &GivenLot) -> Value {
    let mut value = json!({ "points": lot.points, "first_day": lot.first_day.to_string() });
    with(&mut value, "last_day", lot.last_day.map(|day| json!(day.to_string())));
    value
}

fn erasure(erasure: &Erasure<'_>, currency: Currency) -> Value {
    match erasure {
        Erasure::Asked { alias } => json!({ "alias": &**alias }),
        Erasure::Done { of, awards } => {
            let of: Vec<String> = of.iter().map(super::erasure::shown).collect();
            let awards: Vec<Value> = awards.iter().map(|award| self::award(award, currency)).collect();
            json!({ "of": of, "awards": awards })
        }
    }
}

fn award(award: &Award<'_>, currency: Currency) -> Value {
    let mut value = json!({
        "purchase": &*award.purchase,
        "points": award.points,
        "spend": currency.show(award.spend),
    });
    with(&mut value, "wanted", (award.wanted != award.points).then(|| json!(award.wanted)));
    let returns = award.returns.iter().map(|left| {
        json!({
            "return": &*left.fact,
            "points": left.points,
            "spend": currency.show(left.spend),
            "amount": currency.show(left.amount),
        })
    });
    let returns: Vec<Value> = returns.collect();
    with(&mut value, "returns", (!returns.is_empty()).then_some(Value::Array(returns)));
    value
}
