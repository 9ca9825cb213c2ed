//! The deposits of an account: paid beforehand for pieces that are made to order, and what became of them (semantics 21.3, 21.4).

use super::account::{Account, Event, Step, What};
use super::basket::BasketView;
use super::lots::FactNo;
use crate::calendar::Day;
use crate::fact::{OrderAct, Ordered, Tender};
use crate::money::Money;
use crate::outcome::{DepositMove, Entry, RefusalCode, Witness};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// A piece that is made to order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The fact that ordered it, whose id is the order's.
    pub(crate) fact: FactNo,
    /// The instant at which it did.
    pub(super) micros: i64,
    pub(crate) day: Day,
    pub(crate) item: Option<Box<str>>,
    pub(crate) amount: i64,
    pub(crate) ready: Option<Day>,
    /// Deposits that were paid, in minor units.
    pub(crate) paid: i64,
    /// What of them paid for purchases, was given back or kept.
    pub(crate) used: i64,
    /// The latest fact that took of them, or called the order off.
    last_taking: Option<FactNo>,
    pub(crate) cancelled: bool,
    /// Something was bought with it.
    pub(crate) delivered: bool,
}

impl Order {
    /// What is left of the deposits; below zero where more was taken than was paid.
    pub(crate) fn left(&self) -> i64 {
        self.paid.saturating_sub(self.used)
    }

    /// Whether it waits to be delivered, or some of its deposit does.
    pub(crate) fn is_open(&self) -> bool {
        self.left() != 0 || !(self.cancelled || self.delivered)
    }

    fn take(&mut self, amount: i64, by: FactNo) {
        self.used = self.used.saturating_add(amount);
        self.last_taking = Some(by);
    }
}

