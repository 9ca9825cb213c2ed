//! A table of sales replayed under a program.

use crate::arrow;
use crate::error::parure_error;
use crate::guard::{guard, quietly};
use crate::program::parure_program;
use crate::raw::{self, Out};
use crate::status::parure_status;
use crate::tables::{Streams, parure_table_options};
use crate::values::{canonical, parure_text};
use arrow_array::RecordBatch;
use arrow_array::ffi_stream::FFI_ArrowArrayStream as ArrowArrayStream;
use parure_columnar::Replayed;
use std::sync::OnceLock;

/// What a replay of tables gives.
pub struct parure_replayed {
    replayed: Replayed,
    report: OnceLock<String>,
}

/// Replays a table of sales under a program: what a book would say of the same facts. docs/c.md tells what columns there are.
/// `customers` is a table of who joined, or NULL; `options` NULL is all of it zero.
///
/// The streams are taken: whatever the status, they were read or not, and are left released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_replay(
    program: *const parure_program,
    sales: *mut ArrowArrayStream,
    customers: *mut ArrowArrayStream,
    options: *const parure_table_options,
    replayed: *mut *mut parure_replayed,
    error: *mut *mut parure_error,
) -> parure_status {
    let replay = || {
        // SAFETY: as the header asks.
        let streams = unsafe { Streams::take(sales, customers) };
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(replayed, "replayed") }?;
        // SAFETY: as the header asks.
        let program = &unsafe { raw::shared(program, "program") }?.program;
        // SAFETY: as the header asks.
        let told = unsafe { streams.read(options) }?;
        let replayed = parure_columnar::replay(program, &told.sales, &told.options)?;
        out.hand_over(parure_replayed { replayed, report: OnceLock::new() });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, replay) }
}

/// Gives one of the tables out.
///
/// # Safety
/// As the header asks.
unsafe fn table(
    replayed: *const parure_replayed,
    stream: *mut ArrowArrayStream,
    error: *mut *mut parure_error,
    which: fn(&Replayed) -> &RecordBatch,
) -> parure_status {
    let read = || {
        // SAFETY: as this function's.
        let out = unsafe { Out::stream(stream, "stream") }?;
        // SAFETY: as this function's.
        let found = unsafe { raw::shared(replayed, "replayed") }?;
        out.set(arrow::stream(which(&found.replayed)));
        Ok(())
    };
    // SAFETY: as this function's.
    unsafe { guard(error, read) }
}

/// Each purchase that had happened by the day, in the order of their first rows: `id`, `customer`, `on`, `wanted`, `awarded`, `rules`,
/// `tier_before`, `tier_after`. A new stream, yours to release; what `stream` held is overwritten.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_replayed_purchases(
    replayed: *const parure_replayed,
    stream: *mut ArrowArrayStream,
    error: *mut *mut parure_error,
) -> parure_status {
    // SAFETY: as the header asks.
    unsafe { table(replayed, stream, error, |replayed| &replayed.purchases) }
}

/// Each account at the end of the day, by the customer's id in bytes: `customer`, `balance`, `pending`, `debt`, `tier`, `next_lapse`,
/// `next_lapse_points`. A new stream, yours to release; what `stream` held is overwritten.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_replayed_accounts(
    replayed: *const parure_replayed,
    stream: *mut ArrowArrayStream,
    error: *mut *mut parure_error,
) -> parure_status {
    // SAFETY: as the header asks.
    unsafe { table(replayed, stream, error, |replayed| &replayed.accounts) }
}

/// Each month from the first in which anything happened: `month`, `purchases`, `spend`, `awarded`, `spent`, `taken_back`, `lapsed`,
/// `outstanding`. A new stream, yours to release; what `stream` held is overwritten.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_replayed_months(
    replayed: *const parure_replayed,
    stream: *mut ArrowArrayStream,
    error: *mut *mut parure_error,
) -> parure_status {
    // SAFETY: as the header asks.
    unsafe { table(replayed, stream, error, |replayed| &replayed.months) }
}

/// The rows that were set aside: `row` from 0 on, `column`, `code`, `message`, `table`. A new stream, yours to release; what `stream`
/// held is overwritten.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_replayed_rejects(
    replayed: *const parure_replayed,
    stream: *mut ArrowArrayStream,
    error: *mut *mut parure_error,
) -> parure_status {
    // SAFETY: as the header asks.
    unsafe { table(replayed, stream, error, |replayed| &replayed.rejects) }
}

/// All accounts together as canonical JSON, the same as the JSON door answers to `report`. Borrowed from what was replayed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_replayed_report(
    replayed: *const parure_replayed,
    text: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(text, "text") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(replayed, "replayed") }?;
        out.set(parure_text::of(found.report.get_or_init(|| canonical(&found.replayed.report))));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees what a replay gave. NULL is fine. Streams that were asked of it live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_replayed_free(replayed: *mut parure_replayed) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(replayed) };
        Ok(())
    });
}
