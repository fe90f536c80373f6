import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { ServicesPage } from "#components/services/services-page";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return { title: t("services") };
}

export default function Page() {
  return (
    <Suspense>
      <ServicesPage />
    </Suspense>
  );
}
