//! What a shop wants to know of its programme as a whole.

use super::Book;
use super::fold::Until;
use super::people::Place;
use super::views::{Totals, day_as_text};
use crate::Id;
use crate::calendar::Day;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::loyalty::tiers::tier_of;
use crate::money::Money;
use crate::outcome::{Entry, Flag, Witness};
use crate::program::versions::Versions;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// All accounts together, as of the end of a day.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let report = book.report(on);
/// assert_eq!((report.members, report.outstanding, report.debt), (10, 85_955, 0));
/// assert_eq!(report.cost.unwrap().to_string(), "4297.75"); // 100 points are worth 5.00
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// The day.
    #[serde(serialize_with = "day_as_text")]
    pub on: Day,
    /// Everyone who has joined; merged customers count once.
    pub members: u64,
    /// Members by tier, low to high.
    pub tiers: Vec<TierCount>,
    /// Everything that ever came in and went out.
    pub totals: Totals,
    /// Usable and pending points less debt.
    pub outstanding: i64,
    /// Of these, not usable yet.
    pub pending: i64,
    /// Points owed.
    pub debt: i64,
    /// What the outstanding points are worth, where the program says what points are worth.
    #[schemars(with = "Option<String>")]
    pub cost: Option<Decimal>,
    /// Stored value that customers and cards hold, where there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_value: Option<ValueHeld>,
    /// By month, from the first with an entry.
    pub months: Vec<MonthReport>,
    /// What `record` would have refused, by code.
    pub flags: Vec<FlagCount>,
}

/// Stored value that is held: what the shop owes.
///
/// ```
/// # let held: Option<parure::book::ValueHeld> = None;
/// let liability = held.map(|held| held.principal + held.bonus - held.owed);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ValueHeld {
    /// What was paid in.
    #[schemars(with = "String")]
    pub principal: Decimal,
    /// What was given on top.
    #[schemars(with = "String")]
    pub bonus: Decimal,
    /// What was spent and was not there.
    #[schemars(with = "String")]
    pub owed: Decimal,
    /// Of all this, what cards hold.
    #[schemars(with = "String")]
    pub on_cards: Decimal,
}

/// Members of a tier.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let tiers = book.report(on).tiers;
/// let members: Vec<_> = tiers.iter().map(|tier| (tier.id.as_str(), tier.members)).collect();
/// assert_eq!(members, [("member", 3), ("gold", 6), ("diamond", 1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TierCount {
    /// The tier's id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// How many hold it.
    pub members: u64,
}

/// One calendar month.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let months = book.report(on).months;
/// let may = months.iter().find(|month| month.month == "2026-05").unwrap();
/// assert_eq!((may.purchases, may.spend.to_string().as_str()), (4, "76900.00"));
/// assert_eq!((may.awarded, may.taken_back), (14_155, 1_975));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MonthReport {
    /// `2026-03`.
    pub month: String,
    /// Purchases.
    pub purchases: u64,
    /// What was to be paid for them.
    #[schemars(with = "String")]
    pub spend: Decimal,
    /// Points awarded.
    pub awarded: i64,
    /// Points spent, less what came back.
    pub spent: i64,
    /// Points taken back.
    pub taken_back: i64,
    /// Points that lapsed.
    pub lapsed: i64,
    /// Usable and pending points less debt, at the end of the month; of the last month, on the day of the report.
    pub outstanding: i64,
    /// What these are worth, where the program says what points are worth.
    #[schemars(with = "Option<String>")]
    pub cost: Option<Decimal>,
}

