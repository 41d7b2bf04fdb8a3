//! The journal as server-sent events, while it is written.
//!
//! A feed stores only its position: it reads on from there when its client has taken what was sent before. So a slow
//! client costs no memory and delays nobody. A client that falls behind what the journal keeps is told how many
//! entries it missed.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::{Stream, stream};
use hyper::body::{Bytes, Frame};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::http::request::Request;
use crate::http::response::{BodyStream, Response};
use crate::state::platform::Platform;
use flowcheck_evidence::{Entry, Recorder};

use crate::sandbox::entry::line;

/// How many of the latest entries a feed starts with, unless the client names a start.
const INITIAL_ENTRIES: u32 = 200;
/// Maximum number of entries in one frame.
const ENTRIES_PER_FRAME: usize = 50;
/// How often an idle feed sends a comment, to detect clients that are gone.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One client's feed.
#[derive(Debug)]
struct Feed {
    recorder: Recorder,
    /// Changes with the journal's length.
    written: watch::Receiver<u32>,
    next: u32,
    closing: watch::Receiver<bool>,
    _permit: OwnedSemaphorePermit,
}

/// `GET sandbox/feed`, starting at `?since=`.
pub(crate) fn feed(platform: &Platform, request: &Request) -> Response {
    let Some(permit) = platform.feeds.acquire() else {
        return Response::text(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many pages follow the journal already; close one\n",
        );
    };
    let since = request.query.get("since").and_then(|since| since.parse().ok());
    let recorder = platform.recorder.clone();
    let next = since.unwrap_or_else(|| recorder.next_seq().saturating_sub(INITIAL_ENTRIES));
    let (written, closing) = (recorder.watch(), platform.feeds.closing());
    let mut response = Response::empty(StatusCode::OK);
    response.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.stream = Some(BodyStream::new(Feed { recorder, written, next, closing, _permit: permit }.frames()));
    response
}

impl Feed {
    /// The frames, each produced when it is polled.
    fn frames(self) -> impl Stream<Item = Result<Frame<Bytes>, Infallible>> + Send + Sync {
        stream::unfold(self, |mut feed| async move {
            let frame = feed.frame().await?;
            Some((Ok(Frame::data(Bytes::from(frame))), feed))
        })
    }

    async fn frame(&mut self) -> Option<String> {
        loop {
            if *self.closing.borrow() {
                return None;
            }
            // Marked as seen before the journal is read, so that no later entry is missed.
            self.written.borrow_and_update();
            let entries: Vec<Entry> =
                self.recorder.scan(self.next, |entries| entries.iter().take(ENTRIES_PER_FRAME).cloned().collect());
            if let Some(last) = entries.last() {
                let frame = events(self.next, &entries);
                self.next = last.seq + 1;
                return Some(frame);
            }
            tokio::select! {
                written = self.written.changed() => written.ok()?,
                _ = self.closing.changed() => {}
                () = tokio::time::sleep(KEEP_ALIVE) => return Some(":\n\n".to_owned()),
            }
        }
    }
}

/// Entries as events, preceded by the number of entries that were missed.
fn events(since: u32, entries: &[Entry]) -> String {
    let missed = entries.first().map_or(0, |first| first.seq.saturating_sub(since));
    let missed = if missed > 0 { format!("event: missed\ndata: {missed}\n\n") } else { String::new() };
    entries.iter().fold(missed, |events, entry| {
        let line = line(entry).replace(['\n', '\r'], " ");
        format!("{events}id: {}\nevent: entry\ndata: {line}\n\n", entry.seq)
    })
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;
    use crate::http::host::Host;
    use crate::http::request::Scheme;
    use crate::model::settings::Settings;
    use crate::state::feed_slots::MAX_FEEDS;
    use crate::state::platform::State;
    use flowcheck_evidence::{Event, HarnessError};

    fn platform(keep: usize) -> Platform {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 80));
        Platform::new(Recorder::bounded(keep), Settings::default(), address, State::default())
    }

    fn record(platform: &Platform, what: &str) {
        platform.recorder.record(Event::HarnessError(HarnessError { what: what.to_owned() }));
    }

    fn asked(platform: &Platform) -> Response {
        let request = hyper::Request::get("/?since=0").body(()).expect("a request");
        let host = Host::read("localhost").expect("it is ours");
        feed(platform, &Request::of(request.into_parts().0, Scheme::Http, host, Bytes::new()))
    }

    async fn next(frames: &mut (impl Stream<Item = Result<Frame<Bytes>, Infallible>> + Unpin)) -> Option<String> {
        let next = frames.next().await?.ok()?;
        next.into_data().ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    #[tokio::test]
    async fn a_reader_who_comes_late_or_falls_behind_is_told_how_much_it_missed() {
        let platform = platform(100);
        record(&platform, "first");
        let mut frames = asked(&platform).stream.expect("a place").into_inner();
        let frame = next(&mut frames).await.expect("a frame");
        assert!(frame.starts_with("id: 0\nevent: entry\ndata: <li") && frame.ends_with("</li>\n\n"), "{frame}");
        // Nothing is read while the journal goes on and drops entries.
        (0..1_000).for_each(|number| record(&platform, &number.to_string()));
        let frame = next(&mut frames).await.expect("a frame");
        assert!(frame.starts_with("event: missed\ndata: 8") || frame.starts_with("event: missed\ndata: 9"), "{frame}");
        assert_eq!(frame.matches("event: entry").count(), ENTRIES_PER_FRAME);
        while !next(&mut frames).await.expect("a frame").contains(">999<") {}
        platform.feeds.close();
        assert_eq!(next(&mut frames).await, None);
    }

    #[tokio::test]
    async fn there_are_so_many_places_and_who_leaves_makes_room() {
        let platform = platform(10);
        let mut feeds: Vec<_> = (0..MAX_FEEDS).map(|_| asked(&platform)).collect();
        assert_eq!(asked(&platform).status, StatusCode::SERVICE_UNAVAILABLE);
        feeds.pop();
        assert_eq!(asked(&platform).status, StatusCode::OK);
    }
}
