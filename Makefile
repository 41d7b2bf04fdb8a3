# The commands of this project. `make demo` and `make test` need a Rust toolchain and nothing else: they install
# the browser, and the clients that tests speak with.

CARGO ?= cargo
JOBS ?= 2
PARTNER_FOLDER := fixtures/partner

.PHONY: docs klaviyo-tables sample demo apps starts blame fuzz deny sbom test setup lint evidence defects-full bench soak costs pages sequences

# Runs the whole standalone checklist against the fixture app, and prints the verdict and where the report lies. The app asks for a
# tenant in one of two ways at a time, so the one scenario for the other way comes first.
demo: setup
	$(CARGO) build --release --locked --package flowcheck --package partner
	@PARTNER="$(CURDIR)/target/release/partner"; export PARTNER; \
	run="target/release/flowcheck run -j $(JOBS)"; \
	$$run --config $(PARTNER_FOLDER)/text-box.flowcheck.yaml install/tenant-text-box && \
	$$run --config $(PARTNER_FOLDER)/flowcheck.yaml

# Runs all tests.
test: setup
	@scripts/install-clients
	$(CARGO) test --workspace --locked
	$(CARGO) test --workspace --locked --lib -- --ignored of_each_shape

# Installs Chromium and its driver where they are missing.
setup:
	@scripts/install-browser

# What CI checks before the tests.
lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

# Plays every app of the corpus (fixtures/apps), compares each verdict with what is right, and writes docs/corpus.md. Takes about two hours;
# `make apps SHAPES='popup-connect two-hosts'` plays only those, and renews their rows.
apps: setup
ifdef SHAPES
	for shape in $(SHAPES); do FLOWCHECK_WRITE=1 $(CARGO) test --locked --test apps -- --include-ignored --exact $$shape || exit; done
else
	FLOWCHECK_WRITE=1 $(CARGO) test --locked --test apps -- --include-ignored
endif

# Plays init, check and doctor on every app of the fixtures, compares what init wrote with the file that a person wrote, and writes
# docs/starts.md. Takes the better part of two hours; `make starts APPS='plain node'` plays only those, and renews their rows.
starts: setup
	@scripts/install-clients
ifdef APPS
	for app in $(APPS); do FLOWCHECK_WRITE=1 $(CARGO) test --locked --test starts -- --include-ignored --exact $$app || exit; done
else
	FLOWCHECK_WRITE=1 $(CARGO) test --locked --test starts -- --include-ignored
endif

# Plays every fault of tests/blame/table.yaml, compares whose fault the run says it is with what is right, and writes docs/blame.md. Takes
# about a quarter of an hour.
blame: setup
	FLOWCHECK_WRITE=1 $(CARGO) test --locked --test blame -- --include-ignored

# Fuzzes every reader of what others wrote for SECONDS in all (600), or those that FUZZ_TARGETS names, and prints how much was executed.
# Fails where something was found. CI plays the seeds through the same functions, in `make test`.
fuzz:
	SECONDS_IN_ALL=$(or $(SECONDS),600) scripts/fuzz

# Holds dependencies to deny.toml: licences, sources, bans, and advisories of the RustSec database. Needs `cargo install cargo-deny`.
deny:
	$(CARGO) deny --locked check

# Lists what the program is made of, as CycloneDX, in flowcheck.cdx.json. Needs `cargo install cargo-cyclonedx`.
sbom:
	$(CARGO) cyclonedx --manifest-path Cargo.toml --format json --override-filename flowcheck.cdx

# Records the evidence that judges are tested on anew, from the fixture app. Takes some minutes.
evidence: setup
	$(CARGO) test --locked --test judges -- --ignored record

# Records anew what Chromium sends of each kind of request, which flowcheck's own translation is tested on.
sequences: setup
	$(CARGO) test --locked --package flowcheck --lib -- --ignored record_the_sequences

# Measures the page reader against fixtures/pages in a real browser, and prints the whole table with every miss.
pages: setup
	$(CARGO) test --locked --test pages -- --nocapture

# Plays each seeded defect through the whole checklist, checks that exactly its items fail, and writes docs/defects-full.md.
# Takes the better part of an hour.
defects-full: setup
	$(CARGO) test --locked --test defects -- --ignored --nocapture

# Runs three scenarios of the fixture app with three defects, and keeps the run as reports/sample.
sample: setup
	$(CARGO) build --locked --bins --examples
	scripts/make-sample

# Generates the pages that are made from the program: the checklist, the tables of fields and steps, and the schema of the JSON report.
docs:
	FLOWCHECK_WRITE=1 $(CARGO) test --locked --test report up_to_date
	$(CARGO) run --quiet --locked -- schema report > docs/report.schema.json

# Makes the tables of the fake Klaviyo anew from the packages that crates/fake-klaviyo/tables/revisions.csv pins, and says what has changed.
klaviyo-tables:
	scripts/klaviyo-tables

# Records anew what the hot paths cost, counted in allocations, which tests hold.
costs:
	FLOWCHECK_WRITE=1 $(CARGO) test --locked --test costs the_hot_paths

# Has 64 clients install at `flowcheck serve` for ten minutes (SECONDS), and fails where memory grows or the rate falls by more than 5 %.
soak:
	$(CARGO) build --release --locked --bins --bench figures
	FLOWCHECK_WRITE=1 FLOWCHECK_SOAK=$(or $(SECONDS),600) $(CARGO) bench --locked --bench figures -- soak

# Measures, in one run, all figures of docs/performance.md, and writes them there; other tools and servers come from npm. FIGURES
# names some of them.
bench: setup
	cd benches/peers && npm ci --no-audit --no-fund
	$(CARGO) build --release --locked --bins --bench figures
	FLOWCHECK_WRITE=1 $(CARGO) bench --locked --bench figures -- $(FIGURES)
