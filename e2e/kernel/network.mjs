/**
 * A network of its own between the host and a guest: 10.99.0.0/24 and fd99::/64 over a tap device, in a network namespace that nothing else
 * of the machine sees. The namespace has no name and no mount: it is gone when its last process is, however this one ends.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { ensurePackages, findProgram, packagesFor } from "../../scripts/debian-packages.mjs";

/** Where things are on that network. The virtual addresses belong to the guest, like its own. */
export const addresses = {
  ...{ host: "10.99.0.1", host6: "fd99::1", guest: "10.99.0.2", guest6: "fd99::2" },
  ...{
    virtual: "10.99.0.10",
    virtual6: "fd99::10",
    realServers: ["10.98.1.2", "10.98.2.2"],
    realServers6: ["fd98:1::2", "fd98:2::2"],
  },
};

/** The kernel's word for the guest's end of the tap: its interface vec0. */
export const tapKernelArgument = "vec0:transport=tap,ifname=tap0,depth=128,gro=1";

/**
 * Makes the namespace and the host's end of the network. Returns
 *   enter(command, args)  the words that run a program inside
 *   run(command, args)    runs one inside and returns its stdout; throws a sentence when it fails
 *   close()               ends the namespace, unless something still runs in it
 * Throws a sentence when the machine gives no tap device or no right to make namespaces.
 */
export async function createNetwork() {
  if (process.getuid?.() !== 0)
    throw new Error("The lab's network needs root: it makes a network namespace and a tap device.");
  ensurePackages(packagesFor.kernel);
  try {
    accessSync("/dev/net/tun", constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new Error(
      `The lab's network needs /dev/net/tun, which this machine does not give (${error.code}): modprobe tun, or allow the device.`,
    );
  }
  // cat ends with its standard input, so the holder goes away even when this process is killed; its echo says that it is inside.
  const holder = spawn(findProgram("unshare"), ["--net", findProgram("cat")], { stdio: ["pipe", "pipe", "pipe"] });
  const complaint = collect(holder.stderr);
  holder.stdin.on("error", () => {});
  holder.stdin.write("inside\n");
  const [first] = await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]);
  if (!Buffer.isBuffer(first))
    throw new Error(`This machine gives no right to make a network namespace: ${complaint().trim()}`);

  const enter = (command, args = []) => [
    findProgram("nsenter"),
    "--net",
    `--target=${holder.pid}`,
    "--",
    findProgram(command) ?? command,
    ...args,
  ];
  const run = (command, args) => {
    const [program, ...words] = enter(command, args);
    const result = spawnSync(program, words, { encoding: "utf8", timeout: 20_000 });
    if (result.status !== 0)
      throw new Error(`${command} ${args.join(" ")} failed in the lab's network: ${result.stderr || result.error}`);
    return result.stdout;
  };
  const close = async () => {
    if (holder.exitCode !== null || holder.signalCode !== null) return;
    holder.stdin.end();
    await once(holder, "exit");
  };
  try {
    run("ip", ["link", "set", "lo", "up"]);
    run("ip", ["tuntap", "add", "dev", "tap0", "mode", "tap"]);
    run("ip", ["address", "add", `${addresses.host}/24`, "dev", "tap0"]);
    run("ip", ["address", "add", `${addresses.host6}/64`, "dev", "tap0", "nodad"]);
    run("ip", ["link", "set", "tap0", "up"]);
  } catch (error) {
    await close();
    throw error;
  }
  return { enter, run, close };
}

function collect(stream) {
  let text = "";
  stream.on("data", (chunk) => {
    text += chunk;
  });
  return () => text;
}
