//! Looking for secrets in all that a user's browser received and keeps.

use std::borrow::Cow;
use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::browser::page::navigation::navigation_tracker::MOST_RECEIVED;
use crate::browser::page::navigation::network_event::Received;
use crate::browser::user::Context;
use crate::browser::{BrowserError, User};
use crate::evidence::{Exposure, Location, Recorder, Search};

/// Secrets that belong on the app's server; codes and states pass through the browser by design.
const THE_SERVERS: [&str; 4] = ["client_secret", "access_token", "refresh_token", "code_verifier"];
/// Bytes of answers that the browser is asked to keep.
const KEPT: u32 = 20_000_000;
/// Encoded values shorter than this hold no secret worth looking for.
const SHORTEST_ENCODED: usize = 16;
/// How often an encoded value is looked into that holds another.
const DEEPEST: usize = 3;
/// Bytes that are unpacked of what is compressed in one text, and in all texts of a search. What is compressed once more counts too, so
/// that a bomb of bombs ends as early.
const MOST_UNPACKED: u64 = 8_000_000;
const MOST_UNPACKED_IN_ALL: u64 = 64_000_000;

/// What the page in front of the user keeps in the browser.
const STORED: &str = r"
const all = [];
for (const store of [localStorage, sessionStorage]) {
  for (let at = 0; at < store.length; at++) all.push([store.key(at), store.getItem(store.key(at))]);
}
return all;
";

impl User {
    /// From now on keeps what the browser receives, for [`search`](Self::search). Does nothing where the driver cannot.
    pub async fn keep_answers(&mut self) {
        let Some(Context { bidi, user, .. }) = &self.context else { return };
        let wanted = json!({ "dataTypes": ["response"], "maxEncodedDataSize": KEPT, "userContexts": [user] });
        match bidi.send("network.addDataCollector", &wanted).await {
            Ok(answer) => {
                self.collector = answer["collector"].as_str().map(str::to_owned);
                self.windows.keep_answers();
            }
            Err(error) => tracing::debug!(%error, "the driver keeps no answers"),
        }
    }

    /// Looks for secrets in what the browser received since [`keep_answers`](Self::keep_answers), in its cookies, and in what
    /// the page in front of the user keeps.
    pub async fn search(&self) -> Result<Search, BrowserError> {
        let mut found = Found::new(&self.recorder, self.label());
        let (Some(context), Some(collector)) = (&self.context, &self.collector) else {
            found.search.impossible = Some("the driver gives no bodies of answers (WebDriver BiDi getData)".to_owned());
            return Ok(found.search);
        };
        let all = self.windows.received();
        for (index, received) in all.iter().enumerate() {
            let url = self.recorder.redact(&received.url);
            found.search.addresses += 1;
            found.look(&received.url, &Location::Address(url.clone()));
            found.headers(received, &url);
            // A redirect keeps its request's id, under which only the last answer's body is to be had.
            if all[index + 1..].iter().any(|later| later.request == received.request) {
                continue;
            }
            let wanted = json!({ "dataType": "response", "collector": collector, "request": received.request });
            match context.bidi.send("network.getData", &wanted).await {
                Ok(answer) => {
                    found.search.bodies += 1;
                    found.look(&text(&answer["bytes"]), &Location::Body(url));
                }
                // An answer may have none.
                Err(BrowserError::Bidi { .. }) => found.search.unread += 1,
                Err(error) => return Err(error),
            }
        }
        // A driver may leave out headers; an answer too many is not kept.
        let heard_all = context.bidi.is_direct() && all.len() < MOST_RECEIVED;
        let partition = json!({ "partition": { "type": "context", "context": context.tab } });
        let answer = context.bidi.send("storage.getCookies", &partition).await?;
        for cookie in answer["cookies"].as_array().into_iter().flatten() {
            found.search.cookies += 1;
            let name = cookie["name"].as_str().unwrap_or_default().to_owned();
            let http_only = cookie["httpOnly"].as_bool().unwrap_or_default();
            let set_by_server = kept_by(http_only, heard_all);
            found.look(&text(&cookie["value"]), &Location::Cookie { name, http_only, set_by_server });
        }
        let stored = self.command("read storage", |client| async move { client.execute(STORED, vec![]).await }).await;
        let url = self.before.as_ref().map(|before| self.recorder.redact(&before.url)).unwrap_or_default();
        // A page may be one that may keep nothing; then there is nothing.
        for pair in stored.iter().filter_map(Value::as_array).flatten() {
            found.search.stored += 1;
            let key = pair[0].as_str().unwrap_or_default().to_owned();
            found.look(pair[1].as_str().unwrap_or_default(), &Location::Storage { key, url: url.clone() });
        }
        Ok(found.search)
    }
}

