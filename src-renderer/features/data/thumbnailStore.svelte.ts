import type { Client } from '../../transport/client';
import { pictureToRgba, type PictureAtlas } from '../../ui/pictures';
import { RecentlyUsed } from './recentlyUsed';

/** Thumbnails asked for at once: a screenful of small ones, some hundred kilobytes. */
const BATCH = 128;
/** Requests under way at once; what has left the window meanwhile is not asked for. */
const REQUESTS = 3;
/** Thumbnails lie on canvases of this side, pixels, of which at most so many are kept: 64 MB, however many pictures there are. */
const SHEET_SIDE = 1024;
const SHEETS = 16;

interface Slot {
  readonly sheet: HTMLCanvasElement;
  readonly x: number;
  readonly y: number;
}

/** A dataset's thumbnails by their places in the pack, fetched as they come into sight; those looked at longest ago go first. */
export class ThumbnailStore implements PictureAtlas {
  /** Counts up when thumbnails arrive; whatever draws reads it. */
  arrived = $state(0);
  error = $state.raw<unknown>();
  readonly width: number;
  readonly height: number;
  readonly #slots: RecentlyUsed<number, Slot>;
  readonly #free: Slot[] = [];
  readonly #perRow: number;
  readonly #client: Client;
  readonly #projectId: string;
  #wanted: readonly number[] = [];
  // Nothing is drawn from it.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #coming = new Set<number>();
  #requests = 0;

  /** `side`: of a thumbnail, pixels. */
  constructor(client: Client, projectId: string, side: number) {
    this.#client = client;
    this.#projectId = projectId;
    [this.width, this.height] = [side, side];
    this.#perRow = Math.max(1, Math.floor(SHEET_SIDE / side));
    this.#slots = new RecentlyUsed(SHEETS * this.#perRow ** 2, (slot) => this.#free.push(slot));
  }

  /** Says which pictures are in sight now: those that are missing are fetched, in this order. */
  want(indices: readonly number[]): void {
    this.#wanted = indices;
    this.#fetch();
  }

  has(index: number): boolean {
    return this.#slots.get(index) !== undefined;
  }

  draw(context: CanvasRenderingContext2D, index: number, x: number, y: number, scale: number): void {
    const slot = this.#slots.get(index);
    if (!slot) return;
    const { width, height } = this;
    context.drawImage(slot.sheet, slot.x, slot.y, width, height, x, y, width * scale, height * scale);
  }

  /** After an error: asks again for what is in sight. */
  retry(): void {
    this.error = undefined;
    this.#fetch();
  }

  #fetch(): void {
    while (this.error === undefined && this.#requests < REQUESTS) {
      const missing = this.#wanted.filter((index) => !this.#coming.has(index) && !this.has(index)).slice(0, BATCH);
      if (missing.length === 0) return;
      for (const index of missing) this.#coming.add(index);
      this.#requests += 1;
      void this.#load(missing);
    }
  }

  async #load(indices: readonly number[]): Promise<void> {
    try {
      const projectId = this.#projectId;
      const batch = await this.#client.call('curation.thumbnails', { projectId, indices: [...indices] });
      for (let place = 0; place < batch.count; place++) this.#put(indices[place] ?? -1, pictureToRgba(batch, place));
    } catch (thrown) {
      this.error = thrown;
    }
    for (const index of indices) this.#coming.delete(index);
    this.#requests -= 1;
    this.arrived++;
    this.#fetch();
  }

  #put(index: number, rgba: Uint8ClampedArray<ArrayBuffer>): void {
    // Making room first frees the slot that is taken.
    this.#slots.makeRoom();
    const slot = this.#free.pop() ?? this.#newSheet();
    // Kept in memory, not on the graphics card: it is written to again and again.
    const context = slot.sheet.getContext('2d', { willReadFrequently: true });
    context?.putImageData(new ImageData(rgba, this.width, this.height), slot.x, slot.y);
    this.#slots.set(index, slot);
  }

  #newSheet(): Slot {
    const sheet = document.createElement('canvas');
    sheet.width = this.width * this.#perRow;
    sheet.height = this.height * this.#perRow;
    for (let place = this.#perRow ** 2 - 1; place > 0; place--) {
      const [row, column] = [Math.floor(place / this.#perRow), place % this.#perRow];
      this.#free.push({ sheet, x: column * this.width, y: row * this.height });
    }
    return { sheet, x: 0, y: 0 };
  }
}
