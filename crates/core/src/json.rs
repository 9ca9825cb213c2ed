//! Canonical JSON: keys in the order of their bytes, no white space, the same on every platform.

use crate::calendar::Day;
use serde_json::Value;
use smallvec::SmallVec;
use std::fmt::{Arguments, Display, Write};

/// Writes a value canonically. Keys are sorted here, whatever order the value's maps keep.
///
/// ```
/// let answer = serde_json::json!({ "status": "accepted", "outcome": { "balance": 1_280 } });
/// assert_eq!(parure::json::canonical(&answer), r#"{"outcome":{"balance":1280},"status":"accepted"}"#);
/// ```
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut text = Vec::with_capacity(512);
    write(value, &mut text);
    // What serde_json writes is UTF-8, and so is what stands between.
    String::from_utf8(text).unwrap_or_default()
}

fn write(value: &Value, text: &mut Vec<u8>) {
    match value {
        Value::Object(keys) => {
            let mut sorted: SmallVec<[(&String, &Value); 16]> = keys.iter().collect();
            sorted.sort_unstable_by(|a, b| a.0.cmp(b.0));
            text.push(b'{');
            for (at, (key, value)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    text.push(b',');
                }
                plain(key, text);
                text.push(b':');
                write(value, text);
            }
            text.push(b'}');
        }
        Value::Array(values) => {
            text.push(b'[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    text.push(b',');
                }
                write(value, text);
            }
            text.push(b']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => plain(value, text),
    }
}

/// A value without parts, as serde_json writes it: into memory that can't fail.
fn plain(value: &(impl serde::Serialize + ?Sized), text: &mut Vec<u8>) {
    let _ = serde_json::to_writer(text, value);
}

/// An object that is written key by key, given in the order of their bytes.
pub(crate) struct Object<'t> {
    json: &'t mut String,
    next: char,
}

impl<'t> Object<'t> {
    pub(crate) fn begin(json: &'t mut String) -> Object<'t> {
        Object { json, next: '{' }
    }

    pub(crate) fn with(&mut self, key: &str, write: impl FnOnce(&mut String)) {
        self.json.push(self.next);
        self.next = ',';
        text(key, self.json);
        self.json.push(':');
        write(self.json);
    }

    pub(crate) fn text(&mut self, key: &str, value: &str) {
        self.with(key, |json| text(value, json));
    }

    pub(crate) fn texts(&mut self, texts: &[(&str, Option<&str>)]) {
        for (key, value) in texts {
            if let Some(value) = value {
                self.text(key, value);
            }
        }
    }

    pub(crate) fn number(&mut self, key: &str, value: i64) {
        self.with(key, |json| append(format_args!("{value}"), json));
    }

    /// A text in which nothing needs to be escaped: an amount, an instant.
    pub(crate) fn plain(&mut self, key: &str, value: impl Display) {
        self.with(key, |json| append(format_args!("\"{value}\""), json));
    }

    pub(crate) fn day(&mut self, key: &str, day: Option<Day>) {
        if let Some(day) = day {
            self.plain(key, day);
        }
    }

    pub(crate) fn end(self) {
        self.json.push_str(if self.next == '{' { "{}" } else { "}" });
    }
}

fn append(what: Arguments<'_>, json: &mut String) {
    // A string takes whatever is written.
    let _ = json.write_fmt(what);
}

pub(crate) fn list<T>(of: &[T], json: &mut String, mut write: impl FnMut(&T, &mut String)) {
    json.push('[');
    for (at, one) in of.iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        write(one, json);
    }
    json.push(']');
}

/// A text in quotes, as serde_json writes it.
pub(crate) fn text(text: &str, json: &mut String) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        json.push('"');
        json.push_str(text);
        json.push('"');
    } else {
        json.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}
