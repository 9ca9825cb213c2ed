//! The values that stand under the keys of a program: words, spans, exact numbers.

use super::coupons::{CouponOrder, Returned};
use super::stored_value::SpendOrder;
use super::triggers::{Happening, Wait, Who};
use super::written::{Written, schema, words};
use super::{LadderOver, LapseTo, PeriodEnd, Ratio, Rounding, Stacking, Term, Window};
use crate::calendar::{Day, Festival, Leap29, LeapMonth, Span};
use crate::document::{NAME_BYTES, Spot, nearest};
use crate::fault::Fault;
use crate::money::{Currency, NotFixed, fixed_point, shorten};
use chrono_tz::{TZ_VARIANTS, Tz};
use schemars::{Schema, SchemaGenerator};
use serde_json::json;

/// Bytes in a name that is shown to people.
pub(crate) const LABEL_BYTES: usize = 256;

/// Customers of a household, as [`MOST_OF_A_HOUSEHOLD`](crate::fact::MOST_OF_A_HOUSEHOLD).
pub(crate) const MOST_MEMBERS: i64 = 64;
/// Points in a cap, a goal, a step.
pub(crate) const MOST_POINTS: i64 = 1_000_000_000_000;

const AMOUNT: &str = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$";
const SPAN: &str = "^[1-9][0-9]* (days?|weeks?|months?|years?)$";

words!(Rounding { "down" => Rounding::Down, "half_up" => Rounding::HalfUp, "up" => Rounding::Up });
words!(Stacking { "best" => Stacking::Best, "sum" => Stacking::Sum, "product" => Stacking::Product });
words!(PeriodEnd {
    "end of month" => PeriodEnd::Month,
    "end of quarter" => PeriodEnd::Quarter,
    "end of year" => PeriodEnd::Year,
});
words!(LapseTo { "one down" => LapseTo::OneDown, "reassess" => LapseTo::Reassess });
words!(Leap29 { "28 February" => Leap29::February28, "1 March" => Leap29::March1, "skip" => Leap29::Skip });
words!(LeapMonth { "ordinary" => LeapMonth::Ordinary, "leap" => LeapMonth::Leap, "both" => LeapMonth::Both });

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    First,
    AtPurchase,
}
words!(Join { "first" => Join::First, "at purchase" => Join::AtPurchase });

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoundEach {
    Purchase,
    Line,
}
words!(RoundEach { "purchase" => RoundEach::Purchase, "line" => RoundEach::Line });

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LapseFrom {
    Earned,
    Usable,
}
words!(LapseFrom { "earned" => LapseFrom::Earned, "usable" => LapseFrom::Usable });

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Owe,
    Forgive,
}
words!(Missing { "owe" => Missing::Owe, "forgive" => Missing::Forgive });

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnReturn {
    Keep,
    Reassess,
}
words!(OnReturn { "keep" => OnReturn::Keep, "reassess" => OnReturn::Reassess });

/// Whose a field of the program's own is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldOf {
    Customer,
    Piece,
}
words!(FieldOf { "customer" => FieldOf::Customer, "piece" => FieldOf::Piece });

/// What a field of the program's own holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HoldsWord {
    Text,
    Number,
    Money,
    Date,
    Flag,
    Choice,
}
words!(HoldsWord {
    "text" => HoldsWord::Text,
    "number" => HoldsWord::Number,
    "money" => HoldsWord::Money,
    "date" => HoldsWord::Date,
    "flag" => HoldsWord::Flag,
    "choice" => HoldsWord::Choice,
});

words!(Happening {
    "joining" => Happening::Joining,
    "first purchase" => Happening::FirstPurchase,
    "purchase" => Happening::Purchase,
    "return" => Happening::Return,
    "visit" => Happening::Visit,
    "talk" => Happening::Talk,
    "service" => Happening::Service,
    "wish" => Happening::Wish,
    "complaint" => Happening::Complaint,
    "review" => Happening::Review,
});
words!(Who { "owner" => Who::Owner, "manager" => Who::Manager, "store" => Who::Store });

/// What is about to lapse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LapseWord {
    Points,
    Tier,
    Coupon,
    StoredValue,
}
words!(LapseWord {
    "points" => LapseWord::Points,
    "tier" => LapseWord::Tier,
    "coupon" => LapseWord::Coupon,
    "stored value" => LapseWord::StoredValue,
});
words!(SpendOrder {
    "bonus first" => SpendOrder::BonusFirst,
    "principal first" => SpendOrder::PrincipalFirst,
    "in proportion" => SpendOrder::InProportion,
});

