#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| flowcheck::mail::fuzz_targets::smtp(data));
