//! A browser that flowcheck speaks with itself tells what chromedriver's BiDi tells of the same pages: hops, answers, messages that
//! vanish, what the browser keeps. A driver that somebody else started is asked for BiDi.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use flowcheck::browser::{
    Browser, BrowserError, Driver, Options, PageSnapshot, Remote, SiteAccess, Source, Timeouts, User, find,
};
use flowcheck::evidence::{Event, Hop, Recorder};
use libtest_mimic::{Failed, Trial};

const PATIENCE: Timeouts = Timeouts { page: Duration::from_secs(20), quiet: Duration::from_millis(800) };
const SECRET: &str = "the-verifier-0123456789abcdef";

/// Everything a document can do: frames of its own site and of another, what they fetch, and what fails.
const PAGE: &str = r#"<!DOCTYPE html><meta charset="utf-8"><title>Page</title>
<p>Page <a href="/elsewhere">Elsewhere</a> <a href="/none">Nothing</a> <a href="/file">File</a>
<form method="post" action="/sent"><button>Send</button></form>
<img src="/missing.png" alt=""><iframe src="/frame" title="own" width="400" height="80"></iframe>
<iframe src="http://two.localhost:PORT/frame?other" title="other" width="400" height="80"></iframe><script>
const message = document.createElement("p");
message.setAttribute("role", "alert");
message.textContent = "Gone in a moment";
document.body.append(message);
history.pushState({}, "", "/page?pushed");
fetch("/data").then(answer => answer.text()).then(() => setTimeout(() => {
  message.remove();
  document.body.append("Done");
}, 100));
</script>"#;

/// A trial.
pub(crate) fn trial() -> Trial {
    Trial::test("flowcheck hears of a browser what its driver tells", the_same_is_told)
}

fn the_same_is_told() -> Result<(), Failed> {
    let port = serve()?;
    let found = find(None, false, &std::env::var("PATH").unwrap_or_default())?;
    let folder = tempfile::tempdir()?;
    let (own, driver) = tokio::runtime::Runtime::new()?.block_on(async {
        let own = all_told((&found).into(), folder.path(), port).await?;
        let driver = Driver::start(&found, folder.path()).await?;
        let remote = Remote::new(driver.address(), None, None).expect("it is an address");
        let told = all_told(remote.into(), folder.path(), port).await;
        driver.stop().await;
        Ok::<_, BrowserError>((own, told?))
    })?;
    // Frames may come in any order; and of answers that have nothing to show, the driver says now this, now that.
    let told = |told: &[String]| {
        let mut told: Vec<_> =
            told.iter().filter(|line| !line.contains("/none") && !line.contains("/file")).cloned().collect();
        told.sort();
        told
    };
    let (by_own, by_driver) = (told(&own), told(&driver));
    let is_hop = |line: &&String| line.contains(" GET ") || line.contains(" POST ");
    let hops = |told: &[String]| told.iter().filter(is_hop).cloned().collect::<Vec<_>>().join("\n");
    assert_eq!(hops(&by_own), hops(&by_driver), "flowcheck's own telling, and the driver's");
    // Bodies of frames that have gone, the driver sometimes has not kept.
    let missing: Vec<_> = by_driver.iter().filter(|line| !by_own.contains(line)).collect();
    assert!(missing.is_empty(), "the driver alone tells {missing:?}");
    // Or two that tell of nothing would be alike.
    for due in [
        "vanished: Gone in a moment",
        "3 cookies",
        "Body(\"http://one.localhost:PORT/data\")",
        "Cookie { name: \"first\", http_only: true, set_by_server: Some(true) }",
        "Header { url: \"http://one.localhost:PORT/data\", name: \"x-passed\" }",
        "Navigation GET http://one.localhost:PORT/start 302 /page",
        "Redirect GET http://one.localhost:PORT/page 200",
        "Frame GET http://two.localhost:PORT/frame?other 200",
        "Navigation GET http://one.localhost:PORT/none 204",
        "Navigation GET http://one.localhost:PORT/file net::ERR_ABORTED",
        "Navigation POST http://one.localhost:PORT/sent 303 /elsewhere",
        "Navigation GET http://one.localhost:1/ net::ERR_UNSAFE_PORT",
    ] {
        let due = due.replace(":PORT", &format!(":{port}"));
        assert!(own.iter().any(|line| line.contains(&due)), "expected \"{due}\", saw\n{}", own.join("\n"));
    }
    Ok(())
}

