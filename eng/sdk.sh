# Shared by ./firmament and ./test: checks the SDK, builds with one progress line. Sourced, not run.

require_sdk() {
  if ! command -v dotnet >/dev/null 2>&1; then
    echo "firmament: the .NET 10 SDK is not installed; install it (package dotnet-sdk-10.0) and run this again" >&2
    exit 1
  fi
  case $(dotnet --version 2>/dev/null) in
    10.*) ;;
    *) echo "firmament: the .NET 10 SDK is needed and 'dotnet --version' says '$(dotnet --version 2>&1 | head -n 1)'; install dotnet-sdk-10.0" >&2
       exit 1 ;;
  esac
}

# build_quietly PROJECT: a release build; prints errors only.
build_quietly() {
  local log
  log=$(mktemp)
  [ ! -t 2 ] || printf 'building %s (about a minute the first time)…' "$1" >&2
  if dotnet build "$1" -c Release -v quiet -nologo >"$log" 2>&1; then
    [ ! -t 2 ] || printf '\r\033[K' >&2
    rm -f "$log"
    return 0
  fi
  [ ! -t 2 ] || printf '\r\033[K' >&2
  grep -E 'error|warning' "$log" | sort -u | head -n 40 >&2 || cat "$log" >&2
  echo "firmament: the build failed; its whole output is in $log" >&2
  return 1
}
