//! What is typed is there, and pages that listen see it: also those that take nothing but keys.

use std::time::Duration;

use flowcheck::browser::{Browser, BrowserError, Options, Timeouts, find};
use flowcheck::evidence::Recorder;
use libtest_mimic::{Failed, Trial};

const PATIENCE: Timeouts = Timeouts { page: Duration::from_secs(20), quiet: Duration::from_secs(3) };

/// Four fields, what the page hears of the first, and what all hold in the end.
const PAGE: &str = r#"<!DOCTYPE html><meta charset="utf-8"><title>Fields</title>
<p><label>Listens <input id="listens"></label> <b id="heard"></b>
<p><label>Keys alone <input id="keys"></label>
<p><label>Filled <input id="filled" value="before"></label>
<p><label>Hands on <input id="hands"></label>
<p><button>Show</button> <i id="held"></i>
<script>
const [listens, keys, filled, hands] = ["listens", "keys", "filled", "hands"].map(id => document.getElementById(id));
let strokes = 0;
listens.onkeyup = () => { document.getElementById("heard").textContent = `heard ${listens.value}, strokes: ${++strokes}.`; };
keys.addEventListener("beforeinput", event => { if (event.data?.length > 1) event.preventDefault(); });
let first = true;
document.querySelector("button").onclick = () => {
  document.getElementById("held").textContent = `held ${[listens, keys, filled, hands].map(field => field.value).join("|")}.`;
};
hands.onfocus = () => { if (first) { first = false; filled.focus(); } };
</script>"#;

/// What is typed, field by field.
const TEXTS: [&str; 4] = ["ada@example.com", "4711", "after", "Añil Ünïcode"];

/// A trial.
pub(crate) fn trial() -> Trial {
    Trial::test("what is typed is there, and heard", typed)
}

fn typed() -> Result<(), Failed> {
    let found = find(None, false, &std::env::var("PATH").unwrap_or_default())?;
    let folder = tempfile::tempdir()?;
    let page = folder.path().join("fields.html");
    std::fs::write(&page, PAGE)?;
    let text = tokio::runtime::Runtime::new()?.block_on(async {
        let browser = Browser::start(&found, Options::default(), folder.path()).await?;
        let mut user = browser.user("user", &Recorder::new(), None).await?;
        user.go_to(&format!("file://{}", page.display())).await?;
        let snapshot = user.await_page(PATIENCE, |snapshot| snapshot.page.fields.len() == 4).await?;
        for (field, text) in TEXTS.into_iter().enumerate() {
            user.fill(&snapshot, field, text).await?;
        }
        user.click(&snapshot, 0).await?;
        let snapshot = user.await_page(PATIENCE, |snapshot| snapshot.page.text.contains("held")).await?;
        browser.stop().await;
        Ok::<_, BrowserError>(snapshot.page.text)
    })?;
    // One key is enough for those that listen, and all that is waited for.
    let due = [format!("heard {}, strokes: 1.", TEXTS[0]), format!("held {}.", TEXTS.join("|"))];
    match due.iter().find(|due| !text.contains(*due)) {
        Some(due) => Err(format!("expected \"{due}\", saw \"{text}\"").into()),
        None => Ok(()),
    }
}
