//! The fields of a profile, each told once: its key, its place in stored facts, what it holds. Reading, writing, merging, exporting and
//! forgetting go by this table, so that none of them can miss a field.

use super::phone::{PHONE_BYTES, Phone};
use super::said::{Changes, Entry, Named, Range, Relation, Said};
use super::size::{PLACES, Size};
use crate::calendar::Anniversary;
use crate::document::{NAME_BYTES, Spot, Value};
use crate::fact::Text;
use crate::fault::Fault;
use crate::json::{Object, list};
use crate::money::Currency;
use chrono_tz::Tz;

/// Members of a set that one fact tells, and named entries of one field.
///
/// ```
/// assert_eq!(parure::customer::MOST_TOLD, 100); // docs/facts.md
/// ```
pub const MOST_TOLD: usize = 100;
/// Bytes of a name of a person, of an address, and of what is written of a field in one line.
///
/// ```
/// assert_eq!(parure::customer::LINE_BYTES, 512);
/// ```
pub const LINE_BYTES: usize = 512;
/// Bytes of a note.
///
/// ```
/// assert_eq!(parure::customer::NOTE_BYTES, 4_096);
/// ```
pub const NOTE_BYTES: usize = 4_096;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A text of at most so many bytes.
    Text(usize),
    Gender,
    /// An IANA time zone.
    Zone,
    Date,
    /// The id of another customer.
    Customer,
    Range,
    Set(Of),
    Entries(By),
}

/// What is in a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Name,
    Line,
    Phone,
    Email,
}

/// What entries hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Line,
    Date,
    Size,
    Relation,
    /// What the program declares.
    Custom,
}

/// One field of a profile.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FieldOf {
    pub(crate) key: &'static str,
    /// Its number in stored facts: never given to another.
    pub(crate) code: u8,
    pub(crate) shape: Shape,
}

/// By key.
const ALL: [FieldOf; 29] = [
    field("addresses", 0, Shape::Entries(By::Line)),
    field("allergies", 1, Shape::Set(Of::Line)),
    field("birthday", 2, Shape::Date),
    field("brands", 3, Shape::Set(Of::Name)),
    field("budget", 4, Shape::Range),
    field("cards", 5, Shape::Set(Of::Name)),
    field("custom", 6, Shape::Entries(By::Custom)),
    field("dates", 7, Shape::Entries(By::Date)),
    field("emails", 8, Shape::Set(Of::Email)),
    field("family", 9, Shape::Text(LINE_BYTES)),
    field("former_names", 10, Shape::Set(Of::Line)),
    field("gender", 11, Shape::Gender),
    field("given", 12, Shape::Text(LINE_BYTES)),
    field("introduced_by", 13, Shape::Customer),
    field("metals", 14, Shape::Set(Of::Name)),
    field("motifs", 15, Shape::Set(Of::Name)),
    field("name", 16, Shape::Text(LINE_BYTES)),
    field("notes", 17, Shape::Text(NOTE_BYTES)),
    field("occasions", 18, Shape::Set(Of::Name)),
    field("other_names", 19, Shape::Set(Of::Line)),
    field("phones", 20, Shape::Set(Of::Phone)),
    field("relations", 21, Shape::Entries(By::Relation)),
    field("sizes", 22, Shape::Entries(By::Size)),
    field("source", 23, Shape::Text(LINE_BYTES)),
    field("stones", 24, Shape::Set(Of::Name)),
    field("styles", 25, Shape::Set(Of::Name)),
    field("tags", 26, Shape::Set(Of::Name)),
    field("time_zone", 28, Shape::Zone),
    field("wechat", 27, Shape::Text(LINE_BYTES)),
];

/// The genders that conditions and messages can tell apart.
const GENDERS: [(&str, &str); 3] = [("female", "female"), ("male", "male"), ("other", "other")];

const fn field(key: &'static str, code: u8, shape: Shape) -> FieldOf {
    FieldOf { key, code, shape }
}

/// A field: where it stands in the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Field(usize);

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

