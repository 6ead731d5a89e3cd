# The two commands: `make demo` and `make test`. Both set everything up from the lock first.
SHELL := bash
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := .venv/bin/python -m
# Nothing comes from anywhere but the package index: no Python builds of uv's own.
export UV_PYTHON_DOWNLOADS := never

.PHONY: setup demo prefect test lint format bench bench-fast trust trust-fast gallery clean

setup: .venv/.ready

.uv/bin/uv:
	@python3 -m pip --version >/dev/null || { echo "install python3-pip or uv first" >&2; exit 1; }
	python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target .uv uv

.venv/.ready: pyproject.toml uv.lock | $(filter .uv/%,$(UV))
	$(UV) sync --frozen --all-extras --quiet
	@touch $@

demo: setup
	.venv/bin/handbill run campaigns/demo

# Prefect's server and pages on loopback, with a worker and every deployment; Ctrl-C ends all.
prefect: setup
	@flows/control_room.sh

test: setup
	$(RUN) pytest --numprocesses 2 --dist loadfile

lint: setup
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	.venv/bin/lint-imports

format: setup
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

# Every figure that the documents claim, side by side in one run, into bench/results.json.
bench: setup
	$(RUN) bench.run

bench-fast: setup
	$(RUN) bench.run --fast

# Kill, starve and mislead it, and count what is paid twice or half written: bench/trust.json.
trust: setup
	$(RUN) bench.run --trust

trust-fast: setup
	$(RUN) bench.run --trust --fast

# Every poster layout and storyboard in every shape, as contact sheets in docs/gallery.
gallery: setup
	$(RUN) bench.posters_gallery docs/gallery
	$(RUN) bench.films_gallery docs/gallery/films

clean:
	rm -rf .venv .uv campaigns/*/out
