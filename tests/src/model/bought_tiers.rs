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
}

/// A term of a tier: the first day, the last, the purchase.
pub(crate) type Term = (usize, Day, Day, String);

impl BoughtTiers {
    pub(crate) fn brought(&mut self, fact: &str, today: Day, purchase: &Purchase, program: &Program) {
        for (level, tier) in program.tiers.iter().enumerate() {
            let Some((lines, term)) = &tier.sold else { continue };
            for line in &purchase.lines {
                if holds(Some(lines), &purchase.asked(program, Some(line))) {
                    let (fact, line) = (fact.to_owned(), line.id.clone());
                    self.0.push(Bought { fact, line, level, on: today, term: *term });
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

    /// The days around one of a term through which its tier is held without a gap.
    pub(crate) fn through(&self, held: &Term) -> Option<(Day, Day)> {
        let terms = self.terms();
        let is_held = |day: Day| terms.iter().any(|term| term.0 == held.0 && term.1 <= day && day <= term.2);
        if !terms.contains(held) {
            return None;
        }
        let (mut first, mut last) = (held.1, held.2);
        while is_held(first - 1) {
            first -= 1;
        }
        while is_held(last + 1) {
            last += 1;
        }
        Some((first, last))
    }
}
