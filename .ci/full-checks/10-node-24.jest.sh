# The whole suite on the very Node that runs actions, acceptance and simulations with it.
set -euo pipefail
node=node_modules/node/bin/node
wanted=v$(cat .node-version)
found=$("$node" --version)
[ "$found" = "$wanted" ] || { echo "$node is $found, not $wanted: was its install script blocked?" >&2; exit 1; }
PATH=$PWD/node_modules/node/bin:$PATH exec "$node" --experimental-vm-modules --disable-warning=ExperimentalWarning \
  node_modules/jest/bin/jest.js --json --outputFile="$REPORTS/10-node-24.jest.json"
