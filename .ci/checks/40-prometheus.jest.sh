# The rehearsal's Prometheus and our own adapter against the real one, as Debian packages it, also with native histograms
# and killed while releases bake: unpacked into a folder of its own, so nothing is installed and no service starts.
set -euo pipefail
folder=$PWD/build/prometheus
if ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null; then
  if [ ! -x "$folder/usr/bin/prometheus" ]; then
    mkdir -p "$folder"
    (
      cd "$folder"
      apt-get download -qq prometheus || { $([ "$(id -u)" = 0 ] || echo sudo) apt-get update -qq && apt-get download -qq prometheus; }
      dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb
    )
  fi
  PATH=$folder/usr/bin:$PATH
fi
prometheus --version 2>&1 | head -n 1
report=${REPORTS:-reports}/40-prometheus.jest.json
node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="$report" \
  --testMatch '**/test/rehearsal/service/prometheus/differential.test.ts' --testMatch '**/test/ci/prometheus*.check.ts'
# Skipped would mean that the real one was not found after all.
node -e 'process.exit(JSON.parse(require("fs").readFileSync(process.argv[1])).numPendingTests === 0 ? 0 : 1)' "$report"
