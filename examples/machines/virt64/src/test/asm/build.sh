#!/bin/sh
# Builds the test programs with Debian's gcc-riscv64-unknown-elf, and records what QEMU's virt machine prints for each:
# that is what the tests expect. Needs qemu-system-misc, too. Run it after changing a program, and look at the
# differences.
set -eu
cd -- "$(dirname -- "$0")"
out=../resources/io/flatview/examples/virt64/programs
mkdir -p "$out"
for source in ${*:-*.S}; do
  name=$(basename "$source" .S)
  riscv64-unknown-elf-gcc -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -nostdlib -nostartfiles -static \
    -T program.ld -o "$out/$name.elf" "$source"
  case $name in
    tohost-*) continue ;; # keeps its symbols, and does not end on virt
    own-endless-write) continue ;; # likewise
    own-*) # for what virt does not have, or without end
      riscv64-unknown-elf-strip "$out/$name.elf"
      continue
      ;;
  esac
  riscv64-unknown-elf-strip "$out/$name.elf"
  disk=
  image=$(mktemp)
  case $name in
    disk-*)
      truncate -s 64K "$image"
      disk="-global virtio-mmio.force-legacy=false -drive file=$image,if=none,format=raw,id=disk \
        -device virtio-blk-device,drive=disk,bus=virtio-mmio-bus.0"
      ;;
  esac
  status=0
  timeout 60 qemu-system-riscv64 -M virt -cpu rv64,f=false,d=false,h=false,zba=false,zbb=false,zbc=false,zbs=false \
    -smp 4 -m 64 -display none -serial stdio -monitor none \
    $disk -bios none -kernel "$out/$name.elf" </dev/null >"$out/$name.expected" || status=$?
  rm "$image"
  echo "$name: QEMU ended with $status"
done
