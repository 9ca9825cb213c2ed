//! Tiers that are bought (semantics 7.7): lined up anew from the purchases that have not come back, whenever they are asked about.

use super::calendar::{Day, Span};
use super::condition::holds;
use super::program::Program;
use super::purchase::Purchase;

#[derive(Default)]
pub(crate) struct BoughtTiers(Vec<Bought>);

struct Bought {
    fact: String,
    line: String,
    level: usize,
    on: Day,
    term: Span,
    /// Since when it was held without a gap when this was bought.
    since: Day,
}

/// A term of a tier: the first day, the last, the purchase.
pub(crate) type Term = (usize, Day, Day, String);

impl BoughtTiers {
    /// `earned`: the tier that is earned just before, since when and until when.
    pub(crate) fn brought(
        &mut self,
        (fact, today): (&str, Day),
        purchase: &Purchase,
        program: &Program,
        by_hand: &[Term],
        earned: (usize, Option<Day>, Option<Day>),
    ) {
        for (level, tier) in program.tiers.iter().enumerate() {
            let Some((lines, term)) = &tier.sold else { continue };
            for line in &purchase.lines {
                if holds(Some(lines), &purchase.asked(program, Some(line))) {
                    let (fact, line) = (fact.to_owned(), line.id.clone());
                    let earned = earned.1.filter(|_| earned.0 == level).map(|since| (since, earned.2));
                    // A day that nothing else holds is held from now on.
                    let now = [(level, today, today, String::new())];
                    let by_hand: Vec<Term> = by_hand.iter().cloned().chain(now).collect();
                    let since = self.unbroken(level, today, &by_hand, earned).0;
                    self.0.push(Bought { fact, line, level, on: today, term: *term, since });
                }
            }
        }
    }

    pub(crate) fn lost(&mut self, purchase: &str, lines: &[String]) {
        self.0.retain(|bought| bought.fact != purchase || !lines.contains(&bought.line));
    }

    pub(crate) fn terms(&self) -> Vec<Term> {
        let mut terms: Vec<Term> = Vec::new();
        for bought in &self.0 {
            let before = terms.iter().filter(|term| term.0 == bought.level).map(|term| term.2 + 1).max();
            let first = before.unwrap_or(bought.on).max(bought.on);
            terms.push((bought.level, first, bought.term.last_day(first), bought.fact.clone()));
        }
        terms
    }

    fn since_of(&self, held: &Term) -> Day {
        let at = self.terms().iter().position(|term| term == held).expect("one of the terms");
        self.0[at].since
    }

    /// The days around one through which a tier is held without a gap, where a term of it was bought: by what was bought, by hand, or earned.
    pub(crate) fn through(
        &self,
        level: usize,
        on: Day,
        by_hand: &[Term],
        earned: Option<(Day, Option<Day>)>,
    ) -> Option<(Day, Option<Day>)> {
        let is_bought = self.0.iter().any(|bought| bought.level == level);
        is_bought.then(|| self.unbroken(level, on, by_hand, earned))
    }

    fn unbroken(
        &self,
        level: usize,
        on: Day,
        by_hand: &[Term],
        earned: Option<(Day, Option<Day>)>,
    ) -> (Day, Option<Day>) {
        let bought: Vec<Term> = self.terms().into_iter().filter(|term| term.0 == level).collect();
        let mut spells: Vec<(Day, Day, Option<Day>)> =
            bought.iter().map(|term| (self.since_of(term), term.1, Some(term.2))).collect();
        spells
            .extend(by_hand.iter().filter(|term| term.0 == level).map(|term| (term.1, term.1, Some(term.2))));
        spells.extend(earned.map(|(since, last)| (since, since, last)));
        let (mut from, mut first, mut last) = (on, on, Some(on));
        let mut grows = true;
        while grows {
            grows = false;
            for spell in &spells {
                let touches = spell.1 <= last.map_or(Day::MAX, |last| last + 1)
                    && spell.2.is_none_or(|end| end + 1 >= first);
                let more = (from.min(spell.0), first.min(spell.1), last.zip(spell.2).map(|(a, b)| a.max(b)));
                if touches && more != (from, first, last) {
                    (from, first, last) = more;
                    grows = true;
                }
            }
        }
        (from, last)
    }
}
