//! A book: facts go in, questions are asked.

use crate::account::parure_account;
use crate::agenda::parure_agenda;
use crate::answer::{parure_answer, parure_bytes};
use crate::basket::{
    Envelope, parure_basket, parure_envelope, parure_redemption, parure_return, purchase, redeemed, returned,
};
use crate::error::{Trouble, parure_error};
use crate::found::parure_found;
use crate::guard::{guard, quietly};
use crate::outcome::parure_outcome;
use crate::program::parure_program;
use crate::quote::parure_quote;
use crate::raw::{self, Out};
use crate::status::parure_status;
use crate::values::{day, number, parure_day, parure_moment, parure_text};
use parure::book::{Answer, Book, Bookkeeper};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::money::Currency;
use parure_journal::{Journal, Shop};
use std::ffi::c_char;

/// What follows from a program and the facts: in memory, or kept in a file. Functions that take it as `const` may be called by several
/// threads at once, as long as none calls one of the others.
pub struct parure_book {
    kept: Kept,
    /// Set while the book is being changed: it stays set where that ended in a panic, and then nobody may look at it any more.
    broken: bool,
}

/// Where a book is.
#[expect(clippy::large_enum_variant, reason = "it is behind a handle, on the heap already")]
pub(crate) enum Kept {
    Memory(Book),
    File(Journal),
}

impl parure_book {
    pub(crate) fn of(kept: Kept) -> parure_book {
        parure_book { kept, broken: false }
    }

    fn in_memory(book: Book) -> parure_book {
        parure_book::of(Kept::Memory(book))
    }

    fn whole(&self) -> Result<&Kept, Trouble> {
        if !self.broken {
            return Ok(&self.kept);
        }
        let message = "a fault of the library met this book while it was being changed";
        let advice = match &self.kept {
            Kept::Memory(_) => "free it and open it from its last snapshot",
            Kept::File(_) => "free it and open the file again: it holds what was answered",
        };
        let fault = Fault::new("broken_book", message).advise(advice);
        Err(Trouble::new(parure_status::PARURE_PANIC, fault))
    }

    /// Asks the book.
    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Book) -> Result<T, Trouble>) -> Result<T, Trouble> {
        match self.whole()? {
            Kept::Memory(book) => question(book),
            Kept::File(journal) => journal.ask(question),
        }
    }

    fn currency(&self) -> Result<Currency, Trouble> {
        self.ask(|book| Ok(book.currency()))
    }

    /// Changes the book.
    pub(crate) fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Shop<'_>) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        self.whole()?;
        self.broken = true;
        let changed = match &mut self.kept {
            Kept::Memory(book) => change(&mut Shop::Book(book)),
            Kept::File(journal) => change(&mut Shop::Journal(journal)),
        };
        self.broken = false;
        changed
    }

    /// The file, for what only a file can do.
    pub(crate) fn journal(&self) -> Result<&Journal, Trouble> {
        match self.whole()? {
            Kept::File(journal) => Ok(journal),
            Kept::Memory(_) => {
                let fault = Fault::new("no_journal", "this book is kept in memory alone");
                let advice = "open one that is kept in a file: `parure_book_open`, `parure_book_create`";
                Err(fault.at("book").advise(advice).into())
            }
        }
    }
}

/// Opens a book without facts, in memory.
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
        out.hand_over(parure_book::in_memory(Book::new(program.program.clone())));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, open) }
}

/// Opens a book from the bytes of a snapshot, in memory.
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
        out.hand_over(parure_book::in_memory(Book::restore(bytes.to_vec())?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, open) }
}

/// The whole book as bytes: what a book in memory is kept by.
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
        let bytes = unsafe { raw::shared(book, "book") }?.ask(|book| Ok(book.snapshot()))?;
        out.hand_over(parure_bytes { bytes });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, save) }
}

