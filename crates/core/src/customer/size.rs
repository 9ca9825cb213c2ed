//! Sizes that jewellers take: rings by the systems of the trade, chains and wrists by length. Each is exact and stays in the system in which it
//! was taken; there is no table from one to another that all of the trade agrees on.

use crate::fault::Fault;
use std::fmt;

/// A size: hundredths of a step of its system.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Size {
    pub(crate) system: System,
    pub(crate) hundredths: u32,
}

/// How a size is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum System {
    /// 港码: Hong Kong and the mainland.
    Hk,
    Us,
    /// Letters from A to Z, and halves of them.
    Uk,
    /// Millimetres around (ISO 8653).
    Eu,
    Jp,
    /// Millimetres across the inside.
    Across,
    /// Millimetres around the inside.
    Around,
    /// Centimetres of a chain or around a wrist.
    Length,
}

/// What a size is taken of, and whether it is a ring's.
pub(crate) const PLACES: [(&str, bool); 16] = [
    ("ankle", false),
    ("chain", false),
    ("left_index", true),
    ("left_little", true),
    ("left_middle", true),
    ("left_ring", true),
    ("left_thumb", true),
    ("left_wrist", false),
    ("right_index", true),
    ("right_little", true),
    ("right_middle", true),
    ("right_ring", true),
    ("right_thumb", true),
    ("right_wrist", false),
    ("ring", true),
    ("wrist", false),
];

/// The code in stored facts, the word, and the least and the most in hundredths.
const SYSTEMS: [(System, u8, &str, (u32, u32)); 8] = [
    (System::Hk, 0, "HK", (100, 4_000)),
    (System::Us, 1, "US", (0, 2_000)),
    (System::Uk, 2, "UK", (0, 2_550)),
    (System::Eu, 3, "EU", (3_000, 9_000)),
    (System::Jp, 4, "JP", (100, 4_000)),
    (System::Across, 5, "mm across", (900, 3_000)),
    (System::Around, 6, "mm around", (3_000, 9_500)),
    (System::Length, 7, "cm", (500, 20_000)),
];

impl Size {
    /// Reads a ring's size (`HK 14`, `US 6.5`, `UK L½`, `EU 54`, `JP 12`, `16.5 mm across`, `52 mm around`) or a length (`45 cm`, `165 mm`).
    pub(crate) fn parse(text: &str, ring: bool) -> Result<Size, Fault> {
        let fault = || {
            let advice = match ring {
                true => {
                    "write it as \"HK 14\", \"US 6.5\", \"UK L½\", \"EU 54\", \"JP 12\", \"16.5 mm across\" or \"52 mm around\""
                }
                false => "write it as \"45 cm\" or \"165 mm\"",
            };
            Fault::new("size_text", "this is not a size").advise(advice)
        };
        let size = Size::read(text).ok_or_else(fault)?;
        let (_, _, _, (least, most)) = size.entry();
        let fits = (size.system == System::Length) != ring && (least..=most).contains(&size.hundredths);
        fits.then_some(size).ok_or_else(fault)
    }

    fn read(text: &str) -> Option<Size> {
        let (first, rest) = text.split_once(' ')?;
        let (system, hundredths) = match (first, rest) {
            ("HK" | "CN", number) => (System::Hk, hundredths(number)?),
            ("US", number) => (System::Us, hundredths(number)?),
            ("UK", letter) => (System::Uk, of_letter(letter)?),
            ("EU", number) => (System::Eu, hundredths(number)?),
            ("JP", number) => (System::Jp, hundredths(number)?),
            (number, "mm across") => (System::Across, hundredths(number)?),
            (number, "mm around") => (System::Around, hundredths(number)?),
            (number, "cm") => (System::Length, hundredths(number)?),
            (number, "mm") => {
                let millimetres = hundredths(number)?;
                let centimetres = millimetres.div_euclid(10);
                (System::Length, Some(centimetres).filter(|_| millimetres.is_multiple_of(10))?)
            }
            _ => return None,
        };
        Some(Size { system, hundredths })
    }

    fn entry(self) -> (System, u8, &'static str, (u32, u32)) {
        let [first, ..] = SYSTEMS;
        SYSTEMS.into_iter().find(|entry| entry.0 == self.system).unwrap_or(first)
    }

