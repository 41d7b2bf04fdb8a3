//! The page as a person uses it, in a real browser: by keyboard and pointer, on paper, and by what a screen reader is told.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::{Value, json};

use super::html_browser::Opened;
use super::sample::sample;

/// What has the focus, in a few words.
const FOCUSED: &str = "const at = document.activeElement; return (at.id || at.getAttribute('aria-label') || at.textContent).trim().replace(/\\s+/g, ' ');";

impl Opened {
    /// Presses keys, one after the other.
    async fn press(&self, keys: &[Key]) {
        let actions = keys.iter().fold(KeyActions::new("keys".to_owned()), |actions, key| {
            let value = (*key).into();
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.client.perform_actions(actions).await.expect("keys are pressed");
    }

    async fn click(&self, selector: &str) {
        let element = self.client.find(Locator::Css(selector)).await.unwrap_or_else(|_| panic!("{selector}"));
        // Not under the bar that stays on top.
        let centred =
            "arguments[0].closest('nav') || arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let argument = serde_json::to_value(&element).expect("an element has an id");
        self.client.execute(centred, vec![argument]).await.expect("it is scrolled to");
        element.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// The ids of the items in sight.
    async fn items(&self) -> Vec<String> {
        let found = self.tells("return [...document.querySelectorAll('.item')].filter(item => item.checkVisibility()).map(item => item.id)").await;
        serde_json::from_value(found).expect("a list of ids")
    }
}

#[tokio::test]
async fn the_page_is_used_by_keyboard() {
    let opened = Opened::start().await;
    opened.open(&opened.report("sample", &sample())).await;

    opened.press(&[Key::Tab]).await;
    assert_eq!(opened.tells(FOCUSED).await, "Skip to the checklist");
    let shown = "const box = document.activeElement.getBoundingClientRect(); return box.left >= 0 && box.top >= 0;";
    assert_eq!(opened.tells(shown).await, true, "the way past the top is seen once it has the focus");
    opened.press(&[Key::Enter]).await;
    assert_eq!(opened.tells("return location.hash").await, "#checklist");
    opened.press(&[Key::Tab]).await;
    assert_eq!(opened.tells(FOCUSED).await, "All", "what comes next is the checklist's first control");

    // Everything that can be clicked can be reached, in the order in which it stands.
    opened.open(&opened.report("sample", &sample())).await;
    let mut order = Vec::new();
    for _ in 0..14 {
        opened.press(&[Key::Tab]).await;
        order.push(opened.tells(FOCUSED).await.as_str().unwrap_or_default().to_owned());
    }
    let parts = ["Skip to the checklist", "Fix first", "Checklist", "Scenarios", "By hand"];
    assert_eq!(order[..5], parts, "{order:#?}");
    assert_eq!(order[5..7], ["Previous failure", "Next failure"], "{order:#?}");
    let reachable = "return [...document.querySelectorAll('main button, main a[href], main input, main summary')].filter(one => one.checkVisibility() && !one.closest('svg') && one.tabIndex < 0).length";
    assert_eq!(opened.tells(reachable).await, 0);

    // An item opens and closes.
    let item = "#install\\\\.signed-out\\\\.login";
    let is_open = format!("return document.querySelector('{item}').open");
    opened.tells(&format!("document.querySelector('{item} > summary').focus()")).await;
    assert_eq!(opened.tells(&is_open).await, false);
    opened.press(&[Key::Enter]).await;
    assert_eq!(opened.tells(&is_open).await, true);
    opened.press(&[Key::Space]).await;
    assert_eq!(opened.tells(&is_open).await, false);
    opened.close().await;
}

#[tokio::test]
async fn filters_search_failures_links_copies_and_ticks_work() {
    let opened = Opened::start().await;
    let address = opened.report("sample", &sample());
    opened.open(&address).await;
    let all = opened.items().await;
    assert!(all.len() > 15, "{all:?}");

    // Filters: by verdict, by words, and both.
    opened.click("[data-filter=fail]").await;
    let failing = opened.items().await;
    assert_eq!(failing.len(), 3, "{failing:?}");
    assert_eq!(opened.tells("return document.querySelector('[data-filter=fail]').ariaPressed").await, "true");
    assert_eq!(opened.tells("return document.getElementById('status').textContent").await, "3 items shown");
    let search = opened.client.find(Locator::Id("search")).await.expect("a search");
    search.send_keys("resumes").await.expect("it is typed");
    let found = opened.items().await;
    assert!(!found.is_empty() && found.len() < 3 && found.iter().all(|id| id.contains("resumes")), "{found:?}");
    search.send_keys(" nowhere").await.expect("it is typed");
    assert!(opened.items().await.is_empty());
    assert_eq!(opened.tells("return document.getElementById('none').checkVisibility()").await, true);
    search.clear().await.expect("it is cleared");
    opened.tells("document.getElementById('search').dispatchEvent(new Event('input'))").await;
    opened.click("[data-filter=all]").await;
    assert_eq!(opened.items().await, all);

    // From failure to failure, round and round.
    let mut met = Vec::new();
    for _ in 0..=failing.len() {
        opened.click("[data-step='1']").await;
        let here = opened.tells("return location.hash.slice(1)").await;
        met.push(here.as_str().expect("an id").to_owned());
        let focused = opened.tells("return document.activeElement.closest('.item').id").await;
        assert_eq!(focused, here, "the focus goes along");
    }
    assert_eq!(met[..failing.len()], failing[..]);
    assert_eq!(met[failing.len()], failing[0]);
    assert_eq!(opened.tells("return document.getElementById('steps-label').textContent").await, "1 of 3");

    // A link to an item shows it, though a filter hides it; a link to an entry opens all that it stands in.
    opened.click("[data-filter=fail]").await;
    let hidden = all.iter().find(|id| !failing.contains(id)).expect("some pass");
    opened.tells(&format!("location.hash = '{hidden}'")).await;
    let seen = format!(
        "const item = document.getElementById('{hidden}'); const top = item.getBoundingClientRect().top; return item.open && top >= 0 && top < innerHeight"
    );
    wait_for(&opened, &seen).await;
    opened.click(".item.fail[open] a.look").await;
    wait_for(&opened, "const entry = document.querySelector('.timeline > li:target'); return !!entry && entry.checkVisibility() && entry.closest('.scenario').open").await;

    // What is copied is what is shown.
    let copied = "const done = arguments[0]; navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }; const code = document.querySelector('.item.fail[open] .again [data-copy]'); code.nextElementSibling.click(); setTimeout(() => done([window.copied, code.textContent, code.nextElementSibling.textContent]), 50);";
    let copied = opened.client.execute_async(copied, vec![]).await.expect("it is copied");
    assert!(copied[0].as_str().is_some_and(|text| text.starts_with("flowcheck run ")), "{copied}");
    assert_eq!(copied[0], copied[1]);
    assert_eq!(copied[2], "Copied");
    let curl = "const done = arguments[0]; const mark = document.querySelector('[data-copy^=curl]'); mark.nextElementSibling.click(); setTimeout(() => done([window.copied, mark.nextElementSibling.textContent]), 50);";
    let curl = opened.client.execute_async(curl, vec![]).await.expect("it is copied");
    assert!(curl[0].as_str().is_some_and(|text| text.starts_with("curl ")), "{curl}");

    // Ticks outlive the page.
    opened.click(".by-hand li:nth-child(2) input").await;
    opened.open(&address).await;
    let ticked = opened.tells("return [...document.querySelectorAll('.by-hand input')].map(box => box.checked)").await;
    let ticked: Vec<bool> = serde_json::from_value(ticked).expect("a list");
    assert!(ticked[1] && ticked.iter().filter(|on| **on).count() == 1, "{ticked:?}");
    opened.close().await;
}

#[tokio::test]
async fn on_paper_every_item_tells_what_was_seen_and_buttons_are_gone() {
    let opened = Opened::start().await;
    opened.open(&opened.report("sample", &sample())).await;
    let printed = opened.command("Page.printToPDF", json!({ "preferCSSPageSize": true })).await;
    let pdf = STANDARD.decode(printed["data"].as_str().expect("Base64")).expect("Base64");
    assert!(pdf.starts_with(b"%PDF"));
    let pages = pdf.windows(11).filter(|bytes| bytes == b"/Type /Page").count();
    assert!((3..=30).contains(&pages), "{pages} pages");
    opened.command("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    // Once it is painted.
    wait_for(&opened, "return [...document.querySelectorAll('.item:not(.n-a)')].every(item => item.querySelector('.verdict').checkVisibility({ contentVisibilityAuto: true }))").await;
    let left = opened
        .tells("return [...document.querySelectorAll('nav, button')].filter(one => one.checkVisibility()).length")
        .await;
    assert_eq!(left, 0, "nothing to press on paper");
    let open = opened.tells("return document.querySelectorAll('#checklist .item[open]').length").await;
    assert_eq!(open, 3, "printing leaves open what was open");
    opened.close().await;
}

#[tokio::test]
async fn a_screen_reader_is_told_the_parts_the_headings_and_what_opens() {
    let opened = Opened::start().await;
    opened.open(&opened.report("sample", &sample())).await;
    opened.command("Accessibility.enable", json!({})).await;
    let tree = opened.command("Accessibility.getFullAXTree", json!({})).await;
    let nodes: Vec<&Value> =
        tree["nodes"].as_array().expect("nodes").iter().filter(|node| node["ignored"] != true).collect();
    let of = |role: &str| -> Vec<&str> {
        let all = nodes.iter().filter(|node| node["role"]["value"] == role);
        all.map(|node| node["name"]["value"].as_str().unwrap_or_default()).collect()
    };
    for landmark in ["banner", "main", "contentinfo"] {
        assert_eq!(of(landmark).len(), 1, "{landmark}");
    }
    assert_eq!(of("navigation"), ["Parts of the report"]);
    assert_eq!(of("region"), ["What to fix first", "Checklist", "Scenarios", "By hand"]);
    assert_eq!(of("searchbox"), ["Find"]);
    assert!(of("checkbox").iter().all(|name| name.len() > 10), "{:?}", of("checkbox"));
    assert!(of("button").iter().all(|name| !name.is_empty()), "{:?}", of("button"));
    assert!(of("image").iter().all(|name| !name.is_empty()), "{:?}", of("image"));
    // What can be opened says so, and whether it is.
    let items = nodes.iter().filter(|node| {
        node["role"]["value"] == "DisclosureTriangle"
            && node["name"]["value"].as_str().is_some_and(|name| name.contains("install.signed-out"))
    });
    let states: Vec<bool> = items
        .map(|node| {
            let states = node["properties"].as_array().expect("properties").iter();
            let mut expanded = states.filter(|state| state["name"] == "expanded").map(|state| &state["value"]["value"]);
            expanded.next_back().and_then(Value::as_bool).expect("it says whether it is open")
        })
        .collect();
    assert!(states.contains(&true) && states.contains(&false), "{states:?}");
    opened.close().await;
}

/// Waits until a script returns true; a deep link is followed after the event of it.
async fn wait_for(opened: &Opened, script: &str) {
    let wait = format!(
        "const done = arguments[0]; const begun = Date.now(); const ask = () => {{ const is = (() => {{ {script} }})(); if (is || Date.now() - begun > 5000) done(is); else setTimeout(ask, 20); }}; ask();"
    );
    let seen = opened.client.execute_async(&wait, vec![]).await.expect("it answers");
    assert_eq!(seen, true, "{script}");
}
