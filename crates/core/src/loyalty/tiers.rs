//! Tiers: reaching, keeping and losing them (semantics 7).

use super::activity::{Activity, Sums};
use super::lots::FactNo;
use crate::Id;
use crate::calendar::Day;
use crate::money::Money;
use crate::program::versions::Versions;
use crate::program::{Goal, LapseTo, Measure, Program, Term, Tier, Window};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What made the tier what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Why {
    /// Joining.
    Start(FactNo),
    /// A fact after which `reach` held.
    Reached(FactNo),
    /// `keep` held on the last day of a term, or in the grace after it.
    Renewed,
    /// The end of a term, or of what a rolling tier asks.
    Lapsed,
    /// A return (`on_return = "reassess"`).
    Returned(FactNo),
    /// The yearly deduction of the growth value.
    Deducted,
    /// Another version of the program took effect.
    Adopted,
    /// Accounts that were sealed apart became one.
    Merged,
}

/// The tier an account has earned, and its term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// Place in the tiers of the version in force.
    pub(crate) tier: u8,
    pub(crate) since: Day,
    pub(crate) why: Why,
    /// How the present term began.
    pub(crate) term: TermStart,
    /// Last day of the present term, without grace.
    pub(crate) until: Option<Day>,
    /// Last day of the grace that is running.
    pub(crate) grace: Option<Day>,
    /// The day as of which `reach` or `keep` held, and the term that `keep` looked at.
    proven: Day,
    proven_term: TermStart,
    /// The version of the program it stands under.
    version: u16,
    /// The next day on which it may change by itself.
    due: Option<Day>,
    pub(crate) growth: i64,
}

impl Standing {
    /// The last day through which it is held, with a grace that is running.
    pub(crate) fn last_day(&self) -> Option<Day> {
        self.grace.or(self.until)
    }
}

/// How a term began. What was bought on its first day before then does not count within the term (7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TermStart {
    pub(crate) day: Day,
    /// Purchases before this place in the account's list were made before the term began.
    bought_before: u32,
}

impl TermStart {
    fn on(day: Day) -> Self {
        TermStart { day, bought_before: 0 }
    }
}

/// What tiers are looked at through.
#[derive(Clone, Copy)]
pub(crate) struct Looking<'a> {
    pub(crate) versions: &'a Versions,
    pub(crate) activity: &'a Activity,
    pub(crate) joined: Day,
}

/// What is missing for the nearest tier above, by measure: purchases that leave some of each can't change the tier, since what windows hold
/// of older purchases only gets less as days go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Headroom {
    sums: Sums,
    visits: i64,
}

impl Headroom {
    /// A purchase takes its part; whether some is left.
    #[inline]
    pub(crate) fn takes(&mut self, sums: Sums) -> bool {
        self.sums = self.sums.minus(sums);
        self.visits = self.visits.saturating_sub(1);
        self.sums.spend > 0 && self.sums.points > 0 && self.visits > 0
    }
}

/// A change of the earned tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) day: Day,
    pub(crate) from: u8,
    pub(crate) to: u8,
    pub(crate) why: Why,
}

/// What is missing for a goal; `None` where it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) measure: Measure,
    pub(crate) within: Window,
}

impl Standing {
    /// The base tier, from the day of joining.
    pub(crate) fn start(day: Day, fact: FactNo, looking: Looking<'_>) -> Self {
        let mut standing = Standing {
            tier: 0,
            since: day,
            why: Why::Start(fact),
            term: TermStart::on(day),
            until: None,
            grace: None,
            proven: day,
            proven_term: TermStart::on(day),
            version: looking.versions.on(day).index,
            due: None,
            growth: 0,
        };
        standing.due = standing.next_due(day, looking);
        standing
    }

    /// Lives through the days up to and including `day`, each from its first instant.
    pub(crate) fn advance(&mut self, day: Day, looking: Looking<'_>, mut tell: impl FnMut(Moved)) {
        while let Some(due) = self.due.filter(|due| *due <= day) {
            self.live(due, looking, &mut tell);
            self.due = self.next_due(due, looking);
        }
    }

    fn next_due(&self, day: Day, looking: Looking<'_>) -> Option<Day> {
        let program = looking.versions.on(day).program;
        let tier = tier_of(program, self.tier);
        let term_over = self.grace.or(self.until).map(|last| last.add_days(1));
        let rolls = match tier {
            Some(tier) if tier.term == Term::Rolling && program.growth.is_none() => {
                tier.reach.iter().filter_map(|goal| self.may_miss(*goal, day, looking)).min()
            }
            _ => None,
        };
        let lowered = program.growth.map(|growth| next_yearly(growth.lowered_on, day));
        let changes = looking.versions.next_change(day);
        [term_over, rolls, lowered, changes].into_iter().flatten().filter(|next| *next > day).min()
    }

