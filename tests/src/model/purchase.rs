//! A purchase, its shares and what it earns (semantics 3.3, 4, 6.2).

use super::calendar::{Birthday, Day};
use super::condition::{Asked, asks_of_a_line, holds};
use super::lots::Piece;
use super::program::{Bonus, Exact, Program, exact, whole};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) category: String,
    pub(crate) item: String,
    /// What is told of the program's own fields.
    pub(crate) custom: Value,
    pub(crate) amount: Exact,
    pub(crate) components: BTreeMap<String, Exact>,
    /// Less its share of the discount.
    pub(crate) payable: Exact,
    /// Less its shares of tenders that don't earn, too.
    pub(crate) counted: Exact,
    pub(crate) qualifies: bool,
    /// Given back so far, in the line's own terms.
    pub(crate) returned: Exact,
}

impl Line {
    pub(crate) fn is_left(&self) -> bool {
        self.returned < self.amount
    }

    /// What is left of a part of the line: the part less the rounded-down share of what was given back.
    fn left_of(&self, part: &Exact, minor: &Exact) -> Exact {
        if self.amount == whole(0) {
            return part.clone();
        }
        let gone = part * &self.returned / &self.amount;
        part - (gone / minor).floor() * minor
    }
}

/// The customer just before the purchase: what a bonus asked of them then, it asks for ever.
#[derive(Clone, Debug)]
pub(crate) struct Then {
    pub(crate) store: String,
    pub(crate) tier: String,
    pub(crate) tier_multiply: Exact,
    pub(crate) tags: Vec<String>,
    pub(crate) birthday: Option<Birthday>,
    pub(crate) purchases: i64,
    pub(crate) visits: i64,
    pub(crate) points: i64,
    pub(crate) spend_total: Exact,
    /// For each earning rule: the spend that fills the first slices of its ladder.
    pub(crate) ladder_start: Vec<Exact>,
    /// The most that may be awarded.
    pub(crate) room: Option<i64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Purchase {
    pub(crate) fact: String,
    pub(crate) order: i64,
    pub(crate) day: Day,
    /// The version that counts; none before the first one's day.
    pub(crate) version: Option<usize>,
    pub(crate) lines: Vec<Line>,
    pub(crate) then: Then,
    pub(crate) awarded: i64,
    /// Taken back so far, lapsed parts included.
    pub(crate) taken: i64,
    /// Of the lapsed part of its own lot: counted as taken.
    pub(crate) lapsed_counted: i64,
    pub(crate) spent: i64,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) restored: i64,
    pub(crate) growth: i64,
    /// 9: what was left of it when its customer was forgotten.
    pub(crate) told: Option<Told>,
    pub(crate) to_pay: Exact,
    /// 15.5: somebody else of the household made it.
    pub(crate) shared: bool,
}

/// What is left of a purchase, as an erasure tells it: points, spend, and of how much in the lines' own terms.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    points: i64,
    spend: Exact,
    amount: Exact,
}

pub(crate) fn minor(program: &Program) -> Exact {
    whole(1) / whole(10_i64.pow(program.digits))
}

pub(crate) fn money(value: &Value) -> Exact {
    match value {
        Value::String(text) => exact(text),
        Value::Number(number) => whole(number.as_i64().expect("a whole amount")),
        Value::Null => whole(0),
        other => panic!("`{other}` is no amount"),
    }
}

/// What is to be paid: the lines less the discount on the whole.
pub(crate) fn to_pay(body: &Value) -> Exact {
    let lines: Exact =
        body["lines"].as_array().into_iter().flatten().map(|line| money(&line["amount"])).sum();
    lines - money(&body["discount"])
}

/// 3.3: pro rata by largest remainder in minor units, ties to the earlier line.
fn split(amount: &Exact, over: &[Exact], minor: &Exact) -> Vec<Exact> {
    let total: Exact = over.iter().sum();
    if total == whole(0) {
        return over.iter().map(|_| whole(0)).collect();
    }
    let shares: Vec<Exact> = over.iter().map(|part| amount * part / &total / minor).collect();
    let mut parts: Vec<Exact> = shares.iter().map(Exact::floor).collect();
    let mut order: Vec<usize> = (0..over.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(&shares[*index] - &parts[*index]), *index));
    let mut missing = amount / minor - parts.iter().sum::<Exact>();
    for index in order {
        if missing >= whole(1) {
            parts[index] += whole(1);
            missing -= whole(1);
        }
    }
    parts.into_iter().map(|part| part * minor).collect()
}

