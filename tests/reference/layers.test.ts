import { fillRandom } from '#shared/math/random';
import { applyLayer, LayerMisfit, shapeSize, shapesOf, type LayerKind, type Shape } from '#shared/recipe/layerKind';
import { layerKinds } from '#shared/recipe/layerRegistry';
import { LayerNode } from '#shared/recipe/recipe';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src-main/engine/compiled/compile';
import { emitModel } from '../../src-main/engine/compiled/model';
import { difference, type Named } from '../../src-main/engine/compiled/testing/difference';
import { installGradients } from '../../src-main/gan/gradients';
import { layerExamples, type LayerExample } from './layerExamples';

/**
 * Every layer of the registry keeps what the studio builds on: its shape rule, its gradients (once and twice), the same numbers in both engines, and
 * words that help. A new layer is picked up by itself, and fails here until it has examples.
 */

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
const BATCH = 4;
const NOISE = 'noise';
const LABELS = 'labels';
const CLASSES = 3;
/** Two classes alone, a mixture, and a class again. */
const labels = Float32Array.of(1, 0, 0, 0, 0, 1, 0.25, 0.75, 0, 1, 0, 0);

type Numbers = Readonly<Record<string, Float32Array>>;

/** A layer with an example's settings, as a function of named tensors: inputs `x0`, `x1`, … and weights by name. */
class Subject {
  readonly settings: unknown;
  readonly output: Shape;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly numbers: Numbers;
  readonly #drawn: Numbers;
  /** Names of what gets gradients: the inputs and the trained weights. */
  readonly differentiable: readonly string[];

