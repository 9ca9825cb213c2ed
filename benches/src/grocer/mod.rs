//! A grocer's log as plain columns: many small lines, the same households again and again. It is what the replay of tables is
//! measured on, against the same program written out by hand.

pub mod engine;
pub mod log;
pub mod reference;
pub mod table;

/// The program.
pub const PROGRAM: &str = include_str!("../../grocer.toml");

/// Where a category stands in this list is its number.
pub const CATEGORIES: [&str; 24] = [
    "fresh/fruit",
    "fresh/vegetables",
    "fresh/herbs",
    "fresh/fish",
    "fresh/meat",
    "bakery",
    "dairy/milk",
    "dairy/cheese",
    "eggs",
    "rice",
    "noodles",
    "oil",
    "sauces",
    "spices",
    "snacks",
    "sweets",
    "drinks/tea",
    "drinks/juice",
    "drinks/beer",
    "frozen",
    "tins",
    "household",
    "hygiene",
    "pets",
];
/// The first so many categories are `fresh/…`.
pub const FRESH: usize = 5;
/// The number of `bakery`.
pub const BAKERY: usize = 5;

/// Microseconds in a day.
pub const DAY: i64 = 86_400_000_000;
/// 1 January 2024 in Shanghai, the first day of every log.
pub const START: i64 = 1_704_038_400_000_000;
/// How many days a log has: two years, the first of them a leap year.
pub const DAYS: i32 = 731;
