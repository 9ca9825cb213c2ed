//! The engine through its C functions: typed ones for quotes, purchases, returns, points spent and accounts, JSON for the rest.
//!
//! A fact that the core can't read can't be told in structs either: it goes the JSON way, as a host would send it. What the typed
//! functions answer is put together in `c_answers`.
#![allow(unsafe_code, reason = "these are the functions of the C header, called as C calls them")]
#![allow(clippy::wildcard_imports, reason = "the whole header, as C includes it")]

use super::c_answers::{
    account_of, agenda_of, answered, found_of, outcome_of, parsed, quote_of, sized, string,
};
use super::c_told::Told;
use super::json::{request, told};
use super::{Door, FOUND, fault};
use crate::scenario::{Action, Step};
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::money::Currency;
use parure_c::*;
use serde_json::{Value, json};
use std::ptr::null_mut;
use tempfile::TempDir;

/// A book behind a handle.
#[derive(Debug)]
pub struct CDoor {
    book: *mut parure_book,
    currency: Currency,
    /// Steps that went through typed functions.
    pub typed: usize,
    /// Steps that went as JSON.
    pub json: usize,
    /// Where its file is, if it has one.
    folder: Option<TempDir>,
}

/// The same over a journal: each restart closes the file and opens it again.
#[derive(Debug)]
pub struct CJournalDoor(CDoor);

impl Drop for CDoor {
    fn drop(&mut self) {
        // SAFETY: the handle is this door's own.
        unsafe { parure_book_free(self.book) };
    }
}

/// Scenarios tell of days to come.
fn any_day() -> parure_journal_options {
    parure_journal_options { size: size_of::<parure_journal_options>(), ahead_s: u32::MAX, ..sized() }
}

fn number(day: &str) -> parure_day {
    day.replace('-', "").parse().expect("a day")
}

impl CDoor {
    /// What a call answered instead of a handle.
    fn wrong(status: parure_status, error: *mut parure_error, within: &str) -> Value {
        let mut text = parure_text { data: std::ptr::null(), length: 0 };
        let mut view = parure_error_view { size: size_of::<parure_error_view>(), ..sized() };
        // SAFETY: the error that the call handed over.
        assert_eq!(
            unsafe { parure_error_json(error, &raw mut text) },
            parure_status::PARURE_OK,
            "{status:?}"
        );
        // SAFETY: the same error.
        assert_eq!(unsafe { parure_error_read(error, &raw mut view) }, parure_status::PARURE_OK);
        let told = parsed(text);
        assert_eq!(
            (string(view.code), string(view.message)),
            (told["code"].clone(), told["message"].clone())
        );
        let answer = match status {
            parure_status::PARURE_REFUSED => {
                let refusal = json!({ "code": told["code"], "message": told["message"] });
                json!({ "status": "refused", "refusal": refusal })
            }
            parure_status::PARURE_FAULT => fault(told, within),
            other => panic!("{other:?}: {told}"),
        };
        // SAFETY: it is not used again.
        unsafe { parure_error_free(error) };
        answer
    }

    fn told(&self, text: &str) -> Option<Told> {
        let value: Value = serde_json::from_str(text).ok()?;
        let fact = Fact::from_json(text, self.currency).ok()?;
        if !fact.drawn().is_empty() {
            // What a book fills in is told as JSON alone.
            return None;
        }
        let at = Moment::parse(value["at"].as_str()?).ok()?;
        Some(Told { value, currency: self.currency, at })
    }

