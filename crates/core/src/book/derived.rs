//! What follows from the facts, is made when it is asked for first, and is never saved.

use std::sync::{Mutex, PoisonError};

/// Something derived from the first so many facts of a book. A copy of the book makes its own.
pub(super) struct Derived<T>(Mutex<Option<(usize, T)>>);

impl<T> Default for Derived<T> {
    fn default() -> Self {
        Derived(Mutex::new(None))
    }
}

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        Derived::default()
    }
}

impl<T> Derived<T> {
    /// Asks it as it is after `facts`: `bring` makes it anew, or brings what so many facts had told up to date.
    pub(super) fn ask<A>(
        &self,
        facts: usize,
        bring: impl FnOnce(Option<(usize, T)>) -> T,
        ask: impl FnOnce(&mut T) -> A,
    ) -> A {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let brought = bring(kept.take().filter(|(known, _)| *known <= facts));
        let (_, derived) = kept.insert((facts, brought));
        ask(derived)
    }

    /// Only so many facts are left, or they say other than they did.
    pub(super) fn look_anew(&mut self) {
        *self.held() = None;
    }

    /// Facts have been taken back.
    pub(super) fn shrink_to(&mut self, facts: usize) {
        self.held().take_if(|(known, _)| *known > facts);
    }

    /// Takes out what is there, with how many facts it knows, to be told more and put back.
    pub(super) fn take(&mut self) -> Option<(usize, T)> {
        self.held().take()
    }

    pub(super) fn put(&mut self, facts: usize, derived: T) {
        *self.held() = Some((facts, derived));
    }

    fn held(&mut self) -> &mut Option<(usize, T)> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}