/// How often something was flagged.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let json = r#"{"id":"x-9","at":"2026-11-20T10:00:00+08:00","customer":"tang-wei","redeemed":{"points":5000,"reward":"tote-bag"}}"#;
/// let tote = parure::fact::Fact::from_json(json, book.currency())?;
/// book.merge([tote])?;
/// let flags = book.report(on).flags;
/// assert_eq!((flags[0].code, flags[0].count), ("overdrawn", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlagCount {
    /// The code.
    pub code: &'static str,
    /// How often.
    pub count: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Month {
    purchases: u64,
    spend: i64,
    awarded: i64,
    spent: i64,
    taken_back: i64,
    lapsed: i64,
    /// What came in less what went out.
    net: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Tally {
    months: Months,
    /// The month that was counted up last, which most entries are of: its first day, its last, and its sums.
    latest: Option<(Day, Day, Month)>,
    tiers: BTreeMap<u8, u64>,
    flags: BTreeMap<&'static str, u64>,
    totals: Totals,
    members: u64,
    outstanding: i64,
    pending: i64,
    debt: i64,
    /// Principal, bonus, what is owed, and what of it all is on cards.
    value: Option<[i64; 4]>,
}

/// What happened in each month: accounts go through the same few again and again, so that they are found by their places.
#[derive(Debug, Default)]
struct Months {
    /// How many months the year 0 was before the first.
    first: usize,
    sums: Vec<Option<Month>>,
}

impl Months {
    /// The month of a day. There always is one: days have years from 1800 on.
    fn of(&mut self, day: Day) -> Option<&mut Month> {
        let (year, month, _) = day.civil();
        let number =
            usize::try_from(year).ok()?.checked_mul(12)?.checked_add(usize::try_from(month).ok()?)?;
        if self.sums.is_empty() {
            self.first = number;
        }
        if let Some(earlier) = self.first.checked_sub(number).filter(|earlier| *earlier > 0) {
            self.sums.splice(..0, std::iter::repeat_n(None, earlier));
            self.first = number;
        }
        let place = number.checked_sub(self.first)?;
        if self.sums.len() <= place {
            self.sums.resize(place.saturating_add(1), None);
        }
        self.sums.get_mut(place).map(Option::get_or_insert_default)
    }

    /// Those in which anything happened, by year and month.
    fn all(&self) -> impl Iterator<Item = ((usize, usize), Month)> {
        let numbered = (self.first..).zip(&self.sums);
        numbered.filter_map(|(number, sums)| {
            // Months are counted from 1.
            let month = number.checked_sub(1)?;
            Some(((month.div_euclid(12), month.rem_euclid(12).saturating_add(1)), (*sums)?))
        })
    }
}

impl Witness for Tally {
    fn see(&mut self, day: Day, _: Option<FactNo>, entry: Entry) {
        let add = |field: &mut i64, points: i64| *field = field.saturating_add(points);
        // What pays debt or becomes debt moves within what is outstanding.
        if let Entry::DebtPaid(_)
        | Entry::Owed(_)
        | Entry::LapsedCounted(_)
        | Entry::Shared(_)
        | Entry::Coupon { .. }
        | Entry::Value(..)
        | Entry::RefundedTo { .. }
        | Entry::Deposit { .. }
        | Entry::TierBought { .. }
        | Entry::PaidBeside(_)
        | Entry::Forgiven(_)
        | Entry::Tier { .. }
        | Entry::Flagged(_) = entry
        {
            return;
        }
        let month = self.month(day);
        let net = match entry {
            Entry::Bought(amount) => {
                month.purchases = month.purchases.saturating_add(1);
                add(&mut month.spend, amount.minor());
                0
            }
            Entry::Awarded { points, .. }
            | Entry::Occasion { points, .. }
            | Entry::Introduced { points, .. } => {
                add(&mut month.awarded, points);
                points
            }
            Entry::Spent(points) => {
                add(&mut month.spent, points);
                points.saturating_neg()
            }
            Entry::Restored(points) => {
                add(&mut month.spent, points.saturating_neg());
                points
            }
            Entry::TakenBack(points) => {
                add(&mut month.taken_back, points);
                points.saturating_neg()
            }
            Entry::Lapsed { points, .. } => {
                add(&mut month.lapsed, points);
                points.saturating_neg()
            }
            Entry::Given(points) => points.saturating_neg(),
            Entry::Received(points) | Entry::Adjusted(points) => points,
            Entry::DebtPaid(_)
            | Entry::Owed(_)
            | Entry::LapsedCounted(_)
            | Entry::Shared(_)
            | Entry::Coupon { .. }
            | Entry::Value(..)
            | Entry::RefundedTo { .. }
            | Entry::Deposit { .. }
            | Entry::TierBought { .. }
            | Entry::PaidBeside(_)
            | Entry::Forgiven(_)
            | Entry::Tier { .. }
            | Entry::Flagged(_) => 0,
        };
        add(&mut month.net, net);
    }
}

impl Tally {
    fn month(&mut self, day: Day) -> &mut Month {
        if !self.latest.as_ref().is_some_and(|(first, last, _)| *first <= day && day <= *last) {
            self.put_away();
        }
        let (_, _, month) =
            self.latest.get_or_insert_with(|| (day.month_start(), day.month_end(), Month::default()));
        month
    }

    /// Sees a purchase and its award.
    #[inline]
    pub(crate) fn bought(&mut self, day: Day, to_pay: Money, awarded: i64) {
        let month = self.month(day);
        month.purchases = month.purchases.saturating_add(1);
        month.spend = month.spend.saturating_add(to_pay.minor());
        month.awarded = month.awarded.saturating_add(awarded);
        month.net = month.net.saturating_add(awarded);
    }

    /// Adds what was counted up of the latest month to what is known of it.
    fn put_away(&mut self) {
        let Some((first, _, latest)) = self.latest.take() else { return };
        let Some(known) = self.months.of(first) else { return };
        known.purchases = known.purchases.saturating_add(latest.purchases);
        let add = |sum: &mut i64, part: i64| *sum = sum.saturating_add(part);
        add(&mut known.spend, latest.spend);
        add(&mut known.awarded, latest.awarded);
        add(&mut known.spent, latest.spent);
        add(&mut known.taken_back, latest.taken_back);
        add(&mut known.lapsed, latest.lapsed);
        add(&mut known.net, latest.net);
    }

    pub(crate) fn add(&mut self, account: &Account, on: Day, versions: &Versions) -> Option<u8> {
        let purse = &account.purse;
        let add = |field: &mut i64, points: i64| *field = field.saturating_add(points);
        let (sum, totals) = (&mut self.totals, purse.totals);
        add(&mut sum.awarded, totals.awarded);
        add(&mut sum.adjusted, totals.adjusted);
        add(&mut sum.received, totals.received);
        add(&mut sum.spent, totals.spent);
        add(&mut sum.given, totals.given);
        add(&mut sum.taken_back, totals.taken_back);
        add(&mut sum.lapsed, totals.lapsed);
        add(&mut self.outstanding, purse.outstanding());
        add(&mut self.pending, purse.pending(on));
        add(&mut self.debt, purse.debt);
        if let Some(value) = account.stored_value() {
            let [principal, bonus, owed, on_cards] = self.value.get_or_insert_default();
            let held = (value.principal.usable(on), value.bonus.usable(on));
            add(principal, held.0);
            add(bonus, held.1);
            add(owed, value.principal.debt);
            if account.is_card() {
                add(on_cards, held.0.saturating_add(held.1).saturating_sub(value.principal.debt));
            }
        }
        self.flag(account.rare.iter().flat_map(|rare| &rare.flags));
        account.member?;
        self.members = self.members.saturating_add(1);
        let tier = account.tier_on(on, versions.on(on).program);
        let count = self.tiers.entry(tier).or_default();
        *count = count.saturating_add(1);
        Some(tier)
    }

    fn flag<'f>(&mut self, flags: impl Iterator<Item = &'f Flag>) {
        for flag in flags {
            let count = self.flags.entry(flag.code.flag()).or_default();
            *count = count.saturating_add(1);
        }
    }

    pub(crate) fn report(mut self, on: Day, versions: &Versions) -> Report {
        self.put_away();
        let program = versions.on(on).program;
        let currency = versions.currency();
        let tiers = program.tiers.iter().enumerate().map(|(place, tier)| TierCount {
            id: tier.id.clone(),
            name: tier.name.to_string(),
            members: u8::try_from(place).ok().and_then(|place| self.tiers.get(&place)).copied().unwrap_or(0),
        });
        let worth = |points| program.spend.map(|rules| currency.decimal(rules.worth_rounded(points)));
        // What was outstanding before the first entry: behind a seal there are none.
        let entries = self.months.all().fold(0_i64, |sum, (_, month)| sum.saturating_add(month.net));
        let mut outstanding = self.outstanding.saturating_sub(entries);
        let months = self.months.all().map(|((year, month), sums)| {
            outstanding = outstanding.saturating_add(sums.net);
            MonthReport {
                month: format!("{year:04}-{month:02}"),
                purchases: sums.purchases,
                spend: currency.decimal(Money::from_minor(sums.spend)),
                awarded: sums.awarded,
                spent: sums.spent,
                taken_back: sums.taken_back,
                lapsed: sums.lapsed,
                outstanding,
                cost: worth(outstanding),
            }
        });
        Report {
            on,
            members: self.members,
            tiers: tiers.collect(),
            totals: self.totals,
            outstanding: self.outstanding,
            pending: self.pending,
            debt: self.debt,
            cost: worth(self.outstanding),
            stored_value: self.value.map(|value| {
                let [principal, bonus, owed, on_cards] =
                    value.map(|minor| currency.decimal(Money::from_minor(minor)));
                ValueHeld { principal, bonus, owed, on_cards }
            }),
            months: months.collect(),
            flags: self.flags.into_iter().map(|(code, count)| FlagCount { code, count }).collect(),
        }
    }
}

