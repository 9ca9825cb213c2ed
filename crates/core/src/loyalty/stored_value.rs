//! The stored value of an account: principal that was paid in and bonus that was given on top, apart, and what became of each
//! (semantics 18).

use super::account::{Account, Event, Linked, Step, What};
use super::basket::{BasketView, LineReturns};
use super::lots::{FactNo, LotTag, Purse, Taken};
use crate::calendar::Day;
use crate::exact::share_down;
use crate::fact::{ValueAct, ValuePart};
use crate::money::Money;
use crate::outcome::{Entry, RefusalCode, ValueMove, Witness};
use crate::program::Program;
use crate::program::condition::Scene;
use crate::program::stored_value::{SpendOrder, StoredValueRules, VALUE_RESTORED};
use crate::program::versions::Versions;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// The tender by which stored value pays, where the program offers it.
pub(crate) const TENDER: &str = "stored_value";

/// Stored value, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct StoredValue {
    /// What was paid in; it never lapses. Its debt is what was spent and was not there.
    pub(crate) principal: Purse,
    pub(crate) bonus: Purse,
    pub(crate) top_ups: Vec<TopUp>,
    paid: Vec<ValuePaid>,
    /// What of the debt was refunded, not spent.
    refunded_debt: i64,
    /// The ids that nothing is paid, given or refunded in the name of, and the facts that froze them.
    pub(crate) frozen: Vec<(Box<str>, FactNo)>,
    /// The latest fact that took value out: the other side of an overdraft.
    last_taking: Option<FactNo>,
    /// It was opened for whoever holds a card.
    is_card: bool,
}

/// Money that was paid in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TopUp {
    pub(crate) fact: FactNo,
    /// That of its lot of principal.
    tag: LotTag,
    day: Day,
    amount: i64,
    bonus: i64,
    /// Whether the bonus is what the program's steps bring, not what the fact says.
    by_steps: bool,
    refunded: i64,
    /// Bonus that refunds asked back.
    asked_back: i64,
    /// Principal that refunds kept for bonus of it that was spent.
    kept: i64,
    /// What of it paid debt of purchases that have not come back.
    paid_debt: i64,
    pub(crate) source: Option<Box<str>>,
}

/// What a purchase was paid with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ValuePaid {
    fact: FactNo,
    amount: i64,
    given_back: i64,
    /// What was not there and has not come back.
    owed: i64,
    principal: Vec<Taken>,
    bonus: Vec<Taken>,
    /// The lot in which comes back what was debt and has been paid since.
    own: LotTag,
}

/// An amount, as principal and bonus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Split {
    pub(crate) principal: i64,
    pub(crate) bonus: i64,
}

impl Split {
    fn of(parts: &[ValuePart]) -> Split {
        parts.iter().fold(Split::default(), |split, part| match part.bonus {
            true => Split { bonus: split.bonus.saturating_add(part.amount.minor()), ..split },
            false => Split { principal: split.principal.saturating_add(part.amount.minor()), ..split },
        })
    }
}

/// What a refund comes to.
#[derive(Debug, Default)]
struct Refund {
    /// How much of it goes back by each top-up.
    sources: SmallVec<[(FactNo, i64); 2]>,
    /// Bonus that is taken back, of bonus and of what lapsed, and, where it was spent, of principal.
    taken_back: Split,
    /// What is refunded and is not there.
    short: i64,
}

impl TopUp {
    /// The bonus for what is left of it once so much has been refunded.
    fn bonus_after(&self, refunded: i64, versions: &Versions) -> i64 {
        let left = self.amount.saturating_sub(refunded).max(0);
        let rules = versions.on(self.day).program.stored_value.as_ref().filter(|_| self.by_steps);
        match rules {
            Some(rules) => rules.bonus_for(left).min(self.bonus),
            None => share_down(self.bonus, left, self.amount),
        }
    }
}

impl StoredValue {
    /// Whether nothing has happened to it.
    fn is_untouched(&self) -> bool {
        *self == StoredValue { is_card: self.is_card, ..StoredValue::default() }
    }

    /// What of it can be spent on a day.
    pub(crate) fn usable(&self, day: Day) -> Split {
        let principal = self.principal.usable(day).saturating_sub(self.principal.debt).max(0);
        Split { principal, bonus: self.bonus.usable(day) }
    }

