# The whole suite on the very Node that runs actions, acceptance and simulations with it.
set -euo pipefail
. .ci/actions-node.sh
PATH=$PWD/node_modules/node/bin:$PATH exec "$node" --experimental-vm-modules --disable-warning=ExperimentalWarning \
  node_modules/jest/bin/jest.js --json --outputFile="$REPORTS/10-node-24.jest.json"
