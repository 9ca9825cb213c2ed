//! Names as people write them, and all that they are searched by.

use super::surnames;
use crate::Id;
use pinyin::{Pinyin, ToPinyinMulti};
use smallvec::{SmallVec, smallvec};
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Parts of a name beyond these are not searched by.
const PARTS: usize = 8;
/// A name whose characters may be read in several ways is found by so many of these.
const READINGS: usize = 4;
/// Names of more parts are not found by every mixture of parts and first letters.
const MIXED: usize = 4;
/// Not part of a name.
const TITLES: [&str; 8] = ["先生", "女士", "小姐", "太太", "夫人", "老师", "總", "总"];
const LATIN_TITLES: [&str; 7] = ["mr", "mrs", "ms", "miss", "mme", "dr", "prof"];

/// A name, taken apart: a Chinese one by characters, any other by words.
///
/// ```
/// use parure::customer::Name;
/// let name = Name::of("单小伟").unwrap();
/// assert_eq!(name.spelt(), "shanxiaowei"); // as a surname 单 is read shan
/// assert_eq!((name.family(), name.given()), ("shan".to_owned(), "xiaowei".to_owned()));
/// for form in ["shanxiaowei", "sxwei", "shanxwei", "danxiaowei", "xiaoweishan"] {
///     assert!(name.forms().iter().any(|found| found == form), "{form}");
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    written: String,
    parts: SmallVec<[Part; 3]>,
    /// So many parts are the family name.
    family: Family,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    First(usize),
    Last,
}

/// A character or a word, with the ways in which it may be read.
#[derive(Clone, PartialEq, Eq)]
struct Part {
    character: Option<char>,
    readings: SmallVec<[Id; 1]>,
}

impl Name {
    /// The first name in a text; none where it has no letter.
    ///
    /// ```
    /// use parure::customer::Name;
    /// assert_eq!(Name::of("ＺＨＡＮＧ  Wéi").unwrap().written(), "zhang wei");
    /// assert_eq!(Name::of("张女士").unwrap().written(), "张");
    /// assert_eq!(Name::of("·"), None);
    /// ```
    #[must_use]
    pub fn of(text: &str) -> Option<Name> {
        Name::all(text).into_iter().next()
    }

    /// All names in a text: what is in brackets or behind a slash is another name of the person, and so are Latin words beside a Chinese
    /// name of several characters.
    ///
    /// ```
    /// use parure::customer::Name;
    /// let names = |text| Name::all(text).iter().map(|name| name.spelt()).collect::<Vec<_>>();
    /// assert_eq!(names("陈美 (Amy Chen)"), ["chenmei", "amychen"]);
    /// assert_eq!(names("Amy Chen 陈美"), ["amychen", "chenmei"]);
    /// assert_eq!(names("王Amy"), ["wangamy"]);
    /// ```
    #[must_use]
    pub fn all(text: &str) -> SmallVec<[Name; 1]> {
        let folded = fold(text);
        let pieces = folded.split(['/', '(', ')', '[', ']', '、', '|', ';']);
        let mut names = SmallVec::new();
        for piece in pieces {
            let (chinese, latin) = apart(piece);
            let mixed = chinese.chars().count() == 1 || latin.is_empty() || chinese.is_empty();
            if mixed {
                names.extend(Name::made(&words(piece)));
            } else if piece.find(is_hanzi) <= piece.find(|c: char| c.is_alphanumeric() && !is_hanzi(c)) {
                names.extend(Name::made(&words(&chinese)));
                names.extend(Name::made(&words(&latin)));
            } else {
                names.extend(Name::made(&words(&latin)));
                names.extend(Name::made(&words(&chinese)));
            }
        }
        names
    }

