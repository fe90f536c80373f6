"use client";

import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Tooltip } from "#components/ui/tooltip";
import type { ObservedServerSpec } from "#domain/real-server";
import { useWeightDrafts } from "./changes-provider.tsx";
import { useEditBlock } from "./use-edit-block.ts";
import { useMayEdit } from "./use-may-edit.ts";
import { useNames } from "./use-names.ts";

const WeightEditor = dynamic(() => import("./weight-editor.tsx").then((module) => module.WeightEditor), {
  ssr: false,
  loading: () => <span className="block h-6 w-16" />,
});

export interface WeightCellProps {
  /** serverId() */
  id: string;
  spec: ObservedServerSpec;
  drainedWeight: number | null;
}

/** A real server's weight. For who may edit, a click makes it a field; what is typed there outlives the row's scrolling away. */
export function WeightCell(props: WeightCellProps) {
  const words = useWeightWords(props);
  if (useMayEdit()) return <EditableWeight {...props} words={words} />;
  return (
    <span className="px-1.5 tabular-nums" title={words}>
      {props.spec.weight}
    </span>
  );
}

function useWeightWords({ spec, drainedWeight }: WeightCellProps): string {
  const t = useTranslations("change");
  if (drainedWeight === null) return String(spec.weight);
  return t("weightDrained", { weight: spec.weight, before: drainedWeight });
}

function EditableWeight({ id, spec, drainedWeight, words }: WeightCellProps & { words: string }) {
  const t = useTranslations("change");
  const { serverName } = useNames();
  const drafts = useWeightDrafts();
  const blocked = useEditBlock();
  const [editing, setEditing] = useState(() => drafts.has(id));
  const [focusBack, setFocusBack] = useState(false);
  const button = useRef<HTMLButtonElement>(null);

  if (editing) {
    return (
      <WeightEditor
        key={id}
        id={id}
        spec={spec}
        drainedWeight={drainedWeight}
        onClose={() => {
          drafts.delete(id);
          setFocusBack(true);
          setEditing(false);
        }}
      />
    );
  }
  return (
    <Tooltip content={blocked ?? (drainedWeight === null ? null : words)}>
      <button
        ref={(node) => {
          button.current = node;
          if (focusBack) node?.focus();
        }}
        type="button"
        aria-label={t("editWeight", { server: serverName(spec), weight: words })}
        aria-disabled={blocked !== null}
        className="inline-flex h-6 min-w-10 items-center justify-end rounded border border-transparent px-1.5 tabular-nums hover:border-edge aria-disabled:cursor-default aria-disabled:hover:border-transparent"
        onClick={() => {
          if (!blocked) setEditing(true);
        }}
      >
        {spec.weight}
      </button>
    </Tooltip>
  );
}
