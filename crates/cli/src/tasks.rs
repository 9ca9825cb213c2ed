//! `parure tasks`: what somebody has to see to.

use crate::args::TasksArgs;
use crate::failure::Failure;
use crate::history::History;
use crate::office::Office;
use crate::replay::the_day;
use parure::book::Task;

pub(crate) fn tasks(asked: &TasksArgs, office: &mut Office) -> Result<(), Failure> {
    let history = History::open(&asked.history, &[], office)?;
    let on = history.ask(|book| the_day(asked.on, book))?;
    let tasks = history.ask(|book| book.tasks(on));
    office.answer(|| serde_json::to_value(&tasks), || told(&tasks))
}

fn told(tasks: &[Task]) -> String {
    if tasks.is_empty() {
        return "nothing to see to\n".to_owned();
    }
    let line = |task: &Task| {
        let facts: Vec<String> = task.facts.iter().map(|fact| format!("`{fact}`")).collect();
        let (what, owed) = match task.value_owed {
            Some(owed) => ("stored value", format!("{owed} is owed")),
            None => ("points", format!("{} points are owed", task.debt)),
        };
        format!("{} `{}` spent {what} twice: {}; {owed}\n", task.since, task.account, facts.join(" and "))
    };
    tasks.iter().map(line).collect()
}