    /// The next day after `day` on which a goal may be missed without a return, where it holds.
    fn may_miss(&self, goal: Goal, day: Day, looking: Looking<'_>) -> Option<Day> {
        match goal.within {
            Window::Rolling(span) => {
                let window = self.look(goal.within, day, looking);
                let first = match goal.measure {
                    Measure::Spend(asked) => {
                        looking.activity.needed(&window, asked.minor(), |sums| sums.spend)
                    }
                    Measure::Points(asked) => looking.activity.needed(&window, asked, |sums| sums.points),
                    Measure::Visits(_) => looking.activity.first_of(&window),
                };
                first.map(|first| span.leaves_window(first))
            }
            Window::CalendarYear => Some(day.year_end().add_days(1)),
            Window::MembershipYear => Some(next_anniversary(looking.joined, day)),
            Window::Term | Window::Ever => None,
        }
    }

    fn live(&mut self, day: Day, looking: Looking<'_>, tell: &mut impl FnMut(Moved)) {
        let from = self.tier;
        let in_force = looking.versions.on(day);
        let program = in_force.program;
        if in_force.index != self.version {
            self.change_version(day, in_force.index, looking);
        }
        if program.growth.is_some_and(|growth| is_yearly(growth.lowered_on, day))
            && in_force.index == self.version
        {
            let deduction = tier_of(program, self.tier).map_or(0, |tier| tier.deduction);
            self.growth = self.growth.saturating_sub(deduction).max(0);
            let reached = self.reached(day, program, looking);
            if reached != self.tier {
                self.enter(reached, day, Why::Deducted, program, day);
            }
        }
        let term_over = self.grace.or(self.until).is_some_and(|last| last < day);
        if term_over {
            self.end_term(day, program, looking);
        }
        self.settle_rolling(day, program, looking);
        let before = looking.versions.on(day.add_days(-1)).program;
        if tier_of(before, from).map(|tier| &tier.id) != tier_of(program, self.tier).map(|tier| &tier.id) {
            tell(Moved { day, from, to: self.tier, why: self.why });
        }
    }

    fn change_version(&mut self, day: Day, version: u16, looking: Looking<'_>) {
        let before = looking.versions.on(day.add_days(-1)).program;
        let program = looking.versions.on(day).program;
        self.version = version;
        let held = tier_of(before, self.tier)
            .and_then(|held| program.tiers.iter().position(|tier| tier.id == held.id));
        let reached = self.reached(day, program, looking);
        let held = held.and_then(|place| u8::try_from(place).ok());
        match held {
            Some(held) if held >= reached => {
                // The term goes on as it was promised; one that had no end gets the new version's.
                self.tier = held;
                let term = tier_of(program, held).map(|tier| tier.term);
                if self.until.is_none() && matches!(term, Some(Term::Span(_) | Term::CalendarYear)) {
                    self.start_term(day, program);
                }
            }
            _ => self.enter(reached, day, Why::Adopted, program, day),
        }
    }

    /// The last day of the term, or of the grace, is over on `day`.
    fn end_term(&mut self, day: Day, program: &Program, looking: Looking<'_>) {
        let Some(tier) = tier_of(program, self.tier) else { return };
        if self.grace.is_none() {
            let last = day.add_days(-1);
            if self.keeps(last, program, looking) {
                self.renew(last, last, program);
                return;
            }
            if let Some(grace) = tier.grace {
                let last_of_grace = grace.last_day_from(day);
                if last_of_grace >= day {
                    self.grace = Some(last_of_grace);
                    return;
                }
            }
        }
        self.lapse(day, tier.lapse_to, program, looking);
    }

    fn lapse(&mut self, day: Day, to: LapseTo, program: &Program, looking: Looking<'_>) {
        let reached = self.reached(day, program, looking);
        let target = match to {
            LapseTo::Reassess => reached,
            LapseTo::OneDown => one_down(program, self.tier).max(reached),
        };
        self.enter(target, day, Why::Lapsed, program, day);
    }

    /// A rolling tier is held only while `reach` holds; falling into another rolling tier asks again.
    fn settle_rolling(&mut self, day: Day, program: &Program, looking: Looking<'_>) {
        while let Some(tier) = tier_of(program, self.tier) {
            let rolls = tier.term == Term::Rolling && self.tier > 0 && program.growth.is_none();
            if !rolls || self.any_holds(&tier.reach, day, looking) {
                return;
            }
            self.lapse(day, tier.lapse_to, program, looking);
        }
    }

