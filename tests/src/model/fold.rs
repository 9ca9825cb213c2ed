//! All facts of one account, one after another.

use super::benefits::{Benefits, Had};
use super::bought_tiers::{BoughtTiers, Term};
use super::calendar::{Birthday, Day, day, first_instant, instant, local_day, show};
use super::coupons::{Coupons, Happens};
use super::households;
use super::introductions::{self, Claim, Reward};
use super::lots::{Lot, Lots, Piece};
use super::occasions::{self, Life};
use super::orders::Orders;
use super::program::{Program, whole};
use super::purchase::{Purchase, Then, lines, minor, to_pay, weigh};
use super::rewards::Rewards;
use super::stored_value::{StoredValue, Told as OfValue};
use super::tiers::{Seen, Standing};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A question: about whom, as of the end of which day, and after which fact where not after all of that day.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// A customer's id, or one that was merged into it.
    pub customer: &'a str,
    /// As of the end of this day, `2026-05-11`.
    pub on: &'a str,
    /// Only facts up to this one.
    pub up_to: Option<&'a str>,
}

/// The account of a customer: joined, points, tier and aliases, in the shape of the engine's answer.
///
/// `programs` are versions as TOML; `facts` are JSON facts in any order, `adopted` ones among them. One that arrived after a
/// seal has its day as `behind`; one that arrived after its customer was forgotten is `nameless`.
pub fn account(programs: &[&str], facts: &[Value], asked: Asked<'_>) -> Value {
    fold(programs, facts, asked).show()
}

/// What one fact did, in the shape of an outcome: points, balance after it, tier before and after.
pub fn outcome(programs: &[&str], facts: &[Value], customer: &str, fact: &str) -> Value {
    let zone = Program::parse(programs[0]).zone;
    let found = facts.iter().find(|one| one["id"] == fact).expect("the fact");
    let own = local_day(found["at"].as_str().expect("an instant"), zone);
    let on = show(too_late(found, zone).unwrap_or(own));
    let folded = fold(programs, facts, Asked { customer, on: &on, up_to: Some(fact) });
    folded.outcomes.get(fact).cloned().unwrap_or(Value::Null)
}

/// The lots that a gift takes from the giver, for a fact that does not carry them yet.
pub fn lots_given(programs: &[&str], facts: &[Value], fact: &Value) -> Value {
    let mut all = facts.to_vec();
    all.push(fact.clone());
    let id = fact["id"].as_str().expect("an id");
    outcome(programs, &all, fact["customer"].as_str().expect("a customer"), id)["lots"].clone()
}

/// What of a transfer is principal and what bonus, as a book fills it in.
#[must_use]
pub fn parts_transferred(programs: &[&str], facts: &[Value], fact: &Value) -> Value {
    let mut all = facts.to_vec();
    all.push(fact.clone());
    let id = fact["id"].as_str().expect("an id");
    outcome(programs, &all, fact["customer"].as_str().expect("a customer"), id)["parts"].clone()
}

/// What a coupon is that changes hands, as a book fills it in.
#[must_use]
pub fn terms_transferred(programs: &[&str], facts: &[Value], fact: &Value) -> Value {
    let mut all = facts.to_vec();
    all.push(fact.clone());
    let id = fact["id"].as_str().expect("an id");
    outcome(programs, &all, fact["customer"].as_str().expect("a customer"), id)["terms"].clone()
}

/// What goes back of an order that is called off, as a book fills it in.
#[must_use]
pub fn given_back(programs: &[&str], facts: &[Value], fact: &Value) -> Value {
    let mut all = facts.to_vec();
    all.push(fact.clone());
    let id = fact["id"].as_str().expect("an id");
    outcome(programs, &all, fact["customer"].as_str().expect("a customer"), id)["given_back"].clone()
}

struct Folded {
    /// Of those who join, merge and take a merge back.
    flags: Vec<Value>,
    versions: Vec<Program>,
    account: String,
    members: BTreeSet<String>,
    on: Day,
    joined: Option<Day>,
    tags: Vec<String>,
    birthday: Option<Birthday>,
    lots: Lots,
    purchases: Vec<Purchase>,
    redemptions: BTreeMap<String, (i64, Vec<Piece>)>,
    standing: Standing,
    grants: Vec<Term>,
    bought_tiers: BoughtTiers,
    redeemable: Rewards,
    orders: Orders,
    totals: BTreeMap<&'static str, i64>,
    outcomes: BTreeMap<String, Value>,
    /// Of own purchases: who introduced the customer, and the fact that tells so.
    introducers: BTreeMap<String, (String, String)>,
    claims: Vec<Claim>,
    /// Facts of others that it is told of, and the purchases that they are about.
    of_others: BTreeMap<String, String>,
    /// Purchases of others of the household that count here too, and their returns.
    shared: BTreeSet<String>,
    rewards: Vec<Reward>,
    /// Occasions that were settled, with their triggers.
    settled: BTreeSet<(String, String)>,
    is_forgotten: bool,
    life: Life,
    coupons: Coupons,
    benefits: Benefits,
    value: StoredValue,
}

pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

pub(crate) fn customer(fact: &Value) -> &str {
    text(fact, "customer")
}

/// Whom stored value or a coupon goes to.
fn to(fact: &Value) -> &str {
    let kinds = ["value_transferred", "coupon_transferred"];
    kinds.iter().find_map(|kind| fact[kind]["to"].as_str()).unwrap_or("")
}

/// The instant at which a fact is applied, and its own: they differ for one that came too late for a seal.
pub(crate) type Instant = (i64, i64);

/// 1.6: a fact that came when all before a day was sealed (told by `behind`), and happened before it, is applied when that
/// day begins.
fn too_late(fact: &Value, zone: chrono_tz::Tz) -> Option<Day> {
    let sealed = fact["behind"].as_str().map(day)?;
    (local_day(text(fact, "at"), zone) < sealed).then_some(sealed)
}

/// The facts with the instant and the day that they count at.
fn placed(facts: &[Value], zone: chrono_tz::Tz) -> Vec<Value> {
    let place = |fact: &Value| {
        let at = text(fact, "at");
        let late = too_late(fact, zone);
        let mut fact = fact.clone();
        weigh(&mut fact);
        fact["counts_on"] = json!(late.unwrap_or_else(|| local_day(at, zone)));
        fact["counts_at"] = json!(late.map_or_else(|| instant(at), |sealed| first_instant(sealed, zone)));
        fact
    };
    facts.iter().map(place).collect()
}