impl Field {
    pub(crate) const ADDRESSES: Field = Field(0);
    pub(crate) const BIRTHDAY: Field = Field(2);
    pub(crate) const CARDS: Field = Field(5);
    pub(crate) const CUSTOM: Field = Field(6);
    pub(crate) const DATES: Field = Field(7);
    pub(crate) const EMAILS: Field = Field(8);
    pub(crate) const FAMILY: Field = Field(9);
    pub(crate) const FORMER_NAMES: Field = Field(10);
    pub(crate) const GENDER: Field = Field(11);
    pub(crate) const GIVEN: Field = Field(12);
    pub(crate) const INTRODUCED_BY: Field = Field(13);
    pub(crate) const NAME: Field = Field(16);
    pub(crate) const OTHER_NAMES: Field = Field(19);
    pub(crate) const PHONES: Field = Field(20);
    pub(crate) const RELATIONS: Field = Field(21);
    pub(crate) const TAGS: Field = Field(26);
    pub(crate) const TIME_ZONE: Field = Field(27);
    pub(crate) const WECHAT: Field = Field(28);

    /// All fields, by key.
    pub(crate) fn all() -> impl Iterator<Item = Field> {
        (0..ALL.len()).map(Field)
    }

    fn of(self) -> &'static FieldOf {
        // Made here only, from places of the table.
        const FIRST: &FieldOf = &ALL[0];
        ALL.get(self.0).unwrap_or(FIRST)
    }

    pub(crate) fn key(self) -> &'static str {
        self.of().key
    }

    pub(crate) fn code(self) -> u8 {
        self.of().code
    }

    pub(crate) fn from_code(code: u8) -> Option<Field> {
        Field::all().find(|field| field.code() == code)
    }

    pub(crate) fn from_key(key: &str) -> Option<Field> {
        ALL.binary_search_by(|field| field.key.cmp(key)).ok().map(Field)
    }

    /// What a fact says of it.
    pub(crate) fn read<'a>(self, spot: Spot<'_, 'a>, currency: Currency) -> Option<Said<'a>> {
        match self.of().shape {
            Shape::Text(most) => line(spot, most).map(Said::Text),
            Shape::Gender => spot.one_of(&GENDERS).map(|gender| Said::Text(Text::from(gender))),
            Shape::Zone => zone(spot).map(Said::Text),
            Shape::Date => anniversary(spot).map(Said::Date),
            Shape::Customer => named(spot).map(Said::Text),
            Shape::Range => range(spot, currency).map(Said::Range),
            Shape::Set(of) => changes(spot, of).map(Said::Set),
            Shape::Entries(by) => entries(spot, by, MOST_TOLD).map(Said::Entries),
        }
    }

    fn has_entries(self) -> bool {
        matches!(self.of().shape, Shape::Entries(_))
    }
}

/// Stands beside the fields of a profile: what is taken back of them.
const FORGET: &str = "forget";

/// The keys of a profile.
#[expect(clippy::indexing_slicing, reason = "it is computed when this is compiled")]
pub(crate) const KEYS: &[&str] = &{
    let mut keys = [FORGET; ALL.len() + 1];
    let mut at = 0;
    while at < ALL.len() {
        keys[at] = ALL[at].key;
        at += 1;
    }
    keys
};

/// What a fact tells of a person, by field. Nothing is taken back by `null`, which many programs write for what they do not know: what is to go is
/// named, `"forget": ["wechat", "dates.wedding"]`.
pub(crate) fn read_all<'a>(spot: Spot<'_, 'a>, currency: Currency) -> Option<Vec<(Field, Said<'a>)>> {
    let keys = spot.table(KEYS)?;
    let mut told = Vec::new();
    let mut whole = true;
    for field in Field::all() {
        match keys.may(field.key(), |spot| field.read(spot, currency)) {
            Some(said) => told.extend(said.map(|said| (field, said))),
            None => whole = false,
        }
    }
    let forgotten = keys.may(FORGET, |spot| spot.list(MOST_TOLD, |spot| forget(spot, &mut told)));
    told.sort_by_key(|(field, _)| *field);
    (whole && forgotten.is_some()).then_some(told)
}

