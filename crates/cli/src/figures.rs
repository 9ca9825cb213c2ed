//! Figures as people read them.

use std::fmt::Display;

/// A number with its thousands apart: `1234567.50` is `1,234,567.50`.
pub(crate) fn thousands(number: impl Display) -> String {
    let text = number.to_string();
    let (sign, rest) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) =
        rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut grouped = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// So many of something: `1 fact`, `69,659 facts`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// A difference with its sign: `+1,200`, `-35`, `0`.
pub(crate) fn signed(number: i128) -> String {
    if number > 0 { format!("+{}", thousands(number)) } else { thousands(number) }
}

/// A part of a whole in percent with one digit, rounded half up; nothing of nothing is nothing.
pub(crate) fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return String::new();
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    let tenths = (part * 2000 + whole).div_euclid(whole * 2);
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{} %", tenths.abs() / 10, tenths.abs() % 10)
}

/// A bar for a part of a whole, at most `width` characters; what is there at all is seen.
pub(crate) fn bar(part: u64, whole: u64, width: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if whole == 0 || part == 0 {
        return String::new();
    }
    let eighths = (u128::from(part) * u128::from(width) * 8 / u128::from(whole)).max(1);
    let full = usize::try_from(eighths / 8).unwrap_or(0);
    let rest = usize::try_from(eighths % 8).unwrap_or(0);
    format!("{}{}", "█".repeat(full), EIGHTHS[rest])
}

#[cfg(test)]
mod tests {
    use super::{bar, percent, signed, thousands};

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(-1_234_567), "-1,234,567");
        assert_eq!(thousands("1234567.50"), "1,234,567.50");
        assert_eq!(signed(1_200), "+1,200");
    }

    #[test]
    fn parts_are_rounded_half_up() {
        // 1/3 = 33.33…, 1/16 = 6.25
        assert_eq!(
            (percent(1, 3), percent(1, 16), percent(-1, 3)),
            ("33.3 %".into(), "6.3 %".into(), "-33.3 %".into())
        );
        assert_eq!(percent(1, 0), "");
    }

    #[test]
    fn whatever_is_there_is_seen() {
        assert_eq!(
            (bar(1, 1, 4), bar(1, 2, 4), bar(1, 1_000_000, 4), bar(0, 9, 4)),
            ("████".into(), "██".into(), "▏".into(), String::new())
        );
    }
}
