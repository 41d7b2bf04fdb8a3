//! What a scene's timeline shows: pages with their addresses and links, requests of documents, and the app's request to Klaviyo.

use super::url_template::page;
use crate::evidence::{AuthorizeCall, Control, Entry, Event, Exchange, Facts, Gesture, Hop, Page, PageKind};

/// Whether the page in front of the user in the end was brought up by a click that left its address as it was.
pub(super) fn is_behind_a_click(timeline: &[Entry]) -> bool {
    let is_act = |entry: &Entry| matches!(entry.event, Event::Act(_));
    let Some(last) = timeline.iter().rposition(is_act) else { return false };
    let clicked = matches!(&timeline[last].event, Event::Act(act) if matches!(act.gesture, Gesture::Clicked(_)));
    let at = |part: &[Entry]| pages(part).last().map(|seen| seen.url.clone());
    clicked
        && !timeline[last..].iter().any(|entry| hop(entry).is_some())
        && at(&timeline[..last]) == at(&timeline[last..])
}

/// The address of a page, without a query unless links lead there with it: such a query is part of what the page is
/// (`admin.php?page=klaviyo`), and no message of one moment.
pub(super) fn linked_address(url: &str, timeline: &[Entry]) -> String {
    let bare = page(url);
    let whole = url.split('#').next().unwrap_or(url);
    let is_linked = whole != bare && whole.starts_with(&bare) && links(timeline).any(|(_, link)| link == whole);
    if is_linked { whole.to_owned() } else { bare }
}

pub(super) fn links(timeline: &[Entry]) -> impl Iterator<Item = (String, String)> {
    let controls = pages(timeline).flat_map(|page| &page.controls);
    controls.filter_map(|Control { name, href, .. }| Some((name.clone(), href.clone()?)))
}

pub(super) fn is_apps(page: &Page) -> bool {
    !matches!(
        page.kind,
        PageKind::Blank
            | PageKind::BrowserError
            | PageKind::KlaviyoLogin
            | PageKind::KlaviyoAccounts
            | PageKind::KlaviyoConsent
            | PageKind::KlaviyoListing
            | PageKind::KlaviyoIntegrations
            | PageKind::KlaviyoError
    )
}

pub(super) fn pages(timeline: &[Entry]) -> impl Iterator<Item = &Page> {
    timeline.iter().filter_map(|entry| match &entry.event {
        Event::Page(page) => Some(&**page),
        _ => None,
    })
}

pub(super) fn hop(entry: &Entry) -> Option<&Hop> {
    match &entry.event {
        Event::Hop(hop) => Some(hop),
        _ => None,
    }
}

pub(super) fn request(entry: &Entry) -> Option<&AuthorizeCall> {
    match &entry.event {
        Event::Exchange(exchange) => match &**exchange {
            Exchange { facts: Facts::Authorize(call), .. } => Some(call),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A page with links.
    fn page_at(url: &str, links: &[&str]) -> Entry {
        let control =
            |href: &&str| json!({ "role": "link", "name": "", "href": href, "near": "", "in_navigation": false });
        let page = serde_json::from_value(json!({
            "user": "a", "url": url, "title": "", "kind": "other", "certainty": 90, "why": [], "status": 200,
            "media_type": null, "headings": [], "text": "", "alerts": [], "fields": [], "shot": null,
            "controls": links.iter().map(control).collect::<Vec<_>>(),
        }));
        Entry { seq: 0, at_ms: 0, event: Event::Page(Box::new(page.expect("a page"))) }
    }

    #[test]
    fn a_tab_has_no_address_of_its_own_and_a_page_that_a_link_led_to_has() {
        let act = |gesture: serde_json::Value| {
            let act = serde_json::from_value(json!({ "user": "a", "purpose": "prepare", "gesture": gesture }));
            Entry { seq: 0, at_ms: 0, event: Event::Act(act.expect("an act")) }
        };
        let opened = || act(json!({ "opened": { "url": "http://a/" } }));
        let clicked = || act(json!({ "clicked": { "name": "Integrations", "role": "button", "handle": 1 } }));
        let at = |url| page_at(url, &[]);
        assert!(is_behind_a_click(&[opened(), at("http://a/"), clicked(), at("http://a/")]));
        assert!(!is_behind_a_click(&[opened(), at("http://a/"), clicked(), at("http://a/integrations")]));
        assert!(!is_behind_a_click(&[clicked(), at("http://a/"), opened(), at("http://a/")]));
    }

    #[test]
    fn a_query_belongs_to_a_pages_address_where_links_have_it() {
        let timeline = [page_at("http://a/", &["http://a/admin.php?page=klaviyo", "http://a/"])];
        let of = |url| linked_address(url, &timeline);
        assert_eq!(of("http://a/admin.php?page=klaviyo"), "http://a/admin.php?page=klaviyo");
        assert_eq!(of("http://a/admin.php?page=klaviyo#top"), "http://a/admin.php?page=klaviyo");
        assert_eq!(of("http://a/admin.php?page=klaviyo&saved=1"), "http://a/admin.php");
        assert_eq!(of("http://a/?welcome=1"), "http://a/");
        assert_eq!(of("http://a/#/settings?tab=1"), "http://a/#/settings?tab=1");
    }
}
