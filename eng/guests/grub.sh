#!/usr/bin/env bash
# Makes media that boot GRUB by Open Firmware: a CD, a disk with a PReP partition, and an image for TFTP.
# Usage: grub.sh OUTPUT-FOLDER [KERNEL INITRD APPEND]. The kernel goes to /boot of CD and disk, where grub.cfg finds it.
# Needs apt, grub-common, grub2-common, xorriso, mtools, e2fsprogs, sfdisk.
set -euo pipefail

[ $# -eq 1 ] || [ $# -eq 4 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 1; }
for tool in apt-get dpkg-deb grub-mkimage grub-mkrescue xorriso mformat mkfs.ext4 sfdisk; do
    command -v "$tool" >/dev/null || { echo "grub.sh: '$tool' is missing; install grub-common, grub2-common, xorriso, mtools, e2fsprogs and fdisk" >&2; exit 1; }
done
output=$(realpath -m "$1")
work=${FIRMAMENT_GUEST_BUILD:-$HOME/.cache/firmament/guests/build}
mkdir -p "$work" "$output"

# The modules are in the ppc64el package; the amd64 one of that name has another firmware's.
modules=$work/grub/usr/lib/grub/powerpc-ieee1275
if [ ! -d "$modules" ]; then
    lists=$work/ppc64el-lists
    mkdir -p "$lists/partial"
    apt=(apt-get -oAPT::Architecture=ppc64el -oAPT::Architectures=ppc64el "-oDir::State::Lists=$lists")
    # One list of several may fail while a mirror is brought up to date.
    (cd "$work" && { "${apt[@]}" update >/dev/null 2>&1 || true; } && "${apt[@]}" download grub-ieee1275-bin >/dev/null)
    dpkg-deb -x "$work"/grub-ieee1275-bin_*_ppc64el.deb "$work/grub"
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/boot/grub"
{
    printf 'set timeout=-1\n'
    if [ $# -eq 4 ]; then
        cp "$2" "$root/boot/vmlinux"
        cp "$3" "$root/boot/initrd.gz"
        printf 'menuentry "Linux" {\n    linux /boot/vmlinux %s\n    initrd /boot/initrd.gz\n}\n' "$4"
    fi
    printf 'menuentry "Reboot" {\n    reboot\n}\nmenuentry "Halt" {\n    halt\n}\n'
} >"$root/boot/grub/grub.cfg"

grub-mkrescue -d "$modules" -o "$output/grub.iso" "$root" >/dev/null 2>&1

wanted="normal ls echo cat boot linux part_msdos part_gpt part_apple ext2 iso9660 fat hfsplus search configfile test help minicmd halt reboot terminal date hexdump ofnet tftp net ieee1275_fb"
available=""
for module in $wanted; do
    [ -e "$modules/$module.mod" ] && available="$available $module"
done
grub-mkimage -d "$modules" -O powerpc-ieee1275 -p '()/boot/grub' -o "$output/grub.elf" $available

# 8 MiB of PReP partition from 1 MiB on, then ext4.
size=$(($(du -sm "$root" | cut -f1) + 32))
truncate -s "$((size + 10))M" "$output/disk.img"
printf 'label: dos\nstart=2048, size=16384, type=41, bootable\nstart=18432, type=83\n' | sfdisk -q "$output/disk.img"
dd if="$output/grub.elf" of="$output/disk.img" bs=512 seek=2048 conv=notrunc status=none
truncate -s "${size}M" "$root.ext4"
mkfs.ext4 -q -d "$root" -L firmament "$root.ext4"
dd if="$root.ext4" of="$output/disk.img" bs=512 seek=18432 conv=notrunc status=none
rm -f "$root.ext4"
# From the disk's PReP partition, GRUB finds its files on the partition behind it.
grub-mkimage -d "$modules" -O powerpc-ieee1275 -p '(,msdos2)/boot/grub' -o "$output/grub-disk.elf" $available
dd if="$output/grub-disk.elf" of="$output/disk.img" bs=512 seek=2048 conv=notrunc status=none
