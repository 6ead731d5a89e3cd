# The two commands: `make demo` and `make test`. Both set everything up from the lock first.
SHELL := bash
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := .venv/bin/python -m

.PHONY: demo test lint format setup clean

setup: .venv/.ready

.uv/bin/uv:
	python3 -m pip install --quiet --disable-pip-version-check --target .uv uv

.venv/.ready: pyproject.toml uv.lock | $(filter .uv/%,$(UV))
	$(UV) sync --frozen --all-extras --quiet
	@touch $@

demo: setup
	.venv/bin/handbill run campaigns/demo

test: setup
	$(RUN) pytest

lint: setup
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	.venv/bin/lint-imports

format: setup
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

clean:
	rm -rf .venv .uv campaigns/*/out
