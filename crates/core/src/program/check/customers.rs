//! `[customers]` and `[[field]]`.

use super::Check;
use crate::Id;
use crate::customer::field::{Field as Known, KEYS, NOTE_BYTES};
use crate::customer::phone::known_region;
use crate::document::{Mark, nearest};
use crate::fact::Quantity;
use crate::fault::Fault;
use crate::program::customers::{Ask, Asked, Customers, Declared, Holds};
use crate::program::spec::{AskSpec, FieldSpec, ProgramSpec};
use crate::program::values::{Amount, FieldOf, HoldsWord, Whole};
use crate::program::written::{Field, Placed};

pub(super) fn customers(check: &Check<'_, '_, '_>, spec: &ProgramSpec) -> Option<Customers> {
    // Also of fields that have faults: who asks for them is not at fault.
    let ids: Vec<&str> = spec.field.here().map_or_else(Vec::new, |list| {
        let items = list.value.items.iter();
        let own = items.filter(|field| field.value.of.or(FieldOf::Customer) != Some(FieldOf::Piece));
        let ids = own.filter_map(|field| field.value.id.here());
        ids.map(|id| id.value.0.as_str()).collect()
    });
    let fields = match spec.field.maybe()? {
        None => Some((Vec::new(), Vec::new())),
        Some(list) => {
            let of = |spec: &Placed<FieldSpec>| spec.value.of.or(FieldOf::Customer);
            for whose in [FieldOf::Customer, FieldOf::Piece] {
                let theirs = list.value.items.iter().filter(|spec| of(spec) == Some(whose));
                once(check, theirs.filter_map(|field| field.value.id.here()));
            }
            let fields: Vec<(FieldOf, Declared)> =
                list.value.items.iter().filter_map(|spec| of(spec).zip(declared(check, spec))).collect();
            let whole = list.value.whole && fields.len() == list.value.items.len();
            let (own, pieces): (Vec<_>, Vec<_>) =
                fields.into_iter().partition(|(of, _)| *of == FieldOf::Customer);
            let declared = |all: Vec<(FieldOf, Declared)>| all.into_iter().map(|(_, field)| field).collect();
            whole.then(|| (declared(own), declared(pieces)))
        }
    };
    let Some(customers) = spec.customers.maybe()? else {
        let (fields, pieces) = fields?;
        return Some(Customers { fields, pieces, ..Customers::default() });
    };
    let customers = &customers.value;
    let region = match customers.region.maybe()? {
        None => Some(None),
        Some(region) => match known_region(&region.value.0) {
            Ok(_) => Some(Some(region.value.0.as_str().into())),
            Err(fault) => check.fault(&region.mark, fault),
        },
    };
    let tags = match customers.tags.maybe()? {
        None => Some(None),
        Some(tags) => check.names(&tags.value).map(Some),
    };
    let ask = match customers.ask.maybe()? {
        None => Some(Vec::new()),
        Some(list) => {
            let ask: Vec<Ask> = list.value.items.iter().filter_map(|spec| ask(check, spec, &ids)).collect();
            once(check, list.value.items.iter().filter_map(|ask| ask.value.field.here()));
            (list.value.whole && ask.len() == list.value.items.len()).then_some(ask)
        }
    };
    let (fields, pieces) = fields?;
    Some(Customers {
        region: region?,
        tags: tags?,
        ask: ask?,
        consent_lasts: customers.consent_lasts.maybe()?.map(|span| span.value),
        silence: customers.silence.maybe()?.map(|span| span.value),
        fields,
        pieces,
    })
}

/// Each name once.
fn once<'n>(check: &Check<'_, '_, '_>, names: impl Iterator<Item = &'n Placed<super::super::values::Name>>) {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name.value.0.as_str()) {
            let message = format!("`{}` is listed twice", name.value.0);
            check.fault::<()>(&name.mark, Fault::new("repeated_name", message));
        }
        seen.push(&name.value.0);
    }
}

fn ask(check: &Check<'_, '_, '_>, spec: &Placed<AskSpec>, ids: &[&str]) -> Option<Ask> {
    let field = spec.value.field.here()?;
    let name = field.value.0.as_str();
    let weight = spec.value.weight.or(Whole(1))?.0;
    let what = match (Known::from_key(name), ids.contains(&name)) {
        (_, true) => Asked::Custom(Id::new(name)),
        (Some(known), false) if known != Known::CUSTOM => Asked::Field(known),
        _ => {
            let known = KEYS.iter().copied().chain(ids.iter().copied());
            let fault = Fault::new("unknown_ask", format!("unknown field `{name}`"));
            return check.fault(
                &field.mark,
                match nearest(name, known) {
                    Some(near) => fault.advise(format!("did you mean `{near}`?")),
                    None => fault.advise("write a key of profiles, or the id of a `[[field]]`"),
                },
            );
        }
    };
    Some(Ask { what, weight: u32::try_from(weight).unwrap_or(1) })
}

