//! Facts as JSON: canonical, so that equal facts are equal bytes.

use super::metal::Loss;
use super::{
    Award, AwardLeft, BenefitGrant, Body, Drawn, Erasure, Fact, GivenLot, Introduced, Line, Purchase,
    ReturnedLine, Settlement, Tender,
};
use crate::customer::field;
use crate::json::{Object, list};
use crate::money::{Currency, Money};
use serde_json::Value;

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
        let mut json = String::with_capacity(512);
        let mut keys = Object::begin(&mut json);
        let texts = [
            ("customer", self.customer()),
            ("id", Some(&*self.id)),
            ("staff", self.staff.as_deref()),
            ("store", self.store.as_deref()),
            ("terminal", self.terminal.as_deref()),
        ];
        let kind = self.kind();
        let (before, behind) = texts.split_at(texts.partition_point(|(key, _)| *key < kind));
        if kind < "at" {
            keys.with(kind, |json| body(&self.body, currency, json));
        }
        keys.plain("at", self.at);
        let (customer, before) = before.split_at(usize::from(!self.drawn().is_empty()));
        keys.texts(customer);
        if !self.drawn().is_empty() {
            keys.with("drawn", |json| list(self.drawn(), json, drawn));
        }
        keys.texts(before);
        if kind > "at" {
            keys.with(kind, |json| body(&self.body, currency, json));
        }
        keys.texts(behind);
        keys.end();
        json
    }

    /// The same as a tree, to be compared.
    pub(crate) fn to_value(&self, currency: Currency) -> Value {
        serde_json::from_str(&self.to_json(currency)).unwrap_or_default()
    }
}

/// What happened. Here and below, keys are given in the order of their bytes.
fn body(body: &Body<'_>, currency: Currency, json: &mut String) {
    let mut keys = Object::begin(json);
    match body {
        Body::Joined { profile, .. } | Body::ProfileChanged { profile, .. } => {
            field::write_all(&profile.told, currency, &mut keys);
        }
        Body::Purchased { purchase: Purchase { lines, discount, tenders }, .. } => {
            keys.plain("discount", currency.shown(*discount));
            keys.with("lines", |json| list(lines, json, |line, json| self::line(line, currency, json)));
            if !tenders.is_empty() {
                keys.with("tenders", |json| list(tenders, json, |paid, json| tender(paid, currency, json)));
            }
        }
        Body::Returned { purchase, lines, .. } => {
            keys.with("lines", |json| list(lines, json, |line, json| returned(line, currency, json)));
            keys.text("purchase", purchase);
        }
        Body::Adjusted { points, reason, last_day, .. } => {
            keys.day("last_day", *last_day);
            keys.number("points", *points);
            keys.text("reason", reason);
        }
        Body::Given { to, points, lots, .. } => {
            if !lots.is_empty() {
                keys.with("lots", |json| list(lots, json, given_lot));
            }
            keys.number("points", *points);
            keys.text("to", to);
        }
        Body::Redeemed { points, amount, reward, .. } => {
            if *amount > Money::ZERO {
                keys.plain("amount", currency.shown(*amount));
            }
            keys.number("points", *points);
            keys.text("reward", reward);
        }
        Body::RedemptionSettled { redemption, how, .. } => {
            keys.text("redemption", redemption);
            if *how == (Settlement::Reversed { returned: true }) {
                keys.with("returned", |json| json.push_str("true"));
            }
        }
        Body::TierGranted { tier, reason, last_day, .. } => {
            keys.day("last_day", Some(*last_day));
            keys.text("reason", reason);
            keys.text("tier", tier);
        }
        Body::Merged { into, .. } => keys.text("into", into),
        Body::Unmerged { merge, .. } => keys.text("merge", merge),
        Body::Erased { erasure: Erasure::Asked { alias }, .. } => keys.text("alias", alias),
        Body::Erased { erasure: Erasure::Done { of, awards, introduced }, .. } => {
            keys.with("awards", |json| list(awards, json, |award, json| self::award(award, currency, json)));
            if !introduced.is_empty() {
                keys.with("introduced", |json| list(introduced, json, self::introduced));
            }
            keys.with("of", |json| {
                list(of, json, |of, json| crate::json::text(&super::erasure::shown(of), json));
            });
        }
        Body::Adopted { program } => keys.text("program", program),
        Body::HouseholdJoined { household, may_spend, .. } => {
            keys.text("household", household);
            keys.with("may_spend", |json| json.push_str(if *may_spend { "true" } else { "false" }));
        }
        Body::HouseholdLeft { .. } => {}
        Body::Issued { coupon, last_day, card, .. } => {
            if *card {
                keys.with("card", |json| json.push_str("true"));
            }
            keys.text("coupon", coupon);
            keys.day("last_day", *last_day);
        }
        Body::Voided { coupon, reason, .. } => {
            keys.text("coupon", coupon);
            keys.text("reason", reason);
        }
        Body::Couponed { act, .. } => act.write(&mut keys),
        Body::BenefitGranted { grant, .. } => {
            let BenefitGrant { benefit, times, reason, last_day } = &**grant;
            keys.text("benefit", benefit);
            keys.day("last_day", *last_day);
            keys.text("reason", reason);
            keys.number("times", i64::from(*times));
        }
        Body::BenefitUsed { benefit, of, .. } => {
            keys.text("benefit", benefit);
            if let Some((purchase, line)) = of.as_deref() {
                keys.text("line", line);
                keys.text("purchase", purchase);
            }
        }
        Body::BenefitReversed { used, .. } => keys.text("use", used),
        Body::Valued { act, .. } => act.write(currency, &mut keys),
        Body::Ordered { act, .. } => act.write(currency, &mut keys),
        Body::Consented { consent, .. } => consent.write(&mut keys),
        Body::Met { encounter, .. } => encounter.write(currency, &mut keys),
    }
    keys.end();
}

