//! Consent: for which purpose a person may be written to by which channel.

use super::field::named;
use crate::document::Spot;
use crate::fact::Text;
use crate::json::Object;

/// Consent that was given or withdrawn. None of it is the person's own words: the names are the shop's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Consent<'a> {
    pub(crate) channel: Text<'a>,
    pub(crate) purpose: Text<'a>,
    pub(crate) given: bool,
    /// The version of the text that was agreed to.
    pub(crate) text: Option<Text<'a>>,
}

impl<'a> Consent<'a> {
    pub(crate) fn read(spot: Spot<'_, 'a>) -> Option<Consent<'a>> {
        let keys = spot.table(&["channel", "purpose", "given", "text"])?;
        let (channel, purpose) = (keys.need("channel", named), keys.need("purpose", named));
        let (given, text) = (keys.need("given", Spot::truth), keys.may("text", named));
        Some(Consent { channel: channel?, purpose: purpose?, given: given?, text: text? })
    }

    pub(crate) fn write(&self, keys: &mut Object<'_>) {
        keys.text("channel", &self.channel);
        keys.with("given", |json| json.push_str(if self.given { "true" } else { "false" }));
        keys.text("purpose", &self.purpose);
        keys.texts(&[("text", self.text.as_deref())]);
    }
}
