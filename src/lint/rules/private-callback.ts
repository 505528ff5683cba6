import type { Rule } from '../rule.ts';

export default {
  id: 'private-callback',
  severity: 'warning',
  summary: 'a callback URL that leads to this machine or into a private network',
  why: 'A hosted platform cannot reach `localhost`, `10.0.0.5` or `receiver.internal`: each delivery fails, after the change was already found. `sagecfg run` refuses such an address, so that a configuration cannot be used to reach what is behind the firewall, unless `runtime.callback.allow` in the settings has its range; with ranges there, this rule is off.',
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://localhost:8443/events\n',
      says: ['"localhost" is this machine: expected a public address'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/events\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://10.0.0.5/events\n',
      says: ['"10.0.0.5" is an address of a private network: expected a public one'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/events\n',
    },
  ],
  check({ configuration }) {
    const url = configuration.get('event.notification.callback.url');
    if (typeof url?.value !== 'string' || ordinary.test(url.value)) return [];
    const parsed = URL.parse(url.value);
    const what = parsed === null ? undefined : describe(parsed.hostname);
    if (parsed === null || what === undefined) return [];
    const start = url.value.toLowerCase().indexOf(parsed.hostname);
    return [
      {
        leaf: url,
        // An address may be written in other ways: `127.1`, `2130706433`.
        ...(start !== -1 && { span: { start, end: start + parsed.hostname.length } }),
        message: `"${parsed.hostname}" is ${what}`,
        help: 'A hosted platform cannot reach it, and sagecfg run refuses it, unless runtime.callback.allow in sagecfg.yaml has its range.',
      },
    ];
  },
} satisfies Rule;

/** As nearly all are: a public name, which takes no parsing. */
const ordinary = /^https:\/\/(?:[a-z0-9-]+\.)+(?!local\b|internal\b|localhost\b)[a-z]{2,}(?:[/?]|$)/;

const thisMachine = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f.*\])$/;
const privateNetwork =
  /^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)[\d.]+$|^\[f(?:[cd]|e[89ab])/;

function describe(host: string): string | undefined {
  if (thisMachine.test(host)) return 'this machine: expected a public address';
  if (privateNetwork.test(host)) return 'an address of a private network: expected a public one';
  if (/\.(?:local|internal|lan|home\.arpa)$/.test(host))
    return 'a name of a private network: expected a public one';
  return undefined;
}
