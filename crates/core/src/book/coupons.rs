//! Coupons as they are asked about: what an account holds, and what each would do on a basket (semantics 16.5).

use super::Book;
use super::explain::unmet;
use super::views::day_as_text;
use crate::Id;
use crate::calendar::{Day, Moment};
use crate::fact::{Purchase, Tender};
use crate::loyalty::account::{Account, Event};
use crate::loyalty::basket::BasketView;
use crate::loyalty::choosing::{Choice, choose};
use crate::loyalty::counter::{Counter, Laid};
use crate::loyalty::coupons::{Against, Coupon, coupon_tenders, order_of_use};
use crate::loyalty::lots::FactNo;
use crate::money::Money;
use crate::outcome::RefusalCode;
use crate::program::condition::Scene;
use crate::program::coupons::CouponRule;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use smallvec::SmallVec;

/// A coupon that can be used, or will be.
///
/// ```
/// # use parure::{book::Book, calendar::Day, fact::Fact, program::Program};
/// let mut book = Book::new(Program::parse("house.toml", r#"
///     edition = 2026
///     name = "Maison"
///     effective = 2026-01-01
///     currency = "CNY"
///     time_zone = "Asia/Shanghai"
///     join = "at purchase"
///     [[coupon]]
///     id = "birthday-500"
///     off = "500.00"
///     valid = "30 days"
/// "#)?);
/// for json in [
///     r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#,
///     r#"{"id":"k-1","at":"2026-05-01T10:00:00+08:00","customer":"c-1","issued":{"coupon":"birthday-500"}}"#,
/// ] {
///     book.record(&Fact::from_json(json, book.currency())?)?;
/// }
/// let coupons = book.account("c-1", Day::parse("2026-05-30")?)?.coupons;
/// assert_eq!((coupons[0].coupon.as_str(), coupons[0].last_day.unwrap().to_string().as_str()), ("k-1", "2026-05-30"));
/// assert!(book.account("c-1", Day::parse("2026-05-31")?)?.coupons.is_empty()); // semantics 2.4
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CouponView {
    /// Its id: that of the fact that issued it.
    pub coupon: Id,
    /// Which of the program's coupons it is.
    pub of: Id,
    /// What that one is called.
    pub name: String,
    /// First usable day.
    #[serde(serialize_with = "day_as_text")]
    pub first_day: Day,
    /// Last usable day; none: it never lapses.
    #[serde(serialize_with = "super::answer::as_text")]
    pub last_day: Option<Day>,
    /// How often it can still be used.
    pub uses: usize,
    /// The purchase or the order that it is held for on the day, or on a part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_for: Option<Id>,
    /// Until when it is.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::answer::as_text")]
    #[schemars(with = "Option<String>")]
    pub held_until: Option<Moment>,
}

/// What a coupon would do on a basket.
///
/// ```
/// # let quoted: Option<parure::book::CouponQuoted> = None;
/// let missing = quoted.and_then(|quoted| quoted.missing); // "640.00 more and you save 500.00"
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CouponQuoted {
    /// Its id.
    pub coupon: Id,
    /// Which of the program's coupons it is.
    pub of: Id,
    /// What that one is called.
    pub name: String,
    /// What it takes off here: the amount of its tender. Zero where it is not used.
    #[schemars(with = "String")]
    pub amount: Decimal,
    /// Why it is not used, or what speaks against a tender that names it: the code with which `record` would refuse it, or `better_without`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// How much more would have to be bought of what it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub missing: Option<Decimal>,
    /// The first day on which its days and the limit on its uses let it be used, where they do not yet.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::answer::as_text")]
    pub usable_from: Option<Day>,
    /// Until when it is held for something else.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::answer::as_text")]
    #[schemars(with = "Option<String>")]
    pub held_until: Option<Moment>,
    /// The parts of its condition that speak against it, with what they found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// Last usable day; none: it never lapses.
    #[serde(serialize_with = "super::answer::as_text")]
    pub last_day: Option<Day>,
}

/// What became of a coupon by a fact.
///
/// ```
/// # let moved: Option<parure::book::CouponMoved> = None;
/// let what = moved.map(|moved| moved.what); // `issued`, `used`, `given_back`, …
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CouponMoved {
    /// Its id.
    pub coupon: Id,
    /// Which of the program's coupons it is.
    pub of: Id,
    /// `issued`, `used`, `given_back` by a return, `voided`, `transferred`, `received`, `held`, `released`.
    pub what: &'static str,
}

/// The coupons of a quote.
pub(super) struct Offered {
    /// Those that are used, in the order of use, then the others: what lapses first before the rest.
    pub(super) coupons: Vec<CouponQuoted>,
    /// What they pay, as tenders; with one of no name for the rest.
    pub(super) tenders: Vec<Tender<'static>>,
    pub(super) off: Money,
    /// Whether points may pay beside them.
    pub(super) with_points: bool,
    /// And stored value.
    pub(super) with_value: bool,
    pub(super) may_be_less: Money,
}

