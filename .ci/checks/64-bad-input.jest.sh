# What a hostile, careless or unlucky user does to the rehearsal: wrong input, signals at any moment. About two minutes.
set -euo pipefail
exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="${REPORTS:-reports}/64-bad-input.jest.json" test/ci/bad-input
