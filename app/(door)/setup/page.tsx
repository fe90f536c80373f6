import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SetUpPage } from "#components/door/set-up-page";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("door");
  return { title: t("setUp") };
}

export default function Page() {
  return <SetUpPage />;
}
