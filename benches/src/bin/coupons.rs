//! What a till waits for when a customer has a drawer full of coupons: a quote of ten lines with twelve coupons that can be used, points, stored value
//! and a tier, through the typed C functions.
//!
//! ```sh
//! cargo run --release -p parure-bench --bin coupons
//! ```
//!
//! Each time is one call's, with reading every coupon of the answer and freeing it. Customers and baskets are drawn anew each time.
#![allow(unsafe_code, reason = "the functions of the C header, called as C calls them")]

use parure::book::Book;
use parure::calendar::Moment;
use parure::fact::{Fact, Profile, TopUp};
use parure::money::Money;
use parure::program::Program;
use parure_c::{
    PARURE_ONE_PIECE, parure_basket, parure_book, parure_book_free, parure_book_quote, parure_book_restore,
    parure_envelope, parure_line, parure_moment, parure_quote, parure_quote_coupon, parure_quote_free,
    parure_quote_read, parure_quote_view, parure_quoted_coupon, parure_status, parure_text,
};
use std::error::Error;
use std::hint::black_box;
use std::ptr::null_mut;
use std::time::Instant;

const CUSTOMERS: u64 = 10_000;
const TIMED: u64 = 20_000;
const CATEGORIES: [&str; 5] = ["ring/gold", "ring/diamond", "charm", "service/cleaning", "necklace"];

const PROGRAM: &str = r#"
edition   = 2026
name      = "Maison"
effective = 2026-01-01
currency  = "CNY"
time_zone = "Asia/Shanghai"

[[earn]]
id     = "standard"
points = 1
per    = "10.00"

[stored_value]
spend  = "in proportion"
top_up = [{ from = "500.00", bonus = "50.00" }]
bonus  = { valid = "12 months", on = 'line.category != "ring/gold"' }

[points.spend]
worth = { points = 100, amount = "5.00" }

[[tier]]
id = "member"

[[tier]]
id    = "gold"
reach = { spend = "30000", within = "12 months" }
"#;

/// Twelve coupons: of every way, for some lines or all of them, most of which go together.
const COUPONS: [&str; 12] = [
    "off = \"50.00\"",
    "off = \"20.00\"\nleast = \"300\"",
    "off = \"80.00\"\non = 'line.category.startsWith(\"ring/\")'",
    "percent = \"10%\"\nmost = \"300.00\"",
    "percent = \"5%\"\non = 'line.category == \"charm\"'",
    "percent = \"12.5%\"\non = 'line.category == \"necklace\"'\ngroup = \"shares\"",
    "percent = \"8%\"\ngroup = \"shares\"",
    "each = { full = \"300\", off = \"20\" }",
    "each = { full = \"1000\", off = \"100\" }\nmost = \"200.00\"",
    "free = { buy = 2, get = 1 }\non = 'line.category == \"charm\"'",
    "price = \"20.00\"\non = 'line.category == \"service/cleaning\"'",
    "off = \"500.00\"\nleast = \"2000\"\nstacks = false",
];

