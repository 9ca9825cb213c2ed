//! The engine through its C functions: typed ones for quotes, purchases, returns, points spent and accounts, JSON for the rest.
//!
//! A fact that the core can't read can't be told in structs either: it goes the JSON way, as a host would send it. What the typed
//! functions answer is put together field by field and held to be what the same handle tells as JSON.
#![allow(unsafe_code, reason = "these are the functions of the C header, called as C calls them")]
#![allow(clippy::wildcard_imports, reason = "the whole header, as C includes it")]

use super::json::{request, told};
use super::{Door, fault};
use crate::scenario::{Action, Step};
use parure::calendar::{Day, Moment};
use parure::fact::{Fact, Quantity};
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

fn sized<T>() -> T {
    // SAFETY: used for the header's structs alone: numbers and pointers, for which zeros are values.
    unsafe { std::mem::zeroed() }
}

/// Scenarios tell of days to come.
fn any_day() -> parure_journal_options {
    parure_journal_options { size: size_of::<parure_journal_options>(), ahead_s: u32::MAX, ..sized() }
}

fn string(text: parure_text) -> Value {
    if text.data.is_null() {
        return Value::Null;
    }
    // SAFETY: a text that a live handle told.
    let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.length) };
    std::str::from_utf8(bytes).expect("answers are UTF-8").into()
}

fn parsed(text: parure_text) -> Value {
    serde_json::from_str(string(text).as_str().expect("a text")).expect("answers are JSON")
}

fn day(number: parure_day) -> Value {
    match number {
        0 => Value::Null,
        _ => format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100).into(),
    }
}

fn number(day: &str) -> parure_day {
    day.replace('-', "").parse().expect("a day")
}

fn list(count: usize, get: impl Fn(usize, *mut parure_text) -> parure_status) -> Value {
    let text = |at| {
        let mut text = parure_text { data: std::ptr::null(), length: 0 };
        assert_eq!(get(at, &raw mut text), parure_status::PARURE_OK);
        string(text)
    };
    let mut one_more = parure_text { data: std::ptr::null(), length: 0 };
    assert_eq!(get(count, &raw mut one_more), parure_status::PARURE_NO_SUCH_INDEX);
    (0..count).map(text).collect()
}

/// A fact's parts, kept while structs point into them.
struct Told {
    value: Value,
    currency: Currency,
    at: Moment,
}

impl Told {
    fn text(value: &Value) -> parure_text {
        value.as_str().map_or(parure_text { data: std::ptr::null(), length: 0 }, parure_text::of)
    }

    fn money(&self, value: &Value) -> i64 {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if value.is_null() { 0 } else { self.currency.money(&text).expect("an amount").minor() }
    }

    fn quantity(value: &Value) -> i64 {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if value.is_null() { PARURE_ONE_PIECE } else { Quantity::parse(&text).expect("a quantity").micros() }
    }

    fn envelope(&self) -> parure_envelope {
        let text = |key: &str| Self::text(&self.value[key]);
        parure_envelope {
            size: size_of::<parure_envelope>(),
            id: text("id"),
            at: parure_moment {
                micros: self.at.micros(),
                offset_minutes: i32::from(self.at.offset_minutes()),
            },
            customer: text("customer"),
            store: text("store"),
            staff: text("staff"),
            terminal: text("terminal"),
        }
    }