fn counts_at(fact: &Value) -> Instant {
    (fact["counts_at"].as_i64().expect("an instant"), instant(text(fact, "at")))
}

/// 1.2: by instant, then by the bytes of the id.
fn in_order(facts: &[Value]) -> Vec<&Value> {
    let mut sorted: Vec<&Value> = facts.iter().collect();
    sorted.sort_by_key(|fact| (counts_at(fact), text(fact, "id").as_bytes().to_vec()));
    sorted
}

fn is_move(fact: &Value) -> bool {
    fact.get("merged").is_some() || fact.get("unmerged").is_some()
}

/// 8.1: whether a fact takes a merge back. 1.6: not where the book was sealed between the two.
fn takes_back(fact: &Value, merge: &Value) -> bool {
    fact["unmerged"]["merge"] == merge["id"]
        && fact["customer"] == merge["customer"]
        && fact["behind"] == merge["behind"]
}

/// 8.1: who was merged into whom, and the account each belongs to.
pub(crate) fn accounts(facts: &[&Value]) -> BTreeMap<String, String> {
    let mut into: BTreeMap<String, String> = BTreeMap::new();
    fn root(into: &BTreeMap<String, String>, of: &str) -> String {
        into.get(of).map_or_else(|| of.to_owned(), |next| root(into, next))
    }
    for fact in facts {
        if let Some(body) = fact.get("merged")
            && !facts.iter().any(|other| takes_back(other, fact))
        {
            let (from, target) = (root(&into, customer(fact)), root(&into, text(body, "into")));
            if from != target {
                into.insert(from, target);
            }
        }
    }
    into.keys().map(|of| (of.clone(), root(&into, of))).collect()
}

/// 1.3: what `record` would have refused of those who join, merge and take a merge back: whom it happened to, the code, the facts.
/// `facts` are all facts in order.
fn conflicts<'a>(facts: &[&'a Value]) -> Vec<(&'a str, &'static str, Vec<&'a str>)> {
    let id = |fact: &'a Value| text(fact, "id");
    let place = |wanted: &str| facts.iter().position(|fact| fact["id"] == wanted);
    let mut found = Vec::new();
    for (at, fact) in facts.iter().enumerate() {
        let (whom, earlier) = (customer(fact), &facts[..at]);
        if fact.get("joined").is_some()
            && let Some(first) =
                earlier.iter().find(|one| one.get("joined").is_some() && customer(one) == whom)
        {
            found.push((whom, "already_joined", vec![id(first), id(fact)]));
        }
        // Kept only where the two turn out to be one.
        if fact.get("given").is_some() || !to(fact).is_empty() {
            found.push((whom, "same_account", vec![id(fact)]));
        }
        if let Some(undone) = fact["unmerged"]["merge"].as_str() {
            // Of this customer, made before, and not taken back before.
            let merge = place(undone).filter(|at| facts[*at].get("merged").is_some());
            let merge = merge.filter(|at| customer(facts[*at]) == whom);
            let again = |one: &&&Value| one["unmerged"]["merge"] == undone && customer(one) == whom;
            match (merge, earlier.iter().find(again)) {
                (None, _) => found.push((whom, "unknown_merge", vec![id(fact)])),
                (Some(_), Some(first)) => found.push((whom, "unknown_merge", vec![id(first), id(fact)])),
                (Some(made), None) if made > at => {
                    found.push((whom, "unknown_merge", vec![undone, id(fact)]));
                }
                (Some(_), None) => {}
            }
        }
        let Some(into) = fact["merged"]["into"].as_str() else { continue };
        // A merge taken back counts as never made: only those that stay are looked at.
        let stays = |one: &Value| !facts.iter().any(|other| takes_back(other, one));
        if !stays(fact) {
            continue;
        }
        let staying: Vec<&Value> =
            earlier.iter().copied().filter(|one| one.get("merged").is_none() || stays(one)).collect();
        let is_known = |who: &str| {
            let theirs = |one: &&Value| {
                !is_move(one) && (customer(one) == who || one["given"]["to"] == who || to(one) == who)
            };
            earlier.iter().copied().any(|one| theirs(&one))
        };
        let roots = accounts(&staying);
        let root = |of: &str| roots.get(of).cloned().unwrap_or_else(|| of.to_owned());
        if root(whom) != whom {
            // The first merge after which they did not stand for themselves.
            let by = (0..staying.len()).find(|at| accounts(&staying[..=*at]).contains_key(whom));
            found.push((whom, "already_merged", vec![id(staying[by.expect("a merge")]), id(fact)]));
        } else if root(into) == whom {
            found.push((whom, "same_account", vec![id(fact)]));
        } else if !is_known(whom) || !is_known(into) {
            found.push((whom, "unknown_customer", vec![id(fact)]));
        }
    }
    found
}

fn fold(programs: &[&str], facts: &[Value], asked: Asked<'_>) -> Folded {
    fold_one(programs, facts, asked, true)
}