/// A linear congruential generator: the same baskets on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut program = PROGRAM.to_owned();
    for (at, coupon) in COUPONS.iter().enumerate() {
        program.push_str(&format!("\n[[coupon]]\nid = \"c-{at}\"\n{coupon}\nvalid = \"{} days\"\n", 60 + at));
    }
    let mut book = Book::new(Program::parse("coupons.toml", &program)?);
    let at = Moment::parse("2026-03-01T10:00:00+08:00")?;
    let mut facts = Vec::new();
    for customer in 0..CUSTOMERS {
        let id = format!("m-{customer}");
        facts.push(Fact::joined(format!("j-{customer}"), at, id.clone(), Profile::default())?);
        facts.push(Fact::adjusted(format!("a-{customer}"), at, id.clone(), 3_000, "welcome", None)?);
        for top_up in 0..3 {
            let of = TopUp::of(Money::from_minor(50_000)).from_source("wechat");
            facts.push(Fact::topped_up(format!("t-{customer}-{top_up}"), at, id.clone(), of)?);
        }
        for coupon in 0..COUPONS.len() {
            let fact =
                Fact::issued(format!("k-{customer}-{coupon}"), at, id.clone(), format!("c-{coupon}"), None);
            facts.push(fact?);
        }
    }
    book.merge(&facts)?;
    let bytes = book.snapshot();
    let mut handle = null_mut();
    // SAFETY: bytes that live on, and room for what is answered.
    let status = unsafe { parure_book_restore(bytes.as_ptr(), bytes.len(), &raw mut handle, null_mut()) };
    assert_eq!(status, parure_status::PARURE_OK);

    let mut draw = Draw(2026);
    let (mut times, mut usable) = (Vec::new(), 0_usize);
    for _ in 0..TIMED {
        let (nanos, coupons) = quoted(handle, &mut draw);
        times.push(nanos);
        usable += coupons;
    }
    times.sort_unstable();
    let part = |part: f64| f64::from(times[(times.len() as f64 * part) as usize]) / 1e3;
    println!(
        "{TIMED} baskets of 10 lines, 12 coupons of which {:.1} can be used, points and stored value",
        usable as f64 / TIMED as f64
    );
    println!(
        "C quote, typed   p50 {:.1} µs   p99 {:.1} µs   p99.9 {:.1} µs",
        part(0.5),
        part(0.99),
        part(0.999)
    );
    // SAFETY: its own handle, not used again.
    unsafe { parure_book_free(handle) };
    Ok(())
}

/// One quote of a basket that is drawn: how long it took, and how many coupons could be used.
fn quoted(book: *const parure_book, draw: &mut Draw) -> (u32, usize) {
    let customer = format!("m-{}", draw.below(CUSTOMERS));
    let ids: Vec<String> = (0..10).map(|at| at.to_string()).collect();
    let none = parure_text { data: std::ptr::null(), length: 0 };
    let lines: Vec<parure_line> = ids
        .iter()
        .map(|id| {
            let category = CATEGORIES[usize::try_from(draw.below(5)).expect("a place")];
            let pieces = i64::try_from(draw.below(3) + 1).expect("a count");
            parure_line {
                size: size_of::<parure_line>(),
                id: parure_text::of(id),
                item: none,
                category: parure_text::of(category),
                quantity_micros: pieces * PARURE_ONE_PIECE,
                amount_minor: i64::try_from(draw.below(60_000) + 3_000).expect("an amount"),
                components: std::ptr::null(),
                component_count: 0,
                piece: none,
                price_minor: 0,
            }
        })
        .collect();
    let basket = parure_basket {
        size: size_of::<parure_basket>(),
        lines: lines.as_ptr(),
        line_count: lines.len(),
        discount_minor: 0,
        tenders: std::ptr::null(),
        tender_count: 0,
    };
    let envelope = parure_envelope {
        size: size_of::<parure_envelope>(),
        id: parure_text::of("q"),
        at: parure_moment { micros: 1_772_500_000_000_000, offset_minutes: 480 },
        customer: parure_text::of(&customer),
        store: none,
        staff: none,
        terminal: none,
    };
    let start = Instant::now();
    let mut usable = 0;
    // SAFETY: a live book, structs that live on, zeros that are views, room for what is answered.
    unsafe {
        let mut quote: *mut parure_quote = null_mut();
        let mut view: parure_quote_view = std::mem::zeroed();
        view.size = size_of::<parure_quote_view>();
        let status =
            parure_book_quote(book, &raw const envelope, &raw const basket, &raw mut quote, null_mut());
        assert_eq!(status, parure_status::PARURE_OK);
        parure_quote_read(quote, &raw mut view, null_mut());
        assert_eq!(view.may_be_less_minor, 0);
        for at in 0..view.coupon_count {
            let mut coupon: parure_quoted_coupon = std::mem::zeroed();
            coupon.size = size_of::<parure_quoted_coupon>();
            parure_quote_coupon(quote, at, &raw mut coupon, null_mut());
            let why = (!coupon.why.data.is_null())
                .then(|| std::slice::from_raw_parts(coupon.why.data.cast::<u8>(), coupon.why.length));
            usable += usize::from(why.is_none_or(|why| why == b"better_without"));
        }
        assert!(view.stored_value_minor > 0);
        black_box(view.to_pay_minor);
        parure_quote_free(quote);
    }
    (u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX), usable)
}
