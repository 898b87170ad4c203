/**
 * Works on up to `parallel` items at once and yields the results in the items' order: what is made from them does not depend on which
 * was ready first. Ends early by throwing what the work threw; work in flight is then waited for.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  parallel: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // It is awaited in its turn; until then a rejection is not unhandled.
      result.catch(() => undefined);
      running.push(result);
      if (running.length >= parallel) yield await (running.shift() as Promise<Result>);
    }
    for (let next = running.shift(); next; next = running.shift()) yield await next;
  } finally {
    await Promise.allSettled(running);
  }
}
