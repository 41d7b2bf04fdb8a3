//! The pages of the shapes, and what they ask for.

/// A request, as far as answers depend on it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
    pub(super) end: End,
    /// The `Link` header of a 103 that precedes it, where it can be sent.
    pub(super) early: Option<&'static str>,
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// As it promised.
    Whole,
    /// Before all that it promised came.
    Cut,
    /// Not at all: it begins, and its connection stays open.
    Open,
    /// It does not even begin; the connection stays open.
    Never,
    /// It does not even begin; the connection is closed.
    Nothing,
}

fn of(media_type: &str, body: &str) -> Answer {
    let headers = vec![("Content-Type", media_type.to_owned())];
    Answer { status: 200, headers, body: body.to_owned(), end: End::Whole, early: None }
}

fn page(body: &str) -> Answer {
    // No favicon, which only a full browser asks for.
    of("text/html", &format!("<!DOCTYPE html><link rel=icon href=data:,><title>Page</title><p>Page{body}"))
        .with("Cache-Control", "no-store")
}

/// A page that only runs a script, as a module, so that it can wait.
fn script(body: &str) -> Answer {
    page(&format!("<script type=module>{body}</script>"))
}

fn status(status: u16) -> Answer {
    Answer { status, ..of("text/plain", "") }
}

impl Answer {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    fn to(self, location: &str) -> Self {
        self.with("Location", location)
    }

    fn end(self, end: End) -> Self {
        Self { end, ..self }
    }
}

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const CSP: &str = "default-src 'self' 'unsafe-inline'; img-src 'self'; script-src 'unsafe-inline'; connect-src 'none'; frame-src 'none'";

