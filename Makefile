# `make demo` and `make test` need python3 (3.11+), make and npm; everything else is fetched once, by locked hash.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo test lint bench lock clean

demo: .venv/installed static/node_modules/installed static/wheels/installed
	$(BIN)/python serve.py --port $(PORT)

test: lint static/wheels/installed .venv/browser
	$(BIN)/pytest -n 2

lint: .venv/installed static/node_modules/installed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

bench: .venv/browser static/wheels/installed
	$(BIN)/python -m tests.bench.page
	$(BIN)/python -m tests.bench.engines

.venv/installed: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	touch $@

static/node_modules/installed: static/package.json static/package-lock.json static/.npmrc
	cd static && npm ci --no-fund --no-audit
	touch $@

# What the strict engine imports: for Python in the browser, so by the venv's pip but not into the venv.
static/wheels/installed: static/wheels.txt | .venv/installed
	rm -rf static/wheels
	$(BIN)/pip download --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: \
		--platform pyemscripten_2026_0_wasm32 --implementation cp --python-version 3.14 --abi cp314 \
		--dest static/wheels --requirement static/wheels.txt
	touch $@

# A browser for the tests: an installed one, else Playwright's, else Debian's (tests/find_browser.py says which).
.venv/browser: .venv/installed static/node_modules/installed tests/find_browser.py
	$(BIN)/python tests/find_browser.py > $@.new
	mv $@.new $@

# For maintainers: pins every dependency of pyproject.toml, with hashes and without any index's address. Needs uv.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --group dev --quiet pyproject.toml --output-file requirements.txt

clean:
	rm -rf .venv .cache dist static/node_modules static/wheels
