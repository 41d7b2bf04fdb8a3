//! The `Host` header that an HTTP/1.1 request must have.

use hyper::Version;
use hyper::header::{HOST, HeaderMap};
use hyper::http::uri::Authority;

/// What is wrong with a request's `Host` header; such a request is answered 400 (R 9112 §3.2). Other versions of HTTP may leave it out.
pub fn host_header_error(version: Version, headers: &HeaderMap) -> Option<&'static str> {
    let mut hosts = headers.get_all(HOST).iter();
    let Some(host) = hosts.next() else { return (version == Version::HTTP_11).then_some("there is no Host header") };
    if hosts.next().is_some() {
        return Some("there are two Host headers");
    }
    // An empty one is valid, and names no host.
    let is_valid =
        host.is_empty() || Authority::try_from(host.as_bytes()).is_ok_and(|host| !host.as_str().contains('@'));
    (!is_valid).then_some("the Host header is neither a name nor an address")
}

#[cfg(test)]
mod tests {
    use hyper::http::HeaderValue;

    use super::*;

    #[test]
    fn one_valid_host_is_needed_and_only_http_1_1_needs_one() {
        let error = |version: Version, hosts: &[&str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(HOST, HeaderValue::from_str(host).unwrap());
            }
            host_header_error(version, &headers).map(|error| error.split(' ').nth(2).unwrap())
        };
        for valid in ["", "localhost", "a.klaviyo.com", "a.klaviyo.com:443", "127.0.0.1:80", "[::1]:80", "evil.example"]
        {
            assert_eq!(error(Version::HTTP_11, &[valid]), None, "{valid}");
        }
        for invalid in ["][", "a b", "a/b", "user@a.klaviyo.com", "a.klaviyo.com:443:80"] {
            assert_eq!(error(Version::HTTP_11, &[invalid]), Some("header"), "{invalid}");
        }
        assert_eq!(error(Version::HTTP_11, &[]), Some("no"));
        assert_eq!(error(Version::HTTP_11, &["a.klaviyo.com", "a.klaviyo.com"]), Some("two"));
        assert_eq!(error(Version::HTTP_10, &[]), None);
        assert_eq!(error(Version::HTTP_2, &[]), None);
    }
}
