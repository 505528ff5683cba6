import type { Rule } from '../rule.ts';

export default {
  id: 'stored-grant-code',
  severity: 'warning',
  summary: 'a grant code, which works once, in a file that is kept',
  why: 'The code that a provider hands over at login lives 60 seconds at Sage and works once. In a file it is spent before anyone reads it, so the body cannot be sent again as it is. Leave `providerData` out and write the code into the request, or log in with `sagecfg auth`, which keeps the grant that follows from it.',
  supersedes: true,
  examples: [
    {
      bad: 'element: {key: shop}\nproviderData:\n  code: GB/0123456789abcdef\nconfiguration: {}\n',
      says: [
        'the grant code in "providerData" works once and is spent by now: expected none, or a reference',
      ],
      good: 'element: {key: shop}\nproviderData:\n  code: ${env:GRANT_CODE}\nconfiguration: {}\n',
    },
  ],
  check({ providerData }) {
    const code = providerData.get('code');
    const value = typeof code?.value === 'string' ? code.value.trim() : '';
    if (code === undefined || value === '' || /^\$\{(?:env|file):[^}]+\}$/.test(value)) return [];
    return [
      {
        leaf: code,
        message:
          'the grant code in "providerData" works once and is spent by now: expected none, or a reference',
        help: 'At Sage it lives 60 seconds. Take it out of the file, and write it into the request when the login has just given it.',
      },
    ];
  },
} satisfies Rule;