/// One field, or one entry of one, that is taken back.
fn forget<'a>(spot: Spot<'_, 'a>, told: &mut Vec<(Field, Said<'a>)>) -> Option<()> {
    let written = spot.text(NAME_BYTES.saturating_mul(2))?;
    let (key, name) = written.split_once('.').map_or((&*written, None), |(key, name)| (key, Some(name)));
    let Some(field) = Field::from_key(key).filter(|field| name.is_none() || field.has_entries()) else {
        let fault = Fault::new("unknown_key", "there is no such field to take back");
        return spot
            .fault(fault.advise("write the key of a field, or of an entry: \"wechat\", \"dates.wedding\""));
    };
    let both = || Fault::new("repeated_key", "this is told or taken back once more in the same fact");
    let before = told.iter_mut().find(|(known, _)| *known == field);
    match (name, before.map(|(_, said)| said)) {
        (None, None) => told.push((field, Said::Nothing)),
        (Some(name), None) => {
            let name = Text::from(name.to_owned());
            told.push((field, Said::Entries(vec![Named { name, value: None }])));
        }
        (Some(name), Some(Said::Entries(entries))) => {
            if entries.iter().any(|entry| *entry.name == *name) {
                return spot.fault(both());
            }
            entries.push(Named { name: Text::from(name.to_owned()), value: None });
            entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        }
        (_, Some(_)) => return spot.fault(both()),
    }
    Some(())
}

/// What a fact tells of a person, as it is written: canonical.
pub(crate) fn write_all(told: &[(Field, Said<'_>)], currency: Currency, keys: &mut Object<'_>) {
    let mut forgotten: Vec<String> = Vec::new();
    for (field, said) in told {
        match said {
            Said::Nothing => forgotten.push(field.key().to_owned()),
            Said::Entries(entries) => {
                let gone = entries.iter().filter(|entry| entry.value.is_none());
                forgotten.extend(gone.map(|entry| format!("{}.{}", field.key(), &*entry.name)));
            }
            Said::Text(_) | Said::Date(_) | Said::Range(_) | Said::Set(_) => {}
        }
    }
    let mut forget = |keys: &mut Object<'_>| {
        let forgotten = std::mem::take(&mut forgotten);
        if !forgotten.is_empty() {
            keys.with(FORGET, |json| list(&forgotten, json, |key, json| crate::json::text(key, json)));
        }
    };
    for (field, said) in told {
        if field.key() > FORGET {
            forget(keys);
        }
        if says(said) {
            keys.with(field.key(), |json| write(said, currency, json));
        }
    }
    forget(keys);
}

/// Whether something is told, not only taken back.
fn says(said: &Said<'_>) -> bool {
    match said {
        Said::Nothing => false,
        Said::Entries(entries) => entries.is_empty() || entries.iter().any(|entry| entry.value.is_some()),
        Said::Text(_) | Said::Date(_) | Said::Range(_) | Said::Set(_) => true,
    }
}

/// A text of somebody's, which faults do not repeat: 1 byte or more, no control characters but ends of lines, no space around it.
pub(crate) fn line<'a>(spot: Spot<'_, 'a>, most: usize) -> Option<Text<'a>> {
    let text = spot.text(most)?;
    spot.checked(plain(&text))?;
    Some(Text::from(text))
}

/// A name of the shop's own that is told of somebody: up to 64 bytes, no control characters, no space around it.
pub(crate) fn named<'a>(spot: Spot<'_, 'a>) -> Option<Text<'a>> {
    let text = line(spot, NAME_BYTES)?;
    if text.chars().any(char::is_control) {
        return spot.fault(Fault::new("control_character", "the text holds a control character"));
    }
    Some(text)
}

/// A name of the table of time zones. What was written is somebody's, and not repeated.
fn zone<'a>(spot: Spot<'_, 'a>) -> Option<Text<'a>> {
    let written = named(spot)?;
    if written.parse::<Tz>().is_err() {
        let fault = Fault::new("unknown_time_zone", "this is not a time zone");
        return spot.fault(fault.advise("write an IANA time zone such as `Europe/Paris`"));
    }
    Some(written)
}

/// The same of a text of a field of the program's own.
pub(crate) fn plain_text(text: &str) -> Result<(), Fault> {
    if text.len() > NOTE_BYTES {
        return Err(Fault::new("too_long", format!("the text has more than {NOTE_BYTES} bytes")));
    }
    plain(text)
}

fn plain(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        let fault = Fault::new("name_text", "the text is empty");
        return Err(fault.advise("leave the key out, or write null to take back what was told"));
    }
    if text.trim() != text {
        return Err(Fault::new("name_text", "the text has space around it"));
    }
    Ok(())
}

