//! What one fact did, told to an outcome as it is applied.

use super::answer::{FlagView, Outcome, PointsMoved, TierChange};
use super::coupons::CouponMoved;
use super::fold::Ground;
use super::orders::DepositMoved;
use super::stored_value::{RefundedTo, ValueMoved, source_of};
use crate::Id;
use crate::calendar::Day;
use crate::loyalty::account::{Account, Event};
use crate::loyalty::earning::{RuleSet, bits};
use crate::loyalty::lots::FactNo;
use crate::loyalty::tiers::tier_id;
use crate::money::Money;
use crate::outcome::{CouponMove, Entry, Nobody, Witness};
use crate::program::Program;
use crate::program::versions::Versions;

/// Applies a fact and tells what it did.
pub(super) fn tell(account: &mut Account, event: &Event<'_>, ground: &Ground<'_>, outcome: &mut Outcome) {
    let versions: &Versions = ground.versions;
    account.advance(event.day, versions, &mut Nobody);
    let program = versions.on(event.day).program;
    let before = account.tier_on(event.day, program);
    let mut telling =
        Telling { event, program, ground, outcome: &mut *outcome, coupons: Vec::new(), refunded: Vec::new() };
    account.apply(event, versions, &mut telling);
    let moved = telling.coupons.into_iter().map(|(coupon, what)| CouponMoved {
        coupon: if coupon == event.no { telling.outcome.fact.clone() } else { ground.log.id(coupon).into() },
        of: Id::new(account.coupon(coupon).map_or("", |coupon| &coupon.of)),
        what: what.word(),
    });
    let moved: Vec<CouponMoved> = moved.collect();
    for (top_up, amount) in telling.refunded {
        telling.outcome.refunded_to.push(RefundedTo {
            top_up: ground.log.id(top_up).into(),
            source: source_of(account.stored_value(), top_up),
            amount: versions.currency().decimal(Money::from_minor(amount)),
        });
    }
    outcome.coupons.extend(moved);
    let after = account.tier_on(event.day, program);
    outcome.day = Some(event.day);
    outcome.balance = account.purse.balance(event.day);
    if account.member.is_some() {
        outcome.tier = Some(TierChange { before: tier_id(program, before), after: tier_id(program, after) });
    }
}

/// Rules that an award mostly comes from, and room for: one of earning and two bonuses.
const USUAL_RULES: usize = 3;

/// Tells an outcome what is seen of one fact.
struct Telling<'a> {
    event: &'a Event<'a>,
    program: &'a Program,
    ground: &'a Ground<'a>,
    outcome: &'a mut Outcome,
    coupons: Vec<(FactNo, CouponMove)>,
    /// Of a refund, what goes back by which top-up.
    refunded: Vec<(FactNo, i64)>,
}

impl Witness for Telling<'_> {
    fn see(&mut self, _: Day, _: Option<FactNo>, entry: Entry) {
        let outcome = &mut *self.outcome;
        match entry {
            Entry::Awarded { rules, .. } => {
                outcome.rules.reserve_exact(USUAL_RULES);
                rule_ids(self.program, rules).for_each(|id| outcome.rules.push(id.clone()));
                outcome.points.add(entry);
            }
            Entry::Occasion { trigger, .. } => {
                let given = trigger.and_then(|place| self.program.triggers.get(usize::from(place)));
                outcome.rules.extend(given.map(|trigger| trigger.id.clone()));
                outcome.points.add(entry);
            }
            Entry::Coupon { coupon, what, .. } => self.coupons.push((coupon, what)),
            Entry::Value(what, split) => {
                outcome.value.push(ValueMoved::of(what, split, self.ground.versions.currency()));
            }
            Entry::Deposit { order, what, amount } => {
                let (own, log) = (self.event.no, self.ground.log);
                let id = |no| if no == own { outcome.fact.clone() } else { log.id(no).into() };
                let moved = DepositMoved::of((order, what, amount), self.ground.versions.currency(), id);
                outcome.deposits.push(moved);
            }
            Entry::RefundedTo { top_up, amount } => self.refunded.push((top_up, amount)),
            Entry::Flagged(flag) => {
                let facts = flag.other.into_iter().chain([flag.fact]);
                let (own, log) = (self.event.no, self.ground.log);
                let facts = facts.map(|no| if no == own { outcome.fact.clone() } else { log.id(no).into() });
                outcome.flags.push(FlagView { code: flag.code.flag(), facts: facts.collect() });
            }
            Entry::TierBought { .. } | Entry::PaidBeside(_) => {}
            Entry::Introduced { .. }
            | Entry::DebtPaid(_)
            | Entry::Bought(_)
            | Entry::Spent(_)
            | Entry::Given(_)
            | Entry::Received(_)
            | Entry::Adjusted(_)
            | Entry::Restored(_)
            | Entry::TakenBack(_)
            | Entry::LapsedCounted(_)
            | Entry::Shared(_)
            | Entry::Forgiven(_)
            | Entry::Owed(_)
            | Entry::Lapsed { .. }
            | Entry::Tier { .. } => outcome.points.add(entry),
        }
    }
}

impl PointsMoved {
    pub(super) fn add(&mut self, entry: Entry) {
        let (field, points) = match entry {
            Entry::Awarded { wanted, points, .. } => {
                self.wanted = self.wanted.saturating_add(wanted);
                (&mut self.awarded, points)
            }
            Entry::Occasion { points, .. } => {
                self.wanted = self.wanted.saturating_add(points);
                (&mut self.awarded, points)
            }
            Entry::Introduced { wanted, points, .. } => {
                self.wanted = self.wanted.saturating_add(wanted);
                (&mut self.awarded, points)
            }
            Entry::DebtPaid(points) => (&mut self.debt_paid, points),
            Entry::Spent(points) => (&mut self.spent, points),
            Entry::Given(points) => (&mut self.given, points),
            Entry::Received(points) => (&mut self.received, points),
            Entry::Adjusted(points) => (&mut self.adjusted, points),
            Entry::Restored(points) => (&mut self.restored, points),
            Entry::TakenBack(points) => (&mut self.taken_back, points),
            Entry::Owed(points) => (&mut self.owed, points),
            Entry::Bought(_)
            | Entry::LapsedCounted(_)
            | Entry::Shared(_)
            | Entry::Forgiven(_)
            | Entry::Lapsed { .. }
            | Entry::Tier { .. }
            | Entry::Coupon { .. }
            | Entry::Value(..)
            | Entry::RefundedTo { .. }
            | Entry::Deposit { .. }
            | Entry::TierBought { .. }
            | Entry::PaidBeside(_)
            | Entry::Flagged(_) => {
                return;
            }
        };
        *field = field.saturating_add(points);
    }
}

/// The rules of a set, earning rules first.
pub(crate) fn rule_ids(program: &Program, rules: RuleSet) -> impl Iterator<Item = &Id> {
    let earn = program.earn.iter().zip(bits()).filter(move |(_, bit)| rules.earn & bit != 0);
    let bonuses = program.bonuses.iter().zip(bits()).filter(move |(_, bit)| rules.bonuses & bit != 0);
    earn.map(|(rule, _)| &rule.id).chain(bonuses.map(|(bonus, _)| &bonus.id))
}
