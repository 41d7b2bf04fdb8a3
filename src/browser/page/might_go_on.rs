//! Whether a page that is quiet might still go on by itself: one that counts down, loads, or offers nothing to do.

use std::time::Duration;

use tokio::time::Instant;

use crate::browser::page::page_snapshot::DocumentMark;
use crate::browser::{PageSnapshot, Timeouts};
use crate::evidence::{Page, PageKind};

/// Quiet windows for which a page that might go on by itself is given time to do so.
pub(in crate::browser) const WINDOWS: u32 = 3;
/// Quiet windows for which a page that asks again and again is given time, once it shows whether the app is installed.
const POLLED_WINDOWS: u32 = 2;
/// Controls of a page that has only the app's mark above; a menu beside it is something to do.
const MARKS: usize = 1;
/// How long a page that names the time at which it goes on may take to do so.
const LATE: Duration = Duration::from_secs(1);

/// A page that is quiet, and what is known of it.
#[derive(Debug)]
pub(in crate::browser) struct Quiet<'a> {
    pub(in crate::browser) snapshot: &'a PageSnapshot,
    /// What it showed when it was quiet last.
    pub(in crate::browser) before: Option<&'a DocumentMark>,
    /// Since when nothing was fetched.
    pub(in crate::browser) since: Instant,
    /// Whether requests are open that the server holds.
    pub(in crate::browser) holds: bool,
    /// Whether it asks for something at regular intervals.
    pub(in crate::browser) polls: bool,
    /// Whether it stands in a window that the app opened.
    pub(in crate::browser) in_apps_window: bool,
    /// When it is taken as it is, whatever it shows.
    pub(in crate::browser) deadline: Instant,
}

impl Quiet<'_> {
    /// Until when it might go on by itself; it is at rest where that is over.
    pub(in crate::browser) fn until(&self, patience: Timeouts) -> Instant {
        let some_more = (self.since + WINDOWS * patience.quiet).min(self.deadline);
        let snapshot = self.snapshot;
        let page = &snapshot.page;
        if let Some(seconds) = snapshot.refresh {
            return (self.since + Duration::from_secs(seconds.into()) + LATE).min(self.deadline);
        }
        let acts = page.controls.iter().any(|control| !control.in_navigation && control.is_button());
        let is_form = acts || page.fields.iter().any(|field| field.form.is_some());
        let counts = self
            .before
            .is_some_and(|before| before.origin == snapshot.document.origin && before.text != snapshot.document.text);
        let is_empty = self.in_apps_window && page.kind == PageKind::Blank;
        // What is asked for again and again may change what it shows, but for a form that waits for the user.
        let waits = matches!(page.kind, PageKind::Login | PageKind::SignUp | PageKind::TenantChoice);
        let tells = matches!(page.kind, PageKind::Installed | PageKind::NotInstalled) && page.certainty >= Page::CLEAR;
        if self.polls && tells && !snapshot.is_busy {
            // What it has asked for since changed nothing.
            return (self.since + POLLED_WINDOWS * patience.quiet).min(self.deadline);
        }
        if is_empty || counts && !is_form || snapshot.is_busy && self.holds || self.polls && !waits {
            return self.deadline;
        }
        if snapshot.is_busy || offers_nothing(page) { some_more } else { self.since }
    }
}

/// Whether a page that is there stays as it is until the user acts: nothing on it could change it. A header may still lead on from one
/// that offers nothing to do.
pub(in crate::browser) fn stays(snapshot: &PageSnapshot) -> bool {
    let could_change = snapshot.scripts > 0 || snapshot.refresh.is_some() || snapshot.is_busy || snapshot.working;
    !could_change && snapshot.page.kind != PageKind::Blank && !offers_nothing(&snapshot.page)
}

