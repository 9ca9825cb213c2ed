//! Money: exact, in minor units of the program's currency, never a binary float (semantics 3.1).

use crate::fault::Fault;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An ISO 4217 currency with the digits it has after the point (CNY 2, JPY 0, KWD 3).
///
/// ```
/// use parure::money::Currency;
/// let yuan = Currency::parse("CNY")?;
/// assert_eq!(yuan.show(yuan.money("12800.5")?), "12800.50");
/// assert_eq!(yuan.money("0.001").unwrap_err().code, "money_digits");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency(iso_currency::Currency);

/// An amount in minor units (fen, cents, yen); |amount| < 10^15 major units.
///
/// ```
/// let yuan = parure::money::Currency::parse("CNY")?;
/// let ring = yuan.money("12800.00")?;
/// assert_eq!(ring.minor(), 1_280_000); // fen
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Major units of an amount in a fact or a program stay below this (semantics 3.1).
///
/// ```
/// let yen = parure::money::Currency::parse("JPY")?;
/// assert_eq!(yen.money(&parure::money::MAJOR_LIMIT.to_string()).unwrap_err().code, "money_range");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const MAJOR_LIMIT: i64 = 1_000_000_000_000_000;

impl Money {
    /// No money.
    ///
    /// ```
    /// let yuan = parure::money::Currency::parse("CNY")?;
    /// assert_eq!(yuan.show(parure::money::Money::ZERO), "0.00");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    pub const ZERO: Money = Money(0);

    /// So many minor units.
    ///
    /// ```
    /// use parure::money::Money;
    /// assert_eq!(Money::from_minor(1_280_000).minor(), 1_280_000); // 12,800.00 yuan, or 1,280,000 yen
    /// ```
    #[must_use]
    pub const fn from_minor(minor: i64) -> Self {
        Money(minor)
    }

    /// The minor units.
    ///
    /// ```
    /// assert_eq!(parure::money::Money::ZERO.minor(), 0);
    /// ```
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// The sum. Sums of amounts within bounds can't overflow 64 bits for any real account; they stop at the limit.
    ///
    /// ```
    /// use parure::money::Money;
    /// assert_eq!(Money::from_minor(5).plus(Money::from_minor(7)), Money::from_minor(12));
    /// ```
    #[must_use]
    pub const fn plus(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }

    /// The difference.
    ///
    /// ```
    /// use parure::money::Money;
    /// assert_eq!(Money::from_minor(5).minus(Money::from_minor(7)), Money::from_minor(-2));
    /// ```
    #[must_use]
    pub const fn minus(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }

    /// Zero instead of less than nothing.
    ///
    /// ```
    /// use parure::money::Money;
    /// assert_eq!(Money::from_minor(-2).or_nothing(), Money::ZERO);
    /// ```
    #[must_use]
    pub fn or_nothing(self) -> Money {
        Money(self.0.max(0))
    }
}

impl Currency {
    /// A currency by its ISO code.
    ///
    /// ```
    /// use parure::money::Currency;
    /// assert_eq!(Currency::parse("JPY")?.digits(), 0);
    /// assert_eq!(Currency::parse("XAU").unwrap_err().code, "unknown_currency"); // gold is no currency
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `unknown_currency` for a code that is none, or of a currency with no minor unit or more than 3 digits.
    pub fn parse(code: &str) -> Result<Self, Fault> {
        iso_currency::Currency::from_code(code)
            .filter(|known| known.exponent().is_some_and(|digits| digits <= 3))
            .map(Currency)
            .ok_or_else(|| {
                Fault::new("unknown_currency", format!("`{code}` is not a currency that money is paid in"))
                    .advise("write an ISO 4217 code such as `CNY`")
            })
    }

    /// The ISO code.
    ///
    /// ```
    /// let yuan = parure::money::Currency::parse("CNY")?;
    /// assert_eq!(yuan.code(), "CNY");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Digits after the point.
    ///
    /// ```
    /// let yuan = parure::money::Currency::parse("CNY")?;
    /// assert_eq!(yuan.digits(), 2);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn digits(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }

