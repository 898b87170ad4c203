import {
  duplicateLayer,
  insertLayer,
  moveLayer,
  removeLayer,
  setLayerInputs,
  setLayerSetting,
} from '#shared/recipe/edits';
import { layerKinds } from '#shared/recipe/layerRegistry';
import type { NetworkName } from '#shared/recipe/model';
import type { RecipeEditor } from '../../app/recipeEditor.svelte';

/** The selected layer, and the edits that are made to it; each can be undone from the status line. */
export class ModelSelection {
  network = $state<NetworkName>();
  #id = $state<string>();
  readonly #editor: RecipeEditor;

  constructor(editor: RecipeEditor) {
    this.#editor = editor;
  }

  /** The selected layer as checked; undefined too when an undo took it away. */
  get layer() {
    return this.network && this.#editor.checked?.[this.network]?.layers.find(({ node }) => node.id === this.#id);
  }

  /** The layers before the selected one. */
  get earlier() {
    const layers = (this.network && this.#editor.checked?.[this.network]?.layers) ?? [];
    return layers.slice(
      0,
      Math.max(
        0,
        layers.findIndex(({ node }) => node.id === this.#id),
      ),
    );
  }

  select(network: NetworkName, id: string | undefined): void {
    this.network = network;
    this.#id = id;
  }

  clear(): void {
    this.#id = undefined;
  }

  isSelected(network: NetworkName, id: string): boolean {
    return this.network === network && this.#id === id;
  }

  /** Adds a layer at a place and selects it. */
  add(network: NetworkName, at: number, kind: string): void {
    this.#editor.edit(`Added ${titleOf(kind)}`, (recipe) => insertLayer(recipe, network, at, kind));
    this.select(network, this.#editor.draft?.[network]?.[at]?.id);
  }

  /** Selects the neighbour of the selected layer. */
  step(by: -1 | 1): void {
    const layers = this.network && this.#editor.draft?.[this.network];
    const next = layers?.[layers.findIndex(({ id }) => id === this.#id) + by];
    if (this.network && next) this.select(this.network, next.id);
  }

  move(by: -1 | 1): void {
    this.#edit('Moved', (recipe, network, id) => moveLayer(recipe, network, id, by));
  }

  duplicate(): void {
    this.#edit('Duplicated', duplicateLayer);
    if (!this.#editor.locked) this.step(1);
  }

  remove(): void {
    const { network, layer } = this;
    if (!network || !layer) return;
    const layers = this.#editor.draft?.[network] ?? [];
    const at = layers.findIndex(({ id }) => id === layer.node.id);
    // The neighbour stays in hand, so that several can be removed in a row.
    const neighbour = layers[at + 1] ?? layers[at - 1];
    this.#edit('Removed', removeLayer);
    // Still there while a run keeps the recipe as it is.
    if (this.layer) return;
    this.select(network, neighbour?.id);
  }

  set(setting: string, value: number | string | boolean, title: string): void {
    this.#edit(`Set ${title} of`, (recipe, network, id) => setLayerSetting(recipe, network, id, setting, value));
  }

  connect(inputs: readonly string[]): void {
    this.#edit('Set the input of', (recipe, network, id) => setLayerInputs(recipe, network, id, inputs));
  }

  #edit(verb: string, change: typeof removeLayer): void {
    const { network, layer } = this;
    if (!network || !layer) return;
    this.#editor.edit(`${verb} ${layer.title}`, (recipe) => change(recipe, network, layer.node.id));
  }
}

function titleOf(kind: string): string {
  return layerKinds.get(kind)?.title ?? kind;
}
