import type { Rule } from '../rule.ts';

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export default {
  id: 'insecure-callback',
  severity: 'warning',
  summary: 'a callback URL without TLS',
  why: 'Notifications carry customers, invoices and bank accounts. Over http:// everyone on the way reads and changes them. `sagecfg run` refuses such a URL unless `--allow-http` is given. Addresses of the machine itself are fine.',
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: http://app.example.com/events\n',
      says: ['"http://app.example.com/events" is not encrypted: expected https://'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/events\n',
    },
  ],
  check({ configuration }) {
    const url = configuration.get('event.notification.callback.url');
    if (typeof url?.value !== 'string' || !/^http:/i.test(url.value)) return [];
    if (URL.canParse(url.value) && loopback.test(new URL(url.value).hostname)) return [];
    return [
      {
        leaf: url,
        span: { start: 0, end: 'http:'.length },
        message: `${JSON.stringify(withoutCredentials(url.value))} is not encrypted: expected https://`,
        help: 'Whoever is on the way can read and change the events. Give the receiver a certificate, then write https://.',
      },
    ];
  },
} satisfies Rule;

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//[secret]@');
}
