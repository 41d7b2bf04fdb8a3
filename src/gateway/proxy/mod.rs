//! What an endpoint of the gateway answers.
//!
//! - `http` serves cleartext requests: absolute-form, CONNECT, or origin-form as an origin server would.
//! - `tunnel` serves what follows a CONNECT, `tls` the requests inside TLS.
//! - `klaviyo` answers requests for Klaviyo and the probe; `forward` sends everything else to its destination.
//! - `refusal` builds the gateway's own error responses, `body` the bodies of all of them.

pub(super) mod body;
pub(super) mod forward;
pub(super) mod http;
pub(super) mod klaviyo;
pub(super) mod refusal;
pub(super) mod tls;
pub(super) mod tunnel;
