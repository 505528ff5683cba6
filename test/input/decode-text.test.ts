import { expect, it } from 'vitest';
import { decodeText } from '../../src/input/decode-text.ts';

it('keeps a byte-order mark, so that a fix keeps it', () => {
  expect(decodeText(Buffer.from('\uFEFFé'))).toEqual({ text: '\uFEFFé', findings: [] });
});

it.each([
  ['Latin-1', Buffer.from([0x61, 0xe9, 0x62]), 'byte 0xe9 at offset 1 is not UTF-8'],
  ['UTF-16', Buffer.from([0xff, 0xfe, 0x61, 0x00]), 'file is UTF-16: expected UTF-8'],
])('refuses %s', (_, bytes, message) => {
  const decoded = decodeText(bytes);
  expect(decoded.text).toBe('');
  expect(decoded.findings.map((finding) => [finding.rule, finding.message])).toEqual([
    ['invalid-encoding', message],
  ]);
});
