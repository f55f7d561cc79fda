#!/bin/bash
# Makes the pegasos2 guest images from Debian's packages. Usage: build.sh [initramfs|kernels|stock]...; no argument makes all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
guests=${FIRMAMENT_GUESTS:-$HOME/.cache/firmament/guests}
work=${FIRMAMENT_GUEST_BUILD:-$guests/build}
out=$guests/ppc32
jobs=${JOBS:-$(nproc)}
export ARCH=powerpc CROSS_COMPILE=powerpc-linux-gnu-
mkdir -p "$out/stock" "$work"

fail() { echo "build.sh: $*" >&2; exit 1; }

require() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || fail "'$tool' is missing; README.md lists the packages to install"
    done
}

# The kernel's source, unpacked once for each variant ("patched", "stock"), so that neither rebuilds because of the other.
kernel_tree() {
    local tree=$work/linux-$1
    if [ ! -d "$tree" ]; then
        cd "$work"
        compgen -G 'linux-source-6.1_*.deb' >/dev/null || apt-get download linux-source-6.1
        [ -d debian-kernel ] || dpkg -x linux-source-6.1_*.deb debian-kernel
        mkdir "$tree.new"
        tar -C "$tree.new" --strip-components=1 -xJf debian-kernel/usr/src/linux-source-6.1.tar.xz
        if [ "$1" = patched ]; then
            for change in "$here"/patches/*.patch; do patch -d "$tree.new" -p1 <"$change"; done
        fi
        mv "$tree.new" "$tree"
    fi
    cd "$tree"
}

configure() { # configure up|smp
    scripts/kconfig/merge_config.sh -m arch/powerpc/configs/chrp32_defconfig "$here/pegasos2.config" >/dev/null
    [ "$1" = up ] && scripts/config --disable SMP
    scripts/config --set-str INITRAMFS_SOURCE ""
    make -s olddefconfig
}

busybox() {
    local tree=$work/busybox
    if [ ! -x "$tree/busybox" ]; then
        cd "$work"
        # Sources from the same places as this system's packages, without touching its own lists.
        mkdir -p sources/lists/partial sources/parts
        for list in /etc/apt/sources.list.d/*.sources; do
            sed 's/^Types:.*/Types: deb-src/' "$list" >"sources/parts/$(basename "$list")"
        done
        local apt=(-oDir::Etc::SourceParts="$work/sources/parts" -oDir::Etc::SourceList=/dev/null -oDir::State::Lists="$work/sources/lists")
        apt-get "${apt[@]}" update >/dev/null
        apt-get "${apt[@]}" source --download-only busybox
        rm -rf "$tree"
        mkdir "$tree"
        tar -C "$tree" --strip-components=1 -xjf busybox_*.orig.tar.bz2
        cd "$tree"
        make -s defconfig >/dev/null
        # Off: tc and inetd's RPC need headers the cross compiler's library does not have.
        sed -i -e 's/^# CONFIG_STATIC is not set/CONFIG_STATIC=y/' -e 's/^\(CONFIG_TC\|CONFIG_FEATURE_INETD_RPC\)=y/# \1 is not set/' .config
        make -s oldconfig < <(yes '') >/dev/null
        make -s -j"$jobs" busybox
    fi
}

# The archive comes from the kernel's own gen_init_cpio: device nodes without root, and the same bytes each time.
initramfs() {
    busybox
    local root=$work/root-ppc32
    rm -rf "$root"
    make -s -C "$work/busybox" CONFIG_PREFIX="$root" install >/dev/null
    rm -f "$root/linuxrc"
    cp "$here/init" "$root/init"
    chmod 755 "$root/init"
    make -s -C "$here/bench" OUT="$work" "$work/bench-ppc32"
    install -D "$work/bench-ppc32" "$root/bench/bench"

    kernel_tree stock
    gcc -O2 -o "$work/gen_init_cpio" usr/gen_init_cpio.c
    {
        for folder in proc sys dev tmp root mnt etc; do echo "dir /$folder 0755 0 0"; done
        echo "nod /dev/console 0600 0 0 c 5 1"
        echo "nod /dev/null 0666 0 0 c 1 3"
        cd "$root"
        find . -mindepth 1 \( -type d -printf 'dir /%P 0755 0 0\n' -o -type l -printf 'slink /%P %l 0777 0 0\n' \
            -o -type f -printf "file /%P $root/%P 0755 0 0\n" \) | sort
    } | awk '!seen[$2]++' >"$work/initramfs.list"
    "$work/gen_init_cpio" -t 1700000000 "$work/initramfs.list" >"$work/initramfs.cpio"
    gzip -9n <"$work/initramfs.cpio" >"$out/initramfs.cpio.gz"
}

kernels() {
    [ -f "$out/initramfs.cpio.gz" ] || initramfs
    kernel_tree patched
    configure up
    cp "$out/initramfs.cpio.gz" arch/powerpc/boot/ramdisk.image.gz
    make -s -j"$jobs" vmlinux zImage.initrd
    ${CROSS_COMPILE}strip -o "$out/vmlinux" vmlinux
    cp System.map "$out/"
    cp arch/powerpc/boot/zImage.initrd.chrp "$out/zImage.initrd"

    scripts/config --set-str INITRAMFS_SOURCE "$work/initramfs.cpio"
    make -s olddefconfig
    make -s -j"$jobs" vmlinux
    ${CROSS_COMPILE}strip -o "$work/vmlinux-builtin" vmlinux
    # QEMU keeps its firmware at 0 and refuses a kernel there; this one moves itself down.
    ${CROSS_COMPILE}objcopy --change-section-lma '*+0x1000000' "$work/vmlinux-builtin" "$out/vmlinux-builtin-16m"
}

stock() {
    [ -f "$out/initramfs.cpio.gz" ] || initramfs
    kernel_tree stock
    cp "$out/initramfs.cpio.gz" arch/powerpc/boot/ramdisk.image.gz
    configure up
    make -s -j"$jobs" vmlinux
    ${CROSS_COMPILE}strip -o "$out/stock/vmlinux-up-unpatched" vmlinux
    configure smp
    make -s -j"$jobs" zImage.initrd
    cp arch/powerpc/boot/zImage.initrd.chrp "$out/stock/zImage-smp-unpatched.initrd"
}

[ $# -gt 0 ] || set -- initramfs kernels stock
require ${CROSS_COMPILE}gcc gcc make patch xz bzip2 dpkg apt-get
[ "$*" = initramfs ] || require flex bison bc
for step in "$@"; do
    case $step in
        initramfs | kernels | stock) (set -e; "$step") ;;
        *) fail "there is no step '$step'; the steps are initramfs, kernels, stock" ;;
    esac
done
ls -l "$out" "$out/stock"
