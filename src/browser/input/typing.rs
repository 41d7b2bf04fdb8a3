//! Typing into a field as a person does.
//!
//! WebDriver sends key after key, each as several messages: typing an address takes as long as opening a page. So all characters but the
//! last come at once, as from a keyboard that completes words, and the last one by its key, for pages that listen to keys.

use fantoccini::Client;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::browser::session::cdp_command::OfChromium;
use crate::browser::user::ELEMENT_KEY;

/// Puts the keyboard to a field; whether it is there then. What was typed would go to another field otherwise.
const FOCUS: &str = r"
const [field] = arguments;
field.focus();
return field.getRootNode().activeElement === field;
";

/// Types into an empty field of the document, by keys alone where the browser has no other way.
pub(in crate::browser) async fn type_in(client: &Client, field: &Element, text: &str) -> Result<(), CmdError> {
    let Some((end, last)) = text.char_indices().next_back().filter(|(end, _)| *end > 0) else {
        return field.send_keys(text).await;
    };
    let most = &text[..end];
    let reference = json!({ ELEMENT_KEY: field.element_id().as_ref() });
    let focused = client.execute(FOCUS, vec![reference]).await? == Value::Bool(true);
    let at_once = OfChromium { method: "Input.insertText", params: json!({ "text": most }) };
    if focused && client.issue_cmd(at_once).await.is_ok() {
        // By the keyboard alone: the field is not looked for again.
        let keys = KeyActions::new("keyboard".to_owned());
        client.perform_actions(keys.then(KeyAction::Down { value: last }).then(KeyAction::Up { value: last })).await
    } else {
        field.send_keys(text).await
    }
}
