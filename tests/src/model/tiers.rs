//! Which tier a member holds (semantics 7), looked at day by day and after each fact.

use super::calendar::{Day, date, membership_year_start, same_year, year_end};
use super::program::{Exact, Goal, Measure, Program, Term, Window, whole};
use super::purchase::{Purchase, minor};
use chrono::Datelike;
use std::collections::BTreeSet;

/// What the tier rules look at.
pub(crate) struct Seen<'a> {
    pub(crate) program: &'a Program,
    pub(crate) purchases: &'a [Purchase],
    pub(crate) joined: Option<Day>,
}

/// What is earned, before grants.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) level: usize,
    pub(crate) since: Option<Day>,
    pub(crate) by: String,
    pub(crate) term: Period,
    pub(crate) last: Option<Day>,
    pub(crate) growth: i64,
    basis: Option<Basis>,
}

/// From when on facts count towards `within = "term"`: the first day, and the fact after which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Period {
    pub(crate) first: Day,
    pub(crate) after: i64,
}

/// What the tier was reached or renewed by.
#[derive(Clone, Debug)]
struct Basis {
    goals: Vec<Goal>,
    day: Day,
    up_to: i64,
    term: Period,
}

impl Seen<'_> {
    /// 7.2, 2.3
    fn within(&self, purchase: &Purchase, window: Window, on: Day, term: Period) -> bool {
        purchase.version.is_some()
            && purchase.day <= on
            && match window {
                Window::Rolling(span) => span.window_holds(purchase.day, on),
                Window::CalendarYear => same_year(purchase.day, on),
                Window::MembershipYear => {
                    self.joined.is_some_and(|joined| membership_year_start(joined, on) <= purchase.day)
                }
                Window::Term => purchase.day >= term.first && purchase.order > term.after,
                Window::Ever => true,
            }
    }

    pub(crate) fn spend(&self, window: Window, on: Day) -> Exact {
        let term = Period { first: 0, after: 0 };
        let inside = self.purchases.iter().filter(|purchase| self.within(purchase, window, on, term));
        inside.map(|purchase| purchase.spend(&minor(self.program))).sum()
    }

    pub(crate) fn visits<'b>(purchases: impl Iterator<Item = &'b Purchase>) -> i64 {
        purchases
            .filter(|purchase| !purchase.wholly_returned() && !purchase.shared)
            .map(|purchase| purchase.day)
            .collect::<BTreeSet<_>>()
            .len() as i64
    }

    fn any(&self, goals: &[Goal], on: Day, term: Period, up_to: i64) -> bool {
        goals.iter().any(|goal| {
            let inside = || {
                let earlier = self.purchases.iter().filter(|purchase| purchase.order <= up_to);
                earlier.filter(|purchase| self.within(purchase, goal.within, on, term))
            };
            match &goal.measure {
                Measure::Spend(least) => {
                    inside().map(|purchase| purchase.spend(&minor(self.program))).sum::<Exact>() >= *least
                }
                Measure::Visits(least) => Seen::visits(inside()) >= *least,
                Measure::Points(least) => {
                    inside().map(|purchase| purchase.awarded - purchase.taken).sum::<i64>() >= *least
                }
            }
        })
    }

    /// The highest tier that `reach` gives on a day.
    pub(crate) fn reached(&self, on: Day) -> usize {
        let term = Period { first: on, after: 0 };
        let tiers = self.program.tiers.iter().enumerate().rev();
        tiers
            .filter(|(_, tier)| self.any(&tier.reach, on, term, i64::MAX))
            .map(|(level, _)| level)
            .next()
            .unwrap_or(0)
    }

    fn growth_gives(&self, value: i64) -> usize {
        self.program
            .tiers
            .iter()
            .rposition(|tier| tier.growth.is_some_and(|growth| growth <= value))
            .unwrap_or(0)
    }

    fn keep_holds(&self, standing: &Standing, on: Day) -> bool {
        self.any(self.keep(standing), on, standing.term, i64::MAX)
    }

    fn keep(&self, standing: &Standing) -> &[Goal] {
        let tier = &self.program.tiers[standing.level];
        if tier.keep.is_empty() { &tier.reach } else { &tier.keep }
    }
}

fn term_last(term: Term, first: Day) -> Option<Day> {
    match term {
        Term::Span(span) => Some(span.last_day(first)),
        Term::CalendarYear => Some(year_end(first)),
        Term::Lifelong | Term::Rolling => None,
    }
}

impl Standing {
    pub(crate) fn start() -> Standing {
        let term = Period { first: 0, after: 0 };
        Standing { level: 0, since: None, by: "start".to_owned(), term, last: None, growth: 0, basis: None }
    }

    fn enter(&mut self, seen: &Seen<'_>, level: usize, day: Day, by: &str, after: i64, basis: Option<Basis>) {
        let tier = &seen.program.tiers[level];
        if level != self.level || self.since.is_none() {
            self.since = Some(day);
        }
        self.level = level;
        self.by = by.to_owned();
        self.term = Period { first: day, after };
        self.last =
            if level == 0 || seen.program.growth.is_some() { None } else { term_last(tier.term, day) };
        self.basis = basis;
    }

