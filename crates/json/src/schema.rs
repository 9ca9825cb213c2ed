//! What an editor, a form or a code generator needs to know of requests and answers.

use crate::error::ErrorView;
use crate::request::{Request, answers};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The JSON Schema of this door. The document itself is the schema of a request; `$defs/answer_…` are the schemas of the answers
/// by verb, and `$defs/Error` is that of an error.
///
/// ```
/// let schema = parure_json::json_schema();
/// assert!(schema["$defs"]["answer_quote"].is_object());
/// ```
#[must_use]
pub fn json_schema() -> Value {
    let mut document = requests();
    if let Some(Value::Object(all)) = document.get_mut("$defs") {
        all.extend(definitions_of_answers());
    }
    for_any_language(&mut document);
    document
}

fn requests() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Request<'_>>();
    schema.insert("title".to_owned(), "parure request".into());
    let mut schema = schema.to_value();
    without_null(&mut schema);
    schema
}

fn definitions_of_answers() -> Map<String, Value> {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let answers = answers(&mut generator);
    generator.subschema_for::<ErrorView<'_>>();
    let mut all = generator.take_definitions(true);
    all.extend(answers.into_iter().map(|(verb, schema)| (format!("answer_{verb}"), schema.to_value())));
    all
}

/// Descriptions come from the documentation in Rust: what is said before its examples, without its links.
fn for_any_language(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            if let Some(Value::String(told)) = keys.get_mut("description") {
                let words = told.split("\n\n```").next().unwrap_or_default();
                *told = words.replace("[`", "`").replace("`]", "`");
            }
            keys.values_mut().for_each(for_any_language);
        }
        Value::Array(all) => all.iter_mut().for_each(for_any_language),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Nothing in a request may be null: what is not there is not written.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            if let Some(Value::Array(types)) = keys.get_mut("type") {
                types.retain(|kind| kind != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    keys.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(any)) = keys.get_mut("anyOf") {
                any.retain(|schema| schema != &json!({ "type": "null" }));
                if let [only] = any.as_slice() {
                    let only = only.clone();
                    keys.remove("anyOf");
                    keys.extend(only.as_object().cloned().unwrap_or_default());
                }
            }
            keys.values_mut().for_each(without_null);
        }
        Value::Array(all) => all.iter_mut().for_each(without_null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_defines_one_thing() {
        let (requests, answers) = (requests(), definitions_of_answers());
        let both = answers.keys().filter(|name| requests["$defs"].get(name.as_str()).is_some());
        assert_eq!(both.collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