/// The lines of a purchase with their shares; `points` is the tender of points in it.
pub(crate) fn lines(program: &Program, body: &Value) -> (Vec<Line>, i64) {
    let unit = minor(program);
    let rows = body["lines"].as_array().expect("lines");
    let amounts: Vec<Exact> = rows.iter().map(|row| money(&row["amount"])).collect();
    let discounts = split(&money(&body["discount"]), &amounts, &unit);
    let mut counted: Vec<Exact> = amounts.iter().zip(&discounts).map(|(amount, off)| amount - off).collect();
    let mut points = 0;
    for tender in body["tenders"].as_array().into_iter().flatten() {
        let tender = tender.as_object().expect("a tender");
        let (kind, amount) = match tender.get("points") {
            Some(spent) => {
                points += spent.as_i64().expect("points");
                ("points".to_owned(), money(&tender["amount"]))
            }
            None if tender.contains_key("amount") => ("coupon".to_owned(), money(&tender["amount"])),
            None => {
                tender.iter().map(|(kind, amount)| (kind.clone(), money(amount))).next().expect("a tender")
            }
        };
        if program.not_earning.contains(&kind) {
            for (basis, share) in counted.iter_mut().zip(split(&amount, &amounts, &unit)) {
                *basis -= share;
            }
        }
    }
    let rows = rows.iter().enumerate().map(|(index, row)| Line {
        id: row["id"].as_str().expect("a line's id").to_owned(),
        category: row["category"].as_str().unwrap_or("").to_owned(),
        item: row["item"].as_str().unwrap_or("").to_owned(),
        custom: row["custom"].clone(),
        amount: amounts[index].clone(),
        components: row["components"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, amount)| (name.clone(), money(amount)))
            .collect(),
        payable: &amounts[index] - &discounts[index],
        counted: counted[index].clone().max(whole(0)),
        qualifies: true,
        returned: whole(0),
    });
    (rows.collect(), points)
}

/// 21: what a line by weight leaves out is worked out, and the rest of the model need not know of weights.
pub(crate) fn weigh(fact: &mut Value) {
    let Some(body) = fact.get_mut("purchased") else { return };
    for row in body["lines"].as_array_mut().into_iter().flatten() {
        let Some(price) = row.get("price").map(money) else { continue };
        let exact = money(&row["quantity"]) * price * whole(100);
        let metal = (exact + Exact::new(1.into(), 2.into())).floor();
        let text = |minor: &Exact| {
            let minor: i64 = minor.to_integer().try_into().expect("an amount");
            format!("{}.{:02}", minor / 100, minor % 100)
        };
        row["components"]["metal"] = text(&metal).into();
        if row.get("amount").is_none() {
            let parts = row["components"].as_object().into_iter().flatten();
            let sum: Exact = parts.map(|(_, amount)| money(amount)).sum();
            row["amount"] = text(&(sum * whole(100))).into();
        }
    }
    for tender in body["tenders"].as_array_mut().into_iter().flatten() {
        if let Some(tender) = tender.as_object_mut().filter(|tender| tender.contains_key("trade_in")) {
            tender.retain(|key, _| key == "trade_in");
        }
    }
}

impl Purchase {
    /// So much of its lines comes back, in their own terms.
    pub(crate) fn give_back(&mut self, body: &Value) {
        for row in body["lines"].as_array().into_iter().flatten() {
            if let Some(line) = self.lines.iter_mut().find(|line| row["id"] == *line.id) {
                let back = &line.returned + money(&row["amount"]);
                line.returned = back.min(line.amount.clone());
            }
        }
    }

    pub(crate) fn wholly_returned(&self) -> bool {
        self.lines.iter().all(|line| !line.is_left())
    }

    /// 9: from now on what is left is a share of what was left then.
    pub(crate) fn tell(&mut self, minor: &Exact) {
        let told =
            Told { points: self.awarded - self.taken, spend: self.spend(minor), amount: self.amount_left() };
        self.told.get_or_insert(told);
    }

    fn amount_left(&self) -> Exact {
        self.lines.iter().map(|line| &line.amount - &line.returned).sum()
    }

    /// What of a whole has gone since, rounded down.
    fn gone_since(&self, told: &Told, whole: &Exact) -> Exact {
        if told.amount == self::whole(0) {
            return self::whole(0);
        }
        (whole * (&told.amount - self.amount_left()) / &told.amount).floor()
    }

    /// 7.0, with what is left of it.
    pub(crate) fn spend(&self, minor: &Exact) -> Exact {
        if let Some(told) = &self.told {
            return &told.spend - self.gone_since(told, &(&told.spend / minor)) * minor;
        }
        self.lines.iter().filter(|line| line.qualifies).map(|line| line.left_of(&line.counted, minor)).sum()
    }

