//! Phone numbers, as every till and every other system writes them: E.164 (`+8613800138000`), by Google's rules.
//!
//! A number is taken if it lies in a range of its country, or is as long as a mobile number there: countries open new ranges each year, and
//! a till whose tables are older must neither turn a customer away nor refuse a fact of a till that knows the range.

use crate::fault::Fault;
use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberType, Region};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A phone number: the country's code and the number within it, 15 digits at most.
///
/// ```
/// use parure::customer::Phone;
/// let phone = Phone::parse("+86 138 0013 8000")?;
/// assert_eq!(phone.to_string(), "+8613800138000");
/// assert_eq!(Phone::parse("＋８６-138-0013-8000")?, phone); // as a Chinese keyboard writes it
/// assert_eq!(Phone::parse_in("13800138000", "CN")?, phone);
/// assert_eq!(format!("{phone:?}"), "Phone(…)"); // it is somebody's
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(u64);

/// Bytes of a number as people write it.
///
/// ```
/// use parure::customer::{Phone, phone::PHONE_BYTES};
/// let endless = format!("+86 138{}", " ".repeat(PHONE_BYTES));
/// assert_eq!(Phone::parse(&endless).unwrap_err().code, "phone_unreal");
/// ```
pub const PHONE_BYTES: usize = 64;

impl Phone {
    /// A number with its country: `+86 138 0013 8000`. Spaces, dashes, brackets and full-width digits are read as people write them.
    ///
    /// ```
    /// use parure::customer::Phone;
    /// assert_eq!(Phone::parse("+852 9123-4567")?.to_string(), "+85291234567");
    /// assert_eq!(Phone::parse("0039 06 698 12345").unwrap_err().code, "phone_no_country");
    /// assert_eq!(Phone::parse("+86 12").unwrap_err().code, "phone_unreal");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `phone_no_country` for a number without `+` and a country; `phone_unreal` for one that no phone can have. Neither says the number.
    pub fn parse(text: &str) -> Result<Phone, Fault> {
        if !text.trim_start().starts_with(['+', '＋']) {
            return Err(Fault::new("phone_no_country", "the phone number does not say its country")
                .advise("write it with its country: +86 138 0013 8000"));
        }
        read(text, None)
    }

    /// A number as it is dialled in a region, by its two letters; one that says its country is read as it says.
    ///
    /// ```
    /// use parure::customer::Phone;
    /// assert_eq!(Phone::parse_in("9123 4567", "HK")?.to_string(), "+85291234567");
    /// assert_eq!(Phone::parse_in("0932-123-456", "TW")?.to_string(), "+886932123456");
    /// assert_eq!(Phone::parse_in("+65 9123 4567", "HK")?.to_string(), "+6591234567");
    /// assert_eq!(Phone::parse_in("9123 4567", "hongkong").unwrap_err().code, "unknown_region");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `phone_unreal` for a number that no phone can have, `unknown_region` for a region that has no phones.
    pub fn parse_in(text: &str, region: &str) -> Result<Phone, Fault> {
        read(text, Some(known_region(region)?))
    }

    /// The digits, the country's code first: `8613800138000`.
    ///
    /// ```
    /// assert_eq!(parure::customer::Phone::parse("+853 6612 3456")?.digits(), 85_366_123_456);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn digits(self) -> u64 {
        self.0
    }

    /// The number that [`digits`](Phone::digits) gave.
    #[cfg_attr(not(test), expect(dead_code, reason = "facts will keep it so"))]
    pub(crate) fn from_digits(digits: u64) -> Phone {
        Phone(digits)
    }
}

/// The region, where it has phones: `CN`, `HK`.
pub(crate) fn known_region(region: &str) -> Result<Region, Fault> {
    let found =
        Region::from_code(region).ok().filter(|_| region.bytes().all(|byte| byte.is_ascii_uppercase()));
    found.filter(|found| PHONE_NUMBER_UTIL.get_country_code_for_region(*found).is_some()).ok_or_else(|| {
        let shown = crate::money::shorten(region);
        Fault::new("unknown_region", format!("`{shown}` is not a region that has phones"))
            .advise("write two letters, such as `CN` or `HK`")
    })
}

