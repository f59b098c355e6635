# Sourced by `.ci/run` and `.ci/full`: runs checks one after the other and counts what their reports say.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
exec </dev/null
export CI=true NO_COLOR=1

reports=$PWD/reports
results=$reports/checks.tsv
export REPORTS=$reports
rm -rf "$reports" && mkdir -p "$reports" || exit 1
: >"$results"

# check NAME COMMAND...: runs it, notes its status; with REPORT set, its tests are counted from that file.
check() {
  local name=$1 start=$SECONDS status
  shift
  printf '\n== %s\n' "$name"
  "$@"
  status=$?
  printf '== %s: status %s, %s s\n' "$name" "$status" $((SECONDS - start))
  printf '%s\t%s%s\n' "$name" "$status" "${REPORT:+$'\t'$REPORT}" >>"$results"
  return "$status"
}

# scripts FOLDER: a check of each script in it. One that runs jest writes its report, and says so by its name: *.jest.sh
scripts() {
  local script name
  for script in "$1"/*.sh; do
    name=$(basename "$script" .sh)
    case $name in
      *.jest) REPORT=$reports/$name.json check "$name" bash "$script" ;;
      *) check "$name" bash "$script" ;;
    esac
  done
}

# The sum of all checks as the last line, and as the status.
finish() {
  printf '\n'
  node .ci/count.js "$results"
  local status=$?
  # 0 and 3 are verdicts of the counter; anything else is a crash of it.
  case $status in
    0 | 3) ;;
    *) echo '0 passed, 1 failed' ;;
  esac
  exit "$status"
}
