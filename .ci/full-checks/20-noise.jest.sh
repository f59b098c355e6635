# Crossing rates of the judge, every noise, with a hundred releases where `npm cit` takes eight.
set -euo pipefail
RELMAN_RUNS=100 exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --selectProjects unit --testTimeout 1200000 --json --outputFile="$REPORTS/20-noise.jest.json" test/unit/verdict/noise
