#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| flowcheck::scenario::fuzz_targets::scenario_yaml(data));
