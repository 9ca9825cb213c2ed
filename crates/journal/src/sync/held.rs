//! Which of a copy's facts are held: their numbers in ranges, and a sum over their contents that tells two sets of the same numbers apart.

use crate::chain::Hash;
use serde::{Deserialize, Serialize};

/// Numbers from 1 on that are held, as ranges in order with gaps between them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Numbers(Vec<(i64, i64)>);

/// What is held of the facts that one copy took in first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Held {
    pub(crate) numbers: Numbers,
    pub(crate) sum: Sum,
}

/// The sum of the beginnings of contents' hashes: the same for the same facts in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Sum(u128);

impl Numbers {
    /// 1 to `last`.
    fn up_to(last: i64) -> Numbers {
        Numbers(if last > 0 { vec![(1, last)] } else { Vec::new() })
    }

    pub(crate) fn ranges(&self) -> &[(i64, i64)] {
        &self.0
    }

    pub(crate) fn count(&self) -> i64 {
        self.0.iter().fold(0, |count, (first, last)| {
            count.saturating_add(last.saturating_sub(*first)).saturating_add(1)
        })
    }

    pub(crate) fn add(&mut self, number: i64) {
        let at = self.0.partition_point(|(_, last)| last.saturating_add(1) < number);
        match self.0.get_mut(at) {
            Some((first, last)) if first.saturating_sub(1) <= number => {
                (*first, *last) = ((*first).min(number), (*last).max(number));
                let end = *last;
                if let Some(next) = at.checked_add(1).and_then(|next| self.0.get(next).copied())
                    && next.0 <= end.saturating_add(1)
                {
                    self.0.remove(at.saturating_add(1));
                    if let Some(range) = self.0.get_mut(at) {
                        range.1 = next.1;
                    }
                }
            }
            _ => self.0.insert(at, (number, number)),
        }
    }

    /// Those of these that are not among the others.
    pub(crate) fn without(&self, others: &Numbers) -> Numbers {
        let mut left = Vec::new();
        for (first, last) in &self.0 {
            let mut from = *first;
            let at = others.0.partition_point(|(_, end)| end < first);
            for (start, end) in others.0.iter().skip(at).take_while(|(start, _)| start <= last) {
                if from < *start {
                    left.push((from, start.saturating_sub(1)));
                }
                from = from.max(end.saturating_add(1));
            }
            if from <= *last {
                left.push((from, *last));
            }
        }
        Numbers(left)
    }

    /// Whether they are ranges in order, from 1 on, that do not touch.
    pub(crate) fn are_well_formed(&self) -> bool {
        let mut before = -1_i64;
        self.0.iter().all(|(first, last)| {
            let follows = *first > before.saturating_add(1) && first <= last;
            before = *last;
            follows
        })
    }
}

impl Held {
    /// All that a copy has given numbers to: 1 to `last`.
    pub(crate) fn up_to(last: i64, sum: Sum) -> Held {
        Held { numbers: Numbers::up_to(last), sum }
    }

    /// As a row says it: the ranges as JSON, the sum as bytes.
    pub(crate) fn of_row(numbers: &str, sum: &[u8]) -> Option<Held> {
        let numbers = serde_json::from_str(numbers).ok().filter(Numbers::are_well_formed)?;
        Some(Held { numbers, sum: Sum::from_bytes(sum)? })
    }

    /// The ranges as a row says them.
    pub(crate) fn ranges_text(&self) -> String {
        serde_json::to_string(&self.numbers).unwrap_or_default()
    }

    pub(crate) fn add(&mut self, seq: i64, content: &Hash) {
        self.numbers.add(seq);
        self.sum.add(content);
    }
}

impl Sum {
    fn of(content: &Hash) -> Sum {
        Sum(content.first_chunk().map_or(0, |first| u128::from_le_bytes(*first)))
    }

    pub(crate) fn add(&mut self, content: &Hash) {
        self.0 = self.0.wrapping_add(Sum::of(content).0);
    }

    pub(crate) fn take_off(&mut self, content: &Hash) {
        *self = self.less(Sum::of(content));
    }

    pub(crate) fn less(self, other: Sum) -> Sum {
        Sum(self.0.wrapping_sub(other.0))
    }

    pub(crate) fn bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Sum> {
        Some(Sum(u128::from_le_bytes(bytes.try_into().ok()?)))
    }
}

impl From<Sum> for String {
    fn from(sum: Sum) -> String {
        format!("{:032x}", sum.0)
    }
}

impl TryFrom<String> for Sum {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Sum, Self::Error> {
        u128::from_str_radix(&text, 16).map(Sum)
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn numbers(of: &BTreeSet<i64>) -> Numbers {
        let mut numbers = Numbers::default();
        of.iter().for_each(|number| numbers.add(*number));
        numbers
    }

    fn set(numbers: &Numbers) -> BTreeSet<i64> {
        numbers.ranges().iter().flat_map(|(first, last)| *first..=*last).collect()
    }

    proptest! {
        #[test]
        fn they_are_sets(all in prop::collection::vec(1..40_i64, 0..40), others in prop::collection::btree_set(1..40_i64, 0..40)) {
            let mut added = Numbers::default();
            all.iter().for_each(|number| added.add(*number));
            let all: BTreeSet<i64> = all.into_iter().collect();
            prop_assert!(added.are_well_formed());
            prop_assert_eq!(&added, &numbers(&all));
            prop_assert_eq!(set(&added), all.clone());
            prop_assert_eq!(added.count(), i64::try_from(all.len()).unwrap());
            let others = numbers(&others);
            let left = added.without(&others);
            prop_assert!(left.are_well_formed());
            prop_assert_eq!(set(&left), all.difference(&set(&others)).copied().collect());
        }
    }
}
