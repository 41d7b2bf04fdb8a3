//! Installed or not, and the controls that change it.
//!
//! A control is Klaviyo's when it says so itself, or when the nearest surroundings that name Klaviyo hold it without another
//! card, row or section in between: in a list of apps, each row's control is that row's.

use super::controls::{
    backs_out, confirms, heads_connecting, matches_connect, matches_disconnect, matches_sign_in_or_up,
    speaks_of_disconnecting,
};
use super::foreground::{Foreground, names_klaviyo};
use super::recognised::Guess;
use crate::browser::page::page_snapshot::{Part, ReadControl};
use crate::evidence::{Page, PageKind};
use crate::lexicon::{Key, negates, says, without};

/// Characters of a control's name; longer ones are sentences.
const LONGEST_NAME: usize = 60;
/// Controls of a page that asks one question.
const FEW_ANSWERS: usize = 4;
/// Characters of the surroundings that are shown as a reason.
const SHOWN: usize = 120;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) guess: Option<Guess>,
    pub(super) connect: Option<Part>,
    pub(super) disconnect: Option<Part>,
    /// Whether the page asks once more before it disconnects.
    pub(super) asks_once_more: bool,
}

/// A control that could be Klaviyo's, and where it stands.
struct Candidate<'a> {
    index: usize,
    read: &'a ReadControl,
    certainty: u8,
    /// The text that names Klaviyo, with the control in it.
    place: &'a str,
    why: String,
}

/// Finds the state that a page shows, and the controls that change it.
pub(super) fn install_state(foreground: &Foreground<'_>) -> Found {
    if let Some(found) = confirmation(foreground) {
        return found;
    }
    let disconnect = surest(candidates(foreground, |read| {
        is_a_verb(&read.control.name) && matches_disconnect(&read.control.name) || read.on == Some(true)
    }))
    .or_else(|| in_the_frame(foreground, matches_disconnect));
    let connect = surest(candidates(foreground, |read| {
        is_a_verb(&read.control.name) && matches_connect(&read.control.name) || read.on == Some(false)
    }))
    .or_else(|| named_alone(foreground))
    .or_else(|| signs_in_with_klaviyo(foreground))
    .or_else(|| in_the_frame(foreground, matches_connect));
    let guess = match (&disconnect, &connect) {
        (Some(control), connect) => Some(with_disconnect(control, connect.as_ref())),
        (None, Some(control)) => Some(with_connect(control)),
        (None, None) => by_words(foreground),
    };
    // What the page is taken for does not hang on these: they only tell that there is something to look at.
    let connect = connect.or_else(|| on_a_page_without_the_name(foreground, matches_connect));
    let disconnect = disconnect.or_else(|| on_a_page_without_the_name(foreground, matches_disconnect));
    let part = |candidate: Candidate<'_>| Part {
        control: candidate.index,
        certainty: candidate.certainty,
        why: candidate.why,
    };
    Found { guess, connect: connect.map(part), disconnect: disconnect.map(part), asks_once_more: false }
}

/// A dialog, or a page of its own, that asks whether to disconnect.
fn confirmation(foreground: &Foreground<'_>) -> Option<Found> {
    let (asks, where_it_asks) = match foreground.dialog() {
        Some(text) => (speaks_of_disconnecting(text) && names_klaviyo(&foreground.reading.text), "a dialog"),
        None => (foreground.sentences().any(is_the_question) || asks_by_heading(foreground), "the page"),
    };
    let few = foreground.dialog().is_some()
        || foreground.fields().next().is_none()
            && (foreground.controls().count() <= FEW_ANSWERS || asks_by_heading(foreground));
    let answers =
        || foreground.controls().filter(|(_, read)| is_a_verb(&read.control.name) && confirms(&read.control.name));
    let chosen = answers().find(|(_, read)| matches_disconnect(&read.control.name)).or_else(|| answers().next());
    let behind = foreground.dialog().is_some() && names_disconnect_behind(foreground);
    let (control, read) = chosen.filter(|_| few && (asks || behind))?;
    let why = format!("{where_it_asks} asks once more, and \"{}\" says yes", read.control.name);
    let guess = Guess::new(PageKind::Installed, 85, why.clone());
    Some(Found {
        guess: Some(guess),
        connect: None,
        disconnect: Some(Part { control, certainty: 85, why }),
        asks_once_more: true,
    })
}