/// 14: who introduced others is told of their first purchases. These depend on nobody else.
fn fold_one(programs: &[&str], facts: &[Value], asked: Asked<'_>, introduces: bool) -> Folded {
    let source = facts;
    let mut versions: Vec<Program> = programs.iter().map(|source| Program::parse(source)).collect();
    let zone = versions[0].zone;
    let on = day(asked.on);
    let local = |fact: &Value| fact["counts_on"].as_i64().expect("a day");
    let facts = placed(facts, zone);
    let mut sorted = in_order(&facts);
    // 1.7: a version counts by its own day; 8.1: merged is as if they had always been one.
    let all = sorted.clone();
    sorted.retain(|fact| local(fact) <= on);
    if let Some(last) = asked.up_to
        && let Some(place) = sorted.iter().position(|fact| fact["id"] == last)
    {
        sorted.truncate(place + 1);
    }
    for fact in &all {
        match fact.get("adopted").map(|body| &body["program"]) {
            Some(Value::String(source)) => versions.push(Program::parse(source)),
            Some(object) => {
                let table = toml::Table::try_from(object).expect("a program");
                versions.push(Program::read(&table));
            }
            None => continue,
        }
        // 1.6: what is sealed stays as it was computed.
        if let (Some(sealed), Some(version)) = (fact["behind"].as_str(), versions.last_mut()) {
            version.effective = version.effective.max(day(sealed));
        }
    }
    versions.sort_by_key(|version| version.effective);

    let roots = accounts(&all);
    let account = roots.get(asked.customer).cloned().unwrap_or_else(|| asked.customer.to_owned());
    let mut members: BTreeSet<String> = [account.clone()].into();
    members.extend(roots.iter().filter(|(_, root)| **root == account).map(|(of, _)| of.clone()));
    let (mut introducers, mut of_others) = (BTreeMap::new(), BTreeMap::new());
    if versions.iter().any(|version| version.introduction.is_some()) {
        for fact in
            all.iter().filter(|fact| members.contains(customer(fact)) && fact.get("purchased").is_some())
        {
            let found = introductions::introducer(&all, fact);
            introducers.extend(found.map(|found| (text(fact, "id").to_owned(), found)));
        }
        let root = |of: &str| roots.get(of).cloned().unwrap_or_else(|| of.to_owned());
        // Only of those who were told to have been introduced by one of theirs.
        let names = |fact: &&&Value| {
            let profile = fact.get("joined").or(fact.get("profile_changed"));
            let by = profile.and_then(|profile| profile["introduced_by"].as_str());
            by.is_some_and(|by| members.contains(by))
        };
        let others: BTreeSet<String> = all.iter().filter(names).map(|fact| root(customer(fact))).collect();
        for other in others.iter().filter(|other| introduces && !members.contains(*other)) {
            let folded =
                fold_one(programs, source, Asked { customer: other, on: asked.on, up_to: None }, false);
            of_others.extend(introductions::of_others(&members, &folded.claims));
        }
    }
    let shared = households::shared(&all, &versions, &members, &roots);
    sorted.retain(|fact| {
        shared.contains(text(fact, "id"))
            || members.contains(customer(fact))
            || members.contains(text(&fact["given"], "to"))
            || members.contains(to(fact))
            || drawn(fact).iter().any(|one| members.contains(customer(one)))
            || of_others.contains_key(text(fact, "id"))
    });

    // What happened within the account first, then who merged.
    let by_day = |fact: &str| all.iter().any(|one| one["id"] == fact && local(one) <= on);
    let mut flags = conflicts(&all);
    flags.retain(|(whom, code, facts)| {
        let last = facts.last().expect("a fact");
        // 8.1: as if they had always been one, so who gives to the other gives to themselves.
        let goes = |one: &Value| one.get("given").is_some() || !to(one).is_empty();
        let goes_to = |one: &Value| format!("{}{}", text(&one["given"], "to"), to(one));
        let apart = |one: &&Value| one["id"] == *last && !members.contains(&goes_to(one));
        let gives = *code == "same_account" && all.iter().any(|one| one["id"] == *last && goes(one));
        members.contains(*whom) && by_day(last) && !(gives && all.iter().any(apart))
    });
    let moves = |fact: &str| all.iter().any(|one| one["id"] == fact && is_move(one));
    flags.sort_by_key(|(_, _, facts)| moves(facts.last().expect("a fact")));
    let flags = flags.into_iter().map(|(_, code, facts)| json!({ "code": code, "facts": facts })).collect();

    let mut folded = Folded {
        flags,
        versions,
        account,
        members,
        on,
        joined: None,
        tags: Vec::new(),
        birthday: None,
        lots: Lots::default(),
        purchases: Vec::new(),
        redemptions: BTreeMap::new(),
        standing: Standing::start(),
        grants: Vec::new(),
        bought_tiers: BoughtTiers::default(),
        redeemable: Rewards::default(),
        orders: Orders::default(),
        totals: BTreeMap::new(),
        outcomes: BTreeMap::new(),
        introducers,
        claims: Vec::new(),
        of_others,
        shared,
        rewards: Vec::new(),
        settled: BTreeSet::new(),
        is_forgotten: false,
        life: Life::default(),
        coupons: Coupons::default(),
        benefits: Benefits::default(),
        value: StoredValue::default(),
    };
    let place = |fact: &Value| all.iter().position(|one| one["id"] == *fact);
    let mut facts = sorted.into_iter().enumerate().peekable();
    let Some(first) = facts.peek().map(|(_, fact)| local(fact)) else { return folded };
    for today in first..=on {
        folded.begin_day(today);
        while let Some((order, fact)) = facts.next_if(|(_, fact)| local(fact) <= today) {
            // Orders count from 1: a period "after 0" holds them all.
            folded.apply(fact, order as i64 + 1, today);
        }
    }
    // In the order of what happened, those of merges last.
    let mut flags = std::mem::take(&mut folded.flags);
    flags.append(&mut folded.value.flags);
    flags.append(&mut folded.orders.flags);
    flags.append(&mut folded.coupons.flags);
    flags.append(&mut folded.benefits.flags);
    flags.append(&mut folded.redeemable.flags);
    flags.sort_by_key(|flag| {
        let last = flag["facts"].as_array().and_then(|facts| facts.last()).expect("a fact");
        (moves(last.as_str().expect("an id")), place(last))
    });
    folded.flags = flags;
    folded
}

impl Folded {
    /// 1.7
    fn version(&self, day: Day) -> Option<usize> {
        self.versions.iter().rposition(|version| version.effective <= day)
    }

    /// For what must be answered also before the first version's day.
    fn program(&self, day: Day) -> Program {
        self.versions[self.version(day).unwrap_or(0)].clone()
    }

    fn seen<'a>(&'a self, program: &'a Program) -> Seen<'a> {
        Seen { program, purchases: &self.purchases, joined: self.joined }
    }

    fn begin_day(&mut self, day: Day) {
        let program = self.program(day);
        let mut standing = self.standing.clone();
        if self.version(day) != self.version(day - 1) && self.version(day) > Some(0) {
            standing.change_version(&self.program(day - 1), &self.seen(&program), day);
        }
        standing.begin_day(&self.seen(&program), day);
        self.standing = standing;
    }

