import type { Metadata } from "next";
import { getMessages, getTranslations } from "next-intl/server";
import { DirectorPage } from "#components/director/director-page";
import { MoreWords } from "#components/shell/more-words";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("directorPage");
  return { title: t("title") };
}

/** Sysctls and the doctor have some hundred sentences each, and only this page needs them. */
export default async function Page() {
  const { directorPage, doctor } = await getMessages();
  return (
    <MoreWords messages={{ directorPage, doctor }}>
      <DirectorPage />
    </MoreWords>
  );
}
