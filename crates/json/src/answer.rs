//! Answers that the core has no type for.

use parure::calendar::Day;
use parure::outcome::Refusal;
use parure::probe::Cheat;
use parure::program::Program;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// Ways of cheating that were found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cheats {
    /// At most one of each code.
    pub cheats: Vec<Cheat>,
}

/// What was asked for, or the book's "no": nobody of that id is known, the day is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked<T> {
    /// What was asked for.
    Answered(T),
    /// Why not.
    Refused(Refusal),
}

impl<T> From<Result<T, Refusal>> for Asked<T> {
    fn from(asked: Result<T, Refusal>) -> Self {
        asked.map_or_else(Asked::Refused, Asked::Answered)
    }
}

/// `{"refusal":{"code":…,"message":…},"status":"refused"}`
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Refused<'r> {
    /// A business answer: no.
    Refused {
        /// Why.
        refusal: &'r Refusal,
    },
}

impl<T: Serialize> Serialize for Asked<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Asked::Answered(answer) => answer.serialize(serializer),
            Asked::Refused(refusal) => Refused::Refused { refusal }.serialize(serializer),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Asked<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}OrRefusal", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (answered, refused) =
            (generator.subschema_for::<T>(), generator.subschema_for::<Refused<'static>>());
        json_schema!({ "oneOf": [answered, refused] })
    }
}

/// How far the book is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sealed {
    /// The first day that stays open.
    #[serde(serialize_with = "day")]
    pub sealed_until: Day,
}

/// An account's explanation as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Statement {
    /// Lines for people.
    pub text: String,
}

/// A fact that the book knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Known {
    /// The fact; null where the book does not know it, or keeps only its id behind a seal.
    #[schemars(schema_with = "crate::written::fact_or_null")]
    pub fact: Option<serde_json::Value>,
}

/// A book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct About {
    /// The ISO 4217 code of its amounts.
    pub currency: String,
    /// Digits after the point in its amounts.
    pub digits: u32,
    /// How many facts have arrived.
    pub facts: usize,
    /// The day of the latest fact.
    #[serde(serialize_with = "may_day")]
    pub last_day: Option<Day>,
    /// The first day that is not settled.
    #[serde(serialize_with = "may_day")]
    pub sealed_until: Option<Day>,
}

/// The day of an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DayOf {
    /// The day.
    #[serde(serialize_with = "day")]
    pub day: Day,
}

/// A program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProgramView {
    /// What it is called.
    pub name: String,
    /// The first day that it counts for.
    #[serde(serialize_with = "day")]
    pub effective: Day,
    /// The ISO 4217 code of its amounts.
    pub currency: String,
    /// The time zone whose days count.
    pub time_zone: String,
    /// Its text as it was written.
    pub source: String,
}

impl From<&Program> for ProgramView {
    fn from(program: &Program) -> Self {
        ProgramView {
            name: program.name().to_owned(),
            effective: program.effective(),
            currency: program.currency().code().to_owned(),
            time_zone: program.time_zone().to_string(),
            source: program.source().to_owned(),
        }
    }
}

/// Accounts that are not what their facts say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Differing {
    /// Their ids.
    pub differing: Vec<parure::Id>,
}

fn day<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

fn may_day<S: Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}
