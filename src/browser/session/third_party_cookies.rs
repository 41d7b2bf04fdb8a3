//! Whether cookies of a site in a frame are blocked, found out by trying: a policy that was only asked for may not be in force.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::header::{CONTENT_TYPE, COOKIE, HeaderValue, SET_COOKIE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::browser::{Browser, BrowserError, PageSnapshot, Route, Timeouts};
use crate::evidence::{Recorder, ThirdPartyCookies, error_chain};

/// How long the probe's pages may take. They are small and local.
const PATIENCE: Timeouts = Timeouts { page: Duration::from_secs(10), quiet: Duration::from_secs(1) };

/// What the probe's server was asked, as far as it matters: whether a cookie came along.
#[derive(Debug, Default)]
struct Asked {
    at_the_top: Option<bool>,
    in_a_frame: Option<bool>,
}

impl Browser {
    /// What this browser does with cookies of a framed site. Tried once, with two names of this machine, to which `route` leads.
    pub async fn third_party_cookies(&self, route: Option<&Route>) -> &ThirdPartyCookies {
        let tried = async {
            self.try_cookies(route).await.unwrap_or_else(|error| {
                ThirdPartyCookies::Unknown(format!("the probe's pages could not be opened: {}", error_chain(&error)))
            })
        };
        self.cookies.get_or_init(|| tried).await
    }

    async fn try_cookies(&self, route: Option<&Route>) -> Result<ThirdPartyCookies, BrowserError> {
        let asked = Arc::new(Mutex::new(Asked::default()));
        let failed = |source| BrowserError::Start { driver: "the cookie probe's server".to_owned(), source };
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let server = tokio::spawn(serve(listener, port, Arc::clone(&asked)));
        let mut user = self.user("probe", &Recorder::new(), route).await?;
        let says = |word: &'static str| move |snapshot: &PageSnapshot| snapshot.page.text.contains(word);
        let tried = async {
            for (address, word) in [
                (format!("http://framed.localhost:{port}/set"), "set"),
                (format!("http://framed.localhost:{port}/top"), "top"),
                (format!("http://framing.localhost:{port}/frame"), "inner"),
            ] {
                user.go_to(&address).await?;
                user.await_page(PATIENCE, says(word)).await?;
            }
            Ok(())
        }
        .await;
        user.close().await;
        server.abort();
        tried.map(|()| asked.lock().unwrap_or_else(PoisonError::into_inner).verdict())
    }
}

impl Asked {
    fn verdict(&self) -> ThirdPartyCookies {
        let unknown = |why: &str| ThirdPartyCookies::Unknown(why.to_owned());
        match (self.at_the_top, self.in_a_frame) {
            // Without this, a browser that keeps no cookie at all would seem to block those of frames.
            (Some(false) | None, _) => unknown("the probe's cookie was not even sent to a page of its own"),
            (_, None) => unknown("the probe's frame was not loaded"),
            (_, Some(true)) => ThirdPartyCookies::Allowed,
            (_, Some(false)) => ThirdPartyCookies::Blocked,
        }
    }
}

async fn serve(listener: TcpListener, port: u16, asked: Arc<Mutex<Asked>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let asked = Arc::clone(&asked);
        let service = service_fn(move |request| {
            let response = answer(&request, port, &asked);
            async move { Ok::<_, Infallible>(response) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

fn answer(request: &Request<hyper::body::Incoming>, port: u16, asked: &Mutex<Asked>) -> Response<String> {
    let cookie = request.headers().get(COOKIE).is_some_and(|cookie| cookie.as_bytes().starts_with(b"probe="));
    let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
    let body = match request.uri().path() {
        "/top" => {
            asked.at_the_top = Some(cookie);
            "<p>top".to_owned()
        }
        "/inner" => {
            asked.in_a_frame = Some(cookie);
            "<p>inner".to_owned()
        }
        "/frame" => {
            format!("<iframe width=300 height=200 src=http://framed.localhost:{port}/inner></iframe>")
        }
        _ => "<p>set".to_owned(),
    };
    let mut response = Response::new(format!("<!DOCTYPE html><title>Probe</title>{body}"));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    if request.uri().path() == "/set" {
        response
            .headers_mut()
            .insert(SET_COOKIE, HeaderValue::from_static("probe=1; Path=/; SameSite=None; Secure; HttpOnly"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cookie_that_is_kept_at_the_top_and_missing_in_a_frame_is_blocked() {
        let verdict = |at_the_top, in_a_frame| Asked { at_the_top, in_a_frame }.verdict();
        assert_eq!(verdict(Some(true), Some(false)), ThirdPartyCookies::Blocked);
        assert_eq!(verdict(Some(true), Some(true)), ThirdPartyCookies::Allowed);
        for (at_the_top, in_a_frame) in [(Some(false), Some(false)), (None, Some(false)), (Some(true), None)] {
            assert!(matches!(verdict(at_the_top, in_a_frame), ThirdPartyCookies::Unknown(_)));
        }
    }
}
