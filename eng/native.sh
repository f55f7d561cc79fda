#!/usr/bin/env bash
# Makes the program a single native executable that needs no .NET. Usage: eng/native.sh [FILE]
#   FILE   where it goes; artifacts/native/firmament unless given
# Needs the .NET 10 SDK and, on Debian, the packages clang and zlib1g-dev. Takes about a minute.
set -eu
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=eng/sdk.sh
. "$root/eng/sdk.sh"

case ${1-} in
  -h|--help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;;
  -*) echo "native.sh: there is no option '$1'; see eng/native.sh --help" >&2; exit 1 ;;
esac
file=${1-$root/artifacts/native/firmament}
require_sdk
command -v clang >/dev/null 2>&1 || { echo "native.sh: clang is not installed; install it and zlib's headers (apt-get install clang zlib1g-dev) and run this again" >&2; exit 1; }
mkdir -p "$(dirname "$file")"
file=$(cd "$(dirname "$file")" && pwd)/$(basename "$file")

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
log=$folder/log
cd "$root"
if ! dotnet publish src/Firmament.Cli -c Release -p:PublishAot=true --use-current-runtime -o "$folder/out" -v quiet -nologo >"$log" 2>&1; then
  cat "$log" >&2
  echo "native.sh: the native build failed" >&2
  exit 1
fi
cat "$log"
mv -f "$folder/out/Firmament.Cli" "$file"
echo "$file ($(du -m --apparent-size "$file" | cut -f1) MiB)"
