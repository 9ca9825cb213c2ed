//! Purchases by customer. A table sorted by customer stays as it is; of any other the purchases' numbers are sorted by counting: each
//! customer's state is then asked for once, not once for each of a million customers' rows.

use crate::codes::place;
use crate::sales::number;
use std::ops::Range;

/// The purchases of each customer, in the order of the table.
#[derive(Debug)]
pub(crate) struct Grouped {
    /// Where each customer's begin; one more, which is the end of the last.
    starts: Vec<u32>,
    /// The purchases' numbers; none where they stand by customer already.
    order: Option<Vec<u32>>,
}

impl Grouped {
    /// `customers`: the code of each purchase's customer, of so many.
    pub(crate) fn new(customers: &[u32], count: usize) -> Grouped {
        let mut ends = vec![0_u32; count.saturating_add(1)];
        for customer in customers {
            if let Some(count) = ends.get_mut(place(*customer).saturating_add(1)) {
                *count = count.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        for end in &mut ends {
            sum = sum.saturating_add(*end);
            *end = sum;
        }
        // Codes are given in the order of first sight, so customers that stand together have ascending codes. Bad ones have none.
        if customers.is_sorted() && place(sum) == customers.len() {
            return Grouped { starts: ends, order: None };
        }
        let starts = ends.clone();
        let mut order = vec![0_u32; place(sum)];
        for (basket, customer) in customers.iter().enumerate() {
            if place(*customer) >= count {
                continue;
            }
            let Some(next) = ends.get_mut(place(*customer)) else { continue };
            if let Some(slot) = order.get_mut(place(*next)) {
                *slot = number(basket);
            }
            *next = next.saturating_add(1);
        }
        Grouped { starts, order: Some(order) }
    }

    /// Whether the table has them by customer.
    pub(crate) fn stand_together(&self) -> bool {
        self.order.is_none()
    }

    /// The purchases of a customer.
    pub(crate) fn of(&self, customer: usize) -> impl Iterator<Item = u32> + '_ {
        let range = self.range(customer);
        let (together, sorted) = match &self.order {
            None => (number(range.start)..number(range.end), &[][..]),
            Some(order) => (0..0, order.get(range).unwrap_or_default()),
        };
        together.chain(sorted.iter().copied())
    }

    fn range(&self, customer: usize) -> Range<usize> {
        let start = self.starts.get(customer).copied().unwrap_or_default();
        let end = self.starts.get(customer.saturating_add(1)).copied().unwrap_or(start);
        place(start)..place(end)
    }
}

#[cfg(test)]
mod tests {
    use super::Grouped;
    use crate::codes::BAD;

    fn all(customers: &[u32], count: usize) -> Vec<Vec<u32>> {
        let grouped = Grouped::new(customers, count);
        (0..count).map(|customer| grouped.of(customer).collect()).collect()
    }

    #[test]
    fn purchases_of_a_customer_stay_in_the_order_of_the_table() {
        assert_eq!(all(&[0, 1, 0, 2, 1, 0], 4), [vec![0, 2, 5], vec![1, 4], vec![3], vec![]]);
        assert_eq!(all(&[0, 0, 1], 2), [vec![0, 1], vec![2]]);
        assert_eq!(all(&[0, BAD, 1, BAD], 2), [vec![0], vec![2]]);
        assert!(Grouped::new(&[0, 0, 1], 2).order.is_none());
    }
}
