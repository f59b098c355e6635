# The Graphite recipe of docs/providers.md against a real graphite-web with whisper files, from PyPI into a folder of its own;
# nothing but loopback is asked.
set -euo pipefail
venv=$PWD/build/graphite
if [ ! -x "$venv/bin/whisper-create.py" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r .ci/requirements-graphite.txt
fi
"$venv/bin/pip" show graphite-web 2>/dev/null | sed -n 1,2p
RELMAN_GRAPHITE=$venv exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="${REPORTS:-reports}/43-graphite.jest.json" test/ci/graphite
