//! `parure explain`: how a customer came to their points and tier.

use crate::args::ExplainArgs;
use crate::batches::fold;
use crate::failure::Failure;
use crate::office::Office;
use crate::replay::the_day;
use parure::fault::Fault;

pub(crate) fn explain(asked: &ExplainArgs, office: &mut Office) -> Result<(), Failure> {
    let program = office.program(&asked.program)?;
    let (book, _) = fold(&program, &asked.facts, &[], office)?;
    let on = the_day(asked.on, &book)?;
    let explanation = book.explain(&asked.customer, on).map_err(Failure::Refused)?;
    let Some(id) = &asked.fact else {
        return office.answer(|| serde_json::to_value(&explanation), || explanation.to_string());
    };
    let fact = explanation.facts.iter().find(|fact| fact.fact == *id).ok_or_else(|| {
        let message = format!("`{}` has no fact `{id}` up to {on}", asked.customer);
        Failure::Unknown(Fault::new("unknown_fact", message))
    })?;
    office.answer(|| serde_json::to_value(fact), || fact.to_string())
}
