//! Disconnecting that somebody has to approve by the link of a mail.

use flowcheck::checklist::VerdictKind;
use flowcheck::evidence::{
    Act, Control, ControlRole, Entry, Event, Evidence, Facts, Gesture, Mail, MailLink, Page, PageKind, Purpose,
    StepPhase,
};

use crate::recordings::{HONEST, judge, one};

const ITEMS: [&str; 3] = ["uninstall.app.revokes", "uninstall.app.removed", "uninstall.app.shown"];

/// `uninstall/in-app`, where disconnecting ends nothing, and these events happen instead of a revocation.
fn ends_nothing(instead: Vec<Event>) -> Evidence {
    let mut evidence = one(HONEST, "uninstall/in-app");
    let used = |entry: &Entry| matches!(&entry.event, Event::Act(Act { purpose: Purpose::Disconnect { .. }, .. }));
    let first = evidence.timeline.iter().position(used).expect("it disconnects");
    let settings = evidence.timeline[..first].iter().rev().find_map(|entry| match &entry.event {
        Event::Page(page) if page.kind == PageKind::Installed => Some((**page).clone()),
        _ => None,
    });
    let settings = settings.expect("the settings");
    let app = evidence.setup.app.name.clone();
    for entry in &mut evidence.timeline[first..] {
        match &mut entry.event {
            Event::Page(page) if page.kind == PageKind::NotInstalled => **page = settings.clone(),
            Event::Page(page) if page.kind == PageKind::KlaviyoIntegrations => page.controls.push(uninstall(&app)),
            _ => {}
        }
    }
    let is_done = |entry: &Entry| matches!(&entry.event, Event::Step(step) if step.phase == StepPhase::Done);
    let done = first + evidence.timeline[first..].iter().position(is_done).expect("the step ends");
    let stays = Event::Page(Box::new(Page { text: format!("{} Waiting.", settings.text), ..settings }));
    let happens = instead.into_iter().chain([stays]).map(|event| Entry { seq: 0, at_ms: 0, event });
    evidence.timeline.splice(first + 1..done, happens.collect::<Vec<_>>());
    evidence.timeline.retain(
        |entry| !matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Revoke(_))),
    );
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
    }
    evidence
}

fn uninstall(app: &str) -> Control {
    let name = format!("Uninstall {app}");
    Control { role: ControlRole::Button, name, href: None, near: app.to_owned(), in_navigation: false }
}

fn mail(text: &str, link: Option<&str>) -> Event {
    let to_approve = |href: &str| MailLink { href: href.to_owned(), words: "Approve".to_owned() };
    Event::Mail(Box::new(Mail {
        from: "no-reply@app.example".to_owned(),
        to: vec!["harriet@app.example".to_owned()],
        subject: "Please approve".to_owned(),
        text: text.to_owned(),
        links: link.map(to_approve).into_iter().collect(),
        codes: Vec::new(),
    }))
}

const ASKS: &str = "Tove asked to disconnect Klaviyo. Follow this link to approve it.";
const LINK: Option<&str> = Some("http://app.example/approvals/7");

#[test]
fn what_somebody_else_may_have_to_approve_by_mail_is_for_a_person() {
    let evidence = ends_nothing(vec![mail(ASKS, LINK)]);
    for item in ITEMS {
        assert_eq!(judge(item, &evidence).kind(), VerdictKind::Review, "{item}");
    }
}

#[test]
fn other_mails_and_a_link_that_was_followed_in_vain_fail_the_app() {
    let followed = Act {
        user: "user".to_owned(),
        purpose: Purpose::Disconnect { clicks: 2, control: true },
        gesture: Gesture::Opened { url: "http://app.example/approvals/7".to_owned() },
    };
    for (name, instead) in [
        ("no mail", vec![]),
        ("without a link", vec![mail(ASKS, None)]),
        ("about something else", vec![mail("Your weekly report is ready.", LINK)]),
        ("followed", vec![mail(ASKS, LINK), Event::Act(followed)]),
    ] {
        let evidence = ends_nothing(instead);
        for item in ITEMS {
            assert_eq!(judge(item, &evidence).kind(), VerdictKind::Fail, "{name}: {item}");
        }
    }
}
