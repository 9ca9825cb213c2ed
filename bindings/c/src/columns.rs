//! What the columns of a table are called, as a JSON object.

use crate::error::Trouble;
use parure::fault::Fault;
use parure_columnar::Columns;
use serde::Deserializer;
use serde::de::{Error, MapAccess, Visitor};
use std::fmt;

/// Names that are read; a table says less.
const MOST_COLUMNS: usize = 64;

/// `{"customer":"household_key"}`; an empty text names none.
pub(crate) fn columns(text: &str, argument: &str) -> Result<Columns, Trouble> {
    if text.is_empty() {
        return Ok(Columns::default());
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = reader.deserialize_map(Names).and_then(|read| reader.end().map(|()| read));
    read.map_err(|why| {
        let code = if why.is_data() { "wrong_kind" } else { "syntax" };
        let fault = Fault::new(code, why.to_string()).at(argument);
        fault.advise("write a JSON object such as {\"customer\":\"household_key\"}").into()
    })
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Columns;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of names of columns")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Columns, A::Error> {
        let mut columns = Columns::default();
        let mut count = 0;
        while let Some((what, column)) = map.next_entry::<String, String>()? {
            count += 1;
            if count > MOST_COLUMNS {
                return Err(A::Error::custom(format!("at most {MOST_COLUMNS} columns are read")));
            }
            columns = columns.with(what, column);
        }
        Ok(columns)
    }
}
