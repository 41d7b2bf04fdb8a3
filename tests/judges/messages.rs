//! Where messages of an app stand and what they stand beside: recordings of the honest app with other pages after a failure.

use flowcheck::checklist::Verdict;
use flowcheck::evidence::{Control, ControlRole, Event, Evidence, Page, PageKind, Purpose};

use crate::mutated_evidence::{failed, find, find_last, page_at, passed, purpose, reviewed};
use crate::recordings::{HONEST, judge, one};

#[test]
fn a_callback_that_draws_a_page_of_the_apps_as_it_is_tells_nothing() {
    let landed_on = |change: fn(&mut Page)| {
        let mut evidence = one(HONEST, "errors/denied");
        let home = evidence.timeline.iter().find_map(|entry| match &entry.event {
            Event::Page(page) if page.url.ends_with("/dashboard") => Some((**page).clone()),
            _ => None,
        });
        let at = denied_page(&evidence);
        let page = page_at(&mut evidence, at);
        let callback = page.url.clone();
        *page = Page { url: callback, ..home.expect("the user began there") };
        change(page);
        evidence
    };
    failed(&landed_on(|_| {}), "error.denied.message");
    // A page of its own, in words that no list has.
    reviewed(&landed_on(|page| page.text.push_str(" You backed out before the end.")), "error.denied.message");
}

#[test]
fn the_toast_of_a_success_after_a_denial_is_no_message_about_it() {
    for toast in [
        "All set! Your Klaviyo settings have been saved.",
        "Fertig.",
        "¡Listo!",
        "Merci ! C'est enregistré.",
        "Your trial ends in five days.",
    ] {
        let mut evidence = after_denial(PageKind::NotInstalled, toast);
        reviewed(&evidence, "error.denied.message");
        let landing = last_landing(&evidence);
        page_at(&mut evidence, landing).alerts = vec![toast.to_owned()];
        failed(&evidence, "error.denied.message");
        let dismiss = judge("error.denied.dismiss", &evidence);
        assert!(matches!(dismiss, Verdict::NotRun { .. }), "{dismiss:?}");
    }
}

#[test]
fn a_page_that_reads_as_after_a_success_is_no_message_about_a_denial() {
    for text in ["Thank you! You can close this window.", "Vielen Dank!", "Done", "Gracias por su visita"] {
        let mut evidence = after_denial(PageKind::Notice, "");
        let denied = denied_page(&evidence);
        let landing = last_landing(&evidence);
        for at in [denied, landing] {
            says_only(page_at(&mut evidence, at), text);
        }
        page_at(&mut evidence, landing).kind = PageKind::Notice;
        failed(&evidence, "error.denied.message");
    }
}

#[test]
fn what_names_the_denial_is_a_message_whatever_stands_beside_it() {
    let mut evidence =
        after_denial(PageKind::NotInstalled, "You denied the permissions, so Klaviyo was not installed.");
    let landing = last_landing(&evidence);
    page_at(&mut evidence, landing).alerts = vec!["Klaviyo is connected.".to_owned()];
    passed(&evidence, "error.denied.message");
}

#[test]
fn an_outage_may_be_told_beside_the_apps_state() {
    for (alert, verdict) in [
        ("Klaviyo isn’t responding right now. Nothing has been changed.", "pass"),
        ("Klaviyo ist gerade nicht erreichbar; es wurde nichts eingerichtet.", "pass"),
        ("We couldn't reach Klaviyo. Please give it another go.", "pass"),
        ("Klaviyo n'a pas répondu, rien n'a été installé.", "pass"),
        ("Klaviyo has gone fishing.", "review"),
        ("Something went wrong.", "fail"),
        ("", "fail"),
    ] {
        let mut evidence = one(HONEST, "oauth/token-slow");
        let allowed = find(&evidence, 1, |seen| purpose(seen) == Some(&Purpose::Allow));
        let at = landing_after(&evidence, allowed);
        let page = page_at(&mut evidence, at);
        says_only(page, "Settings Klaviyo Not connected");
        page.kind = PageKind::NotInstalled;
        page.url = "http://app.example/settings/integrations".to_owned();
        page.alerts = [alert].into_iter().filter(|alert| !alert.is_empty()).map(str::to_owned).collect();
        match verdict {
            "pass" => passed(&evidence, "oauth.unavailable"),
            "review" => drop(reviewed(&evidence, "oauth.unavailable")),
            _ => drop(failed(&evidence, "oauth.unavailable")),
        }
    }
}

