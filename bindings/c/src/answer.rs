//! Answers of the JSON door, and snapshots.

use crate::error::parure_error;
use crate::guard::{guard, quietly};
use crate::raw::{self, Out};
use crate::status::parure_status;
use crate::values::parure_text;

/// The answer to a request in JSON.
pub struct parure_answer {
    pub(crate) text: String,
}

/// The bytes of a snapshot.
pub struct parure_bytes {
    pub(crate) bytes: Vec<u8>,
}

/// The canonical JSON of an answer, borrowed from it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_answer_text(
    answer: *const parure_answer,
    text: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let answer = unsafe { raw::shared(answer, "answer") }?;
        // SAFETY: as the header asks.
        unsafe { Out::new(text, "text") }?.set(parure_text::of(&answer.text));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees an answer. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_answer_free(answer: *mut parure_answer) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(answer) };
        Ok(())
    });
}

/// The bytes of a snapshot, borrowed from it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_bytes_read(
    bytes: *const parure_bytes,
    data: *mut *const u8,
    length: *mut usize,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let bytes = &unsafe { raw::shared(bytes, "bytes") }?.bytes;
        // SAFETY: as the header asks.
        let data = unsafe { Out::new(data, "data") }?;
        // SAFETY: as the header asks.
        let length = unsafe { Out::new(length, "length") }?;
        data.set(bytes.as_ptr());
        length.set(bytes.len());
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees the bytes of a snapshot. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_bytes_free(bytes: *mut parure_bytes) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(bytes) };
        Ok(())
    });
}
