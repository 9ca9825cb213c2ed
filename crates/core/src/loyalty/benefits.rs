//! The benefits of an account: what its tier, its pieces and what it was given let it have, and what of it was used (semantics 17).

use super::account::{Account, Event, Step, What};
use super::basket::BasketView;
use super::lots::FactNo;
use super::tiers::{first_of_window, tier_of};
use crate::calendar::Day;
use crate::fact::Line;
use crate::outcome::{RefusalCode, Witness};
use crate::program::Program;
use crate::program::benefits::BenefitRule;
use crate::program::condition::Scene;
use crate::program::versions::Versions;
use serde::{Deserialize, Serialize};

/// What few accounts have: benefits that do not come by the tier alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Benefits {
    pub(crate) given: Vec<Given>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) used: Vec<Used>,
}

/// A benefit that was given, so often, by a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Given {
    pub(crate) fact: FactNo,
    pub(crate) benefit: Box<str>,
    pub(crate) times: u32,
    /// How often it was had, less what was reversed: counting it anew for each use of an account that has many takes too long.
    had: u32,
    pub(crate) last: Option<Day>,
}

/// A line of a purchase that brings a benefit along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Piece {
    pub(crate) purchase: FactNo,
    pub(crate) line: Box<str>,
    pub(crate) benefit: Box<str>,
    /// What it is was promised on that day.
    pub(crate) bought: Day,
    gone: bool,
}

/// A benefit was had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Used {
    pub(crate) fact: FactNo,
    benefit: Box<str>,
    day: Day,
    by: By,
    reversed: bool,
}

/// What it was had by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum By {
    Tier,
    Given(FactNo),
    /// The purchase, where it is theirs, and the line.
    Piece(FactNo, Box<str>),
}

/// A line that a use names.
pub(crate) type Named<'a> = (Option<FactNo>, &'a str);

/// What is left of a benefit on a day, and what it is had by.
pub(crate) struct Left<'a> {
    pub(crate) rule: &'a BenefitRule,
    pub(crate) given: Option<&'a Given>,
    pub(crate) piece: Option<&'a Piece>,
    /// None: as often as wished.
    pub(crate) left: Option<usize>,
}

impl Account {
    fn benefits(&self) -> Option<&Benefits> {
        self.rare.as_ref()?.benefits.as_deref()
    }

    fn benefits_mut(&mut self) -> &mut Benefits {
        self.rare().benefits.get_or_insert_with(Box::default)
    }

    fn uses(&self) -> impl Iterator<Item = &Used> {
        self.benefits().into_iter().flat_map(|benefits| &benefits.used).filter(|used| !used.reversed)
    }

    /// How often something can still be had, of so many times within a window.
    fn left(&self, rule: &BenefitRule, day: Day, is_of: impl Fn(&Used) -> bool) -> Option<usize> {
        let (times, window) = rule.times?;
        let joined = self.member.map_or(day, |member| member.joined);
        let first = first_of_window(window, day, joined);
        let had = self.uses().filter(|used| *used.benefit == *rule.id && is_of(used));
        Some(times.saturating_sub(had.filter(|used| first <= used.day && used.day <= day).count()))
    }

    fn left_by_tier(&self, rule: &BenefitRule, day: Day) -> Option<usize> {
        self.left(rule, day, |used| used.by == By::Tier)
    }

    fn left_by_piece(&self, rule: &BenefitRule, day: Day, piece: &Piece) -> Option<usize> {
        let by = By::Piece(piece.purchase, piece.line.clone());
        self.left(rule, day, |used| used.by == by)
    }

    /// Whether the tier that is held on a day has it.
    fn has_by_tier(&self, benefit: &str, day: Day, program: &Program) -> bool {
        let tier = self.member.and_then(|_| tier_of(program, self.tier_on(day, program)));
        tier.is_some_and(|tier| tier.benefits.iter().any(|id| **id == *benefit))
    }

    /// What was given and can still be had, what lapses first before the rest.
    fn given_on(&self, day: Day) -> Vec<&Given> {
        let given = self.benefits().into_iter().flat_map(|benefits| &benefits.given);
        let mut open: Vec<&Given> =
            given.filter(|given| given.last.is_none_or(|last| day <= last) && given.left() > 0).collect();
        open.sort_by_key(|given| given.last.unwrap_or(Day::LAST));
        open
    }

