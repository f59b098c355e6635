# Artifacts in a real registry (Docker's own, as Debian packages it), over TLS and with a password, through the bundle of
# plan-release: unpacked into a folder of its own, so nothing is installed and no service starts.
set -euo pipefail
folder=$PWD/build/docker-registry
if ! command -v docker-registry >/dev/null; then
  if [ ! -x "$folder/usr/bin/docker-registry" ]; then
    mkdir -p "$folder"
    (
      cd "$folder"
      apt-get download -qq docker-registry || { $([ "$(id -u)" = 0 ] || echo sudo) apt-get update -qq && apt-get download -qq docker-registry; }
      dpkg-deb -x docker-registry_*.deb . && rm docker-registry_*.deb
    )
  fi
  PATH=$folder/usr/bin:$PATH
fi
docker-registry --version
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>/dev/null
report=${REPORTS:-reports}/45-registry.jest.json
REGISTRY_TLS=$folder NODE_EXTRA_CA_CERTS=$folder/certificate.pem \
  node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config .ci/jest.config.js --runInBand --json --outputFile="$report" \
  --testMatch '**/test/ci/registry.check.ts'
# Skipped would mean that the real one was not found after all.
node -e 'process.exit(JSON.parse(require("fs").readFileSync(process.argv[1])).numPendingTests === 0 ? 0 : 1)' "$report"
