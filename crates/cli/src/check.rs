//! `parure check`: a program is read, all its faults are told.

use crate::args::CheckArgs;
use crate::failure::Failure;
use crate::office::{Office, ProgramHead};
use serde_json::json;

pub(crate) fn check(asked: &CheckArgs, office: &mut Office) -> Result<(), Failure> {
    let program = office.program(&asked.program)?;
    office.answer(
        || Ok(json!({ "faults": [], "program": serde_json::to_value(ProgramHead::of(&program))? })),
        || {
            format!(
                "{}: no faults. \u{201c}{}\u{201d} counts from {}, in {}, by the days of {}.\n",
                asked.program.display(),
                program.name(),
                program.effective(),
                program.currency(),
                program.time_zone().name(),
            )
        },
    )
}