fn read(text: &str, region: Option<Region>) -> Result<Phone, Fault> {
    let unreal = |why: &str| Fault::new("phone_unreal", format!("the phone number {why}"));
    if text.len() > PHONE_BYTES {
        return Err(unreal("is too long for one"));
    }
    let number = PHONE_NUMBER_UTIL.parse(text, region).map_err(|_| {
        unreal("can't be read").advise("write the country, and the digits: +86 138 0013 8000")
    })?;
    if number.extension.is_some() {
        return Err(unreal("has an extension").advise("write the extension into a note"));
    }
    let as_mobile =
        PHONE_NUMBER_UTIL.is_possible_number_for_type_with_reason(&number, PhoneNumberType::Mobile);
    if !number.is_valid() && as_mobile != Ok(NumberLengthType::IsPossible) {
        let fault = unreal("is none that its country gives out");
        return Err(fault.advise("look whether a digit or the area is missing"));
    }
    digits_of(&number).map(Phone).ok_or_else(|| unreal("can't be dialled from abroad"))
}

/// Country and national number as one: zeros between them count (Italy).
fn digits_of(number: &PhoneNumber) -> Option<u64> {
    let national = rlibphonenumber::get_national_significant_number_owned(number);
    let digits = format!("{}{national}", number.country_code);
    (digits.len() <= 15).then(|| digits.parse().ok())?
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

/// A number is somebody's: it shows where it is asked for, not where something is looked into.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Phone {
    fn schema_name() -> Cow<'static, str> {
        "Phone".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": r"^\+[1-9][0-9]{4,14}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::Phone;
    use proptest::prelude::*;

    /// As the numbering plans of these countries write them abroad (ITU-T E.164).
    #[test]
    fn numbers_of_the_shops_where_jewellers_are() {
        let read = [
            ("+86 138 0013 8000", "+8613800138000"),
            ("+86 (0)138-0013-8000", "+8613800138000"),
            ("＋８６　１３８００１３８０００", "+8613800138000"),
            ("+86 021 6321 6666", "+862163216666"),
            ("+852 2522 0111", "+85225220111"),
            ("+853 2888 8888", "+85328888888"),
            ("+886 0932 123 456", "+886932123456"),
            ("+65 6737 2222", "+6567372222"),
            ("+81 (0)3-3561-1111", "+81335611111"),
            ("+44 (0)20 7946 0018", "+442079460018"),
            ("+1 (212) 555-0123", "+12125550123"),
            ("+39 06 698 12345", "+390669812345"),
            ("+41 22 310 12 34", "+41223101234"),
        ];
        for (written, meant) in read {
            assert_eq!(Phone::parse(written).unwrap().to_string(), meant, "{written}");
        }
    }

    #[test]
    fn what_no_phone_can_have_is_a_fault_that_does_not_repeat_it() {
        let cases = [
            ("13800138000", "phone_no_country"),
            ("", "phone_no_country"),
            ("wechat", "phone_no_country"),
            ("+", "phone_unreal"),
            ("+86", "phone_unreal"),
            ("+86 138 0013", "phone_unreal"),
            ("+86 138 0013 8000 8000", "phone_unreal"),
            ("+999 138 0013 8000", "phone_unreal"),
            ("+852 9123 4567 ext. 12", "phone_unreal"),
            ("+86 abc", "phone_unreal"),
            ("+86 6321 6666", "phone_unreal"),
            ("+852 912 3456", "phone_unreal"),
        ];
        for (written, code) in cases {
            let fault = Phone::parse(written).unwrap_err();
            assert_eq!(fault.code, code, "{written}");
            assert!(!fault.message.contains("138"), "{fault}");
        }
        assert_eq!(Phone::parse_in("138", "CN").unwrap_err().code, "phone_unreal");
        for region in ["cn", "C", "CHN", "001", "ZZ", "中"] {
            assert_eq!(Phone::parse_in("13800138000", region).unwrap_err().code, "unknown_region");
        }
    }

    /// 11 digits, but no range in today's tables: a mobile number of tomorrow.
    #[test]
    fn a_range_that_is_not_known_yet_is_taken() {
        let number = rlibphonenumber::PHONE_NUMBER_UTIL.parse("+86 120 0013 8000", None).unwrap();
        assert!(!number.is_valid());
        assert_eq!(Phone::parse("+86 120 0013 8000").unwrap().digits(), 8_612_000_138_000);
    }

    proptest! {
        /// What is kept is read again as itself, and no text whatever makes it panic.
        #[test]
        fn a_number_is_read_as_it_is_shown(text in "[+＋]?[0-9０-９ ()-]{0,20}|\\PC{0,40}", region in "CN|HK|MO|TW|SG|IT|AR|MX|US|BR") {
            for phone in [Phone::parse(&text), Phone::parse_in(&text, &region)].into_iter().flatten() {
                prop_assert_eq!(Phone::parse(&phone.to_string()), Ok(phone));
                prop_assert_eq!(Phone::from_digits(phone.digits()), phone);
            }
        }
    }
}
