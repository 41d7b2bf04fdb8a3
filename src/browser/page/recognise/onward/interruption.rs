//! A dialog over the page that has nothing to do with what the user came for: a tour, a newsletter, news of the app.

use crate::browser::page::page_snapshot::Part;
use crate::browser::page::recognise::controls::{
    closes, leads_to_integrations, matches_sign_in_or_up, speaks_of_disconnecting,
};
use crate::browser::page::recognise::foreground::{Foreground, names_klaviyo};
use crate::evidence::FieldKind;
use crate::lexicon::{Key, says};

/// What a dialog speaks of that tells how something went.
const MESSAGES: [Key; 5] = [Key::Error, Key::Denied, Key::Cancelled, Key::Expired, Key::Outage];

/// The control that closes such a dialog, and leaves the page behind it as it is.
pub(in crate::browser::page::recognise) fn interruption(foreground: &Foreground<'_>) -> Option<Part> {
    let text = foreground.dialog()?;
    // A control that is called "Later" is no word of a failure.
    let said = foreground.reachable().fold(text.to_owned(), |said, (_, read)| said.replace(&read.control.name, " "));
    let is_message = MESSAGES.iter().any(|key| says(&said, *key));
    let is_about_klaviyo = names_klaviyo(text) || speaks_of_disconnecting(text);
    let asks_who = matches_sign_in_or_up(text) && !says(text, Key::Newsletter)
        || foreground.fields().any(|(_, read)| matches!(read.field.kind, FieldKind::Password | FieldKind::Code));
    let asks_which = says(text, Key::Choose) && says(text, Key::Tenant);
    // Settings may be a dialog themselves, with tabs in it, which count as its navigation.
    let leads_on = foreground.reachable().any(|(_, read)| leads_to_integrations(&read.control.name).is_some());
    if is_message || is_about_klaviyo || asks_who || asks_which || leads_on {
        return None;
    }
    let closing = foreground.controls().filter(|(_, read)| read.control.href.is_none());
    let ranked = closing.filter_map(|(index, read)| Some((closes(&read.control.name)?, index, read)));
    // Of equals the first.
    let (_, control, read) = ranked.max_by_key(|(rank, index, _)| (*rank, usize::MAX - index))?;
    let why = format!("\"{}\" closes a dialog that has nothing to do with Klaviyo", read.control.name);
    Some(Part { control, certainty: 80, why })
}
