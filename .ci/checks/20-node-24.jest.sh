# The suite once more on the very Node that runs actions, but for most acceptance, since scenarios run there too, and for long
# simulations: `.ci/full` runs those as well.
# Patterns given here replace those of both projects, so one project alone holds every test, and each test runs once.
set -euo pipefail
. .ci/actions-node.sh
PATH=$PWD/node_modules/node/bin:$PATH exec "$node" --experimental-vm-modules --disable-warning=ExperimentalWarning \
  node_modules/jest/bin/jest.js --json --outputFile="$REPORTS/20-node-24.jest.json" \
  --selectProjects unit --testPathIgnorePatterns 'test/acceptance/(canary-step|publish-notes|risk-gate|rollback|verify-metrics)/' \
  'test/acceptance/plan-release/(?!plan[.])' 'test/unit/verdict/(noise|plan-bake)[.]'
