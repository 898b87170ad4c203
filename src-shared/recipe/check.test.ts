import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkRecipe } from './check';
import { layerKinds } from './layerRegistry';
import { presetRecipe, presets, proposeRecipe } from './presets';
import { parseRecipe, type LayerNode, type Recipe } from './recipe';

const dcgan32 = presetRecipe('dcgan-32', 3);

/** The recipe with one layer's settings changed. */
function withSettings(recipe: Recipe, layer: string, settings: Record<string, number | string | boolean>): Recipe {
  const change = (nodes: Recipe['generator']) =>
    nodes.map((node) => (node.id === layer ? { ...node, settings: { ...node.settings, ...settings } } : node));
  return { ...recipe, generator: change(recipe.generator), discriminator: change(recipe.discriminator) };
}

describe('presets', () => {
  it.each(presets.flatMap(({ id }) => [[id, 1] as const, [id, 3] as const]))(
    '%s with %i channels is sound',
    (id, channels) => {
      const recipe = presetRecipe(id, channels);
      expect(checkRecipe(recipe).problems).toEqual([]);
      expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    },
  );

  it('dcgan-32 has the shapes and parameter counts of DCGAN with 32 base channels', () => {
    const { generator, discriminator } = checkRecipe(dcgan32);
    expect(generator.layers.map(({ output }) => output?.join('×'))).toEqual([
      '2048', '4×4×128', '4×4×128', '4×4×128',
      '8×8×64', '8×8×64', '8×8×64',
      '16×16×32', '16×16×32', '16×16×32',
      '32×32×3', '32×32×3',
    ]); // prettier-ignore
    // 100·2048 + 2·128 + 4·4·128·64 + 2·64 + 4·4·64·32 + 2·32 + 4·4·32·3 + 3
    expect(generator.parameters).toBe(370_627);
    // 4·4·3·32 + 32 + 4·4·32·64 + 2·64 + 4·4·64·128 + 2·128 + 2048 + 1
    expect(discriminator?.parameters).toBe(167_841);
  });

  it('proposes the largest preset below a size that cannot be halved to 4×4', () => {
    expect(proposeRecipe({ size: 64, channels: 3 }).preset).toBe('studio-64');
    expect(proposeRecipe({ size: 48, channels: 1 }).preset).toBe('studio-32');
  });

  it('names what there is when asked for what there is not', () => {
    expect(() => presetRecipe('biggan-1024', 3)).toThrow(expect.objectContaining({ code: 'recipe.preset-unknown' }));
  });
});

describe('checkRecipe', () => {
  it('marks the layer whose input does not fit, and nothing behind it', () => {
    const { generator, problems } = checkRecipe(withSettings(dcgan32, 'g1-dense', { units: 2000 }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ network: 'generator', layer: 'g2-reshape' });
    expect(problems[0]?.problem).toContain('2048');
    expect(generator.layers.slice(1).every(({ output }) => output === undefined)).toBe(true);
  });

  it('marks the layer with which a network has too much to learn', () => {
    const { problems } = checkRecipe(withSettings(dcgan32, 'g1-dense', { units: 1_048_576 }));
    expect(problems[0]).toMatchObject({ network: 'generator', layer: 'g1-dense' });
    expect(problems[0]?.problem).toContain('105 million numbers to learn');
  });

  it('marks the layer whose maps are too large, however often the side is multiplied', () => {
    const grow = (index: number): LayerNode => ({
      id: `grow${index}`,
      kind: 'conv2dTranspose',
      settings: { filters: 64, kernel: 1, stride: 8 },
    });
    const discriminator = [
      ...Array.from({ length: 120 }, (_, index) => grow(index)),
      ...dcgan32.discriminator.slice(-2),
    ];
    const { problems } = checkRecipe({ ...dcgan32, discriminator });
    expect(problems[0]).toMatchObject({ network: 'discriminator', layer: 'grow1' });
    expect(problems[0]?.problem).toContain('2048 × 2048 × 64');
  });

  it('wants the generator to end with the pictures’ shape', () => {
    const { problems } = checkRecipe(withSettings(dcgan32, 'g11-conv2dtranspose', { stride: 4 }));
    expect(problems).toEqual([expect.objectContaining({ network: 'generator', layer: 'g12-tanh' })]);
    expect(problems[0]?.problem).toContain('64 × 64 × 3');
  });

  it('wants one number from the discriminator', () => {
    const last = dcgan32.discriminator.at(-1)?.id as string;
    const { problems } = checkRecipe(withSettings(dcgan32, last, { units: 2 }));
    expect(problems).toEqual([expect.objectContaining({ network: 'discriminator', layer: last })]);
  });

  it('names settings out of range, unknown layers, empty networks and names used twice', () => {
    const outOfRange = checkRecipe(withSettings(dcgan32, 'd3-conv2d', { kernel: 0 }));
    expect(outOfRange.problems[0]).toMatchObject({ layer: 'd3-conv2d', fix: 'Change this setting' });
    const unknown = checkRecipe({ ...dcgan32, generator: [{ id: 'g1', kind: 'capsule', settings: {} }] });
    expect(unknown.problems[0]?.problem).toContain('capsule');
    expect(checkRecipe({ ...dcgan32, discriminator: [] }).problems[0]?.problem).toContain('no layers');
    const [first, ...rest] = dcgan32.generator;
    const twice = checkRecipe({
      ...dcgan32,
      generator: [
        first,
        ...rest.map((node) => ({ ...node, id: node.kind === 'tanh' ? (first?.id as string) : node.id })),
      ] as Recipe['generator'],
    });
    expect(twice.problems.some(({ problem }) => problem.includes('Two layers'))).toBe(true);
  });
});