words!(Returned { "rest" => Returned::Rest, "anew" => Returned::Anew, "lost" => Returned::Lost });
words!(CouponOrder { "percent first" => CouponOrder::PercentFirst, "amount first" => CouponOrder::AmountFirst });

/// What happens to a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TierWord {
    Reached,
    Near,
}
words!(TierWord { "reached" => TierWord::Reached, "near" => TierWord::Near });

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConsentWord {
    Required,
    NotAsked,
}
words!(ConsentWord { "required" => ConsentWord::Required, "not asked" => ConsentWord::NotAsked });

impl Written for Festival {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let text = spot.text(LABEL_BYTES)?;
        spot.checked(Festival::parse(&text))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        let names = Festival::ALL.map(Festival::name);
        schema(json!({ "enum": names }))
    }
}

impl Written for Wait {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let text = spot.text(LABEL_BYTES)?;
        let hours = text.strip_suffix(" hours").or(text.strip_suffix(" hour"));
        match hours {
            None => span_of(spot, &text).map(Wait::Span),
            Some(hours) => {
                let whole = hours.parse().ok().filter(|hours| (1..=8_760).contains(hours));
                let whole = whole.filter(|_| hours.bytes().all(|byte| byte.is_ascii_digit()));
                let wrong = || {
                    Fault::new("span_text", format!("`{}` is not a span of time", shorten(&text)))
                        .advise("write hours up to 8,760, days, weeks, months or years, such as \"48 hours\"")
                };
                spot.checked(whole.map(Wait::Hours).ok_or_else(wrong))
            }
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "string", "pattern": "^[1-9][0-9]* (hours?|days?|weeks?|months?|years?)$" }))
    }
}

/// A time of the day, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock(pub(crate) u16);

impl Written for Clock {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let text = spot.text(LABEL_BYTES)?;
        let number = |part: &str, most: u16| {
            let number = part.parse().ok().filter(|number: &u16| *number <= most);
            number.filter(|_| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let clock = text.split_once(':').and_then(|(hours, minutes)| {
            number(hours, 23)?.checked_mul(60)?.checked_add(number(minutes, 59)?).map(Clock)
        });
        let wrong = || {
            Fault::new("clock_text", format!("`{}` is not a time of the day", shorten(&text)))
                .advise("write hours and minutes, such as \"21:00\"")
        };
        spot.checked(clock.ok_or_else(wrong))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$" }))
    }
}

impl Written for bool {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        spot.truth()
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "boolean" }))
    }
}

/// The rules of computing that the program is written for (semantics 1.5).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edition;

impl Written for Edition {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        match spot.whole(0..=i64::MAX)? {
            2026 => Some(Edition),
            other => spot.fault(
                Fault::new("unknown_edition", format!("unknown edition `{other}`")).advise("write 2026"),
            ),
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "const": 2026 }))
    }
}

/// An id.
#[derive(Debug, Clone)]
pub(crate) struct Name(pub(crate) String);

impl Written for Name {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        spot.name().map(|name| Name(name.into_owned()))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "string", "minLength": 1, "maxLength": NAME_BYTES }))
    }
}

/// A name that is shown to people.
#[derive(Debug, Clone)]
pub(crate) struct Label(pub(crate) String);

impl Written for Label {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let text = spot.text(LABEL_BYTES)?;
        if text.trim().is_empty() {
            return spot.fault(Fault::new("name_text", "a name can't be empty"));
        }
        Some(Label(text.into_owned()))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "string", "minLength": 1, "maxLength": LABEL_BYTES }))
    }
}

impl Written for Day {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        spot.day()
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "string", "format": "date" }))
    }
}

impl Written for Currency {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let code = spot.name()?;
        spot.checked(Currency::parse(&code))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "string", "pattern": "^[A-Z]{3}$" }))
    }
}

impl Written for Tz {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let name = spot.name()?;
        name.parse().ok().or_else(|| {
            let fault = Fault::new("unknown_time_zone", format!("unknown time zone `{}`", shorten(&name)));
            spot.fault(match nearest(&name, TZ_VARIANTS.iter().map(|zone| zone.name())) {
                Some(near) => fault.advise(format!("did you mean `{near}`?")),
                None => fault.advise("write an IANA time zone such as `Asia/Shanghai`"),
            })
        })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "string", "examples": ["Asia/Shanghai", "Europe/Paris"] }))
    }
}

