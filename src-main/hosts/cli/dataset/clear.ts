import { fail } from '#shared/contract/errors';
import { idOf, missing, type Call, type Said } from './call';

export async function clear(call: Call): Promise<Said> {
  const { images } = call.project.dataset ?? fail('dataset.empty');
  if (!call.options.yes) missing('--yes', `all ${images} pictures would be taken out of the project`);
  await call.studio.call('datasets.clear', { projectId: idOf(call) }, 'host');
  const words = `${images} pictures cleared. Until others are imported, “restore” brings them back`;
  return { result: { cleared: images }, words };
}

export async function restore(call: Call): Promise<Said> {
  const { dataset } = await call.studio.call('datasets.undoClear', { projectId: idOf(call) }, 'host');
  const restored = dataset?.images ?? 0;
  return { result: { restored }, words: `${restored} pictures are back` };
}
