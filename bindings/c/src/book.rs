//! A book: facts go in, questions are asked.

use crate::account::parure_account;
use crate::answer::{parure_answer, parure_bytes};
use crate::basket::{
    Envelope, parure_basket, parure_envelope, parure_redemption, parure_return, purchase, redeemed, returned,
};
use crate::error::{Trouble, parure_error};
use crate::guard::{guard, quietly};
use crate::outcome::parure_outcome;
use crate::program::parure_program;
use crate::quote::parure_quote;
use crate::raw::{self, Out};
use crate::status::parure_status;
use crate::values::{day, number, parure_day, parure_moment, parure_text};
use parure::book::{Answer, Book};
use parure::fact::Fact;
use parure::fault::Fault;
use std::ffi::c_char;

/// What follows from a program and the facts. Functions that take it as `const` may be called by several threads at once, as long as
/// none calls one of the others.
pub struct parure_book {
    book: Book,
    /// Set while the book is being changed: it stays set where that ended in a panic, and then nobody may look at it any more.
    broken: bool,
}

impl parure_book {
    pub(crate) fn whole(&self) -> Result<&Book, Trouble> {
        if self.broken { Err(broken()) } else { Ok(&self.book) }
    }

    /// Changes the book.
    pub(crate) fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Book) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        if self.broken {
            return Err(broken());
        }
        self.broken = true;
        let changed = change(&mut self.book);
        self.broken = false;
        changed
    }
}

fn broken() -> Trouble {
    let fault = Fault::new("broken_book", "a fault of the library met this book while it was being changed");
    Trouble::new(parure_status::PARURE_PANIC, fault.advise("free it and open it from its last snapshot"))
}

/// Opens a book without facts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_new(
    program: *const parure_program,
    book: *mut *mut parure_book,
    error: *mut *mut parure_error,
) -> parure_status {
    let open = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(book, "book") }?;
        // SAFETY: as the header asks.
        let program = unsafe { raw::shared(program, "program") }?;
        out.hand_over(parure_book { book: Book::new(program.program.clone()), broken: false });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, open) }
}

/// Opens a book from the bytes of a snapshot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_restore(
    bytes: *const u8,
    length: usize,
    book: *mut *mut parure_book,
    error: *mut *mut parure_error,
) -> parure_status {
    let open = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(book, "book") }?;
        // SAFETY: as the header asks.
        let bytes = unsafe { raw::bytes(bytes, length, "bytes") }?;
        out.hand_over(parure_book { book: Book::restore(bytes.to_vec())?, broken: false });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, open) }
}

/// The whole book as bytes, to be kept in a file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_snapshot(
    book: *const parure_book,
    bytes: *mut *mut parure_bytes,
    error: *mut *mut parure_error,
) -> parure_status {
    let save = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(bytes, "bytes") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::shared(book, "book") }?.whole()?;
        out.hand_over(parure_bytes { bytes: book.snapshot() });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, save) }
}

/// Frees a book. NULL is fine. What it answered lives on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_free(book: *mut parure_book) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(book) };
        Ok(())
    });
}

/// The day of an instant, by the program's time zone: the `on` of `parure_book_account` for now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_day(
    book: *const parure_book,
    at: *const parure_moment,
    day: *mut parure_day,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(day, "day") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::shared(book, "book") }?.whole()?;
        // SAFETY: as the header asks.
        let at = unsafe { raw::shared(at, "at") }?;
        out.set(number(book.day_of(at.moment()?)));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

