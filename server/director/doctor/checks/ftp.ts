import { defaultPersistenceS, fullNetmask, serviceFamily } from "#domain/service";
import type { ServiceRecord } from "#domain/table";
import { type Check, type Outcome, orElse } from "../check.ts";
import { editServiceCommand } from "../ipvsadm-commands.ts";
import { ifThere } from "../read.ts";
import { mostCommands, serviceName, servicePage, several } from "../words.ts";

const path = "/proc/net/ip_vs_app";
const ftpPort = 21;

/** ip_vs_ftp is never loaded by itself, and reads along at the ports that it was told of (linux ip_vs_ftp.c). */
export const ftp: Check<"ftp"> = {
  id: "ftp",
  reads: [path, "table"],
  link: "/services",
  async run({ host, services }) {
    const all = services().filter(
      ({ key }) => key.kind === "address" && key.protocol === "tcp" && key.port === ftpPort,
    );
    if (all.length === 0) return { verdict: "ok", code: "FTP_NONE" };
    const apps = await ifThere(host.text(path), "");
    const isWatched = /^TCP\s+21\s+\d+\s+ftp\s*$/m.test(apps);
    const unread = isWatched ? [] : all.filter(({ servers }) => servers.some(({ spec }) => spec.forward === "nat"));
    const apart = all.filter(
      ({ spec, servers }) => !spec.persistence && servers.some((each) => each.spec.forward !== "nat"),
    );
    const found: Outcome<"ftp">[] = [];
    if (unread.length > 0)
      found.push({ verdict: "error", code: "FTP_WITHOUT_HELPER", ...about(unread), commands: ["modprobe ip_vs_ftp"] });
    if (apart.length > 0) {
      const commands = apart.slice(0, mostCommands).map(persistentCommand);
      found.push({ verdict: "warning", code: "FTP_NOT_PERSISTENT", ...about(apart), commands });
    }
    return orElse(found, { code: "FTP_READY" });
  },
};

function about(services: readonly ServiceRecord[]): Pick<Outcome<"ftp">, "params" | "link"> {
  const [first] = services;
  return {
    params: several(services.map(({ key }) => serviceName(key))),
    ...(first ? { link: servicePage(first) } : {}),
  };
}

const persistentCommand = (service: ServiceRecord) =>
  editServiceCommand(service, {
    persistence: { timeoutS: defaultPersistenceS, netmask: fullNetmask(serviceFamily(service.key)) },
  });