    fn made(words: &[&str]) -> Option<Name> {
        let chinese = words.iter().all(|word| word.chars().all(is_hanzi));
        let mut parts: SmallVec<[Part; 3]> = SmallVec::new();
        let all: String = words.concat();
        let stripped =
            TITLES.iter().find_map(|title| all.strip_suffix(title)).filter(|left| !left.is_empty());
        let characters: SmallVec<[char; 8]> = stripped.unwrap_or(&all).chars().take(PARTS).collect();
        let family = match *characters.as_slice() {
            [] => return None,
            [first, second, _, ..] if chinese && surnames::double(first, second).is_some() => {
                Family::First(2)
            }
            _ if chinese || characters.first().copied().is_some_and(is_hanzi) => Family::First(1),
            // Zhang Xiaowei, but Anna Li.
            _ if surnames::in_pinyin(words.first().unwrap_or(&""))
                && words.last().is_some_and(|last| !surnames::in_pinyin(last)) =>
            {
                Family::First(1)
            }
            _ => Family::Last,
        };
        let written = if chinese {
            characters
                .iter()
                .enumerate()
                .for_each(|(at, c)| parts.push(Part::character(*c, at, family, &characters)));
            characters.iter().collect()
        } else {
            let is_title = |word: &&str| LATIN_TITLES.contains(word);
            let only_titles = words.iter().all(is_title);
            let words = words.iter().filter(|word| only_titles || !is_title(word));
            for word in words.clone().take(PARTS) {
                let mut characters = word.chars();
                match (characters.next(), characters.next()) {
                    (Some(one), None) if is_hanzi(one) => {
                        parts.push(Part::character(one, 0, Family::First(1), &[one]));
                    }
                    _ => parts.push(Part {
                        character: None,
                        readings: smallvec![Id::new(word.replace(['\'', '’'], ""))],
                    }),
                }
            }
            words.copied().collect::<Vec<_>>().join(" ")
        };
        (!parts.is_empty()).then_some(Name { written, parts, family })
    }

    /// As it was written, without case, width, accents, titles and needless spaces.
    ///
    /// ```
    /// assert_eq!(parure::customer::Name::of("Dr. Renée  Müller").unwrap().written(), "renee muller");
    /// ```
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Its letters, or its pinyin without tones, in one word.
    ///
    /// ```
    /// assert_eq!(parure::customer::Name::of("欧阳娜娜").unwrap().spelt(), "ouyangnana");
    /// ```
    #[must_use]
    pub fn spelt(&self) -> String {
        joined(self.first_readings())
    }

    /// The family name as it is spelt; empty where there is only one word.
    ///
    /// ```
    /// assert_eq!(parure::customer::Name::of("Anna Maria Schmidt").unwrap().family(), "schmidt");
    /// ```
    #[must_use]
    pub fn family(&self) -> String {
        joined(self.split().0.iter().map(Part::first))
    }

    /// Its syllables, where it is Chinese or may be a Chinese name in pinyin; the family name first.
    pub(super) fn in_syllables(&self) -> Option<SmallVec<[Id; 3]>> {
        let mut all = SmallVec::new();
        let (family, given) = self.split();
        for part in family.iter().chain(given) {
            match part.character {
                Some(_) => all.push(Id::new(part.first())),
                None => all.extend(syllables(part.first())?),
            }
        }
        Some(all)
    }

    /// The rest of the name as it is spelt.
    ///
    /// ```
    /// assert_eq!(parure::customer::Name::of("Anna Maria Schmidt").unwrap().given(), "annamaria");
    /// ```
    #[must_use]
    pub fn given(&self) -> String {
        joined(self.split().1.iter().map(Part::first))
    }

