# What the rehearsal says against what users of its service got, who know nothing of relman. About two minutes.
set -euo pipefail
exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="${REPORTS:-reports}/65-agreement.jest.json" test/ci/agreement
