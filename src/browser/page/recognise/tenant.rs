//! The choice of a tenant: by a drop-down, radio buttons, a box, a combobox, or a list of links or buttons.

use std::collections::BTreeMap;

use super::controls::{
    backs_out, matches_connect, matches_continue, matches_disconnect, matches_sign_in_or_up, matches_sign_out,
    tells_of_connecting,
};
use super::foreground::{Foreground, names_klaviyo};
use super::recognised::Guess;
use crate::browser::page::page_snapshot::{ReadControl, ReadField, Tenants};
use crate::evidence::{FieldKind, PageKind};
use crate::lexicon::{Key, says};

/// Characters beyond which a page with a list does more than ask for a choice.
const LONGEST: usize = 2000;

/// The choice a page offers, and what makes it look like one; `state` is the control that changes the state which the page shows, if it
/// does.
pub(super) fn choice(foreground: &Foreground<'_>, state: Option<usize>) -> Option<(Guess, Tenants)> {
    by_field(foreground, state).or_else(|| by_controls(foreground))
}

fn by_field(foreground: &Foreground<'_>, state: Option<usize>) -> Option<(Guess, Tenants)> {
    let scored = foreground.fields().filter_map(|(index, read)| {
        let takes_text = matches!(read.field.kind, FieldKind::Url | FieldKind::Text);
        let offers = match read.field.kind {
            FieldKind::Select | FieldKind::Radio => read.field.options.len() > 1,
            FieldKind::Combobox => true,
            _ => takes_text,
        };
        // A settings page has fields too; a choice is a form with nothing else to fill in.
        let fits = offers && is_alone(foreground, read) && !stands_beside_the_state(foreground, read, state);
        fits.then(|| score(foreground, index, read, takes_text))
    });
    let (score, index, read) = scored.max_by_key(|(score, ..)| *score)?;
    if score < 30 {
        return None;
    }
    let what = if read.field.options.is_empty() { "a box to name one" } else { "a choice of several" };
    let guess = Guess::new(PageKind::TenantChoice, score.min(95), format!("{what}: \"{}\"", read.field.label));
    Some((guess, Tenants::Field { field: index }))
}

fn score<'a>(
    foreground: &Foreground<'_>,
    index: usize,
    read: &'a ReadField,
    takes_text: bool,
) -> (u8, usize, &'a ReadField) {
    let label = read.field.label.as_str();
    let mut score = 0;
    let names = says(label, Key::Tenant) || says(&read.placeholder, Key::Tenant);
    let addresses = says(label, Key::TenantAddress) || says(&read.placeholder, Key::TenantAddress);
    if names {
        score += 45;
    } else if says(label, Key::Account) {
        score += 30;
    }
    if takes_text {
        if !names && !addresses {
            return (0, index, read);
        }
        score += if addresses { 25 } else { 0 };
    }
    if is_asked(foreground, read) {
        score += 45;
    } else if foreground.headings().any(|heading| says(&heading.text, Key::Tenant)) {
        score += 15;
    }
    if names_klaviyo(&foreground.reading.text) {
        score += 15;
    }
    if submit_goes_on(foreground, read) {
        score += 15;
    }
    (score, index, read)
}

/// Whether the page asks for what a field takes.
fn is_asked(foreground: &Foreground<'_>, read: &ReadField) -> bool {
    let asks_for_klaviyo = |text: &str| says(text, Key::Choose) && names_klaviyo(text) && text.ends_with(['?', '？']);
    let asked = foreground.headings().any(|heading| asks_for_klaviyo(&heading.text));
    asked || asks(foreground).is_some() || is_question(&read.field.label)
}

/// Whether a field is the settings' own: Klaviyo can be connected or disconnected on the page without it, nothing asks for it, and what
/// sends it saves it.
fn stands_beside_the_state(foreground: &Foreground<'_>, read: &ReadField, state: Option<usize>) -> bool {
    let Some(control) = state.map(|state| &foreground.reading.controls[state]) else { return false };
    let apart = matches_disconnect(&control.control.name) || control.form != read.field.form;
    let chooses = |name: &str| matches_connect(name) || says(name, Key::Choose);
    let sends = foreground
        .controls()
        .any(|(_, own)| own.form.is_some() && own.form == read.field.form && chooses(&own.control.name));
    apart && !sends && !is_asked(foreground, read)
}

fn is_alone(foreground: &Foreground<'_>, read: &ReadField) -> bool {
    let same_form = foreground.fields().filter(|(_, other)| other.field.form == read.field.form);
    same_form.filter(|(_, other)| other.field.kind != FieldKind::Checkbox).count() == 1
}

fn submit_goes_on(foreground: &Foreground<'_>, read: &ReadField) -> bool {
    foreground.controls().any(|(_, control)| {
        let name = &control.control.name;
        control.form == read.field.form && (matches_continue(name) || matches_connect(name) || says(name, Key::Choose))
    })
}

/// What asks for the choice of a tenant: a heading, or a sentence.
fn asks<'a>(foreground: &Foreground<'a>) -> Option<(&'a str, u8)> {
    let headings = foreground.headings().map(|heading| (heading.text.as_str(), 85));
    headings.chain(foreground.sentences().map(|sentence| (sentence, 75))).find(|(text, _)| is_question(text))
}

fn is_question(text: &str) -> bool {
    says(text, Key::Choose) && (says(text, Key::Tenant) || says(text, Key::Account))
}

fn by_controls(foreground: &Foreground<'_>) -> Option<(Guess, Tenants)> {
    let (question, certainty) = asks(foreground)?;
    if foreground.fields().next().is_some() || foreground.reading.text.chars().count() > LONGEST {
        return None;
    }
    let mut groups: BTreeMap<u32, Vec<(usize, &ReadControl)>> = BTreeMap::new();
    for (index, read) in foreground.controls().filter(|(_, read)| could_be_one(&read.control.name)) {
        if let Some(group) = read.group {
            groups.entry(group).or_default().push((index, read));
        }
    }
    let options = groups.into_values().filter_map(|group| options(&group)).max_by_key(Vec::len)?;
    let why = format!("\"{question}\", and {} to choose from", options.len());
    Some((Guess::new(PageKind::TenantChoice, certainty, why), Tenants::Controls { options }))
}

/// What stands on each of a group's controls; where they all say the same, what stands beside each.
fn options(group: &[(usize, &ReadControl)]) -> Option<Vec<(String, usize)>> {
    let first = &group.first()?.1.control.name;
    let same = group.iter().all(|(_, read)| read.control.name == *first);
    let options: Vec<(String, usize)> = group
        .iter()
        .map(|(index, read)| {
            let name = if same { read.cell.replace(first.as_str(), " ") } else { read.control.name.clone() };
            (name.trim().to_owned(), *index)
        })
        .filter(|(name, _)| !name.is_empty())
        .collect();
    let acts = |name: &str| matches_disconnect(name) || matches_connect(name) || tells_of_connecting(name);
    (options.len() > 1 && !options.iter().any(|(name, _)| acts(name))).then_some(options)
}

fn could_be_one(name: &str) -> bool {
    !(name.is_empty()
        || matches_sign_out(name)
        || backs_out(name)
        || says(name, Key::ForgotPassword)
        || matches_sign_in_or_up(name)
        || matches_continue(name) && !says(name, Key::Choose))
}
