//! `parure agenda`: what is due, for whom and why.

use crate::args::AgendaArgs;
use crate::failure::Failure;
use crate::history::History;
use crate::office::Office;
use crate::replay::the_day;
use parure::book::{Agenda, Due};

pub(crate) fn agenda(asked: &AgendaArgs, office: &mut Office) -> Result<(), Failure> {
    let history = History::open(&asked.history, &[], office)?;
    let on = history.ask(|book| the_day(asked.on, book))?;
    let agenda = history.ask(|book| match &asked.customer {
        None => Ok(book.agenda(on)),
        Some(customer) => book.agenda_of(customer, on),
    });
    let agenda = agenda.map_err(Failure::Refused)?;
    office.answer(|| serde_json::to_value(&agenda), || told(&agenda))
}

fn told(agenda: &Agenda) -> String {
    if agenda.due.is_empty() {
        return format!("nothing is due on {}\n", agenda.on);
    }
    agenda.due.iter().map(line).collect()
}

fn line(due: &Due) -> String {
    let mut text = format!("{} to {}  {}", due.first_day, due.last_day, due.key);
    if let Some(task) = &due.task {
        text.push_str(&format!("  {}: {}", task.who, task.what));
    }
    if let Some(send) = &due.send {
        text.push_str(&format!("  send `{}` by {}", send.message, send.by));
    }
    let why = &due.why;
    let mut reasons = Vec::new();
    reasons.extend(why.tier.as_ref().map(|tier| format!("`{tier}`")));
    reasons.extend(why.spend.map(|spend| format!("spend {spend}")));
    reasons.extend(why.points.map(|points| format!("{points} points")));
    reasons.extend(why.fact.as_ref().map(|fact| format!("`{fact}`")));
    reasons.extend(why.day.map(|day| day.to_string()));
    text + &format!("  ({})\n", reasons.join(", "))
}
