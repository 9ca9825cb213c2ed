//! The coupons of an account: issued, used, given back, lapsed, voided (semantics 16).

use super::account::{Account, Event, Step, What};
use super::basket::BasketView;
use super::counter::{Counter, Laid, before};
use super::lots::FactNo;
use crate::calendar::Day;
use crate::fact::Tender;
use crate::money::Money;
use crate::outcome::{CouponLeft, CouponMove, Entry, RefusalCode, Witness};
use crate::program::condition::Scene;
use crate::program::coupons::{CouponOrder, CouponRule, Returned};
use crate::program::versions::Versions;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// A coupon that an account holds or has held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Coupon {
    /// The fact that issued it, whose id is the coupon's.
    pub(crate) fact: FactNo,
    /// Which of the program's coupons it is.
    pub(crate) of: Box<str>,
    /// The instant at which it was.
    pub(super) micros: i64,
    /// What it is was promised on that day.
    pub(crate) issued: Day,
    pub(crate) first: Day,
    pub(crate) last: Option<Day>,
    pub(crate) uses: Vec<Use>,
    pub(crate) voided: Option<FactNo>,
}

/// A purchase on which a coupon was used, and that has not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Use {
    pub(crate) purchase: FactNo,
    day: Day,
    /// The coupon's last day as it was then.
    last: Option<Day>,
}

/// Why a coupon can't be used, and how much more would have to be bought.
pub(crate) type Against = (RefusalCode, Option<Money>);

impl Coupon {
    /// The program's coupon, as it was when this one was issued.
    pub(crate) fn rule<'v>(&self, versions: &'v Versions) -> Option<&'v CouponRule> {
        versions.on(self.issued).program.coupon(&self.of)
    }

    /// How often it can still be used, unless it lapses before.
    pub(crate) fn left(&self, versions: &Versions) -> CouponLeft {
        let uses = self.rule(versions).filter(|_| self.voided.is_none()).map_or(0, |rule| rule.uses);
        let uses = i64::try_from(uses.saturating_sub(self.uses.len())).unwrap_or(i64::MAX);
        CouponLeft { uses, last: self.last }
    }

    /// What can be told without a basket.
    pub(crate) fn against_on(&self, day: Day, rule: &CouponRule) -> Option<RefusalCode> {
        if self.voided.is_some() {
            Some(RefusalCode::CouponVoided)
        } else if self.uses.len() >= rule.uses {
            Some(RefusalCode::CouponUsed)
        } else if day < self.first {
            Some(RefusalCode::CouponNotYet)
        } else if self.last.is_some_and(|last| last < day) {
            Some(RefusalCode::CouponLapsed)
        } else {
            None
        }
    }

    /// What lapses first goes before the rest; then what was issued first, which is the order of the account's list.
    pub(crate) fn lapses_before(&self, other: &Coupon) -> Ordering {
        let last = |coupon: &Coupon| coupon.last.unwrap_or(Day::LAST);
        last(self).cmp(&last(other))
    }
}

/// Tenders that are coupons of the program's.
pub(crate) fn coupon_tenders<'a>(view: &BasketView<'a>) -> impl Iterator<Item = &'a Tender<'a>> + use<'a> {
    view.tenders.iter().filter(|tender| tender.coupon.is_some())
}

impl Account {
    pub(crate) fn coupons(&self) -> &[Coupon] {
        self.rare.as_ref().map_or(&[], |rare| &rare.coupons)
    }

    pub(crate) fn coupon(&self, fact: FactNo) -> Option<&Coupon> {
        self.coupons().iter().find(|coupon| coupon.fact == fact)
    }

