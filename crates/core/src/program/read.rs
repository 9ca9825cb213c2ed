//! Reading a program: text → spec → checked.

use super::spec::{PROGRAM_BYTES, ProgramSpec};
use super::written::Written;
use super::{Faults, Program, check};
use crate::calendar::Day;
use crate::document::{Document, Spot, too_large};
use crate::money::Currency;

impl Program {
    /// Reads a program written in TOML, or in JSON where the text begins with `{`. `file` is what faults call it.
    ///
    /// ```
    /// use parure::program::Program;
    /// let text = "edition = 2026\nname = \"Club\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"";
    /// assert_eq!(Program::parse("club.toml", text).unwrap().name(), "Club");
    ///
    /// let faults = Program::parse("club.toml", &text.replace("currency", "curency")).unwrap_err();
    /// let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
    /// assert_eq!(codes, ["missing_key", "unknown_key"]);
    /// ```
    ///
    /// # Errors
    /// All faults of the program at once, at most 100, each with its place. docs/program.md tells their codes.
    pub fn parse(file: &str, text: &str) -> Result<Program, Faults> {
        let json = text.trim_start().starts_with('{');
        let open = if json { Document::json } else { Document::toml };
        open(text, PROGRAM_BYTES)
            .and_then(|document| document.read(|root| Program::read_as(root, text)))
            .map_err(|faults| Faults::new(file, text, faults))
    }

    /// Reads a program that stands within a document, such as the fact that adopts it; it is kept as it stands there.
    pub(crate) fn read(spot: Spot<'_, '_>) -> Option<Program> {
        let source = spot.source();
        if source.len() > PROGRAM_BYTES {
            return spot.fault(too_large(source.len(), PROGRAM_BYTES));
        }
        Program::read_as(spot, source)
    }

    fn read_as(spot: Spot<'_, '_>, source: &str) -> Option<Program> {
        ProgramSpec::read(spot).and_then(|spec| check::program(&spec, spot, source))
    }

    /// What the program is called, for people.
    ///
    /// ```
    /// # let text = "edition = 2026\nname = \"Club\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"";
    /// # let program = parure::program::Program::parse("club.toml", text).unwrap();
    /// assert_eq!(program.name(), "Club");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first day that these rules count for (semantics 1.7).
    ///
    /// ```
    /// # let text = "edition = 2026\nname = \"Club\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"";
    /// # let program = parure::program::Program::parse("club.toml", text).unwrap();
    /// assert_eq!(program.effective().to_string(), "2026-01-01");
    /// ```
    #[must_use]
    pub fn effective(&self) -> Day {
        self.effective
    }

    /// The currency of all amounts.
    ///
    /// ```
    /// # let text = "edition = 2026\nname = \"Club\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"";
    /// # let program = parure::program::Program::parse("club.toml", text).unwrap();
    /// assert_eq!(program.currency().code(), "CNY");
    /// ```
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The time zone whose days count (semantics 2.1).
    ///
    /// ```
    /// # let text = "edition = 2026\nname = \"Club\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"";
    /// # let program = parure::program::Program::parse("club.toml", text).unwrap();
    /// assert_eq!(program.time_zone().name(), "Asia/Shanghai");
    /// ```
    #[must_use]
    pub fn time_zone(&self) -> chrono_tz::Tz {
        self.zone
    }

    /// The region whose phone numbers staff write without their country, where the program names one: for
    /// [`Phone::parse_in`](crate::customer::Phone::parse_in).
    ///
    /// ```
    /// # let text = "edition = 2026\nname = \"Club\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"";
    /// use parure::{customer::Phone, program::Program};
    /// let program = Program::parse("club.toml", &format!("{text}\n[customers]\nregion = 'CN'")).unwrap();
    /// let phone = Phone::parse_in("138 0013 8000", program.region().unwrap())?;
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.customers.region.as_deref()
    }

    /// Whether any rule asks for the item of a line: who tells lines by their kinds need not tell items apart otherwise.
    ///
    /// ```
    /// # let text = "edition = 2026\nname = \"Club\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"";
    /// # let program = parure::program::Program::parse("club.toml", text).unwrap();
    /// assert!(!program.asks_for_items());
    /// ```
    #[must_use]
    pub fn asks_for_items(&self) -> bool {
        self.conditions().any(|condition| condition.uses().item)
    }

    /// Whether any rule asks for the category of a line.
    ///
    /// ```
    /// let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
    /// let program = parure::program::Program::parse("maison.toml", text).unwrap();
    /// assert!(program.asks_for_categories()); // gold by weight earns on the work
    /// ```
    #[must_use]
    pub fn asks_for_categories(&self) -> bool {
        self.conditions().any(|condition| condition.uses().category)
    }

    /// The program as it was written.
    ///
    /// ```
    /// # let text = "edition = 2026\nname = \"Club\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"";
    /// # let program = parure::program::Program::parse("club.toml", text).unwrap();
    /// assert_eq!(program.source(), text);
    /// ```
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}
