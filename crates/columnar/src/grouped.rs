//! Purchases by customer. A table that has them so is read as it stands; of any other the numbers of its purchases are put in the order of
//! customers. What an account needs of them is then fetched some purchases ahead, while others are folded.

use crate::codes::place;
use crate::heaps::between;
use crate::sales::Sales;
use std::ops::Range;

/// So many purchases ahead it is fetched where the heaps of one lie, and half as many ahead the heaps.
const AHEAD: usize = 32;

/// The purchases of each customer, in the order of the table.
#[derive(Debug)]
pub(crate) struct Grouped {
    /// Where each customer's begin; one more, which is the end of the last.
    starts: Vec<u32>,
    /// Their numbers by customer; none where they stand so already.
    order: Option<Vec<u32>>,
    /// Whether those of each customer are known to stand as they happened, but for those of one instant.
    in_time: bool,
}

impl Grouped {
    pub(crate) fn new(sales: &Sales<'_>) -> Grouped {
        let count = sales.names.customers.len();
        let starts = starts(&sales.customers, count);
        // Codes are given in the order of first sight, so customers that stand together have ascending codes. Bad ones have none.
        let all = place(starts.last().copied().unwrap_or_default());
        if sales.customers.is_sorted() && all == sales.len() {
            let mut pairs = sales.customers.windows(2).zip(sales.pairs());
            let in_time = pairs.all(|(who, (before, after))| before <= after || who.first() != who.last());
            return Grouped { starts, order: None, in_time };
        }
        let (mut next, mut order) = (starts.clone(), vec![0_u32; all]);
        for (basket, customer) in (0_u32..).zip(&sales.customers) {
            // The place behind the last is where all end.
            let Some(next) = next.get_mut(place(*customer)).filter(|_| place(*customer) < count) else {
                continue;
            };
            if let Some(slot) = order.get_mut(place(*next)) {
                *slot = basket;
            }
            *next = next.saturating_add(1);
        }
        Grouped { starts, order: Some(order), in_time: sales.pairs().all(|(before, after)| before <= after) }
    }

    /// Whether the table has them by customer.
    pub(crate) fn stand_together(&self) -> bool {
        self.order.is_none()
    }

    pub(crate) fn are_in_time(&self) -> bool {
        self.in_time
    }

    /// Where those of a customer stand among all.
    pub(crate) fn places(&self, customer: usize) -> Range<usize> {
        between(&self.starts, customer)
    }

    /// The numbers of those that stand somewhere.
    pub(crate) fn list(&self, places: Range<usize>, into: &mut Vec<u32>) {
        into.clear();
        match &self.order {
            None => into.extend(places.map(crate::sales::number)),
            Some(order) => into.extend_from_slice(order.get(places).unwrap_or_default()),
        }
    }

    /// Has the machine fetch what will be asked for soon, where that does not stand side by side anyway.
    #[inline]
    pub(crate) fn fetch_ahead(&self, sales: &Sales<'_>, at: usize) {
        let Some(order) = &self.order else { return };
        if let Some(basket) = order.get(at.saturating_add(AHEAD)) {
            sales.fetch(place(*basket));
        }
        if let Some(basket) = order.get(at.saturating_add(AHEAD.div_euclid(2))) {
            sales.fetch_heaps(place(*basket));
        }
    }
}

/// Where what each of so many customers has begins; one more, which is the end of the last.
fn starts(customers: &[u32], count: usize) -> Vec<u32> {
    let mut ends = vec![0_u32; count.saturating_add(1)];
    for customer in customers {
        if let Some(end) = ends.get_mut(place(*customer).saturating_add(1)) {
            *end = end.saturating_add(1);
        }
    }
    let mut sum = 0_u32;
    for end in &mut ends {
        sum = sum.saturating_add(*end);
        *end = sum;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::starts;
    use crate::codes::BAD;

    #[test]
    fn each_customer_has_a_place_of_their_own() {
        assert_eq!(starts(&[0, 1, 0, 2, 1, 0], 4), [0, 3, 5, 6, 6]);
        assert_eq!(starts(&[0, BAD, 1, BAD], 2), [0, 1, 2]);
    }
}
