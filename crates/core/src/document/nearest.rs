//! The known name that a misspelt one was probably meant to be.

/// Longer names are not compared: nobody mistypes them, and the comparison takes the product of both lengths.
const LONGEST: usize = 64;

/// The nearest of the known names, if one is near: a third of the letters may be wrong.
pub(crate) fn nearest<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if wrong.len() > LONGEST {
        return None;
    }
    let wrong = wrong.to_lowercase();
    let letters = wrong.chars().count();
    known
        .into_iter()
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (strsim::osa_distance(&wrong, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= letters.max(name.chars().count()).div_ceil(3))
        .filter(|(distance, name)| *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(nearest("glod", ["member", "gold", "diamond"]), Some("gold"));
        assert_eq!(nearest("Points", ["points", "per"]), Some("points"));
        assert_eq!(nearest("asia/shangai", ["Asia/Shanghai", "Asia/Tokyo"]), Some("Asia/Shanghai"));
    }

    #[test]
    fn another_word_is_not() {
        assert_eq!(nearest("silver", ["member", "gold"]), None);
        assert_eq!(nearest("x", ["at"]), None);
        assert_eq!(nearest("", ["at"]), None);
    }
}