    pub(crate) fn is_frozen(&self, id: &str) -> bool {
        self.frozen.iter().any(|(frozen, _)| **frozen == *id)
    }

    /// How an amount is paid, of which bonus may pay no more than so much. What is not there is asked of the principal.
    pub(crate) fn split(&self, day: Day, amount: i64, most_bonus: i64, order: SpendOrder) -> Split {
        let held = self.usable(day);
        let most = held.bonus.min(most_bonus).min(amount).max(0);
        let rest = amount.saturating_sub(held.principal).max(0);
        let bonus = match order {
            SpendOrder::BonusFirst => most,
            SpendOrder::PrincipalFirst => most.min(rest),
            SpendOrder::InProportion => {
                let whole = held.principal.saturating_add(held.bonus);
                share_down(amount, held.bonus, whole).max(rest).min(most)
            }
        };
        Split { principal: amount.saturating_sub(bonus), bonus }
    }

    /// Principal comes in and pays what is owed first: what was spent, then what was refunded. Answers how much of each it paid.
    fn put(&mut self, amount: i64, tag: LotTag) -> (i64, i64) {
        let spent = self.principal.debt.saturating_sub(self.refunded_debt).max(0);
        let paid = self.principal.put(amount, tag);
        let of_spent = paid.min(spent);
        let of_refunded = paid.saturating_sub(of_spent);
        self.refunded_debt = self.refunded_debt.saturating_sub(of_refunded);
        (of_spent, of_refunded)
    }

    /// What a purchase had owed comes back: to the top-ups that paid such debt since, the latest first.
    fn put_owed(&mut self, amount: i64, own: LotTag) {
        let spent = self.principal.debt.saturating_sub(self.refunded_debt).max(0);
        let (mut left, not_paid) = (amount, amount.min(spent));
        self.principal.debt = self.principal.debt.saturating_sub(not_paid);
        left = left.saturating_sub(not_paid);
        for top_up in self.top_ups.iter_mut().rev() {
            let part = top_up.paid_debt.min(left);
            top_up.paid_debt = top_up.paid_debt.saturating_sub(part);
            left = left.saturating_sub(part);
            let paid = self.principal.put(part, top_up.tag);
            self.refunded_debt = self.refunded_debt.saturating_sub(paid);
        }
        self.put(left, own);
    }

    /// What of the parts of a transfer is there: bonus of each last day, and principal.
    fn has(&self, day: Day, parts: &[ValuePart]) -> bool {
        let held = self.usable(day);
        let split = Split::of(parts);
        let lasting = |last: Option<Day>| {
            let alike = parts.iter().filter(|part| part.bonus && part.last_day == last);
            alike.fold(0_i64, |sum, part| sum.saturating_add(part.amount.minor()))
        };
        let is_there =
            |part: &ValuePart| lasting(part.last_day) <= self.bonus.left_through(day, part.last_day);
        split.principal <= held.principal
            && split.bonus <= held.bonus
            && parts.iter().filter(|part| part.bonus).all(is_there)
    }

    /// Takes the parts of a transfer: bonus of the same last day, then any; what of it is not there is asked of the principal. Answers what was taken, and
    /// what of it was not there.
    fn take_parts(&mut self, day: Day, parts: &[ValuePart]) -> (Split, i64) {
        let mut asked = Split { principal: Split::of(parts).principal, bonus: 0 };
        let mut missing = 0_i64;
        for part in parts.iter().filter(|part| part.bonus) {
            let amount = part.amount.minor();
            let left = self.bonus.take_through(day, part.last_day, amount);
            asked.bonus = asked.bonus.saturating_add(amount.saturating_sub(left));
            missing = missing.saturating_add(left);
        }
        let none = self.bonus.take_usable(day, missing, &mut Vec::new());
        asked.bonus = asked.bonus.saturating_add(missing.saturating_sub(none));
        asked.principal = asked.principal.saturating_add(none);
        let owed = self.principal.take_usable(day, asked.principal, &mut Vec::new());
        self.principal.debt = self.principal.debt.saturating_add(owed);
        (asked, owed)
    }