async fn all_told(source: Source, folder: &std::path::Path, port: u16) -> Result<Vec<String>, BrowserError> {
    let browser = Browser::start(source, Options::default(), folder).await?;
    let recorder = Recorder::new();
    recorder.secret("code_verifier", SECRET);
    let mut user = browser.user("user", &recorder, None).await?;
    let origin: url::Url = format!("http://one.localhost:{port}/").parse().expect("it is an address");
    let cookies = vec![("passed".to_owned(), "yes".to_owned())];
    user.carry(&SiteAccess { origin, headers: vec![("X-Pass".to_owned(), "let me in".to_owned())], cookies }).await?;
    user.keep_answers().await;
    let mut told = Vec::new();
    let page = go(&mut user, port, "/start", "Done").await?;
    told.extend(page.page.alerts.iter().map(|alert| format!("vanished: {alert}")));
    click(&mut user, &page, "Nothing", "Page").await?;
    click(&mut user, &page, "File", "Page").await?;
    let elsewhere = click(&mut user, &page, "Send", "Elsewhere").await?;
    told.push(format!("status {:?}", elsewhere.page.status));
    user.go_back().await?;
    user.await_page(PATIENCE, |snapshot| snapshot.page.text.contains("Done")).await?;
    user.reload().await?;
    user.await_page(PATIENCE, |snapshot| snapshot.page.text.contains("Done")).await?;
    user.go_to("http://one.localhost:1/").await?;
    user.await_page(PATIENCE, |_| false).await?;
    go(&mut user, port, "/asks", "asked").await?;
    let search = user.search().await?;
    told.push(format!("{} cookies", search.cookies));
    let mut spots: Vec<_> = search.exposed.iter().map(|exposure| format!("exposed: {:?}", exposure.spot)).collect();
    spots.sort();
    told.extend(spots);
    let hops = recorder.since(0).into_iter().filter_map(|entry| match entry.event {
        Event::Hop(Hop { method, url, status, location, cause, error, .. }) => {
            let end = status.map(|status| status.to_string()).or(error).unwrap_or_default();
            Some(format!("{cause:?} {method} {url} {end} {}", location.unwrap_or_default()))
        }
        _ => None,
    });
    told.extend(hops);
    browser.stop().await;
    Ok(told)
}

async fn go(user: &mut User, port: u16, path: &str, until: &str) -> Result<PageSnapshot, BrowserError> {
    user.go_to(&format!("http://one.localhost:{port}{path}")).await?;
    user.await_page(PATIENCE, |snapshot| snapshot.page.text.contains(until)).await
}

async fn click(
    user: &mut User,
    snapshot: &PageSnapshot,
    name: &str,
    until: &str,
) -> Result<PageSnapshot, BrowserError> {
    let control = snapshot.control(|control| control.name == name).expect("the page has it");
    user.click(snapshot, control).await?;
    user.await_page(PATIENCE, |snapshot| snapshot.page.text.starts_with(until)).await
}

fn serve() -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    // It ends with the tests.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(&stream, port));
        }
    });
    Ok(port)
}

fn answer(mut stream: &TcpStream, port: u16) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut passed = "X-Refused";
    for line in lines {
        let line = line?.to_lowercase();
        if line == "x-pass: let me in" {
            passed = "X-Passed";
        }
        if line.is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let (status, header, body) = match path {
        "/start" => (
            "302 Found",
            "Location: /page\r\nSet-Cookie: first=SECRET; HttpOnly\r\nSet-Cookie: kept=SECRET; HttpOnly"
                .replace("SECRET", SECRET),
            String::new(),
        ),
        "/page" => ("200 OK", "Content-Type: text/html".to_owned(), PAGE.replace("PORT", &port.to_string())),
        "/frame" => (
            "200 OK",
            "Content-Type: text/html".to_owned(),
            "<!DOCTYPE html><p>Frame <script>fetch('/data').then(answer => answer.text())</script>".to_owned(),
        ),
        "/data" => ("200 OK", format!("Content-Type: text/plain\r\n{passed}: {SECRET}"), format!("data {SECRET}")),
        "/sent" => ("303 See Other", "Location: /elsewhere".to_owned(), String::new()),
        "/elsewhere" => (
            "200 OK",
            "Content-Type: text/html".to_owned(),
            "<!DOCTYPE html><title>Elsewhere</title><p>Elsewhere".to_owned(),
        ),
        "/none" => ("204 No Content", String::new(), String::new()),
        "/file" => (
            "200 OK",
            "Content-Type: application/octet-stream\r\nContent-Disposition: attachment".to_owned(),
            "file".to_owned(),
        ),
        "/asks" => (
            "200 OK",
            "Content-Type: text/html".to_owned(),
            "<!DOCTYPE html><p>asks<script>if (confirm('Really?')) document.body.append(' asked')</script>".to_owned(),
        ),
        _ => ("404 Not Found", String::new(), String::new()),
    };
    let header = if header.is_empty() { header } else { format!("{header}\r\n") };
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{header}Cache-Control: no-store\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
