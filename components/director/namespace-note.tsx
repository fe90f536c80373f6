"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/trpc";

/** The network namespace that the director was told to direct, as a path; null: the one that it was started in, or nobody knows yet. */
export function useNamespace(): string | null {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.director.status.queryOptions(undefined, { staleTime: 60_000 }));
  return data?.networkNamespace ?? null;
}

/** Says so where the page is not about the host's own network. */
export function NamespaceNote() {
  const t = useTranslations("directorPage");
  const path = useNamespace();
  return path === null ? null : (
    <p className="rounded-lg bg-accent-soft px-4 py-2.5 break-words text-accent">
      {t.rich("namespace", {
        path,
        command: (words) => <code className="inline-block max-w-full font-mono text-[13px] break-all">{words}</code>,
      })}
    </p>
  );
}
