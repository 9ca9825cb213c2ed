//! What a till waits for: a basket of two lines quoted and recorded in a large book, through the typed C functions and through JSON.
//!
//! ```sh
//! cargo run --release -p parure-bench --bin doors -- --customers 1000000 --purchases 2000000
//! ```
//!
//! Each time is one call's, with reading the answer and freeing it: what a till does. Baskets of the same kind are recorded through
//! both doors in turn, each customer drawn anew, and the same ones by the Rust functions for comparison.
#![allow(unsafe_code, reason = "the functions of the C header, called as C calls them")]

use parure::book::Book;
use parure::calendar::Moment;
use parure::fact::Fact;
use parure::program::Program;
use parure_bench::generate::{
    CATEGORIES, Catalogue, GOLD_CATEGORIES, Happening, History, Sale, Size, labour,
};
use parure_c::{
    PARURE_ONE_PIECE, parure_answer, parure_answer_free, parure_answer_text, parure_basket, parure_book,
    parure_book_ask, parure_book_free, parure_book_quote, parure_book_record_purchase, parure_book_restore,
    parure_book_tell, parure_component, parure_envelope, parure_line, parure_moment, parure_outcome,
    parure_outcome_free, parure_outcome_read, parure_outcome_view, parure_quote, parure_quote_free,
    parure_quote_read, parure_quote_view, parure_status, parure_text,
};
use std::hint::black_box;
use std::process::ExitCode;
use std::ptr::null_mut;
use std::time::Instant;

const MAISON: &str = include_str!("../../../examples/maison.toml");
const SEED: u64 = 2026;
/// Baskets that are timed through each door.
const TIMED: usize = 100_000;
const BATCH: usize = 100_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str, default: u64| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)).map_or(Ok(default), |value| value.parse())
    };
    let (Ok(customers), Ok(purchases)) = (number("--customers", 1_000_000), number("--purchases", 2_000_000))
    else {
        eprintln!("--customers and --purchases take numbers");
        return ExitCode::from(2);
    };
    let size = Size { customers: u32::try_from(customers).unwrap_or(u32::MAX), purchases };
    let catalogue = Catalogue::new(SEED);
    let mut rust = filled(size, &catalogue);
    let day = rust.last_day().expect("a book with facts");
    let noon = (i64::from(day.number()) + 1) * 86_400_000_000 + 4 * 3_600_000_000;
    let book = in_c(&rust);
    println!(
        "{} customers, {} purchases, seed {SEED}; {TIMED} baskets of two lines each",
        size.customers, size.purchases
    );

    let few = Size { purchases: (TIMED * 2) as u64, ..size };
    let sales: Vec<Sale> = History::new(&catalogue, few, SEED + 1)
        .filter_map(|happening| match happening {
            Happening::Bought(sale) => Some(sale.without_points()),
            Happening::Joined { .. } | Happening::Returned { .. } => None,
        })
        .collect();
    let mut times: [Vec<u32>; 6] = std::array::from_fn(|_| Vec::with_capacity(TIMED));
    for (at, pair) in sales.chunks_exact(2).enumerate() {
        let moment = noon + at as i64 * 1_000;
        for (door, sale) in pair.iter().enumerate() {
            let basket = Basket::new(sale, &catalogue, moment, &format!("d-{door}-{at}"));
            if door == 0 {
                times[0].push(basket.quoted(book));
                times[1].push(basket.recorded(book));
                continue;
            }
            let (quote, record) = basket.requests(&rust, &catalogue, sale);
            times[2].push(asked(book, &quote));
            times[3].push(told(book, &record));
        }
        let sale = &pair[0];
        let fact = fact(sale, &catalogue, moment, &format!("d-0-{at}"));
        let (id, purchase) = (customer(sale), fact.purchase().expect("a purchase"));
        let start = Instant::now();
        drop(black_box(rust.quote(&id, fact.at(), None, purchase)));
        times[4].push(nanos_since(start));
        let start = Instant::now();
        drop(black_box(rust.record(&fact).expect("a fact that can be recorded")));
        times[5].push(nanos_since(start));
    }
    let names =
        ["C quote, typed", "C record, typed", "C quote, JSON", "C record, JSON", "Rust quote", "Rust record"];
    for (name, times) in names.iter().zip(&mut times) {
        times.sort_unstable();
        let part = |part: f64| f64::from(times[(times.len() as f64 * part) as usize]) / 1e3;
        println!(
            "{name:<20} p50 {:>8.2} µs   p99 {:>8.2} µs   p99.9 {:>8.2} µs",
            part(0.5),
            part(0.99),
            part(0.999)
        );
    }
    // SAFETY: its own handle, not used again.
    unsafe { parure_book_free(book) };
    ExitCode::SUCCESS
}

fn nanos_since(start: Instant) -> u32 {
    u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX)
}

/// A book with a whole history, merged.
fn filled(size: Size, catalogue: &Catalogue) -> Book {
    let mut book = Book::new(Program::parse("maison.toml", MAISON).expect("the example can be read"));
    let mut history = History::new(catalogue, size, SEED);
    loop {
        let facts: Vec<Fact<'_>> =
            history.by_ref().take(BATCH).map(|happening| happening.fact(catalogue)).collect();
        if facts.is_empty() {
            return book;
        }
        book.merge(&facts).expect("facts that can be merged");
    }
}

/// The same book behind a C handle.
fn in_c(book: &Book) -> *mut parure_book {
    let bytes = book.snapshot();
    let mut handle = null_mut();
    // SAFETY: bytes that live on, and room for what is answered.
    let status = unsafe { parure_book_restore(bytes.as_ptr(), bytes.len(), &raw mut handle, null_mut()) };
    assert_eq!(status, parure_status::PARURE_OK);
    handle
}

