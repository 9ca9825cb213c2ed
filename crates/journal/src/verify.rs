//! Whether a journal is what was written, and its book what its facts say.

use crate::journal::Journal;
use crate::moved::differences;
use crate::reading::Reading;
use crate::shown;
use crate::sync;
use crate::told::{damaged, told};
use parure::calendar::Day;
use parure::fault::Fault;

/// What was looked at and found right.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("shop.db");
/// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
/// let verified = shop.verify()?;
/// assert_eq!((verified.facts, verified.accounts), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Facts, each held to its hash and to the chain.
    pub facts: usize,
    /// Accounts, each folded anew and held to its postings.
    pub accounts: usize,
}

impl Journal {
    /// Looks at all of the file: its pages, the chain over every fact, a fresh fold, the postings of every account. Opening looks
    /// only at what it folds and at the last facts.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// # let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// # let shop = parure_journal::create(&path, &parure::program::Program::parse("maison.toml", rules)?)?;
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
    /// shop.record(&parure::fact::Fact::from_json(joined, shop.currency())?)?;
    /// assert_eq!(shop.verify()?.facts, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `journal_damaged` with the place of the first thing that is not as written.
    pub fn verify(&self) -> Result<Verified, Fault> {
        let (writer, _) = self.writer()?;
        let told = told(self.path());
        let broken = |what: String| damaged(self.path(), &what);
        let pages: String =
            writer.file.pragma_query_value(None, "integrity_check", |row| row.get(0)).map_err(&told)?;
        if pages != "ok" {
            return Err(broken(pages));
        }
        let reading = Reading::begin(&writer.file, self.path())?;
        let (last, chain) = reading.walk(0, |_| Ok(()))?;
        if (last, chain) != (writer.end.facts, writer.end.chain) {
            return Err(broken(format!("it ends with fact {last}")).at(format!("facts[{last}]")));
        }
        let fresh = reading.fold_afresh()?.book;
        let book = self.book();
        if fresh.to_json(Day::LAST) != book.to_json(Day::LAST) {
            return Err(broken("the book is not what its facts say".to_owned()));
        }
        if let Some(account) = fresh.verify().first().or(book.verify().first()) {
            return Err(
                broken(format!("the account `{account}` is not what its facts say")).at(account.as_str())
            );
        }
        if !sync::is_held(&writer).map_err(&told)? {
            return Err(broken("which facts of other copies it holds is not what it says".to_owned()));
        }
        shown::facts(&writer.file, &book, self.path())?;
        let mut accounts = 0_usize;
        for account in book.accounts(Day::LAST) {
            let missing = differences(&writer.file, &book, &account.account).map_err(&told)?;
            if let Some(((seq, ..), points)) = missing.first_key_value() {
                let what = format!("the postings of fact {seq} are {points} points off");
                return Err(broken(what).at(account.account.as_str()));
            }
            accounts = accounts.saturating_add(1);
        }
        shown::accounts(&writer.file, &book, self.path())?;
        Ok(Verified { facts: book.facts(), accounts })
    }
}
