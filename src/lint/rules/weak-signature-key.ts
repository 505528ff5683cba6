import type { Rule } from '../rule.ts';

export default {
  id: 'weak-signature-key',
  severity: 'warning',
  summary: 'a signature key that can be guessed',
  why: 'A signature is worth as much as its key is hard to guess. `12345`, which stands in the documentation of the platform, is found in no time by anyone who has seen a single notification. Use 32 random bytes, and keep them out of the file.',
  supersedes: true,
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.signature.key: "12345"\n',
      says: ['the signature key can be guessed: expected at least 16 random characters'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.signature.key: ${env:CALLBACK_SIGNATURE_KEY}\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.signature.key: qwertyqwertyqwerty\n',
      says: ['the signature key can be guessed: expected at least 16 random characters'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.signature.key: ${env:CALLBACK_SIGNATURE_KEY}\n',
    },
  ],
  check({ configuration }) {
    const key = configuration.get('event.notification.signature.key');
    const value = typeof key?.value === 'string' ? key.value.trim() : '';
    if (key === undefined || value === '' || /\$\{(?:env|file):/.test(value)) return [];
    // One repeated character is a mask: `literal-secret` says so.
    if (/^(.)\1{3,}$/.test(value) || !isWeak(value)) return [];
    return [
      {
        leaf: key,
        message: 'the signature key can be guessed: expected at least 16 random characters',
        help: 'Make one with: openssl rand -base64 32. Put it into the environment, and write ${env:NAME} here.',
      },
    ];
  },
} satisfies Rule;

const usualWords = /secret|password|passw0rd|changeme|signature|webhook|example|qwerty|12345|abcdef/i;

function isWeak(value: string): boolean {
  return value.length < 16 || new Set(value).size < 8 || usualWords.test(value);
}
