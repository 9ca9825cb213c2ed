//! Texts of facts: borrowed from what they were read from, or owned.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// A text that is borrowed where it can be: reading a stored fact copies none of its texts.
///
/// ```
/// let text = parure::fact::Text::from("ring/diamond");
/// assert!(text.starts_with("ring/"));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// The same text, owned.
    ///
    /// ```
    /// let kept: parure::fact::Text<'static> = parure::fact::Text::from("ring/diamond").into_owned();
    /// assert_eq!(&*kept, "ring/diamond");
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Text<'static> {
        Text(Cow::Owned(self.0.into_owned()))
    }

    /// The same text, borrowed from this one.
    ///
    /// ```
    /// let owned = parure::fact::Text::from(String::from("ring/diamond"));
    /// assert_eq!(owned.borrowed(), owned);
    /// ```
    #[must_use]
    pub fn borrowed(&self) -> Text<'_> {
        Text(Cow::Borrowed(&self.0))
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Text(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Text(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Text<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Text(text)
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A text that is somebody's affair: it does not show where something is only looked into.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Private<'a>(pub(crate) Text<'a>);

impl Deref for Private<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Private<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}