    /// 7.5, 7.7: the grant that lifts the member on a day, if one does.
    fn grant(&self, day: Day) -> Option<Term> {
        let all = self.grants.iter().cloned().chain(self.bought_tiers.terms());
        let active = all
            .filter(|(level, first, last, _)| *first <= day && day <= *last && *level > self.standing.level);
        active.max_by_key(|(level, _, last, _)| (*level, *last))
    }

    /// The tier that is earned, since when and through which day.
    fn earned(&self, program: &Program, today: Day) -> (usize, Option<Day>, Option<Day>) {
        (self.standing.level, self.standing.since, self.standing.until(program, today))
    }

    fn level(&self, day: Day) -> usize {
        self.grant(day).map_or(self.standing.level, |(level, ..)| level)
    }

    fn add(&mut self, total: &'static str, points: i64) {
        *self.totals.entry(total).or_insert(0) += points;
    }

    fn apply(&mut self, fact: &Value, order: i64, today: Day) {
        let id = text(fact, "id").to_owned();
        let program = self.program(today);
        if !self.members.contains(customer(fact)) {
            // 15.3: others pay with these points.
            let lent: i64 = drawn(fact)
                .iter()
                .filter(|one| self.members.contains(customer(one)))
                .map(|one| lots_of(fact, one).iter().map(|lot| lot.left).sum::<i64>())
                .sum();
            if lent > 0 {
                self.lots.spend(lent, today, &taker(fact));
                self.add("given", lent);
            }
            let reward = self.of_others.get(&id).cloned();
            if let Some(purchase) = &reward {
                self.told_of_another(fact, purchase, today, &program);
            }
            let is_shared = self.shared.contains(&id);
            if is_shared {
                self.shares(fact, order, today, &program);
            }
            if lent > 0 || reward.is_some() || is_shared {
                return;
            }
        }
        let before = self.level(today);
        let receives = !fact["given"].is_null() && self.members.contains(text(&fact["given"], "to"));
        let gives = self.members.contains(customer(fact));
        let (kind, body) = fact
            .as_object()
            .and_then(|fact| {
                let envelope = [
                    "id",
                    "at",
                    "customer",
                    "store",
                    "staff",
                    "terminal",
                    "drawn",
                    "behind",
                    "nameless",
                    "counts_on",
                    "counts_at",
                ];
                fact.iter().find(|(key, _)| !envelope.contains(&key.as_str()))
            })
            .expect("a fact with a body");
        if gives {
            self.life.tell(&id, kind, body, today);
        }
        let (mut parts, mut given_back, mut terms) = (Value::Null, Value::Null, Value::Null);
        let happens = Happens { fact: &id, today, at: counts_at(fact).0 };
        let rules = program.stored_value.as_ref();
        let of_value = OfValue { id: &id, customer: customer(fact), at: counts_at(fact), today, rules };
        let mut points = match kind.as_str() {
            "joined" | "profile_changed" => self.told(body, kind == "joined", today),
            "purchased" => self.purchased(fact, body, order, today, &program),
            "returned" => self.returned(&id, body, today),
            "adjusted" => self.adjusted(fact, body, today, &program),
            "reported" => self.reported(fact, body, today, &program),
            "given" => json!({}),
            "redeemed" => {
                self.redeemable.redeemed(&id, &program.rewards, body, today, self.joined);
                self.redeemed(fact, body, today)
            }
            "ordered" => {
                self.orders.ordered(&id, body, today);
                json!({})
            }
            "deposit_paid" => {
                self.orders.paid(&id, body);
                json!({})
            }
            "order_cancelled" => {
                given_back = self.orders.cancelled(&id, body);
                self.coupons.let_go(&body["order"]);
                json!({})
            }
            "handed_over" => {
                self.redeemable.settled(&id, kind, body);
                json!({})
            }
            "redemption_reversed" => {
                self.redeemable.settled(&id, kind, body);
                self.reversed(body, today, &program)
            }
            "erased" => self.forgotten(&program),
            "tier_granted" => self.granted(&id, body, today, &program),
            "issued" => {
                self.coupons.issued((&id, today), &program.coupons, body, self.joined.is_none());
                json!({})
            }
            "benefit_granted" => {
                self.benefits.granted(&id, &program.benefits, body, today);
                json!({})
            }
            "benefit_used" => {
                let tier = &program.tiers[before].benefits;
                let had = Had { fact: &id, benefits: &program.benefits, tier, joined: self.joined, today };
                self.benefits.used(&had, body);
                json!({})
            }
            "benefit_reversed" => {
                self.benefits.reversed(&id, body);
                json!({})
            }
            "topped_up" => {
                self.value.topped_up(&of_value, body, self.joined.is_some());
                json!({})
            }
            "value_refunded" => {
                self.value.refunded(&of_value, body);
                json!({})
            }
            "value_transferred" => {
                let sides = (gives, self.members.contains(to(fact)));
                parts = self.value.transferred(&of_value, body, sides, self.joined.is_some());
                json!({})
            }
            "value_frozen" | "value_released" => {
                self.value.freezes(&of_value, kind == "value_frozen");
                json!({})
            }
            "coupon_transferred" => {
                let sides = (gives, self.members.contains(to(fact)));
                let versions = &self.versions;
                let kinds = |issued| {
                    let version = versions.iter().rposition(|version| version.effective <= issued);
                    versions[version.unwrap_or(0)].coupons.clone()
                };
                terms = self.coupons.transferred(happens, body, sides, self.joined.is_none(), kinds);
                json!({})
            }
            "coupon_held" => {
                self.coupons.held(happens, body);
                json!({})
            }
            "coupon_released" => {
                self.coupons.released(happens, body);
                json!({})
            }
            "voided" => {
                self.coupons.voided(&id, body, today);
                json!({})
            }
            _ => json!({}),
        };
        let lent: i64 = self.lent_by_others(fact).iter().map(|lot| lot.left).sum();
        if lent > 0 {
            points["received"] = json!(lent);
        }
        let mut lots = Value::Null;
        if kind == "given" && gives {
            lots = self.gives(body, today);
            points["given"] = body["points"].clone();
        }
        if receives {
            self.receives(fact, body, today, &program);
            points["received"] = body["points"].clone();
        }
        let mut standing = self.standing.clone();
        if program.effective <= today {
            standing.after_fact(&self.seen(&program), today, &id, order, kind == "returned");
        }
        self.standing = standing;
        let tier = |level: usize| program.tiers[level].id.clone();
        let answer = json!({
            "fact": id,
            "account": self.account,
            "day": show(today),
            "points": points,
            "balance": self.lots.balance(today),
            "tier": { "before": tier(before), "after": tier(self.level(today)) },
            "lots": lots,
            "parts": parts,
            "given_back": given_back,
            "terms": terms,
        });
        self.outcomes.insert(id, answer);
    }

