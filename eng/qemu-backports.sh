#!/usr/bin/env bash
# Puts the newest QEMU of Debian's backports into a folder of its own, beside the installed one. Usage: eng/qemu-backports.sh [FOLDER]
#   FOLDER   where it goes; ~/.cache/firmament/qemu-backports unless given, where bench/run looks for it
# Needs Debian and its apt, but no rights; it fetches 60 MB from the archive that the host's own apt is set up for. Once there it is left as it is.
set -eu
case ${1-} in
  -h | --help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;;
  -*) echo "qemu-backports.sh: there is no option '$1'; see eng/qemu-backports.sh --help" >&2; exit 1 ;;
esac
folder=$(realpath -m "${1-${XDG_CACHE_HOME:-$HOME/.cache}/firmament/qemu-backports}")
if [ -x "$folder/bin/qemu-system-ppc64" ]; then
  "$folder/bin/qemu-system-ppc64" --version | head -n 1
  exit 0
fi
if [ -e "$folder" ] && ! rmdir "$folder" 2>/dev/null; then
  echo "qemu-backports.sh: '$folder' is there and holds no such QEMU; remove it, or give another folder" >&2
  exit 1
fi
command -v apt-get >/dev/null 2>&1 || { echo "qemu-backports.sh: this host has no apt; give bench/run another QEMU with --qemu and --qemu64" >&2; exit 1; }
release=$(. /etc/os-release && echo "${VERSION_CODENAME-}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources" "$work/lists/partial" "$work/archives/partial"

# The host's own line for Debian's main archive, once for its release and once for the backports (sources.list(5), both formats).
for file in /etc/apt/sources.list.d/*.sources; do
  [ ! -f "$file" ] || awk -v suites="Suites: $release $release-backports" \
    'BEGIN { RS = ""; FS = "\n" } /\nURIs:[^\n]*\/debian\/?(\n|$)/ { sub(/\n?Suites:[^\n]*/, "\n" suites); print $0 "\n"; exit }' "$file" >>"$work/sources/debian.sources"
done
if [ ! -s "$work/sources/debian.sources" ]; then
  rm -f "$work/sources/debian.sources"
  awk -v release="$release" '$1 == "deb" { for (i = 2; i < NF; i++) if ($i ~ /\/debian\/?$/) { $(i + 1) = release; print; $(i + 1) = release "-backports"; print; exit } }' \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null >"$work/sources/debian.list" || true
  [ -s "$work/sources/debian.list" ] || { echo "qemu-backports.sh: the host's apt names no archive of Debian's; give bench/run another QEMU with --qemu and --qemu64" >&2; exit 1; }
fi

# Only the lists and the archives are ours: apt reads the host's status and leaves out what is installed already.
apt=(apt-get -q -o "Dir::Etc::SourceParts=$work/sources" -o Dir::Etc::SourceList=/dev/null -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work"
  -o "Dir::Cache::archives=$work/archives" -o Debug::NoLocking=1 -o APT::Sandbox::User=root)
if ! { "${apt[@]}" update && "${apt[@]}" install -y --download-only --no-install-recommends -t "$release-backports" qemu-system-ppc; } >"$work/log" 2>&1; then
  tail -n 5 "$work/log" >&2
  echo "qemu-backports.sh: apt could not fetch qemu-system-ppc from $release-backports; give bench/run another QEMU with --qemu and --qemu64" >&2
  exit 1
fi

new=$work/new
mkdir -p "$new/bin"
for package in "$work"/archives/*.deb; do
  dpkg -x "$package" "$new"
done

# Debian's QEMU looks for libraries, modules and data in fixed places, where the installed QEMU's are. exec keeps the process the one that was started.
architecture=$(uname -m)-linux-gnu
for program in qemu-system-ppc qemu-system-ppc64; do
  cat >"$new/bin/$program" <<SCRIPT
#!/bin/sh
export LD_LIBRARY_PATH='$folder/usr/lib/$architecture:$folder/lib/$architecture' QEMU_MODULE_DIR='$folder/usr/lib/$architecture/qemu'
exec '$folder/usr/bin/$program' -L '$folder/usr/share/qemu' "\$@"
SCRIPT
  chmod +x "$new/bin/$program"
done
mkdir -p "$(dirname "$folder")"
mv "$new" "$folder"
"$folder/bin/qemu-system-ppc64" --version | head -n 1
