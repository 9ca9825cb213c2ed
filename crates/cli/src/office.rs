//! Where answers go: the standard output as text or JSON, notes and faults beside it.

use crate::failure::Failure;
use anstream::{AutoStream, eprintln};
use parure::program::Program;
use serde::Serialize;
use std::fs;
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;

/// Where answers go. Colours only where a terminal shows them and `NO_COLOR` does not forbid them.
pub(crate) struct Office {
    json: bool,
    answer: BufWriter<AutoStream<StdoutLock<'static>>>,
}

impl Office {
    pub(crate) fn open(json: bool) -> Office {
        Office { json, answer: BufWriter::new(AutoStream::auto(io::stdout().lock())) }
    }

    /// Reads a program.
    pub(crate) fn program(&self, path: &Path) -> Result<Program, Failure> {
        let read =
            if is_standard_input(path) { io::read_to_string(io::stdin()) } else { fs::read_to_string(path) };
        let text = read.map_err(|why| Failure::file("read", path, &why))?;
        Program::parse(&path.display().to_string(), &text).map_err(Failure::Program)
    }

    /// Answers, as JSON or as the text that is made for people.
    pub(crate) fn answer(
        &mut self,
        json: impl FnOnce() -> serde_json::Result<serde_json::Value>,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let text = if self.json {
            let value = json().map_err(|why| Failure::misuse("answer", why.to_string()))?;
            format!("{value}\n")
        } else {
            text()
        };
        self.answer.write_all(text.as_bytes()).map_err(|why| Failure::answer(&why))
    }

    /// Where lines go that are an answer as they are.
    pub(crate) fn lines(&mut self) -> impl Write {
        &mut self.answer
    }

    /// A note for people, beside the answer.
    pub(crate) fn note(&self, text: &str) {
        if !self.json {
            eprintln!("{text}");
        }
    }

    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.answer.flush().map_err(|why| Failure::answer(&why))
    }

    /// Tells why the run ends early.
    pub(crate) fn tell(&mut self, failure: &Failure) -> u8 {
        if matches!(failure, Failure::Answered) {
            drop(self.answer.flush());
        } else if self.json {
            // What can't be told any more is told by the exit code alone.
            let told = writeln!(self.answer, "{}", failure.to_json()).and_then(|()| self.answer.flush());
            drop(told);
        } else if !matches!(failure, Failure::Unread) {
            eprintln!("{failure}");
        }
        failure.exit_code()
    }
}

/// Whether a path stands for the standard input.
pub(crate) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What a program is, for the head of an answer.
#[derive(Debug, Serialize)]
pub(crate) struct ProgramHead {
    name: String,
    effective: String,
    currency: &'static str,
    time_zone: &'static str,
}

impl ProgramHead {
    pub(crate) fn of(program: &Program) -> ProgramHead {
        ProgramHead {
            name: program.name().to_owned(),
            effective: program.effective().to_string(),
            currency: program.currency().code(),
            time_zone: program.time_zone().name(),
        }
    }
}
