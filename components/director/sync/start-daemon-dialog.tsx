"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { FormEvent } from "react";
import { CommandPreview } from "#components/forms/command-preview";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { Select } from "#components/ui/select";
import { toast } from "#components/ui/toaster";
import type { HostInterface } from "#domain/host-interface";
import { formatHostChange } from "#domain/rules/format-host-change";
import { type SyncRole, syncDaemonSchema } from "#domain/sync-daemon";
import { useEditBlock } from "../../changes/use-edit-block.ts";
import { useRefusalText } from "../../changes/use-refusal-text.ts";
import { draft, typedNumber } from "../../forms/draft-text.ts";
import { SmallFormDialog } from "../../people/form-dialog.tsx";
import { useSmallForm } from "../../people/use-small-form.ts";
import { useTyped } from "../use-typed.ts";
import { SyncWarnings } from "./sync-warnings.tsx";

export interface StartDaemonDialogProps {
  role: SyncRole;
  /** what the host has */
  interfaces: readonly HostInterface[];
  mixed: { count: number; service: string } | null;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

const usual = { maxLength: "1472", group: "224.0.0.81", port: "8848", ttl: "1" } as const;
const numbers = ["maxLength", "port", "ttl"] as const;

/** Starts a daemon, with everything that ipvsadm's --start-daemon takes; what is left empty the kernel chooses. */
export function StartDaemonDialog({ role, interfaces, mixed, onClose, onCloseAutoFocus }: StartDaemonDialogProps) {
  const t = useTranslations("directorPage.sync");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const call = useAskPassword();
  const refusalText = useRefusalText();
  const blocked = useEditBlock();
  const first = interfaces.find(({ running, multicast, addresses }) => running && multicast && addresses.length > 0);
  const [typed, onInput] = useTyped({
    ...{ interface: (first ?? interfaces[0])?.name ?? "", syncId: "0", maxLength: "", group: "", port: "", ttl: "" },
  });
  const form = useSmallForm({
    schema: syncDaemonSchema,
    input: (texts) => ({ role, ...texts }),
    refusalText,
    fieldOfCode: { NO_SUCH_INTERFACE: "interface", FAMILY_NOT_SUPPORTED: "group" },
    send: (daemon) => call(() => client.director.startDaemon.mutate(daemon)),
    onDone: (daemons) => {
      queries.setQueryData(trpc.director.daemons.queryKey(), daemons);
      onClose();
      toast("success", t(`started.${role}`));
    },
  });
  const chosen = interfaces.find(({ name }) => name === typed.interface);
  const command = formatHostChange({
    verb: "start-daemon",
    daemon: {
      role,
      interface: typed.interface.trim() || "…",
      syncId: typedNumber(typed.syncId),
      ...(typed.group.trim() ? { group: typed.group.trim() } : {}),
      ...Object.fromEntries(numbers.flatMap((name) => (typed[name].trim() ? [[name, typedNumber(typed[name])]] : []))),
    },
  });
  const handlers = {
    ...form.handlers,
    onInput: (event: FormEvent) => {
      form.handlers.onInput(event);
      onInput(event);
    },
  };
  return (
    <SmallFormDialog
      title={t(`startTitle.${role}`)}
      description={t(`what.${role}`)}
      submitLabel={t("submit")}
      form={{ ...form, handlers }}
      onClose={onClose}
      onCloseAutoFocus={onCloseAutoFocus}
      blocked={blocked}
    >
      {mixed && <SyncWarnings warnings={[{ code: "MIXED_FAMILIES", ...mixed }]} />}
      <Field
        label={t("part.interface")}
        error={form.problemAt("interface")}
        help={chosen && <AboutInterface of={chosen} />}
      >
        {interfaces.length > 0 ? (
          <Select name="interface" defaultValue={typed.interface}>
            {interfaces.map(({ name, up, running, mtu }) => (
              <option key={name} value={name}>
                {t("interfaceOption", { name, mtu, state: running ? "up" : up ? "idle" : "down" })}
              </option>
            ))}
          </Select>
        ) : (
          <Input name="interface" autoComplete="off" spellCheck={false} />
        )}
      </Field>
      <Field label={t("part.syncId")} error={form.problemAt("syncId")} help={t(`syncIdHelp.${role}`)}>
        <Input name="syncId" tabular inputMode="numeric" autoComplete="off" defaultValue="0" className="max-w-32" />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        {(["maxLength", "group", "port", "ttl"] as const).map((name) => (
          <Field key={name} label={t(`part.${name}`)} error={form.problemAt(name)} help={t(`partHelp.${name}`)}>
            <Input
              name={name}
              tabular
              autoComplete="off"
              spellCheck={false}
              placeholder={usual[name]}
              {...(name === "group" ? {} : { inputMode: "numeric" })}
            />
          </Field>
        ))}
      </div>
      <CommandPreview command={draft(command)} />
    </SmallFormDialog>
  );
}

/** What speaks for an interface, or against it. */
function AboutInterface({ of: { up, running, multicast, loopback, mtu, addresses } }: { of: HostInterface }) {
  const t = useTranslations("directorPage.sync.interface");
  return (
    <>
      {[
        t(running ? "up" : up ? "noCarrier" : "down"),
        t(multicast ? "multicast" : "noMulticast"),
        ...(loopback ? [t("loopback")] : []),
        t("mtu", { mtu }),
        ...(addresses.length > 0 ? [addresses.join(", ")] : running ? [t("noAddress")] : []),
      ].join(" · ")}
    </>
  );
}
