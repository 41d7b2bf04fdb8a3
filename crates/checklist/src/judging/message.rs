//! The message of a page: what it says that the user has not read before, wherever it stands.

use flowcheck_evidence::{Entry, Event, KlaviyoEvent, Page, PageKind, Purpose};
use flowcheck_lexicon::{Key, SENTENCE_ENDS, says, without, without_negated};

use crate::flow::{At, Attempt, Flow};

/// Words of a sentence by which it is known again within another page's text.
const KNOWN_BY: usize = 3;
/// Words that a page must say more than before to have said something.
const WORDS: usize = 2;
/// What a page that the user has not seen before must speak of, to be about the installation.
const SUBJECT: &[Key] = &[Key::Permission, Key::Denied, Key::Cancelled, Key::Error, Key::Expired, Key::Outage];

/// The message of a page that the user came to, its headings, alerts and texts as sentences; none where it says nothing that it did
/// not say before, and where a completed installation is told in the same words.
pub(crate) fn message(flow: &Flow<'_>, page: At<'_, Page>) -> Option<String> {
    if !page.it.kind.is_the_apps() {
        return None;
    }
    let others = || flow.events.pages().filter(|other| other.it.user == page.it.user && other.seq != page.seq);
    // What told of one failure may tell of the next.
    let failed = failed_landings(flow);
    let is_old = |alert: &String| {
        others().any(|other| other.seq < page.seq && !failed.contains(&other.seq) && other.it.alerts.contains(alert))
    };
    let is_callback = flow.setup.app.redirect_uris.iter().any(|uri| same_address(uri, &page.it.url));
    let is_state = matches!(page.it.kind, PageKind::Installed | PageKind::NotInstalled);
    let successes = told_after_success(flow, page);
    if matches!(page.it.kind, PageKind::Error | PageKind::Notice) || is_callback && !is_state {
        let text = whole(page.it);
        let is_success = successes.iter().any(|success| whole(success) == text);
        // A callback that draws a page of the app's as it is says nothing of its own.
        let is_a_page = page.it.kind == PageKind::Other
            && others().any(|other| !same_address(&other.it.url, &page.it.url) && whole(other.it) == text);
        if is_success || is_a_page {
            return None;
        }
        return Some(news(flow, page)).filter(|news| words(news) > 0);
    }
    let is_success = |alert: &String| successes.iter().any(|success| success.alerts.contains(alert));
    let alerts = page.it.alerts.iter().filter(|alert| !is_old(alert) && !is_success(alert));
    let alerts: Vec<&str> = alerts.map(String::as_str).collect();
    if !alerts.is_empty() {
        return Some(alerts.join(". "));
    }
    // What it said before shows what is new; later, a page that says less shows what was.
    let text = body(page.it);
    let told_before = |other: &At<'_, Page>| failed.contains(&other.seq) && body(other.it) == text;
    let comparable = others().filter(|other| {
        same_address(&other.it.url, &page.it.url)
            && (other.seq < page.seq || other.it.text != page.it.text)
            && !told_before(other)
    });
    let new = comparable.map(|other| added(&text, &body(other.it))).min_by_key(String::len);
    if let Some(new) = new {
        // The state of the installation is no message.
        let beside = without_negated(&without(&new, Key::NotInstalled), Key::Installed);
        let beside = without(&beside, Key::Installed);
        return (words(&beside) >= WORDS).then_some(new);
    }
    let is_about_it = SUBJECT.iter().any(|key| says(&text, *key));
    (page.it.kind == PageKind::Other && is_about_it && words(&text) >= WORDS).then_some(text)
}

/// Whether a page has a picture that could hold a text, and that no page at another address has.
pub(super) fn shows_new_picture(flow: &Flow<'_>, page: At<'_, Page>) -> bool {
    let elsewhere = |picture: &String| {
        flow.events
            .pages()
            .any(|other| !same_address(&other.it.url, &page.it.url) && other.it.pictures.contains(picture))
    };
    page.it.pictures.iter().any(|picture| !elsewhere(picture))
}

/// The pages that this user landed on after other attempts, which completed: what they say is not about a failure.
fn told_after_success<'a>(flow: &Flow<'a>, page: At<'_, Page>) -> Vec<&'a Page> {
    let completed = flow.attempts.iter().filter(|attempt| has_completed(attempt));
    let landings: Vec<At<'a, Page>> = completed.filter_map(|attempt| attempt.landing(&Purpose::Allow)).collect();
    if landings.iter().any(|landing| landing.seq == page.seq) {
        return Vec::new();
    }
    landings.into_iter().map(|landing| landing.it).filter(|landing| landing.user == page.it.user).collect()
}

/// Whether an attempt brought tokens, and no fault kept them from the app.
fn has_completed(attempt: &Attempt<'_>) -> bool {
    let is_fault = |entry: &Entry| matches!(entry.event, Event::Klaviyo(KlaviyoEvent::FaultApplied(_)));
    attempt.issued().is_some() && !attempt.events.entries().iter().any(is_fault)
}

/// Where users landed after attempts that brought no tokens.
fn failed_landings(flow: &Flow<'_>) -> Vec<u32> {
    let failed = flow.attempts.iter().filter(|attempt| !has_completed(attempt));
    let landed =
        failed.filter_map(|attempt| attempt.landing(&Purpose::Allow).or_else(|| attempt.landing(&Purpose::Deny)));
    landed.map(|page| page.seq).collect()
}

