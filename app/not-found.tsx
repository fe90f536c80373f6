import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { DoorFrame } from "#components/door/door-frame";
import { Button } from "#components/ui/button";

export default async function NotFound() {
  const t = await getTranslations("door");
  return (
    <DoorFrame>
      <h1 className="text-[15px] font-semibold">{t("noSuchPage")}</h1>
      <Button asChild className="mt-4">
        <Link href="/">{t("toFirstPage")}</Link>
      </Button>
    </DoorFrame>
  );
}
