//! Sets of rules that applied together, each kept once: a replay meets the same few millions of times.

use super::earning::RuleSet;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// The sets by their numbers, which stand for them. The first is empty.
#[derive(Debug)]
pub(crate) struct RuleSets {
    all: Vec<RuleSet>,
    numbers: HashMap<RuleSet, u32, FixedState>,
}

impl RuleSets {
    pub(crate) fn new() -> RuleSets {
        let mut sets = RuleSets { all: Vec::new(), numbers: HashMap::default() };
        sets.number(RuleSet::default());
        sets
    }

    pub(crate) fn number(&mut self, set: RuleSet) -> u32 {
        let RuleSets { all, numbers } = self;
        *numbers.entry(set).or_insert_with(|| {
            all.push(set);
            // There are no more than purchases, which are counted in 32 bits.
            u32::try_from(all.len().saturating_sub(1)).unwrap_or(u32::MAX)
        })
    }

    pub(crate) fn get(&self, number: u32) -> RuleSet {
        usize::try_from(number).ok().and_then(|at| self.all.get(at)).copied().unwrap_or_default()
    }
}
