//! The coupons of an account: issued, used, given back, lapsed, voided, passed on, held (semantics 16).

use super::account::{Account, Event, Step, What};
use super::basket::BasketView;
use super::counter::{Counter, Laid, before};
use super::lots::FactNo;
use super::orders::deposit_tenders;
use super::stored_value::tendered;
use crate::calendar::{Day, Moment};
use crate::fact::{CouponAct, CouponTerms, Tender};
use crate::money::Money;
use crate::outcome::{CouponLeft, CouponMove, Entry, RefusalCode, Witness};
use crate::program::Program;
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
    /// The fact by which it became somebody else's.
    pub(crate) transferred: Option<FactNo>,
    pub(super) hold: Option<Box<Hold>>,
    /// It came to whoever knows a code or holds a card: so it may be passed on.
    pub(super) bearer: bool,
}

/// That nothing but one purchase is paid with a coupon (16.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hold {
    fact: FactNo,
    /// The purchase that it is held for, or the order whose delivery that is.
    pub(crate) held_for: Box<str>,
    until: i64,
    offset_minutes: i16,
}

/// A purchase on which a coupon was used, and that has not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Use {
    pub(crate) purchase: FactNo,
    pub(crate) day: Day,
    /// The coupon's last day as it was then.
    last: Option<Day>,
}

/// Why a coupon can't be used, and how much more would have to be bought.
pub(crate) type Against = (RefusalCode, Option<Money>);

impl Coupon {
    /// One that goes by a fact: its day of issue, its first and its last.
    fn told(
        event: &Event<'_>,
        of: &str,
        (issued, first, last): (Day, Day, Option<Day>),
        bearer: bool,
    ) -> Coupon {
        let (fact, micros) = (event.no, event.micros);
        let (of, uses, voided, transferred, hold) = (of.into(), Vec::new(), None, None, None);
        Coupon { fact, of, micros, issued, first, last, uses, voided, transferred, hold, bearer }
    }

    /// The program's coupon, as it was when this one was issued.
    pub(crate) fn rule<'v>(&self, versions: &'v Versions) -> Option<&'v CouponRule> {
        versions.on(self.issued).program.coupon(&self.of)
    }

    /// How often it can still be used, unless it lapses before.
    pub(crate) fn left(&self, versions: &Versions) -> CouponLeft {
        let uses = self.rule(versions).filter(|_| self.is_here()).map_or(0, |rule| rule.uses);
        let uses = i64::try_from(uses.saturating_sub(self.uses.len())).unwrap_or(i64::MAX);
        CouponLeft { uses, last: self.last }
    }

    /// Whether it was neither taken back nor passed on.
    pub(crate) fn is_here(&self) -> bool {
        self.voided.is_none() && self.transferred.is_none()
    }

    /// What it is held for on a day, and until when.
    pub(crate) fn held_on(&self, day: Day, versions: &Versions) -> Option<(&str, Moment)> {
        let hold = self.held_at(Moment::start_of(day, versions.zone()))?;
        Some((&hold.held_for, Moment::from_micros(hold.until, hold.offset_minutes).ok()?))
    }

    /// What it is held for at an instant.
    fn held_at(&self, micros: i64) -> Option<&Hold> {
        self.hold.as_deref().filter(|hold| micros < hold.until)
    }

    /// Until when it is held for something else than a purchase.
    pub(crate) fn held_from(&self, event: &Event<'_>) -> Option<Moment> {
        let hold = self.held_at(event.micros).filter(|hold| !hold.is_for(event))?;
        Moment::from_micros(hold.until, hold.offset_minutes).ok()
    }

    /// What can be told without a basket.
    pub(crate) fn against_on(&self, day: Day, rule: &CouponRule) -> Option<RefusalCode> {
        if self.voided.is_some() {
            Some(RefusalCode::CouponVoided)
        } else if self.transferred.is_some() {
            Some(RefusalCode::CouponTransferred)
        } else if self.uses.len() >= rule.uses {
            Some(RefusalCode::CouponUsed)
        } else if self.last.is_some_and(|last| last < day.max(self.first)) {
            Some(RefusalCode::CouponLapsed)
        } else if day < self.first {
            Some(RefusalCode::CouponNotYet)
        } else {
            None
        }
    }

    /// Whether terms tell no more of it than it is.
    fn is_what(&self, terms: &CouponTerms<'_>) -> bool {
        let lasts = |last: Option<Day>| last.unwrap_or(Day::LAST);
        (&*self.of, self.issued, self.first) == (&*terms.of, terms.issued, terms.first_day)
            && lasts(terms.last_day) <= lasts(self.last)
    }

    /// What lapses first goes before the rest; then what was issued first, which is the order of the account's list.
    pub(crate) fn lapses_before(&self, other: &Coupon) -> Ordering {
        let last = |coupon: &Coupon| coupon.last.unwrap_or(Day::LAST);
        last(self).cmp(&last(other))
    }
}