    fn joins(&mut self, today: Day) {
        if self.joined.is_none() {
            self.joined = Some(today);
            self.standing.since = self.standing.since.or(Some(today));
        }
    }

    fn told(&mut self, body: &Value, joins: bool, today: Day) -> Value {
        if joins {
            self.joins(today);
        }
        if !body["birthday"].is_null() {
            self.birthday = Some(Birthday::parse(&body["birthday"]));
        }
        let texts = |list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let changes = &body["tags"];
        if changes.is_array() {
            self.tags = texts(changes);
        }
        // 12.1: what goes out goes first.
        let gone = texts(&changes["remove"]);
        self.tags.retain(|tag| !gone.contains(tag));
        for tag in texts(&changes["add"]) {
            if !self.tags.contains(&tag) {
                self.tags.push(tag);
            }
        }
        for field in texts(&body["forget"]) {
            match field.as_str() {
                "tags" => self.tags.clear(),
                "birthday" => self.birthday = None,
                _ => {}
            }
        }
        json!({})
    }

    /// 15.5: somebody else of the household bought or gave back.
    fn shares(&mut self, fact: &Value, order: i64, today: Day, program: &Program) {
        let Some(version) = self.version(today).filter(|_| self.joined.is_some()) else { return };
        if let Some(body) = fact.get("purchased") {
            let mut purchase = self.bought(fact, body, order, today, program);
            (purchase.version, purchase.shared, purchase.spent) = (Some(version), true, 0);
            purchase.growth = Standing::growth_of(program, &purchase);
            self.standing.growth += purchase.growth;
            let earned = self.earned(program, today);
            self.bought_tiers.brought((text(fact, "id"), today), &purchase, program, &self.grants, earned);
            self.purchases.push(purchase);
        } else {
            let named = text(&fact["returned"], "purchase");
            let Some(index) = self.purchases.iter().position(|one| one.fact == named && one.shared) else {
                return;
            };
            let mut purchase = self.purchases[index].clone();
            purchase.give_back(&fact["returned"]);
            let gone = purchase.lines.iter().filter(|line| !line.is_left()).map(|line| line.id.clone());
            self.bought_tiers.lost(named, &gone.collect::<Vec<_>>());
            let then = self.versions[purchase.version.expect("it counts")].clone();
            let growth = Standing::growth_of(&then, &purchase);
            self.standing.growth = (self.standing.growth - (purchase.growth - growth)).max(0);
            purchase.growth = growth;
            self.purchases[index] = purchase;
        }
        let mut standing = self.standing.clone();
        let is_return = fact.get("returned").is_some();
        standing.after_fact(&self.seen(program), today, text(fact, "id"), order, is_return);
        self.standing = standing;
    }

    fn purchased(&mut self, fact: &Value, body: &Value, order: i64, today: Day, program: &Program) -> Value {
        if program.joins_at_purchase {
            self.joins(today);
        }
        let id = text(fact, "id").to_owned();
        let mut purchase = self.bought(fact, body, order, today, program);
        let rules = program.stored_value.as_ref();
        let of_value = OfValue { id: &id, customer: customer(fact), at: counts_at(fact), today, rules };
        self.value.pays(&of_value, body, &purchase.lines);
        self.orders.pays(&id, body);
        self.coupons.used(Happens { fact: &id, today, at: counts_at(fact).0 }, body);
        // 11.1
        if purchase.version.is_some() {
            self.benefits.brought(&id, &program.benefits, &purchase, program);
            let earned = self.earned(program, today);
            self.bought_tiers.brought((&id, today), &purchase, program, &self.grants, earned);
        }
        let (version, spent) = (purchase.version, purchase.spent);
        // 4.8: points spent, then the award, then the tiers.
        purchase.pieces = self.pays(fact, spent, today);
        let (wanted, awarded, rules) =
            if version.is_some() { purchase.earns(program) } else { (0, 0, Vec::new()) };
        purchase.awarded = awarded;
        let first_day = program.pending.map_or(today, |wait| wait.after(today));
        let last_day = last_day(program, today, first_day);
        let lot = Lot {
            fact: id,
            instant: counts_at(fact),
            left: awarded,
            first_day,
            last_day,
            welcome_at: None,
            drawn: false,
        };
        let debt_paid = self.lots.award(lot);
        if version.is_some() {
            purchase.growth = Standing::growth_of(program, &purchase);
            self.standing.growth += purchase.growth;
        }
        let welcome = self.claims(fact, &purchase, program);
        self.purchases.push(purchase);
        self.add("awarded", awarded);
        self.add("spent", spent);
        let (wanted, awarded) = (wanted + welcome, awarded + welcome);
        json!({ "wanted": wanted, "awarded": awarded, "debt_paid": debt_paid, "spent": spent, "rules": rules })
    }

    /// The customer as they are just before a fact.
    fn then(&self, fact: &Value, today: Day, program: &Program) -> Then {
        let seen = self.seen(program);
        let level = self.level(today);
        let counted = || self.purchases.iter().filter(|one| one.version.is_some());
        let standing = counted().filter(|one| !one.wholly_returned() && !one.shared);
        // 9: it came in when its customer had been forgotten.
        let told = fact["nameless"].is_null();
        Then {
            store: text(fact, "store").to_owned(),
            tier: program.tiers[level].id.clone(),
            tier_multiply: program.tiers[level].multiply.clone(),
            tags: if told { self.tags.clone() } else { Vec::new() },
            birthday: self.birthday.filter(|_| told),
            purchases: standing.count() as i64,
            visits: Seen::visits(counted()),
            points: self.lots.balance(today),
            spend_total: counted().map(|one| one.spend(&minor(program))).sum(),
            ladder_start: program
                .earn
                .iter()
                .map(|rule| rule.over.map_or_else(|| whole(0), |window| seen.spend(window, today)))
                .collect(),
            room: self.room(today, program),
        }
    }

