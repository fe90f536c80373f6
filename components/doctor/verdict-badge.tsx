import { CircleAlert, CircleCheck, CircleHelp, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Badge, type Tone } from "#components/ui/badge";
import type { Verdict } from "#domain/doctor";

const tones: Record<Verdict, Tone> = {
  error: "failed",
  warning: "changing",
  notice: "draining",
  unknown: "off",
  ok: "up",
};
const icons = { error: CircleAlert, warning: TriangleAlert, notice: Info, unknown: CircleHelp, ok: CircleCheck };

/** The word for a verdict, or how many there are, with the verdict's colour and shape. */
export function VerdictBadge({ verdict, children }: { verdict: Verdict; children: ReactNode }) {
  const Icon = icons[verdict];
  return (
    <Badge tone={tones[verdict]}>
      <Icon className="size-3.5" aria-hidden="true" />
      {children}
    </Badge>
  );
}
