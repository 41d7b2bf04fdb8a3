//! Going into the frames of a document, and out again.

use fantoccini::Client;
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use hyper::Method;
use serde_json::json;
use url::{ParseError, Url};

/// Goes into frames, one within the other, runs a command in the last, and comes back out whatever came of it.
pub(in crate::browser) async fn inside<T, F>(
    client: Client,
    frames: Vec<String>,
    command: impl FnOnce(Client) -> F,
) -> Result<T, CmdError>
where
    F: Future<Output = Result<T, CmdError>>,
{
    let mut entered = Ok(());
    for frame in frames {
        entered = Element::from_element_id(client.clone(), ElementRef::from(frame)).enter_frame().await;
        if entered.is_err() {
            break;
        }
    }
    let answer = match entered {
        Ok(()) => command(client.clone()).await,
        Err(error) => Err(error),
    };
    client.issue_cmd(ToTheTop).await?;
    answer
}

/// WebDriver's Switch To Frame, out of all frames; the library knows only the way into them.
#[derive(Debug)]
struct ToTheTop;

impl WebDriverCompatibleCommand for ToTheTop {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/frame", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _request_url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "id": null }).to_string()))
    }
}
