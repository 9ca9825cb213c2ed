//! Everything that a caller can do wrong and a library can notice: a status, an error with a code and a place, and the book as it was.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a list of calls")]
#![allow(clippy::wildcard_imports, reason = "the whole header, as C includes it")]

use arrow_array::ffi_stream::FFI_ArrowArrayStream as ArrowArrayStream;
use parure_c::parure_status::*;
use parure_c::*;
use std::ffi::CStr;
use std::ptr::{null, null_mut};

const RULES: &str = include_str!("../../../examples/club.toml");

fn none() -> parure_text {
    parure_text { data: null(), length: 0 }
}

fn bytes(bytes: &[u8]) -> parure_text {
    parure_text { data: bytes.as_ptr().cast(), length: bytes.len() }
}

fn shown(text: parure_text) -> String {
    if text.data.is_null() {
        return String::new();
    }
    // SAFETY: a text that a live handle told.
    String::from_utf8(unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.length) }.to_vec())
        .unwrap()
}

/// A book with a member and a purchase, and what tells whether it was changed.
struct Shop {
    book: *mut parure_book,
    before: Vec<u8>,
}

impl Drop for Shop {
    fn drop(&mut self) {
        assert!(snapshot(self.book) == self.before, "the book has changed");
        // SAFETY: its own handle.
        unsafe { parure_book_free(self.book) };
    }
}

fn snapshot(book: *const parure_book) -> Vec<u8> {
    let (mut handle, mut data, mut length) = (null_mut(), null(), 0);
    // SAFETY: a live book, and room for what is answered.
    unsafe {
        assert_eq!(parure_book_snapshot(book, &raw mut handle, null_mut()), PARURE_OK);
        assert_eq!(parure_bytes_read(handle, &raw mut data, &raw mut length, null_mut()), PARURE_OK);
        let bytes = std::slice::from_raw_parts(data, length).to_vec();
        parure_bytes_free(handle);
        bytes
    }
}

fn program() -> *mut parure_program {
    let mut program = null_mut();
    // SAFETY: texts that live on, and room for what is answered.
    let status = unsafe {
        parure_program_parse(
            c"m".as_ptr(),
            1,
            RULES.as_ptr().cast(),
            RULES.len(),
            &raw mut program,
            null_mut(),
        )
    };
    assert_eq!(status, PARURE_OK);
    program
}

fn tell(book: *mut parure_book, request: &[u8]) -> (parure_status, String) {
    let (mut answer, mut error) = (null_mut(), null_mut());
    // SAFETY: a live book, a text that lives on, and room for what is answered.
    unsafe {
        let status =
            parure_book_tell(book, request.as_ptr().cast(), request.len(), &raw mut answer, &raw mut error);
        assert_eq!(answer.is_null(), status != PARURE_OK);
        parure_answer_free(answer);
        (status, code(error).0)
    }
}

/// The code and path of an error, which is freed.
fn code(error: *mut parure_error) -> (String, String) {
    if error.is_null() {
        return Default::default();
    }
    // SAFETY: zeros are a view.
    let mut view: parure_error_view = unsafe { std::mem::zeroed() };
    view.size = size_of::<parure_error_view>();
    // SAFETY: an error that was handed over.
    unsafe {
        assert_eq!(parure_error_read(error, &raw mut view), PARURE_OK);
        let told = (shown(view.code), shown(view.path));
        parure_error_free(error);
        told
    }
}