impl Hold {
    /// Whether a purchase is what it is for: by its id, or that of an order whose deposit pays.
    fn is_for(&self, event: &Event<'_>) -> bool {
        let What::Purchased(view) = event.what else { return false };
        *self.held_for == *event.id || deposit_tenders(&view).any(|(_, order)| *self.held_for == *order)
    }
}

/// Tenders that are coupons of the program's.
pub(crate) fn coupon_tenders<'a>(view: &BasketView<'a>) -> impl Iterator<Item = &'a Tender<'a>> + use<'a> {
    view.tenders.iter().filter(|tender| tender.coupon_id().is_some())
}

impl Account {
    pub(crate) fn coupons(&self) -> &[Coupon] {
        self.rare.as_ref().map_or(&[], |rare| &rare.coupons)
    }

    pub(crate) fn coupon(&self, fact: FactNo) -> Option<&Coupon> {
        self.coupons().iter().find(|coupon| coupon.fact == fact)
    }

    /// A coupon of the program's is theirs from now on, where it has such a one.
    pub(super) fn issue<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        of: &str,
        last: Option<Day>,
        card: bool,
    ) {
        let Some(rule) = step.in_force.program.coupon(of) else { return };
        let day = step.event.day;
        let (first, meant) = rule.days(day);
        let days = (day, first, last.or(meant));
        let coupon = Coupon::told(step.event, of, days, card || self.is_card());
        self.hold_coupon(step, coupon, CouponMove::Issued);
    }

    /// What speaks against issuing a coupon: the program has none such, or it could never be used.
    pub(super) fn against_issuing(
        of: &str,
        day: Day,
        last: Option<Day>,
        program: &Program,
    ) -> Option<RefusalCode> {
        let Some(rule) = program.coupon(of) else { return Some(RefusalCode::NoSuchCoupon) };
        let (first, meant) = rule.days(day);
        last.or(meant).filter(|last| *last < first).map(|_| RefusalCode::CouponLapsed)
    }

    /// A coupon that goes by the fact is theirs from now on.
    fn hold_coupon<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, coupon: Coupon, what: CouponMove) {
        let left = coupon.left(step.versions);
        self.rare().coupons.push(coupon);
        step.see(Entry::Coupon { coupon: step.event.no, what, left });
    }

    /// A coupon changes hands, is held or let go.
    pub(super) fn coupon_moves<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) {
        let What::Couponed { act, out, into, coupon } = step.event.what else { return };
        let (no, micros) = (step.event.no, step.event.micros);
        let held = self.rare.iter_mut().flat_map(|rare| &mut rare.coupons);
        let held = held.into_iter().find(|held| out && Some(held.fact) == coupon);
        let what = match (act, held) {
            // Without its terms it can't come to anyone, and stays.
            (CouponAct::Transferred { terms: Some(_), .. }, Some(held)) if held.is_here() => {
                held.transferred = Some(no);
                Some((held.fact, CouponMove::Transferred, held.left(step.versions)))
            }
            // What is held for something else stays so.
            (CouponAct::Held { held_for, until, .. }, Some(held))
                if held.held_at(micros).is_none_or(|hold| *hold.held_for == **held_for) =>
            {
                let (until, offset_minutes) = (until.micros(), until.offset_minutes());
                let hold = Hold { fact: no, held_for: (&**held_for).into(), until, offset_minutes };
                held.hold = Some(Box::new(hold));
                Some((held.fact, CouponMove::Held, held.left(step.versions)))
            }
            (CouponAct::Released { held_for, .. }, Some(held))
                if held.held_at(micros).is_some_and(|hold| *hold.held_for == **held_for) =>
            {
                held.hold = None;
                Some((held.fact, CouponMove::Released, held.left(step.versions)))
            }
            _ => None,
        };
        if let Some((coupon, what, left)) = what {
            step.see(Entry::Coupon { coupon, what, left });
        }
        if let (CouponAct::Transferred { terms: Some(terms), .. }, true) = (act, into) {
            self.receive_coupon(step, terms, act.opens_card());
        }
    }

    /// What was promised to whoever had it is promised to them.
    fn receive_coupon<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        terms: &CouponTerms<'_>,
        card: bool,
    ) {
        if step.versions.on(terms.issued).program.coupon(&terms.of).is_none() {
            return;
        }
        let days = (terms.issued, terms.first_day, terms.last_day);
        let coupon = Coupon::told(step.event, &terms.of, days, card || self.is_card());
        self.hold_coupon(step, coupon, CouponMove::Received);
    }

    /// An order was called off: what is held for it is let go.
    pub(super) fn let_coupons_go<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, order: &str) {
        let (held, micros) = (self.rare.iter_mut().flat_map(|rare| &mut rare.coupons), step.event.micros);
        let is_held = |held: &&mut Coupon| held.held_at(micros).is_some_and(|hold| *hold.held_for == *order);
        for coupon in held.filter(is_held) {
            coupon.hold = None;
            let (coupon, left) = (coupon.fact, coupon.left(step.versions));
            step.see(Entry::Coupon { coupon, what: CouponMove::Released, left });
        }
    }

    /// A coupon as it would change hands.
    pub(crate) fn coupon_terms(&self, coupon: Option<FactNo>) -> Option<CouponTerms<'static>> {
        let Coupon { of, issued, first, last, .. } = self.coupon(coupon?)?;
        Some(CouponTerms::new(of.to_string(), *issued, *first, *last))
    }

    /// What speaks against passing a coupon on, holding it or letting it go.
    pub(super) fn against_coupon_act(
        &self,
        event: &Event<'_>,
        versions: &Versions,
    ) -> SmallVec<[RefusalCode; 2]> {
        let mut codes = SmallVec::new();
        let What::Couponed { act, out, into, coupon } = event.what else { return codes };
        if out && into {
            codes.push(RefusalCode::SameAccount);
        }
        if out {
            let held = coupon.and_then(|coupon| self.coupon(coupon));
            match held.and_then(|held| Some((held, held.rule(versions)?))) {
                Some((held, rule)) => codes.extend(self.against_moving(event, act, held, rule)),
                None => codes.push(RefusalCode::UnknownCoupon),
            }
        }
        if let (CouponAct::Transferred { terms, .. }, true) = (act, into) {
            let is_known =
                |terms: &CouponTerms<'_>| versions.on(terms.issued).program.coupon(&terms.of).is_some();
            codes.extend(match terms {
                None => Some(RefusalCode::UnknownCoupon).filter(|code| !codes.contains(code)),
                Some(terms) => (!is_known(terms)).then_some(RefusalCode::NoSuchCoupon),
            });
        }
        codes
    }

    fn against_moving(
        &self,
        event: &Event<'_>,
        act: &CouponAct<'_>,
        held: &Coupon,
        rule: &CouponRule,
    ) -> Option<RefusalCode> {
        let other =
            |held_for: &str| held.held_at(event.micros).is_some_and(|hold| *hold.held_for != *held_for);
        // What can't be used yet can be passed on, and held for later.
        let usable = || held.against_on(event.day, rule).filter(|code| *code != RefusalCode::CouponNotYet);
        match act {
            // What is held no more is let go all the same.
            CouponAct::Released { .. } => None,
            CouponAct::Held { held_for, .. } => {
                usable().or_else(|| other(held_for).then_some(RefusalCode::CouponHeld))
            }
            CouponAct::Transferred { terms, .. } => usable().or_else(|| {
                if held.held_at(event.micros).is_some() {
                    Some(RefusalCode::CouponHeld)
                } else if !held.uses.is_empty() {
                    Some(RefusalCode::CouponUsed)
                } else if !rule.transferable && !held.bearer {
                    Some(RefusalCode::CouponNotTransferable)
                } else {
                    let is_told = |terms: &CouponTerms<'_>| held.is_what(terms);
                    (!terms.as_ref().is_none_or(is_told)).then_some(RefusalCode::CouponTerms)
                }
            }),
        }
    }

    pub(super) fn void<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, coupon: Option<FactNo>) {
        let no = step.event.no;
        let found = self.rare.iter_mut().flat_map(|rare| &mut rare.coupons);
        let Some(coupon) = found.into_iter().find(|held| Some(held.fact) == coupon) else { return };
        if coupon.is_here() {
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
        coupon.against_on(event.day, rule).filter(|code| {
            matches!(
                code,
                RefusalCode::CouponVoided | RefusalCode::CouponTransferred | RefusalCode::CouponUsed
            )
        })
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
                held.hold.take_if(|hold| hold.is_for(step.event));
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
        let uses = self.uses_alike(coupon).filter(|used| after < *used).count();
        usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(uses)
    }

    /// The days on which coupons of a kind were used.
    fn uses_alike(&self, coupon: &Coupon) -> impl Iterator<Item = Day> {
        let alike = self.coupons().iter().filter(|other| other.of == coupon.of);
        alike.flat_map(|other| &other.uses).map(|used| used.day)
    }

    /// What speaks against using a coupon on a basket, by itself. `scene`: none where what its condition asks of the customer is gone.
    pub(crate) fn against_coupon(
        &self,
        coupon: &Coupon,
        laid: &Laid<'_>,
        event: &Event<'_>,
        scene: Option<&Scene<'_>>,
    ) -> Option<Against> {
        if let Some(code) = coupon.against_on(event.day, laid.rule) {
            return Some((code, None));
        }
        if coupon.held_from(event).is_some() {
            return Some((RefusalCode::CouponHeld, None));
        }
        if self.room_for(coupon, laid.rule, event.day) == 0 {
            return Some((RefusalCode::CouponLimit, None));
        }
        // Whom it is not for is not told to buy more.
        if laid.rule.when.as_ref().zip(scene).is_some_and(|(when, scene)| !when.holds(scene)) {
            return Some((RefusalCode::CouponNotMet, None));
        }
        laid.objection()
    }

    /// The first day on which its days and the limit on its kind let a coupon be used that they do not let on a day, where it lasts that long.
    pub(crate) fn usable_from(&self, coupon: &Coupon, rule: &CouponRule, after: Day) -> Option<Day> {
        let room = rule.at_most.and_then(|(count, within)| {
            let mut uses: Vec<Day> = self.uses_alike(coupon).collect();
            uses.sort_unstable();
            // Once this one is out of the span, there is room for one more.
            let last = uses.len().checked_sub(usize::try_from(count).ok()?)?;
            uses.get(last).map(|used| within.leaves_window(*used))
        });
        let first = room.map_or(coupon.first, |room| room.max(coupon.first));
        Some(first).filter(|first| *first > after && coupon.last.is_none_or(|last| *first <= last))
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
            if let Some((code, _)) = self.against_coupon(held, &beside, event, scene.as_ref()) {
                note(Some(held), code);
                continue;
            }
            if !rule.with_points && view.points_tendered().0 > 0 {
                note(Some(held), RefusalCode::CouponWithoutPoints);
            }
            if !rule.with_stored_value && tendered(&view) > 0 {
                note(Some(held), RefusalCode::CouponWithoutValue);
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

    /// The other side of a coupon that was used before, taken back, passed on or held.
    pub(super) fn coupon_taken_by(&self, event: &Event<'_>) -> Option<FactNo> {
        let named = match &event.what {
            What::Voided { coupon } | What::Couponed { coupon, .. } => std::slice::from_ref(coupon),
            _ => event.coupons,
        };
        let held = named.iter().flatten().filter_map(|coupon| self.coupon(*coupon));
        let taken = |coupon: &Coupon| {
            let gone = coupon.voided.or(coupon.transferred);
            let used = gone.or_else(|| coupon.uses.last().map(|used| used.purchase));
            used.or_else(|| coupon.held_at(event.micros).map(|hold| hold.fact))
        };
        held.filter_map(taken).next()
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
