//! The page reader against the corpus in `fixtures/pages`, in a real browser: what it takes each page for, how sure it is,
//! and which controls it finds. `make pages` prints the whole table.

mod answer;
mod host;
mod reading;
mod table;

use std::sync::Arc;
use std::time::{Duration, Instant};

use flowcheck::browser::{Browser, Options, Timeouts, find};
use flowcheck::evidence::Recorder;
use tokio::sync::Mutex;

use answer::Page;
use reading::Read;

/// Pages that are open side by side: most of the time is spent waiting for those that may still change.
const TABS: usize = 6;
/// As in a run, but for the quiet window, which is long enough for what the corpus renders last.
const PATIENCE: Timeouts = Timeouts { page: Duration::from_secs(15), quiet: Duration::from_millis(1700) };

#[tokio::test(flavor = "multi_thread")]
async fn the_page_reader_reads_the_corpus() {
    let wanted = std::env::var("FLOWCHECK_PAGES").unwrap_or_default();
    let pages: Vec<Page> = answer::pages().into_iter().filter(|page| page.name.contains(&wanted)).collect();
    let began = Instant::now();
    let read = read_all(pages).await;
    let table = table::Table::of(&read);
    println!("{table}\n{} pages in {:.0} s", read.len(), began.elapsed().as_secs_f32());
    if wanted.is_empty() {
        let complaints = table.complaints();
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }
}

#[test]
fn the_corpus_is_as_large_as_it_says() {
    let pages = answer::pages();
    assert!(pages.len() >= 120, "{} pages", pages.len());
    let rendered = pages.iter().filter(|page| page.is_rendered()).count();
    assert!(rendered * 3 >= pages.len(), "{rendered} of {} are rendered by real kits", pages.len());
    for kind in table::MAIN {
        let of_it = pages.iter().filter(|page| kind.is_on(page)).count();
        assert!(of_it >= 30, "{of_it} pages for {}", kind.name());
    }
}

async fn read_all(pages: Vec<Page>) -> Vec<Read> {
    let path = std::env::var("PATH").unwrap_or_default();
    let wanted = std::env::var("FLOWCHECK_BROWSER").ok();
    let found = find(wanted.as_deref(), false, &path).unwrap_or_else(|error| panic!("{error}"));
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let browser = Arc::new(Browser::start(&found, Options::default(), folder.path()).await.expect("a browser starts"));
    let host = host::open(&pages).await;
    let queue = Arc::new(Mutex::new(pages.into_iter().enumerate().collect::<Vec<_>>()));
    let mut tabs = Vec::new();
    for tab in 0..TABS {
        let (browser, queue, host) = (browser.clone(), queue.clone(), host.clone());
        tabs.push(tokio::spawn(async move {
            let mut user = browser.user(&format!("reader-{tab}"), &Recorder::new(), None).await.expect("a tab opens");
            let mut read = Vec::new();
            loop {
                let Some((number, page)) = queue.lock().await.pop() else { break };
                let address = format!("{host}/{number}");
                read.push((number, reading::read(&mut user, page, &address, PATIENCE).await));
            }
            user.close().await;
            read
        }));
    }
    let mut read = Vec::new();
    for tab in tabs {
        read.extend(tab.await.expect("a tab reads its pages"));
    }
    if let Ok(browser) = Arc::try_unwrap(browser) {
        browser.stop().await;
    }
    read.sort_by_key(|(number, _)| *number);
    read.into_iter().map(|(_, read)| read).collect()
}
