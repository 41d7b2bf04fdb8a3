//! The seeds of every target, played by the stable compiler.

use super::{api_body, api_query, authorize_query, basic_header, klaviyo_connection, state_file, token_body};

include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/play_seeds.rs"));

#[test]
fn seeds_hold() {
    play_seeds("authorize_query", authorize_query);
    play_seeds("token_body", token_body);
    play_seeds("basic_header", basic_header);
    play_seeds("api_body", api_body);
    play_seeds("api_query", api_query);
    play_seeds("klaviyo_connection", klaviyo_connection);
    play_seeds("state_file", state_file);
}