/// A page headed by what it is about to do, with a way to leave it undone: "Remove Klaviyo", "Cancel".
fn asks_by_heading(foreground: &Foreground<'_>) -> bool {
    let is_headed = |text: &str| names_klaviyo(text) && speaks_of_disconnecting(text);
    foreground.headings().next().is_some_and(|heading| is_headed(&heading.text))
        && foreground.controls().any(|(_, read)| !read.control.in_navigation && backs_out(&read.control.name))
}

fn is_the_question(sentence: &str) -> bool {
    sentence.ends_with(['?', '？']) && names_klaviyo(sentence) && speaks_of_disconnecting(sentence)
}

fn names_disconnect_behind(foreground: &Foreground<'_>) -> bool {
    names_klaviyo(&foreground.reading.text)
        && foreground.all_controls().any(|(_, read)| read.dialog.is_none() && matches_disconnect(&read.control.name))
}

fn candidates<'a>(foreground: &Foreground<'a>, fits: impl Fn(&ReadControl) -> bool) -> Vec<Candidate<'a>> {
    let about = is_about_klaviyo(foreground);
    foreground.controls().filter(|(_, read)| fits(read)).filter_map(|(index, read)| place(index, read, about)).collect()
}

/// Klaviyo's own among the controls that fit, the surest first: its row's or card's, or those of a page about it.
pub(super) fn klaviyos(foreground: &Foreground<'_>, fits: impl Fn(&ReadControl) -> bool) -> Vec<usize> {
    let mut found = candidates(foreground, fits);
    found.sort_by_key(|one| std::cmp::Reverse(one.certainty));
    found.into_iter().map(|one| one.index).collect()
}

/// A control in the frame of every page: its header, its footer, its navigation. It counts where it names both Klaviyo and what it does.
fn in_the_frame<'a>(foreground: &Foreground<'a>, does: impl Fn(&str) -> bool) -> Option<Candidate<'a>> {
    let names_both = |read: &ReadControl| {
        let name = &read.control.name;
        read.control.in_navigation && read.opens.is_none() && is_a_verb(name) && names_klaviyo(name) && does(name)
    };
    let (index, read) = foreground.reachable().find(|(_, read)| names_both(read))?;
    let why = format!("\"{}\" names Klaviyo itself, in the page's frame", read.control.name);
    Some(Candidate { index, read, certainty: 75, place: &read.control.near, why })
}

fn place(index: usize, read: &ReadControl, about: bool) -> Option<Candidate<'_>> {
    let named = read.around.iter().position(|level| names_klaviyo(&level.text));
    let near = named.map_or(read.control.near.as_str(), |at| read.around[at].text.as_str());
    let candidate = |certainty, why: &str| {
        let why = format!("\"{}\" {why}", read.control.name);
        Some(Candidate { index, read, certainty, place: near, why })
    };
    if names_klaviyo(&read.control.name) {
        return candidate(95, "names Klaviyo itself");
    }
    let foreign = |at: usize| read.around[..at].iter().any(|level| level.item);
    match named {
        Some(at) if !foreign(at) => candidate(90, "stands beside Klaviyo's name"),
        _ if about => candidate(75, "stands on a page about Klaviyo"),
        _ => None,
    }
}

/// The only control of its kind on a page that does not name Klaviyo, such as that of an app which connects nothing else.
fn on_a_page_without_the_name<'a>(foreground: &Foreground<'a>, does: impl Fn(&str) -> bool) -> Option<Candidate<'a>> {
    if names_klaviyo(&foreground.reading.text) {
        return None;
    }
    let mut found = foreground.controls().filter(|(_, read)| is_a_verb(&read.control.name) && does(&read.control.name));
    let (index, read) = found.next()?;
    let why = format!("\"{}\" is on a page that does not name Klaviyo", read.control.name);
    found.next().is_none().then_some(Candidate { index, read, certainty: 50, place: &read.control.near, why })
}

