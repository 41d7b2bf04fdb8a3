//! What `fuzz/` does with any bytes, and tests do with the seeds kept there.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::letter::may_be_secret;
use super::{Letter, session};
use crate::evidence::Recorder;

/// A message: the code in it, and what may be a secret in its links, are not in what is recorded.
///
/// # Panics
///
/// Where that is not so.
pub fn mail(message: &[u8]) {
    let letter = Letter::read("app@shop.example", &["ada@harbour.example".to_owned()], message);
    let kept = letter.seen(&Recorder::with_key(b"a key", None));
    let texts = || [&kept.subject, &kept.text].into_iter();
    if let Some(code) = letter.code() {
        assert!((4..=8).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()), "{code:?}");
        for text in texts() {
            let words = outside_marks(text);
            let number = |one: &&str| {
                words.iter().any(|words| words.split(|one: char| !one.is_ascii_alphanumeric()).any(|word| word == *one))
            };
            assert!(!number(&code.as_str()), "{code} in {text:?}");
        }
    }
    for link in &letter.links {
        let Ok(url) = url::Url::parse(&link.href) else { continue };
        for value in url.query_pairs().map(|(_, value)| value.into_owned()).filter(|value| may_be_secret(value)) {
            let is_part = |one: char| one.is_ascii_alphanumeric() || "-_.~".contains(one);
            for text in texts().chain(kept.links.iter().flat_map(|link| [&link.href, &link.words])) {
                let found = text
                    .match_indices(&value)
                    .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + value.len()..].starts_with(is_part));
                assert!(!found, "{value:?} in {text:?}");
            }
        }
    }
}

/// What a text says outside of the marks that stand for secrets.
fn outside_marks(text: &str) -> Vec<&str> {
    text.split('‹')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once('›').map_or("", |(_, rest)| rest) })
        .collect()
}

/// All that a client says on one SMTP connection: each reply is one, and a message is taken only after it was let in.
///
/// # Panics
///
/// Where that is not so.
pub fn smtp(said: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let taken = Arc::new(Mutex::new(Vec::new()));
    let replies = runtime.block_on(async {
        let (mut client, server) = tokio::io::duplex(1 << 20);
        let kept = Arc::clone(&taken);
        let take = move |_: &str, to: &[String], message: &[u8]| {
            kept.lock().expect("nobody panics").push((to.len(), message.len()));
        };
        let serving = session::serve(server, IpAddr::from(Ipv4Addr::LOCALHOST), take);
        let talking = async {
            // The session may be over already.
            let _ = client.write_all(said).await;
            let _ = client.shutdown().await;
            let mut replies = Vec::new();
            client.read_to_end(&mut replies).await.expect("a pipe of this process can be read");
            replies
        };
        tokio::join!(serving, talking).1
    });
    let replies = String::from_utf8(replies).expect("a reply is text");
    let code = |line: &str| line.len() >= 4 && line[..3].bytes().all(|byte| byte.is_ascii_digit());
    assert!(replies.lines().all(code), "{replies:?}");
    let let_in = replies.lines().filter(|line| line.starts_with("354")).count();
    let taken = taken.lock().expect("nobody panics");
    assert!(taken.len() <= let_in && taken.iter().all(|(to, bytes)| *to > 0 && *bytes <= said.len()), "{taken:?}");
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/play_seeds.rs"));

    #[test]
    fn seeds_hold() {
        play_seeds("mail", super::mail);
        play_seeds("smtp", super::smtp);
    }
}
