//! Around every function: what went wrong becomes a status and an error, a panic too.

use crate::error::{Trouble, parure_error};
use crate::raw::Out;
use crate::status::parure_status;
use parure::fault::Fault;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a function's body. `error` is where its error goes, NULL where nobody asks.
///
/// # Safety
/// `error` is NULL or points to room for a pointer.
pub(crate) unsafe fn guard(
    error: *mut *mut parure_error,
    body: impl FnOnce() -> Result<(), Trouble>,
) -> parure_status {
    // SAFETY: as this function's; NULL is no room, and then nobody is told.
    let out = unsafe { Out::handle(error, "error") }.ok();
    // A book that was being changed remembers it, everything else is left as it was: nothing broken can be seen later.
    let done = catch_unwind(AssertUnwindSafe(body));
    let trouble = match done {
        Ok(Ok(())) => return parure_status::PARURE_OK,
        Ok(Err(trouble)) => trouble,
        Err(panic) => {
            let told = panic.downcast_ref::<&str>().map(|told| (*told).to_owned());
            let told = told.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            // What it carries might panic when it is dropped.
            std::mem::forget(panic);
            let fault = Fault::new("panic", format!("a fault of the library: {told}"));
            Trouble::new(parure_status::PARURE_PANIC, fault.advise("please report it"))
        }
    };
    let status = trouble.status();
    if let Some(out) = out {
        out.hand_over(parure_error::from(trouble));
    }
    status
}

/// The same for functions without an error: those that read errors, and those that free.
pub(crate) fn quietly(body: impl FnOnce() -> Result<(), Trouble>) -> parure_status {
    // SAFETY: NULL may be given.
    unsafe { guard(std::ptr::null_mut(), body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        let mut error = std::ptr::null_mut();
        // SAFETY: room for a pointer.
        let status = unsafe { guard(&raw mut error, || panic!("the lot is lost")) };
        assert_eq!(status, parure_status::PARURE_PANIC);
        // SAFETY: it was just handed over.
        let told = unsafe { crate::raw::shared(error.cast_const(), "error") }.unwrap();
        assert_eq!(told.first().message, "a fault of the library: the lot is lost");
        // SAFETY: it is not used again.
        unsafe { crate::raw::free(error) };
        assert_eq!(quietly(|| panic!("{}", 7)), parure_status::PARURE_PANIC);
    }
}
