import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LogInPage } from "#components/door/log-in-page";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("door");
  return { title: t("logIn") };
}

interface Props {
  searchParams: Promise<{ next?: string | string[] }>;
}

export default async function Page({ searchParams }: Props) {
  const { next } = await searchParams;
  return <LogInPage next={typeof next === "string" ? next : null} />;
}