    /// A purchase as it comes in.
    fn bought(&self, fact: &Value, body: &Value, order: i64, today: Day, program: &Program) -> Purchase {
        let version = self.version(today);
        let (lines, spent) = lines(program, body);
        let then = self.then(fact, today, program);
        let id = text(fact, "id").to_owned();
        let mut purchase = Purchase {
            fact: id.clone(),
            order,
            day: today,
            version,
            lines,
            then,
            awarded: 0,
            taken: 0,
            lapsed_counted: 0,
            spent,
            pieces: Vec::new(),
            restored: 0,
            growth: 0,
            told: None,
            to_pay: to_pay(body),
            shared: false,
        };
        if program.qualifying.is_some() {
            for index in 0..purchase.lines.len() {
                let asked = purchase.asked(program, Some(&purchase.lines[index]));
                let qualifies = super::condition::holds(program.qualifying.as_ref(), &asked);
                purchase.lines[index].qualifies = qualifies;
            }
        }
        purchase
    }

    /// 4.6: the most that the caps leave, counted by what was awarded, whatever came back.
    fn room(&self, today: Day, program: &Program) -> Option<i64> {
        let awarded = |same: &dyn Fn(Day) -> bool| -> i64 {
            self.purchases.iter().filter(|one| same(one.day)).map(|one| one.awarded).sum()
        };
        let [purchase, per_day, month, year] = program.caps;
        let rooms = [
            purchase,
            per_day.map(|cap| cap - awarded(&|other| other == today)),
            month.map(|cap| cap - awarded(&|other| super::calendar::same_month(other, today))),
            year.map(|cap| cap - awarded(&|other| super::calendar::same_year(other, today))),
        ];
        rooms.into_iter().flatten().min().map(|room| room.max(0))
    }

    fn returned(&mut self, id: &str, body: &Value, today: Day) -> Value {
        let named = text(body, "purchase");
        let Some(index) = self.purchases.iter().position(|one| one.fact == named && !one.shared) else {
            return json!({});
        };
        let mut purchase = self.purchases[index].clone();
        let now = self.program(today);
        let then = purchase.version.map(|version| self.versions[version].clone());
        purchase.give_back(body);
        let gone = |line: &super::purchase::Line| !line.is_left();
        let lines = purchase.lines.iter().filter(|line| gone(line)).map(|line| line.id.clone());
        let lines: Vec<String> = lines.collect();
        self.benefits.lost(named, &lines);
        self.bought_tiers.lost(named, &lines);
        let rules = self.program(purchase.day).stored_value;
        self.value.gives_back(named, &purchase.lines, (rules.as_ref(), now.stored_value.as_ref()), today);
        if purchase.wholly_returned() {
            self.coupons.given_back(named, today);
        }
        // 6.4
        let back: super::program::Exact = purchase.lines.iter().map(|line| line.returned.clone()).sum();
        let bought: super::program::Exact = purchase.lines.iter().map(|line| line.amount.clone()).sum();
        let due = if bought == whole(0) { whole(0) } else { (whole(purchase.spent) * back / bought).floor() };
        let due: i64 = due.to_integer().try_into().expect("points");
        let restored = due - purchase.restored;
        purchase.restored = due;
        self.lots.give_back(&mut purchase.pieces, restored, today, now.restored);
        self.add("spent", -restored);
        let debt = self.lots.debt;
        // 6.2
        let earned = then.as_ref().map_or(0, |program| purchase.earns(program).1);
        let take = (purchase.awarded - earned - purchase.taken).max(0);
        purchase.taken += take;
        let own = purchase.fact.clone();
        let (counted, mut taken) = self.take_back(&own, take, purchase.lapsed_counted, now.forgive, today);
        purchase.lapsed_counted += counted;
        if let Some(program) = &then {
            let growth = Standing::growth_of(program, &purchase);
            self.standing.growth = (self.standing.growth - (purchase.growth - growth)).max(0);
            purchase.growth = growth;
        }
        if let Some(program) = &then {
            taken += self.claims_less(id, &purchase, program, now.forgive, today);
        }
        self.purchases[index] = purchase;
        let owed = self.lots.debt - debt;
        json!({ "taken_back": taken, "owed": owed, "restored": restored })
    }

    /// 6.3: lapsed, then the fact's own lots, then pending, then usable, then debt. What had lapsed and counts, and what was taken.
    fn take_back(
        &mut self,
        fact: &str,
        take: i64,
        counted_before: i64,
        forgive: bool,
        today: Day,
    ) -> (i64, i64) {
        let own = |lot: &Lot| lot.fact == fact && !lot.drawn;
        let lapsed: i64 =
            self.lots.all.iter().filter(|lot| own(lot) && lot.lapsed(today)).map(|lot| lot.left).sum();
        let counted = take.min(lapsed - counted_before);
        let order: Vec<usize> = self.lots.in_order();
        let part = |keep: &dyn Fn(&Lot) -> bool| -> Vec<usize> {
            order.iter().copied().filter(|index| keep(&self.lots.all[*index])).collect()
        };
        let mut from = part(&|lot| own(lot) && !lot.lapsed(today));
        from.extend(part(&|lot| !own(lot) && lot.pending(today)));
        from.extend(part(&|lot| !own(lot) && lot.usable(today)));
        let taken: i64 = self.lots.take(take - counted, &from).iter().map(|piece| piece.points).sum();
        let owed = if forgive { 0 } else { take - counted - taken };
        self.lots.debt += owed;
        self.add("taken_back", taken + owed);
        (counted, taken + owed)
    }

    /// 14.1: a first purchase of someone who was introduced. What it is worth to themselves.
    fn claims(&mut self, fact: &Value, purchase: &Purchase, program: &Program) -> i64 {
        let id = text(fact, "id");
        let (Some(rules), Some((introducer, by))) =
            (&program.introduction, self.introducers.get(id).cloned())
        else {
            return 0;
        };
        if purchase.version.is_none() || purchase.then.purchases > 0 || purchase.to_pay < rules.least {
            return 0;
        }
        let claim =
            Claim { purchase: id.to_owned(), introducer, by: by.clone(), welcome: rules.welcome, lost: None };
        self.claims.push(claim);
        if rules.welcome > 0 {
            let first_day = rules.after.after(purchase.day);
            let lot = Lot {
                fact: by,
                instant: counts_at(fact),
                left: rules.welcome,
                first_day,
                last_day: last_day(program, purchase.day, first_day),
                welcome_at: Some(id.to_owned()),
                drawn: false,
            };
            self.lots.award(lot);
            self.add("awarded", rules.welcome);
        }
        rules.welcome
    }