    /// A fact through the typed function for its kind; none where there is no such function.
    fn record(&mut self, text: &str) -> Option<Value> {
        let told = self.told(text)?;
        let own = told.envelope();
        let envelope = &raw const own;
        let (mut outcome, mut error) = (null_mut(), null_mut());
        let status = if let Some(purchase) = told.value.get("purchased") {
            if !has_struct(purchase) {
                return None;
            }
            told.with_basket(purchase, |basket| {
                // SAFETY: structs that stay there during the call.
                unsafe {
                    parure_book_record_purchase(self.book, envelope, basket, &raw mut outcome, &raw mut error)
                }
            })
        } else if let Some(returned) = told.value.get("returned") {
            let line = |row: &Value| parure_returned_line {
                size: size_of::<parure_returned_line>(),
                id: Told::text(&row["id"]),
                quantity_micros: Told::quantity(&row["quantity"]),
                amount_minor: told.money(&row["amount"]),
            };
            let lines: Vec<parure_returned_line> =
                returned["lines"].as_array().expect("lines").iter().map(line).collect();
            let returned = parure_return {
                size: size_of::<parure_return>(),
                purchase: Told::text(&returned["purchase"]),
                lines: lines.as_ptr(),
                line_count: lines.len(),
            };
            // SAFETY: structs that stay there during the call.
            unsafe {
                parure_book_record_return(
                    self.book,
                    envelope,
                    &raw const returned,
                    &raw mut outcome,
                    &raw mut error,
                )
            }
        } else if let Some(redeemed) = told.value.get("redeemed") {
            let redemption = parure_redemption {
                size: size_of::<parure_redemption>(),
                points: redeemed["points"].as_i64().expect("points"),
                reward: Told::text(&redeemed["reward"]),
                amount_minor: redeemed.get("amount").map_or(0, |amount| told.money(amount)),
            };
            // SAFETY: structs that stay there during the call.
            unsafe {
                parure_book_record_redemption(
                    self.book,
                    envelope,
                    &raw const redemption,
                    &raw mut outcome,
                    &raw mut error,
                )
            }
        } else {
            return None;
        };
        Some(match status {
            parure_status::PARURE_OK => outcome_of(outcome, told.currency),
            _ => Self::wrong(status, error, ""),
        })
    }

    fn quote(&self, text: &str) -> Option<Value> {
        let mut fact: Value = serde_json::from_str(text).ok()?;
        let purchase = fact.as_object_mut()?.remove("purchase").filter(has_struct)?;
        if fact["id"].is_null() {
            fact["id"] = json!("quote");
        }
        fact["purchased"] = purchase;
        let told = self.told(&fact.to_string())?;
        let envelope = told.envelope();
        let (mut quote, mut error) = (null_mut(), null_mut());
        let status = told.with_basket(&told.value["purchased"], |basket| {
            // SAFETY: structs that stay there during the call.
            unsafe {
                parure_book_quote(self.book, &raw const envelope, basket, &raw mut quote, &raw mut error)
            }
        });
        Some(match status {
            parure_status::PARURE_OK => quote_of(quote, self.currency),
            _ => Self::wrong(status, error, ""),
        })
    }

    /// The file that keeps the book.
    fn file(&self) -> Option<String> {
        let path = self.folder.as_ref()?.path().join("shop.db");
        Some(path.to_str().expect("a folder of UTF-8").to_owned())
    }

    fn verify(&self) -> Result<usize, String> {
        let mut view = parure_verified_view { size: size_of::<parure_verified_view>(), ..sized() };
        let mut error = null_mut();
        // SAFETY: the handle is this door's own.
        let status = unsafe { parure_book_verify(self.book, &raw mut view, &raw mut error) };
        match status {
            parure_status::PARURE_OK => Ok(view.facts),
            _ => Err(Self::wrong(status, error, "").to_string()),
        }
    }

    fn account(&self, customer: &str, on: &str) -> Value {
        let (mut account, mut error) = (null_mut(), null_mut());
        // SAFETY: texts that stay there during the call.
        let status = unsafe {
            parure_book_account(
                self.book,
                customer.as_ptr().cast(),
                customer.len(),
                number(on),
                &raw mut account,
                &raw mut error,
            )
        };
        match status {
            parure_status::PARURE_OK => account_of(account, self.currency),
            _ => Self::wrong(status, error, ""),
        }
    }

    fn find(&self, typed: &str) -> Value {
        let (mut found, mut error) = (null_mut(), null_mut());
        let (data, length) = (typed.as_ptr().cast(), typed.len());
        // SAFETY: a text that stays there during the call.
        let status =
            unsafe { parure_book_find(self.book, data, length, FOUND, &raw mut found, &raw mut error) };
        match status {
            parure_status::PARURE_OK => found_of(found),
            _ => Self::wrong(status, error, ""),
        }
    }

