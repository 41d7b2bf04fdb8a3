//! Disconnecting by an entry of a drop-down: "Actions…", "Disconnect".

use crate::browser::page::recognise::controls::matches_disconnect;
use crate::browser::page::recognise::foreground::{Foreground, names_klaviyo};
use crate::browser::page::recognise::install_state::{is_a_verb, is_about_klaviyo};
use crate::evidence::FieldKind;

/// The drop-down and its option that disconnects Klaviyo: beside its name, with no other card or row in between. None where there are
/// several.
pub(in crate::browser::page::recognise) fn disconnect_option(foreground: &Foreground<'_>) -> Option<(usize, String)> {
    let about = is_about_klaviyo(foreground);
    let disconnects = |option: &&String| is_a_verb(option) && matches_disconnect(option);
    let mut found =
        foreground.fields().filter(|(_, read)| read.field.kind == FieldKind::Select).filter_map(|(index, read)| {
            let option = read.field.options.iter().find(disconnects)?;
            // Its own options are in what stands around it.
            let named = read.around.iter().position(|level| names_klaviyo(&level.text));
            let own = named.map_or(about, |at| !read.around[..at].iter().any(|level| level.item));
            (own || names_klaviyo(option)).then(|| (index, option.clone()))
        });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}
