//! `--hermetic`: requests to external hosts are refused and listed; as root on Linux, the app runs in a network namespace that
//! cannot reach them.

use std::io::ErrorKind;
use std::net::TcpListener;

use nix::unistd::geteuid;

use super::program::{file, run};

#[test]
fn a_hermetic_run_passes_lists_what_it_refused_and_isolates_the_app() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("binds");
    elsewhere.set_nonblocking(true).expect("a listener");
    let port = elsewhere.local_addr().expect("bound").port();
    // Before it starts, the app asks another host by the proxy, and something else on this machine without.
    let ask = format!("curl -s -m 5 https://shop.example/; curl -s -m 1 --noproxy \"*\" http://127.0.0.1:{port}/");
    let begin = "command: ${PARTNER} --port {port} --data {data} --demo-data --multi-tenant drop-down\n";
    let words = begin.trim_start_matches("command: ").trim_end();
    let text = file("env.flowcheck.yaml");
    assert!(text.contains(begin));
    let text = text.replace(begin, &format!("command: sh -c '{ask}; exec {words}'\n"));
    let ended = run(&text, &["--hermetic", "install/signed-in"]);
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    assert!(ended.out.contains("note: held back shop.example:443, which is not Klaviyo's"), "{}", ended.out);
    let not_held = "note: what the app sends past the gateway was not held back: ";
    let reached = elsewhere.accept();
    if geteuid().is_root() {
        assert!(!ended.out.contains(not_held), "{}", ended.out);
        assert_eq!(reached.expect_err("nobody came").kind(), ErrorKind::WouldBlock);
    } else {
        assert!(ended.out.contains(not_held), "{}", ended.out);
        reached.expect("the app came");
    }
}