    /// What is due for all; what is due for each of them alone must be a part of it.
    fn agenda(&self, on: &str) -> Value {
        let (mut agenda, mut error) = (null_mut(), null_mut());
        // SAFETY: the handle is this door's own.
        let status = unsafe { parure_book_agenda(self.book, number(on), &raw mut agenda, &raw mut error) };
        if status != parure_status::PARURE_OK {
            return Self::wrong(status, error, "");
        }
        let answer = agenda_of(agenda, self.currency);
        let all = answer["due"].as_array().cloned().unwrap_or_default();
        for due in &all {
            let customer = due["customer"].as_str().expect("an id");
            let (data, length, mut own) = (customer.as_ptr().cast(), customer.len(), null_mut());
            // SAFETY: a text that stays there during the call.
            let status = unsafe {
                parure_book_agenda_of(self.book, data, length, number(on), &raw mut own, null_mut())
            };
            assert_eq!(status, parure_status::PARURE_OK);
            let own = agenda_of(own, self.currency);
            let theirs = all.iter().filter(|other| other["customer"] == due["customer"]).count();
            let told = own["due"].as_array().cloned().unwrap_or_default();
            assert_eq!((told.contains(due), told.len()), (true, theirs));
        }
        answer
    }

    fn as_json(&mut self, action: &Action) -> Value {
        let (request, within) = request(action).expect("a request");
        let (mut answer, mut error) = (null_mut(), null_mut());
        // SAFETY: a text that stays there during the call.
        let status = unsafe {
            parure_book_tell(
                self.book,
                request.as_ptr().cast(),
                request.len(),
                &raw mut answer,
                &raw mut error,
            )
        };
        match status {
            parure_status::PARURE_OK => {
                let read = parsed(answered(answer));
                // SAFETY: it is not used again.
                unsafe { parure_answer_free(answer) };
                told(action, read)
            }
            _ => Self::wrong(status, error, &within),
        }
    }

    fn restart(&mut self) -> Value {
        if let Some(path) = self.file() {
            // SAFETY: the handle is this door's own, and another stands in its place below.
            unsafe { parure_book_free(std::mem::replace(&mut self.book, null_mut())) };
            let mut error = null_mut();
            let options = any_day();
            // SAFETY: a text that stays there during the call.
            let status = unsafe {
                parure_book_open(
                    path.as_ptr().cast(),
                    path.len(),
                    &raw const options,
                    &raw mut self.book,
                    &raw mut error,
                )
            };
            return match status {
                parure_status::PARURE_OK => json!({ "status": "restarted" }),
                _ => Self::wrong(status, error, ""),
            };
        }
        let (mut bytes, mut book) = (null_mut(), null_mut());
        let (mut data, mut length) = (std::ptr::null(), 0);
        // SAFETY: the handle is this door's own.
        let saved = unsafe { parure_book_snapshot(self.book, &raw mut bytes, null_mut()) };
        // SAFETY: the bytes were handed over.
        let read = unsafe { parure_bytes_read(bytes, &raw mut data, &raw mut length, null_mut()) };
        // SAFETY: the bytes live on.
        let restored = unsafe { parure_book_restore(data, length, &raw mut book, null_mut()) };
        assert_eq!([saved, read, restored], [parure_status::PARURE_OK; 3]);
        // SAFETY: they are not used again.
        unsafe { parure_bytes_free(bytes) };
        // SAFETY: another book stands in its place now.
        unsafe { parure_book_free(std::mem::replace(&mut self.book, book)) };
        json!({ "status": "restarted" })
    }
}

