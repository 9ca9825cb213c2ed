//! What is told of a person, field by field.

use super::Text;
use crate::calendar::Anniversary;
use crate::customer::field::{self, Field, customers_named};
use crate::customer::said::{Changes, Said};
use crate::document::{Document, Spot};
use crate::fault::Fault;
use crate::money::Currency;
use std::fmt;

/// What is told of a person. What it does not say stays as it was; docs/facts.md tells every field.
///
/// ```
/// use parure::calendar::Anniversary;
/// let told = parure::fact::Profile::default().with_birthday(Anniversary::lunar(None, 8, false, 15)?).with_tags(["couple"]);
/// assert_ne!(told, parure::fact::Profile::default());
/// assert_eq!(format!("{told:?}"), "Profile(birthday, tags)"); // what it says is somebody's
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Profile<'a> {
    /// By field, each at most once.
    pub(crate) told: Vec<(Field, Said<'a>)>,
}

impl<'a> Profile<'a> {
    /// Reads a profile as it stands under `joined` and `profile_changed` in a fact. Amounts are in `currency`, the program's.
    ///
    /// ```
    /// use parure::fact::Profile;
    /// use parure::money::Currency;
    /// let yuan = Currency::parse("CNY")?;
    /// let json = r#"{"name":"张伟","phones":["+86 138 0013 8000"],"sizes":{"left_ring":"HK 14"},"stones":{"add":["jade"]}}"#;
    /// assert!(Profile::from_json(json, yuan).is_ok());
    /// let fault = Profile::from_json(r#"{"phones":["13800138000"]}"#, yuan).unwrap_err();
    /// assert_eq!((fault.code, fault.path.as_str()), ("phone_no_country", "phones[0]"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// The first fault of the text, with its path, line and column.
    pub fn from_json(text: &'a str, currency: Currency) -> Result<Profile<'a>, Fault> {
        let document = Document::json(text, super::FACT_BYTES).map_err(super::read::first)?;
        document.read(|root| Profile::read(root, currency)).map_err(super::read::first)
    }

    pub(super) fn read(spot: Spot<'_, 'a>, currency: Currency) -> Option<Profile<'a>> {
        let profile = Profile { told: field::read_all(spot, currency)? };
        spot.checked(profile.check_named())?;
        Some(profile)
    }

    /// The same, with a birthday.
    ///
    /// ```
    /// use parure::calendar::Anniversary;
    /// use parure::fact::Profile;
    /// let born = Profile::default().with_birthday(Anniversary::solar(Some(1992), 5, 20)?);
    /// assert_ne!(born, Profile::default());
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn with_birthday(self, birthday: Anniversary) -> Self {
        self.with(Field::BIRTHDAY, Said::Date(birthday))
    }

    /// The same, with these tags instead of those told before.
    ///
    /// ```
    /// use parure::fact::Profile;
    /// assert_ne!(Profile::default().with_tags(["couple", "watches"]), Profile::default());
    /// ```
    #[must_use]
    pub fn with_tags(self, tags: impl IntoIterator<Item = impl Into<Text<'a>>>) -> Self {
        let add = tags.into_iter().map(Into::into).collect();
        self.with(Field::TAGS, Said::Set(Changes { instead: true, add, remove: Vec::new() }))
    }

    fn with(mut self, field: Field, said: Said<'a>) -> Self {
        match self.told.binary_search_by_key(&field, |(field, _)| *field) {
            Ok(at) => {
                if let Some(entry) = self.told.get_mut(at) {
                    entry.1 = said;
                }
            }
            Err(at) => self.told.insert(at, (field, said)),
        }
        self
    }

    /// What is said of one field.
    pub(crate) fn get(&self, field: Field) -> Option<&Said<'a>> {
        let at = self.told.binary_search_by_key(&field, |(field, _)| *field).ok()?;
        self.told.get(at).map(|(_, said)| said)
    }

    /// Whether what it says is held to what the program declares.
    pub(crate) fn asks_program(&self) -> bool {
        self.told.iter().any(|(field, _)| matches!(*field, Field::TAGS | Field::CUSTOM))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// The other customers that it names.
    pub(crate) fn customers(&self) -> impl Iterator<Item = &Text<'a>> {
        self.told.iter().flat_map(|(field, said)| customers_named(*field, said))
    }

    /// A fact is one account's, or one account's and one other's.
    pub(crate) fn check_named(&self) -> Result<(), Fault> {
        let mut named = self.customers();
        let first = named.next();
        if named.all(|other| Some(other) == first) {
            return Ok(());
        }
        Err(Fault::new("too_many", "a fact names at most one other customer")
            .advise("tell of the others in facts of their own"))
    }

    /// The other customers that it names, by other names.
    pub(crate) fn rename(&mut self, mut rename: impl FnMut(&mut Text<'a>)) {
        for (field, said) in &mut self.told {
            field::rename(*field, said, &mut rename);
        }
    }
}

impl fmt::Debug for Profile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&str> = self.told.iter().map(|(field, _)| field.key()).collect();
        write!(f, "Profile({})", keys.join(", "))
    }
}
