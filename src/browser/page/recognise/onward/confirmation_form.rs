//! What a page wants filled in before it disconnects: a reason, a password once more, a phrase to type.

use super::phrase_to_type::phrase_to_type;
use crate::browser::page::page_snapshot::{Confirmation, ReadField};
use crate::browser::page::recognise::controls::{confirms, matches_disconnect, speaks_of_disconnecting};
use crate::browser::page::recognise::foreground::{Foreground, names_klaviyo};
use crate::evidence::FieldKind;

/// The form that stands before the disconnecting, if one does: in a dialog that asks, around the control that disconnects, or on a
/// page that is about nothing else.
pub(in crate::browser::page::recognise) fn confirmation(foreground: &Foreground<'_>) -> Option<Confirmation> {
    let text = &foreground.reading.text;
    if !names_klaviyo(text) {
        return None;
    }
    let dialog = |read: &ReadField| read.dialog.and_then(|dialog| foreground.reading.dialogs.get(dialog));
    let asks = |read: &ReadField| dialog(read).is_some_and(|dialog| speaks_of_disconnecting(&dialog.text));
    let heads = foreground.headings().any(|heading| speaks_of_disconnecting(&heading.text));
    let says_yes = |name: &str| matches_disconnect(name) || heads && confirms(name);
    let beside =
        |form: usize| foreground.controls().any(|(_, read)| read.form == Some(form) && says_yes(&read.control.name));
    let in_dialog: Vec<_> = foreground.fields().filter(|(_, read)| asks(read)).collect();
    let form = foreground.fields().filter_map(|(_, read)| read.field.form).find(|form| beside(*form));
    let fields: Vec<_> = match form {
        _ if !in_dialog.is_empty() => in_dialog,
        Some(form) => foreground.fields().filter(|(_, read)| read.field.form == Some(form)).collect(),
        None if heads => foreground.fields().collect(),
        None => return None,
    };
    let (_, first) = fields.first()?;
    let around = dialog(first).map_or(text, |dialog| &dialog.text);
    let typed = |kind| matches!(kind, FieldKind::Text | FieldKind::Url | FieldKind::Email);
    let asked: Vec<&str> = fields
        .iter()
        .filter(|(_, read)| typed(read.field.kind))
        .flat_map(|(_, read)| [read.field.label.as_str(), read.placeholder.as_str()])
        .collect();
    let phrase = if asked.is_empty() { None } else { phrase_to_type(&asked, around) };
    Some(Confirmation { fields: fields.into_iter().map(|(index, _)| index).collect(), phrase })
}
