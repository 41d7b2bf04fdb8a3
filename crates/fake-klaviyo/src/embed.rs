//! For programs that accept the connections themselves, such as a proxy or a TLS terminator in front of a [`Server`].
//!
//! Such a program takes the [`HttpHandler`] of a running [`Server`] and either gives it whole connections
//! ([`HttpHandler::serve`]) or single requests that it has read itself ([`HttpHandler::handle`]). [`ConnInfo`] tells
//! the handler which scheme the client used. [`http1`], [`until`] and [`HEADERS_WITHIN`] are the limits and the way to
//! stop that the server's own connections have; [`Connections`] is the limit of their number.
//!
//! ```
//! use fake_klaviyo::Server;
//! use fake_klaviyo::embed::{ConnInfo, Scheme};
//! use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
//! let handler = klaviyo.http_handler();
//!
//! // A connection that the program has accepted, and whose TLS it has terminated.
//! let (mut client, server_side) = tokio::io::duplex(64 * 1_024);
//! let serving = tokio::spawn(async move {
//!     handler.serve(server_side, ConnInfo { scheme: Scheme::Https }, std::future::pending()).await;
//! });
//! client.write_all(b"GET /login HTTP/1.1\r\nhost: www.klaviyo.com\r\nconnection: close\r\n\r\n").await?;
//! let mut response = String::new();
//! client.read_to_string(&mut response).await?;
//! assert!(response.starts_with("HTTP/1.1 200"));
//! serving.await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Server`]: crate::Server

pub use crate::http::connection::{HEADERS_WITHIN, http1, until};
pub use crate::http::connections::{Activity, Answering, Connections, Watched};
pub use crate::http::handler::{Body, ConnInfo, Dropped, HttpHandler};
pub use crate::http::host_header::host_header_error;
pub use crate::http::request::Scheme;
