import { expect, test } from 'vitest';
import { sniff } from './magic';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

test.each([
  ['\x89PNG\r\n\x1a\n', 'PNG'],
  ['\xff\xd8\xff\xe0', 'JPEG'],
  ['GIF89a', 'GIF'],
  ['BM\0\0', 'BMP'],
  ['RIFF\x10\0\0\0WEBPVP8 ', 'WebP'],
  ['II*\0', 'TIFF'],
  ['\0\0\0\x1cftypavif\0\0\0\0mif1', 'AVIF'],
  ['\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'AVIF'],
])('%j is decoded as %s', (head, format) => {
  expect(sniff(latin1(head))).toEqual({ kind: 'accepted', format });
});

test.each([
  ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'SVG'],
  ['<?xml version="1.0"?>\n<!-- x --><!DOCTYPE svg><svg/>', 'SVG'],
  ['\xef\xbb\xbf  <SVG>', 'SVG'],
  ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'HEIC'],
  ['\xff\x0a', 'JPEG XL'],
  ['8BPS\0\x01', 'Photoshop'],
])('%j is named and refused as %s', (head, format) => {
  expect(sniff(latin1(head))).toEqual({ kind: 'refused', format });
});

test.each([
  ['PK\x03\x04', 'a zip archive under another name'],
  ['\x1f\x8b\x08', 'a gzip archive under another name'],
  ['7z\xbc\xaf\x27\x1c\0\x04', 'a 7z archive'],
  ['Rar!\x1a\x07\x01\0', 'a RAR archive'],
  ['BZh91AY&SY', 'a bzip2 archive'],
  ['\xfd7zXZ\0\0\x04', 'an xz archive'],
  ['\x28\xb5\x2f\xfd\x24', 'a Zstandard archive'],
  [`${'a.png'.padEnd(257, '\0')}ustar\x0000`, 'a tar archive under another name'],
])('%j is an archive that is not opened, %s', (head, format) => {
  expect(sniff(latin1(head))).toEqual({ kind: 'archive', format });
});

/** The first directory of a TIFF whose entries are 32 bits each, or 16 for type 3; other bytes lie before it. */
function tiff(entries: readonly (readonly [tag: number, type: number, value: number])[], little = true): Uint8Array {
  const at = 100;
  const view = new DataView(new ArrayBuffer(at + 2 + 12 * entries.length));
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, at, little);
  view.setUint16(at, entries.length, little);
  for (const [index, [tag, type, value]] of entries.entries()) {
    const entry = at + 2 + 12 * index;
    view.setUint16(entry, tag, little);
    view.setUint16(entry + 2, type, little);
    view.setUint32(entry + 4, 1, little);
    if (type === 3) view.setUint16(entry + 8, value, little);
    else view.setUint32(entry + 8, value, little);
  }
  return new Uint8Array(view.buffer);
}

const RAW = { kind: 'refused', format: 'camera raw, which must be developed first,' };

test.each([
  [
    'a first picture that is a preview',
    tiff([
      [254, 4, 1],
      [256, 4, 160],
    ]),
  ],
  ['the same, big-endian, in 16 bits', tiff([[254, 3, 1]], false)],
  [
    'the version of a DNG',
    tiff([
      [254, 4, 0],
      [50706, 1, 0x401],
    ]),
  ],
  ['a sensor’s values', tiff([[262, 3, 32803]], false)],
  ['a CR2’s mark', latin1('II*\0\x10\0\0\0CR\x02\0')],
  ['an ORF’s beginning', latin1('IIRO\x08\0\0\0')],
  ['a RAF’s beginning', latin1('FUJIFILMCCD-RAW 0201')],
  ['the brand of a CR3', latin1('\0\0\0\x18ftypcrx \0\0\0\x01crx isom')],
])('%s is of a camera’s raw file, not of a picture to train on', (_, bytes) => {
  expect(sniff(bytes)).toEqual(RAW);
});

test.each([
  [
    'a whole picture',
    tiff([
      [254, 4, 0],
      [262, 3, 2],
    ]),
  ],
  ['a page of several', tiff([[254, 4, 2]], false)],
  ['a directory beyond the end', tiff([[254, 4, 1]]).subarray(0, 90)],
  [
    'a directory that is cut',
    tiff([
      [256, 4, 9],
      [254, 4, 1],
    ]).subarray(0, 116),
  ],
])('%s is of a TIFF', (_, bytes) => {
  expect(sniff(bytes)).toEqual({ kind: 'accepted', format: 'TIFF' });
});

test.each([
  ['\0\0\0\x1cftypmp42\0\0\0\0isom', 'MP4'],
  ['\0\0\0\x1cftypM4V \0\0\0\0M4V isom', 'MP4'],
  ['\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'QuickTime'],
  ['\x1a\x45\xdf\xa3', 'Matroska or WebM'],
  ['RIFF\x10\0\0\0AVI LIST', 'AVI'],
])('%j is a video, %s', (head, format) => {
  expect(sniff(latin1(head))).toEqual({ kind: 'video', format });
});

test.each(['', 'hello', '%PDF-1.7', 'MZ', 'RIFF\0\0\0\0WAVE', '#!/bin/sh'])('%j is no picture', (head) => {
  expect(sniff(latin1(head))).toBeUndefined();
});
