//! What a condition can ask about.

use crate::calendar::{Anniversary, DatePolicy, Day};
use crate::fact::Line;
use crate::money::Money;

/// All that a condition can ask about: the customer as they were just before the purchase, the purchase (or what is left of it
/// after returns), and, for a rule about lines, one of its lines.
///
/// ```
/// use parure::calendar::{DatePolicy, Day};
/// use parure::fact::{Line, Quantity};
/// use parure::money::Currency;
/// use parure::program::condition::{Condition, Customer, Scene};
/// let yuan = Currency::parse("CNY")?;
/// let lines = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
/// let scene = Scene::on(Day::parse("2026-05-02")?)
///     .with_place("上海", "李", "till-1")
///     .with_dates(DatePolicy::default())
///     .with_customer(Customer::default().with_tier("gold"))
///     .with_purchase(yuan.money("12800.00")?, &lines)
///     .with_line(&lines[0]);
/// let condition = Condition::compile("line.category == 'ring/wedding' && customer.tier == 'gold'", yuan, &["gold"]).unwrap();
/// assert!(condition.holds(&scene));
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub(crate) day: Day,
    pub(crate) dates: DatePolicy,
    pub(crate) store: &'a str,
    pub(crate) staff: &'a str,
    pub(crate) terminal: &'a str,
    pub(crate) customer: Customer<'a>,
    /// What is to be paid for the lines that are left: their amounts less their shares of the discount on the whole.
    pub(crate) amount: Money,
    pub(crate) lines: &'a [Line<'a>],
    pub(crate) line: Option<&'a Line<'a>>,
}

/// The customer as they were just before the purchase.
///
/// ```
/// use parure::calendar::{Anniversary, Day};
/// use parure::money::Money;
/// use parure::program::condition::Customer;
/// let tags = ["couple".into()];
/// let customer = Customer::default()
///     .with_tier("gold")
///     .with_tags(&tags)
///     .with_birthday(Anniversary::lunar(None, 8, false, 15)?)
///     .with_joined(Day::parse("2026-01-01")?)
///     .with_counters(2, 2, Money::from_minor(3_280_000), 6_760);
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Customer<'a> {
    pub(crate) tier: &'a str,
    pub(crate) tags: &'a [Box<str>],
    pub(crate) birthday: Option<Anniversary>,
    pub(crate) joined: Option<Day>,
    /// Purchases not wholly given back.
    pub(crate) purchases: u32,
    /// Days with such a purchase.
    pub(crate) visits: u32,
    /// Spend that counts for tiers, ever.
    pub(crate) spend_total: Money,
    /// The balance of points.
    pub(crate) points: i64,
}

impl<'a> Scene<'a> {
    /// A day on which nothing else is known yet: nobody, nothing bought, no store.
    #[must_use]
    pub fn on(day: Day) -> Scene<'a> {
        Scene {
            day,
            dates: DatePolicy::default(),
            store: "",
            staff: "",
            terminal: "",
            customer: Customer::default(),
            amount: Money::ZERO,
            lines: &[],
            line: None,
        }
    }

    /// Where it happens, who serves, and at which till; `""` for what is not told.
    #[must_use]
    pub fn with_place(self, store: &'a str, staff: &'a str, terminal: &'a str) -> Scene<'a> {
        Scene { store, staff, terminal, ..self }
    }

    /// What the program says of dates that a year does not have.
    #[must_use]
    pub fn with_dates(self, dates: DatePolicy) -> Scene<'a> {
        Scene { dates, ..self }
    }

    /// Who it is.
    #[must_use]
    pub fn with_customer(self, customer: Customer<'a>) -> Scene<'a> {
        Scene { customer, ..self }
    }

    /// What is bought, and what is to be paid for it.
    #[must_use]
    pub fn with_purchase(self, amount: Money, lines: &'a [Line<'a>]) -> Scene<'a> {
        Scene { amount, lines, ..self }
    }

    /// The line that the rule is asked about.
    #[must_use]
    pub fn with_line(self, line: &'a Line<'a>) -> Scene<'a> {
        Scene { line: Some(line), ..self }
    }
}

impl<'a> Customer<'a> {
    /// The id of the tier held.
    #[must_use]
    pub fn with_tier(self, tier: &'a str) -> Customer<'a> {
        Customer { tier, ..self }
    }

    /// The tags.
    #[must_use]
    pub fn with_tags(self, tags: &'a [Box<str>]) -> Customer<'a> {
        Customer { tags, ..self }
    }

    /// The birthday, solar or lunar.
    #[must_use]
    pub fn with_birthday(self, birthday: Anniversary) -> Customer<'a> {
        Customer { birthday: Some(birthday), ..self }
    }

    /// The day of joining.
    #[must_use]
    pub fn with_joined(self, joined: Day) -> Customer<'a> {
        Customer { joined: Some(joined), ..self }
    }

    /// Purchases and visits so far, spend that counts for tiers, and the balance of points.
    #[must_use]
    pub fn with_counters(self, purchases: u32, visits: u32, spend_total: Money, points: i64) -> Customer<'a> {
        Customer { purchases, visits, spend_total, points, ..self }
    }
}