/// The surest candidate; where two are equally sure and say the same, none of them is.
fn surest(candidates: Vec<Candidate<'_>>) -> Option<Candidate<'_>> {
    let weight = |one: &Candidate<'_>| (one.certainty, usize::MAX - one.place.len());
    let best = candidates.iter().map(weight).max()?;
    let mut best = candidates.into_iter().filter(|one| weight(one) == best);
    let mut first = best.next()?;
    if best.any(|other| other.read.control.name == first.read.control.name) {
        first.certainty = 50;
        first.why.push_str(", and so does another of that name");
    }
    Some(first)
}

/// A control with the app's name alone, on a page whose heading says what it does: "Add an account", then "Klaviyo".
fn named_alone<'a>(foreground: &Foreground<'a>) -> Option<Candidate<'a>> {
    let heading = foreground.headings().find(|heading| heads_connecting(&heading.text))?;
    let alone = |name: &str| name.trim().eq_ignore_ascii_case("klaviyo");
    let (index, read) = foreground.controls().find(|(_, read)| alone(&read.control.name))?;
    let why = format!("\"Klaviyo\" below \"{}\"", heading.text);
    Some(Candidate { index, read, certainty: 70, place: &read.control.near, why })
}

/// "Sign in with Klaviyo", where nothing else signs anybody in: whoever gets in by Klaviyo's OAuth connects it. Beside a form or another
/// way in, it is one more way into an account of the app's own.
fn signs_in_with_klaviyo<'a>(foreground: &Foreground<'a>) -> Option<Candidate<'a>> {
    let gets_in = |name: &str| says(name, Key::WayIn) || matches_sign_in_or_up(name);
    if foreground.fields().next().is_some() {
        return None;
    }
    let ways = |name: &str| is_a_verb(name) && gets_in(name);
    // In the page's frame, too.
    if foreground.reading.controls.iter().any(|read| ways(&read.control.name) && !names_klaviyo(&read.control.name)) {
        return None;
    }
    let (index, read) = foreground.controls().find(|(_, read)| ways(&read.control.name))?;
    let why = format!("\"{}\" is the only way in", read.control.name);
    Some(Candidate { index, read, certainty: 80, place: &read.control.near, why })
}

fn with_disconnect(control: &Candidate<'_>, connect: Option<&Candidate<'_>>) -> Guess {
    let denies = says_not_installed(control.place);
    // What is not connected may be removed as well as connected.
    if denies && let Some(connect) = connect.filter(|connect| connect.place == control.place) {
        return reasons(PageKind::NotInstalled, 75, connect);
    }
    let certainty = match (says_installed(control.place), denies) {
        (_, true) => 40,
        (true, _) => 95,
        (false, _) => 80,
    };
    reasons(PageKind::Installed, certainty.min(control.certainty), control)
}

fn with_connect(control: &Candidate<'_>) -> Guess {
    if says_installed(control.place) && control.read.on.is_none() {
        // Connected, and with a way to connect again.
        let again = says(&control.read.control.name, Key::ConnectAgain);
        return reasons(PageKind::Installed, if again { 70 } else { 40 }, control);
    }
    let certainty = match control.certainty {
        // What every page offers says little of this one.
        _ if control.read.control.in_navigation => Page::SURE,
        90.. => 95,
        other => other,
    };
    reasons(PageKind::NotInstalled, certainty, control)
}

fn reasons(kind: PageKind, certainty: u8, control: &Candidate<'_>) -> Guess {
    let place: String = control.place.chars().take(SHOWN).collect();
    let why =
        vec![format!("beside Klaviyo's name: \"{place}\""), format!("a control \"{}\"", control.read.control.name)];
    Guess { kind, certainty, why }
}

