import { oneHot } from '#shared/math/labels';
import { streams, uniform } from '#shared/math/random';

/** Classes of `count` fakes, one-hot, as often as they are among the real pictures (`frequencies`, in any unit): those after `seen` pictures of a run. */
export function drawLabels(frequencies: readonly number[], count: number, seed: number, seen: number): Float32Array {
  const total = frequencies.reduce((sum, frequency) => sum + frequency, 0);
  const labels = Array.from({ length: count }, (_, row) => {
    let left = uniform(seed, streams.classes, seen + row) * total;
    const label = frequencies.findIndex((frequency) => (left -= frequency) < 0);
    // Rounding may leave a trifle behind the last.
    return label < 0 ? frequencies.findLastIndex((frequency) => frequency > 0) : label;
  });
  return oneHot(labels, frequencies.length);
}