    /// Renewed for another term from the day after `last`.
    fn renew(&mut self, last: Day, proven: Day, program: &Program) {
        self.why = Why::Renewed;
        self.proven = proven;
        self.proven_term = self.term;
        self.grace = None;
        self.start_term(last.add_days(1), program);
    }

    fn enter(&mut self, tier: u8, day: Day, why: Why, program: &Program, proven: Day) {
        if tier != self.tier {
            self.since = day;
        }
        self.tier = tier;
        self.why = why;
        self.proven = proven;
        self.grace = None;
        self.start_term(day, program);
    }

    fn start_term(&mut self, day: Day, program: &Program) {
        self.term = TermStart::on(day);
        self.until = tier_of(program, self.tier).and_then(|tier| match tier.term {
            Term::Span(span) => Some(span.last_day_from(day)),
            Term::CalendarYear => Some(day.year_end()),
            Term::Lifelong | Term::Rolling => None,
        });
    }

    /// After a purchase on `day`: an upgrade takes effect at once, and what `keep` asks may be met in the grace.
    pub(crate) fn after_purchase(
        &mut self,
        day: Day,
        fact: FactNo,
        looking: Looking<'_>,
        tell: impl FnOnce(Moved),
    ) {
        let program = looking.versions.on(day).program;
        let above = usize::from(self.tier).saturating_add(1);
        if let Some(reached) = self.highest_from(above, day, program, looking) {
            let from = self.tier;
            self.enter(reached, day, Why::Reached(fact), program, day);
            self.term.bought_before = u32::try_from(looking.activity.bought().len()).unwrap_or(u32::MAX);
            tell(Moved { day, from, to: reached, why: self.why });
        } else if self.grace.is_some()
            && let Some(last) = self.until
            && self.keeps(day, program, looking)
        {
            self.renew(last, day, program);
        } else {
            // More was bought: what may change by itself does so no sooner than it would have.
            return;
        }
        self.due = self.next_due(day, looking);
    }

    /// What may be bought before [`after_purchase`](Standing::after_purchase) need look: nothing in a grace, where `keep` may be met, and where
    /// tiers go by a growth value.
    pub(crate) fn headroom(&self, day: Day, looking: Looking<'_>) -> Headroom {
        let program = looking.versions.on(day).program;
        if self.grace.is_some() || program.growth.is_some() {
            return Headroom::default();
        }
        let all = Sums { spend: i64::MAX, points: i64::MAX };
        let mut headroom = Headroom { sums: all, visits: i64::MAX };
        for goal in
            program.tiers.iter().skip(usize::from(self.tier).saturating_add(1)).flat_map(|tier| &tier.reach)
        {
            let Some(missing) = self.missing(*goal, day, looking) else { return Headroom::default() };
            let Headroom { sums: Sums { spend, points }, visits } = &mut headroom;
            match missing.measure {
                Measure::Spend(asked) => *spend = asked.minor().min(*spend),
                Measure::Points(asked) => *points = asked.min(*points),
                Measure::Visits(asked) => *visits = i64::from(asked).min(*visits),
            }
        }
        headroom
    }

    /// The next day on which something may change by itself.
    pub(crate) fn due(&self) -> Option<Day> {
        self.due
    }

    /// Whether something may change by itself on a day.
    #[inline]
    pub(crate) fn is_due(&self, day: Day) -> bool {
        self.due.is_some_and(|due| due <= day)
    }

    /// After a return on `day` of what brought so much growth value (6.5).
    pub(crate) fn after_return(
        &mut self,
        day: Day,
        fact: FactNo,
        growth: i64,
        looking: Looking<'_>,
        tell: impl FnOnce(Moved),
    ) {
        let program = looking.versions.on(day).program;
        self.growth = self.growth.saturating_sub(growth).max(0);
        if program.qualifying.reassess_on_return && self.tier > 0 && !self.still_proven(day, program, looking)
        {
            let reached = self.reached(day, program, looking);
            if reached < self.tier {
                let from = self.tier;
                self.enter(reached, day, Why::Returned(fact), program, day);
                tell(Moved { day, from, to: reached, why: self.why });
            }
        }
        self.due = self.next_due(day, looking);
        if tier_of(program, self.tier).is_some_and(|tier| tier.term == Term::Rolling) {
            // It is looked at each day, and there is less to look at than yesterday.
            self.due = self.due.min(Some(day.add_days(1))).or(Some(day.add_days(1)));
        }
    }

