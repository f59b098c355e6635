# The replay of the past against a real Prometheus, as 40-prometheus unpacks it.
set -euo pipefail
PATH=$PWD/build/prometheus/usr/bin:$PATH
command -v prometheus >/dev/null && command -v promtool >/dev/null
node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="${REPORTS:-reports}/44-replay.jest.json" \
  --testMatch '**/test/ci/replay.check.ts'