impl Book {
    /// The day of the latest fact.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.last_day().unwrap().to_string(), "2026-11-11");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn last_day(&self) -> Option<Day> {
        let last = self.log.numbers().max_by_key(|no| self.log.micros(*no))?;
        Some(
            crate::calendar::Moment::from_micros(self.log.micros(last), 0).ok()?.day_in(self.versions.zone()),
        )
    }

    /// All accounts together, as of the end of a day: folds every fact up to then.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.report(on).totals.awarded, 105_274);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn report(&self, on: Day) -> Report {
        let on = self.answerable(on);
        let mut tally = Tally::default();
        for root in self.people.roots_by_id() {
            let account = self.account_on(root, on, &mut tally);
            tally.add(&account, on, &self.versions);
            tally.flag(self.flags_apart(root, on).iter());
        }
        tally.report(on, &self.versions)
    }

    pub(super) fn tally(&self, root: Place, on: Day, versions: &Versions, tally: &mut Tally) -> Option<Id> {
        let (mut account, _) = self.fold(root, Until::Day(on), versions, tally);
        account.advance(on, versions, tally);
        tally.flag(self.flags_apart(root, on).iter());
        let tier = tally.add(&account, on, versions)?;
        tier_of(versions.on(on).program, tier).map(|tier| tier.id.clone())
    }
}
