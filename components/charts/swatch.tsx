import { colourVariable, dashOf } from "./theme.ts";

/** The line of one series as it is drawn: its colour and its dash. */
export function Swatch({ colour, hollow = false }: { colour: number; hollow?: boolean }) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width="14"
      height="8"
      viewBox="0 0 14 8"
      className="inline-block shrink-0"
    >
      <line
        x1="0"
        x2="14"
        y1="4"
        y2="4"
        strokeWidth="2.5"
        stroke={colourVariable(colour)}
        strokeDasharray={dashOf(colour).join(" ")}
        opacity={hollow ? 0.25 : 1}
      />
    </svg>
  );
}