  constructor(
    readonly kind: LayerKind,
    readonly example: LayerExample,
  ) {
    this.settings = kind.settings.parse(example.settings);
    const { output, weights, noise } = shapesOf(kind, example.inputs, this.settings, CLASSES);
    this.output = output;
    const inputs = example.inputs.map((shape, index) => [`x${index}`, [BATCH, ...shape]] as const);
    this.shapes = Object.fromEntries([
      ...inputs,
      ...Object.entries(weights).map(([name, { shape }]) => [name, shape] as const),
      ...(noise ? [[NOISE, [BATCH, ...noise.shape]] as const] : []),
      ...(kind.conditional ? [[LABELS, [BATCH, CLASSES]] as const] : []),
    ]);
    this.#drawn = Object.fromEntries(
      Object.entries(this.shapes).map(([name, shape], index) => {
        if (name === LABELS) return [name, labels];
        const distribution = name === NOISE && noise ? noise.distribution : 'normal';
        const numbers = fillRandom(new Float32Array(shapeSize(shape)), distribution, 17 + index, 1);
        // Running statistics may be variances, which are positive.
        const running = weights[name]?.role === 'running';
        return [name, running ? numbers.map((value) => 0.5 + Math.abs(value)) : numbers];
      }),
    );
    const trained = Object.entries(weights).filter(([, { role }]) => role === 'trained');
    this.numbers = this.#settled(weights);
    this.differentiable = [...inputs.map(([name]) => name), ...trained.map(([name]) => name)];
  }

  /**
   * The running weights after many passes: spectral normalisation's gradient, which takes the singular vectors as constants, is the derivative of
   * what is computed once they are found.
   */
  #settled(weights: ReturnType<typeof shapesOf>['weights']): Numbers {
    const running = Object.keys(weights).filter((name) => weights[name]?.role === 'running');
    let numbers = this.#drawn;
    for (let pass = 0; pass < (running.length > 0 ? 100 : 0); pass++) {
      const moved = tf.tidy(() => {
        const pass = this.forward(this.#tensorsOf(numbers), 'train').running;
        return Object.entries(pass).map(([name, value]) => [name, value.dataSync<'float32'>().slice()] as const);
      });
      numbers = { ...numbers, ...Object.fromEntries(moved) };
    }
    return numbers;
  }

  forward(tensors: Named, mode: 'train' | 'sample'): { readonly y: tf.Tensor; readonly running: Named } {
    const running: Record<string, tf.Tensor> = {};
    const y = applyLayer(
      tf,
      this.kind,
      this.example.inputs.map((_, index) => tensors[`x${index}`] as tf.Tensor),
      tensors,
      this.settings,
      {
        mode,
        updateRunning: (name, value) => (running[name] = value),
        noise: mode === 'train' ? tensors[NOISE] : undefined,
        labels: tensors[LABELS],
      },
    );
    return { y, running };
  }

  tensors(): Named {
    return this.#tensorsOf(this.numbers);
  }

  #tensorsOf(numbers: Numbers): Named {
    return Object.fromEntries(
      Object.entries(this.shapes).map(([name, shape]) => [
        name,
        tf.tensor((numbers[name] as Float32Array).slice(), [...shape]),
      ]),
    );
  }

  /** One number that every output number moves, by a different slope, and bends: so a second derivative exists. */
  score(tensors: Named): tf.Scalar {
    const { y } = this.forward(tensors, 'train');
    const slopes = tf.tensor(fillRandom(new Float32Array(y.size), 'normal', 5, 1), y.shape);
    return tf.sum(tf.add(tf.mul(y, slopes), tf.mul(tf.square(y), 0.3)));
  }

  /** As in R1: the squared gradient of the score with respect to the inputs. */
  penalty(tensors: Named): tf.Scalar {
    const inputs = this.example.inputs.map((_, index) => `x${index}`);
    const gradients = this.gradients(tensors, (inner) => this.score(inner), inputs);
    return Object.values(gradients)
      .map((gradient) => tf.sum(tf.square(gradient)))
      .reduce((sum, one) => tf.add(sum, one)) as tf.Scalar;
  }

  gradients(tensors: Named, of: (tensors: Named) => tf.Scalar, names: readonly string[]): Named {
    const gradients = tf.grads((...moved: tf.Tensor[]) =>
      of({ ...tensors, ...Object.fromEntries(names.map((name, index) => [name, moved[index] as tf.Tensor])) }),
    )(names.map((name) => tensors[name] as tf.Tensor));
    return Object.fromEntries(names.map((name, index) => [`d ${name}`, gradients[index] as tf.Tensor]));
  }

  /** Largest difference between a gradient and finite differences along a few directions, as a fraction of what such a direction usually gives. */
  finiteDifference(of: (tensors: Named) => tf.Scalar): number {
    const STEP = 1e-2;
    const tensors = this.tensors();
    const gradients = this.gradients(tensors, of, this.differentiable);
    const valueOf = (moved: Named) => of(moved).dataSync()[0] as number;
    let worst = 0;
    for (const [position, name] of this.differentiable.entries()) {
      const gradient = (gradients[`d ${name}`] as tf.Tensor).dataSync<'float32'>();
      const norm = Math.hypot(...gradient);
      for (let trial = 0; trial < 3; trial++) {
        const direction = unitVector(gradient.length, 100 * position + trial);
        const step = tf.tensor(direction, this.shapes[name] as number[]);
        const at = (distance: number) =>
          valueOf({ ...tensors, [name]: tf.add(tensors[name] as tf.Tensor, tf.mul(step, distance)) });
        const expected = (at(STEP) - at(-STEP)) / (2 * STEP);
        const got = gradient.reduce((sum, value, index) => sum + value * (direction[index] as number), 0);
        worst = Math.max(worst, Math.abs(got - expected) / Math.max(norm / Math.sqrt(gradient.length), 0.05));
      }
    }
    return worst;
  }
}

/** Whether a tensor has a row a picture. */
const isInput = (name: string): boolean => /^x\d$/.test(name) || name === LABELS;

