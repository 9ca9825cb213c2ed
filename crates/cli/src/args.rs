//! What can be asked on the command line.

use crate::columns::{Columns, Delimiter};
use clap::{Args, Parser, Subcommand, ValueEnum};
use parure::book::Every;
use parure::calendar::{Day, Moment};
use rust_decimal::Decimal;
use std::path::PathBuf;

/// Loyalty programs from the command line: check one, replay a history under it, ask "what if?", explain a balance.
#[derive(Debug, Parser)]
#[command(name = "parure", version, after_help = EXIT_CODES, propagate_version = true)]
pub(crate) struct Cli {
    /// Answer with JSON, failures too
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done (rows that were set aside as asked are told, they are no failure)
  1  refused, or faults found in a program or in facts
  2  misuse: arguments that don't fit, files that can't be read or written";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read a program and tell all its faults
    Check(CheckArgs),
    /// Fold a history under a program and report members, points and what they would cost
    Replay(ReplayArgs),
    /// Tell how a customer came to their points and tier
    Explain(ExplainArgs),
    /// Find people by what is typed: a phone or its last digits, a name, an e-mail address, a card, a serial number
    Find(FindArgs),
    /// Tell who is likely there twice, with reasons
    Duplicates(DuplicatesArgs),
    /// Tell what is due: whom to write to, whom to call, and why
    Agenda(AgendaArgs),
    /// Tell what is known of a customer, what to ask next, and what they agreed to
    Customer(PersonArgs),
    /// Tell what happened with a customer, the latest first
    Timeline(TimelineArgs),
    /// Tell all that is held on one person, as JSON
    ExportPerson(PersonArgs),
    /// Tell what somebody has to see to: points that were spent twice
    Tasks(TasksArgs),
    /// Tell what is owed over a period, points, stored value and coupons, by double entry
    Ledger(LedgerArgs),
    /// Tell the revenue of points by period: deferred when they are awarded, recognised as they are redeemed (IFRS 15)
    Revenue(RevenueArgs),
    /// Make a journal: one file that keeps a shop's facts
    Init(InitArgs),
    /// Record facts that are happening now in a journal: each is accepted or refused, and on the disk when it is answered
    Record(BookArgs),
    /// Merge facts that have already happened into a journal
    Import(BookArgs),
    /// Look at all of a journal: whether it is as it was written, and its book what its facts say
    Verify(VerifyArgs),
    /// Have two copies of a book come to hold the same facts
    Sync(SyncArgs),
    /// Copy a journal into another file, as it is at this moment
    Backup(BackupArgs),
    /// Write the facts of a journal that are as they were written, one JSON object a line, also of one that can't be opened any more; with --customer, all that is held
    /// on one person
    Export(ExportArgs),
    /// Forget a person in a journal, for good: their names and all that was told of them; points and amounts stay under an alias
    Erase(EraseArgs),
    /// Compare what two programs make of the same history
    WhatIf(WhatIfArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Also look for ways to cheat: small histories that are played; exits with 1 where one is found
    #[arg(long)]
    pub(crate) cheats: bool,
    /// The least share of a price that must stay with the shop, what is given with it counted
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0%", requires = "cheats")]
    pub(crate) floor: Decimal,
    /// How many histories are played
    #[arg(long, value_name = "N", default_value_t = 1_000, requires = "cheats")]
    pub(crate) histories: u32,
    /// What they are drawn from
    #[arg(long, value_name = "N", default_value_t = 2026, requires = "cheats")]
    pub(crate) seed: u64,
    /// The program: a TOML or JSON file, `-` for standard input
    pub(crate) program: PathBuf,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure replay [OPTIONS] <PROGRAM> <FACTS>...\n       parure replay [OPTIONS] --book <SHOP.db>"
)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// The day to report on [default: the day of the latest fact]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) as_of: Option<Day>,
    /// Write every account to this file, one JSON object a line
    #[arg(long, value_name = "OUT.jsonl")]
    pub(crate) accounts: Option<PathBuf>,
    /// Show every month, not only the last 24
    #[arg(long)]
    pub(crate) all_months: bool,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure explain [OPTIONS] --customer <ID> <PROGRAM> <FACTS>...\n       parure explain [OPTIONS] --customer <ID> --book <SHOP.db>"
)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// The customer
    #[arg(long, value_name = "ID")]
    pub(crate) customer: String,
    /// As of this day [default: the day of the latest fact]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Day>,
    /// Only what this fact did
    #[arg(long, value_name = "ID")]
    pub(crate) fact: Option<String>,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure customer|export-person [OPTIONS] --customer <ID> <PROGRAM> <FACTS>...\n       parure customer|export-person [OPTIONS] --customer <ID> --book <SHOP.db>"
)]
pub(crate) struct PersonArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// The customer
    #[arg(long, value_name = "ID")]
    pub(crate) customer: String,
    /// As of this day [default: the day of the latest fact]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Day>,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure timeline [OPTIONS] --customer <ID> <PROGRAM> <FACTS>...\n       parure timeline [OPTIONS] --customer <ID> --book <SHOP.db>"
)]
pub(crate) struct TimelineArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// The customer
    #[arg(long, value_name = "ID")]
    pub(crate) customer: String,
    /// Only these kinds of facts
    #[arg(long, value_name = "KIND,...", value_delimiter = ',', value_parser = clap::builder::PossibleValuesParser::new(parure::fact::KINDS))]
    pub(crate) kinds: Vec<String>,
    /// Only what came before this fact of theirs
    #[arg(long, value_name = "ID")]
    pub(crate) before: Option<String>,
    /// At most so many
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure tasks [OPTIONS] <PROGRAM> <FACTS>...\n       parure tasks [OPTIONS] --book <SHOP.db>"
)]
pub(crate) struct TasksArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// As of this day [default: the day of the latest fact]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Day>,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure ledger [OPTIONS] <PROGRAM> <FACTS>...\n       parure ledger [OPTIONS] --book <SHOP.db>"
)]
pub(crate) struct LedgerArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// The first day of the period [default: the first of the last day's month]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) first: Option<Day>,
    /// The last day of the period [default: the day of the latest fact]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) last: Option<Day>,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure revenue [OPTIONS] <PROGRAM> <FACTS>...\n       parure revenue [OPTIONS] --book <SHOP.db>"
)]
pub(crate) struct RevenueArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// Through this day [default: the day of the latest fact]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Day>,
    /// By `month`, `quarter` or `year`
    #[arg(long, value_name = "PERIOD", default_value = "month", value_parser = every)]
    pub(crate) every: Every,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure agenda [OPTIONS] <PROGRAM> <FACTS>...\n       parure agenda [OPTIONS] --book <SHOP.db>"
)]
pub(crate) struct AgendaArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// Only for this customer
    #[arg(long, value_name = "ID")]
    pub(crate) customer: Option<String>,
    /// On this day [default: the day of the latest fact]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Day>,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure find [OPTIONS] --typed <TEXT> <PROGRAM> <FACTS>...\n       parure find [OPTIONS] --typed <TEXT> --book <SHOP.db>"
)]
pub(crate) struct FindArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
    /// What is typed
    #[arg(long, value_name = "TEXT")]
    pub(crate) typed: String,
    /// At most so many accounts
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure duplicates [OPTIONS] <PROGRAM> <FACTS>...\n       parure duplicates [OPTIONS] --book <SHOP.db>"
)]
pub(crate) struct DuplicatesArgs {
    #[command(flatten)]
    pub(crate) history: HistoryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The program: a TOML or JSON file
    pub(crate) program: PathBuf,
    /// The journal to make
    #[arg(long, value_name = "SHOP.db")]
    pub(crate) book: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct BookArgs {
    /// The journal
    #[arg(long, value_name = "SHOP.db")]
    pub(crate) book: PathBuf,
    #[command(flatten)]
    pub(crate) facts: FactsArgs,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The journal
    #[arg(value_name = "SHOP.db")]
    pub(crate) book: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// A copy
    #[arg(value_name = "A.db")]
    pub(crate) one: PathBuf,
    /// Another copy of the same book
    #[arg(value_name = "B.db")]
    pub(crate) other: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The journal
    #[arg(value_name = "SHOP.db")]
    pub(crate) book: PathBuf,
    /// The copy to make
    #[arg(value_name = "COPY.db")]
    pub(crate) to: PathBuf,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "parure what-if [OPTIONS] <NOW> <THEN> <FACTS>...\n       parure what-if [OPTIONS] <THEN> --book <SHOP.db>"
)]
pub(crate) struct WhatIfArgs {
    /// The program as it is; with --book, the program as it might be
    #[arg(value_name = "NOW")]
    pub(crate) first: PathBuf,
    /// The program as it might be
    #[arg(value_name = "THEN", required_unless_present = "book")]
    pub(crate) second: Option<PathBuf>,
    /// Facts, as `parure replay` reads them
    #[arg(value_name = "FACTS", required_unless_present = "book")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) rows: RowsArgs,
    /// A journal, in place of the program as it is and of facts
    #[arg(long, value_name = "SHOP.db", conflicts_with_all = ["second", "files"], conflicts_with_all = ROWS)]
    pub(crate) book: Option<PathBuf>,
    /// The day to compare on [default: the day of the latest fact]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) as_of: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The journal
    #[arg(value_name = "SHOP.db")]
    pub(crate) book: PathBuf,
    /// All that is held on this one person, for them to take along, instead of the facts
    #[arg(long, value_name = "ID")]
    pub(crate) customer: Option<String>,
    /// As of this day [default: the day of the latest fact]
    #[arg(long, value_name = "DAY", value_parser = day, requires = "customer")]
    pub(crate) on: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct EraseArgs {
    /// The journal
    #[arg(value_name = "SHOP.db")]
    pub(crate) book: PathBuf,
    /// The customer: all who are one with them are forgotten too. An alias goes on with an erasure that could not be finished
    #[arg(value_name = "CUSTOMER")]
    pub(crate) customer: String,
    /// Do it: without this it is only told what would be done
    #[arg(long)]
    pub(crate) yes: bool,
    /// What the account goes by from then on [default: a random one]
    #[arg(long, value_name = "ALIAS")]
    pub(crate) alias: Option<String>,
    /// When it was asked for: RFC 3339 [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Moment>,
}

/// A history: facts under a program, or a journal.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// The program: a TOML or JSON file
    #[arg(required_unless_present = "book")]
    pub(crate) program: Option<PathBuf>,
    /// Facts: .jsonl, .ndjson or .json (one JSON object a line), .csv, or any table with --columns; `-` for standard input
    #[arg(required_unless_present = "book", value_name = "FACTS")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) rows: RowsArgs,
    /// A journal, in place of a program and facts
    #[arg(long, value_name = "SHOP.db", conflicts_with_all = ["program", "files"], conflicts_with_all = ROWS)]
    pub(crate) book: Option<PathBuf>,
}

