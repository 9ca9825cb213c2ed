//! What can be asked: every verb with what it takes, read strictly.

use crate::Error;
use crate::spot::{Spot, Written};
use parure::calendar::{Day, Moment};
use parure::fact::{Fact, Purchase};
use parure::fault::Fault;
use parure::money::Currency;
use parure::program::Program;
use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// Bytes of a request.
pub const REQUEST_BYTES: usize = 64 << 20;
/// Bytes of an id or a name in a question.
pub const TEXT_BYTES: usize = 1_024;
/// Facts of one `merge`.
pub const MOST_FACTS: usize = 1_000_000;
/// Histories of each kind that one `cheats` plays at most.
pub(crate) const MOST_HISTORIES: u32 = 100_000;
/// Bytes of a program, which the core bounds too.
const PROGRAM_BYTES: usize = 1 << 20;

/// Declares the verbs once: the type, its schema and its strict reading.
macro_rules! verbs {
    ($life:lifetime $($(#[doc = $doc:literal])+ $verb:ident = $name:ident {
        $($(#[doc = $about:literal])+ $how:ident $key:ident: $type:ty,)*
    } -> $answer:ty;)+) => {
        /// A request: one verb and what it takes.
        #[derive(Debug, Clone, JsonSchema)]
        #[schemars(rename_all = "snake_case", deny_unknown_fields)]
        pub enum Request<$life> {
            $($(#[doc = $doc])+ $name { $($(#[doc = $about])+ $key: verbs!(@$how $type),)* },)+
        }

        const VERBS: &[&str] = &[$(stringify!($verb)),+];

        impl<$life> Request<$life> {
            /// Reads a request.
            ///
            /// # Errors
            /// The first fault, with its path and place.
            pub fn parse(request: &$life str) -> Result<Self, Error> {
                if request.len() > REQUEST_BYTES {
                    let message = format!("the request has {} bytes, at most {REQUEST_BYTES} are read", request.len());
                    return Err(Fault::new("too_large", message).into());
                }
                let verb = Spot::root(request).verb(VERBS)?;
                match verb.path().as_str() {
                    $(stringify!($verb) => {
                        let keys = verb.table(&[$(stringify!($key)),*])?;
                        let _ = &keys;
                        Ok(Request::$name { $($key: keys.$how(stringify!($key))?,)* })
                    })+
                    _ => Err(verb.fault(Fault::new("unknown_verb", "this can't be asked")).into()),
                }
            }
        }

        /// The schema of each verb's answer.
        pub(crate) fn answers(generator: &mut SchemaGenerator) -> Vec<(&'static str, Schema)> {
            vec![$((stringify!($verb), generator.subschema_for::<$answer>())),+]
        }
    };
    (@need $type:ty) => { $type };
    (@may $type:ty) => { Option<$type> };
}

use crate::answer::{About, Asked, Cheats, DayOf, Differing, Known, ProgramView, Sealed, Statement};
use parure::book::{
    AccountView, Agenda, Answer, CustomerView, Every, Explanation, FoundCustomer, Ledger, LikelyTwice,
    Merged, PersonExport, Quote, Report, Revenue, RewardView, Task, Timeline, WhatIf,
};

verbs! { 'a
    /// Records a fact that is happening now. It may be refused, then nothing has changed.
    record = Record {
        /// What happened.
        need fact: FactText<'a>,
    } -> Answer;
    /// Takes in facts that have already happened elsewhere. None is refused; conflicts and flags are told.
    merge = Merge {
        /// What happened, in any order.
        need facts: Facts<'a>,
    } -> Merged;
    /// Settles everything before a day.
    seal = Seal {
        /// The first day that stays open.
        need day: Day,
    } -> Sealed;
    /// What a basket would do if it were bought now. Nothing changes.
    quote = Quote {
        /// The id that the purchase's fact will have: coupons that are held for it can be used.
        may id: Cow<'a, str>,
        /// Whose basket. Without one it is a person's who has not joined yet.
        may customer: Cow<'a, str>,
        /// When.
        need at: Moment,
        /// Where.
        may store: Cow<'a, str>,
        /// The basket.
        need purchase: PurchaseText<'a>,
    } -> Quote;
    /// What a customer could redeem points for now, and what is missing for it.
    rewards = Rewards {
        /// Who.
        need customer: Cow<'a, str>,
        /// When.
        need at: Moment,
        /// Where.
        may store: Cow<'a, str>,
    } -> Asked<Vec<RewardView>>;
    /// An account at the end of a day.
    account = Account {
        /// Whose: the id of any customer whom the account has.
        need customer: Cow<'a, str>,
        /// The day.
        need on: Day,
    } -> Asked<AccountView>;
    /// A person at the end of a day: what is known of them, what to ask next, what they agreed to.
    customer = Customer {
        /// Whose: any of their ids.
        need customer: Cow<'a, str>,
        /// The day.
        need on: Day,
    } -> Asked<CustomerView>;
    /// What happened with a person, the latest first.
    timeline = Timeline {
        /// Whose: any of their ids.
        need customer: Cow<'a, str>,
        /// Only these kinds of facts.
        may kinds: Kinds,
        /// Only what came before this fact of theirs: the `next` of the page before.
        may before: Cow<'a, str>,
        /// At most so many; 1,000 unless written, and at most.
        may limit: u32,
    } -> Asked<Timeline>;
    /// Who may be meant by what is typed: a phone or its last digits, a name as it is written or sounds, an e-mail address, a card, a serial number.
    find = Find {
        /// What is typed.
        need typed: Cow<'a, str>,
        /// At most so many accounts; 20 unless written.
        may limit: u32,
    } -> Vec<FoundCustomer>;
    /// Accounts that are likely one person's twice, with reasons.
    duplicates = Duplicates {} -> Vec<LikelyTwice>;
    /// What is due on a day: whom to write to, whom to call, and why.
    agenda = Agenda {
        /// The day.
        need on: Day,
        /// Only for this customer: any of their ids.
        may customer: Cow<'a, str>,
    } -> Asked<Agenda>;
    /// Everything that is held on one person.
    export_person = ExportPerson {
        /// Whose: any of their ids.
        need customer: Cow<'a, str>,
        /// The day.
        need on: Day,
    } -> Asked<PersonExport>;
    /// All accounts at the end of a day, by id.
    accounts = Accounts {
        /// The day.
        need on: Day,
    } -> Vec<AccountView>;
    /// Everything that made an account what it is: facts, rules, rounding, lots, and why other rules did not apply.
    explain = Explain {
        /// Whose.
        need customer: Cow<'a, str>,
        /// The day.
        need on: Day,
    } -> Asked<Explanation>;
    /// The same as text for people.
    statement = Statement {
        /// Whose.
        need customer: Cow<'a, str>,
        /// The day.
        need on: Day,
    } -> Asked<Statement>;
    /// Members, points and cost, by month.
    report = Report {
        /// The day.
        need on: Day,
    } -> Report;
    /// What the shop owes its customers over a period, by double entry.
    ledger = Ledger {
        /// The first day.
        need first: Day,
        /// The last day.
        need last: Day,
    } -> Ledger;
    /// The revenue of points by period: deferred when they are awarded, recognised as they are redeemed.
    revenue = Revenue {
        /// Through this day.
        need on: Day,
        /// Each `month`, `quarter` or `year`.
        need every: Every,
    } -> Asked<Revenue>;
    /// What somebody has to see to: points that were spent twice at stores which did not know of each other.
    tasks = Tasks {
        /// The day.
        need on: Day,
    } -> Vec<Task>;
    /// What the same facts would have given under another program.
    what_if = WhatIf {
        /// The other program.
        need program: ProgramText<'a>,
        /// The day.
        need on: Day,
    } -> WhatIf;
    /// A fact as the book keeps it.
    fact = Fact {
        /// Its id.
        need id: Cow<'a, str>,
    } -> Known;
    /// The book itself: its currency, how many facts it has, how far it goes.
    book = Book {} -> About;
    /// The local day of an instant, by the book's time zone.
    day_of = DayOf {
        /// The instant.
        need at: Moment,
    } -> DayOf;
    /// The program in force on a day.
    program = Program {
        /// The day.
        need on: Day,
    } -> ProgramView;
    /// Whether a program can be used: what it is, or all of its faults.
    check = Check {
        /// The program.
        need program: ProgramText<'a>,
        /// What the program is called in messages; `program` unless written.
        may file: Cow<'a, str>,
    } -> ProgramView;
    /// Ways in which a program can be cheated that small histories find, each with the facts that do it.
    cheats = Cheats {
        /// The program.
        need program: ProgramText<'a>,
        /// The least share of a price that must stay with the shop, 0 unless written.
        may floor: Share,
        /// How many histories of each kind are played, 1,000 unless written.
        may histories: u32,
        /// What they are drawn from.
        may seed: u32,
    } -> Cheats;
    /// Folds every account anew and tells those that differ: none, unless memory or the library is at fault.
    verify = Verify {} -> Differing;
}

/// Kinds of facts.
#[derive(Debug, Clone)]
pub struct Kinds(pub(crate) Vec<String>);

/// A fact that is read when the book, and with it the currency, is known.
#[derive(Debug, Clone)]
pub struct FactText<'a>(Spot<'a>);

/// Facts that are read when the book is known.
#[derive(Debug, Clone)]
pub struct Facts<'a>(Vec<Spot<'a>>);

/// A basket that is read when the book is known.
#[derive(Debug, Clone)]
pub struct PurchaseText<'a>(Spot<'a>);

/// A program: as JSON, or as the text of its TOML or JSON.
#[derive(Debug, Clone)]
pub struct ProgramText<'a>(Spot<'a>);

