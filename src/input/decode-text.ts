import { isAscii } from 'node:buffer';
import type { Finding } from '../problem/problem.ts';

export interface DecodedText {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Bytes to text. Only UTF-8 is taken; a byte-order mark stays in the text, so that a fix keeps it. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return invalid(
      'file is UTF-16: expected UTF-8',
      'Save it as UTF-8 (Windows Notepad: "Save as", encoding UTF-8).',
    );
  }
  // What nearly every file is made of is read the fastest.
  if (isAscii(bytes)) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    return { text, findings: none };
  }
  try {
    return { text: decoder.decode(bytes), findings: none };
  } catch {
    const offset = firstInvalidByte(bytes);
    return invalid(
      `byte 0x${(bytes[offset] ?? 0).toString(16)} at offset ${offset} is not UTF-8`,
      'Save the file as UTF-8; accented letters in Latin-1 are the usual cause.',
    );
  }
}

/** To make one takes as long as to decode a small file. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const none: readonly Finding[] = [];

function invalid(message: string, help: string): DecodedText {
  return {
    text: '',
    findings: [{ rule: 'invalid-encoding', message, help, range: { start: 0, end: 0 }, pointer: '' }],
  };
}

function firstInvalidByte(bytes: Uint8Array): number {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const replacement = decoded.indexOf('\uFFFD');
  return Buffer.byteLength(decoded.slice(0, replacement));
}
