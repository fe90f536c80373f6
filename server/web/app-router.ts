/** The one file of the server that pages may import, and only its type. */
export type { AppRouter } from "./router.ts";