    /// Takes it out; answers what of the principal was not there.
    fn take(&mut self, day: Day, split: Split, taken: [&mut Vec<Taken>; 2]) -> i64 {
        let [principal, bonus] = taken;
        let short = self.principal.take_usable(day, split.principal, principal);
        let no_bonus = self.bonus.take_usable(day, split.bonus, bonus);
        self.principal.debt = self.principal.debt.saturating_add(short);
        short.saturating_add(no_bonus)
    }

    /// Pays money back: of the latest top-up first, or of the one that is named. Bonus that is no longer earned by what is left is taken
    /// back: its own, then any, and where it was spent, from the principal.
    fn refund(&mut self, day: Day, amount: i64, of: Option<FactNo>, versions: &Versions) -> Refund {
        let mut refund = Refund::default();
        let (mut left, mut held) = (amount, self.usable(day).principal);
        // What was paid in stands in the order of the top-ups.
        let lots: Vec<_> = self.principal.lots().iter().rev().copied().collect();
        for lot in lots.into_iter().filter(|lot| of.is_none_or(|of| of == lot.tag.fact)) {
            let part = left.min(lot.left).min(held);
            if part <= 0 {
                break;
            }
            let Ok(at) = self.top_ups.binary_search_by(|top_up| top_up.tag.cmp(&lot.tag)) else { continue };
            let Some(top_up) = self.top_ups.get_mut(at) else { continue };
            left = left.saturating_sub(part);
            held = held.saturating_sub(part);
            top_up.refunded = top_up.refunded.saturating_add(part);
            refund.sources.push((top_up.fact, part));
            self.principal.take_of(&lot.tag, part);
            let due = top_up.bonus.saturating_sub(top_up.bonus_after(top_up.refunded, versions));
            let more = due.saturating_sub(top_up.asked_back).max(0);
            top_up.asked_back = top_up.asked_back.saturating_add(more);
            let back = self.bonus.take_back(day, top_up.fact, more, &mut Vec::new());
            top_up.kept = top_up.kept.saturating_add(back.missing);
            let of_bonus = more.saturating_sub(back.missing).saturating_sub(back.lapsed);
            refund.taken_back.bonus = refund.taken_back.bonus.saturating_add(of_bonus);
            refund.taken_back.principal = refund.taken_back.principal.saturating_add(back.missing);
        }
        let kept = refund.taken_back.principal;
        let there = kept.min(held);
        self.principal.take_usable(day, there, &mut Vec::new());
        refund.short = left.saturating_add(kept.saturating_sub(there));
        self.principal.debt = self.principal.debt.saturating_add(refund.short);
        self.refunded_debt = self.refunded_debt.saturating_add(refund.short);
        refund
    }

    /// The most that can be refunded on a day.
    pub(crate) fn refundable(&self, day: Day, versions: &Versions) -> i64 {
        let held = StoredValue {
            principal: self.principal.clone(),
            bonus: self.bonus.clone(),
            top_ups: self.top_ups.clone(),
            ..StoredValue::default()
        };
        let can = |amount: i64| held.clone().refund(day, amount, None, versions).short == 0;
        let all = self.usable(day).principal;
        // Mostly no bonus has been spent that would be missing.
        if can(all) {
            return all;
        }
        let (mut most, mut too_much) = (0, all);
        while too_much.saturating_sub(most) > 1 {
            let middle = most.saturating_add(too_much.saturating_sub(most).div_euclid(2));
            if can(middle) {
                most = middle;
            } else {
                too_much = middle;
            }
        }
        most
    }

    /// Bonus by its last day, in order.
    pub(crate) fn bonus_by_day(&self) -> Vec<(Day, i64)> {
        let mut days: Vec<(Day, i64)> = Vec::new();
        for (last, left) in self.bonus.lots().iter().filter_map(|lot| Some((lot.tag.last()?, lot.left))) {
            match days.last_mut().filter(|(day, _)| *day == last) {
                Some((_, sum)) => *sum = sum.saturating_add(left),
                None => days.push((last, left)),
            }
        }
        days
    }

    /// Two accounts side by side.
    pub(super) fn join(&mut self, other: StoredValue) {
        self.principal.join(&other.principal);
        self.bonus.join(&other.bonus);
        self.top_ups.extend(other.top_ups);
        self.top_ups.sort_by_key(|top_up| top_up.tag);
        self.paid.extend(other.paid);
        self.refunded_debt = self.refunded_debt.saturating_add(other.refunded_debt);
        self.frozen.extend(other.frozen);
        self.last_taking = self.last_taking.max(other.last_taking);
        self.is_card |= other.is_card;
    }
}