describe('networks that branch', () => {
  const node = (id: string, kind: string, settings = {}, inputs?: string[]): LayerNode =>
    inputs ? { id, kind, settings, inputs } : { id, kind, settings };
  const withTail = (...tail: LayerNode[]): Recipe => ({
    ...dcgan32,
    discriminator: [
      node('stem', 'conv2d', { filters: 8 }),
      node('inner', 'conv2d', { filters: 8, kernel: 3, stride: 1 }),
      ...tail,
      node('flat', 'flatten'),
      node('verdict', 'dense', { units: 1 }),
    ],
  });
  const problemOf = (recipe: Recipe) =>
    checkRecipe(recipe).problems.map(({ layer, problem }) => `${layer}: ${problem}`);

  it('take their inputs by name, and say which', () => {
    const recipe = withTail(
      node('sum', 'residualAdd', {}, ['inner', 'stem']),
      node('both', 'concatenate', {}, ['sum', 'stem']),
    );
    const { discriminator, problems } = checkRecipe(recipe);
    expect(problems).toEqual([]);
    expect(discriminator?.layers.map(({ sources }) => sources)).toEqual([[-1], [0], [1, 0], [2, 0], [3], [4]]);
    expect(discriminator?.layers.map(({ output }) => output?.join('×'))).toEqual([
      '16×16×8', '16×16×8', '16×16×8', '16×16×16', '4096', '1',
    ]); // prettier-ignore
    expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  });

  it.each([
    ['an unknown input', node('sum', 'residualAdd', {}, ['inner', 'nobody']), 'sum: Add: Its input “nobody” is not'],
    [
      'a later one',
      node('sum', 'residualAdd', {}, ['inner', 'flat']),
      'sum: Add: Its input “flat” does not come before',
    ],
    ['itself', node('sum', 'residualAdd', {}, ['inner', 'sum']), 'sum: Add: Its input “sum” does not come before'],
    ['one input where two are joined', node('sum', 'residualAdd'), 'sum: Add needs two inputs'],
    ['two where one is taken', node('act', 'relu', {}, ['inner', 'stem']), 'act: ReLU takes one input'],
    ['a layer that nobody takes', node('act', 'relu', {}, ['stem']), 'inner: No layer takes the output'],
  ])('are marked where there is %s', (_name, tail, problem) => {
    expect(problemOf(withTail(tail))).toEqual([expect.stringContaining(problem)]);
  });
});

describe('parseRecipe', () => {
  it('reads a recipe as it was saved before layers could name their inputs', () => {
    const saved: unknown = JSON.parse(readFileSync(new URL('fixtures/recipe-1.json', import.meta.url), 'utf8'));
    const recipe = parseRecipe(saved);
    // What came later has its default, and changes nothing that was there.
    expect(recipe).toMatchObject(saved as object);
    expect(checkRecipe(recipe).problems).toEqual([]);
  });

  it.each([
    ['not an object', 7],
    ['a newer version', { ...dcgan32, version: 2 }],
    ['an unknown key', { ...dcgan32, extra: 1 }],
    [
      'a learning rate of zero',
      {
        ...dcgan32,
        optimizers: { ...dcgan32.optimizers, generator: { ...dcgan32.optimizers.generator, learningRate: 0 } },
      },
    ],
    ['a prototype', JSON.parse('{"__proto__": {"version": 1}}')],
  ])('refuses %s', (_name, data) => {
    expect(() => parseRecipe(data)).toThrow(expect.objectContaining({ code: 'recipe.invalid' }));
  });
});

describe('layer registry', () => {
  it('holds every layer file under its own id, with defaults for each setting', () => {
    expect(layerKinds.size).toBeGreaterThanOrEqual(10);
    for (const [id, kind] of layerKinds) {
      expect(kind.id).toBe(id);
      expect(kind.help.length).toBeGreaterThan(40);
      expect(kind.settings.safeParse({}).success).toBe(true);
    }
  });
});
