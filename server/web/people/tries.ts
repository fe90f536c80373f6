import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { PeopleError } from "#domain/errors";

const windowS = 15 * 60;
/** tries that failed, in 15 minutes */
const perAccount = 10;
const perAddress = 30;

/**
 * Counts tries that failed: per account and per address (IPv6 by /64, as client-address.ts groups them). A try counts
 * when it begins and is given back when it succeeds, so that many at once gain nothing.
 */
export class Tries {
  readonly #accounts = new RateLimiterMemory({ points: perAccount, duration: windowS });
  readonly #addresses = new RateLimiterMemory({ points: perAddress, duration: windowS });

  /** Counts `work` as one try that fails when `work` refuses; a store that failed says nothing about who tried. */
  async during<T>(group: string, account: string, work: () => Promise<T>): Promise<T> {
    const succeeded = await this.begin(group, account);
    try {
      const result = await work();
      await succeeded();
      return result;
    } catch (error) {
      if (error instanceof PeopleError && error.code === "PEOPLE_STORE_FAILED") await succeeded();
      throw error;
    }
  }

  /**
   * Counts one try. Throws TOO_MANY_TRIES with `retryAfterS`. Answers what to call when it succeeded.
   *
   * @param account a log-in name, with the address when somebody logged in with it from there before: then a stranger
   *   who guesses from elsewhere does not lock its owner out; null: only the address counts
   */
  async begin(group: string, account: string | null): Promise<() => Promise<void>> {
    await consume(this.#addresses, group);
    if (account !== null) await consume(this.#accounts, account);
    return async () => {
      await this.#addresses.reward(group);
      if (account !== null) await this.#accounts.delete(account);
    };
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (refused instanceof Error) throw refused;
    const { msBeforeNext } = refused as RateLimiterRes;
    throw new PeopleError("TOO_MANY_TRIES", { params: { retryAfterS: Math.max(1, Math.ceil(msBeforeNext / 1000)) } });
  }
}
