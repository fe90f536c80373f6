/sbin/ip netns add router
export STATE_DIR=/run/st RUNTIME_DIR=/run/rt DIRECTOR=kernel
node server/cli.mjs director > /run/log0 2>&1 & a=$!
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 1; [ -s /run/log0 ] && break; done; echo "plain after $i"; head -c 300 /run/log0; kill $a; wait $a
node server/cli.mjs director --netns /run/netns/router > /run/log 2>&1 & a=$!
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do sleep 1; [ -s /run/log ] && break; done; echo "netns after $i"; head -c 600 /run/log; ls -l /proc/$a/fd | head -40; ls -la /run/rt; ls /sys/class/net; kill $a; sleep 1; ls -d /proc/$a