fn changes<'a>(spot: Spot<'_, 'a>, of: Of) -> Option<Changes<'a>> {
    let members = |spot: Spot<'_, 'a>| spot.list(MOST_TOLD, |spot| member(spot, of));
    if !spot.is_table() {
        return Some(Changes { instead: true, add: members(spot)?, remove: Vec::new() });
    }
    let keys = spot.table(&["add", "remove"])?;
    let (add, remove) = (keys.may("add", members)?, keys.may("remove", members)?);
    Some(Changes { instead: false, add: add.unwrap_or_default(), remove: remove.unwrap_or_default() })
}

fn member<'a>(spot: Spot<'_, 'a>, of: Of) -> Option<Text<'a>> {
    match of {
        Of::Name => named(spot),
        Of::Line => line(spot, LINE_BYTES),
        Of::Phone => {
            let written = spot.text(PHONE_BYTES)?;
            let phone = spot.checked(Phone::parse(&written))?.to_string();
            Some(if phone == written { Text::from(written) } else { Text::from(phone) })
        }
        Of::Email => {
            let written = line(spot, LINE_BYTES)?;
            let parts = written.split_once('@').filter(|(name, host)| {
                let letters =
                    |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '@');
                letters(name) && letters(host)
            });
            if parts.is_none() {
                return spot.fault(Fault::new("email_text", "this is not an e-mail address"));
            }
            Some(written)
        }
    }
}

/// Values of fields that a program declares, by their ids.
pub(crate) fn custom_fields<'a>(spot: Spot<'_, 'a>, most: usize) -> Option<Vec<Named<'a>>> {
    entries(spot, By::Custom, most)
}

fn entries<'a>(spot: Spot<'_, 'a>, by: By, most: usize) -> Option<Vec<Named<'a>>> {
    let mut all = spot.names(most, |name, value| {
        if by == By::Size && !PLACES.iter().any(|(place, _)| **place == **name) {
            return value.unknown_value(name, PLACES.iter().map(|(place, _)| *place));
        }
        if let Err(fault) = crate::fact::name("", name) {
            // What was written may be somebody's.
            return value.fault(Fault::new(fault.code, "this is not a name of 1 to 64 bytes"));
        }
        Some(Named { name: Text::from(name.clone()), value: Some(entry(name, value, by)?) })
    })?;
    all.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Some(all)
}

fn entry<'a>(name: &str, spot: Spot<'_, 'a>, by: By) -> Option<Entry<'a>> {
    Some(match by {
        By::Line => Entry::Text(line(spot, LINE_BYTES)?),
        By::Date => Entry::Date(anniversary(spot)?),
        By::Size => {
            let ring = PLACES.iter().any(|(place, ring)| *place == name && *ring);
            let text = spot.text(NAME_BYTES)?;
            Entry::Size(spot.checked(Size::parse(&text, ring))?)
        }
        By::Relation => Entry::Relation(Box::new(relation(spot)?)),
        By::Custom => match spot.value() {
            Value::Bool(flag) => Entry::Flag(*flag),
            Value::Number(_) => {
                let text = spot.exact("number_float", "a number")?;
                let number =
                    text.parse().map_err(|_| Fault::new("number_range", "the number is beyond 64 bits"));
                Entry::Whole(spot.checked(number)?)
            }
            _ => Entry::Text(line(spot, NOTE_BYTES)?),
        },
    })
}

