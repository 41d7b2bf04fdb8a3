//! The shapes of a request's life, and what is right for each: which requests are told of, and how each of them ends.

/// A shape.
#[derive(Debug)]
pub(super) struct Shape {
    /// Its recording's name.
    pub(super) name: &'static str,
    visits: &'static str,
    right: &'static str,
}

impl Shape {
    /// Addresses that are visited one after the other, each at rest before the next.
    pub(super) fn visits(&self) -> Vec<&'static str> {
        self.visits.split(' ').collect()
    }

    /// A line for each request, in alphabetical order.
    pub(super) fn right(&self) -> Vec<&'static str> {
        self.right.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    }
}

const fn shape(name: &'static str, visits: &'static str, right: &'static str) -> Shape {
    Shape { name, visits, right }
}

/// All shapes.
#[rustfmt::skip]
pub(super) const SHAPES: &[Shape] = &[
    // What comes from a cache is an answer like any other. Only what the page's own cache has validated is told of as 304.
    shape("memory-cache", "/memory-cache /memory-cache /memory-cache", "
        GET /immutable.css: 200 ended, 3 times
        GET /immutable.js: 200 ended, 3 times
        GET /immutable.svg: 200 ended, 3 times
        document GET /memory-cache: 200 ended, 3 times
    "),
    shape("disk-cache", "/disk-cache /disk-cache", "
        GET /immutable.txt: 200 ended, 4 times
        document GET /disk-cache: 200 ended, 2 times
    "),
    shape("only-if-cached", "/only-if-cached", "
        GET /text?cached: net::ERR_CACHE_MISS
        document GET /only-if-cached: 200 ended
    "),
    shape("revalidated", "/tagged /tagged", "
        GET /tagged.js: 200 ended
        GET /tagged.js: 304 ended
        document GET /tagged: 200 ended, 2 times
    "),
    shape("loaded-again", "/loaded-again", "
        GET /immutable.js: 200 ended, 2 times
        GET /immutable.svg: 200 ended, 2 times
        document GET /loaded-again: 200 ended, 2 times
    "),
    shape("twice", "/twice", "
        GET /picture.svg: 200 ended
        GET /script.js: 200 ended
        document GET /twice: 200 ended
    "),
    // What a service worker answers is told of as the page asked for it, and once more where the worker asks the network.
    shape("service-worker", "/service-worker /service-worker", "
        GET /kept.js: 200 ended, 3 times
        GET /made: 200 ended, 2 times
        GET /picture.svg: 200 ended, 2 times
        GET /refused-by-worker: net::ERR_FAILED, 2 times
        GET /service-worker: 200 ended
        GET /text: 200 ended, 4 times
        GET /worker.js: 200 ended
        document GET /service-worker: 200 ended, 2 times
    "),
    // What is fetched ahead is fetched once.
    shape("preload", "/preload", "
        GET /immutable.js: 200 ended
        GET /script.js: 200 ended
        GET /text?unused: 200 ended
        document GET /preload: 200 ended
    "),
    shape("prefetch", "/prefetch", "
        GET /text?prefetched: 200 ended
        document GET /other?guessed: 200 ended
        document GET /prefetch: 200 ended
    "),
    shape("prerender", "/prerender", "
        GET /picture.svg: 200 ended
        document GET /framed?guessed: 200 ended
        document GET /prerender: 200 ended
    "),
    shape("early-hints", "https://secure.example/early-hints", "
        GET https://secure.example/script.js?hinted: 200 ended
        document GET https://secure.example/early-hints: 200 ended
    "),
    // Each redirect is an answer of its own, also one from a cache, and the browser's own from http to https (307).
    shape("redirects", "/redirects", "
        GET /picture.svg: 200 ended
        GET /shared: 200 ended
        GET /to-picture: 302 ended
        GET /to-text: 302 ended
        document GET /other: 200 ended
        document GET /redirects: 200 ended
        document GET /to-page-again: 302 ended
        document GET /to-page: 302 ended
    "),
    shape("post-again", "/posts", "
        document GET /posts: 200 ended
        document POST /post-again: 307 ended
        document POST /posted: 200 ended
    "),
    shape("kept-redirects", "/kept-redirects /to-page-kept /to-page-kept", "
        GET /shared: 200 ended, 2 times
        GET /to-text-kept: 301 ended, 2 times
        document GET /kept-redirects: 200 ended
        document GET /other: 200 ended, 2 times
        document GET /to-page-kept: 301 ended, 2 times
    "),
    shape("strict-transport", "https://strict.example/strict http://strict.example/framed", "
        GET https://strict.example/picture.svg: 200 ended
        document GET http://strict.example/framed: 307 ended
        document GET https://strict.example/framed: 200 ended
        document GET https://strict.example/strict: 200 ended
    "),
    shape("upgraded", "https://secure.example/upgraded", "
        GET https://secure.example/picture.svg: 200 ended
        document GET https://secure.example/upgraded: 200 ended
    "),
    // What fails has begun or not; an answer that is given up is told of with the error alone.
    shape("failures", "/failures http://localhost:REFUSED/ /cut /nothing /round", "
        GET /cut: 200 net::ERR_CONTENT_LENGTH_MISMATCH
        GET /nothing: net::ERR_EMPTY_RESPONSE, 2 times
        GET /round: 302 ended, 20 times
        GET /round: net::ERR_TOO_MANY_REDIRECTS
        GET /to-nothing: 302 ended
        GET http://localhost:3001/: net::ERR_CONNECTION_REFUSED
        document GET /cut: 200 net::ERR_CONTENT_LENGTH_MISMATCH
        document GET /failures: 200 ended
        document GET /nothing: net::ERR_EMPTY_RESPONSE
        document GET /round: 302 ended, 19 times
        document GET /round: net::ERR_TOO_MANY_REDIRECTS
        document GET http://localhost:3001/: net::ERR_CONNECTION_REFUSED
        document GET http://localhost:3001/frame: net::ERR_CONNECTION_REFUSED
    "),
    shape("aborts", "/aborts", "
        GET /never: net::ERR_ABORTED, 2 times
        GET /open: 200 net::ERR_ABORTED
        GET /to-never: 302 ended
        document GET /aborts: 200 ended
    "),
    // What a policy forbids is over, though Chromium has no error for some of it.
    shape("policy", "/policy", "
        GET /script.js: blocked: csp
        GET /to-elsewhere: 302 ended
        GET http://one.localhost:3000/picture.svg: blocked: csp, 2 times
        document GET /policy: 200 ended
    "),
    shape("mixed-content", "https://secure.example/mixed", "
        GET http://plain.example/script.js: blocked: mixed-content
        GET https://secure.example/picture.svg: 200 ended
        document GET https://secure.example/mixed: 200 ended
    "),
    shape("preflight", "/preflight", "
        GET http://one.localhost:3000/shared: 200 ended
        GET http://one.localhost:3000/text: net::ERR_FAILED
        GET http://one.localhost:3000/to-text: net::ERR_FAILED
        OPTIONS http://one.localhost:3000/shared: 200 ended
        OPTIONS http://one.localhost:3000/text: 200 ended
        OPTIONS http://one.localhost:3000/to-text: net::ERR_INVALID_REDIRECT
        document GET /preflight: 200 ended
    "),
    shape("cross-origin", "/cross-origin", "
        GET http://one.localhost:3000/page-for-no-picture: net::ERR_BLOCKED_BY_ORB
        GET http://one.localhost:3000/shared: 200 ended
        GET http://one.localhost:3000/text: 200 ended
        GET http://one.localhost:3000/text: net::ERR_FAILED
        document GET /cross-origin: 200 ended
    "),
    shape("integrity", "/integrity", "
        GET /script.js: 200 ended
        document GET /integrity: 200 ended
    "),
    shape("frame-denied", "/frame-denied", "
        document GET /frame-denied: 200 ended
        document GET /framed-nowhere: 200 net::ERR_BLOCKED_BY_RESPONSE
        document GET http://one.localhost:3000/framed-nowhere: 200 net::ERR_BLOCKED_BY_RESPONSE
    "),
    // Addresses without a server are answered by the browser.
    shape("data", "/data", "
        GET data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>: 200 ended
        GET data:text/javascript,1: 200 ended
        GET data:text/plain,1: 200 ended
        document GET /data: 200 ended
        document GET data:text/html,framed: 200 ended
    "),
    shape("blob", "/blob", "
        GET /shared: 200 ended
        GET blob:http://localhost:3000: 200 ended, 2 times
        GET blob:http://localhost:3000: net::ERR_FILE_NOT_FOUND
        document GET /blob: 200 ended
        document GET blob:http://localhost:3000: 200 ended
    "),
    // A document that is none is given up by the page: a file is an error, no content is an answer.
    shape("download", "/download /file", "
        document GET /download: 200 ended
        document GET /file: 200 net::ERR_ABORTED
        document GET /file?frame: 200 net::ERR_ABORTED
    "),
    shape("no-content", "/no-content /none /reset", "
        GET /none?fetch: 204 ended
        GET /reset?fetch: 205 ended
        document GET /no-content: 200 ended
        document GET /none: 204 ended
        document GET /none?frame: 204 ended
        document GET /reset: 205 ended
        document GET /reset?frame: 205 ended
    "),
    // What stays open is not waited for, and is over when its page is left. WebSockets are no requests.
    shape("websocket", "/websocket /other", "
        document GET /other: 200 ended
        document GET /websocket: 200 ended
    "),
    shape("event-stream", "/event-stream /other", "
        GET /events: 200 net::ERR_ABORTED
        GET /events?closed: 200 net::ERR_ABORTED
        document GET /event-stream: 200 ended
        document GET /other: 200 ended
    "),
    shape("media", "/media /other", "
        GET /film.webm: 200 net::ERR_ABORTED
        GET /text: 200 ended
        document GET /media: 200 ended
        document GET /other: 200 ended
    "),
    shape("locks", "/locks /locked", "
        GET /locked?fetch: 401 ended
        document GET /locked: 401 ended
        document GET /locks: 200 ended
    "),
    // What outlives its page is told of until the page is left.
    shape("beacons", "/beacons", "
        GET /never?kept: net::ERR_ABORTED
        GET /text?kept: net::ERR_ABORTED
        POST /none?beacon: 204 ended
        POST /text?beacon: net::ERR_ABORTED
        document GET /beacons: 200 ended
        document GET /other: 200 ended
    "),
    // Frames go, and documents with them.
    shape("frames", "/frames", "
        GET /picture.svg: 200 ended
        GET http://one.localhost:3000/picture.svg: 200 ended
        document GET /framed: 200 ended
        document GET /frames: 200 ended
        document GET /other: 200 ended
        document GET /to-page-again: 302 ended
        document GET /to-page: 302 ended
        document GET http://one.localhost:3000/framed: 200 ended
    "),
    shape("inline-frames", "/inline-frames", "
        GET /picture.svg: 200 ended
        document GET /inline-frames: 200 ended
    "),
    shape("frames-removed", "/frames-removed", "
        GET /never: net::ERR_ABORTED
        GET /never?fetch: net::ERR_ABORTED
        GET /never?picture: net::ERR_ABORTED
        GET /open?fetch: 200 net::ERR_ABORTED
        GET /to-never: 302 ended
        GET http://one.localhost:3000/never: net::ERR_ABORTED
        GET http://one.localhost:3000/never?fetch: net::ERR_ABORTED
        GET http://one.localhost:3000/never?picture: net::ERR_ABORTED
        GET http://one.localhost:3000/open?fetch: 200 net::ERR_ABORTED
        GET http://one.localhost:3000/to-never: 302 ended
        document GET /frames-removed: 200 ended
        document GET /hanging: 200 ended
        document GET /never?frame: net::ERR_ABORTED
        document GET http://one.localhost:3000/hanging: 200 ended
        document GET http://one.localhost:3000/never: net::ERR_ABORTED
        document GET http://one.localhost:3000/open: net::ERR_ABORTED
    "),
    shape("left-while-loading", "/hanging /hanging-script /other", "
        GET /never: net::ERR_ABORTED
        GET /never?fetch: net::ERR_ABORTED
        GET /never?picture: net::ERR_ABORTED
        GET /never?script: net::ERR_ABORTED
        GET /open?fetch: 200 net::ERR_ABORTED
        GET /to-never: 302 ended
        document GET /hanging-script: 200 ended
        document GET /hanging: 200 ended
        document GET /other: 200 ended
    "),
    shape("replaced", "/replaced", "
        document GET /never?first: net::ERR_ABORTED
        document GET /other: 200 ended
        document GET /replaced: 200 ended
    "),
    shape("stopped", "/stopped", "
        GET /never: net::ERR_ABORTED
        GET /open: 200 net::ERR_ABORTED
        document GET /stopped: 200 ended
    "),
    shape("rewritten", "/rewritten /other", "
        GET /never: net::ERR_ABORTED
        GET /picture.svg: 200 ended
        document GET /other: 200 ended
        document GET /rewritten: 200 ended
    "),
    // A worker's script is told of by its headers. What a worker that is gone asked for is over. Of shared workers Chromium
    // tells no more, so that of a script that failed nothing is heard until the page is left.
    shape("workers", "/workers /other", "
        GET /missing.js: 404 ended
        GET /never: the page was left, 2 times
        GET /text: 200 ended, 2 times
        GET /thread.js: 200 ended
        GET /to-thread: 200 ended
        document GET /other: 200 ended
        document GET /workers: 200 ended
    "),
    shape("shared-workers", "/shared-workers /shared-workers /other", "
        GET /immutable.js: 200 ended
        GET /immutable.js: the page was left
        GET /missing.js?shared: 404 ended, 2 times
        GET /nothing?shared: the page was left, 2 times
        GET /thread.js?shared: 200 ended, 2 times
        GET /to-thread?shared: 200 ended, 2 times
        document GET /other: 200 ended
        document GET /shared-workers: 200 ended, 2 times
    "),
    // What is no request of the web, or goes nowhere new.
    shape("other-schemes", "/other-schemes", "
        document GET /other-schemes: 200 ended
        document GET flowcheck-unknown:1: net::ERR_ABORTED
        document GET flowcheck-unknown:2: net::ERR_ABORTED
        document GET mailto:nobody@example.com: net::ERR_ABORTED
    "),
    shape("there-and-back", "/there-and-back", "
        GET /never: net::ERR_ABORTED
        document GET /back: 200 ended
        document GET /there-and-back: 200 ended, 2 times
    "),
    shape("within", "/within", "
        document GET /within: 200 ended
    "),
];
