# Opens the report of a rehearsal in a real Chromium (or Chrome), from a file and with no network.
set -euo pipefail
find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
if ! find_browser >/dev/null; then
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends chromium
fi
RELMAN_BROWSER=$(find_browser)
export RELMAN_BROWSER
"$RELMAN_BROWSER" --version
folder=$PWD/build/chromium
[ -d "$folder/node_modules/playwright-core" ] ||
  npm install --prefix "$folder" --no-audit --no-fund --loglevel=error playwright-core@1.65.1
exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="${REPORTS:-reports}/50-chromium.jest.json" test/ci/report
