import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";

/** What ipvsadm prints for `-L --timeout`: nothing else looks like it, so it ends an answer. */
const endOfAnswer = /^Timeout \(tcp tcpfin udp\): (.*)\n/m;

/**
 * One `ipvsadm -R` that is asked again and again, because a process takes long to start in the guest: lines go in as they would
 * from a file, and what they print comes back. A line that makes ipvsadm leave ends the session, and the question throws.
 */
export class IpvsadmSession {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = "";
  #timeouts = "";
  #wake = () => {};
  #ended = false;

  constructor() {
    // ipvsadm would keep what it prints until it ends, and complaints would come before what they are about.
    const script = "exec stdbuf -oL ipvsadm -R 2>&1";
    this.#child = spawn("sh", ["-c", script], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      this.#output += chunk;
      this.#wake();
    });
    this.#child.stdin.on("error", () => {});
    this.#child.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** What these lines print, complaints among it, each with its line end; `-L --timeout` may not be among them. */
  async ask(lines: string): Promise<string> {
    this.#child.stdin.write(`${lines}-L --timeout\n`);
    for (;;) {
      const found = endOfAnswer.exec(this.#output);
      if (found) {
        const answer = this.#output.slice(0, found.index);
        this.#timeouts = found[1] ?? "";
        this.#output = "";
        return answer;
      }
      if (this.#ended) throw new Error(`ipvsadm -R ended: ${this.#output}\nafter ${lines}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** TCP, TCP after a FIN and UDP in seconds, as they were after the last question */
  get timeouts(): string {
    return this.#timeouts;
  }

  /** The table that `rules` make of an empty one. */
  async restore(rules: string): Promise<ToldTable> {
    return toldTable(await this.ask(`-C\n${rules}-S -n\n-L -n --thresholds\n`));
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (!this.#ended) await once(this.#child, "close");
  }
}

/** A table as ipvsadm tells it. */
export interface ToldTable {
  /** what -S -n printed */
  rules: string;
  /** of -L -n --thresholds the servers that have any: `ADDRESS:PORT UPPER LOWER` */
  thresholds: string[];
}

/** What -S -n and -L -n --thresholds printed, one after the other. */
export function toldTable(answer: string): ToldTable {
  const title = answer.indexOf("IP Virtual Server version");
  const thresholds = answer
    .slice(title)
    .split("\n")
    .flatMap((line) => {
      const row = /^ {2}-> (\S+:\d+) +(\d+) +(\d+) /.exec(line);
      return row && (row[2] !== "0" || row[3] !== "0") ? [`${row[1]} ${row[2]} ${row[3]}`] : [];
    });
  return { rules: answer.slice(0, title), thresholds };
}

/** Our text as ipvsadm would have written it: without thresholds, which it does not save, and with great marks as negative numbers. */
export function withoutOurExceptions(text: string): string {
  return text
    .replace(/^(-a .*? -w \d+)(?: -x \d+)?(?: -y \d+)?/gm, "$1")
    .replace(/^(-[Aa] -f )(\d+)/gm, (_all, before: string, mark: string) => `${before}${Number(mark) | 0}`);
}

/** The same rules in an order of their own: services by their text, and under each its servers. */
export function inAnyOrder(text: string): string[] {
  const services = text.split(/^(?=-A )/m).map((service) => {
    const [first = "", ...servers] = service.trimEnd().split("\n");
    return [first, ...servers.sort()].join("\n");
  });
  return services.sort();
}
