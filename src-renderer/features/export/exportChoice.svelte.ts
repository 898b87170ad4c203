import { onlyClass } from '#shared/math/labels';
import type { Interpolation, LatentAnchor, LatentPoint } from '#shared/math/latent';
import { exploreSession } from '../explore/exploreSession.svelte';
import { exportTarget } from './exportTarget.svelte';
import { squareColumns } from './exportPlan';
import { perProject } from '../../app/perProject';

/** What the cards are set to; begins with what was looked at in Explore and lives as long as the page. */
export class ExportChoice {
  readonly #projectId: string;
  /** Whether the picture card takes the point handed over by Explore, or a seed. */
  pictureOf = $state<'point' | 'seed'>('point');
  pictureSeed = $state(1);
  pictureScale = $state(4);

  /** What the picture of a seed shows, for a generator with classes; undefined: the seed's own class. */
  pictureClass = $state<number>();

  /** Classes of the grid: each seed's own, one, or a row of each. */
  gridClasses = $state<'seed' | 'all' | number>('seed');
  /** Classes at the two ends of the animation. */
  fromClass = $state<number>();
  toClass = $state<number>();

  gridFrom = $state(1);
  gridCount = $state(64);
  #gridColumns = $state<number>();
  gridScale = $state(1);

  from = $state.raw<LatentAnchor>(1);
  to = $state.raw<LatentAnchor>(2);
  frames = $state(60);
  framesPerSecond = $state(30);
  animationScale = $state(4);
  interpolation = $state<Interpolation>('slerp');
  loop = $state(true);

  constructor(projectId: string) {
    this.#projectId = projectId;
    const session = exploreSession(projectId);
    if (typeof session.seed === 'number') this.pictureSeed = session.seed;
    this.gridFrom = session.pageFrom;
    [this.from, this.to] = session.ends;
    this.interpolation = session.interpolation;
    this.pictureClass = session.classFrom;
    this.gridClasses = session.classFrom ?? 'seed';
    this.fromClass = session.classFrom;
    this.toClass = session.classTo;
  }

  /** The point that Explore handed over. */
  get handedOver(): LatentPoint | undefined {
    return exportTarget.of(this.#projectId);
  }

  get picturePoint(): LatentPoint {
    const point = this.pictureOf === 'point' ? this.handedOver : undefined;
    if (point) return point;
    const shown = this.pictureClass;
    return { kind: 'seed', seed: this.pictureSeed, ...(shown !== undefined && { classes: onlyClass(shown) }) };
  }

  /** Forgets classes that a generator with `count` classes does not have. */
  keepClasses(count: number): void {
    const kept = (number: number | undefined) => (number !== undefined && number < count ? number : undefined);
    this.pictureClass = kept(this.pictureClass);
    this.fromClass = kept(this.fromClass);
    this.toClass = kept(this.toClass);
    if (count === 0 || (typeof this.gridClasses === 'number' && this.gridClasses >= count)) this.gridClasses = 'seed';
  }

  /** Never more columns than pictures. */
  get gridColumns(): number {
    return Math.min(this.#gridColumns ?? squareColumns(this.gridCount), this.gridCount);
  }
  set gridColumns(columns: number) {
    this.#gridColumns = columns;
  }
}

/** A project's choices. */
export const exportChoice = perProject((projectId) => new ExportChoice(projectId));
