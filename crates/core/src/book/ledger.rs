//! The books of a period: what was owed when it began, what moved, what is owed when it ends, by double entry (semantics 19).

use super::Book;
use super::fold::Until;
use crate::calendar::Day;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::loyalty::stored_value::Split;
use crate::money::{Currency, Money};
use crate::outcome::{CouponLeft, CouponMove, DepositMove, Entry, ValueMove, Witness};
use crate::program::versions::Versions;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a shop owes its customers over a period: points, stored value and coupons, as an auditor's books want it. In each, what was owed when it
/// began, plus credits less debits, is what is owed when it ends.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # use parure::calendar::Day;
/// let year = book.ledger(Day::parse("2026-01-01")?, Day::parse("2026-11-21")?);
/// let points = &year.balances[0];
/// assert_eq!((points.account, points.closing.to_string()), ("points", "85955".into()));
/// assert_eq!(points.opening + points.credits - points.debits, points.closing);
/// let awarded = year.entries.iter().find(|entry| entry.what == "awarded").unwrap();
/// assert_eq!((awarded.debit, awarded.credit, awarded.amount.to_string()), ("points.cost", "points", "105274".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ledger {
    /// The first day.
    #[serde(serialize_with = "super::views::day_as_text")]
    pub first: Day,
    /// The last day.
    #[serde(serialize_with = "super::views::day_as_text")]
    pub last: Day,
    /// What is owed: `points`; where the program offers it or there is any, `principal` and `bonus` of stored value; `coupons`; `deposits` of orders.
    pub balances: Vec<LedgerBalance>,
    /// What moved, by kind: each debited to one account and credited to another.
    pub entries: Vec<LedgerEntry>,
}

/// What is owed of one kind.
///
/// ```
/// # let balance: Option<parure::book::LedgerBalance> = None;
/// let is_right = balance.map(|owed| owed.opening + owed.credits - owed.debits == owed.closing);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LedgerBalance {
    /// `points`, `principal`, `bonus`, `coupons`, `deposits`.
    pub account: &'static str,
    /// What it is counted in: `points`, a currency, `uses` of coupons.
    pub unit: &'static str,
    /// What was owed before the first day.
    #[schemars(with = "String")]
    pub opening: Decimal,
    /// What came to be owed no more.
    #[schemars(with = "String")]
    pub debits: Decimal,
    /// What came to be owed.
    #[schemars(with = "String")]
    pub credits: Decimal,
    /// What is owed at the end of the last day.
    #[schemars(with = "String")]
    pub closing: Decimal,
}

/// All that moved in one way.
///
/// ```
/// # let entry: Option<parure::book::LedgerEntry> = None;
/// let line = entry.map(|entry| format!("{} {} Dr {} Cr {}", entry.amount, entry.unit, entry.debit, entry.credit));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LedgerEntry {
    /// Of points `awarded`, `adjusted`, `received`, `spent`, `restored`, `given`, `taken_back`, `lapsed`; of stored value `topped_up`, `spent`, `restored`,
    /// `refunded`, `taken_back`, `transferred`, `received`, `lapsed`; of coupons `issued`, `used`, `given_back`, `voided`, `transferred`, `received`, `lapsed`; of deposits
    /// `paid`, `used`, `given_back`, `kept`.
    pub what: &'static str,
    /// The account that is debited.
    pub debit: &'static str,
    /// The account that is credited.
    pub credit: &'static str,
    /// What it is counted in.
    pub unit: &'static str,
    /// How much.
    #[schemars(with = "String")]
    pub amount: Decimal,
}

/// What is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owed {
    Points,
    Principal,
    Bonus,
    Coupons,
    Deposits,
}

/// How many kinds there are.
const KINDS: usize = 5;
const ALL: [Owed; KINDS] = [Owed::Points, Owed::Principal, Owed::Bonus, Owed::Coupons, Owed::Deposits];