impl<'a> FactText<'a> {
    pub(crate) fn fact(&self, currency: Currency) -> Result<Fact<'a>, Error> {
        read_fact(&self.0, currency)
    }

    /// A fault that came of recording it.
    pub(crate) fn fault(&self, fault: Fault) -> Error {
        self.0.inside(fault)
    }
}

fn read_fact<'a>(spot: &Spot<'a>, currency: Currency) -> Result<Fact<'a>, Error> {
    Fact::from_json(spot.source(), currency).map_err(|fault| spot.inside(fault))
}

impl<'a> Facts<'a> {
    pub(crate) fn facts(&self, currency: Currency) -> Result<Vec<Fact<'a>>, Error> {
        self.0.iter().map(|spot| read_fact(spot, currency)).collect()
    }
}

impl<'a> PurchaseText<'a> {
    pub(crate) fn purchase(&self, currency: Currency) -> Result<Purchase<'a>, Error> {
        Purchase::from_json(self.0.source(), currency).map_err(|fault| self.0.inside(fault))
    }
}

impl ProgramText<'_> {
    pub(crate) fn program(&self, file: &str) -> Result<Program, Error> {
        if self.0.is_text() {
            let text = self.0.text(PROGRAM_BYTES)?;
            return Program::parse(file, &text).map_err(|faults| self.0.inside_text(faults));
        }
        Program::parse(file, self.0.source()).map_err(|faults| self.0.inside(faults))
    }
}

