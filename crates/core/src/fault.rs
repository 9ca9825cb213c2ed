//! Bad input: what is wrong, where, and what to write instead.
//!
//! A `Fault` is never a business answer: a shop's "no" is a [`Refusal`](crate::outcome::Refusal).

use schemars::JsonSchema;
use serde::Serialize;

/// Where in a text something stands: line and column count from 1 (columns in characters), `start` and `end` are bytes.
///
/// ```
/// let text = "name = 'Club'";
/// let fault = parure::program::Program::parse("club.toml", text).unwrap_err().iter().next().cloned().unwrap();
/// assert_eq!(fault.place.map(|place| place.line), Some(1));
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Place {
    /// The place of a range of bytes in `text`; a range outside it is moved to its end.
    ///
    /// ```
    /// let place = parure::fault::Place::of("a = 1\nb = 金x", 10..13);
    /// assert_eq!((place.line, place.column), (2, 5));
    /// ```
    #[must_use]
    pub fn of(text: &str, bytes: std::ops::Range<usize>) -> Self {
        let start = bytes.start.min(text.len());
        let before = text.get(..start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        Place {
            line: before.matches('\n').count().saturating_add(1),
            column: before.get(line_start..).unwrap_or("").chars().count().saturating_add(1),
            start,
            end: bytes.end.clamp(start, text.len()),
        }
    }
}

/// Bad input, with a stable code. `path` is the place of the value in its document (`purchased.lines[0].amount`).
///
/// ```
/// let fault = parure::money::Currency::parse("CNX").unwrap_err();
/// assert_eq!(fault.code, "unknown_currency");
/// assert_eq!(fault.to_string(), "`CNX` is not a currency that money is paid in; write an ISO 4217 code such as `CNY`");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, thiserror::Error)]
#[error("{}{message}{}", prefix(.path), suffix(.advice.as_ref()))]
pub struct Fault {
    /// A stable code: `unknown_key`, `money_digits`, …
    pub code: &'static str,
    /// The path of the value: keys joined by dots, list places in brackets.
    pub path: String,
    /// What is wrong, in lower case, user input in backticks.
    pub message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Line and column, where the input was a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Fault {
    /// A fault that has no path yet.
    ///
    /// ```
    /// let fault = parure::fault::Fault::new("money_digits", "`1.234` has 3 digits after the point, CNY has 2");
    /// assert_eq!(fault.to_string(), "`1.234` has 3 digits after the point, CNY has 2");
    /// ```
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Fault { code, path: String::new(), message: message.into(), advice: None, place: None }
    }

    /// The same fault with what to write instead.
    ///
    /// ```
    /// let fault = parure::fault::Fault::new("money_text", "`12,800` is not an amount").advise("write 12800");
    /// assert_eq!(fault.to_string(), "`12,800` is not an amount; write 12800");
    /// ```
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// The same fault at a path.
    ///
    /// ```
    /// let fault = parure::fault::Fault::new("money_text", "`12,800` is not an amount").at("purchased.lines[0].amount");
    /// assert_eq!(fault.to_string(), "purchased.lines[0].amount: `12,800` is not an amount");
    /// ```
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }
}

fn prefix(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

fn suffix(advice: Option<&String>) -> String {
    advice.map_or_else(String::new, |advice| format!("; {advice}"))
}
