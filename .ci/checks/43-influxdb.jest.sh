# The InfluxDB recipe of docs/providers.md against a real InfluxDB, as Debian packages it: unpacked into a folder of its own,
# so nothing is installed and no service starts.
set -euo pipefail
folder=$PWD/build/influxdb
if ! command -v influxd >/dev/null; then
  if [ ! -x "$folder/usr/bin/influxd" ]; then
    mkdir -p "$folder"
    (
      cd "$folder"
      apt-get download -qq influxdb || { $([ "$(id -u)" = 0 ] || echo sudo) apt-get update -qq && apt-get download -qq influxdb; }
      dpkg-deb -x influxdb_*.deb . && rm influxdb_*.deb
    )
  fi
  PATH=$folder/usr/bin:$PATH
fi
influxd version
report=${REPORTS:-reports}/43-influxdb.jest.json
node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="$report" \
  --testMatch '**/test/ci/influxdb.check.ts'
# Skipped would mean that the real one was not found after all.
node -e 'process.exit(JSON.parse(require("fs").readFileSync(process.argv[1])).numPendingTests === 0 ? 0 : 1)' "$report"
