#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| flowcheck::browser::fuzz_targets::page_reading(data));
