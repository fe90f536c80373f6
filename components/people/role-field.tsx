"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "#components/ui/field";
import { Select } from "#components/ui/select";
import { type Role, roles } from "#domain/people";

/** A role for somebody new, the smallest unless another is chosen, with what it may do. */
export function RoleField({ error }: { error?: string | undefined }) {
  const t = useTranslations("people");
  const [role, setRole] = useState<Role>("viewer");
  return (
    <Field label={t("role")} help={t(`roleHelp.${role}`)} error={error}>
      <Select
        name="role"
        value={role}
        onChange={({ target }) => setRole(roles.find((known) => known === target.value) ?? "viewer")}
      >
        {roles.map((known) => (
          <option key={known} value={known}>
            {t(`roles.${known}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
