//! Histories of a jeweller's customers, of any size: who joined, what they bought in two lines, what came back, what was paid
//! with points.
//!
//! The same size and seed give the same history on every machine. It comes in the order of time and is never held as a whole:
//! beside the catalogue there are 12 bytes for each customer and the returns of the coming three weeks.
//!
//! ```
//! use parure_bench::generate::{Catalogue, History, Size};
//! let catalogue = Catalogue::new(1);
//! let facts: Vec<_> = History::new(&catalogue, Size { customers: 10, purchases: 100 }, 1).facts().collect();
//! assert!(facts.len() >= 110 && facts.is_sorted_by_key(|fact| fact.at()));
//! ```

use parure::calendar::{Anniversary, Moment};
use parure::fact::{Fact, Line, Profile, Purchase, Quantity, ReturnedLine, Tender};
use parure::money::{Currency, Money};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A small generator of numbers with a fixed algorithm (SplitMix64, Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The same seed, the same numbers.
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to `end`, without it.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end.max(1))) >> 64) as u64
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// Where a category stands in this list is its number.
pub const CATEGORIES: [&str; 30] = [
    "gold/bullion",
    "gold/necklace",
    "gold/bangle",
    "gold/ring",
    "gold/earrings",
    "gold/pendant",
    "ring/wedding",
    "ring/diamond",
    "ring/sapphire",
    "ring/pearl",
    "necklace/diamond",
    "necklace/pearl",
    "necklace/silver",
    "earrings/diamond",
    "earrings/pearl",
    "earrings/silver",
    "bracelet/silver",
    "bracelet/jade",
    "bangle/jade",
    "pendant/jade",
    "brooch",
    "watch/steel",
    "watch/gold",
    "watch/strap",
    "cufflinks",
    "tie-pin",
    "care/cleaning",
    "care/engraving",
    "gift/box",
    "silver/cutlery",
];
/// The first so many categories are of gold by weight: their lines tell metal and labour.
pub const GOLD_CATEGORIES: usize = 6;
/// The number of `ring/wedding`.
pub const WEDDING_RING: usize = 6;

/// Something that the shop sells.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// The number of its category.
    pub category: usize,
    /// The usual price in minor units.
    pub price: i64,
}

/// Some 20,000 items.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// By number.
    pub items: Vec<Item>,
}

impl Catalogue {
    /// The catalogue of a seed.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x0063_6174);
        let items = (0..20_000).map(|number| {
            let category = dice.below(CATEGORIES.len() as u64) as usize;
            // From 100 to some 6,400 yuan, cheap things more often.
            let price = (10_000 << dice.below(6)) + dice.below(10_000 << 5) as i64 / 8;
            Item { id: format!("R-{number:05}"), category, price: price / 100 * 100 }
        });
        Catalogue { items: items.collect() }
    }
}

/// How large a history is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Everyone joins before they buy.
    pub customers: u32,
    /// Purchases, each of two lines.
    pub purchases: u64,
}

/// One purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sale {
    /// Its number in the history.
    pub no: u64,
    /// Microseconds since 1970 in UTC.
    pub micros: i64,
    /// By number.
    pub customer: u32,
    /// The numbers of the items of its two lines.
    pub items: [u32; 2],
    /// The amounts of its two lines in minor units.
    pub amounts: [i64; 2],
    /// Points spent on it.
    pub points: i64,
    tender: u8,
    staff: u16,
}

/// What comes next.
#[derive(Debug, Clone, Copy)]
pub enum Happening {
    /// Someone joins.
    Joined {
        /// By number.
        customer: u32,
        /// Microseconds since 1970 in UTC.
        micros: i64,
        /// Drawn for the person.
        drawn: u64,
    },
    /// Something is bought.
    Bought(Sale),
    /// Something comes back.
    Returned {
        /// Microseconds since 1970 in UTC.
        micros: i64,
        /// What had been bought.
        sale: Sale,
        /// Both lines, or the first one only.
        wholly: bool,
    },
}

/// A history, one happening after another.
#[derive(Debug, Clone)]
pub struct History<'c> {
    catalogue: &'c Catalogue,
    size: Size,
    dice: Dice,
    joined: u32,
    bought: u64,
    /// What will come back, by when.
    returns: BinaryHeap<Reverse<(i64, Sale)>>,
    purses: Vec<Purse>,
}

