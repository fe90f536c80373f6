import type { Metadata } from "next";
import { getMessages, getTranslations } from "next-intl/server";
import { ConnectionsPage } from "#components/connections/connections-page";
import { MoreWords } from "#components/shell/more-words";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return { title: t("connections") };
}

export default async function Page() {
  const { connections } = await getMessages();
  return (
    <MoreWords messages={{ connections }}>
      <ConnectionsPage />
    </MoreWords>
  );
}
