import type { Command } from "#domain/batch/command";
import type { ServerRow, ServiceRow } from "#domain/table";
import { commandBytes, decodeServer, decodeService, encodeCommands, rowBytes } from "../records.ts";

/** A command as it arrives in a kernel: what does not fit into its fields is cut as they cut it, numbers have their one name. */
export interface ArrivedCommand {
  command: Command["command"];
  /** null: flush, or zero all; a spec that was not sent is empty */
  service: ServiceRow | null;
  /** null where the command names no server */
  server: ServerRow | null;
  /** type GUE with port 0, whatever the forwarding method: decoded rows tell of tunnels only */
  gueWithoutPort: boolean;
}

const serviceAt = 8;
const serverAt = serviceAt + rowBytes;
const tunnelTypeAt = 1;
const tunnelPortAt = 92;
const gue = 1;

/** Sends commands through the packed form that the addon takes. Throws what encodeCommands() throws, before any is done. */
export function arrive(commands: readonly Command[]): ArrivedCommand[] {
  const packed = encodeCommands(commands);
  return commands.map((command, index) => {
    const bytes = packed.subarray(index * commandBytes, (index + 1) * commandBytes);
    const { command: name } = command;
    if (command.command === "flush" || command.service === null) {
      return { command: name, service: null, server: null, gueWithoutPort: false };
    }
    const service = decodeService(bytes.subarray(serviceAt, serverAt), 0);
    if (!("server" in command)) return { command: name, service, server: null, gueWithoutPort: false };
    const packedServer = bytes.subarray(serverAt);
    const port = (packedServer[tunnelPortAt] ?? 0) | (packedServer[tunnelPortAt + 1] ?? 0);
    return {
      command: name,
      service,
      server: decodeServer(packedServer, 0, service),
      gueWithoutPort: packedServer[tunnelTypeAt] === gue && port === 0,
    };
  });
}
