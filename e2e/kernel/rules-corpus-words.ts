const add = "-A -t 10.0.0.9:80";
const server = "-a -t 10.0.0.8:80 -r 10.1.0.2";
const master = "--start-daemon master --mcast-interface eth0";

/** Lines about words, options and their values. */
export const lineWords: Record<string, string> = {
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
};
