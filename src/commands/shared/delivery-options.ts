import { resolve } from 'node:path';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { readCallbackTls } from '../../runtime/callback-tls.ts';
import { defaultNotificationForm } from '../../runtime/deliver/notification-form.ts';
import type { RuntimeOptions } from '../../runtime/runtime.ts';
import { dayMs, defaultRetention } from '../../runtime/tidy-state.ts';
import type { RuntimeSettings } from '../../settings/settings.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';

const keptDays = defaultRetention.deliveredMs / dayMs;

/** How notifications are delivered and how long is known of it; each is a setting of `runtime`, too. */
export const deliveryOptions = {
  'callback-ca': {
    type: 'string',
    placeholder: 'FILE',
    description: 'Certificates (PEM) of authorities that are trusted for receivers, beside the public ones',
  },
  'callback-certificate': {
    type: 'string',
    placeholder: 'FILE',
    description: 'Certificate (PEM) that is shown to receivers that ask for one',
  },
  'callback-key': { type: 'string', placeholder: 'FILE', description: 'Its private key (PEM)' },
  'delivery-raw': {
    type: 'string',
    choices: ['own', 'page'],
    description:
      "What 'raw' of a notification holds: the records of its events (default), or all of the page",
  },
  'delivery-most-bytes': {
    type: 'number',
    placeholder: 'N',
    description: `Largest notification; what is larger is sent in parts (default ${defaultNotificationForm.mostBytes})`,
  },
  'retention-delivered-days': {
    type: 'number',
    placeholder: 'N',
    description: `How long delivered events are kept, to show and replay them (default ${keptDays})`,
  },
  'retention-attempts-days': {
    type: 'number',
    placeholder: 'N',
    description: `How long attempts to deliver are kept (default ${keptDays})`,
  },
} as const satisfies OptionDefinitions;

type DeliveryFlags = Partial<OptionValues<typeof deliveryOptions>>;
type Delivery = Pick<RuntimeOptions, 'notification' | 'retention' | 'previousKeys'> &
  Pick<RuntimeOptions['callback'], 'tls'>;

/** Flags win. Reads the certificates; throws `SagecfgError` for one that is none. */
export function deliveryFrom(
  flags: DeliveryFlags,
  { callback = {}, delivery = {}, retention = {}, signature = {} }: RuntimeSettings,
  workingDirectory: string,
): Delivery {
  const pathOf = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : resolve(workingDirectory, path);
  const raw = (flags['delivery-raw'] ?? delivery.raw) === 'page' ? 'page' : 'own';
  const mostBytes = flags['delivery-most-bytes'] ?? delivery.mostBytes ?? defaultNotificationForm.mostBytes;
  if (mostBytes < fewestBytes) {
    throw new SagecfgError('usage', `--delivery-most-bytes is ${mostBytes}: expected ${fewestBytes} or more`);
  }
  const deliveredDays = flags['retention-delivered-days'] ?? retention.deliveredDays ?? keptDays;
  const attemptsDays = flags['retention-attempts-days'] ?? retention.attemptsDays ?? keptDays;
  return {
    tls: readCallbackTls({
      ca: pathOf(flags['callback-ca'] ?? callback.ca),
      certificate: pathOf(flags['callback-certificate'] ?? callback.certificate),
      key: pathOf(flags['callback-key'] ?? callback.key),
    }),
    notification: { raw, mostBytes },
    retention: { deliveredMs: deliveredDays * dayMs, attemptsMs: attemptsDays * dayMs },
    ...(signature.previousKeys !== undefined && { previousKeys: signature.previousKeys }),
  };
}

/** An event without its record still has to fit. */
const fewestBytes = 4096;
