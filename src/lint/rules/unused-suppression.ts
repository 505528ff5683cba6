import type { Rule } from '../rule.ts';

export default {
  id: 'unused-suppression',
  severity: 'warning',
  summary: 'a comment that should hide a problem, and hides none',
  why: 'A comment that outlives its problem would hide the next one of its kind, and one with a misspelt name never hid anything. The comments are `sagecfg-disable-next-line`, `sagecfg-disable-line`, `sagecfg-disable` up to `sagecfg-enable`, and `sagecfg-disable-file`, each with the rules that it is about and, after `--`, the reason. Only rules that run are judged.',
  fixable: true,
  examples: [
    {
      bad: '# sagecfg-disable-file insecure-calback -- behind the firewall\ncustomers:\n  url: /hubs/finance/customers\n',
      says: ['no rule is called "insecure-calback": did you mean "insecure-callback"?'],
      good: '# sagecfg-disable-file insecure-callback -- behind the firewall\ncustomers:\n  url: /hubs/finance/customers\n',
    },
    {
      bad: '{\n  // sagecfg-disable-nextline no-change-filter\n  "customers": { "url": "/hubs/finance/customers" }\n}\n',
      says: ['there is no comment "sagecfg-disable-nextline": did you mean "sagecfg-disable-next-line"?'],
      good: '{\n  // sagecfg-disable-next-line no-change-filter\n  "customers": { "url": "/hubs/finance/customers" }\n}\n',
    },
  ],
} satisfies Rule;