    /// A coupon of the program's is theirs from now on, where it has such a one.
    pub(super) fn issue<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, of: &str, last: Option<Day>) {
        let Some(rule) = step.in_force.program.coupon(of) else { return };
        let day = step.event.day;
        let (first, meant) = rule.days(day);
        let coupon = Coupon {
            fact: step.event.no,
            of: of.into(),
            micros: step.event.micros,
            issued: day,
            first,
            last: last.or(meant),
            uses: Vec::new(),
            voided: None,
        };
        let left = coupon.left(step.versions);
        self.rare().coupons.push(coupon);
        step.see(Entry::Coupon { coupon: step.event.no, what: CouponMove::Issued, left });
    }

    pub(super) fn void<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, coupon: Option<FactNo>) {
        let no = step.event.no;
        let found = self.rare.iter_mut().flat_map(|rare| &mut rare.coupons);
        let Some(coupon) = found.into_iter().find(|held| Some(held.fact) == coupon) else { return };
        if coupon.voided.is_none() {
            coupon.voided = Some(no);
            let left = coupon.left(step.versions);
            let entry = Entry::Coupon { coupon: coupon.fact, what: CouponMove::Voided, left };
            step.see(entry);
        }
    }

    /// What speaks against taking a coupon back from whoever holds it.
    pub(super) fn against_voiding(&self, event: &Event<'_>, versions: &Versions) -> Option<RefusalCode> {
        let What::Voided { coupon } = event.what else { return None };
        let Some(coupon) = coupon.and_then(|coupon| self.coupon(coupon)) else {
            return Some(RefusalCode::UnknownCoupon);
        };
        let rule = coupon.rule(versions)?;
        coupon
            .against_on(event.day, rule)
            .filter(|code| matches!(code, RefusalCode::CouponVoided | RefusalCode::CouponUsed))
    }

    /// Coupons that a purchase is paid with are used, whatever speaks against it: the price was given.
    pub(super) fn use_coupons<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) {
        if step.event.coupons.is_empty() {
            return;
        }
        let (purchase, day) = (step.event.no, step.event.day);
        for coupon in step.event.coupons.iter().flatten() {
            let held = self.rare.iter_mut().flat_map(|rare| &mut rare.coupons);
            if let Some(held) = held.into_iter().find(|held| held.fact == *coupon) {
                held.uses.push(Use { purchase, day, last: held.last });
                let left = held.left(step.versions);
                step.see(Entry::Coupon { coupon: *coupon, what: CouponMove::Used, left });
            }
        }
    }

    /// All of a purchase has come back: so do the coupons that it was paid with, as the program says (16.4).
    pub(super) fn give_coupons_back<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, purchase: FactNo) {
        let (day, versions) = (step.event.day, step.versions);
        let mut back: SmallVec<[(FactNo, CouponLeft); 2]> = SmallVec::new();
        for coupon in self.rare.iter_mut().flat_map(|rare| &mut rare.coupons) {
            let uses = coupon.uses.iter().copied().enumerate();
            let Some((place, used)) = uses.into_iter().find(|(_, used)| used.purchase == purchase) else {
                continue;
            };
            let Some(rule) = coupon.rule(versions) else { continue };
            let lives_on = match rule.returned {
                Returned::Lost => continue,
                Returned::Rest => {
                    // Another use that came back since may have given the coupon a later day.
                    let left = used
                        .last
                        .map(|last| i64::from(last.number()).saturating_sub(used.day.number().into()));
                    left.map(|left| day.add_days(left.max(0)))
                }
                Returned::Anew => rule.days(day).1,
            };
            coupon.uses.remove(place);
            coupon.last = coupon.last.max(lives_on).filter(|_| coupon.last.is_some());
            back.push((coupon.fact, coupon.left(versions)));
        }
        for (coupon, left) in back {
            step.see(Entry::Coupon { coupon, what: CouponMove::GivenBack, left });
        }
    }

    /// How many of a coupon's kind can still be used on a day, this one among them (16.6).
    pub(crate) fn room_for(&self, coupon: &Coupon, rule: &CouponRule, day: Day) -> usize {
        let Some((count, within)) = rule.at_most else { return usize::MAX };
        let after = within.before(day);
        let alike = self.coupons().iter().filter(|other| other.of == coupon.of);
        let uses = alike.flat_map(|other| &other.uses).filter(|used| after < used.day).count();
        usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(uses)
    }

    /// What speaks against using a coupon on a basket, by itself. `scene`: none where what its condition asks of the customer is gone.
    pub(crate) fn against_coupon(
        &self,
        coupon: &Coupon,
        laid: &Laid<'_>,
        day: Day,
        scene: Option<&Scene<'_>>,
    ) -> Option<Against> {
        if let Some(code) = coupon.against_on(day, laid.rule) {
            return Some((code, None));
        }
        if self.room_for(coupon, laid.rule, day) == 0 {
            return Some((RefusalCode::CouponLimit, None));
        }
        let unmet = laid.rule.when.as_ref().zip(scene).is_some_and(|(when, scene)| !when.holds(scene));
        laid.objection().or_else(|| unmet.then_some((RefusalCode::CouponNotMet, None)))
    }

    /// What speaks against the coupons that a basket is paid with, each and all together; against which, where it is held.
    pub(crate) fn against_coupons(
        &self,
        event: &Event<'_>,
        view: BasketView<'_>,
        versions: &Versions,
    ) -> SmallVec<[(Option<FactNo>, RefusalCode); 2]> {
        let mut codes = SmallVec::new();
        let mut note = |coupon: Option<&Coupon>, code| codes.push((coupon.map(|coupon| coupon.fact), code));
        let program = versions.on(event.day).program;
        let counter = Counter::of(view);
        let scene = (!event.forgotten).then(|| self.counter_scene(event, view, versions));
        let mut is_known = true;
        let mut laid: SmallVec<[(&Coupon, Laid<'_>, Money); 4]> = SmallVec::new();
        for (tender, coupon) in coupon_tenders(&view).zip(event.coupons) {
            let held = coupon.and_then(|coupon| self.coupon(coupon));
            let Some((held, rule)) = held.and_then(|held| Some((held, held.rule(versions)?))) else {
                note(None, RefusalCode::UnknownCoupon);
                continue;
            };
            if event.forgotten && rule.on.as_ref().is_some_and(|on| on.uses().piece) {
                is_known = false;
                continue;
            }
            let beside = counter.lay(rule);
            if let Some((code, _)) = self.against_coupon(held, &beside, event.day, scene.as_ref()) {
                note(Some(held), code);
                continue;
            }
            let with_points = rule.with_points || view.points_tendered().0 == 0;
            if !with_points {
                note(Some(held), RefusalCode::CouponWithoutPoints);
            }
            if laid.iter().any(|(_, other, _)| !beside.goes_with(other)) {
                note(Some(held), RefusalCode::CouponsApart);
            }
            laid.push((held, beside, tender.amount));
        }
        let alike = |of: &str| laid.iter().filter(|(other, ..)| *other.of == *of).count();
        for (held, beside, _) in &laid {
            if alike(&held.of) > self.room_for(held, beside.rule, event.day) {
                note(Some(held), RefusalCode::CouponLimit);
            }
        }
        laid.sort_by(|a, b| {
            order_of_use((a.0, a.1.rule), (b.0, b.1.rule), program.coupon_order)
                .then_with(|| self.place(a.0).cmp(&self.place(b.0)))
        });
        let mut left = counter.to_pay.clone();
        for (held, beside, amount) in &laid {
            let off = beside.off(&left);
            if is_known && off != amount.minor() {
                note(Some(held), RefusalCode::CouponWorth);
            }
            beside.take(off, &mut left);
        }
        codes
    }

    /// The other side of a coupon that was used before, or taken back.
    pub(super) fn used_or_voided_by(&self, event: &Event<'_>) -> Option<FactNo> {
        let named = match &event.what {
            What::Voided { coupon } => std::slice::from_ref(coupon),
            _ => event.coupons,
        };
        let held = named.iter().flatten().filter_map(|coupon| self.coupon(*coupon));
        held.filter_map(|coupon| coupon.voided.or_else(|| coupon.uses.last().map(|used| used.purchase)))
            .next()
    }

    fn place(&self, coupon: &Coupon) -> usize {
        self.coupons().iter().position(|held| held.fact == coupon.fact).unwrap_or(usize::MAX)
    }

    /// The purchase as conditions of coupons see it, just before.
    pub(crate) fn counter_scene<'s>(
        &'s self,
        event: &'s Event<'_>,
        view: BasketView<'s>,
        versions: &'s Versions,
    ) -> Scene<'s> {
        let program = versions.on(event.day).program;
        Scene::on(event.day)
            .with_dates(program.dates)
            .with_place(event.store, event.staff, event.terminal)
            .with_customer(self.customer_on(event.day, program))
            .with_purchase(view.payable(), view.lines)
    }
}

/// The order in which coupons are used on one basket: shares before amounts or after them, then what lapses first.
pub(crate) fn order_of_use(
    (a, of_a): (&Coupon, &CouponRule),
    (b, of_b): (&Coupon, &CouponRule),
    order: CouponOrder,
) -> Ordering {
    before(of_a, of_b, order == CouponOrder::PercentFirst).then_with(|| a.lapses_before(b))
}