/// Finds a customer by id and tells their account at the end of a day. Nobody of that id is `PARURE_REFUSED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_account(
    book: *const parure_book,
    customer: *const c_char,
    customer_length: usize,
    on: parure_day,
    account: *mut *mut parure_account,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(account, "account") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::shared(book, "book") }?.whole()?;
        let customer = parure_text { data: customer, length: customer_length };
        // SAFETY: as the header asks.
        let customer = unsafe { raw::text(customer, "customer") }?;
        out.hand_over(parure_account::from(book.account(customer, day(on, "on")?)?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

/// Tells what a basket would do if it were bought now. Nothing changes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_quote(
    book: *const parure_book,
    envelope: *const parure_envelope,
    basket: *const parure_basket,
    quote: *mut *mut parure_quote,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(quote, "quote") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::shared(book, "book") }?.whole()?;
        // SAFETY: as the header asks.
        let envelope = unsafe { Envelope::read(envelope) }?;
        // SAFETY: as the header asks.
        let purchase = unsafe { purchase(basket, book.currency()) }?;
        let store = Some(envelope.store).filter(|store| !store.is_empty());
        let told = book.quote(envelope.customer, envelope.at.moment()?, store, &purchase);
        out.hand_over(parure_quote::from(told));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

fn record(book: &mut parure_book, fact: &Fact<'_>) -> Result<parure_outcome, Trouble> {
    match book.change(|book| Ok(book.record(fact)?))? {
        Answer::Refused { refusal } => Err(refusal.into()),
        accepted => Ok(parure_outcome::from(accepted)),
    }
}

/// Records a purchase that is happening now. The same one again changes nothing and tells what it does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_record_purchase(
    book: *mut parure_book,
    envelope: *const parure_envelope,
    basket: *const parure_basket,
    outcome: *mut *mut parure_outcome,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(outcome, "outcome") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::alone(book, "book") }?;
        // SAFETY: as the header asks.
        let envelope = unsafe { Envelope::read(envelope) }?;
        // SAFETY: as the header asks.
        let purchase = unsafe { purchase(basket, book.whole()?.currency()) }?;
        let fact = Fact::purchased(envelope.id, envelope.at.moment()?, envelope.customer, purchase)?;
        out.hand_over(record(book, &envelope.on(fact)?)?);
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

/// Records that something is given back now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_record_return(
    book: *mut parure_book,
    envelope: *const parure_envelope,
    returned: *const parure_return,
    outcome: *mut *mut parure_outcome,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(outcome, "outcome") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::alone(book, "book") }?;
        // SAFETY: as the header asks.
        let envelope = unsafe { Envelope::read(envelope) }?;
        let currency = book.whole()?.currency();
        // SAFETY: as the header asks.
        let (purchase, lines) = unsafe { self::returned(returned, currency) }?;
        let (id, at) = (envelope.id, envelope.at.moment()?);
        let fact = Fact::returned(id, at, envelope.customer, purchase, lines, currency)?;
        out.hand_over(record(book, &envelope.on(fact)?)?);
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

/// Records that points are spent on a reward now. Points that pay for a basket are one of its tenders.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_record_redemption(
    book: *mut parure_book,
    envelope: *const parure_envelope,
    redemption: *const parure_redemption,
    outcome: *mut *mut parure_outcome,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(outcome, "outcome") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::alone(book, "book") }?;
        // SAFETY: as the header asks.
        let envelope = unsafe { Envelope::read(envelope) }?;
        // SAFETY: as the header asks.
        let (points, reward) = unsafe { redeemed(redemption) }?;
        let fact = Fact::redeemed(envelope.id, envelope.at.moment()?, envelope.customer, points, reward)?;
        out.hand_over(record(book, &envelope.on(fact)?)?);
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

/// Asks the book in JSON: docs/json.schema.json tells what. A "no" of the book's is an answer here, with `refused` as its status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_ask(
    book: *const parure_book,
    request: *const c_char,
    request_length: usize,
    answer: *mut *mut parure_answer,
    error: *mut *mut parure_error,
) -> parure_status {
    let ask = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(answer, "answer") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::shared(book, "book") }?.whole()?;
        let request = parure_text { data: request, length: request_length };
        // SAFETY: as the header asks.
        let request = unsafe { raw::text(request, "request") }?;
        out.hand_over(parure_answer { text: parure_json::ask(book, request)? });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, ask) }
}

/// Tells the book what happened, in JSON, or asks it: facts of all kinds, what other tills saw (`merge`), seals.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_tell(
    book: *mut parure_book,
    request: *const c_char,
    request_length: usize,
    answer: *mut *mut parure_answer,
    error: *mut *mut parure_error,
) -> parure_status {
    let tell = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(answer, "answer") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::alone(book, "book") }?;
        let request = parure_text { data: request, length: request_length };
        // SAFETY: as the header asks.
        let request = unsafe { raw::text(request, "request") }?;
        let text = book.change(|book| Ok(parure_json::tell(book, request)?))?;
        out.hand_over(parure_answer { text });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, tell) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parure::program::Program;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn a_book_that_broke_while_it_was_changed_is_not_used_again() {
        let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
        let mut book = parure_book { book: Book::new(Program::parse("m", text).unwrap()), broken: false };
        let broke = catch_unwind(AssertUnwindSafe(|| {
            book.change(|_| -> Result<(), Trouble> { panic!("half a fact") })
        }));
        assert!(broke.is_err());
        assert_eq!(book.whole().unwrap_err().status(), parure_status::PARURE_PANIC);
        assert_eq!(book.change(|_| Ok(())).unwrap_err().status(), parure_status::PARURE_PANIC);
    }
}
