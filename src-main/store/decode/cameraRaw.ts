/** Tags of a TIFF's directory (TIFF 6.0, section 8; DNG 1.7, chapters 4 and 5). */
const [NEW_SUBFILE_TYPE, PHOTOMETRIC, DNG_VERSION] = [254, 262, 50706];
const REDUCED = 1;
/** A sensor's values behind their colour filters, and the same made linear. */
const SENSOR_VALUES = new Set([32803, 34892]);
const ENTRY_BYTES = 12;
const SHORT = 3;

/**
 * Whether a TIFF is what a camera writes (DNG, NEF, CR2, ARW and their kin): what libvips reads of one is its first directory, mostly a small preview. Such files
 * call that a reduced picture, or say that they are a DNG or a CR2, or that they hold a sensor's values.
 */
export function isCameraRaw(bytes: Uint8Array): boolean {
  if (bytes.length < 10) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(8) === 0x4352) return true;
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return false;
  const end = directory + 2 + view.getUint16(directory, little) * ENTRY_BYTES;
  for (let at = directory + 2; at + ENTRY_BYTES <= Math.min(end, view.byteLength); at += ENTRY_BYTES) {
    const tag = view.getUint16(at, little);
    const value =
      view.getUint16(at + 2, little) === SHORT ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little);
    if (tag === DNG_VERSION || (tag === NEW_SUBFILE_TYPE && value & REDUCED)) return true;
    if (tag === PHOTOMETRIC && SENSOR_VALUES.has(value)) return true;
  }
  return false;
}
