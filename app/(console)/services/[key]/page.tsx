import type { Metadata } from "next";
import { getMessages } from "next-intl/server";
import { ServicePage } from "#components/service/service-page";
import { MoreWords } from "#components/shell/more-words";

interface Props {
  params: Promise<{ key: string }>;
}

/** The key of a link that someone made by hand may be no text at all: it names no service then. */
function idOf(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: idOf((await params).key) };
}

export default async function Page({ params }: Props) {
  const id = idOf((await params).key);
  const { connections } = await getMessages();
  return (
    <MoreWords messages={{ connections }}>
      <ServicePage key={id} id={id} />
    </MoreWords>
  );
}
