//! Controls that something covers: a person can no more click them than a browser can.

use std::time::Duration;

use fantoccini::error::{CmdError, ErrorStatus};
use serde::Deserialize;
use serde_json::json;
use tokio::time::sleep;

use crate::browser::page::page_snapshot::Handle;
use crate::browser::user::{ELEMENT_KEY, handle};
use crate::browser::{BrowserError, PageSnapshot, User};

/// How often a covered control is tried again, and after how long: what moves, or shows that something loads, goes away by itself.
const TRIES: u32 = 8;
const AGAIN: Duration = Duration::from_millis(500);

/// Brings the control to where nothing that sticks to an edge covers it, and says what does cover it: the outermost element that does not
/// hold the control, and the names of what can be used in it.
const COVER: &str = r#"
const [control] = arguments;
control.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
const { left, top, width, height } = control.getBoundingClientRect();
let cover = control.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
if (!cover || control.contains(cover)) return null;
while (cover.parentElement && !cover.parentElement.contains(control)) cover = cover.parentElement;
const usable = "a[href], button, input, select, textarea, iframe, summary, [role=button], [onclick], [tabindex]";
const name = element => (element.getAttribute("aria-label") || element.innerText || element.value || element.title || "").trim();
const text = name(cover).split("\n")[0].slice(0, 60);
const tag = cover.tagName.toLowerCase();
const named = cover.id ? `${tag}#${cover.id}` : cover.className && cover.className.split ? `${tag}.${cover.className.split(" ")[0]}` : tag;
const within = root => [...root.querySelectorAll("*")].flatMap(one => [one, ...(one.shadowRoot ? within(one.shadowRoot) : [])]);
const inside = [cover, ...(cover.shadowRoot ? within(cover.shadowRoot) : []), ...within(cover)];
const ways = inside.filter(one => one.matches(usable)).slice(0, 20).map(name);
return { cover: text ? `<${named}> ("${text}")` : `<${named}>`, ways };
"#;

/// What covers a control.
#[derive(Debug, Deserialize)]
struct Cover {
    cover: String,
    ways: Vec<String>,
}

impl User {
    /// Clicks a control that was covered a moment ago, and fails where it stays so.
    pub(in crate::browser) async fn click_covered(
        &mut self,
        snapshot: &PageSnapshot,
        control: usize,
    ) -> Result<(), BrowserError> {
        let name = snapshot.page.controls.get(control).map(|control| control.name.clone()).unwrap_or_default();
        let mut found = None;
        for tried in 0..TRIES {
            found = self.cover_of(snapshot, control).await?;
            match self.click_once(snapshot, control).await {
                Err(error) if is_covered(&error) => {}
                clicked => return clicked,
            }
            // It waits to be used, and not for time to pass.
            if tried > 0 && found.as_ref().is_some_and(|found| !found.ways.is_empty()) {
                break;
            }
            sleep(AGAIN).await;
        }
        let Cover { cover, ways } =
            found.unwrap_or_else(|| Cover { cover: "something".to_owned(), ways: vec![String::new()] });
        Err(BrowserError::Covered { control: name, cover, ways })
    }

    async fn cover_of(&self, snapshot: &PageSnapshot, control: usize) -> Result<Option<Cover>, BrowserError> {
        let Handle { id, frames } = handle(&snapshot.controls, control)?;
        let covers = self.command_in(&frames, "see what covers a control", |client| async move {
            client.execute(COVER, vec![json!({ ELEMENT_KEY: id })]).await
        });
        Ok(serde_json::from_value(covers.await?)?)
    }
}

/// Whether a click would have gone to something else.
pub(in crate::browser) fn is_covered(error: &BrowserError) -> bool {
    let BrowserError::Command { source, .. } = error else { return false };
    matches!(&**source, CmdError::Standard(refusal) if refusal.error == ErrorStatus::ElementClickIntercepted)
}