struct Found<'a> {
    recorder: &'a Recorder,
    search: Search,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl<'a> Found<'a> {
    fn new(recorder: &'a Recorder, user: &str) -> Self {
        Self { recorder, search: Search { user: user.to_owned(), ..Search::default() }, left: MOST_UNPACKED_IN_ALL }
    }

    fn headers(&mut self, received: &Received, url: &str) {
        for (name, value) in &received.headers {
            if !name.eq_ignore_ascii_case("set-cookie") {
                self.look(value, &Location::Header { url: url.to_owned(), name: name.to_lowercase() });
                continue;
            }
            // Some drivers put several cookies into one header, each on a line.
            for cookie in value.lines() {
                let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
                let (name, value) = pair.split_once('=').unwrap_or(("", pair));
                let http_only = attributes.split(';').any(|word| word.trim().eq_ignore_ascii_case("httponly"));
                let spot = Location::Cookie { name: name.trim().to_owned(), http_only, set_by_server: Some(true) };
                self.look(value, &spot);
            }
        }
    }

    /// Looks at a text as it is, and at what is encoded in it.
    fn look(&mut self, text: &str, spot: &Location) {
        let most = self.left.min(MOST_UNPACKED);
        let exposed = &mut self.search.exposed;
        let (unpacked, is_cut) = each_form(text, most, &mut |form| {
            for (label, secret) in self.recorder.secrets_in(form) {
                let exposure = Exposure { label: label.to_owned(), secret, spot: spot.clone() };
                if THE_SERVERS.contains(&label) && !exposed.iter().any(|known| is_known(known, &exposure)) {
                    exposed.push(exposure);
                }
            }
        });
        self.left -= unpacked;
        self.search.packed += usize::from(is_cut);
    }
}

/// How many secrets a value holds, and whether all of it was looked at.
#[cfg(any(test, fuzzing))]
pub(super) fn exposed_in(value: &str, recorder: &Recorder) -> (usize, bool) {
    let mut found = Found::new(recorder, "user");
    found.look(value, &Location::Address("here".to_owned()));
    (found.search.exposed.len(), found.search.packed == 0)
}

/// Whether a server set a cookie of the browser that no answer is known to have set; none where that cannot be told.
fn kept_by(http_only: bool, heard_all: bool) -> Option<bool> {
    // No script can set such a cookie.
    if http_only { Some(true) } else { heard_all.then_some(false) }
}

/// Whether what was found is known already: the browser keeps the cookies that answers have set.
fn is_known(known: &Exposure, found: &Exposure) -> bool {
    match (&known.spot, &found.spot) {
        (
            Location::Cookie { name, http_only, .. },
            Location::Cookie { name: other, http_only: others, set_by_server: Some(false) | None },
        ) => (name, http_only, &known.secret) == (other, others, &found.secret) && known.label == found.label,
        _ => known == found,
    }
}

/// Looks at a text as it is, without percent-encoding, and at whatever in it is Base64 of text, compressed or not. Returns how many bytes
/// were unpacked, `most` at the most, and whether there may be more.
fn each_form(text: &str, most: u64, look: &mut dyn FnMut(&str)) -> (u64, bool) {
    let mut decoder = Decoder { left: most, is_cut: false, look };
    decoder.decode(text, DEEPEST);
    (most - decoder.left, decoder.is_cut)
}

/// Looks at what is encoded in one text.
struct Decoder<'a> {
    /// Bytes that may still be unpacked.
    left: u64,
    is_cut: bool,
    look: &'a mut dyn FnMut(&str),
}

