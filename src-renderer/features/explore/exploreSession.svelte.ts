import type { WeightsChoice } from '#shared/contract/api';
import type { ClassMix } from '#shared/math/labels';
import type { Interpolation, LatentAnchor, LatentPoint } from '#shared/math/latent';
import type { AnchorKind } from './anchors';
import { drawSeed, seedsOfPage, type Corners } from './latentPoints';
import { perProject } from '../../app/perProject';

/** `map`: one picture or seed, chosen on the map of the project's pictures. */
export type ExploreMode = LatentPoint['kind'] | 'map';

/** Seeds or pictures on a page of the wall. */
export const PAGE = 48;

/** Where the user is in the latent space. Lives as long as the page, so that leaving the room loses nothing. */
export class ExploreSession {
  mode = $state<ExploreMode>('seed');
  interpolation = $state<Interpolation>('slerp');
  /** Draws again when training made a better generator. */
  follow = $state(true);
  /** Of a generator with a moving average: whose pictures are drawn. Export draws by the same. */
  weights = $state<WeightsChoice>('average');
  /** First seed of the wall's page. */
  pageFrom = $state(1);
  /** Whether the wall shows seeds, or the project's pictures (of a VAE, whose encoder gives them a place). */
  wallKind = $state<AnchorKind>('seed');
  /** First picture of the wall's page. */
  picturesFrom = $state(0);

  seed = $state.raw<LatentAnchor>(1);
  ends = $state.raw<readonly [from: LatentAnchor, to: LatentAnchor]>([1, 2]);
  /** Place between the two ends, 0 … 1. */
  t = $state(0.5);
  corners = $state.raw<Corners>([1, 2, 3, 4]);
  /** Place in the square, 0 … 1, right and down. */
  u = $state(0.5);
  v = $state(0.5);
  /** The seed of the mode that a click on the wall replaces. */
  slot = $state(0);

  /** What is shown, for a generator with classes, and what it is mixed with; undefined: each seed's own class. */
  classFrom = $state<number>();
  classTo = $state<number>();
  /** Share of the second class, 0 … 1. */
  classMix = $state(0.5);
  readonly classes = $derived.by((): ClassMix | undefined => {
    const { classFrom: from, classTo: to, classMix: t } = this;
    if (from === undefined) return undefined;
    return to === undefined ? { from, to: from, t: 0 } : { from, to, t };
  });

  readonly wall = $derived(seedsOfPage(this.pageFrom, PAGE));

  /** The seeds that the mode is made of. */
  readonly seeds = $derived.by((): readonly LatentAnchor[] => {
    if (this.mode === 'seed' || this.mode === 'map') return [this.seed];
    return this.mode === 'between' ? this.ends : this.corners;
  });

  readonly point = $derived.by((): LatentPoint => {
    const { mode, interpolation } = this;
    const shown = this.classes && { classes: this.classes };
    switch (mode) {
      case 'seed':
      case 'map':
        return { kind: 'seed', seed: this.seed, ...shown };
      case 'between':
        return { kind: 'between', from: this.ends[0], to: this.ends[1], t: this.t, mode: interpolation, ...shown };
      case 'corners':
        return { kind: 'corners', seeds: [...this.corners], u: this.u, v: this.v, mode: interpolation, ...shown };
    }
  });

  /** Shows one class alone, or each seed's own. */
  showClass(number: number | undefined): void {
    this.classFrom = number;
    this.classTo = undefined;
  }

  /** Forgets classes that a generator with `count` classes does not have: another run may have other ones. */
  keepClasses(count: number): void {
    if ((this.classFrom ?? -1) >= count) this.showClass(undefined);
    if ((this.classTo ?? -1) >= count) this.classTo = undefined;
  }

  setMode(mode: ExploreMode): void {
    this.mode = mode;
    this.slot = 0;
  }

  /** Puts a seed into a slot of the mode. */
  setSeed(slot: number, seed: LatentAnchor): void {
    if (this.mode === 'seed' || this.mode === 'map') this.seed = seed;
    else if (this.mode === 'between') this.ends = slot === 0 ? [seed, this.ends[1]] : [this.ends[0], seed];
    else this.corners = this.corners.map((old, index) => (index === slot ? seed : old)) as unknown as Corners;
  }

  /** A click on the wall: fills the chosen slot and goes on to the next, so that four clicks fill four corners. */
  pick(seed: LatentAnchor): void {
    this.setSeed(this.slot, seed);
    this.slot = (this.slot + 1) % this.seeds.length;
  }

  turnPage(pages: 1 | -1): void {
    if (this.wallKind === 'seed') this.pageFrom = Math.max(0, this.pageFrom + pages * PAGE);
    else this.picturesFrom = Math.max(0, this.picturesFrom + pages * PAGE);
  }

  newSeeds(random = Math.random()): void {
    this.pageFrom = drawSeed(random);
  }

  moveTo(u: number, v: number): void {
    const clamp = (value: number) => Math.min(1, Math.max(0, value));
    this.u = clamp(u);
    this.v = clamp(v);
  }
}

/** A project's session, begun on the first visit. */
export const exploreSession = perProject(() => new ExploreSession());
