const queues = new Map<string, Promise<unknown>>();

/** Runs `work` after all earlier work on the same folder in this process: changes of a pack follow each other. */
export async function exclusively<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(dir) ?? Promise.resolve();
  const result = before.then(work, work);
  queues.set(dir, result);
  try {
    return await result;
  } finally {
    if (queues.get(dir) === result) queues.delete(dir);
  }
}
