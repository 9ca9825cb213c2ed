//! Coupons: what is held, used, given back, taken back, passed on and held for a purchase (16.1, 16.4, 16.7 to 16.9). What one takes off is no business of the model: `merge` believes it.

use super::calendar::{Day, Span, day, instant, show};
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
    transferable: bool,
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
        transferable: get(table, "transferable").and_then(toml::Value::as_bool).unwrap_or(false),
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
    issued: Day,
    first: Day,
    last: Option<Day>,
    /// The purchase, its day, and the last day of the coupon then.
    uses: Vec<(String, Day, Option<Day>)>,
    voided: Option<String>,
    passed_on: Option<String>,
    hold: Option<Hold>,
    /// It came to whoever knows a code.
    bearer: bool,
}

/// That nothing but one purchase is paid with it: by which fact, for which, until when.
#[derive(Clone, Debug)]
struct Hold {
    fact: String,
    held_for: String,
    until: String,
}

/// The fact that something happens by, on which day, at which instant.
#[derive(Clone, Copy)]
pub(crate) struct Happens<'a> {
    pub(crate) fact: &'a str,
    pub(crate) today: Day,
    pub(crate) at: i64,
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
        if let Some(by) = &self.passed_on {
            return Some(("coupon_transferred", Some(by.clone())));
        }
        if self.uses.len() >= self.kind.uses {
            return Some(("coupon_used_twice", self.uses.last().map(|(purchase, ..)| purchase.clone())));
        }
        if self.last.is_some_and(|last| last < today.max(self.first)) {
            return Some(("coupon_lapsed", None));
        }
        (today < self.first).then_some(("coupon_not_yet", None))
    }
}

impl Held {
    fn held_at(&self, at: i64) -> Option<&Hold> {
        self.hold.as_ref().filter(|hold| at < instant(&hold.until))
    }

    /// What took it, or holds it.
    fn taken_by(&self, at: i64) -> Option<String> {
        let gone = self.voided.clone().or_else(|| self.passed_on.clone());
        let used = gone.or_else(|| self.uses.last().map(|(purchase, ..)| purchase.clone()));
        used.or_else(|| self.held_at(at).map(|hold| hold.fact.clone()))
    }
}

/// Whether what is held for something is held for this purchase: by its id, or that of an order whose deposit pays.
fn is_for(held_for: &str, fact: &str, body: &Value) -> bool {
    let mut tenders = body["tenders"].as_array().into_iter().flatten();
    held_for == fact || tenders.any(|tender| !tender["deposit"].is_null() && tender["order"] == held_for)
}

/// Codes of which a flag names what took the coupon.
const TAKEN: [&str; 4] = ["coupon_voided", "coupon_transferred", "coupon_used_twice", "coupon_held"];

impl Coupons {
    fn flag(&mut self, code: &str, fact: &str, other: Option<String>) {
        let facts: Vec<String> = other.into_iter().chain([fact.to_owned()]).collect();
        self.flags.push(json!({ "code": code, "facts": facts }));
    }

    /// 16.1
    pub(crate) fn issued(&mut self, (fact, today): (&str, Day), kinds: &[Kind], body: &Value, is_card: bool) {
        let wanted = body["coupon"].as_str().expect("a coupon");
        let Some(kind) = kinds.iter().find(|kind| kind.id == wanted) else {
            self.flag("no_such_coupon", fact, None);
            return;
        };
        let (first, meant) = kind.days(today);
        let last = body["last_day"].as_str().map(day).or(meant);
        // What an occasion gives is given.
        if !body["occasion"].is_boolean() && last.is_some_and(|last| last < first) {
            self.flag("coupon_lapsed", fact, None);
        }
        self.hold(fact, kind, (today, first, last), is_card || body["card"] == true);
    }

    fn hold(
        &mut self,
        fact: &str,
        kind: &Kind,
        (issued, first, last): (Day, Day, Option<Day>),
        bearer: bool,
    ) {
        let (id, kind) = (fact.to_owned(), kind.clone());
        let (uses, voided, passed_on, hold) = (Vec::new(), None, None, None);
        self.held.push(Held { id, kind, issued, first, last, uses, voided, passed_on, hold, bearer });
    }

    /// 16.7: `out`: it was theirs; `into`: it will be. `kinds`: what the program of the day of issue says. Answers what it is.
    pub(crate) fn transferred(
        &mut self,
        happens: Happens<'_>,
        body: &Value,
        (out, into): (bool, bool),
        is_card: bool,
        kinds: impl FnOnce(Day) -> Vec<Kind>,
    ) -> Value {
        let (mut codes, mut terms): (Vec<(&str, Option<String>)>, Value) = (Vec::new(), Value::Null);
        let place = self.held.iter().position(|held| body["coupon"] == *held.id);
        if out {
            match place.map(|place| &self.held[place]) {
                None => codes.push(("unknown_coupon", None)),
                Some(held) => {
                    terms = json!({"of": held.kind.id, "issued": show(held.issued), "first_day": show(held.first)});
                    if let Some(last) = held.last {
                        terms["last_day"] = json!(show(last));
                    }
                    let against = held.against(happens.today).filter(|(code, _)| *code != "coupon_not_yet");
                    let told = &body["terms"];
                    let same = ["of", "issued", "first_day"].iter().all(|key| told[key] == terms[key]);
                    let lasts = |terms: &Value| terms["last_day"].as_str().map_or(Day::MAX, day);
                    let code = match against {
                        Some((code, _)) => Some(code),
                        None if held.held_at(happens.at).is_some() => Some("coupon_held"),
                        None if !held.uses.is_empty() => Some("coupon_used_twice"),
                        None if !held.kind.transferable && !held.bearer => Some("coupon_not_transferable"),
                        None if !(told.is_null() || same && lasts(told) <= lasts(&terms)) => {
                            Some("coupon_terms")
                        }
                        None => None,
                    };
                    let taken = held.taken_by(happens.at);
                    codes.extend(code.map(|code| (code, taken.filter(|_| TAKEN.contains(&code)))));
                }
            }
        }
        let told = &body["terms"];
        let kind = told["issued"]
            .as_str()
            .and_then(|issued| kinds(day(issued)).into_iter().find(|kind| told["of"] == *kind.id));
        if into && kind.is_none() {
            codes.push((if told.is_null() { "unknown_coupon" } else { "no_such_coupon" }, None));
        }
        codes.dedup();
        for (code, other) in codes {
            self.flag(code, happens.fact, other);
        }
        if let Some(place) = place.filter(|_| out) {
            let held = &mut self.held[place];
            if held.voided.is_none() && !told.is_null() {
                held.passed_on.get_or_insert_with(|| happens.fact.to_owned());
            }
        }
        if let (true, Some(kind)) = (into, kind) {
            let first = day(told["first_day"].as_str().expect("a day"));
            let last = told["last_day"].as_str().map(day);
            self.hold(
                happens.fact,
                &kind,
                (day(told["issued"].as_str().expect("a day")), first, last),
                is_card || body["card"] == true,
            );
        }
        terms
    }

