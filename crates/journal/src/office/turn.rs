//! One transaction with the server, tried again where others were faster.

use super::broken::{Broken, told, unreachable_server};
use super::connection::Connection;
use super::keeping::Office;
use parure::fault::Fault;
use std::sync::PoisonError;
use std::thread::sleep;
use std::time::Duration;

/// How often the same is tried.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(3);

/// What a turn has come to: its answer, and whether what it wrote stays.
pub(crate) struct Turn<T> {
    pub(crate) answer: T,
    pub(crate) keeps: bool,
}

/// Reads one moment of the database.
pub(crate) const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Writes while the program stays. The numbers are any that nobody else uses in this database: `Paru`.
pub(crate) const WRITE: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock_shared(1348563573, 1)";
/// Writes while nobody else does: another program concerns every account.
pub(crate) const WRITE_ALONE: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(1348563573, 1)";

impl Office {
    /// Does it all in one transaction, or nothing of it.
    pub(crate) fn turn<T>(
        &self,
        begin: &str,
        mut act: impl FnMut(&mut Connection) -> Result<Turn<T>, Broken>,
    ) -> Result<T, Fault> {
        self.is_of_this_process()?;
        let mut tries = 1;
        loop {
            let mut connection = self.connection()?;
            let done = connection.say(begin).map_err(Broken::from).and_then(|()| act(&mut connection));
            let done = match done {
                Ok(Turn { answer, keeps: true }) => match connection.say("COMMIT") {
                    Ok(()) => Ok(answer),
                    // Whether it was committed can't be known from here.
                    Err(wrong) if wrong.as_db_error().is_none() => return Err(told(&wrong)),
                    Err(wrong) => Err(wrong.into()),
                },
                Ok(Turn { answer, keeps: false }) => {
                    connection.say("ROLLBACK").map(|()| answer).map_err(Broken::from)
                }
                Err(broken) => {
                    // Without an answer to this the connection is not used again, and the server takes all back.
                    match connection.say("ROLLBACK") {
                        Ok(()) => self.give_back(connection),
                        Err(_) => drop(connection),
                    }
                    match broken.may_go_again() && tries < TRIES {
                        true => {
                            sleep(PAUSE.saturating_mul(tries));
                            tries = tries.saturating_add(1);
                            continue;
                        }
                        false => return Err(broken.told()),
                    }
                }
            };
            self.give_back(connection);
            return done.map_err(Broken::told);
        }
    }

    fn connection(&self) -> Result<Connection, Fault> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle.filter(|idle| !idle.is_closed()) {
            Some(idle) => Ok(idle),
            None => Connection::open(&self.config).map_err(|wrong| match wrong.as_db_error() {
                Some(said) => unreachable_server(said.message()),
                None => told(&wrong),
            }),
        }
    }

    fn give_back(&self, connection: Connection) {
        if !connection.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
