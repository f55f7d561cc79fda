#!/bin/bash
# Wraps a 64-bit kernel and its initramfs with Linux's boot wrapper for pseries, as "make zImage.initrd" would, without building the kernel.
# Usage: zimage-pseries.sh be|le VMLINUX INITRAMFS OUTPUT. Needs apt, flex, bison and gcc-powerpc64-linux-gnu.
set -euo pipefail

[ $# -eq 4 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 1; }
order=$1 kernel=$(realpath "$2") initramfs=$(realpath "$3") output=$(realpath -m "$4")
work=${FIRMAMENT_GUEST_BUILD:-$HOME/.cache/firmament/guests/build}
tree=$work/linux-stock objects=$work/wrapper-$order
cross=powerpc64-linux-gnu-

case $order in
    be) config=ppc64_defconfig flags="-m32" ;;
    le) config=ppc64le_defconfig flags="-m64 -mabi=elfv2 -mlittle-endian" ;;
    *) echo "zimage-pseries.sh: there is no byte order '$order'; give be or le" >&2; exit 1 ;;
esac
for tool in ${cross}gcc flex bison make apt-get dpkg-deb; do
    command -v "$tool" >/dev/null || { echo "zimage-pseries.sh: '$tool' is missing; install it" >&2; exit 1; }
done

mkdir -p "$work" "$objects" "$(dirname "$output")"
if [ ! -d "$tree" ]; then
    cd "$work"
    compgen -G 'linux-source-6.1_*.deb' >/dev/null || apt-get download linux-source-6.1
    mkdir -p "$tree.new"
    dpkg-deb --fsys-tarfile linux-source-6.1_*.deb | tar -xO ./usr/src/linux-source-6.1.tar.xz | tar -xJ --strip-components=1 -C "$tree.new"
    mv "$tree.new" "$tree"
fi

# The wrapper's own objects, which the kernel's makefiles make only behind a kernel: one more target that asks for them alone.
boot=arch/powerpc/boot
cd "$tree"
grep -q '^wrapper-objects:' arch/powerpc/Makefile || printf '\nwrapper-objects: prepare\n\t$(Q)$(MAKE) $(build)=scripts\n\t$(Q)$(MAKE) $(build)=%s %s\n' \
    "$boot" "$boot/wrapper.a $boot/crt0.o $boot/pseries-head.o $boot/of.o $boot/epapr.o $boot/zImage.lds $boot/addnote" >>arch/powerpc/Makefile
make=(make -s ARCH=powerpc CROSS_COMPILE="$cross" O="$objects")
"${make[@]}" "$config"
"${make[@]}" wrapper-objects
${cross}gcc $flags -c -x c /dev/null -o "$objects/$boot/empty.o"
cd "$objects"
srctree=$tree sh "$tree/$boot/wrapper" -c -D "$objects/$boot" -o "$output" -p pseries -C "$cross" -i "$initramfs" "$kernel"
ls -l "$output"
