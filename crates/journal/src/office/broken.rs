//! What PostgreSQL says, in the words of a shop; and what only asks for another try.

use parure::fault::Fault;
use postgres::Error;
use postgres::error::SqlState;

/// What ends a turn without an answer.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The server or the way to it.
    Sql(Error),
    /// What the caller is told.
    Told(Fault),
    /// Accounts were formed otherwise while they were waited for.
    Moved,
}

impl From<Error> for Broken {
    fn from(wrong: Error) -> Broken {
        Broken::Sql(wrong)
    }
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Broken {
        Broken::Told(fault)
    }
}

impl Broken {
    /// Whether the same may go well the next time: others were faster, or the server has hung up before anything was committed.
    pub(crate) fn may_go_again(&self) -> bool {
        match self {
            Broken::Moved => true,
            Broken::Told(_) => false,
            Broken::Sql(wrong) => match wrong.code() {
                Some(code) => {
                    [
                        &SqlState::T_R_SERIALIZATION_FAILURE,
                        &SqlState::T_R_DEADLOCK_DETECTED,
                        // A fact of the same id came in from another process.
                        &SqlState::UNIQUE_VIOLATION,
                    ]
                    .contains(&code)
                        || hung_up(code)
                }
                None => wrong.is_closed(),
            },
        }
    }

    pub(crate) fn told(self) -> Fault {
        match self {
            Broken::Told(fault) => fault,
            Broken::Moved => busy("others merge the same customers"),
            Broken::Sql(wrong) => told(&wrong),
        }
    }
}

fn hung_up(code: &SqlState) -> bool {
    [&SqlState::ADMIN_SHUTDOWN, &SqlState::CRASH_SHUTDOWN].contains(&code)
}

fn has_no_room_for_another(code: &SqlState) -> bool {
    code == &SqlState::TOO_MANY_CONNECTIONS
}

fn busy(why: &str) -> Fault {
    Fault::new("journal_locked", format!("other processes are writing the same accounts: {why}"))
        .advise("record it again: nothing of it was kept")
}

/// Tells what the server says.
pub(crate) fn told(wrong: &Error) -> Fault {
    let Some(said) = wrong.as_db_error() else {
        return unreachable_server(&causes(wrong));
    };
    let (code, what) = (said.code(), said.message());
    match code {
        &SqlState::DISK_FULL => Fault::new("disk_full", format!("the server has no room left: {what}"))
            .advise("make room and record it again: nothing of it was kept"),
        &SqlState::T_R_SERIALIZATION_FAILURE
        | &SqlState::T_R_DEADLOCK_DETECTED
        | &SqlState::UNIQUE_VIOLATION
        | &SqlState::LOCK_NOT_AVAILABLE
        | &SqlState::QUERY_CANCELED => busy(what),
        &SqlState::READ_ONLY_SQL_TRANSACTION | &SqlState::INSUFFICIENT_PRIVILEGE => {
            Fault::new("journal_read_only", format!("the office can't be written: {what}"))
                .advise("connect to the server that writes, as a user who owns the schema `parure`")
        }
        code if hung_up(code)
            || has_no_room_for_another(code)
            || ["08", "28", "3D", "57"].iter().any(|class| code.code().starts_with(class)) =>
        {
            unreachable_server(what)
        }
        _ => Fault::new("journal_io", format!("the database: {what}")),
    }
}

/// A server that can't be reached, or not as who asks.
pub(crate) fn unreachable_server(why: &str) -> Fault {
    Fault::new("journal_unreachable", format!("the database can't be reached: {why}"))
        .advise("when it can, record it again: what was kept meanwhile is known by its id")
}

/// A connection that was lost tells why only in its causes.
fn causes(wrong: &Error) -> String {
    let mut text = wrong.to_string();
    let mut cause = std::error::Error::source(wrong);
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    text
}

/// An office that is not what was written.
pub(crate) fn damaged(what: &str) -> Fault {
    Fault::new("journal_damaged", format!("the office is not as it was written: {what}"))
        .advise("restore a backup of the database and merge what `export` still reads of this one")
}