    /// What a condition may ask, of the purchase or of one of its lines, with what is left of it.
    pub(crate) fn asked<'a>(&'a self, program: &'a Program, line: Option<&'a Line>) -> Asked<'a> {
        let unit = minor(program);
        let left = || self.lines.iter().filter(|line| line.is_left());
        Asked {
            day: self.day,
            store: &self.then.store,
            tier: &self.then.tier,
            tags: &self.then.tags,
            birthday: self.then.birthday,
            leap_day: &program.leap_day,
            leap_month: &program.leap_month,
            purchases: self.then.purchases,
            visits: self.then.visits,
            points: self.then.points,
            spend_total: self.then.spend_total.clone(),
            amount: left().map(|line| line.left_of(&line.payable, &unit)).sum(),
            categories: left().map(|line| line.category.as_str()).collect(),
            category: line.map(|line| line.category.as_str()),
            item: line.map(|line| line.item.as_str()),
            customs: left().map(|line| &line.custom).collect(),
            custom: line.map(|line| &line.custom),
        }
    }

    /// 4.3 to 4.6 for what is left of it: wanted, awarded, and the rules that applied.
    pub(crate) fn earns(&self, program: &Program) -> (i64, i64, Vec<String>) {
        if let Some(told) = &self.told {
            let gone = self.gone_since(told, &whole(told.points)).to_integer();
            let left = told.points - i64::try_from(gone).expect("points");
            return (left, left, Vec::new());
        }
        if self.wholly_returned() {
            return (0, 0, Vec::new());
        }
        let mut applied: Vec<&str> = Vec::new();
        let mut at: Vec<Exact> = self.then.ladder_start.clone();
        let mut points: Vec<Exact> = Vec::new();
        for line in self.lines.iter().filter(|line| line.is_left()) {
            let asked = self.asked(program, Some(line));
            let Some(index) = program.earn.iter().position(|rule| holds(rule.when.as_ref(), &asked)) else {
                continue;
            };
            let rule = &program.earn[index];
            let named = if rule.basis.is_empty() {
                line.amount.clone()
            } else {
                rule.basis.iter().filter_map(|name| line.components.get(name)).sum()
            };
            // The part that counts, and of it the part that is left; both exactly.
            let left = (&line.amount - &line.returned) / &line.amount;
            let basis = named * &line.counted / &line.amount * left;
            let (from, to) = (at[index].clone(), &at[index] + &basis);
            at[index] = to.clone();
            let matching: Vec<&Bonus> = program
                .bonuses
                .iter()
                .filter(|bonus| bonus.multiply.is_some() && holds(bonus.when.as_ref(), &asked))
                .collect();
            points.push(
                up_to(&rule.ladder, &to, &from) * multiplier(program, &matching, &self.then.tier_multiply),
            );
            applied.push(&rule.id);
            applied.extend(matching.iter().map(|bonus| bonus.id.as_str()));
        }
        let mut wanted = if program.per_line {
            points.iter().map(|points| round(program, points)).sum()
        } else {
            round(program, &points.iter().sum())
        };
        for bonus in program.bonuses.iter().filter(|bonus| bonus.multiply.is_none()) {
            let when = bonus.when.as_ref();
            let met = if asks_of_a_line(when) {
                let mut left = self.lines.iter().filter(|line| line.is_left());
                left.any(|line| holds(when, &self.asked(program, Some(line))))
            } else {
                holds(when, &self.asked(program, None))
            };
            if met {
                wanted += bonus.add;
                applied.push(&bonus.id);
            }
        }
        let ids =
            program.earn.iter().map(|rule| &rule.id).chain(program.bonuses.iter().map(|bonus| &bonus.id));
        let rules = ids.filter(|id| applied.contains(&id.as_str())).cloned().collect();
        (wanted, self.then.room.map_or(wanted, |room| wanted.min(room)), rules)
    }
}

/// 4.5: points for the amounts between two places of the ladder.
fn up_to(ladder: &[(Exact, Exact)], to: &Exact, from: &Exact) -> Exact {
    let mut points = whole(0);
    for (index, (start, rate)) in ladder.iter().enumerate() {
        let low = start.max(from).clone();
        let high = ladder.get(index + 1).map_or(to, |(next, _)| next.min(to)).clone();
        if high > low {
            points += (high - low) * rate;
        }
    }
    points
}

fn multiplier(program: &Program, bonuses: &[&Bonus], tier: &Exact) -> Exact {
    let all = || bonuses.iter().filter_map(|bonus| bonus.multiply.clone()).chain([tier.clone()]);
    match program.stacking.as_str() {
        "sum" => all().fold(whole(1), |sum, by| sum + by - whole(1)),
        "product" => all().fold(whole(1), |product, by| product * by),
        _ => all().max().expect("the tier's own"),
    }
}

fn round(program: &Program, points: &Exact) -> i64 {
    let rounded = match program.rounding.as_str() {
        "up" => points.ceil(),
        "half_up" => (points + Exact::new(1.into(), 2.into())).floor(),
        _ => points.floor(),
    };
    rounded.to_integer().try_into().expect("points")
}
