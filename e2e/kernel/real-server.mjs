/** A real server behind the lab's director: `node real-server.mjs NAME PORT` answers HTTP and echoes UDP, and says who it is. */
import { createSocket } from "node:dgram";
import { createServer } from "node:http";

const [name, port] = process.argv.slice(2);
let requests = 0;

const web = createServer((request, response) => {
  requests += 1;
  const kibibytes = Math.min(Number(new URL(request.url, "http://lab").searchParams.get("kib") ?? 0), 1024) || 0;
  const body = `${name} ${requests} ${request.socket.remoteAddress}\n${"x".repeat(kibibytes * 1024)}`;
  response.writeHead(200, {
    "content-type": "text/plain",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  });
  response.end(body);
});
web.listen({ host: "::", port: Number(port) }, () => process.stdout.write(`${name} listens\n`));

const echo = createSocket({ type: "udp6" });
echo.on("message", (message, from) =>
  echo.send(Buffer.concat([Buffer.from(`${name} `), message]), from.port, from.address),
);
echo.bind(Number(port), "::");