/// Roughly what a customer has: less than the engine knows rather than more.
#[derive(Debug, Clone, Copy, Default)]
struct Purse {
    usable: u32,
    pending: u32,
    day: i32,
}

const DAY: i64 = 86_400_000_000;
/// 1 January 2026 in Shanghai.
const START: i64 = 1_767_196_800_000_000;
/// Three years.
const DAYS: i64 = 1_096;
const KINDS: [&str; 4] = ["card", "cash", "wechat", "alipay"];

/// The hours from ten in the morning to nine in the evening, stretched over the day.
fn opening(days: i128, of: i128, span: i64) -> i64 {
    let even = (i128::from(span) * days / of.max(1)) as i64;
    START + even / DAY * DAY + 10 * DAY / 24 + even % DAY * 11 / 24
}

impl<'c> History<'c> {
    /// The history of a seed.
    pub fn new(catalogue: &'c Catalogue, size: Size, seed: u64) -> Self {
        let purses = vec![Purse::default(); size.customers as usize];
        History {
            catalogue,
            size,
            dice: Dice::new(seed),
            joined: 0,
            bought: 0,
            returns: BinaryHeap::new(),
            purses,
        }
    }

    /// As facts for a book.
    pub fn facts(self) -> impl Iterator<Item = Fact<'c>> {
        let catalogue = self.catalogue;
        self.map(|happening| happening.fact(catalogue))
    }

    /// Half of the customers come with the shop's old book on the first morning, the others through the first year.
    fn next_joining(&self) -> i64 {
        if self.joined >= self.size.customers {
            return i64::MAX;
        }
        let (customer, half) = (i128::from(self.joined), i128::from(self.size.customers / 2));
        if customer <= half {
            return START + 8 * DAY / 24 + customer as i64;
        }
        opening(customer - half, i128::from(self.size.customers) - half, 365 * DAY)
    }

    fn next_sale(&self) -> i64 {
        let all = self.size.purchases;
        if self.bought >= all { i64::MAX } else { opening(self.bought.into(), all.into(), DAYS * DAY) }
    }

    fn sell(&mut self, micros: i64) -> Sale {
        let dice = &mut self.dice;
        let everyone = u64::from(self.joined);
        let mut customer = dice.below(everyone);
        if dice.one_in(2) {
            // Some are much better customers than others.
            customer = customer.min(dice.below(everyone));
        }
        let items = [0; 2].map(|_| dice.below(self.catalogue.items.len() as u64) as u32);
        let amounts =
            items.map(|item| self.catalogue.items[item as usize].price * (20 - dice.below(3) as i64) / 20);
        let (tender, staff) = (dice.below(6) as u8, dice.below(600) as u16);
        let mut sale = Sale {
            no: self.bought,
            micros,
            customer: customer as u32,
            items,
            amounts,
            points: 0,
            tender,
            staff,
        };
        let (spends, returns) = (dice.one_in(16), dice.below(100) < 3);
        let day = ((micros - START) / DAY) as i32;
        let purse = &mut self.purses[customer as usize];
        if purse.day + 8 <= day {
            purse.usable += std::mem::take(&mut purse.pending);
        }
        if spends {
            let most =
                (i64::from(purse.usable) / 2).min(amounts.iter().sum::<i64>() * 3 / 10 / 5) / 100 * 100;
            if most >= 500 {
                sale.points = most;
                purse.usable -= most as u32;
            }
        }
        if returns {
            let after = (1 + dice.below(20) as i64) * DAY + dice.below(3_600_000_000) as i64;
            self.returns.push(Reverse((micros + after, sale)));
        } else {
            let earns = |(item, amount): (u32, i64)| {
                let gold = self.catalogue.items[item as usize].category < GOLD_CATEGORIES;
                if gold { labour(amount) * 2 / 100 } else { amount / 1_000 }
            };
            purse.pending += items.into_iter().zip(amounts).map(earns).sum::<i64>() as u32;
        }
        purse.day = day;
        self.bought += 1;
        sale
    }
}

/// The labour in an amount of gold by weight: an eighth.
pub fn labour(amount: i64) -> i64 {
    amount / 8
}

