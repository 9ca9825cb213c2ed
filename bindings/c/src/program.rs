//! A merchant's rules.

use crate::error::parure_error;
use crate::guard::{guard, quietly};
use crate::raw::{self, Out, Versioned};
use crate::status::parure_status;
use crate::values::{number, parure_day, parure_text};
use parure::program::Program;
use std::ffi::c_char;

/// A program: the rules of a shop, read and checked. It can be freed while books that were opened with it live on.
pub struct parure_program {
    pub(crate) program: Program,
}

/// What a program says of itself. Texts are borrowed from the program.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_program_view {
    /// `sizeof(parure_program_view)`
    pub size: usize,
    /// What it is called.
    pub name: parure_text,
    /// The first day that it counts for.
    pub effective: parure_day,
    /// Digits after the point in its amounts: an amount of 1.00 is 100 minor units where this is 2.
    pub currency_digits: u32,
    /// The ISO 4217 code of its amounts.
    pub currency: parure_text,
    /// The IANA time zone whose days count.
    pub time_zone: parure_text,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_program_view {}

/// Reads a program from the text of its TOML or JSON. `file` is what it is called in messages. On `PARURE_FAULT` the error has all
/// of its faults: `parure_error_text` shows them, `parure_error_fault` reads them one by one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_program_parse(
    file: *const c_char,
    file_length: usize,
    text: *const c_char,
    text_length: usize,
    program: *mut *mut parure_program,
    error: *mut *mut parure_error,
) -> parure_status {
    let parse = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(program, "program") }?;
        // SAFETY: as the header asks.
        let file = unsafe { raw::text(parure_text { data: file, length: file_length }, "file") }?;
        // SAFETY: as the header asks.
        let text = unsafe { raw::text(parure_text { data: text, length: text_length }, "text") }?;
        out.hand_over(parure_program { program: Program::parse(file, text)? });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, parse) }
}

/// What a program says of itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_program_read(
    program: *const parure_program,
    view: *mut parure_program_view,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let program = &unsafe { raw::shared(program, "program") }?.program;
        let found = parure_program_view {
            size: size_of::<parure_program_view>(),
            name: parure_text::of(program.name()),
            effective: number(program.effective()),
            currency_digits: program.currency().digits(),
            currency: parure_text::of(program.currency().code()),
            time_zone: parure_text::of(program.time_zone().name()),
        };
        // SAFETY: as the header asks.
        unsafe { raw::fill(view, &found, "view") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees a program. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_program_free(program: *mut parure_program) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(program) };
        Ok(())
    });
}