function unitVector(length: number, seed: number): Float32Array {
  const direction = fillRandom(new Float32Array(length), 'normal', seed, 1);
  const norm = Math.hypot(...direction);
  return direction.map((value) => value / norm);
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

describe('the catalogue', () => {
  it('has an example for every layer, and no example without a layer', () => {
    expect(Object.keys(layerExamples).sort()).toEqual([...layerKinds.keys()].sort());
    for (const examples of Object.values(layerExamples)) expect(examples.length).toBeGreaterThan(0);
  });
});

const cases = [...layerKinds].flatMap(([id, kind]) =>
  (layerExamples[id] ?? []).map((example) => {
    const inputs = example.inputs.map((shape) => `[${shape}]`).join(' ');
    return [`${id} ${JSON.stringify(example.settings)} on ${inputs}`, kind, example] as const;
  }),
);

describe.each(cases)('%s', (_name, kind, example) => {
  let subject: Subject;
  beforeAll(() => {
    subject = new Subject(kind, example);
  });

  it('has the shape that its rule says, in training and in sampling', () => {
    tf.tidy(() => {
      for (const mode of ['train', 'sample'] as const) {
        const { y } = subject.forward(subject.tensors(), mode);
        expect(y.shape, mode).toEqual([BATCH, ...subject.output]);
      }
    });
  });

  it('gives the same compiled as eager, running statistics included', async () => {
    const compute = (tensors: Named): Named => {
      const { y, running } = subject.forward(tensors, 'train');
      const moved = Object.entries(running).map(([name, value]) => [`next ${name}`, value]);
      return { train: y, sample: subject.forward(tensors, 'sample').y, ...Object.fromEntries(moved) };
    };
    expect(await difference(subject.shapes, compute, subject.numbers)).toBeLessThan(1e-5);
  });

  it.skipIf(kind.onlyIn === 'discriminator')('samples any number of pictures with one model', () => {
    const modelAt = (batch: number): Uint8Array => {
      const used = Object.entries(subject.shapes).filter(([name]) => name !== NOISE);
      const shapes = Object.fromEntries(
        used.map(([name, shape]) => [name, isInput(name) ? [batch, ...shape.slice(1)] : shape]),
      );
      const graph = compile(shapes, (tensors) => ({ y: subject.forward(tensors, 'sample').y }));
      return emitModel(graph, { name: 'layer', free: new Set(['y', ...Object.keys(shapes).filter(isInput)]) });
    };
    expect(Buffer.from(modelAt(2)).equals(modelAt(3))).toBe(true);
  });

  it('has the same gradients compiled as eager, once and twice', async () => {
    const compute = (tensors: Named): Named => {
      const penalised = subject.gradients(tensors, (inner) => subject.penalty(inner), subject.differentiable);
      return {
        ...subject.gradients(tensors, (inner) => subject.score(inner), subject.differentiable),
        ...Object.fromEntries(Object.entries(penalised).map(([name, gradient]) => [`d${name}`, gradient])),
      };
    };
    expect(await difference(subject.shapes, compute, subject.numbers)).toBeLessThan(1e-5);
  });

  it('has the gradient that finite differences give', () => {
    expect(tf.tidy(() => subject.finiteDifference((tensors) => subject.score(tensors)))).toBeLessThan(0.02);
  });

  it('has the gradient of a gradient that finite differences give', () => {
    expect(tf.tidy(() => subject.finiteDifference((tensors) => subject.penalty(tensors)))).toBeLessThan(0.05);
  });

  it('survives being saved as a recipe', () => {
    const node = { id: 'a-layer', kind: kind.id, settings: example.settings };
    const read = LayerNode.parse(JSON.parse(JSON.stringify(node)));
    expect(kind.settings.parse(read.settings)).toEqual(subject.settings);
    const filledIn = { ...node, settings: subject.settings };
    expect(kind.settings.parse(LayerNode.parse(JSON.parse(JSON.stringify(filledIn))).settings)).toEqual(
      subject.settings,
    );
  });
});

const oddShapes: readonly Shape[] = [[1], [7], [1, 1, 1], [2, 2, 3], [5, 3, 2], [4, 4]];

describe.each([...layerKinds])('%s', (_id, kind) => {
  const inputs = oddShapes.flatMap((a) => [[a], ...(kind.joins ? oddShapes.map((b) => [a, b]) : [])]);

  it('takes any shape or says what is wrong and what to do', () => {
    for (const shapes of inputs) {
      try {
        const { output } = shapesOf(kind, shapes, kind.settings.parse({}), CLASSES);
        expect(
          output.every((side) => Number.isInteger(side) && side > 0),
          `${output}`,
        ).toBe(true);
      } catch (error) {
        if (!(error instanceof LayerMisfit)) throw error;
        expect(error.problem).toMatch(/^\p{Lu}.{15,}[^.]$/u);
        expect(error.fix).toMatch(/^(Add|Bring|Change|Choose|Give|Make|Name|Put|Remove|Take|Use)\b.{8,}[^.]$/);
      }
    }
  });

  it('explains itself and each of its settings in plain words', () => {
    expect(kind.title).toMatch(/^\p{Lu}/u);
    expect(kind.help).toMatch(/^\p{Lu}.{60,}\.$/u);
    const schema = (kind.settings as unknown as { readonly shape: Readonly<Record<string, SettingSchema>> }).shape;
    for (const [name, setting] of Object.entries(schema)) {
      const { title, description } = setting.meta() ?? {};
      expect(title, name).toMatch(/^\p{Lu}|^[α-ω]/u);
      expect(description, name).toMatch(/^.{15,}\.$/);
    }
  });
});

interface SettingSchema {
  readonly meta: () => { readonly title?: string; readonly description?: string } | undefined;
}
