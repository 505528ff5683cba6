import { secretKeys } from '../../schema/secret-keys.ts';
import type { ConfigurationLeaf, Instance } from '../../model/model.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'literal-secret',
  severity: 'warning',
  summary: 'a secret that stands in the file',
  why: 'A file is copied, mailed and committed, and its history keeps what was in it. Write a reference, `${env:NAME}` or `${file:/run/secrets/name}`: it is resolved only when it is needed and never printed. The value is masked in everything that sagecfg prints.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  oauth.api.secret: 0123456789abcdef\n',
      says: [
        '"oauth.api.secret" stands in the file as it is: expected a reference such as ${env:OAUTH_API_SECRET}',
      ],
      good: 'element: {key: shop}\nconfiguration:\n  oauth.api.secret: ${env:OAUTH_API_SECRET}\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  oauth.api.secret: xxxxxxxxxxxxxxxx\n',
      says: ['"oauth.api.secret" is masked: expected a reference such as ${env:OAUTH_API_SECRET}'],
      good: 'element: {key: shop}\nconfiguration:\n  oauth.api.secret: ${env:OAUTH_API_SECRET}\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  oauth.api.secret: "${SHOP_SECRET}"\n',
      says: [
        '"oauth.api.secret" holds what is nearly a reference: expected ${env:…} around the name of the variable',
      ],
      good: 'element: {key: shop}\nconfiguration:\n  oauth.api.secret: "${env:SHOP_SECRET}"\n',
    },
  ],
  check({ configuration, providerData, kind }) {
    const reports: RuleReport[] = [];
    for (const key of secretKeys) {
      addSecret(reports, key, configuration.get(key), kind);
      addSecret(reports, key, providerData.get(key), kind);
    }
    return reports;
  },
} satisfies Rule;

function addSecret(
  reports: RuleReport[],
  key: string,
  leaf: ConfigurationLeaf | undefined,
  kind: Instance['kind'],
): void {
  if (typeof leaf?.value !== 'string' || isReference(leaf.value)) return;
  const isMasked = /^(.)\1{3,}$/.test(leaf.value);
  // An export has its secrets masked by the platform; that is as it should be.
  if (leaf.value.trim() === '' || (isMasked && kind === 'instance-export')) return;
  reports.push(nearlyReference(key, leaf, leaf.value) ?? report(key, leaf, isMasked));
}

function isReference(value: string): boolean {
  return /^\$\{(env|file):[^}]+\}$/.test(value);
}

/** `${NAME}`, `$NAME`, `${env.NAME}` and `${evn:NAME}`, as shells and other tools have it, or hasty fingers. */
function nearlyReference(key: string, leaf: ConfigurationLeaf, value: string): RuleReport | undefined {
  const found =
    /^\$(?<open>\{)?(?<env>env[._]|(?<=\{)(?:[Ee][Nn][Vv][A-Za-z]*|evn|nev|ev|en|var)[.:_-])??[A-Z][A-Z0-9_]*(?<close>\})?$/.exec(
      value,
    )?.groups;
  if (found === undefined || (found['open'] === undefined) !== (found['close'] === undefined))
    return undefined;
  const { open = '', env = '' } = found;
  const start = 1 + open.length;
  const edits = [leaf.editOf(1, start + env.length, '{env:')];
  if (open === '') edits.push(leaf.editOf(value.length, value.length, '}'));
  return {
    leaf,
    message: `"${key}" holds what is nearly a reference: expected \${env:…} around the name of the variable`,
    help: 'Without "env:" nothing is filled in, and the text itself is sent as the secret.',
    // A dollar sign may also begin a password.
    fix: { safe: open !== '', title: 'write ${env:…}', edits },
  };
}

function report(key: string, leaf: ConfigurationLeaf, isMasked: boolean): RuleReport {
  const reference = `\${env:${key.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}}`;
  const state = isMasked ? 'is masked' : 'stands in the file as it is';
  const help = isMasked
    ? 'What is masked cannot be used. Put the real value where only the process can read it.'
    : 'Whoever has the file has the account. Put the value into the environment or a file of its own, and renew it at the provider if this file was ever shared.';
  return { leaf, message: `"${key}" ${state}: expected a reference such as ${reference}`, help };
}
