//! A table of sales merged into a book.

use crate::arrow;
use crate::book::parure_book;
use crate::error::parure_error;
use crate::guard::{guard, quietly};
use crate::raw::{self, Out};
use crate::status::parure_status;
use crate::tables::{Streams, parure_table_options};
use crate::values::{canonical, parure_text};
use arrow_array::ffi_stream::FFI_ArrowArrayStream as ArrowArrayStream;
use parure_columnar::{MergedTable, merge_table};
use std::sync::OnceLock;

/// What a merge of tables did.
pub struct parure_merged {
    done: MergedTable,
    json: OnceLock<String>,
}

/// Merges the customers, then the sales, of tables into a book: each purchase and each return becomes the fact that it is. The sales
/// need a column `id`. `customers` is a table of who joined, or NULL; `options` NULL is all of it zero.
///
/// The streams are taken: whatever the status, they were read or not, and are left released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_merge_table(
    book: *mut parure_book,
    sales: *mut ArrowArrayStream,
    customers: *mut ArrowArrayStream,
    options: *const parure_table_options,
    merged: *mut *mut parure_merged,
    error: *mut *mut parure_error,
) -> parure_status {
    let merge = || {
        // SAFETY: as the header asks.
        let streams = unsafe { Streams::take(sales, customers) };
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(merged, "merged") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::alone(book, "book") }?;
        // SAFETY: as the header asks.
        let told = unsafe { streams.read(options) }?;
        let done = book.change(|shop| Ok(merge_table(shop, &told.sales, &told.options)?))?;
        out.hand_over(parure_merged { done, json: OnceLock::new() });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, merge) }
}

/// What the book says of the facts as canonical JSON, the same as the JSON door answers to `merge`. Borrowed from the merge.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_merged_json(
    merged: *const parure_merged,
    text: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(text, "text") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(merged, "merged") }?;
        out.set(parure_text::of(found.json.get_or_init(|| canonical(&found.done.merged))));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// The rows that were set aside: `row` from 0 on, `column`, `code`, `message`, `table`. A new stream, yours to release; what `stream`
/// held is overwritten.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_merged_rejects(
    merged: *const parure_merged,
    stream: *mut ArrowArrayStream,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::stream(stream, "stream") }?;
        // SAFETY: as the header asks.
        let found = unsafe { raw::shared(merged, "merged") }?;
        out.set(arrow::stream(&found.done.rejects));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees what a merge did. NULL is fine. Streams that were asked of it live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_merged_free(merged: *mut parure_merged) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(merged) };
        Ok(())
    });
}
