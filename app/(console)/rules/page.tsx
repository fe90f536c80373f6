import type { Metadata } from "next";
import { getMessages, getTranslations } from "next-intl/server";
import { RulesPage } from "#components/rules/rules-page";
import { MoreWords } from "#components/shell/more-words";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("rulesPage");
  return { title: t("title") };
}

/** The words of rule text are many, and only this page needs them. */
export default async function Page() {
  const { rules, rulesPage } = await getMessages();
  return (
    <MoreWords messages={{ rules, rulesPage }}>
      <RulesPage />
    </MoreWords>
  );
}
