import type { Params } from '#shared/contract/api';
import type { DatasetSummary } from '#shared/contract/types';
import { perProject } from './perProject';

type Choices = Pick<Params<'datasets.import'>, 'size' | 'channels' | 'crop' | 'background' | 'everyFrame'>;

/** How an import is to take the pictures; what is undefined is left to the studio. */
export class ImportChoices {
  size = $state<Choices['size']>();
  channels = $state<Choices['channels']>();
  crop = $state<Choices['crop']>();
  background = $state<Choices['background']>();
  everyFrame = $state<Choices['everyFrame']>();

  /** Whether anything was chosen. */
  get any(): boolean {
    return Object.values(this.of(undefined)).some((choice) => choice !== undefined);
  }

  /** Takes over what was chosen elsewhere, where it is forgotten. */
  takeFrom(others: ImportChoices): void {
    Object.assign(this, others.of(undefined));
    Object.assign(others, new ImportChoices().of(undefined));
  }

  /** As the contract takes them: pictures that are added to others become like those, but animations are taken frame by frame as one likes. */
  of(dataset: DatasetSummary | undefined): Choices {
    const { size, channels, crop, background, everyFrame } = this;
    return dataset ? { everyFrame } : { size, channels, crop, background, everyFrame };
  }
}

/** A project's choices. */
export const importChoices = perProject(() => new ImportChoices());
/** Stands for the project that the next import makes. */
export const NEW_PROJECT = 'new';
