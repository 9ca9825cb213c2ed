//! How a spec is declared: the key, its type, its reader and its part of the JSON Schema come from one line, so that the schema
//! can't say anything but what is read.

use crate::document::{Keys, Mark, Spot};
use crate::fault::Fault;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::marker::PhantomData;

/// Something that can be written in a program.
pub(crate) trait Written: Sized {
    /// Its name among the definitions of the schema; empty where it is told on the spot.
    const NAME: &'static str;

    /// Reads it. `None` when it is wrong: the fault is noted then.
    fn read(spot: Spot<'_, '_>) -> Option<Self>;

    /// What an editor is told of it.
    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

/// A value with the place it was written at.
#[derive(Debug, Clone)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) mark: Mark,
}

impl<T: Written> Placed<T> {
    pub(crate) fn read(spot: Spot<'_, '_>) -> Option<Self> {
        T::read(spot).map(|value| Placed { value, mark: spot.mark() })
    }
}

/// What stands under a key. What is faulty has been told: later checks pass over it instead of telling it once more.
#[derive(Debug, Clone, Default)]
pub(crate) enum Field<T> {
    #[default]
    Absent,
    Faulty,
    Here(Placed<T>),
}

impl<T: Written> Field<T> {
    pub(crate) fn need(keys: &Keys<'_, '_>, key: &'static str) -> Self {
        keys.need(key, Placed::read).map_or(Field::Faulty, Field::Here)
    }

    pub(crate) fn may(keys: &Keys<'_, '_>, key: &'static str) -> Self {
        match keys.may(key, Placed::read) {
            Some(Some(found)) => Field::Here(found),
            Some(None) => Field::Absent,
            None => Field::Faulty,
        }
    }
}

impl<T> Field<T> {
    /// The value, where it is written and right.
    pub(crate) fn here(&self) -> Option<&Placed<T>> {
        match self {
            Field::Here(found) => Some(found),
            Field::Absent | Field::Faulty => None,
        }
    }

    /// Whether the key is not written.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    /// The value, or what is meant where the key is not written; `None` for a faulty one.
    pub(crate) fn or(&self, meant: T) -> Option<T>
    where
        T: Clone,
    {
        match self {
            Field::Absent => Some(meant),
            Field::Faulty => None,
            Field::Here(found) => Some(found.value.clone()),
        }
    }

    /// The value, where it is written; the outer `None` for a faulty one.
    #[expect(clippy::option_option, reason = "a fault and an absent key are two things")]
    pub(crate) fn maybe(&self) -> Option<Option<&Placed<T>>> {
        match self {
            Field::Absent => Some(None),
            Field::Faulty => None,
            Field::Here(found) => Some(Some(found)),
        }
    }
}

/// A list of at most so many. Items that were wrong have been told and are left out; `whole` says whether there were any.
#[derive(Debug, Clone)]
pub(crate) struct List<T, const MOST: usize> {
    pub(crate) items: Vec<Placed<T>>,
    pub(crate) whole: bool,
}

impl<T: Written, const MOST: usize> Written for List<T, MOST> {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        if spot.is_table() {
            let fault = Fault::new("wrong_kind", "expected a list, found a table");
            return spot.fault(
                fault.advise("write the name in two pairs of brackets, such as `[[tier]]`, once for each"),
            );
        }
        let mut items = Vec::new();
        let whole = spot.list(MOST, |item| Placed::read(item).map(|item| items.push(item))).is_some();
        (whole || !items.is_empty()).then_some(List { items, whole })
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "array", "maxItems": MOST, "items": generator.subschema_for::<As<T>>() }))
    }
}

/// Our types as schemars knows types.
pub(crate) struct As<T>(PhantomData<T>);

impl<T: Written> JsonSchema for As<T> {
    fn inline_schema() -> bool {
        T::NAME.is_empty()
    }

    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn schema_id() -> Cow<'static, str> {
        std::any::type_name::<T>().into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::schema(generator)
    }
}