/// What pays first where it is taken without a purchase.
fn order_of(program: &Program) -> SpendOrder {
    program.stored_value.as_ref().map_or(SpendOrder::BonusFirst, |rules| rules.order)
}

/// What a basket is paid with stored value.
pub(crate) fn tendered(view: &BasketView<'_>) -> i64 {
    let paid = view.tenders.iter().filter(|tender| &*tender.kind == TENDER);
    paid.fold(0, |sum, tender| sum.saturating_add(tender.amount.minor()))
}

/// The most that bonus may pay of a basket: what is to be paid for the lines that it is for.
pub(crate) fn most_bonus(
    event: &Event<'_>,
    view: BasketView<'_>,
    rules: &StoredValueRules,
    program: &Program,
) -> i64 {
    let places = [event.store, event.staff, event.terminal];
    bonus_for(view, &[], (event.day, places), rules, program)
}

/// The same of what is left of a purchase, of whose lines so much has come back.
pub(super) fn most_bonus_left(linked: &Linked<'_>, back: &[LineReturns], versions: &Versions) -> i64 {
    let program = versions.on(linked.day).program;
    let places = [linked.store, linked.staff, linked.terminal];
    let rules = program.stored_value.as_ref();
    rules.map_or(i64::MAX, |rules| bonus_for(linked.basket, back, (linked.day, places), rules, program))
}

/// What is to be paid, of the day and the place of a purchase, for what is left of the lines that bonus is for.
fn bonus_for(
    view: BasketView<'_>,
    back: &[LineReturns],
    (day, [store, staff, terminal]): (Day, [&str; 3]),
    rules: &StoredValueRules,
    program: &Program,
) -> i64 {
    let Some(on) = &rules.on else { return i64::MAX };
    let basket = super::basket::Basket::whole(view, program);
    let scene = Scene::on(day).with_dates(program.dates).with_place(store, staff, terminal);
    let back = back.iter().map(|back| back.amount).chain(std::iter::repeat(0));
    let lines = basket.shares.iter().zip(back);
    let lines = lines.filter(|(share, _)| on.holds(&Scene { line: Some(share.line), ..scene }));
    lines.fold(0, |sum, (share, back)| {
        let gone = if back > 0 { share_down(share.payable, back, share.bought) } else { 0 };
        sum.saturating_add(share.payable.saturating_sub(gone).max(0))
    })
}

impl Account {
    /// None where no more is known of it than that it may lie on a card, which coupons do too.
    pub(crate) fn stored_value(&self) -> Option<&StoredValue> {
        self.rare.as_ref()?.value.as_deref().filter(|value| !value.is_card || !value.is_untouched())
    }

    fn value(&mut self) -> &mut StoredValue {
        self.rare().value.get_or_insert_with(Box::default)
    }

    /// Whether it is value of whoever holds a card, and no member's.
    pub(crate) fn is_card(&self) -> bool {
        let value = self.rare.as_ref().and_then(|rare| rare.value.as_deref());
        self.member.is_none() && value.is_some_and(|value| value.is_card)
    }

    /// The other side of what speaks against a fact about stored value.
    pub(super) fn value_taken_or_frozen_by(&self, event: &Event<'_>, code: RefusalCode) -> Option<FactNo> {
        let value = self.stored_value()?;
        match code {
            RefusalCode::NotEnoughValue => value.last_taking,
            _ => value.frozen.iter().find(|(frozen, _)| **frozen == *event.customer).map(|(_, fact)| *fact),
        }
    }

    /// Whether bonus has no day left on `day`.
    pub(super) fn value_lapses(&self, day: Day) -> bool {
        self.stored_value().is_some_and(|value| value.bonus.lapses(day))
    }

    pub(super) fn lapse_value<W: Witness>(&mut self, day: Day, witness: &mut W) {
        let Some(value) = self.rare.as_mut().and_then(|rare| rare.value.as_mut()) else { return };
        value.bonus.lapse(day, |lot| {
            let lapsed_on = lot.tag.last().map_or(day, |last| last.add_days(1));
            witness.see(
                lapsed_on,
                None,
                Entry::Value(ValueMove::Lapsed, Split { principal: 0, bonus: lot.left }),
            );
        });
    }

