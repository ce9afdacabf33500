# `make demo` and `make test` need python3 (3.11+), make and npm; everything else is fetched once, by locked hash.
PYTHON ?= python3
PORT ?= 8000
# Not ?=, for some shells export a HOST of their own.
HOST := 127.0.0.1
BIN := .venv/bin
NODE := static/node_modules/.bin
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
# One more than there are processors: tests of pages and servers wait a good part of their time.
WORKERS := $(shell $(PYTHON) -c 'import os; print(min(8, (os.cpu_count() or 1) + 1))')
PYTEST := $(BIN)/pytest --numprocesses $(WORKERS)
# Where it is set, each process would compile all of Python's sources anew.
unexport PYTHONDONTWRITEBYTECODE
# Options: `make quick ARGS=--lf` runs what failed the last time.
ARGS ?=
# All JavaScript that is written here, and its types.
JAVASCRIPT := "web/**/*.js" "bridge/**/*.mjs" "tests/**/*.mjs" "static/*.mjs"
JAVASCRIPT_TYPES := "web/**/*.d.ts"

.PHONY: demo test quick lint format bench load faults lock licences dist clean

demo: .venv/installed static/node_modules/.installed static/wheels/installed
	$(BIN)/python serve.py --host $(HOST) --port $(PORT)

# In a browser nothing counts the lines, and counting would slow it: coverage is that of the other tests.
test: lint .venv/browser .cache/compressed
	$(PYTEST) -m "not browser" --cov
	$(PYTEST) -m browser -rs

# The answer while one works: all that needs no browser and is not marked slow.
quick: .venv/developed static/node_modules/.developed static/wheels/installed
	$(PYTEST) -m "not browser and not slow" $(ARGS)

lint: .venv/developed static/node_modules/.developed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(NODE)/prettier --check --log-level warn $(JAVASCRIPT) $(JAVASCRIPT_TYPES)
	$(NODE)/eslint --config static/eslint.config.mjs --max-warnings 0 $(JAVASCRIPT)
	$(NODE)/tsc --project static/tsconfig.node.json
	$(NODE)/tsc --project static/tsconfig.json

format: .venv/developed static/node_modules/.developed
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(NODE)/prettier --write $(JAVASCRIPT) $(JAVASCRIPT_TYPES)

# What the bridge costs a page, as a table and as docs/benchmark.json. `make bench ARGS="--loads 2"` is a quick look; then
# `python -m tests.bench --write-readme` puts the figures in the README.
bench: .venv/browser static/wheels/installed
	$(BIN)/python -m tests.bench $(ARGS)

# A minute of events at a steady rate through the whole round trip of the sandbox, whose server is killed in between.
load: .venv/developed static/node_modules/.developed static/wheels/installed
	$(BIN)/python -m tests.bench.round_trip $(ARGS)

# What pages do to the bridge, and what it does to them: a table of zeros. `make faults ARGS="--only frame"` is a part.
faults: .venv/browser static/wheels/installed
	$(BIN)/python -m tests.faults $(ARGS)

# The demo's part and the developers' part are apart, the second on top of the first: neither undoes the other. What is
# locked is all that is needed: pip looks for nothing else (an old one takes a newer release of what has extras).
.venv/installed: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP_INSTALL) --require-hashes --no-deps --requirement requirements.txt
	$(PIP_INSTALL) --no-index --no-deps --no-build-isolation --editable .
	touch $@

.venv/developed: .venv/installed requirements-dev.txt
	$(PIP_INSTALL) --require-hashes --no-deps --requirement requirements-dev.txt
	touch $@

static/node_modules/.installed: static/package.json static/package-lock.json static/.npmrc
	cd static && npm ci --omit=dev
	touch $@

static/node_modules/.developed: static/node_modules/.installed
	cd static && npm install --include=dev --no-save
	touch $@

# What the strict engine imports: for Python in the browser, so by the venv's pip but not into the venv.
static/wheels/installed: static/wheels.txt | .venv/installed
	rm -rf static/wheels
	$(BIN)/pip download --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: \
		--platform pyemscripten_2026_0_wasm32 --implementation cp --python-version 3.14 --abi cp314 \
		--dest static/wheels --requirement static/wheels.txt
	touch $@

# The longest part of a build, once: else all workers of the tests begin with it at the same time.
.cache/compressed: .venv/developed static/node_modules/.installed static/wheels/installed
	$(BIN)/python -c 'from bridge.bundle.build import ENGINES, parts; parts(ENGINES)'
	touch $@

# A browser for the tests: an installed one, else Playwright's, else Debian's (tests/find_browser.py says which). Firefox
# and WebKitGTK, too, where they can be installed.
.venv/browser: .venv/developed static/node_modules/.developed tests/find_browser.py
	$(BIN)/python tests/find_browser.py > $@.new
	mv $@.new $@

# For maintainers: pins every dependency of pyproject.toml, with hashes and without any index's address. Needs uv.
PIN := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --quiet
lock:
	$(PIN) --extra sandbox --group setup --group parts --output-file requirements.txt
	$(PIN) --all-extras --group setup --group parts --group dev --constraint requirements.txt --output-file requirements-dev.txt

# For maintainers: a release, as dist/: wheel, sdist, and the zip of a bundle that is ready to host.
dist: .venv/installed static/node_modules/.installed static/wheels/installed
	$(BIN)/python release.py --out dist

# For maintainers, after a new pin: the notice of what the bundle carries that is not ours.
licences: static/node_modules/.installed static/wheels/installed
	$(BIN)/python -c 'from pathlib import Path; from bridge.bundle.licences import write; write(Path())'

clean:
	rm -rf .venv .cache dist static/node_modules static/wheels