/// What the page says of Klaviyo where no control tells.
fn by_words(foreground: &Foreground<'_>) -> Option<Guess> {
    // A page for those who are not signed in tells of what it could do.
    if foreground.reading.controls.iter().any(|read| matches_sign_in_or_up(&read.control.name)) {
        return None;
    }
    let headings = foreground.headings().map(|heading| (heading.text.as_str(), 75));
    let sections = foreground.headings().filter(|heading| names_klaviyo(&heading.text));
    let sections = sections.map(|heading| (heading.section.as_str(), 70));
    // Of a list of integrations Klaviyo's row, whatever its control says: "Manage", "Configure".
    let rows = foreground.controls().filter_map(|(_, read)| {
        let named = read.around.iter().find(|level| level.item || names_klaviyo(&level.text))?;
        (named.item && names_klaviyo(&named.text)).then_some((named.text.as_str(), Page::CLEAR))
    });
    let alerts = foreground.alerts().map(|alert| (alert, 70));
    let sentences = foreground.sentences().map(|sentence| (sentence, 65));
    let tells = |text: &str| names_klaviyo(text) && !text.ends_with(['?', '？']) && !says(text, Key::Choose);
    let shown =
        headings.chain(sections).chain(rows).chain(alerts).chain(sentences).filter(|(text, _)| tells(text)).find_map(
            |(text, certainty)| {
                let guess = |kind| Some(Guess::new(kind, certainty, format!("beside Klaviyo's name: \"{text}\"")));
                match (says_not_installed(text), says_installed(text)) {
                    (true, _) => guess(PageKind::NotInstalled),
                    (_, true) => guess(PageKind::Installed),
                    _ => None,
                }
            },
        );
    shown.or_else(|| around_klaviyo(&foreground.reading.text))
}

/// The words on either side of Klaviyo's name, of which nothing says that they are about it.
fn around_klaviyo(text: &str) -> Option<Guess> {
    let lower = text.to_lowercase();
    let at = lower.find("klaviyo")?;
    let before = lower[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect::<String>();
    let around = before + &lower[at..].chars().take(SHOWN).collect::<String>();
    let guess = |kind| Some(Guess::new(kind, 50, format!("beside Klaviyo's name: \"{around}\"")));
    match (says_not_installed(&around), says_installed(&around)) {
        (true, _) => guess(PageKind::NotInstalled),
        (_, true) => guess(PageKind::Installed),
        _ => None,
    }
}

/// Whether the page is about nothing else: its first heading, or its only one, names Klaviyo.
pub(super) fn is_about_klaviyo(foreground: &Foreground<'_>) -> bool {
    let first = foreground.headings().next();
    first.is_some_and(|heading| names_klaviyo(&heading.text) && !heading.text.contains('?'))
}

/// A control's name says what it does; a question or a sentence is to be read.
pub(super) fn is_a_verb(name: &str) -> bool {
    name.chars().count() <= LONGEST_NAME && !name.trim_end().ends_with(['?', '？'])
}

/// Whether text says that something is installed.
fn says_installed(text: &str) -> bool {
    let text = without(text, Key::ToBeInstalled);
    !says_not_installed(&text) && says(&text, Key::Installed)
}

/// Whether text says that something is not installed.
fn says_not_installed(text: &str) -> bool {
    says(text, Key::NotInstalled) || negates(text, Key::Installed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installed_is_told_from_not_installed_and_from_what_is_yet_to_come() {
        for text in ["Klaviyo Connected since May", "連携済み", "Klaviyo: collegato", "Klaviyo is gekoppeld"] {
            assert!(says_installed(text) && !says_not_installed(text), "{text}");
        }
        for text in [
            "Klaviyo Not connected",
            "Kein Konto verbunden",
            "Sin conectar",
            "Klaviyo non è collegato",
            "Klaviyo is nog niet verbonden",
            "Klaviyo No account linked yet",
            "Klaviyo is not enabled",
            "Klaviyo has not been set up: no shop connected",
            "Aucun compte relié",
            "Noch kein Shop verknüpft",
        ] {
            assert!(says_not_installed(text) && !says_installed(text), "{text}");
        }
        for text in [
            "Klaviyo",
            "Klaviyo can be connected here",
            "Klaviyo kann verbunden werden",
            "Klaviyo può essere collegato qui",
            "Klaviyo kan hier worden gekoppeld",
            "Attiva Klaviyo",
        ] {
            assert!(!says_installed(text) && !says_not_installed(text), "{text}");
        }
    }
}
