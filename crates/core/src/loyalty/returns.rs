//! Returns undo what the purchase did, however they are split (semantics 6).

use super::account::{Account, Event, Linked, Step, What, growth, multiplier, own_lot, qualifying_spend};
use super::activity::{Bought, Sums};
use super::basket::{Basket, LineReturns, is_gone};
use super::carried::{Carried, CarriedLeft};
use super::earning::{Asking, Setting, Wanted, scene, wanted};
use super::lots::FactNo;
use super::stored_value::most_bonus_left;
use super::tiers::Looking;
use crate::exact::share_down;
use crate::fact::{Line, ReturnedLine};
use crate::outcome::{Entry, RefusalCode, Witness};
use crate::program::Program;
use crate::program::versions::{InForce, Versions};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// What came back of one purchase so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Returns {
    /// The purchase's place in the account's list.
    pub(crate) place: u32,
    pub(crate) lines: Vec<LineReturns>,
    /// Points that were to be taken back, with what had lapsed or was forgiven.
    pub(crate) asked: i64,
    /// Points that were taken back, with what became debt.
    pub(crate) taken: i64,
    /// What of it had lapsed and counts as taken back.
    lapsed: i64,
    /// What each return did, in order.
    pub(crate) done: Vec<Done>,
}

/// What one return did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) fact: FactNo,
    pub(crate) taken_back: i64,
    pub(crate) restored: i64,
}

impl Returns {
    /// What came back so far, in the lines' own terms.
    pub(crate) fn amount(&self) -> i64 {
        amount_back(&self.lines)
    }

    pub(super) fn none_of(place: usize) -> Self {
        Returns {
            place: u32::try_from(place).unwrap_or(u32::MAX),
            lines: Vec::new(),
            asked: 0,
            taken: 0,
            lapsed: 0,
            done: Vec::new(),
        }
    }

    pub(super) fn with_lines(self, lines: Vec<LineReturns>) -> Self {
        Returns { lines, ..self }
    }

    pub(super) fn moved_by(self, places: u32) -> Self {
        Returns { place: self.place.saturating_add(places), ..self }
    }
}

impl Account {
    pub(super) fn against_return(&self, event: &Event<'_>) -> SmallVec<[RefusalCode; 2]> {
        let mut codes = SmallVec::new();
        let What::Returned { purchase, lines } = event.what else { return codes };
        let Some((linked, place)) =
            purchase.and_then(|linked| Some((linked, self.activity.place(linked.fact, linked.day)?)))
        else {
            codes.push(RefusalCode::UnknownPurchase);
            return codes;
        };
        let before = self.returns(place).map_or(&[][..], |returns| &returns.lines);
        let mut after = line_returns(linked.basket.lines, before);
        for line in lines {
            let Some((at, bought)) = find(linked.basket.lines, line) else {
                codes.push(RefusalCode::UnknownLine);
                continue;
            };
            let Some(came_back) = after.get_mut(at) else { continue };
            let (all, fits) = add(bought, *came_back, line);
            *came_back = all;
            if !fits && !codes.contains(&RefusalCode::ReturnedTooMuch) {
                codes.push(RefusalCode::ReturnedTooMuch);
            }
        }
        codes
    }

    pub(crate) fn returns(&self, place: usize) -> Option<&Returns> {
        let place = u32::try_from(place).ok()?;
        self.rare.as_ref()?.returns.iter().find(|returns| returns.place == place)
    }

