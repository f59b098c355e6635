# Migrations: whatever squawk warns of as incompatible or blocking, relman's two readers see too.
set -euo pipefail
folder=$PWD/build/squawk
[ -x "$folder/bin/squawk" ] || { python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check squawk-cli==2.66.0; }
"$folder/bin/squawk" --version
SQUAWK=$folder/bin/squawk exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --json --outputFile="${REPORTS:-reports}/46-squawk.jest.json" --testMatch '**/test/ci/squawk.check.ts'
