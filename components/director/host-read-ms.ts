/** How often a page reads again what somebody else, or another program on the host, may have set. */
export const hostReadMs = 10_000;
