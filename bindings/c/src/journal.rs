//! A book that is kept in a file.

use crate::answer::parure_answer;
use crate::book::{Kept, parure_book};
use crate::error::{Trouble, parure_error};
use crate::guard::guard;
use crate::program::parure_program;
use crate::raw::{self, Out, Versioned};
use crate::status::parure_status;
use crate::values::parure_text;
use parure::json::canonical;
use parure_journal::{Journal, Known, Options};
use std::ffi::c_char;
use std::mem::offset_of;
use std::path::Path;
use std::time::Duration;

/// How a journal is opened. All of it zero asks nothing of anyone.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_journal_options {
    /// `sizeof(parure_journal_options)`
    pub size: usize,
    /// How many milliseconds to wait for another process that has the journal open; 0 is not at all.
    pub wait_ms: u32,
    /// How many pages of 2,048 bytes the file may take, where the disk is to have room for other things: over it, `disk_full`. 0 is no
    /// limit.
    pub most_pages: u32,
    /// How many seconds after the system's clock a fact that is recorded may happen: over it, refused as `in_future`. 0 is a day,
    /// UINT32_MAX is any.
    pub ahead_s: u32,
    /// For how many seconds this copy counts as in touch with the others after it has taken in what one of them sent; later the program's
    /// `[points]` `offline` bounds what may be spent. 0 is for ever.
    pub in_touch_s: u32,
}

// SAFETY: `repr(C)`, begins with its size, numbers.
unsafe impl Versioned for parure_journal_options {
    const LEAST: usize = offset_of!(parure_journal_options, in_touch_s);
}

/// What was looked at and found right.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_verified_view {
    /// `sizeof(parure_verified_view)`
    pub size: usize,
    /// Facts, each held to its hash and to the chain.
    pub facts: usize,
    /// Accounts, each folded anew and held to what was written of it.
    pub accounts: usize,
}

// SAFETY: `repr(C)`, begins with its size, numbers.
unsafe impl Versioned for parure_verified_view {}

/// # Safety
/// As the header asks.
unsafe fn read(options: *const parure_journal_options) -> Result<Options, Trouble> {
    if options.is_null() {
        return Ok(Options::default());
    }
    // SAFETY: as this function's.
    let asked = unsafe { raw::read(options, "options") }?;
    let options = Options::default().with_wait(Duration::from_millis(asked.wait_ms.into()));
    let options = match asked.ahead_s {
        0 => options,
        u32::MAX => options.with_ahead(Duration::MAX),
        seconds => options.with_ahead(Duration::from_secs(seconds.into())),
    };
    let options = match asked.in_touch_s {
        0 => options,
        seconds => options.with_in_touch(Duration::from_secs(seconds.into())),
    };
    Ok(if asked.most_pages == 0 { options } else { options.with_most_pages(asked.most_pages) })
}

/// # Safety
/// As the header asks.
unsafe fn path<'p>(data: *const c_char, length: usize, argument: &str) -> Result<&'p Path, Trouble> {
    // SAFETY: as this function's.
    unsafe { raw::text(parure_text { data, length }, argument) }.map(Path::new)
}

fn opened(journal: Journal) -> parure_book {
    parure_book::of(Kept::File(journal))
}

/// Makes a journal, one file that keeps the facts of a shop under a program, and opens its book, which has no facts yet. There must be
/// no file at the path. What is recorded is on the disk when it is answered. `options` NULL is all of it zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_create(
    path: *const c_char,
    path_length: usize,
    program: *const parure_program,
    options: *const parure_journal_options,
    book: *mut *mut parure_book,
    error: *mut *mut parure_error,
) -> parure_status {
    let create = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(book, "book") }?;
        // SAFETY: as the header asks.
        let path = unsafe { self::path(path, path_length, "path") }?;
        // SAFETY: as the header asks.
        let program = &unsafe { raw::shared(program, "program") }?.program;
        // SAFETY: as the header asks.
        let options = unsafe { read(options) }?;
        out.hand_over(opened(parure_journal::create_with(path, program, options)?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, create) }
}

/// Opens the book that a journal keeps: as it was, whatever happened to the process that wrote it. One process has it open at a time.
/// `options` NULL is all of it zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_open(
    path: *const c_char,
    path_length: usize,
    options: *const parure_journal_options,
    book: *mut *mut parure_book,
    error: *mut *mut parure_error,
) -> parure_status {
    let open = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(book, "book") }?;
        // SAFETY: as the header asks.
        let path = unsafe { self::path(path, path_length, "path") }?;
        // SAFETY: as the header asks.
        let options = unsafe { read(options) }?;
        out.hand_over(opened(parure_journal::open_with(path, options)?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, open) }
}

