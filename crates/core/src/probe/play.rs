//! A history is played: what the engine refuses is left out, and what is left in the end is counted.

use crate::book::{Answer, Book};
use crate::calendar::Moment;
use crate::fact::{Fact, Purchase};
use crate::money::Money;
use crate::program::Program;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Two who are in league.
const CUSTOMERS: [&str; 2] = ["one", "other"];

/// One line of a basket.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) category: String,
    pub(super) amount: Money,
    /// All of the amount is of this component.
    pub(super) component: Option<String>,
}

/// Something that somebody does.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// The one is told to have introduced the other.
    Introduce,
    /// The other's birthday is the day on which they join.
    Birthday,
    Grant {
        tier: String,
    },
    Issue {
        coupon: String,
    },
    Wait(u16),
    /// With the coupons of a quote, with points and stored value as far as they go, the rest in cash.
    Buy {
        who: usize,
        lines: Vec<Line>,
        points: bool,
        value: bool,
    },
    /// A purchase, or half of each of its lines.
    GiveBack {
        which: usize,
        half: bool,
    },
    /// All usable points, on a reward.
    Redeem {
        who: usize,
    },
    /// What is due for them is reported as done.
    Settle {
        who: usize,
    },
    TopUp {
        who: usize,
        amount: Money,
    },
    Refund {
        who: usize,
    },
    /// Half of what they hold goes to the other.
    Transfer {
        who: usize,
    },
}

impl Act {
    /// Whether money or goods change hands: without these, what is left was given.
    pub(super) fn moves_money(&self) -> bool {
        match self {
            Act::Buy { .. }
            | Act::GiveBack { .. }
            | Act::TopUp { .. }
            | Act::Refund { .. }
            | Act::Transfer { .. } => true,
            Act::Introduce
            | Act::Birthday
            | Act::Grant { .. }
            | Act::Issue { .. }
            | Act::Wait(_)
            | Act::Redeem { .. }
            | Act::Settle { .. } => false,
        }
    }
}

/// What was bought and has not come back: the fact, who, and of each line its amount.
struct Bought {
    fact: String,
    who: usize,
    left: Vec<i64>,
}

/// What a history leaves.
#[derive(Debug, Default)]
pub(super) struct Played {
    pub(super) facts: Vec<String>,
    /// Points that are held, less those owed, and that were redeemed.
    pub(super) points: i64,
    pub(super) lapsed: i64,
    /// Uses of coupons that are held, and that were ever issued, by the program's coupon.
    pub(super) coupons: BTreeMap<String, usize>,
    pub(super) issued: BTreeMap<String, usize>,
    /// The tier of each, by its place.
    pub(super) tiers: Vec<usize>,
    /// Stored value that is held, was refunded, was paid in.
    held: i64,
    refunded: i64,
    paid_in: i64,
    /// What was bought at its price, what was paid for it, and what points and bonus given with it are worth.
    price: i64,
    paid: i64,
    given: i64,
}

impl Played {
    /// Stored value that is held and was refunded, over what was paid in.
    pub(super) fn gained(&self) -> i64 {
        self.held.saturating_add(self.refunded).saturating_sub(self.paid_in)
    }

    /// All that was paid in was paid back, and more, or something is left. What stayed paid in may have its bonus.
    pub(super) fn is_paid_more_than_it_paid_in(&self) -> bool {
        self.refunded >= self.paid_in && self.gained() > 0
    }

    /// What stays of the price with the shop.
    pub(super) fn kept_share(&self) -> Option<Decimal> {
        let kept = Decimal::from(self.paid.saturating_sub(self.given));
        kept.checked_div(Decimal::from(self.price)).filter(|_| self.price > 0)
    }
}

struct Table<'p> {
    program: &'p Program,
    book: Book,
    micros: i64,
    count: u32,
    bought: Vec<Bought>,
    played: Played,
}

const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;

/// Plays a history under a program.
pub(super) fn play(program: &Program, acts: &[Act]) -> Played {
    played(program, acts).end()
}

