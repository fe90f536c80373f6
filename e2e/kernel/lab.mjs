/** `npm run lab`: the whole product on a real IPVS kernel, with services, real servers and a trickle of traffic; prints the address to open. */
import { setup } from "../../scripts/setup.mjs";
import { addresses } from "./network.mjs";
import { relay } from "./relay.mjs";
import { startInside, startLab } from "./start-lab.mjs";

const signals = new Promise((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(signal));
});

try {
  await setup({ addonRequired: true });
  process.stdout.write("Booting the lab…\n");
  const lab = await startLab({
    services: true,
    timeoutSeconds: 24 * 3600,
    onOutput: (text) => process.stderr.write(text),
  });
  const traffic = startInside(lab, "traffic.mjs", [addresses.virtual, addresses.virtual6]);
  const server = await relay(`127.0.0.1:${process.env.LAB_PORT ?? 0}`, lab.webSocket);
  process.stdout.write(`Open http://127.0.0.1:${server.address().port}${await lab.linkPath()}\nCtrl-C ends the lab.\n`);
  const end = await Promise.race([signals, lab.done]);
  traffic.stdin.end();
  server.close();
  await lab.close();
  if (typeof end !== "string")
    throw new Error(end.failure ?? `The product in the guest ended with status ${end.status}.`);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