/// Whether this user came to a page's address after failed attempts alone: it is no page that shows how things stand.
pub(super) fn is_of_failures_alone(flow: &Flow<'_>, page: At<'_, Page>) -> bool {
    let failed = failed_landings(flow);
    let is_there = |other: &At<'_, Page>| other.it.user == page.it.user && same_address(&other.it.url, &page.it.url);
    failed.contains(&page.seq) && flow.events.pages().filter(is_there).all(|other| failed.contains(&other.seq))
}

/// What a page says, sentence by sentence, but for what the user has read in the app before anything failed: a banner on every page
/// tells nothing of this one.
fn news(flow: &Flow<'_>, page: At<'_, Page>) -> String {
    let is_old = |sentence: &str| was_read_before(flow, page, sentence);
    whole(page.it).split_inclusive(SENTENCE_ENDS).filter(|sentence| !is_old(sentence)).collect()
}

/// Whether the user has read a sentence of a page in the app before anything failed.
pub(super) fn was_read_before(flow: &Flow<'_>, page: At<'_, Page>, sentence: &str) -> bool {
    let until = failed_landings(flow).into_iter().fold(page.seq, u32::min);
    let before = flow.events.pages().filter(|other| other.it.user == page.it.user && other.seq < until);
    let sentence = flat(sentence.trim_end_matches(SENTENCE_ENDS));
    let is_telling = words(&sentence) >= KNOWN_BY;
    let is_it = |text: &str| folded(text.trim()).eq(sentence.chars());
    before.filter(|other| other.it.kind.is_the_apps()).any(|other| {
        let Page { headings, alerts, text, .. } = other.it;
        headings.iter().chain(alerts).flat_map(|block| block.split(SENTENCE_ENDS)).any(is_it)
            || text.split(SENTENCE_ENDS).any(is_it)
            || is_telling && holds(text, &sentence)
    })
}

/// Whether a text has a sentence somewhere, which is folded already.
fn holds(text: &str, sentence: &str) -> bool {
    text.char_indices().any(|(at, _)| {
        let mut here = folded(&text[at..]);
        sentence.chars().all(|letter| here.next() == Some(letter))
    })
}

/// A text in lower case, with one blank between words.
fn flat(text: &str) -> String {
    folded(text.trim()).collect()
}

/// The letters of a text in lower case, with one blank between words.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let mut after_blank = false;
    let letters = text.chars().filter_map(move |letter| {
        let is_blank = letter.is_whitespace();
        let is_more = is_blank && after_blank;
        after_blank = is_blank;
        (!is_more).then_some(if is_blank { ' ' } else { letter })
    });
    letters.flat_map(char::to_lowercase)
}

/// All that a page says, block by block.
pub(super) fn whole(page: &Page) -> String {
    let blocks = page.headings.iter().chain(&page.alerts).map(String::as_str);
    blocks.chain([body(page).as_str()]).collect::<Vec<_>>().join(". ")
}

/// The text of a page beside its headings, its alerts and the names of its controls: each of them stands for itself.
fn body(page: &Page) -> String {
    let controls = page.controls.iter().map(|control| control.name.as_str());
    let mut blocks: Vec<&str> = page.headings.iter().chain(&page.alerts).map(String::as_str).chain(controls).collect();
    blocks.sort_by_key(|block| std::cmp::Reverse(block.len()));
    let left = blocks.iter().filter(|block| !block.is_empty());
    let left = left.fold(page.text.clone(), |text, block| text.replacen(block, " ", 1));
    left.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words that a text has more than another, in order.
fn added(text: &str, other: &str) -> String {
    let plain = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let mut known: Vec<String> = other.split_whitespace().map(plain).collect();
    let is_new = |word: &&str| match known.iter().position(|other| *other == plain(word)) {
        Some(at) => {
            known.swap_remove(at);
            false
        }
        None => true,
    };
    text.split_whitespace().filter(is_new).collect::<Vec<_>>().join(" ")
}

/// How many words a text has, of those with a letter in them; where words are not set apart, two letters make one. An address is none,
/// and neither is what names it: "E-mail: ida@shop.example".
fn words(text: &str) -> usize {
    let joined = |letter: &char| ('\u{3040}'..='\u{9fff}').contains(letter);
    let is_address = |url: &str| url.contains('@') || url.contains("://");
    let mut all = text.split_whitespace().peekable();
    let mut count = 0;
    while let Some(name) = all.next() {
        let names_address = name.ends_with(':') && all.peek().is_some_and(|next| is_address(next));
        let spaced = name.chars().any(|letter| letter.is_alphabetic() && !joined(&letter));
        count += usize::from(spaced && !names_address && !is_address(name));
    }
    count + text.chars().filter(joined).count() / 2
}

fn same_address(one: &str, other: &str) -> bool {
    let path = |url: &str| url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/').to_owned();
    path(one) == path(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_no_words_and_neither_is_what_names_them() {
        for (text, count) in [
            ("E-mail: ida@shop.example", 0),
            ("Login: ida@shop.example Website: https://shop.example", 0),
            ("You said no.", 3),
            ("Signed in as ida@shop.example", 3),
            ("Reason: you said no", 4),
            ("接続されません", 3),
            ("", 0),
        ] {
            assert_eq!(words(text), count, "{text}");
        }
    }

    #[test]
    fn what_is_new_in_a_text_are_the_words_that_the_other_lacks() {
        for (text, other, new) in [
            ("Settings You said no. Klaviyo Not connected", "Settings Klaviyo Connected", "You said no. Not"),
            ("Settings Klaviyo", "Settings You said no Klaviyo", ""),
            ("a a", "A.", "a"),
            ("", "a", ""),
            ("same", "same", ""),
        ] {
            assert_eq!(added(text, other), new, "{text} | {other}");
        }
    }
}
