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

    /// What is there, to be told what no fact tells.
    pub(super) fn get_mut(&mut self) -> Option<&mut T> {
        self.held().as_mut().map(|(_, derived)| derived)
    }

    fn held(&mut self) -> &mut Option<(usize, T)> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}
