import type { Token } from "./tokens.ts";

const ipvsadm = /^(?:ipvsadm|(?:[\w.-]*\/)+ipvsadm)$/;

/** The words of a line behind what people leave in front of a rule. */
export interface Stripped {
  tokens: Token[];
  /** `# ipvsadm …`: typed at a root prompt, or a rule that was taken out of a file by a comment sign; the line does not tell */
  afterHash: boolean;
  /** there was a shell's prompt, or sudo, or ipvsadm's name */
  fromShell: boolean;
}

/** Drops a shell's prompt (`$`, `#`, `>`, `[root@lb ~]#`, `root@lb:~#`), sudo, and the name of ipvsadm with or without a path. */
export function stripPreamble(tokens: Token[]): Stripped {
  const prompt = promptLength(tokens);
  const afterHash = prompt === 1 && tokens[0]?.text === "#";
  let at = prompt;
  if (tokens[at]?.text === "sudo") at++;
  const named = isIpvsadm(tokens[at]?.text ?? "");
  if (named) at++;
  // "# ipvsadm rules of the web farm" is a comment like any other.
  if (at === 0 || (afterHash && !(named && tokens[at]?.text.startsWith("-")))) {
    return { tokens, afterHash: false, fromShell: false };
  }
  return { tokens: tokens.slice(at), afterHash, fromShell: true };
}

function isIpvsadm(text: string): boolean {
  return text.endsWith("ipvsadm") && ipvsadm.test(text);
}

function promptLength(tokens: readonly Token[]): number {
  const first = tokens[0]?.text ?? "";
  if (first === "$" || first === "#" || first === ">" || first === "%") return 1;
  if (!first.includes("@")) return 0;
  if (/^[\w.-]+@[^#$]*[#$]$/.test(first)) return 1;
  if (!/^\[?[\w.-]+@/.test(first)) return 0;
  const end = tokens.slice(0, 4).findIndex(({ text }) => /[#$]$/.test(text));
  return end + 1;
}