#[test]
fn a_page_that_is_shown_after_failures_alone_may_tell_of_an_outage_and_of_the_app_s_state() {
    for (text, told) in [
        ("The installation has stopped. Confirm ✕ Klaviyo is not available. Nothing was installed.", true),
        ("The installation has stopped. Nothing was installed.", false),
    ] {
        for kind in [PageKind::NotInstalled, PageKind::Installed] {
            let mut evidence = one(HONEST, "oauth/token-slow");
            let allowed = find(&evidence, 1, |seen| purpose(seen) == Some(&Purpose::Allow));
            let at = landing_after(&evidence, allowed);
            let page = page_at(&mut evidence, at);
            says_only(page, text);
            page.kind = kind;
            page.url = "http://app.example/klaviyo/steps".to_owned();
            if told {
                passed(&evidence, "oauth.unavailable");
            } else {
                failed(&evidence, "oauth.unavailable");
            }
        }
    }
}

#[test]
fn one_message_may_tell_of_several_outages_and_one_that_stood_there_before_tells_of_none() {
    for (alert, before, expected) in [
        ("Klaviyo isn't responding right now.", false, true),
        ("Nous n'avons pas pu joindre Klaviyo : service indisponible.", false, true),
        ("Klaviyo antwortet nicht.", false, true),
        ("Klaviyo reageert niet.", false, true),
        ("O Klaviyo não respondeu.", false, true),
        ("Klaviyo is temporarily slow.", true, false),
    ] {
        let mut evidence = one(HONEST, "oauth/token-unavailable");
        let allows: Vec<usize> = (0..evidence.timeline.len())
            .filter(|at| purpose(&evidence.timeline[*at].event) == Some(&Purpose::Allow))
            .collect();
        let (_, failing) = allows.split_last().expect("attempts");
        assert!(failing.len() > 1, "several outages");
        for allow in failing {
            let at = landing_after(&evidence, *allow);
            let page = page_at(&mut evidence, at);
            says_only(page, "Settings Klaviyo Not connected");
            page.kind = PageKind::NotInstalled;
            page.url = "http://app.example/settings/integrations".to_owned();
            page.alerts = vec![alert.to_owned()];
        }
        if before {
            let first = find(&evidence, 0, |seen| matches!(seen, Event::Page(_)));
            page_at(&mut evidence, first).alerts = vec![alert.to_owned()];
        }
        if expected {
            passed(&evidence, "oauth.unavailable");
        } else {
            failed(&evidence, "oauth.unavailable");
        }
    }
}

#[test]
fn an_app_that_shows_itself_installed_after_an_outage_tells_of_it_only_by_name() {
    let mut evidence = one(HONEST, "oauth/token-slow");
    let allowed = find(&evidence, 1, |seen| purpose(seen) == Some(&Purpose::Allow));
    let at = landing_after(&evidence, allowed);
    let page = page_at(&mut evidence, at);
    says_only(page, "Settings Klaviyo Connected");
    page.kind = PageKind::Installed;
    page.alerts = vec!["You are good to go!".to_owned()];
    failed(&evidence, "oauth.unavailable");
}

#[test]
fn an_expired_code_may_be_answered_with_a_status_of_its_own() {
    for status in [400, 403, 404, 409, 410, 422] {
        let mut evidence = one(HONEST, "errors/expired");
        let at = find(&evidence, 1, |seen| matches!(seen, Event::Hop(hop) if hop.url.contains("/callback")));
        if let Event::Hop(hop) = &mut evidence.timeline[at].event {
            hop.status = Some(status);
            hop.location = None;
        }
        passed(&evidence, "error.expired.message");
    }
}

#[test]
fn what_stands_on_every_page_is_no_message_about_an_expired_code() {
    for (banner, message, verdict) in [
        (
            "Your trial has expired. Choose a plan.",
            "Hmm, that didn’t work. We couldn’t finish connecting Klaviyo.",
            "fail",
        ),
        ("Your trial has ended.", "Something went wrong.", "fail"),
        ("Ihre Testphase ist abgelaufen.", "Das hat nicht geklappt. Bitte versuchen Sie es erneut.", "fail"),
        ("Su prueba ha caducado.", "Algo salió mal.", "fail"),
        ("Votre essai a expiré.", "Une erreur est survenue.", "fail"),
        ("Your trial has expired.", "Klaviyo and we lost sight of each other.", "review"),
        ("Your trial has expired.", "This session is no longer valid.", "pass"),
        ("Your card has expired. Please update it.", "The session has expired. Please connect again.", "pass"),
        ("", "This link has expired.", "pass"),
    ] {
        for as_alert in [false, true] {
            let evidence = after_expiry(banner, message, as_alert);
            match verdict {
                "fail" => drop(failed(&evidence, "error.expired.message")),
                "review" => drop(reviewed(&evidence, "error.expired.message")),
                _ => passed(&evidence, "error.expired.message"),
            }
        }
    }
}

