import type { Loss } from './loss';

/** Verdicts of losses whose D gives logits: its probabilities. */
export const probabilities: Loss['verdicts'] = (tf, real, fake) => ({ real: tf.sigmoid(real), fake: tf.sigmoid(fake) });

/** Verdicts of losses whose scores mean something only beside each other: the probability of a picture against the mean of the other kind. */
export const relativeVerdicts: Loss['verdicts'] = (tf, real, fake) => ({
  real: tf.sigmoid(tf.sub(real, tf.mean(fake))),
  fake: tf.sigmoid(tf.sub(fake, tf.mean(real))),
});