    /// The benefit that a fact gave.
    pub(crate) fn benefit_given(&self, fact: FactNo) -> Option<&str> {
        let mut given = self.benefits().into_iter().flat_map(|benefits| &benefits.given);
        given.find(|given| given.fact == fact).map(|given| &*given.benefit)
    }

    fn piece(&self, benefit: &str, (purchase, line): Named<'_>) -> Option<&Piece> {
        let pieces = self.benefits().into_iter().flat_map(|benefits| &benefits.pieces);
        pieces.into_iter().find(|piece| {
            Some(piece.purchase) == purchase
                && *piece.line == *line
                && *piece.benefit == *benefit
                && !piece.gone
        })
    }

    /// What speaks against having a benefit.
    pub(super) fn against_benefit(&self, event: &Event<'_>, versions: &Versions) -> Option<RefusalCode> {
        let What::BenefitUsed { benefit, of } = event.what else { return None };
        let (day, program) = (event.day, versions.on(event.day).program);
        let used_up = |left: Option<usize>| (left == Some(0)).then_some(RefusalCode::BenefitUsedUp);
        if let Some(named) = of {
            let piece = self.piece(benefit, named);
            let rule = piece.and_then(|piece| versions.on(piece.bought).program.benefit(benefit));
            let Some((piece, rule)) = piece.zip(rule) else {
                // That the piece of someone forgotten brings it along is gone with what was told of the piece.
                let lines = program.benefit(benefit).and_then(|rule| rule.lines.as_ref());
                let is_gone = event.forgotten && lines.is_some_and(|lines| lines.uses().piece);
                return (!is_gone).then_some(RefusalCode::NoBenefit);
            };
            return used_up(self.left_by_piece(rule, day, piece));
        }
        let Some(rule) = program.benefit(benefit) else { return Some(RefusalCode::NoSuchBenefit) };
        if self.given_on(day).iter().any(|given| *given.benefit == *benefit) {
            return None;
        }
        if self.has_by_tier(benefit, day, program) {
            return used_up(self.left_by_tier(rule, day));
        }
        // What was given has been had, or has lapsed.
        let mut given = self.benefits().into_iter().flat_map(|benefits| &benefits.given);
        let had = given.any(|given| *given.benefit == *benefit && given.left() == 0);
        Some(if had { RefusalCode::BenefitUsedUp } else { RefusalCode::NoBenefit })
    }

    pub(super) fn against_benefit_back(&self, used: Option<FactNo>) -> Option<RefusalCode> {
        let all = self.benefits().into_iter().flat_map(|benefits| &benefits.used);
        match all.into_iter().find(|one| Some(one.fact) == used) {
            None => Some(RefusalCode::UnknownUse),
            Some(one) => one.reversed.then_some(RefusalCode::AlreadyReversed),
        }
    }

    /// Something is given, where the program has it.
    pub(super) fn give_benefit<W: Witness>(
        &mut self,
        step: &Step<'_, '_, W>,
        (benefit, times): (&str, u32),
        last: Option<Day>,
    ) {
        let Some(rule) = step.in_force.program.benefit(benefit) else { return };
        let meant = rule.valid.map(|valid| valid.last_day_from(step.event.day));
        let given =
            Given { fact: step.event.no, benefit: benefit.into(), times, had: 0, last: last.or(meant) };
        self.benefits_mut().given.push(given);
    }

    /// A benefit is had, whatever speaks against it: by the piece that is named, by what was given and lapses first, by the tier.
    pub(super) fn use_benefit<W: Witness>(
        &mut self,
        step: &Step<'_, '_, W>,
        benefit: &str,
        of: Option<Named<'_>>,
    ) {
        let day = step.event.day;
        let by = match of {
            Some((purchase, line)) => {
                // What it names may be somebody else's, or not have arrived: an account follows from its own facts.
                let own =
                    |fact: &FactNo| self.activity.bought().iter().rev().any(|bought| bought.fact == *fact);
                By::Piece(purchase.filter(own).unwrap_or(FactNo::MAX), line.into())
            }
            None => {
                let given = self.given_on(day).into_iter().find(|given| *given.benefit == *benefit);
                given.map_or(By::Tier, |given| By::Given(given.fact))
            }
        };
        if let By::Given(fact) = by {
            self.benefits_mut().given_had(fact, |had| had.saturating_add(1));
        }
        let used = Used { fact: step.event.no, benefit: benefit.into(), day, by, reversed: false };
        self.benefits_mut().used.push(used);
    }

