//! Who may be meant by what was typed at a till.

use crate::error::{Trouble, no_such_index, parure_error};
use crate::guard::{guard, quietly};
use crate::raw::{self, Out, Versioned};
use crate::status::parure_status;
use crate::values::{canonical, parure_text};
use parure::book::FoundCustomer;
use std::sync::OnceLock;

/// Who was found, the likeliest first.
pub struct parure_found {
    found: Vec<FoundCustomer>,
    json: OnceLock<String>,
}

/// How many were found.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_found_view {
    /// `sizeof(parure_found_view)`
    pub size: usize,
    /// How many accounts: `parure_found_hit`.
    pub hit_count: usize,
}

/// Someone who may be meant. Texts are borrowed from what was found.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_hit {
    /// `sizeof(parure_hit)`
    pub size: usize,
    /// The id the account goes by: what `parure_book_account` and a fact's envelope take.
    pub account: parure_text,
    /// The id of whom it was told: another one where customers were merged.
    pub customer: parure_text,
    /// Their name; NULL where none is known.
    pub name: parure_text,
    /// By what: `name`, `phone`, `email`, `wechat`, `card`, `serial`.
    pub by: parure_text,
    /// How much of it was typed: `whole`, `start`, `part`, `sound`.
    pub how: parure_text,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_found_view {}
// SAFETY: as above.
unsafe impl Versioned for parure_hit {}

impl From<Vec<FoundCustomer>> for parure_found {
    fn from(found: Vec<FoundCustomer>) -> Self {
        parure_found { found, json: OnceLock::new() }
    }
}

impl parure_found {
    fn hit(&self, index: usize) -> Result<parure_hit, Trouble> {
        let found = self.found.get(index).ok_or_else(|| no_such_index(index))?;
        Ok(parure_hit {
            size: size_of::<parure_hit>(),
            account: parure_text::of(&found.account),
            customer: parure_text::of(&found.customer),
            name: parure_text::may(found.name.as_deref()),
            by: parure_text::of(found.by),
            how: parure_text::of(found.how),
        })
    }
}

/// Reads how many were found.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_found_read(
    found: *const parure_found,
    view: *mut parure_found_view,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(found, "found") }?;
        let told = parure_found_view { size: size_of::<parure_found_view>(), hit_count: found.found.len() };
        // SAFETY: as the header asks.
        unsafe { raw::fill(view, &told, "view") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Someone who may be meant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_found_hit(
    found: *const parure_found,
    index: usize,
    hit: *mut parure_hit,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(found, "found") }?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(hit, &found.hit(index)?, "hit") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// All that were found as canonical JSON, the same as the JSON door answers. Borrowed from what was found.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_found_json(
    found: *const parure_found,
    text: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(text, "text") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(found, "found") }?;
        out.set(parure_text::of(found.json.get_or_init(|| canonical(&found.found))));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees what was found. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_found_free(found: *mut parure_found) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(found) };
        Ok(())
    });
}