impl Written for Span {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let text = spot.text(LABEL_BYTES)?;
        span_of(spot, &text)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "string", "pattern": SPAN, "examples": ["12 months", "30 days"] }))
    }
}

fn span_of(spot: Spot<'_, '_>, text: &str) -> Option<Span> {
    let nothing = text
        .split_once(' ')
        .is_some_and(|(count, _)| !count.is_empty() && count.bytes().all(|byte| byte == b'0'));
    if nothing {
        return spot.fault(
            Fault::new("zero_span", format!("`{text}` is no time at all")).advise("write at least \"1 day\""),
        );
    }
    spot.checked(Span::parse(text))
}

/// One of some words, or a span of time.
fn word_or_span<T: Copy>(
    spot: Spot<'_, '_>,
    words: &[(&'static str, T)],
    span: impl Fn(Span) -> T,
) -> Option<T> {
    let text = spot.text(LABEL_BYTES)?;
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Some(*value);
    }
    if text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return span_of(spot, &text).map(span);
    }
    let known = words.iter().map(|(word, _)| *word);
    spot.unknown_value(&text, known.chain(std::iter::once("12 months")))
}

fn word_or_span_schema(words: &[&str]) -> Schema {
    schema(
        json!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": SPAN, "examples": ["12 months"] }] }),
    )
}

impl Written for Window {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let words = [
            ("calendar year", Window::CalendarYear),
            ("membership year", Window::MembershipYear),
            ("term", Window::Term),
            ("ever", Window::Ever),
        ];
        word_or_span(spot, &words, Window::Rolling)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        word_or_span_schema(&["calendar year", "membership year", "term", "ever"])
    }
}

/// A window that is not a tier's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SinceWindow(pub(crate) Window);

impl Written for SinceWindow {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let words = [
            ("calendar year", SinceWindow(Window::CalendarYear)),
            ("membership year", SinceWindow(Window::MembershipYear)),
            ("ever", SinceWindow(Window::Ever)),
        ];
        word_or_span(spot, &words, |span| SinceWindow(Window::Rolling(span)))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        word_or_span_schema(&["calendar year", "membership year", "ever"])
    }
}

impl Written for LadderOver {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let words = [
            ("purchase", LadderOver::Purchase),
            ("calendar year", LadderOver::Window(Window::CalendarYear)),
            ("membership year", LadderOver::Window(Window::MembershipYear)),
            ("ever", LadderOver::Window(Window::Ever)),
        ];
        word_or_span(spot, &words, |span| LadderOver::Window(Window::Rolling(span)))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        word_or_span_schema(&["purchase", "calendar year", "membership year", "ever"])
    }
}

impl Written for Term {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let words =
            [("calendar year", Term::CalendarYear), ("lifelong", Term::Lifelong), ("rolling", Term::Rolling)];
        word_or_span(spot, &words, Term::Span)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        word_or_span_schema(&["calendar year", "lifelong", "rolling"])
    }
}

/// An amount as written: how many digits it may have is known once the currency is.
#[derive(Debug, Clone)]
pub(crate) struct Amount(pub(crate) String);

impl Written for Amount {
    const NAME: &'static str = "Amount";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        spot.exact("money_float", "an amount").map(|text| Amount(text.to_owned()))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        exact_schema("An amount of money in the program's currency, as text or as a whole number.", "10.00")
    }
}

/// A decimal of at least 0 with up to 6 digits after the point, in millionths.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Millionths(pub(crate) i64);

impl Written for Millionths {
    const NAME: &'static str = "Decimal";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        decimal(spot, 6, 1_000_000_000).map(Millionths)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        exact_schema(
            "An exact decimal with up to 6 digits after the point, as text or as a whole number.",
            "1.5",
        )
    }
}

/// A factor from 0 to 1,000 with up to 4 digits after the point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Factor(pub(crate) Ratio);

impl Written for Factor {
    const NAME: &'static str = "Factor";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let parts = decimal(spot, 4, 1_000)?;
        Ratio::new(i128::from(parts), 10_000).map(Factor)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        exact_schema("A factor from 0 to 1000 with up to 4 digits after the point.", "1.5")
    }
}

