//! Histories folded account by account, straight from columns: no fact is made of a row, nothing is kept but sums.
//!
//! A [`Book`](crate::book::Book) keeps every fact, so that it can explain and take in what comes late. An analyst who asks what last year gave needs
//! neither: the sales lie in columns, sorted by customer and time. A [`Replay`] takes them one account after another and gives what the book
//! would: what each purchase was awarded, each account at the end of a day, the [`Report`]. It is the same fold
//! of an account; only what a basket earns is looked up by [`Kind`] where the rules allow it.
//!
//! ```
//! use parure::calendar::{Day, Moment};
//! use parure::fact::{Fact, Profile};
//! use parure::program::Program;
//! use parure::replay::{ColumnBasket, Replay};
//! let program = Program::parse("maison.toml", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"))).unwrap();
//! let mut replay = Replay::new(&program, Day::parse("2026-12-31")?);
//! let (ring, shop) = (replay.kind("R-2201", "ring/wedding")?, replay.place(Some("xintiandi"), None, None)?);
//!
//! let joined = Moment::parse("2026-04-20T10:00:00+08:00")?;
//! replay.told(0, &Fact::joined("j-1", joined, "lin-yue", Profile::default())?, None)?;
//! let sale = Moment::parse("2026-06-02T15:04:05+08:00")?;
//! let (kinds, amounts) = ([ring], [1_280_000]);
//! let basket = ColumnBasket::new(&kinds, &amounts, program.currency())?;
//! let award = replay.purchased(1, sale.micros(), shop, &basket)?.expect("a rule about categories");
//! assert_eq!((award.wanted, award.awarded, award.tier_after), (1_480, 1_480, 0)); // and 200 to welcome her
//! assert_eq!(replay.rule_ids(award.rules).collect::<Vec<_>>(), ["standard", "welcome"]);
//! let row = replay.end();
//! assert_eq!((row.balance, row.tier.as_str()), (1_480, "member"));
//! assert_eq!(replay.report().totals.awarded, 1_480);
//! # Ok::<(), parure::fault::Fault>(())
//! ```

mod basket;
mod calm;
mod clock;
mod lot_days;

use crate::Id;
use crate::book::report::{Report, Tally};
use crate::calendar::Day;
use crate::fact::{Body, Fact};
use crate::fault::Fault;
use crate::loyalty::account::{Account, Event, Linked, Plain, What, Worth, multiplier};
pub use crate::loyalty::alike::Alike;
use crate::loyalty::earning::{Setting, Wanted, scene};
pub use crate::loyalty::kinds::Kind;
use crate::loyalty::kinds::{Found, Kinds, Where};
use crate::loyalty::lots::FactNo;
use crate::loyalty::rule_sets::RuleSets;
use crate::loyalty::tiers::{Headroom, tier_id, tier_of};
use crate::money::Money;
use crate::outcome::{Entry, Witness};
use crate::program::Program;
use crate::program::versions::Versions;
pub use basket::ColumnBasket;
use calm::Calm;
use clock::Clock;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use lot_days::LotDays;

/// A store, a member of staff and a terminal, as one replay knows them. The default: nothing is told.
///
/// ```
/// # use parure::{calendar::Day, program::Program, replay::{Place, Replay}};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// # let mut replay = Replay::new(&Program::parse("m.toml", text)?, Day::LAST);
/// assert_ne!(replay.place(Some("xintiandi"), Some("li"), None)?, Place::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Place(u32);

/// A set of rules, as one replay knows it; [`Replay::rule_ids`] names them.
///
/// ```
/// assert_eq!(parure::replay::Rules::default(), parure::replay::Rules::default()); // no rule
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rules(u32);

impl Rules {
    /// The set's number: sets are numbered from 0, which is no rule, in the order in which the replay met them.
    ///
    /// ```
    /// assert_eq!(parure::replay::Rules::default().number(), 0);
    /// ```
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }
}

