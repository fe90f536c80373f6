/** The web process listens here, on the guest's loopback, and the relay of the same number on its network address. */
export const webPort = 3000;

/** The command server listens here, on the guest's network address. */
export const commandPort = 2999;
