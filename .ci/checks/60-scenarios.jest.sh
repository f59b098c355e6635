# Every scenario of the rehearsal through the committed bundle, each in a process of its own, in a clone without
# node_modules. About ten minutes; RELMAN_SCENARIOS=quick, or names with commas, plays fewer.
set -euo pipefail
exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="${REPORTS:-reports}/60-scenarios.jest.json" test/ci/scenarios
