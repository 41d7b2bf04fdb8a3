//! Acting on the elements of a page that was read. One that was drawn anew since is looked for once more; where there is none by
//! now, what the page shows next tells what became of it.

use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::key::Key;
use serde_json::json;

use crate::browser::input::click::{click_at, in_reach};
use crate::browser::input::covered::is_covered;
use crate::browser::input::fill::{CLICK, SET_VALUE, has_own_control};
use crate::browser::input::stale_element::{is_stale, same_control, same_field};
use crate::browser::input::typing::type_in;
use crate::browser::page::page_snapshot::Handle;
use crate::browser::user::{ELEMENT_KEY, handle};
use crate::browser::{BrowserError, PageSnapshot, User};

/// How often a field is typed into until it holds what was typed; fields that format what they hold never do.
const TYPE_AGAIN: u32 = 2;

impl User {
    /// Clicks a control of a snapshot.
    pub async fn click(&mut self, snapshot: &PageSnapshot, control: usize) -> Result<(), BrowserError> {
        match self.click_once(snapshot, control).await {
            Err(error) if is_stale(&error) => {
                let Some(now) = self.drawn_anew(&error).await? else { return Ok(()) };
                let Some(control) = same_control(snapshot, control, &now) else { return Ok(()) };
                unless_stale(self.click_once(&now, control).await)
            }
            Err(error) if is_covered(&error) => unless_stale(self.click_covered(snapshot, control).await),
            clicked => clicked,
        }
    }

    pub(in crate::browser) async fn click_once(
        &mut self,
        snapshot: &PageSnapshot,
        control: usize,
    ) -> Result<(), BrowserError> {
        let Handle { id, frames } = handle(&snapshot.controls, control)?;
        self.note_act();
        let name = snapshot.page.controls.get(control).map(|control| control.name.clone()).unwrap_or_default();
        let what = format!("click \"{name}\"");
        // In a frame the place would have to be worked out through the document around it; and without events it is
        // WebDriver's click that waits for where it leads.
        if let Some(context) = self.context.as_ref().filter(|_| frames.is_empty()) {
            let of = id.clone();
            if let Some(place) = self.command(&what, |client| in_reach(client, of)).await? {
                let click = json!({ "context": context.tab, "actions": click_at(place) });
                return context.bidi.send("input.performActions", &click).await.map(drop);
            }
        }
        self.command_in(&frames, &what, |client| async move {
            Element::from_element_id(client, ElementRef::from(id)).click().await
        })
        .await
    }

    /// Replaces what a field of a snapshot holds.
    pub async fn fill(&mut self, snapshot: &PageSnapshot, field: usize, text: &str) -> Result<(), BrowserError> {
        match self.fill_once(snapshot, field, text).await {
            Err(error) if is_stale(&error) => {
                let Some(now) = self.drawn_anew(&error).await? else { return Ok(()) };
                let Some(field) = same_field(snapshot, field, &now) else { return Ok(()) };
                unless_stale(self.fill_once(&now, field, text).await)
            }
            filled => filled,
        }
    }

    async fn fill_once(&self, snapshot: &PageSnapshot, field: usize, text: &str) -> Result<(), BrowserError> {
        let Handle { id, frames } = handle(&snapshot.fields, field)?;
        let is_empty = snapshot.is_empty(field);
        let by_script = snapshot.constraints(field).is_some_and(has_own_control);
        let text = text.to_owned();
        // What comes at once goes to the tab's own document.
        let at_once = frames.is_empty() && self.context.is_some();
        self.command_in(&frames, "fill a field", |client| async move {
            if by_script {
                return client.execute(SET_VALUE, vec![json!({ ELEMENT_KEY: id }), json!(text)]).await.map(drop);
            }
            let element = Element::from_element_id(client.clone(), ElementRef::from(id));
            for attempt in 1..=TYPE_AGAIN {
                if attempt > 1 || !is_empty {
                    element.clear().await?;
                }
                if at_once && attempt == 1 {
                    type_in(&client, &element, &text).await?;
                } else {
                    element.send_keys(&text).await?;
                }
                // A page that comes to life late may swallow the first keys, or put its own value back.
                if element.prop("value").await?.as_deref() == Some(text.as_str()) {
                    break;
                }
                tracing::debug!(attempt, "a field does not hold what was typed");
            }
            Ok(())
        })
        .await
    }

    /// Presses Enter in a field of a snapshot, as people do where a form has no button.
    pub async fn press_enter(&mut self, snapshot: &PageSnapshot, field: usize) -> Result<(), BrowserError> {
        match self.press_enter_once(snapshot, field).await {
            Err(error) if is_stale(&error) => {
                let Some(now) = self.drawn_anew(&error).await? else { return Ok(()) };
                let Some(field) = same_field(snapshot, field, &now) else { return Ok(()) };
                unless_stale(self.press_enter_once(&now, field).await)
            }
            pressed => pressed,
        }
    }

    async fn press_enter_once(&mut self, snapshot: &PageSnapshot, field: usize) -> Result<(), BrowserError> {
        let Handle { id, frames } = handle(&snapshot.fields, field)?;
        self.note_act();
        self.command_in(&frames, "press Enter", |client| async move {
            Element::from_element_id(client, ElementRef::from(id)).send_keys(&Key::Enter.to_string()).await
        })
        .await
    }

    /// Ticks a box, where it is not ticked yet.
    pub async fn tick(&mut self, snapshot: &PageSnapshot, field: usize) -> Result<(), BrowserError> {
        match self.tick_once(snapshot, field).await {
            Err(error) if is_stale(&error) => {
                let Some(now) = self.drawn_anew(&error).await? else { return Ok(()) };
                let Some(field) = same_field(snapshot, field, &now) else { return Ok(()) };
                unless_stale(self.tick_once(&now, field).await)
            }
            ticked => ticked,
        }
    }

    async fn tick_once(&self, snapshot: &PageSnapshot, field: usize) -> Result<(), BrowserError> {
        let Handle { id, frames } = handle(&snapshot.fields, field)?;
        self.command_in(&frames, "tick a box", |client| async move {
            let element = Element::from_element_id(client.clone(), ElementRef::from(id.clone()));
            let is_ticked = match element.attr("aria-checked").await? {
                Some(checked) => checked == "true",
                None => element.is_selected().await?,
            };
            if is_ticked {
                return Ok(());
            }
            match element.click().await {
                // Something prettier stands in for it.
                Err(CmdError::Standard(refusal)) if refusal.error != ErrorStatus::StaleElementReference => {
                    client.execute(CLICK, vec![json!({ ELEMENT_KEY: id })]).await.map(drop)
                }
                clicked => clicked,
            }
        })
        .await
    }

    /// What is in front of the user now, where what was to be acted on is not there any more.
    async fn drawn_anew(&mut self, error: &BrowserError) -> Result<Option<PageSnapshot>, BrowserError> {
        tracing::debug!(%error, "what was to be acted on was drawn anew");
        self.follow().await?;
        // A page that is on the move has nothing to act on.
        Ok(self.read().await.ok())
    }
}

/// What is not there any more can be acted on no further, which is nobody's trouble.
fn unless_stale(done: Result<(), BrowserError>) -> Result<(), BrowserError> {
    match done {
        Err(error) if is_stale(&error) => Ok(()),
        done => done,
    }
}
