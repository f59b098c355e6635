# Negative controls: without the fault nothing is caught, without the judge or the undo job nothing is rescued.
# Four of the nine; RELMAN_CONTROLS=all, as in `.ci/full`, plays every one.
set -euo pipefail
exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="${REPORTS:-reports}/70-controls.jest.json" test/ci/controls
