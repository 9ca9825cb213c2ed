//! `parure check`: a program is read, all its faults are told, and, where it is asked for, how it can be cheated.

use crate::args::CheckArgs;
use crate::failure::Failure;
use crate::office::{Office, ProgramHead};
use parure::probe::{Cheat, Probe};
use parure::program::Program;
use serde_json::json;

pub(crate) fn check(asked: &CheckArgs, office: &mut Office) -> Result<(), Failure> {
    let program = office.program(&asked.program)?;
    let probe = Probe { seed: asked.seed, histories: asked.histories, floor: asked.floor };
    let cheats = asked.cheats.then(|| program.cheats(probe));
    office.answer(
        || {
            let mut told =
                json!({ "faults": [], "program": serde_json::to_value(ProgramHead::of(&program))? });
            if let Some(cheats) = &cheats {
                told["cheats"] = serde_json::to_value(cheats)?;
            }
            Ok(told)
        },
        || {
            let histories = asked.histories;
            let found = cheats.as_ref().map_or_else(String::new, |cheats| shown(cheats, histories));
            head(asked, &program) + &found
        },
    )?;
    match cheats {
        Some(cheats) if !cheats.is_empty() => Err(Failure::Answered),
        _ => Ok(()),
    }
}

fn head(asked: &CheckArgs, program: &Program) -> String {
    format!(
        "{}: no faults. \u{201c}{}\u{201d} counts from {}, in {}, by the days of {}.\n",
        asked.program.display(),
        program.name(),
        program.effective(),
        program.currency(),
        program.time_zone().name(),
    )
}

fn shown(cheats: &[Cheat], histories: u32) -> String {
    if cheats.is_empty() {
        return format!("No way to cheat it was found in {histories} histories of each kind.\n");
    }
    let one = |cheat: &Cheat| {
        let facts: String = cheat.facts.iter().map(|fact| format!("  {fact}\n")).collect();
        format!("\ncheat[{}]: {}\n{facts}", cheat.code, cheat.message)
    };
    cheats.iter().map(one).collect()
}
