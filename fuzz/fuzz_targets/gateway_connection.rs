#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| flowcheck::gateway::fuzz_targets::gateway_connection(data));