    /// 16.9
    pub(crate) fn held(&mut self, happens: Happens<'_>, body: &Value) {
        let Some(place) = self.held.iter().position(|held| body["coupon"] == *held.id) else {
            self.flag("unknown_coupon", happens.fact, None);
            return;
        };
        let held = &self.held[place];
        let other = held.held_at(happens.at).is_some_and(|hold| body["for"] != *hold.held_for);
        let against =
            held.against(happens.today).map(|(code, _)| code).filter(|code| *code != "coupon_not_yet");
        if let Some(code) = against.or(other.then_some("coupon_held")) {
            let taken = held.taken_by(happens.at).filter(|_| TAKEN.contains(&code));
            self.flag(code, happens.fact, taken);
        }
        if !other {
            let text = |key: &str| body[key].as_str().expect("a text").to_owned();
            let hold = Hold { fact: happens.fact.to_owned(), held_for: text("for"), until: text("until") };
            self.held[place].hold = Some(hold);
        }
    }

    pub(crate) fn released(&mut self, happens: Happens<'_>, body: &Value) {
        let Some(place) = self.held.iter().position(|held| body["coupon"] == *held.id) else {
            self.flag("unknown_coupon", happens.fact, None);
            return;
        };
        if self.held[place].held_at(happens.at).is_some_and(|hold| body["for"] == *hold.held_for) {
            self.held[place].hold = None;
        }
    }

    /// 16.9: an order was called off.
    pub(crate) fn let_go(&mut self, order: &Value) {
        for held in &mut self.held {
            held.hold.take_if(|hold| *order == *hold.held_for);
        }
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
        if self.held[at].passed_on.is_none() {
            self.held[at].voided.get_or_insert_with(|| fact.to_owned());
        }
    }

    /// A purchase that is paid with coupons.
    pub(crate) fn used(&mut self, happens: Happens<'_>, body: &Value) {
        let Happens { fact, today, at: now } = happens;
        let tenders = body["tenders"].as_array().into_iter().flatten();
        let named: Vec<&str> = tenders
            .filter(|tender| tender["amount"].is_string())
            .filter_map(|tender| tender["coupon"].as_str())
            .collect();
        let mut codes: Vec<&str> = Vec::new();
        // Of several, the flag names what took the first that was taken before.
        let places: Vec<Option<usize>> =
            named.iter().map(|id| self.held.iter().position(|held| held.id == *id)).collect();
        let taken_by = places.iter().flatten().find_map(|at| self.held[*at].taken_by(now));
        for place in &places {
            let against = match place {
                None => Some("unknown_coupon"),
                Some(at) => {
                    let held = &self.held[*at];
                    let other = held.held_at(now).is_some_and(|hold| !is_for(&hold.held_for, fact, body));
                    let code = held.against(today).map(|(code, _)| code);
                    code.or(other.then_some("coupon_held"))
                }
            };
            if let Some(code) = against.filter(|code| !codes.contains(code)) {
                codes.push(code);
                self.flag(code, fact, taken_by.clone().filter(|_| TAKEN.contains(&code)));
            }
        }
        for at in places.into_iter().flatten() {
            let last = self.held[at].last;
            self.held[at].uses.push((fact.to_owned(), today, last));
            self.held[at].hold.take_if(|hold| is_for(&hold.held_for, fact, body));
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

    /// `morning`: the first instant of the day.
    pub(crate) fn show(&self, on: Day, morning: i64) -> Vec<Value> {
        let usable = |held: &&Held| matches!(held.against(on), None | Some(("coupon_not_yet", _)));
        let mut held: Vec<&Held> = self.held.iter().filter(usable).collect();
        held.sort_by_key(|held| held.last.unwrap_or(Day::MAX));
        let shown = held.into_iter().map(|held| {
            let mut shown = json!({
                "coupon": held.id, "of": held.kind.id, "name": held.kind.name, "first_day": show(held.first),
                "last_day": held.last.map(show), "uses": held.kind.uses - held.uses.len(),
            });
            if let Some(hold) = held.held_at(morning) {
                (shown["held_for"], shown["held_until"]) = (json!(hold.held_for), json!(hold.until));
            }
            shown
        });
        shown.collect()
    }
}
