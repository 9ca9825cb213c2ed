//! Histories drawn from what a program speaks of: its categories, its amounts, its spans.

use super::play::{Act, Line};
use crate::money::Money;
use crate::program::Program;

/// A linear congruential generator: the same histories on every machine.
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn of(seed: u64) -> Draw {
        Draw(seed)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from((self.0 >> 33).checked_rem(bound).unwrap_or(0)).unwrap_or(0)
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let at = self.below(all.len());
        all.get(at)
    }
}

/// What a program speaks of.
pub(super) struct Words {
    categories: Vec<String>,
    components: Vec<String>,
    /// Amounts in minor units, each a little below, at and a little above what is written.
    amounts: Vec<i64>,
    /// Days to wait.
    waits: Vec<u16>,
    introduces: bool,
    stored_value: bool,
}

/// The least and the most of a line.
const AMOUNTS: std::ops::RangeInclusive<i64> = 1..=10_000_000_000;

impl Words {
    pub(super) fn of(program: &Program) -> Words {
        let source = &*program.source;
        let mut categories: Vec<String> = vec!["other".to_owned()];
        for (at, word) in source.match_indices("line.category") {
            let rest = source.get(at.saturating_add(word.len())..).unwrap_or_default();
            // Up to the end of the condition, which stands in quotes of its own.
            let condition = rest.split(['\'', '\n', '&', '|']).next().unwrap_or_default();
            let quoted = condition.split(['"', '\\']).filter(|text| !text.is_empty());
            let words = quoted.filter(|text| text.starts_with(|first: char| first.is_alphanumeric()));
            for word in words.filter(|word| !word.contains("line.") && word.len() <= 60) {
                let whole = if word.ends_with('/') { format!("{word}x") } else { word.to_owned() };
                categories.push(whole);
            }
        }
        categories.sort();
        categories.dedup();
        let bases = program.earn.iter().flat_map(|rule| &rule.basis);
        let components = bases.map(ToString::to_string).collect();
        let unit = 10_i64.saturating_pow(program.currency.digits());
        let mut amounts: Vec<i64> = [1_i64, 100, 1_000, 10_000, 100_000]
            .into_iter()
            .map(|major| major.saturating_mul(unit))
            .collect();
        let digit = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '_');
        for number in source.split(|letter| !digit(letter)) {
            let text = number.replace('_', "");
            if let Ok(amount) = program.currency.money(&text) {
                let minor = amount.minor();
                amounts.extend([minor.saturating_sub(1), minor, minor.saturating_add(1)]);
            }
        }
        amounts.retain(|amount| AMOUNTS.contains(amount));
        amounts.sort_unstable();
        amounts.dedup();
        Words {
            categories,
            components,
            amounts,
            waits: vec![1, 7, 8, 31, 100, 366],
            introduces: program.introduction.is_some(),
            stored_value: program.stored_value.is_some(),
        }
    }

    fn line(&self, draw: &mut Draw) -> Line {
        let amount = draw.one(&self.amounts).copied().unwrap_or(100);
        Line {
            category: draw.one(&self.categories).cloned().unwrap_or_default(),
            amount: Money::from_minor(amount),
            // All of it is what earns, or none.
            component: draw.one(&self.components).filter(|_| draw.0 & (1 << 40) == 0).cloned(),
        }
    }

    fn lines(&self, draw: &mut Draw) -> Vec<Line> {
        (0..=draw.below(3)).map(|_| self.line(draw)).collect()
    }
}

/// The most acts of a history.
const MOST_ACTS: usize = 10;

/// Two people, who may have introduced each other, buy, pay in every way, give back, wait, redeem.
pub(super) fn history(words: &Words, draw: &mut Draw) -> Vec<Act> {
    let mut acts = Vec::new();
    if words.introduces && draw.below(2) == 0 {
        acts.push(Act::Introduce);
    }
    for _ in 0..=draw.below(MOST_ACTS) {
        let who = draw.below(2);
        acts.push(match draw.below(12) {
            0..=3 => Act::Buy {
                who,
                lines: words.lines(draw),
                points: draw.below(2) == 0,
                value: draw.below(2) == 0,
            },
            4 | 5 => Act::GiveBack { which: draw.below(4), half: draw.below(3) == 0 },
            6 => Act::Wait(draw.one(&words.waits).copied().unwrap_or(1)),
            7 | 8 => Act::Redeem { who },
            9 => Act::Settle { who },
            _ if !words.stored_value => Act::Settle { who },
            10 => Act::TopUp {
                who,
                amount: Money::from_minor(draw.one(&words.amounts).copied().unwrap_or(100)),
            },
            _ if draw.below(2) == 0 => Act::Refund { who },
            _ => Act::Transfer { who },
        });
    }
    acts
}

/// One basket of somebody who has every coupon, the highest tier, a birthday, whatever is drawn of these.
pub(super) fn bargain(program: &Program, words: &Words, draw: &mut Draw) -> Vec<Act> {
    let mut acts = Vec::new();
    if words.introduces && draw.below(2) == 0 {
        acts.push(Act::Introduce);
    }
    if draw.below(2) == 0 {
        acts.push(Act::Birthday);
    }
    if let Some(tier) = program.tiers.last().filter(|_| draw.below(2) == 0) {
        acts.push(Act::Grant { tier: tier.id.to_string() });
    }
    for coupon in &program.coupons {
        if draw.below(4) > 0 {
            acts.push(Act::Issue { coupon: coupon.id.to_string() });
        }
    }
    if words.stored_value && draw.below(2) == 0 {
        acts.push(Act::TopUp {
            who: 1,
            amount: Money::from_minor(draw.one(&words.amounts).copied().unwrap_or(100)),
        });
    }
    if draw.below(3) == 0 {
        acts.push(Act::Wait(draw.one(&words.waits).copied().unwrap_or(1)));
    }
    acts.push(Act::Buy { who: 1, lines: words.lines(draw), points: false, value: true });
    acts
}