#[test]
fn a_control_beside_the_message_in_unknown_words_is_left_to_a_person() {
    for (control, verdict) in [
        ("Give it another go", "review"),
        ("Let's do this", "review"),
        ("Vamos allá", "review"),
        ("Auf ein Neues", "review"),
        ("もう一回やってみる", "review"),
        // What leads back into the app, and what was there before.
        ("Back to settings", "fail"),
        ("Close", "fail"),
        ("Zurück", "fail"),
        ("Sign out", "fail"),
        ("Reviews", "fail"),
        ("", "fail"),
    ] {
        let mut evidence = one("no-retry-link", "errors/expired");
        let at = landing_after(&evidence, find(&evidence, 1, |seen| purpose(seen) == Some(&Purpose::Allow)));
        for page in evidence.timeline.iter_mut().filter_map(|entry| match &mut entry.event {
            Event::Page(page) => Some(page),
            _ => None,
        }) {
            page.controls.push(button("Reviews"));
        }
        page_at(&mut evidence, at).controls = vec![button(control)];
        if verdict == "fail" {
            failed(&evidence, "error.expired.link");
        } else {
            let finding = reviewed(&evidence, "error.expired.link");
            assert!(finding.saw.to_string().contains(control), "{finding:?}");
        }
    }
}

#[test]
fn klaviyos_own_description_of_a_denial_is_no_message_of_the_app() {
    for (text, verdict) in [
        ("access_denied: The user denied the request.", "review"),
        ("The user denied the request.", "review"),
        ("Error: The user denied the request. Please try again.", "review"),
        ("OAuth error (access_denied) – the user denied the request", "review"),
        ("Klaviyo said: “The user denied the request.”", "review"),
        ("Klaviyo was not installed: you denied the permissions. (The user denied the request.)", "pass"),
        ("You denied the request for permissions, so nothing was installed.", "pass"),
    ] {
        let mut evidence = after_denial(PageKind::Notice, "");
        let at = denied_page(&evidence);
        says_only(page_at(&mut evidence, at), text);
        if verdict == "review" {
            let finding = reviewed(&evidence, "error.denied.message");
            assert!(finding.saw.to_string().contains("for developers"), "{finding:?}");
        } else {
            passed(&evidence, "error.denied.message");
        }
    }
}

/// An expired code after which the app shows this message, on a page with a banner that all of its pages have.
fn after_expiry(banner: &str, message: &str, as_alert: bool) -> Evidence {
    let mut evidence = one(HONEST, "errors/expired");
    let at = landing_after(&evidence, find(&evidence, 1, |seen| purpose(seen) == Some(&Purpose::Allow)));
    for entry in &mut evidence.timeline {
        if let Event::Page(page) = &mut entry.event
            && page.kind.is_the_apps()
        {
            page.text = format!("{banner} {}", page.text);
        }
    }
    let page = page_at(&mut evidence, at);
    says_only(page, &format!("{banner} {message}"));
    page.kind = PageKind::Error;
    if as_alert {
        page.alerts = vec![message.to_owned()];
    }
    evidence
}

fn button(name: &str) -> Control {
    Control { role: ControlRole::Button, name: name.to_owned(), href: None, near: String::new(), in_navigation: false }
}

/// A denial after which the app shows a page of this kind with an alert, and nothing else.
fn after_denial(kind: PageKind, alert: &str) -> Evidence {
    let mut evidence = one(HONEST, "errors/denied");
    let at = denied_page(&evidence);
    let page = page_at(&mut evidence, at);
    says_only(page, "Settings Klaviyo");
    page.kind = kind;
    "http://app.example/settings/integrations".clone_into(&mut page.url);
    page.alerts = [alert].into_iter().filter(|alert| !alert.is_empty()).map(str::to_owned).collect();
    evidence
}

fn says_only(page: &mut Page, text: &str) {
    text.clone_into(&mut page.text);
    page.title = String::new();
    page.status = Some(200);
    page.headings = Vec::new();
    page.alerts = Vec::new();
    page.controls = Vec::new();
}

fn denied_page(evidence: &Evidence) -> usize {
    landing_after(evidence, find(evidence, 1, |seen| purpose(seen) == Some(&Purpose::Deny)))
}

fn last_landing(evidence: &Evidence) -> usize {
    landing_after(evidence, find_last(evidence, |seen| purpose(seen) == Some(&Purpose::Allow)))
}

/// The last page before the user does anything else.
fn landing_after(evidence: &Evidence, act: usize) -> usize {
    let next = evidence.timeline.iter().skip(act + 1).position(|entry| matches!(entry.event, Event::Act(_)));
    let end = next.map_or(evidence.timeline.len(), |next| act + 1 + next);
    (act..end).rev().find(|at| matches!(evidence.timeline[*at].event, Event::Page(_))).expect("a page")
}
