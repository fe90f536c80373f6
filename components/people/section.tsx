import { type ReactNode, useId } from "react";

/** A cell of buttons at the end of a row: it stays in sight where the row is wider than the page. */
export const stickyEnd = "sticky right-0 bg-surface text-right! max-sm:shadow-[-1px_0_0_var(--line)]";

/** A part of a page under its own heading, with a sentence on what it is and what can be done there. */
export function Section({
  title,
  help,
  actions,
  children,
}: {
  title: ReactNode;
  help?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          {help && <p className="text-[13px] text-muted">{help}</p>}
        </div>
        {actions && <div className="ml-auto">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
