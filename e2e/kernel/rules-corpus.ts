/**
 * Lines for `ipvsadm -R`, good and bad, a few for each thing that it does with one. They are run on the table that `base`
 * makes, which mixes no families, or no daemon would start beside it; which of them ipvsadm takes is what ipvsadm says, not what stands here.
 */
export const base = `-A -t 10.0.0.8:80 -s rr
-a -t 10.0.0.8:80 -r 10.1.0.1:80 -m
-A -t 10.0.0.7:0 -s rr -p 60
-A -u 10.0.0.8:53 -s rr -o
-A -t [2001:db8::8]:80 -s sh -p 60 -M 64 -b sh-port
-a -t [2001:db8::8]:80 -r [2001:db8:1::1]:80 -g -w 3
-A -f 7 -s rr
-a -f 7 -r 10.1.0.1:80 -m
-A -f 7 -6 -s rr
`;

const add = "-A -t 10.0.0.9:80";
const server = "-a -t 10.0.0.8:80 -r 10.1.0.2";
const master = "--start-daemon master --mcast-interface eth0";

const sections: Record<string, string> = {
  "the command comes first, and there is one": `
-t 10.0.0.9:80 -A
--tcp-service 10.0.0.9:80 -A
-n -L
-c -L
-pA -t 10.0.0.9:80
-s rr
--
-
--nonesuch
-q
${add} -D
${add} -h
${add} -l
${add} --list
${add} --set
${add} --start-daemon master
-S -L
-E -A -t 10.0.0.9:80
word
10.0.0.9:80
service ipvsadm save
--add-serv -t 10.0.0.9:80
-R`,
  "bundles, glued values and values behind =": `
-At 10.0.0.9:80
-At10.0.0.9:80
-At=10.0.0.9:80
-At==10.0.0.9:80
-A -t=10.0.0.9:80
-A -t10.0.0.9:80 -srr
-A -t 10.0.0.9:80 -s=rr
-Au 10.0.0.9:80 -os rr
-Au 10.0.0.9:80 -osrr
-Af9
-Af 9 -6
-Af9 -6p
-Af9 -6p5
-A --tcp-service=10.0.0.9:80 --scheduler=rr
--add-service --tcp-service 10.0.0.9:80 --scheduler rr --persistent 30 --netmask 255.255.0.0
--add-service --udp-service 10.0.0.9:80 --ops
--add-service --sctp-service 10.0.0.9:80 --sched-flags flag-1
--add-service --fwmark-service 9 --ipv6 --pe sip
--edit-service --tcp-service 10.0.0.8:80
--delete-service --tcp-service 10.0.0.8:80
--add-server --fwmark-service 7 --real-server 10.1.0.2 --gatewaying --weight 3
--add-server --fwmark-service 7 --real-server 10.1.0.2 --ipip --weight 3 --u-threshold 7 --l-threshold 2
--add-server --fwmark-service 7 --real-server 10.1.0.2 --masquerading --tun-type ipip
--edit-server --tcp-service 10.0.0.8:80 --real-server 10.1.0.1 --masquerading
--delete-server --tcp-service 10.0.0.8:80 --real-server 10.1.0.1
--zero --tcp-service 10.0.0.8:80
--clear
${server} -mw5
${server} -mw=5
${server} -mw 5
${server} -m=5
${server} -m5
${server} --masquerading=x
--clear=foo
-C=
-C=x
-A=x -t 10.0.0.9:80
-A --tcp-serv 10.0.0.9:80
-A --tcp 10.0.0.9:80
-A -tcp-service 10.0.0.9:80
${add} ---s rr`,
  "values that are missing or empty": `
-A -t
-A -t=
-A -t -s rr
${add} -s
${add} -s=
${add} -s -p
${add} --pe
${add} --pe=
${add} -b
${add} -b=
${add} -M
${add} -M=
${add} -p=
${add} --persistent=
${server} -w
${server} -w=
${server} -x
${server} -y=
${server} --tun-type
${server} -i --tun-type=
-a -t 10.0.0.8:80 -r
-a -t 10.0.0.8:80 -r=
-a -t 10.0.0.8:80 -r -m
-A -f
-A -f=
--start-daemon
--start-daemon=
${master} --syncid=
--start-daemon master --mcast-interface
--start-daemon master --mcast-interface=`,
  "-p takes a value only when the next word does not start with a dash": `
${add} -p
${add} -p -s rr
${add} -p 5 -s rr
${add} -p5
${add} -p=5
${add} -p +5
${add} -p 05
${add} -p 1
${add} -p 0
${add} -p 2678400
${add} -p 2678401
${add} -p -5
${add} -p 5x
${add} -p x
${add} -p 0x5
${add} -p 1.5
${add} -p5x
${add} -pp
${add} -psrr
${add} -p 99999999999999999999
-A -pt 10.0.0.9:80
-E -t 10.0.0.8:80 -p`,
  "each option once": `
${add} -t 10.0.0.9:81
${add} -u 10.0.0.9:80
-A -f 3 -t 10.0.0.9:80
-A -f 3 -f 3
${add} -s rr -s rr
${add} -p -p
${add} -p 5 -p 5
${add} -M 255.0.0.0 -p -M 255.0.0.0
${add} --pe sip --pe sip
${add} -b flag-1 -b flag-2
-A -u 10.0.0.9:80 -o -o
${server} -r 10.1.0.3
${server} -m -m
${server} -i -m
${server} -g -i
${server} -w 1 -w 1
${server} -x 1 -x 1
${server} -y 0 -y 0
${server} -i --tun-type ipip --tun-type ipip
${server} -i --tun-type gue --tun-port 1 --tun-port 1
${server} -i --tun-type gre --tun-csum --tun-csum
-A -f 3 -6 -6
${add} --sort --sort
${master} --syncid 1 --syncid 1`,
  "words that belong nowhere": `
${add} rr
foo ${add}
${add} -
- ${add}
${add} --
${add} -- -s rr
${add} -- --
-C foo
-Z foo
-Z 10.0.0.8:80
-D 10.0.0.8:80
${master} foo
${server} (null) -w 1
${add} -s rr; echo
${add} ; echo
${add} && ${add}
${add} \\
${add} > /tmp/x
-A -t "10.0.0.9:80"
-A -t '10.0.0.9:80'
-A -t $VIP:80
-A -t $\{VIP}
-A -t \`hostname\`:80
–A -t 10.0.0.9:80
—add-service -t 10.0.0.9:80
-A –t 10.0.0.9:80
-A −t 10.0.0.9:80
-A -t 10.0.0.9：80
-A -t “10.0.0.9:80”
-A -t 10.0.0.9:80\u00a0-s\u00a0rr
${add} -s\u00a0rr`,
  "blank, tab and carriage return separate": `
   -A   -t   10.0.0.9:80   
\t-A\t-t\t10.0.0.9:80\t-s\trr
-A -t 10.0.0.9:80 -s rr\r
-A\r-t\r10.0.0.9:80`,
  "its own name is dropped wherever it stands": `
ipvsadm ${add}
ipvsadm ipvsadm ${add}
-A ipvsadm -t 10.0.0.9:80
-A -t ipvsadm 10.0.0.9:80
-A -t 10.0.0.9:80 -s rr ipvsadm -p 5
ipvsadm -C ipvsadm`,
  "IPv4 as inet_aton reads it": `
-A -t 10.9:80
-A -t 10.0.9:80
-A -t 10.256.9:80
-A -t 10.0.256:80
-A -t 10.0.65536:80
-A -t 10.16777215:80
-A -t 10.16777216:80
-A -t 010.0.0.9:80
-A -t 09.0.0.9:80
-A -t 0x0a000009:80
-A -t 0xa.0.0.9:80
-A -t 0x.0.0.9:80
-A -t 167772169:80
-A -t 4294967296:80
-A -t 10.0.0.09:80
-A -t 10.0.0.256:80
-A -t 300.0.0.1:80
-A -t 1.2.3.4.5:80
-A -t 10.0.0.:80
-A -t .10.0.0:80
-A -t 10..0.9:80
-A -t 10.0.0.9x:80
-A -t 10.0.0.9/32:80
-A -t +10.0.0.9:80
-A -t 10:80
-A -t 10
-A -t 10 -p
-A -t :80
-A -t :
-a -t 10.0.0.8:80 -r 10.2
-a -t 10.0.0.8:80 -r 10
-a -t 10.8:80 -r 10.1.0.2
-a -t 012.0.0.8:80 -r 10.1.0.2`,
  "IPv6 with and without brackets": `
-A -t [2001:db8::9]:80
-A -t [2001:DB8:0:0::9]:80
-A -t [2001:0db8:0000:0000:0000:0000:0000:0009]:80
-A -t [2001:00db8::9]:80
-A -t [2001:db8::9::1]:80
-A -t [2001:db8::g]:80
-A -t [2001:db8:1:2:3:4:5:6:7]:80
-A -t [::10.0.0.9]:80
-A -t [::ffff:10.0.0.9]:80
-A -t [::ffff:10.0.0.09]:80
-A -t [::ffff:10.0.9]:80
-A -t [fe80::9]:80
-A -t [fe80::1%eth0]:80
-A -t fe80::1%eth0 -p
-A -t [::1]:80
-A -t [2001:db8::9]
-A -t [2001:db8::9] -p
-A -t [2001:db8::9]80
-A -t [2001:db8::9]:
-A -t [2001:db8::9
-A -t []:80
-A -t [:80
-A -t [2001:db8::9]]:80
-A -t 2001:db8::9
-A -t 2001:db8::9 -p
-A -t 2001:db8::9:80
-A -t 2001:db8::9:80 -p
-A -t 2001:db8:0:0:0:0:0:1:80
-A -t [10.0.0.9]:80
-A -t [10.0.0.9]:80 -p
-A -t [localhost]:80 -p
-A -t [10.0.0.9] -p
-a -t [2001:db8::8]:80 -r 2001:db8:1::2
-a -t [2001:db8::8]:80 -r [2001:db8:1::2]
-a -t [2001:db8::8]:80 -r [2001:db8:1::2]:81 -m
-a -t 10.0.0.8:80 -r [10.1.0.2]:90 -m
-a -f 7 -r [10.1.0.2]:90 -m`,
  "ports and their names": `
-A -t 10.0.0.9:0
-A -t 10.0.0.9:0 -p
-A -t 10.0.0.9:1
-A -t 10.0.0.9:65535
-A -t 10.0.0.9:65536
-A -t 10.0.0.9:-1
-A -t 10.0.0.9:+80
-A -t 10.0.0.9:080
-A -t 10.0.0.9:0x50
-A -t 10.0.0.9:
-A -t 10.0.0.9
-A -t 10.0.0.9 -p
-A -u 10.0.0.9
-A -t 10.0.0.9:80:80
-A -t 10.0.0.9:http
-A -t 10.0.0.9:HTTP
-A -t 10.0.0.9:nonesuch
-A -t 10.0.0.9:80x
-A -u 10.0.0.9:domain
-A -u 10.0.0.9:http
-A -t [2001:db8::9]:http
-A -t localhost:http
-A -t localhost:80
-A -t nonesuch.invalid:80
-A -t localhost
-a -t 10.0.0.8:80 -r 10.1.0.2:http -m
-a -r 10.1.0.2:http -t 10.0.0.8:80 -m
-a -f 7 -r 10.1.0.2:http -m
-a -t 10.0.0.8:http -r 10.1.0.2 -m
-a -t 10.0.0.8:80 -r localhost -m
-a -t 10.0.0.8:80 -r 10.1.0.2: -m
-D -t 10.0.0.8:http
-D -t 10.0.0.8
-D -t 10.0.0.7
-Z -t 10.0.0.8:http
-E -t 10.0.0.7 -p 5
-E -t 10.0.0.7 -s rr`,
  "the port of a server that has none": `
${server}
${server} -m
${server} -i
${server} -g
-a -r 10.1.0.2 -t 10.0.0.8:80
-a -r 10.1.0.2 -t 10.0.0.8:80 -m
-a -r 10.1.0.2 -t 10.0.0.8:80 -i
-a -r 10.1.0.2 -f 7 -m
-a -f 7 -r 10.1.0.2 -m
-a -t 10.0.0.7:0 -r 10.1.0.2 -m
-a -t 10.0.0.7:0 -r 10.1.0.2:81 -m
-a -t 10.0.0.7 -r 10.1.0.2:81 -g
-a -t 10.0.0.8:80 -r 10.1.0.2:81 -m
-a -t 10.0.0.8:80 -r 10.1.0.2:81 -g
-a -t 10.0.0.8:80 -r 10.1.0.2:81 -i
-a -t 10.0.0.8:80 -r 10.1.0.1:81 -g
-a -f 7 -r 10.1.0.2:81 -g
-a -f 7 -r 10.1.0.2:81 -i
-d -r 10.1.0.1 -t 10.0.0.8:80
-d -t 10.0.0.8:80 -r 10.1.0.1
-d -t 10.0.0.8:80 -r 10.1.0.1:81
-e -r 10.1.0.1 -t 10.0.0.8:80 -m
-e -r 10.1.0.1 -t 10.0.0.8:80 -g`,
  "firewall marks, and -6 behind them": `
-A -f 1
-A -f +1
-A -f 007
-A -f 4294967295
-A -f 4294967296
-A -f 2147483648 -6
-A -f 0
-A -f -1
-A -f 0x10
-A -f 1x
-A -f 99999999999999999999
-A -f 9 -6
-A -f 9 --ipv6
-A -6 -f 9
-A --ipv6 -f 9
-A -6f 9
${add} -6
${add} -s rr -6
-D -f 7
-D -f 7 -6
-D -f 8
-D -f 8 -6
-D -t 10.0.0.8:80 -6
-Z -f 7
-Z -f 7 -6
-Z -6
-a -f 7 -6 -r [2001:db8:1::2]:0 -g
-a -f 7 -r [2001:db8:1::2]:0 -6 -g
-a -f 7 -r [2001:db8:1::2]:0 -g
-A -f 9 -o
-A -f 9 -p`,
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

/** Every option behind every command: whether they go together is ipvsadm's matrix. */
const commands = [
  "-A -t 10.0.0.9:80",
  "-E -t 10.0.0.8:80",
  "-D -t 10.0.0.8:80",
  "-C",
  "-a -t 10.0.0.8:80 -r 10.1.0.2",
  "-e -t 10.0.0.8:80 -r 10.1.0.1",
  "-d -t 10.0.0.8:80 -r 10.1.0.1",
  "-Z",
  "--set 1 2 3",
  master,
  "--stop-daemon master",
  "-S",
];
const options = [
  ...["-t 10.0.0.8:80", "-s rr", "-p", "-M 255.0.0.0", "-r 10.1.0.1", "-m", "-w 1", "-x 1", "-y 0", "-n", "-c"],
  ...["--mcast-interface eth0", "--syncid 1", "--timeout", "--daemon", "--stats", "--rate", "--thresholds"],
  ...["--persistent-conn", "--nosort", "--sort", "-X", "-6", "-o", "--pe sip", "-b flag-1", "--mcast-group 224.0.0.9"],
  ...["--mcast-port 9000", "--mcast-ttl 3", "--sync-maxlen 1000", "--tun-info", "--tun-type ipip", "--tun-port 6080"],
  ...["--tun-nocsum", "--tun-csum", "--tun-remcsum"],
];

const written = Object.values(sections).flatMap((lines) => lines.split("\n").slice(1));
/** Every line once: of the combinations a third, another one with each seed, because each refusal costs a process. */
export function corpusOf(seed: number): string[] {
  const combined = commands.flatMap((command, at) =>
    options.filter((_option, number) => (at + number + seed) % 3 === 0).map((option) => `${command} ${option}`),
  );
  return [...new Set([...written, ...combined])];
}

const convenience = "people paste it, and what is meant is plain; ipvsadm refuses it";
const unicast =
  "a virtual service needs a unicast address of its own, or packets never reach it; the kernel does not check";
const elsewhere =
  "the text is right, and only the host can tell: the plan does not know its modules, interfaces and daemons";
const leaves = "ipvsadm prints and leaves with status 0, and the rules below are lost";

/** Lines that are judged differently on purpose, each with the reason. */
export const differences: readonly (readonly [line: string, reason: string])[] = [
  ["# a comment", "ipvsadm-restore and the init scripts drop comments; ipvsadm itself ends the whole restore at one"],
  ["#-A -t 10.0.0.9:80", "a comment"],
  [`${add} # the web`, convenience],
  [`sudo ipvsadm ${add}`, convenience],
  [`/sbin/ipvsadm ${add}`, convenience],
  [`/usr/sbin/ipvsadm ${add}`, convenience],
  [`$ ipvsadm ${add}`, convenience],
  [`# ipvsadm ${add}`, convenience],
  [`[root@lb1 ~]# ipvsadm ${add}`, convenience],
  [`root@lb1:~# ipvsadm ${add}`, convenience],
  [`\ufeff${add}`, "a byte order mark is no part of the text"],
  ["-A -t 0.0.0.0:80", unicast],
  ["-A -t [::]:80", unicast],
  ["-A -t 224.0.0.9:80", unicast],
  ["-A -t 255.255.255.255:80", unicast],
  ["-A -t [ff02::1]:80", unicast],
  [`${add} -s sh -b flag-3`, "sh has no third flag; ipvsadm -S would write an empty -b, which it does not read back"],
  [`${add} -s mh -b flag-3`, "mh has no third flag either"],
  [`${add} -p -M localhost`, "a host name is no mask"],
  [`${add} -s twos`, elsewhere],
  ["--start-daemon master --mcast-interface eth9", elsewhere],
  ["--stop-daemon master", elsewhere],
  ["--stop-daemon backup --syncid 3", elsewhere],
  [
    `${" ".repeat(5_000)}${add}`,
    "a line is at most 4,096 characters, so that a word cannot be longer: ipvsadm would cut it in two",
  ],
  [`${add} -p \u000b5`, "strtol skips a vertical tab that nobody can see"],
  ["-h", leaves],
  ["--help", leaves],
  ["-v", leaves],
];
