//! No secret of `flowcheck.yaml` is in anything that a run leaves or says, however the app writes it.

use std::fmt::Write as _;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use flate2::read::DeflateDecoder;
use flowcheck::evidence::{ConfiguredSecret, Recorder};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use super::workspace::{Ended, Workspace, end};

/// The client's id and its secret, which every format has to escape somewhere.
const CLIENT: (&str, &str) = ("harbour-reviews", r#"Brücke "7" & <Kai>+/=%'\x9"#);
/// Short ones, of programs: one that needs no escapes, and one that does.
const SHORT: [(&str, &str); 2] = [("root", "q7Zx"), ("root", "p&@9")];
/// What the app's own lines of the log begin with.
const SPELLED: &str = "spelled:";

/// A secret as others write it, by the name of the encoding.
fn encodings((id, secret): (&str, &str)) -> Vec<(&'static str, String)> {
    const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let percent = utf8_percent_encode(secret, &UNRESERVED).to_string();
    let form: String = byte_serialize(secret.as_bytes()).collect();
    let each = |write: fn(&mut String, u8)| {
        secret.bytes().fold(String::new(), |mut out, byte| {
            write(&mut out, byte);
            out
        })
    };
    let hex = each(|out, byte| write!(out, "{byte:02x}").expect("strings take all"));
    let quoted_json = serde_json::to_string(secret).expect("text serialises");
    let json = quoted_json[1..quoted_json.len() - 1].to_owned();
    let utf16 = |text: &str| text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat();
    let ascii_json = json.chars().map(|one| if one.is_ascii() { one.to_string() } else { utf16(&one.to_string()) });
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    vec![
        ("plain", secret.to_owned()),
        ("percent-encoded, upper case", percent.clone()),
        ("percent-encoded, lower case", lower_escapes(&percent)),
        ("form", form.clone()),
        ("percent-encoded twice", utf8_percent_encode(&percent, &UNRESERVED).to_string()),
        ("JSON", json.clone()),
        ("JSON in ASCII", ascii_json.collect()),
        ("JSON by \\u throughout", utf16(secret)),
        ("JSON in JSON", json.replace('\\', "\\\\").replace('"', "\\\"")),
        ("HTML", html.replace('\'', "&#39;")),
        ("HTML by numbers", secret.chars().map(|one| format!("&#{};", u32::from(one))).collect::<Vec<_>>().concat()),
        (
            "quoted-printable",
            each(|out, byte| match byte {
                b' '..=b'<' | b'>'..=b'~' => out.push(char::from(byte)),
                _ => write!(out, "={byte:02X}").expect("strings take all"),
            }),
        ),
        ("hexadecimal, upper case", hex.to_uppercase()),
        ("hexadecimal, lower case", hex),
        ("Basic credentials", format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))),
        ("Basic credentials, fields first", STANDARD.encode(format!("{id}:{form}"))),
        ("Base64", STANDARD.encode(secret)),
        ("Base64 without padding", STANDARD_NO_PAD.encode(secret)),
        ("Base64 within a text, second place", STANDARD.encode(format!("x{secret}!"))),
        ("Base64 within a text, third place", STANDARD.encode(format!("xy{secret}!"))),
        ("Base64 for URLs", URL_SAFE_NO_PAD.encode(format!("{{\"secret\":{quoted_json}}}"))),
    ]
}

fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| format!("{out}%{}{}", part[..2].to_lowercase(), &part[2..]))
}

/// The fixture app, which first says all of its secrets in all of these ways, and then does what `then` says.
fn telling(then: &str) -> Workspace {
    let workspace = Workspace::with_app(|text| {
        let text = text.replace("    ${PARTNER} --port", "    sh tell.sh ${PARTNER} --port");
        let text = text.replace("harbour-reviews-client-secret", "${HARBOUR}");
        text.replace(
            "    KLAVIYO_TIMEOUT:",
            "    ADMIN_TOKEN: ${TOKEN}\n    SMTP_PASSWORD: ${SMTP}\n    KLAVIYO_TIMEOUT:",
        )
    });
    let lines = [CLIENT, SHORT[0], SHORT[1]].map(|secret| {
        let all: Vec<String> = encodings(secret).into_iter().map(|(_, text)| text).collect();
        format!("{SPELLED} {}\n", all.join("  "))
    });
    workspace.write("told.txt", &lines.concat());
    workspace.write("tell.sh", &format!("cat told.txt >&2\n{then}\n"));
    workspace
}

