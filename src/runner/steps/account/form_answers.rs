//! What an ordinary user types into a field: by its type and constraints, then by what it is called.

use std::collections::BTreeMap;

use time::{Date, Duration};

use crate::browser::{Constraints, marked_phrase, quoted};
use crate::evidence::{Field, FieldKind};
use crate::lexicon::{Key, says};

/// What a newcomer calls the business.
const BUSINESS: &str = "Flowcheck Trial Store";
/// Telephone numbers of ranges that are reserved for fiction, written in the usual ways.
const PHONES: &[&str] = &[
    "+12025550143",
    "+1 202 555 0143",
    "2025550143",
    "(202) 555-0143",
    "202-555-0143",
    "+442079460018",
    "02079460018",
    "03023125014",
    "612345678",
    "20255501",
];
/// What fields with a pattern of their own often want.
const OTHERS: &[&str] = &[
    "Flowcheck",
    "FLOWCHECK",
    "flowcheck",
    "flowcheck-trial",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "12345678901",
    "1234",
    "123",
    "12",
    "1",
    "A",
    "AB",
    "US",
    "us",
    "ABC",
    "ABC123",
    "AB123456",
    "DE123456789",
    "US-12345",
    "10115",
    "1011 AB",
    "SW1A 1AA",
    "12345-6789",
    "100-0001",
    "01310-100",
    "2020",
    "2020-01",
    "1990-05-17",
    "05/17/1990",
    "17.05.1990",
    "17/05/1990",
    "https://flowcheck-trial-store.example",
    "flowcheck-trial-store.example",
];

/// Who fills in a form.
#[derive(Debug)]
pub(super) struct Newcomer<'a> {
    pub(super) login: &'a str,
    pub(super) password: &'a str,
    /// What `flowcheck.yaml` says to answer, by the field's label or name.
    pub(super) answers: &'a BTreeMap<String, String>,
    pub(super) today: Date,
}

/// What `flowcheck.yaml` says to answer to a field.
pub(super) fn given<'a>(field: &Field, answers: &'a BTreeMap<String, String>) -> Option<&'a str> {
    let (label, name) = (field.label.to_lowercase(), field.name.to_lowercase());
    let fits = |asked: &str| name == asked || label.contains(asked);
    answers.iter().find(|(asked, _)| fits(&asked.to_lowercase())).map(|(_, answer)| answer.as_str())
}

/// Texts for a field, the likeliest first; the first that the field takes is the one to type.
pub(super) fn texts(field: &Field, constraints: &Constraints, newcomer: &Newcomer<'_>) -> Vec<String> {
    if let Some(given) = given(field, newcomer.answers) {
        return vec![given.to_owned()];
    }
    let some = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut texts = match field.kind {
        FieldKind::Email => vec![newcomer.login.to_owned()],
        FieldKind::Password | FieldKind::NewPassword => vec![newcomer.password.to_owned()],
        FieldKind::Url => urls(newcomer),
        _ => match constraints.kind.as_str() {
            "tel" => some(PHONES),
            "number" | "range" => numbers(constraints, &["12", "1", "2020", "10115"]),
            "date" | "month" | "week" | "time" | "datetime-local" => moments(constraints, newcomer.today),
            _ => plain(field, constraints, newcomer),
        },
    };
    let is_secret = matches!(field.kind, FieldKind::Email | FieldKind::Password | FieldKind::NewPassword);
    if !is_secret {
        // An example of what is wanted, or a phrase to be typed.
        let examples = [Some(constraints.placeholder.as_str()), quoted(&constraints.placeholder), quoted(&field.label)];
        texts.extend(examples.into_iter().flatten().filter(|text| !text.is_empty()).map(str::to_owned));
        texts.extend(some(OTHERS));
    }
    let fitted = texts.first().map(|first| fitted(first, constraints));
    texts.extend(fitted);
    texts
}

fn plain(field: &Field, constraints: &Constraints, newcomer: &Newcomer<'_>) -> Vec<String> {
    if let Some(phrase) = marked_phrase(&field.label) {
        return vec![phrase.to_owned()];
    }
    let called = format!("{} {}", field.label, field.name.replace(['_', '-', '[', ']', '.'], " "));
    let is = |key: Key| says(&called, key);
    let local = newcomer.login.split('@').next().unwrap_or(newcomer.login);
    let first = match constraints.complete.split_whitespace().next_back().unwrap_or_default() {
        "given-name" => "Flowcheck",
        "family-name" | "additional-name" => "Trial",
        "name" => "Flowcheck Trial",
        "username" | "nickname" => local,
        "organization" => BUSINESS,
        "street-address" | "address-line1" => "1 Trial Street",
        "address-level1" | "address-level2" => "Berlin",
        "postal-code" => "10115",
        "country" => "US",
        "country-name" => "United States",
        "bday" => "1990-05-17",
        complete if complete.starts_with("tel") => PHONES[0],
        _ if constraints.mode == "tel" || is(Key::PhoneField) => PHONES[0],
        _ if is(Key::BirthdayField) => "1990-05-17",
        _ if is(Key::PostcodeField) => "10115",
        _ if is(Key::QuantityField) || constraints.mode == "decimal" => "12",
        _ if constraints.mode == "numeric" => "12345",
        _ => BUSINESS,
    };
    vec![first.to_owned(), local.to_owned()]
}

