//! Spending where other copies of the book are out of reach (semantics 11.20).

use super::Book;
use super::answer::Answer;
use super::people::Place;
use crate::fact::Fact;
use crate::fault::Fault;
use crate::loyalty::lots::FactNo;
use crate::money::Money;
use crate::outcome::{Refusal, RefusalCode};

impl Book {
    /// As [`Book::record`], at a copy that has not heard of the others since it held so many facts (`heard`): what has come in since, others
    /// do not know, and they may be spending the same points and the same stored value. Over the bounds that the program sets (`offline` of
    /// `[points]` and of `[stored_value]`) it refuses, as `offline_limit`.
    ///
    /// ```
    /// # use parure::{book::{Answer, Book}, fact::Fact, outcome::RefusalCode, program::Program};
    /// let program = r#"
    ///     edition = 2026
    ///     name = "Maison"
    ///     effective = 2026-01-01
    ///     currency = "CNY"
    ///     time_zone = "Asia/Shanghai"
    ///     [points]
    ///     offline = 500
    /// "#;
    /// let mut book = Book::new(Program::parse("maison.toml", program)?);
    /// let yuan = book.currency();
    /// book.merge([
    ///     Fact::from_json(r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#, yuan)?,
    ///     Fact::from_json(r#"{"id":"a-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","adjusted":{"points":2000,"reason":"welcome"}}"#, yuan)?,
    /// ])?;
    /// let heard = book.facts(); // and then the line went down
    /// let tote = |id: &str| format!(r#"{{"id":"{id}","at":"2026-01-03T10:00:00+08:00","customer":"mei","redeemed":{{"points":300,"reward":"tote-bag"}}}}"#);
    /// let first = book.record_offline(&Fact::from_json(&tote("x-1"), yuan)?, heard)?;
    /// assert!(matches!(first, Answer::Accepted { .. }));
    /// let second = book.record_offline(&Fact::from_json(&tote("x-2"), yuan)?, heard)?;
    /// assert!(matches!(second, Answer::Refused { refusal } if refusal.code == RefusalCode::OfflineLimit)); // 600 of 500
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Book::record`].
    pub fn record_offline(&mut self, fact: &Fact<'_>, heard: usize) -> Result<Answer, Fault> {
        if self.log.find(fact.id()).is_none() && self.is_over_offline_limit(fact, heard) {
            return Ok(Answer::Refused { refusal: Refusal::of(fact, RefusalCode::OfflineLimit) });
        }
        self.record(fact)
    }

    fn is_over_offline_limit(&self, fact: &Fact<'_>, heard: usize) -> bool {
        let program = self.versions.on(self.day_of(fact.at)).program;
        let value = program.stored_value.as_ref().and_then(|rules| rules.offline);
        let is_over = |limit: Option<i64>, taken: fn(&Fact<'_>) -> i64| {
            let asked = taken(fact);
            let (Some(limit), true) = (limit, asked > 0) else { return false };
            let root = fact.customer().and_then(|customer| self.people.root_of(customer));
            let before = root.map_or(0, |root| self.taken_since(root, heard, taken));
            before.saturating_add(asked) > limit
        };
        is_over(program.points.offline, |fact| fact.body.points_taken())
            || is_over(value.map(Money::minor), |fact| fact.body.value_taken())
    }

    /// What was taken from an account by facts that came in when the book held so many.
    fn taken_since(&self, root: Place, heard: usize, taken: fn(&Fact<'_>) -> i64) -> i64 {
        let heard = FactNo::try_from(heard).unwrap_or(FactNo::MAX);
        let facts = self.own_facts_of(root);
        let is_own = |fact: &Fact<'_>| {
            fact.customer().and_then(|customer| self.people.root_of(customer)) == Some(root)
        };
        let own = facts.iter().filter(|no| **no >= heard).filter_map(|no| self.log.fact(*no)).filter(is_own);
        own.map(|fact| taken(&fact)).fold(0, i64::saturating_add)
    }
}