    /// Whether it is written in Chinese characters alone.
    ///
    /// ```
    /// use parure::customer::Name;
    /// assert!(Name::of("张伟").unwrap().is_chinese() && !Name::of("王Amy").unwrap().is_chinese());
    /// ```
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        self.parts.iter().all(|part| part.character.is_some())
    }

    /// The syllables or words, in the order in which they are written.
    ///
    /// ```
    /// let name = parure::customer::Name::of("张小伟").unwrap();
    /// assert_eq!(name.syllables().collect::<Vec<_>>(), ["zhang", "xiao", "wei"]);
    /// ```
    pub fn syllables(&self) -> impl Iterator<Item = &str> {
        self.first_readings()
    }

    /// All that the whole name may be typed as, in small letters without spaces: its pinyin in every reading that matters, each part but the
    /// last also as its first letter alone (the last is typed as far as one likes: `zw` is the start of `zwei`), the given name first, and
    /// of Latin names also first and last alone.
    ///
    /// ```
    /// let forms = parure::customer::Name::of("张伟").unwrap().forms();
    /// assert_eq!(forms, ["weizhang", "zhangwei", "zwei"]);
    /// ```
    #[must_use]
    pub fn forms(&self) -> Vec<String> {
        let mut forms = Vec::new();
        for reading in self.readings() {
            mixtures(&reading, &mut forms);
            if let [_, .., last] = reading.as_slice() {
                let (front, back) = reading.split_at(match self.family {
                    Family::First(count) => count.min(reading.len()),
                    Family::Last => reading.len().saturating_sub(1),
                });
                forms.push([back.concat(), front.concat()].concat());
                if !self.is_chinese()
                    && let [first, _, _, ..] = reading.as_slice()
                {
                    forms.push([*first, *last].concat());
                }
            }
        }
        forms.sort_unstable();
        forms.dedup();
        forms
    }

    /// What it may be typed as from a later part on: the given name, the last word.
    ///
    /// ```
    /// let later = parure::customer::Name::of("张小伟").unwrap().later_forms();
    /// assert_eq!(later, ["wei", "xiaowei"]);
    /// ```
    #[must_use]
    pub fn later_forms(&self) -> Vec<String> {
        let mut forms = Vec::new();
        for reading in self.readings() {
            for start in 1..reading.len() {
                forms.push(reading.iter().skip(start).copied().collect());
            }
        }
        forms.sort_unstable();
        forms.dedup();
        forms
    }

    /// The whole name in each of its readings.
    pub(super) fn spellings(&self) -> Vec<String> {
        self.readings().iter().map(|reading| reading.concat()).collect()
    }

    fn first_readings(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(Part::first)
    }

    /// Family name, and the rest.
    fn split(&self) -> (&[Part], &[Part]) {
        match self.family {
            _ if self.parts.len() < 2 => (&[], &self.parts),
            Family::First(count) => self.parts.split_at_checked(count).unwrap_or((&[], &self.parts)),
            Family::Last => {
                let given = self.parts.len().saturating_sub(1);
                self.parts
                    .split_at_checked(given)
                    .map_or((&[], &self.parts), |(given, family)| (family, given))
            }
        }
    }

    /// Readings of the whole, the likeliest first.
    fn readings(&self) -> Vec<SmallVec<[&str; 4]>> {
        let mut all: Vec<SmallVec<[&str; 4]>> = vec![SmallVec::new()];
        for part in &self.parts {
            let mut next = Vec::with_capacity(all.len());
            for reading in &part.readings {
                for before in all.iter().take(READINGS.saturating_sub(next.len())) {
                    let mut longer = before.clone();
                    longer.push(reading.as_str());
                    next.push(longer);
                }
            }
            all = next;
        }
        all
    }
}

/// Nothing of a person is shown.
impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name of {} parts", self.parts.len())
    }
}

impl Part {
    fn first(&self) -> &str {
        self.readings.first().map_or("", Id::as_str)
    }

    /// A character of a Chinese name, at its place in it.
    fn character(character: char, at: usize, family: Family, all: &[char]) -> Part {
        let surname = match (family, at, all) {
            (Family::First(2), 0 | 1, [first, second, ..]) => {
                surnames::double(*first, *second).and_then(|double| double.get(at).copied())
            }
            (Family::First(1), 0, _) => surnames::read(character),
            _ => None,
        };
        let mut readings: SmallVec<[Id; 1]> = SmallVec::new();
        let mut add = |reading: &str| {
            for reading in with_u(reading) {
                if !readings.iter().any(|known| *known == reading) {
                    readings.push(Id::new(reading));
                }
            }
        };
        if let Some(reading) = surname {
            add(reading);
        }
        // Of a surname the usual reading only; a given name may be meant by its second one.
        let family_parts = if let Family::First(count) = family { count } else { 0 };
        let count = if at < family_parts { 1 } else { 2 };
        let mut different: SmallVec<[&str; 2]> = SmallVec::new();
        for reading in character.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain) {
            if different.len() < count && !different.contains(&reading) {
                different.push(reading);
            }
        }
        different.iter().for_each(|reading| add(reading));
        if readings.is_empty() {
            readings.push(Id::new(character.encode_utf8(&mut [0; 4])));
        }
        Part { character: Some(character), readings }
    }
}

