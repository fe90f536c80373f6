import type { Metadata } from "next";
import { getMessages, getTranslations } from "next-intl/server";
import { Overview } from "#components/overview/overview";
import { MoreWords } from "#components/shell/more-words";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return { title: t("overview") };
}

/** The last changes are said in the words of revisions. */
export default async function Page() {
  const { rulesPage } = await getMessages();
  return (
    <MoreWords messages={{ rulesPage }}>
      <Overview />
    </MoreWords>
  );
}
