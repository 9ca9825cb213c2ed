//! An account as it stands after all of its facts, whatever day it is.

use super::Book;
use super::views::AccountView;

impl Book {
    /// A customer's account after all of its facts, as of the day of the latest (`on` says which); none for someone nobody knows.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let stands = book.standing("wang-fang").unwrap();
    /// assert_eq!(stands, book.account("wang-fang", stands.on)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn standing(&self, customer: &str) -> Option<AccountView> {
        let root = self.people.root_of(customer)?;
        let on = self.answerable(self.people.get(root)?.account.day);
        Some(self.view(root, &self.state_on(root, on), on))
    }
}
