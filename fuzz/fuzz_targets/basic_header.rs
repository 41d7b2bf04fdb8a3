#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fake_klaviyo::fuzz_targets::basic_header(data));
