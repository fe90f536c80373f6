import { config } from "zod";

// The content policy forbids it, and every try would be reported. Imported before any schema is made.
config({ jitless: true });