    pub(crate) fn code(self) -> u8 {
        self.entry().1
    }

    pub(crate) fn from_code(code: u8, hundredths: u32) -> Option<Size> {
        let system = SYSTEMS.into_iter().find(|entry| entry.1 == code)?.0;
        Some(Size { system, hundredths })
    }
}

/// Digits, and up to two more behind a point.
fn hundredths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    let digits = |text: &str, most: usize| {
        let fits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<u32>().ok())?
    };
    let part = match part {
        None => 0,
        Some(part) if part.len() == 1 => digits(part, 1)?.checked_mul(10)?,
        Some(part) => digits(part, 2).filter(|_| part.len() == 2)?,
    };
    digits(whole, 3)?.checked_mul(100)?.checked_add(part)
}

/// `A` is 0, `B` is 1 and so on; half a letter more for `½`.
fn of_letter(text: &str) -> Option<u32> {
    let mut letters = text.chars();
    let letter = letters.next().filter(char::is_ascii_uppercase)?;
    let whole = u32::from(letter).checked_sub(u32::from('A'))?.checked_mul(100)?;
    match letters.as_str() {
        "" => Some(whole),
        "½" | "1/2" | " 1/2" => whole.checked_add(50),
        _ => None,
    }
}

/// Whose it is is not told by it, but it is part of a profile.
impl fmt::Debug for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Size(…)")
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.hundredths.div_euclid(100), self.hundredths.rem_euclid(100));
        let (_, _, word, _) = self.entry();
        let number = match (part, part.rem_euclid(10)) {
            (0, _) => whole.to_string(),
            (_, 0) => format!("{whole}.{}", part.div_euclid(10)),
            _ => format!("{whole}.{part:02}"),
        };
        match self.system {
            System::Uk => {
                let letter = char::from_u32(u32::from('A').saturating_add(whole)).unwrap_or('A');
                write!(f, "UK {letter}{}", if part == 0 { "" } else { "½" })
            }
            System::Hk | System::Us | System::Eu | System::Jp => write!(f, "{word} {number}"),
            System::Across | System::Around | System::Length => write!(f, "{number} {word}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn sizes_are_read_as_they_are_shown() {
        let rings = [
            "HK 14",
            "HK 14.5",
            "US 6.5",
            "US 6.25",
            "US 0",
            "UK A",
            "UK L½",
            "UK Z½",
            "EU 54",
            "JP 12",
            "16.5 mm across",
            "52.05 mm around",
        ];
        let lengths = ["45 cm", "16.5 cm", "5 cm", "200 cm"];
        for (text, ring) in
            rings.map(|text| (text, true)).into_iter().chain(lengths.map(|text| (text, false)))
        {
            let size = Size::parse(text, ring).unwrap();
            assert_eq!(size.to_string(), text);
            assert_eq!(Size::from_code(size.code(), size.hundredths), Some(size));
            assert_eq!(Size::parse(text, !ring).unwrap_err().code, "size_text");
        }
        assert_eq!(Size::parse("CN 14", true), Size::parse("HK 14", true));
        assert_eq!(Size::parse("UK L1/2", true), Size::parse("UK L½", true));
        assert_eq!(Size::parse("455 mm", false), Size::parse("45.5 cm", false));
    }

    #[test]
    fn what_is_no_size_is_none() {
        for text in [
            "",
            "14",
            "HK",
            "HK ",
            "HK 14.555",
            "HK -1",
            "HK 0",
            "HK 99",
            "US 6,5",
            "UK 7",
            "UK l",
            "UK LL",
            "EU 5",
            "EU 1e3",
            "900 mm across",
            "16.5mm across",
            "HK  14",
            "HK 14 ",
            "US 6.",
            "US .5",
            "HK 99999",
        ] {
            assert_eq!(Size::parse(text, true).unwrap_err().code, "size_text", "{text}");
        }
        for text in ["4 cm", "201 cm", "45", "45cm", "45 in", "45.55 mm"] {
            assert_eq!(Size::parse(text, false).unwrap_err().code, "size_text", "{text}");
        }
    }
}
