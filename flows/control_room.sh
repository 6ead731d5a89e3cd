#!/usr/bin/env bash
# A Prefect server on loopback with Handbill's deployments and a worker, until Ctrl-C.
# Everything it keeps is below HANDBILL_HOME; no profile of the user's is read or changed.
#
#   PORT            of the server (4200)
#   HANDBILL_HOME   store, ledger and Prefect's own home (handbill below XDG_DATA_HOME)
#   WEBHOOK         address that is told what happens: an incoming webhook of Slack or alike (none)
set -euo pipefail
cd "$(dirname "$0")/.."

port="${PORT:-4200}"
export HANDBILL_HOME="${HANDBILL_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/handbill}"
export PREFECT_HOME="$HANDBILL_HOME/prefect"
export PREFECT_PROFILES_PATH="$PREFECT_HOME/profiles.toml"
export PREFECT_API_URL="http://127.0.0.1:$port/api"
export DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false
export PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY=false
# Runs give signs of life, by which the server tells that a worker was lost; 30 s is the least.
export PREFECT_FLOWS_HEARTBEAT_FREQUENCY=30
export PREFECT_CLI_PROMPT=false PREFECT_LOGGING_LEVEL="${PREFECT_LOGGING_LEVEL:-WARNING}"
mkdir -p "$PREFECT_HOME"
chmod 700 "$PREFECT_HOME" # its database keeps parameters in clear text
log="$PREFECT_HOME/server.log"
server="" worker=""

set -m # each in a process group of its own, where it hears signals; Ctrl-C reaches this script alone
end() { # asks each group to end, and after twenty seconds makes it
  trap - EXIT INT TERM
  for group in $worker $server; do
    kill -TERM "$group" 2>/dev/null || continue
    for _ in $(seq 20); do
      kill -0 -- "-$group" 2>/dev/null || break
      sleep 1
    done
    kill -KILL -- "-$group" 2>/dev/null || true
  done
}
trap end EXIT
trap 'echo; echo "ending worker and server"; exit 0' INT TERM

fail() {
  echo "$1" >&2
  exit 1
}

healthy() {
  .venv/bin/python -c 'import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=2)' \
    "$PREFECT_API_URL/health" 2>/dev/null
}

quiet() { # shows what a step said only when it fails
  local said
  said="$("$@" 2>&1)" || fail "$said"
}

healthy && fail "port $port is taken by a Prefect server already; PORT=4300 make prefect takes another"
echo "starting the server (its log: $log)"
.venv/bin/prefect server start --host 127.0.0.1 --port "$port" >"$log" 2>&1 &
server=$!
for _ in $(seq 120); do
  healthy && break
  kill -0 "$server" 2>/dev/null || fail "the server ended by itself; its last words: $(tail -n 5 "$log")"
  sleep 1
done
healthy || fail "the server does not answer after two minutes; see $log"

echo "setting up the work pool, the deployments and the automations"
quiet .venv/bin/prefect work-pool create handbill --type process --overwrite
# Deploying sets schedules back to what prefect.yaml says: what people switched on stays on.
on="$(.venv/bin/python -m flows.schedules)" || fail "the deployments cannot be read; see $log"
quiet .venv/bin/prefect --no-prompt deploy --all
[ -z "$on" ] || quiet .venv/bin/python -m flows.schedules $on
quiet .venv/bin/python -m flows.automations --webhook "${WEBHOOK:-}"
PREFECT_LOGGING_LEVEL=INFO .venv/bin/prefect worker start --pool handbill >"$PREFECT_HOME/worker.log" 2>&1 &
worker=$!
echo "ready: http://127.0.0.1:$port/deployments (Ctrl-C ends server and worker)"
wait -n "$server" "$worker" || true
fail "server or worker ended by itself; see the logs in $PREFECT_HOME"
