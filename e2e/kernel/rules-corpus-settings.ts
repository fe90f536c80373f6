const add = "-A -t 10.0.0.9:80";
const server = "-a -t 10.0.0.8:80 -r 10.1.0.2";
const master = "--start-daemon master --mcast-interface eth0";

/** Lines about what services, servers and daemons are set to, and about what the kernel says. */
export const lineSettings: Record<string, string> = {
  "netmasks by the family that is known": `
${add} -p -M 255.255.255.0
${add} -p -M 255.255.255.255
${add} -p -M 0.0.0.0
${add} -p -M 255.0.255.0
${add} -p -M 24
${add} -p -M 0
${add} -p -M 32
${add} -p -M 0x18
${add} -p -M 255.255
${add} -p -M 255.255.255.256
${add} -p -M /24
${add} -p -M nonesuch.invalid
${add} -p -M 64x
${add} -M 255.255.255.0
-A -M 255.255.255.0 -t 10.0.0.9:80 -p
-A -M 64 -t 10.0.0.9:80 -p
-A -M 64 -t [2001:db8::9]:80 -p
-A -t [2001:db8::9]:80 -p -M 64
-A -t [2001:db8::9]:80 -p -M 1
-A -t [2001:db8::9]:80 -p -M 0
-A -t [2001:db8::9]:80 -p -M 128
-A -t [2001:db8::9]:80 -p -M 129
-A -t [2001:db8::9]:80 -p -M -1
-A -t [2001:db8::9]:80 -p -M +64
-A -t [2001:db8::9]:80 -p -M 64x
-A -t [2001:db8::9]:80 -p -M x
-A -t [2001:db8::9]:80 -p -M 255.255.255.0
-A -f 9 -p -M 64
-A -f 9 -6 -p -M 64
-A -f 9 -p -M 64 -6
-A -f 9 -p -M 255.255.255.0 -6
-A -f 9 -6 -p -M 64x`,
  "schedulers, their flags and engines": `
${add} -s rr
${add} -s wrr
${add} -s lc
${add} -s wlc
${add} -s lblc
${add} -s lblcr
${add} -s dh
${add} -s sh
${add} -s sed
${add} -s nq
${add} -s fo
${add} -s ovf
${add} -s mh
${add} -s none
${add} -s best
${add} -s RR
${add} -s rr#x
${add} -s averyverylongschedulername
${add} -sr
${add} -b flag-1
${add} -b flag-1,flag-2,flag-3
${add} -b flag-3,flag-1
${add} -b flag-1,,flag-2
${add} -b ,flag-1,
${add} -b flag-1,flag-1
${add} -b flag-4
${add} -b sh-port
${add} -b sh-port -s sh
${add} -s sh -b sh-fallback,sh-port
${add} -s sh -b flag-1
${add} -s sh -b mh-port
${add} -s sh -b flag-1,mh-port
${add} -s mh -b mh-fallback,mh-port
${add} -s mh -b mh-fallback,sh-port
${add} -s mh -b flag-1,flag-2
${add} -s rr -b sh-fallback
${add} -b ,
${add} -b ,,
${add} --pe sip
${add} --pe sip -p
${add} --pe nope
${add} --pe SIP
-E -t 10.0.0.8:80 -b flag-1
-E -t [2001:db8::8]:80`,
  "one packet at a time is for UDP and marks": `
${add} -o
${add} --ops
-A -u 10.0.0.9:53 -o
-A -u 10.0.0.9:53 -o -p
-A --sctp-service 10.0.0.9:80 -o
-E -u 10.0.0.8:53
-E -t 10.0.0.8:80 -o`,
  "weights and thresholds": `
${server} -w 0
${server} -w 2147483647
${server} -w 2147483648
${server} -w 65536
${server} -w -1
${server} -w 1.5
${server} -w +5
${server} -w 005
${server} -w five
${server} -w 0x5
${server} -x 10 -y 5
${server} -x 10
${server} -x 10 -y 10
${server} -y 5 -x 10
${server} -x 5 -y 6
${server} -y 5
${server} -x 0 -y 0
${server} -x 2147483647
${server} -x 2147483648
${server} -x -1
${server} -y 2147483648 -x 1
-e -t 10.0.0.8:80 -r 10.1.0.1 -m -w 9 -x 7`,
  "forwarding and tunnels": `
${server} --tun-type ipip
${server} -m --tun-type ipip
${server} -i --tun-type ipip
${server} -i --tun-type IPIP
${server} -i --tun-type gre
${server} -i --tun-type gre --tun-nocsum
${server} -i --tun-type gre --tun-csum
${server} -i --tun-type gre --tun-remcsum
${server} -i --tun-type gre --tun-csum --tun-nocsum
${server} -i --tun-type gre --tun-port 6080
${server} -i --tun-type gue
${server} -i --tun-type gue --tun-port 6080
${server} -i --tun-type gue --tun-port 6080 --tun-nocsum
${server} -i --tun-type gue --tun-port 6080 --tun-csum
${server} -i --tun-type gue --tun-port 6080 --tun-remcsum
${server} -i --tun-type gue --tun-port 6080 --tun-csum --tun-nocsum
${server} -i --tun-type gue --tun-port 6080 --tun-csum --tun-remcsum
${server} -i --tun-type gue --tun-port 0
${server} -i --tun-type gue --tun-port 65536
${server} -i --tun-type gue --tun-port x
${server} --tun-type gue --tun-port 6080 -i
${server} -i --tun-port 6080
${server} -i --tun-csum
${server} -i --tun-nocsum
${server} --tun-port 6080
${server} -m --tun-csum
-e -t 10.0.0.8:80 -r 10.1.0.1 -i --tun-type gre --tun-csum`,
  "families may only mix in tunnels": `
-a -t 10.0.0.8:80 -r [2001:db8:1::2]:80 -i
-a -t 10.0.0.8:80 -r 2001:db8:1::2 -i
-a -t 10.0.0.8:80 -r [2001:db8:1::2]:80
-a -t 10.0.0.8:80 -r [2001:db8:1::2]:80 -g
-a -t 10.0.0.8:80 -r [2001:db8:1::2]:80 -m
-a -t [2001:db8::8]:80 -r 10.1.0.2 -i
-a -t [2001:db8::8]:80 -r 10.1.0.2 -m
-d -t 10.0.0.8:80 -r [2001:db8:1::1]:80
-d -t 10.0.0.8:80 -r [2001:db8:1::2]:80
-e -t 10.0.0.8:80 -r [2001:db8:1::1]:80 -i -w 5
-e -t 10.0.0.8:80 -r [2001:db8:1::1]:80 -m`,
  "what the kernel says": `
-A -t 10.0.0.8:80
-A -f 7
-A -f 7 -6
-E -t 10.0.0.9:80
-E -f 8
-D -t 10.0.0.9:80
-D -u 10.0.0.8:80
-D --sctp-service 10.0.0.8:80
-a -t 10.0.0.9:80 -r 10.1.0.1
-a -t 10.0.0.8:80 -r 10.1.0.1
-a -t 10.0.0.8:80 -r 10.1.0.1 -m -w 5
-e -t 10.0.0.8:80 -r 10.1.0.2 -m
-e -t 10.0.0.9:80 -r 10.1.0.1 -m
-e -t 10.0.0.8:80 -r 10.1.0.1
-d -t 10.0.0.9:80 -r 10.1.0.1
-d -f 7 -r 10.1.0.1
-d -f 7 -r 10.1.0.1:80
-Z
-Z -t 10.0.0.8:80
-Z -t 10.0.0.9:80
-C
-a -t 10.0.0.8:80 -r 224.0.0.1
-a -t 10.0.0.8:80 -r 0.0.0.0 -i
-a -t 10.0.0.8:80 -r 255.255.255.255
-a -t 10.0.0.8:80 -r fe80::1 -i
-a -t [2001:db8::8]:80 -r ff02::1
-a -t [2001:db8::8]:80 -r [::]:80
-a -t 10.0.0.8:80 -r 127.0.0.1`,
  timeouts: `
--set 1 2 3
--set 0 0 0
--set 0 20 0
--set 2678400 1 1
--set 2678401 0 0
--set 1 2
--set
--set 1 2 3 4
--set -1 2 3
--set +1 2 3
--set 1 2 x
--set=1 2 3
1 --set 2 3
1 2 3 --set
--set -- 1 2 3
--set 1 2 3 -n
--set 1 2 3 --`,
  "sync daemons": `
${master}
--start-daemon=backup --mcast-interface eth0
--start-daemon backup
--start-daemon MASTER
--start-daemon foo
${master} --syncid 7
${master} --syncid 0
${master} --syncid 255
${master} --syncid 256
${master} --syncid -1
${master} --sync-maxlen 1400
${master} --sync-maxlen 0
${master} --sync-maxlen 65508
${master} --mcast-group 224.1.2.3 --mcast-port 8849 --mcast-ttl 2
${master} --mcast-group 10.0.0.1
${master} --mcast-group x
${master} --mcast-group 2001:db8::1
${master} --mcast-port 0
${master} --mcast-port 65536
${master} --mcast-port http
${master} --mcast-ttl 0
${master} --mcast-ttl 255
${master} --mcast-ttl 256
${master} -n
--stop-daemon
--stop-daemon foo
--stop-daemon backup --mcast-interface eth0
--stop-daemon backup --syncid 999`,
  "what only prints": `
-L
-L -n
-Ln
-lnX
-L -n -t 10.0.0.8:80
-L -c
-L --stats --rate
-L --daemon
-L --syncid 3
-L --tun-info
-L --sort --nosort
-L -t 10.0.0.8:80 -c
-L -t 10.0.0.8:80 --timeout
-L --timeout --daemon
-L --stats --timeout
-L -c --stats
-L -c --persistent-conn
-L --daemon --persistent-conn
-L -p
-L foo
-S
-Sn
-S foo
-S -c`,
};