fn customer(sale: &Sale) -> String {
    format!("c-{:07}", sale.customer)
}

fn fact<'c>(sale: &Sale, catalogue: &'c Catalogue, micros: i64, id: &str) -> Fact<'c> {
    let at = Moment::from_micros(micros, 480).expect("a time of our days");
    Fact::purchased(id.to_owned(), at, customer(sale), sale.purchase(catalogue)).expect("a right fact")
}

/// A basket as structs, and the texts that they point to.
struct Basket<'c> {
    id: String,
    customer: String,
    micros: i64,
    rows: [(&'c str, &'static str, i64, Vec<parure_component>); 2],
}

fn text(text: &str) -> parure_text {
    parure_text::of(text)
}

impl<'c> Basket<'c> {
    fn new(sale: &Sale, catalogue: &'c Catalogue, micros: i64, id: &str) -> Self {
        let rows = [0, 1].map(|at| {
            let item = &catalogue.items[sale.items[at] as usize];
            let amount = sale.amounts[at];
            let part = |name, amount_minor| parure_component {
                size: size_of::<parure_component>(),
                name: text(name),
                amount_minor,
            };
            let parts = if item.category < GOLD_CATEGORIES {
                vec![part("metal", amount - labour(amount)), part("labour", labour(amount))]
            } else {
                Vec::new()
            };
            (item.id.as_str(), CATEGORIES[item.category], amount, parts)
        });
        Basket { id: id.to_owned(), customer: customer(sale), micros, rows }
    }

    fn with<T>(&self, call: impl FnOnce(&parure_envelope, &parure_basket) -> T) -> T {
        let lines =
            [("1", &self.rows[0]), ("2", &self.rows[1])].map(|(id, (item, category, amount, parts))| {
                parure_line {
                    size: size_of::<parure_line>(),
                    id: text(id),
                    item: text(item),
                    category: text(category),
                    quantity_micros: PARURE_ONE_PIECE,
                    amount_minor: *amount,
                    components: parts.as_ptr(),
                    component_count: parts.len(),
                    piece: text(""),
                    price_minor: 0,
                }
            });
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
            id: text(&self.id),
            at: parure_moment { micros: self.micros, offset_minutes: 480 },
            customer: text(&self.customer),
            store: text(""),
            staff: text(""),
            terminal: text(""),
        };
        call(&envelope, &basket)
    }

    fn quoted(&self, book: *const parure_book) -> u32 {
        self.with(|envelope, basket| {
            let start = Instant::now();
            let mut quote: *mut parure_quote = null_mut();
            // SAFETY: a live book, structs that live on, zeros that are a view, room for what is answered.
            unsafe {
                let mut view: parure_quote_view = std::mem::zeroed();
                view.size = size_of::<parure_quote_view>();
                let status = parure_book_quote(book, envelope, basket, &raw mut quote, null_mut());
                assert_eq!(status, parure_status::PARURE_OK);
                parure_quote_read(quote, &raw mut view, null_mut());
                black_box(view.awarded);
                parure_quote_free(quote);
            }
            nanos_since(start)
        })
    }

    fn recorded(&self, book: *mut parure_book) -> u32 {
        self.with(|envelope, basket| {
            let start = Instant::now();
            let mut outcome: *mut parure_outcome = null_mut();
            // SAFETY: as above; nobody else uses the book.
            unsafe {
                let mut view: parure_outcome_view = std::mem::zeroed();
                view.size = size_of::<parure_outcome_view>();
                let status =
                    parure_book_record_purchase(book, envelope, basket, &raw mut outcome, null_mut());
                assert_eq!(status, parure_status::PARURE_OK);
                parure_outcome_read(outcome, &raw mut view, null_mut());
                black_box(view.awarded);
                parure_outcome_free(outcome);
            }
            nanos_since(start)
        })
    }

    /// The same as requests.
    fn requests(&self, book: &Book, catalogue: &Catalogue, sale: &Sale) -> (String, String) {
        let fact = fact(sale, catalogue, self.micros, &self.id).to_json(book.currency());
        let value: serde_json::Value = serde_json::from_str(&fact).expect("a fact is JSON");
        let quote = serde_json::json!({ "quote": {
            "customer": self.customer, "at": value["at"], "purchase": value["purchased"],
        }});
        (quote.to_string(), format!(r#"{{"record":{{"fact":{fact}}}}}"#))
    }
}

fn read(answer: *mut parure_answer) {
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: an answer that was handed over, not used again.
    unsafe {
        parure_answer_text(answer, &raw mut text, null_mut());
        black_box(text.length);
        parure_answer_free(answer);
    }
}

fn asked(book: *const parure_book, request: &str) -> u32 {
    let start = Instant::now();
    let mut answer = null_mut();
    // SAFETY: a live book, a text that lives on, room for what is answered.
    let status =
        unsafe { parure_book_ask(book, request.as_ptr().cast(), request.len(), &raw mut answer, null_mut()) };
    assert_eq!(status, parure_status::PARURE_OK);
    read(answer);
    nanos_since(start)
}

fn told(book: *mut parure_book, request: &str) -> u32 {
    let start = Instant::now();
    let mut answer = null_mut();
    // SAFETY: as above; nobody else uses the book.
    let status = unsafe {
        parure_book_tell(book, request.as_ptr().cast(), request.len(), &raw mut answer, null_mut())
    };
    assert_eq!(status, parure_status::PARURE_OK);
    read(answer);
    nanos_since(start)
}
