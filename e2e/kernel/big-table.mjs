/**
 * Prints a table of any size as `ipvsadm -R` takes it: `node big-table.mjs SERVICES SERVERS`. TCP services from 10.100.0.1:80 on, each with
 * SERVERS real servers of its own from 10.200.0.0:1024 on, by NAT, with weights 1 to 5.
 */
import { pathToFileURL } from "node:url";

const schedulers = ["wlc", "rr", "wrr", "lc", "sed"];

/** The lines for a number of services (at most 65,536) with a number of servers each (at most 4,096), a service before its servers. */
export function* bigTableLines(services, servers) {
  for (let service = 0; service < services; service++) {
    const key = `-t ${address(10, 100, service + 1)}:80`;
    yield `-A ${key} -s ${schedulers[service % schedulers.length]}`;
    for (let server = 0; server < servers; server++) {
      yield `-a ${key} -r ${address(10, 200, server)}:${1024 + (service & 0x3fff)} -m -w ${1 + (server % 5)}`;
    }
  }
}

/** 10.100.0.0 and so many further. */
function address(first, second, further) {
  return `${first}.${second + (further >> 16)}.${(further >> 8) & 255}.${further & 255}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [services, servers] = process.argv.slice(2).map(Number);
  const fits = (count, most) => Number.isInteger(count) && count >= 0 && count <= most;
  if (!fits(services, 65_536) || !fits(servers, 4096)) {
    process.stderr.write("usage: node big-table.mjs SERVICES SERVERS, at most 65536 and 4096\n");
    process.exit(2);
  }
  process.stdout.write(Array.from(bigTableLines(services, servers), (line) => `${line}\n`).join(""));
}
