//! Making an office, and opening one.

use super::broken::{Broken, damaged, told};
use super::connection::Connection;
use super::keeping::{Office, is_for_offices};
use super::part::Beginning;
use super::turn::{READ, Turn, WRITE_ALONE};
use crate::chain::beginning;
use crate::options::Options;
use parure::book::Book;
use parure::fault::Fault;
use parure::program::Program;
use postgres::Config;
use postgres::error::SqlState;
use std::str::FromStr;

/// Tells that the schema `parure` of a database is an office.
const MARK: &str = "parure office";
/// What brings an office from each layout to the next: the first makes an empty one. Never changed once released, only added to.
const STEPS: [&str; 2] = [include_str!("schema/1.sql"), include_str!("schema/2.sql")];

impl Office {
    /// Makes an office for a house that opens under a program: the schema `parure` in a database, of which there must be none yet.
    ///
    /// ```no_run
    /// use parure::program::Program;
    /// use parure_journal::Office;
    /// let program = Program::parse("maison.toml", &std::fs::read_to_string("maison.toml")?)?;
    /// let office = Office::create("host=/run/postgresql dbname=maison", &program)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `journal_exists` where there is one, `journal_foreign` where the schema is something else, `journal_path` for what is no address and
    /// for a database that is not in UTF-8, `journal_unreachable`, `journal_read_only` where this user may not make a schema, `introductions_not_here`,
    /// `households_not_here` and `limits_not_here` for a program that rewards introductions, pools points or limits what all customers use of a coupon.
    pub fn create(address: &str, program: &Program) -> Result<Office, Fault> {
        Office::create_with(address, program, Options::default())
    }

    /// As [`Office::create`], with options: the clock, how far ahead of it facts may happen, and how long an erasure waits for others
    /// ([`Options::wait`], at least five seconds). The rest is a file's.
    ///
    /// ```no_run
    /// # let program = parure::program::Program::parse("maison.toml", &std::fs::read_to_string("maison.toml")?)?;
    /// use parure_journal::{Office, Options};
    /// let strict = Options::default().with_ahead(std::time::Duration::from_secs(60));
    /// let office = Office::create_with("host=/run/postgresql dbname=maison", &program, strict)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Office::create`].
    pub fn create_with(address: &str, program: &Program, options: Options) -> Result<Office, Fault> {
        is_for_offices(&Book::new(program.clone()))?;
        let config = config(address)?;
        let mut connection = Connection::open(&config).map_err(|wrong| told(&wrong))?;
        match about(&mut connection).map_err(Broken::told)? {
            About::Missing => {}
            About::Foreign => return Err(foreign()),
            About::Office { .. } => return Err(exists()),
        }
        is_in_unicode(&mut connection)?;
        // What fails before the commit is taken back when the connection goes.
        fill(&mut connection, program).map_err(|broken| match broken {
            Broken::Sql(wrong)
                if [Some(&SqlState::UNIQUE_VIOLATION), Some(&SqlState::DUPLICATE_SCHEMA)]
                    .contains(&wrong.code()) =>
            {
                exists()
            }
            broken => broken.told(),
        })?;
        drop(connection);
        Office::open_with(address, options)
    }

    /// Opens an office. Any number of processes may, each with as many threads as it likes: a call takes a connection that no other call is
    /// using, or a new one. The address is that of the server and the database, as PostgreSQL writes it: words (`host=… dbname=…`) or
    /// `postgresql://…`.
    ///
    /// ```no_run
    /// let office = parure_journal::Office::open("postgresql://till@db.example/maison")?;
    /// assert_eq!(office.currency().code(), "CNY");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `journal_missing` where the database has no schema `parure`, `journal_foreign` where it is something else, `journal_newer` for one
    /// that a newer library made, `journal_path` for what is no address, `journal_unreachable`, `journal_read_only` where an older library made
    /// it and this user may not bring it up to date.
    pub fn open(address: &str) -> Result<Office, Fault> {
        Office::open_with(address, Options::default())
    }

    /// As [`Office::open`], with options: the clock, how far ahead of it facts may happen, and how long an erasure waits for others
    /// ([`Options::wait`], at least five seconds). The rest is a file's.
    ///
    /// ```no_run
    /// use parure_journal::{Office, Options};
    /// let strict = Options::default().with_ahead(std::time::Duration::from_secs(60));
    /// let office = Office::open_with("host=/run/postgresql dbname=maison", strict)?;
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// As [`Office::open`].
    pub fn open_with(address: &str, options: Options) -> Result<Office, Fault> {
        let config = config(address)?;
        let mut connection = Connection::open(&config).map_err(|wrong| told(&wrong))?;
        let (layout, program) = match about(&mut connection).map_err(Broken::told)? {
            About::Office { layout, program } => (layout, program),
            About::Foreign => return Err(foreign()),
            About::Missing => {
                let message = "the database has no schema `parure`";
                return Err(Fault::new("journal_missing", message).advise("make an office with `create`"));
            }
        };
        let known = layout.parse().ok().filter(|layout| (1..=STEPS.len()).contains(layout));
        let layout: usize = known.ok_or_else(|| {
            let newest = STEPS.len();
            let message =
                format!("the office has layout {layout}, this library knows layouts up to {newest}");
            Fault::new("journal_newer", message).advise("use a newer library")
        })?;
        let program = Program::parse("program", &program).map_err(|faults| {
            let first = faults.iter().next().map_or_else(String::new, ToString::to_string);
            let message = format!("the program of the office can't be read by this library: {first}");
            Fault::new("journal_newer", message).advise("use the library that wrote it, or a newer one")
        })?;
        drop(connection);
        let office = Office::of(config, options, Beginning::of(program.clone()), program);
        if layout < STEPS.len() {
            office.turn(WRITE_ALONE, |connection| {
                migrate(connection)?;
                Ok(Turn { answer: (), keeps: true })
            })?;
        }
        // The versions that were adopted are read once, here.
        office.turn(READ, |connection| {
            let beginning = Beginning::read(connection, office.program.clone())?;
            office.begin_with(beginning);
            Ok(Turn { answer: (), keeps: false })
        })?;
        office.take_in_what_waited()?;
        // What can't be done now is told when the erasure is recorded again.
        drop(office.finish_erasing());
        Ok(office)
    }
}

