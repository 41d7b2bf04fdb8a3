//! The way from a login form to signing up: by its name, by where it leads, or by what stands before it ("No account? Click here").

use url::Url;

use super::controls::{matches_sign_in, matches_sign_out, matches_sign_up};
use super::ways_in::names_provider;
use crate::browser::page::page_snapshot::{Part, ReadControl, Reading};
use crate::lexicon::{Key, says};

/// Characters of a sentence that a control is the end of.
const SENTENCE: usize = 160;

/// The control that leads to signing up. The form's own link knows where the user was going; one in the site's header seldom does.
pub(super) fn sign_up_link(reading: &Reading) -> Option<Part> {
    let here = Url::parse(&reading.url).ok();
    let candidates = reading.controls.iter().enumerate().filter_map(|(index, read)| {
        let name = &read.control.name;
        if reading.submits.contains(&Some(index)) || matches_sign_out(name) || names_provider(name) {
            return None;
        }
        let (certainty, why) = if matches_sign_up(name) {
            (95, format!("\"{name}\" says so"))
        } else if matches_sign_in(name) || says(name, Key::ForgotPassword) {
            return None;
        } else if let Some(words) = words_of_address(read, here.as_ref()).filter(|words| matches_sign_up(words)) {
            (90, format!("\"{name}\" leads to \"{}\"", words.trim()))
        } else {
            let sentence = read.around.iter().find(|level| level.text.trim() != name.trim())?;
            let speaks = |text: &str| says(text, Key::NoAccount) || matches_sign_up(text);
            if sentence.text.chars().count() > SENTENCE || !speaks(&sentence.text) || says(name, Key::WayIn) {
                return None;
            }
            (75, format!("\"{name}\" in \"{}\"", sentence.text))
        };
        let certainty = if read.control.in_navigation { certainty - 12 } else { certainty };
        Some(Part { control: index, certainty, why })
    });
    // The first of the surest.
    candidates.reduce(|best, next| if next.certainty > best.certainty { next } else { best })
}

/// The words of the address that a link leads to, where that is another page.
fn words_of_address(read: &ReadControl, here: Option<&Url>) -> Option<String> {
    let there = Url::parse(read.control.href.as_deref()?).ok()?;
    let is_here = here.is_some_and(|here| here.as_str() == there.as_str());
    // Where the user goes on to afterwards says nothing of the page itself.
    let modes = there.query_pairs().filter(|(_, value)| !value.contains('/')).map(|(_, value)| value.into_owned());
    let words =
        format!("{} {} {}", there.path(), modes.collect::<Vec<_>>().join(" "), there.fragment().unwrap_or_default());
    (!is_here).then(|| words.replace(['/', '-', '_', '.', '!'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn reading(controls: &[Value]) -> Reading {
        serde_json::from_value(json!({
            "url": "http://localhost/login?next=/klaviyo/install", "title": "", "origin": 0, "status": 200, "media_type": null,
            "klaviyo_page": null, "headings": [], "outline": [], "text": "", "prose": "", "alerts": [], "dialogs": [],
            "controls": controls, "fields": [], "submits": [0],
        }))
        .unwrap()
    }

    fn control(name: &str, href: Option<&str>, sentence: &str, in_navigation: bool) -> Value {
        json!({
            "element": { "element-6066-11e4-a52e-4f735466cecf": name }, "around": [{ "id": 1, "item": false, "text": sentence }],
            "cell": "", "group": null, "form": null, "dialog": null, "on": null, "role": "link", "name": name, "href": href,
            "near": "", "in_navigation": in_navigation,
        })
    }

    fn found(controls: &[Value]) -> Option<usize> {
        let send = control("Log in", None, "E-mail Password Log in", false);
        sign_up_link(&reading(&[&[send], controls].concat())).map(|part| part.control)
    }

    #[test]
    fn the_way_to_sign_up_is_known_by_name_address_or_sentence() {
        let help = || control("Help", Some("http://localhost/help"), "Help Click here", false);
        let register = "http://localhost/register?next=%2Fklaviyo%2Finstall";
        assert_eq!(found(&[help(), control("Click here", Some(register), "Click here", false)]), Some(2));
        assert_eq!(found(&[help(), control("Click here", None, "No account? Click here", false)]), Some(2));
        assert_eq!(found(&[help(), control("Hier klicken", None, "Noch kein Konto? Hier klicken", false)]), Some(2));
        let mode = "http://localhost/login?screen=signup";
        assert_eq!(found(&[help(), control("Start", Some(mode), "Start", false)]), Some(2));
        let in_header = control("Sign up", Some("http://localhost/signup"), "Sign up", true);
        let own = control("Register", Some(register), "New here? Register", false);
        assert_eq!(found(&[in_header, own]), Some(2));
    }

    #[test]
    fn what_leads_elsewhere_is_no_way_to_sign_up() {
        let forgot = control("Forgot password?", Some("http://localhost/reset"), "Forgot password?", false);
        let next = control("Imprint", Some("http://localhost/imprint?from=/register"), "Imprint", false);
        let other = control("Continue with Acme", None, "New here? Continue with Acme", false);
        assert_eq!(found(&[forgot, next, other]), None);
    }
}
