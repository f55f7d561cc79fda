#!/usr/bin/env bash
# Installs what some tests compare with: dtc, QEMU, qemu-nbd, a PowerPC compiler, makers of file systems and disk labels, GRUB's tools, Forth programs. Usage: eng/test-tools.sh
# On Debian as root it installs what is missing with apt; elsewhere it says what is missing. Without them ./test passes, and skips those tests.
set -u
case ${1-} in
  -h|--help) sed -n '2,3s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac

# A command each package brings, and the package.
missing=()
while read -r file package; do
  [ -e "$file" ] || missing+=("$package")
done <<TOOLS
/usr/bin/dtc device-tree-compiler
/usr/bin/qemu-ppc64 qemu-user
/usr/bin/qemu-system-ppc qemu-system-ppc
/usr/share/qemu/slof.bin qemu-system-data
/usr/bin/qemu-nbd qemu-utils
/usr/bin/powerpc-linux-gnu-gcc gcc-powerpc-linux-gnu
/usr/sbin/mke2fs e2fsprogs
/usr/sbin/mkfs.fat dosfstools
/usr/bin/mcopy mtools
/usr/bin/genisoimage genisoimage
/usr/bin/xorriso xorriso
/usr/bin/hformat hfsutils
/usr/sbin/sgdisk gdisk
/usr/sbin/sfdisk fdisk
/usr/sbin/parted parted
/usr/bin/grub-mkimage grub-common
/usr/bin/grub-mkrescue grub-common
/usr/share/gforth gforth-common
TOOLS

[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
  echo "test-tools.sh: not installed, so the tests that compare with them are skipped: ${missing[*]}" >&2
  exit 0
fi

log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if apt-get update >"$log" 2>&1 && apt-get install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
  rm -f "$log"
else
  tail -n 5 "$log" >&2
  echo "test-tools.sh: apt could not install ${missing[*]}; the tests that compare with them are skipped" >&2
fi
