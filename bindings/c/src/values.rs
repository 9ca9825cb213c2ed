//! Plain values: texts, instants, days, versions.

use crate::error::{Trouble, parure_error};
use crate::guard::guard;
use crate::raw::{self, Out};
use parure::calendar::{Day, Moment};
use parure::fault::Fault;
use std::ffi::c_char;

/// The version of what this header says about calling: it is the number in `libparure.so.1`. A program that was built for another
/// one can't be run with this library.
pub const PARURE_ABI_VERSION: u32 = 1;

/// One piece, in millionths.
pub const PARURE_ONE_PIECE: i64 = 1_000_000;

/// A text: so many bytes of UTF-8, without a zero behind them. In a struct that is read it is borrowed for the call; one that was
/// answered is borrowed from the handle. NULL with a length of 0 is no text.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_text {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub length: usize,
}

impl parure_text {
    pub(crate) const NONE: parure_text = parure_text { data: std::ptr::null(), length: 0 };

    /// A text that lives as long as what it is borrowed from.
    #[must_use]
    pub fn of(text: &str) -> Self {
        parure_text { data: text.as_ptr().cast(), length: text.len() }
    }

    pub(crate) fn may(text: Option<&str>) -> Self {
        text.map_or(Self::NONE, Self::of)
    }
}

/// An instant, and the offset of the clock that saw it.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_moment {
    /// Microseconds since 1 January 1970, UTC.
    pub micros: i64,
    /// Minutes by which the clock was ahead of UTC: 480 in Shanghai.
    pub offset_minutes: i32,
}

impl parure_moment {
    pub(crate) const NONE: parure_moment = parure_moment { micros: 0, offset_minutes: 0 };

    pub(crate) fn of(moment: Moment) -> Self {
        parure_moment { micros: moment.micros(), offset_minutes: i32::from(moment.offset_minutes()) }
    }

    pub(crate) fn moment(self) -> Result<Moment, Fault> {
        let offset = i16::try_from(self.offset_minutes).unwrap_or(i16::MAX);
        Moment::from_micros(self.micros, offset).map_err(|fault| fault.at("at"))
    }
}

/// A day, written as a number: 20260301 is 1 March 2026. 0 is no day.
pub type parure_day = i32;

/// A day as the number that it is written as.
pub(crate) fn number(day: Day) -> parure_day {
    let (year, month, day) = day.civil();
    let of_year = month.saturating_mul(100).saturating_add(day);
    year.saturating_mul(10_000).saturating_add(i32::try_from(of_year).unwrap_or(0))
}

/// No day is 0.
pub(crate) fn may_number(day: Option<Day>) -> parure_day {
    day.map_or(0, number)
}

pub(crate) fn day(number: parure_day, argument: &str) -> Result<Day, Trouble> {
    let part = |divisor: i32| u32::try_from(number.rem_euclid(divisor)).unwrap_or(0);
    let (month, of_month) = (part(10_000) / 100, part(100));
    let found = Day::of(number.div_euclid(10_000), month, of_month);
    found.ok_or_else(|| {
        let fault = Fault::new("day_text", format!("{number} is not a day"));
        fault.advise("write year, month and day as one number, such as 20260301").at(argument).into()
    })
}

/// An answer as canonical JSON.
pub(crate) fn canonical(answer: &impl serde::Serialize) -> String {
    parure::json::canonical(&serde_json::to_value(answer).unwrap_or_default())
}

/// The version of what this library was built as; compare with `PARURE_ABI_VERSION` where libraries are loaded at run time.
#[unsafe(no_mangle)]
pub extern "C" fn parure_abi_version() -> u32 {
    PARURE_ABI_VERSION
}

/// The version of the library for people, such as `0.1.0`: ends with a zero, lives forever.
#[unsafe(no_mangle)]
pub extern "C" fn parure_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// What a coupon code goes by in facts: 64 hexadecimal digits, and a zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct parure_coupon_id {
    /// The digits.
    pub text: [c_char; 65],
}

/// Tells what a coupon code, of any bytes, goes by in facts: no book holds the code itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_coupon_code(
    code: *const u8,
    code_length: usize,
    id: *mut parure_coupon_id,
    error: *mut *mut parure_error,
) -> crate::status::parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(id, "id") }?;
        // SAFETY: as the header asks.
        let code = unsafe { raw::bytes(code, code_length, "code") }?;
        let mut text = [0; 65];
        for (place, byte) in text.iter_mut().zip(parure::fact::coupon_code(code).into_bytes()) {
            *place = c_char::try_from(byte).unwrap_or_default();
        }
        out.set(parure_coupon_id { text });
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Reads an instant from RFC 3339 with an offset: `2026-03-01T15:04:05+08:00`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_moment_parse(
    text: *const c_char,
    text_length: usize,
    moment: *mut parure_moment,
    error: *mut *mut parure_error,
) -> crate::status::parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(moment, "moment") }?;
        // SAFETY: as the header asks.
        let text = unsafe { raw::text(parure_text { data: text, length: text_length }, "text") }?;
        let read = Moment::parse(text)?;
        out.set(parure_moment::of(read));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}