    /// What speaks against a fact about stored value.
    pub(super) fn against_value(&self, event: &Event<'_>, versions: &Versions) -> SmallVec<[RefusalCode; 2]> {
        let mut codes = SmallVec::new();
        let What::Valued { act, out, into, top_up } = event.what else { return codes };
        let program = versions.on(event.day).program;
        let none = StoredValue::default();
        let value = self.stored_value().unwrap_or(&none);
        let is_frozen = value.is_frozen(event.customer);
        let rules = program.stored_value.as_ref();
        if out && into {
            codes.push(RefusalCode::SameAccount);
            return codes;
        }
        match act {
            ValueAct::ToppedUp(top_up) => {
                let Some(rules) = rules else {
                    codes.push(RefusalCode::NoStoredValue);
                    return codes;
                };
                let bonus = top_up.bonus.map_or_else(|| rules.bonus_for(top_up.amount.minor()), Money::minor);
                let more = top_up.amount.minor().saturating_add(bonus);
                codes.extend(self.over_most(event.day, more, top_up.card, rules));
            }
            ValueAct::Refunded { amount, top_up: named } => {
                let known = value.top_ups.iter().any(|known| Some(known.fact) == top_up);
                if named.is_some() && !known {
                    codes.push(RefusalCode::UnknownTopUp);
                }
                if is_frozen {
                    codes.push(RefusalCode::ValueFrozen);
                }
                let mut after = value.clone();
                if after.refund(event.day, amount.minor(), top_up.filter(|_| known), versions).short > 0 {
                    codes.push(RefusalCode::NotEnoughValue);
                }
            }
            ValueAct::Transferred { amount, card, .. } if into => {
                if let Some(rules) = rules {
                    codes.extend(self.over_most(event.day, amount.minor(), *card, rules));
                }
            }
            ValueAct::Transferred { amount, parts, .. } => {
                if is_frozen {
                    codes.push(RefusalCode::ValueFrozen);
                }
                let held = value.usable(event.day);
                let is_there = amount.minor() <= held.principal.saturating_add(held.bonus);
                if !is_there || !value.has(event.day, parts) {
                    codes.push(RefusalCode::NotEnoughValue);
                }
            }
            ValueAct::Frozen { .. } => codes.extend(is_frozen.then_some(RefusalCode::ValueFrozen)),
            ValueAct::Released { .. } => codes.extend((!is_frozen).then_some(RefusalCode::NotFrozen)),
        }
        codes
    }

    /// Whether so much more is over what may be held.
    fn over_most(&self, day: Day, more: i64, card: bool, rules: &StoredValueRules) -> Option<RefusalCode> {
        let held = self.stored_value().map_or(0, |value| {
            let principal = value.principal.usable(day).saturating_sub(value.principal.debt);
            principal.saturating_add(value.bonus.usable(day))
        });
        let is_card = self.is_card() || (card && self.member.is_none());
        let over = rules.most(is_card).is_some_and(|most| held.saturating_add(more) > most.minor());
        over.then_some(RefusalCode::ValueLimit)
    }

    /// Someone whose past is sealed is forgotten: ids that are frozen go by their aliases.
    pub(crate) fn rename_frozen(&mut self, name: impl Fn(&str, FactNo) -> Option<Box<str>>) {
        for (id, no) in
            self.rare.iter_mut().flat_map(|rare| &mut rare.value).flat_map(|value| &mut value.frozen)
        {
            if let Some(alias) = name(id, *no) {
                *id = alias;
            }
        }
    }

    /// What speaks against paying so much of a basket with stored value.
    pub(super) fn against_paying_with_value(
        &self,
        event: &Event<'_>,
        view: BasketView<'_>,
        program: &Program,
    ) -> SmallVec<[RefusalCode; 2]> {
        let mut codes = SmallVec::new();
        let Some(rules) = &program.stored_value else { return codes };
        let amount = tendered(&view);
        if amount == 0 {
            return codes;
        }
        let Some(value) = self.stored_value() else {
            codes.push(RefusalCode::NotEnoughValue);
            return codes;
        };
        if value.is_frozen(event.customer) {
            codes.push(RefusalCode::ValueFrozen);
        }
        let split = value.split(event.day, amount, most_bonus(event, view, rules, program), rules.order);
        if split.principal > value.usable(event.day).principal {
            codes.push(RefusalCode::NotEnoughValue);
        }
        codes
    }