impl<'a> Written<'a> for Kinds {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        let known = |spot: &Spot<'a>| {
            let kind = spot.text(TEXT_BYTES)?;
            match parure::fact::KINDS.iter().find(|known| **known == kind) {
                Some(known) => Ok((*known).to_owned()),
                None => {
                    let fault = Fault::new("unknown_value", "this is no kind of fact");
                    Err(spot.fault(fault.advise(format!("write one of {}", parure::fact::KINDS.join(", ")))))
                }
            }
        };
        spot.list(parure::fact::KINDS.len())?.iter().map(known).collect::<Result<_, _>>().map(Kinds)
    }
}

/// A share, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(pub(crate) Decimal);

impl JsonSchema for Share {
    fn schema_name() -> Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "from 0 to 1, as text", "type": "string", "pattern": r"^(0(\.\d{1,9})?|1(\.0{1,9})?)$" })
    }
}

impl<'a> Written<'a> for Share {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        let text = spot.text(TEXT_BYTES)?;
        let digits = text.split_once('.').is_none_or(|(_, digits)| (1..=9).contains(&digits.len()));
        let plain = text.starts_with(['0', '1']) && digits;
        let share = Decimal::from_str_exact(&text).ok().filter(|share| plain && *share <= Decimal::ONE);
        let wrong = || {
            let fault = Fault::new("share_text", "this is not a share from 0 to 1");
            spot.fault(fault.advise("write `\"0.6\"`"))
        };
        share.map(Share).ok_or_else(wrong)
    }
}

impl<'a> Written<'a> for Every {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        let wrong = || {
            let fault = Fault::new("unknown_value", "this is no period");
            spot.fault(fault.advise("write `month`, `quarter` or `year`"))
        };
        Every::parse(&spot.text(TEXT_BYTES)?).ok_or_else(wrong)
    }
}

impl<'a> Written<'a> for FactText<'a> {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        spot.expect("a table").map(|()| FactText(spot))
    }
}

impl<'a> Written<'a> for Facts<'a> {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        spot.list(MOST_FACTS).map(Facts)
    }
}

impl<'a> Written<'a> for PurchaseText<'a> {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        spot.expect("a table").map(|()| PurchaseText(spot))
    }
}

impl<'a> Written<'a> for ProgramText<'a> {
    fn read(spot: Spot<'a>) -> Result<Self, Fault> {
        if !spot.is_text() {
            spot.expect("a table")
                .map_err(|fault| fault.advise("write the program, or its text in quotes"))?;
        }
        Ok(ProgramText(spot))
    }
}