impl Decoder<'_> {
    fn decode(&mut self, text: &str, deep: usize) {
        let plain = percent_decode_str(text).decode_utf8_lossy();
        let words = plain.split(|character: char| !(character.is_ascii_alphanumeric() || "-_+/".contains(character)));
        for word in words.filter(|word| deep > 0 && word.len() >= SHORTEST_ENCODED) {
            let Ok(bytes) = URL_SAFE_NO_PAD.decode(word).or_else(|_| STANDARD_NO_PAD.decode(word)) else { continue };
            // Most bytes are packed in none of these ways, or in one.
            self.unpack(ZlibDecoder::new(bytes.as_slice()), deep);
            self.unpack(GzDecoder::new(bytes.as_slice()), deep);
            self.unpack(DeflateDecoder::new(bytes.as_slice()), deep);
            self.decode_bytes(&bytes, deep);
        }
        if plain != text {
            (self.look)(text);
        }
        (self.look)(&plain);
    }

    /// Looks at what was compressed, as far as it can be unpacked.
    fn unpack(&mut self, packed: impl Read, deep: usize) {
        let mut bytes = Vec::new();
        // What came before an error, or before the limit, can hold a secret, too.
        let _ = packed.take(self.left).read_to_end(&mut bytes);
        self.is_cut |= bytes.len() as u64 == self.left;
        self.left -= bytes.len() as u64;
        self.decode_bytes(&bytes, deep);
    }

    fn decode_bytes(&mut self, bytes: &[u8], deep: usize) {
        if let Some(text) = text_of(bytes) {
            self.decode(&text, deep - 1);
        }
    }
}

/// Bytes as text, where most of them are letters, digits and signs.
fn text_of(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let readable = bytes.iter().filter(|byte| byte.is_ascii_graphic() || **byte == b' ').count();
    (std::str::from_utf8(bytes).is_ok() || readable * 2 > bytes.len()).then(|| String::from_utf8_lossy(bytes))
}

