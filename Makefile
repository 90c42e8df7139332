# make demo   everything set up, the service filled with samples, on http://127.0.0.1:8000/
# make test   everything set up, all checks and tests
PYTHON ?= python3
BIN := .venv/bin
# commands and readers that the tests start by the hundred would compile every module anew where that is switched off
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test setup setup-test lint tests samples texts clean

demo: setup
	$(BIN)/coordinator demo

# beside each other: the tests do not use two processors all the time
test: setup-test
	$(MAKE) -j 2 lint tests

setup: .venv/.installed

setup-test: .venv/.installed-test

.venv/.installed: pyproject.toml constraints.txt
	sh .ci/setup run
	touch $@

.venv/.installed-test: pyproject.toml constraints.txt
	sh .ci/setup test
	touch $@ .venv/.installed

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# three at a time on two processors: many tests wait for a browser, a server or a reader
tests:
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

# makes the sample documents anew; look at every one before you commit it
samples: setup-test
	$(BIN)/python -m samples.generate

# collects the texts of the interface anew and brings every catalogue up to date; then translate what is new
texts: setup-test
	sh .ci/texts

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
