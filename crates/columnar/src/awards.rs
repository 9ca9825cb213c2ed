//! What purchases were awarded, by their numbers in the table.

use crate::codes::place;
use parure::calendar::Day;
use parure::replay::Award;

/// Awards as they come. Those of a table in time order come in another order than they stand: to put each where it belongs at once would have the fold
/// wait for memory, so that is done when all are there.
#[derive(Debug)]
pub(crate) struct Awards {
    by_basket: Vec<Option<(Award, Day)>>,
    as_they_came: Vec<(u32, Award, Day)>,
    in_order: bool,
}

impl Awards {
    /// Of so many purchases. `in_order`: they mostly come by their numbers.
    pub(crate) fn new(count: usize, in_order: bool) -> Awards {
        let (by_basket, as_they_came) =
            if in_order { (vec![None; count], Vec::new()) } else { (Vec::new(), Vec::with_capacity(count)) };
        Awards { by_basket, as_they_came, in_order }
    }

    #[inline]
    pub(crate) fn put(&mut self, basket: u32, award: Award, day: Day) {
        if !self.in_order {
            self.as_they_came.push((basket, award, day));
        } else if let Some(slot) = self.by_basket.get_mut(place(basket)) {
            *slot = Some((award, day));
        }
    }

    /// By the numbers of so many purchases; none of those that were awarded nothing.
    pub(crate) fn done(self, count: usize) -> Vec<Option<(Award, Day)>> {
        let mut by_basket = self.by_basket;
        by_basket.resize(count, None);
        for (basket, award, day) in self.as_they_came {
            if let Some(slot) = by_basket.get_mut(place(basket)) {
                *slot = Some((award, day));
            }
        }
        by_basket
    }
}

#[cfg(test)]
mod tests {
    use super::Awards;
    use parure::calendar::Day;
    use parure::replay::Award;

    #[test]
    fn in_whatever_order_they_come_they_stand_by_their_numbers() {
        for in_order in [true, false] {
            let mut awards = Awards::new(4, in_order);
            for (basket, wanted) in [(2, 20), (0, 5)] {
                awards.put(basket, Award { wanted, ..Award::default() }, Day::FIRST);
            }
            let wanted = |told: &Option<(Award, Day)>| told.map(|(award, _)| award.wanted);
            assert_eq!(
                awards.done(4).iter().map(wanted).collect::<Vec<_>>(),
                [Some(5), None, Some(20), None]
            );
        }
    }
}