    pub(super) fn return_lines<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        purchase: Option<Linked<'_>>,
        lines: &[ReturnedLine<'_>],
    ) {
        let Some(linked) = purchase else { return };
        let Some(place) = self.activity.place(linked.fact, linked.day) else { return };
        let Some(bought) = self.activity.bought().get(place).copied() else { return };
        let before = self.returns(place).cloned();
        let lines_before = before.as_ref().map_or(&[][..], |returns| &returns.lines);
        let lines_after = with_returned(&linked, lines_before, lines);
        if self.rare.is_some() {
            let whole = linked.basket.lines.iter().zip(&lines_after);
            let gone: SmallVec<[&str; 4]> =
                whole.filter(|(line, back)| is_gone(line, **back)).map(|(line, _)| &*line.id).collect();
            if gone.len() == linked.basket.lines.len() {
                self.give_coupons_back(step, linked.fact);
            }
            self.lose_benefits(linked.fact, |line| gone.contains(&line));
            self.lose_bought_tiers(linked.fact, |line| gone.contains(&line));
        }
        let restored = self.restore_tender(step, &linked, &lines_after);
        if self.rare.as_ref().is_some_and(|rare| rare.value.is_some()) {
            let most_bonus = most_bonus_left(&linked, &lines_after, step.versions);
            let sums = (amount_back(&lines_after), bought_amount(&linked));
            self.restore_value(step, linked.fact, sums, most_bonus);
        }
        let mut all = before.clone().unwrap_or_else(|| Returns::none_of(place));
        let taken_before = all.taken;
        if bought.counted() {
            let rules = step.versions.on(bought.day);
            let (was, now) = match step.event.carried {
                Some(carried) => left_of(carried, &linked, rules.program, [lines_before, &lines_after]),
                None => (
                    self.standing_of(place, &bought, &linked, rules, lines_before),
                    self.standing_of(place, &bought, &linked, rules, &lines_after),
                ),
            };
            self.take_back(step, rules.program, &bought, now.earns, &mut all);
            let sums = Sums {
                spend: was.spend.saturating_sub(now.spend),
                points: all.asked.saturating_sub(before.as_ref().map_or(0, |returns| returns.asked)),
            };
            self.activity.given_back(place, sums, now.gone && !was.gone);
            self.claim_less(step, &linked, rules.program, &lines_after, now.gone);
            self.reassess(
                step,
                growth(rules.program, was.spend).saturating_sub(growth(rules.program, now.spend)),
            );
        }
        all.lines = lines_after;
        all.done.push(Done {
            fact: step.event.no,
            taken_back: all.taken.saturating_sub(taken_before),
            restored,
        });
        self.keep_returns(all);
    }

    pub(super) fn keep_returns(&mut self, all: Returns) {
        let returns = &mut self.rare().returns;
        match returns.iter_mut().find(|returns| returns.place == all.place) {
            Some(returns) => *returns = all,
            None => returns.push(all),
        }
    }