/// Whether what speaks against a coupon is that it is over: it is not told of, unless it is asked for.
fn is_over(against: Option<Against>) -> bool {
    matches!(
        against,
        Some((
            RefusalCode::CouponUsed
                | RefusalCode::CouponVoided
                | RefusalCode::CouponTransferred
                | RefusalCode::CouponLapsed,
            _
        ))
    )
}

/// The place of a coupon among those that are used.
fn place_of(used: &[(FactNo, Money)], coupon: &Coupon) -> Option<usize> {
    used.iter().position(|(fact, _)| *fact == coupon.fact)
}

impl Book {
    /// The coupons that an account can use on a day or later.
    pub(super) fn coupons_of(&self, account: &Account, on: Day) -> Vec<CouponView> {
        let usable = account.coupons().iter().filter_map(|coupon| {
            let rule = coupon.rule(&self.versions)?;
            matches!(coupon.against_on(on, rule), None | Some(RefusalCode::CouponNotYet)).then(|| {
                let held = coupon.held_on(on, &self.versions);
                CouponView {
                    coupon: self.log.id(coupon.fact).into(),
                    of: rule.id.clone(),
                    name: rule.name.to_string(),
                    first_day: coupon.first,
                    last_day: coupon.last,
                    uses: rule.uses.saturating_sub(coupon.uses.len()),
                    held_for: held.map(|(held_for, _)| Id::new(held_for)),
                    held_until: held.map(|(_, until)| until),
                }
            })
        });
        let mut usable: Vec<CouponView> = usable.collect();
        usable.sort_by_key(|coupon| coupon.last_day.unwrap_or(Day::LAST));
        usable
    }

    /// What the coupons of an account would do on a basket that is asked about: as its tenders say, or as leaves the least to pay where it has
    /// none.
    pub(super) fn offer_coupons(
        &self,
        account: &Account,
        event: &Event<'_>,
        purchase: &Purchase<'_>,
    ) -> Offered {
        let (view, day) = (purchase.view(), event.day);
        let counter = Counter::of(view);
        let scene = account.counter_scene(event, view, &self.versions);
        // What lapses first before the rest: the list itself is in the order of issue.
        let mut held: Vec<(&Coupon, Laid<'_>, Option<Against>)> = account
            .coupons()
            .iter()
            .filter_map(|coupon| {
                let laid = counter.lay(coupon.rule(&self.versions)?);
                let against = account.against_coupon(coupon, &laid, event, Some(&scene));
                // Nobody is told to buy more for what all others have used up.
                let is_gone = !is_over(against) && self.room_in_all(laid.rule, day) == 0;
                Some((coupon, laid, if is_gone { Some((RefusalCode::CouponsGone, None)) } else { against }))
            })
            .collect();
        held.sort_by(|a, b| a.0.lapses_before(b.0));
        let ((used, may_be_less), together) = if view.tenders.is_empty() {
            (self.best_of(account, &held, &counter, day), SmallVec::new())
        } else {
            let tenders = coupon_tenders(&view).zip(event.coupons);
            let held =
                tenders.filter_map(|(tender, coupon)| Some((account.coupon((*coupon)?)?, tender.amount)));
            let used = held.map(|(coupon, amount)| (coupon.fact, amount)).collect();
            // What the tenders say may be other than what the coupons take off, or may not go together.
            ((used, Money::ZERO), account.against_coupons(event, view, &self.versions))
        };
        let against_all = |coupon: &Coupon| {
            let code = together.iter().find(|(against, _)| *against == Some(coupon.fact));
            code.map(|(_, code)| (*code, None))
        };
        // More of a kind than all customers together have left.
        let used_of = |of: &str| {
            held.iter().filter(|(coupon, ..)| *coupon.of == *of && place_of(&used, coupon).is_some()).count()
        };
        let is_gone = |coupon: &Coupon, rule: &CouponRule| {
            place_of(&used, coupon).is_some() && used_of(&coupon.of) > self.room_in_all(rule, day)
        };
        let off = used.iter().fold(Money::ZERO, |off, (_, amount)| off.plus(*amount));
        let place = |coupon: &Coupon| place_of(&used, coupon);
        let rules_used =
            || held.iter().filter(|(coupon, ..)| place(coupon).is_some()).map(|(_, laid, _)| laid.rule);
        let with_points = rules_used().all(|rule| rule.with_points);
        let with_value = rules_used().all(|rule| rule.with_stored_value);
        // Why one that could be used by itself is not used beside those that are; none: it would leave no less.
        let beside_those = |coupon: &Coupon, laid: &Laid<'_>| {
            let chosen = || held.iter().filter(|(other, ..)| place(other).is_some());
            let alike = used_of(&coupon.of);
            if alike >= account.room_for(coupon, laid.rule, day) {
                Some(RefusalCode::CouponLimit)
            } else if alike >= self.room_in_all(laid.rule, day) {
                Some(RefusalCode::CouponsGone)
            } else if chosen().any(|(_, other, _)| !laid.goes_with(other)) {
                Some(RefusalCode::CouponsApart)
            } else {
                None
            }
        };
        let mut coupons: Vec<(usize, CouponQuoted)> = held
            .iter()
            .filter_map(|(coupon, laid, against)| {
                let place = place(coupon);
                (place.is_some() || !is_over(*against)).then(|| {
                    let amount = place.and_then(|place| used.get(place)).map(|used| used.1);
                    let gone = || is_gone(coupon, laid.rule).then_some(RefusalCode::CouponsGone);
                    let beside = || match place {
                        Some(_) => gone(),
                        None => beside_those(coupon, laid),
                    };
                    let beside = || beside().map(|code| (code, None));
                    let against = (*against).or_else(|| against_all(coupon)).or_else(beside);
                    let asked = (account, event, &scene);
                    (place.unwrap_or(usize::MAX), self.quoted(asked, (coupon, laid.rule), against, amount))
                })
            })
            .collect();
        coupons.sort_by_key(|(place, _)| *place);
        Offered {
            coupons: coupons.into_iter().map(|(_, quoted)| quoted).collect(),
            tenders: if view.tenders.is_empty() { self.tenders(&used, view, off) } else { Vec::new() },
            off,
            with_points,
            with_value,
            may_be_less,
        }
    }