impl CDoor {
    /// A book under a program, in memory or in a file of the folder.
    fn begin(name: &str, text: &str, folder: Option<TempDir>) -> Result<Self, String> {
        let (mut program, mut book, mut error) = (null_mut(), null_mut(), null_mut());
        // SAFETY: texts that stay there during the call.
        let status = unsafe {
            parure_program_parse(
                name.as_ptr().cast(),
                name.len(),
                text.as_ptr().cast(),
                text.len(),
                &raw mut program,
                &raw mut error,
            )
        };
        if status != parure_status::PARURE_OK {
            let mut text = parure_text { data: std::ptr::null(), length: 0 };
            // SAFETY: the error was handed over.
            assert_eq!(unsafe { parure_error_text(error, &raw mut text) }, parure_status::PARURE_OK);
            return Err(string(text).as_str().unwrap_or_default().to_owned());
        }
        let mut view = parure_program_view { size: size_of::<parure_program_view>(), ..sized() };
        // SAFETY: the program was handed over.
        let read = unsafe { parure_program_read(program, &raw mut view, null_mut()) };
        let currency = Currency::parse(string(view.currency).as_str().unwrap_or_default());
        let mut door =
            CDoor { book: null_mut(), currency: currency.expect("a currency"), typed: 0, json: 0, folder };
        let opened = match door.file() {
            // SAFETY: the same program.
            None => unsafe { parure_book_new(program, &raw mut book, null_mut()) },
            // SAFETY: the same program, and a text that stays there during the call.
            Some(path) => unsafe {
                let (data, options) = (path.as_ptr().cast(), any_day());
                parure_book_create(data, path.len(), program, &raw const options, &raw mut book, null_mut())
            },
        };
        // SAFETY: it is not used again.
        unsafe { parure_program_free(program) };
        assert_eq!([read, opened], [parure_status::PARURE_OK; 2]);
        door.book = book;
        Ok(door)
    }
}

impl Door for CJournalDoor {
    const NAME: &'static str = "C over a journal";

    fn open(name: &str, program: &str) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|why| why.to_string())?;
        CDoor::begin(name, program, Some(folder)).map(CJournalDoor)
    }

    fn answer(&mut self, step: &Step) -> Value {
        self.0.answer(step)
    }

    fn all(&self, on: &str) -> String {
        self.0.all(on)
    }
}

impl CJournalDoor {
    /// What is found in the file: how many facts.
    ///
    /// # Errors
    /// What is not as it was written.
    pub fn verify(&self) -> Result<usize, String> {
        self.0.verify()
    }
}

impl Door for CDoor {
    const NAME: &'static str = "C";

    fn open(name: &str, program: &str) -> Result<Self, String> {
        CDoor::begin(name, program, None)
    }

    fn answer(&mut self, step: &Step) -> Value {
        let typed = match &step.action {
            Action::Record(text) => self.record(text),
            Action::Quote(text) => self.quote(text),
            Action::Account { customer, on } if Day::parse(on).is_ok() => Some(self.account(customer, on)),
            Action::Find(typed) => Some(self.find(typed)),
            Action::Agenda(on) if Day::parse(on).is_ok() => Some(self.agenda(on)),
            Action::Restart => Some(self.restart()),
            Action::Account { .. }
            | Action::Agenda(_)
            | Action::Customer { .. }
            | Action::Timeline(_)
            | Action::Rewards(_)
            | Action::Export { .. }
            | Action::Merge(_)
            | Action::Report(_)
            | Action::Seal(_) => None,
        };
        match typed {
            Some(answer) => {
                self.typed += 1;
                answer
            }
            None => {
                self.json += 1;
                self.as_json(&step.action)
            }
        }
    }

    fn all(&self, on: &str) -> String {
        let request = json!({ "accounts": { "on": on } }).to_string();
        let mut answer = null_mut();
        // SAFETY: a text that stays there during the call.
        let status = unsafe {
            parure_book_ask(self.book, request.as_ptr().cast(), request.len(), &raw mut answer, null_mut())
        };
        assert_eq!(status, parure_status::PARURE_OK);
        let all = string(answered(answer)).as_str().unwrap_or_default().to_owned();
        // SAFETY: it is not used again.
        unsafe { parure_answer_free(answer) };
        all
    }
}

/// Whether a basket can be told in structs: fields that a program declares for pieces are told as JSON.
fn has_struct(purchase: &Value) -> bool {
    let is_plain = |line: &Value| line["custom"].is_null();
    purchase["lines"].as_array().is_some_and(|lines| lines.iter().all(is_plain))
}
