#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| flowcheck_evidence::fuzz_targets::redaction(data));