    /// Calls with the basket as structs.
    fn with_basket<T>(&self, purchase: &Value, call: impl FnOnce(&parure_basket) -> T) -> T {
        let rows = purchase["lines"].as_array().expect("lines");
        let parts: Vec<Vec<parure_component>> = rows
            .iter()
            .map(|row| {
                let parts = row["components"].as_object().into_iter().flatten();
                let part = |(name, amount): (&String, &Value)| parure_component {
                    size: size_of::<parure_component>(),
                    name: parure_text::of(name),
                    amount_minor: self.money(amount),
                };
                parts.map(part).collect()
            })
            .collect();
        let line = |(row, parts): (&Value, &Vec<parure_component>)| parure_line {
            size: size_of::<parure_line>(),
            id: Self::text(&row["id"]),
            item: Self::text(&row["item"]),
            category: Self::text(&row["category"]),
            quantity_micros: Self::quantity(&row["quantity"]),
            amount_minor: self.money(&row["amount"]),
            components: parts.as_ptr(),
            component_count: parts.len(),
        };
        let lines: Vec<parure_line> = rows.iter().zip(&parts).map(line).collect();
        let tender = |row: &Value| {
            let points = row["points"].as_i64().unwrap_or(0);
            let (kind, amount) = row
                .as_object()
                .expect("a tender")
                .iter()
                .find(|(key, _)| points == 0 || *key == "amount")
                .expect("an amount");
            parure_tender {
                size: size_of::<parure_tender>(),
                kind: if points == 0 { parure_text::of(kind) } else { parure_text::of("") },
                amount_minor: self.money(amount),
                points,
            }
        };
        let tenders: Vec<parure_tender> =
            purchase["tenders"].as_array().into_iter().flatten().map(tender).collect();
        call(&parure_basket {
            size: size_of::<parure_basket>(),
            lines: lines.as_ptr(),
            line_count: lines.len(),
            discount_minor: self.money(&purchase["discount"]),
            tenders: tenders.as_ptr(),
            tender_count: tenders.len(),
        })
    }
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
        Fact::from_json(text, self.currency).ok()?;
        let at = Moment::parse(value["at"].as_str()?).ok()?;
        Some(Told { value, currency: self.currency, at })
    }

    /// A fact through the typed function for its kind; none where there is no such function.
    fn record(&mut self, text: &str) -> Option<Value> {
        let told = self.told(text)?;
        let lines = told.value["purchased"]["lines"].as_array();
        if lines.is_some_and(|lines| lines.iter().any(|line| !line["piece"].is_null())) {
            // A struct has no serial number.
            return None;
        }
        let own = told.envelope();
        let envelope = &raw const own;
        let (mut outcome, mut error) = (null_mut(), null_mut());
        let status = if let Some(purchase) = told.value.get("purchased") {
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
            parure_status::PARURE_OK => outcome_of(outcome),
            _ => Self::wrong(status, error, ""),
        })
    }

    fn quote(&self, text: &str) -> Option<Value> {
        let mut fact: Value = serde_json::from_str(text).ok()?;
        let purchase = fact.as_object_mut()?.remove("purchase")?;
        fact["id"] = json!("quote");
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

/// The text of an answer, borrowed from it.
fn answered(answer: *mut parure_answer) -> parure_text {
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: the answer was handed over.
    assert_eq!(unsafe { parure_answer_text(answer, &raw mut text, null_mut()) }, parure_status::PARURE_OK);
    text
}

/// An outcome, field by field.
fn outcome_of(outcome: *mut parure_outcome) -> Value {
    let mut view = parure_outcome_view { size: size_of::<parure_outcome_view>(), ..sized() };
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: the outcome was handed over.
    let read = unsafe { parure_outcome_read(outcome, &raw mut view, null_mut()) };
    // SAFETY: the same.
    let told = unsafe { parure_outcome_json(outcome, &raw mut text, null_mut()) };
    assert_eq!([read, told], [parure_status::PARURE_OK; 2]);
    let told = parsed(text);
    // What has no fields: who is in conflict, what else changed.
    let (flags, changed) = (&told["outcome"]["flags"], &told["outcome"]["changed"]);
    assert_eq!(flags.as_array().map(Vec::len), Some(view.flag_count));
    assert_eq!(changed.as_array().map(Vec::len), Some(view.change_count));
    // SAFETY: the same outcome.
    let codes =
        list(view.flag_count, |at, text| unsafe { parure_outcome_flag(outcome, at, text, null_mut()) });
    let codes_told: Value = flags.as_array().into_iter().flatten().map(|flag| flag["code"].clone()).collect();
    assert_eq!(codes, codes_told);
    let status = if view.already_recorded == 1 { "already_recorded" } else { "accepted" };
    let tier = json!({ "before": string(view.tier_before), "after": string(view.tier_after) });
    let points = &told["outcome"]["points"];
    let answer = json!({ "status": status, "outcome": {
        "fact": string(view.fact),
        "account": string(view.account),
        "day": day(view.day),
        "points": {
            "wanted": view.wanted, "awarded": view.awarded, "debt_paid": view.debt_paid, "spent": view.spent,
            "restored": view.restored, "taken_back": view.taken_back, "owed": view.owed,
            // What these facts never do.
            "given": points["given"], "received": points["received"], "adjusted": points["adjusted"],
        },
        "balance": view.balance,
        "tier": if view.tier_before.data.is_null() { Value::Null } else { tier },
        // SAFETY: the same outcome.
        "rules": list(view.rule_count, |at, text| unsafe { parure_outcome_rule(outcome, at, text, null_mut()) }),
        "flags": flags,
        "changed": changed,
    }});
    assert_eq!(answer, told, "the fields of an outcome are not its JSON");
    // SAFETY: it is not used again.
    unsafe { parure_outcome_free(outcome) };
    answer
}

fn goals(count: usize, currency: Currency, get: impl Fn(usize, *mut parure_goal) -> parure_status) -> Value {
    let goal = |at| {
        let mut goal = parure_goal { size: size_of::<parure_goal>(), ..sized() };
        assert_eq!(get(at, &raw mut goal), parure_status::PARURE_OK);
        let mut told = match goal.kind {
            1 => json!({ "spend": currency.show(parure::money::Money::from_minor(goal.missing)) }),
            2 => json!({ "visits": goal.missing }),
            3 => json!({ "points": goal.missing }),
            4 => json!({ "growth": goal.missing }),
            other => panic!("goal {other}"),
        };
        if goal.within.length > 0 {
            told["within"] = string(goal.within);
        }
        told
    };
    (0..count).map(goal).collect()
}

/// A quote, field by field.
fn quote_of(quote: *mut parure_quote, currency: Currency) -> Value {
    let mut view = parure_quote_view { size: size_of::<parure_quote_view>(), ..sized() };
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: the quote was handed over.
    let read = unsafe { parure_quote_read(quote, &raw mut view, null_mut()) };
    // SAFETY: the same.
    let told = unsafe { parure_quote_json(quote, &raw mut text, null_mut()) };
    assert_eq!([read, told], [parure_status::PARURE_OK; 2]);
    let show = |minor| currency.show(parure::money::Money::from_minor(minor));
    // SAFETY: the same quote.
    let missing = goals(view.next_goal_count, currency, |at, goal| unsafe {
        parure_quote_next_goal(quote, at, goal, null_mut())
    });
    let next = json!({ "id": string(view.next_tier), "missing": missing });
    let answer = json!({
        "on": day(view.on),
        "to_pay": show(view.to_pay_minor),
        "earns": {
            "wanted": view.wanted, "awarded": view.awarded,
            // SAFETY: the same quote.
            "rules": list(view.rule_count, |at, text| unsafe { parure_quote_rule(quote, at, text, null_mut()) }),
        },
        "spendable": { "points": view.spendable_points, "amount": show(view.spendable_minor) },
        "tier": { "before": string(view.tier_before), "after": string(view.tier_after) },
        "next": if view.next_tier.data.is_null() { Value::Null } else { next },
    });
    assert_eq!(answer, parsed(text), "the fields of a quote are not its JSON");
    // SAFETY: it is not used again.
    unsafe { parure_quote_free(quote) };
    answer
}

/// An account, field by field.
fn account_of(account: *mut parure_account, currency: Currency) -> Value {
    let mut view = parure_account_view { size: size_of::<parure_account_view>(), ..sized() };
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: the account was handed over.
    let read = unsafe { parure_account_read(account, &raw mut view, null_mut()) };
    // SAFETY: the same.
    let told = unsafe { parure_account_json(account, &raw mut text, null_mut()) };
    assert_eq!([read, told], [parure_status::PARURE_OK; 2]);
    let told = parsed(text);
    let lot = |at| {
        let mut lot = parure_lot { size: size_of::<parure_lot>(), ..sized() };
        // SAFETY: the same account.
        let read = unsafe { parure_account_lot(account, at, &raw mut lot, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        json!({
            "fact": string(lot.fact), "points": lot.points,
            "first_day": day(lot.first_day), "last_day": day(lot.last_day),
        })
    };
    // SAFETY: the same account.
    let next = goals(view.next_goal_count, currency, |at, goal| unsafe {
        parure_account_next_goal(account, at, goal, null_mut())
    });
    // SAFETY: the same account.
    let keep = goals(view.keep_goal_count, currency, |at, goal| unsafe {
        parure_account_keep_goal(account, at, goal, null_mut())
    });
    let next = json!({ "id": string(view.next_tier), "missing": next });
    let keep = json!({ "by": day(view.keep_by), "missing": keep });
    let tier = json!({
        "id": string(view.tier), "name": string(view.tier_name), "since": day(view.tier_since),
        "until": day(view.tier_until), "by": string(view.tier_by),
        "next": if view.next_tier.data.is_null() { Value::Null } else { next },
        "keep": if view.keep_by == 0 { Value::Null } else { keep },
    });
    // SAFETY: the same account.
    let codes =
        list(view.flag_count, |at, text| unsafe { parure_account_flag(account, at, text, null_mut()) });
    let flags = told["flags"].as_array().cloned().unwrap_or_default();
    assert_eq!(codes, flags.iter().map(|flag| flag["code"].clone()).collect::<Value>());
    let mut answer = json!({
        "account": string(view.account),
        // SAFETY: the same account.
        "aliases": list(view.alias_count, |at, text| unsafe { parure_account_alias(account, at, text, null_mut()) }),
        "on": day(view.on),
        "joined": day(view.joined),
        "points": {
            "balance": view.balance, "usable": view.usable, "pending": view.pending, "debt": view.debt,
            "lots": (0..view.lot_count).map(lot).collect::<Value>(),
            // Sums since the beginning are no business of a till's.
            "totals": told["points"]["totals"],
        },
        "tier": if view.tier.data.is_null() { Value::Null } else { tier },
        "flags": flags,
    });
    if view.has_growth == 1 {
        answer["growth"] = json!(view.growth);
    }
    assert_eq!(answer, told, "the fields of an account are not its JSON");
    // SAFETY: it is not used again.
    unsafe { parure_account_free(account) };
    answer
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
            Action::Restart => Some(self.restart()),
            Action::Account { .. }
            | Action::Customer { .. }
            | Action::Timeline(_)
            | Action::Export { .. }
            | Action::Find(_)
            | Action::Agenda(_)
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
