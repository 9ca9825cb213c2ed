//! How a journal is opened.

use parure::book::{Answer, Pending};
use parure::calendar::Moment;
use parure::fact::Fact;
use parure::fault::Fault;
use parure::outcome::{Refusal, RefusalCode};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How a journal is opened. The default asks nothing of anyone.
///
/// ```
/// use std::time::Duration;
/// let patient = parure_journal::Options::default().with_wait(Duration::from_secs(5));
/// assert_ne!(patient.wait, parure_journal::Options::default().wait);
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Options {
    /// How long to wait for another process that has the journal open: not at all by default. Of an office, how long for others who still see
    /// whom it forgets, five seconds at least.
    pub wait: Duration,
    /// The time, for "recorded at": the system's clock by default. No number of the book depends on it.
    pub clock: fn() -> Result<Moment, Fault>,
    /// How far ahead of the clock a fact may happen: a day by default. What [`record`](crate::Journal::record) is told of a later instant it
    /// refuses, since the clock of the till is wrong; what other copies send is kept, and named.
    pub ahead: Duration,
    /// How long this copy counts as in touch with the others once it has taken in what one of them sent; for ever by default. Later, what may
    /// be spent is bounded by the program's `[points]` `offline`.
    pub in_touch: Duration,
    /// How many pages the file may take, of 2,048 bytes in files that this library makes, where the shop's device gives it only so much; no limit
    /// by default. Over it, `disk_full`.
    pub most_pages: Option<u32>,
}

const DAY: Duration = Duration::from_secs(86_400);

impl Default for Options {
    fn default() -> Self {
        Options { wait: Duration::ZERO, clock: system, ahead: DAY, in_touch: Duration::MAX, most_pages: None }
    }
}

impl Options {
    /// The same, waiting so long for another process that has the journal open.
    ///
    /// ```
    /// let patient = parure_journal::Options::default().with_wait(std::time::Duration::from_secs(5));
    /// assert_eq!(patient.wait.as_secs(), 5);
    /// ```
    #[must_use]
    pub fn with_wait(self, wait: Duration) -> Self {
        Options { wait, ..self }
    }

    /// The same, with facts that happen so far ahead of the clock.
    ///
    /// ```
    /// let any = parure_journal::Options::default().with_ahead(std::time::Duration::MAX); // also of next year
    /// assert_eq!(any.ahead, std::time::Duration::MAX);
    /// ```
    #[must_use]
    pub fn with_ahead(self, ahead: Duration) -> Self {
        Options { ahead, ..self }
    }

    /// The same, counting as in touch with other copies for so long after it has taken in what one of them sent.
    ///
    /// ```
    /// let store = parure_journal::Options::default().with_in_touch(std::time::Duration::from_secs(600)); // it syncs every minute
    /// assert_eq!(store.in_touch.as_secs(), 600);
    /// ```
    #[must_use]
    pub fn with_in_touch(self, in_touch: Duration) -> Self {
        Options { in_touch, ..self }
    }

    /// The same, in a file of at most so many pages.
    ///
    /// ```
    /// let small = parure_journal::Options::default().with_most_pages(25_000); // some 50 MB
    /// assert_eq!(small.most_pages, Some(25_000));
    /// ```
    #[must_use]
    pub fn with_most_pages(self, pages: u32) -> Self {
        Options { most_pages: Some(pages), ..self }
    }

    /// The same, told the time by this clock.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// let still = parure_journal::Options::default().with_clock(|| Moment::from_micros(0, 0));
    /// assert_eq!((still.clock)()?.micros(), 0);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_clock(self, clock: fn() -> Result<Moment, Fault>) -> Self {
        Options { clock, ..self }
    }
}

impl Options {
    /// Whether a fact happens later than any clock that is right can say.
    pub(crate) fn is_ahead(&self, fact: &Fact<'_>, now: Moment) -> bool {
        let ahead = i64::try_from(self.ahead.as_micros()).unwrap_or(i64::MAX);
        fact.at().micros() > now.micros().saturating_add(ahead)
    }

    /// Decides on a fact that is happening; a new one that happens too far ahead is refused before the book sees it. `out_of_reach`: how many
    /// facts there were when other copies were last heard of, where that is too long ago.
    pub(crate) fn record(
        &self,
        pending: &mut Pending<'_>,
        fact: &Fact<'_>,
        now: Moment,
        out_of_reach: Option<usize>,
    ) -> Result<Answer, Fault> {
        if self.is_ahead(fact, now) && pending.book().arrival(fact.id()).is_none() {
            return Ok(Answer::Refused { refusal: Refusal::of(fact, RefusalCode::InFuture) });
        }
        match out_of_reach {
            Some(heard) => pending.record_offline(fact, heard),
            None => pending.record(fact),
        }
    }
}

/// The system's clock, in UTC.
#[expect(clippy::disallowed_methods, reason = "when a fact was written down; no number depends on it")]
fn system() -> Result<Moment, Fault> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX), 0)
}
