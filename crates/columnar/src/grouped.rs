//! Purchases by customer. A table that has them so stays as it is; of any other what is told of each purchase is put down by customer, in one pass
//! over the table: whoever folds accounts then reads on and on, and waits for no row that lies elsewhere.

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
    /// Where its heaps begin among all, and how many they are.
    heaps: u32,
    count: u32,
}

impl Sold {
    pub(crate) fn heaps(&self) -> Range<usize> {
        place(self.heaps)..place(self.heaps).saturating_add(place(self.count))
    }

    fn of(sales: &Sales<'_>, basket: usize) -> Sold {
        let heaps = sales.heaps.places(basket);
        Sold {
            micros: sales.micros.get(basket).copied().unwrap_or_default(),
            basket: number(basket),
            place: sales.places.get(basket).copied().unwrap_or_default(),
            heaps: number(heaps.start),
            count: number(heaps.len()),
        }
    }
}

/// The purchases of each customer, in the order of the table.
#[derive(Debug)]
pub(crate) struct Grouped {
    /// Where each customer's begin; one more, which is the end of the last.
    starts: Vec<u32>,
    /// None where they stand by customer already.
    sold: Option<Vec<Sold>>,
    /// Of all heaps, by customer.
    pub(crate) kinds: Vec<Kind>,
    pub(crate) amounts: Vec<i64>,
}

impl Grouped {
    /// `kinds`: of all heaps.
    pub(crate) fn new(sales: &mut Sales<'_>, kinds: Vec<Kind>) -> Grouped {
        let count = sales.names.customers.len();
        let starts = starts(&sales.customers, count, |_| 1);
        // Codes are given in the order of first sight, so customers that stand together have ascending codes. Bad ones have none.
        let all = starts.last().copied().unwrap_or_default();
        if sales.customers.is_sorted() && place(all) == sales.len() {
            return Grouped { starts, sold: None, kinds, amounts: sales.heaps.take_amounts() };
        }
        let heaps = |basket: usize| number(sales.heaps.places(basket).len());
        let (mut next, mut next_heap) = (starts.clone(), self::starts(&sales.customers, count, heaps));
        let all_heaps = place(next_heap.last().copied().unwrap_or_default());
        let mut sold = vec![Sold::default(); place(all)];
        // Any kind will do where the heaps will stand.
        let mut sorted_kinds = kinds.get(..all_heaps).unwrap_or_default().to_vec();
        let mut amounts = vec![0_i64; all_heaps];
        for (basket, customer) in sales.customers.iter().enumerate().filter(|(_, code)| place(**code) < count)
        {
            let own = Sold::of(sales, basket);
            let heap = take(&mut next_heap, *customer, own.count);
            let to = Sold { heaps: heap, ..own };
            copy(&kinds, own.heaps(), &mut sorted_kinds, to.heaps());
            copy(sales.heaps.amounts(), own.heaps(), &mut amounts, to.heaps());
            if let Some(slot) = sold.get_mut(place(take(&mut next, *customer, 1))) {
                *slot = to;
            }
        }
        sales.heaps.take_amounts();
        Grouped { starts, sold: Some(sold), kinds: sorted_kinds, amounts }
    }

    /// Whether the table has them by customer.
    pub(crate) fn stand_together(&self) -> bool {
        self.sold.is_none()
    }

    /// The purchases of a customer, put into a list.
    pub(crate) fn of(&self, sales: &Sales<'_>, customer: usize, into: &mut Vec<Sold>) {
        let range = between(&self.starts, customer);
        into.clear();
        match &self.sold {
            None => into.extend(range.map(|basket| Sold::of(sales, basket))),
            Some(sold) => into.extend_from_slice(sold.get(range).unwrap_or_default()),
        }
    }
}

/// Where what each of so many customers has begins, of purchases with so much each; one more, which is the end of the last.
fn starts(customers: &[u32], count: usize, much: impl Fn(usize) -> u32) -> Vec<u32> {
    let mut ends = vec![0_u32; count.saturating_add(1)];
    for (basket, customer) in customers.iter().enumerate() {
        if let Some(end) = ends.get_mut(place(*customer).saturating_add(1)) {
            *end = end.saturating_add(much(basket));
        }
    }
    let mut sum = 0_u32;
    for end in &mut ends {
        sum = sum.saturating_add(*end);
        *end = sum;
    }
    ends
}

/// The next place of a customer, and so many are taken.
fn take(next: &mut [u32], customer: u32, count: u32) -> u32 {
    let Some(next) = next.get_mut(place(customer)) else { return 0 };
    let taken = *next;
    *next = next.saturating_add(count);
    taken
}

fn copy<T: Copy>(from: &[T], at: Range<usize>, to: &mut [T], there: Range<usize>) {
    if let (Some(from), Some(to)) = (from.get(at), to.get_mut(there)) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    }
}

#[cfg(test)]
mod tests {
    use super::starts;
    use crate::codes::BAD;

    #[test]
    fn each_customer_has_a_place_of_their_own() {
        assert_eq!(starts(&[0, 1, 0, 2, 1, 0], 4, |_| 1), [0, 3, 5, 6, 6]);
        assert_eq!(starts(&[0, BAD, 1, BAD], 2, |basket| [5, 7, 2, 9][basket]), [0, 5, 7]);
    }
}
