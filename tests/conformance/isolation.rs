//! What one user's browser keeps is not there for the next: nothing of any origin, also where the next one's context was made
//! before the first one acted, as flowcheck does with the scenario that comes next.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flowcheck::browser::{Browser, BrowserError, Options, Timeouts, User, find};
use flowcheck::evidence::Recorder;
use libtest_mimic::{Failed, Trial};

const PATIENCE: Timeouts = Timeouts { page: Duration::from_secs(20), quiet: Duration::from_secs(3) };
/// Names of two sites; ports are shared by both.
const SITES: [&str; 2] = ["one.localhost", "two.localhost"];
const EVERYTHING: &str = "found cookie, local storage, session storage, cache, database, worker, answer";

/// Keeps something in each of the places in which a page can keep anything.
const KEEP: &str = r#"<!DOCTYPE html><title>Keep</title><p>waiting<script>
(async () => {
  document.cookie = "kept=1; Max-Age=3600; Path=/";
  localStorage.kept = sessionStorage.kept = "1";
  await (await caches.open("kept")).put("/kept", new Response("1"));
  await new Promise(opened => { indexedDB.open("kept").onsuccess = opened; });
  await navigator.serviceWorker.register("/worker.js");
  await navigator.serviceWorker.ready;
  await (await fetch("/counted")).text();
  document.querySelector("p").textContent = "all is kept";
})().catch(error => { document.querySelector("p").textContent = `failed: ${error}`; });
</script>"#;

/// Says what it finds there. An answer that was not asked for again is the first, which the user before had.
const FIND: &str = r#"<!DOCTYPE html><title>Find</title><p>waiting<script>
(async () => {
  const found = [];
  if (document.cookie) found.push("cookie");
  if (localStorage.length) found.push("local storage");
  if (sessionStorage.length) found.push("session storage");
  if ((await caches.keys()).length) found.push("cache");
  if ((await indexedDB.databases()).length) found.push("database");
  if ((await navigator.serviceWorker.getRegistrations()).length) found.push("worker");
  if ((await (await fetch("/counted")).text()) === "1") found.push("answer");
  document.querySelector("p").textContent = `found ${found.join(", ") || "nothing"}`;
})().catch(error => { document.querySelector("p").textContent = `failed: ${error}`; });
</script>"#;

/// A trial.
pub(crate) fn trial() -> Trial {
    Trial::test("a user finds nothing that another one's browser kept", nothing_is_found)
}

fn nothing_is_found() -> Result<(), Failed> {
    let port = serve()?;
    let found = find(None, false, &std::env::var("PATH").unwrap_or_default())?;
    let folder = tempfile::tempdir()?;
    let (own, ahead, after) = tokio::runtime::Runtime::new()?.block_on(async {
        let browser = Browser::start(&found, Options::default(), folder.path()).await?;
        let recorder = Recorder::new();
        let mut first = browser.user("first", &recorder, None).await?;
        let mut ahead = browser.user("made ahead", &recorder, None).await?;
        for site in SITES {
            let kept = read(&mut first, &format!("http://{site}:{port}/keep")).await?;
            assert_eq!(kept, "all is kept", "{site}");
        }
        let own = finds(&mut first, port).await?;
        let by_ahead = finds(&mut ahead, port).await?;
        first.close().await;
        let mut after = browser.user("after", &recorder, None).await?;
        let by_after = finds(&mut after, port).await?;
        browser.stop().await;
        Ok::<_, BrowserError>((own, by_ahead, by_after))
    })?;
    // Or nothing would be shown by what the others do not find.
    assert_eq!(own, [EVERYTHING; 2], "the user whose it is");
    assert_eq!(ahead, ["found nothing"; 2], "a user whose context was made before");
    assert_eq!(after, ["found nothing"; 2], "a user who came after");
    Ok(())
}

async fn finds(user: &mut User, port: u16) -> Result<[String; 2], BrowserError> {
    let [one, two] = SITES.map(|site| format!("http://{site}:{port}/find"));
    Ok([read(user, &one).await?, read(user, &two).await?])
}

/// The text of a page, once it is done.
async fn read(user: &mut User, address: &str) -> Result<String, BrowserError> {
    user.go_to(address).await?;
    let snapshot =
        user.await_page(PATIENCE, |snapshot| !snapshot.page.text.is_empty() && snapshot.page.text != "waiting").await?;
    Ok(snapshot.page.text)
}

fn serve() -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let counted = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
    // It ends with the tests.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let counted = Arc::clone(&counted);
            std::thread::spawn(move || answer(&stream, &counted));
        }
    });
    Ok(port)
}

fn answer(mut stream: &TcpStream, counted: &[AtomicU32; 2]) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut site = 0;
    for line in lines {
        let line = line?;
        site = if line.to_lowercase().starts_with("host: two.") { 1 } else { site };
        if line.is_empty() {
            break;
        }
    }
    let (media_type, caching, body) = match first.split(' ').nth(1).unwrap_or_default() {
        "/keep" => ("text/html", "no-store", KEEP.to_owned()),
        "/find" => ("text/html", "no-store", FIND.to_owned()),
        "/worker.js" => ("text/javascript", "no-store", "// It only is there.".to_owned()),
        "/counted" => ("text/plain", "max-age=3600", (counted[site].fetch_add(1, Ordering::Relaxed) + 1).to_string()),
        _ => ("text/plain", "no-store", String::new()),
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nCache-Control: {caching}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
}
