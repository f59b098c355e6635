# Every negative control of the scenarios; `.ci/run` plays four of the nine.
set -euo pipefail
RELMAN_CONTROLS=all exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="$REPORTS/30-controls.jest.json" test/ci/controls
