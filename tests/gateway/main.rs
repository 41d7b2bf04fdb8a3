//! The gateway, used by third-party HTTP clients.

mod advertised;
mod clients;
mod closed;
mod exec;
mod hostile;
mod installed;
mod passing;
mod scene;
