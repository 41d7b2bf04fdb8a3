//! Clicking a control as a person does, by the mouse.
//!
//! WebDriver's own click looks for the element, scrolls, and looks again, with a round trip each: several times what the click
//! itself takes. A control that is in view with nothing before it needs none of that; any other is left to it.

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::browser::user::ELEMENT_KEY;

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

/// Where a control of the document, named by its reference, is in reach.
pub(in crate::browser) async fn in_reach(client: Client, id: String) -> Result<Option<(i64, i64)>, CmdError> {
    let middle = client.execute(IN_REACH, vec![json!({ ELEMENT_KEY: id })]).await?;
    Ok(serde_json::from_value(middle).ok())
}

/// A click at a place, as BiDi performs it.
pub(in crate::browser) fn click_at((x, y): (i64, i64)) -> Value {
    let clicked = json!([
        { "type": "pointerMove", "x": x, "y": y },
        { "type": "pointerDown", "button": 0 },
        { "type": "pointerUp", "button": 0 },
    ]);
    json!([{ "type": "pointer", "id": "mouse", "actions": clicked }])
}