    /// Points that had paid for what is given back, in total: spent × given back ÷ bought, rounded down (6.4).
    fn restore_tender<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        linked: &Linked<'_>,
        lines: &[LineReturns],
    ) -> i64 {
        let Some((spent, before)) = self.paid(linked.fact).map(|paid| (paid.points, paid.given_back)) else {
            return 0;
        };
        let points = share_down(spent, amount_back(lines), bought_amount(linked)).saturating_sub(before);
        if points > 0 {
            self.unpay(step, linked.fact, points);
        }
        points.max(0)
    }

    /// What a purchase earns and counts for with what is left of it, the customer as they were then (6.2).
    fn standing_of(
        &self,
        place: usize,
        bought: &Bought,
        linked: &Linked<'_>,
        rules: InForce<'_>,
        lines: &[LineReturns],
    ) -> Left {
        let program = rules.program;
        let basket = Basket::left(linked.basket, program, lines);
        self.ask_again(place, bought, linked, program, &basket, |asking| {
            let Wanted { points, .. } = wanted(program, asking, None);
            Left {
                // Where caps cut the award, what they left of it was all the room there was.
                earns: if bought.capped() { points.min(bought.awarded) } else { points },
                spend: qualifying_spend(program, &basket, &asking.scene),
                gone: basket.shares.is_empty(),
            }
        })
    }

    fn take_back<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        program: &Program,
        bought: &Bought,
        earns: i64,
        all: &mut Returns,
    ) {
        let total = bought.awarded.saturating_sub(earns).max(0);
        let points = total.saturating_sub(all.asked);
        all.asked = total;
        if points < 0 {
            self.put_back(step, program, bought, points.saturating_neg(), all);
            return;
        }
        let (taken, lapsed) = self.ask_back(step, bought.fact, points);
        all.lapsed = all.lapsed.saturating_add(lapsed);
        all.taken = all.taken.saturating_add(taken);
    }

    /// Takes back what was given by a fact (6.3). Answers how much was taken, and how much of it had lapsed and counts as taken back.
    pub(super) fn ask_back<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        fact: FactNo,
        points: i64,
    ) -> (i64, i64) {
        let short = self.purse.take_back(step.event.day, fact, points, &mut Vec::new());
        if short.lapsed > 0 {
            step.see(Entry::LapsedCounted(short.lapsed));
        }
        let mut taken = points.saturating_sub(short.lapsed);
        // What becomes of what is missing is for the rules of the day of the return (1.7).
        let forgives = step.in_force.program.points.forgive_missing;
        if forgives && short.missing > 0 {
            taken = taken.saturating_sub(short.missing);
            step.see(Entry::Forgiven(short.missing));
        }
        if taken > 0 {
            self.takes_points(step.event.no);
            self.purse.totals.taken_back = self.purse.totals.taken_back.saturating_add(taken);
            step.see(Entry::TakenBack(taken));
        }
        if !forgives {
            self.owe(step, short.missing);
        }
        (taken, short.lapsed)
    }

    /// A further return can leave a purchase that earns more than an earlier one left it with (a bonus for small baskets): the
    /// total is what counts, so the difference comes back into the purchase's own lot.
    fn put_back<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        program: &Program,
        bought: &Bought,
        points: i64,
        all: &mut Returns,
    ) {
        let day = step.event.day;
        let own = own_lot(program, bought);
        let lapsed = own.last().is_some_and(|last| last < day);
        let tag = if lapsed {
            own.living_on(step.in_force.program.points.restored.last_day_from(day))
        } else {
            own
        };
        let lapsed_again = points.saturating_sub(all.taken).clamp(0, all.lapsed);
        let points = points.min(all.taken);
        all.lapsed = all.lapsed.saturating_sub(lapsed_again);
        self.purse.uncount_lapsed(bought.fact, lapsed_again);
        all.taken = all.taken.saturating_sub(points);
        self.purse.totals.taken_back = self.purse.totals.taken_back.saturating_sub(points);
        self.purse.put(points, tag);
        step.see(Entry::TakenBack(points.saturating_neg()));
    }

    /// Looks at the tier after a return that took so much growth value off (6.5).
    pub(super) fn reassess<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, growth: i64) {
        let Some(member) = &mut self.member else { return };
        let looking = Looking { versions: step.versions, activity: &self.activity, joined: member.joined };
        let (day, no, witness) = (step.event.day, step.event.no, &mut *step.witness);
        member
            .standing
            .after_return(day, no, growth, looking, |moved| witness.see(day, Some(no), moved.into()));
    }

    /// Shows how a purchase came to what it earned: the same question asked again, with the customer as they were then.
    pub(crate) fn earned_how(
        &self,
        linked: &Linked<'_>,
        versions: &Versions,
        show: impl FnOnce(&Asking<'_, '_>),
    ) {
        let Some(place) = self.activity.place(linked.fact, linked.day) else { return };
        let Some(bought) = self.activity.bought().get(place).filter(|bought| bought.counted()) else {
            return;
        };
        let program = versions.on(bought.day).program;
        let basket = Basket::whole(linked.basket, program);
        self.ask_again(place, bought, linked, program, &basket, show);
    }

    /// What a purchase counted for towards tiers, whole and with what is left of it now.
    pub(crate) fn spend_of(&self, linked: &Linked<'_>, versions: &Versions) -> [i64; 2] {
        let place = self.activity.place(linked.fact, linked.day);
        let bought = place.and_then(|place| Some((place, self.activity.bought().get(place)?)));
        let Some((place, bought)) = bought.filter(|(_, bought)| bought.counted()) else { return [0, 0] };
        let lines = self.returns(place).map_or(&[][..], |returns| &returns.lines);
        let rules = versions.on(bought.day);
        [&[][..], lines].map(|lines| {
            let lines = line_returns(linked.basket.lines, lines);
            self.standing_of(place, bought, linked, rules, &lines).spend
        })
    }

    /// Asks what a basket earned, or what is left of it would have earned, with the customer as they were then.
    fn ask_again<R>(
        &self,
        place: usize,
        bought: &Bought,
        linked: &Linked<'_>,
        program: &Program,
        basket: &Basket<'_>,
        ask: impl FnOnce(&Asking<'_, '_>) -> R,
    ) -> R {
        let setting = Setting {
            day: bought.day,
            dates: program.dates,
            store: linked.store,
            staff: linked.staff,
            terminal: linked.terminal,
        };
        ask(&Asking {
            basket,
            scene: scene(setting, self.customer_then(place, bought, program), basket.amount, basket.lines()),
            tier: multiplier(program, bought.tier),
            ladder_starts: self.ladder_starts(place),
        })
    }
}