fn urls(newcomer: &Newcomer<'_>) -> Vec<String> {
    let local = newcomer.login.split('@').next().unwrap_or(newcomer.login);
    let [site, shop] = ["flowcheck-trial-store.example", "flowcheck-trial-store.myshopify.com"];
    vec![format!("https://{site}"), format!("https://www.{site}/"), site.to_owned(), shop.to_owned(), local.to_owned()]
}

fn numbers(constraints: &Constraints, usual: &[&str]) -> Vec<String> {
    let bounds = [&constraints.min, &constraints.max].into_iter().filter(|bound| !bound.is_empty()).cloned();
    usual.iter().map(|text| (*text).to_owned()).chain(bounds).collect()
}

/// A day long ago, as a date of birth is; else one that is yet to come, as an appointment is; else what the field allows at its ends.
fn moments(constraints: &Constraints, today: Date) -> Vec<String> {
    let soon = today.saturating_add(Duration::days(30));
    let (year, month, day) = (soon.year(), u8::from(soon.month()), soon.day());
    let usual: [String; 2] = match constraints.kind.as_str() {
        "month" => ["1990-05".to_owned(), format!("{year:04}-{month:02}")],
        "week" => ["1990-W20".to_owned(), format!("{year:04}-W{:02}", soon.iso_week())],
        "time" => ["10:30".to_owned(), "14:00".to_owned()],
        "datetime-local" => ["1990-05-17T10:30".to_owned(), format!("{year:04}-{month:02}-{day:02}T10:30")],
        _ => ["1990-05-17".to_owned(), format!("{year:04}-{month:02}-{day:02}")],
    };
    numbers(constraints, &usual.each_ref().map(String::as_str))
}

/// A text as long as a field wants it.
fn fitted(text: &str, constraints: &Constraints) -> String {
    let mut text: String = text.chars().take(constraints.most.unwrap_or(usize::MAX)).collect();
    while constraints.least.is_some_and(|least| text.chars().count() < least) {
        text.push('a');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(kind: FieldKind, label: &str, constraints: &Constraints) -> Vec<String> {
        let field = Field { kind, label: label.to_owned(), name: String::new(), options: Vec::new(), form: Some(0) };
        let answers = BTreeMap::from([("VAT".to_owned(), "DE136695976".to_owned())]);
        let today = Date::from_ordinal_date(2026, 334).unwrap();
        let newcomer = Newcomer { login: "new-abc@shop.example", password: "Aa1-secret", answers: &answers, today };
        texts(&field, constraints, &newcomer)
    }

    fn of_kind(kind: &str) -> Constraints {
        Constraints { kind: kind.to_owned(), ..Constraints::default() }
    }

    #[test]
    fn a_field_is_filled_by_its_type_first() {
        assert_eq!(asked(FieldKind::Text, "Call me", &of_kind("tel"))[0], "+12025550143");
        assert_eq!(asked(FieldKind::Text, "Staff", &of_kind("number"))[0], "12");
        assert_eq!(asked(FieldKind::Text, "Born", &of_kind("date"))[..2], ["1990-05-17", "2026-12-30"]);
        assert_eq!(asked(FieldKind::Text, "Opens", &of_kind("time"))[0], "10:30");
        let bounded = Constraints { min: "1950".to_owned(), max: "1960".to_owned(), ..of_kind("number") };
        assert!(asked(FieldKind::Text, "Founded", &bounded).contains(&"1950".to_owned()));
        assert_eq!(asked(FieldKind::NewPassword, "Repeat it", &of_kind("password"))[0], "Aa1-secret");
    }

    #[test]
    fn a_plain_field_is_filled_by_what_it_is_called() {
        for (label, wanted) in [
            ("Mobile number", "+12025550143"),
            ("Numero di dipendenti", "12"),
            ("Geburtsdatum", "1990-05-17"),
            ("Code postal", "10115"),
            ("Company", "Flowcheck Trial Store"),
            ("VAT number", "DE136695976"),
            ("Type AGREE to accept", "AGREE"),
            ("Gib „Ja, ich will“ ein", "Ja, ich will"),
        ] {
            assert_eq!(asked(FieldKind::Text, label, &of_kind("text"))[0], wanted, "{label}");
        }
    }

    #[test]
    fn what_is_too_long_or_too_short_is_fitted() {
        let short = Constraints { most: Some(9), ..of_kind("text") };
        assert_eq!(asked(FieldKind::Text, "Company", &short).last().unwrap(), "Flowcheck");
        let long = Constraints { least: Some(30), ..of_kind("textarea") };
        assert_eq!(asked(FieldKind::Text, "About you", &long).last().unwrap().len(), 30);
    }
}
