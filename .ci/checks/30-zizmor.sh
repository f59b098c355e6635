# Audits workflows and actions as a security reviewer would. It comes from PyPI, into a folder of its own.
set -euo pipefail
venv=build/zizmor
if [ ! -x "$venv/bin/zizmor" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: -r .ci/requirements.txt
fi
"$venv/bin/zizmor" --version
exec "$venv/bin/zizmor" --offline --no-progress --persona auditor --strict-collection .
