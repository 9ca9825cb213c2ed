//! What others of the household buy counts for the tier too, where the program pools it (semantics 15.5). It follows from the purchase and its
//! returns alone: no condition of what counts may ask who bought.

use super::account::{Account, Linked, Step, growth, qualifying_spend};
use super::activity::{Bought, Counts, Sums};
use super::basket::{Basket, BasketView, LineReturns, is_gone};
use super::earning::{Setting, scene};
use super::returns::{Returns, left_of, with_returned};
use crate::fact::ReturnedLine;
use crate::money::Money;
use crate::outcome::{Entry, Witness};
use crate::program::Program;
use crate::program::condition::Customer;
use smallvec::SmallVec;

impl Account {
    /// Somebody else of the household bought.
    pub(super) fn share<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, view: BasketView<'_>) {
        if self.member.is_none() || !step.in_force.started {
            return;
        }
        let (event, program) = (step.event, step.in_force.program);
        // What lines told of pieces goes with whoever is forgotten: what it had counted for is carried.
        let spend = match event.carried {
            Some(carried) => carried.spend,
            None => counts_for(program, &Basket::whole(view, program), event.setting(program)),
        };
        step.see(Entry::Shared(Money::from_minor(spend)));
        self.note_so_far(step);
        let bought = Bought {
            fact: event.no,
            day: event.day,
            order: self.order,
            tier: self.tier_on(event.day, program),
            counts: Counts::Shared,
            profiles: self.profiles.count(),
            purchases_before: self.activity.purchases,
            visits_before: self.activity.visits,
            earned_micros: event.micros,
            awarded: 0,
            through: Sums::default(),
        };
        self.activity.purchased(bought, Sums { spend, points: 0 });
        let earned = self.earned_before(step);
        self.count(step, spend);
        self.buy_tiers(step, view, earned);
    }

    /// Something of it came back.
    pub(super) fn share_less<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        purchase: Option<Linked<'_>>,
        lines: &[ReturnedLine<'_>],
    ) {
        let Some(linked) = purchase else { return };
        let Some(place) = self.activity.shared_place(linked.fact, linked.day) else { return };
        let before = self.returns(place).cloned().unwrap_or_else(|| Returns::none_of(place));
        let after = with_returned(&linked, &before.lines, lines);
        let whole = linked.basket.lines.iter().zip(&after);
        let gone: SmallVec<[&str; 4]> =
            whole.filter(|(line, back)| is_gone(line, **back)).map(|(line, _)| &*line.id).collect();
        self.lose_bought_tiers(linked.fact, |line| gone.contains(&line));
        let program = step.versions.on(linked.day).program;
        let setting = || Setting {
            day: linked.day,
            dates: program.dates,
            store: linked.store,
            staff: linked.staff,
            terminal: linked.terminal,
        };
        let left = |lines: &[LineReturns]| {
            counts_for(program, &Basket::left(linked.basket, program, lines), setting())
        };
        let (was, now) = match step.event.carried {
            Some(carried) => {
                let (was, now) = left_of(carried, &linked, program, [&before.lines, &after]);
                (was.spend, now.spend)
            }
            None => (left(&with_returned(&linked, &before.lines, &[])), left(&after)),
        };
        step.see(Entry::Shared(Money::from_minor(now.saturating_sub(was))));
        self.activity.given_back(place, Sums { spend: was.saturating_sub(now), points: 0 }, false);
        self.reassess(step, growth(program, was).saturating_sub(growth(program, now)));
        self.keep_returns(before.with_lines(after));
    }
}

/// What a basket counts for towards tiers, whoever bought it.
fn counts_for(program: &Program, basket: &Basket<'_>, setting: Setting<'_>) -> i64 {
    qualifying_spend(program, basket, &scene(setting, Customer::default(), basket.amount, basket.lines()))
}
