import { connectionsDocument } from "#domain/connections-document";
import { sendConnectionExport } from "./connection-export.ts";
import { connectionParams } from "./connection-params.ts";
import type { ProgramCall, ProgramRoute } from "./program-routes.ts";

/** The connection table for programs: a page of it, or with `format` all that is held of a read. README has the parameters. */
export const connectionsRoute: ProgramRoute = {
  method: "GET",
  path: "/api/v1/connections",
  access: "viewer",
  answer: sendConnections,
};

async function sendConnections({ services, url, response }: ProgramCall): Promise<void> {
  const asked = connectionParams(url.searchParams);
  if (typeof asked === "string") return sendWrong(response, asked);
  const { query, format } = asked;
  if (format !== "page") return sendConnectionExport(services.director, query, format, response);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const page = await services.director.connections(query, gone.signal);
  response
    .writeHead(200, { "content-type": "application/json; charset=utf-8" })
    .end(`${JSON.stringify(connectionsDocument(page))}\n`);
}

function sendWrong(response: ProgramCall["response"], title: string): void {
  response
    .writeHead(400, { "content-type": "application/problem+json; charset=utf-8" })
    .end(`${JSON.stringify({ type: "about:blank", status: 400, title })}\n`);
}
