import type { DecodedFile, Refusal } from '../decode/picture';

/** Where more than this share of the files was decoded in vain, because an earlier one had their content, the next ones are hashed before. */
const OFTEN_IN_VAIN = 0.1;

/**
 * Whether an import's files are worth hashing before they are decoded, which costs most of them a reading for nothing: by how those before them ended. What is found
 * in them is the same either way.
 */
export class HashFirst {
  readonly #refusals = new Map<string, Refusal>();
  #decoded = 0;
  #inVain = 0;
  /** Whether a file cost its decoder or all of its time: a copy of that one shall not. */
  #dear = false;

  get isWanted(): boolean {
    return this.#dear || this.#inVain > OFTEN_IN_VAIN * this.#decoded;
  }

  /** A file was decoded; `inVain`: to what an earlier one holds. */
  decoded(inVain: boolean): void {
    this.#decoded += 1;
    if (inVain) this.#inVain += 1;
  }

  /** A file was refused; without a hash where it was not read, or cost its decoder. */
  refused({ sha256, code, detail }: Extract<DecodedFile, { ok: false }>): void {
    if (sha256) {
      this.decoded(this.#refusals.has(hex(sha256)));
      this.#refusals.set(hex(sha256), { code, detail });
    } else if (code === 'timeout' || code === 'corrupt') {
      this.#dear = true;
    }
  }

  /** Why a file with that content was refused. */
  refusalOf(sha256: Uint8Array): Refusal | undefined {
    return this.#refusals.get(hex(sha256));
  }
}

const hex = (digest: Uint8Array): string => Buffer.from(digest).toString('hex');
