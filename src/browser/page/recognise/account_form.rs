//! Forms that log in or sign up, in one step or with the e-mail address first; and forms that only look like them.

use std::collections::BTreeMap;

use super::controls::{matches_sign_in, matches_sign_in_or_up, matches_sign_up};
use super::foreground::Foreground;
use super::recognised::Guess;
use crate::browser::page::page_snapshot::ReadField;
use crate::evidence::{FieldKind, PageKind};
use crate::lexicon::{Key, says};

/// Signs for either, weighed.
#[derive(Debug, Default)]
struct Scale {
    login: u8,
    sign_up: u8,
    signs: Vec<String>,
}

impl Scale {
    fn weigh(&mut self, text: &str, what: &str, weight: u8) {
        if matches_sign_up(text) && matches_sign_in(text) {
            // "Log in or sign up": who has an account logs in.
            self.login += weight;
            self.signs.push(format!("{what} \"{text}\" is about both"));
        } else if matches_sign_up(text) {
            self.sign_up += weight;
            self.signs.push(format!("{what} \"{text}\" is about a new account"));
        } else if matches_sign_in(text) {
            self.login += weight;
            self.signs.push(format!("{what} \"{text}\" is about logging in"));
        }
    }
}

/// What the page's forms make of it.
pub(super) fn account_form(foreground: &Foreground<'_>) -> Option<Guess> {
    let guesses: Vec<Guess> = forms(foreground).into_iter().map(|(_, guess)| guess).collect();
    // Where login and sign-up stand side by side, someone with an account logs in, and someone without finds the way.
    let place = |kind: PageKind| guesses.iter().position(|guess| guess.kind == kind && guess.is_sure());
    let best = place(PageKind::Login).or_else(|| place(PageKind::SignUp)).or_else(|| place(PageKind::Other));
    best.map(|at| guesses[at].clone()).or_else(|| guesses.into_iter().max_by_key(|guess| guess.certainty))
}

/// The number of the form to sign up by.
pub(super) fn sign_up_form(foreground: &Foreground<'_>) -> Option<usize> {
    let signs_up = |guess: &Guess| guess.kind == PageKind::SignUp && guess.is_sure();
    forms(foreground).into_iter().find(|(_, guess)| signs_up(guess)).and_then(|(form, _)| form)
}

/// What each form makes of the page.
fn forms(foreground: &Foreground<'_>) -> Vec<(Option<usize>, Guess)> {
    let mut forms: BTreeMap<Option<usize>, Vec<&ReadField>> = BTreeMap::new();
    for (_, read) in foreground.fields() {
        forms.entry(read.field.form).or_default().push(read);
    }
    forms
        .iter()
        .filter_map(|(form, fields)| {
            let submit = submit_name(foreground, *form);
            let asked = fields.iter().filter(|read| read.field.kind != FieldKind::Checkbox).count();
            let guess = if asked == 1 && fields.iter().any(|read| read.field.kind == FieldKind::Code) {
                Some(Guess::new(PageKind::Login, 85, format!("asks for a one-time code, sent by \"{submit}\"")))
            } else if fields.iter().any(|read| is_password(read)) {
                Some(with_password(foreground, fields, &submit))
            } else {
                address_first(foreground, fields, &submit)
            };
            guess.map(|guess| (*form, guess))
        })
        .collect()
}

fn with_password(foreground: &Foreground<'_>, fields: &[&ReadField], submit: &str) -> Guess {
    let passwords = fields.iter().filter(|read| is_password(read)).count();
    let new = fields.iter().filter(|read| read.field.kind == FieldKind::NewPassword).count();
    // Whatever the only text beside a password is called, it says who that is: a nick, a member's number.
    let asked = || fields.iter().filter(|read| read.field.kind != FieldKind::Checkbox);
    let is_pair =
        new == 0 && passwords == 1 && asked().count() == 2 && asked().any(|read| read.field.kind == FieldKind::Text);
    let who = is_pair || fields.iter().any(|read| names_someone(read));
    let others = if is_pair { 0 } else { fields.iter().filter(|read| is_about_more(read)).count() };
    if new > 0 && passwords > new && (new > 1 || passwords > 2 || !who) {
        return Guess::new(PageKind::Other, 85, "a form that takes an old password and a new one");
    }
    if !who && others == 0 {
        return password_alone(foreground, fields, passwords, submit);
    }
    let mut scale = scale(foreground, submit);
    if new > 0 || passwords > 1 {
        scale.sign_up += 4;
        scale.signs.push("it sets a password".to_owned());
    }
    scale.sign_up += match others {
        0 => 0,
        1 => 1,
        _ => 2,
    };
    let forgets = foreground.all_controls().any(|(_, read)| says(&read.control.name, Key::ForgotPassword));
    if forgets {
        scale.login += 2;
        scale.signs.push("a way for those who forgot their password".to_owned());
    }
    let (kind, lead) = if scale.sign_up > scale.login {
        (PageKind::SignUp, scale.sign_up - scale.login)
    } else {
        (PageKind::Login, scale.login - scale.sign_up)
    };
    let certainty = match lead {
        0 if scale.login > 0 => 55,
        0 => 75,
        1 => 80,
        _ => 95,
    };
    let mut why = vec![match kind {
        PageKind::SignUp => format!("a form that sets a password, sent by \"{submit}\""),
        _ => format!("a form that asks for a password, sent by \"{submit}\""),
    }];
    why.extend(scale.signs);
    Guess { kind, certainty, why }
}