fn relation<'a>(spot: Spot<'_, 'a>) -> Option<Relation<'a>> {
    let keys = spot.table(&["kind", "customer", "name", "birthday", "dates"])?;
    let kind = keys.need("kind", named);
    let customer = keys.may("customer", named);
    let name = keys.may("name", |spot| line(spot, LINE_BYTES));
    let birthday = keys.may("birthday", anniversary);
    let dates = keys.may("dates", |spot| {
        let mut dates = spot.names(MOST_TOLD, |name, date| {
            let named =
                crate::fact::name("", name).map_err(|fault| Fault::new(fault.code, "this is not a name"));
            date.checked(named)?;
            Some((Text::from(name.clone()), anniversary(date)?))
        })?;
        dates.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Some(dates)
    });
    let relation = Relation {
        kind: kind?,
        customer: customer?,
        name: name?,
        birthday: birthday?,
        dates: dates?.unwrap_or_default(),
    };
    let told = relation.name.is_some() || relation.birthday.is_some() || !relation.dates.is_empty();
    if relation.customer.is_some() && told {
        let fault = Fault::new("relation_both", "a customer's own name and dates stand in their own profile");
        return spot.fault(fault.advise("write `customer`, or what is known of someone who is none"));
    }
    Some(relation)
}

pub(crate) fn range(spot: Spot<'_, '_>, currency: Currency) -> Option<Range> {
    let keys = spot.table(&["least", "most"])?;
    let amount = |spot: Spot<'_, '_>| {
        let amount = spot.money(currency)?;
        spot.checked(crate::fact::not_negative("", amount))?;
        Some(amount)
    };
    let (least, most) = (keys.may("least", amount), keys.may("most", amount));
    let range = Range { least: least?, most: most? };
    match (range.least, range.most) {
        (None, None) => keys.missing("least"),
        (Some(least), Some(most)) if least > most => {
            spot.fault(Fault::new("range_order", "the least is more than the most"))
        }
        _ => Some(range),
    }
}

/// `"1990-05-20"`, `"05-20"`, `{"lunar": "08-15"}`, `{"lunar": "1990-04-11", "leap": true}`.
pub(crate) fn anniversary(spot: Spot<'_, '_>) -> Option<Anniversary> {
    if let Value::Text(written) = spot.value() {
        let (year, month, day) = spot.checked(year_month_day(written))?;
        return spot.checked(Anniversary::solar(year, month, day));
    }
    let keys = spot.table(&["lunar", "leap"])?;
    let leap = keys.may("leap", Spot::truth);
    let date = keys.need("lunar", |spot| {
        let written = spot.text(10)?;
        spot.checked(year_month_day(&written))
    });
    let ((year, month, day), leap) = (date?, leap?);
    spot.checked(Anniversary::lunar(year, month, leap.unwrap_or(false), day))
}

fn year_month_day(written: &str) -> Result<(Option<i16>, u8, u8), Fault> {
    let wrong = || {
        Fault::new("date_text", "this is not a date")
            .advise("write month and day, with the year where it is known: 05-20 or 1990-05-20")
    };
    let number = |part: Option<&str>, length: usize| {
        let part = part.filter(|part| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()));
        part.and_then(|part| part.parse::<i16>().ok()).ok_or_else(wrong)
    };
    let mut parts = written.rsplit('-');
    let day = number(parts.next(), 2)?;
    let month = number(parts.next(), 2)?;
    let year = parts.next().map(|part| number(Some(part), 4)).transpose()?;
    if parts.next().is_some() || year.is_some_and(|year| !(1800..2300).contains(&year)) {
        return Err(wrong());
    }
    let small = |number: i16| u8::try_from(number).map_err(|_| wrong());
    Ok((year, small(month)?, small(day)?))
}

/// What is said of a field, as it is written: canonical.
pub(crate) fn write(said: &Said<'_>, currency: Currency, json: &mut String) {
    match said {
        // Told under `forget`.
        Said::Nothing => json.push_str("null"),
        Said::Text(text) => crate::json::text(text, json),
        Said::Date(date) => write_anniversary(*date, json),
        Said::Range(range) => write_range(*range, currency, json),
        Said::Set(Changes { instead: true, add, .. }) => write_texts(add, json),
        Said::Set(Changes { instead: false, add, remove }) => {
            let mut keys = Object::begin(json);
            for (key, texts) in [("add", add), ("remove", remove)] {
                if !texts.is_empty() {
                    keys.with(key, |json| write_texts(texts, json));
                }
            }
            keys.end();
        }
        Said::Entries(entries) => write_entries(entries, json),
    }
}