impl Iterator for History<'_> {
    type Item = Happening;

    fn next(&mut self) -> Option<Happening> {
        let (joins, sells) = (self.next_joining(), self.next_sale());
        let returns = self.returns.peek().map_or(i64::MAX, |Reverse((micros, _))| *micros);
        if joins == i64::MAX && sells == i64::MAX && returns == i64::MAX {
            return None;
        }
        if returns < joins.min(sells) {
            let Reverse((micros, sale)) = self.returns.pop()?;
            return Some(Happening::Returned { micros, sale, wholly: self.dice.one_in(2) });
        }
        if joins <= sells {
            let customer = self.joined;
            self.joined += 1;
            return Some(Happening::Joined { customer, micros: joins, drawn: self.dice.next() });
        }
        Some(Happening::Bought(self.sell(sells)))
    }
}

/// The month and day of someone's birthday, where it is known and solar or lunar.
pub fn birthday(drawn: u64) -> Option<(bool, u8, u8)> {
    let mut dice = Dice::new(drawn);
    let (kind, month, day) = (dice.below(10), dice.below(12) as u8 + 1, dice.below(28) as u8 + 1);
    (kind < 6).then_some((kind == 0, month, day))
}

impl Happening {
    /// As a fact for a book.
    pub fn fact<'c>(&self, catalogue: &'c Catalogue) -> Fact<'c> {
        let at = |micros| Moment::from_micros(micros, 480).expect("a time of our days");
        match *self {
            Happening::Joined { customer, micros, drawn } => {
                let mut profile = Profile::default();
                if let Some((lunar, month, day)) = birthday(drawn) {
                    let day = if lunar {
                        Anniversary::lunar(None, month, false, day)
                    } else {
                        Anniversary::solar(None, month, day)
                    };
                    profile = profile.with_birthday(day.expect("a day of every year"));
                }
                let (id, customer) = (format!("j-{customer:07}"), format!("c-{customer:07}"));
                Fact::joined(id, at(micros), customer, profile).expect("a right fact")
            }
            Happening::Bought(sale) => {
                let (id, customer) = (format!("p-{:08}", sale.no), format!("c-{:07}", sale.customer));
                let purchase = sale.purchase(catalogue);
                let fact = Fact::purchased(id, at(sale.micros), customer, purchase).expect("a right fact");
                let fact = fact.at_store(format!("sh-{:02}", sale.staff / 10)).expect("a right name");
                fact.by_staff(format!("m-{:03}", sale.staff)).expect("a right name")
            }
            Happening::Returned { micros, sale, wholly } => {
                let (id, customer) = (format!("r-{:08}", sale.no), format!("c-{:07}", sale.customer));
                let back = |at: usize, amount| {
                    ReturnedLine::new(LINES[at], Quantity::ONE, Money::from_minor(amount))
                };
                let lines = sale.amounts.into_iter().enumerate().take(if wholly { 2 } else { 1 });
                let lines = lines.map(|(at, amount)| back(at, amount)).collect();
                Fact::returned(id, at(micros), customer, format!("p-{:08}", sale.no), lines, yuan())
                    .expect("a right fact")
            }
        }
    }
}

const LINES: [&str; 2] = ["1", "2"];

fn yuan() -> Currency {
    Currency::parse("CNY").expect("a currency")
}

impl Sale {
    /// The same, paid with money alone.
    pub fn without_points(self) -> Sale {
        Sale { points: 0, ..self }
    }

    /// The basket.
    pub fn purchase<'c>(&self, catalogue: &'c Catalogue) -> Purchase<'c> {
        let yuan = yuan();
        let line = |at: usize| {
            let item = &catalogue.items[self.items[at] as usize];
            let amount = self.amounts[at];
            let line = Line::new(
                LINES[at],
                &*item.id,
                CATEGORIES[item.category],
                Quantity::ONE,
                Money::from_minor(amount),
            );
            if item.category >= GOLD_CATEGORIES {
                return line;
            }
            let labour = labour(amount);
            line.with_component("metal", Money::from_minor(amount - labour))
                .with_component("labour", Money::from_minor(labour))
        };
        let worth = self.points * 5;
        let to_pay = self.amounts[0] + self.amounts[1] - worth;
        let mut tenders = Vec::new();
        if self.points > 0 {
            tenders.push(Tender::points(self.points, Money::from_minor(worth)));
        }
        if let Some(kind) =
            KINDS.get(usize::from(self.tender)).or_else(|| (self.points > 0).then_some(&"card"))
        {
            tenders.push(Tender::new(*kind, Money::from_minor(to_pay)));
        }
        Purchase::new(vec![line(0), line(1)], Money::ZERO, tenders, yuan).expect("a right basket")
    }
}