/// ü is typed as v, u or, in passports, yu.
fn with_u(reading: &str) -> SmallVec<[&str; 3]> {
    match reading {
        "lv" | "lü" => smallvec!["lv", "lu", "lyu"],
        "nv" | "nü" => smallvec!["nv", "nu", "nyu"],
        "lve" | "lüe" => smallvec!["lve", "lue"],
        "nve" | "nüe" => smallvec!["nve", "nue"],
        other => smallvec![other],
    }
}

/// Each part whole or as its first letter, the last one whole.
fn mixtures(parts: &[&str], forms: &mut Vec<String>) {
    let Some((last, before)) = parts.split_last() else { return };
    if parts.len() > MIXED {
        let letters: String = before.iter().filter_map(|part| part.chars().next()).collect();
        forms.push(parts.concat());
        forms.push([&letters, *last].concat());
        return;
    }
    let mut fronts = vec![String::new()];
    for part in before {
        let letter = part.chars().next().map(String::from).unwrap_or_default();
        let endings = [*part, letter.as_str()];
        fronts = fronts.iter().flat_map(|front| endings.map(|ending| [front, ending].concat())).collect();
    }
    forms.extend(fronts.iter().map(|front| [front, *last].concat()));
}

/// Pinyin taken apart, the longest syllables first; no longer than a name is.
fn syllables(word: &str) -> Option<SmallVec<[Id; 3]>> {
    if word.is_empty() {
        return Some(SmallVec::new());
    }
    if word.len() > 24 {
        return None;
    }
    // zhuang is the longest.
    for end in (1..=word.len().min(6)).rev() {
        let Some((syllable, rest)) = word.split_at_checked(end) else { continue };
        if is_syllable(syllable)
            && let Some(mut others) = syllables(rest)
        {
            others.insert(0, Id::new(syllable));
            return Some(others);
        }
    }
    None
}

/// An initial that there is and a final that there is: a few of these are no syllable, which does no harm.
fn is_syllable(text: &str) -> bool {
    const INITIALS: &[u8] = b"bpmfdtnlgkhjqxrzcsyw";
    const FINALS: [&str; 36] = [
        "a", "o", "e", "i", "u", "v", "ai", "ei", "ui", "ao", "ou", "iu", "ie", "ve", "ue", "er", "an", "en",
        "in", "un", "ang", "eng", "ing", "ong", "ia", "iao", "ian", "iang", "iong", "ua", "uo", "uai", "uan",
        "uang", "io", "yu",
    ];
    let start = match text.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => 2,
        [first, ..] if INITIALS.contains(first) => 1,
        _ => 0,
    };
    let ending = text.get(start..).unwrap_or_default();
    FINALS.contains(&ending) && (start > 0 || !ending.starts_with(['i', 'u', 'v', 'y']))
}

fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect()
}

/// Without case, width and accents.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    if text.chars().all(|c| is_hanzi(c) && !is_compatible(c)) {
        return text.to_owned();
    }
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    // What kana and hangul fall apart into is put together again; Latin letters that no accent explains are spelt out.
    let mut folded = String::with_capacity(text.len());
    for character in plain.nfc() {
        match character {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            other => folded.push(other),
        }
    }
    folded
}

