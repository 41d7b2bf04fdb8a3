//! A page that wants the language chosen before it shows anything else.

use crate::browser::page::page_snapshot::Part;
use crate::browser::page::recognise::foreground::Foreground;

/// Languages as they name themselves, those that flowcheck reads best first.
const LANGUAGES: &[&str] = &[
    "english",
    "deutsch",
    "français",
    "español",
    "português",
    "italiano",
    "nederlands",
    "日本語",
    "polski",
    "svenska",
    "dansk",
    "norsk",
    "suomi",
    "čeština",
    "türkçe",
    "русский",
    "українська",
    "中文",
    "한국어",
    "العربية",
    "עברית",
    "ελληνικά",
    "magyar",
    "română",
];
/// Controls beside the languages, such as a link to the imprint.
const MOST_BESIDE: usize = 2;

/// The control of the language that flowcheck reads best, where the page offers hardly anything but languages.
pub(in crate::browser::page::recognise) fn language(foreground: &Foreground<'_>) -> Option<Part> {
    if foreground.fields().next().is_some() {
        return None;
    }
    let rank = |name: &str| {
        let name = name.to_lowercase();
        // "English (US)", "🇩🇪 Deutsch"
        let mut words = name.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
        let first = words.next()?;
        (words.count() <= 1).then(|| LANGUAGES.iter().position(|language| *language == first)).flatten()
    };
    let controls: Vec<_> = foreground.controls().collect();
    let mut ranked: Vec<(usize, usize)> =
        controls.iter().filter_map(|(index, read)| Some((rank(&read.control.name)?, *index))).collect();
    ranked.sort_unstable();
    let beside = controls.len() - ranked.len();
    let &(_, control) = ranked.first().filter(|_| ranked.len() > 1 && beside <= MOST_BESIDE)?;
    let why = format!(
        "\"{}\" is one of {} languages to choose from",
        foreground.reading.controls[control].control.name,
        ranked.len()
    );
    Some(Part { control, certainty: 80, why })
}
