//! `flowcheck serve`: how it starts and ends.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use nix::sys::signal::Signal;

use super::workspace::{RunningProgram, Workspace, end};

#[test]
fn it_answers_and_ends_when_interrupted() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let workspace = Workspace::new();
        let mut going = RunningProgram::start(workspace.flowcheck(&["serve", "--listen", "127.0.0.1:0"]));
        let line = going.says("listing");
        let url = line.split_whitespace().last().expect("the listing's address");
        let answer = get(url);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.contains("Sandbox App"), "{answer}");
        going.says("Ctrl-C ends it");
        going.signal(signal);
        let ended = going.ended().with(0);
        assert!(ended.out.contains("export KLAVIYO_CLIENT_ID=sandbox-client-id"), "{}", ended.out);
        workspace.is_left_clean();
    }
}

#[test]
fn it_can_be_interrupted_from_its_first_line_on() {
    let workspace = Workspace::new();
    let mut going = RunningProgram::start(workspace.flowcheck(&["serve", "--listen", "127.0.0.1:0"]));
    going.says("");
    going.signal(Signal::SIGTERM);
    going.ended().with(0);
}

#[test]
fn a_port_in_use_is_reported() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let ended = end(Workspace::new().flowcheck(&["serve", "--listen", &address])).with(3);
    assert!(ended.err.starts_with(&format!("error: {address} is taken; ")), "{}", ended.err);
    assert_eq!(ended.out, "");
}

#[test]
fn an_invalid_address_is_a_usage_error() {
    let ended = end(Workspace::new().flowcheck(&["serve", "--listen", "nonsense"])).with(2);
    assert!(ended.err.contains("nonsense") && ended.err.contains("127.0.0.1:"), "{}", ended.err);
}

/// An answer from the loopback address, whatever the host's name stands for elsewhere.
fn get(url: &str) -> String {
    let url = url::Url::parse(url).expect("a URL");
    let port = url.port().expect("a port");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a deadline");
    let host = url.host_str().expect("a host");
    write!(stream, "GET {} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n", url.path())
        .expect("it listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}