pub(crate) fn write_entries(entries: &[Named<'_>], json: &mut String) {
    let mut keys = Object::begin(json);
    for Named { name, value } in entries {
        if let Some(value) = value {
            keys.with(name, |json| write_entry(value, json));
        }
    }
    keys.end();
}

pub(crate) fn write_range(range: Range, currency: Currency, json: &mut String) {
    let mut keys = Object::begin(json);
    for (key, amount) in [("least", range.least), ("most", range.most)] {
        if let Some(amount) = amount {
            keys.plain(key, currency.shown(amount));
        }
    }
    keys.end();
}

fn write_texts(texts: &[Text<'_>], json: &mut String) {
    list(texts, json, |text, json| crate::json::text(text, json));
}

fn write_entry(entry: &Entry<'_>, json: &mut String) {
    match entry {
        Entry::Text(text) => crate::json::text(text, json),
        Entry::Whole(number) => json.push_str(&number.to_string()),
        Entry::Flag(flag) => json.push_str(if *flag { "true" } else { "false" }),
        Entry::Date(date) => write_anniversary(*date, json),
        Entry::Size(size) => crate::json::text(&size.to_string(), json),
        Entry::Relation(relation) => {
            let mut keys = Object::begin(json);
            if let Some(date) = relation.birthday {
                keys.with("birthday", |json| write_anniversary(date, json));
            }
            keys.texts(&[("customer", relation.customer.as_deref())]);
            if !relation.dates.is_empty() {
                keys.with("dates", |json| {
                    let mut keys = Object::begin(json);
                    for (name, date) in &relation.dates {
                        keys.with(name, |json| write_anniversary(*date, json));
                    }
                    keys.end();
                });
            }
            keys.texts(&[("kind", Some(&*relation.kind)), ("name", relation.name.as_deref())]);
            keys.end();
        }
    }
}

pub(crate) fn write_anniversary(date: Anniversary, json: &mut String) {
    let (year, month, leap, day) = date.parts();
    let year = year.map_or_else(String::new, |year| format!("{year:04}-"));
    let text = format!("{year}{month:02}-{day:02}");
    if !date.is_lunar() {
        return crate::json::text(&text, json);
    }
    let mut keys = Object::begin(json);
    if leap {
        keys.with("leap", |json| json.push_str("true"));
    }
    keys.text("lunar", &text);
    keys.end();
}

/// The other customers that are named.
pub(crate) fn customers_named<'p, 'a>(field: Field, said: &'p Said<'a>) -> Vec<&'p Text<'a>> {
    match (field, said) {
        (Field::INTRODUCED_BY, Said::Text(id)) => vec![id],
        (Field::RELATIONS, Said::Entries(entries)) => {
            let relations = entries.iter().filter_map(|entry| match &entry.value {
                Some(Entry::Relation(relation)) => relation.customer.as_ref(),
                _ => None,
            });
            relations.collect()
        }
        _ => Vec::new(),
    }
}

/// Gives the other customers that are named other names.
pub(crate) fn rename<'a>(field: Field, said: &mut Said<'a>, mut rename: impl FnMut(&mut Text<'a>)) {
    match (field, said) {
        (Field::INTRODUCED_BY, Said::Text(id)) => rename(id),
        (Field::RELATIONS, Said::Entries(entries)) => {
            for entry in entries {
                if let Some(Entry::Relation(relation)) = &mut entry.value {
                    relation.customer.iter_mut().for_each(&mut rename);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_stands_once_by_key_and_has_a_code_of_its_own() {
        assert!(ALL.is_sorted_by(|a, b| a.key < b.key));
        for field in Field::all() {
            assert_eq!(
                (Field::from_code(field.code()), Field::from_key(field.key())),
                (Some(field), Some(field))
            );
        }
        let named = [
            (Field::BIRTHDAY, "birthday"),
            (Field::CUSTOM, "custom"),
            (Field::GENDER, "gender"),
            (Field::INTRODUCED_BY, "introduced_by"),
            (Field::RELATIONS, "relations"),
            (Field::TAGS, "tags"),
            (Field::TIME_ZONE, "time_zone"),
            (Field::WECHAT, "wechat"),
        ];
        assert!(named.iter().all(|(field, key)| field.key() == *key));
        assert_eq!((Field::from_code(200), Field::from_key("nickname")), (None, None));
    }
}
