//! `parure explain`: how a customer came to their points and tier.

use crate::args::ExplainArgs;
use crate::failure::Failure;
use crate::history::History;
use crate::office::Office;
use crate::replay::the_day;
use parure::fault::Fault;

pub(crate) fn explain(asked: &ExplainArgs, office: &mut Office) -> Result<(), Failure> {
    let history = History::open(&asked.history, &[], office)?;
    let on = history.ask(|book| the_day(asked.on, book))?;
    let explanation = history.ask(|book| book.explain(&asked.customer, on)).map_err(Failure::Refused)?;
    let Some(id) = &asked.fact else {
        return office.answer(|| serde_json::to_value(&explanation), || explanation.to_string());
    };
    let fact = explanation.facts.iter().find(|fact| fact.fact == *id).ok_or_else(|| {
        let message = format!("`{}` has no fact `{id}` up to {on}", asked.customer);
        Failure::Unknown(Fault::new("unknown_fact", message))
    })?;
    office.answer(|| serde_json::to_value(fact), || fact.to_string())
}
