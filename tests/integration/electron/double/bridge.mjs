// TEST DOUBLE: values on their way between the page and the double, as JSON. Bytes, Files and functions have marks of their own.

/** Runs in the page before its scripts: builds what the preload exposed. */
export function bridgeInPage(shape) {
  const functions = new Map();
  let calls = 0;
  const mark = (_key, value) => {
    if (typeof value === 'function') {
      const id = `function ${++calls}`;
      functions.set(id, value);
      return { $function: id };
    }
    if (value instanceof Uint8Array) return { $bytes: btoa(String.fromCharCode(...value)) };
    return value instanceof File ? { $file: value.name } : value;
  };
  const revive = (_key, value) =>
    typeof value?.$bytes === 'string' ? Uint8Array.from(atob(value.$bytes), (letter) => letter.charCodeAt(0)) : value;
  const read = (packed) => (packed === undefined ? undefined : JSON.parse(packed, revive));
  globalThis.__doubleCallback = (id, packed) => functions.get(id)?.(read(packed));

  const exposeFunction =
    (name, key) =>
    (...args) => {
      const callId = ++calls;
      const answer = globalThis.__doubleCall([name, key, JSON.stringify(args, mark), callId]).then(read);
      // A call that hands over a listener gives back what ends it, at once.
      return args.some((arg) => typeof arg === 'function') ? () => void globalThis.__doubleEnd(callId) : answer;
    };
  for (const [name, entries] of shape) {
    const api = Object.fromEntries(entries.map(([key, value]) => [key, value ?? exposeFunction(name, key)]));
    Object.defineProperty(globalThis, name, { value: Object.freeze(api) });
  }
  globalThis.open = (url) => {
    void globalThis.__doubleOpen(String(url));
    return null;
  };
}

export const pack = (value) =>
  JSON.stringify(value, (_key, inner) =>
    inner instanceof Uint8Array ? { $bytes: Buffer.from(inner).toString('base64') } : inner,
  );

export const unpack = (packed, revived) =>
  JSON.parse(packed, (_key, value) => {
    if (typeof value?.$function === 'string') return revived(value.$function);
    if (typeof value?.$bytes === 'string') return Uint8Array.from(Buffer.from(value.$bytes, 'base64'));
    return typeof value?.$file === 'string' ? { name: value.$file } : value;
  });
