//! Stored value: principal and bonus, in minor units, lot by lot (18).

use super::calendar::{Day, Span, day, show};
use super::fold::Instant;
use super::program::{Exact, get, text_or, whole};
use super::purchase::{Line, money};
use serde_json::{Value, json};
use toml::Table;

/// `[stored_value]`
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// From, bonus, each.
    steps: Vec<(i64, i64, bool)>,
    order: String,
    valid: Option<Span>,
    on: Option<String>,
    restored: Span,
}

pub(crate) fn rules(table: &Table) -> Rules {
    let none = Table::new();
    let bonus = get(table, "bonus").and_then(toml::Value::as_table).unwrap_or(&none);
    let some = |key: &str| Some(text_or(bonus, key, "")).filter(|text| !text.is_empty());
    let step = |step: &toml::Value| {
        let step = step.as_table().expect("a step");
        let amount = |key: &str| minor(&super::program::exact(&text_or(step, key, "")));
        (amount("from"), amount("bonus"), step.get("each").and_then(toml::Value::as_bool).unwrap_or(false))
    };
    Rules {
        steps: get(table, "top_up").and_then(toml::Value::as_array).into_iter().flatten().map(step).collect(),
        order: text_or(table, "spend", "bonus first"),
        valid: some("valid").map(|span| Span::parse(&span)),
        on: some("on"),
        restored: Span::parse(&text_or(bonus, "restored", "30 days")),
    }
}

/// Of a currency with two digits.
fn minor(amount: &Exact) -> i64 {
    (amount * whole(100)).to_integer().try_into().expect("an amount")
}

fn shown(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.abs() / 100, minor.abs() % 100)
}

pub(crate) fn minor_of(value: &Value) -> i64 {
    minor(&money(value))
}

impl Rules {
    /// 18.1
    fn bonus_for(&self, paid: i64) -> i64 {
        let reached = self.steps.iter().filter(|(from, ..)| *from <= paid).max_by_key(|(from, ..)| *from);
        reached.map_or(0, |(from, bonus, each)| if *each { paid / from * bonus } else { *bonus })
    }

    fn is_for(&self, line: &Line) -> bool {
        let Some(on) = &self.on else { return true };
        let named = on.split('"').nth(1).expect("a text");
        if on.starts_with("line.category != ") {
            line.category != named
        } else {
            assert!(on.starts_with("line.amount >= money("), "`{on}` is not known here");
            line.amount >= super::program::exact(named)
        }
    }
}

#[derive(Clone, Debug)]
struct Lot {
    fact: String,
    at: Instant,
    left: i64,
    last: Option<Day>,
    bonus: bool,
}

#[derive(Clone, Debug)]
struct TopUp {
    fact: String,
    amount: i64,
    bonus: i64,
    /// The rules of its day, where the fact did not say the bonus.
    rules: Option<Rules>,
    refunded: i64,
    asked: i64,
    at: Instant,
    /// Principal that was kept for bonus of it.
    kept: i64,
    /// What of it paid debt of purchases that have not come back.
    paid_debt: i64,
}

impl TopUp {
    /// The bonus for what has not been refunded.
    fn brings(&self) -> i64 {
        let rest = (self.amount - self.refunded).max(0);
        match &self.rules {
            Some(rules) => rules.bonus_for(rest).min(self.bonus),
            None if self.amount == 0 => self.bonus,
            None => self.bonus * rest / self.amount,
        }
    }
}

