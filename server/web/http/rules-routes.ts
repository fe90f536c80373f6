import type { IncomingMessage, ServerResponse } from "node:http";
import { asCodedError, PeopleError } from "#domain/errors";
import { mayAccess } from "#domain/people";
import { serverId } from "#domain/real-server";
import type { PlanMode } from "#domain/rules/plan";
import { type RuleProblem, ruleSentence } from "#domain/rules/problem";
import { longestRuleText, type PlannedLine } from "#domain/rules-exchange";
import { serviceId } from "#domain/service";
import { applyPlanned, planNow, rulesOf } from "../../rules/apply-text.ts";
import type { TextPlan } from "../../rules/plan-text.ts";
import { refusalSentence, ruleWords } from "../../words.ts";
import { doerOf } from "../people/actor.ts";
import { auditedChange } from "../people/table-change.ts";
import type { ProgramCall, ProgramRoute } from "./program-routes.ts";

/** Rule text for programs: GET reads it, POST runs or merges lines, PUT makes the table equal to it. README has the details. */
export const rulesRoutes: readonly ProgramRoute[] = [
  { method: "GET", path: "/api/v1/rules", access: "viewer", answer: sendRules },
  { method: "POST", path: "/api/v1/rules", access: "operator", answer: (call) => takeRules(call, postMode(call.url)) },
  { method: "PUT", path: "/api/v1/rules", access: "admin", answer: (call) => takeRules(call, "replace") },
];

async function sendRules({ services, response }: ProgramCall): Promise<void> {
  const { text, tag } = rulesOf(await services.director.table());
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8", etag: `"${tag}"` }).end(text);
}

const postMode = (url: URL): PlanMode | null => {
  const mode = url.searchParams.get("mode") ?? "run";
  return mode === "run" || mode === "merge" ? mode : null;
};

async function takeRules(call: ProgramCall, mode: PlanMode | null): Promise<void> {
  const { services, url, request, response } = call;
  if (mode === null) return sendError(response, 400, { title: "mode is run (also when it is left out) or merge." });
  const text = await bodyOf(request, response);
  if (text === null) return;
  const plan = await planNow(services.director, text, mode, services.names);
  if (plan.problems.length > 0) return sendProblems(response, plan.problems);
  if (plan.shown.needs === "admin" && !mayAccess(call.actor.role, "admin")) {
    throw new PeopleError("ROLE_TOO_SMALL", { params: { role: "admin" } });
  }
  const wanted = request.headers["if-match"];
  if (wanted !== undefined && !matches(wanted, plan.shown.tag)) {
    return sendError(response, 412, { title: "The table is not the one that If-Match names: read it again." });
  }
  const [refusal] = plan.refusals;
  if (refusal) {
    const title = refusalSentence({ code: refusal.code, params: {} });
    return sendError(response, 409, { title, code: refusal.code, line: refusal.line });
  }
  if (url.searchParams.get("dryRun") === "1") return sendDone(response, plan, false, null);
  await apply(call, plan, wanted !== undefined);
}

async function apply(call: ProgramCall, plan: TextPlan, conditional: boolean): Promise<void> {
  const { services, actor, response, from } = call;
  const changes = plan.batch.map(({ change }) => change);
  try {
    const { revision } = await auditedChange(services.people.audit, doerOf(actor, from), changes, () =>
      applyPlanned(services.director, plan, { by: { name: actor.name, source: "api", from } }),
    );
    sendDone(response, plan, true, revision);
  } catch (thrown) {
    const { code, shape } = asCodedError(thrown);
    const line = shape.changeIndex === undefined ? undefined : (plan.batch[shape.changeIndex]?.line ?? undefined);
    if (code === "CONFLICT" && conditional) {
      return sendError(response, 412, { title: "The table moved while this was on its way: read it again.", code });
    }
    if (line === undefined && code !== "CONFLICT") throw thrown;
    sendError(response, 409, {
      title: refusalSentence({ code, params: {} }),
      code,
      ...(line === undefined ? {} : { line }),
    });
  }
}

function sendDone(response: ServerResponse, { batch }: TextPlan, applied: boolean, revision: number | null): void {
  const changes = batch.map(({ line, change }) => ({ line, verb: change.verb, ...rowOf(change) }));
  sendJson(response, 200, "application/json", { changes, applied, revision });
}

/** What a change is about, named as ids are. */
function rowOf(change: PlannedLine["change"]): { service?: string; server?: string } {
  if (!("service" in change) || !change.service) return {};
  if (!("server" in change)) return { service: serviceId(change.service) };
  return { service: serviceId(change.service), server: serverId(change.service, change.server) };
}

function sendProblems(response: ServerResponse, problems: readonly RuleProblem[]): void {
  const errors = problems.map((problem) => ({
    line: problem.line,
    column: problem.column,
    code: problem.code,
    message: ruleSentence(problem, ruleWords),
  }));
  const title = "Some lines are not rules; nothing was written.";
  sendJson(response, 422, "application/problem+json", { type: "about:blank", status: 422, title, errors });
}

function sendError(
  response: ServerResponse,
  status: number,
  details: { title: string; code?: string; line?: number },
): void {
  sendJson(response, status, "application/problem+json", { type: "about:blank", status, ...details });
}

function sendJson(response: ServerResponse, status: number, type: string, body: unknown): void {
  response.writeHead(status, { "content-type": `${type}; charset=utf-8` }).end(`${JSON.stringify(body)}\n`);
}

/** RFC 9110 §13.1.1: any of the listed tags, or * for any table. */
function matches(header: string, tag: string): boolean {
  const tags = header.split(",").map((word) => word.trim());
  return tags.includes("*") || tags.includes(`"${tag}"`);
}

/** What text may come as; the last is what curl says when nobody tells it. */
const textTypes = ["text/plain", "application/octet-stream", "application/x-www-form-urlencoded", ""];

/** The body as text, or null when it was refused. */
async function bodyOf(request: IncomingMessage, response: ServerResponse): Promise<string | null> {
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!textTypes.includes(type)) {
    sendError(response, 415, { title: "Rules are sent as text/plain." });
    return null;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestRuleText) {
      // What is still on its way is not waited for.
      response.setHeader("connection", "close");
      sendError(response, 413, { title: "Rules have at most 16 MiB." });
      return null;
    }
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    sendError(response, 400, { title: "The text is not UTF-8." });
    return null;
  }
}
