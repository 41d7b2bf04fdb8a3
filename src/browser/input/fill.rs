//! Filling in fields: by keys as a person does, or by script where a field has a control of its own.

use fantoccini::Client;
use fantoccini::elements::{Element, ElementRef};
use serde_json::json;

use crate::browser::page::page_snapshot::Handle;
use crate::browser::user::{ELEMENT_KEY, handle};
use crate::browser::{BrowserError, Constraints, PageSnapshot, User};

impl User {
    /// Types a text into a field that is made of several boxes, a character each. Some forms send themselves with the last.
    pub async fn fill_boxes(&self, snapshot: &PageSnapshot, field: usize, text: &str) -> Result<(), BrowserError> {
        let boxes = snapshot.boxes.get(field).cloned().unwrap_or_default();
        for (at, (Handle { id, frames }, character)) in boxes.into_iter().zip(text.chars()).enumerate() {
            let typed = self.command_in(&frames, "type into a box", |client| async move {
                let element = Element::from_element_id(client, ElementRef::from(id));
                // What was typed into the box before may be in this one already.
                if element.prop("value").await?.as_deref() == Some(character.to_string().as_str()) {
                    return Ok(());
                }
                element.send_keys(&character.to_string()).await
            });
            match typed.await {
                // The page went on.
                Err(BrowserError::Command { .. }) if at > 0 => break,
                other => other?,
            }
        }
        Ok(())
    }

    /// Of these texts, the first that a field takes by its own constraints: type, pattern, lengths, bounds.
    pub async fn first_fitting(
        &self,
        snapshot: &PageSnapshot,
        field: usize,
        texts: &[String],
    ) -> Result<Option<usize>, BrowserError> {
        let Handle { id, frames } = handle(&snapshot.fields, field)?;
        let arguments = vec![json!({ ELEMENT_KEY: id }), json!(texts)];
        let fitting = |client: Client| async move { client.execute(FIRST_FITTING, arguments).await };
        let first = self.command_in(&frames, "try texts", fitting).await?;
        Ok(first.as_u64().and_then(|first| usize::try_from(first).ok()))
    }
}

/// Types of fields that have controls of their own, which differ by browser and language.
const SET: &[&str] = &["date", "month", "week", "time", "datetime-local", "color", "range"];

/// Whether a field has a control of its own.
pub(in crate::browser) fn has_own_control(constraints: &Constraints) -> bool {
    SET.contains(&constraints.kind.as_str())
}

/// Sets what such a field holds, and tells the page as its control would.
pub(in crate::browser) const SET_VALUE: &str = r#"
const [field, value] = arguments;
field.focus();
Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, value);
for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
field.blur();
"#;

/// Clicks an element, or the label that is seen instead of it.
pub(in crate::browser) const CLICK: &str = "const [box] = arguments; (box.labels?.[0] || box).click();";

/// Tries texts in a copy of a field, which shows nothing to the page.
const FIRST_FITTING: &str = r"
const [field, texts] = arguments;
const copy = field.cloneNode(false);
const least = field.minLength > 0 ? field.minLength : 0;
const most = field.maxLength > 0 ? field.maxLength : Infinity;
const at = texts.findIndex(text => {
  copy.value = text;
  return copy.value === text && text.length >= least && text.length <= most && copy.validity.valid;
});
return at < 0 ? null : at;
";