#[derive(Clone, Debug)]
struct Paid {
    fact: String,
    at: Instant,
    amount: i64,
    back: i64,
    owed: i64,
    /// Lots and how much, as they were taken.
    pieces: Vec<(usize, i64)>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct StoredValue {
    lots: Vec<Lot>,
    owed: i64,
    /// What of it was refunded, not spent.
    owed_refunds: i64,
    top_ups: Vec<TopUp>,
    paid: Vec<Paid>,
    frozen: Vec<(String, String)>,
    taker: Option<String>,
    is_card: bool,
    /// Anything ever happened to it.
    is_there: bool,
    /// Of lapsed bonus, what counted as taken back, by top-up.
    counted: Vec<(String, i64)>,
    pub(crate) flags: Vec<Value>,
}

/// A part of a transfer: how much, whether it is bonus, through which day.
type Part = (i64, bool, Option<Day>);

/// A fact, as far as stored value is concerned.
pub(crate) struct Told<'a> {
    pub(crate) id: &'a str,
    pub(crate) customer: &'a str,
    pub(crate) at: Instant,
    pub(crate) today: Day,
    pub(crate) rules: Option<&'a Rules>,
}

impl StoredValue {
    fn flag(&mut self, told: &Told<'_>, code: &str, other: Option<String>) {
        let facts: Vec<String> = other.into_iter().chain([told.id.to_owned()]).collect();
        self.flags.push(json!({ "code": code, "facts": facts }));
    }

