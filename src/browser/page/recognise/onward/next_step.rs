//! The control that leads on from a page in between, whatever it is called.

use crate::browser::page::recognise::controls::{
    backs_out, matches_continue, matches_sign_in_or_up, matches_sign_out, speaks_of_disconnecting,
};
use crate::browser::page::recognise::foreground::names_klaviyo;
use crate::evidence::{Control, ControlRole};

/// The control by which a user goes on: one that says so, else one that names Klaviyo, else the page's only button.
pub fn leads_on(controls: &[Control]) -> Option<usize> {
    let goes_nowhere = |name: &str| {
        backs_out(name) || matches_sign_out(name) || matches_sign_in_or_up(name) || speaks_of_disconnecting(name)
    };
    let ways: Vec<usize> =
        (0..controls.len()).filter(|at| !controls[*at].in_navigation && !goes_nowhere(&controls[*at].name)).collect();
    let is_button = |at: &usize| controls[*at].role == ControlRole::Button;
    let first = |fits: &dyn Fn(&str) -> bool| {
        let fitting = || ways.iter().copied().filter(|at| fits(&controls[*at].name));
        fitting().find(is_button).or_else(|| fitting().next())
    };
    let only_button = || {
        let mut buttons = ways.iter().copied().filter(is_button);
        buttons.next().filter(|_| buttons.next().is_none())
    };
    first(&matches_continue).or_else(|| first(&names_klaviyo)).or_else(only_button)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(controls: &[(&str, bool)]) -> Vec<Control> {
        let control = |&(name, is_button): &(&str, bool)| Control {
            role: if is_button { ControlRole::Button } else { ControlRole::Link },
            name: name.to_owned(),
            href: None,
            near: String::new(),
            in_navigation: name == "Sign out" || name == "Help",
        };
        controls.iter().map(control).collect()
    }

    fn led_on(controls: &[(&str, bool)]) -> Option<String> {
        let page = page(controls);
        leads_on(&page).map(|at| page[at].name.clone())
    }

    #[test]
    fn what_says_so_goes_before_what_names_klaviyo_and_before_a_button_that_stands_alone() {
        for (controls, expected) in [
            ([("Help", true), ("Continue", true), ("About Klaviyo", false)].as_slice(), "Continue"),
            (&[("Got it, take me to Klaviyo", true), ("Not now", false)], "Got it, take me to Klaviyo"),
            (&[("Why?", false), ("On to Klaviyo", false), ("Cancel", true)], "On to Klaviyo"),
            (&[("About Klaviyo", false), ("Off to Klaviyo", true)], "Off to Klaviyo"),
            (&[("Sounds good!", true), ("Maybe later", false)], "Sounds good!"),
            (&[("Alles klar", true), ("Abbrechen", true)], "Alles klar"),
            (&[("D'accord", true), ("Annuler", true), ("Sign out", true)], "D'accord"),
        ] {
            assert_eq!(led_on(controls).as_deref(), Some(expected), "{controls:?}");
        }
    }

    #[test]
    fn what_leaves_ends_or_is_one_of_several_leads_nowhere() {
        for controls in [
            [("Cancel", true), ("Help", true)].as_slice(),
            &[("Sign out", true)],
            &[("Disconnect Klaviyo", true)],
            &[("Log in", true)],
            &[("Plan A", true), ("Plan B", true)],
            &[("Read the documentation", false)],
            &[],
        ] {
            assert_eq!(led_on(controls), None, "{controls:?}");
        }
    }
}
