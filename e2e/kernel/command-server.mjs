/** Runs commands in a guest for its host: one JSON request a connection, one JSON answer. Only ever on a network of our own. */
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";

/** Listens for commands; resolves to the server. A request is { command, args, input, timeoutS }. */
export function serveCommands(host, port) {
  const server = createServer({ allowHalfOpen: true }, async (socket) => {
    socket.on("error", () => {});
    try {
      socket.end(JSON.stringify(await run(JSON.parse(await text(socket)))));
    } catch (error) {
      socket.end(JSON.stringify({ status: null, stdout: "", stderr: error.message }));
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => resolve(server));
  });
}

/**
 * Asks the command server behind that unix socket to run one command. Resolves to { status, stdout, stderr }, status null when the command
 * did not end by itself (a signal, its time limit); rejects when the guest does not answer.
 */
export async function askForCommand(socketPath, request) {
  const socket = connect({ path: socketPath, allowHalfOpen: true });
  socket.setTimeout(((request.timeoutS ?? 60) + 15) * 1_000, () =>
    socket.destroy(new Error("The guest did not answer.")),
  );
  socket.end(JSON.stringify(request));
  const answer = await text(socket);
  if (answer === "") throw new Error("The guest closed the connection without an answer.");
  return JSON.parse(answer);
}

async function run({ command, args = [], input = "", timeoutS = 60 }) {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    timeout: timeoutS * 1_000,
    killSignal: "SIGKILL",
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}