fn line(line: &Line<'_>, currency: Currency, json: &mut String) {
    let given = |text: &'_ str| !text.is_empty();
    let mut keys = Object::begin(json);
    keys.plain("amount", currency.shown(line.amount));
    if given(&line.category) {
        keys.text("category", &line.category);
    }
    if !line.components.is_empty() {
        let mut components: Vec<_> = line.components.iter().collect();
        components.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        keys.with("components", |json| {
            let mut keys = Object::begin(json);
            for component in components {
                keys.plain(&component.name, currency.shown(component.amount));
            }
            keys.end();
        });
    }
    if !line.custom().is_empty() {
        keys.with("custom", |json| field::write_entries(line.custom(), json));
    }
    keys.text("id", &line.id);
    if given(&line.item) {
        keys.text("item", &line.item);
    }
    if let Some(serial) = line.serial() {
        keys.text("piece", serial);
    }
    if let Some(price) = line.price.as_deref() {
        keys.plain("price", currency.shown(*price));
    }
    keys.plain("quantity", line.quantity);
    keys.end();
}

fn tender(tender: &Tender<'_>, currency: Currency, json: &mut String) {
    let mut keys = Object::begin(json);
    if tender.points > 0 {
        keys.plain("amount", currency.shown(tender.amount));
        keys.number("points", tender.points);
    } else if let Some(coupon) = tender.coupon_id() {
        keys.plain("amount", currency.shown(tender.amount));
        keys.text("coupon", coupon);
    } else if let Some(metal) = tender.metal() {
        if metal.loss > 0 {
            keys.text("loss", &Loss(metal.loss).to_string());
        }
        keys.plain("price", currency.shown(metal.price));
        keys.plain(&tender.kind, currency.shown(tender.amount));
        keys.plain("weight", metal.weight);
    } else {
        keys.plain(&tender.kind, currency.shown(tender.amount));
        if let Some(order) = tender.order() {
            keys.text("order", order);
        }
    }
    keys.end();
}

fn returned(line: &ReturnedLine<'_>, currency: Currency, json: &mut String) {
    let mut keys = Object::begin(json);
    keys.plain("amount", currency.shown(line.amount));
    keys.text("id", &line.id);
    keys.plain("quantity", line.quantity);
    keys.end();
}

fn drawn(drawn: &Drawn<'_>, json: &mut String) {
    let mut keys = Object::begin(json);
    keys.text("customer", &drawn.customer);
    keys.with("lots", |json| list(&drawn.lots, json, given_lot));
    keys.end();
}

fn given_lot(lot: &GivenLot, json: &mut String) {
    let mut keys = Object::begin(json);
    keys.day("first_day", Some(lot.first_day));
    keys.day("last_day", lot.last_day);
    keys.number("points", lot.points);
    keys.end();
}

fn introduced(introduced: &Introduced<'_>, json: &mut String) {
    let mut keys = Object::begin(json);
    keys.text("by", &introduced.by);
    keys.text("purchase", &introduced.purchase);
    keys.text("told", &introduced.told);
    keys.end();
}

fn award(award: &Award<'_>, currency: Currency, json: &mut String) {
    let mut keys = Object::begin(json);
    if let Some(benefit) = &award.benefit {
        keys.text("benefit", benefit);
    }
    if let Some(coupon) = &award.coupon {
        keys.text("coupon", coupon);
    }
    keys.number("points", award.points);
    keys.text("purchase", &award.purchase);
    if !award.returns.is_empty() {
        keys.with("returns", |json| {
            list(&award.returns, json, |left, json| award_left(left, currency, json));
        });
    }
    keys.plain("spend", currency.shown(award.spend));
    if award.wanted != award.points {
        keys.number("wanted", award.wanted);
    }
    keys.end();
}

fn award_left(left: &AwardLeft<'_>, currency: Currency, json: &mut String) {
    let mut keys = Object::begin(json);
    keys.plain("amount", currency.shown(left.amount));
    keys.number("points", left.points);
    keys.text("return", &left.fact);
    keys.plain("spend", currency.shown(left.spend));
    keys.end();
}
