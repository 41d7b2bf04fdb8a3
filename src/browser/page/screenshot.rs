//! Pictures of what is in view.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::browser::session::cdp_command::OfChromium;
use crate::browser::user::Context;
use crate::browser::{BrowserError, User};

/// Of 100; text stays readable.
const QUALITY: u8 = 40;

impl User {
    /// Takes a picture of what is in view: JPEG where there is BiDi, which is a fraction of the size, else PNG.
    ///
    /// A driver of Chromium is asked for Chromium's own command first: it takes a third of the time of BiDi's, most of which goes by
    /// in the script that chromedriver speaks BiDi by.
    pub async fn screenshot(&self) -> Result<Vec<u8>, BrowserError> {
        let Some(context) = &self.context else {
            return self.command("take a screenshot", |client| async move { client.screenshot().await }).await;
        };
        if context.bidi.is_direct() {
            return by_bidi(context).await;
        }
        let own =
            OfChromium { method: "Page.captureScreenshot", params: json!({ "format": "jpeg", "quality": QUALITY }) };
        let own = self.command("take a screenshot", |client| async move { client.issue_cmd(own).await }).await;
        match own {
            Ok(answer) => decoded(&answer),
            // A driver of another browser does not know it.
            Err(BrowserError::Command { .. }) => by_bidi(context).await,
            Err(error) => Err(error),
        }
    }

    /// The same, where it is wanted; a page without a picture is no trouble.
    pub(in crate::browser) async fn picture(&self, wanted: bool) -> Option<Vec<u8>> {
        if !wanted {
            return None;
        }
        let picture = self.screenshot().await;
        picture.inspect_err(|error| tracing::debug!(%error, "no picture of this page")).ok()
    }
}

async fn by_bidi(context: &Context) -> Result<Vec<u8>, BrowserError> {
    let format = json!({ "type": "image/jpeg", "quality": f64::from(QUALITY) / 100.0 });
    let wanted = json!({ "context": context.tab, "origin": "viewport", "format": format });
    decoded(&context.bidi.send("browsingContext.captureScreenshot", &wanted).await?)
}

fn decoded(answer: &Value) -> Result<Vec<u8>, BrowserError> {
    STANDARD
        .decode(answer["data"].as_str().unwrap_or_default())
        .map_err(|error| BrowserError::Bidi { method: "take a screenshot".to_owned(), message: error.to_string() })
}