fn config(address: &str) -> Result<Config, Fault> {
    let mut config = Config::from_str(address).map_err(|wrong| {
        Fault::new("journal_path", format!("`{address}` is no address of a database: {wrong}"))
            .advise("write `host=… dbname=… user=…` or `postgresql://user@host/database`")
    })?;
    if config.get_application_name().is_none() {
        config.application_name("parure");
    }
    Ok(config)
}

/// Names are in any writing.
fn is_in_unicode(connection: &mut Connection) -> Result<(), Fault> {
    let encoding = "SELECT current_setting('server_encoding')";
    let rows = connection.rows(encoding, &[]).map_err(|wrong| told(&wrong))?;
    let encoding: Option<String> = rows.first().and_then(|row| row.try_get(0).ok());
    match encoding.as_deref() {
        Some("UTF8") => Ok(()),
        other => {
            let message =
                format!("the database is written in {}, not in UTF-8", other.unwrap_or("nothing known"));
            Err(Fault::new("journal_path", message).advise("make a database with `ENCODING 'UTF8'`"))
        }
    }
}

/// What the schema `parure` of a database is.
enum About {
    Missing,
    Foreign,
    Office { layout: String, program: String },
}

fn about(connection: &mut Connection) -> Result<About, Broken> {
    let there = "SELECT to_regnamespace('parure') IS NOT NULL, to_regclass('parure.about') IS NOT NULL
             AND to_regclass('parure.head') IS NOT NULL AND to_regclass('parure.copies') IS NOT NULL";
    let rows = connection.rows(there, &[])?;
    let Some(row) = rows.first() else { return Ok(About::Missing) };
    if !row.try_get::<_, bool>(0)? {
        return Ok(About::Missing);
    }
    if !row.try_get::<_, bool>(1)? {
        return Ok(About::Foreign);
    }
    let said =
        "SELECT (SELECT value FROM about WHERE key = 'mark'), (SELECT value FROM about WHERE key = 'layout'),
             (SELECT value FROM about WHERE key = 'program') FROM head";
    // A table of this name may be anyone's.
    let rows = match connection.rows(said, &[]) {
        Ok(rows) => rows,
        Err(wrong) if wrong.code().is_some_and(|code| code.code().starts_with("42")) => {
            return match wrong.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) {
                true => Err(wrong.into()),
                false => Ok(About::Foreign),
            };
        }
        Err(wrong) => return Err(wrong.into()),
    };
    let Some(row) = rows.first() else { return Ok(About::Foreign) };
    let (mark, layout): (Option<String>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    let layout = match layout.filter(|_| mark.as_deref() == Some(MARK)) {
        Some(layout) => layout,
        None => return Ok(About::Foreign),
    };
    let program: Option<String> = row.try_get(2)?;
    let program = program.ok_or_else(|| damaged("it has no program"))?;
    Ok(About::Office { layout, program })
}

/// Brings the office to the newest layout, unless another process has done so while this one waited.
fn migrate(connection: &mut Connection) -> Result<(), Broken> {
    let rows = connection.rows("SELECT value FROM about WHERE key = 'layout'", &[])?;
    let layout = rows.first().and_then(|row| row.try_get::<_, String>(0).ok()?.parse().ok());
    for step in STEPS.iter().skip(layout.unwrap_or(STEPS.len())) {
        connection.say(step)?;
    }
    connection.rows("UPDATE about SET value = $1 WHERE key = 'layout'", &[&STEPS.len().to_string()])?;
    Ok(())
}

fn fill(connection: &mut Connection, program: &Program) -> Result<(), Broken> {
    connection.say("BEGIN; CREATE SCHEMA parure")?;
    for step in STEPS {
        connection.say(step)?;
    }
    connection.rows(
        "INSERT INTO about (key, value)
         VALUES ('mark', $1), ('layout', $2), ('program', $3), ('currency', $4)",
        &[&MARK, &STEPS.len().to_string(), &program.source(), &program.currency().code()],
    )?;
    connection.rows(
        "WITH own AS (
             INSERT INTO copies (copy, numbers, sum)
             VALUES (replace(gen_random_uuid()::text, '-', ''), '[]', decode(repeat('00', 16), 'hex')) RETURNING no)
         INSERT INTO head (one, facts, chain, copy_seq, sum, adopted, origin)
         SELECT 1, 0, $1, 0, decode(repeat('00', 16), 'hex'), 0, no FROM own",
        &[&&beginning(program.source())[..]],
    )?;
    connection.say("COMMIT")?;
    Ok(())
}

fn exists() -> Fault {
    Fault::new("journal_exists", "the database has an office already")
        .advise("open it, or use another database")
}

fn foreign() -> Fault {
    Fault::new("journal_foreign", "the schema `parure` of the database is not an office of parure")
        .advise("use another database; this one was not touched")
}
