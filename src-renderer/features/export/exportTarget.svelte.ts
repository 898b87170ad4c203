import type { LatentPoint } from '#shared/math/latent';

/** What “Export this” handed over: the point that the Export room offers as a picture. Lives as long as the page. */
class ExportTarget {
  #projectId = $state<string>();
  #point = $state.raw<LatentPoint>();

  take(projectId: string, point: LatentPoint): void {
    this.#projectId = projectId;
    this.#point = point;
  }

  /** The point handed over for a project; undefined when none was. */
  of(projectId: string): LatentPoint | undefined {
    return this.#projectId === projectId ? this.#point : undefined;
  }
}

export const exportTarget = new ExportTarget();
