import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Overview } from "#components/overview/overview";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return { title: t("overview") };
}

export default function Page() {
  return <Overview />;
}