    /// The set that leaves the least to pay, in the order of use, and how much less another might leave that was not looked at.
    fn best_of(
        &self,
        account: &Account,
        held: &[(&Coupon, Laid<'_>, Option<Against>)],
        counter: &Counter<'_>,
        day: Day,
    ) -> (Vec<(FactNo, Money)>, Money) {
        let usable: Vec<(&Coupon, &Laid<'_>)> = held
            .iter()
            .filter(|(.., against)| against.is_none())
            .map(|(coupon, laid, _)| (*coupon, laid))
            .collect();
        let choices: Vec<Choice<'_, '_>> = usable
            .iter()
            .map(|(coupon, laid)| {
                let room = account.room_for(coupon, laid.rule, day).min(self.room_in_all(laid.rule, day));
                Choice { laid, room }
            })
            .collect();
        let mut order: Vec<usize> = (0..usable.len()).collect();
        let program_order = self.versions.on(day).program.coupon_order;
        order.sort_by(|a, b| match (usable.get(*a), usable.get(*b)) {
            (Some(a), Some(b)) => order_of_use((a.0, a.1.rule), (b.0, b.1.rule), program_order),
            _ => a.cmp(b),
        });
        let chosen = choose(counter, &choices, &order);
        let used = chosen.used.iter().filter_map(|(place, off)| {
            usable.get(*place).map(|(coupon, _)| (coupon.fact, Money::from_minor(*off)))
        });
        (used.collect(), Money::from_minor(chosen.may_be_less))
    }

    /// How a basket would be paid with coupons: the rest by something that earns.
    fn tenders(&self, used: &[(FactNo, Money)], view: BasketView<'_>, off: Money) -> Vec<Tender<'static>> {
        if used.is_empty() {
            return Vec::new();
        }
        let coupons =
            used.iter().map(|(fact, amount)| Tender::coupon(self.log.id(*fact).to_owned(), *amount));
        let rest = view.payable().minus(off);
        let rest = (rest > Money::ZERO).then(|| Tender::new("rest", rest));
        coupons.chain(rest).collect()
    }

    fn quoted(
        &self,
        (account, event, scene): (&Account, &Event<'_>, &Scene<'_>),
        (coupon, rule): (&Coupon, &CouponRule),
        against: Option<Against>,
        used: Option<Money>,
    ) -> CouponQuoted {
        let missing = against.and_then(|(_, missing)| missing);
        let code = against.map(|(code, _)| code);
        let waits = matches!(code, Some(RefusalCode::CouponNotYet | RefusalCode::CouponLimit));
        // What else speaks against it than what is told first.
        let held_until = coupon.held_from(event).filter(|_| used.is_none());
        let when = rule.when.as_ref().filter(|when| used.is_none() && !when.holds(scene));
        CouponQuoted {
            coupon: self.log.id(coupon.fact).into(),
            of: rule.id.clone(),
            name: rule.name.to_string(),
            amount: self.currency().decimal(used.unwrap_or_default()),
            why: code.map(RefusalCode::code).or_else(|| used.is_none().then_some("better_without")),
            missing: missing.map(|missing| self.currency().decimal(missing)),
            usable_from: waits.then(|| account.usable_from(coupon, rule, event.day)).flatten(),
            held_until,
            because: when.map_or_else(Vec::new, |when| unmet(when, scene)),
            last_day: coupon.last,
        }
    }
}
