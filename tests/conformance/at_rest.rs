//! How many looks at a page end by its deadline, because the page seems busy without end. Counted, not timed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flowcheck::browser::{Browser, BrowserError, Options, Timeouts, find};
use flowcheck::evidence::Recorder;
use libtest_mimic::{Failed, Trial};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

const PATIENCE: Timeouts = Timeouts { page: Duration::from_secs(20), quiet: Duration::from_millis(300) };
const VISITS: usize = 4;

/// What a page has in it, and how many of the visits to it end by the deadline.
const PAGES: &[(&str, &str, usize)] = &[
    ("/cached", "<link rel=stylesheet href=/kept.css><img src=/kept.svg alt=''><script src=/kept.js></script>", 0),
    ("/events", "<script>new EventSource('/stream')</script>", 0),
    (
        "/film",
        "<script>onload = () => { const film = document.createElement('video'); film.preload = 'auto'; film.src = '/film.webm'; document.body.append(film) }</script>",
        0,
    ),
    ("/stopped", "<img src=/hangs alt=''><script>setTimeout(() => stop(), 100)</script>", 0),
    (
        "/script-forbidden",
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\"><script src=/kept.js></script>",
        0,
    ),
    ("/shared-worker", "<script>new SharedWorker('/kept.js')</script>", 0),
    (
        "/frame-removed",
        "<iframe src=/hangs title=''></iframe><script>setTimeout(() => document.querySelector('iframe').remove(), 100)</script>",
        0,
    ),
    // Or a count of none would say nothing. The request that was held open once is not waited for again.
    ("/busy", "<script>fetch('/hangs')</script>", 1),
];

/// A trial.
pub(crate) fn trial() -> Trial {
    Trial::test("pages whose parts are cached, stream or are given up come to rest by themselves", by_themselves)
}

/// Counts how often a page that is busy still was taken as it is.
#[derive(Debug, Clone, Default)]
struct GivenUp(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for GivenUp {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().name() == "taken_while_busy" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn by_themselves() -> Result<(), Failed> {
    let port = serve()?;
    let found = find(None, false, &std::env::var("PATH").unwrap_or_default())?;
    let folder = tempfile::tempdir()?;
    let given_up = GivenUp::default();
    let subscriber = tracing_subscriber::registry().with(given_up.clone());
    // One thread, which is the one that the subscriber is for.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let counts = tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let browser = Browser::start(&found, Options::default(), folder.path()).await?;
            let mut counts = Vec::new();
            for (path, _, _) in PAGES {
                let mut user = browser.user("user", &Recorder::new(), None).await?;
                let before = given_up.0.load(Ordering::Relaxed);
                for _ in 0..VISITS {
                    user.go_to(&format!("http://localhost:{port}{path}")).await?;
                    // Nothing is enough, so that it is the page that says when it is at rest.
                    user.await_page(PATIENCE, |_| false).await?;
                }
                counts.push((*path, given_up.0.load(Ordering::Relaxed) - before));
                user.close().await;
            }
            browser.stop().await;
            Ok::<_, BrowserError>(counts)
        })
    })?;
    let due: Vec<_> = PAGES.iter().map(|(path, _, count)| (*path, *count)).collect();
    assert_eq!(counts, due, "looks of {VISITS} that ended by the deadline");
    Ok(())
}

fn serve() -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    // It ends with the tests.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(&stream));
        }
    });
    Ok(port)
}

fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let path = first.split(' ').nth(1).unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let page = PAGES.iter().find(|(page, _, _)| *page == path).map(|(_, body, _)| {
        let body = format!("<!DOCTYPE html><link rel=icon href=data:,><title>Page</title><p>Page{body}");
        ("text/html", body, false)
    });
    let (kind, body, is_open) = page.unwrap_or_else(|| match path {
        "/kept.js" => ("text/javascript", "self.kept = 1".to_owned(), false),
        "/kept.css" => ("text/css", "p { color: green }".to_owned(), false),
        "/stream" => ("text/event-stream", "data: 1\n\n".to_owned(), true),
        "/film.webm" => ("video/webm", "no film".to_owned(), true),
        _ => ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>".to_owned(), false),
    });
    if path == "/hangs" {
        return stream.read(&mut [0]).map(drop);
    }
    let kept = if path.starts_with("/kept") { "public, max-age=31536000, immutable" } else { "no-store" };
    let length = if is_open { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nCache-Control: {kept}\r\n{length}Connection: close\r\n\r\n{body}"
    )?;
    if is_open { stream.read(&mut [0]).map(drop) } else { Ok(()) }
}
