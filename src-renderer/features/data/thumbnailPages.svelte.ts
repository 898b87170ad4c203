import type { Client } from '../../transport/client';
import { RecentlyUsed } from './recentlyUsed';
import { pictureAtlas, type PictureAtlas } from '../../ui/pictures';

/** Thumbnails asked for at once: a screenful of small ones, some hundred kilobytes. */
export const PAGE = 128;
/** Pages kept; the ones looked at longest ago go first. */
const PAGES_KEPT = 48;

/** The dataset's thumbnails, fetched as they come into sight. */
export class ThumbnailPages {
  /** Counts up when a page arrives; whatever draws reads it. */
  arrived = $state(0);
  error = $state.raw<unknown>();
  readonly #pages = new RecentlyUsed<number, PictureAtlas>(PAGES_KEPT);
  readonly #loading: number[] = [];
  readonly #client: Client;
  readonly #projectId: string;

  constructor(client: Client, projectId: string) {
    this.#client = client;
    this.#projectId = projectId;
  }

  /** The page's pictures, or undefined while they are on their way. */
  page(number: number): PictureAtlas | undefined {
    const page = this.#pages.get(number);
    if (!page && !this.#loading.includes(number)) void this.#load(number);
    return page;
  }

  /** After an error: asks again for what is in sight. */
  retry(): void {
    this.error = undefined;
    this.arrived++;
  }

  async #load(number: number): Promise<void> {
    if (this.error !== undefined) return;
    this.#loading.push(number);
    try {
      const batch = await this.#client.call('datasets.thumbnails', {
        projectId: this.#projectId,
        from: number * PAGE,
        count: PAGE,
      });
      this.#pages.set(number, pictureAtlas(batch));
    } catch (thrown) {
      this.error = thrown;
    }
    this.#loading.splice(this.#loading.indexOf(number), 1);
    this.arrived++;
  }
}