/// What a purchase was awarded, and what it did to the tier.
///
/// ```
/// let award = parure::replay::Award { wanted: 1_480, awarded: 1_000, ..parure::replay::Award::default() };
/// assert!(award.awarded < award.wanted); // caps cut it (semantics 4.6)
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Award {
    /// Points before caps.
    pub wanted: i64,
    /// Points after caps.
    pub awarded: i64,
    /// The rules that applied.
    pub rules: Rules,
    /// The tier held just before, by its place, low to high; [`Replay::tier_id`] names it.
    pub tier_before: u8,
    /// The tier held just after.
    pub tier_after: u8,
}

/// An account at the end of a day.
///
/// ```
/// assert_eq!(parure::replay::Standing::default().balance, 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Since when they are a member.
    pub joined: Option<Day>,
    /// Usable points less debt.
    pub balance: i64,
    /// Points that are not usable yet.
    pub pending: i64,
    /// Points owed.
    pub debt: i64,
    /// The tier's id; empty for nobody's account.
    pub tier: Id,
    /// The last day of the points that lapse next, and how many these are.
    pub next_lapse: Option<(Day, i64)>,
}

/// Accounts folded one after another from columns: the first begins with the replay, the next when the one before has [ended](Replay::end).
///
/// ```
/// # let mut replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
/// let (hers, nobodys) = (replay.end(), replay.end());
/// assert_eq!((hers.tier.as_str(), nobodys.tier.as_str()), ("member", ""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Replay {
    versions: Versions,
    program: Program,
    on: Day,
    kinds: Kinds,
    kind_of: HashMap<(Id, Id), Kind, FixedState>,
    rule_sets: RuleSets,
    places: Vec<[Id; 3]>,
    place_of: HashMap<[Id; 3], Place, FixedState>,
    clock: Clock,
    tally: Tally,
    /// Whether purchases under this program can be [plain](Plain).
    plain: bool,
    lot_days: LotDays,
    account: Account,
    /// What the account may buy before its tier need be looked at.
    headroom: Headroom,
    /// Where that is known, only for [plain](Plain) purchases.
    calm: Option<Calm>,
    /// The instant of the account's last fact.
    last: i64,
    joined: Option<FactNo>,
}