    fn usable(&self, bonus: bool, today: Day) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.lots.len())
            .filter(|index| {
                let lot = &self.lots[*index];
                lot.bonus == bonus && lot.left > 0 && lot.last.is_none_or(|last| today <= last)
            })
            .collect();
        all.sort_by_key(|index| {
            let lot = &self.lots[*index];
            (lot.last.unwrap_or(Day::MAX), lot.at, lot.fact.clone(), *index)
        });
        all
    }

    fn sum(&self, bonus: bool, today: Day) -> i64 {
        self.usable(bonus, today).iter().map(|index| self.lots[*index].left).sum()
    }

    fn principal(&self, today: Day) -> i64 {
        (self.sum(false, today) - self.owed).max(0)
    }

    /// What is owed is paid first: what was spent, then what was refunded; how much of each.
    fn put(&mut self, fact: &str, at: Instant, amount: i64, bonus: bool, last: Option<Day>) -> (i64, i64) {
        let spent = if bonus { 0 } else { amount.min(self.owed - self.owed_refunds) };
        let refunds = if bonus { 0 } else { (amount - spent).min(self.owed_refunds) };
        self.owed -= spent + refunds;
        self.owed_refunds -= refunds;
        self.lots.push(Lot { fact: fact.to_owned(), at, left: amount - spent - refunds, last, bonus });
        (spent, refunds)
    }

    fn take(&mut self, amount: i64, from: &[usize]) -> Vec<(usize, i64)> {
        let mut left = amount;
        let mut taken = Vec::new();
        for index in from {
            let part = left.min(self.lots[*index].left);
            self.lots[*index].left -= part;
            left -= part;
            if part > 0 {
                taken.push((*index, part));
            }
        }
        taken
    }

    /// 18.2: principal and bonus.
    fn split(&self, rules: Option<&Rules>, amount: i64, most_bonus: i64, today: Day) -> (i64, i64) {
        let (principal, bonus) = (self.principal(today), self.sum(true, today));
        let can = bonus.min(most_bonus).min(amount);
        let first = match rules.map_or("bonus first", |rules| rules.order.as_str()) {
            "bonus first" => can,
            "principal first" => amount - amount.min(principal),
            _ if principal + bonus == 0 => 0,
            _ => i64::try_from(i128::from(amount) * i128::from(bonus) / i128::from(principal + bonus))
                .expect("an amount"),
        };
        // What one can't pay the other does.
        let bonus = first.max(amount - principal).min(can).max(0);
        (amount - bonus, bonus)
    }

    /// Takes what is there; the rest is owed.
    fn spend(&mut self, (principal, bonus): (i64, i64), today: Day) -> (i64, Vec<(usize, i64)>) {
        let mut pieces = self.take(principal, &self.usable(false, today));
        let owed = principal - pieces.iter().map(|(_, part)| part).sum::<i64>();
        self.owed += owed;
        pieces.extend(self.take(bonus, &self.usable(true, today)));
        (owed, pieces)
    }

    pub(crate) fn topped_up(&mut self, told: &Told<'_>, body: &Value, joined: bool) {
        self.is_there = true;
        self.is_card |= body["card"] == true && !joined;
        if told.rules.is_none() {
            self.flag(told, "no_stored_value", None);
        }
        let amount = minor_of(&body["amount"]);
        let said = (!body["bonus"].is_null()).then(|| minor_of(&body["bonus"]));
        let bonus = said.unwrap_or_else(|| told.rules.map_or(0, |rules| rules.bonus_for(amount)));
        let valid = told.rules.and_then(|rules| rules.valid).map(|valid| valid.last_day(told.today));
        let last = body["last_day"].as_str().map(day).or(valid);
        let (paid_debt, refunded) = self.put(told.id, told.at, amount, false, None);
        let mut top_up = TopUp {
            fact: told.id.to_owned(),
            amount,
            bonus,
            rules: told.rules.filter(|_| said.is_none()).cloned(),
            refunded,
            asked: 0,
            at: told.at,
            kept: 0,
            paid_debt,
        };
        let brings = top_up.brings();
        top_up.asked = bonus - brings;
        self.top_ups.push(top_up);
        self.put(told.id, told.at, brings, true, last);
    }

    fn frozen_by(&self, customer: &str) -> Option<String> {
        self.frozen.iter().find(|(id, _)| *id == customer).map(|(_, by)| by.clone())
    }

    pub(crate) fn refunded(&mut self, told: &Told<'_>, body: &Value) {
        self.is_there = true;
        let named = body["top_up"].as_str();
        let known = named.filter(|named| self.top_ups.iter().any(|top_up| top_up.fact == **named));
        let amount = minor_of(&body["amount"]);
        let mut after = self.clone();
        let short = after.refund(amount, known, told.today);
        if named.is_some() && known.is_none() {
            self.flag(told, "unknown_top_up", None);
        }
        if let Some(by) = self.frozen_by(told.customer) {
            self.flag(told, "value_frozen", Some(by));
        }
        if short > 0 {
            self.flag(told, "value_overdrawn", self.taker.clone());
        }
        after.flags = std::mem::take(&mut self.flags);
        after.taker = Some(told.id.to_owned());
        *self = after;
    }

    /// 18.5; what is refunded and is not there.
    fn refund(&mut self, amount: i64, named: Option<&str>, today: Day) -> i64 {
        let mut there = self.principal(today);
        let (mut left, mut kept) = (amount, 0);
        for index in (0..self.top_ups.len()).rev() {
            let fact = self.top_ups[index].fact.clone();
            if named.is_some_and(|named| named != fact) {
                continue;
            }
            let own: Vec<usize> =
                self.usable(false, today).into_iter().filter(|lot| self.lots[*lot].fact == fact).collect();
            let part = own.iter().map(|lot| self.lots[*lot].left).sum::<i64>().min(left).min(there);
            if part == 0 {
                continue;
            }
            self.take(part, &own);
            left -= part;
            there -= part;
            let top_up = &mut self.top_ups[index];
            top_up.refunded += part;
            let more = (top_up.bonus - top_up.brings() - top_up.asked).max(0);
            top_up.asked += more;
            let missing = self.take_bonus(&fact, more, today);
            self.top_ups[index].kept += missing;
            kept += missing;
        }
        let now = kept.min(there);
        let from = self.usable(false, today);
        self.take(now, &from);
        let short = left + kept - now;
        self.owed += short;
        self.owed_refunds += short;
        short
    }

    /// What had lapsed of a top-up's bonus counts, then its own is taken, then any; answers what is missing.
    fn take_bonus(&mut self, fact: &str, amount: i64, today: Day) -> i64 {
        let lapsed: i64 = self
            .lots
            .iter()
            .filter(|lot| lot.bonus && lot.fact == fact && lot.last.is_some_and(|last| last < today))
            .map(|lot| lot.left)
            .sum();
        let before: i64 = self.counted.iter().filter(|(of, _)| of == fact).map(|(_, counted)| counted).sum();
        let counts = amount.min(lapsed - before);
        self.counted.push((fact.to_owned(), counts));
        let mut missing = amount - counts;
        for own in [true, false] {
            let all = self.usable(true, today);
            let from: Vec<usize> =
                all.into_iter().filter(|lot| (self.lots[*lot].fact == fact) == own).collect();
            missing -= self.take(missing, &from).iter().map(|(_, part)| part).sum::<i64>();
        }
        missing
    }

    fn lasting(&self, last: Option<Day>, today: Day) -> Vec<usize> {
        let all = self.usable(true, today);
        all.into_iter().filter(|index| self.lots[*index].last == last).collect()
    }

    /// Whether all that the parts tell is there.
    fn has(&self, parts: &[Part], today: Day) -> bool {
        let sum = |of: &dyn Fn(&Part) -> bool| -> i64 {
            parts.iter().filter(|part| of(part)).map(|(amount, ..)| amount).sum()
        };
        let held = |last| self.lasting(last, today).iter().map(|index| self.lots[*index].left).sum::<i64>();
        let days = parts.iter().filter(|(_, bonus, _)| *bonus).map(|(_, _, last)| *last);
        sum(&|(_, bonus, _)| !bonus) <= self.principal(today)
            && days.into_iter().all(|last| sum(&|part| part.1 && part.2 == last) <= held(last))
    }

    /// Bonus of each last day goes, then any; what is not there is asked of the principal.
    fn gives_parts(&mut self, parts: &[Part], today: Day) {
        let mut missing = 0;
        for (amount, _, last) in parts.iter().filter(|(_, bonus, _)| *bonus) {
            let from = self.lasting(*last, today);
            missing += amount - self.take(*amount, &from).iter().map(|(_, part)| part).sum::<i64>();
        }
        let any = self.usable(true, today);
        missing -= self.take(missing, &any).iter().map(|(_, part)| part).sum::<i64>();
        let principal: i64 = parts.iter().filter(|(_, bonus, _)| !bonus).map(|(amount, ..)| amount).sum();
        self.spend((principal + missing, 0), today);
    }

    /// 18.6; what of it is what, where it goes out.
    pub(crate) fn transferred(
        &mut self,
        told: &Told<'_>,
        body: &Value,
        (out, into): (bool, bool),
        joined: bool,
    ) -> Value {
        if out && into {
            return Value::Null;
        }
        self.is_there = true;
        let amount = minor_of(&body["amount"]);
        if out {
            let told_parts: Vec<Part> = body["parts"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|part| {
                    (minor_of(&part["amount"]), part["bonus"] == true, part["last_day"].as_str().map(day))
                })
                .collect();
            if let Some(by) = self.frozen_by(told.customer) {
                self.flag(told, "value_frozen", Some(by));
            }
            let (principal, bonus) = (self.principal(told.today), self.sum(true, told.today));
            if amount > principal + bonus || !self.has(&told_parts, told.today) {
                self.flag(told, "value_overdrawn", self.taker.clone());
            }
            self.taker = Some(told.id.to_owned());
            if !told_parts.is_empty() {
                self.gives_parts(&told_parts, told.today);
                return Value::Null;
            }
            let split = self.split(told.rules, amount, i64::MAX, told.today);
            let (_, pieces) = self.spend(split, told.today);
            let mut parts: Vec<Part> = Vec::new();
            if split.0 > 0 {
                parts.push((split.0, false, None));
            }
            for (lot, part) in pieces.into_iter().filter(|(lot, _)| self.lots[*lot].bonus) {
                let last = self.lots[lot].last;
                match parts.last_mut().filter(|(_, bonus, before)| *bonus && *before == last) {
                    Some((sum, ..)) => *sum += part,
                    None => parts.push((part, true, last)),
                }
            }
            let part = |(amount, bonus, last): Part| {
                let mut part = json!({ "amount": shown(amount) });
                if bonus {
                    part["bonus"] = json!(true);
                }
                if let Some(last) = last {
                    part["last_day"] = json!(show(last));
                }
                part
            };
            return parts.into_iter().map(part).collect();
        }
        self.is_card |= body["card"] == true && !joined;
        let parts = body["parts"].as_array().cloned().unwrap_or_default();
        if parts.is_empty() {
            self.put(told.id, told.at, amount, false, None);
        }
        for part in parts {
            let last = part["last_day"].as_str().map(day);
            self.put(told.id, told.at, minor_of(&part["amount"]), part["bonus"] == true, last);
        }
        Value::Null
    }

    /// 18.7
    pub(crate) fn freezes(&mut self, told: &Told<'_>, frozen: bool) {
        self.is_there = true;
        let by = self.frozen_by(told.customer);
        let is_frozen = by.is_some();
        if frozen && is_frozen {
            self.flag(told, "value_frozen", by);
        } else if !frozen && !is_frozen {
            self.flag(told, "not_frozen", None);
        }
        if frozen && !is_frozen {
            self.frozen.push((told.customer.to_owned(), told.id.to_owned()));
        } else if !frozen {
            self.frozen.retain(|(id, _)| id != told.customer);
        }
    }

    /// 18.2
    pub(crate) fn pays(&mut self, told: &Told<'_>, body: &Value, lines: &[Line]) {
        let tenders = body["tenders"].as_array().into_iter().flatten();
        let amount: i64 = tenders.filter_map(|tender| tender.get("stored_value")).map(minor_of).sum();
        let Some(rules) = told.rules.filter(|_| amount > 0) else { return };
        let most = lines.iter().filter(|line| rules.is_for(line)).map(|line| minor(&line.payable)).sum();
        let split = self.split(Some(rules), amount, most, told.today);
        if let Some(by) = self.frozen_by(told.customer) {
            self.flag(told, "value_frozen", Some(by));
        }
        if split.0 > self.principal(told.today) {
            self.flag(told, "value_overdrawn", self.taker.clone());
        }
        self.is_there = true;
        let (owed, pieces) = self.spend(split, told.today);
        self.taker = Some(told.id.to_owned());
        self.paid.push(Paid { fact: told.id.to_owned(), at: told.at, amount, back: 0, owed, pieces });
    }

    /// 18.4: of all that was paid, so much in all.
    /// `then`: the rules of the day of the purchase.
    pub(crate) fn gives_back(
        &mut self,
        purchase: &str,
        lines: &[Line],
        (then, rules): (Option<&Rules>, Option<&Rules>),
        today: Day,
    ) {
        let Some(mut paid) = self.paid.iter().rfind(|paid| paid.fact == purchase).cloned() else { return };
        let back: Exact = lines.iter().map(|line| line.returned.clone()).sum();
        let bought: Exact = lines.iter().map(|line| line.amount.clone()).sum();
        let due = if bought == whole(0) { back } else { (whole(paid.amount) * back / bought).floor() };
        let due: i64 = due.to_integer().try_into().expect("an amount");
        let mut left = due - paid.back;
        paid.back = due;
        let was_owed = left.min(paid.owed);
        paid.owed -= was_owed;
        left -= was_owed;
        let restored = rules.map_or(Span::parse("30 days"), |rules| rules.restored).last_day(today);
        // What of it is owed still is owed no more; what a top-up has paid of it since is that top-up's again.
        let not_paid = was_owed.min(self.owed - self.owed_refunds);
        self.owed -= not_paid;
        let mut was_paid = was_owed - not_paid;
        for index in (0..self.top_ups.len()).rev() {
            let part = self.top_ups[index].paid_debt.min(was_paid);
            self.top_ups[index].paid_debt -= part;
            was_paid -= part;
            let (fact, at) = (self.top_ups[index].fact.clone(), self.top_ups[index].at);
            self.put(&fact, at, part, false, None);
        }
        self.put(&paid.fact, paid.at, was_paid, false, None);
        // No more bonus stays than may pay for what is left.
        let most: i64 = match then.filter(|then| then.on.is_some()) {
            None => i64::MAX,
            Some(then) => lines.iter().filter(|line| then.is_for(line)).map(left_to_pay).sum(),
        };
        let in_bonus: i64 =
            paid.pieces.iter().filter(|(lot, _)| self.lots[*lot].bonus).map(|(_, taken)| taken).sum();
        let too_much = in_bonus.saturating_sub(most).clamp(0, left);
        for (bonus, most) in [(true, too_much), (false, i64::MAX), (true, i64::MAX)] {
            let mut room = most.min(left);
            for (lot, taken) in paid.pieces.iter_mut().rev() {
                let from = self.lots[*lot].clone();
                if from.bonus != bonus {
                    continue;
                }
                let mut part = room.min(*taken);
                *taken -= part;
                left -= part;
                room -= part;
                let top_up = self.top_ups.iter_mut().find(|top_up| bonus && top_up.fact == from.fact);
                if let Some(top_up) = top_up.filter(|top_up| top_up.kept > 0) {
                    let bought_off = part.min(top_up.kept);
                    top_up.kept -= bought_off;
                    part -= bought_off;
                    let (fact, at) = (top_up.fact.clone(), top_up.at);
                    self.put(&fact, at, bought_off, false, None);
                }
                if from.last.is_some_and(|last| last < today) {
                    self.lots.push(Lot { left: part, last: Some(restored), ..from });
                } else {
                    self.lots[*lot].left += part;
                }
            }
        }
        if let Some(kept) = self.paid.iter_mut().rfind(|paid| paid.fact == purchase) {
            *kept = paid;
        }
    }

    pub(crate) fn show(&self, joined: bool, on: Day) -> Option<Value> {
        if !self.is_there {
            return None;
        }
        let (principal, bonus) = (self.sum(false, on), self.sum(true, on));
        let (mut least, mut most) = (0, self.principal(on));
        while least < most {
            let middle = (least + most + 1) / 2;
            if self.clone().refund(middle, None, on) == 0 {
                least = middle;
            } else {
                most = middle - 1;
            }
        }
        let mut lapsing: Vec<(Day, i64)> = Vec::new();
        for index in self.usable(true, on) {
            let lot = &self.lots[index];
            let Some(last) = lot.last else { continue };
            match lapsing.last_mut().filter(|(day, _)| *day == last) {
                Some((_, sum)) => *sum += lot.left,
                None => lapsing.push((last, lot.left)),
            }
        }
        let lapsing = lapsing
            .into_iter()
            .map(|(last, amount)| json!({ "amount": shown(amount), "last_day": show(last) }));
        Some(json!({
            "balance": shown(principal + bonus - self.owed),
            "principal": shown(principal),
            "bonus": shown(bonus),
            "owed": shown(self.owed),
            "refundable": shown(least),
            "card": self.is_card && !joined,
            "frozen": self.frozen.iter().map(|(id, _)| id).collect::<Vec<_>>(),
            "lapsing": lapsing.collect::<Vec<_>>(),
        }))
    }
}

/// What is to be paid for what is left of a line.
fn left_to_pay(line: &Line) -> i64 {
    let payable = whole(minor(&line.payable));
    if line.amount == whole(0) {
        return minor(&line.payable);
    }
    let gone = (payable.clone() * line.returned.clone() / line.amount.clone()).floor();
    (payable - gone).to_integer().try_into().expect("an amount")
}
