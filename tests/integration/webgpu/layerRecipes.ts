import { limits } from '#shared/contract/limits';
import { shapeSize, type LayerKind, type Shape } from '#shared/recipe/layerKind';
import { Recipe, type LayerNode } from '#shared/recipe/recipe';
import { trialRecipe } from '../../../src-main/engine/trial';
import { layerExamples } from '../../reference/layerExamples';

const SIDE = limits.imageSideMin;
/** Weights that begin near zero would hide a difference. */
const SPREAD = 0.2;

/** Layers that follow each other, or take up one before. */
class Layers {
  readonly nodes: LayerNode[] = [];
  readonly #inputs = new Map<string, string>();

  /** The new layer's id. */
  add(kind: string, settings: LayerNode['settings'] = {}, inputs?: readonly string[]): string {
    const id = `${kind.toLowerCase()}-${this.nodes.length}`;
    this.nodes.push({ id, kind, settings, ...(inputs && { inputs: [...inputs] }) });
    return id;
  }

  /** Each example of the layer on inputs that learned layers make of `source`; what comes out, as vectors. */
  addExamples(kind: LayerKind, source: string): string[] {
    return (layerExamples[kind.id] ?? []).map(({ settings, inputs }) => {
      const ids = inputs.map((shape, index) => this.#input(shape, index, source));
      const spread = { ...settings, initialDeviation: SPREAD };
      this.add(kind.id, kind.settings.safeParse(spread).success ? spread : settings, ids);
      return this.add('flatten');
    });
  }

  #input(shape: Shape, index: number, source: string): string {
    const key = `${index}: ${shape.join()}`;
    const known = this.#inputs.get(key);
    if (known) return known;
    const vector = this.add('dense', { units: shapeSize(shape), initialDeviation: SPREAD }, [source]);
    const [height = 1, width = 1, channels = 1] = shape;
    const id = shape.length === 1 ? vector : this.add('reshape', { height, width, channels });
    this.#inputs.set(key, id);
    return id;
  }

  /** Vectors behind each other. */
  join(ids: readonly string[]): void {
    if (ids.length < 2) return;
    const group = this.add('concatenate', {}, ids.slice(0, limits.layerInputs));
    this.join([group, ...ids.slice(limits.layerInputs)]);
  }
}

function generatorOf(kinds: readonly LayerKind[], conditional: boolean): LayerNode[] {
  const layers = new Layers();
  const source = layers.add(conditional ? 'classEmbedding' : 'linear');
  layers.join(kinds.flatMap((kind) => layers.addExamples(kind, source)));
  layers.add('dense', { units: SIDE * SIDE, initialDeviation: SPREAD });
  layers.add('reshape', { height: SIDE, width: SIDE, channels: 1 });
  layers.add('tanh');
  return layers.nodes;
}

function discriminatorOf(kinds: readonly LayerKind[], conditional: boolean): LayerNode[] {
  const layers = new Layers();
  layers.add('averagePool', { size: 4, stride: 4 });
  layers.add('flatten');
  const source = layers.add(conditional ? 'classEmbedding' : 'linear');
  layers.join(kinds.flatMap((kind) => layers.addExamples(kind, source)));
  layers.add('dense', { units: 1, initialDeviation: SPREAD });
  return layers.nodes;
}

/** A small GAN in which kinds of layers stand side by side with every example's settings: in the generator, unless they belong into a discriminator. */
export function layersRecipe(kinds: readonly LayerKind[]): Recipe {
  const conditional = kinds.some((kind) => kind.conditional);
  const [own, others] = [true, false].map((wanted) =>
    kinds.filter(({ onlyIn }) => (onlyIn === 'discriminator') === wanted),
  );
  return Recipe.parse({
    ...trialRecipe(),
    image: { size: SIDE, channels: 1 },
    classes: conditional ? ['cup', 'bowl', 'vase'] : [],
    generator: generatorOf(others ?? [], conditional),
    discriminator: discriminatorOf(own ?? [], conditional),
  });
}