fn run(workspace: &Workspace) -> Ended {
    let reports = "html=out.html,junit=out.xml,json=out.json,markdown=out.md,tap=out.tap";
    let mut command = workspace.run(&["install/signed-in", "--report", reports]);
    command.env("HARBOUR", CLIENT.1).env("TOKEN", SHORT[0].1).env("SMTP", SHORT[1].1).env("FLOWCHECK_LOG", "debug");
    end(command)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_secret_is_found_in_any_encoding_and_between_any_texts(
        secret in "[ -~ä漢🙂]{12,40}",
        before in "[ -~ä\n]{0,20}",
        after in "[ -~ä\n]{0,20}",
    ) {
        let recorder = Recorder::new();
        recorder.configure(&[ConfiguredSecret::new("secret", secret.as_str()).of(CLIENT.0)]);
        for (encoding, written) in encodings((CLIENT.0, &secret)) {
            let shown = recorder.redact(&format!("{before}{written}{after}"));
            prop_assert!(!shown.contains(&written), "{encoding}: {shown}");
        }
    }
}

#[test]
fn no_secret_is_in_what_a_run_leaves_or_says_however_the_app_writes_it() {
    let workspace = telling("exec \"$@\"");
    let ended = run(&workspace).with(0);
    let run = workspace.last_run();
    let lines = strings(&run).into_iter().filter(|text| text.starts_with(SPELLED)).collect::<Vec<_>>();
    assert_eq!(lines.len(), 3, "what the app said is on record: {lines:#?}");
    assert!(lines[0].matches("‹client_secret ").count() >= encodings(CLIENT).len(), "{}", lines[0]);
    holds_no_secret(&workspace, &ended);
}

#[test]
fn no_secret_is_in_the_last_words_of_an_app_that_does_not_start() {
    let workspace = telling("exit 7");
    let ended = run(&workspace).with(3);
    for (name, text) in [("the terminal", ended.out.clone()), ("JUnit", workspace.read("out.xml"))] {
        assert!(text.contains(SPELLED), "{name} quotes the app: {text}");
    }
    holds_no_secret(&workspace, &ended);
}

fn holds_no_secret(workspace: &Workspace, ended: &Ended) {
    let document = workspace.last_run();
    let page = workspace.read("reports/latest/index.html");
    let mut texts = vec![
        ("run.json", workspace.read("reports/latest/run.json")),
        ("run.json's strings", strings(&document).join("\n")),
        ("the page", page.clone()),
        ("the page's timelines", unpacked(&page)),
        ("what the page shows", unescaped(&unpacked(&page))),
        ("JUnit", workspace.read("out.xml")),
        ("JUnit's text", unescaped(&workspace.read("out.xml"))),
        ("standard output", ended.out.clone()),
        ("standard error", ended.err.clone()),
    ];
    let others = ["out.html", "out.json", "out.md", "out.tap", "reports/history.json"];
    texts.extend(others.map(|name| (name, workspace.read(name))));
    let mut found = Vec::new();
    for secret in [CLIENT, SHORT[0], SHORT[1]] {
        for (encoding, whole) in encodings(secret) {
            // Half of a secret is one as well, where there is enough of it to be told from other text.
            let half = whole.char_indices().nth(whole.chars().count() / 2).map_or("", |(half, _)| &whole[half..]);
            let parts = [whole.as_str(), half].into_iter().filter(|part| *part == whole || part.len() >= 8);
            for part in parts {
                let holders = texts.iter().filter(|(_, text)| text.contains(part));
                found.extend(holders.map(|(name, _)| format!("{encoding} of {} in {name}: {part}", secret.1)));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// All texts of a document, as they are.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(members) => members.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

fn unpacked(page: &str) -> String {
    let packed = page.split("id=\"packed\">").nth(1).and_then(|rest| rest.split('<').next()).expect("it is there");
    let bytes = STANDARD.decode(packed).expect("it is Base64");
    let mut json = String::new();
    DeflateDecoder::new(bytes.as_slice()).read_to_string(&mut json).expect("it is deflated");
    strings(&serde_json::from_str(&json).expect("it is JSON")).join("\n")
}

fn unescaped(markup: &str) -> String {
    let pairs = [("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&lt;", "<"), ("&#60;", "<")];
    let text = pairs.into_iter().fold(markup.to_owned(), |text, (reference, one)| text.replace(reference, one));
    text.replace("&gt;", ">").replace("&#62;", ">").replace("&#38;", "&").replace("&amp;", "&")
}
