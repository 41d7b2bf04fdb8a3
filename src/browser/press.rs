//! Clicking a control as a person does, by the mouse.
//!
//! WebDriver's own click looks for the element, scrolls, and looks again, with a round trip each: several times what the click
//! itself takes. A control that is in view with nothing before it needs none of that; any other is left to it.

use std::time::Duration;

use fantoccini::Client;
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use serde_json::json;

use super::user::ELEMENT_KEY;

/// Where the middle of a control is, if that is in view and nothing lies before it. Choices in a list and areas of a map have no place of
/// their own, and what goes over several lines has no middle.
const IN_REACH: &str = r#"
const [control] = arguments;
const boxes = control.getClientRects();
if (boxes.length !== 1 || control.matches("option, optgroup, area, input[type=file]")) return null;
const [{ left, right, top, bottom, width, height }] = boxes;
if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return null;
const middle = [Math.round(left + width / 2), Math.round(top + height / 2)];
return control.contains(control.getRootNode().elementFromPoint(...middle)) ? middle : null;
"#;

/// Clicks a control of the document, by its reference.
pub(super) async fn press(client: Client, id: String) -> Result<(), CmdError> {
    let middle = client.execute(IN_REACH, vec![json!({ ELEMENT_KEY: id })]).await?;
    let Ok((x, y)) = serde_json::from_value(middle) else {
        return Element::from_element_id(client, ElementRef::from(id)).click().await;
    };
    // By its place rather than by the control, which the driver would go and look for again.
    let middle = PointerAction::MoveTo { duration: Some(Duration::ZERO), x, y };
    let mouse = MouseActions::new("mouse".to_owned())
        .then(middle)
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    client.perform_actions(mouse).await
}
