//! Coupons: what is held, used, given back and taken back (16.1, 16.4). What one takes off is no business of the model: `merge` believes it.

use super::calendar::{Day, Span, day, show};
use super::program::{get, number, text_or};
use serde_json::{Value, json};
use toml::Table;

/// One of the program's coupons.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) id: String,
    name: String,
    wait: Option<Span>,
    valid: Option<Span>,
    until: Option<Day>,
    uses: usize,
    returned: String,
}

pub(crate) fn kind(table: &toml::Value) -> Option<Kind> {
    let table: &Table = table.as_table()?;
    let span = |key: &str| get(table, key).map(|span| Span::parse(span.as_str().expect("a span")));
    let id = text_or(table, "id", "");
    Some(Kind {
        name: text_or(table, "name", &id),
        id,
        wait: span("wait"),
        valid: span("valid"),
        until: Some(text_or(table, "until", "")).filter(|until| !until.is_empty()).map(|until| day(&until)),
        uses: usize::try_from(number(table, "uses").unwrap_or(1)).expect("a count"),
        returned: text_or(table, "returned", "rest"),
    })
}

impl Kind {
    /// The first and the last day of one that is issued on a day (16.1).
    fn days(&self, today: Day) -> (Day, Option<Day>) {
        let first = self.wait.map_or(today, |wait| wait.after(today));
        let valid = self.valid.map(|valid| valid.last_day(first));
        (first, [valid, self.until].into_iter().flatten().min())
    }
}

#[derive(Clone, Debug)]
struct Held {
    id: String,
    kind: Kind,
    first: Day,
    last: Option<Day>,
    /// The purchase, its day, and the last day of the coupon then.
    uses: Vec<(String, Day, Option<Day>)>,
    voided: Option<String>,
}

/// All that was issued to an account, in the order of issue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coupons {
    held: Vec<Held>,
    pub(crate) flags: Vec<Value>,
}

impl Held {
    /// What speaks against it on a day, and by what.
    fn against(&self, today: Day) -> Option<(&'static str, Option<String>)> {
        if let Some(by) = &self.voided {
            return Some(("coupon_voided", Some(by.clone())));
        }
        if self.uses.len() >= self.kind.uses {
            return Some(("coupon_used_twice", self.uses.last().map(|(purchase, ..)| purchase.clone())));
        }
        if today < self.first {
            return Some(("coupon_not_yet", None));
        }
        self.last.is_some_and(|last| last < today).then_some(("coupon_lapsed", None))
    }
}

impl Coupons {
    fn flag(&mut self, code: &str, fact: &str, other: Option<String>) {
        let facts: Vec<String> = other.into_iter().chain([fact.to_owned()]).collect();
        self.flags.push(json!({ "code": code, "facts": facts }));
    }

    /// 16.1
    pub(crate) fn issued(&mut self, fact: &str, kinds: &[Kind], body: &Value, today: Day) {
        let wanted = body["coupon"].as_str().expect("a coupon");
        let Some(kind) = kinds.iter().find(|kind| kind.id == wanted) else {
            self.flag("no_such_coupon", fact, None);
            return;
        };
        let (first, meant) = kind.days(today);
        let last = body["last_day"].as_str().map(day).or(meant);
        let (id, kind) = (fact.to_owned(), kind.clone());
        self.held.push(Held { id, kind, first, last, uses: Vec::new(), voided: None });
    }

    pub(crate) fn voided(&mut self, fact: &str, body: &Value, today: Day) {
        let wanted = body["coupon"].as_str().expect("a coupon");
        let Some(at) = self.held.iter().position(|held| held.id == wanted) else {
            self.flag("unknown_coupon", fact, None);
            return;
        };
        if let Some((code, other)) = self.held[at].against(today).filter(|(_, other)| other.is_some()) {
            self.flag(code, fact, other);
        }
        self.held[at].voided.get_or_insert_with(|| fact.to_owned());
    }

    /// A purchase that is paid with coupons.
    pub(crate) fn used(&mut self, fact: &str, body: &Value, today: Day) {
        let tenders = body["tenders"].as_array().into_iter().flatten();
        let named: Vec<&str> = tenders
            .filter(|tender| tender["amount"].is_string())
            .filter_map(|tender| tender["coupon"].as_str())
            .collect();
        let mut codes: Vec<&str> = Vec::new();
        // Of several, the flag names what took the first that was taken before.
        let places: Vec<Option<usize>> =
            named.iter().map(|id| self.held.iter().position(|held| held.id == *id)).collect();
        let taken_by = places.iter().flatten().find_map(|at| {
            let held = &self.held[*at];
            held.voided.clone().or_else(|| held.uses.last().map(|(purchase, ..)| purchase.clone()))
        });
        for place in &places {
            let against = match place {
                None => Some("unknown_coupon"),
                Some(at) => self.held[*at].against(today).map(|(code, _)| code),
            };
            if let Some(code) = against.filter(|code| !codes.contains(code)) {
                codes.push(code);
                let is_taken = ["coupon_voided", "coupon_used_twice"].contains(&code);
                self.flag(code, fact, taken_by.clone().filter(|_| is_taken));
            }
        }
        for at in places.into_iter().flatten() {
            let last = self.held[at].last;
            self.held[at].uses.push((fact.to_owned(), today, last));
        }
    }

    /// 16.4: all of a purchase has come back.
    pub(crate) fn given_back(&mut self, purchase: &str, today: Day) {
        for held in &mut self.held {
            let Some(at) = held.uses.iter().position(|(used, ..)| used == purchase) else { continue };
            let lives_on = match held.kind.returned.as_str() {
                "lost" => continue,
                "anew" => held.kind.days(today).1,
                _ => held.uses[at].2.map(|last| today + (last - held.uses[at].1).max(0)),
            };
            held.uses.remove(at);
            held.last = held.last.map(|last| lives_on.map_or(last, |on| on.max(last)));
        }
    }

    pub(crate) fn show(&self, on: Day) -> Vec<Value> {
        let usable = |held: &&Held| matches!(held.against(on), None | Some(("coupon_not_yet", _)));
        let mut held: Vec<&Held> = self.held.iter().filter(usable).collect();
        held.sort_by_key(|held| held.last.unwrap_or(Day::MAX));
        let shown = held.into_iter().map(|held| {
            json!({
                "coupon": held.id, "of": held.kind.id, "name": held.kind.name, "first_day": show(held.first),
                "last_day": held.last.map(show), "uses": held.kind.uses - held.uses.len(),
            })
        });
        shown.collect()
    }
}