    /// Whether what the tier was reached or renewed by still holds, with the spend as it is now.
    fn still_proven(&self, day: Day, program: &Program, looking: Looking<'_>) -> bool {
        let Some(tier) = tier_of(program, self.tier) else { return true };
        match self.why {
            _ if program.growth.is_some() => self.reached(day, program, looking) >= self.tier,
            Why::Reached(_) | Why::Returned(_) | Why::Adopted | Why::Merged => {
                self.any_holds(&tier.reach, self.proven, looking)
            }
            Why::Renewed => {
                let before = Standing { term: self.proven_term, ..*self };
                before.any_holds(keep_goals(tier), self.proven, looking)
            }
            // Nothing was bought to come here, so no return can undo it.
            Why::Start(_) | Why::Lapsed | Why::Deducted => true,
        }
    }

    /// The highest tier whose `reach` holds on `day`, or that the growth value reaches.
    pub(crate) fn reached(&self, day: Day, program: &Program, looking: Looking<'_>) -> u8 {
        self.highest_from(0, day, program, looking).unwrap_or(0)
    }

    /// The same among the tiers from a place on.
    fn highest_from(&self, from: usize, day: Day, program: &Program, looking: Looking<'_>) -> Option<u8> {
        let mut looked = Looked::default();
        let mut holds = |tier: &Tier| match program.growth {
            Some(_) => tier.growth.is_some_and(|growth| self.growth >= growth),
            None => tier.reach.iter().any(|goal| self.holds(*goal, day, looking, &mut looked)),
        };
        let tiers = program.tiers.iter().enumerate().skip(from);
        let place = tiers.rev().find(|(_, tier)| holds(tier)).map(|(place, _)| place);
        place.and_then(|place| u8::try_from(place).ok())
    }

    fn keeps(&self, day: Day, program: &Program, looking: Looking<'_>) -> bool {
        tier_of(program, self.tier).is_some_and(|tier| self.any_holds(keep_goals(tier), day, looking))
    }

    fn any_holds(&self, goals: &[Goal], day: Day, looking: Looking<'_>) -> bool {
        let mut looked = Looked::default();
        goals.iter().any(|goal| self.holds(*goal, day, looking, &mut looked))
    }

    fn holds(&self, goal: Goal, day: Day, looking: Looking<'_>, looked: &mut Looked) -> bool {
        let places = match looked.0.take() {
            Some((window, places)) if window == goal.within => places,
            _ => self.look(goal.within, day, looking),
        };
        let holds = is_met(goal, looking.activity, &places);
        looked.0 = Some((goal.within, places));
        holds
    }

    /// What is missing for a goal as of `day`.
    pub(crate) fn missing(&self, goal: Goal, day: Day, looking: Looking<'_>) -> Option<Missing> {
        short_of(goal, looking.activity, &self.look(goal.within, day, looking))
    }

    /// The places of the purchases within a window that ends with `day`.
    fn look(&self, window: Window, day: Day, looking: Looking<'_>) -> Range<usize> {
        let (first, from) = match window {
            // Without the purchase that reached the tier and those before it (7.3).
            Window::Term => (self.term.day, self.term.bought_before),
            Window::Rolling(_) | Window::CalendarYear | Window::MembershipYear | Window::Ever => {
                (first_of_window(window, day, looking.joined), 0)
            }
        };
        looking.activity.window(first, day, from)
    }

    /// The spend of the window that ends with `day`, where a ladder over it begins (4.5).
    pub(crate) fn ladder_spend(&self, window: Window, day: Day, looking: Looking<'_>) -> i64 {
        looking.activity.sums(&self.look(window, day, looking)).spend.max(0)
    }

    /// Two accounts have become one: what they did side by side may reach more than either did.
    pub(crate) fn look_again(&mut self, day: Day, looking: Looking<'_>) {
        let in_force = looking.versions.on(day);
        self.version = in_force.index;
        let reached = self.reached(day, in_force.program, looking);
        if reached > self.tier {
            self.enter(reached, day, Why::Merged, in_force.program, day);
        }
        self.look_ahead(day, looking);
    }

    /// The next day to look may be sooner than it was: under other versions, with more that was bought. It is never later, since what a
    /// return took is looked at on the day after it.
    pub(crate) fn look_ahead(&mut self, day: Day, looking: Looking<'_>) {
        self.due = [self.due, self.next_due(day, looking)].into_iter().flatten().min();
    }

