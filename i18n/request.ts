import { getRequestConfig } from "next-intl/server";
import messages from "../messages/en.json";

/** One locale for now. */
export default getRequestConfig(() => ({ locale: "en", messages, timeZone: "UTC" }));