/// Copies a journal as it is at this moment into another file, which there must not be yet. The copy may be opened and recorded to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_backup(
    book: *const parure_book,
    to: *const c_char,
    to_length: usize,
    error: *mut *mut parure_error,
) -> parure_status {
    let copy = || {
        // SAFETY: as the header asks.
        let journal = unsafe { raw::shared(book, "book") }?.journal()?;
        // SAFETY: as the header asks.
        let to = unsafe { path(to, to_length, "to") }?;
        Ok(journal.backup(to)?)
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, copy) }
}

/// Looks at all of a journal: every page, every fact, a fresh fold, what people with SQL see. `PARURE_FAULT` with `journal_damaged` and
/// the place of the first thing that is not as it was written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_verify(
    book: *const parure_book,
    view: *mut parure_verified_view,
    error: *mut *mut parure_error,
) -> parure_status {
    let verify = || {
        // SAFETY: as the header asks.
        let journal = unsafe { raw::shared(book, "book") }?.journal()?;
        let verified = journal.verify()?;
        let found = parure_verified_view {
            size: size_of::<parure_verified_view>(),
            facts: verified.facts,
            accounts: verified.accounts,
        };
        // SAFETY: as the header asks.
        unsafe { raw::fill(view, &found, "view") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, verify) }
}

/// Drops the contents of facts that a seal has settled from a journal, gives the room back, and tells how many they were. Ids, hashes and
/// postings stay. Back it up first: from then on only the book's own snapshot tells what they did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_compact(
    book: *mut parure_book,
    dropped: *mut usize,
    error: *mut *mut parure_error,
) -> parure_status {
    let compact = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(dropped, "dropped") }?;
        // SAFETY: as the header asks.
        let journal = unsafe { raw::alone(book, "book") }?.journal()?;
        out.set(journal.compact()?);
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, compact) }
}

/// Which facts a journal holds, as one line of JSON for another copy: `parure_book_changes_since` there answers with what is lacking here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_known(
    book: *const parure_book,
    known: *mut *mut parure_answer,
    error: *mut *mut parure_error,
) -> parure_status {
    let know = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(known, "known") }?;
        // SAFETY: as the header asks.
        let journal = unsafe { raw::shared(book, "book") }?.journal()?;
        out.hand_over(parure_answer { text: journal.known()?.to_text() });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, know) }
}

/// What a copy that knows this much lacks: at most so many facts, as lines of JSON for the host to move by any means. `more` is 1 where
/// there are more: ask again once the other copy has merged these.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_changes_since(
    book: *const parure_book,
    known: *const c_char,
    known_length: usize,
    most: usize,
    changes: *mut *mut parure_answer,
    more: *mut i32,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(changes, "changes") }?;
        // SAFETY: as the header asks.
        let out_more = unsafe { Out::new(more, "more") }?;
        // SAFETY: as the header asks.
        let journal = unsafe { raw::shared(book, "book") }?.journal()?;
        // SAFETY: as the header asks.
        let known = unsafe { raw::text(parure_text { data: known, length: known_length }, "known") }?;
        let found = journal.changes_since(&Known::parse(known)?, most)?;
        out_more.set(found.more.into());
        out.hand_over(parure_answer { text: found.text });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

/// Takes in what another copy sent, all of it or nothing; sent twice, late or in another order it does no harm. `received` is JSON: the facts
/// that were `new`, `known` or in conflict (`merged`), how many wait for a newer library (`waiting`), and the ids of those that happened
/// too far `ahead` of the clock.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_merge_changes(
    book: *mut parure_book,
    changes: *const c_char,
    changes_length: usize,
    received: *mut *mut parure_answer,
    error: *mut *mut parure_error,
) -> parure_status {
    let merge = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(received, "received") }?;
        // SAFETY: as the header asks.
        let journal = unsafe { raw::alone(book, "book") }?.journal()?;
        // SAFETY: as the header asks.
        let changes = unsafe { raw::text(parure_text { data: changes, length: changes_length }, "changes") }?;
        let received = serde_json::to_value(journal.merge_changes(changes)?);
        let text = received.map_or_else(|_| String::new(), |received| canonical(&received));
        out.hand_over(parure_answer { text });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, merge) }
}
