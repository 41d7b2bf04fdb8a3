//! The page in a real browser: axe-core finds nothing serious, wide and narrow, light and dark; deep links open; nothing runs off the side.

use serde_json::Value;

use super::html_browser::{Opened, tool};
use super::sample::{passing, sample};

#[tokio::test]
async fn axe_finds_nothing_serious_and_nothing_runs_off_the_side() {
    let opened = Opened::start().await;
    let axe = tool("node_modules/axe-core/axe.min.js");
    for (name, outcome) in [("failing", sample()), ("passing", passing())] {
        let address = opened.report(name, &outcome);
        for (width, scheme) in [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")] {
            opened.looks(width, scheme).await;
            opened.open(&format!("{address}#scenario-install-signed-in-3")).await;
            let seen = "const entry = document.getElementById('scenario-install-signed-in-3'); return !!entry && entry.checkVisibility();";
            assert_eq!(opened.tells(seen).await, true, "a deep link opens its entry");
            // Closed parts are looked at as well.
            opened.tells("document.querySelectorAll('details').forEach(part => { part.open = true; });").await;
            let sides = opened.tells("return [document.documentElement.scrollWidth, innerWidth]").await;
            assert!(sides[0].as_u64() <= sides[1].as_u64(), "{name} {width} {scheme}: wider than the window: {sides}");
            opened.tells(&axe).await;
            let run = "const done = arguments[0]; axe.run({ resultTypes: ['violations'] }).then(found => done(found.violations.map(one => [one.impact, one.id, one.nodes.length, one.nodes[0].html.slice(0, 200), one.nodes[0].failureSummary])));";
            let violations = opened.client.execute_async(run, vec![]).await.expect("axe runs");
            let serious: Vec<&Value> = violations
                .as_array()
                .expect("a list")
                .iter()
                .filter(|one| one[0] == "serious" || one[0] == "critical")
                .collect();
            assert!(serious.is_empty(), "{name} {width} {scheme}: {serious:#?}");
        }
    }
    // It would have found something, had there been something.
    opened.tells("document.querySelector('main').innerHTML = '<img src=\"data:,\"><p style=\"color:#ccc;background:#fff\">pale</p>'").await;
    let run = "const done = arguments[0]; axe.run().then(found => done(found.violations.length));";
    let found = opened.client.execute_async(run, vec![]).await.expect("axe runs");
    assert!(found.as_u64() >= Some(2), "{found}");
    opened.close().await;
}
