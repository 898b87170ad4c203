/** Runs asynchronous work one after the other, in the order asked for: a session takes no call amid another. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    // One failed call must not fail those behind it.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
