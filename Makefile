# Everything a person does with this repository. `make help` prints the list.
SWIFT ?= swift
HOME_DIRECTORY ?= $(CURDIR)/.cloister
export CLOISTER_ENCODER_DIRECTORY ?= $(CURDIR)/.cloister/encoder
BUILD = $(SWIFT) build -c release
# SwiftPM would otherwise compile every dependency again, with testing enabled, for `swift test`.
TEST = scripts/with-summary scripts/with-test-servers $(SWIFT) test -c release --disable-testable-imports

# All tests at once would starve each other on few processors, and what has a time limit would meet it.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 8

.PHONY: help run test check format golden bench soak docs clean

help: ## Print this list
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Set up, build, load a small demonstration and serve; interrupt and repeat as you like
	@scripts/setup run
	@echo "Building (the first time takes some minutes) ..."
	@$(BUILD) --product cloister
	@exec .build/release/cloister serve --home "$(HOME_DIRECTORY)" --demonstration Examples/hospital \
		--set logging.level=warning

test: ## Run every test, from nothing
	@scripts/setup run
	@scripts/setup test
	@$(BUILD) --build-tests
	@$(TEST) --skip-build

check: format test ## The gate for a change: format, declared imports, warnings as errors, tidy, tests

format: ## Fail when a file is not formatted
	@$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

golden: ## Rewrite the golden files; review them as a diff
	@CLOISTER_GOLDEN=write $(TEST)

bench: ## Measure and print, with the hardware; slow
	@$(BUILD) --product cloister
	@scripts/bench

soak: ## The long runs: 1,000 kills, 10,000 seeds, memory over 100,000 documents, an hour of libFuzzer on every parser
	@CLOISTER_SOAK=1 $(TEST)
	@$(BUILD) --product cloister
	@.build/release/cloister eval memory --documents 100000
	@scripts/fuzz 3600

docs: ## Print the settings and the API document into docs/
	@$(BUILD) --product cloister
	@.build/release/cloister config reference > docs/settings.md
	@.build/release/cloister api > docs/openapi.json

clean: ## Remove what was built, not what was ingested
	@scripts/test-servers stop
	@rm -rf .build