    /// Stored value pays for a purchase; what is not there becomes debt.
    pub(super) fn pay_with_value<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, view: BasketView<'_>) {
        let program = step.in_force.program;
        let Some(rules) = &program.stored_value else { return };
        let amount = tendered(&view);
        if amount == 0 {
            return;
        }
        let (day, no) = (step.event.day, step.event.no);
        let own = LotTag::new(self.origin(step), day, None);
        let most = most_bonus(step.event, view, rules, program);
        let value = self.value();
        let split = value.split(day, amount, most, rules.order);
        let (mut principal, mut bonus) = (Vec::new(), Vec::new());
        let owed = value.take(day, split, [&mut principal, &mut bonus]);
        value.principal.totals.spent = value.principal.totals.spent.saturating_add(split.principal);
        value.bonus.totals.spent = value.bonus.totals.spent.saturating_add(split.bonus);
        value.paid.push(ValuePaid { fact: no, amount, given_back: 0, owed, principal, bonus, own });
        value.last_taking = Some(no);
        step.see(Entry::Value(ValueMove::Spent, split));
        if owed > 0 {
            step.see(Entry::Value(ValueMove::Owed, Split { principal: owed, bonus: 0 }));
        }
    }

    /// Of what a purchase was paid with, so much in all as its lines came back: to where it came from, principal first, but that no more bonus than
    /// `most_bonus` stays in what is left.
    pub(super) fn restore_value<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        purchase: FactNo,
        (came_back, bought): (i64, i64),
        most_bonus: i64,
    ) {
        let day = step.event.day;
        let restored = step.in_force.program.stored_value.as_ref().map(|rules| rules.restored);
        let last = restored.unwrap_or(VALUE_RESTORED).last_day_from(day);
        let Some(value) = self.rare.as_mut().and_then(|rare| rare.value.as_mut()) else { return };
        let Some(paid) = value.paid.iter_mut().rfind(|paid| paid.fact == purchase) else { return };
        let back = share_down(paid.amount, came_back, bought).saturating_sub(paid.given_back);
        if back <= 0 {
            return;
        }
        paid.given_back = paid.given_back.saturating_add(back);
        let (own, owed) = (paid.own, paid.owed.min(back));
        paid.owed = paid.owed.saturating_sub(owed);
        let taken = paid.principal.iter().fold(0_i64, |sum, taken| sum.saturating_add(taken.points));
        let in_bonus = paid.bonus.iter().fold(0_i64, |sum, taken| sum.saturating_add(taken.points));
        let back = back.saturating_sub(owed);
        let too_much = in_bonus.saturating_sub(most_bonus).clamp(0, back);
        let of_principal = back.saturating_sub(too_much).min(taken);
        let of_bonus = back.saturating_sub(of_principal);
        // Bonus that a refund has kept principal for comes back as that.
        let mut bought_off: SmallVec<[(LotTag, i64); 2]> = SmallVec::new();
        let mut left = of_bonus;
        for taken in paid.bonus.iter_mut().rev() {
            let part = taken.points.min(left);
            left = left.saturating_sub(part);
            let top_up = value.top_ups.iter_mut().find(|top_up| top_up.fact == taken.tag.fact);
            let Some(top_up) = top_up.filter(|top_up| top_up.kept > 0) else { continue };
            let part = part.min(top_up.kept);
            top_up.kept = top_up.kept.saturating_sub(part);
            taken.points = taken.points.saturating_sub(part);
            bought_off.push((top_up.tag, part));
        }
        let as_principal = bought_off.iter().fold(0_i64, |sum, (_, part)| sum.saturating_add(*part));
        let of_bonus = of_bonus.saturating_sub(as_principal);
        value.principal.give_back(day, of_principal, &mut paid.principal, last);
        value.bonus.give_back(day, of_bonus, &mut paid.bonus, last);
        for (tag, part) in bought_off {
            value.put(part, tag);
        }
        value.put_owed(owed, own);
        let principal = owed.saturating_add(of_principal).saturating_add(as_principal);
        let split = Split { principal, bonus: of_bonus };
        let (principal, bonus) = (&mut value.principal.totals, &mut value.bonus.totals);
        principal.spent = principal.spent.saturating_sub(split.principal);
        bonus.spent = bonus.spent.saturating_sub(split.bonus);
        step.see(Entry::Value(ValueMove::Restored, split));
    }

    /// A fact about stored value has happened.
    pub(super) fn value_moves<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) {
        let What::Valued { act, out, into, top_up } = step.event.what else { return };
        match act {
            ValueAct::ToppedUp(_) => self.top_up(step),
            ValueAct::Refunded { amount, .. } => self.refund_value(step, amount.minor(), top_up),
            // Within one account nothing moves.
            ValueAct::Transferred { .. } if out && into => {}
            ValueAct::Transferred { amount, parts, .. } => {
                if out {
                    self.transfer_value(step, amount.minor(), parts);
                }
                if into {
                    self.receive_value(step, amount.minor(), parts);
                }
            }
            ValueAct::Frozen { .. } => {
                let (customer, no) = (step.event.customer, step.event.no);
                let value = self.value();
                if !value.is_frozen(customer) {
                    value.frozen.push((customer.into(), no));
                }
                step.see(Entry::Value(ValueMove::Frozen, Split::default()));
            }
            ValueAct::Released { .. } => {
                let customer = step.event.customer;
                self.value().frozen.retain(|(frozen, _)| **frozen != *customer);
                step.see(Entry::Value(ValueMove::Released, Split::default()));
            }
        }
    }

    fn top_up<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) {
        let What::Valued { act: ValueAct::ToppedUp(told), .. } = step.event.what else { return };
        let (day, amount) = (step.event.day, told.amount.minor());
        let rules = step.in_force.program.stored_value.as_ref();
        let by_steps = told.bonus.is_none();
        let bonus = told.bonus.map_or_else(|| rules.map_or(0, |rules| rules.bonus_for(amount)), Money::minor);
        let last = told.last_day.or_else(|| rules.and_then(|rules| rules.last_day(day)));
        let tag = LotTag::new(self.origin(step), day, None);
        let value = self.value();
        let (paid_debt, refunded) = value.put(amount, tag);
        let mut top_up = TopUp {
            fact: step.event.no,
            tag,
            day,
            amount,
            bonus,
            by_steps,
            refunded,
            asked_back: 0,
            kept: 0,
            paid_debt,
            source: told.source.as_deref().map(Box::from),
        };
        // What fills a hole that a refund too many has left is paid back already, and brings nothing.
        let bonus = top_up.bonus_after(refunded, step.versions);
        top_up.asked_back = top_up.bonus.saturating_sub(bonus);
        value.top_ups.push(top_up);
        value.bonus.put(bonus, tag.lasting_through(last));
        value.principal.totals.adjusted = value.principal.totals.adjusted.saturating_add(amount);
        value.bonus.totals.awarded = value.bonus.totals.awarded.saturating_add(bonus);
        step.see(Entry::Value(ValueMove::ToppedUp, Split { principal: amount, bonus }));
        self.lapse_value_now(step);
    }

    fn refund_value<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, amount: i64, of: Option<FactNo>) {
        let (day, versions) = (step.event.day, step.versions);
        let value = self.value();
        let of = of.filter(|of| value.top_ups.iter().any(|known| known.fact == *of));
        let refund = value.refund(day, amount, of, versions);
        let principal = &mut value.principal.totals;
        // What was refunded is given to whoever paid it in.
        principal.given = principal.given.saturating_add(amount);
        principal.taken_back = principal.taken_back.saturating_add(refund.taken_back.principal);
        value.bonus.totals.taken_back = value.bonus.totals.taken_back.saturating_add(refund.taken_back.bonus);
        value.last_taking = Some(step.event.no);
        step.see(Entry::Value(ValueMove::Refunded, Split { principal: amount, bonus: 0 }));
        for (top_up, part) in refund.sources {
            step.see(Entry::RefundedTo { top_up, amount: part });
        }
        if refund.taken_back != Split::default() {
            step.see(Entry::Value(ValueMove::TakenBack, refund.taken_back));
        }
        if refund.short > 0 {
            step.see(Entry::Value(ValueMove::Owed, Split { principal: refund.short, bonus: 0 }));
        }
    }

    /// What of an amount would be principal and what bonus, with its last days, if it were transferred.
    pub(crate) fn value_parts(&self, day: Day, amount: i64, program: &Program) -> Vec<ValuePart> {
        let mut value = self.stored_value().cloned().unwrap_or_default();
        let split = value.split(day, amount, i64::MAX, order_of(program));
        let (mut principal, mut bonus) = (Vec::new(), Vec::new());
        value.take(day, split, [&mut principal, &mut bonus]);
        let mut parts: Vec<ValuePart> = Vec::new();
        let mut part = |amount: i64, bonus: bool, last_day: Option<Day>| {
            let alike = parts.last_mut().filter(|last| (last.bonus, last.last_day) == (bonus, last_day));
            match alike {
                Some(last) => last.amount = last.amount.plus(Money::from_minor(amount)),
                None => parts.push(ValuePart { amount: Money::from_minor(amount), bonus, last_day }),
            }
        };
        if split.principal > 0 {
            part(split.principal, false, None);
        }
        for taken in bonus {
            part(taken.points, true, taken.tag.last());
        }
        parts
    }

    /// Where the fact tells the parts, these go.
    fn transfer_value<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, amount: i64, parts: &[ValuePart]) {
        let (day, order) = (step.event.day, order_of(step.in_force.program));
        let value = self.value();
        let (split, owed) = if parts.is_empty() {
            let split = value.split(day, amount, i64::MAX, order);
            (split, value.take(day, split, [&mut Vec::new(), &mut Vec::new()]))
        } else {
            value.take_parts(day, parts)
        };
        value.principal.totals.given = value.principal.totals.given.saturating_add(split.principal);
        value.bonus.totals.given = value.bonus.totals.given.saturating_add(split.bonus);
        value.last_taking = Some(step.event.no);
        step.see(Entry::Value(ValueMove::Transferred, split));
        if owed > 0 {
            step.see(Entry::Value(ValueMove::Owed, Split { principal: owed, bonus: 0 }));
        }
    }

    /// What the fact does not tell the parts of comes in as principal.
    fn receive_value<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, amount: i64, parts: &[ValuePart]) {
        let day = step.event.day;
        let origin = self.origin(step);
        let whole = [ValuePart { amount: Money::from_minor(amount), bonus: false, last_day: None }];
        let parts = if parts.is_empty() { &whole } else { parts };
        let value = self.value();
        let mut split = Split::default();
        for part in parts {
            let minor = part.amount.minor();
            let tag = LotTag::new(origin, day, part.last_day);
            if part.bonus {
                split.bonus = split.bonus.saturating_add(minor);
                value.bonus.put(minor, tag);
            } else {
                split.principal = split.principal.saturating_add(minor);
                value.put(minor, tag);
            }
        }
        value.principal.totals.received = value.principal.totals.received.saturating_add(split.principal);
        value.bonus.totals.received = value.bonus.totals.received.saturating_add(split.bonus);
        step.see(Entry::Value(ValueMove::Received, split));
        self.lapse_value_now(step);
    }

    /// What came in with a last day that is over lapses at once.
    fn lapse_value_now<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) {
        let (day, no) = (step.event.day, step.event.no);
        let Some(value) = self.rare.as_mut().and_then(|rare| rare.value.as_mut()) else { return };
        let witness = &mut *step.witness;
        value.bonus.lapse(day, |lot| {
            let lapsed = Entry::Value(ValueMove::Lapsed, Split { principal: 0, bonus: lot.left });
            witness.see(day, Some(no), lapsed);
        });
    }

    /// Whether a fact opens a card: value and coupons that belong to whoever holds it, no member's.
    pub(super) fn open_card(&mut self, event: &Event<'_>) {
        let opens = match event.what {
            What::Valued { act, into, .. } => act.opens_card() && (into || act.to().is_none()),
            What::Couponed { act, into, .. } => act.opens_card() && into,
            What::Issued { card, .. } => card,
            _ => false,
        };
        if opens && self.member.is_none() {
            self.value().is_card = true;
        }
    }
}
