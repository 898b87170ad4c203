import type { DecoderKind } from '../../store/decode/decoder';
import { processDecoders } from '../../store/decode/processDecoder';
import { wasmThreads } from '../../store/decode/threadDecoder';
import { utilityProcesses } from './utilityProcesses';

/**
 * sharp's native build crashes under Electron on Linux, in utility processes too (its GLib meets GTK's): there its WebAssembly build runs, for which Node must be
 * told to load no native code, as only a thread can be.
 */
export function desktopDecoders(platform: NodeJS.Platform): DecoderKind {
  return platform === 'linux' ? wasmThreads : { ...processDecoders, start: utilityProcesses('Ganvas picture decoder') };
}
