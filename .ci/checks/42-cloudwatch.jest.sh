# CloudWatch through the real `aws`, against moto's CloudWatch and the published model of the service. Both come from PyPI
# into a folder of their own; nothing but loopback is asked.
set -euo pipefail
venv=$PWD/build/cloudwatch
if [ ! -x "$venv/bin/aws" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: -r .ci/requirements-cloudwatch.txt
fi
"$venv/bin/aws" --version
RELMAN_AWS=$venv exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="${REPORTS:-reports}/42-cloudwatch.jest.json" test/ci/cloudwatch
