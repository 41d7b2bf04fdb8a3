//! Choosing: a drop-down's option, a radio button, or an entry of a list that a component library opens on its own.

use std::time::Duration;

use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use crate::browser::page::page_snapshot::Handle;
use crate::browser::user::{ELEMENT_KEY, handle};
use crate::browser::{BrowserError, PageSnapshot, User};
use crate::evidence::FieldKind;

/// How long a list may take to open, and how often it is looked for.
const OPENS: Duration = Duration::from_secs(2);
const LOOKED_FOR: Duration = Duration::from_millis(100);

impl User {
    /// Chooses an option of a drop-down, a combobox, or a radio button of a group, by what it shows.
    pub async fn choose(&self, snapshot: &PageSnapshot, field: usize, option: &str) -> Result<(), BrowserError> {
        let Handle { id, frames } = handle(&snapshot.fields, field)?;
        let is_combobox = snapshot.page.fields.get(field).is_some_and(|field| field.kind == FieldKind::Combobox);
        let wanted = option.to_owned();
        self.command_in(&frames, &format!("choose \"{option}\""), |client| async move {
            let element = Element::from_element_id(client.clone(), ElementRef::from(id.clone()));
            if element.tag_name().await? == "select" {
                return element.select_by_label(&wanted).await;
            }
            if is_combobox {
                return from_list(client, element, &wanted).await;
            }
            match find(&client, RADIO_BY_LABEL, vec![json!({ ELEMENT_KEY: id }), json!(wanted)]).await? {
                Some(button) => button.click().await,
                None => client.find(Locator::LinkText(&wanted)).await?.click().await,
            }
        })
        .await
    }
}

/// Opens a combobox and clicks the entry; where it takes text, types what is wanted if it does not show it by itself.
async fn from_list(client: Client, combobox: Element, wanted: &str) -> Result<(), CmdError> {
    if combobox.click().await.is_err() {
        // What shows its value lies over it, or around it.
        let id = json!({ ELEMENT_KEY: combobox.element_id().to_string() });
        match find(&client, AROUND, vec![id]).await? {
            Some(around) => around.click().await?,
            None => combobox.click().await?,
        }
    }
    if let Some(entry) = entry(&client, wanted).await? {
        return entry.click().await;
    }
    combobox.send_keys(wanted).await?;
    match entry(&client, wanted).await? {
        Some(entry) => entry.click().await,
        None => combobox.send_keys(&Key::Enter.to_string()).await,
    }
}

async fn entry(client: &Client, wanted: &str) -> Result<Option<Element>, CmdError> {
    let until = Instant::now() + OPENS;
    loop {
        let found = find(client, ENTRY_BY_LABEL, vec![json!(wanted)]).await?;
        if found.is_some() || Instant::now() >= until {
            return Ok(found);
        }
        sleep_until(Instant::now() + LOOKED_FOR).await;
    }
}

async fn find(client: &Client, script: &str, arguments: Vec<serde_json::Value>) -> Result<Option<Element>, CmdError> {
    let answer = client.execute(script, arguments).await?;
    let id = answer[ELEMENT_KEY].as_str().map(str::to_owned);
    Ok(id.map(|id| Element::from_element_id(client.clone(), ElementRef::from(id))))
}

/// Finds, in the group of a radio button, the one with a given label; its label, where it is only that which is seen.
const RADIO_BY_LABEL: &str = r#"
const [first, wanted] = arguments;
const fold = text => (text || "").replace(/\s+/g, " ").trim();
const root = first.getRootNode();
const around = first.closest("[role=radiogroup]") || root;
const group = first.matches("[role=radio]")
  ? [...around.querySelectorAll("[role=radio]")]
  : [...root.querySelectorAll("input[type=radio]")].filter(radio => radio.name === first.name && radio.form === first.form);
const labels = radio => [...(radio.labels || [])];
const named = radio => fold(radio.getAttribute("aria-label")) || fold(labels(radio).map(label => label.textContent).join(" ")) || fold(radio.textContent);
const radio = group.find(radio => named(radio) === wanted);
if (!radio) return null;
const box = radio.getBoundingClientRect();
const seen = radio.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.width > 1 && box.height > 1;
return seen ? radio : labels(radio)[0] || radio;
"#;

/// Finds what can be seen around a box that can't.
const AROUND: &str = r"
let at = arguments[0].parentElement;
while (at && !at.checkVisibility({ opacityProperty: true, visibilityProperty: true })) at = at.parentElement;
return at;
";

/// Finds the entry of an open list by what it shows, in shadow roots too.
const ENTRY_BY_LABEL: &str = r#"
const [wanted] = arguments;
const fold = text => (text || "").replace(/\s+/g, " ").trim();
const entries = [];
(function walk(node) {
  for (const element of node.querySelectorAll("*")) {
    if (element.matches("[role=option], [role=listbox] li, [role=menuitemradio]")) entries.push(element);
    if (element.shadowRoot) walk(element.shadowRoot);
  }
})(document);
const seen = entries.filter(entry => entry.checkVisibility({ visibilityProperty: true }) && entry.getAttribute("aria-disabled") !== "true");
return seen.find(entry => fold(entry.textContent) === wanted) || seen.find(entry => fold(entry.textContent).includes(wanted)) || null;
"#;
