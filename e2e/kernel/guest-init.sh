#!/bin/sh
# The guest's first process. Sees the host's files read-only, makes what a running system expects around them, runs one command, leaves its
# status where the host looks for it, and powers off. Everything it is told stands in $job (a folder of the host, from the kernel command line).
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
bb=/bin/busybox

mount -t proc proc /proc
mount -t sysfs sys /sys
mountpoint -q /dev || mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs -o mode=0755 run /run
mkdir -p /run/root /run/host /run/guest/bin /run/guest/job /run/guest/out /run/guest/modules /run/netns
# A bind without its submounts: the host's own /tmp and /run stay reachable here after tmpfs covers them.
mount --bind / /run/root
mount -t hostfs host /run/host
mount --bind "/run/host$job" /run/guest/job
out=$($bb cat /run/guest/job/out)
modules=$($bb cat /run/guest/job/modules)
checkout=$($bb cat /run/guest/job/checkout)
mount --bind "/run/host$out" /run/guest/out
mount --bind "/run/root$modules" /run/guest/modules
umount /run/host
mount -t tmpfs -o mode=1777 tmp /tmp

# The users that the product becomes must get to the checkout: a folder above it that is closed to others is covered, and so is
# the checkout itself when it is closed, with everything in it bound where it was.
is_open() { case $($bb stat -c %a "/run/root$1") in *[1357]) return 0 ;; *) return 1 ;; esac; }
case $checkout in
/tmp/* | /run/*) cover=none ;;
*)
  cover=
  folder=$checkout
  while [ "$folder" != "" ]; do
    is_open "$folder" || cover=$folder
    folder=${folder%/*}
  done
  [ "$cover" = "" ] || mount -t tmpfs -o mode=0755 cover "$cover" ;;
esac
if [ "$cover" != "" ]; then
  mkdir -p "$checkout"
  if is_open "$checkout"; then
    mount --bind "/run/root$checkout" "$checkout"
  else
    for entry in "/run/root$checkout"/* "/run/root$checkout"/.[!.]*; do
      place=$checkout/${entry##*/}
      if [ -d "$entry" ]; then mkdir "$place"; elif [ -f "$entry" ]; then : >"$place"; else continue; fi
      mount --bind "$entry" "$place"
    done
  fi
fi

# The host has no modules for this kernel, so both people and the kernel itself get a modprobe that knows where they are.
printf '#!/bin/sh\nexec %s -d /run/guest/modules "$@"\n' "$(command -v modprobe)" >/run/guest/bin/modprobe
chmod 755 /run/guest/bin/modprobe
echo /run/guest/bin/modprobe >/proc/sys/kernel/modprobe
ip link set lo up
hostname guest
for module in $($bb cat /run/guest/job/preload); do
  /run/guest/bin/modprobe "$module" || echo "guest: the module $module did not load" >/dev/console
done

# Pipes between the command and the two serial lines, so that its output is a pipe and not a terminal, and stays apart.
$bb stty -F /dev/ttyS0 raw -echo
$bb stty -F /dev/ttyS1 raw -echo
$bb mkfifo /run/guest/stdout /run/guest/stderr
$bb cat </run/guest/stdout >/dev/ttyS0 & relay_out=$!
$bb cat </run/guest/stderr >/dev/ttyS1 & relay_err=$!
cd "$($bb cat /run/guest/job/cwd)" || cd /

# xargs hands the NUL-separated words over as they are; the inner shell keeps the status that xargs would fold into 123.
$bb xargs -0 -x -s 1000000 sh -c '/bin/busybox env -i "$@" </dev/null; echo $? >/run/guest/status' command \
  </run/guest/job/words >/run/guest/stdout 2>/run/guest/stderr

# What the command left running would keep its pipes open for ever: it ends with the command.
for process in /proc/[0-9]*; do
  id=${process#/proc/}
  [ -e "$process/exe" ] || continue
  case $id in 1 | $$ | $relay_out | $relay_err) ;; *) kill -9 "$id" 2>/dev/null ;; esac
done
wait $relay_out $relay_err
[ -s /run/guest/status ] && $bb cp /run/guest/status /run/guest/job/status
sync
$bb poweroff -f