/// What is asked of rows, and has no meaning without them.
const ROWS: [&str; 5] = ["columns", "delimiter", "header", "on_bad", "rejects"];

/// Where the facts are and how they are read.
#[derive(Debug, Args)]
pub(crate) struct FactsArgs {
    /// Facts: .jsonl, .ndjson or .json (one JSON object a line), .csv, or any table with --columns; `-` for standard input
    #[arg(required = true, value_name = "FACTS")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    rows: RowsArgs,
}

/// Files of facts, and how they are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) files: &'a [PathBuf],
    pub(crate) rows: &'a RowsArgs,
}

impl FactsArgs {
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts { files: &self.files, rows: &self.rows }
    }
}

/// How the rows of facts are read.
#[derive(Debug, Args)]
pub(crate) struct RowsArgs {
    /// Read tables of purchases by these columns: customer=…,at=…,amount=… and, as you have them, id, store, staff,
    /// terminal, item, category, quantity
    ///
    /// A column is named by its header or by its place, `#3` for the third. Where all are named by place, the table has no
    /// header line unless --header says so. A .csv file without --columns has headers of these very names. Days are written
    /// 2026-03-01 or 20260301 and stand for the start of that day in the program's time zone, each row a microsecond times
    /// its line after it so that the order of the rows is kept; instants are RFC 3339. Without `id`, a purchase is named
    /// after its file and line: `sales.csv:17`.
    #[arg(long, value_name = "WHAT=COLUMN,…")]
    pub(crate) columns: Option<Columns>,
    /// What stands between columns: one character, `tab`, or `space` for any run of white space
    #[arg(long, value_name = "CHAR", default_value = ",")]
    pub(crate) delimiter: Delimiter,
    /// The first line of a table is a header, even if --columns goes by place
    #[arg(long)]
    pub(crate) header: bool,
    /// What a bad row does [default: stop, or skip with --rejects]
    #[arg(long, value_name = "WHAT")]
    pub(crate) on_bad: Option<OnBad>,
    /// Set bad rows aside in this file: JSON lines with file, line, code, path, message and the row
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
}

/// What a bad row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnBad {
    /// The run stops
    Stop,
    /// It is left out and counted
    Skip,
}

impl RowsArgs {
    pub(crate) fn on_bad(&self) -> OnBad {
        self.on_bad.unwrap_or(if self.rejects.is_some() { OnBad::Skip } else { OnBad::Stop })
    }
}

fn instant(text: &str) -> Result<Moment, String> {
    Moment::parse(text).map_err(|fault| fault.to_string())
}

/// `60%`
fn share(text: &str) -> Result<Decimal, String> {
    let percent = text.strip_suffix('%').and_then(|percent| Decimal::from_str_exact(percent).ok());
    let share = percent.and_then(|percent| percent.checked_div(Decimal::ONE_HUNDRED));
    let fits = share.filter(|share| *share >= Decimal::ZERO && *share <= Decimal::ONE);
    fits.ok_or_else(|| "a share is written `60%`".to_owned())
}

fn every(text: &str) -> Result<Every, String> {
    Every::parse(text).ok_or_else(|| "a period is `month`, `quarter` or `year`".to_owned())
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).map_err(|fault| fault.to_string())
}
