//! Deposits of what is made to order (21.3, 21.4): each fact that moves some, added up when it is asked about.

use super::calendar::{Day, show};
use super::stored_value;
use serde_json::{Value, json};

/// The order, and what it was ordered as.
struct Order {
    fact: String,
    on: Day,
    body: Value,
}

fn shown(minor: i64) -> String {
    format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
}

fn minor_of(told: &Value) -> i64 {
    if told.is_null() { 0 } else { stored_value::minor_of(told) }
}

#[derive(Default)]
pub(crate) struct Orders {
    all: Vec<Order>,
    /// Of which order, by which fact, how much came in (above zero) or went out; and whether it pays for a purchase or calls the order off.
    moved: Vec<(String, String, i64, &'static str)>,
    pub(crate) flags: Vec<Value>,
}

impl Orders {
    fn left(&self, order: &str) -> i64 {
        self.moved.iter().filter(|moved| moved.0 == order).map(|moved| moved.2).sum()
    }

    fn has(&self, order: &str, what: &str) -> bool {
        self.moved.iter().any(|moved| moved.0 == order && moved.3 == what)
    }

    fn is_known(&self, order: &str) -> bool {
        self.all.iter().any(|known| known.fact == order)
    }

    /// The other side of a conflict: who took last before.
    fn flag(&mut self, code: &str, order: &str, fact: &str) {
        let taking =
            self.moved.iter().rfind(|moved| moved.0 == order && moved.3 != "paid" && moved.1 != fact);
        let facts: Vec<String> =
            taking.map(|moved| moved.1.clone()).into_iter().chain([fact.to_owned()]).collect();
        self.flags.push(json!({ "code": code, "facts": facts }));
    }

    /// What speaks against taking so much, as the fact found it.
    fn objection(&self, order: &str, amount: i64, before: i64) -> Option<&'static str> {
        match () {
            () if !self.is_known(order) => Some("unknown_order"),
            () if self.has(order, "cancelled") => Some("order_closed"),
            () if amount > 0 && amount > self.left(order) - before => Some("deposit_overdrawn"),
            () => None,
        }
    }

    pub(crate) fn ordered(&mut self, fact: &str, body: &Value, on: Day) {
        self.all.push(Order { fact: fact.to_owned(), on, body: body.clone() });
        self.moved.push((fact.to_owned(), fact.to_owned(), minor_of(&body["deposit"]), "paid"));
    }

    pub(crate) fn paid(&mut self, fact: &str, body: &Value) {
        let order = body["order"].as_str().expect("an order");
        if !self.is_known(order) {
            return self.flags.push(json!({ "code": "unknown_order", "facts": [fact] }));
        }
        if self.has(order, "cancelled") && self.left(order) >= 0 {
            self.flag("order_closed", order, fact);
        }
        self.moved.push((order.to_owned(), fact.to_owned(), minor_of(&body["amount"]), "paid"));
    }

    /// What goes back, where the fact does not say it.
    pub(crate) fn cancelled(&mut self, fact: &str, body: &Value) -> Value {
        let order = body["order"].as_str().expect("an order");
        if !self.is_known(order) {
            self.flags.push(json!({ "code": "unknown_order", "facts": [fact] }));
            return Value::Null;
        }
        let (left, kept, back) =
            (self.left(order).max(0), minor_of(&body["kept"]), minor_of(&body["given_back"]));
        if self.has(order, "cancelled") && left == 0 {
            self.flag("order_closed", order, fact);
        } else if kept + back > left {
            self.flag("deposit_overdrawn", order, fact);
        }
        // What went back is believed; untold, all that is left goes, and no more is kept than that.
        let taken = if body["given_back"].is_null() { left } else { kept + back };
        self.moved.push((order.to_owned(), fact.to_owned(), -taken, "cancelled"));
        shown((left - kept).max(0)).into()
    }

    pub(crate) fn pays(&mut self, fact: &str, body: &Value) {
        let tenders = body["tenders"].as_array().into_iter().flatten();
        let named: Vec<(&str, i64)> = tenders
            .filter_map(|tender| Some((tender["order"].as_str()?, minor_of(&tender["deposit"]))))
            .collect();
        let mut codes: Vec<(&str, &str)> = Vec::new();
        for (at, (order, amount)) in named.iter().enumerate() {
            let before = named[..at].iter().filter(|other| other.0 == *order).map(|other| other.1).sum();
            let code = self.objection(order, *amount, before);
            codes.extend(
                code.filter(|code| codes.iter().all(|(known, _)| known != code)).map(|code| (code, *order)),
            );
        }
        for (code, order) in codes {
            self.flag(code, order, fact);
        }
        for (order, amount) in named {
            if self.is_known(order) {
                self.moved.push((order.to_owned(), fact.to_owned(), -amount, "used"));
            }
        }
    }

    pub(crate) fn show(&self) -> Value {
        let shown = |minor: i64| {
            format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
        };
        let open = self.all.iter().filter(|order| {
            self.left(&order.fact) != 0
                || !(self.has(&order.fact, "cancelled") || self.has(&order.fact, "used"))
        });
        open.map(|order| {
            let paid = self.moved.iter().filter(|moved| moved.0 == order.fact && moved.3 == "paid");
            let mut told = json!({
                "order": order.fact,
                "on": show(order.on),
                "amount": shown(minor_of(&order.body["amount"])),
                "paid": shown(paid.map(|moved| moved.2).sum()),
                "left": shown(self.left(&order.fact)),
                "ready": order.body["ready"],
                "cancelled": self.has(&order.fact, "cancelled"),
            });
            if !order.body["item"].is_null() {
                told["item"] = order.body["item"].clone();
            }
            told
        })
        .collect()
    }
}