/// What is left of a purchase is worth.
pub(super) struct Left {
    earns: i64,
    pub(super) spend: i64,
    gone: bool,
}

/// The same of a purchase that an erasure carries, before a return and after it.
pub(super) fn left_of(
    carried: &Carried,
    linked: &Linked<'_>,
    program: &Program,
    [before, after]: [&[LineReturns]; 2],
) -> (Left, Left) {
    let bought = bought_amount(linked);
    let left = |lines: &[LineReturns], CarriedLeft { points, spend }: CarriedLeft| {
        let gone = Basket::left(linked.basket, program, lines).shares.is_empty();
        Left { earns: points, spend, gone }
    };
    (
        left(before, carried.left_before(bought, amount_back(before))),
        left(after, carried.left_after(bought, amount_back(after))),
    )
}

/// What the lines of a purchase add up to.
fn bought_amount(linked: &Linked<'_>) -> i64 {
    linked.basket.lines.iter().fold(0, |sum, line| sum.saturating_add(line.amount.minor()))
}

pub(super) fn amount_back(lines: &[LineReturns]) -> i64 {
    lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount))
}

/// What came back of each line with one more return.
pub(super) fn with_returned(
    linked: &Linked<'_>,
    before: &[LineReturns],
    lines: &[ReturnedLine<'_>],
) -> Vec<LineReturns> {
    let mut after = line_returns(linked.basket.lines, before);
    for line in lines {
        if let Some((at, bought)) = find(linked.basket.lines, line)
            && let Some(came_back) = after.get_mut(at)
        {
            *came_back = add(bought, *came_back, line).0;
        }
    }
    after
}

/// What came back of each line so far, one entry for each.
fn line_returns(lines: &[Line<'_>], before: &[LineReturns]) -> Vec<LineReturns> {
    (0..lines.len()).map(|at| before.get(at).copied().unwrap_or_default()).collect()
}

fn find<'a>(lines: &'a [Line<'a>], returned: &ReturnedLine<'_>) -> Option<(usize, &'a Line<'a>)> {
    lines.iter().enumerate().find(|(_, line)| *line.id == *returned.id)
}

/// What came back of a line with one more return, cut to what was bought, and whether it fitted.
fn add(bought: &Line<'_>, before: LineReturns, returned: &ReturnedLine<'_>) -> (LineReturns, bool) {
    let amount = before.amount.saturating_add(returned.amount.minor());
    let quantity = before.quantity.saturating_add(returned.quantity.micros());
    let fits = amount <= bought.amount.minor() && quantity <= bought.quantity.micros();
    let all = LineReturns {
        amount: amount.min(bought.amount.minor()),
        quantity: quantity.min(bought.quantity.micros()),
    };
    (all, fits)
}
