//! Canonical JSON: keys in the order of their bytes, no white space, the same on every platform.

use serde_json::Value;
use smallvec::SmallVec;

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
