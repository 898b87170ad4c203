// One block of a scan after the other (ITU-T T.81, F.2.2).

/** How the blocks of a component are read and where they go: what ../channels.ts writes, field by field. */
@unmanaged
export class Channel {
  dc: Table;
  ac: Table;
  /** The last coefficient that is wanted, in the order in which they are stored. */
  last: u32;
  /** By one more than a coefficient's number: where it goes (bytes), and what it is multiplied with (float32). Long enough for a run of zeros past the last one. */
  places: usize;
  scales: usize;
  /** Samples that a block becomes in each direction: 1, 2, 4 or 8. */
  side: i32;
  /** `[…, stride]`, float32. */
  plane: usize;
  stride: i32;
  /** Blocks of the component in one of the scan's units. */
  across: i32;
  down: i32;
  /** The mean of the block before, as it is stored, and what it is multiplied with. */
  mean: i32;
  scale: f32;
}

/** A code as ../huffman.ts describes it, with `runs` behind it in memory. */
@unmanaged
export class Table {
  symbols: usize;
  runs: usize;
  ends: usize;
  values: usize;
}

/** A block's coefficients `[side, side]`, the mean first, and one number more for those that are not wanted; zero between two blocks. */
export const BLOCK: usize = memory.data(65 * 4, 16);

export const WRONG = 0;
export const VARIED = 1;
/** It has no more than its mean. */
export const FLAT = 2;
