import { fail } from '#shared/contract/errors';
import { checkRecipe } from '#shared/recipe/check';
import type { Recipe } from '#shared/recipe/recipe';
import type { ProjectDetail } from '#shared/contract/types';
import type { Client } from '../transport/client';
import type { Messages } from './messages.svelte';

/** Wait after the last edit before it is saved, milliseconds. */
const SAVE_AFTER_MS = 400;

/**
 * The open project's recipe as it is being edited: an edit shows at once and is saved a moment later. An edit that could not be saved stays on
 * screen and `unsaved` holds why, so that no work is lost.
 */
export class RecipeEditor {
  /** The edited recipe; undefined without a project. */
  draft = $state.raw<Recipe>();
  /** Shapes, parameters and problems of the edited recipe. */
  readonly checked = $derived(this.draft && checkRecipe(this.draft));
  unsaved = $state.raw<unknown>();
  readonly #client: Client;
  readonly #messages: Messages;
  readonly #isLocked: () => boolean;
  #projectId: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();

  /** While `isLocked`, a run is going on and the studio takes no other recipe. */
  constructor(client: Client, messages: Messages, isLocked: () => boolean) {
    this.#client = client;
    this.#messages = messages;
    this.#isLocked = isLocked;
  }

  get locked(): boolean {
    return this.#isLocked();
  }

  /** Takes the recipe that the studio holds, unless an edit of the same project is on its way there. */
  follow(project: ProjectDetail | undefined): void {
    const same = project?.summary.id === this.#projectId;
    if (same && this.#timer !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#projectId = project?.summary.id;
    this.draft = project?.recipe;
    this.unsaved = undefined;
  }

  /** Applies an edit, undoable under its label: “Added Dropout”. */
  edit(label: string, change: (recipe: Recipe) => Recipe): void {
    const before = this.draft;
    if (!before) return;
    if (this.locked) return this.#messages.note('Stop the run first: its recipe stays as it is.');
    const after = change(before);
    if (after === before) return;
    this.#set(after);
    this.#messages.did(label, () => {
      if (this.locked) fail('training.running');
      this.#set(before);
    });
  }

  /** Resolves when what is on screen is saved; rejects with the reason when it cannot be. */
  async flush(): Promise<void> {
    if (this.#timer !== undefined) this.#save();
    await this.#saving;
    if (this.unsaved !== undefined) throw this.unsaved;
  }

  #set(recipe: Recipe): void {
    this.draft = recipe;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), SAVE_AFTER_MS);
  }

  #save(): void {
    clearTimeout(this.#timer);
    const [recipe, projectId] = [this.draft, this.#projectId];
    if (!recipe || projectId === undefined) return;
    const timer = this.#timer;
    this.#saving = this.#client.call('recipe.set', { projectId, recipe }).then(
      () => {
        this.unsaved = undefined;
        // Only when no newer edit came meanwhile.
        if (this.#timer === timer) this.#timer = undefined;
      },
      (thrown: unknown) => {
        this.unsaved = thrown;
        this.#messages.failed(thrown);
      },
    );
  }
}