/// Frees a book, and closes its file where it has one. NULL is fine. What it answered lives on.
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
        let book = unsafe { raw::shared(book, "book") }?;
        // SAFETY: as the header asks.
        let at = unsafe { raw::shared(at, "at") }?.moment()?;
        out.set(number(book.ask(|book| Ok(book.day_of(at)))?));
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
        let book = unsafe { raw::shared(book, "book") }?;
        let customer = parure_text { data: customer, length: customer_length };
        // SAFETY: as the header asks.
        let customer = unsafe { raw::text(customer, "customer") }?;
        let on = day(on, "on")?;
        out.hand_over(parure_account::from(book.ask(|book| Ok(book.account(customer, on)?))?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

/// Finds who may be meant by what is typed at the till: a phone or its last digits, a name as it is written or sounds (`zw` for 张伟), the start of an
/// e-mail address, a card, a serial number; the likeliest first. Nobody is an answer too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_find(
    book: *const parure_book,
    typed: *const c_char,
    typed_length: usize,
    limit: usize,
    found: *mut *mut parure_found,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(found, "found") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::shared(book, "book") }?;
        let typed = parure_text { data: typed, length: typed_length };
        // SAFETY: as the header asks.
        let typed = unsafe { raw::text(typed, "typed") }?;
        out.hand_over(parure_found::from(book.ask(|book| Ok(book.find(typed, limit)))?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

/// What is due on a day, as of its end: whom to write to, whom to call. What was reported as sent, done or declined is not due again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_agenda(
    book: *const parure_book,
    on: parure_day,
    agenda: *mut *mut parure_agenda,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(agenda, "agenda") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::shared(book, "book") }?;
        let on = day(on, "on")?;
        out.hand_over(parure_agenda::from(book.ask(|book| Ok(book.agenda(on)))?));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

/// What is due for one customer on a day, for who stands at the till. `PARURE_REFUSED` for someone nobody knows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_book_agenda_of(
    book: *const parure_book,
    customer: *const c_char,
    customer_length: usize,
    on: parure_day,
    agenda: *mut *mut parure_agenda,
    error: *mut *mut parure_error,
) -> parure_status {
    let answer = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::handle(agenda, "agenda") }?;
        // SAFETY: as the header asks.
        let book = unsafe { raw::shared(book, "book") }?;
        let customer = parure_text { data: customer, length: customer_length };
        // SAFETY: as the header asks.
        let customer = unsafe { raw::text(customer, "customer") }?;
        let on = day(on, "on")?;
        out.hand_over(parure_agenda::from(book.ask(|book| Ok(book.agenda_of(customer, on)?))?));
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
        let book = unsafe { raw::shared(book, "book") }?;
        // SAFETY: as the header asks.
        let envelope = unsafe { Envelope::read(envelope) }?;
        // SAFETY: as the header asks.
        let purchase = unsafe { purchase(basket, book.currency()?) }?;
        let store = Some(envelope.store).filter(|store| !store.is_empty());
        let at = envelope.at.moment()?;
        let told =
            book.ask(|book| Ok(book.quote_of(envelope.id, envelope.customer, at, store, &purchase)))?;
        out.hand_over(parure_quote::from(told));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, answer) }
}

fn record(book: &mut parure_book, fact: &Fact<'_>) -> Result<parure_outcome, Trouble> {
    match book.change(|shop| Ok(shop.record(fact)?))? {
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
        let purchase = unsafe { purchase(basket, book.currency()?) }?;
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
        let currency = book.currency()?;
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
        let (points, amount, reward) = unsafe { redeemed(redemption, book.currency()?) }?;
        let fact = Fact::redeemed(envelope.id, envelope.at.moment()?, envelope.customer, points, reward)?
            .with_amount(amount)?;
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
        let book = unsafe { raw::shared(book, "book") }?;
        let request = parure_text { data: request, length: request_length };
        // SAFETY: as the header asks.
        let request = unsafe { raw::text(request, "request") }?;
        let text = book.ask(|book| Ok(parure_json::ask(book, request)?))?;
        out.hand_over(parure_answer { text });
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
        let text = book.change(|shop| Ok(parure_json::tell(shop, request)?))?;
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
        let mut book = parure_book::in_memory(Book::new(Program::parse("m", text).unwrap()));
        let broke = catch_unwind(AssertUnwindSafe(|| {
            book.change(|_| -> Result<(), Trouble> { panic!("half a fact") })
        }));
        assert!(broke.is_err());
        assert_eq!(book.ask(|_| Ok(())).unwrap_err().status(), parure_status::PARURE_PANIC);
        assert_eq!(book.change(|_| Ok(())).unwrap_err().status(), parure_status::PARURE_PANIC);
    }
}
