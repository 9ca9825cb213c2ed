//! Why a run ends early, and with which exit code.

use parure::fault::Fault;
use parure::outcome::Refusal;
use parure::program::Faults;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;
use std::io;
use std::path::Path;

/// Why a run ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line asks for what can't be: a stable code, and what is wrong.
    Misuse { code: &'static str, message: String },
    /// The program has faults.
    Program(Faults),
    /// A row of the facts is bad and the run was to stop there.
    Row(Box<BadRow>),
    /// The book said no.
    Refused(Refusal),
    /// What was asked for is not there, or can't be compared.
    Unknown(Fault),
    /// The answer has said it: ways to cheat were found.
    Answered,
    /// Nobody reads the answer any more (`| head`).
    Unread,
}

/// A journal that can't be read or written, as any other file.
const OUT_OF_REACH: [&str; 7] = [
    "disk_full",
    "journal_io",
    "journal_locked",
    "journal_missing",
    "journal_path",
    "journal_read_only",
    "journal_stopped",
];

/// A row that is no fact, where it stands, and why.
#[derive(Debug, Serialize)]
pub(crate) struct BadRow {
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) code: &'static str,
    pub(crate) path: String,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<usize>,
    /// The row as it stands there: a line of text, or the cells of a table.
    pub(crate) row: Value,
}

impl Failure {
    pub(crate) fn misuse(code: &'static str, message: impl Into<String>) -> Failure {
        Failure::Misuse { code, message: message.into() }
    }

    /// A file that can't be read or written.
    pub(crate) fn file(what: &'static str, path: &Path, why: &io::Error) -> Failure {
        Failure::misuse("file", format!("can't {what} `{}`: {why}", path.display()))
    }

    /// An answer that can't be written.
    pub(crate) fn answer(why: &io::Error) -> Failure {
        if why.kind() == io::ErrorKind::BrokenPipe {
            return Failure::Unread;
        }
        Failure::misuse("file", format!("can't write the answer: {why}"))
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Unread => 0,
            Failure::Unknown(fault) if OUT_OF_REACH.contains(&fault.code) => 2,
            Failure::Program(_)
            | Failure::Row(_)
            | Failure::Refused(_)
            | Failure::Unknown(_)
            | Failure::Answered => 1,
            Failure::Misuse { .. } => 2,
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        match self {
            Failure::Misuse { code, message } => json!({ "faults": [{ "code": code, "message": message }] }),
            Failure::Program(faults) => json!({ "faults": faults.to_json() }),
            Failure::Row(bad) => json!({ "faults": [bad] }),
            Failure::Refused(refusal) => json!({ "refusal": refusal }),
            Failure::Unknown(fault) => json!({ "faults": [fault] }),
            Failure::Answered | Failure::Unread => json!({ "faults": [] }),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Misuse { code, message } => write!(f, "error[{code}]: {message}"),
            // It ends its lines itself or not: one way here.
            Failure::Program(faults) => f.write_str(faults.to_string().trim_end()),
            Failure::Row(bad) => write!(f, "error{bad}"),
            Failure::Refused(refusal) => write!(f, "refused[{}]: {}", refusal.code.code(), refusal.message),
            Failure::Unknown(fault) => write!(f, "error[{}]: {fault}", fault.code),
            Failure::Answered | Failure::Unread => Ok(()),
        }
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]: {}:{}", self.code, self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        let path = if self.path.is_empty() { String::new() } else { format!("{}: ", self.path) };
        write!(f, ": {path}{}", self.message)?;
        self.advice.as_ref().map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}