    /// 14.3: something of a first purchase came back. What is taken back of its own points.
    fn claims_less(
        &mut self,
        id: &str,
        purchase: &Purchase,
        program: &Program,
        forgive: bool,
        today: Day,
    ) -> i64 {
        let (Some(rules), Some(at)) = (
            &program.introduction,
            self.claims.iter().position(|claim| claim.purchase == purchase.fact && claim.lost.is_none()),
        ) else {
            return 0;
        };
        if introductions::is_enough(rules, purchase, &minor(program)) {
            return 0;
        }
        self.claims[at].lost = Some(id.to_owned());
        let (by, welcome) = (self.claims[at].by.clone(), self.claims[at].welcome);
        self.take_back(&by, welcome, 0, forgive, today).1
    }

    /// 14: someone whom the account introduced has bought for the first time, or given that back.
    fn told_of_another(&mut self, fact: &Value, purchase: &str, today: Day, program: &Program) {
        if text(fact, "id") != purchase {
            let reward = self.rewards.iter().position(|reward| reward.purchase == purchase && !reward.lost);
            let Some(reward) = reward else { return };
            self.rewards[reward].lost = true;
            let points = self.rewards[reward].points;
            self.take_back(purchase, points, 0, program.forgive, today);
            return;
        }
        let (Some(rules), Some(joined)) = (&program.introduction, self.joined) else { return };
        // 14.2
        if self.is_forgotten {
            return;
        }
        let within = |reward: &&Reward| introductions::is_within(rules, reward, today, joined);
        let given = self.rewards.iter().filter(within).count();
        if rules.count.is_some_and(|count| given as i64 >= count) {
            return;
        }
        let first_day = rules.after.after(today);
        let lot = Lot {
            fact: purchase.to_owned(),
            instant: counts_at(fact),
            left: rules.give,
            first_day,
            last_day: last_day(program, today, first_day),
            welcome_at: None,
            drawn: false,
        };
        self.lots.award(lot);
        self.add("awarded", rules.give);
        self.rewards.push(Reward {
            purchase: purchase.to_owned(),
            day: today,
            points: rules.give,
            lost: false,
        });
    }

    fn adjusted(&mut self, fact: &Value, body: &Value, today: Day, program: &Program) -> Value {
        let points = body["points"].as_i64().expect("points");
        if points < 0 {
            self.lots.spend(-points, today, &taker(fact));
        } else {
            let last_day = body["last_day"].as_str().map(day).or_else(|| last_day(program, today, today));
            let (fact, instant) = (text(fact, "id").to_owned(), counts_at(fact));
            self.lots.award(Lot {
                fact,
                instant,
                left: points,
                first_day: today,
                last_day,
                welcome_at: None,
                drawn: false,
            });
        }
        self.add("adjusted", points);
        json!({ "adjusted": points })
    }

    /// 13.6
    fn reported(&mut self, fact: &Value, body: &Value, today: Day, program: &Program) -> Value {
        let (trigger, how) = (text(body, "trigger"), text(body, "as"));
        let settles = ["sent", "done", "declined"].contains(&how);
        let key = (trigger.to_owned(), text(body, "occasion").to_owned());
        let Some(gift) = program.gives.iter().find(|gift| gift.trigger == trigger) else { return json!({}) };
        let has_come = self.life.has_come(gift, &key.1, self.birthday, today, program)
            && occasions::is_for(gift, &self.then(fact, today, program), today, program);
        if !settles || !has_come || !self.settled.insert(key) {
            return json!({});
        }
        if how == "declined" || today < program.effective {
            return json!({ "awarded": 0 });
        }
        let (points, id) = (&gift.points, text(fact, "id"));
        if let Some(coupon) = &gift.coupon {
            self.coupons.issued(
                (id, today),
                &program.coupons,
                &json!({ "coupon": coupon, "occasion": true }),
                false,
            );
        }
        if let Some(benefit) = &gift.benefit {
            self.benefits.granted(id, &program.benefits, &json!({ "benefit": benefit }), today);
        }
        self.lots.award(Lot {
            fact: text(fact, "id").to_owned(),
            instant: counts_at(fact),
            left: *points,
            first_day: today,
            last_day: last_day(program, today, today),
            welcome_at: None,
            drawn: false,
        });
        self.add("awarded", *points);
        json!({ "wanted": points, "awarded": points, "rules": [trigger] })
    }

    fn gives(&mut self, body: &Value, today: Day) -> Value {
        let points = body["points"].as_i64().expect("points");
        let pieces = self.lots.spend(points, today, &(String::new(), (0, 0)));
        self.add("given", points);
        let lots = pieces.iter().filter_map(|piece| {
            let lot = &self.lots.all[piece.lot?];
            let mut given = json!({ "points": piece.points, "first_day": show(lot.first_day) });
            if let Some(last) = lot.last_day {
                given["last_day"] = json!(show(last));
            }
            Some(given)
        });
        lots.collect()
    }

    fn receives(&mut self, fact: &Value, body: &Value, today: Day, program: &Program) {
        let (id, instant) = (text(fact, "id"), counts_at(fact));
        let mut received = 0;
        for lot in body["lots"].as_array().into_iter().flatten() {
            let left = lot["points"].as_i64().expect("points");
            let first_day = lot["first_day"].as_str().map_or(today, day);
            let last_day = lot["last_day"].as_str().map(day);
            let fact = id.to_owned();
            self.lots.award(Lot { fact, instant, left, first_day, last_day, welcome_at: None, drawn: false });
            received += left;
        }
        if body["lots"].as_array().is_none_or(Vec::is_empty) {
            received = body["points"].as_i64().expect("points");
            let last_day = last_day(program, today, today);
            let fact = id.to_owned();
            let lot = Lot {
                fact,
                instant,
                left: received,
                first_day: today,
                last_day,
                welcome_at: None,
                drawn: false,
            };
            self.lots.award(lot);
        }
        self.add("received", received);
    }