    /// Reads an amount: digits, at most one point, an optional leading minus.
    ///
    /// ```
    /// let yuan = parure::money::Currency::parse("CNY")?;
    /// assert_eq!(yuan.money("12800.5")?, yuan.money("12800.50")?);
    /// assert_eq!(yuan.money("12,800").unwrap_err().code, "money_text");
    /// assert_eq!(yuan.money("1000000000000000").unwrap_err().code, "money_range");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `money_text` for anything else, `money_digits` for more digits than the currency has, `money_range` from 10^15 on.
    pub fn money(self, text: &str) -> Result<Money, Fault> {
        let digits = self.digits();
        let minor = fixed_point(text, digits).map_err(|wrong| match wrong {
            NotFixed::Grammar => Fault::new("money_text", format!("`{}` is not an amount", shorten(text)))
                .advise("write digits with a point, such as \"1280.00\""),
            NotFixed::Digits(found) => Fault::new(
                "money_digits",
                format!(
                    "`{}` has {found} digits after the point, {} has {digits}",
                    shorten(text),
                    self.code()
                ),
            ),
            NotFixed::Range => out_of_range(text),
        })?;
        if minor.unsigned_abs() >= self.limit().minor().unsigned_abs() {
            return Err(out_of_range(text));
        }
        Ok(Money(minor))
    }

    /// The bound that all amounts stay below.
    pub(crate) fn limit(self) -> Money {
        Money(MAJOR_LIMIT.saturating_mul(10_i64.saturating_pow(self.digits())))
    }

    /// The amount as a decimal with all the digits of the currency.
    ///
    /// ```
    /// let yuan = parure::money::Currency::parse("CNY")?;
    /// assert_eq!(yuan.decimal(yuan.money("12800")?).to_string(), "12800.00");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn decimal(self, money: Money) -> Decimal {
        Decimal::new(money.0, self.digits())
    }

    /// The amount as text with all the digits of the currency: `12800.00`.
    ///
    /// ```
    /// let yuan = parure::money::Currency::parse("CNY")?;
    /// assert_eq!(yuan.show(yuan.money("12800")?), "12800.00");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn show(self, money: Money) -> String {
        self.shown(money).to_string()
    }

    pub(crate) fn shown(self, money: Money) -> Shown {
        Shown { minor: money.minor(), digits: self.digits() }
    }
}

/// An amount with all its digits.
pub(crate) struct Shown {
    minor: i64,
    digits: u32,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let one = 10_u64.checked_pow(self.digits).unwrap_or(u64::MAX);
        let (whole, part) =
            (self.minor.unsigned_abs().div_euclid(one), self.minor.unsigned_abs().rem_euclid(one));
        match usize::try_from(self.digits) {
            Ok(digits @ 1..) => write!(f, "{sign}{whole}.{part:0digits$}"),
            _ => write!(f, "{sign}{whole}"),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

fn out_of_range(text: &str) -> Fault {
    Fault::new("money_range", format!("`{}` is not below 10^15", shorten(text)))
}

/// User input for a message: at most 40 characters of it.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Why a text is not a number with a fixed number of digits after the point.
pub(crate) enum NotFixed {
    Grammar,
    Digits(usize),
    Range,
}

/// Reads `-?digits[.digits]` exactly, as a whole number of `10^-digits`.
pub(crate) fn fixed_point(text: &str, digits: u32) -> Result<i64, NotFixed> {
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return Err(NotFixed::Grammar),
        Some(parts) => parts,
        None => (unsigned, ""),
    };
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
        return Err(NotFixed::Grammar);
    }
    let places = usize::try_from(digits).unwrap_or(0);
    let padding = places.checked_sub(fraction.len()).ok_or(NotFixed::Digits(fraction.len()))?;
    let mut value: i64 = 0;
    let digit_values = whole.bytes().chain(fraction.bytes()).map(|byte| i64::from(byte.wrapping_sub(b'0')));
    for digit in digit_values.chain(std::iter::repeat_n(0, padding)) {
        value = value.checked_mul(10).and_then(|tens| tens.checked_add(digit)).ok_or(NotFixed::Range)?;
    }
    Ok(if negative { value.saturating_neg() } else { value })
}
