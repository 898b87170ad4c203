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
  ['PK\x03\x04', 'a zip archive'],
  ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'HEIC'],
  ['\xff\x0a', 'JPEG XL'],
  ['8BPS\0\x01', 'Photoshop'],
])('%j is named and refused as %s', (head, format) => {
  expect(sniff(latin1(head))).toEqual({ kind: 'refused', format });
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