/// Tenders that are deposits of an order.
pub(crate) fn deposit_tenders<'a>(
    view: &BasketView<'a>,
) -> impl Iterator<Item = (&'a Tender<'a>, &'a str)> + use<'a> {
    view.tenders.iter().filter_map(|tender| Some((tender, &**tender.order()?)))
}

impl Account {
    pub(crate) fn orders(&self) -> &[Order] {
        self.rare.as_ref().map_or(&[], |rare| &rare.orders)
    }

    fn order(&self, fact: Option<FactNo>) -> Option<&Order> {
        self.orders().iter().rfind(|order| Some(order.fact) == fact)
    }

    fn order_mut(&mut self, fact: Option<FactNo>) -> Option<&mut Order> {
        self.rare.iter_mut().flat_map(|rare| &mut rare.orders).rfind(|order| Some(order.fact) == fact)
    }

    /// What goes back of an order's deposits when it is called off now, and so much is kept.
    pub(crate) fn would_give_back(&self, order: Option<FactNo>, kept: Money) -> Money {
        let left = self.order(order).map_or(0, Order::left);
        Money::from_minor(left.saturating_sub(kept.minor()).max(0))
    }

    /// What speaks against taking so much of the deposits of an order, together with what the same fact takes before.
    fn against_taking_of(&self, order: Option<FactNo>, amount: i64, before: i64) -> Option<RefusalCode> {
        let Some(order) = self.order(order) else { return Some(RefusalCode::UnknownOrder) };
        if order.cancelled {
            return Some(RefusalCode::OrderClosed);
        }
        let short = amount > 0 && amount > order.left().saturating_sub(before);
        short.then_some(RefusalCode::NotEnoughDeposit)
    }

    /// What speaks against each deposit that a basket is paid with, and of which order it is.
    fn against_deposits(
        &self,
        event: &Event<'_>,
        view: BasketView<'_>,
    ) -> SmallVec<[(RefusalCode, Option<FactNo>); 2]> {
        let mut codes = SmallVec::new();
        let mut taken: SmallVec<[(Option<FactNo>, i64); 2]> = SmallVec::new();
        for ((tender, _), order) in deposit_tenders(&view).zip(event.orders) {
            let before = taken.iter().filter(|(of, _)| of == order).map(|(_, amount)| *amount);
            let before = before.fold(0, i64::saturating_add);
            let code = self.against_taking_of(*order, tender.amount.minor(), before);
            codes.extend(code.map(|code| (code, *order)));
            taken.push((*order, tender.amount.minor()));
        }
        codes
    }

    pub(super) fn against_paying_with_deposits(
        &self,
        event: &Event<'_>,
        view: BasketView<'_>,
    ) -> SmallVec<[RefusalCode; 2]> {
        let mut codes: SmallVec<[RefusalCode; 2]> = SmallVec::new();
        for (code, _) in self.against_deposits(event, view) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    pub(super) fn against_order(&self, event: &Event<'_>) -> Option<RefusalCode> {
        let What::Ordered { act, order } = event.what else { return None };
        match act {
            OrderAct::Ordered(_) => None,
            OrderAct::Paid { .. } => match self.order(order) {
                None => Some(RefusalCode::UnknownOrder),
                // What is owed can be paid.
                Some(order) => (order.cancelled && order.left() >= 0).then_some(RefusalCode::OrderClosed),
            },
            OrderAct::Cancelled { kept, given_back, .. } => match self.order(order) {
                None => Some(RefusalCode::UnknownOrder),
                // What came in since is given back by another.
                Some(order) if order.cancelled && order.left() <= 0 => Some(RefusalCode::OrderClosed),
                Some(order) => {
                    let taken = kept.plus(given_back.unwrap_or_default()).minor();
                    (taken > order.left().max(0)).then_some(RefusalCode::NotEnoughDeposit)
                }
            },
        }
    }

    pub(super) fn order_moves<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) {
        let What::Ordered { act, order } = step.event.what else { return };
        let (no, day) = (step.event.no, step.event.day);
        match act {
            OrderAct::Ordered(Ordered { amount, item, deposit, ready, .. }) => {
                let order = Order {
                    fact: no,
                    micros: step.event.micros,
                    day,
                    item: item.as_deref().map(Box::from),
                    amount: amount.minor(),
                    ready: *ready,
                    paid: deposit.minor(),
                    used: 0,
                    last_taking: None,
                    cancelled: false,
                    delivered: false,
                };
                self.rare().orders.push(order);
                see(step, no, DepositMove::Paid, deposit.minor());
            }
            OrderAct::Paid { amount, .. } => {
                if let Some(found) = self.order_mut(order) {
                    found.paid = found.paid.saturating_add(amount.minor());
                    let order = found.fact;
                    see(step, order, DepositMove::Paid, amount.minor());
                }
            }
            OrderAct::Cancelled { order: named, kept, given_back, .. } => {
                let meant = self.would_give_back(order, *kept).minor();
                let Some(found) = self.order_mut(order) else { return };
                // Merged without what went back, it is as it would be here, and no more is kept than there is.
                let (kept, back) = match given_back {
                    Some(back) => (kept.minor(), back.minor()),
                    None => (kept.minor().min(found.left().max(0)), meant),
                };
                found.take(kept.saturating_add(back), no);
                found.cancelled = true;
                let order = found.fact;
                see(step, order, DepositMove::GivenBack, back);
                see(step, order, DepositMove::Kept, kept);
                self.let_coupons_go(step, named);
            }
        }
    }

    /// Deposits that a purchase is paid with are used, whatever speaks against it.
    pub(super) fn pay_with_deposits<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, view: BasketView<'_>) {
        for ((tender, _), order) in deposit_tenders(&view).zip(step.event.orders) {
            let (no, amount) = (step.event.no, tender.amount.minor());
            if let Some(found) = self.order_mut(*order) {
                found.take(amount, no);
                found.delivered = true;
                let order = found.fact;
                see(step, order, DepositMove::Used, amount);
            }
        }
    }

    /// The other side of a deposit that was not there any more.
    pub(super) fn deposit_taken_by(&self, event: &Event<'_>, code: RefusalCode) -> Option<FactNo> {
        let order = match event.what {
            What::Ordered { order, .. } => order,
            What::Purchased(view) => {
                let against = self.against_deposits(event, view);
                against.into_iter().find(|(found, _)| *found == code)?.1
            }
            _ => None,
        };
        self.order(order)?.last_taking
    }

    /// What is held of deposits, less what is owed of them.
    pub(crate) fn deposits(&self) -> i64 {
        self.orders().iter().map(Order::left).fold(0, i64::saturating_add)
    }
}

fn see<W: Witness>(step: &mut Step<'_, '_, W>, order: FactNo, what: DepositMove, amount: i64) {
    if amount > 0 {
        step.see(Entry::Deposit { order, what, amount: Money::from_minor(amount) });
    }
}