/// A Chinese character.
pub(super) fn is_hanzi(character: char) -> bool {
    matches!(u32::from(character), 0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

/// Characters that stand for others.
fn is_compatible(character: char) -> bool {
    matches!(u32::from(character), 0xf900..=0xfaff | 0x2_f800..=0x2_fa1f)
}

/// The Chinese characters of a text, and the rest.
fn apart(text: &str) -> (String, String) {
    let rest = text.chars().map(|c| if is_hanzi(c) { ' ' } else { c }).collect::<String>();
    (
        text.chars().filter(|c| is_hanzi(*c)).collect(),
        rest.trim_matches(|c: char| !c.is_alphanumeric()).to_owned(),
    )
}

/// Words, and each run of Chinese characters for itself.
fn words(text: &str) -> SmallVec<[&str; 4]> {
    let mut words = SmallVec::new();
    // An apostrophe is inside a word: o'brien, xi'an.
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’') {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| is_hanzi(c) != is_hanzi(first)).unwrap_or(rest.len());
            let (run, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            words.push(run);
            rest = after;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn surnames_are_read_as_surnames() {
        for (written, spelt) in [
            ("张伟", "zhangwei"),
            ("單偉", "shanwei"),
            ("曾伟", "zengwei"),
            ("仇伟", "qiuwei"),
            ("解晓东", "xiexiaodong"),
            ("尉迟恭", "yuchigong"),
            ("查良镛", "zhaliangyong"),
            ("区伟", "ouwei"),
            ("翟天临", "zhaitianlin"),
            ("盖聂", "genie"),
            ("乐毅", "yueyi"),
            ("任伟", "renwei"),
            ("华佗", "huatuo"),
            ("朴树", "piaoshu"),
            ("覃辉", "qinhui"),
            ("万俟卨", "moqixie"),
            ("长孙皇后", "zhangsunhuanghou"),
            ("吕布", "lvbu"),
        ] {
            let name = Name::of(written).unwrap();
            assert_eq!(name.spelt(), spelt, "{written}");
            assert!(name.forms().contains(&spelt.to_owned()));
        }
        // Whoever doesn't know how it is read finds it too.
        assert!(Name::of("单伟").unwrap().forms().contains(&"danwei".to_owned()));
        assert!(Name::of("吕伟").unwrap().forms().contains(&"luwei".to_owned()));
        assert!(Name::of("王晟").unwrap().forms().contains(&"wangsheng".to_owned()));
        assert!(Name::of("王晟").unwrap().forms().contains(&"wangcheng".to_owned()));
    }

    #[test]
    fn names_are_taken_apart() {
        let parts = |text| Name::of(text).map(|name| (name.family(), name.given())).unwrap();
        let pair = |family: &str, given: &str| (family.to_owned(), given.to_owned());
        assert_eq!(parts("欧阳 娜娜"), pair("ouyang", "nana"));
        assert_eq!(parts("张 伟"), pair("zhang", "wei"));
        assert_eq!(parts("王Amy"), pair("wang", "amy"));
        assert_eq!(parts("Cher"), pair("", "cher"));
        assert_eq!(parts("Zhang Xiaowei"), pair("zhang", "xiaowei"));
        assert_eq!(parts("Xiaowei Zhang"), pair("zhang", "xiaowei"));
        let syllables = |text| Name::of(text).and_then(|name| name.in_syllables()).map(|all| all.join(" "));
        assert_eq!(syllables("Xiaowei Zhang").as_deref(), Some("zhang xiao wei"));
        assert_eq!(syllables("欧阳娜娜").as_deref(), Some("ou yang na na"));
        assert_eq!(syllables("Zhuang Yingxiong").as_deref(), Some("zhuang ying xiong"));
        assert_eq!(syllables("Anna Schmidt"), None);
        assert_eq!(parts("Sinéad O'Brien"), pair("obrien", "sinead"));
        assert_eq!(Name::of("張偉").unwrap().spelt(), Name::of("张伟").unwrap().spelt());
        assert_eq!(Name::of("Łukasz Żółć").unwrap().written(), "lukasz zolc");
        assert_eq!(Name::of("김철수").unwrap().written(), "김철수");
        assert_eq!(Name::of("先生").unwrap().written(), "先生");
        assert!(Name::all("").is_empty() && Name::all(" ( ) / ·").is_empty());
    }

    #[test]
    fn a_name_is_typed_in_many_ways() {
        let forms = Name::of("张小伟").unwrap().forms();
        let starts = |typed: &str| forms.iter().any(|form| form.starts_with(typed));
        for typed in
            ["z", "zh", "zhang", "zhangx", "zhangxw", "zhangxiaow", "zxw", "zxwei", "zxiaow", "xiaoweizhang"]
        {
            assert!(starts(typed), "{typed}");
        }
        assert!(!starts("wz") && !starts("zww"));
        let forms = Name::of("Anna Maria Schmidt").unwrap().forms();
        let starts = |typed: &str| forms.iter().any(|form| form.starts_with(typed));
        for typed in ["anna", "ams", "annaschmidt", "schmidtanna", "amschmidt"] {
            assert!(starts(typed), "{typed}");
        }
        let long = Name::of("Maria del Carmen de la Cruz Ruiz y Picasso Blasco").unwrap();
        assert!(long.forms().len() < 8);
    }

    #[test]
    fn nothing_of_a_person_is_in_debug() {
        assert_eq!(format!("{:?}", Name::of("张伟")), "Some(Name of 2 parts)");
    }
}
