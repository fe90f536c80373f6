import { SimulatedProduct } from "./simulated-product.ts";

/** While one is used, another is made ready. */
const most = 2;

/**
 * The products of one worker. Web's process goes on from test to test, since its start and its first pages are half of what a
 * test costs; all that a test can change in a product is made anew.
 */
export class ProductPool {
  readonly #all: SimulatedProduct[] = [];
  /** those that are ready or will be, the oldest first */
  readonly #waiting: Promise<SimulatedProduct>[] = [];

  /** One that is as if it had just been set up, with that table. */
  async take(table: string): Promise<SimulatedProduct> {
    if (this.#all.length < most) {
      const made = await SimulatedProduct.start({ table, simulation: {}, tls: false, setUp: true });
      this.#all.push(made);
      return made;
    }
    const product = await this.#waiting.shift();
    if (!product) throw new Error("every product is in use");
    await product.makeReady(table);
    return product;
  }

  /** Nobody uses it any more: it is made ready for the next. */
  giveBack(product: SimulatedProduct): void {
    const renewed = product.renew().then(() => product);
    // Who takes it learns of it.
    renewed.catch(() => {});
    this.#waiting.push(renewed);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#waiting);
    await Promise.all(this.#all.map((product) => product.stop()));
  }
}
