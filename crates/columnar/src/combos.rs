//! Several codes as one: a store, a member of staff and a terminal are a place; an item and a category are a kind.

use crate::codes::{BAD, NONE, place};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Each combination that was seen, numbered from 0.
#[derive(Debug)]
pub(crate) struct Combos<const N: usize> {
    all: Vec<[u32; N]>,
    known: HashMap<[u32; N], u32, FixedState>,
    last: Option<([u32; N], u32)>,
    /// By the first code, the combination that had it last: an item mostly has one category.
    by_first: Vec<u32>,
}

impl<const N: usize> Default for Combos<N> {
    fn default() -> Self {
        Combos { all: Vec::new(), known: HashMap::default(), last: None, by_first: Vec::new() }
    }
}

impl<const N: usize> Combos<N> {
    pub(crate) fn all(&self) -> &[[u32; N]] {
        &self.all
    }

    #[inline]
    pub(crate) fn code(&mut self, combo: [u32; N]) -> u32 {
        if let Some((last, code)) = self.last
            && last == combo
        {
            return code;
        }
        // What has no code stands at 0, which is as good as any: the place is only tried first.
        let first = combo.first().copied().filter(|first| *first < BAD);
        let first = first.map_or(0, |first| place(first).saturating_add(1));
        if let Some(code) = self.by_first.get(first)
            && self.all.get(place(*code)) == Some(&combo)
        {
            let code = *code;
            self.last = Some((combo, code));
            return code;
        }
        let Combos { all, known, .. } = self;
        let code = *known.entry(combo).or_insert_with(|| {
            all.push(combo);
            // Not beyond the bound: there are no more than rows.
            u32::try_from(all.len().saturating_sub(1)).unwrap_or(NONE)
        });
        if self.by_first.len() <= first {
            self.by_first.resize(first.saturating_add(1), NONE);
        }
        if let Some(slot) = self.by_first.get_mut(first) {
            *slot = code;
        }
        self.last = Some((combo, code));
        code
    }
}

#[cfg(test)]
mod tests {
    use super::Combos;
    use crate::codes::{BAD, NONE};

    #[test]
    fn each_combination_has_one_code() {
        let mut combos = Combos::default();
        let told = [[0, 5], [0, 5], [1, 5], [0, 6], [0, 5], [NONE, 5], [NONE, NONE], [BAD, 5]]
            .map(|combo| combos.code(combo));
        assert_eq!(told, [0, 0, 1, 2, 0, 3, 4, 5]);
        assert_eq!(combos.by_first.len(), 3);
        assert_eq!(combos.all()[2], [0, 6]);
    }
}