impl Replay {
    /// Nobody's history yet, to be told up to the end of a day.
    ///
    /// ```
    /// # use parure::{calendar::Day, program::Program, replay::Replay};
    /// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    /// let program = Program::parse("m.toml", text)?;
    /// assert_eq!(Replay::new(&program, Day::parse("2026-12-31")?).report().members, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(program: &Program, on: Day) -> Replay {
        Replay {
            versions: Versions::new(program.clone(), Vec::new()),
            program: program.clone(),
            on,
            kinds: Kinds::new(program),
            kind_of: HashMap::default(),
            rule_sets: RuleSets::new(),
            places: vec![Default::default()],
            place_of: HashMap::from_iter([(Default::default(), Place::default())]),
            clock: Clock::new(program.time_zone()),
            tally: Tally::default(),
            plain: program.is_plain(),
            lot_days: LotDays::default(),
            account: Account::default(),
            headroom: Headroom::default(),
            calm: None,
            last: i64::MIN,
            joined: None,
        }
    }

    /// The kind of a line of this item and category; `""` for what is not told.
    ///
    /// ```
    /// # let mut replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
    /// let ring = replay.kind("R-2201", "ring/wedding")?;
    /// assert_eq!(replay.kind("R-2201", "ring/wedding")?, ring);
    /// assert_eq!(replay.kind("R\n", "").unwrap_err().code, "name_text");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for what is no name.
    pub fn kind(&mut self, item: &str, category: &str) -> Result<Kind, Fault> {
        named("item", Some(item).filter(|item| !item.is_empty()))?;
        named("category", Some(category).filter(|category| !category.is_empty()))?;
        let texts = (Id::new(item), Id::new(category));
        if let Some(kind) = self.kind_of.get(&texts) {
            return Ok(*kind);
        }
        let kind = self.kinds.add(texts.0.clone(), texts.1.clone());
        self.calm = None;
        self.kind_of.insert(texts, kind);
        Ok(kind)
    }

    /// The place of a purchase.
    ///
    /// ```
    /// # let mut replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
    /// let shop = replay.place(Some("xintiandi"), Some("li"), None)?;
    /// assert_eq!(replay.place(Some("xintiandi"), Some("li"), None)?, shop);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for what is no name.
    pub fn place(
        &mut self,
        store: Option<&str>,
        staff: Option<&str>,
        terminal: Option<&str>,
    ) -> Result<Place, Fault> {
        for (key, text) in [("store", store), ("staff", staff), ("terminal", terminal)] {
            named(key, text)?;
        }
        let texts = [store, staff, terminal].map(|text| Id::new(text.unwrap_or_default()));
        if let Some(place) = self.place_of.get(&texts) {
            return Ok(*place);
        }
        let place = Place(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        self.places.push(texts.clone());
        self.place_of.insert(texts, place);
        Ok(place)
    }

    /// The local day of an instant, in microseconds since 1970 in UTC.
    ///
    /// ```
    /// # use parure::{calendar::{Day, Moment}, program::Program, replay::Replay};
    /// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    /// # let mut replay = Replay::new(&Program::parse("m.toml", text)?, Day::LAST);
    /// let sale = Moment::parse("2026-02-28T16:30:00Z")?;
    /// assert_eq!(replay.day(sale.micros()), Day::parse("2026-03-01")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn day(&mut self, micros: i64) -> Day {
        self.clock.day(micros)
    }

    /// Whether columns can tell what baskets earn under this program: no rule asks for more of a line than its item and category, and
    /// none goes by steps. Otherwise [`purchased`](Replay::purchased) answers `None` for each.
    ///
    /// ```
    /// # let replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
    /// assert!(replay.reads_columns());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reads_columns(&self) -> bool {
        self.kinds.can_tell()
    }

    /// The account's next purchase: number, instant in microseconds since 1970 in UTC, place and basket. Numbers tell facts of an account apart. `None`:
    /// columns can't tell what it earns, or the customer has not joined; days have gone by up to its own, nothing else has changed, and the
    /// purchase is to be [`told`](Replay::told) next.
    ///
    /// ```
    /// # let mut replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
    /// let (kinds, amounts) = ([replay.kind("R-2201", "ring/wedding")?], [1_280_000]);
    /// let basket = parure::replay::ColumnBasket::new(&kinds, &amounts, parure::money::Currency::parse("CNY")?)?;
    /// let sale = parure::calendar::Moment::parse("2026-06-02T15:04:05+08:00")?;
    /// let award = replay.purchased(1, sale.micros(), Default::default(), &basket)?;
    /// assert_eq!(award.map(|award| award.awarded), Some(1_480)); // 200 of them to welcome her
    /// let early = replay.purchased(2, sale.micros() - 1, Default::default(), &basket);
    /// assert_eq!(early.unwrap_err().code, "not_in_order");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `not_in_order`, `after_the_day`. Nothing has changed then.
    #[inline]
    pub fn purchased(
        &mut self,
        no: u32,
        micros: i64,
        place: Place,
        basket: &ColumnBasket<'_>,
    ) -> Result<Option<Award>, Fault> {
        let day = self.next_day(micros)?;
        if let Some(calm) = self.calm.filter(|calm| calm.holds(day, place) && basket.is_plain())
            && let Some(found) = self.worth(basket, basket.lines())
        {
            self.account.pass(day);
            self.last = micros;
            return Ok(Some(self.buy_plainly((no, micros, day, calm.tier), basket.to_pay(), found)));
        }
        Ok(self.purchased_otherwise((no, micros, day), place, basket))
    }

    #[inline(never)]
    fn purchased_otherwise(
        &mut self,
        (no, micros, day): (u32, i64, Day),
        place: Place,
        basket: &ColumnBasket<'_>,
    ) -> Option<Award> {
        self.calm = None;
        self.live(day);
        self.account.member?;
        let tier = self.account.tier_on(day, &self.program);
        let started = day >= self.program.effective;
        let at = Where { day, tier, place: place.0 };
        if started && !self.kinds.are_known(at) && !self.ask(at, Money::from_minor(basket.to_pay())) {
            return None;
        }
        let found = match started {
            true if basket.is_plain() => self.worth(basket, basket.lines())?,
            true => self.worth_of_what_counts(basket)?,
            false => Found::default(),
        };
        self.last = micros;
        let award = if self.plain && started && basket.tendered().0 == 0 {
            self.buy_plainly((no, micros, day, tier), basket.to_pay(), found)
        } else {
            self.buy((no, micros, day), place, basket, found)
        };
        let tier_after = self.account.tier_on(day, &self.program);
        if self.plain && started {
            let known = self.kinds.known_through(Where { tier: tier_after, ..at });
            let lasts = self.account.quiet_through().zip(known);
            self.calm = lasts.map(|(quiet, known)| Calm::through([quiet, known], place, tier_after));
        }
        Some(Award { tier_before: tier, tier_after, ..award })
    }

    /// What a basket is worth by these parts of its lines; `None` where kinds can't tell.
    #[inline]
    fn worth(&mut self, basket: &ColumnBasket<'_>, lines: (&[Kind], &[i64])) -> Option<Found> {
        self.kinds.worth(&self.program, lines, basket.to_pay(), &mut self.rule_sets)
    }

    #[cold]
    fn worth_of_what_counts(&mut self, basket: &ColumnBasket<'_>) -> Option<Found> {
        let counting = basket.counting(&self.program);
        let (kinds, amounts) = basket.lines();
        self.worth(basket, (kinds, counting.as_deref().unwrap_or(amounts)))
    }

    /// Lives through the days up to and including this one.
    #[inline]
    fn live(&mut self, day: Day) {
        if !self.account.passes(day) {
            self.live_through(day);
        }
    }

    #[inline(never)]
    fn live_through(&mut self, day: Day) {
        let held = |account: &Account| {
            account.member.as_ref().map(|member| (member.standing.tier, member.standing.grace))
        };
        let before = held(&self.account);
        self.account.advance(day, &self.versions, &mut self.tally);
        if held(&self.account) != before {
            self.headroom = Headroom::default();
        }
    }

    /// Asks the conditions about a purchase; whether kinds can tell what its lines earn.
    #[inline(never)]
    fn ask(&mut self, at: Where, to_pay: Money) -> bool {
        let Replay { program, account, places, kinds, versions, .. } = self;
        let texts = usize::try_from(at.place).ok().and_then(|place| places.get(place));
        let Some([store, staff, terminal]) = texts else { return false };
        let setting = Setting { day: at.day, dates: program.dates, store, staff, terminal };
        let customer = account.customer_now(at.day, at.tier, versions);
        let scene = scene(setting, customer, to_pay, &[]);
        kinds.ask(program, &scene, at, multiplier(program, at.tier))
    }

    #[inline]
    fn buy_plainly(
        &mut self,
        (no, micros, day, tier): (u32, i64, Day, u8),
        to_pay: i64,
        found: Found,
    ) -> Award {
        let Found { points, rules, spend } = found;
        let lot_days = self.lot_days.of(&self.program, day);
        let plain = Plain { no, micros, day, tier, points, spend, lot_days };
        self.tally.bought(day, Money::from_minor(to_pay), points);
        let (rules, mut tier_after) = (Rules(rules), tier);
        if self.account.bought_plainly(plain, &self.versions, &mut self.headroom, &mut self.tally) {
            self.calm = None;
            tier_after = self.account.tier_on(day, &self.program);
        }
        if let (Some(calm), Some(last)) = (&mut self.calm, lot_days.1) {
            calm.at_most_through(last);
        }
        Award { wanted: points, awarded: points, rules, tier_before: tier, tier_after }
    }

    /// The same of any purchase.
    #[cold]
    fn buy(
        &mut self,
        (no, micros, day): (u32, i64, Day),
        place: Place,
        basket: &ColumnBasket<'_>,
        found: Found,
    ) -> Award {
        let wanted = Wanted { points: found.points, rules: self.rule_sets.get(found.rules) };
        let (to_pay, tendered) = (Money::from_minor(basket.to_pay()), basket.tendered());
        let worth = Worth { wanted, spend: found.spend, to_pay, tendered };
        let texts = usize::try_from(place.0).ok().and_then(|place| self.places.get(place));
        let places = texts.map_or([""; 3], |texts| texts.each_ref().map(Id::as_str));
        let event = Event::at(no, (micros, day), places, What::WorkedOut(worth));
        let mut watching = Watching::new(&mut self.tally, &mut self.rule_sets);
        self.account.apply(&event, &self.versions, &mut watching);
        let award = watching.award;
        self.headroom = Headroom::default();
        award
    }

    /// The account's next fact, of any kind that concerns no other account. `linked`: the purchase that it gives back or the redemption that it
    /// reverses, and its number. Answers the award of a purchase.
    ///
    /// ```
    /// # let mut replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
    /// let json = r#"{"id":"a-1","at":"2026-05-01T10:00:00+08:00","customer":"lin-yue","adjusted":{"points":50,"reason":"sorry"}}"#;
    /// let sorry = parure::fact::Fact::from_json(json, parure::money::Currency::parse("CNY")?)?;
    /// assert_eq!(replay.told(1, &sorry, None)?, None); // no purchase
    /// assert_eq!(replay.end().balance, 50);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `not_in_order`, `after_the_day`, `other_accounts` for what a [`Book`](crate::book::Book) must be asked. Nothing has changed then.
    pub fn told(
        &mut self,
        no: u32,
        fact: &Fact<'_>,
        linked: Option<(u32, &Fact<'_>)>,
    ) -> Result<Option<Award>, Fault> {
        if matches!(
            fact.body,
            Body::Merged { .. } | Body::Unmerged { .. } | Body::Erased { .. } | Body::Adopted { .. }
        ) || fact.body.passes_to().is_some()
        {
            return Err(concerns_others(fact));
        }
        if self.versions.rewards_introductions() && fact.introducer().is_some() {
            return Err(concerns_others(fact));
        }
        let micros = fact.at().micros();
        let day = self.next_day(micros)?;
        let purchase = linked.and_then(|(no, fact)| Linked::of(no, self.clock.day(fact.at().micros()), fact));
        let referred = linked.map(|(no, _)| no);
        let sides = crate::loyalty::account::Sides { joined_before: self.joined, ..Default::default() };
        let Some(what) = What::of(&fact.body, referred, purchase, sides) else { return Ok(None) };
        if matches!(fact.body, Body::Joined { .. }) {
            self.joined.get_or_insert(no);
        }
        self.kinds.forget_customer();
        self.headroom = Headroom::default();
        self.calm = None;
        self.account.advance(day, &self.versions, &mut self.tally);
        let tier_before = self.account.tier_on(day, &self.program);
        let event = Event::of(no, fact, (micros, day), what);
        let mut watching = Watching::new(&mut self.tally, &mut self.rule_sets);
        self.account.apply(&event, &self.versions, &mut watching);
        let award = watching.award;
        self.last = micros;
        let tier_after = self.account.tier_on(day, &self.program);
        Ok(fact.purchase().is_some().then_some(Award { tier_before, tier_after, ..award }))
    }

    #[inline]
    fn next_day(&mut self, micros: i64) -> Result<Day, Fault> {
        let day = self.clock.day(micros);
        if micros < self.last || day > self.on { Err(self.out_of_turn(micros, day)) } else { Ok(day) }
    }

    #[cold]
    fn out_of_turn(&self, micros: i64, day: Day) -> Fault {
        if micros < self.last {
            let advice = "sort the facts of an account by instant, then by id";
            return Fault::new("not_in_order", "the fact happened before the one told last").advise(advice);
        }
        Fault::new("after_the_day", format!("{day} is after {}, up to which is asked", self.on))
    }

    /// The account at the end of the day that is asked about. It counts in the report from now on, and another one begins.
    ///
    /// ```
    /// # let mut replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
    /// assert_eq!(replay.end().joined.map(|day| day.to_string()).as_deref(), Some("2026-04-20"));
    /// assert_eq!(replay.report().members, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn end(&mut self) -> Standing {
        let Replay { versions, program, on, tally, account, .. } = self;
        account.advance(*on, versions, tally);
        tally.add(account, *on, versions);
        let purse = &account.purse;
        let next = purse.lots().first().and_then(|lot| lot.tag.last());
        let lapsing = |last: Day| {
            let lots = purse.lots().iter().take_while(|lot| lot.tag.last() == Some(last));
            (last, lots.fold(0_i64, |sum, lot| sum.saturating_add(lot.left)))
        };
        let standing = Standing {
            joined: account.member.map(|member| member.joined),
            balance: purse.balance(*on),
            pending: purse.pending(*on),
            debt: purse.debt,
            tier: if account.member.is_some() {
                tier_id(program, account.tier_on(*on, program))
            } else {
                Id::default()
            },
            next_lapse: next.map(lapsing),
        };
        self.account.renew();
        self.kinds.forget_customer();
        self.headroom = Headroom::default();
        self.calm = None;
        self.last = i64::MIN;
        self.joined = None;
        standing
    }

    /// The ids of rules, earning rules first.
    ///
    /// ```
    /// # let replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
    /// assert_eq!(replay.rule_ids(parure::replay::Rules::default()).count(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rule_ids(&self, rules: Rules) -> impl Iterator<Item = &str> {
        crate::book::telling::rule_ids(&self.program, self.rule_sets.get(rules.0)).map(Id::as_str)
    }

    /// The id of the tier at a place; empty where there is none.
    ///
    /// ```
    /// # let replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
    /// assert_eq!((replay.tier_id(0), replay.tier_id(200)), ("member", ""));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn tier_id(&self, place: u8) -> &str {
        tier_of(&self.program, place).map_or("", |tier| &tier.id)
    }

    /// All accounts that have ended.
    ///
    /// ```
    /// # let replay = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/replay.rs"));
    /// assert_eq!(replay.report().members, 0); // hers goes on
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn report(self) -> Report {
        self.tally.report(self.on, &self.versions)
    }
}

/// Counts up what happens, and remembers the award.
struct Watching<'t> {
    tally: &'t mut Tally,
    rule_sets: &'t mut RuleSets,
    award: Award,
}

impl<'t> Watching<'t> {
    fn new(tally: &'t mut Tally, rule_sets: &'t mut RuleSets) -> Self {
        Watching { tally, rule_sets, award: Award::default() }
    }
}

impl Witness for Watching<'_> {
    fn see(&mut self, day: Day, fact: Option<FactNo>, entry: Entry) {
        if let Entry::Awarded { wanted, points, rules } = entry {
            let rules = Rules(self.rule_sets.number(rules));
            self.award = Award { wanted, awarded: points, rules, ..Award::default() };
        }
        self.tally.see(day, fact, entry);
    }
}

fn named(key: &str, text: Option<&str>) -> Result<(), Fault> {
    text.map_or(Ok(()), |text| crate::fact::name(key, text))
}

fn concerns_others(fact: &Fact<'_>) -> Fault {
    let message = format!("`{}` concerns more than one account", fact.kind());
    Fault::new("other_accounts", message).advise("merge it into a book")
}
