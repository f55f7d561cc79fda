#!/usr/bin/env bash
# Compares the client interface of Firmament with SLOF, VOF and OpenBIOS on QEMU, and writes docs/conformance.md. Usage: eng/conformance.sh [FOLDER]
# FOLDER keeps the guest, its disk and each firmware's console; without it they are in a temporary folder. Takes some minutes.
set -euo pipefail
case ${1-} in
  -h|--help) sed -n '2,3s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
for tool in dotnet qemu-system-ppc qemu-system-ppc64; do
  command -v "$tool" >/dev/null || { echo "conformance.sh: '$tool' is missing; eng/test-tools.sh installs QEMU" >&2; exit 1; }
done

root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1-}
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"
rm -f "$folder"/*.txt "$folder/conformance.md"
dotnet build "$root/tests/Firmament.Machines.Tests" -c Release -v quiet -nologo
FIRMAMENT_CONFORMANCE=$(realpath "$folder") dotnet "$root/artifacts/bin/Firmament.Machines.Tests/release/Firmament.Machines.Tests.dll" \
  -noColor -noLogo -explicit only -class '*ConformanceComparison'
cp "$folder/conformance.md" "$root/docs/conformance.md"
