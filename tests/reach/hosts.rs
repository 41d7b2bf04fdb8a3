//! `reach: hosts`, for apps whose HTTP client ignores proxy settings: a hosts file for the app resolves Klaviyo's names to
//! flowcheck. It needs root on Linux; other users get an error that says so.

use nix::unistd::geteuid;

use super::program::{file, flowcheck, run};

const NEEDED: &str = "`reach: hosts` needs Linux, root, and permission to mount";

#[test]
fn an_app_that_ignores_the_proxy_reaches_klaviyo_by_its_hosts_file() {
    let text = file("env.flowcheck.yaml").replace("reach: env", "reach: hosts");
    let text = text.replace("command: ${PARTNER}", "command: env -u HTTPS_PROXY -u https_proxy ${PARTNER}");
    let ended = run(&text, &["install/signed-in"]);
    if geteuid().is_root() {
        assert_eq!(ended.code, Some(0), "{}", ended.out);
    } else {
        assert_eq!(ended.code, Some(2), "{}", ended.out);
        assert!(ended.out.contains(NEEDED) && ended.out.contains("docs/docker-compose.md"), "{}", ended.out);
    }
}

#[test]
fn a_command_that_ignores_the_proxy_reaches_klaviyo_by_its_hosts_file() {
    let ask = "fetch('https://a.klaviyo.com/api/accounts').then(answer => console.log(answer.status))";
    let before = std::fs::read_to_string("/etc/hosts").expect("the system's");
    let ended = flowcheck(&["exec", "--reach", "hosts", "--", "env", "-u", "NODE_OPTIONS", "node", "-e", ask]);
    if geteuid().is_root() {
        assert_eq!((ended.code, ended.out.as_str()), (Some(0), "401"));
    } else {
        assert_eq!(ended.code, Some(2), "{}", ended.out);
        assert!(ended.out.contains(NEEDED), "{}", ended.out);
    }
    assert_eq!(std::fs::read_to_string("/etc/hosts").expect("the system's"), before);
    let nothing = flowcheck(&["exec", "--reach", "hosts", "--print-env"]);
    assert_eq!(nothing.code, Some(2), "{}", nothing.out);
}
