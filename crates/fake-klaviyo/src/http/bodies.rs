//! Reads requests' bodies: each within a time and a size, and all that are unfinished within one amount of memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::http::request::Parts;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// How long a client may take to send a request's body.
const WITHIN: Duration = Duration::from_secs(30);
/// Maximum size of a request's body in bytes.
pub(crate) const LARGEST: usize = 5 * 1_024 * 1_024;
/// Bytes that all requests may hold whose bodies are unfinished.
const MOST_HELD: usize = 64 << 20;

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// It ended early, or is framed wrongly.
    Broken,
    /// It took longer than a client may.
    Late,
    /// Memory for unfinished bodies ran out, and this one had been silent the longest.
    NoRoom,
}

/// The bodies that are being read, by every listener of one server.
#[derive(Debug)]
pub(crate) struct Bodies {
    within: Duration,
    unfinished: Mutex<Unfinished>,
    /// Some were given up.
    given_up: Notify,
}

#[derive(Debug, Default)]
struct Unfinished {
    next: u64,
    held: usize,
    bodies: HashMap<u64, Held>,
}

#[derive(Debug)]
struct Held {
    bytes: usize,
    last: Instant,
}

/// A body's place among the unfinished. Gives it up when dropped.
struct Place<'a> {
    bodies: &'a Bodies,
    id: u64,
}

impl Default for Bodies {
    fn default() -> Self {
        Self::within(WITHIN)
    }
}

impl Bodies {
    /// None yet; a client may take so long to send one.
    pub(crate) fn within(within: Duration) -> Self {
        Self { within, unfinished: Mutex::default(), given_up: Notify::new() }
    }

    /// Reads a request's body to its end.
    pub(crate) async fn read(&self, head: &Parts, mut body: Incoming) -> Result<Bytes, Unread> {
        if usize::try_from(body.size_hint().lower()).is_ok_and(|length| length > LARGEST) {
            return Err(Unread::TooLarge);
        }
        if body.is_end_stream() {
            return Ok(Bytes::new());
        }
        let deadline = Instant::now() + self.within;
        let place = self.place(size(head));
        let mut whole = Vec::new();
        loop {
            let given_up = self.given_up.notified();
            if !place.is_held() {
                return Err(Unread::NoRoom);
            }
            let frame = tokio::select! {
                biased;
                frame = timeout_at(deadline, body.frame()) => frame.map_err(|_| Unread::Late)?,
                () = given_up => continue,
            };
            let Some(frame) = frame else { return Ok(whole.into()) };
            let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
            if whole.len() + data.len() > LARGEST {
                return Err(Unread::TooLarge);
            }
            if whole.is_empty() && body.is_end_stream() {
                return Ok(data);
            }
            place.hold(data.len());
            // A copy: the part of a buffer would keep the whole of it.
            whole.extend_from_slice(&data);
            if body.is_end_stream() {
                return Ok(whole.into());
            }
        }
    }

    fn place(&self, bytes: usize) -> Place<'_> {
        let mut unfinished = self.unfinished();
        let id = unfinished.next;
        unfinished.next += 1;
        unfinished.bodies.insert(id, Held { bytes: 0, last: Instant::now() });
        drop(unfinished);
        let place = Place { bodies: self, id };
        place.hold(bytes);
        place
    }

    fn unfinished(&self) -> MutexGuard<'_, Unfinished> {
        self.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Unfinished {
    fn give_up(&mut self, id: u64) {
        if let Some(held) = self.bodies.remove(&id) {
            self.held -= held.bytes;
        }
    }
}

impl Place<'_> {
    /// Counts bytes that arrived; where all together are too many, the most silent are given up.
    fn hold(&self, bytes: usize) {
        let mut unfinished = self.bodies.unfinished();
        let Some(held) = unfinished.bodies.get_mut(&self.id) else { return };
        held.bytes += bytes;
        held.last = Instant::now();
        unfinished.held += bytes;
        let mut gave_up = false;
        while unfinished.held > MOST_HELD
            && let Some(id) = unfinished.bodies.iter().min_by_key(|(_, held)| held.last).map(|(id, _)| *id)
        {
            unfinished.give_up(id);
            gave_up = true;
        }
        drop(unfinished);
        if gave_up {
            self.bodies.given_up.notify_waiters();
        }
    }

    fn is_held(&self) -> bool {
        self.bodies.unfinished().bodies.contains_key(&self.id)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.bodies.unfinished().give_up(self.id);
    }
}

/// About as much as a head takes.
fn size(head: &Parts) -> usize {
    let fields = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
    fields.sum::<usize>() + head.uri.path_and_query().map_or(0, |target| target.as_str().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unfinished_bodies_hold_is_limited_and_the_most_silent_is_given_up() {
        let bodies = Bodies::default();
        let places: Vec<Place<'_>> = (0..20).map(|_| bodies.place(0)).collect();
        for place in &places {
            place.hold(MOST_HELD / 20);
        }
        assert!(places.iter().all(Place::is_held));
        places[0].hold(MOST_HELD / 40);
        assert!(places[0].is_held() && !places[1].is_held() && places[2].is_held());
        assert!(bodies.unfinished().held <= MOST_HELD);
        drop(places);
        let unfinished = bodies.unfinished();
        assert!(unfinished.held == 0 && unfinished.bodies.is_empty());
    }
}