/// A password and nothing else: the second step of a login, a change of password, or a question for it in between.
fn password_alone(foreground: &Foreground<'_>, fields: &[&ReadField], passwords: usize, submit: &str) -> Guess {
    let labels = fields.iter().map(|read| read.field.label.as_str());
    let said = foreground.headings().map(|heading| heading.text.as_str()).chain(foreground.sentences()).chain(labels);
    let changes = said.chain([submit]).any(|text| says(text, Key::ChangePassword));
    if changes || passwords > 1 {
        return Guess::new(PageKind::Other, 80, "a form for a password alone, to change or confirm it");
    }
    let scale = scale(foreground, submit);
    if scale.login > scale.sign_up {
        return Guess { kind: PageKind::Login, certainty: 85, why: scale.signs };
    }
    if foreground.reading.text.split_whitespace().any(is_address) {
        return Guess::new(PageKind::Login, 75, "a password for an address that stands there already");
    }
    Guess::new(PageKind::Login, 50, "a box for a password alone, and nothing that says what for")
}

fn address_first(foreground: &Foreground<'_>, fields: &[&ReadField], submit: &str) -> Option<Guess> {
    let asked: Vec<_> = fields.iter().filter(|read| read.field.kind != FieldKind::Checkbox).collect();
    let [read] = asked.as_slice() else { return None };
    if !names_someone(read) {
        return None;
    }
    let own = [read.field.label.as_str(), read.placeholder.as_str(), submit];
    let first_heading = foreground.headings().next().map(|heading| heading.text.as_str());
    let leading = || [submit, foreground.reading.title.as_str()].into_iter().chain(first_heading);
    if leading().any(|text| says(text, Key::ForgotPassword))
        || foreground.headings().any(|heading| says(&heading.text, Key::ForgotPassword))
    {
        return Some(Guess::new(PageKind::Other, 80, "takes an address for a password that was forgotten"));
    }
    if own.into_iter().chain(leading()).any(|text| says(text, Key::Newsletter)) {
        return None;
    }
    let mut scale = scale(foreground, submit);
    if foreground.sentences().any(matches_sign_in) {
        scale.login += 1;
    }
    let (kind, weight) =
        if scale.sign_up > scale.login { (PageKind::SignUp, scale.sign_up) } else { (PageKind::Login, scale.login) };
    let certainty = match weight {
        0 | 1 => return None,
        2 => 70,
        3 => 85,
        _ => 90,
    };
    let mut why = vec![format!("asks for \"{}\" first, sent by \"{submit}\"", read.field.label)];
    why.extend(scale.signs);
    Some(Guess { kind, certainty, why })
}

fn scale(foreground: &Foreground<'_>, submit: &str) -> Scale {
    let mut scale = Scale::default();
    scale.weigh(submit, "its button", 4);
    // The first heading that speaks of either; others may head another form.
    if let Some(heading) = foreground.headings().find(|heading| matches_sign_in_or_up(&heading.text)) {
        scale.weigh(&heading.text, "the heading", 3);
    }
    scale.weigh(&foreground.reading.title, "the title", 2);
    scale
}

fn submit_name(foreground: &Foreground<'_>, form: Option<usize>) -> String {
    let Some(form) = form else { return String::new() };
    let named = |index: usize| foreground.reading.controls.get(index).map(|read| read.control.name.clone());
    foreground.reading.submits.get(form).copied().flatten().and_then(named).unwrap_or_default()
}

fn is_password(read: &ReadField) -> bool {
    matches!(read.field.kind, FieldKind::Password | FieldKind::NewPassword)
}

/// Whether a field takes what a person is known by.
fn names_someone(read: &ReadField) -> bool {
    match read.field.kind {
        FieldKind::Email => true,
        FieldKind::Text => {
            let name = read.field.name.replace(['_', '-', '[', ']'], " ");
            says(&read.field.label, Key::LoginName) || says(&name, Key::LoginName)
        }
        _ => false,
    }
}

/// Whether a field takes what only a new account needs: a name, a company.
fn is_about_more(read: &ReadField) -> bool {
    matches!(read.field.kind, FieldKind::Text | FieldKind::Url | FieldKind::Select) && !names_someone(read)
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}
