import type { LatentPoint } from '#shared/math/latent';
import type { Rendering } from '#shared/contract/types';

/** Draws points of the latent space: `latent.render` of one project. */
export type Render = (points: readonly LatentPoint[]) => Promise<Rendering>;

/** Told of each finished render, and of each failed one; never of a request that a newer one replaced before it began. */
export interface Surface {
  readonly show: (rendering: Rendering, points: readonly LatentPoint[]) => void;
  readonly fail: (error: unknown) => void;
}

interface Request {
  readonly name: string;
  readonly points: readonly LatentPoint[];
  readonly surface: Surface;
}

/**
 * Keeps a dragged slider and the generator in step: at most one render is in flight for all surfaces (the large picture, the wall, the strip …) together,
 * and each surface has at most one request waiting, its newest. So there is never a backlog, and a surface keeps its last complete picture until the
 * next one is there.
 *
 * Surfaces take turns, longest waiting first, so a slider that is dragged without pause does not starve the strip beside it.
 */
export class RenderScheduler {
  readonly #render: Render;
  /** By surface, in order of turn. */
  readonly #waiting = new Map<string, Request>();
  #inFlight: Request | undefined;

  constructor(render: Render) {
    this.#render = render;
  }

  /** Asks for a surface's pictures; an older request of that surface that has not begun is dropped. */
  request(name: string, points: readonly LatentPoint[], surface: Surface): void {
    if (points.length === 0) return;
    // Setting a key that is there keeps its place: asking often does not cost a surface its turn.
    this.#waiting.set(name, { name, points, surface });
    void this.#next();
  }

  /** Forgets a surface that left the screen; it is told nothing more. */
  drop(name: string): void {
    this.#waiting.delete(name);
    if (this.#inFlight?.name === name) this.#inFlight = { ...this.#inFlight, surface: nobody };
  }

  /** Forgets every surface. */
  close(): void {
    for (const name of [...this.#waiting.keys()]) this.drop(name);
    if (this.#inFlight) this.drop(this.#inFlight.name);
  }

  async #next(): Promise<void> {
    const [request] = this.#waiting.values();
    if (this.#inFlight || !request) return;
    this.#waiting.delete(request.name);
    this.#inFlight = request;
    const told = await this.#render(request.points).then(
      (rendering) => (surface: Surface) => surface.show(rendering, request.points),
      (error: unknown) => (surface: Surface) => surface.fail(error),
    );
    // Read after the wait: the surface may have been dropped meanwhile.
    const { surface } = this.#inFlight;
    this.#inFlight = undefined;
    void this.#next();
    told(surface);
  }
}

const nobody: Surface = { show: () => undefined, fail: () => undefined };
