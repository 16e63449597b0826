# Everything a person does here, one word each. Needs Python 3.11 and make; brings the rest itself.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Images that forbid bytecode would have each of the suite's processes compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

# A stamp is as old as the last successful set-up, so that a second run costs nothing.
BUILD_READY := .venv/.build-ready
ALL_READY := .venv/.all-ready
NODE_READY := node_modules/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

# Where `make demo` serves everything.
PORT ?= 8443

.PHONY: dist setup test test-consumers demo collector bench bench-leave mutants privacy check format lock \
  browsers servers clean

dist: $(BUILD_READY) $(NODE_READY)
	@$(BIN)/python build.py $(ARGS)

# All but the browsers: after it each command runs by `.venv/bin/python …`.
setup: $(ALL_READY) $(NODE_READY)

test: $(ALL_READY) $(NODE_READY) browsers
	@$(BIN)/python -m pytest $(ARGS)

# Applications of nine frameworks from npm, with the snippet in them: tests/consumers/README.md.
test-consumers: $(ALL_READY) $(NODE_READY) browsers
	@$(BIN)/python -m pytest tests/consumers --numprocesses=2 --dist=loadgroup --timeout=900 $(ARGS)

demo: setup
	@$(BIN)/python -m fixtures --demo --port $(PORT) $(ARGS)

# A website with the tag, and the reference collector that takes its beacons: the charts say what came.
collector: $(ALL_READY) $(NODE_READY)
	@$(BIN)/python -m examples.collector.demo $(ARGS)

# How much of a visit arrives, for each way in which it can end: reports/leave.html.
bench-leave: $(ALL_READY) $(NODE_READY) browsers
	@$(BIN)/python -m tests.leave $(ARGS)

# What each tag costs and delivers, ours and others from npm, on the same pages: reports/bench.html.
bench: $(ALL_READY) $(NODE_READY) browsers
	@$(BIN)/python -m tests.race $(ARGS)

# Whether the suite notices tags that are broken on purpose: reports/mutants.html.
mutants: $(ALL_READY) $(NODE_READY) browsers
	@$(BIN)/python -m tests.mutants $(ARGS)

# What the scrubbing takes out of personal strings, and what it spoils, by class: docs/privacy.md.
privacy: $(ALL_READY) $(NODE_READY)
	@$(BIN)/python -m tests.personal_data $(ARGS)

check: $(ALL_READY) $(NODE_READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@node_modules/.bin/prettier --check --log-level=warn .
	@node_modules/.bin/eslint sdk
	@node_modules/.bin/tsc --noEmit

format: $(ALL_READY) $(NODE_READY)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@node_modules/.bin/prettier --write --log-level=warn .

browsers: $(ALL_READY)
	@$(BIN)/python -m tests.browsers.install

# nginx, Caddy and Apache, which the tests of dist/hosting/ start; without them those tests are skipped.
servers: $(ALL_READY)
	@$(BIN)/python -m tests.support.install_servers

# uv resolves for every platform at once and writes the hashes; it is needed only to change a version.
lock:
	@for set in build all; do \
	  groups=$$([ $$set = all ] && echo "--group fixtures --group conformance --group collector --group test --group check"); \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    $$groups pyproject.toml --output-file lock/$$set.txt; done
	@npm install --package-lock-only

clean:
	rm -rf .venv node_modules tests/race/node_modules tests/ads/node_modules tests/tools/node_modules \
	  tests/consumers/.build dist reports

# What an older Python or an interrupted set-up has left goes first: its `python3` would be found again.
$(BUILD_READY): lock/build.txt
	@$(BIN)/python ready.py 2>/dev/null && $(BIN)/python -m pip --version >/dev/null 2>&1 || rm -rf .venv
	@test -d .venv || $(PYTHON) ready.py
	@test -d .venv || { echo "setting up .venv"; $(PYTHON) -m venv .venv || { rm -rf .venv; exit 2; }; }
	@echo "installing what the build needs"
	@$(PIP) -r lock/build.txt
	@touch $@

$(ALL_READY): lock/all.txt | $(BUILD_READY)
	@echo "installing what the suite needs"
	@$(PIP) -r lock/all.txt
	@touch $@

$(NODE_READY): package-lock.json .npmrc $(BUILD_READY)
	@echo "installing esbuild, the linters and the sample websites"
	@$(BIN)/npm ci --no-progress --loglevel=error
	@touch $@