    /// "as if it had held on the last day": another term from the next day.
    fn renew(&mut self, seen: &Seen<'_>, on: Day, last: Day, up_to: i64) {
        self.basis = Some(Basis { goals: seen.keep(self).to_vec(), day: on, up_to, term: self.term });
        self.by = "renewed".to_owned();
        self.term = Period { first: last + 1, after: 0 };
        self.last = term_last(seen.program.tiers[self.level].term, last + 1);
    }

    /// A new day begins, before its facts.
    pub(crate) fn begin_day(&mut self, seen: &Seen<'_>, day: Day) {
        let program = seen.program;
        if let Some(growth) = &program.growth {
            let civil = date(day);
            let lowered = format!("{:02}-{:02}", civil.month(), civil.day()) == growth.lowered_on;
            if lowered && seen.joined.is_some_and(|joined| joined < day) {
                self.growth = (self.growth - program.tiers[self.level].deduction).max(0);
                self.follow_growth(seen, day, "deduction");
            }
            return;
        }
        let tier = &program.tiers[self.level];
        if self.level > 0 && tier.term == Term::Rolling && !seen.any(&tier.reach, day, self.term, i64::MAX) {
            self.enter(seen, seen.reached(day), day, "lapse", 0, None);
        }
        let Some(last) = self.last else { return };
        if day == last + 1 && seen.keep_holds(self, last) {
            self.renew(seen, last, last, i64::MAX);
            return;
        }
        let tier = &program.tiers[self.level];
        let kept_until = tier.grace.map_or(last, |grace| grace.last_day(last + 1));
        if day > kept_until {
            let reached = seen.reached(day);
            let to = if tier.one_down { reached.max(self.level - 1) } else { reached };
            self.enter(seen, to, day, "lapse", 0, None);
        }
    }

    /// A fact has been applied.
    pub(crate) fn after_fact(&mut self, seen: &Seen<'_>, day: Day, fact: &str, order: i64, is_return: bool) {
        if seen.program.growth.is_some() {
            // 6.5: what a return takes lets a tier fall at once only where the program says so.
            let level = seen.growth_gives(self.growth);
            if level > self.level || is_return && seen.program.reassess_on_return {
                self.follow_growth(seen, day, fact);
            }
            return;
        }
        if is_return && seen.program.reassess_on_return && self.level > 0 {
            let held = self
                .basis
                .as_ref()
                .is_none_or(|basis| seen.any(&basis.goals, basis.day, basis.term, basis.up_to));
            let reached = seen.reached(day);
            if !held && reached < self.level {
                let goals = seen.program.tiers[reached].reach.clone();
                let basis = (reached > 0).then_some(Basis { goals, day, up_to: i64::MAX, term: self.term });
                self.enter(seen, reached, day, fact, 0, basis);
            }
        }
        if let Some(last) = self.last
            && day > last
            && seen.keep_holds(self, day)
        {
            self.renew(seen, day, last, i64::MAX);
        }
        let reached = seen.reached(day);
        if reached > self.level {
            let goals = seen.program.tiers[reached].reach.clone();
            let basis = Basis { goals, day, up_to: i64::MAX, term: self.term };
            self.enter(seen, reached, day, fact, order, Some(basis));
        }
    }

    /// 7.6: the last day it is held, with the grace where that is running.
    pub(crate) fn until(&self, program: &Program, on: Day) -> Option<Day> {
        let last = self.last?;
        let grace = program.tiers[self.level].grace.filter(|_| on > last);
        Some(grace.map_or(last, |grace| grace.last_day(last + 1)))
    }

    /// 1.7: another version takes effect. The tier of the same id is held on, with its term; what `reach` gives now lifts it.
    pub(crate) fn change_version(&mut self, before: &Program, seen: &Seen<'_>, day: Day) {
        let id = &before.tiers[self.level].id;
        let reached =
            if seen.program.growth.is_some() { seen.growth_gives(self.growth) } else { seen.reached(day) };
        match seen.program.tiers.iter().position(|tier| tier.id == *id) {
            Some(held) if held >= reached => {
                self.level = held;
                let tier = &seen.program.tiers[held];
                if self.last.is_none()
                    && held > 0
                    && seen.program.growth.is_none()
                    && term_last(tier.term, day).is_some()
                {
                    self.term = Period { first: day, after: 0 };
                    self.last = term_last(tier.term, day);
                }
            }
            _ => {
                let goals = seen.program.tiers[reached].reach.clone();
                self.enter(
                    seen,
                    reached,
                    day,
                    "adoption",
                    0,
                    Some(Basis { goals, day, up_to: i64::MAX, term: self.term }),
                );
            }
        }
    }

    fn follow_growth(&mut self, seen: &Seen<'_>, day: Day, by: &str) {
        let level = seen.growth_gives(self.growth);
        if level != self.level {
            self.enter(seen, level, day, by, 0, None);
        }
    }

    /// The points of growth that a purchase is worth with what is left of it.
    pub(crate) fn growth_of(program: &Program, purchase: &Purchase) -> i64 {
        let rate = program.growth.as_ref().map_or_else(|| whole(0), |growth| growth.rate.clone());
        (purchase.spend(&minor(program)) * rate).floor().to_integer().try_into().expect("a growth value")
    }
}