/// One key of a table, as its schema.
pub(crate) struct KeySchema {
    pub(crate) key: &'static str,
    pub(crate) about: &'static str,
    pub(crate) needed: bool,
    pub(crate) meant: Option<Value>,
    pub(crate) schema: Schema,
}

/// The schema of a table with these keys and no others, of which one group of `either` is written and no second.
pub(crate) fn table_schema(about: &str, keys: Vec<KeySchema>, either: &[&[&str]]) -> Schema {
    let needed: Vec<&str> = keys.iter().filter(|key| key.needed).map(|key| key.key).collect();
    let mut properties = Map::new();
    for KeySchema { key, about, meant, mut schema, .. } in keys {
        schema.insert("description".to_owned(), paragraph(about).into());
        if let Some(meant) = meant {
            schema.insert("default".to_owned(), meant);
        }
        properties.insert(key.to_owned(), schema.to_value());
    }
    let mut table = schema(json!({
        "type": "object",
        "description": paragraph(about),
        "additionalProperties": false,
        "properties": properties,
    }));
    if !needed.is_empty() {
        table.insert("required".to_owned(), needed.into());
    }
    if !either.is_empty() {
        let groups = either.iter().map(|group| json!({ "required": group })).collect();
        table.insert("oneOf".to_owned(), groups);
    }
    table
}

/// Doc comments come with a blank before each line.
fn paragraph(doc: &str) -> String {
    doc.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// Declares a table: `need` and `may` keys with their types and, for editors, what is meant where a key is not written. `later`
/// names keys that a later edition of the library reads: they are told of, never passed over. `either` lists groups of keys of which
/// one must be written: the schema says so, and the checks tell of it in words that fit.
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        $name:ident {
            $( $(#[doc = $doc:literal])+ $need:ident $key:ident: $type:ty $(= $meant:tt)?, )+
            $( later $later:literal, )*
            $( either $($group:ident)+, )*
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Default)]
        pub(crate) struct $name {
            $( $(#[doc = $doc])+ pub(crate) $key: Field<$type>, )+
        }

        impl Written for $name {
            const NAME: &'static str = stringify!($name);

            fn read(spot: Spot<'_, '_>) -> Option<Self> {
                let keys = spot.table_and(&[$(stringify!($key)),+], &[$($later),*])?;
                $( not_yet(&keys, $later); )*
                Some($name { $( $key: Field::$need(&keys, stringify!($key)), )+ })
            }

            fn schema(generator: &mut SchemaGenerator) -> Schema {
                let keys = vec![ $( KeySchema {
                    key: stringify!($key),
                    about: concat!($($doc, "\n"),+),
                    needed: stringify!($need) == "need",
                    meant: None $(.or_else(|| Some(serde_json::json!($meant))))?,
                    schema: generator.subschema_for::<As<$type>>(),
                }, )+ ];
                table_schema(concat!($($about, "\n"),+), keys, &[$(&[$(stringify!($group)),+]),*])
            }
        }
    };
}
pub(crate) use table;

/// Declares which word stands for which value.
macro_rules! words {
    ($type:ty { $($word:literal => $value:expr),+ $(,)? }) => {
        impl Written for $type {
            const NAME: &'static str = "";

            fn read(spot: Spot<'_, '_>) -> Option<Self> {
                spot.one_of(&[$(($word, $value)),+])
            }

            fn schema(_: &mut SchemaGenerator) -> Schema {
                schema(serde_json::json!({ "enum": [$($word),+] }))
            }
        }
    };
}
pub(crate) use words;

/// Tells of a key that is known but can't be read yet.
pub(crate) fn not_yet(keys: &Keys<'_, '_>, key: &'static str) {
    if let Some(spot) = keys.find(key) {
        let message = format!("`{key}` comes with a later edition of this library");
        spot.fault::<()>(Fault::new("not_yet", message).advise("take the key out until then"));
    }
}

/// A schema from its JSON.
pub(crate) fn schema(value: Value) -> Schema {
    Schema::try_from(value).unwrap_or_default()
}