impl Owed {
    fn name(self) -> &'static str {
        match self {
            Owed::Points => "points",
            Owed::Principal => "principal",
            Owed::Bonus => "bonus",
            Owed::Coupons => "coupons",
            Owed::Deposits => "deposits",
        }
    }

    fn unit(self, currency: Currency) -> &'static str {
        match self {
            Owed::Points => "points",
            Owed::Principal | Owed::Bonus | Owed::Deposits => currency.code(),
            Owed::Coupons => "uses",
        }
    }

    fn amount(self, sum: i64, currency: Currency) -> Decimal {
        match self {
            Owed::Points | Owed::Coupons => Decimal::from(sum),
            Owed::Principal | Owed::Bonus | Owed::Deposits => currency.decimal(Money::from_minor(sum)),
        }
    }

    /// What is on the other side of what moves it.
    fn against(self, what: &str) -> &'static str {
        match (self, what) {
            (Owed::Points, "awarded" | "taken_back") => "points.cost",
            (Owed::Points, "adjusted") => "points.adjustments",
            (Owed::Points, "spent" | "restored") => "points.redeemed",
            (Owed::Points, "lapsed") => "points.lapsed",
            (Owed::Points, _) => "points.transfers",
            (Owed::Principal, "topped_up" | "refunded") => "money",
            (Owed::Principal, "spent" | "restored") => "sales",
            (Owed::Bonus, "spent" | "restored") => "bonus.redeemed",
            (Owed::Bonus, "lapsed") => "bonus.lapsed",
            // What a refund keeps of the principal makes up for bonus that was spent.
            (Owed::Principal, "taken_back") | (Owed::Bonus, "topped_up" | "taken_back") => "bonus.cost",
            (Owed::Principal, _) => "principal.transfers",
            (Owed::Bonus, _) => "bonus.transfers",
            (Owed::Coupons, "used" | "given_back") => "coupons.redeemed",
            (Owed::Coupons, "lapsed") => "coupons.lapsed",
            (Owed::Coupons, "transferred" | "received") => "coupons.transfers",
            (Owed::Coupons, _) => "coupons.promised",
            (Owed::Deposits, "used") => "sales",
            (Owed::Deposits, "kept") => "deposits.kept",
            (Owed::Deposits, _) => "money",
        }
    }
}

/// Counts up what moves from a first day on.
struct Counting {
    first: Day,
    moved: BTreeMap<(Owed, &'static str), (i64, i64)>,
    /// Coupons of the account at hand: what can still be used of each, and its last day.
    coupons: BTreeMap<FactNo, CouponLeft>,
}

impl Counting {
    /// So much more is owed, or less.
    fn add(&mut self, owed: Owed, what: &'static str, sum: i64) {
        if sum == 0 {
            return;
        }
        let (debits, credits) = self.moved.entry((owed, what)).or_default();
        if sum < 0 {
            *debits = debits.saturating_sub(sum);
        } else {
            *credits = credits.saturating_add(sum);
        }
    }

    fn value(&mut self, what: ValueMove, Split { principal, bonus }: Split) {
        let sign = match what {
            ValueMove::ToppedUp | ValueMove::Restored | ValueMove::Received => 1_i64,
            ValueMove::Spent
            | ValueMove::Refunded
            | ValueMove::TakenBack
            | ValueMove::Transferred
            | ValueMove::Lapsed => -1,
            // What is owed by the customer is within what is owed to them.
            ValueMove::Owed | ValueMove::Frozen | ValueMove::Released => return,
        };
        self.add(Owed::Principal, what.word(), sign.saturating_mul(principal));
        self.add(Owed::Bonus, what.word(), sign.saturating_mul(bonus));
    }

    fn coupon(&mut self, day: Day, coupon: FactNo, what: CouponMove, after: CouponLeft) {
        self.lapse_coupon(coupon, day);
        let before = self.coupons.get(&coupon).map_or(0, |left| left.uses);
        // One that has lapsed can't be used, whatever is left of it.
        let after = if after.lapsed_on(day) { CouponLeft { uses: 0, ..after } } else { after };
        self.add(Owed::Coupons, what.word(), after.uses.saturating_sub(before));
        self.coupons.insert(coupon, after);
    }

