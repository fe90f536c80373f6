import type { IncomingMessage, ServerResponse } from "node:http";
import { asCodedError, type CodedError, DirectorError } from "#domain/errors";
import { mayAccess } from "#domain/people";
import { serverId } from "#domain/real-server";
import { tagSchema } from "#domain/revision";
import type { PlanMode } from "#domain/rules/plan";
import { type RuleProblem, ruleSentence } from "#domain/rules/problem";
import type { PlannedLine } from "#domain/rules-exchange";
import { serviceId } from "#domain/service";
import type { Applied } from "#server/director/director";
import { applyPlanned, planNow, requireSound, rulesOf } from "../../rules/apply-text.ts";
import { managersHere, noteDespite } from "../../rules/managers-here.ts";
import type { TextPlan } from "../../rules/plan-text.ts";
import { refusalSentence, ruleWords } from "../../words.ts";
import { doerOf } from "../people/actor.ts";
import { auditedChange } from "../people/table-change.ts";
import type { ProgramCall, ProgramRoute } from "./program-routes.ts";
import { refuseRole } from "./refuse-role.ts";
import { drained, type RefusedBody, ruleBody } from "./rule-body.ts";

/** Rule text for programs: GET reads it, POST runs or merges lines, PUT makes the table equal to it. README has the details. */
export const rulesRoutes: readonly ProgramRoute[] = [
  { method: "GET", path: "/api/v1/rules", access: "viewer", answer: sendRules },
  { method: "POST", path: "/api/v1/rules", access: "operator", answer: takeRules },
  { method: "PUT", path: "/api/v1/rules", access: "admin", answer: takeRules },
];

async function sendRules({ services, response }: ProgramCall): Promise<void> {
  const { text, tag } = rulesOf(await services.director.table());
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8", etag: `"${tag}"` }).end(text);
}

/** What the address asks for, or what is wrong with it. A word that is not known may have been meant to keep this from writing. */
function askedFor({ url, request }: ProgramCall): { mode: PlanMode; dryRun: boolean } | string {
  const isPut = request.method === "PUT";
  const known = isPut ? ["dryRun"] : ["mode", "dryRun"];
  for (const name of new Set(url.searchParams.keys())) {
    if (!known.includes(name)) return `${request.method} takes ${known.join(" and ")} in the address, not ${name}.`;
    if (url.searchParams.getAll(name).length > 1) return `${name} is given twice.`;
  }
  const { mode = "run", dryRun } = Object.fromEntries(url.searchParams);
  if (dryRun !== undefined && dryRun !== "1") return "dryRun is 1, or left out.";
  if (mode !== "run" && mode !== "merge") return "mode is run (also when it is left out) or merge.";
  return { mode: isPut ? "replace" : mode, dryRun: dryRun === "1" };
}

async function takeRules(call: ProgramCall): Promise<void> {
  const { services, request, response } = call;
  const asked = askedFor(call);
  if (typeof asked === "string") return sendError(response, 400, { title: asked });
  const body = await ruleBody(request);
  if (body === null) return;
  if (typeof body !== "string") return sendBodyRefused(request, response, body);
  const known = asked.dryRun ? undefined : tagSchema.safeParse(request.headers["if-match"]?.trim().slice(1, -1)).data;
  const plan = await planNow(services.director, body, asked.mode, services.names, known);
  if (plan.problems.length > 0) return sendProblems(response, plan.problems);
  if (plan.shown.needs === "admin" && !mayAccess(call.actor.role, "admin"))
    return refuseRole(services.people, call, `${request.method} /api/v1/rules`, "admin");
  if (asked.mode === "replace" && plan.isSilent && plan.batch.length > 0) return sendSilence(response);
  await doPlan(call, plan, asked.dryRun);
}