fn offers_nothing(page: &Page) -> bool {
    page.kind == PageKind::Other
        && page.fields.is_empty()
        && page.controls.len() <= MARKS
        && page.controls.iter().all(|control| control.in_navigation)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::browser::page::navigation::document::Document;
    use crate::browser::page::read_page;
    use crate::evidence::Recorder;

    const PATIENCE: Timeouts = Timeouts { page: Duration::from_secs(20), quiet: Duration::from_secs(3) };

    fn page(text: &str, more: &Value) -> PageSnapshot {
        let mut reading = json!({
            "url": "http://app.example/", "title": "", "origin": 7, "status": 200, "media_type": null, "klaviyo_page": null,
            "headings": [], "outline": [], "text": text, "prose": text, "alerts": [], "dialogs": [], "controls": [],
            "fields": [], "submits": [],
        });
        reading.as_object_mut().expect("it is one").extend(more.as_object().expect("it is one").clone());
        let reading = serde_json::from_value(reading).expect("it is a reading");
        read_page::snapshot(reading, "user", &Document::default(), &[], &Recorder::new())
    }

    fn link() -> Value {
        let element = json!({ "element-6066-11e4-a52e-4f735466cecf": "1" });
        json!({ "controls": [{
            "element": element, "around": [], "cell": "", "group": null, "form": null, "dialog": null, "on": null,
            "role": "link", "name": "Home", "href": "/", "near": "", "in_navigation": false,
        }] })
    }

    /// Seconds that a page is given after it fell quiet.
    fn given(snapshot: &PageSnapshot, before: Option<&PageSnapshot>, in_apps_window: bool) -> u64 {
        let since = Instant::now();
        let before = before.map(|before| &before.document);
        let deadline = since + PATIENCE.page;
        let quiet = Quiet { snapshot, before, since, holds: false, polls: false, in_apps_window, deadline };
        (quiet.until(PATIENCE) - since).as_secs()
    }

    /// The same of a page that polls.
    fn given_while_it_polls(snapshot: &PageSnapshot) -> u64 {
        let since = Instant::now();
        let deadline = since + PATIENCE.page;
        let quiet = Quiet { snapshot, before: None, since, holds: false, polls: true, in_apps_window: false, deadline };
        (quiet.until(PATIENCE) - since).as_secs()
    }

    #[tokio::test]
    async fn a_page_that_polls_may_change_but_for_a_form_that_waits_for_the_user() {
        let mut snapshot = page("Overview", &link());
        for (kind, seconds) in [
            (PageKind::Other, 20),
            (PageKind::Installed, 20),
            (PageKind::NotInstalled, 20),
            (PageKind::Notice, 20),
            (PageKind::Error, 20),
            (PageKind::Login, 0),
            (PageKind::SignUp, 0),
            (PageKind::TenantChoice, 0),
        ] {
            snapshot.page.kind = kind;
            assert_eq!(given_while_it_polls(&snapshot), seconds, "{kind:?}");
        }
    }

    #[tokio::test]
    async fn a_page_that_polls_and_tells_of_the_installation_is_given_two_windows() {
        let mut snapshot = page("Klaviyo Connected", &link());
        for (kind, certainty, seconds) in [
            (PageKind::Installed, 95, 6),
            (PageKind::NotInstalled, 80, 6),
            (PageKind::Installed, 70, 20),
            (PageKind::Error, 95, 20),
        ] {
            (snapshot.page.kind, snapshot.page.certainty) = (kind, certainty);
            assert_eq!(given_while_it_polls(&snapshot), seconds, "{kind:?} {certainty}");
        }
        snapshot.page.kind = PageKind::Installed;
        (snapshot.page.certainty, snapshot.is_busy) = (95, true);
        assert_eq!(given_while_it_polls(&snapshot), 20, "it is at work still");
    }

    #[tokio::test]
    async fn a_page_that_goes_on_by_itself_is_given_time_and_no_other() {
        let at_rest = page("Overview", &link());
        assert_eq!(given(&at_rest, Some(&at_rest), false), 0);
        assert_eq!(given(&page("In 4 seconds", &link()), Some(&page("In 5 seconds", &link())), false), 20);
        assert_eq!(given(&page("Taking you on", &json!({})), None, false), 9, "it offers nothing to do");
        assert_eq!(given(&page("Wait", &json!({ "busy": true, "controls": link()["controls"] })), None, false), 9);
        assert_eq!(given(&page("Wait", &json!({ "refresh": 5 })), None, false), 6);
        assert_eq!(given(&page("", &json!({})), None, true), 20, "a window that is blank yet");
    }

    #[test]
    fn a_page_without_scripts_stays_as_it_is_and_no_other_does() {
        let with = |more: Value| {
            let mut all = link();
            all.as_object_mut().expect("it is one").extend(more.as_object().expect("it is one").clone());
            page("Not connected", &all)
        };
        assert!(stays(&with(json!({ "scripts": 0 }))));
        for more in [
            json!({}),
            json!({ "scripts": 1 }),
            json!({ "scripts": 0, "refresh": 5 }),
            json!({ "scripts": 0, "busy": true }),
            json!({ "scripts": 0, "working": true }),
            json!({ "scripts": 0, "controls": [] }),
        ] {
            assert!(!stays(&with(more.clone())), "{more}");
        }
    }
}