fn shop() -> Shop {
    let (program, mut book) = (program(), null_mut());
    // SAFETY: a live program, and room for what is answered.
    unsafe {
        assert_eq!(parure_book_new(program, &raw mut book, null_mut()), PARURE_OK);
        parure_program_free(program);
    }
    for fact in [
        r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#,
        r#"{"id":"p-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","purchased":{"lines":[{"id":"1","amount":"12800.00"}]}}"#,
        r#"{"id":"k-1","at":"2026-01-03T10:00:00+08:00","customer":"mei","issued":{"coupon":"birthday-500","last_day":"2027-12-31"}}"#,
        r#"{"id":"b-1","at":"2026-01-03T10:00:00+08:00","customer":"mei","benefit_granted":{"benefit":"free-cleaning","reason":"sorry"}}"#,
        r#"{"id":"x-0","at":"2026-02-03T10:00:00+08:00","customer":"mei","redeemed":{"points":500,"reward":"tote-bag"}}"#,
        r#"{"id":"o-1","at":"2026-02-03T11:00:00+08:00","customer":"mei","ordered":{"amount":"900.00","deposit":"300.00"}}"#,
    ] {
        assert_eq!(tell(book, format!(r#"{{"record":{{"fact":{fact}}}}}"#).as_bytes()).0, PARURE_OK);
    }
    Shop { book, before: snapshot(book) }
}

fn envelope() -> parure_envelope {
    parure_envelope {
        size: size_of::<parure_envelope>(),
        id: parure_text::of("p-2"),
        at: parure_moment { micros: 1_780_000_000_000_000, offset_minutes: 480 },
        customer: parure_text::of("mei"),
        store: none(),
        staff: none(),
        terminal: none(),
    }
}

fn line() -> parure_line {
    parure_line {
        size: size_of::<parure_line>(),
        id: parure_text::of("1"),
        item: none(),
        category: none(),
        quantity_micros: PARURE_ONE_PIECE,
        amount_minor: 1_000,
        components: null(),
        component_count: 0,
        piece: none(),
        price_minor: 0,
    }
}

fn basket(lines: &[parure_line]) -> parure_basket {
    parure_basket {
        size: size_of::<parure_basket>(),
        lines: lines.as_ptr(),
        line_count: lines.len(),
        discount_minor: 0,
        tenders: null(),
        tender_count: 0,
    }
}

/// What quoting and recording a basket both answer.
fn both(
    shop: &Shop,
    envelope: *const parure_envelope,
    basket: *const parure_basket,
) -> (parure_status, String, String) {
    let (mut quote, mut outcome, mut error) = (null_mut(), null_mut(), null_mut());
    // SAFETY: a live book, structs that live on, and room for what is answered.
    unsafe {
        let status =
            parure_book_record_purchase(shop.book, envelope, basket, &raw mut outcome, &raw mut error);
        assert_eq!(outcome.is_null(), status != PARURE_OK);
        parure_outcome_free(outcome);
        let told = code(error);
        let asked = parure_book_quote(shop.book, envelope, basket, &raw mut quote, null_mut());
        assert_eq!(quote.is_null(), asked != PARURE_OK);
        parure_quote_free(quote);
        (status, told.0, told.1)
    }
}

#[test]
fn every_pointer_may_be_null() {
    let shop = shop();
    let program = program();
    let (mut books, mut answers, mut outcomes) = (null_mut(), null_mut(), null_mut());
    let (mut quotes, mut accounts, mut error) = (null_mut(), null_mut(), null_mut());
    let (mut programs, mut handles) = (null_mut(), null_mut());
    let (mut replays, mut merges) = (null_mut(), null_mut());
    let (mut founds, mut agendas) = (null_mut(), null_mut());
    let (mut sales, mut joined, mut out) =
        (ArrowArrayStream::empty(), ArrowArrayStream::empty(), ArrowArrayStream::empty());
    let (mut text, mut day, mut moment) = (none(), 0, parure_moment { micros: 0, offset_minutes: 0 });
    let (mut data, mut length) = (null(), 0);
    let (when, lines) = (envelope(), [line()]);
    let what = basket(&lines);
    // SAFETY: live handles, structs that live on, room for what is answered; or NULL, which is what is tried.
    unsafe {
        // Handles to read from.
        assert_eq!(
            parure_book_quote(shop.book, &raw const when, &raw const what, &raw mut quotes, null_mut()),
            PARURE_OK
        );
        assert_eq!(
            parure_book_account(shop.book, c"mei".as_ptr(), 3, 20_260_601, &raw mut accounts, null_mut()),
            PARURE_OK
        );
        assert_eq!(
            parure_book_ask(shop.book, c"{".as_ptr(), 1, &raw mut answers, &raw mut error),
            PARURE_FAULT
        );
        assert_eq!(
            parure_book_ask(shop.book, c"{\"book\":{}}".as_ptr(), 11, &raw mut answers, null_mut()),
            PARURE_OK
        );
        assert_eq!(parure_book_snapshot(shop.book, &raw mut handles, null_mut()), PARURE_OK);
        assert_eq!(
            parure_book_find(shop.book, c"mei".as_ptr(), 3, 1, &raw mut founds, null_mut()),
            PARURE_OK
        );
        assert_eq!(parure_book_agenda(shop.book, 20_260_601, &raw mut agendas, null_mut()), PARURE_OK);

        let mut code = parure_coupon_id { text: [0; 65] };
        let (n, t): (*mut u8, _) = (null_mut(), c"x".as_ptr());
        let (mut kept, mut told) = (null_mut(), null_mut());
        let e: *mut *mut parure_error = null_mut();
        let (o, q, a, x) = (&raw mut outcomes, quotes, accounts, error);
        let (f, g) = (founds, agendas);
        let (w, b, p) = (&raw const when, &raw const what, &raw mut text);
        let (s, j, r, m, y) =
            (&raw mut sales, &raw mut joined, &raw mut replays, &raw mut merges, &raw mut out);
        let calls = [
            parure_program_parse(null(), 1, t, 1, &raw mut programs, e),
            parure_program_parse(t, 1, null(), 1, &raw mut programs, e),
            parure_program_parse(t, 1, t, 1, n.cast(), e),
            parure_program_read(null(), n.cast(), e),
            parure_program_read(program, n.cast(), e),
            parure_moment_parse(null(), 1, &raw mut moment, e),
            parure_moment_parse(t, 1, n.cast(), e),
            parure_coupon_code(null(), 1, &raw mut code, e),
            parure_coupon_code(t.cast(), 1, n.cast(), e),
            parure_book_new(null(), &raw mut books, e),
            parure_book_new(program, n.cast(), e),
            parure_book_restore(null(), 1, &raw mut books, e),
            parure_book_restore(t.cast(), 1, n.cast(), e),
            parure_book_create(null(), 1, program, null(), &raw mut books, e),
            parure_book_create(t, 1, null(), null(), &raw mut books, e),
            parure_book_create(t, 1, program, null(), n.cast(), e),
            parure_book_open(null(), 1, null(), &raw mut books, e),
            parure_book_open(t, 1, null(), n.cast(), e),
            parure_book_backup(null(), t, 1, e),
            parure_book_verify(null(), n.cast(), e),
            parure_book_compact(n.cast(), &raw mut length, e),
            parure_book_compact(shop.book, n.cast(), e),
            parure_book_snapshot(null(), &raw mut kept, e),
            parure_book_snapshot(shop.book, n.cast(), e),
            parure_book_day(null(), &raw const moment, &raw mut day, e),
            parure_book_day(shop.book, null(), &raw mut day, e),
            parure_book_day(shop.book, &raw const moment, n.cast(), e),
            parure_book_account(null(), t, 1, 20_260_601, &raw mut accounts, e),
            parure_book_account(shop.book, null(), 1, 20_260_601, &raw mut accounts, e),
            parure_book_account(shop.book, t, 1, 20_260_601, n.cast(), e),
            parure_book_quote(null(), w, b, &raw mut quotes, e),
            parure_book_quote(shop.book, null(), b, &raw mut quotes, e),
            parure_book_quote(shop.book, w, null(), &raw mut quotes, e),
            parure_book_quote(shop.book, w, b, n.cast(), e),
            parure_book_record_purchase(n.cast(), w, b, o, e),
            parure_book_record_purchase(shop.book, null(), b, o, e),
            parure_book_record_purchase(shop.book, w, null(), o, e),
            parure_book_record_purchase(shop.book, w, b, n.cast(), e),
            parure_book_record_return(n.cast(), w, null(), o, e),
            parure_book_record_return(shop.book, null(), null(), o, e),
            parure_book_record_return(shop.book, w, null(), o, e),
            parure_book_record_return(shop.book, w, null(), n.cast(), e),
            parure_book_record_redemption(n.cast(), w, null(), o, e),
            parure_book_record_redemption(shop.book, null(), null(), o, e),
            parure_book_record_redemption(shop.book, w, null(), o, e),
            parure_book_record_redemption(shop.book, w, null(), n.cast(), e),
            parure_book_ask(null(), t, 1, &raw mut told, e),
            parure_book_ask(shop.book, null(), 1, &raw mut told, e),
            parure_book_ask(shop.book, t, 1, n.cast(), e),
            parure_book_tell(n.cast(), t, 1, &raw mut told, e),
            parure_book_tell(shop.book, null(), 1, &raw mut told, e),
            parure_book_tell(shop.book, t, 1, n.cast(), e),
            parure_answer_text(null(), p, e),
            parure_answer_text(answers, n.cast(), e),
            parure_bytes_read(null(), &raw mut data, &raw mut length, e),
            parure_bytes_read(handles, n.cast(), &raw mut length, e),
            parure_bytes_read(handles, &raw mut data, n.cast(), e),
            parure_outcome_read(null(), n.cast(), e),
            parure_outcome_rule(null(), 0, p, e),
            parure_outcome_flag(null(), 0, p, e),
            parure_outcome_json(null(), p, e),
            parure_quote_read(null(), n.cast(), e),
            parure_quote_read(q, n.cast(), e),
            parure_quote_rule(null(), 0, p, e),
            parure_quote_rule(q, 0, n.cast(), e),
            parure_quote_next_goal(null(), 0, n.cast(), e),
            parure_quote_next_goal(q, 0, n.cast(), e),
            parure_quote_json(null(), p, e),
            parure_quote_json(q, n.cast(), e),
            parure_account_read(null(), n.cast(), e),
            parure_account_read(a, n.cast(), e),
            parure_account_lot(null(), 0, n.cast(), e),
            parure_account_lot(a, 0, n.cast(), e),
            parure_account_next_goal(null(), 0, n.cast(), e),
            parure_account_next_goal(a, 0, n.cast(), e),
            parure_account_keep_goal(null(), 0, n.cast(), e),
            parure_account_alias(null(), 0, p, e),
            parure_account_alias(a, 0, n.cast(), e),
            parure_account_flag(null(), 0, p, e),
            parure_account_household_member(null(), 0, p, e),
            parure_account_coupon(null(), 0, n.cast(), e),
            parure_account_benefit(null(), 0, n.cast(), e),
            parure_account_benefit(a, 0, n.cast(), e),
            parure_account_claimed(null(), 0, n.cast(), e),
            parure_account_claimed(a, 0, n.cast(), e),
            parure_account_coupon(a, 0, n.cast(), e),
            parure_quote_coupon(null(), 0, n.cast(), e),
            parure_quote_coupon(q, 0, n.cast(), e),
            parure_quote_coupon_because(null(), 0, 0, n.cast(), e),
            parure_quote_coupon_because(q, 0, 0, n.cast(), e),
            parure_outcome_coupon(null(), 0, n.cast(), e),
            parure_outcome_value(null(), 0, n.cast(), e),
            parure_outcome_deposit(null(), 0, n.cast(), e),
            parure_account_order(null(), 0, n.cast(), e),
            parure_account_order(a, 0, n.cast(), e),
            parure_account_flag(a, 0, n.cast(), e),
            parure_account_household_member(a, 0, n.cast(), e),
            parure_account_json(null(), p, e),
            parure_account_json(a, n.cast(), e),
            parure_book_find(null(), t, 1, 1, &raw mut founds, e),
            parure_book_find(shop.book, null(), 1, 1, &raw mut founds, e),
            parure_book_find(shop.book, t, 1, 1, n.cast(), e),
            parure_found_read(null(), n.cast(), e),
            parure_found_read(f, n.cast(), e),
            parure_found_hit(null(), 0, n.cast(), e),
            parure_found_json(null(), p, e),
            parure_found_json(f, n.cast(), e),
            parure_book_agenda(null(), 20_260_601, &raw mut agendas, e),
            parure_book_agenda(shop.book, 20_260_601, n.cast(), e),
            parure_book_agenda_of(null(), t, 1, 20_260_601, &raw mut agendas, e),
            parure_book_agenda_of(shop.book, null(), 1, 20_260_601, &raw mut agendas, e),
            parure_book_agenda_of(shop.book, t, 1, 20_260_601, n.cast(), e),
            parure_agenda_read(null(), n.cast(), e),
            parure_agenda_read(g, n.cast(), e),
            parure_agenda_due(null(), 0, n.cast(), e),
            parure_agenda_json(null(), p, e),
            parure_agenda_json(g, n.cast(), e),
            parure_replay(null(), s, j, null(), r, e),
            parure_replay(program, n.cast(), j, null(), r, e),
            parure_replay(program, s, j, null(), n.cast(), e),
            parure_replayed_purchases(null(), y, e),
            parure_replayed_accounts(null(), y, e),
            parure_replayed_months(null(), y, e),
            parure_replayed_rejects(null(), y, e),
            parure_replayed_report(null(), p, e),
            parure_book_merge_table(n.cast(), s, j, null(), m, e),
            parure_book_merge_table(shop.book, n.cast(), j, null(), m, e),
            parure_book_merge_table(shop.book, s, j, null(), n.cast(), e),
            parure_merged_json(null(), p, e),
            parure_merged_rejects(null(), y, e),
            parure_error_read(null(), n.cast()),
            parure_error_read(x, n.cast()),
            parure_error_fault(null(), 0, n.cast()),
            parure_error_fault(x, 0, n.cast()),
            parure_error_text(null(), p),
            parure_error_text(x, n.cast()),
            parure_error_json(null(), p),
            parure_error_json(x, n.cast()),
        ];
        let wrong: Vec<_> =
            calls.iter().enumerate().filter(|(_, status)| **status != PARURE_NULL_POINTER).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        // An output that could not be set is NULL again, so nothing dangles; what it held is the caller's.
        assert!(
            quotes.is_null()
                && accounts.is_null()
                && founds.is_null()
                && agendas.is_null()
                && outcomes.is_null()
                && books.is_null()
                && programs.is_null()
                && replays.is_null()
                && merges.is_null()
        );

        parure_program_free(null_mut());
        parure_book_free(null_mut());
        parure_answer_free(null_mut());
        parure_bytes_free(null_mut());
        parure_outcome_free(null_mut());
        parure_quote_free(null_mut());
        parure_account_free(null_mut());
        parure_found_free(null_mut());
        parure_agenda_free(null_mut());
        parure_error_free(null_mut());
        parure_replayed_free(null_mut());
        parure_merged_free(null_mut());
        parure_quote_free(q);
        parure_account_free(a);
        parure_found_free(f);
        parure_agenda_free(g);
        parure_answer_free(answers);
        parure_bytes_free(handles);
        parure_error_free(x);
        parure_program_free(program);
    }
}

#[test]
fn texts_that_are_not_utf8_or_too_long() {
    let shop = shop();
    let bad = [bytes(b"\xff"), bytes(b"mei\xe7\x8e"), bytes(b"\xed\xa0\x80")];
    let endless = parure_text { data: c"x".as_ptr(), length: usize::MAX };
    for (text, expected) in bad.iter().map(|text| (*text, PARURE_NOT_UTF8)).chain([(endless, PARURE_LENGTH)])
    {
        let whens: [fn(&mut parure_envelope, parure_text); 5] = [
            |when, text| when.id = text,
            |when, text| when.customer = text,
            |when, text| when.store = text,
            |when, text| when.staff = text,
            |when, text| when.terminal = text,
        ];
        for change in whens {
            let mut when = envelope();
            change(&mut when, text);
            let (status, _, path) = both(&shop, &raw const when, std::ptr::from_ref(&basket(&[line()])));
            assert_eq!(status, expected, "{path}");
            assert!(path.starts_with("envelope."), "{path}");
        }
        let rows: [fn(&mut parure_line, parure_text); 3] =
            [|row, text| row.id = text, |row, text| row.item = text, |row, text| row.category = text];
        for change in rows {
            let mut row = line();
            change(&mut row, text);
            let lines = [row];
            let what = basket(&lines);
            assert_eq!(both(&shop, std::ptr::from_ref(&envelope()), &raw const what).0, expected);
        }
        let part = parure_component { size: size_of::<parure_component>(), name: text, amount_minor: 1 };
        let lines = [parure_line { components: &raw const part, component_count: 1, ..line() }];
        let tender = parure_tender {
            size: size_of::<parure_tender>(),
            kind: text,
            amount_minor: 1_000,
            points: 0,
            coupon: none(),
            order: none(),
            weight_micros: 0,
            price_minor: 0,
            loss: 0,
        };
        for what in [
            basket(&lines),
            parure_basket { tenders: &raw const tender, tender_count: 1, ..basket(&[line()]) },
        ] {
            let lines = [line()];
            let what =
                if what.tender_count > 0 { parure_basket { lines: lines.as_ptr(), ..what } } else { what };
            assert_eq!(both(&shop, std::ptr::from_ref(&envelope()), &raw const what).0, expected);
        }
        // SAFETY: a live book; the texts are what is tried.
        unsafe {
            let (data, length) = (text.data, text.length);
            let (mut account, mut answer, mut program) = (null_mut(), null_mut(), null_mut());
            assert_eq!(
                parure_book_account(shop.book, data, length, 20_260_601, &raw mut account, null_mut()),
                expected
            );
            assert_eq!(parure_book_tell(shop.book, data, length, &raw mut answer, null_mut()), expected);
            assert_eq!(parure_book_ask(shop.book, data, length, &raw mut answer, null_mut()), expected);
            assert_eq!(
                parure_program_parse(data, length, c"x".as_ptr(), 1, &raw mut program, null_mut()),
                expected
            );
            assert_eq!(
                parure_program_parse(c"x".as_ptr(), 1, data, length, &raw mut program, null_mut()),
                expected
            );
        }
    }
}

#[test]
fn lengths_that_cut_what_is_meant() {
    let shop = shop();
    let request = "{\"record\":{\"fact\":{\"id\":\"j-2\",\"at\":\"2026-01-01T10:00:00+08:00\",\"customer\":\"玉和\",\"joined\":{}}}}";
    for length in 0..request.len() {
        let (status, code) = tell(shop.book, &request.as_bytes()[..length]);
        assert!([PARURE_FAULT, PARURE_NOT_UTF8].contains(&status) && !code.is_empty(), "{length}");
    }
    for length in (0..shop.before.len()).step_by(7) {
        let (mut book, mut error) = (null_mut(), null_mut());
        // SAFETY: so many bytes are there.
        let status =
            unsafe { parure_book_restore(shop.before.as_ptr(), length, &raw mut book, &raw mut error) };
        assert_eq!((status, book.is_null()), (PARURE_FAULT, true));
        assert!(!code(error).0.is_empty());
    }
    for length in (0..RULES.len()).step_by(37) {
        let (mut program, mut error) = (null_mut(), null_mut());
        // SAFETY: so many bytes are there.
        let status = unsafe {
            parure_program_parse(null(), 0, RULES.as_ptr().cast(), length, &raw mut program, &raw mut error)
        };
        assert_eq!(program.is_null(), status != PARURE_OK);
        assert_eq!(error.is_null(), status == PARURE_OK);
        // SAFETY: what was handed over.
        unsafe {
            parure_program_free(program);
            parure_error_free(error);
        }
    }
}

#[test]
fn structs_of_another_size() {
    let shop = shop();
    let own = size_of::<parure_envelope>();
    for size in [0, 1, own - 8, own + 4, 4_104, usize::MAX] {
        let when = parure_envelope { size, ..envelope() };
        let (status, code, path) = both(&shop, &raw const when, std::ptr::from_ref(&basket(&[line()])));
        assert_eq!((status, code.as_str(), path.as_str()), (PARURE_STRUCT_SIZE, "struct_size", "envelope"));
    }
    // A later version of the struct: fine as long as what it added is not used.
    #[repr(C)]
    struct Later {
        known: parure_envelope,
        added: u64,
    }
    let mut later = Later { known: parure_envelope { size: own + 8, ..envelope() }, added: 7 };
    let lines = [line()];
    let (status, code, _) = both(&shop, (&raw const later).cast(), std::ptr::from_ref(&basket(&lines)));
    assert_eq!((status, code.as_str()), (PARURE_STRUCT_SIZE, "unknown_field"));
    later.added = 0;
    let mut quote = null_mut();
    // SAFETY: as before.
    unsafe {
        let what = basket(&lines);
        let status = parure_book_quote(
            shop.book,
            (&raw const later).cast(),
            &raw const what,
            &raw mut quote,
            null_mut(),
        );
        assert_eq!(status, PARURE_OK);
        // A view of a later version: what this library does not know of is zero.
        #[repr(C)]
        struct LaterView {
            known: parure_quote_view,
            added: u64,
        }
        let mut view: LaterView = std::mem::zeroed();
        view.known.size = size_of::<LaterView>();
        view.added = 7;
        assert_eq!(parure_quote_read(quote, (&raw mut view).cast(), null_mut()), PARURE_OK);
        assert_eq!(
            (view.added, view.known.to_pay_minor, view.known.size),
            (0, 1_000, size_of::<LaterView>())
        );
        view.known.size = 16;
        assert_eq!(parure_quote_read(quote, (&raw mut view).cast(), null_mut()), PARURE_STRUCT_SIZE);
        parure_quote_free(quote);
    }
    let mixed = [line(), parure_line { size: size_of::<parure_line>() + 8, ..line() }];
    assert_eq!(
        both(&shop, std::ptr::from_ref(&envelope()), std::ptr::from_ref(&basket(&mixed))).0,
        PARURE_STRUCT_SIZE
    );
}

#[test]
fn counts_amounts_and_times_out_of_bounds() {
    let shop = shop();
    let lines = [line()];
    for (count, lines, expected) in [
        (0, lines.as_ptr(), "no_lines"),
        (1_001, lines.as_ptr(), "too_many"),
        (usize::MAX, lines.as_ptr(), "too_many"),
        (1, null(), "null_pointer"),
    ] {
        let what = parure_basket { lines, line_count: count, ..basket(&[]) };
        assert_eq!(both(&shop, std::ptr::from_ref(&envelope()), &raw const what).1, expected);
    }
    for odd in [i64::MIN, i64::MIN + 1, -1, i64::MAX] {
        for (row, discount) in [
            (parure_line { amount_minor: odd, ..line() }, 0),
            (parure_line { quantity_micros: odd, ..line() }, 0),
            (line(), odd),
        ] {
            let lines = [row];
            let what = parure_basket { discount_minor: odd.min(discount), ..basket(&lines) };
            let (status, _, path) = both(&shop, std::ptr::from_ref(&envelope()), &raw const what);
            assert_eq!(status, PARURE_FAULT, "{odd}");
            assert!(path.starts_with("purchased."), "{path}");
        }
        let part = parure_component {
            size: size_of::<parure_component>(),
            name: parure_text::of("metal"),
            amount_minor: odd,
        };
        let lines = [parure_line { components: &raw const part, component_count: 1, ..line() }];
        assert_eq!(
            both(&shop, std::ptr::from_ref(&envelope()), std::ptr::from_ref(&basket(&lines))).0,
            PARURE_FAULT
        );
        let lines = [line()];
        for (amount_minor, points) in [(odd, 0), (1_000, odd)] {
            let tender = parure_tender {
                size: size_of::<parure_tender>(),
                kind: none(),
                amount_minor,
                points,
                coupon: none(),
                order: none(),
                weight_micros: 0,
                price_minor: 0,
                loss: 0,
            };
            let what = parure_basket { tenders: &raw const tender, tender_count: 1, ..basket(&lines) };
            assert_eq!(both(&shop, std::ptr::from_ref(&envelope()), &raw const what).0, PARURE_FAULT);
        }
        let mut outcome = null_mut();
        let row = parure_returned_line {
            size: size_of::<parure_returned_line>(),
            id: parure_text::of("1"),
            quantity_micros: PARURE_ONE_PIECE,
            amount_minor: odd,
        };
        let back = parure_return {
            size: size_of::<parure_return>(),
            purchase: parure_text::of("p-1"),
            lines: &raw const row,
            line_count: 1,
        };
        let reward = parure_redemption {
            size: size_of::<parure_redemption>(),
            points: odd,
            reward: parure_text::of("tote"),
            amount_minor: odd,
        };
        let when = envelope();
        // SAFETY: as before.
        unsafe {
            let (w, o) = (&raw const when, &raw mut outcome);
            assert_eq!(parure_book_record_return(shop.book, w, &raw const back, o, null_mut()), PARURE_FAULT);
            assert_eq!(
                parure_book_record_redemption(shop.book, w, &raw const reward, o, null_mut()),
                PARURE_FAULT
            );
        }
    }
    for at in [
        parure_moment { micros: i64::MAX, offset_minutes: 0 },
        parure_moment { micros: i64::MIN, offset_minutes: 0 },
        parure_moment { micros: 0, offset_minutes: i32::MAX },
        parure_moment { micros: 0, offset_minutes: i32::MIN },
        parure_moment { micros: 0, offset_minutes: 1_440 },
    ] {
        let when = parure_envelope { at, ..envelope() };
        let lines = [line()];
        let (status, code, path) = both(&shop, &raw const when, std::ptr::from_ref(&basket(&lines)));
        assert_eq!((status, code.as_str(), path.as_str()), (PARURE_FAULT, "time_range", "at"));
    }
    for on in [0, -1, 20_260_230, 20_261_301, 99_999_999, i32::MIN, i32::MAX] {
        let (mut account, mut error) = (null_mut(), null_mut());
        // SAFETY: as before.
        let status = unsafe {
            parure_book_account(shop.book, c"mei".as_ptr(), 3, on, &raw mut account, &raw mut error)
        };
        assert_eq!((status, code(error)), (PARURE_FAULT, ("day_text".to_owned(), "on".to_owned())), "{on}");
    }
}

#[test]
fn json_of_any_depth_and_size() {
    let shop = shop();
    let deep = format!("{}{}", "[".repeat(3_000_000), "]".repeat(3_000_000));
    for request in [
        deep.clone(),
        format!(r#"{{"record":{{"fact":{{"id":{deep}}}}}}}"#),
        format!(r#"{{"what_if":{{"program":{deep},"on":"2026-01-01"}}}}"#),
        "{".repeat(1_000_000),
        " ".repeat((64 << 20) + 1),
        "\0".to_owned(),
        String::new(),
    ] {
        let (status, code) = tell(shop.book, request.as_bytes());
        assert_eq!(status, PARURE_FAULT);
        assert!(!code.is_empty());
    }
}

#[test]
fn the_shops_no_is_not_a_mistake() {
    let shop = shop();
    let (mut outcome, mut error) = (null_mut(), null_mut());
    let reward = parure_redemption {
        size: size_of::<parure_redemption>(),
        points: 90_000,
        reward: parure_text::of("atelier-visit"),
        amount_minor: 0,
    };
    let when = envelope();
    // SAFETY: as before.
    let status = unsafe {
        parure_book_record_redemption(
            shop.book,
            &raw const when,
            &raw const reward,
            &raw mut outcome,
            &raw mut error,
        )
    };
    assert_eq!((status, code(error).0.as_str()), (PARURE_REFUSED, "not_enough_points"));
    assert!(outcome.is_null());
    let lines = [line()];
    // The id of another purchase.
    let when = parure_envelope { id: parure_text::of("p-1"), ..envelope() };
    let (status, code, _) = both(&shop, &raw const when, std::ptr::from_ref(&basket(&lines)));
    assert_eq!((status, code.as_str()), (PARURE_FAULT, "same_id_other_content"));
}

#[test]
fn a_code_of_any_bytes_goes_by_its_hash() {
    let goes_by = |code: &[u8]| {
        let mut id = parure_coupon_id { text: [1; 65] };
        // SAFETY: so many bytes can be read, and a struct that stays there during the call.
        let status = unsafe { parure_coupon_code(code.as_ptr(), code.len(), &raw mut id, null_mut()) };
        assert_eq!(status, PARURE_OK);
        // SAFETY: it ends with a zero.
        unsafe { CStr::from_ptr(id.text.as_ptr()) }.to_str().unwrap().to_owned()
    };
    for code in [&b"SUMMER-7KQ2"[..], b"", b"\0\xff\xfe", &[7; 1 << 20]] {
        assert_eq!(goes_by(code), parure::fact::coupon_code(code));
    }
}