async function doPlan(call: ProgramCall, plan: TextPlan, dryRun: boolean): Promise<void> {
  const { services, actor, request, response, from } = call;
  const wanted = request.headers["if-match"];
  const work = async (): Promise<Applied> => {
    if (wanted !== undefined && !matches(wanted, plan.shown.tag)) throw new DirectorError("CONFLICT");
    requireSound(plan);
    if (dryRun) return { results: [], revision: null };
    const despite = noteDespite(await managersHere(services.director));
    return applyPlanned(services.director, plan, { by: { name: actor.name, source: "api", from }, ...despite });
  };
  const changes = plan.batch.map(({ change }) => change);
  try {
    const { revision } = await (dryRun
      ? work()
      : auditedChange(services.people.audit, doerOf(actor, from), changes, work));
    sendDone(response, plan, !dryRun, revision);
  } catch (thrown) {
    sendRefusal(response, asCodedError(thrown), wanted !== undefined && wanted.trim() !== "*");
  }
}

function sendDone(response: ServerResponse, { batch }: TextPlan, applied: boolean, revision: number | null): void {
  const changes = batch.map(({ line, change }) => ({ line, verb: change.verb, ...rowOf(change) }));
  response
    .writeHead(200, { "content-type": "application/json; charset=utf-8" })
    .end(jsonText({ changes, applied, revision }));
}

/** What a change is about, named as ids are. */
function rowOf(change: PlannedLine["change"]): { service?: string; server?: string } {
  if (!("service" in change) || !change.service) return {};
  if (!("server" in change)) return { service: serviceId(change.service) };
  return { service: serviceId(change.service), server: serverId(change.service, change.server) };
}

/**
 * 409: the table is as it was, because the kernel refuses a line, or because it moved on the way. 412 when it is not, or not any
 * more, the one that If-Match names. Any other refusal is thrown on.
 */
function sendRefusal(response: ServerResponse, error: CodedError, conditional: boolean): void {
  const { code, params } = error.shape;
  const { line } = params;
  if (code === "CONFLICT" && conditional) {
    sendError(response, 412, { title: "The table is not the one that If-Match names: read it again.", code });
  } else if (code === "CONFLICT" || (code !== "ROLLBACK_FAILED" && line !== undefined)) {
    const title = refusalSentence({ code, params: {} });
    sendError(response, 409, { title, code, ...(line === undefined ? {} : { line: Number(line) }) });
  } else throw error;
}

function sendProblems(response: ServerResponse, problems: readonly RuleProblem[]): void {
  const errors = problems.map((problem) => ({
    line: problem.line,
    column: problem.column,
    code: problem.code,
    message: ruleSentence(problem, ruleWords),
  }));
  sendError(response, 422, { title: "Some lines are not rules; nothing was written.", errors });
}

/** Nothing is what a program sends that has failed itself, and it would take every service away. */
function sendSilence(response: ServerResponse): void {
  const message = "There is no rule in the text. To empty the table send -C.";
  const errors = [{ line: 1, column: 1, code: "NO_RULE", message }];
  sendError(response, 422, { title: "The text is empty; nothing was written.", errors });
}

async function sendBodyRefused(
  request: IncomingMessage,
  response: ServerResponse,
  refused: RefusedBody,
): Promise<void> {
  const { status, title } = refused;
  if (status !== 413) return sendError(response, status, { title });
  const text = jsonText({ type: "about:blank", status, title });
  const headers = { "content-type": problemType, "content-length": Buffer.byteLength(text), connection: "close" };
  response.writeHead(status, headers).write(text);
  await drained(request);
  response.end();
}

interface ErrorDetails {
  title: string;
  code?: string;
  line?: number;
  errors?: readonly object[];
}

function sendError(response: ServerResponse, status: number, details: ErrorDetails): void {
  response
    .writeHead(status, { "content-type": problemType })
    .end(jsonText({ type: "about:blank", status, ...details }));
}

const problemType = "application/problem+json; charset=utf-8";
const jsonText = (body: object) => `${JSON.stringify(body)}\n`;

/** RFC 9110 §13.1.1: any of the listed tags, or * for any table. */
function matches(header: string, tag: string): boolean {
  const tags = header.split(",").map((word) => word.trim());
  return tags.includes("*") || tags.includes(`"${tag}"`);
}