fn exact_schema(about: &str, example: &str) -> Schema {
    schema(json!({
        "description": about,
        "anyOf": [{ "type": "string", "pattern": AMOUNT, "examples": [example] }, { "type": "integer", "minimum": 0 }],
    }))
}

/// A decimal from 0 to `most`, as a whole number of `10^-digits`.
fn decimal(spot: Spot<'_, '_>, digits: u32, most: i64) -> Option<i64> {
    let text = spot.exact("decimal_float", "a decimal")?;
    let shown = shorten(text);
    let range = || Fault::new("number_range", format!("`{shown}` is not from 0 to {most}"));
    let fault = match fixed_point(text, digits) {
        Ok(parts) if (0..=most.saturating_mul(10_i64.saturating_pow(digits))).contains(&parts) => {
            return Some(parts);
        }
        Ok(_) | Err(NotFixed::Range) => range(),
        Err(NotFixed::Grammar) => Fault::new("decimal_text", format!("`{shown}` is not a number"))
            .advise("write digits with a point, such as \"1.5\""),
        Err(NotFixed::Digits(found)) => {
            let message = format!("`{shown}` has {found} digits after the point, at most {digits} are read");
            Fault::new("decimal_digits", message)
        }
    };
    spot.fault(fault)
}

/// More than 0% and at most 100%, with up to 2 digits after the point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Percent(pub(crate) Ratio);

impl Written for Percent {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let text = spot.text(LABEL_BYTES)?;
        let Some(Ok(hundredths)) = text.strip_suffix('%').map(|number| fixed_point(number, 2)) else {
            let fault = Fault::new("percent_text", format!("`{}` is not a percentage", shorten(&text)));
            return spot.fault(
                fault.advise("write a number with at most 2 digits after the point, such as \"30%\""),
            );
        };
        let share = Ratio::new(i128::from(hundredths), 10_000).filter(|_| (1..=10_000).contains(&hundredths));
        let wrong =
            || Fault::new("percent_range", format!("`{}` is not above 0% and up to 100%", shorten(&text)));
        spot.checked(share.map(Percent).ok_or_else(wrong))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(
            json!({ "type": "string", "pattern": r"^(0|[1-9][0-9]?|100)(\.[0-9]{1,2})?%$", "examples": ["30%"] }),
        )
    }
}

/// A whole number within bounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole<const LEAST: i64, const MOST: i64>(pub(crate) i64);

impl<const LEAST: i64, const MOST: i64> Written for Whole<LEAST, MOST> {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        spot.whole(LEAST..=MOST).map(Whole)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "integer", "minimum": LEAST, "maximum": MOST }))
    }
}

/// A number above zero. Zero is read, for the checks to say what is wrong with it where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SomeOf<const MOST: i64>(pub(crate) i64);

impl<const MOST: i64> Written for SomeOf<MOST> {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        spot.whole(0..=MOST).map(SomeOf)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "integer", "minimum": 1, "maximum": MOST }))
    }
}

/// Month and day that every year has, as `01-31`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MonthDay(pub(crate) u8, pub(crate) u8);

impl Written for MonthDay {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let text = spot.text(LABEL_BYTES)?;
        // 2001 has no 29 February, so it has only days that every year has.
        let day = Day::parse(&format!("2001-{text}")).ok();
        let month_day = day.and_then(|day| {
            let (_, month, day) = day.civil();
            Some(MonthDay(u8::try_from(month).ok()?, u8::try_from(day).ok()?))
        });
        let wrong = || {
            Fault::new("month_day_text", format!("`{}` is not a day that every year has", shorten(&text)))
                .advise("write month and day, such as \"01-31\"")
        };
        spot.checked(month_day.ok_or_else(wrong))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({ "type": "string", "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" }))
    }
}

/// A condition as written.
#[derive(Debug, Clone)]
pub(crate) struct When {
    pub(crate) source: String,
    /// The byte of the document that its first byte stands at, unless escapes moved them.
    pub(crate) start: Option<usize>,
}

impl Written for When {
    const NAME: &'static str = "Condition";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        let source = spot.text(usize::MAX)?.into_owned();
        Some(When { source, start: spot.content_start() })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schema(json!({
            "type": "string",
            "description": "A condition about the customer, the purchase or one of its lines.",
            "examples": ["line.category.startsWith(\"gold/\")", "customer.purchases == 0"],
        }))
    }
}
