//! What an editor or a form needs to know of a program.

use super::spec::ProgramSpec;
use super::written::As;
use schemars::generate::SchemaSettings;

/// The JSON Schema (draft 7, which editors of TOML read) of a program: each key with what it is for and what is meant where it is
/// not written. It is made from the very declarations that programs are read by.
///
/// ```
/// let schema = parure::program::json_schema();
/// assert_eq!(schema["properties"]["join"]["enum"][0], "first");
/// assert_eq!(schema["additionalProperties"], false);
/// ```
#[must_use]
pub fn json_schema() -> serde_json::Value {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<As<ProgramSpec>>();
    schema.insert("title".to_owned(), "parure program".into());
    schema.to_value()
}
