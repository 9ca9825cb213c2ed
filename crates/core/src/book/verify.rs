//! Whether a book is what its facts say: every account folded anew and compared.

use super::Book;
use super::fold::Until;
use crate::Id;
use crate::outcome::Nobody;

impl Book {
    /// Folds every account anew and answers the ids of those whose state is not what their facts give: none, unless memory or the
    /// library is at fault. For auditors, and for a host that took over a snapshot and wants to be sure.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert!(book.verify().is_empty());
    /// assert!(parure::book::Book::restore(book.snapshot())?.verify().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn verify(&self) -> Vec<Id> {
        let differs = |place: &u32| {
            let Some(customer) = self.people.get(*place) else { return false };
            let (mut account, last) = self.fold(*place, Until::All, &self.versions, &mut Nobody);
            account.advance(customer.account.day, &self.versions, &mut Nobody);
            account != customer.account || last != customer.last
        };
        self.people
            .roots_by_id()
            .iter()
            .filter(|place| differs(place))
            .map(|place| self.people.id(*place).clone())
            .collect()
    }
}