    /// What has no day left on `day` has lapsed; before the first day nothing is counted, and what had lapsed then has no uses.
    fn lapse_coupon(&mut self, coupon: FactNo, day: Day) {
        let Some(left) = self.coupons.get_mut(&coupon).filter(|left| left.lapsed_on(day)) else { return };
        let uses = std::mem::take(&mut left.uses);
        self.add(Owed::Coupons, "lapsed", uses.saturating_neg());
    }
}

impl Witness for Counting {
    fn see(&mut self, day: Day, _: Option<FactNo>, entry: Entry) {
        if day < self.first {
            return;
        }
        match entry {
            Entry::Awarded { points, .. }
            | Entry::Occasion { points, .. }
            | Entry::Introduced { points, .. } => self.add(Owed::Points, "awarded", points),
            Entry::Spent(points) => self.add(Owed::Points, "spent", points.saturating_neg()),
            Entry::Given(points) => self.add(Owed::Points, "given", points.saturating_neg()),
            Entry::Received(points) => self.add(Owed::Points, "received", points),
            Entry::Adjusted(points) => self.add(Owed::Points, "adjusted", points),
            Entry::Restored(points) => self.add(Owed::Points, "restored", points),
            Entry::TakenBack(points) => self.add(Owed::Points, "taken_back", points.saturating_neg()),
            Entry::Lapsed { points, .. } => self.add(Owed::Points, "lapsed", points.saturating_neg()),
            Entry::Coupon { coupon, what, left } => self.coupon(day, coupon, what, left),
            Entry::Value(what, split) => self.value(what, split),
            Entry::Deposit { what, amount, .. } => {
                let sign = if what == DepositMove::Paid { 1 } else { -1_i64 };
                self.add(Owed::Deposits, what.word(), sign.saturating_mul(amount.minor()));
            }
            // What pays debt or becomes debt moves within what is owed.
            Entry::DebtPaid(_)
            | Entry::Owed(_)
            | Entry::Bought(_)
            | Entry::LapsedCounted(_)
            | Entry::Forgiven(_)
            | Entry::Shared(_)
            | Entry::Tier { .. }
            | Entry::RefundedTo { .. }
            | Entry::TierBought { .. }
            | Entry::PaidBeside(_)
            | Entry::Flagged(_) => {}
        }
    }
}

/// What an account is owed at the end of a day.
fn owed(account: &Account, on: Day, versions: &Versions) -> [i64; KINDS] {
    let value = account.stored_value();
    let coupons = account.coupons().iter().map(|coupon| coupon.left(versions));
    let coupons = coupons.filter(|left| !left.lapsed_on(on));
    [
        account.purse.outstanding(),
        value.map_or(0, |value| value.principal.outstanding()),
        value.map_or(0, |value| value.bonus.outstanding()),
        coupons.fold(0, |sum, left| sum.saturating_add(left.uses)),
        account.deposits(),
    ]
}

impl Book {
    /// What the shop owes its customers over a period, from a first day through a last. Days before the seal are answered as from the seal
    /// (`first` says so).
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # use parure::calendar::Day;
    /// let may = book.ledger(Day::parse("2026-05-01")?, Day::parse("2026-05-31")?);
    /// assert!(may.balances.iter().all(|owed| owed.opening + owed.credits - owed.debits == owed.closing));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn ledger(&self, first: Day, last: Day) -> Ledger {
        let first = self.answerable(first);
        let (last, eve) = (last.max(first), first.add_days(-1));
        let mut counting = Counting { first, moved: BTreeMap::new(), coupons: BTreeMap::new() };
        let (mut opening, mut closing) = ([0_i64; KINDS], [0_i64; KINDS]);
        let add = |sums: &mut [i64; KINDS], more: [i64; KINDS]| {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum = sum.saturating_add(more);
            }
        };
        for root in self.people.roots_by_id() {
            let before = self.state_on(root, eve);
            add(&mut opening, owed(&before, eve, &self.versions));
            counting.coupons = before
                .coupons()
                .iter()
                .map(|coupon| (coupon.fact, coupon.left(&self.versions)))
                .map(|(fact, left)| {
                    (fact, if left.lapsed_on(eve) { CouponLeft { uses: 0, ..left } } else { left })
                })
                .collect();
            let (mut account, _) = self.fold(root, Until::Day(last), &self.versions, &mut counting);
            account.advance(last, &self.versions, &mut counting);
            for coupon in counting.coupons.keys().copied().collect::<Vec<_>>() {
                counting.lapse_coupon(coupon, last);
            }
            add(&mut closing, owed(&account, last, &self.versions));
        }
        self.ledger_of((first, last), &counting.moved, opening, closing)
    }

    fn ledger_of(
        &self,
        (first, last): (Day, Day),
        moved: &BTreeMap<(Owed, &'static str), (i64, i64)>,
        opening: [i64; KINDS],
        closing: [i64; KINDS],
    ) -> Ledger {
        let currency = self.currency();
        let balances = ALL.into_iter().zip(opening).zip(closing).map(|((owed, opening), closing)| {
            let own = moved.iter().filter(|((of, _), _)| *of == owed);
            let (debits, credits) = own.fold((0_i64, 0_i64), |(debits, credits), (_, (debit, credit))| {
                (debits.saturating_add(*debit), credits.saturating_add(*credit))
            });
            LedgerBalance {
                account: owed.name(),
                unit: owed.unit(currency),
                opening: owed.amount(opening, currency),
                debits: owed.amount(debits, currency),
                credits: owed.amount(credits, currency),
                closing: owed.amount(closing, currency),
            }
        });
        let zero = |balance: &LedgerBalance| {
            [balance.opening, balance.debits, balance.credits, balance.closing].iter().all(Decimal::is_zero)
        };
        let balances = balances.filter(|balance| balance.account == "points" || !zero(balance));
        let entries = moved.iter().flat_map(|((owed, what), (debits, credits))| {
            let (own, against) = (owed.name(), owed.against(what));
            let entry = |debit, credit, sum: i64| LedgerEntry {
                what,
                debit,
                credit,
                unit: owed.unit(currency),
                amount: owed.amount(sum, currency),
            };
            let all = [(entry(own, against, *debits), *debits), (entry(against, own, *credits), *credits)];
            all.into_iter().filter(|(_, sum)| *sum != 0).map(|(entry, _)| entry)
        });
        Ledger { first, last, balances: balances.collect(), entries: entries.collect() }
    }
}
