import { classNames } from "../ui/class-names.ts";

/** Why nothing can be changed at this moment, below what would change it; nothing while it can. */
export function BlockedNote({ blocked, className }: { blocked: string | null; className?: string }) {
  if (!blocked) return null;
  return (
    <p role="status" className={classNames("text-xs text-changing", className)}>
      {blocked}
    </p>
  );
}
