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
    /// `female`, `male`, `other`; empty where it is not known.
    pub(crate) gender: &'a str,
    /// What was told of the program's own fields.
    pub(crate) custom: &'a [CustomValue],
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

/// What was told of a field that the program declares.
///
/// ```
/// use parure::program::condition::{CustomValue, Customer};
/// let told = [CustomValue::new("engraving", "script")];
/// let customer = Customer::default().with_custom(&told);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CustomValue {
    pub(crate) id: Box<str>,
    pub(crate) value: Box<str>,
}

impl CustomValue {
    /// A field by its id, and its value as text; flags are `true` or `false`.
    ///
    /// ```
    /// # use parure::program::condition::CustomValue;
    /// let cats = CustomValue::new("cats", "2");
    /// ```
    #[must_use]
    pub fn new(id: &str, value: &str) -> CustomValue {
        CustomValue { id: id.into(), value: value.into() }
    }
}

/// It is somebody's.
impl std::fmt::Debug for CustomValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CustomValue({}, …)", self.id)
    }
}

impl<'a> Scene<'a> {
    /// A day on which nothing else is known yet: nobody, nothing bought, no store.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// assert!(holds("day.weekday == 6", &Scene::on(day)));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
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
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// assert!(holds("store == 'sh-01'", &Scene::on(day).with_place("sh-01", "li", "till-1")));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_place(self, store: &'a str, staff: &'a str, terminal: &'a str) -> Scene<'a> {
        Scene { store, staff, terminal, ..self }
    }

    /// What the program says of dates that a year does not have.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// let scene = Scene::on(day).with_dates(DatePolicy::default()); // semantics 2.5
    /// assert!(holds("day.month == 5", &scene));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_dates(self, dates: DatePolicy) -> Scene<'a> {
        Scene { dates, ..self }
    }

    /// Who it is.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// let gold = Customer::default().with_tier("gold");
    /// assert!(holds("customer.tier == 'gold'", &Scene::on(day).with_customer(gold)));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_customer(self, customer: Customer<'a>) -> Scene<'a> {
        Scene { customer, ..self }
    }

    /// What is bought, and what is to be paid for it.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// let scene = Scene::on(day).with_purchase(yuan.money("12800.00")?, &rings);
    /// assert!(holds("purchase.amount >= money('5000')", &scene));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_purchase(self, amount: Money, lines: &'a [Line<'a>]) -> Scene<'a> {
        Scene { amount, lines, ..self }
    }

    /// The line that the rule is asked about.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// let scene = Scene::on(day).with_purchase(yuan.money("12800.00")?, &rings).with_line(&rings[0]);
    /// assert!(holds("line.category == 'ring/wedding'", &scene));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_line(self, line: &'a Line<'a>) -> Scene<'a> {
        Scene { line: Some(line), ..self }
    }
}

impl<'a> Customer<'a> {
    /// The id of the tier held.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// let scene = |customer| Scene::on(day).with_customer(customer);
    /// assert!(holds("customer.tier == 'gold'", &scene(Customer::default().with_tier("gold"))));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_tier(self, tier: &'a str) -> Customer<'a> {
        Customer { tier, ..self }
    }

    /// The tags.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// let scene = |customer| Scene::on(day).with_customer(customer);
    /// let tags = ["couple".into()];
    /// assert!(holds("'couple' in customer.tags", &scene(Customer::default().with_tags(&tags))));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_tags(self, tags: &'a [Box<str>]) -> Customer<'a> {
        Customer { tags, ..self }
    }

    /// The birthday, solar or lunar.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// let scene = |customer| Scene::on(day).with_customer(customer);
    /// let born = Anniversary::solar(None, 5, 20)?;
    /// assert!(holds("customer.birthday.month == day.month", &scene(Customer::default().with_birthday(born))));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_birthday(self, birthday: Anniversary) -> Customer<'a> {
        Customer { birthday: Some(birthday), ..self }
    }

    /// The day of joining.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// let scene = |customer| Scene::on(day).with_customer(customer);
    /// assert!(holds("customer.joined <= day", &scene(Customer::default().with_joined(day))));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_joined(self, joined: Day) -> Customer<'a> {
        Customer { joined: Some(joined), ..self }
    }

    /// The gender, as profiles tell it.
    ///
    /// ```
    /// # use parure::calendar::Day;
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// let yuan = Currency::parse("CNY")?;
    /// let scene = Scene::on(Day::parse("2026-03-08")?).with_customer(Customer::default().with_gender("female"));
    /// assert!(Condition::compile("customer.gender == 'female'", yuan, &[]).unwrap().holds(&scene));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_gender(self, gender: &'a str) -> Customer<'a> {
        Customer { gender, ..self }
    }

    /// What was told of the program's own fields.
    ///
    /// ```
    /// # use parure::calendar::Day;
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, CustomValue, Customer, Scene};
    /// let told = [CustomValue::new("cats", "2")];
    /// let scene = Scene::on(Day::parse("2026-03-08")?).with_customer(Customer::default().with_custom(&told));
    /// // A condition outside of a program knows no such fields.
    /// let yuan = Currency::parse("CNY")?;
    /// assert_eq!(Condition::compile("customer.custom.cats == 2", yuan, &[]).unwrap_err()[0].code, "unknown_custom");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_custom(self, custom: &'a [CustomValue]) -> Customer<'a> {
        Customer { custom, ..self }
    }

    /// Purchases and visits so far, spend that counts for tiers, and the balance of points.
    ///
    /// ```
    /// # use parure::calendar::{Anniversary, DatePolicy, Day};
    /// # use parure::fact::{Line, Quantity};
    /// # use parure::money::Currency;
    /// # use parure::program::condition::{Condition, Customer, Scene};
    /// # let yuan = Currency::parse("CNY")?;
    /// # let holds = |source: &str, scene: &Scene<'_>| Condition::compile(source, yuan, &["gold"]).unwrap().holds(scene);
    /// # let rings = [Line::new("1", "R-2201", "ring/wedding", Quantity::ONE, yuan.money("12800.00")?)];
    /// # let day = Day::parse("2026-05-02")?;
    /// let scene = |customer| Scene::on(day).with_customer(customer);
    /// let loyal = Customer::default().with_counters(2, 2, yuan.money("32800.00")?, 6_760);
    /// assert!(holds("customer.points >= 500 && customer.purchases == 2", &scene(loyal)));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_counters(self, purchases: u32, visits: u32, spend_total: Money, points: i64) -> Customer<'a> {
        Customer { purchases, visits, spend_total, points, ..self }
    }
}
