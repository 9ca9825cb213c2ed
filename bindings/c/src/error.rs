//! What went wrong, as a handle.

use crate::guard::quietly;
use crate::raw::{self, Out, Versioned};
use crate::status::parure_status;
use crate::values::{canonical, parure_text};
use parure::fault::Fault;
use parure::outcome::Refusal;
use parure::program::Faults;
use serde::Serialize;
use std::mem::offset_of;
use std::sync::OnceLock;

/// What a function gives up with.
#[derive(Debug)]
pub(crate) struct Trouble {
    status: parure_status,
    error: parure_json::Error,
    /// The same as it is told of a table.
    table: Option<Box<parure_columnar::Error>>,
}

impl Trouble {
    pub(crate) fn new(status: parure_status, fault: Fault) -> Self {
        Trouble { status, error: fault.into(), table: None }
    }

    pub(crate) fn status(&self) -> parure_status {
        self.status
    }

    fn text(&self) -> String {
        match &self.table {
            Some(table) => table.to_string(),
            None => self.error.to_string(),
        }
    }

    fn json(&self) -> String {
        match &self.table {
            Some(table) => {
                canonical(&Misfit { fault: self.error.first(), table: table.table.name(), row: table.row })
            }
            None => self.error.to_json(),
        }
    }
}

/// What is wrong with a table, as JSON.
#[derive(Serialize)]
struct Misfit<'e> {
    #[serde(flatten)]
    fault: &'e Fault,
    table: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Trouble::new(parure_status::PARURE_FAULT, fault)
    }
}

impl From<parure_json::Error> for Trouble {
    fn from(error: parure_json::Error) -> Self {
        Trouble { status: parure_status::PARURE_FAULT, error, table: None }
    }
}

impl From<parure_columnar::Error> for Trouble {
    fn from(error: parure_columnar::Error) -> Self {
        let fault = Fault::new(error.code, error.message.clone());
        let fault = fault.at(error.column.clone().unwrap_or_default());
        Trouble { table: Some(Box::new(error)), ..fault.into() }
    }
}

impl From<Faults> for Trouble {
    fn from(faults: Faults) -> Self {
        parure_json::Error::from(faults).into()
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Trouble::new(parure_status::PARURE_REFUSED, Fault::new(refusal.code.code(), refusal.message))
    }
}

/// Why a call did not do what was asked: one fault, or all faults of a program.
pub struct parure_error {
    trouble: Trouble,
    text: OnceLock<String>,
    json: OnceLock<String>,
}

impl parure_error {
    #[cfg(test)]
    pub(crate) fn first(&self) -> &Fault {
        self.trouble.error.first()
    }
}

impl From<Trouble> for parure_error {
    fn from(trouble: Trouble) -> Self {
        parure_error { trouble, text: OnceLock::new(), json: OnceLock::new() }
    }
}

/// An error, or one fault of it. Texts are borrowed from the error.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_error_view {
    /// `sizeof(parure_error_view)`
    pub size: usize,
    /// What the call returned: a `parure_status`.
    pub status: i32,
    /// Stable, for programs: `not_enough_points`, `money_range`, `unknown_key`, ...
    pub code: parure_text,
    /// For people: what is wrong.
    pub message: parure_text,
    /// Which value is wrong: `purchased.lines[0].amount`, `envelope.customer`, of a table the column; empty where it is none in
    /// particular.
    pub path: parure_text,
    /// What to write instead; NULL where nothing can be advised.
    pub advice: parure_text,
    /// The line in the text that was read, from 1 on; 0 where there was no text.
    pub line: usize,
    /// The column in characters, from 1 on.
    pub column: usize,
    /// The first byte of what is wrong.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
    /// How many faults the error has: 1, but for a program.
    pub fault_count: usize,
    /// Which table is wrong: `sales` or `customers`; NULL where it is none.
    pub table: parure_text,
    /// 1 where a row of the table is wrong.
    pub has_row: i32,
    /// Which row, from 0 on over all batches.
    pub row: u64,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_error_view {
    const LEAST: usize = offset_of!(parure_error_view, table);
}

fn view(error: &parure_error, at: usize) -> Option<parure_error_view> {
    let found = &error.trouble.error;
    let fault = found.fault(at)?;
    let place = fault.place;
    let table = error.trouble.table.as_ref();
    let row = table.and_then(|table| table.row);
    Some(parure_error_view {
        size: size_of::<parure_error_view>(),
        status: error.trouble.status as i32,
        code: parure_text::of(fault.code),
        message: parure_text::of(&fault.message),
        path: parure_text::of(&fault.path),
        advice: parure_text::may(fault.advice.as_deref()),
        line: place.map_or(0, |place| place.line),
        column: place.map_or(0, |place| place.column),
        start: place.map_or(0, |place| place.start),
        end: place.map_or(0, |place| place.end),
        fault_count: found.faults().len(),
        table: parure_text::may(table.map(|table| table.table.name())),
        has_row: i32::from(row.is_some()),
        row: row.unwrap_or(0),
    })
}

/// Reads an error: its first fault.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_error_read(
    error: *const parure_error,
    view: *mut parure_error_view,
) -> parure_status {
    // SAFETY: as the header asks.
    unsafe { parure_error_fault(error, 0, view) }
}

/// Reads the fault at `index`, from 0 on: a program tells all of its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_error_fault(
    error: *const parure_error,
    index: usize,
    view: *mut parure_error_view,
) -> parure_status {
    quietly(|| {
        // SAFETY: as the header asks.
        let error = unsafe { raw::shared(error, "error") }?;
        let found = self::view(error, index).ok_or_else(|| no_such_index(index))?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(view, &found, "view") }
    })
}

/// The whole error for people: of a program every fault with the line that it stands in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_error_text(
    error: *const parure_error,
    text: *mut parure_text,
) -> parure_status {
    quietly(|| {
        // SAFETY: as the header asks.
        let (error, out) = (unsafe { raw::shared(error, "error") }?, unsafe { Out::new(text, "text") }?);
        out.set(parure_text::of(error.text.get_or_init(|| error.trouble.text())));
        Ok(())
    })
}

/// The whole error as canonical JSON: `code`, `message`, `path`, where there are `advice`, `place`, several `faults`, `table` and `row`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_error_json(
    error: *const parure_error,
    text: *mut parure_text,
) -> parure_status {
    quietly(|| {
        // SAFETY: as the header asks.
        let (error, out) = (unsafe { raw::shared(error, "error") }?, unsafe { Out::new(text, "text") }?);
        out.set(parure_text::of(error.json.get_or_init(|| error.trouble.json())));
        Ok(())
    })
}

/// Frees an error. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_error_free(error: *mut parure_error) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(error) };
        Ok(())
    });
}

pub(crate) fn no_such_index(index: usize) -> Trouble {
    let fault = Fault::new("no_such_index", format!("there is nothing at {index}"));
    Trouble::new(parure_status::PARURE_NO_SUCH_INDEX, fault.at("index"))
}
