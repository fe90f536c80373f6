import { useEffect, useRef } from "react";

/** Runs when what stands around it is there: a dialog's content comes after the component that asked for it. */
export function OnceShown({ run }: { run: () => void }) {
  const first = useRef(run);
  useEffect(() => first.current(), []);
  return null;
}