    fn lent_by_others(&self, fact: &Value) -> Vec<Lot> {
        let others = drawn(fact).iter().filter(|one| !self.members.contains(customer(one)));
        others.flat_map(|one| lots_of(fact, one)).collect()
    }

    /// 15.3: with points of others as far as the fact carries them, the rest with their own.
    fn pays(&mut self, fact: &Value, points: i64, today: Day) -> Vec<Piece> {
        let others = self.lent_by_others(fact);
        let lent: i64 = others.iter().map(|lot| lot.left).sum();
        let mut pieces = self.lots.draw(&others);
        self.add("received", lent);
        pieces.extend(self.lots.spend(points - lent, today, &taker(fact)));
        pieces
    }

    fn redeemed(&mut self, fact: &Value, body: &Value, today: Day) -> Value {
        let points = body["points"].as_i64().expect("points");
        let pieces = self.pays(fact, points, today);
        self.redemptions.insert(text(fact, "id").to_owned(), (points, pieces));
        self.add("spent", points);
        json!({ "spent": points })
    }

    fn reversed(&mut self, body: &Value, today: Day, program: &Program) -> Value {
        let Some((points, mut pieces)) = self.redemptions.remove(text(body, "redemption")) else {
            return json!({});
        };
        self.lots.give_back(&mut pieces, points, today, program.restored);
        self.add("spent", -points);
        json!({ "restored": points })
    }

    /// 9: what was told of the person is gone, what their purchases were awarded is told. Names are not the model's business.
    fn forgotten(&mut self, program: &Program) -> Value {
        (self.tags, self.birthday) = (Vec::new(), None);
        self.is_forgotten = true;
        self.life.forget();
        for purchase in &mut self.purchases {
            purchase.tell(&minor(program));
        }
        json!({})
    }

    fn granted(&mut self, id: &str, body: &Value, today: Day, program: &Program) -> Value {
        if let Some(level) = program.tiers.iter().position(|tier| tier.id == text(body, "tier")) {
            self.grants.push((level, today, day(text(body, "last_day")), id.to_owned()));
        }
        json!({})
    }

    fn show(&self) -> Value {
        let on = self.on;
        let program = self.program(on);
        let order = self.lots.in_order();
        let lots = order.iter().map(|index| &self.lots.all[*index]);
        let lots = lots.filter(|lot| lot.left > 0 && !lot.lapsed(on)).map(|lot| {
            json!({
                "fact": lot.fact,
                "points": lot.left,
                "first_day": show(lot.first_day),
                "last_day": lot.last_day.map(show),
            })
        });
        let total = |name: &str| self.totals.get(name).copied().unwrap_or(0);
        let lifting = self.grant(on);
        let standing = &self.standing;
        let (level, mut since, mut until, by) = match &lifting {
            Some((level, from, last, fact)) => (*level, Some(*from), Some(*last), fact.as_str()),
            None => (standing.level, standing.since, standing.until(&program, on), standing.by.as_str()),
        };
        let earned = standing.since.filter(|_| level == standing.level).map(|since| (since, until));
        if let Some((first, last)) = self.bought_tiers.through(level, on, &self.grants, earned) {
            (since, until) = (Some(first), last);
        }
        let tier = &program.tiers[level];
        let mut account = json!({
            "account": self.account,
            "aliases": self.members.iter().filter(|member| **member != self.account).collect::<Vec<_>>(),
            "on": show(on),
            "joined": self.joined.map(show),
            "points": {
                "balance": self.lots.balance(on),
                "usable": self.lots.usable(on),
                "pending": self.lots.pending(on),
                "debt": self.lots.debt,
                "lots": lots.collect::<Vec<_>>(),
                "totals": {
                    "awarded": total("awarded"),
                    "adjusted": total("adjusted"),
                    "received": total("received"),
                    "spent": total("spent"),
                    "given": total("given"),
                    "taken_back": total("taken_back"),
                    "lapsed": self.lots.lapsed(on),
                },
            },
            "tier": {
                "id": tier.id,
                "name": tier.name,
                "since": since.map(show),
                "until": until.map(show),
                "by": by,
            },
            "flags": self.flags,
        });
        if let Some(value) = self.value.show(self.joined.is_some(), on) {
            account["stored_value"] = value;
        }
        let coupons = self.coupons.show(on, first_instant(on, self.versions[0].zone));
        if !coupons.is_empty() {
            account["coupons"] = json!(coupons);
        }
        let tier = &program.tiers[self.level(on)].benefits;
        let benefits = self.benefits.show(&program.benefits, tier, self.joined, on);
        if !benefits.is_empty() {
            account["benefits"] = json!(benefits);
        }
        let claimed = self.redeemable.show();
        if claimed != json!([]) {
            account["claimed"] = claimed;
        }
        let orders = self.orders.show();
        if orders != json!([]) {
            account["orders"] = orders;
        }
        if program.growth.is_some() {
            account["growth"] = json!(self.standing.growth);
        }
        account
    }
}

/// 4.7
fn last_day(program: &Program, today: Day, first_day: Day) -> Option<Day> {
    program.expires.as_ref().map(|(after, at, from_usable)| {
        let from = if *from_usable { first_day } else { today };
        match at.as_str() {
            "end of month" => super::calendar::month_end(after.after(from)),
            "end of quarter" => super::calendar::quarter_end(after.after(from)),
            "end of year" => super::calendar::year_end(after.after(from)),
            _ => after.last_day(from),
        }
    })
}

fn drawn(fact: &Value) -> &[Value] {
    fact["drawn"].as_array().map_or(&[], |drawn| drawn)
}

/// The lots that someone lends for a fact.
fn lots_of(fact: &Value, drawn: &Value) -> Vec<Lot> {
    let lot = |lot: &Value| Lot {
        fact: text(fact, "id").to_owned(),
        instant: counts_at(fact),
        left: lot["points"].as_i64().expect("points"),
        first_day: day(text(lot, "first_day")),
        last_day: lot["last_day"].as_str().map(day),
        welcome_at: None,
        drawn: true,
    };
    drawn["lots"].as_array().into_iter().flatten().map(lot).collect()
}

fn taker(fact: &Value) -> (String, Instant) {
    (text(fact, "id").to_owned(), counts_at(fact))
}
