//! What is told as JSON, as the structs of the C header.

use parure::calendar::Moment;
use parure::fact::Quantity;
use parure::money::Currency;
use parure_c::{
    PARURE_ONE_PIECE, parure_basket, parure_component, parure_envelope, parure_line, parure_moment,
    parure_tender, parure_text,
};
use serde_json::Value;

/// A fact's parts, kept while structs point into them.
pub(super) struct Told {
    pub(super) value: Value,
    pub(super) currency: Currency,
    pub(super) at: Moment,
}

impl Told {
    pub(super) fn text(value: &Value) -> parure_text {
        value.as_str().map_or(parure_text { data: std::ptr::null(), length: 0 }, parure_text::of)
    }

    pub(super) fn money(&self, value: &Value) -> i64 {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if value.is_null() { 0 } else { self.currency.money(&text).expect("an amount").minor() }
    }

    pub(super) fn quantity(value: &Value) -> i64 {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if value.is_null() { PARURE_ONE_PIECE } else { Quantity::parse(&text).expect("a quantity").micros() }
    }

    pub(super) fn envelope(&self) -> parure_envelope {
        let text = |key: &str| Self::text(&self.value[key]);
        parure_envelope {
            size: size_of::<parure_envelope>(),
            id: text("id"),
            at: parure_moment {
                micros: self.at.micros(),
                offset_minutes: i32::from(self.at.offset_minutes()),
            },
            customer: text("customer"),
            store: text("store"),
            staff: text("staff"),
            terminal: text("terminal"),
        }
    }

    /// Calls with the basket as structs.
    pub(super) fn with_basket<T>(&self, purchase: &Value, call: impl FnOnce(&parure_basket) -> T) -> T {
        let rows = purchase["lines"].as_array().expect("lines");
        let parts: Vec<Vec<parure_component>> = rows
            .iter()
            .map(|row| {
                let parts = row["components"].as_object().into_iter().flatten();
                let part = |(name, amount): (&String, &Value)| parure_component {
                    size: size_of::<parure_component>(),
                    name: parure_text::of(name),
                    amount_minor: self.money(amount),
                };
                parts.map(part).collect()
            })
            .collect();
        let line = |(row, parts): (&Value, &Vec<parure_component>)| parure_line {
            size: size_of::<parure_line>(),
            id: Self::text(&row["id"]),
            item: Self::text(&row["item"]),
            category: Self::text(&row["category"]),
            quantity_micros: Self::quantity(&row["quantity"]),
            amount_minor: self.money(&row["amount"]),
            components: parts.as_ptr(),
            component_count: parts.len(),
            piece: Self::text(&row["piece"]),
            price_minor: self.money(&row["price"]),
        };
        let lines: Vec<parure_line> = rows.iter().zip(&parts).map(line).collect();
        let tender = |row: &Value| {
            let row = row.as_object().expect("a tender");
            // Points and coupons of the program's stand beside their amount.
            let named = row.get("amount").map(|amount| ("", amount));
            let besides = ["order", "weight", "price", "loss"];
            let kind = row.iter().find(|(key, _)| !besides.contains(&key.as_str()));
            let (kind, amount) =
                named.or_else(|| kind.map(|(kind, amount)| (&**kind, amount))).expect("an amount");
            let loss = row.get("loss").and_then(Value::as_str).map_or("0", |loss| loss.trim_end_matches('%'));
            parure_tender {
                size: size_of::<parure_tender>(),
                kind: parure_text::of(kind),
                amount_minor: self.money(amount),
                points: row.get("points").and_then(Value::as_i64).unwrap_or(0),
                coupon: named.and(row.get("coupon")).map_or(parure_text::of(""), Self::text),
                order: row.get("order").map_or(parure_text::of(""), Self::text),
                weight_micros: row.get("weight").map_or(0, Self::quantity),
                price_minor: row.get("price").map_or(0, |price| self.money(price)),
                // In hundredths of a percent: quantities are millionths.
                loss: u32::try_from(Quantity::parse(loss).expect("a loss").micros() / 10_000)
                    .expect("a loss"),
            }
        };
        let tenders: Vec<parure_tender> =
            purchase["tenders"].as_array().into_iter().flatten().map(tender).collect();
        call(&parure_basket {
            size: size_of::<parure_basket>(),
            lines: lines.as_ptr(),
            line_count: lines.len(),
            discount_minor: self.money(&purchase["discount"]),
            tenders: tenders.as_ptr(),
            tender_count: tenders.len(),
        })
    }
}
