import { getRequestConfig } from "next-intl/server";
import messages from "../messages/en.json";

/** One locale for now. It reads neither cookie nor header, so that pages can be built ahead. */
export default getRequestConfig(() => ({ locale: "en", messages, timeZone: "UTC" }));
