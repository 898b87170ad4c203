// The units of a scan (T.81, A.2): blocks of all components that belong together.
import { BLOCK, Channel, VARIED, WRONG } from './blocks';
import { position, readBlock, startAt } from './codes';
import { clear, writeMean, writeSamples } from './transforms';

/** Samples are stored as what they are more than this; the mean of a block is not as far from it as that, but where a picture is damaged. */
const MIDDLE: f32 = 128;
const FAR: f32 = 144;
/** Bytes of a channel in memory. */
const CHANNEL = 48;

/**
 * Reads all units, and says whether all were there and nothing else between the markers. `ends`: where each interval between restart markers ends, in bytes (int32),
 * of `every` units each; `last`: the last eight bytes of the codes, which lie backwards and must go on, as zeros, for one unit beyond their end.
 */
export function readUnits(
  channels: usize,
  components: i32,
  units: i32,
  columns: i32,
  every: i32,
  ends: usize,
  last: usize,
): bool {
  startAt(0, last);
  // The picture before may have ended amid a block.
  clear(8);
  let interval = ends;
  for (let unit = 0; unit < units; unit++) {
    if (every > 0 && unit > 0 && unit % every === 0) {
      if (!endsAt(load<u32>(interval))) return false;
      startAt(load<u32>(interval) << 3, last);
      interval += 4;
      for (let index = 0; index < components; index++) at(channels, index).mean = 0;
    }
    const row = unit / columns;
    for (let index = 0; index < components; index++) {
      if (!readUnit(at(channels, index), row, unit - row * columns)) return false;
    }
    if (position() > load<u32>(interval) << 3) return false;
  }
  return endsAt(load<u32>(interval));
}

function at(channels: usize, index: i32): Channel {
  return changetype<Channel>(channels + index * CHANNEL);
}

/** Whether what was read ends in the last byte of an interval. */
function endsAt(end: u32): bool {
  return (position() + 7) >>> 3 === end;
}

function readUnit(channel: Channel, row: i32, column: i32): bool {
  const side = channel.side;
  const line = (channel.stride as usize) << 2;
  for (let down = 0; down < channel.down; down++) {
    for (let across = 0; across < channel.across; across++) {
      const kind = readBlock(channel);
      if (kind === WRONG) return false;
      const mean = (channel.mean as f32) * channel.scale;
      if (abs<f32>(mean) > FAR) return false;
      const below = (row * channel.down + down) * channel.stride;
      const to = channel.plane + (((below + column * channel.across + across) * side) << 2);
      if (kind === VARIED) {
        store<f32>(BLOCK, mean + MIDDLE);
        writeSamples(side, to, line);
      } else {
        writeMean(side, to, line, mean + MIDDLE);
      }
    }
  }
  return true;
}