    /// The same, with the purchases it refers to at other places.
    pub(crate) fn with_places(&self, moved: impl Fn(u32) -> u32) -> Standing {
        let after = |start: TermStart| match start.bought_before.checked_sub(1) {
            Some(last) => TermStart { bought_before: moved(last).saturating_add(1), ..start },
            None => start,
        };
        Standing { term: after(self.term), proven_term: after(self.proven_term), ..*self }
    }

    /// The better of two standings, for customers merged after a seal (1.6).
    pub(crate) fn join(&mut self, other: &Standing) {
        let growth = self.growth.saturating_add(other.growth);
        if other.tier > self.tier
            || (other.tier == self.tier
                && self.until.is_some()
                && (other.until.is_none() || other.until > self.until))
        {
            *self = *other;
        }
        self.growth = growth;
    }
}

/// The window that was looked at last: most goals of a program ask of the same one.
#[derive(Default)]
struct Looked(Option<(Window, Range<usize>)>);

/// Whether what was bought within its window is what a goal asks.
fn is_met(goal: Goal, activity: &Activity, window: &Range<usize>) -> bool {
    match goal.measure {
        Measure::Spend(asked) => activity.sums(window).spend >= asked.minor(),
        Measure::Points(asked) => activity.sums(window).points >= asked,
        // There are no more visits than purchases.
        Measure::Visits(asked) => {
            usize::try_from(asked).is_ok_and(|asked| window.len() >= asked)
                && activity.visit_days(window) >= asked
        }
    }
}

/// What is missing for a goal, of what was bought within its window.
fn short_of(goal: Goal, activity: &Activity, window: &Range<usize>) -> Option<Missing> {
    let short = |asked: i64, have: i64| (asked > have).then(|| asked.saturating_sub(have.max(0)));
    let measure = match goal.measure {
        Measure::Spend(asked) => {
            Measure::Spend(Money::from_minor(short(asked.minor(), activity.sums(window).spend)?))
        }
        Measure::Points(asked) => Measure::Points(short(asked, activity.sums(window).points)?),
        Measure::Visits(asked) => {
            let missing = short(i64::from(asked), i64::from(activity.visit_days(window)))?;
            Measure::Visits(u32::try_from(missing).unwrap_or(u32::MAX))
        }
    };
    Some(Missing { measure, within: goal.within })
}

/// What `keep` asks; without it, what `reach` asks.
pub(crate) fn keep_goals(tier: &Tier) -> &[Goal] {
    if tier.keep.is_empty() { &tier.reach } else { &tier.keep }
}

pub(crate) fn tier_of(program: &Program, place: u8) -> Option<&Tier> {
    program.tiers.get(usize::from(place))
}

/// The id of the tier at a place; empty where there is none.
pub(crate) fn tier_id(program: &Program, place: u8) -> Id {
    tier_of(program, place).map_or_else(Id::default, |tier| tier.id.clone())
}

/// The next lower tier that can be held without an invitation.
fn one_down(program: &Program, tier: u8) -> u8 {
    let below = program.tiers.get(..usize::from(tier)).unwrap_or_default();
    let place = below.iter().rposition(|tier| !tier.reach.is_empty()).unwrap_or(0);
    u8::try_from(place).unwrap_or(0)
}

/// A month and day each year; 29 February on the 28th of common years.
fn yearly((month, day): (u8, u8), year: i32) -> Day {
    Day::clamped(year, u32::from(month), u32::from(day))
}

fn is_yearly(date: (u8, u8), day: Day) -> bool {
    yearly(date, day.year()) == day
}

fn next_yearly(date: (u8, u8), day: Day) -> Day {
    let this_year = yearly(date, day.year());
    if this_year > day { this_year } else { yearly(date, day.year().saturating_add(1)) }
}

/// The first day of a window that ends with `day`, for someone who joined on `joined`; of a tier's term all that was.
pub(super) fn first_of_window(window: Window, day: Day, joined: Day) -> Day {
    match window {
        Window::Rolling(span) => span.window_start(day),
        Window::CalendarYear => day.year_start(),
        Window::MembershipYear => last_anniversary(joined, day),
        Window::Term | Window::Ever => Day::FIRST,
    }
}

/// The day of joining again, in years; the first day of the membership year that `day` is in.
fn last_anniversary(joined: Day, day: Day) -> Day {
    let years = day.year().saturating_sub(joined.year());
    let in_year = |years: i32| joined.add_months(years.saturating_mul(12));
    if in_year(years) <= day { in_year(years) } else { in_year(years.saturating_sub(1)) }
}

fn next_anniversary(joined: Day, day: Day) -> Day {
    let years = last_anniversary(joined, day).year().saturating_sub(joined.year());
    joined.add_months(years.saturating_add(1).saturating_mul(12))
}