/// Plays a history; then whatever is left of all purchases is given back, and what can be refunded of stored value is.
pub(super) fn play_back(program: &Program, acts: &[Act]) -> Played {
    let mut table = played(program, acts);
    for which in 0..table.bought.len() {
        table.give_back(which, false);
    }
    for who in 0..CUSTOMERS.len() {
        table.refund(who);
    }
    table.end()
}

fn played<'p>(program: &'p Program, acts: &[Act]) -> Table<'p> {
    let begins = Moment::parse(&format!("{}T04:00:00Z", program.effective)).map_or(0, Moment::micros);
    let mut table = Table {
        program,
        book: Book::new(program.clone()),
        micros: begins,
        count: 0,
        bought: Vec::new(),
        played: Played::default(),
    };
    table.join(acts);
    for act in acts {
        table.act(act);
    }
    table
}

impl Table<'_> {
    fn at(&self) -> Option<Moment> {
        Moment::from_micros(self.micros, 0).ok()
    }

    /// Tells the book something, now; what it refuses has not happened.
    fn tell(&mut self, customer: &str, kind: &str, body: &Value) -> Option<(String, crate::book::Outcome)> {
        self.micros = self.micros.saturating_add(MINUTE);
        self.count = self.count.saturating_add(1);
        let id = format!("{}-{}", kind.get(..1).unwrap_or("f"), self.count);
        let at = self.at()?.to_string();
        let text = json!({ "id": id, "at": at, "customer": customer, kind: body }).to_string();
        let currency = self.program.currency;
        let fact = Fact::from_json(&text, currency).ok()?;
        match self.book.record(&fact).ok()? {
            Answer::Accepted { outcome } => {
                self.played.facts.push(fact.to_json(currency));
                for moved in outcome.coupons.iter().filter(|moved| moved.what == "issued") {
                    let uses = self.program.coupon(&moved.of).map_or(1, |rule| rule.uses);
                    let issued = self.played.issued.entry(moved.of.to_string()).or_default();
                    *issued = issued.saturating_add(uses);
                }
                Some((id, *outcome))
            }
            _ => None,
        }
    }

    fn join(&mut self, acts: &[Act]) {
        let introduced = acts.iter().any(|act| matches!(act, Act::Introduce));
        let has_birthday = acts.iter().any(|act| matches!(act, Act::Birthday));
        for (at, customer) in CUSTOMERS.iter().enumerate() {
            let is_used = introduced || acts.iter().any(|act| act.concerns(at));
            if !is_used {
                continue;
            }
            let mut profile = Map::new();
            if at == 1 && introduced {
                profile.insert("introduced_by".to_owned(), json!(CUSTOMERS.first()));
            }
            if at == 1 && has_birthday {
                let day = self.program.effective.to_string();
                profile.insert("birthday".to_owned(), json!(day.get(5..)));
            }
            self.tell(customer, "joined", &profile.into());
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Introduce | Act::Birthday => {}
            Act::Grant { tier } => {
                let last = self.program.effective.add_days(3_650).to_string();
                self.tell(
                    "other",
                    "tier_granted",
                    &json!({ "tier": tier, "reason": "probe", "last_day": last }),
                );
            }
            Act::Issue { coupon } => {
                self.tell("other", "issued", &json!({ "coupon": coupon }));
            }
            Act::Wait(days) => self.micros = self.micros.saturating_add(DAY.saturating_mul((*days).into())),
            Act::Buy { who, lines, points, value } => self.buy(*who, lines, (*points, *value)),
            Act::GiveBack { which, half } => {
                let which = which.checked_rem(self.bought.len().max(1)).unwrap_or(0);
                self.give_back(which, *half);
            }
            Act::Redeem { who } => self.redeem(*who),
            Act::Settle { who } => self.settle(*who),
            Act::TopUp { who, amount } => {
                let told = json!({ "amount": self.shown(*amount), "source": "cash" });
                if self.tell(name(*who), "topped_up", &told).is_some() {
                    self.played.paid_in = self.played.paid_in.saturating_add(amount.minor());
                }
            }
            Act::Refund { who } => self.refund(*who),
            Act::Transfer { who } => {
                let half = self.account(*who).and_then(|account| account.stored_value);
                let half = half.map_or(0, |value| self.minor(value.balance).div_euclid(2));
                let to = name(1_usize.saturating_sub(*who));
                let told = json!({ "to": to, "amount": self.shown(Money::from_minor(half)) });
                self.tell(name(*who), "value_transferred", &told);
            }
        }
    }

    fn account(&self, who: usize) -> Option<crate::book::AccountView> {
        self.book.account(name(who), self.book.day_of(self.at()?)).ok()
    }

    fn shown(&self, amount: Money) -> String {
        self.program.currency.show(amount).to_string()
    }

    fn minor(&self, amount: Decimal) -> i64 {
        self.program.currency.money(&amount.to_string()).map_or(0, Money::minor)
    }

    fn buy(&mut self, who: usize, lines: &[Line], (with_points, with_value): (bool, bool)) {
        let rows: Vec<Value> = lines
            .iter()
            .zip(1..)
            .map(|(line, at): (&Line, u32)| {
                let amount = self.shown(line.amount);
                let parts = line.component.iter().map(|name| (name.clone(), json!(amount)));
                let parts: Map<String, Value> = parts.collect();
                json!({ "id": at.to_string(), "category": line.category, "amount": amount, "components": parts })
            })
            .collect();
        let text = json!({ "lines": rows }).to_string();
        let Ok(basket) = Purchase::from_json(&text, self.program.currency) else { return };
        let Some(at) = self.at() else { return };
        let quote = self.book.quote(name(who), at, None, &basket);
        let mut tenders = Vec::new();
        for coupon in quote.coupons.iter().filter(|coupon| coupon.why.is_none()) {
            tenders.push(json!({ "coupon": &*coupon.coupon, "amount": coupon.amount.to_string() }));
        }
        let mut left = quote.to_pay;
        if with_points && quote.spendable.points > 0 {
            left = left.saturating_sub(quote.spendable.amount);
            let amount = quote.spendable.amount.to_string();
            tenders.push(json!({ "points": quote.spendable.points, "amount": amount }));
        }
        let most = quote.stored_value.map_or(Decimal::ZERO, |value| value.amount).min(left);
        if with_value && most > Decimal::ZERO {
            left = left.saturating_sub(most);
            tenders.push(json!({ "stored_value": most.to_string() }));
        }
        if left > Decimal::ZERO {
            tenders.push(json!({ "cash": left.to_string() }));
        }
        let body = json!({ "lines": rows, "tenders": tenders });
        let Some((fact, outcome)) = self.tell(name(who), "purchased", &body) else { return };
        let amounts: Vec<i64> = lines.iter().map(|line| line.amount.minor()).collect();
        let price = amounts.iter().fold(0_i64, |sum, amount| sum.saturating_add(*amount));
        let bonus = outcome.value.iter().filter(|moved| moved.what == "spent").map(|moved| moved.bonus);
        let bonus = bonus.fold(Decimal::ZERO, Decimal::saturating_add);
        self.played.price = self.played.price.saturating_add(price);
        self.played.paid = self.played.paid.saturating_add(self.minor(quote.to_pay));
        self.played.given = self.played.given.saturating_add(self.minor(bonus));
        self.bought.push(Bought { fact, who, left: amounts });
    }

    fn give_back(&mut self, which: usize, half: bool) {
        let Some(bought) = self.bought.get(which) else { return };
        let (purchase, who) = (bought.fact.clone(), bought.who);
        let part = |left: i64| if half { left.div_euclid(2) } else { left };
        let back: Vec<i64> = bought.left.iter().map(|left| part(*left)).collect();
        let lines: Vec<Value> = back
            .iter()
            .zip(1_u32..)
            .filter(|(back, _)| **back > 0)
            .map(|(back, at)| {
                let amount = self.shown(Money::from_minor(*back));
                json!({ "id": at.to_string(), "quantity": if half { "0" } else { "1" }, "amount": amount })
            })
            .collect();
        if lines.is_empty() {
            return;
        }
        let told = json!({ "purchase": purchase, "lines": lines });
        if self.tell(name(who), "returned", &told).is_some()
            && let Some(bought) = self.bought.get_mut(which)
        {
            for (left, back) in bought.left.iter_mut().zip(back) {
                *left = left.saturating_sub(back);
            }
        }
    }

    fn redeem(&mut self, who: usize) {
        let balance = self.account(who).map_or(0, |account| account.points.balance);
        // The dearest reward that they can pay; where the program lists none, all for something of the shop's own.
        let rewards = &self.program.rewards;
        let price = rewards.iter().flat_map(|reward| reward.prices.iter().map(|price| (&reward.id, *price)));
        let dearest =
            price.filter(|(_, (points, _))| *points <= balance).max_by_key(|(_, (points, _))| *points);
        let (points, told) = match dearest {
            Some((reward, (points, amount))) => {
                (points, json!({ "points": points, "amount": self.shown(amount), "reward": reward.as_str() }))
            }
            None if rewards.is_empty() && balance > 0 => {
                (balance, json!({ "points": balance, "reward": "gift" }))
            }
            None => return,
        };
        if self.tell(name(who), "redeemed", &told).is_some() {
            self.played.points = self.played.points.saturating_add(points);
        }
    }

    fn settle(&mut self, who: usize) {
        let Some(on) = self.at().map(|at| self.book.day_of(at)) else { return };
        let Ok(agenda) = self.book.agenda_of(name(who), on) else { return };
        for due in agenda.due {
            let told = json!({ "trigger": &*due.trigger, "occasion": due.occasion, "as": "done" });
            self.tell(name(who), "reported", &told);
        }
    }

    fn refund(&mut self, who: usize) {
        let value = self.account(who).and_then(|account| account.stored_value);
        let amount = value.map_or(Decimal::ZERO, |value| value.refundable);
        if amount > Decimal::ZERO
            && self.tell(name(who), "value_refunded", &json!({ "amount": amount.to_string() })).is_some()
        {
            self.played.refunded = self.played.refunded.saturating_add(self.minor(amount));
        }
    }

    /// What is left, of both.
    fn end(mut self) -> Played {
        let worth = self.program.spend;
        let mut held = 0_i64;
        for who in 0..CUSTOMERS.len() {
            let Some(account) = self.account(who) else {
                self.played.tiers.push(0);
                continue;
            };
            let points = account.points.balance.saturating_add(account.points.pending);
            held = held.saturating_add(points);
            self.played.points = self.played.points.saturating_add(points);
            self.played.lapsed = self.played.lapsed.saturating_add(account.points.totals.lapsed);
            for coupon in &account.coupons {
                let uses = self.played.coupons.entry(coupon.of.to_string()).or_default();
                *uses = uses.saturating_add(coupon.uses);
            }
            let tier = account.tier.as_ref().map(|tier| &*tier.id);
            let place = self.program.tiers.iter().position(|known| Some(&*known.id) == tier);
            self.played.tiers.push(place.unwrap_or(0));
            let value = account.stored_value.map_or(0, |value| {
                value
                    .balance
                    .checked_mul(Decimal::from(10_i64.saturating_pow(self.program.currency.digits())))
                    .and_then(|minor| minor.to_i64())
                    .unwrap_or(0)
            });
            self.played.held = self.played.held.saturating_add(value);
        }
        let given = worth.map_or(0, |worth| worth.worth_rounded(held.max(0)).minor());
        self.played.given = self.played.given.saturating_add(given);
        self.played
    }
}

impl Act {
    fn concerns(&self, customer: usize) -> bool {
        match self {
            Act::Buy { who, .. }
            | Act::Redeem { who }
            | Act::Settle { who }
            | Act::TopUp { who, .. }
            | Act::Refund { who } => *who == customer,
            Act::Introduce | Act::Transfer { .. } => true,
            Act::Birthday | Act::Grant { .. } | Act::Issue { .. } => customer == 1,
            Act::Wait(_) | Act::GiveBack { .. } => false,
        }
    }
}

fn name(who: usize) -> &'static str {
    CUSTOMERS.get(who).copied().unwrap_or("one")
}
