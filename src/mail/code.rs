//! The one-time code in a mail.

use std::ops::{Range, RangeInclusive};

use linkify::LinkFinder;

use crate::lexicon::{Key, SENTENCE_ENDS, says};

/// Digits of a one-time code.
const CODE: RangeInclusive<usize> = 4..=8;
/// Digits of one group of a code that is written in groups: "123 456".
const GROUP: RangeInclusive<usize> = 1..=4;
/// Characters around a number in which a word for a code is about it.
const NEAR: usize = 30;

/// The one-time codes in a text that speaks of one, as they are to be typed: first those beside a word for it. Numbers in addresses and
/// links are none.
pub(super) fn codes_in(text: &str) -> Vec<String> {
    if !says(text, Key::MailedCode) {
        return Vec::new();
    }
    let links: Vec<Range<usize>> = LinkFinder::new().links(text).map(|link| link.start()..link.end()).collect();
    let is_linked = |number: &Range<usize>| links.iter().any(|link| link.contains(&number.start));
    let mut found = rows(text).into_iter().flat_map(numbers).filter(|at| !is_linked(at)).collect::<Vec<_>>();
    found.sort_by_key(|at| !is_told_of(text, at));
    found.into_iter().map(|at| text[at].chars().filter(char::is_ascii_digit).collect()).collect()
}

/// Whatever in a text that speaks of a code could be one or a part of one: to be kept off the record.
pub(super) fn digits_in(text: &str) -> Vec<&str> {
    if !says(text, Key::MailedCode) {
        return Vec::new();
    }
    let mut found: Vec<&str> = rows(text).into_iter().flat_map(numbers).map(|at| &text[at]).collect();
    // The longest first: what is in one is gone with it.
    found.sort_by_key(|number| std::cmp::Reverse(number.len()));
    found
}

/// Whether a word for a code stands in the same sentence, near by.
fn is_told_of(text: &str, at: &Range<usize>) -> bool {
    let before = text[..at.start].rsplit(SENTENCE_ENDS).next().unwrap_or_default();
    let after = text[at.end..].split(SENTENCE_ENDS).next().unwrap_or_default();
    let from = before.char_indices().rev().nth(NEAR).map_or(0, |(from, _)| from);
    let near_after: String = after.chars().take(NEAR).collect();
    says(&before[from..], Key::MailedCode) || says(&near_after, Key::MailedCode)
}

/// Groups of digits with nothing but one blank or hyphen between them, each row by where its groups stand.
fn rows(text: &str) -> Vec<Vec<Range<usize>>> {
    let mut rows: Vec<Vec<Range<usize>>> = Vec::new();
    for group in words(text).filter(|at| text[at.clone()].bytes().all(|byte| byte.is_ascii_digit())) {
        let joins = |row: &&mut Vec<Range<usize>>| {
            let between = row.last().map_or("", |last| &text[last.end..group.start]);
            matches!(between, " " | "-" | "\u{a0}" | "\u{2011}" | "\u{2013}")
        };
        match rows.last_mut().filter(joins) {
            Some(row) => row.push(group),
            None => rows.push(vec![group]),
        }
    }
    rows
}

/// The numbers of a row that have a code's length: all of it where its groups are alike, as a code's are, else each by itself.
fn numbers(row: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let length = row[0].len();
    let is_code = row.len() > 1
        && GROUP.contains(&length)
        && CODE.contains(&(length * row.len()))
        && row.iter().all(|group| group.len() == length);
    let whole = is_code.then(|| row[0].start..row[row.len() - 1].end);
    let each = row.into_iter().filter(|group| !is_code && CODE.contains(&group.len()));
    whole.into_iter().chain(each).collect()
}

/// Where the words of a text stand, of letters and digits of ASCII.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_in_eight_languages() {
        for text in [
            "Your code is 482913",
            "Ihr Bestätigungscode lautet 482913.",
            "Votre code : 482913",
            "Tu código es 482913",
            "Seu código é 482913",
            "認証コードは 482913 です",
            "Il tuo codice è 482913",
            "Je verificatiecode is 482913",
        ] {
            assert_eq!(codes_in(text), ["482913"], "{text}");
        }
        assert!(codes_in("Order 482913 is on its way").is_empty());
    }

    #[test]
    fn a_code_in_groups_is_one_code() {
        for text in [
            "873 606 is your Pebble Loyalty code",
            "Your code is 873-606",
            "Votre code : 873\u{a0}606",
            "Ihr Code: 87 36 06",
            "Code: 8 7 3 6 0 6. It is good for 15 minutes.",
            "Your code is 873 606 Or follow this link: http://localhost:16814/login/link/9f. Request no. 20261201-7731.",
        ] {
            assert_eq!(codes_in(text).first().map(String::as_str), Some("873606"), "{text}");
        }
    }

    #[test]
    fn numbers_beside_a_code_are_no_part_of_it() {
        for text in [
            "Your code is 873606 10 minutes from now it ends",
            "Order 20261201 was placed on 2026-12-01. Your code is 873606.",
            "Call 020 7946 0958 for help. Use the code 873606 to log in.",
            "http://localhost:16814/login/8843 Your code: 873606",
            "Invoice 5512 8830 is attached. 873606 is your code.",
            "Your code 873606 (of 12-11-2026)",
        ] {
            assert_eq!(codes_in(text).first().map(String::as_str), Some("873606"), "{text}");
        }
    }
}