/// BiDi's way to give bytes.
fn text(value: &Value) -> String {
    let text = value["value"].as_str().unwrap_or_default();
    if value["type"] == "base64" {
        STANDARD.decode(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    #[test]
    fn secrets_are_found_plain_and_encoded() {
        let recorder = Recorder::new();
        recorder.secret("code_verifier", "the-verifier-0123456789");
        let base64 = URL_SAFE_NO_PAD.encode(r#"{"v":"the-verifier-0123456789"}"#);
        for text in [
            "x=\"the-verifier-0123456789\"".to_owned(),
            "%22the-verifier-0123456789%22".to_owned(),
            format!("session={base64}.signature"),
        ] {
            let mut found = Found::new(&recorder, "user");
            found.look(&text, &Location::Address("here".to_owned()));
            assert_eq!(found.search.exposed.len(), 1, "{text}");
        }
    }

    #[test]
    fn secrets_are_found_in_what_is_packed_and_not_in_what_is_locked() {
        let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let recorder = Recorder::new();
        recorder.secret("access_token", "the-token-0123456789abcdef");
        let json = br#"{"user":"ida","klaviyo":{"access_token":"the-token-0123456789abcdef"}}"#;
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
        for packer in [&mut zlib as &mut dyn Write, &mut gzip, &mut deflate] {
            packer.write_all(json).unwrap();
        }
        let [zlib, gzip, deflate] =
            [zlib.finish(), gzip.finish(), deflate.finish()].map(|packed| encoded(&packed.unwrap()));
        let marshalled = encoded(&[b"\x04\x08{\x06I\"".as_slice(), json, b"\xff\xfe"].concat());
        let twice = encoded(encoded(json).as_bytes());
        let signed = format!("session=.{zlib}.Zx81kg.ndVYlqv9nB2f");
        let key = (0_u8..=255).cycle().map(|at| at.wrapping_mul(31).wrapping_add(85));
        let locked = encoded(&json.iter().zip(key).map(|(byte, key)| byte ^ key).collect::<Vec<u8>>());
        for (text, found) in [
            (&signed, 1),
            (&gzip, 1),
            (&deflate, 1),
            (&marshalled, 1),
            (&twice, 1),
            (&locked, 0),
            (&"the-token-0123456789".to_owned(), 0),
        ] {
            let mut seen = Found::new(&recorder, "user");
            seen.look(text, &Location::Address("here".to_owned()));
            assert_eq!(seen.search.exposed.len(), found, "{text}");
        }
    }

    /// As many bytes, packed until little is left of them, and Base64 of that.
    fn bomb(mut bytes: Vec<u8>, times: usize) -> String {
        for _ in 0..times {
            let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
            zlib.write_all(&bytes).unwrap();
            bytes = URL_SAFE_NO_PAD.encode(zlib.finish().unwrap()).into_bytes();
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn bombs_within_bombs_are_unpacked_in_part_and_that_is_told() {
        // A tenth of what is unpacked in earnest: unoptimised, that takes a minute.
        let most = MOST_UNPACKED / 10;
        let one = bomb(vec![b' '; 10_000], 1);
        let bombs = bomb([one.as_str(), "."].concat().repeat(1_000).into_bytes(), 1);
        let recorder = Recorder::new();
        recorder.secret("access_token", "the-token-0123456789abcdef");
        for text in [bomb(vec![b' '; 1_000_000], 2), bombs.clone(), [bombs.as_str(), "."].concat().repeat(5)] {
            let mut looked_at = 0;
            let unpacked = each_form(&text, most, &mut |form| looked_at += form.len() as u64);
            assert!(unpacked == (most, true) && looked_at < 2 * most, "{} gave {looked_at}", text.len());

            let mut found = Found { left: most, ..Found::new(&recorder, "user") };
            for _ in 0..9 {
                found.look(&format!("{text} the-token-0123456789abcdef"), &Location::Address("here".to_owned()));
            }
            assert_eq!((found.left, found.search.packed, found.search.exposed.len()), (0, 9, 1));
        }
    }

    #[test]
    fn much_that_is_not_compressed_is_looked_through_to_its_end() {
        let recorder = Recorder::new();
        recorder.secret("access_token", "the-token-0123456789abcdef");
        let name = |number: u32| format!("anIdentifierOfAScript{number}");
        let script: String = (0..20_000).flat_map(|number| [name(number), "(".to_owned()]).collect();
        let last = bomb(b"the-token-0123456789abcdef".to_vec(), 1);
        let mut found = Found::new(&recorder, "user");
        found.look(&format!("{script} {last}"), &Location::Address("here".to_owned()));
        assert_eq!((found.search.packed, found.search.exposed.len()), (0, 1));
    }

    #[test]
    fn a_cookie_that_an_answer_set_is_told_from_one_that_a_script_made() {
        let recorder = Recorder::new();
        recorder.secret("code_verifier", "the-verifier-0123456789");
        let jar = |name: &str| Location::Cookie { name: name.to_owned(), http_only: false, set_by_server: Some(false) };
        let mut found = Found::new(&recorder, "user");
        let headers = vec![("Set-Cookie".to_owned(), "served=the-verifier-0123456789; Path=/".to_owned())];
        found.headers(&Received { request: "1".to_owned(), url: "http://app/".to_owned(), headers }, "http://app/");
        for name in ["served", "made"] {
            found.look("the-verifier-0123456789", &jar(name));
        }
        let spots: Vec<Location> = found.search.exposed.into_iter().map(|exposure| exposure.spot).collect();
        let served = Location::Cookie { name: "served".to_owned(), http_only: false, set_by_server: Some(true) };
        assert_eq!(spots, [served, jar("made")]);
    }

    #[test]
    fn who_set_a_cookie_is_known_only_where_every_answer_was_heard() {
        for (http_only, heard_all, set_by_server) in
            [(false, true, Some(false)), (false, false, None), (true, true, Some(true)), (true, false, Some(true))]
        {
            assert_eq!(kept_by(http_only, heard_all), set_by_server, "{http_only} {heard_all}");
        }
        // Of one that an answer has set, the browser's copy is no second finding, whoever speaks with the browser.
        for (http_only, heard_all) in [(false, true), (false, false), (true, true), (true, false)] {
            let recorder = Recorder::new();
            recorder.secret("code_verifier", "the-verifier-0123456789");
            let mut found = Found::new(&recorder, "user");
            for set_by_server in [Some(true), kept_by(http_only, heard_all)] {
                let spot = Location::Cookie { name: "pkce".to_owned(), http_only, set_by_server };
                found.look("the-verifier-0123456789", &spot);
            }
            assert_eq!(found.search.exposed.len(), 1, "{http_only} {heard_all}");
        }
    }

    #[test]
    fn what_passes_through_the_browser_by_design_is_no_exposure() {
        let recorder = Recorder::new();
        recorder.secret("code", "the-code-0123456789abcdef");
        let mut found = Found::new(&recorder, "user");
        found.look("?code=the-code-0123456789abcdef", &Location::Address("here".to_owned()));
        assert_eq!(found.search.exposed, []);
    }
}
