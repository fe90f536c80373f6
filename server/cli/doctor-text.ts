import { stripVTControlCharacters, styleText } from "node:util";
import { createTranslator } from "next-intl";
import { byVerdict, type DoctorReport, type Finding, type Verdict, verdicts } from "#domain/doctor";
import { type DoctorTranslate, findingSentence } from "#domain/doctor-words";
import type { DirectorStatus } from "#server/director/director";
import messages from "../../messages/en.json" with { type: "json" };

type Colour = Parameters<typeof styleText>[0];

const translate = createTranslator({ locale: "en", messages }) as unknown as DoctorTranslate;
const colours: Record<Verdict, Colour> = {
  error: "red",
  warning: "yellow",
  notice: "cyan",
  unknown: "dim",
  ok: "green",
};
const verdictColumn = Math.max(...verdicts.map((verdict) => translate(`doctor.verdict.${verdict}`).length)) + 2;
const indent = " ".repeat(verdictColumn);

/**
 * A report for a terminal, worst first: sentence, why it matters and the commands that would mend it; what is well in one line
 * each, and a last line that counts.
 *
 * @param status null where the director does not tell it
 * @param colour with escape sequences for colours
 */
export function doctorText({ findings }: DoctorReport, status: DirectorStatus | null, colour: boolean): string {
  const paint = (style: Colour, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const blocks = byVerdict(findings).map((finding) => {
    const { check, verdict, commands } = finding;
    const word = paint(colours[verdict], translate(`doctor.verdict.${verdict}`).padEnd(verdictColumn));
    const head = `${word}${paint("bold", translate(`doctor.check.${check}.title`))}: ${findingSentence(finding, translate)}`;
    if (verdict === "ok") return head;
    const lines = verdict === "unknown" ? [] : [translate(`doctor.check.${check}.why`)];
    return [
      head,
      ...[...lines, ...commands.map((command) => paint("bold", `# ${command}`))].map((line) => indent + line),
    ].join("\n");
  });
  const made = status?.kind === "simulated" ? [`${messages.shell.simulated}: ${messages.shell.simulatedWhat}`] : [];
  const text = [...made, ...blocks, counts(findings)].join("\n");
  return colour ? text : stripVTControlCharacters(text);
}

/** "1 error, 2 warnings, 30 ok" */
function counts(findings: readonly Finding[]): string {
  return verdicts
    .map((verdict) => [findings.filter((finding) => finding.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${plural(count, verdict)}`)
    .join(", ");
}

const plural = (count: number, verdict: Verdict) =>
  count !== 1 && /^(error|warning|notice)$/.test(verdict) ? `${verdict}s` : verdict;
