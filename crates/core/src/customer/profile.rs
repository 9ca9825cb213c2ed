//! What is known of a person after all that was told, field by field.

use super::field::{self, Field};
use super::said::{Entry, Named, Said};
use crate::fact::Profile;
use crate::money::Currency;
use crate::program::customers::{Asked, Customers};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What is held of each field.
#[derive(Clone, Default)]
pub(crate) struct Person(BTreeMap<Field, Said<'static>>);

impl Person {
    /// Takes in what a fact told. The facts come in their order, so the latest counts.
    pub(crate) fn tell(&mut self, profile: &Profile<'_>) {
        for (field, said) in &profile.told {
            let before = self.0.remove(field);
            if let Some(held) = said.clone().into_owned().after(before) {
                self.0.insert(*field, held);
            }
        }
    }

    pub(crate) fn get(&self, field: Field) -> Option<&Said<'static>> {
        self.0.get(&field)
    }

    /// An entry of a field by its name.
    fn entry(&self, field: Field, name: &str) -> Option<&Entry<'static>> {
        match self.get(field) {
            Some(Said::Entries(entries)) => entries
                .iter()
                .find(|entry| *entry.name == *name)
                .and_then(|Named { value, .. }| value.as_ref()),
            _ => None,
        }
    }

    /// Every field of which something is known, by key, as facts write it.
    pub(crate) fn to_json(&self, currency: Currency) -> Map<String, Value> {
        let shown = self.0.iter().map(|(field, said)| {
            let mut json = String::new();
            field::write(said, currency, &mut json);
            (field.key().to_owned(), serde_json::from_str(&json).unwrap_or_default())
        });
        shown.collect()
    }

    /// How complete it is, and what to ask for next.
    pub(crate) fn completeness(&self, customers: &Customers) -> Completeness {
        let required =
            customers.fields.iter().filter(|declared| declared.required).map(|declared| &declared.id);
        let listed = |id: &str| {
            customers.ask.iter().find_map(|ask| match &ask.what {
                Asked::Custom(custom) if **custom == *id => Some(ask.weight),
                _ => None,
            })
        };
        let required = required.map(|id| (id.to_string(), true, listed(id).unwrap_or(1)));
        let others = customers.ask.iter().filter_map(|ask| {
            let name = match &ask.what {
                Asked::Field(field) => field.key().to_owned(),
                Asked::Custom(id) => {
                    let is_required = |id: &str| {
                        customers.fields.iter().any(|declared| declared.required && *declared.id == *id)
                    };
                    Some(id.to_string()).filter(|id| !is_required(id))?
                }
            };
            Some((name, false, ask.weight))
        });
        let (mut known, mut all, mut missing) = (0_u64, 0_u64, Vec::new());
        for (name, required, weight) in required.chain(others) {
            let weight = u64::from(weight);
            all = all.saturating_add(weight);
            let is_known = match Field::from_key(&name) {
                Some(field) => self.get(field).is_some(),
                None => self.entry(Field::CUSTOM, &name).is_some(),
            };
            if is_known {
                known = known.saturating_add(weight);
            } else {
                missing.push((name, required));
            }
        }
        let percent = known.saturating_mul(100).checked_div(all).unwrap_or(100);
        Completeness { percent: u8::try_from(percent).unwrap_or(100), missing }
    }
}

/// How much of what is asked for is known, rounded down, and what is missing: by name, whether it is required.
pub(crate) struct Completeness {
    pub(crate) percent: u8,
    pub(crate) missing: Vec<(String, bool)>,
}
