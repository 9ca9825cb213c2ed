//! Purchases by customer. A table that has them so is read as it stands; of any other the numbers of its purchases are put in the order of
//! customers. What an account needs is then fetched at once: loads that don't wait for each other.

use crate::codes::place;
use crate::heaps::between;
use crate::sales::{Sales, number};
use parure::replay::Kind;
use std::ops::Range;

/// A purchase as a fold reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sold {
    /// Microseconds since 1970 in UTC.
    pub(crate) micros: i64,
    /// Its number in the table.
    pub(crate) basket: u32,
    /// The code of its place.
    pub(crate) place: u32,
    /// Where its heaps begin among its customer's, and how many they are.
    heaps: u32,
    count: u32,
    /// Whether it has terms of its own.
    pub(crate) has_terms: bool,
}

impl Sold {
    fn range(&self) -> Range<usize> {
        place(self.heaps)..place(self.heaps).saturating_add(place(self.count))
    }
}

/// The purchases of one customer.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub(crate) sold: Vec<Sold>,
    kinds: Vec<Kind>,
    amounts: Vec<i64>,
}

impl Own {
    /// The kinds and amounts of a purchase's heaps.
    #[inline]
    pub(crate) fn heaps(&self, sold: &Sold) -> (&[Kind], &[i64]) {
        let range = sold.range();
        let kinds = self.kinds.get(range.clone()).unwrap_or_default();
        (kinds, self.amounts.get(range).unwrap_or_default())
    }
}

/// The purchases of each customer, in the order of the table.
#[derive(Debug)]
pub(crate) struct Grouped {
    /// Where each customer's begin; one more, which is the end of the last.
    starts: Vec<u32>,
    /// Their numbers by customer; none where they stand so already.
    order: Option<Vec<u32>>,
}

impl Grouped {
    pub(crate) fn new(sales: &Sales<'_>) -> Grouped {
        let count = sales.names.customers.len();
        let starts = starts(&sales.customers, count);
        // Codes are given in the order of first sight, so customers that stand together have ascending codes. Bad ones have none.
        let all = place(starts.last().copied().unwrap_or_default());
        if sales.customers.is_sorted() && all == sales.len() {
            return Grouped { starts, order: None };
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
        Grouped { starts, order: Some(order) }
    }

    /// Whether the table has them by customer.
    pub(crate) fn stand_together(&self) -> bool {
        self.order.is_none()
    }

    /// Fetches the purchases of a customer. `kinds`: by the number of a heap.
    pub(crate) fn of(&self, sales: &Sales<'_>, customer: usize, kinds: &[Kind], into: &mut Own) {
        let range = between(&self.starts, customer);
        let Own { sold, kinds: own_kinds, amounts } = into;
        sold.clear();
        match &self.order {
            None => sold.extend(range.map(|basket| of(sales, basket))),
            Some(order) => {
                let baskets = order.get(range).unwrap_or_default();
                sold.extend(baskets.iter().map(|basket| of(sales, place(*basket))));
            }
        }
        // Read side by side, so that none waits for another.
        std::hint::black_box(
            sold.iter().fold(0, |read, sold| {
                read ^ sales.heaps.at(sold.range()).first().map_or(0, |heap| heap.number)
            }),
        );
        own_kinds.clear();
        amounts.clear();
        for sold in sold {
            let from = sold.range();
            sold.heaps = number(amounts.len());
            for heap in sales.heaps.at(from) {
                // There are as many kinds as numbers.
                let Some(kind) = kinds.get(place(heap.number)) else { continue };
                own_kinds.push(*kind);
                amounts.push(heap.amount());
            }
        }
    }
}

/// A purchase, with its heaps as they stand among all.
#[inline]
fn of(sales: &Sales<'_>, basket: usize) -> Sold {
    let heaps: Range<usize> = sales.heaps.places(basket);
    Sold {
        micros: sales.micros.get(basket).copied().unwrap_or_default(),
        basket: number(basket),
        place: sales.places.get(basket).copied().unwrap_or_default(),
        heaps: number(heaps.start),
        count: number(heaps.len()),
        has_terms: sales.has_terms(basket),
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