    pub(super) fn benefit_back(&mut self, used: Option<FactNo>) {
        let Some(benefits) = self.rare.as_mut().and_then(|rare| rare.benefits.as_mut()) else { return };
        let Some(one) = benefits.used.iter_mut().find(|one| Some(one.fact) == used) else { return };
        let by = (!std::mem::replace(&mut one.reversed, true)).then_some(&one.by);
        if let Some(By::Given(fact)) = by {
            let fact = *fact;
            benefits.given_had(fact, |had| had.saturating_sub(1));
        }
    }

    /// Lines of a purchase that bring benefits along.
    pub(super) fn bring_benefits<W: Witness>(&mut self, step: &Step<'_, '_, W>, view: BasketView<'_>) {
        // Before the program begins a purchase is kept and can come back, and that is all (11.1).
        if !step.in_force.started {
            return;
        }
        let program = step.in_force.program;
        for rule in program.benefits.iter().filter(|rule| rule.lines.is_some()) {
            let brings = |line: &&Line<'_>| {
                let scene = Scene::on(step.event.day).with_line(line);
                rule.lines.as_ref().is_some_and(|lines| lines.holds(&scene))
            };
            for line in view.lines.iter().filter(brings) {
                let piece = Piece {
                    purchase: step.event.no,
                    line: (*line.id).into(),
                    benefit: rule.id.as_str().into(),
                    bought: step.event.day,
                    gone: false,
                };
                self.benefits_mut().pieces.push(piece);
            }
        }
    }

    /// Lines of a purchase have come back wholly: what they brought along is gone.
    pub(super) fn lose_benefits(&mut self, purchase: FactNo, is_gone: impl Fn(&str) -> bool) {
        let benefits = self.rare.as_mut().and_then(|rare| rare.benefits.as_mut());
        for piece in benefits.into_iter().flat_map(|benefits| &mut benefits.pieces) {
            piece.gone |= piece.purchase == purchase && is_gone(&piece.line);
        }
    }

    /// What can be had on a day: by the tier, in the program's order, then what was given, then by pieces.
    pub(crate) fn benefits_on<'a>(&'a self, day: Day, versions: &'a Versions) -> Vec<Left<'a>> {
        let program = versions.on(day).program;
        let mut all: Vec<Left<'_>> = program
            .benefits
            .iter()
            .filter(|rule| self.has_by_tier(&rule.id, day, program))
            .map(|rule| Left { rule, given: None, piece: None, left: self.left_by_tier(rule, day) })
            .collect();
        all.extend(self.given_on(day).into_iter().filter_map(|given| {
            let rule = program.benefit(&given.benefit)?;
            Some(Left { rule, given: Some(given), piece: None, left: Some(given.left()) })
        }));
        let pieces = self.benefits().into_iter().flat_map(|benefits| &benefits.pieces);
        all.extend(pieces.filter(|piece| !piece.gone).filter_map(|piece| {
            let rule = versions.on(piece.bought).program.benefit(&piece.benefit)?;
            Some(Left { rule, given: None, piece: Some(piece), left: self.left_by_piece(rule, day, piece) })
        }));
        all
    }
}

impl Given {
    /// How often it can still be had.
    fn left(&self) -> usize {
        usize::try_from(self.times.saturating_sub(self.had)).unwrap_or(usize::MAX)
    }
}

impl Benefits {
    fn given_had(&mut self, fact: FactNo, counted: impl Fn(u32) -> u32) {
        if let Some(given) = self.given.iter_mut().find(|given| given.fact == fact) {
            given.had = counted(given.had);
        }
    }

    /// Two accounts side by side.
    pub(super) fn join(&mut self, other: Benefits) {
        self.given.extend(other.given);
        self.pieces.extend(other.pieces);
        self.used.extend(other.used);
    }
}
