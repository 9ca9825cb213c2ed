//! Lines that no rule tells apart (semantics 4.2 to 4.4).

use super::earning::bit;
use crate::calendar::Day;
use crate::fact::{Line, Quantity};
use crate::money::Money;
use crate::program::Program;
use crate::program::condition::{Condition, Parts, Scene};

/// What conditions ask of the kind of a line, in one program.
const MOST_PARTS: usize = 128;

/// Which lines the rules of a program treat alike: where an item and a category answer all that its conditions ask of a kind of line as another item
/// and category do, their lines earn the same for each minor unit.
///
/// Lines alike that one purchase has may be told as one line of their sum, as long as there is no discount on the whole and nothing is paid with
/// points, which are laid over the lines one by one.
///
/// ```
/// use parure::program::Program;
/// use parure::replay::Alike;
/// let program = Program::parse("maison.toml", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"))).unwrap();
/// let alike = Alike::of(&program).unwrap();
/// assert_eq!(alike.mark("R-2201", "ring/wedding"), alike.mark("R-1807", "ring/wedding"));
/// ```
#[derive(Debug, Clone)]
pub struct Alike(Vec<Parts>);

impl Alike {
    /// `None` where columns can't tell what lines earn ([`Replay::reads_columns`](crate::replay::Replay::reads_columns)), or each line is rounded for
    /// itself.
    ///
    /// ```
    /// # use parure::{program::Program, replay::Alike};
    /// let head = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    /// assert!(Alike::of(&Program::parse("m.toml", head)?).is_some());
    /// assert!(Alike::of(&Program::parse("m.toml", &format!("{head}\n[points]\nround = 'line'"))?).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(program: &Program) -> Option<Alike> {
        let stepped = program.earn.iter().any(|rule| rule.slices.len() != 1);
        let apart = program.conditions().all(|condition| condition.setting().is_some());
        let may_add_up = apart && !stepped && !program.points.per_line && !program.sells_tiers();
        Alike::of_kinds(program).filter(|_| may_add_up)
    }

    /// The same, whether or not lines may be added up. Only for programs whose conditions ask of the setting and of the kind apart.
    pub(super) fn of_kinds(program: &Program) -> Option<Alike> {
        let parts = program.conditions().map(Condition::kind).filter(|parts| !parts.is_empty());
        let parts: Vec<Parts> = parts.collect();
        (parts.len() <= MOST_PARTS).then_some(Alike(parts))
    }

    /// What lines of an item and a category have in common with all that are alike, and with no others; `""` for what is not told.
    ///
    /// ```
    /// # use parure::{program::Program, replay::Alike};
    /// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    /// let rings = format!("{text}\n[[bonus]]\nid = 'rings'\nwhen = 'line.category.startsWith(\"ring/\")'\nmultiply = '2'");
    /// let alike = Alike::of(&Program::parse("m.toml", &rings)?).unwrap();
    /// assert_eq!(alike.mark("R-1", "ring/wedding"), alike.mark("R-2", "ring/gold"));
    /// assert_ne!(alike.mark("R-1", "ring/wedding"), alike.mark("", "care/cloth"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn mark(&self, item: &str, category: &str) -> u128 {
        let line = Line::new("", item, category, Quantity::ONE, Money::ZERO);
        // Of the day, the place and the customer these parts ask nothing.
        let scene = Scene { line: Some(&line), ..Scene::on(Day::FIRST) };
        let holding = self.0.iter().enumerate().filter(|(_, parts)| parts.holds(&scene));
        holding.fold(0, |mark, (place, _)| mark | bit(place))
    }
}