fn declared(check: &Check<'_, '_, '_>, spec: &Placed<FieldSpec>) -> Option<Declared> {
    let FieldSpec { id, name, of: whose, holds, least, most, bytes, choices, required } = &spec.value;
    let (id, word) = (id.here()?, holds.here()?);
    if whose.or(FieldOf::Customer)? == FieldOf::Customer && Known::from_key(&id.value.0).is_some() {
        let message = format!("`{}` is a field that every profile has", id.value.0);
        return check.fault(&id.mark, Fault::new("repeated_id", message).advise("give it an id of its own"));
    }
    let foreign = |mark: &Mark, key: &str, of: &str| {
        let fault = Fault::new("needless_key", format!("`{key}` says nothing of a field that holds {of}"));
        check.fault::<()>(mark, fault.advise("leave it out"));
    };
    let (numbers, texts, chosen) = match word.value {
        HoldsWord::Number | HoldsWord::Money => (true, false, false),
        HoldsWord::Text => (false, true, false),
        HoldsWord::Choice => (false, false, true),
        HoldsWord::Date | HoldsWord::Flag => (false, false, false),
    };
    let of = ["a text", "a number", "money", "a date", "a flag", "a choice"];
    let of = match word.value {
        HoldsWord::Text => of.first(),
        HoldsWord::Number => of.get(1),
        HoldsWord::Money => of.get(2),
        HoldsWord::Date => of.get(3),
        HoldsWord::Flag => of.get(4),
        HoldsWord::Choice => of.get(5),
    };
    let of = of.copied().unwrap_or_default();
    for (key, amount) in [("least", least), ("most", most)] {
        if let Some(amount) = amount.here().filter(|_| !numbers) {
            foreign(&amount.mark, key, of);
        }
    }
    if let Some(bytes) = bytes.here().filter(|_| !texts) {
        foreign(&bytes.mark, "bytes", of);
    }
    if let Some(choices) = choices.here().filter(|_| !chosen) {
        foreign(&choices.mark, "choices", of);
    }
    let holds = match word.value {
        HoldsWord::Text => {
            let bytes = bytes.or(Whole(4_096))?.0;
            Holds::Text(usize::try_from(bytes).unwrap_or(NOTE_BYTES))
        }
        HoldsWord::Number => {
            let number = |field: &Field<Amount>| -> Option<Option<i64>> {
                let Some(amount) = field.maybe()? else { return Some(None) };
                match Quantity::parse(&amount.value.0) {
                    Ok(number) => Some(Some(number.micros())),
                    Err(fault) => check.fault(&amount.mark, fault),
                }
            };
            let (least, most) = (number(least)?, number(most)?);
            ordered(check, most_mark(spec), least, most)?;
            Holds::Number(least, most)
        }
        HoldsWord::Money => {
            let money = |field: &Field<Amount>| -> Option<Option<crate::money::Money>> {
                let Some(amount) = field.maybe()? else { return Some(None) };
                check.amount(amount).map(Some)
            };
            let (least, most) = (money(least)?, money(most)?);
            ordered(check, most_mark(spec), least, most)?;
            Holds::Money(least, most)
        }
        HoldsWord::Date => Holds::Date,
        HoldsWord::Flag => Holds::Flag,
        HoldsWord::Choice => {
            let Some(choices) = choices.maybe()? else {
                let fault = Fault::new("missing_key", "a choice needs `choices`");
                return check.fault(&spec.mark, fault);
            };
            Holds::Choice(check.names(&choices.value)?)
        }
    };
    let name = name.maybe()?.map_or_else(|| id.value.0.as_str().into(), |name| name.value.0.as_str().into());
    Some(Declared { id: Id::new(&id.value.0), name, holds, required: required.or(false)? })
}

fn most_mark(spec: &Placed<FieldSpec>) -> &Mark {
    spec.value.most.here().map_or(&spec.mark, |most| &most.mark)
}

fn ordered<T: PartialOrd>(
    check: &Check<'_, '_, '_>,
    mark: &Mark,
    least: Option<T>,
    most: Option<T>,
) -> Option<()> {
    if least.zip(most).is_some_and(|(least, most)| least > most) {
        return check.fault(mark, Fault::new("range_order", "the least is more than the most"));
    }
    Some(())
}