/// Answers a request; `:PORT` and `:REFUSED` stand for the site's ports.
pub(super) fn answer(request: &Request) -> Answer {
    let path = request.path.split('?').next().unwrap_or_default();
    let may_share = |answer: Answer| answer.with("Access-Control-Allow-Origin", "*");
    match path {
        // What many shapes ask for.
        "/text" => of("text/plain", "text").with("Set-Cookie", "text=1"),
        "/shared" => may_share(of("text/plain", "text").with("Access-Control-Allow-Headers", "x-asked")),
        "/script.js" | "/kept.js" => of("text/javascript", "window.there = 1"),
        "/picture.svg" => of("image/svg+xml", SVG).with("Cache-Control", "no-store"),
        "/immutable.js" => of("text/javascript", "window.there = 1").with("Cache-Control", IMMUTABLE),
        "/immutable.css" => of("text/css", "p { color: green }").with("Cache-Control", IMMUTABLE),
        "/immutable.svg" => of("image/svg+xml", SVG).with("Cache-Control", IMMUTABLE),
        "/immutable.txt" => of("text/plain", "text").with("Cache-Control", IMMUTABLE),
        "/tagged.js" | "/tagged" if request.header("if-none-match").is_some() => {
            status(304).with("ETag", "\"1\"").with("X-Validated", "yes")
        }
        "/tagged.js" => {
            of("text/javascript", "window.there = 1").with("ETag", "\"1\"").with("Cache-Control", "no-cache")
        }
        "/tagged" => page("<script src=/tagged.js></script>").with("ETag", "\"1\"").with("Cache-Control", "no-cache"),
        "/other" => page(" other"),
        "/framed" => page(" framed <img src=/picture.svg>"),
        "/never" => of("text/plain", "").end(End::Never),
        "/nothing" => of("text/plain", "").end(End::Nothing),
        "/cut" => of("text/plain", "cut").end(End::Cut),
        "/open" => of("text/plain", "open").end(End::Open),
        "/none" => status(204),
        "/reset" => status(205),
        "/file" => of("application/octet-stream", "file").with("Content-Disposition", "attachment"),
        "/to-page" => status(302).to("/to-page-again").with("Set-Cookie", "hop=1"),
        "/to-page-again" => status(302).to("/other"),
        "/to-text" => may_share(status(302).to("/shared")),
        "/to-text-kept" => may_share(status(301).to("/shared").with("Cache-Control", IMMUTABLE)),
        "/to-page-kept" => status(301).to("/other").with("Cache-Control", IMMUTABLE),
        "/to-never" => status(302).to("/never"),
        "/round" => status(302).to("/round"),
        "/post-again" => status(307).to("/posted"),
        "/posted" => page(" posted"),
        "/locked" => status(401).with("WWW-Authenticate", "Basic realm=\"site\""),
        "/events" => of("text/event-stream", "data: 1\n\n").end(End::Open),
        "/film.webm" => of("video/webm", "no film").end(End::Open),
        "/framed-nowhere" => page(" framed").with("X-Frame-Options", "DENY"),

        "/memory-cache" => page(
            "<link rel=stylesheet href=/immutable.css><img src=/immutable.svg><script src=/immutable.js></script>\
             <script src=/immutable.js></script>",
        ),
        "/disk-cache" => script("await (await fetch('/immutable.txt')).text(); await (await fetch('/immutable.txt')).text()"),
        "/only-if-cached" => script(
            "const ask = () => fetch('/text?cached', { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => 0);\
             await ask()",
        ),
        "/service-worker" => script(
            "navigator.serviceWorker.register('/worker.js');\
             if (!navigator.serviceWorker.controller)\
               await new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done));\
             for (const path of ['/made', '/kept.js', '/text', '/refused-by-worker'])\
               await fetch(path).then(answer => answer.text()).catch(() => 0);\
             const image = new Image(); image.src = '/picture.svg'; document.body.append(image)",
        ),
        "/worker.js" => of("text/javascript", SERVICE_WORKER).with("Cache-Control", "no-store"),
        "/preload" => page(
            "<link rel=preload href=/immutable.js as=script><link rel=preload href=/text?unused as=fetch crossorigin>\
             <link rel=modulepreload href=/script.js><script src=/immutable.js></script>\
             <script type=module src=/script.js></script>",
        ),
        "/redirects" => script(
            "await fetch('/to-text').then(answer => answer.text());\
             const image = new Image(); image.src = '/to-picture'; document.body.append(image);\
             image.onload = () => location = '/to-page'",
        ),
        "/to-picture" => status(302).to("/picture.svg"),
        "/posts" => page("<form method=post action=/post-again><input name=a value=b></form><script>document.forms[0].submit()</script>"),
        "/kept-redirects" => script("for (const _ of [1, 2]) await fetch('/to-text-kept').then(answer => answer.text())"),
        "/failures" => script(
            "for (const url of ['http://localhost:REFUSED/', '/nothing', '/cut', '/round', '/to-nothing'])\
               await fetch(url).then(answer => answer.text()).catch(() => 0);\
             const frame = document.createElement('iframe'); frame.src = 'http://localhost:REFUSED/frame'; document.body.append(frame)",
        ),
        "/to-nothing" => status(302).to("/nothing"),
        "/aborts" => script(
            "for (const [path, wait] of [['/never', 0], ['/open', 1], ['/to-never', 0]]) {\
               const control = new AbortController();\
               const asked = fetch(path, { signal: control.signal });\
               if (wait) await asked; else await new Promise(done => setTimeout(done, 200));\
               control.abort(); await asked.then(answer => answer.text()).catch(() => 0);\
             }",
        ),
        "/policy" => page(
            "<img src=http://one.localhost:PORT/picture.svg><script src=/script.js></script><iframe src=/framed></iframe>\
             <script>const image = new Image(); image.src = '/to-elsewhere'; fetch('/text').catch(() => 0)</script>",
        )
        .with("Content-Security-Policy", CSP),
        "/to-elsewhere" => status(302).to("http://one.localhost:PORT/picture.svg"),
        "/mixed" => page(
            "<img src=http://secure.example/picture.svg><script src=http://plain.example/script.js></script>\
             <iframe src=http://plain.example/framed></iframe>",
        ),
        "/preflight" => script(
            "for (const path of ['/shared', '/text', '/to-text'])\
               await fetch('http://one.localhost:PORT' + path, { headers: { 'x-asked': '1' } }).then(answer => answer.text()).catch(() => 0)",
        ),
        "/cross-origin" => script(
            "for (const path of ['/shared', '/text'])\
               await fetch('http://one.localhost:PORT' + path).then(answer => answer.text()).catch(() => 0);\
             await fetch('http://one.localhost:PORT/text', { mode: 'no-cors' });\
             const image = new Image(); image.src = 'http://one.localhost:PORT/page-for-no-picture'; document.body.append(image)",
        ),
        "/page-for-no-picture" => page("").with("X-Content-Type-Options", "nosniff"),
        "/integrity" => page("<script src=/script.js integrity=sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=></script>"),
        "/data" => page(
            "<img src='data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>'>\
             <iframe src='data:text/html,framed'></iframe><script src='data:text/javascript,1'></script>\
             <script>fetch('data:text/plain,1')</script>",
        ),
        "/blob" => script(
            "const blob = (text, type) => URL.createObjectURL(new Blob([text], { type }));\
             await fetch(blob('text', 'text/plain')).then(answer => answer.text());\
             const frame = document.createElement('iframe'); frame.src = blob('framed', 'text/html'); document.body.append(frame);\
             new Worker(blob('fetch(\"http://localhost:PORT/shared\")', 'text/javascript'));\
             URL.revokeObjectURL(1); await fetch('blob:http://localhost:PORT/gone').catch(() => 0)",
        ),
        "/download" => page("<iframe src=/file?frame></iframe><a href=/text download>File</a><script>document.links[0].click()</script>"),
        "/no-content" => page(
            "<iframe src=/none?frame></iframe><iframe src=/reset?frame></iframe><script>fetch('/none?fetch'); fetch('/reset?fetch')</script>",
        ),
        "/early-hints" => Answer {
            early: Some("</script.js?hinted>; rel=preload; as=script, </script.js?unused>; rel=preload; as=script"),
            ..page("<script src=/script.js?hinted></script>")
        },
        "/websocket" => script(
            "for (const path of ['/socket', 'REFUSED']) await new Promise(done => {\
               const socket = new WebSocket(path == '/socket' ? 'ws://localhost:PORT/socket' : 'ws://localhost:REFUSED/');\
               socket.onopen = () => socket.close(); socket.onclose = socket.onerror = done;\
             });\
             new WebSocket('ws://localhost:PORT/socket')",
        ),
        "/event-stream" => script("new EventSource('/events'); const closed = new EventSource('/events?closed'); closed.onmessage = () => closed.close()"),
        "/media" => page("<video src=/film.webm preload=auto></video><audio src=/text></audio>"),
        "/prefetch" => page(
            "<link rel=prefetch href=/text?prefetched><script type=speculationrules>{ \"prefetch\": [{ \"urls\": [\"/other?guessed\"], \"eagerness\": \"immediate\" }] }</script>",
        ),
        "/prerender" => page(
            "<script type=speculationrules>{ \"prerender\": [{ \"urls\": [\"/framed?guessed\"], \"eagerness\": \"immediate\" }] }</script>\
             <script>setTimeout(() => location = '/framed?guessed', 500)</script>",
        ),
        "/locks" => script("await fetch('/locked?fetch').then(answer => answer.text())"),
        "/beacons" => script(
            "addEventListener('pagehide', () => { navigator.sendBeacon('/text?beacon', '1'); fetch('/text?kept', { keepalive: true }) });\
             fetch('/never?kept', { keepalive: true }).catch(() => 0);\
             navigator.sendBeacon('/none?beacon', '1'); setTimeout(() => location = '/other', 300)",
        ),
        "/frames-removed" => page(
            "<iframe src=/never?frame></iframe><iframe src=/hanging></iframe><iframe src=http://one.localhost:PORT/never></iframe>\
             <iframe src=http://one.localhost:PORT/hanging></iframe><iframe src=http://one.localhost:PORT/open></iframe>\
             <script>setTimeout(() => { for (const frame of [...document.querySelectorAll('iframe')]) frame.remove() }, 500)</script>",
        ),
        "/hanging" => page(
            "<img src=/never?picture><script>fetch('/never?fetch').catch(() => 0); fetch('/open?fetch'); fetch('/to-never').catch(() => 0)</script>",
        ),
        "/hanging-script" => page("<script src=/never?script></script>"),
        "/replaced" => script("location = '/never?first'; setTimeout(() => location = '/other', 300)"),
        "/stopped" => page("<img src=/never><script>fetch('/open'); setTimeout(() => window.stop(), 300)</script>"),
        "/rewritten" => page(
            "<img src=/never><script>setTimeout(() => { document.open(); document.write('<p>New <img src=/picture.svg>'); document.close() }, 300)</script>",
        ),
        "/strict" => page("").with("Strict-Transport-Security", "max-age=1000"),
        "/upgraded" => page("<img src=http://secure.example/picture.svg>")
            .with("Content-Security-Policy", "upgrade-insecure-requests"),
        "/workers" => script(
            "const worker = new Worker('/thread.js'); worker.onmessage = () => { worker.terminate() };\
             new Worker('/missing.js'); new Worker('/to-thread')",
        ),
        "/shared-workers" => script(
            "for (const path of ['/immutable.js', '/thread.js?shared', '/missing.js?shared', '/to-thread?shared', '/nothing?shared'])\
               new SharedWorker(path)",
        ),
        "/to-thread" => status(302).to("/thread.js?redirected"),
        "/thread.js" => of(
            "text/javascript",
            "fetch('/never').catch(() => 0); fetch('/text').then(answer => answer.text()).then(() => self.postMessage?.(1))",
        ),
        "/other-schemes" => script(
            "location = 'mailto:nobody@example.com'; setTimeout(() => location = 'flowcheck-unknown:1', 300);\
             const frame = document.createElement('iframe'); frame.src = 'flowcheck-unknown:2'; document.body.append(frame)",
        ),
        "/frame-denied" => page("<iframe src=/framed-nowhere></iframe><iframe src=http://one.localhost:PORT/framed-nowhere></iframe>"),
        "/inline-frames" => page("<iframe srcdoc='<img src=/picture.svg>'></iframe><iframe></iframe><iframe src=about:blank></iframe><iframe src='javascript:1'></iframe>"),
        "/frames" => page("<iframe src=/framed></iframe><iframe src=http://one.localhost:PORT/framed></iframe><iframe src=/to-page></iframe>"),
        "/there-and-back" => script(
            "if (!sessionStorage.been) { sessionStorage.been = 1; fetch('/never').catch(() => 0); setTimeout(() => location = '/back', 300) }",
        ),
        "/back" => page("<script>setTimeout(() => history.back(), 300)</script>"),
        "/loaded-again" => page(
            "<script src=/immutable.js></script><img src=/immutable.svg><script>if (!sessionStorage.been) { sessionStorage.been = 1; setTimeout(() => location.reload(), 300) }</script>",
        ),
        "/within" => script("history.pushState({}, '', '/within?pushed'); location.hash = 'part'; setTimeout(() => history.back(), 200)"),
        "/twice" => page("<img src=/picture.svg><img src=/picture.svg><script src=/script.js></script><script src=/script.js></script>"),
        _ => status(404),
    }
}

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";

/// Makes an answer itself, keeps one, refuses one, and leaves the rest to the network.
const SERVICE_WORKER: &str = "\
addEventListener('install', event => event.waitUntil(\
  caches.open('kept').then(cache => cache.addAll(['/kept.js'])).then(() => skipWaiting())));\
addEventListener('activate', event => event.waitUntil(clients.claim()));\
addEventListener('fetch', event => {\
  const path = new URL(event.request.url).pathname;\
  if (path == '/made') event.respondWith(new Response('made'));\
  else if (path == '/kept.js') event.respondWith(caches.match('/kept.js'));\
  else if (path == '/refused-by-worker') event.respondWith(Response.error());\
  else if (path != '/picture.svg') event.respondWith(fetch(event.request));\
});";
