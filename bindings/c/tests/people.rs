//! Finding people and what is due for them, in structs: what a caller can do wrong, and tills that were built before lines had serial numbers.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a list of calls")]
#![allow(clippy::wildcard_imports, reason = "the whole header, as C includes it")]

use parure_c::parure_status::*;
use parure_c::*;
use std::mem::offset_of;
use std::ptr::{null, null_mut};

/// The birthday's task is due from 13 May on, its message where the customer agreed to it.
const RULES: &str = r#"
edition = 2026
name = "Maison"
effective = 2026-01-01
currency = "CNY"
time_zone = "Asia/Shanghai"

[[trigger]]
id = "birthday"
on = { date = "birthday", before = "7 days" }
task = { what = "电话祝福" }
"#;

/// A book that is freed with it.
struct Shop(*mut parure_book);

impl Drop for Shop {
    fn drop(&mut self) {
        // SAFETY: its own handle.
        unsafe { parure_book_free(self.0) };
    }
}

fn zero<T>() -> T {
    // SAFETY: used for the header's structs alone: numbers and pointers, for which zeros are values.
    unsafe { std::mem::zeroed() }
}

fn shown(text: parure_text) -> Option<String> {
    if text.data.is_null() {
        return None;
    }
    // SAFETY: a text that a live handle told.
    let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.length) };
    Some(String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

/// The code and path of an error, which is freed.
fn code(error: *mut parure_error) -> (String, String) {
    let mut view = parure_error_view { size: size_of::<parure_error_view>(), ..zero() };
    // SAFETY: an error that was handed over.
    unsafe {
        assert_eq!(parure_error_read(error, &raw mut view), PARURE_OK);
        let told = (shown(view.code).unwrap_or_default(), shown(view.path).unwrap_or_default());
        parure_error_free(error);
        told
    }
}

fn shop() -> Shop {
    let (mut program, mut book) = (null_mut(), null_mut());
    // SAFETY: texts that live on, and room for what is answered.
    unsafe {
        let (name, rules) = (c"m".as_ptr(), RULES.as_ptr().cast());
        let read = parure_program_parse(name, 1, rules, RULES.len(), &raw mut program, null_mut());
        assert_eq!(read, PARURE_OK);
        assert_eq!(parure_book_new(program, &raw mut book, null_mut()), PARURE_OK);
        parure_program_free(program);
    }
    let told = r#"{"record":{"fact":{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{"name":"张伟","phones":["+8613800138000"],"birthday":"1990-05-20"}}}}"#;
    let mut answer = null_mut();
    // SAFETY: a text that lives on, and room for what is answered.
    unsafe {
        let status = parure_book_tell(book, told.as_ptr().cast(), told.len(), &raw mut answer, null_mut());
        assert_eq!(status, PARURE_OK);
        parure_answer_free(answer);
    }
    Shop(book)
}

/// The first who is found: account, name, by, how.
fn first(shop: &Shop, typed: &str) -> Option<[Option<String>; 4]> {
    let mut found = null_mut();
    // SAFETY: a live book, a text that lives on, and room for what is answered.
    unsafe {
        let (text, room) = (typed.as_ptr().cast(), &raw mut found);
        assert_eq!(parure_book_find(shop.0, text, typed.len(), 5, room, null_mut()), PARURE_OK);
        let mut view = parure_found_view { size: size_of::<parure_found_view>(), ..zero() };
        assert_eq!(parure_found_read(found, &raw mut view, null_mut()), PARURE_OK);
        let mut hit = parure_hit { size: size_of::<parure_hit>(), ..zero() };
        let status = parure_found_hit(found, 0, &raw mut hit, null_mut());
        assert_eq!(status == PARURE_OK, view.hit_count > 0);
        let told = (status == PARURE_OK).then(|| [hit.account, hit.name, hit.by, hit.how].map(shown));
        parure_found_free(found);
        told
    }
}

fn line(piece: &str) -> parure_line {
    parure_line {
        size: size_of::<parure_line>(),
        id: parure_text::of("1"),
        quantity_micros: PARURE_ONE_PIECE,
        amount_minor: 1_000,
        piece: parure_text::of(piece),
        price_minor: 0,
        ..zero()
    }
}

fn buy(shop: &Shop, id: &str, first: *const parure_line) -> parure_status {
    let when = parure_envelope {
        size: size_of::<parure_envelope>(),
        id: parure_text::of(id),
        at: parure_moment { micros: 1_770_000_000_000_000, offset_minutes: 480 },
        customer: parure_text::of("c-1"),
        ..zero()
    };
    let basket = parure_basket { size: size_of::<parure_basket>(), lines: first, line_count: 1, ..zero() };
    let mut outcome = null_mut();
    // SAFETY: a live book, structs that live on, and room for what is answered.
    unsafe {
        let (when, basket) = (&raw const when, &raw const basket);
        let status = parure_book_record_purchase(shop.0, when, basket, &raw mut outcome, null_mut());
        parure_outcome_free(outcome);
        status
    }
}

#[test]
fn who_is_typed_is_found_by_phone_and_by_letters() {
    let shop = shop();
    let told = |by: &str, how: &str| Some(["c-1", "张伟", by, how].map(|text| Some(text.to_owned())));
    assert_eq!(first(&shop, "138 0013 8000"), told("phone", "whole"));
    assert_eq!(first(&shop, "zw"), told("name", "start"));
    assert_eq!(first(&shop, "nobody of that name"), None);
    assert_eq!(first(&shop, ""), None);
}

#[test]
fn a_piece_that_was_sold_finds_who_bought_it() {
    let shop = shop();
    let watch = line("7K4R1290");
    assert_eq!(buy(&shop, "p-1", &raw const watch), PARURE_OK);
    assert_eq!(first(&shop, "7K4R1290").map(|told| told[2].clone()), Some(Some("serial".to_owned())));
}

#[test]
fn a_till_that_was_built_before_lines_had_serial_numbers_goes_on() {
    let shop = shop();
    // What stands behind an older till's struct is not ours to read.
    let mut earlier = line("7K4R1290");
    earlier.size = offset_of!(parure_line, piece);
    assert_eq!(buy(&shop, "p-1", &raw const earlier), PARURE_OK);
    assert_eq!(first(&shop, "7K4R1290"), None);
    earlier.size -= 8;
    assert_eq!(buy(&shop, "p-2", &raw const earlier), PARURE_STRUCT_SIZE);
}

#[test]
fn what_is_due_is_told_field_by_field_and_for_one_alone() {
    let shop = shop();
    for alone in [false, true] {
        let mut agenda = null_mut();
        // SAFETY: a live book, a text that lives on, and room for what is answered.
        unsafe {
            let status = if alone {
                let customer = c"c-1".as_ptr();
                parure_book_agenda_of(shop.0, customer, 3, 20_260_513, &raw mut agenda, null_mut())
            } else {
                parure_book_agenda(shop.0, 20_260_513, &raw mut agenda, null_mut())
            };
            assert_eq!(status, PARURE_OK);
            let mut view = parure_agenda_view { size: size_of::<parure_agenda_view>(), ..zero() };
            assert_eq!(parure_agenda_read(agenda, &raw mut view, null_mut()), PARURE_OK);
            assert_eq!((view.due_count, view.on), (1, 20_260_513));
            let mut due = parure_due { size: size_of::<parure_due>(), ..zero() };
            assert_eq!(parure_agenda_due(agenda, 0, &raw mut due, null_mut()), PARURE_OK);
            assert_eq!(shown(due.key).as_deref(), Some("birthday/c-1/2026"));
            assert_eq!((due.first_day, due.last_day, due.why_day), (20_260_513, 20_260_520, 20_260_520));
            assert_eq!(
                [due.task, due.who].map(shown),
                ["电话祝福", "owner"].map(|text| Some(text.to_owned()))
            );
            assert_eq!(shown(due.message), None);
            assert_eq!(parure_agenda_due(agenda, 1, &raw mut due, null_mut()), PARURE_NO_SUCH_INDEX);
            due.size = 16;
            assert_eq!(parure_agenda_due(agenda, 0, &raw mut due, null_mut()), PARURE_STRUCT_SIZE);
            parure_agenda_free(agenda);
        }
    }
}

#[test]
fn what_can_be_wrong() {
    let shop = shop();
    let (mut found, mut agenda, mut error) = (null_mut(), null_mut(), null_mut());
    // SAFETY: a live book, texts that live on, and room for what is answered.
    unsafe {
        for on in [0, -1, 20_260_230, i32::MIN, i32::MAX] {
            let status = parure_book_agenda(shop.0, on, &raw mut agenda, &raw mut error);
            assert_eq!(
                (status, code(error)),
                (PARURE_FAULT, ("day_text".to_owned(), "on".to_owned())),
                "{on}"
            );
            assert!(agenda.is_null());
        }
        let who = c"nobody".as_ptr();
        let status = parure_book_agenda_of(shop.0, who, 6, 20_260_513, &raw mut agenda, &raw mut error);
        assert_eq!((status, code(error).0.as_str()), (PARURE_REFUSED, "unknown_customer"));
        let half = b"\xe5\xbc";
        let status = parure_book_find(shop.0, half.as_ptr().cast(), 2, 5, &raw mut found, &raw mut error);
        assert_eq!((status, code(error)), (PARURE_NOT_UTF8, ("not_utf8".to_owned(), "typed".to_owned())));
        let status = parure_book_find(shop.0, null(), usize::MAX, 5, &raw mut found, &raw mut error);
        assert_eq!((status, code(error).1.as_str()), (PARURE_LENGTH, "typed"));
        assert!(found.is_null() && agenda.is_null());
        // As many as there are, be it none.
        for (limit, count) in [(0, 0), (usize::MAX, 1)] {
            assert_eq!(
                parure_book_find(shop.0, c"zw".as_ptr(), 2, limit, &raw mut found, null_mut()),
                PARURE_OK
            );
            let mut view = parure_found_view { size: size_of::<parure_found_view>(), ..zero() };
            assert_eq!(parure_found_read(found, &raw mut view, null_mut()), PARURE_OK);
            assert_eq!(view.hit_count, count);
            parure_found_free(found);
        }
    }
}
